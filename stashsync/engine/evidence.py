"""Whether what is remembered of a library is about the objects that are there now.

A mark tells which installation it is, not that its ids are those that were known: a restored backup
or a full import gives the ids to other objects (docs/planning-rules.md#matching).

    baseline ──┬── most ids are other objects' now ───────────────> set aside
               └── single objects are others ── dropped ──────────> what is believed
"""

from __future__ import annotations

import sys
from bisect import bisect
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise, starmap
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from msgspec.structs import replace

from stashsync.applier.journal import Run
from stashsync.errors import Problem
from stashsync.fields import Value
from stashsync.fields.names import fold
from stashsync.kinds import KINDS, Key
from stashsync.planner import Create, Delete, Merge, Update
from stashsync.state import Resource, State

if TYPE_CHECKING:
    from stashsync.engine.baseline import Baseline, Values

FEWEST_RENAMED: Final = 10
SHARE_OF_RENAMED: Final = 0.5
"""Where so many, and a greater share, have names that are not known, it is another library, if it
has no mark. Who has a mark, or few objects, may have renamed all of them."""
NEIGHBOURS: Final = 5
FEWEST_NEIGHBOURS: Final = 3
"""So many known objects on either side, and in all, show whether ids are in the order of time."""
FEWEST_OTHERS: Final = 2
SHARE_OF_OTHERS: Final = 0.1
"""Where more remembered ids than these belong to other objects, nothing remembered is believed."""
SLACK: Final = timedelta(seconds=1)
"""Times of the server have no fractions."""
SET_ASIDE: Final = (
    "what is remembered of this library is of another time, as after a restored backup or an "
    "import: {others} of {all} ids belong to other objects now. It is not used"
)
UNKNOWN: Final = (
    "what is remembered of this library is of another one, as it has no mark: {renamed} of {all} "
    "names are not known. It is not used"
)
NOT_TAKEN: Final = (
    "by when they were created, these are other objects than had their ids, as after an import: "
    "{strangers}. One that was renamed needs `renamed_from` in its item"
)

_T = TypeVar("_T")
GivenNames: TypeAlias = Mapping[tuple[str, str], Mapping[str, Sequence[Value]]]
"""By kind and id of an object, and by key field, values that runs wrote there, or found."""
ReadTimes: TypeAlias = Callable[[str, Sequence[str]], Awaitable[Mapping[str, str]]]
"""Reads when objects of a kind were created, by id."""


