"""The base of everything that a server answers with: pydantic models with a table and `UNSET`.

A record of an answer is decoded without validating what the server's schema has typed already; it
is validated where a script makes or changes one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    SerializationInfo,
    ValidationInfo,
    field_validator,
    model_serializer,
)

from stashsync.entities.loading import decode_rows
from stashsync.entities.models import base_of_models
from stashsync.entities.relation import checked
from stashsync.kinds.declaration import Record as Declared
from stashsync.unset import UNSET, is_set

if TYPE_CHECKING:
    from stashsync.entities.tracked import IdentityMap


@base_of_models(has_id=False)
class Record(Declared, BaseModel):
    """A typed part of an answer."""

    model_config = ConfigDict(
        extra="forbid",
        validate_assignment=True,
        defer_build=True,
        arbitrary_types_allowed=True,  # annotations name declarations; models derive from these
    )

    def __new__(cls, *_: Any, **__: Any) -> Self:
        """Make an object, which a declaration refuses to."""
        return object.__new__(cls)

    @classmethod
    def from_row(
        cls, row: dict[str, Any], identity_map: IdentityMap | None = None, read_at: float = 0.0
    ) -> Self:
        """Return the object of one row of an answer.

        An object that `identity_map` has is brought up to date, fields with unsaved edits
        excepted, and returned itself. `read_at` is when the answer came, in the seconds of the
        identity map.
        """
        return decode_rows(cls, [row], identity_map, read_at)[0]

    @classmethod
    def from_graphql(
        cls, row: dict[str, Any], identity_map: IdentityMap | None = None, read_at: float = 0.0
    ) -> Self:
        """Return the object of one row, as `from_row` does; `read_at` in seconds."""
        return cls.from_row(row, identity_map, read_at)

    @model_serializer
    def _dumped(self, info: SerializationInfo) -> dict[str, Any]:
        """Dump what is set of the wanted fields, for `model_dump`."""
        wanted, left_out = info.include, info.exclude or ()
        return {
            name: value
            for name, value in self.as_data().items()
            if (wanted is None or name in wanted)
            and name not in left_out
            and not (info.exclude_none and value is None)
        }

    def as_data(self) -> dict[str, Any]:
        """Return what is set as plain data; other objects are ids, as they refer back."""
        specs = type(self).kind().all_fields
        return {
            name: _plain(value, by_id=name in specs and specs[name].is_relation)
            for name, value in self.__dict__.items()
            if value is not UNSET
        }

    @field_validator("*", mode="after")
    @classmethod
    def _refuse(cls, value: Any, info: ValidationInfo) -> Any:
        spec = cls.kind().all_fields.get(info.field_name or "")
        if spec is None or not is_set(value):
            return value
        if spec.is_relation:
            return checked(spec, value)
        reason = spec.meaning.refuse(value)
        if reason:
            raise ValueError(reason)
        return value


def _plain(value: Any, *, by_id: bool) -> Any:
    if isinstance(value, list):
        return [_plain(item, by_id=by_id) for item in value]
    if not isinstance(value, Record):
        return value
    if by_id and type(value).kind().has_id:
        return {"id": value.__dict__["id"]}
    return value.as_data()
