"""Where the optional folder of recorded facts lies; tests that need it skip where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("STASHSYNC_SHARED") or Path(__file__).parents[2] / "shared")


def shared(relative: str) -> Path:
    """The path of `relative` below the shared folder.

    Skips the calling test (or module, at import) where the folder is not there.
    """
    path = SHARED / relative
    if not path.exists():
        pytest.skip(f"needs {relative} of the shared folder", allow_module_level=True)
    return path
