"""Steps of changes and the links between them, from which the order is computed."""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.graph import Edge
from stashsync.kinds import KINDS
from stashsync.planner import PlanContext
from stashsync.planner.diff import diff
from stashsync.planner.drafts import Draft
from stashsync.planner.moves import link_moves
from stashsync.planner.namespaces import Namespace
from stashsync.planner.resolve import Resolver, resolver
from stashsync.planner.steps import Link, Step, Steps
from stashsync.state import Resource
from tests.planner.build import paired, tag

TAG = KINDS["tag"]


def drafts_of(
    desired: Sequence[Resource], observed: Sequence[Resource]
) -> tuple[PlanContext, list[Draft], Resolver]:
    """Return the changes of tags before they are put in order."""
    context, pairs = paired(desired, observed)
    names = resolver(context, pairs)
    return context, diff(context, pairs, names)[0], names


def test_a_step_is_made_once() -> None:
    """Adding a step again returns the number of the existing one."""
    _, drafts, _ = drafts_of([tag("A", parents=["B"]), tag("B")], [tag("A", id="1")])
    steps = Steps(drafts)
    (draft,) = (each for each in drafts if each.token == "1")
    first = steps.add(draft, Step.MOVE)
    assert first == len(drafts)
    assert steps.add(draft, Step.MOVE) == first
    assert steps.get(draft, Step.MOVE) == first
    assert steps.group_of == [*range(len(drafts)), steps.number_of[draft]]
    assert steps.steps == [*[Step.CLAIM] * len(drafts), Step.MOVE]


def test_of_several_reasons_for_a_pair_the_strongest_counts() -> None:
    """The order in which the links are added does not matter."""
    _, drafts, _ = drafts_of([tag("A"), tag("B")], [])
    steps = Steps(drafts)
    for link in (Link.AFTER, Link.NEED, Link.WAIT):
        steps.link(0, 1, link)
    assert steps.links == [Link.NEED]
    assert steps.edges == [Edge(0, 1, 1)]


def test_on_a_circle_moves_are_ordered_and_nothing_else() -> None:
    """Other fields of the moving objects wait for nothing."""
    context, drafts, _ = drafts_of(
        [tag("A", parents=["B"], description="x"), tag("B", parents=[], description="y")],
        [tag("A", id="1"), tag("B", id="2", parents=["1"])],
    )
    steps = Steps(drafts)
    link_moves(context, TAG, drafts, steps)
    (edge,) = steps.edges
    moved = [(drafts[steps.group_of[number]].token, steps.steps[number]) for number in edge[:2]]
    assert moved == [("2", Step.MOVE), ("1", Step.MOVE)]


def test_what_steps_aside_keeps_its_pair() -> None:
    """A fault of such a change can then be reported at its place in the manifest."""
    context, drafts, names = drafts_of([tag("A_"), tag("AB")], [tag("AB", id="1")])
    (aside,) = Namespace(context, TAG, drafts, names.pair_of["tag"]).step_aside()
    assert aside.pair is names.pair_of["tag"]["1"]


def test_a_temporary_name_costs_more_than_any_other_step() -> None:
    """Whatever else the change gives up, and in whichever order that was found."""
    _, drafts, _ = drafts_of([tag("A"), tag("B"), tag("C")], [])
    costs = {
        0: (Step.RELEASE_NAME, Step.RELEASE_ALIASES, Step.MOVE),
        1: (Step.RELEASE_ALIASES, Step.RELEASE_NAME),
        2: (Step.KEEP, Step.MOVE),
    }
    steps = Steps(drafts)
    assert steps.costs() == {}
    for number, kinds in costs.items():
        for kind in kinds:
            steps.add(drafts[number], kind)
    assert steps.costs() == {0: 2, 1: 2, 2: 1}
