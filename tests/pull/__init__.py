"""Pull: exporting, comparing, splicing."""
