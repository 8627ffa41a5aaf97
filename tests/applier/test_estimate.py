"""What a plan is expected to take: requests, time, hooks."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from msgspec.structs import replace as replace_fields

from stashsync.applier.dry_run import DryRun
from stashsync.applier.estimate import Estimate, estimate, hooks_of, read_hooks
from stashsync.applier.outcomes import Report
from stashsync.applier.pictures import weight
from stashsync.errors import Mark, StashGraphQLError
from stashsync.planner import Create, Delete, Merge, Operation, Plan
from stashsync.planner.changes import FieldChange, Matched, Update
from stashsync.render.json import plan_json
from stashsync.render.text import estimate_text, plan_text
from stashsync.sandbox import Sandbox
from tests.planner.build import SERVER, plan_of, tag
from tests.support.libraries import fill
from tests.support.projects import write_project
from tests.support.servers import carry_out, plan_for

HERE = Mark("manifests/tags.yaml", 1, 1)


def plugin(name: str, *events: str, enabled: bool = True) -> dict[str, Any]:
    """Return a row of the server's plugins; one without events has no hooks."""
    hooks = [{"name": "one", "hooks": list(events)}] if events else None
    return {"id": name, "name": name, "enabled": enabled, "hooks": hooks}


PLUGINS = [
    plugin("Renamer", "Tag.Create.Post", "Tag.Update.Post"),
    plugin("Off", "Tag.Create.Post", enabled=False),
    plugin("Merger", "Tag.Merge.Post"),
    plugin("None"),
    plugin("Scenes", "Scene.Update.Post"),
    plugin("Bye", "Studio.Destroy.Post", "Tag.Destroy.Post"),
]
PLAN = Plan(
    changes=(
        Create("tag", "+1", "A", {"name": "A", "aliases": ["a", "b"]}, HERE),
        Update(
            "tag", "2", "B",
            {"name": FieldChange("B", "C"), "aliases": FieldChange([], ["x"])}, HERE, Matched.ID,
        ),
        Merge("tag", "3", "M", (("4", "N"),), HERE),
        Merge("studio", "1", "S", (("2", "T"), ("3", "U")), HERE, native=False,
              content={"scene": ("7", "8", "9")}),
        Merge("performer", "1", "P", (("2", "Q"),), HERE),
        Delete("tag", "9", "D"),
        Delete("tag", "10", "E"),
    ),
    operations=(
        Operation(0, ("name", "aliases")),
        Operation(1, ("name",), detour={"name": "⟦stashsync 2⟧ C"}, undo={"name": "B"}),
        Operation(1, ("name", "aliases"), waits=(1,)),
        Operation(2, ()),
        Operation(3, (), content="scene"),
        Operation(3, (), waits=(4,)),
        Operation(4, ()),
        Operation(5, ("aliases",), detour={"aliases": []}, undo={"aliases": ["z"]}),
        Operation(5, ()),
        Operation(6, ()),
    ),
)  # fmt: skip


def test_hooks_are_counted_by_what_happens_to_objects() -> None:
    """One for each object and listener; what is switched off does not listen."""
    found = estimate(PLAN, SERVER, {"tag": 10}, hooks_of(PLUGINS))
    assert found.plugins == ("Bye", "Merger", "Renamer", "Scenes")
    # a create, two updates and a step aside; a merge; three scenes; two studios and two tags
    assert found.hooks == 4 + 1 + 3 + 4
    assert estimate(PLAN, SERVER, {}, None).hooks is None


def test_names_and_aliases_take_time_in_a_large_library() -> None:
    """The server compares each of them with all others (docs/stash-behaviour.md#cost)."""
    small, large = (estimate(PLAN, SERVER, {"tag": count}, {}).seconds for count in (0, 100_000))
    # six texts; the merge and the deletes send none
    assert large - small == pytest.approx(6 * 100_000 * 0.5e-6)


def test_a_plan_with_nothing_in_it_takes_nothing() -> None:
    assert estimate(Plan(), SERVER, {}, {}) == Estimate(0, 0.0, 0, ())


@pytest.mark.parametrize("max_batch", [1, 7, 250])
def test_as_many_requests_are_expected_as_are_sent(max_batch: int, tmp_path: Path) -> None:
    """The estimate cuts as the applier does, where the server is quick and nothing fails."""
    have = {
        "tags": [{"name": f"T{n}"} for n in range(60)],
        "studios": [{"name": "S"}, {"name": "S2"}],
    }
    want = {
        "tags": [
            {"name": "New"},
            {"name": "Newer", "parents": ["New"]},
            *({"name": f"T{n}", "description": "d"} for n in range(40)),
            {"name": "T40", "merge": ["T41", "T42"]},
            *({"name": f"T{n}", "state": "absent"} for n in range(43, 60)),
        ],
        "studios": [{"name": "S", "merge": "S2"}],
    }
    root = write_project(tmp_path, want)
    with Sandbox() as server:
        fill(server, have, root)
        plan = plan_for(root, server)

        counts = {"tag": 60, "studio": 2}
        found = estimate(plan, SERVER, counts, {}, root=root, max_batch=max_batch)
        report: Report = carry_out(plan, server, root, max_batch=max_batch)
    assert report.complete
    assert abs(found.requests - report.requests) <= 1  # documents in flight may land in any order
    assert (found.hooks, found.plugins) == (0, ())


