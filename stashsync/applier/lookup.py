"""Look up what became of an operation that was sent and not answered.

The server commits each operation alone and stops where the connection broke, so a prefix of the
document has landed. Nothing is sent again before the objects themselves have been looked at.

Source: docs/planning-rules.md#unknown-outcomes
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from stashsync.client.core import Core
from stashsync.fields import Value
from stashsync.fields.references import exchanged
from stashsync.kinds import KINDS, Kind
from stashsync.planner import Create, Delete, Merge, Plan, Update
from stashsync.planner.changes import token_of, values_after
from stashsync.planner.expectation import Expectation, without_given_up


class Trace(Enum):
    """What the server shows of an operation."""

    LANDED = "landed"
    ABSENT = "absent"
    """Nothing of it happened: it may be sent again."""
    UNCLEAR = "unclear"
    """Neither what was there before nor what was planned."""


async def look_up(expectation: Expectation, index: int, client: Core) -> tuple[Trace, str]:
    """Return what became of operation `index`, and the id of its object ("" where there is none).

    Raises:
        StashError: the server cannot be asked.
    """
    plan, ids = expectation.plan, expectation.ids
    operation = plan.operations[index]
    change = plan.changes[operation.change]
    kind = KINDS[change.kind]
    if operation.content:
        destination = ids.get(token_of(change), token_of(change))
        gone = [source for source, _ in change.sources] if isinstance(change, Merge) else []
        if gone and await _look_up_gone(kind, gone, client) is Trace.LANDED:
            return Trace.LANDED, destination  # they go after what belonged to them
        return Trace.ABSENT, destination  # to refer to the same once more does no harm
    match change:
        case Create() if "name" in operation.fields:
            return await _look_up_create(expectation, kind, change, operation.fields, client)
        case Merge():
            return await _look_up_gone(
                kind, [source for source, _ in change.sources], client
            ), change.id
        case Delete() if not operation.fields:
            return await _look_up_gone(kind, [change.id], client), change.id
    identifier = ids[change.token] if isinstance(change, Create) else change.id
    return await _look_up_update(expectation, index, kind, identifier, client), identifier


async def _look_up_gone(kind: Kind, ids: Sequence[str], client: Core) -> Trace:
    there = [await client.find_one(kind, identifier, []) is not None for identifier in ids]
    if not any(there):
        return Trace.LANDED
    return Trace.ABSENT if all(there) else Trace.UNCLEAR


async def _look_up_update(
    expectation: Expectation, index: int, kind: Kind, identifier: str, client: Core
) -> Trace:
    operations = expectation.plan.operations
    operation = operations[index]
    found = await _compare(expectation, index, operation.fields, kind, identifier, client)
    if found is None:
        # What the plan removes afterwards has given up everything.
        was_removed = (kind.name, identifier) in expectation.removed
        return Trace.LANDED if was_removed else Trace.UNCLEAR
    as_planned, as_before = found
    if as_planned:
        return Trace.LANDED
    for later, other in enumerate(operations) if operation.undo else ():
        # What stepped aside may be back. The rest of the change shows that, if it was sent; what
        # the operation wrote for good shows itself.
        follows = other.change == operation.change and index in other.waits
        if follows and expectation.was_sent(later):
            for_good = [name for name in operation.fields if name not in operation.undo]
            own = await _compare(expectation, index, for_good, kind, identifier, client)
            rest = await _compare(expectation, later, other.fields, kind, identifier, client)
            if own is not None and own[0] and rest == (True, False):
                return Trace.LANDED
    return Trace.ABSENT if as_before else Trace.UNCLEAR


async def _compare(
    expectation: Expectation,
    index: int,
    names: Sequence[str],
    kind: Kind,
    identifier: str,
    client: Core,
) -> tuple[bool, bool] | None:
    """Return whether an object is as an operation makes it, and whether it is as it was before.

    Only the fields with these names are compared. None is for an object that is gone.
    """
    plan, ids = expectation.plan, expectation.ids
    row = await client.find_one(kind, identifier, names)
    if row is None:
        return None
    as_planned = as_before = True
    for name in names:
        before, after = _sides(plan, index, name)
        if kind.fields[name].meaning.shape == "image":
            (planned,) = after  # no step of a change gives an image up
            now = await _image(row[kind.fields[name].output], planned, client)
            as_planned &= _is_image(now, planned)
            # Of an image that is to be removed the tag was not asked for.
            as_before &= now in before or (bool(now) and {"etag": ""} in before)
        else:
            as_planned &= any(_holds(kind, row, name, value, ids) for value in after)
            now = kind.fields[name].meaning.read(row[kind.fields[name].output])
            as_before &= any(
                _holds(kind, row, name, value, ids)
                or expectation.leads_to(kind, identifier, name, now, value)
                for value in before
            )
    return as_planned, as_before


def _sides(plan: Plan, index: int, name: str) -> tuple[list[Value], list[Value]]:
    """Return what a field may have been before an operation, and what it may be after it.

    Before the second step of a change it is what the first one made it, perhaps with what a merge
    has added since, or else what it was. After the first step it may be what the second one made
    it, where that differs from what it was.
    """
    operation = plan.operations[index]
    change = plan.changes[operation.change]
    planned = change.changes.get(name) if isinstance(change, Update) else None
    before: list[Value] = []
    for other in plan.operations[: index + 1]:
        if other.change != operation.change:
            continue
        if name in other.undo:
            before.append(other.undo[name])
        if name in other.detour and other is not operation:
            before.append(other.detour[name])
            united = planned.before if planned is not None else operation.detour.get(name)
            if name in other.undo:
                before.append(without_given_up(united, other.undo[name], other.detour[name]))
    if planned is not None:
        before.append(planned.before)
    elif isinstance(change, Create):
        before.append(KINDS[change.kind].fields[name].meaning.empty)
    before += [  # it comes back so, and a merge alone may make it so
        other.detour[name]
        for other in plan.operations
        if other.change == operation.change and name in other.detour and not other.undo
    ]
    last = values_after(change).get(name)
    if name not in operation.detour:
        return before, [last]
    done = name in values_after(change) and last not in before
    return before, [operation.detour[name], *([last] if done else [])]


async def _image(path: str | None, planned: Value, client: Core) -> Value:
    """Read what the object's image is now, as it is observed: an ETag, or None."""
    if not path or "default=true" in path:
        return None
    known = (planned or {}).get("md5")
    return {"etag": await client.transport.etag(path, known) or ""}


