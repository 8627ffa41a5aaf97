"""Before two sides are compared: what has to be read, and who is who after renames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from stashsync.engine.baseline import Baseline
from stashsync.engine.observe import wanted_by
from stashsync.fields.names import fold
from stashsync.kinds import KINDS, Key
from stashsync.planner import Policy
from stashsync.pull.first import kinds_of
from stashsync.state import Resource, State


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a pull is to take beside what the manifests manage.

    `into` is the file below the project that new objects go to, where they have no parent there.
    """

    all_fields: bool = False
    new: bool = False
    into: str | None = None


def fields_to_compare(desired: State, wanted: Wanted, policy: Policy) -> dict[str, frozenset[str]]:
    """By kind, what has to be read of the server."""
    found = dict(wanted_by(desired))
    if wanted.all_fields or wanted.new:
        for name in kinds_of(policy):
            if wanted.new or name in found:
                found[name] = frozenset(KINDS[name].fields)
                for spec in KINDS[name].references.values():
                    found.setdefault(spec.meaning.references() or "", frozenset())
    return found


def adopt(desired: State, observed: State, baseline: Baseline | None) -> State:
    """The desired state, with the ids that a baseline knows of objects that changed their names.

    An `id:` that is not on the server any more is taken away: its object is gone.
    """
    here = {(one.kind, one.id): one for one in observed}
    keys = {(one.kind, one.key) for one in observed}
    kept: dict[str, list[Resource]] = {}
    for name, resources in desired.resources.items():
        kept[name] = [_adopted(one, here, keys, baseline) for one in resources]
    return State(kept, desired.digest)


def _adopted(
    one: Resource,
    here: Mapping[tuple[str, str | None], Resource],
    keys: set[tuple[str, Key]],
    baseline: Baseline | None,
) -> Resource:
    if one.id is not None:
        return one if (one.kind, one.id) in here else replace(one, id=None)
    if baseline is None:
        return one
    former = [one.key, *((fold(old), *one.key[1:]) for old in one.renamed_from)]
    known = next(
        (baseline.ids[one.kind, key] for key in former if (one.kind, key) in baseline.ids), None
    )
    found = here.get((one.kind, known))
    if found is None or found.key == one.key or (one.kind, one.key) in keys:
        return one
    return replace(one, id=known)
