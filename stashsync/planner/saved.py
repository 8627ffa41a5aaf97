"""A plan as bytes and back: versioned JSON, the same bytes for the same plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from stashsync.errors import Mark, Problem, StashConfigurationError
from stashsync.planner.changes import (
    Change,
    Create,
    Delete,
    FieldChange,
    Matched,
    Update,
    values_after,
)
from stashsync.planner.plan import External, Operation, Plan, Source
from stashsync.types import KINDS

FORMAT: Final = "stashsync-plan"
VERSION: Final = 1


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
                **({"detour": one.detour} if one.detour else {}),
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
        return _plan(document)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise StashConfigurationError(f"this saved plan is damaged: {error!r}") from error


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
    if isinstance(change, Delete):
        return {
            "action": change.action,
            "kind": change.kind,
            "id": change.id,
            "label": change.label,
            "mark": _mark(change.mark),
            "impact": change.impact,
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


def _plan(document: Mapping[str, Any]) -> Plan:
    changes = tuple(_read_change(one) for one in document["changes"])
    operations = tuple(
        Operation(
            change=one["change"],
            fields=tuple(one["fields"]),
            needs=tuple(one["needs"]),
            waits=tuple(one["waits"]),
            after=tuple(one["after"]),
            wave=one["wave"],
            detour=one.get("detour", {}),
        )
        for one in document["operations"]
    )
    for position, operation in enumerate(operations):
        spoken = {*_fields(changes[operation.change]), *operation.detour}
        if not spoken >= set(operation.fields):
            raise ValueError(f"operation {position} sends fields that its change does not have")
        if any(
            not 0 <= one < position
            for one in (*operation.needs, *operation.waits, *operation.after)
        ):
            raise ValueError(f"operation {position} waits for one that comes later")
    return Plan(
        changes=changes,
        operations=operations,
        labels=document["labels"],
        externals=tuple(
            External(
                one["kind"], one["name"], one["id"], tuple(Mark(*mark) for mark in one["marks"])
            )
            for one in document["externals"]
        ),
        warnings=tuple(
            Problem(one["message"], Mark(*one["mark"]) if one["mark"] else None, one["hint"])
            for one in document["warnings"]
        ),
        unchanged=document["unchanged"],
        source=Source(**document["source"]),
    )


def _read_change(one: Mapping[str, Any]) -> Change:
    kind = KINDS[one["kind"]]
    mark = Mark(*one["mark"]) if one["mark"] else None
    change: Change
    if one["action"] == "delete":
        return Delete(kind.name, one["id"], one["label"], mark, one["impact"])
    if mark is None:
        raise ValueError("a change without its place")
    if one["action"] == "create":
        change = Create(kind.name, one["token"], one["label"], one["values"], mark)
    else:
        change = Update(
            kind=kind.name,
            id=one["id"],
            label=one["label"],
            changes={
                name: FieldChange(part["before"], part["after"])
                for name, part in one["changes"].items()
            },
            mark=mark,
            matched=Matched(one["matched"]),
            unchanged=one["unchanged"],
        )
    for name in _fields(change):
        if name not in kind.fields:
            raise ValueError(f"{kind.plural} have no field {name!r}")
    return change


def _fields(change: Change) -> set[str]:
    return set(values_after(change))
