"""Where an item goes whose parents changed on the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stashsync.fields.names import fold, trim
from stashsync.kinds import KINDS, Key
from stashsync.pull.differences import Taking
from stashsync.pull.nesting import Nesting
from stashsync.pull.rewrite import GO, Place
from stashsync.pull.writing.forms import Names
from stashsync.pull.writing.outline import outline_of
from stashsync.state import State


@dataclass(frozen=True)
class Placing:
    """Finds new places. `nesting` is that of the texts before anything was taken over."""

    observed: State
    names: Names
    nesting: Nesting

    def place(
        self,
        taking: Taking,
        keys: Mapping[tuple[str, str | None], Key],
        renamed: Mapping[tuple[str, str], str],
    ) -> Place:
        """Where an item goes whose parents changed, and what is left to say of them there."""
        move = taking.move
        assert move is not None
        kind = taking.desired.kind
        spec = KINDS[kind].hierarchy
        assert spec is not None
        lost = [
            (fold(renamed[kind, key[0]]), *key[1:]) if (kind, key[0]) in renamed else key
            for key in move.lost
        ]
        gained = list(move.gained)
        below: Key | None = None
        if lost:
            for parent in gained:
                if (kind, parent) in keys:
                    below = keys[kind, parent]
                    gained.remove(parent)
                    break
        rest = [self._called(kind, one, keys) for one in gained]
        place = Place(kind, key_after(taking), lost, below)
        if spec.meaning.shape != "set":  # a studio's one parent
            if below is None:
                place.values[spec.name] = rest[0] if rest else None
            elif spec.name in taking.desired.values:
                place.values[spec.name] = GO
            return place
        value = taking.desired.values.get(spec.name)
        gone = [*lost, *move.lost]
        around = self.nesting.around(kind, taking.desired.key)
        stays = [key for key in around if key not in gone]
        listed = self._listed(taking)
        members = [*listed, *(one for one in rest if one is not None)]
        if isinstance(value, dict):
            return place
        if members:
            if rest or members != listed:
                place.values[spec.name] = members
        elif below is None and not stays:
            place.values[spec.name] = []
        else:
            place.values[spec.name] = GO
        return place

    def _listed(self, taking: Taking) -> list[str]:
        """The parents that stay written in the item itself."""
        spec = KINDS[taking.desired.kind].hierarchy
        assert spec is not None
        members = taking.lists.get(spec.name)
        outline = outline_of(self.nesting.texts[taking.desired.file])
        spot = outline.at.get((taking.desired.line - 1, taking.desired.column - 1))
        node = spot.node.get(spec.name) if spot is not None else None
        found: list[str] = []
        for one in node.items if node is not None else ():
            folded = fold(trim(one.value))
            if members is None or folded not in members.drop:
                renamed = members.renamed.get(folded) if members is not None else None
                found.append(renamed or trim(one.value))
        return found

    def _called(
        self, kind: str, identifier: str, keys: Mapping[tuple[str, str | None], Key]
    ) -> str | None:
        if (kind, identifier) in keys:
            for one in self.observed.of(kind):
                if one.id == identifier:
                    return one.name
        return self.names.get(kind, identifier)


def key_after(taking: Taking) -> Key:
    """The key of an item once its name is taken over."""
    desired, kind = taking.desired, KINDS[taking.desired.kind]
    values = {**desired.values, **{k: v for k, v in taking.values.items() if k in kind.key_fields}}
    return kind.key({**values, "name": taking.name or desired.name})
