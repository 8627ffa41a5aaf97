"""The story in a dozen lines: look, decide, show (elsewhere), do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from stashsync.applier import carry_out
from stashsync.client import StashClient
from stashsync.engine.impact import observe_impacts
from stashsync.engine.observe import Reading, Wanted, observe, observe_images, wanted_by
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
    departures,
    pair_up,
)
from stashsync.planner.fresh import fields_to_read, moved
from stashsync.state import State

__all__ = ["Live", "Observer", "carry_out", "check_fresh", "check_safe", "make_plan"]


class Observer(Protocol):
    """Who knows a library: a server that is asked (`Live`), or a snapshot of one."""

    async def capabilities(self) -> Capabilities:
        """What the server is and has."""
        ...

    async def observe(self, wanted: Wanted) -> State:
        """The objects of the wanted kinds, with the wanted fields that the server has."""
        ...

    async def observe_images(self, pairs: Sequence[Pair]) -> None:
        """Tell what the images of matched objects are, where their manifests name one."""
        ...

    async def observe_impacts(self, going: Sequence[Delete | Merge]) -> list[Delete | Merge]:
        """The same changes, with what is known of what they touch."""
        ...


@dataclass(frozen=True, slots=True)
class Live:
    """A server, looked at through a client. `reading` hears how far a reading is."""

    client: StashClient
    reading: Reading | None = None

    async def capabilities(self) -> Capabilities:
        return await self.client.capabilities()

    async def observe(self, wanted: Wanted) -> State:
        return await observe(wanted, self.client, reading=self.reading)

    async def observe_images(self, pairs: Sequence[Pair]) -> None:
        await observe_images(pairs, self.client)

    async def observe_impacts(self, going: Sequence[Delete | Merge]) -> list[Delete | Merge]:
        return await observe_impacts(going, self.client)


async def make_plan(
    desired: Desired, library: StashClient | Observer, *, policy: Policy | None = None
) -> Plan:
    """What it takes to make the library what the manifests say. Sends no mutation.

    Raises:
        PlanError: all that cannot be carried out on this server.
        StashError: anything that kept the library from being read whole.
    """
    policy = policy or Policy()
    library = Live(library) if isinstance(library, StashClient) else library
    server = await library.capabilities()
    observed = await library.observe(wanted_by(desired.state, policy.prune))
    context, pairs = pair_up(desired.state, observed, server, policy=policy, locate=desired.locate)
    going = departures(context, pairs, policy)
    await library.observe_images(pairs)
    return decide(context, pairs, policy, await library.observe_impacts(going))


def check_safe(plan: Plan, *, force: bool = False) -> None:
    """Nothing, where neither a threshold nor a protection speaks against the plan.

    Raises:
        SafetyError: they do, and it is not forced.
    """
    if plan.refusals and not force:
        raise SafetyError(
            "\n".join(one.message for one in plan.refusals),
            hint="\n".join(dict.fromkeys(one.hint or "" for one in plan.refusals)),
        )


async def check_fresh(plan: Plan, client: StashClient) -> None:
    """Nothing, where a saved plan still fits this server. Sends no mutation.

    Raises:
        StashConfigurationError: the plan was made for another library.
        StalePlanError: with all that moved since.
    """
    server = await client.capabilities()
    if plan.source.identity != server.identity:
        raise StashConfigurationError(
            "this plan was made for another library than the one at this address",
            hint="give the address it was made for, or plan anew",
        )
    problems = moved(plan, await observe(fields_to_read(plan), client))
    problems = problems or await _moved_content(plan, client)
    if problems:
        raise StalePlanError(problems, hint="make a new plan")


async def _moved_content(plan: Plan, client: StashClient) -> list[Problem]:
    """What would lose its owner, because it came to a merged object after the plan was made."""
    merges = [one for one in plan.changes if isinstance(one, Merge) and not one.native]
    now = await observe_impacts(merges, client) if merges else []
    return [
        Problem(f'what belongs to those merged into {old.kind} "{old.label}" changed', old.mark)
        for old, new in zip(merges, now, strict=True)
        if isinstance(new, Merge) and new.content != old.content
    ]
