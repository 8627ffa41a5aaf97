"""Whether a saved plan still fits the server that it was made for."""

from __future__ import annotations

from collections.abc import Iterator

from stashsync.errors import Problem
from stashsync.fields.names import fold
from stashsync.kinds import KINDS, Key
from stashsync.planner.changes import (
    Change,
    Create,
    Delete,
    Merge,
    Update,
    references_in,
    targets_of,
    token_of,
    values_after,
)
from stashsync.planner.expectation import Expectation
from stashsync.planner.index import Index, aliases_in, names_in
from stashsync.planner.plan import Plan
from stashsync.state import Resource, State


def fields_to_read(plan: Plan) -> dict[str, frozenset[str]]:
    """Return the fields that `staleness_of` compares, by kind; images are not among them.

    Kinds that are only referred to come with no fields: their objects must still be there.
    """
    wanted: dict[str, set[str]] = {}
    for change in plan.changes:
        fields = wanted.setdefault(change.kind, set())
        if isinstance(change, Update):
            fields.update(change.changes, change.kept)
        for name, target in targets_of(change.kind).items():
            if name in values_after(change):
                wanted.setdefault(target, set())
        for _, target, _ in references_in(change):
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
        self.expectation = Expectation(plan)
        self.indexes = {name: Index(kind, observed.of(name)) for name, kind in KINDS.items()}
        self.now = {(resource.kind, resource.id or ""): resource for resource in observed}

    def problems(self) -> Iterator[Problem]:
        """Yield the problems of each change."""
        updates = self.expectation.updates
        for change in self.plan.changes:
            gone = isinstance(change, Delete) and (change.kind, change.id) not in self.now
            if not isinstance(change, Create) and not gone:
                for found in self.expectation.differences(change, self.now):
                    # What differs of a destination is reported with its own change.
                    if not (isinstance(change, Merge) and found.about in updates):
                        yield found.problem
            yield from self._taken(change)
            yield from self._gone_references(change)

    # -- what they need of others ---------------------------------------------------------------

    def _taken(self, change: Change) -> Iterator[Problem]:
        """Report names and aliases that were free when the plan was made and are not any more."""
        index, me = self.indexes[change.kind], token_of(change)
        kind, after = index.kind, values_after(change)
        if not kind.shared_names:
            now = self.now.get((change.kind, me))
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
        if me in self.expectation.removed:
            return True
        update = self.expectation.updates.get(me)
        after = {**holder.values, **(values_after(update) if update is not None else {})}
        kind = KINDS[holder.kind]
        texts = {kind.key(after)}
        if kind.shared_names:
            texts.update((fold(alias),) for alias in aliases_in(kind, after))
        return text not in texts

    def _gone_references(self, change: Change) -> Iterator[Problem]:
        for _, target, token in references_in(change):
            known = token in self.plan.labels.get(target, ())
            if known and not token.startswith("+") and (target, token) not in self.now:
                what = f'the {target} "{self.plan.label(target, token)}" (id {token})'
                yield Problem(f'{change.kind} "{change.label}": {what} is gone', change.mark)
