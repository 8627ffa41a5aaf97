"""What a run did of the operations that were sent and not answered, as far as the server shows it.

    journal ── sent, not answered ──> look ──┬─ landed ─────> applied
                                             ├─ absent ─────> did not happen
                                             └─ neither ────> may have happened

Source: docs/planning-rules.md#unknown-outcomes
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from stashsync.applier.finding import find_out
from stashsync.applier.journal import Run
from stashsync.applier.lookup import Trace
from stashsync.applier.patience import Patience
from stashsync.client.core import Core
from stashsync.kinds import KINDS
from stashsync.outcomes import Outcome, Status
from stashsync.planner import Create, Delete
from stashsync.planner.expectation import Expectation


async def answered(run: Run, client: Core, patience: Patience) -> Run:
    """Return a run with the outcomes that the server shows of what was not answered.

    What moves the content of a merge stays unknown: a look only tells that it is over once what was
    merged is gone.

    Raises:
        StashError: the server cannot be asked.
    """
    operations = run.plan.operations
    unknown = [index for index in run.unknown if not operations[index].content]
    if not unknown:
        return run
    ids = {
        change.token: outcome.id
        for index, outcome in run.applied.items()
        if isinstance(change := run.plan.changes[operations[index].change], Create) and outcome.id
    }
    expected = Expectation(run.plan, run.applied.__contains__, ids, run.sent.__contains__)
    until = patience.clock() + patience.request
    looks = await find_out(expected, unknown, client, patience, until)
    outcomes = dict(run.outcomes)
    for index, (trace, identifier) in looks.items():
        if trace is Trace.ABSENT:
            outcomes[index] = Outcome(index, Status.SKIPPED, "it was sent, and did not happen")
        elif trace is Trace.LANDED:
            outcomes[index] = Outcome(index, Status.APPLIED, id=identifier)
    return replace(run, outcomes=outcomes)


def settled_by_undoes(run: Run, later: Iterable[Run]) -> Run:
    """Return a run with the creates that were not answered and whose objects an undo deleted.

    What has such a name now is another client's.
    """
    deleted = {
        (change.kind, KINDS[change.kind].key(image.values)): change.id
        for undo in later
        if undo.origin.undoes == run.id
        for index in undo.applied
        if isinstance(change := undo.plan.changes[undo.plan.operations[index].change], Delete)
        and (image := undo.before.get((change.kind, change.id))) is not None
    }
    outcomes = dict(run.outcomes)
    for index in run.unknown if deleted else ():
        change = run.plan.changes[run.plan.operations[index].change]
        if isinstance(change, Create):
            identifier = deleted.get((change.kind, KINDS[change.kind].key(change.values)))
            if identifier is not None:
                outcomes[index] = Outcome(index, Status.APPLIED, id=identifier)
    return replace(run, outcomes=outcomes)
