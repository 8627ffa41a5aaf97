"""Objects below others get new parents: the value, and the place of their items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from stashsync.fields import Value
from stashsync.fields.names import fold
from stashsync.kinds import KINDS, FieldSpec, Key
from stashsync.manifest.hierarchy import parents_of
from stashsync.pull.differences import AcceptedChange, ListChange, Move
from stashsync.pull.moving import move_all
from stashsync.pull.placing import Placing, TextNesting
from stashsync.pull.rewrite import ProjectTexts
from stashsync.pull.writing.items import ItemWriter, ReferenceNames
from stashsync.refactor.goal import Goal, replaced
from stashsync.state import Resource, State


class NewParents(NamedTuple):
    """An object, the folded names of parents that it loses, and the names of those it gets."""

    child: Resource
    lost: set[str]
    gained: Sequence[str]


def parents(resource: Resource) -> list[str]:
    """Return the names of the parents that the manifests give an object."""
    spec = KINDS[resource.kind].hierarchy
    return list(parents_of(resource.values.get(spec.name))) if spec is not None else []


def children_of(state: State, parent: Resource) -> list[Resource]:
    """Return the objects that the manifests place below another, in written order."""
    found = [
        child
        for child in state.of(parent.kind)
        if parent.key[0] in map(fold, parents(child)) and child is not parent
    ]
    return sorted(found, key=lambda child: child.mark)


def ancestors(state: State, resource: Resource) -> set[Key]:
    """Return the keys of the declared objects above another, itself included."""
    by_name = {each.key[0]: each for each in state.of(resource.kind)}
    found: set[Key] = set()
    waiting = [resource]
    while waiting:
        current = waiting.pop()
        if current.key not in found:
            found.add(current.key)
            waiting += [by_name[fold(name)] for name in parents(current) if fold(name) in by_name]
    return found


class Reparenting:
    """Gives objects of one kind new parents, as a pull does where the server did.

    `undeclared` are names of parents that no manifest declares.
    """

    def __init__(self, state: State, texts: ProjectTexts, kind: str) -> None:
        spec = KINDS[kind].hierarchy
        assert spec is not None
        self._spec: FieldSpec = spec
        self._kind, self._nesting = kind, TextNesting(dict(texts.before), texts.line)
        self._ids: dict[str, str] = {}
        """Ids that stand for the objects, by folded name."""
        self._library: list[Resource] = []
        for resource in state.of(kind):
            self._stand_in(resource)
        self._keys: dict[tuple[str, str | None], Key] = {
            (kind, resource.id): resource.key for resource in self._library
        }

    def _stand_in(self, resource: Resource) -> None:
        identifier = str(len(self._library) + 1)
        self._library.append(replace(resource, id=identifier))
        self._ids.setdefault(resource.key[0], identifier)

    def apply(self, moves: Sequence[NewParents], goal: Goal, texts: ProjectTexts) -> None:
        """Decide on new parents, and write them."""
        for move in moves:
            goal.set_values(move.child, **{self._spec.name: self._value(move)})
        changes = [self._change(move) for move in moves]
        library = State({self._kind: self._library})
        writer = ItemWriter(library, ReferenceNames.of(library), lambda *_: None)
        placing = Placing(writer, self._nesting, self._keys, {})
        texts.accept_values(changes)
        moving = [change for change in changes if change.move is not None]
        move_all(texts, [(placing.place(change), change.desired.mark) for change in moving])

    def _value(self, move: NewParents) -> Value:
        value = move.child.values.get(self._spec.name)
        if isinstance(value, dict):
            return {**value, "add": replaced(value.get("add", []), move.lost, move.gained)}
        empty = self._spec.meaning.empty
        return replaced(empty if value is None else value, move.lost, move.gained)

    def _change(self, move: NewParents) -> AcceptedChange:
        """Return what an item accepts: another name in its list of parents, or another place."""
        child, field = move.child, self._spec.name
        change = AcceptedChange(child, child)
        around = self._nesting.around(child.kind, child.key)
        left = [key for key in around if key[0] in move.lost]
        named = {fold(name) for name in parents(child)} - {key[0] for key in around}
        if left or not named.intersection(move.lost):
            change.move = Move(left, [self._id(name) for name in move.gained], nests=True)
            if self._spec.form == "many":
                change.lists[field] = ListChange(drop=set(move.lost), names=True)
        elif self._spec.form == "one":
            change.values[field] = move.gained[0] if move.gained else None
        else:
            self._rename(change, [name for name in named if name in move.lost], move.gained)
        return change

    def _rename(self, change: AcceptedChange, lost: Sequence[str], gained: Sequence[str]) -> None:
        """Replace names in a list of parents; what more there are of either goes or comes."""
        present = {fold(name) for name in parents(change.desired)}
        new = [name for name in gained if fold(name) not in present]
        renamed = dict(zip(sorted(lost), new, strict=False))
        members = ListChange(drop=set(lost) - set(renamed), renamed=renamed, names=True)
        change.lists[change.hierarchy] = members
        change.move = Move([], [self._id(name) for name in new[len(renamed) :]])

    def _id(self, name: str) -> str:
        """Return the id that stands for a parent, declared or not."""
        if fold(name) not in self._ids:
            spec = KINDS[self._kind]
            self._stand_in(Resource(self._kind, spec.key({"name": name}), {"name": name}))
        return self._ids[fold(name)]


def removed_with(state: State, top: Resource) -> Iterator[Resource]:
    """Yield what goes together with an object: all that has no parent but those that go."""
    going = {top.key[0]}
    found = True
    while found:
        found = False
        for child in state.of(top.kind):
            above = {fold(name) for name in parents(child)}
            if child.key[0] not in going and above and above <= going:
                going.add(child.key[0])
                found = True
                yield child
