"""Whether a saved plan still fits the server that it was made for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from stashsync.errors import Problem
from stashsync.fields import Value
from stashsync.fields.names import fold
from stashsync.kinds import KINDS, FieldSpec, Key
from stashsync.planner.changes import Change, Delete, Merge, Update, token_of, values_after
from stashsync.planner.index import Index
from stashsync.planner.plan import Plan
from stashsync.planner.uniting import lifted, unite
from stashsync.state import Resource, State


def fields_to_read(plan: Plan) -> dict[str, frozenset[str]]:
    """By kind, the fields that `moved` compares; images are not among them.

    Kinds that are only referred to come with no fields: their objects must still be there.
    """
    wanted: dict[str, set[str]] = {}
    for change in plan.changes:
        fields = wanted.setdefault(change.kind, set())
        if isinstance(change, Update):
            fields.update(change.changes)
        for name in values_after(change):
            target = KINDS[change.kind].fields[name].meaning.references()
            if target:
                wanted.setdefault(target, set())
    return {
        kind: frozenset(fields - {spec.name for spec in KINDS[kind].images})
        for kind, fields in wanted.items()
    }


def moved(plan: Plan, observed: State) -> list[Problem]:
    """What changed on the server since the plan was made, as far as the plan depends on it.

    Compared are the values that the plan replaces, the names it saw, the objects that it merges
    or refers to, and whether a name or an alias that it takes is still free, or is given up by the
    plan itself. An object that was to be deleted and is gone already is no news. Empty where
    nothing moved.
    """
    indexes = {name: Index(kind, observed.of(name)) for name, kind in KINDS.items()}
    yielding, merging = _Yielding(plan), _Merging(plan, indexes)
    problems: list[Problem] = []
    for change in plan.changes:
        index = indexes[change.kind]
        if isinstance(change, Update):
            problems += _moved_object(change, index, merging)
        elif isinstance(change, Delete):
            problems += _renamed(change, change.id, change.label, index)
        elif isinstance(change, Merge):
            problems += _moved_merge(change, index, merging)
        problems += _taken(change, index, yielding)
        problems += _gone_references(plan, change, indexes)
    return problems


class _Yielding:
    """What the plan itself takes away from the objects that hold it: nobody is in the way there."""

    def __init__(self, plan: Plan) -> None:
        self._going = {
            (change.kind, one)
            for change in plan.changes
            for one in (
                [change.id]
                if isinstance(change, Delete)
                else [source for source, _ in change.sources]
                if isinstance(change, Merge)
                else []
            )
        }
        self._after: Mapping[tuple[str, str], Mapping[str, Value]] = {
            (change.kind, change.id): values_after(change)
            for change in plan.changes
            if isinstance(change, Update)
        }

    def frees(self, holder: Resource, text: Key) -> bool:
        """Whether the holder has the text no more once the plan is carried out."""
        me = (holder.kind, holder.id or "")
        if me in self._going:
            return True
        after = {**holder.values, **self._after.get(me, {})}
        kind = KINDS[holder.kind]
        texts = {kind.key(after)}
        if kind.shared_names:
            texts.update((fold(one),) for one in after.get("aliases") or ())
        return text not in texts


class _Merging:
    """What the merges of the plan make of values that others of its changes start from.

    A change of an object that something is merged into begins where the merge ends (see `merges`):
    the value before it is the united one, which no server has yet.
    """

    def __init__(self, plan: Plan, indexes: Mapping[str, Index]) -> None:
        self._indexes = indexes
        self._merges: dict[tuple[str, str], Merge] = {}
        self._into: dict[tuple[str, str | None], str] = {}
        self._updates: dict[tuple[str, str], Update] = {}
        for change in plan.changes:
            if isinstance(change, Merge):
                self._merges[change.kind, change.id] = change
                for source, _ in change.sources:
                    self._into[change.kind, source] = change.id
            elif isinstance(change, Update):
                self._updates[change.kind, change.id] = change

    def is_updated(self, kind: str, one: str) -> bool:
        """Whether the object changes in other ways too."""
        return (kind, one) in self._updates

    def leads_to(self, before: Value, now: Resource, name: str) -> bool:
        """Whether the object has that value, or gets it by merges alone."""
        kind, value = KINDS[now.kind], now.values.get(name)
        if value == before:
            return True
        whole = unite(kind, name, value, self._sources_of(now), now)
        if kind.hierarchy is None or name != kind.hierarchy.name:
            return bool(whole == before)
        me = now.id or ""
        return before in [whole, *(lifted(now.kind, one, self._into, me) for one in (value, whole))]

    def _sources_of(self, now: Resource) -> list[Resource]:
        """What is folded into the object, without what it gives up before."""
        merge = self._merges.get((now.kind, now.id or ""))
        found = []
        for one, _ in merge.sources if merge is not None else ():
            source = self._indexes[now.kind].by_id.get(one)
            update = self._updates.get((now.kind, one))
            if source is not None:
                given_up = values_after(update) if update is not None else {}
                found.append(replace(source, values={**source.values, **given_up}))
        return found


def _renamed(change: Delete | Merge, one: str, label: str, index: Index) -> Iterator[Problem]:
    """What is to go bears another name now."""
    now = index.by_id.get(one)
    if now is not None and now.label != label:
        message = f'{change.kind} "{label}" (id {one}) is called "{now.label}" now'
        yield Problem(message, change.mark)


def _moved_merge(change: Merge, index: Index, merging: _Merging) -> Iterator[Problem]:
    """Merged objects have to be there, and what they become has to be."""
    for source, label in change.sources:
        if source not in index.by_id:
            yield _gone(change, source, label)
        yield from _renamed(change, source, label, index)
    if change.id not in index.by_id and not merging.is_updated(change.kind, change.id):
        yield _gone(change, change.id, change.label)


def _gone(change: Update | Merge, one: str, label: str) -> Problem:
    return Problem(f'{change.kind} "{label}" (id {one}) is gone', change.mark)


def _moved_object(change: Update, index: Index, merging: _Merging) -> Iterator[Problem]:
    address = f'{change.kind} "{change.label}" (id {change.id})'
    now = index.by_id.get(change.id)
    if now is None:
        yield _gone(change, change.id, change.label)
        return
    if now.label != change.label and "name" not in change.changes:
        yield Problem(f'{address} is called "{now.label}" now', change.mark)
    for name, one in change.changes.items():
        compared = KINDS[change.kind].fields[name].meaning.shape != "image"
        if compared and not merging.leads_to(one.before, now, name):
            yield Problem(f"{address}: its {name} changed on the server meanwhile", change.mark)


def _taken(change: Change, index: Index, yielding: _Yielding) -> Iterator[Problem]:
    """Names and aliases that were free when the plan was made and are not any more."""
    kind, me = index.kind, token_of(change)
    after = values_after(change)
    if not kind.shared_names:
        now = index.by_id.get(me)
        if any(name in after for name in kind.key_fields):
            key = kind.key({**(now.values if now else {}), **after})
            for holder in index.with_key(key):
                if holder.id != me and not yielding.frees(holder, key):
                    yield Problem(
                        f'{kind.name} "{holder.label}" exists now (id {holder.id})', change.mark
                    )
        return
    claimed = [after["name"]] if "name" in after else []
    claimed += after.get("aliases") or []
    for text in claimed:
        for holder in index.holders.get(fold(text), ()):
            if holder.id != me and not yielding.frees(holder, (fold(text),)):
                yield Problem(
                    f'"{text}" belongs to the {kind.name} "{holder.label}" (id {holder.id}) now',
                    change.mark,
                )


def _gone_references(plan: Plan, change: Change, indexes: dict[str, Index]) -> Iterator[Problem]:
    for name, spec in KINDS[change.kind].references.items():
        after = values_after(change).get(name)
        for token in after if isinstance(after, list) else [after] if after else []:
            if token.startswith("+"):
                continue
            target = _target(spec)
            if token not in indexes[target].by_id:
                label = plan.label(target, token)
                yield Problem(
                    f'{change.kind} "{change.label}": the {target} "{label}" (id {token}) is gone',
                    change.mark,
                )


def _target(spec: FieldSpec) -> str:
    return spec.meaning.references() or ""
