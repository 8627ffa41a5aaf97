"""Which items are nested in which, and where an item goes if its parents change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from msgspec import Struct

from stashsync.fields import is_members
from stashsync.fields.names import fold, trim
from stashsync.kinds import KINDS, Key
from stashsync.pull.differences import AcceptedChange
from stashsync.pull.writing.edits import REMOVED
from stashsync.pull.writing.items import ItemWriter
from stashsync.pull.writing.outline import outline_of
from stashsync.state import Resource


class TextNesting:
    """The items around each object. The texts are composed when that is first asked for.

    `line` gives the line of an object in its text, from 0.
    """

    def __init__(
        self,
        texts: Mapping[str, str],
        line: Callable[[Resource], int] = lambda resource: resource.line - 1,
    ) -> None:
        self.texts, self.line = texts, line

    def around(self, kind: str, key: Key) -> Sequence[Key]:
        """Return the keys of the items that an object is nested in."""
        return self._found.get((kind, key), ())

    @cached_property
    def _found(self) -> dict[tuple[str, Key], list[Key]]:
        found: dict[tuple[str, Key], list[Key]] = {}
        for text in self.texts.values():
            for item in outline_of(text).items:
                if item.parent is not None:
                    found.setdefault((item.kind.name, item.key), []).append(item.parent.key)
        return found


@dataclass
class Place:
    """Where an item goes: below the object with the key `below`, or to the top of its section.

    `values` are fields that the item gets there, `REMOVED` for a key that goes.
    """

    kind: str
    key: Key
    lost: list[Key]
    below: Key | None
    values: dict[str, Any] = field(default_factory=dict)


class Placing(Struct, frozen=True):
    """Finds new places.

    `nesting` is that of the texts before anything is changed, `keys` what objects will be called,
    by kind and id, `renamed` the new names of objects by kind and old name.
    """

    writer: ItemWriter
    nesting: TextNesting
    keys: Mapping[tuple[str, str | None], Key]
    renamed: Mapping[tuple[str, str], str]

    def place(self, change: AcceptedChange) -> Place:
        """Return where the item of a change goes, and what parents are left to name there."""
        move, desired = change.move, change.desired
        spec = KINDS[desired.kind].hierarchy
        assert move is not None
        assert spec is not None
        kind, name = desired.kind, spec.name
        lost = [(fold(self.renamed.get((kind, key[0]), key[0])), *key[1:]) for key in move.lost]
        gained = list(move.gained)
        nests = bool(lost) or move.nests
        declared = [each for each in gained if nests and (kind, each) in self.keys]
        below = self.keys[kind, declared[0]] if declared else None
        if declared:
            gained.remove(declared[0])
        rest = [self._name_of(kind, identifier) for identifier in gained]
        place = Place(kind, change.new_key, lost, below)
        value = desired.values.get(name)
        if spec.meaning.shape != "set":  # a studio's one parent
            if below is None:
                place.values[name] = rest[0] if rest else None
            elif name in desired.values:
                place.values[name] = REMOVED
        elif not is_members(value):
            around = self.nesting.around(kind, desired.key)
            stays = any(key not in lost and key not in move.lost for key in around)
            listed = self._listed(change)
            members = [*listed, *(name for name in rest if name is not None)]
            if not members:
                place.values[name] = REMOVED if below is not None or stays else []
            elif rest or members != listed:
                place.values[name] = members
        return place

    def _listed(self, change: AcceptedChange) -> list[str]:
        """Return the parents that are still named in the item itself."""
        desired, field = change.desired, change.hierarchy
        members = change.lists.get(field)
        outline = outline_of(self.nesting.texts[desired.file])
        item = outline.at.get((self.nesting.line(desired), desired.column - 1))
        node = item.node.get(field) if item is not None else None
        texts = [trim(member.value) for member in node.items] if node is not None else []
        if members is None:
            return texts
        return [
            members.renamed.get(fold(text), text)
            for text in texts
            if fold(text) not in members.drop
        ]

    def _name_of(self, kind: str, identifier: str) -> str | None:
        if (kind, identifier) in self.keys:
            for resource in self.writer.state.of(kind):
                if resource.id == identifier:
                    return resource.name
        return self.writer.names.get(kind, identifier)
