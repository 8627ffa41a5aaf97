"""What both sides changed is asked once, and nothing else is."""

from __future__ import annotations

import pytest

from stashsync.pull.differences import Difference
from tests.pull.desk import Desk
from tests.pull.test_splicing import begin


@pytest.mark.parametrize("theirs", [False, True])
def test_a_conflict_of_what_is_renamed_is_asked_once(desk: Desk, theirs: bool) -> None:
    """The answer counts for the object, whatever it is called in what is written."""
    text = "tags:\n  - name: A\n    description: {}\n"
    begin(desk, text.format("old"))
    desk.write(text.format("mine"))
    desk.edit("tag", "A", name="B", description="theirs")
    asked: list[Difference] = []

    def choose(difference: Difference) -> bool:
        asked.append(difference)
        return theirs

    assert not desk.pull(choose=choose).manual_steps
    assert len(asked) == 1
    assert desk.read() == text.format("theirs" if theirs else "mine").replace("A", "B")


def test_a_text_that_reads_wrong_is_no_conflict(desk: Desk) -> None:
    """It is neither what the manifests had nor what the server has: a manual step, not a question.

    A file without a final line break stays so, and then a block at its end cannot have one either.
    """
    text = (
        "tags:\n  - name: B\n    favorite: false\n"
        "performers:\n  - name: A\n    custom_fields:\n      note: |\n        old"
    )
    begin(desk, text)
    desk.edit("performer", "A", custom_fields={"partial": {"note": "new\n"}})
    desk.edit("tag", "B", favorite=True)
    found = desk.pull()
    assert ["did not read as meant" in step.message for step in found.manual_steps] == [True]
    assert desk.read() == text.replace("false", "true")