async def believed(
    baseline: Baseline,
    observed: State,
    read_times: ReadTimes,
    *,
    marked: bool,
    own: Callable[[], GivenNames] = dict,
) -> tuple[Baseline | None, Problem | None]:
    """Return what to believe of a baseline, and a warning; None where it is of another time.

    An object is another one than was remembered if name and stash_ids are others. So is one of
    another name that was created after the baseline was written, or before the run that created the
    remembered one, or whose time does not fit between those of its neighbours: ids are given in the
    order of time, but an import keeps the times and gives new ids (docs/stash-behaviour.md#backup).
    In a library that was imported before, times are in no order, and show nothing.

    Args:
        baseline: what is remembered.
        observed: what the library has.
        read_times: reads when objects were created.
        marked: whether the library has a mark: under it, all may have been renamed.
        own: returns the names that runs gave, or found, of which the baseline does not know. An
            object that has one of its own is no other. It is called where names differ.

    Raises:
        StashError: the server gave no answer.
    """
    there = {(resource.kind, resource.id): resource for resource in observed}
    holders: dict[tuple[str, Key], str | None] = {}
    dropped: dict[str, set[str]] = {}
    renamed: dict[str, list[str]] = {}
    same: dict[str, list[str]] = {}
    looked_at = others = 0
    given: GivenNames | None = None
    for (name, key), identifier in baseline.ids.items():
        found = there.get((name, identifier))
        looked_at += found is not None
        if found is not None and found.key == key:
            same.setdefault(name, []).append(identifier)
        if found is None or found.key == key:
            continue
        given = own() if given is None else given
        if _is_given(found, given.get((name, identifier), {})):
            continue
        holders = holders or {(item.kind, item.key): item.id for item in observed}
        values = baseline.objects[name][identifier]
        shared = _shares_stash_ids(values, found)
        others += shared is not True and holders.get((name, key), identifier) != identifier
        if shared is False:
            dropped.setdefault(name, set()).add(identifier)
        elif shared is None and (name, key) not in holders:
            renamed.setdefault(name, []).append(identifier)
    if others >= FEWEST_OTHERS and others > SHARE_OF_OTHERS * looked_at:
        return None, Problem(SET_ASIDE.format(others=others, all=looked_at))
    unknown = sum(map(len, renamed.values()))
    if not marked and unknown >= FEWEST_RENAMED and unknown > SHARE_OF_RENAMED * looked_at:
        return None, Problem(UNKNOWN.format(renamed=unknown, all=looked_at))
    strangers: list[str] = []
    for name, identifiers in renamed.items() if baseline.written else ():
        neighbours = _neighbours(identifiers, same.get(name, ()))
        asked = {*identifiers}.union(*(ids for both in neighbours.values() for ids in both))
        times = await read_times(name, sorted(asked))
        for identifier, (below, above) in neighbours.items():
            time = times.get(identifier, "")
            before, after = ([times.get(each, "") for each in both] for both in (below, above))
            older = _is_after(baseline.not_before.get(name, {}).get(identifier, ""), time)
            newer = _is_after(time, baseline.written)
            is_strange = not (older or newer or _fits(time, before, after))
            if is_strange:
                strangers.append(f'{name} "{there[name, identifier].label}" (id {identifier})')
            if older or newer or is_strange:
                dropped.setdefault(name, set()).add(identifier)
    warning = Problem(NOT_TAKEN.format(strangers=", ".join(strangers))) if strangers else None
    return _without(baseline, dropped), warning


def names_given(runs: Iterable[Run]) -> GivenNames:
    """Return what runs found and wrote of the key fields of objects."""
    found: dict[tuple[str, str], dict[str, list[Value]]] = {}
    for run in runs:
        for index in run.sent:
            operation = run.plan.operations[index]
            change = run.plan.changes[operation.change]
            if not isinstance(change, Update | Delete):
                continue
            for name in {*operation.fields}.intersection(KINDS[change.kind].key_fields):
                both = change.changes.get(name) if isinstance(change, Update) else None
                values = [operation.undo.get(name), operation.detour.get(name)]
                values += [both.before, both.after] if both is not None else []
                found.setdefault((change.kind, change.id), {}).setdefault(name, []).extend(values)
    return found


def _is_given(found: Resource, given: Mapping[str, Sequence[Value]]) -> bool:
    """Whether the name of an object is one that a run gave it, or found."""
    return bool(given) and all(found.values.get(name) in values for name, values in given.items())


def _neighbours(
    identifiers: Sequence[str], same: Sequence[str]
) -> dict[str, tuple[list[str], list[str]]]:
    """Return the nearest ids below and above each that are as remembered."""
    known = sorted(same, key=_number)
    found = {}
    for identifier in identifiers:
        place = bisect(known, _number(identifier), key=_number)
        found[identifier] = (
            known[max(0, place - NEIGHBOURS) : place],
            known[place : place + NEIGHBOURS],
        )
    return found


def _number(identifier: str) -> int:
    return int(identifier) if identifier.isdecimal() else sys.maxsize


