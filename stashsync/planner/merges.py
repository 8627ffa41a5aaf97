"""Merges: which are to be done, and what has to be added to what the server does by itself.

A merge keeps the destination's own fields and loses the others' (see `uniting`). What would be
lost is written back: lists and maps are united, and a single value that only one of the others has
fills the gap. A list that the manifest writes whole stays as written, but that the names of the
merged always become aliases. An alias of a merged object that the manifests want for another one
goes there: the merged one gives it up first, as it does one that equals a name of the merged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import structs
from msgspec.structs import replace

from stashsync.fields import Value
from stashsync.fields.names import fold, has_wildcards, like
from stashsync.fields.references import exchanged
from stashsync.kinds import KINDS, Kind, release_text
from stashsync.planner.changes import FieldChange, Matched, Merge, Update, as_list, targets_of
from stashsync.planner.context import PlanContext
from stashsync.planner.drafts import Draft, draft_of
from stashsync.planner.index import aliases_in, listed
from stashsync.planner.match import Pair
from stashsync.planner.uniting import lifted, native_merge, unite, united_by_server, upwards_of
from stashsync.state import Resource

Identity = tuple[str, str]
"""The kind and the id of an object."""


def merges_of(context: PlanContext, pairs: Sequence[Pair]) -> list[Merge]:
    """Return the merges still to be done; what is not on the server any more has been merged."""
    found = []
    taken = {
        (pair.desired.kind, pair.observed.id): pair for pair in pairs if pair.observed is not None
    }
    claimed: dict[tuple[str, str | None], Pair] = {}
    for pair in pairs:
        desired, observed = pair.desired, pair.observed
        if not desired.merge or pair.refused:
            continue
        sources = [
            source
            for place, source in _named(context, pair)
            if _may_be_merged(context, pair, place, source, taken, claimed)
        ]
        if observed is not None and sources and _is_possible(context, pair):
            found.append(
                Merge(
                    kind=desired.kind,
                    id=observed.id or "",
                    label=desired.label,
                    sources=tuple((source.id or "", source.label) for source in sources),
                    mark=desired.mark,
                    native=native_merge(KINDS[desired.kind], context) is not None,
                )
            )
    return found


def _named(context: PlanContext, pair: Pair) -> Iterator[tuple[int, Resource]]:
    """Yield the objects that a `merge` names, but the destination itself, and where it does so."""
    index = context.indexes[pair.desired.kind]
    declared = {item.key for item in context.desired.of(pair.desired.kind)}
    seen = {pair.observed.id if pair.observed is not None else None}
    for place, name in enumerate(pair.desired.merge):
        found = [item for item in index.named(name, declared) if item.id not in seen]
        seen.update(item.id for item in found)
        if len({item.key for item in found}) > 1:
            text = pair.desired.text_of(name)
            context.problem(
                pair.desired,
                ("merge", place),
                f'{pair.desired.address} merges "{text}", which may be any of {listed(found)}',
                f"name it as {{{', '.join(index.kind.key_fields)}}}",
            )
            continue
        yield from ((place, item) for item in found)


def _may_be_merged(
    context: PlanContext,
    pair: Pair,
    place: int,
    source: Resource,
    taken: Mapping[tuple[str, str | None], Pair],
    claimed: dict[tuple[str, str | None], Pair],
) -> bool:
    other = taken.get((source.kind, source.id))
    rival = claimed.setdefault((source.kind, source.id), pair)
    if other is not None:
        context.problem(
            pair.desired,
            ("merge", place),
            f'{pair.desired.address} merges "{source.label}", which is declared itself',
            "take it out of `merge`, or take its own declaration out",
            ((other.desired.mark, "declared here"),),
        )
    elif rival is not pair:
        context.problem(
            pair.desired,
            ("merge", place),
            f'"{source.label}" is merged into two objects',
            "keep one",
            ((rival.desired.mark, "also here"),),
        )
    return other is None and rival is pair


def _is_possible(context: PlanContext, pair: Pair) -> bool:
    kind = KINDS[pair.desired.kind]
    if not kind.mutations.merge or native_merge(kind, context):
        return True
    context.problem(
        pair.desired,
        ("merge",),
        f"{pair.desired.address}: this server ({context.server.name}) cannot merge {kind.plural}",
        f"it needs Stash {release_text(kind.mutations.merge_since)} or newer; merge them in "
        "Stash's own pages, or leave `merge` out",
    )
    return False


def successors_of(removals: Sequence[Draft]) -> dict[Identity, str | None]:
    """Return the destination of each object that is merged, and None of each that is deleted."""
    found: dict[Identity, str | None] = {}
    for draft in removals:
        if not draft.sources:
            found.setdefault((draft.change.kind, draft.token), None)
        found.update({(source.kind, source.id or ""): draft.token for source in draft.sources})
    return found


def merge_inputs(
    context: PlanContext, pairs: Sequence[Pair], chosen: Sequence[Pair], removals: Sequence[Draft]
) -> list[Draft]:
    """Show the pairs the library as it is once the merges are done.

    What a merge makes of the destination becomes what it is compared with, and what would be lost
    becomes `inherited`. `chosen` are the pairs that the plan is about.

    Returns:
        Changes of objects that no manifest declares: merged ones whose parents or aliases the
        destination must not inherit, and what is below a merged one.
    """
    merges = [draft for draft in removals if draft.sources]
    extra: list[Draft] = []
    for name in sorted({merge.change.kind for merge in merges}):
        wanted = _Wanted(context, KINDS[name], chosen)
        for merge in merges:
            if merge.change.kind == name:
                extra += _inherit(context, merge, wanted)
    return extra + _lift_children(context, pairs, merges, successors_of(removals))


def without_removed(
    context: PlanContext, drafts: Sequence[Draft], removals: Sequence[Draft]
) -> list[Draft]:
    """Let what objects keep of their references name no object that is removed.

    By the time that they are sent it may be gone, and then the server refuses them.
    """
    successors = successors_of(removals)
    if not successors:
        return [*drafts]
    found = (_with_successors(context, draft, successors) for draft in drafts)
    return [draft for draft in found if draft is not None]


def _with_successors(
    context: PlanContext, draft: Draft, successors: Mapping[Identity, str | None]
) -> Draft | None:
    change = draft.change
    if not isinstance(change, Update):
        return draft
    changes = dict(change.changes)
    for name, target in targets_of(change.kind).items():
        field = changes.get(name)
        if field is None or not field.after:
            continue
        after = exchanged(field.after, partial(_successor, successors, target))
        if after == field.before:
            del changes[name]
        elif after != field.after:
            changes[name] = FieldChange(field.before, after)
    if changes == change.changes:
        return draft
    changed = structs.replace(change, changes=changes)
    return draft_of(context, changed, draft.pair) if changes else None


def _successor(successors: Mapping[Identity, str | None], target: str, token: str) -> str | None:
    return successors.get((target, token), token)


def _inherit(context: PlanContext, merge: Draft, wanted: _Wanted) -> Iterator[Draft]:
    """Note what a destination gets by its merge, and what it would lose; yield further changes."""
    pair, kind = merge.pair, merge.kind
    assert pair is not None  # only manifests merge
    assert pair.observed is not None  # into an object that is there
    observed = pair.observed
    left: list[Resource] = []
    for source in merge.sources:
        released = _released(context, merge, source, wanted)
        left.append(replace(source, values={**source.values, **released}))
        if released:
            yield _extra(source, released, merge)
    values = dict(observed.values)
    by_server = united_by_server(kind, context)
    for name, spec in kind.fields.items():
        if name in kind.key_fields or spec.meaning.shape == "image" or name not in values:
            continue
        whole = unite(kind, name, values[name], merge.sources, observed)
        if spec is kind.aliases:
            own = values[name]
            whole = [alias for alias in whole if alias in own or not wanted.by_another(alias, pair)]
        if name in by_server:
            values[name] = unite(kind, name, values[name], left, observed)
        if whole != values[name]:
            pair.inherited = {**pair.inherited, name: whole}
    pair.observed = replace(observed, values=values)


def _released(
    context: PlanContext, merge: Draft, source: Resource, wanted: _Wanted
) -> dict[str, Value]:
    """Return what an object has to give up before it is merged."""
    kind, pair = merge.kind, merge.pair
    assert pair is not None  # only manifests merge
    released: dict[str, Value] = {}
    upwards, by_server = upwards_of(kind), united_by_server(kind, context)
    if upwards in by_server and upwards in pair.desired.values and source.values.get(upwards):
        released[upwards] = kind.fields[upwards].meaning.empty
    # The server adds the names to the aliases of all: docs/stash-behaviour.md#tag-merge
    names = {each.name for each in merge.sources} if _aliases(kind) in by_server else set()
    aliases = aliases_in(kind, source.values) if kind.shared_names else []
    going = [each for each in aliases if each in names or wanted.is_in_the_way(each, pair)]
    if going:
        # One with wildcards cannot be sent again: the server may take it for another's.
        released[_aliases(kind)] = [
            each for each in aliases if each not in going and not has_wildcards(each)
        ]
    return released


class _Wanted:
    """The names and aliases that the manifests want for the objects of one kind."""

    def __init__(self, context: PlanContext, kind: Kind, chosen: Sequence[Pair]) -> None:
        self._by: dict[str, list[Pair]] = {}
        for pair in chosen:
            if pair.desired.kind == kind.name:
                for text in _wanted_texts(pair):
                    self._by.setdefault(text, []).append(pair)
        counts = context.server.wildcard_names(kind.name)
        self._patterns = [
            (like(text), pair)
            for text, pairs in (self._by.items() if counts else ())
            if has_wildcards(text)
            for pair in pairs
        ]

    def by_another(self, text: str, pair: Pair) -> bool:
        """Whether an object other than the pair's is to have this text."""
        return any(other is not pair for other in self._by.get(fold(text), ()))

    def is_in_the_way(self, text: str, pair: Pair) -> bool:
        """Whether the server would refuse something that another one wants because of a text."""
        return self.by_another(text, pair) or any(
            pattern.match(fold(text)) for pattern, holder in self._patterns if holder is not pair
        )


