"""From any library to any other: as many runs as a few minutes allow.

`python -m tests.laws.long_run` goes on from here.
"""

from __future__ import annotations

import os
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws import journey, long_run

SECONDS = float(os.environ.get("STASHSYNC_LAW_SECONDS", "5"))
"""How long the seeded run lasts; CI gives it a minute."""


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**48), st.integers(1, 12))
def test_every_operation_is_accepted_and_the_next_plan_is_empty(seed: int, size: int) -> None:
    """After each operation names are unique, the hierarchy has no cycle, and nothing is lost."""
    journey.go(seed, size)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**48))
def test_in_documents_it_ends_in_the_same_library(seed: int) -> None:
    """Over HTTP, batched, coalesced."""
    journey.go_in_batches(seed)


def test_a_seeded_run_finds_nothing() -> None:
    """The same seeds each time, as many as there is time for."""
    end = time.monotonic() + SECONDS
    seed = 0
    while time.monotonic() < end:
        long_run.run_once(seed)
        seed += 1


def test_a_run_is_decided_by_its_number() -> None:
    """The same seed gives the same run, so that a failure can be repeated."""
    for seed in range(20):
        assert journey.go(seed) == journey.go(seed)
