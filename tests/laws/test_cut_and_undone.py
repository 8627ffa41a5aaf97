"""Random runs that are cut short are taken back, as time allows.

`python -m tests.laws.long_run --law cut` goes on from here.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.laws import cut_and_undone
from tests.laws.test_law import SECONDS

FAILED_ONCE = (20, 83, 122, 644, 661, 2562, 2962, 3329, 5248, 6722, 52551, 72726)
"""Names that stepped aside before a delete, operations that were sent and did not happen, children
of what was merged, updates before a merge that did not happen, references by two merges."""


def test_a_seeded_run_of_runs_cut_short_finds_nothing(tmp_path: Path) -> None:
    """The same seeds each time, as many as there is time for: half of what the other law has."""
    end, seed = time.monotonic() + SECONDS / 2, 0
    while time.monotonic() < end:
        cut_and_undone.go(seed, root=tmp_path)
        seed += 1
    assert seed


@pytest.mark.parametrize("seed", FAILED_ONCE)
def test_seeds_that_failed_once_hold(seed: int, tmp_path: Path) -> None:
    """Each seed once showed a fault, which must not come back."""
    cut_and_undone.go(seed, root=tmp_path)
