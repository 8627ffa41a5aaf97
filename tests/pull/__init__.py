"""Tests of `pull` and `fmt`: exporting, comparing and editing manifests."""
