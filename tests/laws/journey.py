"""From one random library to another, with checks after every operation.

    seed ──> library A ──> plan, with prune ──> operation ──> operation ──> … ──> next plan: empty
        └──> library B, as manifests                 └── after each: the checks of `Watch`

Every run is decided by its number alone.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from msgspec import structs

from stashsync.applier import carry_out
from stashsync.applier.requests import request_for
from stashsync.client import StashClient
from stashsync.engine.impact import observe_impacts
from stashsync.errors import PlanError
from stashsync.kinds import KINDS, Capabilities
from stashsync.planner import (
    Create,
    Delete,
    Merge,
    Pair,
    Plan,
    Policy,
    decide,
    pair_up,
    removals,
)
from stashsync.sandbox import Sandbox
from stashsync.sandbox.library import Library
from stashsync.sandbox.library.refusals import Refusal
from stashsync.state import State, desired_state
from stashsync.wire.exchange import GraphQLTransport
from stashsync.wire.transport import over_app
from tests.laws.libraries import fill
from tests.laws.looking import Watch, content, criteria, observed, sends_nothing
from tests.laws.wishes import UNSPOKEN, add_removals, speak_less, wishes
from tests.support.direct import Direct
from tests.support.servers import NO_PAUSES

RELEASES = ("0.30.1", "0.30.1", "develop", "0.31.0", "0.31.1", "0.29.3")
PRUNE = Policy(prune=frozenset(KINDS))
OVER_HTTP = 50
"""One run of so many goes over HTTP, where a client is in it."""
HERE = Path(__file__).parent


def no_image(value: Any) -> Any:
    """Refuse to send an image: the wishes have none."""
    raise AssertionError(value)


@dataclass(frozen=True, slots=True)
class Case:
    """Start and goal of a run. `library` is library A, and `make()` returns a copy of it."""

    seed: int
    release: str
    size: int
    library: Library
    content: bytes
    """Library A, as SQLite keeps it."""
    before: State
    wanted: State
    exact: bool
    """Whether the library has to be library B in the end; merges keep more than that."""

    def make(self) -> Library:
        """Library A."""
        library = Library(None, release=self.release)
        self.fill(library)
        return library

    def fill(self, library: Library) -> None:
        """Make an empty library in memory a copy of library A."""
        library._db._connection.deserialize(self.content)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: its operations and how many of them were pieces of a split change.

    `left` are the reasons why something was left to a person.
    """

    operations: int
    detours: int
    merges: int
    left: tuple[str, ...] = ()


class Broken(AssertionError):
    """The law does not hold; the message has the seed and the place."""


@cache
def server_of(release: str) -> Capabilities:
    """Return what a client reads of a sandbox of this release."""

    async def ask() -> Capabilities:
        with Sandbox(release=release) as sandbox:
            async with StashClient(over_app(sandbox.app, retry=NO_PAUSES)) as client:
                return await client.capabilities()

    return asyncio.run(ask())


def transport_of(case: Case, sandbox: Sandbox) -> GraphQLTransport:
    """Return a transport to a sandbox: of a few runs over HTTP, to threads."""
    if case.seed % OVER_HTTP == 0:
        return over_app(sandbox.app, retry=NO_PAUSES)
    return Direct(sandbox, case.release)


def case_of(seed: int, size: int = 6, release: str = "") -> Case:
    """Return the run of this number, on a server of this release if one is given."""
    rnd = Random(seed)
    drawn = rnd.choice(RELEASES)
    release = release or drawn
    server = server_of(release)
    a, b = Library(None, release=release), Library(None, release=release)
    fill(a, Random(f"{seed} A"), size)
    fill(b, Random(f"{seed} B"), size, twins=False)
    before, after = observed(a, server), observed(b, server)
    wanted = wishes(before, after, rnd)
    exact = rnd.random() < 0.5
    if not exact:
        speak_less(wanted, rnd)
        wanted = desired_state(wanted, wanted.digest)
        _, pairs = pair_up(wanted, before, server, policy=PRUNE)
        wanted = add_removals(wanted, before, pairs, server, rnd)
    b.close()
    return Case(seed, release, size, a, a._db._connection.serialize(), before, wanted, exact)


