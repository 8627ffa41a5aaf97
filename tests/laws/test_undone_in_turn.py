"""Random runs are taken back, and so are their undoes, in turn, as time allows.

`python -m tests.laws.long_run --law turns` goes on from here.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.laws import undone_in_turn
from tests.laws.test_law import SECONDS

FAILED_ONCE = (1091, 3008, 3009, 3133, 7149, 9133, 95372)
"""Lists that were without what an undo had deleted, which was there again, names that a redo gave
back as an undo had given them for a moment, and aliases given up before a redo."""


def test_a_seeded_run_of_runs_taken_back_in_turn_finds_nothing(tmp_path: Path) -> None:
    """The same seeds each time, as many as there is time for: half of what the first law has."""
    end, seed = time.monotonic() + SECONDS / 2, 0
    while time.monotonic() < end:
        undone_in_turn.go(seed, root=tmp_path)
        seed += 1
    assert seed


@pytest.mark.parametrize("seed", FAILED_ONCE)
def test_seeds_that_failed_once_hold(seed: int, tmp_path: Path) -> None:
    """Each seed once showed a fault, which must not come back."""
    undone_in_turn.go(seed, root=tmp_path)
