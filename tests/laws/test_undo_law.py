"""Undo of random runs, as time allows; edits of other clients stay.

`python -m tests.laws.long_run --law undone` goes on from here.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.laws import undoing
from tests.laws.test_law import SECONDS

FAILED_ONCE = (12, 47, 984, 1025, 1673, 2029, 2043, 3439)
"""Seeds that found faults: merges before deletes, names with white space at their ends."""
IN_A_FOLDER = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@IN_A_FOLDER
@given(st.integers(0, 2**48), st.integers(1, 10))
def test_undo_gives_the_library_before_or_reports_what_it_cannot(
    tmp_path: Path, seed: int, size: int
) -> None:
    """Undo of the undo gives that after it, and so on; edits of another client in between stay."""
    undoing.go(seed, size, root=tmp_path)


@pytest.mark.parametrize("seed", FAILED_ONCE)
def test_seeds_that_failed_once_hold(seed: int, tmp_path: Path) -> None:
    """Each seed once showed a fault, which must not come back."""
    undoing.go(seed, root=tmp_path)


def test_a_seeded_run_of_undo_finds_nothing(tmp_path: Path) -> None:
    """The same seeds each time."""
    end, seed = time.monotonic() + SECONDS, 0
    while time.monotonic() < end:
        undoing.go(seed, root=tmp_path)
        seed += 1
    assert seed
