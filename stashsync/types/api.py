"""The server's inputs, results and enums under its own names, as types.

    from stashsync.types import BulkTagUpdateInput, GenderEnum, StatsResultType

Inputs and results are typed dicts. They are made from the table in `stashsync.wire.api` when the
first of them is asked for; `api.pyi` shows them to type checkers. What is imported here and used
nowhere is in their annotations.
"""

from __future__ import annotations

from collections.abc import Mapping as Mapping
from collections.abc import Sequence as Sequence
from datetime import datetime as datetime
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any, NotRequired, TypedDict

from stashsync import entities
from stashsync.kinds.enums import JobStatus as JobStatus
from stashsync.kinds.enums import JobStatusUpdateType as JobStatusUpdateType
from stashsync.types.annotations import ELSEWHERE, member_type, python_type
from stashsync.wire.api import fields_of, table


def __getattr__(name: str) -> Any:
    parts = () if name.startswith("_") else ("inputs", "outputs", "enums", "unions")
    if not any(name in table()[part] for part in parts):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    _define(globals())
    return globals()[name]


def _define(namespace: dict[str, Any]) -> None:
    """Make all types, so that each finds those in its annotations."""
    for name, values in table()["enums"].items():
        if name not in ELSEWHERE:
            members = {value: value for value in values.split()}
            namespace[name] = StrEnum(name, members, module=__name__)
    namespace |= {name: getattr(entities, name) for name in entities.__all__}
    namespace["Identifier"] = str | int | entities.Entity
    for part in ("inputs", "outputs"):
        for name, entry in table()[part].items():
            fields = {
                field: _annotation(type_, given=part == "inputs", owner=name)
                for field, type_ in fields_of(entry).items()
            }
            namespace[name] = TypedDict(name, fields)  # type: ignore[misc]  # made from a table
            namespace[name].__module__ = __name__
    for name, members in table()["unions"].items():
        namespace[name] = reduce(or_, (namespace[member] for member in members.split()))


def _annotation(type_: str, *, given: bool, owner: str) -> Any:
    return NotRequired[member_type(owner, type_) if given else python_type(type_)]  # type: ignore[misc]
