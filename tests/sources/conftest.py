"""A folder for every test of sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Make a project without manifests."""
    return Bench(tmp_path)
