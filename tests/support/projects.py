"""Manifests are written to a folder, every text exactly as given.

This writer is independent of the package's own, and writes only double-quoted YAML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def quoted(text: str) -> str:
    """Return a text as a double-quoted scalar, with escapes for what YAML forbids raw."""
    return '"' + "".join(_ESCAPES.get(char) or _shown(char) for char in text) + '"'


def _shown(char: str) -> str:
    code = ord(char)
    if char.isprintable() and code not in (0x85, 0xA0, 0xFEFF, 0x2028, 0x2029):
        return char
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def flow(value: Any) -> str:
    """Return a plain value as YAML on one line."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(flow(item) for item in value) + "]"


def text_of(content: Mapping[str, Iterable[Mapping[str, Any]]]) -> str:
    """Return sections of items as a manifest, with one key per line."""
    lines = []
    for section, items in content.items():
        lines.append(f"{section}:")
        for item in items:
            start = "  - "
            for key, value in item.items():
                lines.append(f"{start}{key}: {flow(value)}")
                start = "    "
    return "\n".join(lines) + "\n"


def write_project(
    root: Path, *files: Mapping[str, Iterable[Mapping[str, Any]]], names: Iterable[str] = ()
) -> Path:
    """Write a project with these manifests: 0.yaml, 1.yaml …, or as in `names`."""
    folder = root / "manifests"
    folder.mkdir(parents=True, exist_ok=True)
    chosen = list(names) or [f"{number}.yaml" for number in range(len(files))]
    for name, content in zip(chosen, files, strict=True):
        (folder / name).write_text(text_of(content), "utf-8")
    return root
