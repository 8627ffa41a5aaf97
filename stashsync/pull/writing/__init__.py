"""Observed objects to YAML text: whole new files, and changes spliced into files that exist.

observed state ──▶ items ──▶ text of new files (scalars, blocks)
text of a file ──▶ nodes with their extents (manifest.nodes, outline) ──▶ edits (splice) ──▶ text
"""
