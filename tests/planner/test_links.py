"""Which operations wait for which, and why: what a failure makes skip, and what it does not.

Source: docs/planning-rules.md#order
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from msgspec import structs

from stashsync.errors import Mark
from stashsync.kinds import KINDS, Capabilities
from stashsync.planner import (
    Create,
    Delete,
    Matched,
    Merge,
    Operation,
    Plan,
    Policy,
    Update,
    decide,
    removals,
)
from stashsync.planner.attaching import with_bearers
from stashsync.planner.changes import Bearers, FieldChange, values_after
from stashsync.planner.drafts import Draft
from stashsync.planner.uniting import unite
from stashsync.state import Resource
from tests.planner.build import DEVELOP, SERVER, paired, performer, resource, studio, tag
from tests.planner.test_removals import MERGES, absent, merging


def named(identifier: str, label: str) -> dict[str, Any]:
    """Return a criterion of a filter that names a tag."""
    items = [{"id": identifier, "label": label}]
    return {"tags": {"value": {"items": items, "excluded": [], "depth": 0}, "modifier": "INCLUDES"}}


def saved(**values: Any) -> Resource:
    """Return a saved filter of scenes."""
    return resource("saved_filter", "F", mode="SCENES", **values)


def planned(
    desired: Sequence[Resource],
    observed: Sequence[Resource],
    server: Capabilities = MERGES,
    content: Mapping[str, tuple[str, ...]] | None = None,
) -> Plan:
    """Return the plan; `content` is what belongs to the merged."""
    context, pairs = paired(desired, observed, server)
    removed = removals(context, pairs, Policy())
    if content is not None:
        removed = [structs.replace(each, content=content) for each in removed]
    return decide(context, pairs, removed=removed)


def links(plan: Plan) -> list[str]:
    """Return each operation with what it waits for: `update A name waits 0`."""
    found = []
    for operation in plan.operations:
        change = plan.changes[operation.change]
        words = [change.action, change.label, operation.content, *operation.fields]
        for link in ("needs", "waits", "after"):
            if getattr(operation, link):
                words += [link, *map(str, getattr(operation, link))]
        found.append(" ".join(word for word in words if word))
    return found


CONSTRAINTS: dict[str, tuple[list[Resource], list[Resource], list[str]]] = {
    "reference: the id of a new object": (
        [tag("New"), performer("P", tags=["New"]), tag("A", parents=["New"])],
        [tag("A", id="1")],
        ["create New name", "create P name tags needs 0", "update A parents needs 0"],
    ),
    "namespace: a text that is released": (
        [tag("A", aliases=[]), tag("B", aliases=["x"])],
        [tag("A", id="1", aliases=["x"]), tag("B", id="2")],
        ["update A aliases", "update B aliases waits 0"],
    ),
    "namespace: a name that is deleted": (
        [absent(tag("A")), tag("B", aliases=["a"])],
        [tag("A", id="1"), tag("B", id="2")],
        ["delete A", "update B aliases waits 0"],
    ),
    "namespace: a name that is merged, for its destination": (
        [merging(tag("A", aliases={"add": ["q"]}), "X")],
        [tag("A", id="1"), tag("X", id="2", aliases=["q"])],
        ["merge A"],
    ),
    "pattern: before what it matches": (
        [tag("B", aliases=["p_"]), tag("A", aliases=["px"])],
        [tag("A", id="1"), tag("B", id="2")],
        ["update B aliases", "update A aliases after 0"],
    ),
    "pattern: what steps aside comes back after it": (
        [tag("px"), tag("p_")],
        [tag("px", id="1")],
        ["update px name", "create p_ name waits 0", "update px name waits 0 after 1"],
    ),
    "hierarchy: an edge that is in the way": (
        [tag("A", parents=["B"]), tag("B", parents=[])],
        [tag("A", id="1"), tag("B", id="2", parents=["1"])],
        ["update B parents", "update A parents waits 0"],
    ),
    "deletion: what is below moves first": (
        [absent(tag("A")), tag("B", parents=[])],
        [tag("A", id="1"), tag("B", id="2", parents=["1"])],
        ["update B parents", "delete A waits 0"],
    ),
    "merge: what differs of the destination": (
        [merging(tag("A", description="d"), "X")],
        [tag("A", id="1"), tag("X", id="2")],
        ["merge A", "update A description waits 0"],
    ),
    "merge: what is given up before": (
        [merging(tag("A"), "X"), tag("B", aliases=["q"])],
        [tag("A", id="1"), tag("X", id="2", aliases=["q"]), tag("B", id="3")],
        ["update X aliases", "update B aliases waits 0", "merge A waits 0"],
    ),
    "filter: it follows the merge": (
        [merging(tag("A"), "X")],
        [tag("A", id="1"), tag("X", id="2"), saved(id="1", object_filter=named("2", "X"))],
        ["merge A", "update F (SCENES) object_filter waits 0"],
    ),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_each_constraint_stands_in_the_operations(name: str) -> None:
    """`needs` and `waits` are skipped with what failed; `after` is sent all the same."""
    desired, observed, expected = CONSTRAINTS[name]
    assert links(planned(desired, observed)) == expected


def test_what_a_merge_loses_is_written_before_it_and_the_rest_after() -> None:
    """Both pieces of the destination's change are linked with the merge."""
    there = [performer("A", id="1"), performer("X", id="2", country="IS")]
    wanted = [merging(performer("A", rating100=5), "X")]
    assert links(planned(wanted, there, DEVELOP)) == [
        "update A aliases country",
        "merge A waits 0",
        "update A rating100 waits 0 1",
    ]