def _is_image(now: Value, planned: Value) -> bool:
    """Whether the image is the planned one; a URL is only sent to an object that has none."""
    if not planned or not now:
        return not planned and not now
    return "url" in planned or now["etag"] == planned["md5"]


async def _look_up_create(
    expectation: Expectation,
    kind: Kind,
    change: Create,
    sent: Sequence[str],
    client: Core,
) -> tuple[Trace, str]:
    """Look for the object of this very key, and whether it is as planned.

    One that the plan knows by its id is no new object: it has not given the name up yet.
    The server's own comparison reads `_` and `%` as patterns, so its answer may hold others too.
    Its image is not looked at: the server makes an object and its image in one go.
    """
    fields = [name for name in sent if kind.fields[name].meaning.shape != "image"]
    wanted = kind.key(change.values)
    named = {"name": {"value": change.values["name"], "modifier": "EQUALS"}}
    wanted_fields = {*fields, *kind.key_fields}
    if kind.saved_whole:
        rows = await client.find_all(kind, wanted_fields)
    else:
        rows = (await client.find_page(kind, wanted_fields, per_page=-1, where=named)).rows
    same = [
        row
        for row in rows
        if kind.key(_read(kind, row, kind.key_fields)) == wanted
        and not expectation.was_there(kind.name, row["id"])
    ]
    if not same:
        return Trace.ABSENT, ""
    row = same[0]
    as_planned = all(
        _holds(kind, row, name, change.values[name], expectation.ids) for name in fields
    )
    return (Trace.LANDED if as_planned else Trace.UNCLEAR), row["id"]


def _read(kind: Kind, row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Value]:
    specs = [kind.fields[name] for name in names]
    return {spec.name: spec.meaning.read(row[spec.output]) for spec in specs}


def _holds(
    kind: Kind, row: Mapping[str, Any], name: str, value: Value, ids: Mapping[str, str]
) -> bool:
    """Whether the row has the value, times of stash_ids aside."""
    spec = kind.fields[name]
    have = spec.meaning.read(row[spec.output])
    if name in kind.references:
        value = exchanged(value, lambda token: ids.get(token, token))
    if name in kind.inner:
        value = kind.inner[name].exchange(value, lambda _, token: ids.get(token))
    if name == "stash_ids":
        return _pairs(have) == _pairs(value)
    return spec.meaning.same(have, value)


def _pairs(stash_ids: Value) -> list[tuple[str, str]]:
    return [(stash_id["endpoint"], stash_id["stash_id"]) for stash_id in stash_ids]
