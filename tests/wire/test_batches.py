"""Batches: every operation has an outcome, whatever happens."""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import Any

import httpx
import orjson
import pytest
from gql.transport.exceptions import TransportQueryError
from hypothesis import given, settings
from hypothesis import strategies as st

from stashsync.errors import ReadOnlyError, StashBatchError, StashGraphQLError
from stashsync.outcomes import Status
from stashsync.wire.batches import MAX_REFUSALS, execute_batch, send_document
from stashsync.wire.operations import BatchOperation, BatchResult, Document
from stashsync.wire.read_only import ReadOnlyTransport
from stashsync.wire.retry import RetryPolicy
from stashsync.wire.transport import Transport
from tests.wire.fakes import Naps, ok, refused, scripted
from tests.wire.test_operations import create, destroy

A, F, U, N = Status.APPLIED, Status.FAILED, Status.UNKNOWN, Status.SKIPPED
LOCKED = "beginning transaction: database is locked"


def creates(count: int) -> list[BatchOperation]:
    """Return this number of operations that create tags."""
    return [create(f"Lens {number}") for number in range(count)]


def applied(body: dict[str, Any]) -> httpx.Response:
    """Answer as a server where everything works."""
    aliases = re.findall(r"^  (op\d+): (\w+)", body["query"], re.MULTILINE)
    return ok(
        {
            alias: True
            if mutation.endswith("Destroy")
            else {"id": str(100 + n), "__typename": "Tag"}
            for n, (alias, mutation) in enumerate(aliases)
        }
    )


def failing(**messages: str) -> Any:
    """Make an answer in which these aliases fail and all others work."""

    def answer(body: dict[str, Any]) -> httpx.Response:
        data = applied(body).json()["data"]
        data.update(dict.fromkeys(messages))
        return ok(data, [{"message": text, "path": [alias]} for alias, text in messages.items()])

    return answer


def run(operations: list[BatchOperation], *entries: Any, **options: Any) -> tuple[BatchResult, Any]:
    """Return the result of the batch, from its error if there is one, and the script."""
    size = options.pop("size", 250)
    transport, script = scripted(*entries, **options)
    try:
        result = asyncio.run(execute_batch(transport, operations, max_batch_size=size))
        assert result.all_succeeded
    except StashBatchError as error:
        result = error.batch_result
        assert not result.all_succeeded
    assert not script.entries, "answers were left over"
    return result, script


def outcomes(result: BatchResult) -> list[Status]:
    """List the status of each operation."""
    return [outcome.status for outcome in result]


def names(body: dict[str, Any]) -> list[str]:
    """Return the names or ids of the tags in a request."""
    return [value.get("name", value.get("id")) for value in body["variables"].values()]


@pytest.mark.row("E2", "E3")
def test_300_operations_are_two_requests_with_one_result() -> None:
    """Chunks go one after another; the results come together in order."""
    result, script = run(creates(300), applied, applied)
    assert [len(body["variables"]) for body in script.bodies] == [250, 50]
    assert result.all_succeeded
    assert len(result) == 300
    assert (result[0].result["id"], result[250].result["id"]) == ("100", "100")
    assert result[299].error is None


def test_an_empty_batch_sends_nothing() -> None:
    """The result is a success."""
    result, script = run([])
    assert result.all_succeeded
    assert not script.requests


@pytest.mark.row("E4", "E5")
def test_failed_operations_leave_the_others_applied() -> None:
    """Each error goes to the operation that its path names."""
    result, _ = run(creates(4), failing(op1="tag name must not be blank", op3="no"))
    assert outcomes(result) == [A, F, A, F]
    assert str(result[1].error) == "tag name must not be blank"
    assert str(result[3].error) == "no"
    assert result[0].result["id"] == "100"
    assert result[0].error is None


def test_the_error_of_a_batch_has_everything_and_a_line_of_summary() -> None:
    """One line with counts and the first message; the exit code is that of an unfinished run."""
    transport, _ = scripted(failing(op1="no such thing"))
    with pytest.raises(StashBatchError) as caught:
        asyncio.run(execute_batch(transport, creates(3)))
    assert str(caught.value) == "of 3 operations 1 failed; first: no such thing"
    assert caught.value.exit_code == 5
    assert len(caught.value.batch_result) == 3