def _fits(time: str, before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a time fits between others; it does where there are few, or they are in no order."""
    others = [each for each in (*before, *after) if each]
    if len(others) < FEWEST_NEIGHBOURS or any(starmap(_is_after, pairwise(others))):
        return True
    is_early = bool(before) and _is_after(before[-1], time)
    return not is_early and not (after and _is_after(time, after[0]))


async def others_than_known(
    run: Run,
    observed: State,
    read_times: ReadTimes,
    made_again: Collection[tuple[str, str]] = (),
) -> dict[tuple[str, str], Resource]:
    """Return the objects that have ids of a run and are others than those that it knew.

    They have a name that the run does not know, and were created after it began and not by it, or
    another object has the name that it left. An object that was only renamed since is still that
    object.

    Args:
        run: what the journal knows of the run.
        observed: what is there now.
        read_times: reads when objects were created.
        made_again: what later runs made again.

    Raises:
        StashError: the server gave no answer.
    """
    known = _names_known(run)
    strange: dict[tuple[str, str], Resource] = {}
    elsewhere: set[tuple[str, str]] = set()
    for item in observed:
        me = (item.kind, item.id or "")
        if me not in known:
            elsewhere.add((item.kind, fold(item.label)))
        elif not any(_names(text, item) for text in known[me]):
            strange[me] = item
    found = {me for me in strange if (me[0], known[me][-1]) in elsewhere}
    created = {
        (change.kind, outcome.id or "")
        for index, outcome in run.applied.items()
        if isinstance(change := run.plan.changes[run.plan.operations[index].change], Create)
    }
    made = created.union(made_again)
    for kind in sorted({kind for kind, _ in strange}):
        times = await read_times(kind, sorted(each for name, each in strange if name == kind))
        found |= {
            (kind, each)
            for each, time in times.items()
            if (kind, each) not in made and _is_after(time, run.started)
        }
    return {me: item for me, item in strange.items() if me in found}


def _names_known(run: Run) -> dict[tuple[str, str], list[str]]:
    """Return the names of a run's objects, folded, the one that it left last."""
    found: dict[tuple[str, str], list[str]] = {}

    def add(kind: str, identifier: str | None, *names: Value) -> None:
        found.setdefault((kind, identifier or ""), []).extend(fold(name) for name in names if name)

    for change in run.plan.changes:
        if isinstance(change, Delete | Merge):
            add(change.kind, change.id, change.label)
        for source, label in change.sources if isinstance(change, Merge) else ():
            add(change.kind, source, label)
    for index, operation in enumerate(run.plan.operations):
        change = run.plan.changes[operation.change]
        if isinstance(change, Create) and index in run.outcomes:
            add(change.kind, run.outcomes[index].id, change.values.get("name"), change.label)
        elif isinstance(change, Delete):
            add(change.kind, change.id, operation.detour.get("name"))
        elif isinstance(change, Update):
            name = change.changes.get("name")
            left = (name.before, name.after) if name is not None else ()
            add(change.kind, change.id, operation.detour.get("name"), change.label, *left)
    return found


def _names(text: str, item: Resource) -> bool:
    """Whether a name, in full or without what tells it from others, is that of an object."""
    name = fold(item.name)
    return text in (name, fold(item.label)) or text.startswith(f"{name} (")


def _shares_stash_ids(values: Values, found: Resource) -> bool | None:
    """Whether an object has a stash_id that is remembered of it; None where either has none."""
    before, now = _pairs(values.get("stash_ids")), _pairs(found.values.get("stash_ids"))
    return not before.isdisjoint(now) if before and now else None


def _pairs(stash_ids: Value) -> set[tuple[str, str]]:
    return {(entry["endpoint"], entry["stash_id"]) for entry in stash_ids or ()}


def _is_after(created: str, written: str) -> bool:
    try:
        return datetime.fromisoformat(created) > datetime.fromisoformat(written) + SLACK
    except (ValueError, TypeError):  # a time without a zone, or none at all
        return False


def _without(baseline: Baseline, dropped: Mapping[str, set[str]]) -> Baseline:
    if not any(dropped.values()):
        return baseline

    def kept(all_: Mapping[str, Mapping[str, _T]]) -> dict[str, dict[str, _T]]:
        return {
            name: {key: each for key, each in found.items() if key not in dropped.get(name, ())}
            for name, found in all_.items()
        }

    return replace(baseline, objects=kept(baseline.objects), not_before=kept(baseline.not_before))
