"""The baseline: the values that were written or found equal, per object and field."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from stashsync.applier import carry_out
from stashsync.engine.baseline import (
    Baseline,
    after_apply,
    after_pull,
    dump,
    load,
    same,
)
from stashsync.engine.observe import wanted_by
from stashsync.engine.reconcile import Live, check_fresh, compare, reconcile
from stashsync.errors import StashConfigurationError
from stashsync.kinds import KINDS
from stashsync.manifest import load as load_manifests
from stashsync.outcomes import Status
from stashsync.planner import Policy, pair_up
from stashsync.planner.saved import dump as dump_plan
from stashsync.planner.saved import load as load_plan
from stashsync.sandbox import Sandbox
from stashsync.sandbox.library.refusals import Refusal
from tests.engine.support import Bench
from tests.support.libraries import fill
from tests.support.servers import assert_complete, client_of
from tests.test_cases import CASES, PICTURE, STORIES

PLANNED = [story for story in STORIES if not (CASES / story / "errors.txt").exists()]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Make an empty sandbox and an empty project."""
    with Sandbox() as server:
        yield Bench(tmp_path, server)


@pytest.mark.parametrize("saved", [False, True], ids=["planned", "saved"])
@pytest.mark.parametrize("story", PLANNED)
def test_the_baseline_is_what_another_reading_would_find(story: str, saved: bool) -> None:
    """For every case, the baseline from plan and outcomes equals one from a new reading."""
    root = CASES / story
    library: dict[str, Any] = yaml.safe_load((root / "library.yaml").read_text("utf-8")) or {}
    policy = Policy(
        lenient=library.get("lenient", False), prune=frozenset(library.get("prune", ()))
    )
    desired = load_manifests(root)
    with Sandbox(release=library.get("release", "0.30.1"), fetch_image=lambda _: PICTURE) as server:
        fill(server, library, root)

        async def run() -> tuple[Baseline, Baseline]:
            async with client_of(server) as client:
                found = await reconcile(desired, client, policy=policy)
                plan, observed, seen = found.plan, found.observed, found
                capabilities = await client.capabilities()
                if saved:
                    plan = load_plan(dump_plan(plan))
                    also = wanted_by(desired.state)
                    observed = await check_fresh(plan, client, also=also)
                    seen = compare(desired, observed, capabilities, policy=policy)
                report = await carry_out(plan, client, root=root)
                assert_complete(report)
                remembered = after_apply(report, seen, observed)
                now = await Live(client).observe(wanted_by(desired.state))
            _, pairs = pair_up(desired.state, now, capabilities, policy=Policy(lenient=True))
            return remembered, after_pull(capabilities.identity, pairs, now, Policy())

        remembered, read = asyncio.run(run())
    assert remembered.library == read.library
    for kind in KINDS.values():
        mine, theirs = (baseline.objects.get(kind.name, {}) for baseline in (remembered, read))
        assert mine.keys() == theirs.keys()
        for identifier, values in mine.items():
            assert values.keys() == theirs[identifier].keys()
            for name, value in values.items():
                assert same(kind.fields[name], value, theirs[identifier][name]), name


def test_an_object_that_was_applied_is_remembered_although_another_failed(bench: Bench) -> None:
    """After an incomplete run, failed changes keep their former baseline."""
    bench.write(tags=[{"name": "A", "description": "one"}, {"name": "B", "description": "one"}])
    bench.apply()
    bench.write(tags=[{"name": "A", "description": "two"}, {"name": "B", "description": "too"}])
    inner = bench.server.library.mutate

    def refusing(field: str, args: dict[str, Any]) -> Any:
        if args["input"].get("id") == "2":
            raise Refusal("the disk is full")
        return inner(field, args)

    bench.server.library.mutate = refusing  # type: ignore[method-assign]
    report = bench.apply()
    bench.server.library.mutate = inner  # type: ignore[method-assign]
    assert [outcome.status for outcome in report.outcomes].count(Status.FAILED) == 1
    assert bench.baseline is not None
    assert bench.baseline.get("tag", "1") == {"name": "A", "description": "two"}
    assert bench.baseline.get("tag", "2") == {"name": "B", "description": "one"}


