"""Fixtures of the tests of the sandbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stashsync.sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as server:
        yield server
