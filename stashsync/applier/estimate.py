"""Estimate what a plan takes: the documents of a dry run, their time, the hooks they fire."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from stashsync.applier.cutting import Sent
from stashsync.applier.dry_run import DryRun
from stashsync.applier.sizes import LARGEST, USUAL_COST
from stashsync.client.core import Core
from stashsync.errors import StashGraphQLError
from stashsync.kinds import KINDS, Capabilities
from stashsync.planner import Plan
from stashsync.wire.operations import BatchOperation

_REQUEST_SECONDS: Final = 0.005
"""The round trip where none was measured."""
_SCAN_SECONDS: Final = 0.5e-6
"""Per object of the kind, for each name and alias that is sent (docs/stash-behaviour.md#cost)."""
PLUGINS: Final = "query Plugins { plugins { id name enabled hooks { name hooks } } }"

Hooks = Mapping[str, Sequence[str]]
"""The names of the plugins that listen, one for each hook, by event (`Tag.Create.Post`)."""

_SAVING: Final = re.compile(r"(?:bulk)?(\w+?)(Create|Update|Destroy)")
_OF_MANY: Final = {kind.plural: kind.type_name for kind in KINDS.values()}

_SCANNING: Final = {
    mutation: kind
    for kind in KINDS.values()
    if kind.shared_names
    for mutation in (kind.create_mutation, kind.update_mutation)
}
"""The mutations that compare each name and alias they get with those of all objects."""


class Estimate(Struct, frozen=True):
    """The requests and the time that a plan takes, and the plugin hooks that it fires.

    `seconds` leaves out what plugins take: from 0.2 ms to over 0.1 s for a hook. `hooks` is None
    where the server did not report its plugins; `plugins` are the names of those that are called.
    """

    requests: int
    seconds: float
    hooks: int | None = None
    plugins: tuple[str, ...] = ()


async def read_hooks(client: Core) -> Hooks | None:
    """Ask the server which plugins listen; None where it does not answer that.

    Raises:
        StashError: the server gave no answer at all.
    """
    try:
        return hooks_of((await client.execute(PLUGINS))["plugins"] or ())
    except StashGraphQLError:
        return None


def hooks_of(plugins: Sequence[Mapping[str, object]]) -> Hooks:
    """Read which plugins listen from the server's rows; those that are switched off do not."""
    found: dict[str, list[str]] = {}
    for plugin in plugins:
        hooks = plugin["hooks"] if plugin["enabled"] else None
        for hook in hooks if isinstance(hooks, list) else ():
            for event in hook["hooks"] or ():
                found.setdefault(event, []).append(str(plugin["name"]))
    return found


def estimate(
    plan: Plan,
    server: Capabilities,
    counts: Mapping[str, int],
    hooks: Hooks | None,
    *,
    root: Path = Path(),
    max_batch: int = LARGEST,
    round_trip: float | None = None,
) -> Estimate:
    """Run the plan without a server, and add up what its documents cost.

    Args:
        plan: what is estimated.
        server: what it was made for.
        counts: how many objects of each kind the server has.
        hooks: the plugins that listen, where that is known.
        root: the folder of the plan's images; these are not read.
        max_batch: the most operations in one document.
        round_trip: the shortest time in which the server answered, in seconds.
    """

    def cost(document: Sequence[Sent]) -> float:
        seconds = 0.0
        for operations, mutation in document:
            seconds += len(operations) * USUAL_COST
            kind = _SCANNING.get(mutation.mutation_name)
            if kind is not None:
                seconds += _texts(mutation) * counts.get(kind.name, 0) * _SCAN_SECONDS
        return seconds

    line = _REQUEST_SECONDS if round_trip is None else round_trip
    run = DryRun(plan, server, root, max_batch, line, cost)
    requests, called = 0, Counter[str]()
    for document in run.documents():
        requests += 1
        for _, mutation in document:
            for plugin in (hooks or {}).get(_event(mutation.mutation_name), ()):
                called[plugin] += _objects(mutation)
    if hooks is None:
        return Estimate(requests, run.seconds)
    return Estimate(requests, run.seconds, sum(called.values()), tuple(sorted(called)))


def _event(mutation: str) -> str:
    """Name the event that the mutation causes; merging performers has none.

    Source: docs/stash-behaviour.md#hooks
    """
    if mutation == "tagsMerge":
        return "Tag.Merge.Post"
    found = _SAVING.fullmatch(mutation)
    if found is None:
        return ""
    word, event = found.groups()
    return f"{_OF_MANY.get(word, word[0].upper() + word[1:])}.{event}.Post"


def _texts(mutation: BatchOperation) -> int:
    """Count the names and aliases that are sent."""
    values = mutation.variables["input"]
    return int("name" in values) + len(values.get("aliases") or ())


def _objects(mutation: BatchOperation) -> int:
    """Count the objects that the mutation is about; one for each fires the hook."""
    values = mutation.variables
    ids = values.get("ids") or values["input"].get("ids")
    return len(ids) if ids else 1
