"""What everything that a server answers with is: pydantic models with a table and a third value.

A record is decoded by plan, without validating again what the server's schema has typed already;
it is validated where people make or change one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    SerializationInfo,
    ValidationInfo,
    field_validator,
    model_serializer,
)

from stashsync.entities.models import base_of_models
from stashsync.kinds.declaration import Record as Declared
from stashsync.unset import UNSET, is_set

if TYPE_CHECKING:
    from stashsync.entities.identity import IdentityMap
    from stashsync.entities.loading import Plan


@base_of_models(has_id=False)
class Record(Declared, BaseModel):
    """A typed part of an answer."""

    model_config = ConfigDict(
        extra="forbid",
        validate_assignment=True,
        defer_build=True,
        arbitrary_types_allowed=True,  # annotations name declarations; models derive from these
    )

    __plans__: ClassVar[dict[tuple[str, ...], Plan]] = {}

    @classmethod
    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.__plans__ = {}

    def __new__(cls, *_: Any, **__: Any) -> Self:
        """Make an object; declarations refuse to."""
        return object.__new__(cls)

    @classmethod
    def from_row(
        cls, row: dict[str, Any], home: IdentityMap | None = None, stamp: float = 0.0
    ) -> Self:
        """The object of one row of an answer, as the server told it.

        `home` holds what is known already: an object that it has is brought up to date and
        returned itself, fields with unsaved edits excepted. `stamp`, a time in seconds as the home
        counts them, is noted on what came.
        """
        from stashsync.entities.loading import decode_rows  # people who only build need none of it

        return decode_rows(cls, [row], home, stamp)[0]

    @classmethod
    def from_graphql(
        cls, row: dict[str, Any], home: IdentityMap | None = None, stamp: float = 0.0
    ) -> Self:
        """As `from_row`, `stamp` (seconds) included."""
        return cls.from_row(row, home, stamp)

    @model_serializer
    def _dumped(self, info: SerializationInfo) -> dict[str, Any]:
        """What `model_dump` gives: what is set, of the fields that are asked for."""
        asked, left_out = info.include, info.exclude or ()
        return {
            name: value
            for name, value in self._data().items()
            if (asked is None or name in asked)
            and name not in left_out
            and not (info.exclude_none and value is None)
        }

    def _data(self) -> dict[str, Any]:
        """What is set, as plain data. Other objects are shown by their ids: they refer back."""
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
            from stashsync.entities.relations import checked

            return checked(spec, value)
        reason = spec.meaning.refuse(value)
        if reason:
            raise ValueError(reason)
        return value


def _plain(value: Any, *, by_id: bool) -> Any:
    if isinstance(value, list):
        return [_plain(one, by_id=by_id) for one in value]
    if not isinstance(value, Record):
        return value
    if by_id and type(value).kind().has_id:
        return {"id": value.__dict__["id"]}
    return value._data()
