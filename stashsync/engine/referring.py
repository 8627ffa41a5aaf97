"""The references that a run took away or turned elsewhere, among what manifests may have. Pure.

    removed    is referred to again by what referred to it before the run
    merged     likewise, in place of the destination
    moved      what a merge moved, that came no further, refers to what it was of

Source: docs/planning-rules.md#undo
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from stashsync.applier.before import ListPlace
from stashsync.engine.history import Identity
from stashsync.engine.restored import SINCE, Restored
from stashsync.fields import Value
from stashsync.fields.references import reference_list
from stashsync.kinds import KINDS
from stashsync.planner import PlanContext
from stashsync.planner.changes import targets_of
from stashsync.planner.uniting import native_merge, united_by_server, upwards_of


@dataclass
class References:
    """Gives back the references that a run changed.

    Args:
        found: the values that are given back so far; references are written into them.
        context: the planning that this is for.
    """

    found: Restored
    context: PlanContext

    def __post_init__(self) -> None:
        self._history = self.found.history
        self._split: set[tuple[Identity, str, str]] = set()
        """The references to destinations of merges that became those to merged objects."""

    def restore(self) -> None:
        """Refer again to what is made again, and to what was to be removed and was not."""
        history = self._history
        for me in reversed(self.found.again):  # the last to go was in the shortest lists
            self._refer_again(me, history.removed[me])
        there = {**dict.fromkeys(self.found.earlier.remade, ""), **history.not_merged}
        for me, into in there.items():
            self._refer_again(me, into)
        for other in self.found.former:
            self._refer_further(other)
        for other, name, into, source in history.moved_content():
            is_open = self.found.is_open(other, name) and source not in self.found.earlier.remade
            if is_open and self.found.value(other, name) == into:
                self.found.give(other, name, source[1])
        self._name_again()

    def _refer_again(self, me: Identity, into: str) -> None:
        """Let the objects that manifests may have refer to one again that was to be removed."""
        image = self._history.run.before[me]
        for where, ids in (image.bearers or {}).items():
            kind, _, name = where.partition(".")
            if kind not in KINDS:
                continue
            for identifier in ids:
                other = (kind, identifier)
                if not self._is_to_refer(other, name, me):
                    continue
                instead = self._instead(other, where, me, into)
                place = (image.places or {}).get(where, {}).get(identifier)
                if me not in self.found.again and me not in self.found.now:
                    self._refer_no_more(other, name, instead)
                elif other in self.found.again:
                    self._add_reference(self.found.again[other], other, name, me, instead, place)
                elif self.found.is_open(other, name):
                    self._give_reference(other, name, me, instead, place)

    def _is_to_refer(self, other: Identity, name: str, me: Identity) -> bool:
        """Whether an object referred to one before the run, and no earlier undo has seen to it."""
        if me[1] in reference_list(self.found.former.get(other, {}).get(name)):
            return False  # an earlier undo gave it back: see `_refer_further`
        is_new = me in self.found.again or self._is_made_later(me, other, name)
        is_made_before = me in self.found.earlier.remade
        if not is_new and (is_made_before or name not in self.found.back.get(other, {})):
            return False  # nothing of it is taken away
        return self._history.referred(other, name, me)

    def _instead(self, other: Identity, where: str, me: Identity, into: str) -> str:
        """Return what an object refers to in place of one; "" if that is nothing, or its own."""
        name = where.partition(".")[2]
        if self._history.shared(other, where, me, into) or other == (me[0], into):
            return ""
        if other in self.found.now and not self._was_moved(other, name, me):
            return ""  # the reference went with the merged object
        is_taken = (other, name, into) in self.found.earlier.taken  # for another merged object
        return "" if other in self.found.now and is_taken else into

    def _is_made_later(self, me: Identity, other: Identity, name: str) -> bool:
        """Whether an earlier undo made an object again after a field was given back, if it was."""
        earlier = self.found.earlier
        return me in earlier.remade and not earlier.knows_of(other, name, me)

    def _refer_further(self, other: Identity) -> None:
        """Let what an earlier undo gave back refer to what is made again later, or only now."""
        for name, target in targets_of(other[0]).items():
            former: Value = self.found.former[other].get(name)
            members = reference_list(former)
            given = reference_list(self.found.earlier.written(other, name).value)
            for at, each in enumerate(members):
                me = (target, each)
                is_new = me in self.found.again or self._is_made_later(me, other, name)
                if not is_new or not self.found.is_open(other, name):
                    continue
                place = None
                if KINDS[other[0]].fields[name].form == "memberships":
                    place = ListPlace(former[at][1], tuple(members[:at]))
                into = self.found.merged.get(me, "")  # what stood for it until now
                instead = into if into in given and into not in members else ""
                self._give_reference(other, name, me, instead, place)

    def _refer_no_more(self, other: Identity, name: str, into: str) -> None:
        """Take a reference out of a value of the plan that stood for one to what is gone."""
        value = self.found.back[other][name]
        if into in reference_list(value):
            after = [each for each in reference_list(value) if each != into]
            self.found.give(other, name, after if isinstance(value, list) else None)

    def _was_moved(self, other: Identity, name: str, me: Identity) -> bool:
        """Whether a reference to a merged object became one to the destination.

        The server moves references to what it merges itself, but for the hierarchy of newer ones.
        The rest the run moves, object by object, unless it removes that object later.
        """
        kind = KINDS[me[0]]
        united = united_by_server(kind, self.context)
        is_left = other[0] == me[0] and name == upwards_of(kind) and name not in united
        return (
            (native_merge(kind, self.context) is not None and not is_left)
            or name in self._history.written.get(other, {})
            or other[0] in self._history.moved_kinds(me)
        )

    def _name_again(self) -> None:
        """Let filters that go on to name a removed object by its id name it by the new one."""
        again, remade = self.found.again.keys(), self.found.earlier.remade.keys()
        for other in self.found.now:
            for name, meaning in KINDS[other[0]].inner.items():
                value = self.found.value(other, name)
                named = set(meaning.ids_in(value))
                is_former = value != self.found.now[other].values.get(name)
                is_named = not again.isdisjoint(named) or (
                    is_former and not remade.isdisjoint(named)
                )
                if is_named and (other, name) not in self.found.stuck:
                    self.found.give(other, name, value)

    def _give_reference(
        self, other: Identity, name: str, me: Identity, into: str, place: ListPlace | None
    ) -> None:
        """Let an object that is there refer to `me`; see `_add_reference`."""
        values = {name: self.found.value(other, name)}
        if self._add_reference(values, other, name, me, into, place):
            self.found.give(other, name, values[name])

    def _add_reference(
        self,
        values: dict[str, Value],
        other: Identity,
        name: str,
        me: Identity,
        into: str,
        place: ListPlace | None,
    ) -> bool:
        """Add a reference to `me`, in place of one to `into` where that is given."""
        current = values.get(name)
        if me[1] in reference_list(current):
            return False
        if place is not None:
            after = {*place.after, *self._earlier(other, name, me, current)}
            values[name] = _put_back(current or (), [me[1], place.extra], after)
            return True
        if into and into not in reference_list(current):
            if other in self.found.now and (other, name, into) not in self._split:
                return False  # another client has taken it away since
            into = ""  # it was removed with what it refers to, or is split up already
        self._split.add((other, name, into))
        if KINDS[other[0]].fields[name].form == "many":
            kept = [each for each in current or () if each != into]
            values[name] = [*kept, me[1]]
        elif (current or "") == into:
            values[name] = me[1]
        else:
            self.found.warn(f"{self.found.address(other)} keeps its {name}: it was {SINCE}")
            return False
        return True

    def _earlier(self, other: Identity, name: str, me: Identity, members: Value) -> Iterator[str]:
        """Yield the members of a list that the run removed earlier, and that stood before `me`."""
        where = f"{other[0]}.{name}"
        for each in reference_list(members):
            image = self._history.run.before.get((me[0], each))
            places = image.places if image is not None else None
            place = (places or {}).get(where, {}).get(other[1])
            went = self._history.went_before((me[0], each), me)
            if went and place is not None and me[1] not in place.after:
                yield each


def _put_back(members: Iterable[Value], member: Value, after: Container[str]) -> Value:
    """Return a list with one more member: behind the last of those that it came after."""
    found = list(members)
    at = max((at for at, (each, *_) in enumerate(found, 1) if each in after), default=0)
    return [*found[:at], member, *found[at:]]