def plan_of(
    case: Case, library: Library, now: State | None = None
) -> tuple[Plan, State, list[Pair]]:
    """Return the plan for a library that is looked into directly."""
    server = server_of(case.release)
    now = now or observed(library, server)
    context, pairs = pair_up(case.wanted, now, server, policy=PRUNE)
    going = [_with_content(removal, library) for removal in removals(context, pairs, PRUNE)]
    return decide(context, pairs, PRUNE, going), now, pairs


def _with_content(change: Delete | Merge, library: Library) -> Delete | Merge:
    if not isinstance(change, Merge) or change.native:
        return change
    ids = ", ".join(source for source, _ in change.sources)
    rows = library._db.all(f"SELECT id FROM scenes WHERE studio_id IN ({ids}) ORDER BY id")
    return structs.replace(
        change, content={"scene": tuple(str(item) for (item,) in rows)} if rows else {}
    )


def go(seed: int, size: int = 6) -> Outcome:
    """One run, operation by operation.

    Raises:
        Broken: the law does not hold for it.
    """
    case = case_of(seed, size)
    library = case.library
    try:
        plan, before, pairs = plan_of(case, library, case.before)
    except PlanError as error:
        raise Broken(
            f"seed {seed}: no plan: {[str(problem) for problem in error.problems]}"
        ) from error
    watch = Watch(library, _rooted(before, case.wanted, pairs))
    ids: dict[str, str] = {}
    server = server_of(case.release)
    for index, operation in enumerate(plan.operations):
        change = plan.changes[operation.change]
        request = request_for(plan, index, ids, server, no_image)
        if isinstance(change, Delete | Merge) and not operation.fields:
            watch.went(change)
        where = f"seed {seed}, operation {index} ({request.mutation_name} {request.variables})"
        if sends_nothing(request.mutation_name, request.variables):
            raise Broken(f"{where} sends nothing")
        try:
            row = library.mutate(request.mutation_name, request.variables)
        except Refusal as refusal:
            raise Broken(f"{where} was refused: {refusal.message}") from refusal
        if isinstance(change, Create):
            ids[change.token] = str(row["id"])
        broken = watch.broken()
        if broken:
            raise Broken(f"{where}: {broken}")
    now = _expect_end(case, library)
    _expect_nothing_lost(case, plan, pairs, before, now)
    library.close()
    return Outcome(
        len(plan.operations),
        sum(bool(item.detour) for item in plan.operations),
        plan.count("merge"),
    )


def _rooted(before: State, wanted: State, pairs: list[Pair]) -> dict[str, list[str]]:
    """Return the objects that have parents now and shall have some."""
    found: dict[str, list[str]] = {}
    for pair in pairs:
        upwards = KINDS[pair.desired.kind].hierarchy
        if upwards is None or pair.observed is None or pair.desired.absent:
            continue
        if pair.observed.values[upwards.name] and pair.desired.values[upwards.name]:
            found.setdefault(pair.desired.kind, []).append(pair.observed.id or "")
    return found


