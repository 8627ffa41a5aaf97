"""Random runs are taken back on a real server, at once and in two goes.

    STASHSYNC_LAW_RUNS=400 pytest tests/live/test_laws.py --stash-url http://localhost:9999

The server has to be empty, as the runs delete whatever they do not declare.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stashsync.sandbox import Sandbox, running
from tests.laws import two_goes, undoing
from tests.laws.journey import case_of
from tests.support.real import Server, server_of
from tests.support.remote_library import RemoteServer

SEEDS = range(int(os.environ.get("STASHSYNC_LAW_RUNS", "4")))
RELEASE = "0.30.1"
"""Libraries have what servers since this release have."""


@pytest.fixture(scope="module", params=["sandbox", "server"])
def ground(request: pytest.FixtureRequest) -> Iterator[tuple[Any, Server]]:
    """Provide a sandbox on a port, and a real server, as laws look into them."""
    if request.param == "sandbox":
        with Sandbox(release=RELEASE) as sandbox, running(sandbox) as url:
            yield from _ground(Server(url, None))
    else:
        yield from _ground(server_of(request.config))


def _ground(server: Server) -> Iterator[tuple[Any, Server]]:
    remote = RemoteServer(server)
    try:
        if not remote.is_empty():
            pytest.skip("needs an empty server")
        yield remote, server
    finally:
        remote.library.close()


@pytest.fixture
def empty(ground: tuple[Any, Server]) -> Iterator[tuple[Any, Server]]:
    """Leave the server empty."""
    yield ground
    ground[0].clear()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_run_is_taken_back(seed: int, empty: tuple[Any, Server], tmp_path: Path) -> None:
    """The library is the one before, or the plan lists what differs."""
    remote, server = empty
    case = case_of(seed, release=RELEASE)
    asyncio.run(undoing.taken_back(case, remote, server.transport(), tmp_path))


@pytest.mark.parametrize("seed", [each for each in SEEDS if each % 10 not in two_goes.CUT_SHORT])
def test_a_random_run_is_taken_back_in_two_goes(
    seed: int, empty: tuple[Any, Server], tmp_path: Path
) -> None:
    """What was in the way of the first undo is gone at the second."""
    remote, server = empty
    case = case_of(seed, release=RELEASE)
    asyncio.run(two_goes.in_two_goes(case, remote, server.transport(), tmp_path))
