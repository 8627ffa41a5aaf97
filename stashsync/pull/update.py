"""Existing manifests take over what changed on the server.

    adopt ─▶ pair up ─▶ compare ─▶ rewrite ─▶ read again: is it what was meant? ─▶ Pulled
                                      ▲                        │ no
                                      └── without what spoils it ◀┘

What was spliced is read again before anybody writes it: everything that was to be taken over must
be there, and everything else must be as it was. What cannot be so is left for a hand, and said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from stashsync.engine.baseline import Baseline
from stashsync.errors import ManifestError, Problem
from stashsync.kinds import KINDS, Capabilities, Key
from stashsync.manifest import Desired
from stashsync.planner import Pair, Policy
from stashsync.pull.adopting import Wanted
from stashsync.pull.compare import Comparer
from stashsync.pull.differences import Choose, Comparison, Difference, Taking
from stashsync.pull.fresh import Fresh, NewObjects
from stashsync.pull.nesting import Nesting, deepest_first
from stashsync.pull.placing import Placing, key_after
from stashsync.pull.reading import Pairing, Project
from stashsync.pull.rewrite import Texts
from stashsync.pull.writing.forms import Names, Writer
from stashsync.state import Resource, State


@dataclass
class Pulled:
    """The files that change, as they are to be, by path below the project.

    `differences` are all that were found, with their sides; `hands` are those that somebody has to
    take over by hand; `notes` says what cannot be written at all; `added` are the new items.
    `pairs` are both sides as they will be once the files are written.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    differences: Sequence[Difference] = ()
    hands: Sequence[Problem] = ()
    notes: Sequence[str] = ()
    added: Sequence[Fresh] = ()
    pairs: Sequence[Pair] = ()


def update(
    root: Path,
    folder: str,
    desired: Desired,
    observed: State,
    server: Capabilities,
    baseline: Baseline | None,
    *,
    wanted: Wanted,
    policy: Policy,
    choose: Choose,
    prepare: Callable[[State], object] = lambda _: None,
) -> Pulled:
    """The files of the project as they are to be.

    `prepare` is done to every desired state after loading (see `merge_lists`); `choose` is asked
    where both sides moved.

    Raises:
        ManifestError: the files changed since they were loaded, and not for the better.
    """
    return _Update(
        root, folder, desired, observed, server, baseline, wanted, policy, choose, prepare
    ).run()


