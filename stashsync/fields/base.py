"""What every meaning answers: how a field is written, selected, read, compared and sent.

    manifest text --parse--> desired value ─┐
                                            ├─ settle --> value afterwards --write--> input
    server's row ---read--> observed value ─┘

Values are canonical: two sides that mean the same have equal values. They are plain Python data
(None, bool, int, float, str, lists and dicts of these), so that they can be cached and saved.

Objects that scripts edit hold values in a *form* of their own: references are other objects.

    server's row ---hold--> held value ---snapshot--> kept beside it
                              │ edits                    │
                              └── differs ───────────────┘ ── canonical, write --> input
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Protocol, TypeAlias

from stashsync.fields.raw import Raw

Json: TypeAlias = Any
"""Untyped JSON on its way to or from the server."""
Value: TypeAlias = Any
"""A canonical value; None means cleared."""


Held: TypeAlias = Any
"""A value as an object in memory holds it: canonical, but for references, which are objects."""
Ids: TypeAlias = Callable[[Iterable[Any]], list[str]]
"""Gives the ids of objects, each once, without those that exist no more."""


class ServerFacts(Protocol):
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

    @property
    def career_years(self) -> bool:
        """Whether a career begins and ends with a year there, not with a date."""
        ...


class Meaning(ABC):
    """What a field can mean. Stateless but for its own few parameters, and shared by kinds.

    They are compared by identity.
    """

    shape: ClassVar[str] = "scalar"
    """How a change of it is shown: scalar, set, list, map or image."""
    form: ClassVar[str] = "scalar"
    """How objects hold it: scalar, plain (a list or map of data), one, many, memberships (all three
    are references) or nested."""
    read_only: ClassVar[bool] = False
    """Whether no create and no update takes it."""
    sent_whole: ClassVar[bool] = True
    """Whether an input has all of it: sending it again is right whatever the server has."""
    parts: tuple[str, ...] = ()
    """The kinds of the records that its value is made of."""
    criterion: str = ""
    """The filter criterion by which its value is read, where no output field has it."""
    far_end_of: tuple[str, str] | None = None
    """The kind and field of the relation that it is the other end of."""
    bulk: bool = False
    """Whether an edit of it is saved by a bulk update of the objects it refers to."""
    output_type: str = "String"
    """The GraphQL type that is read; `Wire(output_type=…)` on a field overrides it."""
    create_type: str = "String"
    update_type: str = "String"

    def __repr__(self) -> str:
        """Return the class with its parameters: equal in all processes, as the cache needs it."""
        return f"{type(self).__name__}({vars(self) or ''})"

    @abstractmethod
    def parse(self, raw: Raw) -> Value:
        """Return the desired value.

        Raises:
            Wrong: `raw` is nothing this field can be.
        """

    @abstractmethod
    def json_schema(self) -> dict[str, Any]:
        """Return what `parse` accepts, as a JSON Schema (draft-07) fragment."""

    def selection(self, output: str, server: ServerFacts) -> str:  # noqa: ARG002
        """Return what to select in a query to read the output field `output`."""
        return output

    def read(self, wire: Json) -> Value:
        """Return the observed value, from what the server sent for the selection."""
        return wire

    def written(self, observed: Value) -> Value:
        """Return the observed value as manifests have it: plain data, references still by id."""
        return observed

    def settle(self, desired: Value, observed: Value) -> Value:  # noqa: ARG002
        """Return the value once `desired` holds; `observed` where nothing has to change."""
        return desired

    def same(self, value: Value, other: Value) -> bool:
        """Whether two values, with references by id, mean the same."""
        return bool(value == other)

    def write(self, after: Value, before: Value, server: ServerFacts) -> Json:  # noqa: ARG002
        """Return the input value of an update that makes `before`, None if unknown, `after`."""
        return after

    def write_new(self, after: Value, server: ServerFacts) -> Json:
        """Return the input value of a create."""
        return self.write(after, self.empty, server)

    @property
    def empty(self) -> Value:
        """The value of the field on an object that was created without it."""
        return None

    # -- held by objects that scripts edit -------------------------------------------------------

    def hold(self, wire: Json) -> Held:
        """Return what an object holds of data that the server sent; references need more."""
        return wire

    def snapshot(self, held: Held) -> Any:
        """Return what to keep of a held value to see later whether it was edited."""
        return held

    def differs(self, held: Held, snapshot: Any) -> bool:
        """Return whether a held value was edited since the snapshot."""
        return bool(held != snapshot)

    def linked(self, held: Held) -> dict[Any, Any]:  # noqa: ARG002
        """Return the objects that a held value refers to, each with its extra value or UNSET."""
        return {}

    def linked_before(self, snapshot: Any) -> dict[Any, Any]:
        """Return the same for a snapshot."""
        return self.linked(snapshot)

    def canonical(self, held: Held, ids: Ids) -> Value:  # noqa: ARG002
        """Return the canonical value of a held one; it shares nothing with it."""
        return held

    def stored(self, value: Value) -> Value:
        """Return a value of a script as the server stores it."""
        return value

    def refuse(self, value: Value) -> str | None:  # noqa: ARG002
        """Why an entity's field cannot have this value, which has the right Python type."""
        return None

    def unsupported(self, desired: Value, server: ServerFacts) -> str | None:  # noqa: ARG002
        """Why this server cannot hold this very value, or None. The field itself exists there."""
        return None

    def references(self) -> str | None:
        """Return the name of the kind that this field refers to, or None."""
        return None


class PlainData(Meaning):
    """A meaning whose values are lists or maps of data, which scripts may edit in place."""

    form: ClassVar[str] = "plain"

    def hold(self, wire: Json) -> Held:
        return copied(wire)

    def snapshot(self, held: Held) -> Any:
        return copied(held)

    def canonical(self, held: Held, ids: Ids) -> Value:  # noqa: ARG002
        return copied(held)


def copied(value: Any) -> Any:
    """Copy JSON data deeply; lists and dicts of a script's own classes become plain ones."""
    kind = type(value)
    if kind is list or isinstance(value, list):
        return [copied(item) for item in value]
    if kind is dict:
        made = value.copy()
        for key, item in value.items():
            if type(item) is dict or type(item) is list:
                made[key] = copied(item)
        return made
    return value


def is_members(value: Value) -> bool:
    """Whether a list's desired value owns only some members: `{"add": […], "remove": […]}`."""
    return isinstance(value, Mapping) and value.keys() <= {"add", "remove"}


def in_parts(value: Value, of: Callable[[Value], Value]) -> Value:
    """Return what a function makes of a list, or of both parts of one that is owned in part."""
    if is_members(value):
        return {part: of(members) for part, members in value.items()}
    return of(value)
