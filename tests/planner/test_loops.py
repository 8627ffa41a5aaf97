"""Loops in the server's hierarchy are resolved as the server demands, and shown if they stay."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from stashsync.cli.checks import check_loops
from stashsync.client import StashClient
from stashsync.engine.observe import observe
from stashsync.render.graph import tree_graph
from stashsync.render.graph.model import observed_forests
from stashsync.sandbox import Sandbox
from stashsync.state import State
from tests.engine.support import Bench
from tests.planner.build import plan_of, tag
from tests.support.libraries import content_of
from tests.support.servers import assert_complete


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Yield an empty project beside an empty sandbox."""
    with Sandbox() as server:
        yield Bench(tmp_path, server)


def tied(bench: Bench, *names: str, below: bool = True) -> None:
    """Create tags that form a loop of parents, and one more below the first."""
    first, *rest = (bench.mutate("tagCreate", name=name) for name in names)
    for above, under in pairwise(rest):
        bench.mutate("tagUpdate", id=under, parent_ids=[above])
    bench.mutate("tagUpdate", id=first, parent_ids=[rest[-1]], child_ids=[rest[0]])
    if below:
        bench.mutate("tagCreate", name="Below", parent_ids=[first])


def parents_of(bench: Bench) -> dict[str, list[str]]:
    return {item["name"]: item.get("parents", []) for item in content_of(bench.server)["tags"]}


@pytest.mark.parametrize(
    ("names", "wanted", "after"),
    [
        ("PQ", {"P": []}, {"P": [], "Q": ["P"], "Below": ["P"]}),
        ("PQ", {"P": [], "Q": []}, {"P": [], "Q": [], "Below": ["P"]}),
        ("PQ", {"P": ["R"], "R": []}, {"P": ["R"], "Q": ["P"], "R": [], "Below": ["P"]}),
        ("PQ", {"Q": [], "Below": []}, {"P": ["Q"], "Q": [], "Below": []}),
        ("PQR", {"P": []}, {"P": [], "Q": ["P"], "R": ["Q"], "Below": ["P"]}),
        ("PQR", {"P": [], "R": ["P"]}, {"P": [], "Q": ["P"], "R": ["P"], "Below": ["P"]}),
        ("PQ", {"P": [], "Q": ["New"], "New": ["P"]},
         {"P": [], "Q": ["New"], "New": ["P"], "Below": ["P"]}),
    ],
)  # fmt: skip
def test_a_loop_is_taken_apart(
    bench: Bench, names: str, wanted: dict[str, list[str]], after: dict[str, list[str]]
) -> None:
    """Parents and children are sent together; a child that loses a parent by it gets it back."""
    tied(bench, *names)
    bench.write(tags=[{"name": name, "parents": above} for name, above in wanted.items()])
    seen = bench.look()
    assert "this plan takes it apart" in [each.hint for each in seen.plan.warnings]
    assert_complete(bench.apply())
    assert parents_of(bench) == after
    again = bench.look().plan
    assert not again.changes
    assert not again.warnings


def test_a_loop_is_taken_apart_by_a_merge_or_a_deletion(bench: Bench) -> None:
    """Merging or deleting a tag of the loop is enough, since the server drops the edges."""
    tied(bench, "P", "Q")
    bench.write(tags=[{"name": "P", "merge": ["Q"]}])
    assert_complete(bench.apply())
    assert parents_of(bench) == {"P": [], "Below": ["P"]}
    bench.mutate("tagCreate", name="S")
    bench.mutate("tagUpdate", id="1", parent_ids=["4"], child_ids=["4"])
    bench.write(tags=[{"name": "S", "state": "absent"}])
    assert_complete(bench.apply())
    assert parents_of(bench)["P"] == []


def test_a_loop_that_stays_is_shown(bench: Bench) -> None:
    """The plan warns about the loop, and changes elsewhere are applied."""
    tied(bench, "P", "Q")
    bench.write(tags=[{"name": "Other", "parents": []}, {"name": "P", "description": "x"}])
    plan = bench.look().plan
    (warning,) = plan.warnings
    assert warning.message == 'the hierarchy of tags on the server has a loop: "P" → "Q" → "P"'
    assert warning.hint == "give one of them its parents, such as `parents: []`"
    assert_complete(bench.apply())


def test_who_returns_is_not_counted_as_a_change() -> None:
    """A child that gets its parent back ends as it was, so its change is empty."""
    server = [tag("P", id="1", parents=["2"]), tag("Q", id="2", parents=["1"])]
    plan = plan_of([tag("P", parents=[])], server)
    first, second = plan.operations
    assert (first.fields, first.children) == (("parents",), ())
    assert (second.fields, dict(second.detour)) == (("parents",), {"parents": ["1"]})
    assert second.waits == (0,)
    assert not plan.changes[second.change].changes  # type: ignore[union-attr]


def test_doctor_and_graph_show_a_loop(bench: Bench) -> None:
    """`graph` draws each tag, with a mark where the loop begins again."""
    tied(bench, "P", "Q")
    found = bench.run(check_loops)
    assert [finding.text for finding in found] == ['a loop of tags: "P" → "Q" → "P"']
    (forest,) = [each for each in observed_forests(bench.run(every_tag)) if each.names]
    assert tree_graph([forest]).splitlines()[1:] == [
        "└── P",
        "    ├── Below",
        "    └── Q",
        "        └── P … see above",
    ]


async def every_tag(client: StashClient) -> State:
    return await observe({"tag": frozenset({"parents"})}, client)
