"""What a merge makes of its destination (docs/stash-behaviour.md#tag-merge).

tags        names and aliases become aliases; stash_ids and the hierarchy are united (the
            hierarchy up to v0.30, where the merge takes no `values`); description, sort name,
            flags and custom fields of the others are lost
performers  scenes, galleries, images and tags are united; everything else is lost
studios     there is no merge: what belongs to them is moved, then they are deleted
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stashsync.fields import Value
from stashsync.fields.names import fold, without_repetitions
from stashsync.fields.references import reference_list
from stashsync.kinds import Kind
from stashsync.planner.context import PlanContext
from stashsync.state import Resource


def native_merge(kind: Kind, context: PlanContext) -> str | None:
    """Return the mutation by which this server merges objects of the kind, if it has one."""
    name = kind.mutations.merge
    return name if name and context.server.has_mutation(name) else None


def upwards_of(kind: Kind) -> str:
    """Return the field that has what is above an object, or an empty text."""
    return kind.hierarchy.name if kind.hierarchy is not None else ""


def united_by_server(kind: Kind, context: PlanContext) -> frozenset[str]:
    """Return the fields that the server's own merge unites.

    A merge that takes `values` leaves the hierarchy to them (docs/stash-behaviour.md#tag-merge).
    """
    if not native_merge(kind, context):
        return frozenset()
    leaves_it = context.server.has_input(kind.mutations.merge_input, "values")
    upwards = {upwards_of(kind)} if kind.hierarchy is not None and not leaves_it else frozenset()
    return kind.mutations.merge_unites | upwards


def unite(
    kind: Kind, name: str, own: Value, sources: Sequence[Resource], destination: Resource
) -> Value:
    """Return the destination's value of a field with what the others have."""
    others = [source.values.get(name) for source in sources]
    if kind.fields[name] is kind.aliases:
        names = (source.name for source in sources)
        return _with_aliases(
            kind, own, [*names, *(a for o in others for a in o or ())], destination
        )
    if name == upwards_of(kind):
        gone = {destination.id, *(source.id for source in sources)}
        if isinstance(own, list):
            return sorted({parent for parents in (own, *others) for parent in parents or ()} - gone)
        return next((each for each in (own, *others) if each and each not in gone), None)
    if isinstance(own, list):
        united = list(own)
        seen = [identity_of(member) for member in own]
        for member in (member for members in others for member in members or ()):
            if identity_of(member) not in seen:
                seen.append(identity_of(member))
                united.append(member)
        return sorted(united) if kind.fields[name].meaning.shape == "set" else united
    if isinstance(own, dict):
        united_map: dict[str, Value] = {}
        for values in reversed((own, *others)):
            united_map.update(values or {})
        return united_map
    return own or next((value for value in others if value), own)


def _with_aliases(
    kind: Kind, own: Sequence[str], others: Sequence[str], destination: Resource
) -> list[str]:
    """Unite aliases as one object may have them."""
    if kind.shared_names:
        # An old name with white space around it is not the same as one without.
        name = fold(destination.name)
        return sorted({*own, *(alias for alias in others if fold(alias) != name)})
    return sorted([*own, *without_repetitions(sorted(others), (destination.name, *own))])


def identity_of(member: Value) -> Value:
    """Return what identifies a member of a list; the time of a stash_id does not count."""
    return (member["endpoint"], member["stash_id"]) if isinstance(member, dict) else member


def lifted(kind: str, parents: Value, into: Mapping[tuple[str, str | None], str], me: str) -> Value:
    """Return parents as they are once objects are merged `into` others; never the object itself."""
    if isinstance(parents, list):
        return sorted({into.get((kind, it), it) for it in reference_list(parents)} - {me})
    return into.get((kind, parents), parents) if parents else parents
