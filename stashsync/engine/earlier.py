"""What earlier undoes of a run did and is still in effect, by their journals. Pure.

    run ──> undo, which has to leave something ──> undo of that ──> undo of the run, once more
              adds                                   subtracts        is planned now

What an undo gave back is neither the run's nor changed since, and no later one does it again.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence, Set
from copy import deepcopy

from msgspec import Struct, field

from stashsync.applier.journal import Run
from stashsync.engine.following import followed
from stashsync.engine.history import History, Identity, Look
from stashsync.fields import Value
from stashsync.fields.references import exchanged, reference_list
from stashsync.kinds import ENTITIES, KINDS, FieldSpec
from stashsync.planner import Create, Operation, Update
from stashsync.planner.uniting import identity_of


class Written(Struct):
    """What earlier undoes wrote to a field.

    `number` is that of the run that gave it a `value` for good; None if none did. `passing` are
    the values that it got for a moment, or by operations of which no answer is known. If it gave
    something up for such a moment, `released` has that. `once` is both, from before it got its
    value. `unsent` is whether it was never sent of an object that is made again, as the undo was
    cut short.
    """

    number: int | None = None
    value: Value = None
    passing: list[Value] = field(default_factory=list)
    released: tuple[Value] | None = None
    once: tuple[list[Value], tuple[Value]] | None = None
    unsent: bool = False


class Earlier(Struct):
    """What earlier undoes of a run did and is still in effect.

    Args:
        fields: what they wrote, by object and field.
        formerly: likewise, of what one of them deleted, up to that one.
        remade: the removed objects that they made again and that are there, and the number of
            the run that did.
        gone: those that they made again and that another client has removed since.
        deleted: the objects that they deleted.
        cleared: likewise, and those that undoes of them deleted; lists are without these since.
        taken: which members of which fields they took away.
        perhaps: likewise by operations of which no answer is known.
        given: what no manifest has and they let refer to something: the field, and the id of that.
    """

    fields: dict[Identity, dict[str, Written]] = field(default_factory=dict)
    formerly: dict[Identity, dict[str, Written]] = field(default_factory=dict)
    remade: dict[Identity, int] = field(default_factory=dict)
    gone: set[Identity] = field(default_factory=set)
    deleted: set[Identity] = field(default_factory=set)
    cleared: set[Identity] = field(default_factory=set)
    taken: set[tuple[Identity, str, Hashable]] = field(default_factory=set)
    perhaps: set[tuple[Identity, str, Hashable]] = field(default_factory=set)
    given: set[tuple[Identity, str, str]] = field(default_factory=set)

    def written(self, me: Identity, name: str) -> Written:
        """Return what they wrote to a field of an object."""
        return self.fields.get(me, {}).get(name, Written())

    def knows_of(self, me: Identity, name: str, other: Identity) -> bool:
        """Whether a field was given back with, or after, another object that was made again."""
        number = self.written(me, name).number
        return number is not None and number >= self.remade[other]

    def add(self, undo: History, whole: History, number: int) -> None:
        """Add what an undo did of a run, of which `whole` is the history."""
        self.formerly |= {me: deepcopy(self.fields.get(me, {})) for me in undo.deleted}
        self.deleted |= undo.deleted
        self.cleared |= undo.deleted
        for index, change in undo.changes():
            operation, is_known = undo.run.plan.operations[index], index in undo.run.applied
            if isinstance(change, Create) and is_known and not operation.content:
                me = (change.kind, undo.ids.get(change.token, ""))
                if change.former:
                    self.remade[me] = number
                for name, spec in KINDS[change.kind].fields.items():
                    if name in change.values and name not in operation.fields:
                        note = self._note(me, name)
                        note.unsent = note.number is None  # unless by another operation
                        continue
                    value = undo.as_now(spec, change.values.get(name, spec.meaning.empty))
                    self._settle(me, name, value, number)
                    self._take(me, spec, whole.kept(me).get(name), value)
            for me, spec, value in undo.writes_of(index):
                now = undo.as_now(spec, value)
                if not is_known or spec.name in operation.detour:
                    self._pass(operation, me, spec.name, now, is_known=is_known)
                    continue
                self._settle(me, spec.name, now, number)
                if isinstance(change, Update) and spec.name in change.changes:
                    self._take(me, spec, change.changes[spec.name].before, now)
            for who, before, after in undo.redirected(index):
                if is_known:
                    self.taken.add((*who, before))
                    self.given.add((*who, after))
                else:
                    self.perhaps.add((*who, before))

    def subtract(self, redo: History) -> None:
        """Take away what an undo of such an undo did."""
        self.cleared |= redo.deleted
        self._forget(redo.deleted)
        self._forget(redo.made.keys())
        # What is made again has the values of before the undo that deleted it.
        self.fields |= {me: deepcopy(self.formerly.get(me, {})) for me in redo.made}
        self.deleted -= redo.made.keys()
        if redo.run.report().complete and not redo.run.origin.partly:
            self.perhaps.clear()  # the plan of the redo was made from what was there
            self.cleared -= redo.made.keys()  # the lists have got them back
        for index in redo.happened:
            operation, is_known = redo.run.plan.operations[index], index in redo.run.applied
            for me, spec, value in redo.writes_of(index):
                now = redo.as_now(spec, value)
                if not is_known or spec.name in operation.detour:
                    self._pass(operation, me, spec.name, now, is_known=is_known)
                    continue
                note = self._settle(me, spec.name)
                note.passing = [now]
                passing, released = note.once or ([], None)
                if now in passing:  # not given back yet, as before the undo that the redo undoes
                    note.released = released
                again = _members(spec, now)
                self.taken.difference_update((me, spec.name, each) for each in again)
            for who, before, after in redo.redirected(index):
                self.given.discard((*who, before))
                if is_known:
                    self.perhaps.discard((*who, after))
                elif (*who, after) in self.taken:
                    self.perhaps.add((*who, after))
                self.taken.discard((*who, after))

    def _pass(
        self, operation: Operation, me: Identity, name: str, value: Value, *, is_known: bool
    ) -> None:
        """Note what a field has for a moment, or by an operation of which no answer is known.

        An operation that only ends such a moment gives back what was there, whoever wrote that.
        """
        note = self._note(me, name)
        if name not in operation.detour or name in operation.undo:
            note.passing.append(value)
            if name in operation.undo and note.released is None:
                note.released = (operation.undo[name],)
        elif is_known:
            note.passing, note.released = [], None

    def _note(self, me: Identity, name: str) -> Written:
        return self.fields.setdefault(me, {}).setdefault(name, Written())

    def _settle(
        self, me: Identity, name: str, value: Value = None, number: int | None = None
    ) -> Written:
        """Note that a field has been written for good: what it had for a moment is over."""
        former = self.written(me, name)
        once = former.once if former.released is None else (former.passing, former.released)
        note = self.fields.setdefault(me, {})[name] = Written(number, value, once=once)
        return note

    def _forget(self, objects: Set[Identity]) -> None:
        """Forget what objects got that were deleted since, or made again, and what got them."""
        for me in objects:
            self.remade.pop(me, None)
            self.fields.pop(me, None)
        for members in (self.taken, self.perhaps, self.given):
            members -= {each for each in members if each[0] in objects}
        self.given -= {each for each in self.given if _given_to(*each) in objects}
        for me, notes in self.fields.items():
            for name, note in notes.items():
                note.value = without(KINDS[me[0]].fields[name], note.value, objects)

    def _take(self, me: Identity, spec: FieldSpec, before: Value, after: Value) -> None:
        gone = set(_members(spec, before)).difference(_members(spec, after))
        self.taken |= {(me, spec.name, each) for each in gone}


def earlier_undoes(whole: History, later: Sequence[Run], look: Look) -> Earlier:
    """Return what the undoes among the runs since did, of the run of which `whole` is the history.

    Args:
        whole: the history of the run.
        later: the runs since, the oldest first.
        look: what is there now.
    """
    found = Earlier()
    there = Look(look.observed).now  # with the others: their ids are given as well
    takes_back = {whole.run.id: False}
    for number, each in enumerate(later):
        if each.origin.undoes not in takes_back:
            continue
        takes_back[each.id] = not takes_back[each.origin.undoes]
        history = History(followed(each, later[number + 1 :], there), look)
        if takes_back[each.id]:
            found.add(history, whole, number)
        else:
            found.subtract(history)
    found.gone = found.remade.keys() - look.now.keys()
    found.remade = {me: at for me, at in found.remade.items() if me in look.now}
    return found


def _given_to(me: Identity, name: str, other: str) -> Identity:
    """Return the object that a reference is to."""
    return ENTITIES[me[0]].fields[name].meaning.references() or "", other


def without(spec: FieldSpec, value: Value, gone: Set[Identity]) -> Value:
    """Return the value of a field without references to what is gone."""
    target = spec.meaning.references()
    if target is None:
        return value
    return exchanged(value, lambda each: None if (target, each) in gone else each)


def _members(spec: FieldSpec, value: Value) -> Iterator[Hashable]:
    """Yield what identifies the members of a list, or the object that is referred to."""
    if spec.meaning.references() is not None:
        yield from reference_list(value)
    elif isinstance(value, list):
        yield from map(identity_of, value)
