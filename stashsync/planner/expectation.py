"""What the objects of a plan look like as long as nothing but the plan changes them.

    value before the plan ── own operations so far ── merges and deletes of the plan ──> value now

Anything else is a change of another client. A saved plan is compared so with the whole library (see
`staleness`), a run compares the objects of each document before it is sent.

Source: docs/planning-rules.md#looking-again
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from stashsync.errors import Mark, Problem
from stashsync.fields import Value
from stashsync.fields.references import exchanged, reference_list
from stashsync.kinds import KINDS, Kind
from stashsync.planner.changes import (
    Change,
    Create,
    Delete,
    Merge,
    Update,
    as_list,
    targets_of,
    token_of,
    values_after,
)
from stashsync.planner.plan import Operation, Plan
from stashsync.planner.uniting import identity_of, lifted, unite
from stashsync.state import Resource

Identity = tuple[str, str]
"""A kind and a token: the server's id, or the placeholder of an object that the plan creates."""
Now = Mapping[Identity, Resource]
"""Objects as the server has them. One that is missing is gone."""


class ForeignChange(Struct, frozen=True):
    """What another client did to an object that a plan changes or removes.

    `label` is the name that the plan knows; `text` goes on from the address of the object.
    """

    about: Identity
    label: str
    text: str
    mark: Mark | None

    def __str__(self) -> str:
        kind, identifier = self.about
        return f'{kind} "{self.label}" (id {identifier}){self.text}'

    @property
    def problem(self) -> Problem:
        """The same as a problem of the plan."""
        return Problem(str(self), self.mark)


