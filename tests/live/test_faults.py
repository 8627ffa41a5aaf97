"""Whole runs with a fault at one document, on a real server behind a proxy on the loopback.

    STASHSYNC_FAULT_RUNS=500 pytest tests/live/test_faults.py --stash-url http://localhost:9999

The server keeps the library's mark in its configuration; all objects are destroyed afterwards.
"""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterator

import pytest

from stashsync.sandbox import running
from tests.support.fault_runs import MISHAPS, Content, Ground, mishap_of, numbers
from tests.support.proxy import Proxy, Upstream
from tests.support.real import server_of

SIZES = (2, 1, 3, 50)
"""The most operations in a document: another one after each round of all mishaps."""


@pytest.fixture(scope="module")
def ground(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    server = server_of(request.config)
    proxy = Proxy(Upstream(server.url), seconds=5.0)
    key = server.api_key.value if server.api_key else ""
    with pytest.MonkeyPatch.context() as patch, running(proxy) as url:
        for name in [name for name in os.environ if name.startswith("STASH")]:
            patch.delenv(name)
        if key:
            patch.setenv("STASH_API_KEY", key)
        prefix = f"stashsync {uuid.uuid4().hex[:8]} "
        ground = Ground(tmp_path_factory.mktemp("project"), server.url, proxy, url, prefix, 4, key)
        try:
            yield ground
        finally:
            ground.clear()


@pytest.fixture(scope="module")
def wholes(ground: Ground) -> dict[int, tuple[Content, int]]:
    """Return what a run without a fault leaves, and the number of its documents, by size."""
    return {size: ground.expected(size) for size in SIZES}


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("number", numbers())
def test_a_run_on_a_real_server_is_accounted_for_and_finished(
    number: int, ground: Ground, wholes: dict[int, tuple[Content, int]]
) -> None:
    """The report is right; afterwards library and plan are as wanted, aliases included."""
    size = SIZES[number // len(MISHAPS) % len(SIZES)]
    expected, documents = wholes[size]
    mishap, place = mishap_of(number, documents)
    ground.fault_run(mishap, place, size, expected)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("number", numbers())
def test_a_run_on_a_real_server_is_taken_back(
    number: int, ground: Ground, wholes: dict[int, tuple[Content, int]]
) -> None:
    """The library is as before it, whatever was cut short."""
    size = SIZES[number // len(MISHAPS) % len(SIZES)]
    expected, documents = wholes[size]
    mishap, place = mishap_of(number, documents)
    ground.undone_run(mishap, place, size, expected)
