"""The first export: a library becomes new manifest files."""

from __future__ import annotations

from collections.abc import Iterable

from stashsync.kinds import KINDS
from stashsync.planner import Policy
from stashsync.pull.writing.export import Exported, export
from stashsync.state import State


def fields_to_export(policy: Policy) -> dict[str, frozenset[str]]:
    """By kind, what has to be read: all of the kinds that are chosen, of others their names."""
    chosen = kinds_of(policy)
    wanted = {name: frozenset(KINDS[name].fields) for name in chosen}
    for name in chosen:
        for spec in KINDS[name].references.values():
            wanted.setdefault(spec.meaning.references() or "", frozenset())
    return wanted


def kinds_of(policy: Policy) -> list[str]:
    """The kinds that a choice of objects can be about."""
    named = {kind for kind, _ in policy.only}
    return [name for name in KINDS if not named or name in named]


def first_export(observed: State, folder: str, policy: Policy) -> Exported:
    """New files below `folder` for the objects that the policy chooses and does not ignore."""
    return export(
        observed, folder, {name: _ids(observed, name, policy) for name in kinds_of(policy)}
    )


def _ids(observed: State, kind: str, policy: Policy) -> Iterable[str]:
    return [
        one.id or "" for one in observed.of(kind) if policy.chooses(one) and not policy.ignores(one)
    ]
