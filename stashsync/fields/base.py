"""What every meaning answers: how a field is written, selected, read, compared and sent.

    manifest text --parse--> desired value ─┐
                                            ├─ settle --> value afterwards --write--> input
    server's row ---read--> observed value ─┘

Values are canonical: two sides that mean the same have equal values. They are plain Python data
(None, bool, int, float, str, lists and dicts of these), so that they can be cached and saved.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol, TypeAlias

from stashsync.fields.raw import Raw

Json: TypeAlias = Any
"""Untyped JSON on its way to or from the server."""
Value: TypeAlias = Any
"""A canonical value; None means cleared."""


class Server(Protocol):
    """What a meaning may ask about the server at hand."""

    def has_output(self, type_name: str, field: str) -> bool:
        """Whether the output type has the field."""
        ...

    def has_input(self, type_name: str, field: str) -> bool:
        """Whether the input type has the field."""
        ...

    @property
    def partial_dates(self) -> bool:
        """Whether `1990-05` is a date there (since v0.30.0)."""
        ...


class Meaning(ABC):
    """What a field can mean. Stateless but for its own few parameters, and shared by kinds."""

    shape: ClassVar[str] = "scalar"
    """How a change of it is shown: scalar, set, list, map or image."""
    output_type: str = "String"
    """The GraphQL type that is read; `Wire(output_type=…)` on a field overrides it."""
    create_type: str = "String"
    update_type: str = "String"

    @abstractmethod
    def parse(self, raw: Raw) -> Value:
        """The desired value.

        Raises:
            Wrong: `raw` is nothing this field can be.
        """

    @abstractmethod
    def json_schema(self) -> dict[str, Any]:
        """What `parse` accepts, as a JSON Schema (draft-07) fragment."""

    def selection(self, output: str, server: Server) -> str:  # noqa: ARG002
        """What to select in a query to read the output field `output`."""
        return output

    def read(self, wire: Json) -> Value:
        """The observed value, from what the server sent for the selection."""
        return wire

    def written(self, observed: Value) -> Value:
        """The observed value as a manifest says it: plain data, references still by id."""
        return observed

    def settle(self, desired: Value, observed: Value) -> Value:  # noqa: ARG002
        """The value once `desired` holds. Equal to `observed` where nothing has to change."""
        return desired

    def write(self, after: Value, before: Value, server: Server) -> Json:  # noqa: ARG002
        """The input value of an update that makes `before` into `after`."""
        return after

    def write_new(self, after: Value, server: Server) -> Json:
        """The input value of a create."""
        return self.write(after, self.empty, server)

    @property
    def empty(self) -> Value:
        """The value of the field on an object that was created without it."""
        return None

    def refuse(self, value: Value) -> str | None:  # noqa: ARG002
        """Why an entity's field cannot have this value, which has the right Python type."""
        return None

    def unsupported(self, desired: Value, server: Server) -> str | None:  # noqa: ARG002
        """Why this server cannot hold this very value, or None. The field itself exists there."""
        return None

    def references(self) -> str | None:
        """The name of the kind that this field refers to, or None."""
        return None


def is_members(value: Value) -> bool:
    """Whether a list's desired value owns only some members: `{"add": […], "remove": […]}`."""
    return isinstance(value, Mapping) and value.keys() <= {"add", "remove"}
