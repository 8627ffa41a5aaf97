"""What stands in a manifest, before its meaning is known: text, lists and maps, with places.

The reader types nothing. `No`, `12:30` and `007` arrive as the text that stands in the file, and
only the field they are written in knows whether they are a name, a flag or a number. What the
reader keeps is whether a text was quoted, because quotes are how people say "this is text".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Self, TypeAlias, TypeVar

COLUMN_BITS: Final = 20
_Step = TypeVar("_Step", str, int)
_Part = TypeVar("_Part")
_Parsed = TypeVar("_Parsed")


class Quoted(str):
    """A scalar that was written in quotes or as a block."""

    __slots__ = ()


class StandIn(Quoted):
    """A text that comes from elsewhere: `source` in words, and whether it is `missing` there.

    `is_default` is true where the file itself has the text, for want of the variable.
    """

    __slots__ = ("is_default", "missing", "source")
    is_default: bool
    missing: bool
    source: str

    def __new__(cls, text: str, source: str, *, missing: bool, is_default: bool = False) -> Self:
        """Make the text."""
        made = super().__new__(cls, text)
        made.source, made.missing, made.is_default = source, missing, is_default
        return made


class Word(str):
    """A text to be written without quotes, because its field knows what it is: a date, a choice."""

    __slots__ = ()


class RawList(list[Any]):
    """A sequence; `marks[i]` is the packed place of item `i`."""

    __slots__ = ("marks",)
    marks: list[int]


class RawMap(dict[str, Any]):
    """A mapping in written order, with the packed places of its keys and of its values."""

    __slots__ = ("marks", "value_marks")
    marks: dict[str, int]
    value_marks: dict[str, int]


Raw: TypeAlias = str | RawList | RawMap
"""A plain scalar is exactly `str`; a quoted one is `Quoted`."""

NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
"""The plain texts that YAML 1.2 reads as null."""
CONSTANTS: Final = {None: "null", True: "true", False: "false"}
"""What plain text stands for values that are no text."""


def pack(line: int, column: int) -> int:
    """One integer for a place; `line` and `column` count from 0."""
    return line << COLUMN_BITS | column


def unpack(mark: int) -> tuple[int, int]:
    """Return the line and the column, counted from 0, that `pack` put together."""
    return mark >> COLUMN_BITS, mark & ((1 << COLUMN_BITS) - 1)


def as_raw(value: Any) -> Raw:
    """Return plain data, as it is written into a manifest, as the reader returns it."""
    if isinstance(value, Word):
        return str(value)
    if isinstance(value, str):
        return Quoted(value)
    if value is None or isinstance(value, bool):
        return CONSTANTS[value]
    if isinstance(value, Mapping):
        return RawMap((key, as_raw(inner)) for key, inner in value.items())
    if isinstance(value, list):
        return RawList(as_raw(member) for member in value)
    return repr(value)


def is_null(raw: Raw) -> bool:
    """Whether `raw` is an unquoted null."""
    return type(raw) is str and raw in NULLS


def describe(raw: Raw) -> str:
    """Name the kind of a YAML value, for a message."""
    if isinstance(raw, RawMap):
        return "a mapping"
    if isinstance(raw, RawList):
        return "a list"
    if is_null(raw):
        return "null"
    return "text"


class Wrong(ValueError):
    """A value that its field cannot take.

    `path` leads from the field's value to the culprit: keys of mappings, indices of lists. `others`
    are further faults of the same value.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        path: tuple[str | int, ...] = (),
        others: tuple[Wrong, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.path = path
        self.others = others

    @property
    def every(self) -> tuple[Wrong, ...]:
        """This fault and the others."""
        return (self, *self.others)

    def below(self, step: str | int) -> Wrong:
        """Return the same faults, with their paths from one level further out."""
        others = tuple(other.below(step) for other in self.others)
        return Wrong(self.message, self.hint, (step, *self.path), others)


def mapping_of(raw: Raw, example: str) -> RawMap:
    """Return a value that has to be a mapping, such as the example.

    Raises:
        Wrong: it is none.
    """
    if not isinstance(raw, RawMap):
        raise Wrong(f"a mapping is wanted here, not {describe(raw)}", f"write {example}")
    return raw


def parse_each(
    parts: Iterable[tuple[_Step, _Part]], parse: Callable[[_Part], _Parsed]
) -> list[_Parsed]:
    """Parse the parts of a value, which come with the step of the path to each.

    Raises:
        Wrong: with the faults of all parts.
    """
    found: list[_Parsed] = []
    faults: list[Wrong] = []
    for step, part in parts:
        try:
            found.append(parse(part))
        except Wrong as wrong:
            faults += wrong.below(step).every
    raise_faults(faults)
    return found


def parse_list(members: Sequence[_Part], parse: Callable[[_Part], _Parsed]) -> list[_Parsed]:
    """Parse the members of a list; each once more where one is at fault.

    Raises:
        Wrong: with the faults of all members.
    """
    try:
        return list(map(parse, members))
    except Wrong:
        return parse_each(enumerate(members), parse)


def raise_faults(faults: Sequence[Wrong]) -> None:
    """Raise one fault that has the others, if there are any.

    Raises:
        Wrong: there are.
    """
    if faults:
        first, *others = faults
        raise Wrong(first.message, first.hint, first.path, tuple(others))