def test_what_the_policy_leaves_out_stays_as_it_was_remembered(bench: Bench) -> None:
    """A targeted apply knows nothing new of the others."""
    bench.write(tags=[{"name": "A", "description": "one"}, {"name": "B", "description": "one"}])
    bench.apply()
    bench.mutate("tagUpdate", id="2", description="theirs")
    bench.write(tags=[{"name": "A", "description": "two"}, {"name": "B", "description": "one"}])
    bench.apply(Policy(only=(("tag", "A"),)))
    assert bench.baseline is not None
    assert bench.baseline.get("tag", "1") == {"name": "A", "description": "two"}
    assert bench.baseline.get("tag", "2") == {"name": "B", "description": "one"}


def test_objects_that_are_only_referred_to_are_remembered_by_name(bench: Bench) -> None:
    """A reference then keeps its meaning when its target is gone."""
    bench.mutate("tagCreate", name="Elsewhere")
    bench.write(performers=[{"name": "Ada", "tags": ["Elsewhere"]}])
    bench.apply()
    assert bench.baseline is not None
    assert bench.baseline.names == {"tag": {"1": "Elsewhere"}}


def test_a_plan_of_other_manifests_adds_what_it_wrote(bench: Bench) -> None:
    """Other entries stay; a created object is added with its key."""
    bench.write(tags=[{"name": "A", "description": "one"}, {"name": "B", "description": "one"}])
    bench.apply()
    bench.write(
        tags=[
            {"name": "A", "description": "two"},
            {"name": "B", "description": "one"},
            {"name": "C"},
        ]
    )
    found = bench.look()
    report = bench.run(lambda client: carry_out(found.plan, client, root=bench.root))
    baseline = after_apply(report, None, found.observed, bench.baseline)
    assert baseline.get("tag", "1") == {"name": "A", "description": "two"}
    assert baseline.get("tag", "2") == {"name": "B", "description": "one"}
    assert baseline.get("tag", "3") == {"name": "C"}


def test_the_records_of_earlier_versions_are_read() -> None:
    """Their objects are the same; another library's, and what is none, are errors that say so."""
    content = {
        "format": "stashsync-record",
        "version": 1,
        "identity": "here",
        "objects": {"tag": {"1": {"name": "A"}}, "unknown": {"1": {}}},
    }
    found = load(orjson.dumps(content), "here")
    assert found == Baseline("here", {"tag": {"1": {"name": "A"}}})
    for data, message in (
        (
            orjson.dumps({**content, "identity": "there"}),
            "b.json is the baseline of another library",
        ),
        (orjson.dumps({**content, "version": 9}), "b.json is a baseline of version 9, not 1"),
        (orjson.dumps({**content, "format": "stashsync-plan"}), "b.json is no baseline"),
        (orjson.dumps({**content, "objects": 5}), "the baseline b.json is damaged: "),
        (b"{", "the baseline b.json is damaged: "),
        (b"[]", "the baseline b.json is damaged: "),
    ):
        with pytest.raises(StashConfigurationError) as caught:
            load(data, "here", "b.json")
        assert caught.value.message.startswith(message)


def test_what_a_run_created_is_remembered_with_a_time_before_the_run(bench: Bench) -> None:
    """Later runs keep it, until the object is gone; of what was there before there is none."""
    bench.mutate("tagCreate", name="Old")
    bench.write(tags=[{"name": "Old"}, {"name": "New"}])

    def remember(began: str) -> Baseline:
        seen = bench.look()
        report = bench.run(lambda client: carry_out(seen.plan, client, root=bench.root))
        found = after_apply(report, seen, seen.observed, bench.baseline, began)
        bench.baseline = load(dump(found), found.library)
        return bench.baseline

    times = {"tag": {"2": "2026-03-01T10:00:00+00:00"}}
    assert remember(times["tag"]["2"]).not_before == times
    assert remember("2026-04-01T10:00:00+00:00").not_before == times
    bench.write(tags=[{"name": "Old"}])
    assert remember("").not_before == {}


def test_values_that_are_written_again_are_counted(bench: Bench) -> None:
    """A value that something on the server undoes after every apply is not written unnoticed."""
    bench.write(tags=[{"name": "A", "description": "mine"}])
    for times in (0, 1, 2):
        bench.apply()
        assert bench.baseline is not None
        assert bench.baseline.times_rewritten("tag", "1", "description") == times
        bench.mutate("tagUpdate", id="1", description="theirs")
    bench.mutate("tagUpdate", id="1", description="mine")
    bench.apply()
    assert bench.baseline.times_rewritten("tag", "1", "description") == 0
