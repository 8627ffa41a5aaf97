"""What everything that a server answers with is: pydantic models with a table and a third value.

A record is decoded by plan, without validating again what the server's schema has typed already;
it is validated where people make or change one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    SerializationInfo,
    ValidationInfo,
    field_validator,
    model_serializer,
)

from stashsync.fields import Value, Wrong
from stashsync.types.kind import NO_MUTATIONS, Kind, compile_kind
from stashsync.unset import UNSET, is_set

if TYPE_CHECKING:
    from stashsync.types.decoding import Plan
    from stashsync.types.identity import IdentityMap


class Record(BaseModel):
    """A typed part of an answer. A subclass is compiled to its `Kind` when first asked for."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True, defer_build=True)

    __plain_fields__: ClassVar[frozenset[str]] = frozenset()
    __kind_options__: ClassVar[dict[str, Any]] = {}
    __kind__: ClassVar[Kind | None] = None
    __plans__: ClassVar[dict[tuple[str, ...], Plan]] = {}

    @classmethod
    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__()
        cls.__kind_options__ = options or {"plural": "", "mutations": NO_MUTATIONS}
        cls.__kind__ = None
        cls.__plans__ = {}

    @classmethod
    def kind(cls) -> Kind:
        """The table of this class."""
        if cls.__kind__ is None:
            cls.__kind__ = compile_kind(cls, **cls.__kind_options__)
        return cls.__kind__

    @classmethod
    def check(cls, values: Mapping[str, Value]) -> Iterator[Wrong]:  # noqa: ARG003
        """What is wrong among the desired values of one object; each path starts at a field.

        For what a single field cannot see: a death before a birth, an alias that is the name.
        """
        yield from ()

    @classmethod
    def from_row(
        cls, row: dict[str, Any], home: IdentityMap | None = None, stamp: float = 0.0
    ) -> Self:
        """The object of one row of an answer, as the server told it.

        `home` holds what is known already: an object that it has is brought up to date and
        returned itself, fields with unsaved edits excepted. `stamp`, a time in seconds as the home
        counts them, is noted on what came.
        """
        from stashsync.types.decoding import decode_rows  # people who only build need none of it

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
            from stashsync.types.relations import checked

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
    if by_id and "id" in type(value).__plain_fields__:
        return {"id": value.__dict__["id"]}
    return value._data()
