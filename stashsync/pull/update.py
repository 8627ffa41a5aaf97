"""Existing manifests take over what changed on the server.

    adopt ─▶ pair up ─▶ compare ─▶ rewrite ─▶ read again: is it what was meant? ─▶ Pulled
                                      ▲                        │ no
                                      └── without what spoils it ◀┘

What was spliced is read again before anybody writes it: everything that was to be taken over must
be there, and everything else must be as it was. What cannot be so is left for a hand, and said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

from stashsync.errors import ManifestError, Problem
from stashsync.fields.names import fold, trim
from stashsync.manifest import Desired, load
from stashsync.manifest.events import BOM
from stashsync.manifest.writing.forms import Names, Writer
from stashsync.manifest.writing.outline import outline_of
from stashsync.planner import Pair, Policy, pair_up
from stashsync.pull.adopting import Wanted, adopt
from stashsync.pull.compare import Comparer
from stashsync.pull.differences import Choose, Comparison, Difference, Taking
from stashsync.pull.fresh import Fresh, NewObjects
from stashsync.pull.nesting import deepest_first, nestings, still_nested
from stashsync.pull.rewrite import GO, Place, Texts
from stashsync.record import Record
from stashsync.state import Resource, State
from stashsync.types import KINDS, Capabilities, Key


@dataclass
class Pulled:
    """The files that change, as they are to be, by path below the project.

    `differences` are all that were found, with their sides; `hands` are those that somebody has to
    take over by hand; `notes` says what cannot be written at all. `pairs` are both sides as they
    will be once the files are written.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    differences: Sequence[Difference] = ()
    hands: Sequence[Problem] = ()
    notes: Sequence[str] = ()
    new: int = 0
    pairs: Sequence[Pair] = ()


def update(
    root: Path,
    folder: str,
    desired: Desired,
    observed: State,
    server: Capabilities,
    record: Record | None,
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
        root, folder, desired, observed, server, record, wanted, policy, choose, prepare
    ).run()


