"""Laws of all libraries and manifests whose names do not collide.

`STASHSYNC_EXAMPLES=1000 pytest tests/acceptance/test_laws.py` looks further, and elsewhere.
"""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stashsync import applier
from stashsync.client import StashClient
from stashsync.engine import reconcile
from stashsync.kinds import KINDS
from stashsync.manifest import load
from stashsync.planner import Create, Plan
from stashsync.planner.saved import dump
from stashsync.planner.saved import load as load_plan
from stashsync.sandbox import Sandbox
from stashsync.wire.exchange import Answer
from stashsync.wire.read_only import only_queries
from tests.support.libraries import content_of, fill
from tests.support.pairs import Content, Pair, pairs
from tests.support.projects import write_project
from tests.support.servers import Tap, assert_complete, carry_out, plan_for, transport_to

EXAMPLES = int(os.environ.get("STASHSYNC_EXAMPLES", "30"))
law = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="STASHSYNC_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@contextmanager
def _server(content: Content) -> Iterator[Sandbox]:
    with Sandbox() as server:
        fill(server, content, Path())
        yield server


@contextmanager
def _project(*manifests: Content) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield write_project(Path(folder), *manifests)


def _tapped_plan(root: Path, server: Sandbox) -> tuple[Plan, Tap]:
    """Return a plan, and what was sent for it."""

    async def run() -> tuple[Plan, Tap]:
        tap = Tap(transport_to(server))
        async with StashClient(tap) as client:
            return await reconcile.make_plan(load(root), client), tap

    return asyncio.run(run())


@law
@given(pairs())
def test_after_an_apply_the_next_plan_is_empty(pair: Pair) -> None:
    """Every operation is accepted, and what is then there is what was wanted."""
    with _server(pair.library) as server, _project(pair.manifest) as root:
        plan = plan_for(root, server)
        assert_complete(carry_out(plan, server, root))
        again = plan_for(root, server)
        assert not again, again.changes


@law
@given(pairs())
def test_a_library_written_as_manifests_plans_empty(pair: Pair) -> None:
    """plan(x, x) is empty, for whatever can be in a library."""
    with _server(pair.library) as server:
        content = content_of(server)
        for item in (entry for items in content.values() for entry in items):
            if "stash_ids" in item:
                item["stash_ids"] = dict(entry.split(" ", 1) for entry in item["stash_ids"])
        if content:
            with _project(content) as root:
                plan = plan_for(root, server)
                assert not plan, plan.changes


@law
@given(pairs())
def test_planning_sends_no_mutation_and_changes_nothing(pair: Pair) -> None:
    """The documents that were sent hold no mutation, and the library is equal before and after."""
    with _server(pair.library) as server, _project(pair.manifest) as root:
        before = content_of(server)
        _, tap = _tapped_plan(root, server)
        assert all(only_queries(text) for text, _ in tap.documents)
        assert content_of(server) == before


@law
@given(pairs())
def test_inputs_hold_only_fields_that_the_manifest_mentions(pair: Pair) -> None:
    """A field that the manifest leaves out is in no input, of no create and of no update."""
    with _server(pair.library) as server, _project(pair.manifest) as root:
        desired = load(root)
        declared = {(item.kind, item.key): item for item in desired.state}
        plan = plan_for(root, server)
        expected = []
        for operation in plan.operations:
            change = plan.changes[operation.change]
            kind = KINDS[change.kind]
            written = next(item for item in declared.values() if item.mark == change.mark)
            allowed = set(written.values) | ({"aliases"} if written.keep_old_name else set())
            inputs = {kind.fields[name].input for name in allowed}
            expected.append(inputs if isinstance(change, Create) else inputs | {"id"})

        async def run() -> Tap:
            tap = Tap(transport_to(server))
            async with StashClient(tap) as client:
                # One by one: in one document equal changes would become one.
                await applier.carry_out(plan, client, root=root, max_batch=1)
            return tap

        sent = [set(item) for item in asyncio.run(run()).inputs()]
        assert len(sent) == len(expected)
        for inputs, allowed in zip(sent, expected, strict=True):
            assert inputs <= allowed


@dataclass
class _Shuffled(Tap):
    """A server that answers with its rows, and the lists in them, in random order."""

    seed: int = 0

    async def send(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
    ) -> Answer:
        answer = await super().send(text, variables, operation_name=operation_name)
        rows = (answer.data or {}).get("found", {}).get("rows", [])
        chance = random.Random(self.seed)
        chance.shuffle(rows)
        for row in rows:
            for name in ("children", "tags", "aliases", "alias_list"):
                chance.shuffle(row.get(name) or [])
        return answer


def _bytes(plan: Plan) -> bytes:
    """Return the plan as it is saved, but for the places in files and their digest."""

    def without_places(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: without_places(item)
                for key, item in value.items()
                if key not in ("mark", "marks", "digest", "file", "line", "column")
            }
        return [without_places(item) for item in value] if isinstance(value, list) else value

    return orjson.dumps(without_places(orjson.loads(dump(plan))))


@law
@given(pairs(), st.integers(0, 2**16))
def test_no_order_of_files_objects_or_rows_changes_a_plan(pair: Pair, seed: int) -> None:
    """The same two sides give the same bytes; a saved plan is the plan."""
    chance = random.Random(seed)
    scattered: list[Content] = [{}, {}, {}]
    for section, items in pair.manifest.items():
        for item in chance.sample(items, len(items)):
            chance.choice(scattered).setdefault(section, []).append(item)
    files = [entry for entry in scattered if entry]
    with (
        _server(pair.library) as server,
        _project(pair.manifest) as root,
        _project(*files) as other_root,
    ):
        plan = plan_for(root, server)
        assert load_plan(dump(plan)) == plan

        async def shuffled() -> Plan:
            async with StashClient(_Shuffled(transport_to(server), seed=seed)) as client:
                return await reconcile.make_plan(load(root), client)

        assert dump(asyncio.run(shuffled())) == dump(plan)
        assert _bytes(plan_for(other_root, server)) == _bytes(plan)


_SEEDED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from stashsync.planner.saved import dump
from stashsync.sandbox import Sandbox
from tests.support.libraries import fill
from tests.support.servers import plan_for
import yaml
root = Path(sys.argv[1])
with Sandbox(clock=lambda: datetime(2024, 5, 6, tzinfo=UTC)) as server:
    fill(server, yaml.safe_load((root / "library.yaml").read_text("utf-8")) or {}, root)
    sys.stdout.buffer.write(dump(plan_for(root, server)))
"""


def test_the_hash_seed_changes_no_plan() -> None:
    """Sets and dicts of text have another order in every process."""
    cases = Path(__file__).parents[1] / "cases"
    for story in ("every_field", "first_import"):
        found = {
            subprocess.run(
                [sys.executable, "-c", _SEEDED, str(cases / story)],
                env={**os.environ, "PYTHONHASHSEED": seed},
                cwd=cases.parents[1],
                check=True,
                capture_output=True,
            ).stdout
            for seed in ("0", "1", "77")
        }
        assert len(found) == 1