class _Update:
    def __init__(
        self,
        root: Path,
        folder: str,
        desired: Desired,
        observed: State,
        server: Capabilities,
        baseline: Baseline | None,
        wanted: Wanted,
        policy: Policy,
        choose: Choose,
        prepare: Callable[[State], object],
    ) -> None:
        self._project = Project(root, folder, desired, prepare)
        self._pairing = Pairing(observed, server, baseline, policy)
        self._nesting = Nesting(self._project.texts)
        self._folder, self._observed, self._baseline = folder, observed, baseline
        self._wanted, self._policy, self._choose = wanted, policy, choose
        self._notes: list[str] = []
        self._last: tuple[list[int], dict[str, str], list[Problem]] | None = None
        """The steps that were written last, and what came of them."""
        self._answers: dict[tuple[str, str, str], bool | None] = {}

    def run(self) -> Pulled:
        comparison, pairs = self._compare(self._project.state, self._nesting)
        fresh = self._new_objects().find(pairs) if self._wanted.new else []
        steps: list[_Step] = [*comparison.takings, *comparison.gone]
        good = self._settle(steps, fresh)
        texts, hands = self._rewrite(good, fresh)
        hands += [
            Problem(
                f"{one.address}: this needs a hand (what was spliced did not read as meant)",
                one.mark,
            )
            for one in (_resource(step) for step in steps if step not in good)
        ]
        files = self._project.changed(texts)
        _, after = self._pairing.pairs(self._project.loaded(texts))
        return Pulled(files, comparison.differences, hands, self._notes, fresh, after)

    # -- both sides -----------------------------------------------------------------------------

    def _compare(self, state: State, nesting: Nesting) -> tuple[Comparison, list[Pair]]:
        context, pairs = self._pairing.pairs(state)
        if context.problems:
            raise ManifestError(context.problems)
        pairs = [one for one in pairs if self._policy.chooses(one.desired)]
        comparer = Comparer(
            pairs,
            self._observed,
            self._baseline,
            nesting,
            self._chosen,
            self._writer(),
            all_fields=self._wanted.all_fields,
        )
        return comparer.run(), pairs

    def _chosen(self, difference: Difference) -> bool | None:
        """Ask once for each conflict, however often the sides are compared."""
        asked = (difference.desired.address, difference.field, difference.server)
        if asked not in self._answers:
            self._answers[asked] = self._choose(difference)
        return self._answers[asked]

    def _writer(self) -> Writer:
        def note(one: Resource, what: str) -> None:
            text = f"{one.address}: {what}"
            if text not in self._notes:
                self._notes.append(text)

        return Writer(self._observed, Names.of(self._observed), note)

    def _new_objects(self) -> NewObjects:
        return NewObjects(
            self._project.state,
            self._observed,
            self._policy,
            self._writer(),
            self._project.texts,
            self._folder,
            self._wanted.into,
        )

    # -- writing --------------------------------------------------------------------------------

    def _settle(self, steps: list[_Step], fresh: Sequence[Fresh]) -> list[_Step]:
        """The steps that together give what was meant: all, or as many as can be."""
        good: list[_Step] = []

        def attempt(some: list[_Step]) -> None:
            if not some:
                return
            if self._is_meant([*good, *some], fresh):
                good.extend(some)
            elif len(some) > 1:
                middle = len(some) // 2
                attempt(some[:middle])
                attempt(some[middle:])

        attempt(steps)
        order = {id(step): position for position, step in enumerate(steps)}
        return sorted(good, key=lambda step: order[id(step)])

    def _is_meant(self, steps: Sequence[_Step], fresh: Sequence[Fresh]) -> bool:
        texts, hands = self._rewrite(steps, fresh)
        if texts == self._project.texts:
            return True
        try:
            state = self._project.loaded(texts)
            comparison, _ = self._compare(state, Nesting(texts))
        except ManifestError:
            return False
        marks = {one.mark for one in hands}
        open_now = {
            (one.desired.kind, one.desired.id or one.desired.key) for one in [*comparison.takings]
        }
        touched: dict[tuple[str, Key], set[str]] = {}
        for step in steps:
            resource = _resource(step)
            if resource.mark in marks:
                touched[resource.kind, resource.key] = set(resource.values)
                continue
            if isinstance(step, Resource):
                touched[step.kind, step.key] = set(step.values)
                continue
            key = key_after(step)
            touched[resource.kind, key] = _fields_of(step)
            if (resource.kind, resource.id or key) in open_now or (resource.kind, key) in open_now:
                return False
        return self._rest_is_same(state, touched, steps)

    def _rest_is_same(
        self, state: State, touched: Mapping[tuple[str, Key], set[str]], steps: Sequence[_Step]
    ) -> bool:
        """Whether everything that was not to be touched reads as before."""
        before = {(one.kind, one.key): one for one in self._project.state}
        renamed = {
            (step.desired.kind, key_after(step)): step.desired.key
            for step in steps
            if isinstance(step, Taking)
        }
        seen = set()
        for one in state:
            old_key = renamed.get((one.kind, one.key), one.key)
            old = before.get((one.kind, old_key))
            if old is None:
                continue  # a new object
            seen.add((one.kind, old_key))
            may = touched.get((one.kind, one.key), set())
            names = {*one.values, *old.values} - may
            same = all(_equal(one, old, name) for name in names)
            if not same or (one.id, one.merge, one.absent, one.keep_old_name) != (
                old.id,
                old.merge,
                old.absent,
                old.keep_old_name,
            ):
                return False
        gone = {(one.kind, one.key) for one in steps if isinstance(one, Resource)}
        return all(key in seen or key in gone for key in before)

    def _rewrite(
        self, steps: Sequence[_Step], fresh: Sequence[Fresh]
    ) -> tuple[dict[str, str], list[Problem]]:
        if self._last is not None and self._last[0] == [id(one) for one in steps]:
            return self._last[1], list(self._last[2])
        texts = Texts(dict(self._project.texts))
        takings = [one for one in steps if isinstance(one, Taking)]
        texts.take_values(takings)
        renamed = {
            (one.desired.kind, one.desired.key[0]): one.name
            for one in takings
            if one.name is not None
        }
        if renamed:
            texts.rename_bare(renamed)
        keys = {(one.desired.kind, one.observed.id): key_after(one) for one in takings}
        _, pairs = self._pairing.pairs(self._project.state)
        for pair in pairs:
            if pair.observed is not None and not pair.desired.absent:
                keys.setdefault((pair.desired.kind, pair.observed.id), pair.desired.key)
        placing = Placing(self._observed, self._writer().names, self._nesting)
        for taking in takings:
            if taking.move is not None:
                texts.move(placing.place(taking, keys, renamed), taking.desired.mark)
        for one in fresh:
            below = keys.get((one.kind, one.below)) if one.below else None
            texts.add(one.kind, below, one.item, one.file)
        for step in deepest_first([one for one in steps if isinstance(one, Resource)], texts):
            texts.remove(step, step.key)
        self._last = ([id(one) for one in steps], texts.files, texts.hands)
        return texts.files, list(texts.hands)


_Step: TypeAlias = "Taking | Resource"


def _resource(step: _Step) -> Resource:
    return step.desired if isinstance(step, Taking) else step


def _fields_of(taking: Taking) -> set[str]:
    found = {*taking.values, *taking.lists, *taking.maps}
    if taking.name is not None:
        found.add("name")
    spec = KINDS[taking.desired.kind].hierarchy
    if taking.move is not None and spec is not None:
        found.add(spec.name)
    return found


def _equal(one: Resource, other: Resource, name: str) -> bool:
    """Whether a field reads the same; that it follows a renaming is another step's business."""
    absent = object()
    mine, theirs = one.values.get(name, absent), other.values.get(name, absent)
    if mine == theirs:
        return True
    spec = KINDS[one.kind].hierarchy
    return spec is not None and name == spec.name and name in other.values
