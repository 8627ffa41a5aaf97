"""A plan as bytes and back: versioned JSON, the same bytes for the same plan."""

from __future__ import annotations

from typing import Any

import msgspec

from stashsync.errors import StashConfigurationError
from stashsync.kinds import ENTITIES, KINDS
from stashsync.planner.changes import Change, Create, Update, contents_of, values_after
from stashsync.planner.plan import FORMAT, VERSION, Plan


def dump(plan: Plan) -> bytes:
    """Write a plan as JSON, indented, with a line feed at the end."""
    return msgspec.json.format(msgspec.json.encode(plan)) + b"\n"


def load(content: bytes, name: str = "this") -> Plan:
    """Read the plan that `dump` wrote. `name` is what errors call it, such as its file.

    Raises:
        StashConfigurationError: these bytes are no plan, or one of another version.
    """
    try:
        document = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StashConfigurationError(f"{name} is not a saved plan: {error}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise StashConfigurationError(
            f"{name} is not a saved plan", hint="Make one with `stashsync plan --out FILE`."
        )
    if document.get("version") != VERSION:
        raise StashConfigurationError(
            f"{name} is a plan of format version {document.get('version')}, not {VERSION}",
            hint="It was saved by another version of stashsync. Make it anew.",
        )
    try:
        plan = _plan(document)
    except (msgspec.MsgspecError, ValueError) as error:
        raise StashConfigurationError(f"{name} is a saved plan that is damaged: {error}") from error
    return plan


def _plan(document: dict[str, Any]) -> Plan:
    for name in Plan.__struct_fields__:
        if name not in document:
            raise ValueError(f"it has no {name}")
    plan = msgspec.convert(document, Plan)
    _check(plan)
    return plan


def _check(plan: Plan) -> None:
    """Raise ValueError unless every field of every change is sent, in a possible order."""
    changes = plan.changes
    for change in changes:
        _check_names(change)
    sent: list[set[str]] = [set() for _ in changes]
    for position, operation in enumerate(plan.operations):
        if operation.change >= len(changes):
            raise ValueError(f"operation {position} belongs to no change")
        change = changes[operation.change]
        if operation.content and operation.content not in contents_of(change):
            raise ValueError(f"operation {position} moves what its change does not have")
        if not operation.detour.keys() <= set(operation.fields):
            raise ValueError(f"operation {position} has values for what it does not send")
        fields = set(operation.fields) - operation.detour.keys()
        if sent[operation.change] & fields:
            raise ValueError(f"operation {position} sends again what an earlier one sends")
        sent[operation.change] |= fields
        if any(
            earlier >= position
            for earlier in (*operation.needs, *operation.waits, *operation.after)
        ):
            raise ValueError(f"operation {position} waits for one that comes later")
    carried_out = {operation.change for operation in plan.operations}
    for position, (change, fields) in enumerate(zip(changes, sent, strict=True)):
        if fields != set(values_after(change)) or position not in carried_out:
            raise ValueError(f'what is sent of {change.kind} "{change.label}" is not its change')


def _check_names(change: Change) -> None:
    """Raise ValueError unless there are the kinds and fields that a change mentions."""
    if change.kind not in KINDS:
        raise ValueError(f"there is no kind {change.kind!r}")
    for name in values_after(change):
        if name not in KINDS[change.kind].fields:
            raise ValueError(f"{KINDS[change.kind].plural} have no field {name!r}")
    for bearers in change.bearers if isinstance(change, Create | Update) else ():
        if bearers.kind not in ENTITIES or bearers.field not in ENTITIES[bearers.kind].fields:
            raise ValueError(f"nothing refers to others by {bearers.kind}.{bearers.field}")
