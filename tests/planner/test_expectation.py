"""What the objects of a plan look like at each point of a run.

Source: docs/planning-rules.md#looking-again
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

import pytest

from stashsync.errors import Mark
from stashsync.planner import Create, Delete, Matched, Merge, Operation, Plan, Update
from stashsync.planner.changes import Change, FieldChange
from stashsync.planner.expectation import Expectation
from stashsync.state import Resource
from tests.planner.build import performer, resource, studio, tag

HERE = Mark("m.yaml", 1, 1)
ASIDE = "⟦stashsync 1⟧ Z"


def update(kind: str, identifier: str, label: str, **sides: tuple[Any, Any]) -> Update:
    """Return an update of fields, each with its value before and after."""
    changes = {name: FieldChange(*both) for name, both in sides.items()}
    return Update(kind, identifier, label, changes, HERE, Matched.KEY)


def plan_with(*changes: Change, steps: Sequence[Operation] | None = None) -> Plan:
    """Return a plan in which each change is one operation, unless there are other `steps`."""
    if steps is None:
        steps = [
            Operation(place, tuple(change.changes) if isinstance(change, Update) else ())
            for place, change in enumerate(changes)
        ]
    return Plan(changes=changes, operations=tuple(steps))


def moved(
    plan: Plan, *now: Resource, applied: str = "", ids: Mapping[str, str] | None = None
) -> list[str]:
    """Return what another client did, in words; `applied` are the operations that are done."""
    known = Expectation(plan, lambda index: str(index) in applied, ids)
    there = {(item.kind, item.id or ""): item for item in now}
    return [
        f"{found.label}{found.text}"
        for change in plan.changes
        if not isinstance(change, Create)
        for found in known.differences(change, there)
    ]


# -- one object -----------------------------------------------------------------------------------

RENAMED = update("tag", "1", "A", name=("A", "Z"), description=("old", "new"))
STEPS = [
    Operation(0, ("name",), detour={"name": ASIDE}, undo={"name": "A"}),
    Operation(0, ("name", "description"), waits=(0,)),
]


@pytest.mark.parametrize(
    ("applied", "name", "description", "found"),
    [
        ("", "A", "old", ""),
        ("", "a", "old", "name"),
        ("", "A", "x", "description"),
        ("", ASIDE, "old", "name"),
        ("0", ASIDE, "old", ""),
        ("0", "A", "old", "name"),
        ("0", "Mine", "old", "name"),
        ("0", ASIDE, "x", "description"),
        ("01", "Z", "new", ""),
        ("01", "Z", "x", ""),
        ("01", "Mine", "x", ""),
    ],
)
def test_a_renamed_object_is_what_the_operations_so_far_made_it(
    applied: str, name: str, description: str, found: str
) -> None:
    """A field that has its last value is no concern of the plan any more."""
    now = tag(name, id="1", description=description)
    texts = moved(plan_with(RENAMED, steps=STEPS), now, applied=applied)
    assert texts == ([f"A: its {found} changed on the server meanwhile"] if found else [])


@pytest.mark.parametrize(
    ("value", "planned", "found"),
    [
        ("old", False, []),
        ("new", False, ["A: its description changed on the server meanwhile"]),
        ("new", True, []),
        ("x", True, ["A: its description changed on the server meanwhile"]),
    ],
)
def test_a_planned_value_that_is_there_already_is_no_move_in_a_run(
    value: str, found: list[str], *, planned: bool
) -> None:
    """A saved plan is stale by it: it was made when the value was another."""
    plan = plan_with(update("tag", "1", "A", description=("old", "new")))
    ids: dict[str, str] | None = {} if planned else None
    assert moved(plan, tag("A", id="1", description=value), ids=ids) == found


@pytest.mark.parametrize(
    ("tags", "found"), [(["1", "8"], False), (["9"], False), (["1", "9"], True), (["1"], True)]
)
def test_planned_references_are_compared_by_ids(tags: list[str], *, found: bool) -> None:
    """What the plan creates has its id by now; what was there has its own."""
    plan = plan_with(update("performer", "7", "P", tags=(["9"], ["+tag:0", "1"])))
    now = performer("P", id="7", tags=tags)
    assert bool(moved(plan, now, ids={"+tag:0": "8"})) is found


def test_an_object_that_is_gone_is_one_difference() -> None:
    """Its fields are not compared as well."""
    assert moved(plan_with(update("tag", "1", "A", name=("A", "Z")))) == ["A is gone"]
    assert moved(plan_with(Delete("tag", "1", "A"))) == ["A is gone"]


def test_a_field_that_was_not_read_is_not_compared() -> None:
    """Images are compared by other requests, where at all."""
    now = tag("A", id="1", favorite=True)
    sides: dict[str, tuple[Any, Any]] = {
        "description": ("old", "new"),
        "favorite": (False, True),
    }
    texts = moved(plan_with(update("tag", "1", "A", **sides)), now)
    assert texts == ["A: its favorite changed on the server meanwhile"]


@pytest.mark.parametrize(
    ("before", "after", "now", "found"),
    [
        ({"etag": "a"}, {"md5": "b"}, {"etag": "a"}, False),
        ({"etag": "a"}, {"md5": "b"}, {"etag": "b"}, False),
        ({"etag": "a"}, {"md5": "b"}, {"etag": "c"}, True),
        ({"etag": "a"}, {"md5": "b"}, None, True),
        (None, {"md5": "b"}, None, False),
        (None, {"md5": "b"}, {"etag": "c"}, True),
        ({"etag": ""}, None, {"etag": "c"}, False),
        ({"etag": ""}, None, None, True),
        ({"etag": "a"}, {"url": "http://x.example"}, {"etag": "a"}, False),
    ],
)
def test_an_image_is_what_its_tag_shows(before: Any, after: Any, now: Any, *, found: bool) -> None:
    """Of an image that is to be removed the tag was not asked for."""
    plan = plan_with(update("tag", "1", "A", image=(before, after)))
    assert bool(moved(plan, tag("A", id="1", image=now), ids={})) is found


# -- lists that give something up for a while -----------------------------------------------------

FEWER = update("tag", "1", "A", aliases=(["p", "x", "z"], ["p", "y", "z"]))
GIVES_UP = [
    Operation(0, ("aliases",), detour={"aliases": ["z"]}, undo={"aliases": ["p", "x", "z"]}),
    Operation(0, ("aliases",), waits=(0,)),
]


@pytest.mark.parametrize(
    ("applied", "aliases", "found"),
    [
        ("", "pxz", False),
        ("", "z", True),
        ("0", "z", False),
        ("0", "pxz", True),
        ("0", "zq", True),
        ("01", "q", False),
    ],
)
def test_aliases_that_were_given_up_are_expected_to_be_fewer(
    applied: str, aliases: str, *, found: bool
) -> None:
    """Another client's alias in between is a change of it."""
    plan = plan_with(FEWER, steps=GIVES_UP)
    texts = moved(plan, tag("A", id="1", aliases=sorted(aliases)), applied=applied)
    assert texts == (["A: its aliases changed on the server meanwhile"] if found else [])


