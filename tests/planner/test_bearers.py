"""Which objects a run keeps as bearers of what it removes."""

from __future__ import annotations

import pytest

from stashsync.planner import Delete
from stashsync.planner.bearers import MOST_BEARERS, bearers_are_kept


@pytest.mark.parametrize(
    ("impact", "kept"),
    [
        ({"scene": MOST_BEARERS}, True),
        ({"scene": MOST_BEARERS, "child": 1}, False),
        ({"scene_marker": MOST_BEARERS + 1}, False),
        ({"descendant": MOST_BEARERS + 1}, True),
    ],
)
def test_bearers_of_a_tag_are_kept_up_to_a_limit(impact: dict[str, int], kept: bool) -> None:
    """Whatever refers to the tag counts, children too; other counts of the server do not."""
    assert bearers_are_kept(Delete("tag", "1", "Travel", impact=impact)) is kept
