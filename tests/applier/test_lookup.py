"""What the server shows of an operation that was sent and not answered.

Source: docs/planning-rules.md#unknown-outcomes
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from stashsync.applier import Report, carry_out
from stashsync.applier.finding import did_not_run
from stashsync.applier.journal import CUT_SHORT, Run, RunOrigin
from stashsync.applier.lookup import Trace, look_up
from stashsync.errors import Mark
from stashsync.planner import Create, Delete, Matched, Merge, Operation, Plan, Update
from stashsync.planner.changes import FieldChange
from stashsync.planner.expectation import Expectation
from stashsync.sandbox import Sandbox
from tests.applier.fakes import FakeServer, carried_out
from tests.applier.fakes import client_of as client_of_fake
from tests.applier.test_run import statuses
from tests.planner.build import performer, plan_of, resource, tag
from tests.support.clock import patience
from tests.support.libraries import fill
from tests.support.servers import client_of

HERE = Mark("m.yaml", 1, 1)
LANDED, ABSENT, UNCLEAR = Trace.LANDED, Trace.ABSENT, Trace.UNCLEAR
ENDPOINT = "https://box.example/graphql"


@pytest.fixture
def server() -> Iterator[Sandbox]:
    """Yield a server with a few objects."""
    have = {
        "tags": [
            {"name": "A", "description": "old", "aliases": ["a1", "a2"]},
            {"name": "B"},
            {"name": "C", "parents": ["B"]},
        ],
        "studios": [{"name": "North"}, {"name": "Nord"}, {"name": "Norte"}],
        "performers": [{"name": "Ada", "tags": ["A", "B"]}],
        "groups": [{"name": "G"}, {"name": "H"}, {"name": "I"}],
    }
    with Sandbox() as made:
        fill(made, have, Path())
        yield made


def looked(
    server: Sandbox, plan: Plan, index: int = 0, ids: Mapping[str, str] | None = None
) -> tuple[Trace, str]:
    """Look an operation up; `ids` are those of created objects."""

    async def run() -> tuple[Trace, str]:
        async with client_of(server) as client:
            return await look_up(Expectation(plan, ids=ids or {}), index, client)

    return asyncio.run(run())


def edit(server: Sandbox, mutation: str, **fields: Any) -> None:
    server.library.mutate(mutation, {"input": fields})


def update(kind: str, identifier: str, **sides: tuple[Any, Any]) -> Plan:
    """Return a plan with one update, of fields with their values before and after."""
    changes = {name: FieldChange(*both) for name, both in sides.items()}
    change = Update(kind, identifier, "x", changes, HERE, Matched.KEY)
    return Plan(changes=(change,), operations=(Operation(0, tuple(changes)),))


def create(kind: str, **values: Any) -> Plan:
    change = Create(kind, f"+{kind}:0", values["name"], values, HERE)
    return Plan(changes=(change,), operations=(Operation(0, tuple(values)),))


# -- updates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "trace"),
    [
        ({"description": ("old", "new")}, ABSENT),
        ({"description": ("older", "old")}, LANDED),
        ({"description": ("older", "new")}, UNCLEAR),
        ({"description": ("older", "old"), "name": ("Z", "A")}, LANDED),
        ({"description": ("old", "new"), "name": ("A", "Z")}, ABSENT),
        ({"description": ("older", "old"), "name": ("A", "Z")}, UNCLEAR),
        ({"description": ("old", "new"), "name": ("Z", "A")}, UNCLEAR),
        ({"aliases": (["a1", "a2"], [])}, ABSENT),
        ({"aliases": ([], ["a1", "a2"])}, LANDED),
        ({"aliases": ([], ["a1"])}, UNCLEAR),
        ({"favorite": (True, False)}, LANDED),
        ({"image": ({"etag": "x"}, None)}, LANDED),
    ],
)
def test_an_update_is_done_if_all_its_fields_are_and_undone_if_none_is(
    server: Sandbox, fields: dict[str, tuple[Any, Any]], trace: Trace
) -> None:
    """Anything between the two is unclear."""
    assert looked(server, update("tag", "1", **fields)) == (trace, "1")


def test_an_object_that_is_gone_is_unclear_unless_the_plan_removes_it(server: Sandbox) -> None:
    """What is removed afterwards has given up everything."""
    change = update("tag", "9", description=("old", "new"))
    assert looked(server, change) == (UNCLEAR, "9")
    (first,), removal = change.changes, Delete("tag", "9", "x")
    steps = (Operation(0, ("description",)), Operation(1, ()))
    assert looked(server, Plan(changes=(first, removal), operations=steps)) == (LANDED, "9")
    merge = Merge("tag", "1", "A", (("9", "x"),), HERE)
    assert looked(server, Plan(changes=(first, merge), operations=steps)) == (LANDED, "9")


@pytest.mark.parametrize(
    ("before", "after", "removed", "trace"),
    [
        (["1", "2"], ["1"], [], ABSENT),
        (["1"], ["1", "2"], [], LANDED),
        (["1", "2", "8"], ["1"], [], UNCLEAR),
        (["1", "2", "8"], ["1"], ["8"], ABSENT),
        (["1", "2"], ["+tag:0"], [], ABSENT),
        (["1"], ["1", "+tag:0"], [], LANDED),
    ],
)
def test_references_are_compared_as_the_plan_leaves_them(
    server: Sandbox, before: list[str], after: list[str], removed: Sequence[str], trace: Trace
) -> None:
    """What the plan deletes may be gone already, and what it made has an id now."""
    plan = update("performer", "1", tags=(before, after))
    deletes = tuple(Delete("tag", each, each) for each in removed)
    steps = tuple(Operation(place, ()) for place, _ in enumerate(deletes, 1))
    plan = Plan(changes=(*plan.changes, *deletes), operations=(*plan.operations, *steps))
    assert looked(server, plan, ids={"+tag:0": "2"}) == (trace, "1")


@pytest.mark.parametrize(
    ("name", "trace"),
    [("A", ABSENT), ("⟦stashsync 1⟧ Z", LANDED), ("Z", LANDED), ("Q", UNCLEAR)],
)
def test_a_step_aside_is_looked_up_by_every_name_that_it_may_lead_to(
    server: Sandbox, name: str, trace: Trace
) -> None:
    """The second step may have been done as well."""
    change = Update("tag", "1", "A", {"name": FieldChange("A", "Z")}, HERE, Matched.ID)
    aside = Operation(0, ("name",), detour={"name": "⟦stashsync 1⟧ Z"}, undo={"name": "A"})
    plan = Plan(changes=(change,), operations=(aside, Operation(0, ("name",), waits=(0,))))
    edit(server, "tagUpdate", id="1", name=name)
    assert looked(server, plan) == (trace, "1")
    second = {ABSENT: ABSENT, LANDED: LANDED if name == "Z" else ABSENT, UNCLEAR: UNCLEAR}
    assert looked(server, plan, 1) == (second[trace], "1")


@pytest.mark.parametrize(("name", "trace"), [("A", UNCLEAR), ("Z", LANDED)])
def test_a_step_aside_is_not_done_without_what_it_writes_for_good(
    server: Sandbox, name: str, trace: Trace
) -> None:
    """The rest of the change, which is done, writes the aliases, but not the name."""
    changes = {"name": FieldChange("A", "Z"), "aliases": FieldChange(["a1", "a2"], ["a3"])}
    change = Update("tag", "1", "A", changes, HERE, Matched.ID)
    gone = {"aliases": []}
    aside = Operation(0, ("name", "aliases"), detour=gone, undo={"aliases": ["a1", "a2"]})
    plan = Plan(changes=(change,), operations=(aside, Operation(0, ("aliases",), waits=(0,))))
    edit(server, "tagUpdate", id="1", name=name, aliases=["a3"])
    assert looked(server, plan) == (trace, "1")


@pytest.mark.parametrize(("name", "trace"), [("A", ABSENT), ("Z", LANDED)])
def test_a_step_aside_whose_aliases_are_back_is_shown_by_the_rest_and_its_name(
    server: Sandbox, name: str, trace: Trace
) -> None:
    """The aliases are as before, so they tell nothing: the rest writes the description, too."""
    changes = {"name": FieldChange("A", "Z"), "description": FieldChange("old", "new")}
    change = Update("tag", "1", "A", changes, HERE, Matched.ID)
    aliases = ["a1", "a2"]
    aside = Operation(0, ("name", "aliases"), detour={"aliases": []}, undo={"aliases": aliases})
    rest = Operation(0, ("aliases", "description"), detour={"aliases": aliases}, waits=(0,))
    plan = Plan(changes=(change,), operations=(aside, rest))
    edit(server, "tagUpdate", id="1", name=name, aliases=aliases, description="new")
    assert looked(server, plan) == (trace, "1")


def test_a_destination_below_what_is_merged_into_it_is_above_itself_no_more(
    server: Sandbox,
) -> None:
    """It loses that parent by the merge, which may not have happened yet."""
    (first,) = update("tag", "3", parents=([], ["1"])).changes
    merge = Merge("tag", "3", "C", (("2", "B"),), HERE)
    plan = Plan(changes=(first, merge), operations=(Operation(0, ("parents",)), Operation(1, ())))
    assert looked(server, plan) == (ABSENT, "3")
    edit(server, "tagUpdate", id="3", parent_ids=[])
    assert looked(server, plan) == (ABSENT, "3")


# -- creates and removals -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"name": "New"}, (ABSENT, "")),
        ({"name": "B"}, (LANDED, "2")),
        ({"name": "b"}, (UNCLEAR, "2")),
        ({"name": "B", "description": "d"}, (UNCLEAR, "2")),
        ({"name": "C", "parents": ["2"]}, (LANDED, "3")),
        ({"name": "C", "parents": ["1"]}, (UNCLEAR, "3")),
        ({"name": "C", "parents": ["+tag:7"]}, (LANDED, "3")),
        ({"name": "B", "image": {"url": "http://x.example"}}, (LANDED, "2")),
        ({"name": "_"}, (ABSENT, "")),
    ],
)
def test_a_create_is_looked_up_by_its_key(
    server: Sandbox, values: dict[str, Any], found: tuple[Trace, str]
) -> None:
    """Names are compared as the server compares them, but not as its patterns."""
    assert looked(server, create("tag", **values), ids={"+tag:7": "2"}) == found


def test_a_create_in_two_pieces_is_looked_up_by_the_fields_of_each(server: Sandbox) -> None:
    """The second one changes the object that the first has made."""
    values = {"name": "C", "parents": ["1"]}
    change = Create("tag", "+tag:0", "C", values, HERE)
    steps = (Operation(0, ("name",)), Operation(0, ("parents",), needs=(0,)))
    plan = Plan(changes=(change,), operations=steps)
    assert looked(server, plan) == (LANDED, "3")
    assert looked(server, plan, 1, {"+tag:0": "3"}) == (UNCLEAR, "3")
    edit(server, "tagUpdate", id="3", parent_ids=[])
    assert looked(server, plan, 1, {"+tag:0": "3"}) == (ABSENT, "3")
    edit(server, "tagUpdate", id="3", parent_ids=["1"])
    assert looked(server, plan, 1, {"+tag:0": "3"}) == (LANDED, "3")


def test_a_delete_is_done_once_its_object_is_gone(server: Sandbox) -> None:
    """As before, an object that is there has not been deleted."""
    plan = Plan(changes=(Delete("tag", "2", "B"),), operations=(Operation(0, ()),))
    assert looked(server, plan) == (ABSENT, "2")
    edit(server, "tagDestroy", id="2")
    assert looked(server, plan) == (LANDED, "2")


def test_a_merge_is_done_once_all_that_it_merges_is_gone(server: Sandbox) -> None:
    """One of two is neither done nor undone."""
    merge = Merge("tag", "1", "A", (("2", "B"), ("3", "C")), HERE)
    plan = Plan(changes=(merge,), operations=(Operation(0, ()),))
    assert looked(server, plan) == (ABSENT, "1")
    edit(server, "tagDestroy", id="3")
    assert looked(server, plan) == (UNCLEAR, "1")
    edit(server, "tagDestroy", id="2")
    assert looked(server, plan) == (LANDED, "1")


def test_content_that_moves_is_moved_again_until_the_merged_are_gone(server: Sandbox) -> None:
    """To move it twice does no harm; once the merged are gone there is nothing to move."""
    content = {"scene": ("1",)}
    merge = Merge("studio", "1", "North", (("2", "Nord"),), HERE, native=False, content=content)
    plan = Plan(changes=(merge,), operations=(Operation(0, (), content="scene"), Operation(0, ())))
    assert looked(server, plan) == (ABSENT, "1")
    edit(server, "studioDestroy", id="2")
    assert looked(server, plan) == (LANDED, "1")


# -- what follows ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("traces", "absent"),
    [
        ("LLL", []),
        ("AAA", [0, 1, 2]),
        ("LAL", [1, 2]),
        ("LLA", [2]),
        ("LUL", []),
        ("AUL", [0, 1, 2]),
        ("UAL", [1, 2]),
        ("AL.", [0, 1]),
    ],
)
def test_what_comes_after_an_operation_that_did_not_run_has_not_run(
    traces: str, absent: list[int]
) -> None:
    """Unclear means undone where what it waits for is undone, or where its change begins anew."""
    name, other = {"name": FieldChange("A", "Z")}, {"name": FieldChange("B", "A")}
    changes = (
        Update("tag", "1", "A", name, HERE, Matched.ID),
        Update("tag", "2", "B", other, HERE, Matched.ID),
    )
    second = 0 if traces.endswith(".") else 1
    steps = (
        Operation(0, ("name",)),
        Operation(second, ("name",), waits=(0,)),
        Operation(1, ("name",)),
    )
    words = {"L": LANDED, "A": ABSENT, "U": UNCLEAR}
    looks = {place: (words[each], "") for place, each in enumerate(traces.rstrip("."))}
    assert did_not_run(Plan(changes=changes, operations=steps), looks) == absent


def test_an_update_that_refers_to_a_new_object_is_looked_up_by_its_id() -> None:
    """The answer was lost, and the update is done: it is not sent again."""
    plan = plan_of([tag("New"), performer("P", tags=["New"])], [performer("P", id="3")])
    server = FakeServer(("performer", {"id": "3", "name": "P"}))
    server.breaks = [None, 1]
    report = carried_out(plan, server, max_batch=1)
    assert statuses(report) == "aa"
    assert server.documents == [["New"], ["P"]]


@pytest.mark.parametrize(("action", "id_of"), [("deletes", "1"), ("merges", "1")])
def test_what_stays_unknown_has_the_id_of_its_object(action: str, id_of: str) -> None:
    """The report leads to the object that has to be looked at."""
    plan = plan_of([tag("A", description="new")], [tag("A", id="1", description="old")])
    server = FakeServer(("tag", {"id": "1", "name": "A", "description": "old"}))
    server.breaks = [0]
    server.arrives = lambda: server.objects["tag"]["1"].update(description=action)
    (outcome,) = carried_out(plan, server).outcomes
    assert (outcome.status, outcome.id) == ("unknown", id_of)


def test_what_is_unknown_of_a_run_that_goes_on_has_that_reason() -> None:
    """No answer is missing in this part of it: it was sent by the one before."""
    plan = plan_of([tag("A", description="new")], [tag("A", id="1", description="old")])
    server = FakeServer(("tag", {"id": "1", "name": "A", "description": "theirs"}))
    origin = RunOrigin("apply", "http://stash.example:9999", "a-library")
    begun = Run("1", "now", origin, plan, frozenset({0}))

    async def run() -> Report:
        client = client_of_fake(server)
        return await carry_out(plan, client, root=Path(), begun=begun, patience=patience())

    (outcome,) = asyncio.run(run()).outcomes
    assert (outcome.status, outcome.message) == ("unknown", CUT_SHORT)
    assert server.documents == []


def test_the_members_of_a_group_are_compared_in_their_order(server: Sandbox) -> None:
    """Those that the plan deletes aside; each with its description."""
    (first,) = update("group", "1", sub_groups=([["2", "m"], ["3", "n"]], [["3", "x"]])).changes
    removal = Delete("group", "2", "H")
    steps = (Operation(0, ("sub_groups",)), Operation(1, ()))
    plan = Plan(changes=(first, removal), operations=steps)
    for members, trace in (
        ([("2", "m"), ("3", "n")], ABSENT),
        ([("3", "n"), ("2", "q")], ABSENT),
        ([("3", "n")], ABSENT),
        ([("3", "x")], LANDED),
        ([("3", "y")], UNCLEAR),
        ([], UNCLEAR),
    ):
        given = [{"group_id": each, "description": text} for each, text in members]
        edit(server, "groupUpdate", id="1", sub_groups=given)
        assert looked(server, plan) == (trace, "1"), members


def test_a_filter_is_looked_for_among_all_filters(server: Sandbox) -> None:
    """No query finds one by its name; the same name of another mode is another filter."""
    save = {"name": "F", "find_filter": None, "object_filter": {}, "ui_options": {}}
    edit(server, "saveFilter", mode="TAGS", **save)
    assert looked(server, create("saved_filter", name="F", mode="SCENES")) == (ABSENT, "")
    found = looked(server, create("saved_filter", name="F", mode="TAGS"))
    assert found == (LANDED, "1")
    assert resource("saved_filter", "F", mode="TAGS").label == "F (TAGS)"
