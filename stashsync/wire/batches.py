"""Sending operations in batches, with an account of every single one.

    cut into documents ─ send one ─┬─ answered ── read each alias ── locked ones again, alone
                                   ├─ refused as a whole ── blame ── the others again
                                   └─ broken ── unknown, or not sent ── stop: the rest not sent

What happened to an earlier document never changes because a later one breaks.

A document that is refused as a whole (one bad variable is enough) has changed nothing. The server
names the first culprit by its variable or by its place in the text: that operation has failed, the
others are sent again without it. Where none can be blamed all of the document have failed, with
an error with `executed=False`; after too many culprits the others count as not sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from stashsync.errors import ReadOnlyError, StashBatchError, StashError, StashGraphQLError
from stashsync.outcomes import Status
from stashsync.unset import without_unset
from stashsync.wire.exchange import Answer, GraphQLTransport
from stashsync.wire.operations import BatchOperation, BatchResult, Document, in_documents
from stashsync.wire.retry import provably_not_run
from stashsync.wire.shapes import MAX_BATCH_SIZE, numbered

MAX_REFUSALS = 20
"""How often one document is sent again without the operations it was refused for."""
LOCKED = ("database is locked", "beginning transaction")
"""Messages of operations that did not run (docs/stash-behaviour.md#write-connection)."""

_ALIAS = re.compile(r"op(\d+)\Z")
_VARIABLE = re.compile(r"[A-Za-z_]+?(\d+)\Z")


async def execute_batch(
    transport: GraphQLTransport,
    operations: Sequence[BatchOperation],
    *,
    max_batch_size: int = MAX_BATCH_SIZE,
) -> BatchResult:
    """Carry out all operations, one document of at most `max_batch_size` after another.

    Raises:
        StashBatchError: not every one was applied; it has the whole account.
    """
    broken: StashError | None = None
    answers: list[dict[str, Any]] = []
    for document in in_documents(operations, max_batch_size):
        if broken is None:
            broken = await send_document(transport, document, answers)
            broken = broken or await _unlock(transport, document.operations, answers)
        else:
            document.settle(Status.SKIPPED, broken)
    result = BatchResult(operations, answers)
    if not result.all_succeeded:
        raise StashBatchError(summary(result), result) from broken
    return result


async def send_document(
    transport: GraphQLTransport,
    document: Document,
    answers: list[dict[str, Any]] | None = None,
) -> StashError | None:
    """Send a document and note in it what became of each operation.

    `answers` gets every answer as it came: there are several where some had to be sent again.
    Gives the error that broke the exchange, or None: a failed operation is none. Whatever is
    raised from within (an interrupt), the operations in flight stand as unknown.

    Raises:
        ReadOnlyError: the transport cannot send mutations.
    """
    for _ in range(MAX_REFUSALS + 1):
        if not len(document):
            return None
        answer = await _exchange(transport, document, answers)
        if isinstance(answer, StashError):
            return answer
        if answer.executed:
            _read_outcomes(answer, document)
            return None
        blamed = _blame(answer, document)
        if not blamed:
            document.settle(Status.FAILED, answer.as_error())
            return None
        for index, entry in blamed.items():
            document.operations[index].settle(Status.FAILED, error=_error(entry, executed=False))
        others = [
            operation for index, operation in enumerate(document.operations) if index not in blamed
        ]
        document = Document(others)
        document.settle(Status.SKIPPED, answer.as_error())
    return None


async def _exchange(
    transport: GraphQLTransport, document: Document, answers: list[dict[str, Any]] | None
) -> Answer | StashError:
    """Return the answer to one document, or the error that came in its place."""
    document.settle(Status.UNKNOWN)  # until an answer accounts for them
    try:
        answer = await transport.send(document.text, document.variables)
    except ReadOnlyError:
        document.settle(Status.SKIPPED)
        raise
    except StashError as error:
        not_run = provably_not_run(error)
        document.settle(Status.SKIPPED if not_run else Status.UNKNOWN, error)
        return error
    except TypeError:
        # Not to be written as JSON, so nothing was sent: as if the server had refused it.
        document.settle(Status.SKIPPED)
        unwritable = _unwritable(document.operations)
        if not unwritable:
            raise
        return Answer(None, tuple(unwritable), executed=False)
    if answers is not None:
        answers.append(answer.body())
    return answer


def _unwritable(operations: Sequence[BatchOperation]) -> list[dict[str, Any]]:
    """Return errors for variables that cannot be JSON: lone surrogates, huge numbers."""
    entries: list[dict[str, Any]] = []
    for index, operation in enumerate(operations):
        for name, value in operation.variables.items():
            try:
                orjson.dumps(without_unset(value))
            except TypeError as error:
                path = ["variable", f"{name}{index}"]
                entries.append({"message": f"cannot be written as JSON: {error}", "path": path})
    return entries


def _blame(answer: Answer, document: Document) -> dict[int, dict[str, Any]]:
    """Return the operations that a document was refused for, by index, each with its error."""
    heading = document.text.partition("\n")[0]
    blamed: dict[int, dict[str, Any]] = {}
    for entry in answer.errors:
        index = _variable_index(entry)
        if index is None:
            index = _line_index(entry, heading)
        if index is not None and 0 <= index < len(document):
            blamed.setdefault(index, entry)
    return blamed


def _variable_index(entry: Mapping[str, Any]) -> int | None:
    """3 for the path ["variable", "input3", "name"]."""
    path = entry.get("path")
    if not isinstance(path, list) or len(path) < 2 or path[0] != "variable":
        return None
    found = _VARIABLE.match(str(path[1]))
    return int(found[1]) if found else None


def _line_index(entry: Mapping[str, Any], heading: str) -> int | None:
    """Return the operation at the place of an error: each has its own line."""
    try:
        line, column = (int(entry["locations"][0][key]) for key in ("line", "column"))
    except (KeyError, IndexError, TypeError, ValueError):
        return None
    return line - 2 if line > 1 else heading.count("$", 0, max(column, 0)) - 1


def _read_outcomes(answer: Answer, document: Document) -> None:
    """Note the outcomes of a document that ran (docs/stash-behaviour.md#documents)."""
    data = answer.data or {}
    aliases = numbered("op", len(document))
    applied = Status.APPLIED  # looked up once: enum members are slow to reach
    if not answer.errors:
        results = list(map(data.get, aliases))
        if None not in results:
            for operation, result in zip(document.operations, results, strict=True):
                operation.status, operation.result = applied, result
            return
    by_alias: dict[str, dict[str, Any]] = {}
    general: dict[str, Any] | None = None
    for entry in answer.errors:
        path = entry.get("path")
        if isinstance(path, list) and path and _ALIAS.match(str(path[0])):
            by_alias.setdefault(path[0], entry)
        else:
            general = general or entry
    for alias, operation in zip(aliases, document.operations, strict=True):
        result = data.get(alias)
        if alias in by_alias:
            _settle_failed(operation, result, by_alias[alias])
        elif result is not None or (alias in data and not operation.shape.selection):
            operation.status, operation.result = applied, result
        else:
            entry = general or {"message": "the server does not say what became of it"}
            operation.settle(Status.UNKNOWN, error=_error(entry))


def _settle_failed(operation: BatchOperation, result: Any, entry: dict[str, Any]) -> None:
    """Note an error beside an operation: of itself, or only of the result to show."""
    path = entry["path"]
    error = _error(entry)
    if result is not None:
        operation.settle(Status.APPLIED, result, error)
    elif len(path) == 1 or path[1] == operation.shape.argument:
        operation.settle(Status.FAILED, error=error)
    else:
        operation.settle(Status.UNKNOWN, error=error)


async def _unlock(
    transport: GraphQLTransport,
    operations: Sequence[BatchOperation],
    answers: list[dict[str, Any]] | None,
) -> StashError | None:
    """Send again, alone, each operation that found the database locked by another process.

    Stops with the first that stays locked through all attempts. The lock may have fallen on the
    second transaction of an operation, which only reads its result back: a create that now
    "already exists" is therefore unknown, not failed.
    """
    policy = transport.retry
    for operation in [candidate for candidate in operations if is_locked(candidate)]:
        attempt = 1
        while is_locked(operation):
            seconds = policy.pause(attempt)
            if seconds is None:
                return None
            attempt += 1
            await policy.sleep(seconds)
            locked = operation.error
            alone = Document([operation])
            answer = await _exchange(transport, alone, answers)
            if isinstance(answer, StashError):
                if operation.status is Status.SKIPPED:  # this time; it was sent before
                    operation.settle(Status.FAILED, error=locked)
                return answer
            if not answer.executed:
                operation.settle(Status.FAILED, error=answer.as_error())
                break
            _read_outcomes(answer, alone)
        if operation.status is Status.FAILED and "already exists" in str(operation.error):
            operation.status = Status.UNKNOWN
    return None


def is_locked(operation: BatchOperation) -> bool:
    """Whether an operation did not run because another process holds the database."""
    message = str(operation.error)
    return operation.status is Status.FAILED and any(words in message for words in LOCKED)


def _error(entry: dict[str, Any], *, executed: bool = True) -> StashGraphQLError:
    from stashsync.wire.gql_failures import graphql_failure  # loads gql

    return graphql_failure([entry], None, executed=executed)


def summary(result: BatchResult) -> str:
    """One line for all that is not as it should be, with the first message."""
    counts = [
        f"{len(group)} {word}"
        for group, word in (
            (result.failed, "failed"),
            (result.unknown, "with unknown outcome"),
            (result.not_sent, "not sent"),
        )
        if group
    ]
    first = next(
        operation.error
        for operation in result
        if operation.error and operation.status is not Status.APPLIED
    )
    return f"of {len(result)} operations {', '.join(counts)}; first: {first}"
