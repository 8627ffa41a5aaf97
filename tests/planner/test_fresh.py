"""A saved plan in which names change hands, objects merge and go still fits its own server."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from stashsync.planner import Plan, Policy, decide, departures, pair_up
from stashsync.planner.fresh import moved
from stashsync.state import Resource, desired_state
from tests.planner.build import SERVER, observed_state, performer, studio, tag


def merging(into: Resource, *names: str) -> Resource:
    into.merge = names
    return into


def absent(one: Resource) -> Resource:
    one.absent = True
    return one


def plan_with_departures(desired: Iterable[Resource], held: Iterable[Resource]) -> Plan:
    policy = Policy()
    context, pairs = pair_up(desired_state(desired), observed_state(held), SERVER, policy=policy)
    return decide(context, pairs, policy, departures(context, pairs, policy))


def held() -> list[Resource]:
    """What the server had."""
    return [
        tag("A", id="1", aliases=["One"]),
        tag("B", id="2"),
        tag("Old", id="3", aliases=["Ancient"]),
        tag("Kept", id="4"),
        studio("North", id="1"),
        studio("Northe", id="2", aliases=["NE"]),
        performer("Ada", id="1"),
        performer("Bo", id="2"),
    ]


def the_plan() -> Plan:
    """A and B exchange names, One becomes a tag, Old goes and Kept takes its names, studios merge,
    Ada becomes Bo and Bo goes."""
    return plan_with_departures(
        [
            tag("B", id="1", aliases=[], file="m.yaml"),
            tag("A", id="2", file="m.yaml"),
            tag("One"),
            absent(tag("Old")),
            tag("Kept", aliases=["Old", "Ancient"]),
            merging(studio("North"), "Northe"),
            performer("Bo", id="1", file="m.yaml"),
            absent(performer("Bo", id="2", file="m.yaml")),
        ],
        held(),
    )


def test_what_the_plan_itself_frees_is_not_taken() -> None:
    """By a rename, an alias given up, a deletion, or a merge."""
    plan = the_plan()
    assert {one.action for one in plan.changes} == {"create", "update", "merge", "delete"}
    assert moved(plan, observed_state(held())) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tag 4": tag("Kept", id="4", aliases=["One"])}, "its aliases changed on the server"),
        ({"tag 9": tag("One", id="9")}, '"One" belongs to the tag "One" (id 9) now'),
        ({"tag 9": tag("X", id="9", aliases=["Old"])}, '"Old" belongs to the tag "X" (id 9) now'),
        ({"studio 2": studio("NE", id="2")}, 'studio "Northe" (id 2) is called "NE" now'),
        ({"performer 9": performer("bo", id="9")}, 'performer "bo" exists now (id 9)'),
    ],
)
def test_what_moved_since_is_noticed_all_the_same(
    change: dict[str, Resource | None], message: str
) -> None:
    """A text that another object took meanwhile, and merged objects that are others now."""
    there: dict[str, Resource | None] = {f"{one.kind} {one.id}": one for one in held()}
    now = [one for one in (there | change).values() if one is not None]
    found = [one.message for one in moved(the_plan(), observed_state(now))]
    assert any(message in one for one in found), found
