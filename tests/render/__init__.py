"""Tests of every output format, for plans, runs and problems."""
