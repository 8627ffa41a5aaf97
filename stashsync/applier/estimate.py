"""What carrying a plan out is expected to take: requests, time, and the hooks that will fire."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from stashsync.applier.sizes import LARGEST, START
from stashsync.client import StashClient
from stashsync.errors import StashGraphQLError
from stashsync.kinds import KINDS
from stashsync.planner import Create, Delete, Merge, Operation, Plan, Update

_REQUEST_SECONDS: Final = 0.005
_OPERATION_SECONDS: Final = 0.0012
_SCAN_SECONDS: Final = 0.5e-6
"""Per object of the kind, for each name and alias that is sent: a full scan.

Source: docs/stash-behaviour.md#cost
"""
PLUGINS: Final = "query Plugins { plugins { id name enabled hooks { name hooks } } }"

Hooks = Mapping[str, Sequence[str]]
"""By event (`Tag.Create.Post`), the names of the plugins that listen, one for each hook."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate. `seconds` leaves out what plugins take: from 0.2 ms to over 0.1 s for a hook.

    `hooks` is None where the server did not say what listens; `plugins` are the names of those
    that will be called.
    """

    requests: int
    seconds: float
    hooks: int | None = None
    plugins: tuple[str, ...] = ()


async def estimate(plan: Plan, client: StashClient, *, max_batch: int = LARGEST) -> Estimate:
    """What to expect. Sends no mutation.

    Raises:
        StashError: the server gave no answer.
    """
    objects = {
        name: await client.count(KINDS[name])
        for name in KINDS
        if any(one.kind == name for one in plan.changes)
    }
    try:
        hooks = hooks_of((await client.execute(PLUGINS))["plugins"] or ())
    except StashGraphQLError:  # the plan does not depend on it
        return dry_run(plan, objects, None, max_batch=max_batch)
    return dry_run(plan, objects, hooks, max_batch=max_batch)


def hooks_of(plugins: Sequence[Mapping[str, object]]) -> Hooks:
    """What listens, from the server's rows of its plugins; those that are switched off do not."""
    found: dict[str, list[str]] = {}
    for plugin in plugins:
        hooks = plugin["hooks"] if plugin["enabled"] else None
        for hook in hooks if isinstance(hooks, list) else ():
            for event in hook["hooks"] or ():
                found.setdefault(event, []).append(str(plugin["name"]))
    return found


def dry_run(
    plan: Plan, objects: Mapping[str, int], hooks: Hooks | None, *, max_batch: int = LARGEST
) -> Estimate:
    """What to expect, where there are so many objects of each kind and so much listens."""
    requests = sum(1 for _ in _documents(plan, max_batch))
    seconds = requests * _REQUEST_SECONDS
    for operation in plan.operations:
        kind = plan.changes[operation.change].kind
        scans = _texts(plan, operation) * objects.get(kind, 0) * _SCAN_SECONDS
        seconds += _OPERATION_SECONDS + scans
    if hooks is None:
        return Estimate(requests, seconds)
    called: Counter[str] = Counter()
    for operation in plan.operations:
        event, count = _event(plan, operation)
        for plugin in hooks.get(event, ()):
            called[plugin] += count
    return Estimate(requests, seconds, sum(called.values()), tuple(sorted(called)))


def _documents(plan: Plan, max_batch: int) -> Iterator[int]:
    """The sizes of the documents, as the applier would cut them on a quick server."""
    largest = max(1, max_batch)
    size, count, inside, before = min(START, largest), 0, set[int](), ""
    for index, operation in enumerate(plan.operations):
        apart = _apart(plan, operation)
        full = count == size or not inside.isdisjoint(operation.needs)
        if count and (full or apart != before or apart == "alone"):
            yield count
            size, count, inside = min(2 * size, largest), 0, set()
        count, before = count + 1, apart
        inside.add(index)
    if count:
        yield count


def _apart(plan: Plan, operation: Operation) -> str:
    """With what an operation may share a document; "alone" with nothing."""
    change = plan.changes[operation.change]
    if isinstance(change, Delete) and not operation.fields:
        return change.kind
    if isinstance(change, Merge) and not operation.content:
        return "" if change.kind == "tag" else "alone"
    return ""


def _texts(plan: Plan, operation: Operation) -> int:
    """How many names and aliases an operation sends, where the server looks for others alike."""
    change = plan.changes[operation.change]
    if not KINDS[change.kind].shared_names:
        return 0
    count = int("name" in operation.fields)
    if "aliases" in operation.fields:
        value = operation.detour.get("aliases")
        if value is None and isinstance(change, Create):
            value = change.values["aliases"]
        elif value is None and isinstance(change, Update):
            value = change.changes["aliases"].after
        count += len(value or ())
    return count


def _event(plan: Plan, operation: Operation) -> tuple[str, int]:
    """The event that an operation causes, and how often (docs/stash-behaviour.md#hooks)."""
    change = plan.changes[operation.change]
    type_name = KINDS[change.kind].type_name
    if isinstance(change, Create) and "name" in operation.fields:
        return f"{type_name}.Create.Post", 1
    if isinstance(change, Delete) and not operation.fields:
        return f"{type_name}.Destroy.Post", 1
    if not isinstance(change, Merge):
        return f"{type_name}.Update.Post", 1
    if operation.content:
        content = operation.content
        return f"{content[0].upper()}{content[1:]}.Update.Post", len(change.content[content])
    if not change.native:
        return f"{type_name}.Destroy.Post", len(change.sources)
    return f"{type_name}.Merge.Post", int(change.kind == "tag")