def test_content_of_merged_studios_changes_after_it_has_moved() -> None:
    """Kind by kind, then the merged go; an object that the plan changes too is changed then."""
    there = [
        studio("S", id="1"),
        studio("T", id="2"),
        resource("group", "G", id="7", studio="2"),
        resource("group", "H", id="8", studio="2"),
    ]
    wanted = [merging(studio("S"), "T"), resource("group", "G", synopsis="x")]
    content = {"scene": ("5",), "group": ("7", "8")}
    assert links(planned(wanted, there, SERVER, content)) == [
        "merge S scene",
        "merge S group",
        "merge S waits 0 1",
        "update S aliases waits 2",
        "update G synopsis after 2",
    ]


def test_each_piece_of_a_change_needs_what_it_refers_to() -> None:
    """The name and the tags come after the move; only they need the new tag."""
    there = [studio("A", id="1", parent="2"), studio("B", id="2")]
    wanted = [
        studio("B", id="1", parent=None, tags=["New"], file="m.yaml"),
        studio("X", id="2", parent="B", file="m.yaml"),
        tag("New"),
    ]
    assert links(planned(wanted, there)) == [
        "create New name",
        "update A parent",
        "update B name parent waits 1",
        "update A name tags needs 0 waits 2",
    ]


def test_an_alias_that_is_the_name_without_its_white_space_is_united() -> None:
    """Old servers keep white space around names, and do not take the two for the same."""
    into, source = tag(" n", id="1", aliases=["x"]), tag("O", id="2", aliases=["N", " N"])
    assert unite(KINDS["tag"], "aliases", ["x"], [source], into) == ["N", "O", "x"]


def test_references_that_a_merge_unites_are_sorted() -> None:
    """They are a set; URLs stay in their order, the destination's first."""
    there = [
        *(tag(name, id=str(place)) for place, name in enumerate("JKL", 1)),
        studio("S", id="1", tags=["3"], urls=["z"]),
        studio("T", id="2", tags=["1", "3"], urls=["b", "z", "a"]),
    ]
    kind, (into, source) = KINDS["studio"], there[-2:]
    assert unite(kind, "tags", into.values["tags"], [source], into) == ["1", "3"]
    plan = planned([merging(studio("S"), "T")], there, SERVER)
    (change,) = [change for change in plan.changes if isinstance(change, Update)]
    assert change.changes["tags"].after == ["1", "3"]
    assert change.changes["urls"].after == ["z", "b", "a"]


# -- what refers to objects that come back --------------------------------------------------------

HERE = Mark("m.yaml", 1, 1)


def scenes(*ids: str, **sides: Any) -> Bearers:
    """Return scenes whose tags change."""
    return Bearers("scene", "tags", ids, **sides)


def groups(*ids: str, **sides: Any) -> Bearers:
    """Return scenes whose groups are written whole."""
    return Bearers("scene", "groups", ids, members=(("9", None),), **sides)


def create(token: str, *bearers: Bearers) -> Create:
    return Create("tag", token, token, {"name": token}, HERE, bearers)


