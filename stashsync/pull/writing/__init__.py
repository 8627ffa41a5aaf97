"""Desired state to YAML text: whole new files, and changes spliced into files that exist.

observed state ──▶ items (forms, export) ──▶ text of new files (scalars, blocks)
text of a file ──▶ nodes with their extents (nodes, outline) ──▶ edits (splice) ──▶ text
"""