@pytest.mark.row("H1", "E4")
def test_an_operations_error_is_gqls_too() -> None:
    """`except TransportQueryError` written for gql keeps working."""
    result, _ = run(creates(1), failing(op0="no"))
    assert isinstance(result[0].error, TransportQueryError)
    assert isinstance(result[0].error, StashGraphQLError)


@pytest.mark.row("E3")
@pytest.mark.parametrize(
    "breaks",
    [httpx.ReadError("reset"), httpx.ReadTimeout("silent"), httpx.Response(502)],
    ids=["reset", "silence", "502"],
)
def test_a_later_chunk_that_breaks_leaves_earlier_results_alone(breaks: Any) -> None:
    """What was in flight is unknown, what comes after was not sent, what was before stays."""
    result, script = run(creates(6), failing(op1="no"), breaks, size=2)
    assert outcomes(result) == [A, F, U, U, N, N]
    assert len(script.requests) == 2
    assert result[0].result["id"] == "100"
    assert str(result[1].error) == "no"
    assert result[2].error is result[3].error is result[4].error is not None


@pytest.mark.row("E4")
def test_every_answer_is_kept_as_it_came() -> None:
    """One for each document, so that `op0` of the one does not hide `op0` of the other."""
    result, _ = run(creates(5), failing(op1="no"), applied, httpx.ReadError("reset"), size=2)
    assert outcomes(result) == [A, F, A, A, U]
    first, second = result.raw_response
    assert first["errors"] == [{"message": "no", "path": ["op1"]}]
    assert first["data"] == {"op0": {"id": "100", "__typename": "Tag"}, "op1": None}
    assert second == {"data": {f"op{n}": {"id": f"10{n}", "__typename": "Tag"} for n in (0, 1)}}


@pytest.mark.parametrize(
    "breaks",
    [httpx.ConnectError("refused"), httpx.Response(401), httpx.Response(413)],
    ids=["refused", "401", "413"],
)
def test_a_chunk_that_provably_did_not_run_was_not_sent(breaks: Any) -> None:
    """Nothing is unknown about it."""
    result, _ = run(creates(3), applied, breaks, size=2, retry=RetryPolicy(attempts=1))
    assert outcomes(result) == [A, A, N]
    assert result[2].error is not None


def test_a_chunk_that_a_proxy_wants_later_may_have_run() -> None:
    """A proxy may answer 429 after it has passed the request on."""
    result, script = run(creates(3), applied, httpx.Response(429), size=2)
    assert outcomes(result) == [A, A, U]
    assert len(script.requests) == 2


def test_a_refused_connection_is_tried_again_within_the_batch() -> None:
    """The document provably never reached the server."""
    result, script = run(creates(1), httpx.ConnectError("refused"), applied)
    assert result.all_succeeded
    assert len(script.requests) == 2


def test_destroys_go_alone_and_fail_alone() -> None:
    """`data` is null as a whole when a non-null mutation fails; no other operation shares it."""
    operations = [create("Lens"), destroy("1"), destroy("99"), create("Tripod")]
    gone = ok(None, [{"message": "tag with id 99 not found", "path": ["op0"]}])
    result, script = run(operations, applied, applied, gone, applied)
    assert [names(body) for body in script.bodies] == [["Lens"], ["1"], ["99"], ["Tripod"]]
    assert outcomes(result) == [A, A, F, A]
    assert result[1].result is True


def test_one_bad_variable_costs_only_its_own_operation() -> None:
    """The server refuses the whole document and names the first culprit: the others go again."""
    operations = creates(4)
    result, script = run(
        operations,
        refused({"message": "unknown field", "path": ["variable", "input1", "tint"]}),
        refused({"message": "must be defined", "path": ["variable", "input2"]}),
        applied,
    )
    assert [names(body) for body in script.bodies] == [
        ["Lens 0", "Lens 1", "Lens 2", "Lens 3"],
        ["Lens 0", "Lens 2", "Lens 3"],
        ["Lens 0", "Lens 2"],
    ]
    assert outcomes(result) == [A, F, A, F]
    assert str(result[1].error) == "input.tint: unknown field"
    assert isinstance(result[1].error, StashGraphQLError)
    assert not result[1].error.executed
    assert result[0].error is None