def _expect_nothing_lost(
    case: Case, plan: Plan, pairs: list[Pair], before: State, now: State
) -> None:
    """Check that a destination has the fields of merged objects that no manifest mentions."""
    had = {(item.kind, item.id): item.values for item in before}
    has = {(item.kind, item.id): item.values for item in now}
    desired = {(pair.desired.kind, pair.token): pair.desired for pair in pairs}
    for change in plan.changes:
        if isinstance(change, Merge):
            ids = [change.id, *(item for item, _ in change.sources)]
            after = has[change.kind, change.id]
            for name in UNSPOKEN:
                values = [had[change.kind, item].get(name) for item in ids]
                if name == "tags":
                    values = [
                        [item for item in items or () if ("tag", item) in has] for items in values
                    ]
                silent = name not in desired[change.kind, change.id].values
                if silent and name in after and any(values) and not after[name]:
                    raise Broken(f"seed {case.seed}: {name} is lost in {change}")
                if silent and name == "stash_ids" and name in after:
                    there = {item["stash_id"] for item in after[name]}
                    if not there >= {item["stash_id"] for items in values for item in items}:
                        raise Broken(f"seed {case.seed}: stash_ids are lost in {change}")


def _expect_end(case: Case, library: Library) -> State:
    plan, now, _ = plan_of(case, library)
    if plan.changes:
        raise Broken(f"seed {case.seed}: the next plan is not empty: {plan.changes}")
    if case.exact:
        expect_content(case, now)
    return now


def expect_content(case: Case, now: State) -> None:
    """Check that the library is the wanted one.

    Raises:
        Broken: it is not.
    """
    have, want = content(now), _wanted_content(case.wanted)
    for kind in have.keys() | want.keys():
        if have.get(kind) != want.get(kind):
            raise Broken(f"seed {case.seed}: {have.get(kind)} is not {want.get(kind)}")


def _wanted_content(wanted: State) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = {}
    for item in wanted:
        values = dict(item.values)
        for name, meaning in KINDS[item.kind].inner.items():
            resolved = meaning.resolve(values[name], lambda _, kind, name: (f"={name}", ""))
            values[name] = criteria(
                meaning, resolved, lambda _, each: each[1:] if each[0] == "=" else None
            )
        if "stash_ids" in values:
            values["stash_ids"] = sorted(
                each for ids in values["stash_ids"].values() for each in ids
            )
        found.setdefault(item.kind, []).append(values)
    for items in found.values():
        items.sort(key=repr)
    return found


def applied_one_by_one(case: Case) -> Library:
    """Make library A, and carry out the plan on it."""
    library, ids = case.make(), dict[str, str]()
    plan, _, _ = plan_of(case, library)
    for index, operation in enumerate(plan.operations):
        request = request_for(plan, index, ids, server_of(case.release), no_image)
        row = library.mutate(request.mutation_name, request.variables)
        change = plan.changes[operation.change]
        if isinstance(change, Create):
            ids[change.token] = str(row["id"])
    return library


def go_in_batches(seed: int, size: int = 6) -> None:
    """Go the same way as a client does, over HTTP and in documents, to the same library.

    Raises:
        Broken: the law does not hold for it.
    """
    case = case_of(seed, size)
    server = server_of(case.release)
    one_by_one = applied_one_by_one(case)

    async def over_http() -> State:
        with Sandbox(release=case.release) as sandbox:
            case.fill(sandbox.library)
            async with StashClient(over_app(sandbox.app, retry=NO_PAUSES)) as client:
                first = await plan_over(case, client)
                report = await carry_out(first, client, root=HERE)
                if not report.complete:
                    raise Broken(f"seed {seed}, in documents: {report.outcomes}")
                again = await plan_over(case, client)
                if again.changes:
                    raise Broken(f"seed {seed}, in documents: left to do: {again.changes}")
            return observed(sandbox.library, server)

    if content(asyncio.run(over_http())) != content(observed(one_by_one, server)):
        raise Broken(f"seed {seed}: in documents the library becomes another one")


async def plan_over(case: Case, client: StashClient) -> Plan:
    """Return the plan for the library that a client sees."""
    from stashsync.engine.observe import observe, wanted_by

    server = await client.capabilities()
    now = await observe(wanted_by(case.wanted, PRUNE.prune), client)
    context, pairs = pair_up(case.wanted, now, server, policy=PRUNE)
    going = await observe_impacts(removals(context, pairs, PRUNE), client)
    return decide(context, pairs, PRUNE, going)