def _wanted_texts(pair: Pair) -> Iterator[str]:
    yield fold(pair.desired.name)  # with the white space that an old server keeps
    aliases = pair.desired.values.get(_aliases(KINDS[pair.desired.kind])) or ()
    for alias in aliases.get("add", ()) if isinstance(aliases, Mapping) else aliases:
        yield fold(alias)


def fields_before_merge(
    context: PlanContext, pair: Pair, after: Mapping[str, Value]
) -> tuple[str, ...]:
    """Return which of the fields `after` can be written before the merge that would lose them.

    Those that the manifest does not mention, that the merge leaves alone, and that the merged ones
    do not hold for themselves. Aliases wait for a new name, as the old one may be among them.
    """
    kind = KINDS[pair.desired.kind]
    later = {upwards_of(kind), *united_by_server(kind, context), *pair.desired.values}
    if kind.shared_names or "name" in after:
        later.add(_aliases(kind))
    return tuple(name for name in after if name in pair.inherited and name not in later)


def _aliases(kind: Kind) -> str:
    return kind.aliases.name if kind.aliases is not None else ""


def _extra(resource: Resource, after: Mapping[str, Value], merge: Draft) -> Draft:
    change = Update(
        kind=resource.kind,
        id=resource.id or "",
        label=resource.label,
        changes={name: FieldChange(resource.values[name], value) for name, value in after.items()},
        mark=merge.desired.mark,
        matched=Matched.AROUND_MERGE,
    )
    return Draft(change, None, resource)


