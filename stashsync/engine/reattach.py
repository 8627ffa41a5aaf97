"""What referred to removed objects and no manifest can have: scenes, images, markers and others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final, NamedTuple

from stashsync.engine.history import Identity
from stashsync.engine.inverse import Inverse
from stashsync.engine.restored import SINCE
from stashsync.fields import Value
from stashsync.fields.references import reference_list
from stashsync.kinds import ENTITIES, KINDS
from stashsync.planner.changes import Bearers

AT_ONCE: Final = 1000
"""How many objects one mutation changes: it is one transaction, which others wait for."""


class Redirect(NamedTuple):
    """Where objects of a kind refer, and what to in place of what: ids, or "" for none."""

    kind: str
    field: str
    target: str
    takes: str
    gives: str
    is_double: bool = False
    """Whether the object refers in another field, too, to what is taken."""
    extra: Value = None
    """What the list has of what it is given."""


@dataclass
class Reattachment:
    """The references of objects that no manifest can have, as they were before a run."""

    inverse: Inverse

    def by_object(self) -> dict[Identity, list[Bearers]]:
        """Return by object what is to refer to it, or to refer to it no more."""
        moved: list[tuple[Redirect, str]] = []
        crowded: set[tuple[Redirect, str]] = set()
        impossible: Counter[str] = Counter()
        unmoved: Counter[tuple[str, str, str]] = Counter()
        fewer: Counter[tuple[str, str]] = Counter()
        moves = (self._of_removals(), self._of_content(), self._of_bearers())
        for wanted, identifier in chain.from_iterable(moves):
            move = wanted
            if not self.inverse.context.server.has_mutation(ENTITIES[move.kind].bulk_mutation):
                impossible[move.kind] += 1
                continue
            refers = self.inverse.history.look.references.get((move.kind, identifier))
            if refers is None:
                continue  # it is gone
            others = [
                reference_list(refers[name])
                for name, spec in ENTITIES[move.kind].references.items()
                if name in refers.keys() - {move.field} and spec.meaning.references() == move.target
            ]
            current = reference_list(refers[move.field])
            is_double = bool(move.takes) and any(move.takes in found for found in others)
            if is_double and move.takes not in current:
                # The server keeps no tag beside the same primary tag.
                move, is_double = move._replace(takes=""), False
            if self._is_taken_since(move, identifier, current):
                move = move._replace(takes="")
            outcome = self._possible(move, current)
            if outcome is None:
                unmoved[move.kind, move.field, move.target] += 1
            elif outcome:
                moved.append((move._replace(is_double=is_double), identifier))
                if any(each in current for found in others for each in found):
                    crowded.add(moved[-1])
                fewer[move.kind, move.field] += any(move.gives in found for found in others)
        moved = self._without_ignored(moved, crowded)
        self._report(impossible, unmoved, fewer)
        return self._written(moved)

    def _report(
        self,
        impossible: Counter[str],
        unmoved: Counter[tuple[str, str, str]],
        fewer: Counter[tuple[str, str]],
    ) -> None:
        """Report what cannot be changed, what another client changed, and what is lost."""
        for kind, count in sorted(impossible.items()):
            self.inverse.warn(
                f"{ENTITIES[kind].plural} do not get {count:,} references back: this server "
                f"({self.inverse.context.server.name}) cannot change many of these at once"
            )
        for (kind, name, _), count in sorted(unmoved.items()):
            what = ENTITIES[kind].plural
            self.inverse.warn(f"{what} keep their {name}, which was {SINCE}: {count:,} of them")
        for (kind, name), count in sorted(fewer.items()):
            if count and ENTITIES[kind].fields[name].form == "one":
                what = ENTITIES[kind].plural
                self.inverse.warn(
                    f"{what} lose what becomes their {name} from among the others, and a later "
                    f"undo does not give it back: {count:,} of them"
                )

    def _without_ignored(
        self, moved: list[tuple[Redirect, str]], crowded: set[tuple[Redirect, str]]
    ) -> list[tuple[Redirect, str]]:
        """Leave out, and report, what markers ignore: a tag, if their primary tag is among theirs.

        They take it where that changes first (docs/stash-behaviour.md#markers).
        """
        changed = {
            (move.kind, identifier)
            for move, identifier in moved
            if move.is_double or ENTITIES[move.kind].fields[move.field].form == "one"
        }
        ignored = {
            (move, identifier)
            for move, identifier in crowded
            if ENTITIES[move.kind].fields[move.field].form == "many"
            and move.gives
            and (move.kind, identifier) not in changed
        }
        counts = Counter((ENTITIES[move.kind].plural, move.field) for move, _ in ignored)
        for (what, name), count in sorted(counts.items()):
            self.inverse.warn(
                f"{what} have among their {name} what they refer to in another place, too, and "
                f"would ignore what they are to get back: {count:,} times"
            )
        self.inverse.leaves_some |= bool(ignored)
        return [each for each in moved if each not in ignored]

    def _of_removals(self) -> Iterator[tuple[Redirect, str]]:
        """Yield what referred to objects that are made again, now or by an undo that left it."""
        earlier = self.inverse.earlier
        for me in (*self.inverse.again, *earlier.remade):
            image, into = self.inverse.history.run.before[me], self.inverse.merged.get(me, "")
            for where, ids in (image.bearers or {}).items():
                kind, _, name = where.partition(".")
                sharing = {*image.sharing.get(where, ())}
                places = (image.places or {}).get(where, {})
                for identifier in ids if kind not in KINDS else ():
                    takes = "" if identifier in sharing else into
                    gives = me[1]
                    if me in earlier.remade and ((kind, identifier), name, gives) in earlier.given:
                        gives = ""  # it may have been cut short before it took the other away
                    if not gives and ENTITIES[kind].fields[name].form == "one":
                        continue
                    extra = places[identifier].extra if identifier in places else None
                    yield Redirect(kind, name, me[0], takes, gives, extra=extra), identifier

    def _of_content(self) -> Iterator[tuple[Redirect, str]]:
        """Yield what was moved to the destination of a merge that came no further."""
        for (kind, identifier), name, into, source in self.inverse.history.moved_content():
            if kind not in KINDS and source not in self.inverse.earlier.remade:
                yield Redirect(kind, name, source[0], into, source[1]), identifier

    def _of_bearers(self) -> Iterator[tuple[Redirect, str]]:
        """Yield what an earlier undo, which is undone now, let refer to something else."""
        history, given = self.inverse.history, self.inverse.earlier.given
        for index, change in history.changes():
            for ((kind, identifier), name), before, after in history.redirected(index):
                gives = "" if ((kind, identifier), name, before) in given else before
                if gives or ENTITIES[kind].fields[name].form != "one":
                    yield Redirect(kind, name, change.kind, after, gives), identifier

    def _is_taken_since(self, move: Redirect, identifier: str, refers: list[str]) -> bool:
        """Whether an earlier undo took a reference away, for another one of the merged objects."""
        taken, earlier = ((move.kind, identifier), move.field, move.takes), self.inverse.earlier
        return taken in earlier.taken or (taken in earlier.perhaps and move.takes not in refers)

    def _possible(self, move: Redirect, refers: list[str]) -> bool | None:
        """Whether a move changes anything; None where another client has changed it since."""
        is_there = self._is_there(move.target, move.gives)
        if ENTITIES[move.kind].fields[move.field].form != "one":
            if move.takes and move.takes not in refers:
                return None if move.gives and move.gives not in refers else False
            return (bool(move.gives) and is_there and move.gives not in refers) or self._is_taken(
                move
            )
        if refers == [move.gives] * bool(move.gives):
            return False
        if refers != [move.takes] * bool(move.takes):
            return None
        return is_there or self._is_taken(move)

    def _is_there(self, kind: str, identifier: str) -> bool:
        me = (kind, identifier)
        return me in self.inverse.again or (me in self.inverse.now and me not in self.inverse.going)

    def _is_taken(self, move: Redirect) -> bool:
        """Whether a reference has to be taken away: one to an object that goes, goes by itself."""
        return bool(move.takes) and (move.target, move.takes) not in self.inverse.going

    def _written(self, moved: list[tuple[Redirect, str]]) -> dict[Identity, list[Bearers]]:
        found: dict[Identity, list[Bearers]] = {}
        alike: dict[Redirect, list[str]] = {}
        lists = self._whole_lists(moved)
        for move, identifier in moved:
            members = lists.get((move.kind, move.field, identifier)) if move.gives else None
            if members is None:
                alike.setdefault(move, []).append(identifier)
                continue
            found.setdefault((move.target, move.gives), []).append(
                Bearers(move.kind, move.field, (identifier,), after=move.gives, members=members)
            )
        for move, ids in sorted(alike.items()):
            kind = ENTITIES[move.kind]
            spec = kind.fields[move.field]
            gives = move.gives if self._is_there(move.target, move.gives) else ""
            takes = move.takes if self._is_taken(move) or spec.form == "one" else ""
            sides = [(takes, gives)]
            if spec.form != "one":
                sides = [
                    (before, after)
                    for before, after in (("", gives), (takes, ""))
                    if before or after
                ]
            for before, after in sides:
                owner = found.setdefault((move.target, after or before), [])
                owner += [
                    Bearers(kind.name, spec.name, part, before, after, move.is_double and not after)
                    for part in _parts(ids)
                ]
        return found

    def _whole_lists(
        self, moved: list[tuple[Redirect, str]]
    ) -> dict[tuple[str, str, str], tuple[tuple[str, Value], ...]]:
        """Return the lists that have to be written whole, as they are to be in the end.

        Many can be changed at once by ids alone, and so a number would be lost.
        """
        moves: dict[tuple[str, str, str], list[Redirect]] = {}
        for move, identifier in moved:
            moves.setdefault((move.kind, move.field, identifier), []).append(move)
        found = {}
        for (kind, field, identifier), all_of_it in moves.items():
            if all(move.extra is None for move in all_of_it):
                continue
            taken = {(move.target, move.takes) for move in all_of_it} | self.inverse.going
            target = all_of_it[0].target
            now = self.inverse.history.look.references[kind, identifier][field]
            found[kind, field, identifier] = (
                *((each, extra) for each, extra in now if (target, each) not in taken),
                *((move.gives, move.extra) for move in all_of_it if move.gives),
            )
        return found


def _parts(ids: list[str]) -> Iterator[tuple[str, ...]]:
    waiting = iter(ids)
    while part := tuple(islice(waiting, AT_ONCE)):
        yield part
