"""A plan as bytes and back: versioned JSON, the same bytes for the same plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final

import msgspec
import orjson

from stashsync.errors import Mark, Problem, StashConfigurationError
from stashsync.kinds import KINDS
from stashsync.planner.changes import (
    Change,
    Create,
    Delete,
    FieldChange,
    Matched,
    Merge,
    Update,
    values_after,
)
from stashsync.planner.plan import External, Operation, Plan, Source

FORMAT: Final = "stashsync-plan"
VERSION: Final = 2

# -- the shape of the file ------------------------------------------------------------------------

_Index = Annotated[int, msgspec.Meta(ge=0)]
_Place = tuple[str, _Index, _Index]


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    """A mapping of the file that has exactly these keys."""


class _FieldChange(_Row):
    before: Any
    after: Any


class _Create(_Row, tag_field="action", tag="create"):
    kind: str
    token: str
    label: str
    mark: _Place
    values: dict[str, Any]


class _Update(_Row, tag_field="action", tag="update"):
    kind: str
    id: str
    label: str
    mark: _Place
    matched: Matched
    unchanged: _Index
    changes: dict[str, _FieldChange]


class _Merge(_Row, tag_field="action", tag="merge"):
    kind: str
    id: str
    label: str
    mark: _Place
    sources: tuple[tuple[str, str], ...]
    native: bool
    impact: dict[str, _Index]
    content: dict[str, tuple[str, ...]]


class _Delete(_Row, tag_field="action", tag="delete"):
    kind: str
    id: str
    label: str
    mark: _Place | None
    impact: dict[str, _Index]


class _Operation(_Row):
    change: _Index
    fields: tuple[str, ...]
    needs: tuple[_Index, ...]
    waits: tuple[_Index, ...]
    after: tuple[_Index, ...]
    wave: _Index
    detour: dict[str, Any]
    undo: dict[str, Any]
    content: str


class _External(_Row):
    kind: str
    name: str
    id: str
    marks: list[_Place]


class _Warning(_Row):
    message: str
    mark: _Place | None
    hint: str | None


class _Source(_Row):
    identity: str
    release: str
    digest: str


class _Document(_Row):
    format: str
    version: int
    source: _Source
    changes: list[_Create | _Update | _Merge | _Delete]
    operations: list[_Operation]
    labels: dict[str, dict[str, str]]
    externals: list[_External]
    warnings: list[_Warning]
    refusals: list[_Warning]
    unchanged: dict[str, _Index]


# -- there and back -------------------------------------------------------------------------------


def dump(plan: Plan) -> bytes:
    """The plan as JSON, indented, with a line feed at the end."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "source": {
            "identity": plan.source.identity,
            "release": plan.source.release,
            "digest": plan.source.digest,
        },
        "changes": [_change(one) for one in plan.changes],
        "operations": [
            {
                "change": one.change,
                "fields": one.fields,
                "needs": one.needs,
                "waits": one.waits,
                "after": one.after,
                "wave": one.wave,
                "detour": one.detour,
                "undo": one.undo,
                "content": one.content,
            }
            for one in plan.operations
        ],
        "labels": plan.labels,
        "externals": [
            {
                "kind": one.kind,
                "name": one.name,
                "id": one.id,
                "marks": [_mark(mark) for mark in one.marks],
            }
            for one in plan.externals
        ],
        "warnings": [_problem(one) for one in plan.warnings],
        "refusals": [_problem(one) for one in plan.refusals],
        "unchanged": plan.unchanged,
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def load(content: bytes) -> Plan:
    """The plan that `dump` wrote.

    Raises:
        StashConfigurationError: these bytes are no plan, or one of another version.
    """
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise StashConfigurationError(f"this is not a saved plan: {error}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise StashConfigurationError(
            "this is not a saved plan", hint="make one with `stashsync plan --out FILE`"
        )
    if document.get("version") != VERSION:
        raise StashConfigurationError(
            f"this plan has format version {document.get('version')}, not {VERSION}",
            hint="it was saved by another version of stashsync; make it anew",
        )
    try:
        return _plan(msgspec.convert(document, _Document))
    except (msgspec.ValidationError, KeyError, ValueError) as error:
        raise StashConfigurationError(f"this saved plan is damaged: {error}") from error


