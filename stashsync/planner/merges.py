"""Folding objects into one: what the server does by itself, and what has to be added to it.

A merge keeps the destination's own fields and loses the others'
(docs/stash-behaviour.md#tag-merge):

    tags        names and aliases become aliases; stash_ids and the hierarchy are united (the
                hierarchy up to v0.30); description, sort name and flags of the others are lost
    performers  scenes, galleries, images and tags are united; everything else is lost
    studios     there is no merge: what belongs to them is moved, then they are deleted

What would be lost is written back: lists and maps are united, and a single value that only one of
the others has fills the gap. A list that the manifest writes whole stays as written, but that the
names of the merged always become aliases. An alias of a merged object that the manifests want for
another one goes there: the merged one gives it up first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from stashsync.fields import Value
from stashsync.fields.names import fold, has_wildcards, like
from stashsync.kinds import KINDS, Kind
from stashsync.planner.changes import FieldChange, Matched, Merge, Update
from stashsync.planner.context import Context
from stashsync.planner.match import Pair
from stashsync.state import Resource

_UNITED: Mapping[str, frozenset[str]] = {
    "tag": frozenset({"aliases", "stash_ids"}),
    "performer": frozenset({"tags"}),
}
"""The fields that the server's own merge unites. Hierarchy is told apart by release."""


@dataclass(frozen=True, slots=True)
class Folding:
    """A destination with the objects that are folded into it."""

    pair: Pair
    sources: tuple[Resource, ...]

    def change(self, *, native: bool) -> Merge:
        """The merge as a change; `native` where the server can do it by itself."""
        observed, desired = self.pair.observed, self.pair.desired
        assert observed is not None
        return Merge(
            kind=desired.kind,
            id=observed.id or "",
            label=desired.label,
            sources=tuple((one.id or "", one.label) for one in self.sources),
            mark=desired.mark,
            native=native,
        )


def native_merge(kind: Kind, context: Context) -> str | None:
    """The mutation by which this server merges objects of the kind, if it has one."""
    name = kind.mutations.merge
    return name if name and context.server.has_mutation(name) else None


def foldings(context: Context, pairs: Sequence[Pair]) -> list[Folding]:
    """The merges that are still to be done; what is not on the server any more has been."""
    found = []
    taken = {
        (pair.desired.kind, pair.observed.id): pair for pair in pairs if pair.observed is not None
    }
    claimed: dict[tuple[str, str | None], Pair] = {}
    for pair in pairs:
        if not pair.desired.merge or pair.observed is None or pair.refused:
            continue
        sources = [
            one
            for one in _sources(context, pair)
            if _may_be_folded(context, pair, one, taken, claimed)
        ]
        if sources:
            found.append(Folding(pair, tuple(sources)))
    return [one for one in found if _is_possible(context, one)]


def _sources(context: Context, pair: Pair) -> Iterator[Resource]:
    index = context.indexes[pair.desired.kind]
    seen = {pair.observed.id if pair.observed is not None else None}
    for name in pair.desired.merge:
        for resource in index.with_name(name):
            if resource.id not in seen:
                seen.add(resource.id)
                yield resource


def _may_be_folded(
    context: Context,
    pair: Pair,
    source: Resource,
    taken: Mapping[tuple[str, str | None], Pair],
    claimed: dict[tuple[str, str | None], Pair],
) -> bool:
    other = taken.get((source.kind, source.id))
    rival = claimed.setdefault((source.kind, source.id), pair)
    if other is not None:
        context.problem(
            pair.desired,
            ("merge", source.name),
            f'{pair.desired.address} merges "{source.label}", which is declared itself',
            "take it out of `merge`, or take its own declaration out",
            ((other.desired.mark, "declared here"),),
        )
    elif rival is not pair:
        context.problem(
            pair.desired,
            ("merge", source.name),
            f'"{source.label}" is merged into two objects',
            "keep one",
            ((rival.desired.mark, "also here"),),
        )
    return other is None and rival is pair


def _is_possible(context: Context, folding: Folding) -> bool:
    kind = KINDS[folding.pair.desired.kind]
    if kind.name != "performer" or native_merge(kind, context):
        return True
    context.problem(
        folding.pair.desired,
        ("merge",),
        f"{folding.pair.desired.address}: this server ({context.server.name}) cannot merge "
        f"{kind.plural}",
        "it needs Stash v0.31.0 or newer; merge them in Stash's own pages, or leave `merge` out",
    )
    return False


def fold_in(
    context: Context,
    pairs: Sequence[Pair],
    chosen: Sequence[Pair],
    some: Sequence[Folding],
    deleted: Set[tuple[str, str]] = frozenset(),
) -> list[Update]:
    """Let the pairs see the library as it is once the merges are done.

    What a merge makes of the destination becomes what it is compared with, and what would be lost
    is wished for. Gives the changes of objects that no manifest speaks of: merged ones whose
    parents or aliases the destination must not inherit, and what hangs below a merged one.
    `chosen` are those of the pairs that the plan is about; `deleted` are what it deletes, by kind
    and id.
    """
    gone = _successors(some, deleted)
    extra: list[Update] = []
    for name in sorted({one.pair.desired.kind for one in some}):
        wanted = _Wanted(context, KINDS[name], chosen)
        for folding in some:
            if folding.pair.desired.kind == name:
                extra += _fold_one(context, folding, wanted)
    for pair in chosen if gone else ():
        _forget(pair, gone)
    return extra + _lift_children(context, pairs, some, deleted)


