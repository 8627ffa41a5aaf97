"""Whether a saved plan still fits the server that it was made for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from stashsync.errors import Problem
from stashsync.fields import Value
from stashsync.fields.names import fold
from stashsync.kinds import KINDS, Key
from stashsync.planner.changes import (
    Change,
    Delete,
    Merge,
    Update,
    references_in,
    targets_of,
    token_of,
    values_after,
)
from stashsync.planner.index import Index, aliases_in, names_in
from stashsync.planner.plan import Plan
from stashsync.planner.uniting import lifted, unite, upwards_of
from stashsync.state import Resource, State


def fields_to_read(plan: Plan) -> dict[str, frozenset[str]]:
    """Return the fields that `staleness_of` compares, by kind; images are not among them.

    Kinds that are only referred to come with no fields: their objects must still be there.
    """
    wanted: dict[str, set[str]] = {}
    for change in plan.changes:
        fields = wanted.setdefault(change.kind, set())
        if isinstance(change, Update):
            fields.update(change.changes)
        for name, target in targets_of(change.kind).items():
            if name in values_after(change):
                wanted.setdefault(target, set())
    images = {kind: {spec.name for spec in KINDS[kind].images} for kind in wanted}
    return {kind: frozenset(fields - images[kind]) for kind, fields in wanted.items()}


def staleness_of(plan: Plan, observed: State) -> list[Problem]:
    """Report what changed on the server since the plan was made, as far as it depends on that.

    Compared are the values that the plan replaces, the names it saw, the objects that it merges
    or refers to, and whether a name or an alias that it claims is still free, or is released by
    the plan itself. An object that was to be deleted and is gone already is no problem.
    """
    return list(_Staleness(plan, observed).problems())


class _Staleness:
    """One plan compared with what the server has now."""

    def __init__(self, plan: Plan, observed: State) -> None:
        self.plan = plan
        self.indexes = {name: Index(kind, observed.of(name)) for name, kind in KINDS.items()}
        self.removed: set[tuple[str, str]] = set()
        self.merges: dict[tuple[str, str], Merge] = {}
        """By the destination's kind and id."""
        self.into: dict[tuple[str, str | None], str] = {}
        """By kind and id of a merged object, its destination."""
        self.after: dict[tuple[str, str], Mapping[str, Value]] = {}
        """By kind and id of an updated object, the fields that the plan sets."""
        for change in plan.changes:
            if isinstance(change, Update):
                self.after[change.kind, change.id] = values_after(change)
            elif isinstance(change, Delete):
                self.removed.add((change.kind, change.id))
            elif isinstance(change, Merge):
                self.merges[change.kind, change.id] = change
                self.into.update({(change.kind, source): change.id for source, _ in change.sources})
        self.removed.update((kind, source or "") for kind, source in self.into)

    def problems(self) -> Iterator[Problem]:
        """Yield the problems of each change."""
        for change in self.plan.changes:
            if isinstance(change, Update):
                yield from self._changed(change)
            elif isinstance(change, Delete):
                yield from self._renamed(change, change.id, change.label)
            elif isinstance(change, Merge):
                yield from self._changed_merge(change)
            yield from self._taken(change)
            yield from self._gone_references(change)

    def _now(self, kind: str, identifier: str) -> Resource | None:
        return self.indexes[kind].by_id.get(identifier)

    # -- the objects themselves -----------------------------------------------------------------

    def _changed(self, change: Update) -> Iterator[Problem]:
        address = f'{change.kind} "{change.label}" (id {change.id})'
        now = self._now(change.kind, change.id)
        if now is None:
            yield _gone(change, change.id, change.label)
            return
        if now.label != change.label and "name" not in change.changes:
            yield Problem(f'{address} is called "{now.label}" now', change.mark)
        for name, field in change.changes.items():
            is_image = KINDS[change.kind].fields[name].meaning.shape == "image"
            if not is_image and not self._leads_to(field.before, now, name):
                yield Problem(f"{address}: its {name} changed on the server meanwhile", change.mark)

    def _changed_merge(self, change: Merge) -> Iterator[Problem]:
        """Report merged objects that are gone, and what they are merged into if that is."""
        for source, label in change.sources:
            if self._now(change.kind, source) is None:
                yield _gone(change, source, label)
            yield from self._renamed(change, source, label)
        is_updated = (change.kind, change.id) in self.after  # which reports it
        if self._now(change.kind, change.id) is None and not is_updated:
            yield _gone(change, change.id, change.label)

    def _renamed(self, change: Delete | Merge, identifier: str, label: str) -> Iterator[Problem]:
        """Report a removed object that has another name now."""
        now = self._now(change.kind, identifier)
        if now is not None and now.label != label:
            message = f'{change.kind} "{label}" (id {identifier}) is called "{now.label}" now'
            yield Problem(message, change.mark)

    def _leads_to(self, before: Value, now: Resource, name: str) -> bool:
        """Whether the object has that value, or gets it by merges alone.

        A change of an object that something is merged into begins where the merge ends (see
        `merges`): the value before it is the united one, which no server has yet.
        """
        kind, value = KINDS[now.kind], now.values.get(name)
        if value == before:
            return True
        whole = unite(kind, name, value, self._sources_of(now), now)
        if name != upwards_of(kind):
            return bool(whole == before)
        me = now.id or ""
        return before in [
            whole,
            *(lifted(now.kind, parents, self.into, me) for parents in (value, whole)),
        ]

    def _sources_of(self, now: Resource) -> list[Resource]:
        """Return what is merged into the object, without what that releases before."""
        merge = self.merges.get((now.kind, now.id or ""))
        found = []
        for identifier, _ in merge.sources if merge is not None else ():
            source = self._now(now.kind, identifier)
            if source is not None:
                released = self.after.get((now.kind, identifier), {})
                found.append(replace(source, values={**source.values, **released}))
        return found

    # -- what they need of others ---------------------------------------------------------------

    def _taken(self, change: Change) -> Iterator[Problem]:
        """Report names and aliases that were free when the plan was made and are not any more."""
        index, me = self.indexes[change.kind], token_of(change)
        kind, after = index.kind, values_after(change)
        if not kind.shared_names:
            now = index.by_id.get(me)
            if any(name in after for name in kind.key_fields):
                key = kind.key({**(now.values if now else {}), **after})
                for holder in index.with_key(key):
                    if holder.id != me and not self._releases(holder, key):
                        message = f'{kind.name} "{holder.label}" exists now (id {holder.id})'
                        yield Problem(message, change.mark)
            return
        for text in names_in(kind, after):
            for holder in index.holders.get(fold(text), ()):
                if holder.id != me and not self._releases(holder, (fold(text),)):
                    owner = f'the {kind.name} "{holder.label}" (id {holder.id})'
                    yield Problem(f'"{text}" belongs to {owner} now', change.mark)

    def _releases(self, holder: Resource, text: Key) -> bool:
        """Whether the holder has the text no more once the plan is carried out."""
        me = (holder.kind, holder.id or "")
        if me in self.removed:
            return True
        after = {**holder.values, **self.after.get(me, {})}
        kind = KINDS[holder.kind]
        texts = {kind.key(after)}
        if kind.shared_names:
            texts.update((fold(alias),) for alias in aliases_in(kind, after))
        return text not in texts

    def _gone_references(self, change: Change) -> Iterator[Problem]:
        for _, target, token in references_in(change):
            if not token.startswith("+") and self._now(target, token) is None:
                what = f'the {target} "{self.plan.label(target, token)}" (id {token})'
                yield Problem(f'{change.kind} "{change.label}": {what} is gone', change.mark)


def _gone(change: Update | Merge, identifier: str, label: str) -> Problem:
    return Problem(f'{change.kind} "{label}" (id {identifier}) is gone', change.mark)
