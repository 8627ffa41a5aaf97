"""Items without an object on the server follow renames and deletions of what they refer to."""

from __future__ import annotations

import pytest

from stashsync.planner import Policy
from tests.pull.desk import Desk
from tests.pull.test_splicing import begin

PEOPLE = """\
performers:
  - {name: Ada, tags: [A, B]}
"""
NEW = """\
  - name: New
    tags:
      # first
      - A  # a
      - B
  - {name: Else, tags: {add: [A], remove: [B]}}
"""


@pytest.mark.parametrize("tags", ["tags: [A, B]\n", "tags: [C]\n"])
def test_what_was_deleted_is_taken_out_of_new_items(desk: Desk, tags: str) -> None:
    """A deleted tag leaves the lists of new items; otherwise the next plan would fail."""
    for name in ("A", "B") if "C" in tags else ():
        desk.create("tag", name=name)
    begin(desk, tags + PEOPLE)
    desk.write(desk.read() + NEW)
    desk.delete("tag", "A")
    assert not desk.pull().manual_steps
    assert desk.read() == (tags.replace("[A, B]", "[B]") + PEOPLE + NEW).replace(
        "[A, B]", "[B]"
    ).replace("      # first\n      - A  # a\n", "").replace("[A]", "[]")
    assert {change.label for change in desk.plan().changes} == {"New", "Else"}
    assert not desk.pull().files


@pytest.mark.parametrize("tags", ["tags: [A, B]\n", "tags: [C]\n"])
def test_what_was_renamed_is_renamed_in_new_items(desk: Desk, tags: str) -> None:
    """A renamed tag is renamed in the lists of new items, with its comments."""
    for name in ("A", "B") if "C" in tags else ():
        desk.create("tag", name=name)
    begin(desk, tags + PEOPLE)
    desk.write(desk.read() + NEW)
    desk.edit("tag", "A", name="D")
    assert not desk.pull().manual_steps
    found = desk.read()
    assert "      # first\n      - D  # a\n      - B\n" in found
    assert "{add: [D], remove: [B]}" in found
    assert {change.label for change in desk.plan().changes} == {"New", "Else"}
    assert not desk.pull().files


def test_items_outside_of_the_scope_follow(desk: Desk) -> None:
    """A pull of tags alone edits references in other kinds, so that the manifests stay valid."""
    begin(desk, "tags: [A, B]\n" + PEOPLE)
    desk.delete("tag", "A")
    desk.edit("tag", "B", name="C")
    desk.pull(policy=Policy(only=(("tag", "*"),)))
    assert desk.read() == "tags: [C]\n" + PEOPLE.replace("[A, B]", "[C]")


def test_a_removal_that_is_declined_takes_nothing_out(desk: Desk) -> None:
    """The tag stays in the manifests, and so do the references to it."""
    begin(desk, "tags:\n  - {name: A, description: old}\n  - B\n" + PEOPLE)
    desk.write(desk.read().replace("old", "new") + NEW)
    desk.delete("tag", "A")
    desk.pull(choose=lambda _: False)
    assert desk.read().endswith(NEW)


GROUPS = """\
groups:
  - name: Walk
    sub_groups: [Swim (2020), {group: Run, description: hey}]
  - name: Day
    sub_groups: {add: [{group: Swim (2021), description: x}, Walk]}
  - {name: Swim, date: '2020'}
  - {name: Swim, date: '2021'}
  - Run
"""


def test_the_members_of_groups_follow_names_and_dates(desk: Desk) -> None:
    """A renamed or redated group is renamed in its place, and its description stays."""
    begin(desk, GROUPS)
    desk.edit("group", "Run", name="Jog", date="2001")
    desk.edit("group", "Walk", name="Hike")
    desk.edit("group", "Swim", date="2022")  # the later one
    assert not desk.pull().manual_steps
    wanted = GROUPS.replace("Run", "Jog").replace("Walk", "Hike")
    assert desk.read() == wanted.replace("'2021'", "2022").replace("2021", "2022")
    assert not desk.plan().changes
    assert not desk.pull().files