def test_what_only_steps_aside_comes_back_as_it_was() -> None:
    """Its change is empty; what it is to get back is compared all the same."""
    change = update("tag", "1", "A")
    steps = [
        Operation(0, ("name",), detour={"name": ASIDE}, undo={"name": "A"}),
        Operation(0, ("name",), detour={"name": "A"}, waits=(0,)),
    ]
    plan = plan_with(change, steps=steps)
    assert moved(plan, tag("A", id="1")) == []
    assert moved(plan, tag("Q", id="1")) != []
    assert moved(plan, tag(ASIDE, id="1"), applied="0") == []
    assert moved(plan, tag("Q", id="1"), applied="0") != []
    assert moved(plan, tag("Q", id="1"), applied="01") == []


# -- merges and deletions of the plan -------------------------------------------------------------

MERGE = Merge("tag", "1", "A", (("2", "B"),), HERE)


@pytest.mark.parametrize(
    ("parents", "found"),
    [(["2", "5"], False), (["1", "5"], False), (["5"], True), (["1", "2", "5"], False), ([], True)],
)
def test_a_reference_follows_a_merge(parents: list[str], *, found: bool) -> None:
    """The object refers to the destination afterwards, whether or not it has been merged yet."""
    plan = plan_with(update("tag", "7", "C", parents=(["1", "5"], [])), MERGE)
    now = [tag("A", id="1"), tag("B", id="2"), tag("C", id="7", parents=parents)]
    assert bool(moved(plan, *now)) is found


@pytest.mark.parametrize(
    ("tags", "found"), [(["3", "4"], False), (["4"], False), (["3"], True), (["4", "5"], True)]
)
def test_a_reference_to_what_is_deleted_may_be_gone(tags: list[str], *, found: bool) -> None:
    """The deletion takes it away; any other difference is another client's."""
    plan = plan_with(update("performer", "7", "P", tags=(["3", "4"], [])), Delete("tag", "3", "T"))
    now = [tag("T", id="3"), performer("P", id="7", tags=tags)]
    assert bool(moved(plan, *now)) is found