def _mark(mark: Mark | None) -> list[Any] | None:
    return [mark.file, mark.line, mark.column] if mark else None


def _problem(problem: Problem) -> dict[str, Any]:
    return {"message": problem.message, "mark": _mark(problem.mark), "hint": problem.hint}


def _change(change: Change) -> dict[str, Any]:
    row: dict[str, Any] = {
        "action": change.action,
        "kind": change.kind,
        "label": change.label,
        "mark": _mark(change.mark),
    }
    match change:
        case Create():
            return {**row, "token": change.token, "values": change.values}
        case Update():
            changes = {
                name: {"before": one.before, "after": one.after}
                for name, one in change.changes.items()
            }
            matched = change.matched.value
            further = {"matched": matched, "unchanged": change.unchanged, "changes": changes}
        case Merge():
            further = {
                "sources": change.sources,
                "native": change.native,
                "impact": change.impact,
                "content": change.content,
            }
        case _:
            further = {"impact": change.impact}
    return {**row, "id": change.id, **further}


def _plan(document: _Document) -> Plan:
    changes = tuple(_read_change(one) for one in document.changes)
    operations = tuple(
        Operation(
            one.change,
            one.fields,
            one.needs,
            one.waits,
            one.after,
            one.wave,
            one.detour,
            one.undo,
            one.content,
        )
        for one in document.operations
    )
    _check(changes, operations)
    return Plan(
        changes=changes,
        operations=operations,
        labels=document.labels,
        externals=tuple(
            External(one.kind, one.name, one.id, tuple(Mark(*mark) for mark in one.marks))
            for one in document.externals
        ),
        warnings=tuple(_read_problem(one) for one in document.warnings),
        refusals=tuple(_read_problem(one) for one in document.refusals),
        unchanged=document.unchanged,
        source=Source(document.source.identity, document.source.release, document.source.digest),
    )


def _read_problem(one: _Warning) -> Problem:
    return Problem(one.message, Mark(*one.mark) if one.mark else None, one.hint)


def _check(changes: Sequence[Change], operations: Sequence[Operation]) -> None:
    """Every field of every change is sent, by operations that wait only for earlier ones."""
    sent: list[set[str]] = [set() for _ in changes]
    there = [False] * len(changes)
    for position, operation in enumerate(operations):
        if operation.change >= len(changes):
            raise ValueError(f"operation {position} belongs to no change")
        change = changes[operation.change]
        if operation.content and (
            not isinstance(change, Merge) or operation.content not in change.content
        ):
            raise ValueError(f"operation {position} moves what its change does not have")
        if not operation.detour.keys() <= set(operation.fields):
            raise ValueError(f"operation {position} has values for what it does not send")
        there[operation.change] = True
        fields = set(operation.fields) - operation.detour.keys()
        if sent[operation.change] & fields:
            raise ValueError(f"operation {position} sends again what an earlier one sends")
        sent[operation.change] |= fields
        if any(one >= position for one in (*operation.needs, *operation.waits, *operation.after)):
            raise ValueError(f"operation {position} waits for one that comes later")
    for change, fields, any_sent in zip(changes, sent, there, strict=True):
        if fields != set(values_after(change)) or not any_sent:
            raise ValueError(f'what is sent of {change.kind} "{change.label}" is not its change')


def _read_change(one: _Create | _Update | _Merge | _Delete) -> Change:
    kind = KINDS[one.kind]
    change: Change
    match one:
        case _Create():
            change = Create(one.kind, one.token, one.label, one.values, Mark(*one.mark))
        case _Update():
            changes = {
                name: FieldChange(part.before, part.after) for name, part in one.changes.items()
            }
            mark = Mark(*one.mark)
            change = Update(one.kind, one.id, one.label, changes, mark, one.matched, one.unchanged)
        case _Merge():
            mark = Mark(*one.mark)
            change = Merge(
                one.kind, one.id, one.label, one.sources, mark, one.native, one.impact, one.content
            )
        case _:
            place = Mark(*one.mark) if one.mark else None
            change = Delete(one.kind, one.id, one.label, place, one.impact)
    for name in values_after(change):
        if name not in kind.fields:
            raise ValueError(f"{kind.plural} have no field {name!r}")
    return change
