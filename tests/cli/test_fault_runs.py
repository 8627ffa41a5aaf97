"""Whole runs of `apply` with a fault at one document: a sample of all of them, on a sandbox.

STASHSYNC_FAULT_RUNS=300 pytest tests/cli/test_fault_runs.py      that many, chosen by number
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from stashsync.sandbox import Sandbox, running
from tests.support.fault_runs import Content, Ground, mishap_of, numbers
from tests.support.proxy import Proxy

MAX_BATCH = 2


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with pytest.MonkeyPatch.context() as patch, Sandbox() as server, running(server) as url:
        for name in [name for name in os.environ if name.startswith("STASH")]:
            patch.delenv(name)
        proxy = Proxy(server.app, seconds=2.0)
        with running(proxy) as proxy_url:
            root = tmp_path_factory.mktemp("project")
            yield Ground(root, url, proxy, proxy_url, "stashsync 1 ", seconds=1)


@pytest.fixture(scope="module")
def whole(ground: Ground) -> tuple[Content, int]:
    """Return what a run without a fault leaves, and the number of its documents."""
    expected, documents = ground.expected(MAX_BATCH)
    assert expected["studio"] == [
        {"name": "North", "aliases": ["First", "Nord", "Nordic", "Norte"]}
    ]
    return expected, documents


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", numbers())
def test_a_run_with_a_fault_is_accounted_for_and_finished(
    number: int, ground: Ground, whole: tuple[Content, int]
) -> None:
    """The report is right; afterwards library and plan are as wanted, aliases included."""
    expected, documents = whole
    mishap, place = mishap_of(number, documents)
    ground.fault_run(mishap, place, MAX_BATCH, expected)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", numbers())
def test_a_run_with_a_fault_is_taken_back(
    number: int, ground: Ground, whole: tuple[Content, int]
) -> None:
    """The library is as before it, whatever was cut short."""
    expected, documents = whole
    mishap, place = mishap_of(number, documents)
    ground.undone_run(mishap, place, MAX_BATCH, expected)