class _Update:
    def __init__(
        self,
        root: Path,
        folder: str,
        desired: Desired,
        observed: State,
        server: Capabilities,
        record: Record | None,
        wanted: Wanted,
        policy: Policy,
        choose: Choose,
        prepare: Callable[[State], object],
    ) -> None:
        self._root, self._folder, self._desired = root, folder, desired
        self._observed, self._server, self._record = observed, server, record
        self._wanted, self._policy, self._choose = wanted, policy, choose
        self._prepare = prepare
        self._notes: list[str] = []
        self._last: tuple[list[int], dict[str, str], list[Problem]] | None = None
        """The steps that were written last, and what came of them."""
        self._answers: dict[tuple[str, str, str], bool] = {}
        self._bytes = {name: (root / name).read_bytes() for name in desired.files}
        self._texts = {name: _decoded(data) for name, data in self._bytes.items()}

    def run(self) -> Pulled:
        comparison, pairs = self._compare(self._desired.state, self._texts)
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
        files = {
            name: self._encoded(name, text)
            for name, text in texts.items()
            if text != self._texts.get(name)
        }
        found = self._loaded(texts) if files else self._desired.state
        _, after = self._pairs(found)
        return Pulled(files, comparison.differences, hands, self._notes, len(fresh), after)

    # -- both sides -----------------------------------------------------------------------------

    def _pairs(self, state: State) -> tuple[Any, list[Pair]]:
        adopted = adopt(state, self._observed, self._record)
        policy = replace(self._policy, lenient=True)
        return pair_up(adopted, self._observed, self._server, policy=policy)

    def _compare(self, state: State, texts: Mapping[str, str]) -> tuple[Comparison, list[Pair]]:
        context, pairs = self._pairs(state)
        if context.problems:
            raise ManifestError(context.problems)
        pairs = [one for one in pairs if self._policy.chooses(one.desired)]
        nested = nestings(texts)
        around = {
            id(one.desired): nested.get((one.desired.kind, one.desired.key), []) for one in pairs
        }
        comparer = Comparer(
            pairs,
            self._observed,
            self._record,
            around,
            self._chosen,
            self._writer(),
            all_fields=self._wanted.all_fields,
        )
        return comparer.run(), pairs

    def _chosen(self, difference: Difference) -> bool:
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
            self._desired.state,
            self._observed,
            self._policy,
            self._writer(),
            self._texts,
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
        if texts == self._texts:
            return True
        try:
            state = self._loaded(texts)
            comparison, _ = self._compare(state, texts)
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
            key = _key_after(step)
            touched[resource.kind, key] = _fields_of(step)
            if (resource.kind, resource.id or key) in open_now or (resource.kind, key) in open_now:
                return False
        return self._rest_is_same(state, touched, steps)

    def _rest_is_same(
        self, state: State, touched: Mapping[tuple[str, Key], set[str]], steps: Sequence[_Step]
    ) -> bool:
        """Whether everything that was not to be touched reads as before."""
        before = {(one.kind, one.key): one for one in self._desired.state}
        renamed = {
            (step.desired.kind, _key_after(step)): step.desired.key
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
        texts = Texts(dict(self._texts))
        takings = [one for one in steps if isinstance(one, Taking)]
        texts.take_values(takings)
        renamed = {
            (one.desired.kind, one.desired.key[0]): one.name
            for one in takings
            if one.name is not None
        }
        if renamed:
            texts.rename_bare(renamed)
        keys = {(one.desired.kind, one.observed.id): _key_after(one) for one in takings}
        _, pairs = self._pairs(self._desired.state)
        for pair in pairs:
            if pair.observed is not None and not pair.desired.absent:
                keys.setdefault((pair.desired.kind, pair.observed.id), pair.desired.key)
        for taking in takings:
            if taking.move is not None:
                texts.move(self._place(taking, keys, renamed), taking.desired.mark)
        for one in fresh:
            below = keys.get((one.kind, one.below)) if one.below else None
            texts.add(one.kind, below, one.item, one.file)
        for step in deepest_first([one for one in steps if isinstance(one, Resource)], texts):
            texts.remove(step, step.key)
        self._last = ([id(one) for one in steps], texts.files, texts.hands)
        return texts.files, list(texts.hands)

    def _place(
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
        names = self._writer().names
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
        rest = [self._called(kind, one, keys, names) for one in gained]
        place = Place(kind, _key_after(taking), lost, below)
        if spec.meaning.shape != "set":  # a studio's one parent
            if below is None:
                place.values[spec.name] = rest[0] if rest else None
            elif spec.name in taking.desired.values:
                place.values[spec.name] = GO
            return place
        value = taking.desired.values.get(spec.name)
        stays = [key for key in still_nested(taking, self._texts, lost) if key not in lost]
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
        outline = outline_of(self._texts[taking.desired.file])
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
        self, kind: str, identifier: str, keys: Mapping[tuple[str, str | None], Key], names: Names
    ) -> str | None:
        if (kind, identifier) in keys:
            for one in self._observed.of(kind):
                if one.id == identifier:
                    return one.name
        return names.get(kind, identifier)

    # -- files ----------------------------------------------------------------------------------

    def _loaded(self, texts: Mapping[str, str]) -> State:
        changed = {
            name: self._encoded(name, text)
            for name, text in texts.items()
            if text != self._texts.get(name)
        }
        if not changed:
            return self._desired.state
        state = load(self._root, folder=self._folder, instead=changed).state
        self._prepare(state)
        return state

    def _encoded(self, name: str, text: str) -> bytes:
        bom = self._bytes.get(name, b"").startswith(BOM)
        return (BOM if bom else b"") + text.encode("utf-8")


_Step: TypeAlias = "Taking | Resource"


def _resource(step: _Step) -> Resource:
    return step.desired if isinstance(step, Taking) else step


def _key_after(taking: Taking) -> Key:
    """The key of an item once its name is taken over."""
    desired, kind = taking.desired, KINDS[taking.desired.kind]
    values = {**desired.values, **{k: v for k, v in taking.values.items() if k in kind.key_fields}}
    return kind.key({**values, "name": taking.name or desired.name})


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


def _decoded(data: bytes) -> str:
    return data.removeprefix(BOM).decode("utf-8")