def update(identifier: str, *bearers: Bearers, fields: Sequence[str] = ()) -> Update:
    changes = {name: FieldChange(None, "x") for name in fields}
    return Update("tag", identifier, identifier, changes, HERE, Matched.RUN, bearers=bearers)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([create("+tag:0")], ["0 name"]),
        (
            [create("+tag:0", scenes("5", after="+tag:0")), create("+tag:1")],
            ["0 name", "0 of 0 needs 0 wave 1", "1 name"],
        ),
        (
            [update("1", scenes("5", after="1")), Delete("tag", "2", "2")],
            ["0 of 0", "1"],
        ),
        (
            [update("1", scenes("5", before="2", after="1")), Delete("tag", "2", "2")],
            ["0 of 0", "1 waits 0"],
        ),
        (
            [update("1", scenes("5", before="1", first=True), fields=["description"])],
            ["0 of 0", "0 description"],
        ),
        (
            [create("+tag:0", scenes("5", after="+tag:0")), update("1", scenes("5", before="1"))],
            ["0 name", "0 of 0 needs 0 wave 1", "1 of 0 waits 1 wave 2"],
        ),
        (
            [update("1", scenes("5", before="1")), update("2", scenes("6", after="2"))],
            ["1 of 0", "0 of 0 waits 0 wave 1"],
        ),
        (
            [
                update("1", Bearers("image", "tags", ("5",), before="1")),
                update("2", scenes("6", after="2")),
            ],
            ["1 of 0", "0 of 0 wave 1"],
        ),
        (
            [update("1", groups("5", after="1"), groups("5", after="1"), groups("6", after="1"))],
            ["0 of 0", "0 of 1 after 0", "0 of 2"],
        ),
        (
            [
                create("+tag:0", groups("5", after="+tag:0")),
                create("+tag:1", groups("5", after="+tag:1")),
            ],
            ["0 name", "0 of 0 needs 0 wave 1", "1 name", "1 of 0 needs 2 after 1 wave 1"],
        ),
    ],
)
def test_what_refers_to_an_object_changes_in_an_order_that_loses_nothing(
    changes: Sequence[Any], expected: Sequence[str]
) -> None:
    """What is taken over goes first, a new object needs its id, and what is dropped goes last."""
    drafts = [Draft(change, None, None) for change in changes]
    operations = [
        Operation(place, tuple(values_after(change)))
        for place, change in enumerate(changes)
        if isinstance(change, Delete) or values_after(change)
    ]
    found = []
    for operation in with_bearers(drafts, operations):
        words = [str(operation.change), *operation.fields]
        words += ["of", operation.content] if operation.content else []
        for link in ("needs", "waits", "after"):
            places = getattr(operation, link)
            words += [link, *map(str, places)] if places else []
        words += ["wave", str(operation.wave)] if operation.wave else []
        found.append(" ".join(words))
    assert found == expected


def test_operations_that_move_to_later_places_keep_what_they_wait_for() -> None:
    """The operations of bearers stand before them."""
    changes = [update("1", scenes("5", after="1")), create("+tag:0"), create("+tag:1")]
    drafts = [Draft(change, None, None) for change in changes]
    operations = [
        Operation(1, ("name",)),
        Operation(2, ("name",), needs=(0,), waits=(0,), after=(0,)),
    ]
    moved = with_bearers(drafts, operations)
    assert [operation.change for operation in moved] == [0, 1, 2]
    assert (moved[2].needs, moved[2].waits, moved[2].after) == ((1,), (1,), (1,))
    assert moved[0].content == "0"
    drafts = drafts[1:]
    operations = [Operation(0, ("name",)), Operation(1, ("name",), needs=(0,))]
    assert with_bearers(drafts, operations) == operations


def test_an_object_of_which_nothing_but_its_bearers_changes_is_in_the_plan() -> None:
    """Its own fields are as they should be, and are not sent."""
    context, pairs = paired([tag("A"), tag("B")], [tag("A", id="1"), tag("B", id="2")])
    pairs[0].bearers = (scenes("5", after="1"),)
    plan = decide(context, pairs)
    assert links(plan) == ["update A 0"]
    assert plan.unchanged == {"tag": 1}


def test_a_merge_that_has_content_needs_no_link_to_other_updates() -> None:
    """Only those objects wait whose studio the merge changes."""
    there = [studio("S", id="1"), studio("T", id="2"), resource("group", "G", id="7")]
    wanted = [merging(studio("S"), "T"), resource("group", "G", synopsis="x")]
    plan = planned(wanted, there, SERVER, {"scene": ("7",)})
    assert "update G synopsis" in links(plan)
    (merge,) = [change for change in plan.changes if isinstance(change, Merge)]
    assert merge.content == {"scene": ("7",)}