def _lift_children(
    context: PlanContext,
    pairs: Sequence[Pair],
    merges: Sequence[Draft],
    removed: Mapping[Identity, str | None],
) -> list[Draft]:
    """Hang what is below a merged object below its destination, if the server does not.

    What is removed anyway stays where it is: up there it might be in the way of others.
    """
    merge_of = {
        (merge.change.kind, source.id): merge for merge in merges for source in merge.sources
    }
    into = {key: merge.token for key, merge in merge_of.items()}
    declared = {(pair.desired.kind, pair.observed.id): pair for pair in pairs if pair.observed}
    extra = []
    for name in sorted({kind for kind, _ in into}):
        kind = KINDS[name]
        upwards = upwards_of(kind)
        by_server = upwards in united_by_server(kind, context)
        for resource in context.observed.of(name):
            identifier = resource.id or ""
            pair = declared.get((name, identifier))
            # A destination has what the merge unites already.
            held = pair.observed if by_server and pair is not None else resource
            assert held is not None
            before = held.values.get(upwards)
            if not before or (name, identifier) in removed:
                continue
            after = lifted(name, before, into, identifier)
            if after == before:
                continue
            if by_server and pair is not None:
                pair.observed = replace(held, values={**held.values, upwards: after})
            elif pair is not None:
                pair.inherited = {upwards: after, **pair.inherited}
            elif not by_server:
                cause = next(
                    merge_of[name, parent]
                    for parent in as_list(before)
                    if (name, parent) in merge_of
                )
                extra.append(_extra(resource, {upwards: after}, cause))
    return extra