def _successors(
    some: Sequence[Folding], deleted: Set[tuple[str, str]]
) -> dict[tuple[str, str], str | None]:
    """By kind and id of what goes, what it becomes; None where it is deleted."""
    gone: dict[tuple[str, str], str | None] = dict.fromkeys(deleted)
    for folding in some:
        observed = folding.pair.observed
        for source in folding.sources:
            gone[source.kind, source.id or ""] = observed.id if observed is not None else None
    return gone


def _forget(pair: Pair, gone: Mapping[tuple[str, str], str | None]) -> None:
    """Let what an object keeps of its references name no object that goes.

    By the time that they are sent it may be gone, and then the server refuses them.
    """
    kind, desired = KINDS[pair.desired.kind], pair.desired.values
    for name, spec in kind.references.items():
        partly = isinstance(desired.get(name), Mapping)
        if name == _upwards(kind) or pair.observed is None or not (partly or name in pair.wishes):
            continue
        target = spec.meaning.references() or ""
        before: list[str] = pair.wishes.get(name, pair.observed.values.get(name)) or []
        after = sorted(
            {one for each in before if (one := gone.get((target, each), each)) is not None}
        )
        if after != before:
            pair.wishes[name] = after


def _fold_one(context: Context, folding: Folding, wanted: _Wanted) -> Iterator[Update]:
    pair = folding.pair
    kind, observed = KINDS[pair.desired.kind], pair.observed
    assert observed is not None
    left: list[Resource] = []
    for source in folding.sources:
        without = _given_up(context, kind, source, pair, wanted)
        left.append(replace(source, values={**source.values, **without}))
        if without:
            yield _extra(source, without, folding)
    values = dict(observed.values)
    by_server = united_by_server(kind, context)
    for name in kind.fields:
        if name in ("name", "image") or name not in values:
            continue
        wish = unite(kind, name, values[name], folding.sources, observed)
        if name == "aliases":
            wish = [one for one in wish if one in values[name] or not wanted.by_another(one, pair)]
        if name in by_server:
            values[name] = unite(kind, name, values[name], left, observed)
        if wish != values[name]:
            pair.wishes[name] = wish
    pair.observed = replace(observed, values=values)


def _given_up(
    context: Context, kind: Kind, source: Resource, pair: Pair, wanted: _Wanted
) -> dict[str, Value]:
    """What an object has to become before it is merged into that of the pair, by field."""
    given_up: dict[str, Value] = {}
    upwards = _upwards(kind)
    inherited = upwards in united_by_server(kind, context)
    if inherited and upwards in pair.desired.values and source.values.get(upwards):
        given_up[upwards] = kind.fields[upwards].meaning.empty
    aliases = source.values.get("aliases") or []
    if kind.shared_names and any(wanted.is_in_the_way(one, pair) for one in aliases):
        # One with wildcards cannot be sent again: the server may take it for another's.
        given_up["aliases"] = [
            one for one in aliases if not wanted.is_in_the_way(one, pair) and not has_wildcards(one)
        ]
    return given_up


class _Wanted:
    """The names and aliases that the manifests want for the objects of one kind."""

    def __init__(self, context: Context, kind: Kind, chosen: Sequence[Pair]) -> None:
        self._by: dict[str, list[Pair]] = {}
        for pair in chosen:
            if pair.desired.kind == kind.name:
                for text in _wanted_texts(pair):
                    self._by.setdefault(text, []).append(pair)
        counts = context.server.wildcard_names(kind.name)
        self._patterns = [
            (like(one), pair)
            for one, pairs in (self._by.items() if counts else ())
            if has_wildcards(one)
            for pair in pairs
        ]

    def by_another(self, text: str, pair: Pair) -> bool:
        """Whether an object other than the pair's is to have this text."""
        return any(one is not pair for one in self._by.get(fold(text), ()))

    def is_in_the_way(self, text: str, pair: Pair) -> bool:
        """Whether the server would refuse something that another one wants because of a text."""
        return self.by_another(text, pair) or any(
            pattern.match(fold(text)) for pattern, one in self._patterns if one is not pair
        )


def _wanted_texts(pair: Pair) -> Iterator[str]:
    yield pair.desired.key[0]
    aliases = pair.desired.values.get("aliases") or ()
    for one in aliases.get("add", ()) if isinstance(aliases, Mapping) else aliases:
        yield fold(one)


