"""Which ids the objects of a run have by now: those that were made again have new ones.

    run ── changes 3 ──> run ── deletes 3 ──> undo ── makes it again as 8
     └─────────────── read as: changes 8 <────────────────────────────┘

A plan that makes objects again has their former ids (docs/planning-rules.md#undo).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from functools import partial

from msgspec import Struct, structs
from msgspec.structs import replace

from stashsync.applier.before import Before, ListPlace
from stashsync.applier.journal import Run
from stashsync.engine.history import Identity
from stashsync.fields import Value
from stashsync.fields.references import exchanged
from stashsync.kinds import KINDS
from stashsync.planner import Change, Create, Merge, Operation, Update
from stashsync.planner.changes import Bearers, FieldChange, targets_of


def followed(run: Run, later: Iterable[Run], there: Container[Identity]) -> Run:
    """Return a run as if its objects had had the ids that they have by now; see `Following`."""
    return Following.by(later, there).run(run)


def _change(run: Run, index: int) -> Change:
    return run.plan.changes[run.plan.operations[index].change]


class Following(Struct, frozen=True):
    """Exchanges ids for those that were given later.

    Args:
        given: the id that each object got that was made again, by the one that it had.
        there: the objects that the library has. An id among them is not followed.
    """

    given: Mapping[Identity, str]
    there: Container[Identity]

    @classmethod
    def by(cls, later: Iterable[Run], there: Container[Identity]) -> Following:
        """Return what follows the ids through later runs, the oldest first."""
        given = {
            (change.kind, change.former): outcome.id
            for each in later
            for index, outcome in each.outcomes.items()
            if isinstance(change := _change(each, index), Create) and change.former and outcome.id
        }
        return cls(given, there)

    @property
    def made_again(self) -> frozenset[Identity]:
        """The objects that were made again."""
        return frozenset((kind, now) for (kind, _), now in self.given.items())

    def field(self, kind: str, name: str, value: Value) -> Value:
        """Return a value of a filter that names objects by their ids; others as they are."""
        meaning = KINDS[kind].inner.get(name)
        return meaning.exchange(value, self._moved) if meaning is not None else value

    def run(self, run: Run) -> Run:
        """Return a run as if its objects had had the ids that they have by now."""
        if not self.given:
            return run
        changes = tuple(self._change(each) for each in run.plan.changes)
        kinds = [change.kind for change in changes]
        operations = tuple(
            self._operation(kinds[each.change], each) for each in run.plan.operations
        )
        outcomes = {
            index: replace(outcome, id=self._now(_change(run, index).kind, outcome.id))
            if outcome.id
            else outcome
            for index, outcome in run.outcomes.items()
        }
        before = {(each.kind, each.id): each for each in map(self._before, run.before.values())}
        plan = structs.replace(run.plan, changes=changes, operations=operations)
        return replace(run, plan=plan, outcomes=outcomes, before=before)

    def _now(self, kind: str, identifier: str) -> str:
        seen: set[str] = set()  # after a restored backup ids are given a second time
        while (kind, identifier) not in self.there and identifier not in seen:
            seen.add(identifier)
            identifier = self.given.get((kind, identifier), identifier)
        return identifier

    def _all(self, kind: str, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(self._now(kind, each) for each in ids)

    def _values(self, kind: str, values: Mapping[str, Value]) -> dict[str, Value]:
        found = dict(values)
        for name, target in targets_of(kind).items():
            if found.get(name):
                found[name] = exchanged(found[name], partial(self._now, target))
        for name, meaning in KINDS[kind].inner.items():
            if name in found:
                found[name] = meaning.exchange(found[name], self._moved)
        return found

    def _moved(self, kind: str, identifier: str) -> str | None:
        now = self._now(kind, identifier)
        return now if now != identifier else None

    def _change(self, change: Change) -> Change:
        kind = change.kind
        if isinstance(change, Create):
            return structs.replace(
                change,
                values=self._values(kind, change.values),
                bearers=self._bearers(kind, change.bearers),
            )
        mine = self._now(kind, change.id)
        if isinstance(change, Update):
            before = {name: each.before for name, each in change.changes.items()}
            after = {name: each.after for name, each in change.changes.items()}
            before, after = self._values(kind, before), self._values(kind, after)
            changes = {name: FieldChange(before[name], after[name]) for name in change.changes}
            bearers = self._bearers(kind, change.bearers)
            kept = self._values(kind, change.kept)
            return structs.replace(change, id=mine, changes=changes, bearers=bearers, kept=kept)
        if isinstance(change, Merge):
            sources = tuple((self._now(kind, source), label) for source, label in change.sources)
            content = {name: self._all(name, ids) for name, ids in change.content.items()}
            return structs.replace(change, id=mine, sources=sources, content=content)
        return structs.replace(change, id=mine)

    def _bearers(self, kind: str, bearers: Iterable[Bearers]) -> tuple[Bearers, ...]:
        return tuple(
            structs.replace(
                each,
                ids=self._all(each.kind, each.ids),
                before=self._now(kind, each.before),
                after=self._now(kind, each.after),
            )
            for each in bearers
        )

    def _operation(self, kind: str, operation: Operation) -> Operation:
        return structs.replace(
            operation,
            detour=self._values(kind, operation.detour),
            undo=self._values(kind, operation.undo),
        )

    def _before(self, image: Before) -> Before:
        return structs.replace(
            image,
            id=self._now(image.kind, image.id),
            values=self._values(image.kind, image.values),
            bearers=None if image.bearers is None else self._by_field(image.bearers),
            sharing=self._by_field(image.sharing),
            places=None if image.places is None else self._places(image.kind, image.places),
        )

    def _places(
        self, kind: str, places: Mapping[str, Mapping[str, ListPlace]]
    ) -> dict[str, dict[str, ListPlace]]:
        return {
            where: {
                self._now(where.partition(".")[0], identifier): structs.replace(
                    place, after=self._all(kind, place.after)
                )
                for identifier, place in found.items()
            }
            for where, found in places.items()
        }

    def _by_field(self, bearers: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
        return {where: self._all(where.partition(".")[0], ids) for where, ids in bearers.items()}
