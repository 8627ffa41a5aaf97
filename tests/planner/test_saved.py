"""A plan is saved and read back, and its staleness is noticed."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from stashsync.errors import Mark, StashConfigurationError
from stashsync.planner import Matched, Operation, Plan, Update
from stashsync.planner.changes import Bearers
from stashsync.planner.saved import dump, load
from stashsync.planner.staleness import fields_to_read, staleness_of
from stashsync.state import Resource
from tests.planner.build import observed_state, performer, plan_of, studio, tag

E = "https://stashdb.example/graphql"


def a_plan() -> Plan:
    """Return a plan with every feature of a saved plan."""
    return plan_of(
        [
            tag("A_"),
            tag("AB", parents=["Out"], stash_ids={E: ["1"]}),
            tag("C", description=None, renamed_from="Z"),
            studio("S", parent="T", rating100=5),
            studio("T"),
            performer("P", custom_fields={"a": 1.5}, penis_length=2.0, tags=["AB"]),
        ],
        [
            tag("Out", id="1"),
            tag("C", id="2", description="old"),
            tag("Z", id="9"),
            studio("T", id="3"),
            performer("P", id="4"),
        ],
    )


def test_a_plan_comes_back_as_it_was() -> None:
    """No value is lost, and saving again gives the same bytes."""
    plan = a_plan()
    assert plan.externals
    assert plan.warnings
    again = load(dump(plan))
    assert again == plan
    assert dump(again) == dump(plan)
    assert dump(plan).endswith(b"}\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "this is not a saved plan"),
        (b"{", "this is not a saved plan"),
        (b"[]", "this is not a saved plan"),
        (b'{"format": "other"}', "this is not a saved plan"),
        (b'{"format": "stashsync-plan", "version": 99}', "format version 99, not 3"),
        (b'{"format": "stashsync-plan", "version": 3}', "damaged"),
    ],
)
def test_what_is_no_plan_is_refused(content: bytes, message: str) -> None:
    """The error explains what the file is instead."""
    with pytest.raises(StashConfigurationError, match=message):
        load(content)


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b'{"format": "other"}', "stashsync plan --out FILE"),
        (b'{"format": "stashsync-plan", "version": 99}', "another version of stashsync"),
    ],
)
def test_what_can_be_made_anew_has_the_way_to_it(content: bytes, hint: str) -> None:
    """The hint names the command for a file of another version or of another kind."""
    with pytest.raises(StashConfigurationError) as caught:
        load(content)
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("changes", 0, "kind"), "gallery"),
        (("changes", 0, "action"), "destroy"),
        (("changes", 0, "token"), 5),
        (("changes", 0, "values"), {"nam": "x"}),
        (("changes", 0, "values"), []),
        (("changes", 0, "mark"), None),
        (("changes", 0, "mark", "line"), "1"),
        (("changes", 2, "matched"), "guess"),
        (("changes", 2, "id"), None),
        (("changes", 2, "changes"), {"nam": {"before": 1, "after": 2}}),
        (("changes", 2, "changes", "description"), {"after": 2}),
        (("operations", 0, "change"), 99),
        (("operations", 0, "change"), -1),
        (("operations", 0, "change"), 1),
        (("operations", 0, "fields"), ["name", "details"]),
        (("operations", 0, "fields"), "name"),
        (("operations", 0, "needs"), [0]),
        (("operations", 0, "after"), [5]),
        (("operations", 1, "after"), [-1]),
        (("operations", 0, "wave"), "0"),
        (("operations",), {}),
        (("operations",), []),
        (("labels",), []),
        (("labels", "tag"), {"1": 1}),
        (("externals", 0, "marks", 0, "file"), 1),
        (("warnings", 0, "message"), None),
        (("unchanged",), {"tag": "1"}),
        (("operations", 0, "content"), "scene"),
        (("operations", 0, "detour"), {"no field": 1}),
        (("source", "identity"), 1),
        (("source",), {"identity": "x", "extra": 1}),
    ],
)
def test_a_damaged_plan_is_refused(path: tuple[Any, ...], value: Any) -> None:
    """No part of a damaged plan is applied by guessing."""
    document = orjson.loads(dump(a_plan()))
    target = document
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    with pytest.raises(StashConfigurationError, match=r"damaged: (?!None$)."):
        load(orjson.dumps(document))


@pytest.mark.parametrize(("key", "value"), [("kind", "scenes"), ("field", "tagz")])
def test_a_plan_in_which_nothing_can_refer_to_an_object_is_refused(key: str, value: str) -> None:
    """What refers to others is named by a kind and a field that there are."""
    bearers = Bearers("scene", "tags", ("5",), after="1")
    change = Update("tag", "1", "A", {}, Mark("m.yaml", 1, 1), Matched.RUN, bearers=(bearers,))
    plan = Plan(changes=(change,), operations=(Operation(0, (), content="0"),))
    assert load(dump(plan)) == plan
    document = orjson.loads(dump(plan))
    document["changes"][0]["bearers"][0][key] = value
    with pytest.raises(
        StashConfigurationError, match=r"damaged: nothing refers to others by scene"
    ):
        load(orjson.dumps(document))


def test_a_plan_without_one_of_its_parts_is_refused_by_its_name() -> None:
    """The error names the missing part."""
    document = orjson.loads(dump(a_plan()))
    del document["labels"]
    with pytest.raises(StashConfigurationError, match="damaged: it has no labels"):
        load(orjson.dumps(document))


# -- whether it still fits ----------------------------------------------------------------------


def now(*resources: Resource) -> list[str]:
    """Return the messages about staleness for a server that has these objects now."""
    return [item.message for item in staleness_of(_plan(), observed_state(resources))]


def held() -> list[Resource]:
    """Return the objects that the server had when the plan was made."""
    return [
        tag("A", id="1", description="old"),
        tag("Out", id="2"),
        studio("S", id="1", image={"etag": "x"}),
        performer("Old", id="1", disambiguation="x"),
        performer("Ada", id="2"),
    ]


def _plan() -> Plan:
    return plan_of(
        [
            tag("A", description="new", parents=["Out"], aliases=["Al"]),
            tag("N", parents=["Out"]),
            studio("S", image={"file": "a.png", "md5": "y"}),
            performer("New", renamed_from="Old", tags=["N"]),
            performer("Bob"),
            performer("Ada", rating100=5),
        ],
        held(),
    )


def test_only_what_the_plan_depends_on_is_read_again() -> None:
    """Images are left out: their bytes are compared when they are sent."""
    assert fields_to_read(_plan()) == {
        "tag": {"description", "parents", "aliases"},
        "studio": frozenset(),
        "performer": {"name", "rating100", "tags"},
    }
    plan = plan_of([studio("S", tags=["T"])], [tag("T", id="1")])
    assert fields_to_read(plan) == {"studio": frozenset(), "tag": frozenset()}


def test_a_plan_fits_the_server_that_it_was_made_from() -> None:
    """Other objects may come and go without making the plan stale."""
    assert now(*held()) == []
    assert now(*held(), tag("Z", id="7"), performer("Zoe", id="9")) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tag 1": None}, 'tag "A" (id 1) is gone'),
        ({"tag 1": tag("X", id="1", description="old")}, 'tag "A" (id 1) is called "X" now'),
        ({"tag 1": tag("A", id="1", description="?")}, 'tag "A" (id 1): its description changed'),
        ({"tag 2": None}, 'tag "A": the tag "Out" (id 2) is gone'),
        ({"new": tag("n", id="7")}, '"N" belongs to the tag "n" (id 7) now'),
        ({"new": tag("X", id="7", aliases=["al"])}, '"Al" belongs to the tag "X" (id 7) now'),
        ({"new": performer("bob", id="7")}, 'performer "bob" exists now (id 7)'),
        ({"new": performer("new", id="7", disambiguation="X")}, 'performer "new (X)" exists now'),
        ({"performer 1": performer("Older", id="1", disambiguation="x")}, "its name changed"),
    ],
)
def test_what_changed_meanwhile_is_listed(change: dict[str, Resource | None], message: str) -> None:
    """The message has the object and its present state."""
    there: dict[str, Resource | None] = {f"{item.kind} {item.id}": item for item in held()}
    found = now(*(item for item in (there | change).values() if item is not None))
    assert any(message in item for item in found), found


def test_ones_own_name_in_another_case_is_not_taken() -> None:
    """The object that is to get the name has it already."""
    there = [tag("camera", id="1"), performer("ada", id="1")]
    plan = plan_of([tag("Camera"), performer("Ada")], there)
    assert plan.count("update") == 2
    assert staleness_of(plan, observed_state(there)) == []
