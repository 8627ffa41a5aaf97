"""The story in a dozen lines: observe, match, decide; then show, and carry out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from stashsync.client.core import Core
from stashsync.engine.evidence import GivenNames, believed
from stashsync.engine.impact import observe_impacts
from stashsync.engine.observe import (
    Reading,
    Wanted,
    observe,
    observe_images,
    observe_times,
    wanted_by,
)
from stashsync.errors import Problem, SafetyError, StalePlanError, StashConfigurationError
from stashsync.kinds import Capabilities
from stashsync.manifest import Desired
from stashsync.planner import (
    Delete,
    Merge,
    Pair,
    Plan,
    Policy,
    decide,
    pair_up,
    removals,
)
from stashsync.planner.staleness import fields_to_read, staleness_of
from stashsync.state import State

if TYPE_CHECKING:
    from stashsync.engine.baseline import Baseline

__all__ = [
    "Live",
    "Observer",
    "Reconciliation",
    "check_fresh",
    "check_safe",
    "compare",
    "make_plan",
    "reconcile",
]


class Observer(Protocol):
    """A library that can be read: a server (`Live`), or a snapshot of one."""

    async def capabilities(self) -> Capabilities:
        """Return what the server is and has."""
        ...

    async def observe(self, wanted: Wanted, like: State | None = None) -> State:
        """Read the objects of the wanted kinds, with the wanted fields that the server has.

        What is equal in `like` may be shared with it.
        """
        ...

    async def observe_images(self, pairs: Sequence[Pair]) -> None:
        """Read the images of matched objects whose manifests name one."""
        ...

    async def observe_impacts(self, removed: Sequence[Delete | Merge]) -> list[Delete | Merge]:
        """Add to removals what they touch."""
        ...

    async def observe_times(self, kind: str, ids: Sequence[str]) -> Mapping[str, str]:
        """Read when objects were created, by id (RFC 3339), where that is known."""
        ...


class Live(Struct, frozen=True):
    """A server, read through a client. `reading` is called with the progress of each kind."""

    client: Core
    reading: Reading | None = None

    async def capabilities(self) -> Capabilities:
        """Return what the server is and has; it is asked once."""
        return await self.client.capabilities()

    async def observe(self, wanted: Wanted, like: State | None = None) -> State:
        """Read objects in pages."""
        return await observe(wanted, self.client, like=like, reading=self.reading)

    async def observe_images(self, pairs: Sequence[Pair]) -> None:
        """Read images by conditional requests."""
        await observe_images(pairs, self.client)

    async def observe_impacts(self, removed: Sequence[Delete | Merge]) -> list[Delete | Merge]:
        """Count what depends on the objects that will be removed."""
        return await observe_impacts(removed, self.client)

    async def observe_times(self, kind: str, ids: Sequence[str]) -> Mapping[str, str]:
        """Read when objects were created, by id."""
        return await observe_times(kind, ids, self.client)


class Reconciliation(Struct, frozen=True):
    """A plan with both sides as it saw them.

    `pairs` are the declared objects with those of the server, `observed` all that was read, and
    `baseline` what is remembered and still to be believed.
    """

    plan: Plan
    pairs: Sequence[Pair]
    observed: State
    policy: Policy
    baseline: Baseline | None = None

    @property
    def counts(self) -> dict[str, int]:
        """How many objects of each kind the server has."""
        return {kind: len(objects) for kind, objects in self.observed.resources.items()}


async def reconcile(
    desired: Desired,
    library: Core | Observer,
    *,
    policy: Policy | None = None,
    baseline: Baseline | None = None,
    own: Callable[[], GivenNames] = dict,
) -> Reconciliation:
    """Observe the library and plan how it comes to match the manifests. Sends no mutation.

    `baseline` is what is remembered of the library; the result has what is to be believed of it.
    `own` returns the names that runs gave of which it does not know (see `evidence`).

    Raises:
        PlanError: all that cannot be carried out on this server.
        StashError: anything that kept the library from being read whole.
    """
    policy = policy or Policy()
    library = Live(library) if isinstance(library, Core) else library
    server = await library.capabilities()
    observed = await library.observe(wanted_by(desired.state, policy.prune), desired.state)
    warning = None
    if baseline is not None:
        baseline, warning = await believed(
            baseline, observed, library.observe_times, marked=bool(server.mark), own=own
        )
    context, pairs = pair_up(
        desired.state,
        observed,
        server,
        policy=policy,
        locate=desired.locate,
        remembered=baseline.ids if baseline is not None else None,
    )
    if warning is not None:
        context.warnings.append(warning)
    removed = removals(context, pairs, policy)
    await library.observe_images(pairs)
    plan = decide(context, pairs, policy, await library.observe_impacts(removed))
    return Reconciliation(plan, pairs, observed, policy, baseline)


async def make_plan(
    desired: Desired, library: Core | Observer, *, policy: Policy | None = None
) -> Plan:
    """Plan how the library comes to match the manifests. Sends no mutation.

    Raises:
        PlanError: all that cannot be carried out on this server.
        StashError: anything that kept the library from being read whole.
    """
    return (await reconcile(desired, library, policy=policy)).plan


def compare(
    desired: Desired, observed: State, server: Capabilities, *, policy: Policy | None = None
) -> Reconciliation:
    """Compare the manifests with what was read before; images and impacts are left out.

    Raises:
        PlanError: something cannot be carried out on this server.
    """
    policy = policy or Policy(lenient=True)
    context, pairs = pair_up(desired.state, observed, server, policy=policy, locate=desired.locate)
    plan = decide(context, pairs, policy, removals(context, pairs, policy))
    return Reconciliation(plan, pairs, observed, policy)


def check_safe(plan: Plan, *, force: bool = False) -> None:
    """Raise `SafetyError` if a threshold or a protection forbids the plan and it is not forced."""
    if plan.refusals and not force:
        raise SafetyError(
            "\n".join(problem.message for problem in plan.refusals),
            hint="\n".join(dict.fromkeys(problem.hint or "" for problem in plan.refusals)),
        )


async def check_fresh(plan: Plan, client: Core, *, also: Wanted | None = None) -> State:
    """Check that a saved plan still fits this server; return what was read. Sends no mutation.

    Args:
        plan: the saved plan.
        client: the server that it is to be applied to.
        also: further fields to read, by kind.

    Raises:
        StashConfigurationError: the plan was made for another library.
        StalePlanError: with everything that changed since.
    """
    server = await client.capabilities()
    if plan.source.identity not in (server.mark, server.paths):  # it may have been marked since
        raise StashConfigurationError(
            "this plan was made for another library than the one at this address",
            hint="give the address it was made for, or plan anew",
        )
    wanted: dict[str, frozenset[str]] = dict(fields_to_read(plan))
    for kind, fields in (also or {}).items():
        wanted[kind] = wanted.get(kind, frozenset()) | fields
    observed = await observe(wanted, client)
    problems = staleness_of(plan, observed) or await _more_touched(plan, observed, client)
    if problems:
        raise StalePlanError(problems, hint="make a new plan")
    return observed


async def _more_touched(plan: Plan, observed: State, client: Core) -> list[Problem]:
    """Report what came to use, or to belong to, what the plan removes after it was made.

    Content of a merged object that the plan does not know would be orphaned, and a person approved
    a delete for what it was used by. What is gone already is left out.
    """
    there = {(resource.kind, resource.id) for resource in observed}
    removed = [
        change
        for change in plan.changes
        if isinstance(change, Merge)
        or (isinstance(change, Delete) and (change.kind, change.id) in there)
    ]
    now = await observe_impacts(removed, client) if removed else []
    problems: list[Problem] = []
    for old, new in zip(removed, now, strict=True):
        what = f'{old.kind} "{old.label}"'
        if isinstance(old, Merge) and isinstance(new, Merge):
            if not old.native and new.content != old.content:
                text = f"what belongs to those merged into {what} changed"
                problems.append(Problem(text, old.mark))
            continue
        more = [
            f"{word}: {count:,}, was {old.impact.get(word, 0):,}"
            for word, count in new.impact.items()
            if count > old.impact.get(word, 0)
        ]
        if more:
            text = f"{what} is to be deleted and is used more now ({'; '.join(more)})"
            problems.append(Problem(text, old.mark))
    return problems
