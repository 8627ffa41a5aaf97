"""What reconciling warns of beside the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from stashsync.engine.warnings import Undone
from stashsync.errors import Mark
from stashsync.planner.changes import FieldChange, Matched, Update


@pytest.mark.parametrize(
    ("hooks", "hint"),
    [
        ({"Tag.Update.Post": ["Tagger", "Namer", "Tagger"]},
         '"Namer" and "Tagger" listens to Tag.Update.Post'),
        ({"Tag.Create.Post": ["Tagger"]}, "no plugin listens to Tag.Update.Post"),
        (None, None),
    ],
    ids=["some", "none", "unknown"],
)  # fmt: skip
def test_plugins_that_may_undo_a_change_are_named(
    hooks: Mapping[str, Sequence[str]] | None, hint: str | None
) -> None:
    """They are the first suspects; a server may not list them."""
    mark = Mark("tags.yaml", 1, 3)
    changes = {"description": FieldChange("theirs", "ours")}
    warning = Undone(Update("tag", "1", "A", changes, mark, Matched.KEY), "description", 3).warning(
        hooks
    )
    assert (
        "its description was changed on the server after each of the last 3 applies"
        in warning.message
    )
    assert (warning.hint, warning.mark) == (hint, mark)
