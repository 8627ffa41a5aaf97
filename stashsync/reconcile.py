"""The story in a dozen lines: look, decide, show (elsewhere), do."""

from __future__ import annotations

from stashsync.applier import carry_out
from stashsync.client import StashClient
from stashsync.errors import SafetyError, StalePlanError, StashConfigurationError
from stashsync.impact import observe_impacts
from stashsync.manifest import Desired
from stashsync.observe import observe, observe_images, wanted_by
from stashsync.planner import Plan, Policy, decide, departures, pair_up
from stashsync.planner.fresh import fields_to_read, moved

__all__ = ["carry_out", "check_fresh", "check_safe", "make_plan"]


async def make_plan(desired: Desired, client: StashClient, *, policy: Policy | None = None) -> Plan:
    """What it takes to make the library what the manifests say. Sends no mutation.

    Raises:
        PlanError: all that cannot be carried out on this server.
        StashError: anything that kept the library from being read whole.
    """
    policy = policy or Policy()
    server = await client.capabilities()
    observed = await observe(wanted_by(desired.state, policy.prune), client)
    context, pairs = pair_up(desired.state, observed, server, policy=policy, locate=desired.locate)
    going = departures(context, pairs, policy)
    await observe_images(pairs, client)
    return decide(context, pairs, policy, await observe_impacts(going, client))


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
    if problems:
        raise StalePlanError(problems, hint="make a new plan")