def kept_before(context: Context, pair: Pair, after: Mapping[str, Value]) -> tuple[str, ...]:
    """Which of the fields `after` can be written before the merge that would lose them.

    Those of which the manifest says nothing, that the merge leaves alone, and that the merged
    ones do not hold for themselves. Aliases wait for a new name, as the old one may be among them.
    """
    kind = KINDS[pair.desired.kind]
    later = {_upwards(kind), *united_by_server(kind, context), *pair.desired.values}
    if kind.shared_names or "name" in after:
        later.add("aliases")
    return tuple(name for name in after if name in pair.wishes and name not in later)


def _upwards(kind: Kind) -> str:
    return kind.hierarchy.name if kind.hierarchy is not None else ""


def _extra(resource: Resource, after: Mapping[str, Value], folding: Folding) -> Update:
    return Update(
        kind=resource.kind,
        id=resource.id or "",
        label=resource.label,
        changes={name: FieldChange(resource.values[name], value) for name, value in after.items()},
        mark=folding.pair.desired.mark,
        matched=Matched.AROUND_MERGE,
    )


def united_by_server(kind: Kind, context: Context) -> frozenset[str]:
    """The fields of a destination that the server's own merge unites with those of the merged."""
    if not native_merge(kind, context):
        return frozenset()
    united = _UNITED[kind.name]
    merges_hierarchy = context.server.release is None or context.server.release < (0, 31, 0)
    if kind.name == "tag" and merges_hierarchy:
        return united | {_upwards(kind)}
    return united


def unite(
    kind: Kind, name: str, own: Value, sources: Sequence[Resource], destination: Resource
) -> Value:
    """The destination's value with what the others have."""
    others = [one.values.get(name) for one in sources]
    if name == "aliases":
        names = (one.name for one in sources)
        return _with_aliases(
            kind, own, [*names, *(a for o in others for a in o or ())], destination
        )
    if name == _upwards(kind):
        gone = {destination.id, *(one.id for one in sources)}
        if isinstance(own, list):
            return sorted({one for some in (own, *others) for one in some or ()} - gone)
        return own or next((one for one in others if one and one not in gone), None)
    if isinstance(own, list):
        united = list(own)
        seen = [_identity(one) for one in own]
        for one in (one for some in others for one in some or ()):
            if _identity(one) not in seen:
                seen.append(_identity(one))
                united.append(one)
        return sorted(united) if kind.fields[name].meaning.shape == "set" else united
    if isinstance(own, dict):
        united_map: dict[str, Value] = {}
        for some in reversed((own, *others)):
            united_map.update(some or {})
        return united_map
    return own or next((one for one in others if one), own)


def _with_aliases(
    kind: Kind, own: Sequence[str], others: Sequence[str], destination: Resource
) -> list[str]:
    """All of them, as one object may have them."""
    if kind.shared_names:
        return sorted({*own, *(one for one in others if fold(one) != destination.key[0])})
    taken = {one.lower() for one in (destination.name, *own)}
    united = list(own)
    for one in sorted(others):
        # Within one performer the server compares so (docs/stash-behaviour.md#performers).
        if one.lower() not in taken:
            taken.add(one.lower())
            united.append(one)
    return sorted(united)


def _identity(one: Value) -> Value:
    """What makes a member of a list itself; the time of a stash_id does not count."""
    return (one["endpoint"], one["stash_id"]) if isinstance(one, dict) else one


def _lift_children(
    context: Context,
    pairs: Sequence[Pair],
    some: Sequence[Folding],
    deleted: Set[tuple[str, str]],
) -> list[Update]:
    """Hang what is below a merged object below its destination, if the server does not.

    What is deleted anyway stays where it is: up there it might be in the way of others.
    """
    folding_of = {
        (folding.pair.desired.kind, source.id): folding
        for folding in some
        for source in folding.sources
    }
    into = {
        key: folding.pair.observed.id or ""
        for key, folding in folding_of.items()
        if folding.pair.observed
    }
    declared = {(one.desired.kind, one.observed.id): one for one in pairs if one.observed}
    extra = []
    for name in sorted({kind for kind, _ in into}):
        kind = KINDS[name]
        upwards = _upwards(kind)
        by_server = upwards in united_by_server(kind, context)
        for resource in context.observed.of(name):
            before = resource.values.get(upwards)
            if not before or (name, resource.id) in into or (name, resource.id) in deleted:
                continue
            after = lifted(name, before, into, resource.id or "")
            if after == before:
                continue
            pair = declared.get((name, resource.id))
            if by_server and pair is not None and pair.observed is not None:
                values = {**pair.observed.values, upwards: after}
                pair.observed = replace(pair.observed, values=values)
            elif pair is not None:
                pair.wishes.setdefault(upwards, after)
            elif not by_server:
                above = before if isinstance(before, list) else [before]
                cause = next(folding_of[name, one] for one in above if (name, one) in into)
                extra.append(_extra(resource, {upwards: after}, cause))
    return extra


def lifted(kind: str, parents: Value, into: Mapping[tuple[str, str | None], str], me: str) -> Value:
    """Parents once merged objects are one; never the object itself."""
    if isinstance(parents, list):
        return sorted({into.get((kind, one), one) for one in parents} - {me})
    return into.get((kind, parents), parents) if parents else parents
