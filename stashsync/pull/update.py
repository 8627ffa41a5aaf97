"""Existing manifests accept what changed on the server.

    pair up ─▶ compare ─▶ rewrite ─▶ read again: is it what was meant? ─▶ Pulled
                             ▲                        │ no
                             └── without what spoils it ◀┘

What was spliced is read again before anything is written: everything accepted must be there, and
everything else must be as it was. What fails this becomes a manual step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeAlias

from stashsync.errors import ManifestError, Problem
from stashsync.fields.names import fold
from stashsync.kinds import Key
from stashsync.manifest.loading import collector_resting
from stashsync.manifest.source import FileRefused
from stashsync.planner import Pair
from stashsync.pull.accepting import shared_in
from stashsync.pull.adding import add_items
from stashsync.pull.checking import ChangeChecker
from stashsync.pull.compare import Comparer
from stashsync.pull.differences import AcceptedChange, Choose, Comparison, Difference
from stashsync.pull.excerpts import Topic, places_in
from stashsync.pull.export import PullScope
from stashsync.pull.moving import move_all
from stashsync.pull.new_items import NewItem, new_items
from stashsync.pull.pairing import Pairing, Project
from stashsync.pull.placing import Placing, TextNesting
from stashsync.pull.references import replace_references
from stashsync.pull.rewrite import ProjectTexts, manual_step
from stashsync.pull.second_reading import fault_of, without_same
from stashsync.pull.writing.blocks import Content, name_of
from stashsync.pull.writing.edits import ManualStepError
from stashsync.pull.writing.items import ItemWriter, ReferenceNames
from stashsync.pull.writing.outline import outline_of
from stashsync.state import ChangedBy, Resource, State

NOT_AS_MEANT: Final = "the text did not read as meant"
_Unit: TypeAlias = AcceptedChange | NewItem
"""What is written as a whole or left as a whole."""


@dataclass
class Pulled:
    """The changed files, by path below the project.

    `differences` are all that were found; `manual_steps` the accepted changes that could not be
    written; `notes` values that no manifest can hold; `added` the new items. `pairs` are both
    sides as they are once the files are written; `unfinished` are the kinds and ids of objects
    that have a manual step, and the kinds and keys of those that the server removed.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    differences: Sequence[Difference] = ()
    manual_steps: Sequence[Problem] = ()
    notes: Sequence[str] = ()
    added: Sequence[NewItem] = ()
    pairs: Sequence[Pair] = ()
    unfinished: frozenset[tuple[str, str | Key]] = frozenset()


