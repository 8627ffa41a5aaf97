"""A plan as bytes and back: versioned JSON, the same bytes for the same plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final

import msgspec
import orjson

from stashsync.errors import Mark, Problem, StashConfigurationError
from stashsync.planner.changes import Change, Create, FieldChange, Matched, Update
from stashsync.planner.plan import External, Operation, Plan, Source
from stashsync.types import KINDS

FORMAT: Final = "stashsync-plan"
VERSION: Final = 1

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


class _Operation(_Row):
    change: _Index
    fields: tuple[str, ...]
    needs: tuple[_Index, ...]
    after: tuple[_Index, ...]
    wave: _Index


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
    changes: list[_Create | _Update]
    operations: list[_Operation]
    labels: dict[str, dict[str, str]]
    externals: list[_External]
    warnings: list[_Warning]
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
                "after": one.after,
                "wave": one.wave,
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
        "warnings": [
            {"message": one.message, "mark": _mark(one.mark), "hint": one.hint}
            for one in plan.warnings
        ],
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


def _change(change: Change) -> dict[str, Any]:
    if isinstance(change, Create):
        return {
            "action": change.action,
            "kind": change.kind,
            "token": change.token,
            "label": change.label,
            "mark": _mark(change.mark),
            "values": change.values,
        }
    return {
        "action": change.action,
        "kind": change.kind,
        "id": change.id,
        "label": change.label,
        "mark": _mark(change.mark),
        "matched": change.matched.value,
        "unchanged": change.unchanged,
        "changes": {
            name: {"before": one.before, "after": one.after} for name, one in change.changes.items()
        },
    }


def _plan(document: _Document) -> Plan:
    changes = tuple(_read_change(one) for one in document.changes)
    operations = tuple(
        Operation(one.change, one.fields, one.needs, one.after, one.wave)
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
        warnings=tuple(
            Problem(one.message, Mark(*one.mark) if one.mark else None, one.hint)
            for one in document.warnings
        ),
        unchanged=document.unchanged,
        source=Source(document.source.identity, document.source.release, document.source.digest),
    )


def _check(changes: Sequence[Change], operations: Sequence[Operation]) -> None:
    """Every field of every change is sent once, by operations that wait only for earlier ones."""
    sent: list[list[str]] = [[] for _ in changes]
    for position, operation in enumerate(operations):
        if operation.change >= len(changes):
            raise ValueError(f"operation {position} belongs to no change")
        sent[operation.change] += operation.fields
        if any(one >= position for one in (*operation.needs, *operation.after)):
            raise ValueError(f"operation {position} waits for one that comes later")
    for change, fields in zip(changes, sent, strict=True):
        if sorted(fields) != sorted(_fields(change)):
            raise ValueError(f'what is sent of {change.kind} "{change.label}" is not its change')


def _read_change(one: _Create | _Update) -> Change:
    mark = Mark(*one.mark)
    change: Change
    if isinstance(one, _Create):
        change = Create(one.kind, one.token, one.label, one.values, mark)
    else:
        change = Update(
            kind=one.kind,
            id=one.id,
            label=one.label,
            changes={
                name: FieldChange(part.before, part.after) for name, part in one.changes.items()
            },
            mark=mark,
            matched=one.matched,
            unchanged=one.unchanged,
        )
    for name in _fields(change):
        if name not in KINDS[one.kind].fields:
            raise ValueError(f"{KINDS[one.kind].plural} have no field {name!r}")
    return change


def _fields(change: Change) -> list[str]:
    return list(change.values if isinstance(change, Create) else change.changes)