def test_a_server_that_does_not_list_its_plugins_stops_no_plan() -> None:
    """The rest of the estimate is made."""

    class Silent:
        async def execute(self, query: str) -> dict[str, Any]:
            raise StashGraphQLError("no")

    hooks = asyncio.run(read_hooks(Silent()))  # type: ignore[arg-type]
    assert hooks is None
    assert estimate(PLAN, SERVER, {}, hooks).requests > 0


@pytest.mark.parametrize(
    ("estimate", "text"),
    [
        (Estimate(1, 0.2, 0), "Expected: 1 request, less than a second; no plugin listens."),
        (
            Estimate(1200, 200, None),
            "Expected: 1,200 requests, about 3 min; which plugins listen could not be read.",
        ),
        (
            Estimate(2, 5, 27, ("a", 'b"\x1b')),
            "Expected: 2 requests, about 5 s, "
            'and as long as 27 hooks of plugins take ("a", "b\\"\\x1b").',
        ),
    ],
)
def test_the_estimate_is_a_sentence(estimate: Estimate, text: str) -> None:
    """It is the last line of a plan that has changes."""
    assert estimate_text(estimate) == text
    assert plan_text(PLAN, estimate=estimate).endswith(text + "\n")
    assert "Expected" not in plan_text(Plan(), estimate=estimate)
    assert f'"requests": {estimate.requests}' in plan_json(PLAN, estimate)


def test_the_hooks_of_a_server_are_read() -> None:
    """They are read from the server's list of plugins, which may be empty."""

    class Server:
        def __init__(self, plugins: list[dict[str, Any]] | None) -> None:
            self.plugins = plugins

        async def execute(self, query: str) -> dict[str, Any]:
            return {"plugins": self.plugins}

    found = asyncio.run(read_hooks(Server(PLUGINS)))  # type: ignore[arg-type]
    assert found == hooks_of(PLUGINS)
    assert asyncio.run(read_hooks(Server(None))) == {}  # type: ignore[arg-type]


def test_each_request_takes_time_whether_or_not_plugins_are_known() -> None:
    """The same operations in more requests take longer."""
    few, many = (estimate(PLAN, SERVER, {}, {}, max_batch=size) for size in (250, 1))
    assert many.requests > few.requests
    assert many.seconds > few.seconds > 0
    assert estimate(PLAN, SERVER, {}, None).seconds == few.seconds


def test_a_round_trip_is_waited_for_where_nothing_hides_it() -> None:
    """Two documents in flight share it; what needs an id of theirs waits for it once more."""
    names = [f"T{n}" for n in range(400)]
    flat = plan_of([tag(name) for name in names])
    near, far = (estimate(flat, SERVER, {}, {}, round_trip=line) for line in (0.0, 2.0))
    assert near.seconds == pytest.approx(400 * 0.0012)
    assert far.seconds == pytest.approx(2.0 + 400 * 0.0012)
    assert far.requests == 2
    chain = plan_of([tag("Parent"), tag("Child", parents=["Parent"])])
    assert estimate(chain, SERVER, {}, {}, round_trip=2.0).seconds > 4.0


def test_images_count_by_the_weight_of_their_files(tmp_path: Path) -> None:
    """A missing file counts as empty."""
    (tmp_path / "a.png").write_bytes(b"x" * 7_000_000)
    images = ({"file": "a.png", "md5": "m"}, {"file": "gone.png", "md5": "m"})
    assert [weight(value, tmp_path) for value in images] == [7_000_000 * 4 // 3, 0]
    plan = Plan(
        changes=tuple(
            Create("tag", f"+{n}", f"T{n}", {"name": f"T{n}", "image": images[0]}, HERE)
            for n in range(2)
        ),
        operations=(Operation(0, ("name", "image")), Operation(1, ("name", "image"))),
    )
    assert estimate(plan, SERVER, {}, {}, root=tmp_path).requests == 2


def test_an_update_joins_none_that_comes_before_what_it_waits_for() -> None:
    """Equal updates become one only where nothing between them has to come first."""
    plan = Plan(
        changes=(
            Update("tag", "1", "A", {"description": FieldChange("", "x")}, HERE, Matched.ID),
            Update("tag", "2", "B", {"name": FieldChange("B", "C")}, HERE, Matched.ID),
            Update("tag", "3", "D", {"description": FieldChange("", "x")}, HERE, Matched.ID),
        ),
        operations=(
            Operation(0, ("description",)),
            Operation(1, ("name",)),
            Operation(2, ("description",), waits=(1,)),
        ),
    )
    server = replace(
        SERVER,
        mutations=frozenset({"bulkTagUpdate"}),
        inputs={**SERVER.inputs, "BulkTagUpdateInput": frozenset({"ids", "description"})},
    )
    sent = [[indices for indices, _ in document] for document in DryRun(plan, server).documents()]
    assert sent == [[(0,), (1,), (2,)]]
    first, *_, last = plan.operations
    free = replace_fields(plan, operations=(first, plan.operations[1], Operation(2, last.fields)))
    sent = [[indices for indices, _ in document] for document in DryRun(free, server).documents()]
    assert sent == [[(0, 2), (1,)]]


def test_merges_that_follow_each_other_stay_merges() -> None:
    """Only deletes of one kind become one mutation."""
    plan = Plan(
        changes=(
            Merge("tag", "3", "M", (("4", "N"),), HERE),
            Merge("tag", "5", "O", (("6", "P"),), HERE),
        ),
        operations=(Operation(0, ()), Operation(1, ())),
    )
    sent = [
        (indices, mutation.mutation_name)
        for document in DryRun(plan, SERVER).documents()
        for indices, mutation in document
    ]
    assert sent == [((0,), "tagsMerge"), ((1,), "tagsMerge")]