@dataclass
class ManifestUpdate:
    """The update of a project's manifests. `choose` decides where both sides changed a value."""

    project: Project
    pairing: Pairing
    scope: PullScope
    choose: Choose

    def __post_init__(self) -> None:
        observed = self.pairing.observed
        self._writer = ItemWriter(observed, ReferenceNames.of(observed), self._note)
        self._nesting = TextNesting(self.project.texts)
        self._check = ChangeChecker(self.project, self.pairing, self._writer.names)
        self._notes: dict[str, None] = {}
        self._last: tuple[list[_Unit], ProjectTexts] | None = None
        """The changes that were written last, and the result."""
        self._in_full = False
        """Whether texts are composed in full; at first only what the changes are about is."""
        self._answers: dict[tuple[str, str, str, str], bool | None] = {}

    def run(self) -> Pulled:
        """Return the files of the project as they are to be.

        Raises:
            ManifestError: the files changed since they were loaded, and are no longer valid.
        """
        with collector_resting():
            return self._run()

    def _run(self) -> Pulled:
        comparison, pairs = self._compare(self.project.state, self._nesting)
        added: list[NewItem] = []
        if self.scope.new:
            added = new_items(self.project, self.pairing, self.scope, self._writer, pairs)
        good, spoiling = self._settle([*comparison.changes, *added])
        written = self._rewrite(good)
        texts, manual = written.whole(), list(written.manual_steps)
        manual += [manual_step(unit.what, why, unit.mark) for unit, why in spoiling]
        files = self.project.changed(texts)
        _, after = self.pairing.pairs(self.project.loaded(texts))
        marks = {step.mark for step in manual}
        unfinished = frozenset(
            (
                change.desired.kind,
                change.observed.id or "" if change.observed is not None else change.desired.key,
            )
            for change in comparison.changes
            if change.desired.mark in marks
        )
        found = [*comparison.differences, *self._still_there(pairs)]
        return Pulled(files, found, manual, list(self._notes), added, after, unfinished)

    def _still_there(self, pairs: Sequence[Pair]) -> Iterator[Difference]:
        """Yield what the manifests want deleted or merged, as the manifests' changes."""
        context, _ = self.pairing.pairs(self.project.state)
        for pair in pairs:
            desired, observed = pair.desired, pair.observed
            if desired.absent and observed is not None:
                yield Difference(desired, "", ChangedBy.MANIFEST, observed=observed)
            if not desired.merge:
                continue
            index = context.indexes[desired.kind]
            declared = {item.key for item in context.desired.of(desired.kind)}
            for name in desired.merge:
                for source in index.named(name, declared):
                    if observed is not None and source.id != observed.id:
                        yield Difference(desired, "", ChangedBy.MANIFEST, observed=source)

    # -- both sides -----------------------------------------------------------------------------

    def _compare(
        self, state: State, nesting: TextNesting, names: Collection[tuple[str, str]] | None = None
    ) -> tuple[Comparison, list[Pair]]:
        """Compare both sides: all objects, or what was written of these kinds and folded names."""
        context, pairs = self.pairing.pairs(state)
        if context.problems:
            raise ManifestError(context.problems)
        policy = self.pairing.policy
        if policy.only or policy.without:
            pairs = [pair for pair in pairs if policy.chooses(pair.desired)]
        comparer = Comparer(
            pairs,
            self.pairing.baseline,
            nesting,
            self._choose_once if names is None else self._chosen,
            self._writer,
            all_fields=self.scope.all_fields,
            reset=self.scope.reset,
            drops_repeated_aliases=self.pairing.server.drops_repeated_aliases,
        )
        return comparer.run(names), pairs

    def _choose_once(self, difference: Difference) -> bool | None:
        """Ask once for each conflict, however often the sides are compared."""
        asked = _conflict(difference)
        if asked not in self._answers:
            self._answers[asked] = self.choose(difference)
        return self._answers[asked]

    def _chosen(self, difference: Difference) -> bool | None:
        """Return what was answered; a conflict that is new comes from a text that reads wrong."""
        return self._answers.get(_conflict(difference), True)

    def _note(self, resource: Resource, what: str) -> None:
        self._notes[f"{resource.address}: {what}"] = None

    # -- writing --------------------------------------------------------------------------------

    def _settle(self, units: list[_Unit]) -> tuple[list[_Unit], list[tuple[_Unit, str]]]:
        """Return the changes that together give what was meant: all, or as many as can be.

        Those that spoil it come with the reason.
        """
        good: list[_Unit] = []
        spoiling: list[tuple[_Unit, str]] = []

        def attempt(subset: list[_Unit]) -> None:
            if not subset:
                return
            fault = self._fault_of([*good, *subset])
            if fault is not None and not self._in_full:
                self._in_full, self._last = True, None
                fault = self._fault_of([*good, *subset])
            if fault is None:
                good.extend(subset)
            elif len(subset) > 1:
                middle = len(subset) // 2
                attempt(subset[:middle])
                attempt(subset[middle:])
            elif self._can_be_apart(subset[0]):
                attempt(subset)
            else:
                spoiling.append((subset[0], self._sharing(subset[0]) or fault))

        if self._check.undeclared and self._fault_of([]) is not None:
            self._check.undeclared = {}
        attempt(units)
        return good, spoiling

    def _can_be_apart(self, unit: _Unit) -> bool:
        """Let a change leave what others share with its item, if it does not do so yet."""
        if isinstance(unit, NewItem) or unit.apart or self._sharing(unit) is None:
            return False
        unit.apart, self._last = True, None
        return True

    def _sharing(self, unit: _Unit) -> str | None:
        """Return why a change cannot be written if others have values of the item by an anchor."""
        desired = unit.desired if isinstance(unit, AcceptedChange) else self._parent_of(unit)
        if desired is None:
            return None
        outline = outline_of(self.project.texts[desired.file])
        item = outline.at.get((desired.line - 1, desired.column - 1))
        shared = shared_in(outline, item.node, desired.values) if item is not None else ()
        return f"others share its values by the anchor &{shared[0].anchor}" if shared else None

    def _parent_of(self, new: NewItem) -> Resource | None:
        """Return the declared object that a new item is nested in."""
        for pair in self.pairing.pairs(self.project.state)[1] if new.below else ():
            found = pair.observed
            if found is not None and (found.kind, found.id) == (new.kind, new.below):
                return pair.desired
        return None

    def _fault_of(self, units: Sequence[_Unit]) -> str | None:
        """Return what is wrong with the texts that these changes give, or None."""
        manual: list[Problem] = []
        changes = [unit for unit in units if isinstance(unit, AcceptedChange)]
        added = [unit for unit in units if isinstance(unit, NewItem)]
        try:
            written = self._rewrite(units)
            manual = written.manual_steps
            texts = written.whole()
            if texts == self.project.texts:
                return None
            state = self.project.loaded(texts, written.shortened)
            names = {(change.desired.kind, change.new_key[0]) for change in changes}
            names |= {(new.kind, fold(name_of(new.item))) for new in added}
            comparison, _ = self._compare(state, TextNesting(texts), names)
        except ManifestError as error:
            if manual:
                return manual[0].message
            return f"the text would not be valid: {error.problems[0].message}"
        except FileRefused as refused:
            fault: str | None = f"the text would not be valid: {refused.message}"
        except ManualStepError as error:
            fault = str(error)
        else:
            fault = NOT_AS_MEANT
            if self._check.reads_as_meant(state, comparison, manual, changes, added):
                fault = self._read_again(written, changes, state)
        return fault

    def _read_again(
        self, texts: ProjectTexts, changes: Sequence[AcceptedChange], state: State
    ) -> str | None:
        """Return what another reader finds wrong with the changed texts, or None."""
        former = {
            (change.desired.kind, change.new_key): change.desired.key
            for change in changes
            if change.observed is not None
        }
        moved = {old: fold(new) for old, new in self._check.undeclared.items() if new is not None}
        for file, now in texts.files.items():
            if file not in texts.before:
                continue  # it has no comments of a person, and our own text was read as meant
            old, new = texts.before[file], now
            if self._in_full:
                places = [places_in(each, file) for each in (self.project.state, state)]
                old, new = without_same(old, new, *places)
            fault = fault_of(old, new, former, moved) if new != old else None
            if fault is not None:
                return fault
        return None

    def _rewrite(self, units: Sequence[_Unit]) -> ProjectTexts:
        if self._last is not None and self._last[0] == units:
            return self._last[1]
        changes = [unit for unit in units if isinstance(unit, AcceptedChange)]
        updates = [change for change in changes if change.observed is not None]
        texts = ProjectTexts.about(self.project.texts, self.project.state, self._topic(units))
        texts.accept_values(updates)
        renamed = {
            (change.desired.kind, change.desired.key[0]): change.name
            for change in updates
            if change.name is not None
        }
        if renamed:
            texts.rename_bare(renamed)
        keys = dict(self._keys)
        for change in updates:
            assert change.observed is not None
            keys[change.desired.kind, change.observed.id] = change.new_key
        contents: dict[tuple[str, Key | None, str], list[Content]] = {}
        for new in units:
            if isinstance(new, NewItem):
                below = keys.get((new.kind, new.below)) if new.below else None
                contents.setdefault((new.kind, below, new.file), []).append(new.item)
        add_items(texts, contents)
        placing = Placing(self._writer, self._nesting, keys, renamed)
        moving = [change for change in updates if change.move is not None]
        move_all(texts, [(placing.place(change), change.desired.mark) for change in moving])
        texts.remove([change.desired for change in changes if change.observed is None])
        replace_references(texts, self._check.replaced(changes), self._check.others)
        if not self._in_full and (texts.manual_steps or not texts.is_whole):
            self._in_full = True
            return self._rewrite(units)
        self._last = (list(units), texts)
        return texts

    @cached_property
    def _keys(self) -> dict[tuple[str, str | None], Key]:
        """The keys of declared objects by kind and id."""
        return {
            (pair.desired.kind, pair.observed.id): pair.desired.key
            for pair in self.pairing.pairs(self.project.state)[1]
            if pair.observed is not None and not pair.desired.absent
        }

    def _topic(self, units: Sequence[_Unit]) -> Topic | None:
        """Return what the changes are about, unless whole texts are to be read, or nothing is."""
        if self._in_full or not (units or self._check.undeclared):
            return None
        lines: dict[str, set[int]] = {}
        trees: dict[str, set[int]] = {}
        names: set[str | None] = {name for _, name in self._check.undeclared}
        for unit in units:
            if isinstance(unit, NewItem):
                names.update(self._keys.get((unit.kind, unit.below), ())[:1])
                continue
            desired = unit.desired
            moves = unit.observed is None or unit.move is not None
            (trees if moves else lines).setdefault(desired.file, set()).add(desired.line - 1)
            if unit.observed is None or unit.name is not None or unit.move is not None:
                names |= {desired.name, unit.name}
            if unit.move is not None:
                gained = [self._keys.get((desired.kind, each)) for each in unit.move.gained]
                names |= {key[0] for key in [*unit.move.lost, *gained] if key is not None}
        return Topic(lines, trees, {name for name in names if name is not None})


def _conflict(difference: Difference) -> tuple[str, str, str, str]:
    desired, observed = difference.desired, difference.observed
    identity = desired.address if observed is None else observed.id or ""
    return desired.kind, identity, difference.field, difference.server
