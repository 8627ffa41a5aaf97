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


TWINS = """\
groups:
  - Swim
  - {name: Swim, date: '2019'}
  - name: Run
    sub_groups: [Swim, Swim (2019)]  # both
"""


def test_a_name_alone_means_the_group_without_a_date(desk: Desk) -> None:
    """A dated group is renamed on the server; references to the one without a date stay."""
    begin(desk, TWINS)
    desk.server.library.mutate("groupUpdate", {"input": {"id": "2", "name": "Dive"}})
    assert not desk.pull().manual_steps
    assert desk.read() == TWINS.replace("{name: Swim", "{name: Dive").replace(
        "Swim (2019)", "Dive (2019)"
    )
    assert not desk.plan().changes
    assert not desk.pull().files


PEERS = """\
performers:
  - {name: Ada, disambiguation: Chef}
  - {name: Eve, disambiguation: Pilot}
  - Bob
groups:
  - {name: Swim, date: '2019'}
  - {name: Walk, date: '2018'}
"""
FILTERS = """\
saved_filters:
  - name: Mine
    mode: SCENES
    object_filter:
      performers: [Ada (Chef), Eve, Bob]  # who
      groups: [Swim, Walk (2018)]
"""


@pytest.mark.parametrize("new", [False, True])
def test_filters_follow_what_tells_objects_apart(desk: Desk, new: bool) -> None:
    """A changed disambiguation or date is followed in a filter, one of the manifests alone too."""
    begin(desk, PEERS if new else PEERS + FILTERS)
    if new:
        desk.write(PEERS + FILTERS)
    desk.edit("performer", "Ada", disambiguation="Cook")
    desk.edit("group", "Walk", date="2020")
    assert not desk.pull().manual_steps
    found = desk.read()
    assert "      performers: [Ada (Cook), Eve, Bob]  # who\n" in found
    assert "      groups: [Swim, Walk (2020)]\n" in found
    assert len(desk.plan().changes) == new
    assert not desk.pull().files


def test_names_that_become_alike_are_written_in_full(desk: Desk) -> None:
    """A rename on the server gives two objects one name: filters and groups name them in full."""
    text = (
        PEERS + "  - {name: Run, sub_groups: [Swim, {group: Walk, description: hey}]}\n" + FILTERS
    )
    begin(desk, text)
    desk.edit("performer", "Ada", name="Eve")
    desk.edit("group", "Swim", name="Walk")
    assert not desk.pull().manual_steps
    found = desk.read()
    assert "performers: [Eve (Chef), Eve (Pilot), Bob]  # who\n" in found
    assert "groups: [Walk (2019), Walk (2018)]\n" in found
    assert "[Walk (2019), {group: Walk (2018), description: hey}]" in found
    assert not desk.plan().changes
    assert not desk.pull().files
