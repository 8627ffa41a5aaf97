"""The hierarchy may be any graph without cycles; edges are checked against what is stored.

Source: docs/stash-behaviour.md#hierarchy
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.library.desk import Desk

AS_PARENT = 'cannot apply tag "{}" as a parent of {} as it is already a descendant'
AS_CHILD = 'cannot apply tag "{}" as a child of {} as it is already an ancestor'


@pytest.fixture
def chain(desk: Desk) -> Desk:
    """Create four tags: A above B, B above C, C above D."""
    desk.tag("A")
    for parent, name in enumerate("BCD", start=1):
        desk.tag(name, parent_ids=[str(parent)])
    return desk


def test_a_tag_is_not_its_own_parent_or_child(chain: Desk) -> None:
    message = f"{AS_PARENT.format('A', chr(34) + 'A' + chr(34))} (A)"
    assert chain.refusal("tagUpdate", id="1", parent_ids=["1"]) == message
    message = f"{AS_CHILD.format('A', chr(34) + 'A' + chr(34))} (A)"
    assert chain.refusal("tagUpdate", id="1", child_ids=["1"]) == message


def test_a_descendant_is_no_parent_and_the_path_is_shown(chain: Desk) -> None:
    message = f"{AS_PARENT.format('D', chr(34) + 'A' + chr(34))} (A->B->C->D)"
    assert chain.refusal("tagUpdate", id="1", parent_ids=["4"]) == message


def test_an_ancestor_is_no_child_and_the_path_is_shown(chain: Desk) -> None:
    message = f"{AS_CHILD.format('B', chr(34) + 'D' + chr(34))} (B->C->D)"
    assert chain.refusal("tagUpdate", id="4", child_ids=["2"]) == message


def test_a_new_tag_cannot_close_a_circle(chain: Desk) -> None:
    message = AS_PARENT.format("D", "tag")
    assert chain.refusal("tagCreate", name="E", parent_ids=["4"], child_ids=["1"]) == message
    message = AS_PARENT.format("B", "tag")
    assert chain.refusal("tagCreate", name="E", parent_ids=["2"], child_ids=["2"]) == message
    assert chain.tag("E", parent_ids=["1"], child_ids=["4"]) == 5


def test_shortcuts_and_diamonds_are_fine(chain: Desk) -> None:
    chain.do("tagUpdate", id="4", parent_ids=["3", "2", "1"])
    assert chain.value("tag", 4, "parents") == ["A", "B", "C"]


def test_an_edge_is_reversed_in_two_calls_not_in_one(chain: Desk) -> None:
    message = f"{AS_CHILD.format('A', chr(34) + 'B' + chr(34))} (A->B)"
    assert chain.refusal("tagUpdate", id="2", parent_ids=[], child_ids=["1"]) == message
    chain.do("tagUpdate", id="2", parent_ids=[])
    chain.do("tagUpdate", id="1", parent_ids=["2"])
    assert chain.value("tag", 1, "parents") == ["B"]


def test_an_unrelated_tag_can_become_parent_and_child_at_once(chain: Desk) -> None:
    """A real server then hangs on queries below the cycle, while the sandbox answers them."""
    chain.tag("E", "F")
    chain.do("tagUpdate", id="5", parent_ids=["6"], child_ids=["6"])
    assert chain.value("tag", 5, "parents") == chain.value("tag", 5, "children") == ["F"]
    assert chain.value("tag", 5, "performer_count", depth=-1) == 0
    message = f"{AS_PARENT.format('F', chr(34) + 'E' + chr(34))} (E->F)"
    assert chain.refusal("tagUpdate", id="5", parent_ids=["6"]) == message
    chain.do("tagUpdate", id="4", parent_ids=["3", "5"])
    assert chain.value("tag", 4, "parents") == ["C", "E"]


def test_bulk_changes_of_edges_add_remove_and_set(chain: Desk) -> None:
    chain.tag("E")
    chain.do("bulkTagUpdate", ids=["5", "4"], parent_ids={"mode": "ADD", "ids": ["1", "2"]})
    assert chain.value("tag", 4, "parents") == ["A", "B", "C"]
    chain.do("bulkTagUpdate", ids=["4"], parent_ids={"mode": "REMOVE", "ids": ["2", "99"]})
    assert chain.value("tag", 4, "parents") == ["A", "C"]
    chain.do("bulkTagUpdate", ids=["4"], parent_ids={"mode": "SET"})
    assert chain.value("tag", 4, "parents") == []


def test_a_bulk_change_that_fails_for_one_changes_none(chain: Desk) -> None:
    edit = {"mode": "ADD", "ids": ["4"]}
    chain.tag("E")
    message = f"{AS_PARENT.format('D', chr(34) + 'A' + chr(34))} (A->B->C->D)"
    assert chain.refusal("bulkTagUpdate", ids=["5", "1"], parent_ids=edit) == message
    assert chain.value("tag", 5, "parents") == []


def test_an_unreadable_id_in_a_bulk_change_shows_the_whole_list(desk: Desk) -> None:
    message = (
        "converting parent tag ids: converting ids [[1 z]]: "
        'strconv.Atoi: parsing "z": invalid syntax'
    )
    edit = {"mode": "ADD", "ids": ["1", "z"]}
    assert desk.refusal("bulkTagUpdate", ids=["1"], parent_ids=edit) == message


def test_bulk_without_ids_is_null(desk: Desk) -> None:
    sent: tuple[dict[str, Any], ...] = ({}, {"ids": None}, {"ids": []})
    for ids in sent:
        assert desk.do("bulkTagUpdate", description="x", **ids) is None


def test_bulk_changes_of_aliases(desk: Desk) -> None:
    desk.tag("Red", aliases=["rot", "rouge"])
    desk.tag("Blue")
    desk.do("bulkTagUpdate", ids=["1"], aliases={"mode": "ADD", "values": [" crimson ", "rot"]})
    assert desk.value("tag", 1, "aliases") == ["crimson", "rot", "rouge"]
    edit = {"mode": "REMOVE", "values": ["ROT", "rouge"]}
    desk.do("bulkTagUpdate", ids=["1"], aliases=edit)
    assert desk.value("tag", 1, "aliases") == ["crimson", "rot"]
    edit = {"mode": "ADD", "values": ["hue"]}
    message = "name 'hue' is used as alias for 'Red'"
    assert desk.refusal("bulkTagUpdate", ids=["1", "2"], aliases=edit) == message
    desk.do("bulkTagUpdate", ids=["1"], aliases=None)
    assert desk.value("tag", 1, "aliases") == ["crimson", "rot"]
    desk.do("bulkTagUpdate", ids=["1"], aliases={"mode": "SET", "values": None})
    assert desk.value("tag", 1, "aliases") == []
