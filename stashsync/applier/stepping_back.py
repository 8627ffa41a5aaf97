"""Give back what objects released for a moment, where the rest of their change failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from stashsync.applier.cutting import Cutter
from stashsync.applier.listener import Listener
from stashsync.applier.outcomes import returns
from stashsync.applier.requests import update_request, whole_before
from stashsync.client.core import Core
from stashsync.fields import Value
from stashsync.kinds import KINDS
from stashsync.outcomes import Outcome, Status
from stashsync.planner import Update
from stashsync.planner.changes import token_of
from stashsync.wire.batches import send_document
from stashsync.wire.operations import Document

TAKEN_BACK = "taken back, as the rest of the change was not applied"


async def step_back(cutter: Cutter, client: Core, listener: Listener) -> int:
    """Undo what was released by changes whose last operation failed; return the documents sent.

    An operation of which all is undone counts as skipped then, so that it is done again where the
    run is resumed. Objects return in the plan's own order, in which a pattern precedes what it
    matches. What cannot be given back, because another object has it by now, waits for the next
    run: a temporary name contains the id of its object (see `planner.temporary`).

    Raises:
        StashError: the listener cannot take it down, or the server cannot be asked.
    """
    operations, outcomes = cutter.plan.operations, cutter.outcomes
    last = {operation.change: index for index, operation in enumerate(operations)}
    aside = [index for index, operation in enumerate(operations) if operation.undo]
    for_a_while = returns(cutter.plan)
    sent = 0
    for index in sorted(aside, key=lambda index: last[operations[index].change]):
        end = outcomes[last[operations[index].change]]
        if outcomes[index].status is not Status.APPLIED:
            continue
        if end.status not in (Status.FAILED, Status.SKIPPED, Status.MOVED):
            continue
        values = await _released(cutter, client, index)
        if not values:
            continue
        sent += 1
        # Only a temporary name contains what is to be.
        completes = "`stashsync resume`" if index in for_a_while else "the next apply"
        back = await _undo(cutter, client, listener, index, values)
        what = " and ".join(f"its {name}" for name in values)
        note = (
            f"it has {what} again"
            if back
            else f"it could not get {what} back; {completes} will see to it"
        )
        whole = back and values.keys() == operations[index].undo.keys()
        cutter.settle(Outcome(index, Status.SKIPPED, TAKEN_BACK) if whole else outcomes[index])
        message = f"{end.message}; {note}" if end.message else note
        cutter.settle(replace(end, message=message))
    return sent


async def _released(cutter: Cutter, client: Core, index: int) -> dict[str, Value]:
    """Return the values that give back what an operation released and that is still released.

    Of a name that another client has changed since, nothing. Aliases come back beside those that a
    merge or another client has added since. Nothing comes back where a later operation of the
    change has written a part of it: only `resume` knows how to go on from there.
    """
    operation, expectation = cutter.plan.operations[index], cutter.expectation
    change = cutter.plan.changes[operation.change]
    me = (change.kind, token_of(change))
    if any(expectation.sent(me, name) != index for name in operation.undo):
        return {}
    now = await _read(client, *me, operation.undo)
    if now is None:
        return {}
    values: dict[str, Value] = {}
    for name, whole in operation.undo.items():
        fewer = operation.detour[name]
        if isinstance(whole, list):
            given_up = [each for each in whole if each not in (*fewer, *now[name])]
            if given_up:
                values[name] = sorted([*now[name], *given_up])
        elif KINDS[change.kind].fields[name].meaning.same(now[name], fewer):
            values[name] = whole
    return values


async def _read(
    client: Core, kind_name: str, identifier: str, names: Iterable[str]
) -> dict[str, Value] | None:
    kind = KINDS[kind_name]
    row = await client.find_one(kind, identifier, [*names])
    if row is None:
        return None
    return {name: kind.fields[name].meaning.read(row[kind.fields[name].output]) for name in names}


async def _undo(
    cutter: Cutter, client: Core, listener: Listener, index: int, values: Mapping[str, Value]
) -> bool:
    """Send the values that were before an operation; return whether the object has them."""
    change = cutter.plan.changes[cutter.plan.operations[index].change]
    listener.sending([index])
    sent = whole_before(change, values) if isinstance(change, Update) else values
    request = update_request(change.kind, token_of(change), sent, cutter.server)
    await send_document(client.transport, Document([request]))
    if request.status is not Status.UNKNOWN:
        return request.status is Status.APPLIED
    return await _read(client, change.kind, token_of(change), values) == values