def test_places_in_the_text_name_operations_too() -> None:
    """A mutation or an input type that this release lacks: by line, or by column of the heading."""
    operations = [
        create("Lens"),
        BatchOperation("bulkLensUpdate", "BulkTagUpdateInput!", {"input": {"ids": []}}),
        BatchOperation("tagUpdate", "LensInput!", {"input": {"id": "1"}}),
        create("Tripod"),
    ]

    def refuse(body: dict[str, Any]) -> httpx.Response:
        column = body["query"].index("$input2") + 1
        return refused(
            {"message": "Cannot query field", "locations": [{"line": 3, "column": 3}]},
            {"message": "Unknown type", "locations": [{"line": 1, "column": column}]},
        )

    result, script = run(operations, refuse, applied)
    assert outcomes(result) == [A, F, F, A]
    assert str(result[1].error) == "Cannot query field"
    assert str(result[2].error) == "Unknown type"
    assert names(script.bodies[1]) == ["Lens", "Tripod"]


@pytest.mark.parametrize(
    "entry",
    [
        {"message": "operation  not found"},
        {"message": "odd", "path": ["variable", "input77"]},
        {"message": "odd", "path": ["variable"]},
        {"message": "odd", "path": "variable"},
        {"message": "odd", "path": ["variable", {"x": 1}]},
        {"message": "odd", "locations": []},
        {"message": "odd", "locations": [{"line": 99, "column": 1}]},
        {"message": "odd", "locations": [{"line": 1, "column": 1}]},
        {"message": "odd", "locations": [{"line": "x"}]},
        {"message": "odd", "locations": 5},
        {},
    ],
)
def test_a_refusal_without_an_operation_fails_the_whole_document(entry: dict[str, Any]) -> None:
    """Clearly, as not executed, and later documents still go out."""
    result, _ = run(creates(3), refused(entry), applied, size=2)
    assert outcomes(result) == [F, F, A]
    assert isinstance(result[0].error, StashGraphQLError)
    assert not result[0].error.executed


def test_blaming_comes_to_an_end() -> None:
    """After so many refusals the rest of the document counts as not sent."""
    blame = refused({"message": "bad", "path": ["variable", "input0"]})
    result, script = run(creates(MAX_REFUSALS + 5), *[blame] * (MAX_REFUSALS + 1))
    assert outcomes(result) == [F] * (MAX_REFUSALS + 1) + [N] * 4
    assert len(script.requests) == MAX_REFUSALS + 1
    assert result[-1].error is not None


def test_a_document_of_which_every_operation_is_to_blame_ends_at_once() -> None:
    """There is nothing left to send."""
    result, script = run(creates(1), refused({"message": "bad", "path": ["variable", "input0"]}))
    assert outcomes(result) == [F]
    assert len(script.requests) == 1


@pytest.mark.parametrize("value", ["\ud800", 2**70])
def test_what_cannot_be_written_as_json_fails_alone(value: Any) -> None:
    """A lone surrogate or a huge number in one input sends the others without it."""
    operations = creates(3)
    operations[1].variables["input"]["description"] = value
    result, script = run(operations, applied)
    assert outcomes(result) == [A, F, A]
    assert "cannot be written as JSON" in str(result[1].error)
    assert names(script.bodies[0]) == ["Lens 0", "Lens 2"]


def test_a_locked_database_is_tried_again_for_that_operation_alone() -> None:
    """Another process held the lock: the operation did not run."""
    naps = Naps()
    result, script = run(creates(3), failing(op1=LOCKED), failing(op0=LOCKED), applied, naps=naps)
    assert result.all_succeeded
    assert [names(body) for body in script.bodies[1:]] == [["Lens 1"], ["Lens 1"]]
    assert naps.taken == [0.25, 0.5]


