"""Give back what objects released for a moment, where the rest of their change failed."""

from __future__ import annotations

from msgspec.structs import replace

from stashsync.applier.cutting import Cutter
from stashsync.applier.listener import Listener
from stashsync.applier.lookup import Trace, look_up
from stashsync.applier.requests import update_request, whole_before
from stashsync.client.core import Core
from stashsync.outcomes import Outcome, Status
from stashsync.planner import Update
from stashsync.planner.changes import token_of
from stashsync.wire.batches import send_document
from stashsync.wire.operations import Document

TAKEN_BACK = "taken back, as the rest of the change was not applied"


async def step_back(cutter: Cutter, client: Core, listener: Listener) -> int:
    """Undo the first step of each change whose last one failed; return the documents sent.

    The first step counts as skipped then, so that it is done again where the run is resumed.
    Objects return in the plan's own order, in which a pattern precedes what it matches. What cannot
    be given back, because another object has it by now, waits for the next run: a temporary name
    contains the id of its object (see `planner.temporary`).

    Raises:
        StashError: the listener cannot take it down, or the server cannot be asked.
    """
    operations, outcomes = cutter.plan.operations, cutter.outcomes
    last = {operation.change: index for index, operation in enumerate(operations)}
    aside = [index for index, operation in enumerate(operations) if operation.undo]
    sent = 0
    for index in sorted(aside, key=lambda index: last[operations[index].change]):
        end = outcomes[last[operations[index].change]]
        if outcomes[index].status is not Status.APPLIED:
            continue
        if end.status not in (Status.FAILED, Status.SKIPPED, Status.MOVED):
            continue
        found, _ = await look_up(cutter.expectation, index, client)
        if found is not Trace.LANDED:
            continue  # another client changed it since
        sent += 1
        before = outcomes[index]
        back = await _undo(cutter, client, listener, index)
        what = " and ".join(f"its {name}" for name in operations[index].undo)
        note = (
            f"it has {what} again"
            if back
            else f"it could not get {what} back; the next apply will see to it"
        )
        cutter.settle(Outcome(index, Status.SKIPPED, TAKEN_BACK) if back else before)
        message = f"{end.message}; {note}" if end.message else note
        cutter.settle(replace(end, message=message))
    return sent


async def _undo(cutter: Cutter, client: Core, listener: Listener, index: int) -> bool:
    """Send the step back of one operation; return whether it was taken."""
    operation = cutter.plan.operations[index]
    change = cutter.plan.changes[operation.change]
    listener.sending([index])
    values = operation.undo
    if isinstance(change, Update):
        values = whole_before(change, values)
    request = update_request(change.kind, token_of(change), values, cutter.server)
    await send_document(client.transport, Document([request]))
    if request.status is not Status.UNKNOWN:
        return request.status is Status.APPLIED
    found, _ = await look_up(cutter.expectation, index, client)
    return found is Trace.ABSENT
