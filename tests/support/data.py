"""The recorded data in `tests/data`; its README describes the files."""

from __future__ import annotations

import gzip
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"


def unpacked(relative: str) -> bytes:
    """Return the content of a compressed file below `tests/data`."""
    return gzip.decompress((DATA / f"{relative}.gz").read_bytes())
