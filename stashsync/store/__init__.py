"""Remembering: what was read, by identity, and how to ask for more."""
