"""A server that has exactly the given objects, and raw values as the reader makes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from stashsync.fields.raw import Quoted, Raw, RawList, RawMap


@dataclass(frozen=True)
class Has:
    """A server with these fields ("Type.field"), of a release that knows partial dates or not."""

    fields: frozenset[str] = field(default=frozenset())
    partial_dates: bool = True

    def has_output(self, type_name: str, field: str) -> bool:
        """Return whether the output type has the field."""
        return f"{type_name}.{field}" in self.fields

    has_input = has_output


NEW = Has(frozenset({"StashID.updated_at", "StashIDInput.updated_at", "CustomFieldsInput.remove"}))
OLD = Has(partial_dates=False)


def raw(value: Any) -> Raw:
    """Return lists, dicts and texts as the reader gives them; `Quoted` stays what it is."""
    if isinstance(value, list):
        return RawList(raw(item) for item in value)
    if isinstance(value, dict):
        return RawMap({key: raw(item) for key, item in value.items()})
    assert isinstance(value, str)
    return value


def quoted(text: str) -> Quoted:
    """Return a text in quotes."""
    return Quoted(text)