def test_a_single_parent_that_is_merged_or_deleted_is_compared_too() -> None:
    """A studio has one parent or none."""
    merge = Merge("studio", "1", "A", (("2", "B"),), HERE)
    plan = plan_with(update("studio", "7", "C", parent=("1", None)), merge)
    both = [studio("A", id="1"), studio("B", id="2")]
    for parent, found in (("2", False), ("1", False), ("3", True), (None, True)):
        assert bool(moved(plan, *both, studio("C", id="7", parent=parent))) is found
    plan = plan_with(update("studio", "7", "C", parent=("2", "1")), Delete("studio", "2", "B"))
    for parent, found in (("2", False), (None, False), ("1", True)):
        assert bool(moved(plan, *both, studio("C", id="7", parent=parent))) is found


def test_the_destination_of_a_merge_begins_where_the_merge_ends() -> None:
    """The values before its change are the united ones, which no server has yet."""
    change = update("tag", "1", "A", aliases=(["B", "a", "b"], ["a"]))
    plan = plan_with(change, MERGE)
    source = tag("B", id="2", aliases=["b"])
    assert moved(plan, tag("A", id="1", aliases=["a"]), source) == []
    assert moved(plan, tag("A", id="1", aliases=["B", "a", "b"])) == ["B is gone"]
    assert (
        moved(plan, tag("A", id="1", aliases=["a", "q"]), source)
        == ["A: its aliases changed on the server meanwhile"] * 2
    ), "with its own change, and with the merge"


def test_what_a_merged_object_gives_up_first_does_not_come_to_its_destination() -> None:
    """Another object gets that alias."""
    change = update("tag", "1", "A", aliases=(["B", "a"], ["a"]))
    released = update("tag", "2", "B", aliases=(["b"], []))
    plan = plan_with(released, change, MERGE)
    now = tag("A", id="1", aliases=["a"])
    assert moved(plan, now, tag("B", id="2", aliases=["b"])) == []
    assert moved(plan, now, tag("B", id="2", aliases=[]), applied="0") == []


# -- what is read ---------------------------------------------------------------------------------

TAGS = (("tag", "1"), ("tag", "2"))


@pytest.mark.parametrize(
    ("index", "applied", "reads"),
    [
        (0, "", {}),
        (1, "", {("tag", "+tag:0"): {"name", "parents"}}),
        (1, "0", {("tag", "+tag:0"): {"parents"}}),
        (2, "", dict.fromkeys(TAGS, frozenset({"aliases", "description"}))),
        (3, "", dict.fromkeys(TAGS, frozenset({"aliases", "description"}))),
        (3, "2", dict.fromkeys(TAGS, frozenset({"aliases"}))),
        (5, "", {("studio", "4"): set()}),
    ],
)  # fmt: skip
def test_only_what_is_still_to_be_written_is_read(
    index: int, applied: str, reads: Mapping[tuple[str, str], Set[str]]
) -> None:
    """Of what is merged the same fields as of its destination; nothing before a create."""
    plan = plan_with(
        Create("tag", "+tag:0", "N", {"name": "N", "parents": ["1"]}, HERE),
        update("tag", "1", "A", description=("old", "new"), aliases=([], ["a"])),
        MERGE,
        Delete("studio", "4", "S"),
        steps=[
            Operation(0, ("name",)),
            Operation(0, ("parents",), needs=(0,)),
            Operation(1, ("description",)),
            Operation(2, ()),
            Operation(1, ("aliases",), waits=(3,)),
            Operation(3, ()),
        ],
    )
    known = Expectation(plan, lambda place: str(place) in applied, ids={})
    assert {me: set(fields) for me, fields in known.reads(index)} == reads


def test_what_the_plan_knows_by_an_id_was_there() -> None:
    """A create is not taken for one of these."""
    plan = plan_with(update("tag", "7", "C"), MERGE, Delete("studio", "4", "S"))
    known = Expectation(plan)
    for kind, identifier, there in (
        ("tag", "7", True),
        ("tag", "1", True),
        ("tag", "2", True),
        ("tag", "4", False),
        ("studio", "4", True),
        ("studio", "7", False),
    ):
        assert known.was_there(kind, identifier) is there


def test_a_filter_is_compared_with_all_that_is_sent_along() -> None:
    """It is saved whole, so a change of any field of it would be lost."""
    kept = {"mode": "SCENES", "find_filter": {"q": "x"}}
    sides = {"name": FieldChange("F", "G")}
    change = Update("saved_filter", "1", "F (SCENES)", sides, HERE, Matched.KEY, kept=kept)
    plan = plan_with(change)
    now = resource("saved_filter", "F", id="1", **kept)
    assert moved(plan, now) == []
    other = resource("saved_filter", "F", id="1", mode="SCENES", find_filter={"q": "y"})
    assert moved(plan, other) == ["F (SCENES): its find_filter changed on the server meanwhile"]
