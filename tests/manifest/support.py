"""Helpers of the tests of manifests."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from stashsync.errors import Problem
from stashsync.manifest import Desired, load


def write_project(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write manifests, given by their path below `manifests/`; return `root`."""
    for name, content in files.items():
        path = root / "manifests" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def load_text(root: Path, text: str) -> Desired:
    """Load a project that has one manifest."""
    return load(write_project(root, {"all.yaml": text}))


def rendered(problems: Iterable[Problem]) -> str:
    """Return problems as text: place and message, the line with a caret, hint, other places."""
    lines: list[str] = []
    for problem in problems:
        lines.append(f"{problem.mark}: {problem.message}")
        if problem.excerpt is not None and problem.mark is not None:
            excerpt, column = problem.excerpt, problem.mark.column
            lines.append(f"    {printable(excerpt[:120])}")
            if column <= 120:
                lines.append(f"    {' ' * (column - 1)}^")
        if problem.hint:
            lines.append(f"  {problem.hint}")
        lines += [f"  {mark}: {about}" for mark, about in problem.related]
    return "\n".join(lines) + "\n"


def printable(text: str) -> str:
    """Replace characters that would act on a terminal."""
    return "".join("?" if unicodedata.category(char) in ("Cc", "Zl") else char for char in text)