class Expectation:
    """The values that the objects of one plan may have.

    Args:
        plan: the plan.
        is_applied: whether an operation, given by its index, is known to be applied.
        ids: the server's ids of created objects, by their tokens. With them, a value that is the
            planned one already is as expected: it may have been sent before.
        was_sent: whether an operation, given by its index, was ever sent.
    """

    def __init__(
        self,
        plan: Plan,
        is_applied: Callable[[int], bool] = lambda _: False,
        ids: Mapping[str, str] | None = None,
        was_sent: Callable[[int], bool] = lambda _: True,
    ) -> None:
        self.plan = plan
        self.was_sent = was_sent
        self.updates: dict[Identity, Update] = {}
        self.removed: set[Identity] = set()
        self._is_applied = is_applied
        self._accepts_planned = ids is not None
        self.ids: Mapping[str, str] = {} if ids is None else ids
        self._merges: dict[Identity, Merge] = {}
        """By their destinations."""
        self._into: dict[tuple[str, str | None], str] = {}
        """By kind and id of a merged object, its destination."""
        self._pieces: dict[Identity, list[int]] = {}
        """By object, the operations that send fields of it."""
        self._identities = [(change.kind, token_of(change)) for change in plan.changes]
        for me, change in zip(self._identities, plan.changes, strict=True):
            if isinstance(change, Update):
                self.updates[me] = change
            elif isinstance(change, Delete):
                self.removed.add(me)
            elif isinstance(change, Merge):
                self._merges[me] = change
                self._into |= {(change.kind, source): change.id for source, _ in change.sources}
        self.removed.update((kind, source or "") for kind, source in self._into)
        self._kept: dict[Identity, tuple[str, ...]] = {}
        """By what is taken out of a loop, the children that it keeps."""
        for index, operation in enumerate(plan.operations):
            if operation.children is not None:
                self._kept[self._identities[operation.change]] = operation.children
            if operation.fields:
                me = self._identities[operation.change]
                self._pieces.setdefault(me, []).append(index)

    def reads(self, index: int) -> Iterator[tuple[Identity, frozenset[str]]]:
        """Yield the objects to read before an operation is sent, each with the fields to read."""
        operation = self.plan.operations[index]
        change = self.plan.changes[operation.change]
        if isinstance(change, Create) and "name" in operation.fields:
            return
        me = self._identities[operation.change]
        before = self._before(me, self.updates.get(me, change))
        fields = frozenset([name for name in before if not self._is_written(me, name)])
        yield me, fields
        for source, _ in self._merges[me].sources if me in self._merges else ():
            yield (change.kind, source), fields

    def was_there(self, kind: str, identifier: str) -> bool:
        """Whether the plan changes or removes an object that has this id."""
        me = (kind, identifier)
        return me in self.updates or me in self.removed or me in self._merges

    def differences(
        self, change: Change, now: Now, under_way: Container[int] = ()
    ) -> Iterator[ForeignChange]:
        """Yield what another client did to what the change replaces or removes.

        `under_way` are the operations that were sent, and had no answer when the reading of `now`
        began: they may have been carried out by then, or not.
        """
        me = _identity(change)
        if isinstance(change, Merge):
            for source, label in change.sources:
                about = (change.kind, source)
                yield from self._renamed(change, about, label, now, under_way)
            change = self.updates.get(me, change)
        if isinstance(change, Create | Update):
            yield from self._changed(change, now, under_way)
        else:
            yield from self._renamed(change, me, change.label, now, under_way)

    def _renamed(
        self, change: Change, about: Identity, label: str, now: Now, under_way: Container[int]
    ) -> Iterator[ForeignChange]:
        """Yield a difference where an object is gone, or has a name that the plan does not know."""
        found = now.get(about)
        if found is None:
            yield ForeignChange(about, label, " is gone", change.mark)
        elif found.label != label and found.name not in self._temporary_names(about, under_way):
            yield ForeignChange(about, label, f' is called "{found.label}" now', change.mark)

    def _changed(
        self, change: Create | Update, now: Now, under_way: Container[int]
    ) -> Iterator[ForeignChange]:
        me = _identity(change)
        found = now.get(me)
        if found is not None and self._is_as_seen(me, change, found):
            return
        pending, after = self._pending(me, change, under_way), values_after(change)
        key_fields = KINDS[change.kind].key_fields
        is_renamed = any(self.sent(me, name) is not None for name in key_fields)
        if found is None or not (is_renamed or "name" in pending):
            yield from self._renamed(change, me, change.label, now, under_way)
        for name, expected in pending.items():
            if found is None or name not in found.values:
                continue
            if not (
                self._is_planned(found, name, after.get(name))
                or any(self._leads_to(value, found, name, now) for value in expected)
            ):
                text = f": its {name} changed on the server meanwhile"
                yield ForeignChange(me, change.label, text, change.mark)

    def _is_as_seen(self, me: Identity, change: Create | Update, found: Resource) -> bool:
        """Whether an object of which nothing is written yet is still as the plan saw it."""
        kind = KINDS[change.kind]
        return (
            found.label == change.label
            and not any(map(self._is_applied, self._pieces.get(me, ())))
            and all(
                name not in found.values or _same(kind, name, found.values[name], before)
                for name, before in self._before(me, change).items()
            )
        )

    # -- what the plan has written --------------------------------------------------------------

    def sent(self, me: Identity, name: str) -> int | None:
        """Return the last operation that is known to have written a field of an object."""
        for index in reversed(self._pieces.get(me, ())):
            if name in self.plan.operations[index].fields and self._is_applied(index):
                return index
        return None

    def _asides(self, me: Identity, name: str, under_way: Container[int]) -> list[Operation]:
        """Return the operations that may have taken a field away for a while."""
        return [
            self.plan.operations[index]
            for index in self._pieces.get(me, ())
            if name in self.plan.operations[index].undo
            and (index in under_way or index == self.sent(me, name))
        ]

    def _temporary_names(self, me: Identity, under_way: Container[int]) -> list[Value]:
        return [aside.detour["name"] for aside in self._asides(me, "name", under_way)]

    def _is_written(self, me: Identity, name: str) -> bool:
        """Whether a field has got its last value: it is no concern of the plan any more."""
        sent = self.sent(me, name)
        return sent is not None and name not in self.plan.operations[sent].undo

    def _before(self, me: Identity, change: Change) -> Mapping[str, Value]:
        """Return the fields that the plan writes, as it saw them."""
        first: dict[str, Value] = {}
        if isinstance(change, Create):
            fields = KINDS[change.kind].fields
            first = {name: fields[name].meaning.empty for name in change.values}
        elif isinstance(change, Update):
            first = {name: field.before for name, field in change.changes.items()}
            first |= change.kept  # sent along: another client's change of it would be lost
            for index in self._pieces.get(me, ()):
                # What only steps aside for a moment comes back as it was, or as a merge makes it.
                first = {**self.plan.operations[index].undo, **first}
        return first

    def _pending(
        self, me: Identity, change: Create | Update, under_way: Container[int]
    ) -> dict[str, list[Value]]:
        """Return the fields that are still to be written, each with the values it may have now."""
        operations = self.plan.operations
        united: dict[str, Value] = {}
        for index in self._pieces.get(me, ()) if isinstance(change, Update) else ():
            united |= {} if operations[index].undo else operations[index].detour
        pending: dict[str, list[Value]] = {}
        for name, before in self._before(me, change).items():
            if self._is_written(me, name):
                continue
            sent = self.sent(me, name)
            whole = united.get(name, before)
            pending[name] = [before, whole] if sent is None or sent in under_way else []
            for aside in self._asides(me, name, under_way):
                fewer = aside.detour[name]
                pending[name] += [fewer, without_given_up(whole, aside.undo[name], fewer)]
        return pending

    # -- comparing ------------------------------------------------------------------------------

    def _is_planned(self, found: Resource, name: str, after: Value) -> bool:
        """Whether the object has the value already that the plan gives it."""
        if not self._accepts_planned:
            return False
        kind, value = KINDS[found.kind], found.values[name]
        if kind.fields[name].meaning.shape == "image":
            return bool(value and after and value["etag"] == after.get("md5"))
        if name in kind.references:
            ids = self.ids
            return bool(exchanged(after, lambda token: ids.get(token, token)) == value)
        if name in kind.inner:
            after = kind.inner[name].exchange(after, lambda _, token: self.ids.get(token))
        return _same(kind, name, value, after)

    def _leads_to(self, before: Value, found: Resource, name: str, now: Now) -> bool:
        """Whether the object has that value, or gets it by merges and deletes of the plan alone.

        A change of an object that something is merged into begins where the merge ends (see
        `merges`): the value before it is the united one, which no server has yet.
        """
        kind, value = KINDS[found.kind], found.values[name]
        if kind.fields[name].meaning.shape == "image":
            # Of an image that is to be removed the tag was not asked for.
            return bool(value == before or (value and before == {"etag": ""}))
        united = unite(kind, name, value, self._sources_of(found, now), found)
        return any(self.leads_to(kind, found.id or "", name, it, before) for it in (value, united))

    def leads_to(self, kind: Kind, me: str, name: str, value: Value, before: Value) -> bool:
        """Whether two values of an object are the same once the plan has merged and deleted."""
        if _same(kind, name, value, before):
            return True
        target = targets_of(kind.name).get(name)
        if target is None:
            return False
        if kind.fields[name].meaning.shape == "list":  # in this order, with descriptions
            return self._without_removed(target, value) == self._without_removed(target, before)
        me = me if target == kind.name else ""
        return self._left(target, value, me) == self._left(target, before, me)

    def _without_removed(self, target: str, value: Value) -> list[Value]:
        gone = self.removed
        return [each for each in value or () if (target, reference_list([each])[0]) not in gone]

    def _left(self, target: str, value: Value, me: str) -> list[str]:
        """Return what a reference still refers to; `me` is empty where the target is no parent."""
        tokens = as_list(lifted(target, value, self._into, me))
        return [
            token
            for token in tokens
            if (target, token) not in self.removed
            and not (me and me not in self._kept.get((target, token), (me,)))
        ]

    def _sources_of(self, found: Resource, now: Now) -> list[Resource]:
        """Return what is merged into the object, without what that releases before."""
        merge = self._merges.get((found.kind, found.id or ""))
        sources = []
        for source, _ in merge.sources if merge is not None else ():
            me = (found.kind, source)
            if me in now:
                released = values_after(self.updates[me]) if me in self.updates else {}
                sources.append(replace(now[me], values={**now[me].values, **released}))
        return sources


def _identity(change: Change) -> Identity:
    return change.kind, token_of(change)


def _same(kind: Kind, name: str, value: Value, other: Value) -> bool:
    """Whether two values are the same but for what the server adds to them."""
    if kind.fields[name].meaning.shape == "map" and isinstance(value, list):
        # After a merge they have no order of their own, and pairs may be there twice
        # (docs/stash-behaviour.md#tag-merge).
        return {identity_of(each) for each in value} == {identity_of(each) for each in other}
    return kind.fields[name].meaning.same(value, other)


def without_given_up(before: Value, whole: Value, fewer: Value) -> Value:
    """Return a list without what was given up of it for a while: `whole` was made `fewer`."""
    if not isinstance(before, list):
        return fewer
    return [member for member in before if member in fewer or member not in whole]
