"""The texts that specify the client library, which are not part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("STASHSYNC_SHARED") or Path(__file__).parents[2] / "shared")
"""A folder beside the repository; `STASHSYNC_SHARED` names another one."""


def text(name: str) -> str:
    """Read a text; skip the calling test (or module, at import) where it is absent."""
    path = SHARED / "spec" / f"{name}.txt"
    if not path.exists():
        pytest.skip(f"needs the text {name}", allow_module_level=True)
    return path.read_text("utf-8")
