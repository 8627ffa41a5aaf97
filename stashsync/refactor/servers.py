"""Which objects of a server the manifests mean, as far as a baseline knows; nothing is asked.

A rename is planned by names, so what it means depends on the names that all objects of the kind
have and had. Objects that exchange their names look the same before and after: only ids tell them
apart (docs/planning-rules.md#matching).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from stashsync.engine.baseline import Baseline
from stashsync.errors import StashIntegrationError
from stashsync.graph import reachable
from stashsync.kinds import KINDS, Capabilities, Key
from stashsync.planner.context import PlanContext
from stashsync.planner.match import match
from stashsync.refactor.goal import Goal
from stashsync.state import Resource, State

_ANY_SERVER = Capabilities({}, {}, frozenset())
"""Which objects are meant does not depend on what a server can do."""


class KnownServer:
    """The objects that a server had after the last apply or pull."""

    def __init__(self, baseline: Baseline) -> None:
        self._baseline = baseline

    def meant(self, items: Sequence[Resource]) -> Mapping[Key, str]:
        """Return the ids of the objects that items of one kind mean, by key."""
        kind = items[0].kind
        known = self._baseline.objects.get(kind, {})
        observed = [
            Resource(kind, KINDS[kind].key(values), dict(values), identifier)
            for identifier, values in known.items()
            if values.get("name")
        ]
        sides = State({kind: list(items)}), State({kind: observed})
        return {
            pair.desired.key: pair.observed.id or ""
            for pair in match(PlanContext(*sides, _ANY_SERVER))
            if pair.observed is not None
        }

    def label(self, kind: str, identifier: str) -> str:
        """Return the name of an object on the server, with what tells it from namesakes."""
        return KINDS[kind].label(self._baseline.objects[kind][identifier])


def tell_apart(
    servers: Sequence[KnownServer], before: State, goal: Goal, renamed: Resource, key: Key
) -> dict[Key, str]:
    """Return the ids that items need where names go round, by their new key; the goal has them.

    Args:
        servers: those that are known. An id counts only where no two of them differ.
        before: the items that mean what is meant.
        goal: the items under their new names.
        renamed: the item that gets another name.
        key: its key in the goal.

    Raises:
        StashIntegrationError: they are not known.
    """
    kind = renamed.kind
    ids = _differing(servers, before.of(kind), goal.of(kind), renamed.key, key)
    for each, identifier in (ids or {}).items():
        goal.change(goal.objects[kind, each], id=identifier, renamed_from=(), keep_old_name=False)
    held = _differing(servers, before.of(kind), goal.of(kind), renamed.key, key)
    if held != {} or ids is None or (not servers and _is_unclear(goal.of(kind), key)):
        raise StashIntegrationError(
            f"{renamed.address} and others would have names that each of them had: no "
            "`renamed_from` tells which is which on the server",
            hint="Run `stashsync apply` before this last rename, or write the `id:` of each of "
            "these objects into its item.",
        )
    return ids


def _differing(
    servers: Sequence[KnownServer],
    before: Sequence[Resource],
    after: Sequence[Resource],
    old: Key,
    new: Key,
) -> dict[Key, str] | None:
    """Return the ids of objects that items do not mean any more; None if not all are known."""
    found: dict[Key, set[str]] = {}
    for server in servers:
        meant = {new if key == old else key: each for key, each in server.meant(before).items()}
        now = server.meant(after)
        for key in meant.keys() | now.keys():
            if meant.get(key) != now.get(key):
                found.setdefault(key, set()).update([meant[key]] if key in meant else [])
    if any(len(ids) != 1 for ids in found.values()):
        return None
    return {key: ids.pop() for key, ids in found.items()}


def former_keys(item: Resource) -> set[Key]:
    """Return the keys that the former names of an item may mean."""
    kind = KINDS[item.kind]
    return {key for name in item.renamed_from for key in kind.keys_named(name)}


def _is_unclear(items: Sequence[Resource], key: Key) -> bool:
    """Whether it depends on what a server has by now which object an item means.

    It does if names go round: the name of the item is a former one of another, and so on back to
    it. And if it has several former names, of which others have or had one.
    """
    item = next(each for each in items if each.key == key)
    former = former_keys(item)
    others = (other for other in items if other is not item)
    if len(item.renamed_from) > 1 and any(
        not former.isdisjoint({other.key, *former_keys(other)}) for other in others
    ):
        return True
    return _is_in_ring(items, key)


def _is_in_ring(items: Iterable[Resource], start: Key) -> bool:
    by_former: dict[Key, list[Key]] = {}
    for item in items:
        for former in former_keys(item) - {item.key}:
            by_former.setdefault(former, []).append(item.key)
    return start in reachable(by_former.get(start, ()), lambda key: by_former.get(key, ()))