def test_a_database_that_stays_locked_fails_after_bounded_attempts() -> None:
    """The first that stays locked ends the trying for all of them."""
    retry = RetryPolicy(attempts=3, sleep=Naps().sleep)
    again = failing(op0=LOCKED)
    result, script = run(creates(3), failing(op0=LOCKED, op2=LOCKED), again, again, retry=retry)
    assert outcomes(result) == [F, A, F]
    assert len(script.requests) == 3


def test_a_create_that_exists_after_a_lock_is_unknown() -> None:
    """The lock may have fallen on reading the result back, so it may be ours."""
    result, _ = run(
        creates(1), failing(op0=LOCKED), failing(op0="tag with name 'Lens 0' already exists")
    )
    assert outcomes(result) == [U]
    assert "already exists" in str(result[0].error)


def test_a_locked_operation_that_cannot_be_sent_again_stays_failed() -> None:
    """It was sent once, so "not sent" would be wrong."""
    retry = RetryPolicy(attempts=2, sleep=Naps().sleep)
    gone = httpx.ConnectError("refused")
    result, _ = run(creates(3), failing(op0=LOCKED), gone, gone, retry=retry, size=2)
    assert outcomes(result) == [F, A, N]
    assert str(result[0].error) == LOCKED


def test_a_connection_that_breaks_while_unlocking_stops_the_batch() -> None:
    """That operation is unknown; later chunks are not sent."""
    result, _ = run(creates(4), failing(op0=LOCKED), httpx.ReadError("reset"), size=2)
    assert outcomes(result) == [U, A, N, N]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (ok({"op0": {"id": "1"}}), [A, U]),
        (ok({"op0": {"id": "1"}, "op1": None}), [A, U]),
        (ok(None, [{"message": "context canceled"}]), [U, U]),
        (ok(None, [{"message": "no", "path": ["op1"]}]), [U, F]),
        (ok({"op0": None, "op1": {"id": "1"}}, [{"message": "?", "path": []}]), [U, A]),
        (ok({"op0": None, "op1": {}}, [{"message": "?", "path": ["op0", "input", "x"]}]), [F, A]),
        (ok({"op0": None, "op1": {}}, [{"message": "?", "path": ["op0", "parents"]}]), [U, A]),
        (ok({"op0": {"id": "1"}, "op1": {}}, [{"message": "?", "path": ["op0", "x"]}]), [A, A]),
        (ok({"op0": None, "op1": {}}, [{"message": "?", "path": [7]}]), [U, A]),
    ],
)  # fmt: skip
def test_what_the_server_leaves_open_is_unknown(
    answer: httpx.Response, expected: list[Status]
) -> None:
    """Missing aliases, nulls without a reason, errors about what was to be shown."""
    result, _ = run(creates(2), answer)
    assert outcomes(result) == expected
    assert all(outcome.error for outcome in result if outcome.status is not A)


def test_a_null_from_a_mutation_without_selection_is_its_result() -> None:
    """`backupDatabase` answers null when all is well."""
    backup = BatchOperation("backupDatabase", "BackupDatabaseInput!", {"input": {}})
    result, _ = run([backup], ok({"op0": None}))
    assert outcomes(result) == [A]


