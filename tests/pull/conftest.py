"""Fixtures of the tests of pull."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stashsync.sandbox import Sandbox
from tests.pull.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give an empty project beside an empty server."""
    with Sandbox() as server:
        yield Desk(tmp_path, server)
