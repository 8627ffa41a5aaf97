"""Members of groups, each with a description: changed one by one, in their order."""

from __future__ import annotations

import pytest

from tests.pull.desk import Desk
from tests.pull.test_splicing import begin, pulled

TEXT = """\
groups:
- name: Walks   # w
  sub_groups:   # all
   # above swim
   - {group: Swim, description: a day out}   # swim
   # above run
   - Run    # run
   - group: Jump   # jump
     description: high   # high
   # below
- name: Two
  sub_groups: [Swim, {group: Run, description: x},   # run
     Jump]
- {name: Three, sub_groups: {add: [Run, Swim], remove: [Jump]}}
- Swim
- Run
- Jump
- Other
"""
SWIM = "   # above swim\n   - {group: Swim, description: a day out}   # swim\n"
RUN = "   # above run\n   - Run    # run\n"


def contain(desk: Desk, name: str, *members: tuple[str, str | None]) -> None:
    """Give a group other members on the server, with descriptions."""
    ids = desk.ids("group")
    given = [{"group_id": ids[member], "description": text} for member, text in members]
    desk.edit("group", name, sub_groups=given)


def test_a_deleted_group_leaves_those_that_contain_it(desk: Desk) -> None:
    """It takes its own comments along, and is no change of the manifests."""
    begin(desk, TEXT)
    desk.delete("group", "Swim")
    assert pulled(desk) == (
        TEXT.replace(SWIM, "")
        .replace("[Swim, ", "[")
        .replace(", Swim]", "]")
        .replace("- Swim\n", "")
    )


def test_a_deleted_group_with_members_goes(desk: Desk) -> None:
    """It is the server's change, whichever way the manifest has its members."""
    begin(desk, TEXT)
    for name in ("Walks", "Two", "Three"):
        desk.delete("group", name)
    assert pulled(desk) == "groups:\n- Swim\n- Run\n- Jump\n- Other\n"


def test_members_change_places_names_and_descriptions_at_once(desk: Desk) -> None:
    """Each goes with its comments; a description that the manifest has stays managed."""
    begin(desk, TEXT)
    order = [("Run", "not managed"), ("Swim", "a day in"), ("Other", "o: o"), ("Jump", None)]
    contain(desk, "Walks", *order)
    contain(desk, "Two", ("Swim", None), ("Jump", None))
    desk.edit("group", "Run", name="Run!")
    new = "   - {group: Other, description: 'o: o'}\n"
    assert pulled(desk) == (
        TEXT.replace(SWIM + RUN, RUN + SWIM.replace("out", "in") + new)
        .replace("description: high ", "description: null ")
        .replace(", {group: Run, description: x},   # run", ",")
        .replace("- Run ", "- Run! ")
        .replace("- Run\n", "- Run!\n")
        .replace("[Run,", "[Run!,")
    )


@pytest.mark.parametrize("others", [(), (("Other", "theirs"),)])
def test_what_is_owned_of_the_members_stays_owned(
    desk: Desk, others: tuple[tuple[str, str], ...]
) -> None:
    """A member that was taken out is owned no more; one that was put in is no longer refused."""
    text = (
        "groups:\n- name: A\n  sub_groups:\n    add: [Run, {group: Swim, description: x}]  # mine\n"
        "    remove:\n    # no jumps\n    - Jump  # no\n    - Walk\n"
        "- Run\n- Swim\n- Jump\n- Other\n- Walk\n"
    )
    begin(desk, text)
    contain(desk, "A", ("Jump", None), *others, ("Swim", "y: z"))
    assert pulled(desk) == (
        text.replace("Run, {", "{", 1)
        .replace("description: x", "description: 'y: z'")
        .replace("    # no jumps\n    - Jump  # no\n", "")
    )


def test_members_from_an_anchor_are_written_where_they_are_used(desk: Desk) -> None:
    """Those by an alias become a list of its own, and those by a merge key a further key."""
    text = (
        "groups:\n- &a\n  name: A\n  sub_groups: &b [Run, {group: Swim, description: x}]\n"
        "- {name: B, sub_groups: *b}\n- {<<: *a, name: C}\n- Run\n- Swim\n"
    )
    begin(desk, text)
    contain(desk, "B", ("Swim", "z"))
    contain(desk, "C", ("Run", None))
    assert pulled(desk) == (
        text.replace("*b", "[{group: Swim, description: z}]").replace(
            "name: C", "name: C, sub_groups: [Run]"
        )
    )


def test_what_tells_objects_apart_is_cleared(desk: Desk) -> None:
    """Null is no text that tells an object from others: its comments stay."""
    text = (
        "groups:\n- name: Walk  # w\n  date: 2020-05  # when\n  # below\n"
        "- {name: Day, sub_groups: [Walk (2020-05)]}  # d\n"
        "performers:\n- name: Ada  # ada\n  disambiguation: 'Chef'  # job\n"
    )
    begin(desk, text)
    desk.edit("group", "Walk", date="")
    desk.edit("performer", "Ada", disambiguation="")
    assert pulled(desk) == (
        text.replace(": 2020-05", ": null")
        .replace("'Chef'", "null")
        .replace("Walk (2020-05)", "Walk")
    )