def test_an_interrupt_leaves_what_was_in_flight_as_unknown() -> None:
    """The outcomes are right at any moment."""
    operations = creates(4)

    async def hang(_request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async def interrupted() -> None:
        transport = Transport("stash.example", inner=httpx.MockTransport(hang))
        task = asyncio.create_task(execute_batch(transport, operations, max_batch_size=2))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(interrupted())
    assert outcomes(BatchResult(operations)) == [U, U, N, N]


def test_a_read_only_transport_refuses_a_batch_before_anything_is_sent() -> None:
    """A mistake of the program, so it comes out as it is."""
    operations = creates(2)
    transport, script = scripted()
    with pytest.raises(ReadOnlyError):
        asyncio.run(execute_batch(ReadOnlyTransport(transport), operations))
    assert outcomes(BatchResult(operations)) == [N, N]
    assert not script.requests


def test_a_mistake_in_the_program_is_no_outcome() -> None:
    """A TypeError that has nothing to do with the variables comes out."""
    transport, _ = scripted(TypeError("a bug"))
    operations = creates(1)
    with pytest.raises(TypeError, match="a bug"):
        asyncio.run(execute_batch(transport, operations))


class Model:
    """A server that records what it has committed, and fails as planned."""

    def __init__(self, plan: list[tuple[str, int]]) -> None:
        self.plan = plan
        self.commits: list[str] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Return the next misbehaviour, or none."""
        body = orjson.loads(request.content)
        asked = names(body)
        what, where = self.plan.pop(0) if self.plan else ("works", 0)
        where %= len(asked)
        if what in ("refuses connections", "is busy", "resets before"):
            if what == "is busy":
                return httpx.Response(429)
            raise (httpx.ConnectError if what == "refuses connections" else httpx.ReadError)("x")
        if what == "refuses a variable" and asked[where] not in self.commits:
            path = ["variable", f"input{where}", "name"]
            return refused({"message": "bad", "path": path})
        if what in ("resets midway", "fails at the gateway"):
            self.commits += [item for item in asked[: where + 1] if item not in self.commits]
            if what == "fails at the gateway":
                return httpx.Response(502)
            message = "reset"
            raise httpx.ReadError(message)
        return self._run(asked, what, where)

    def _run(self, asked: list[str], what: str, where: int) -> httpx.Response:
        data: dict[str, Any] = {}
        entries = []
        for number, name in enumerate(asked):
            alias, message = f"op{number}", ""
            if name in self.commits:
                message = f"tag with name '{name}' already exists"
            elif number == where and what == "fails one":
                message = "no"
            elif number == where and what == "is locked":
                message = LOCKED
            else:
                self.commits.append(name)
                if number == where and what == "is locked on reading back":
                    message = LOCKED
            data[alias] = None if message else {"id": "1"}
            if message:
                entries.append({"message": message, "path": [alias]})
        return ok(data, entries or None)


MISHAPS = [
    "works",
    "fails one",
    "refuses a variable",
    "is locked",
    "is locked on reading back",
    "refuses connections",
    "is busy",
    "resets before",
    "resets midway",
    "fails at the gateway",
]


@given(
    count=st.integers(1, 9),
    size=st.integers(1, 4),
    plan=st.lists(st.tuples(st.sampled_from(MISHAPS), st.integers(0, 8)), max_size=8),
)
@settings(max_examples=300, deadline=None)
def test_no_outcome_is_ever_wrong(count: int, size: int, plan: list[tuple[str, int]]) -> None:
    """Applied means committed, not sent means not committed, and nothing is committed twice.

    Whatever goes wrong in whatever order; what was committed without an answer is unknown.
    """
    model = Model(list(plan))
    operations = creates(count)

    async def go() -> None:
        retry = RetryPolicy(attempts=20, sleep=Naps().sleep)
        inner = httpx.MockTransport(model.answer)
        async with Transport("stash.example", inner=inner, retry=retry) as transport:
            with contextlib.suppress(StashBatchError):
                await execute_batch(transport, operations, max_batch_size=size)

    asyncio.run(go())
    assert len(model.commits) == len(set(model.commits))
    for operation in operations:
        committed = operation.variables["input"]["name"] in model.commits
        allowed = {A, U} if committed else {F, U, N}
        assert operation.status in allowed
        assert (operation.error is None) is (operation.status is A)


def test_one_document_can_be_sent_by_itself() -> None:
    """Callers that decide sizes by time get the error back; none is raised."""
    transport, _ = scripted(failing(op0="no"), httpx.ReadError("reset"))
    operations = creates(2)
    assert asyncio.run(send_document(transport, Document(operations))) is None
    assert outcomes(BatchResult(operations)) == [F, A]
    assert isinstance(asyncio.run(send_document(transport, Document(operations))), httpx.ReadError)
    assert outcomes(BatchResult(operations)) == [U, U]
    assert asyncio.run(send_document(transport, Document([]))) is None
