"""YAML's own complaints, said so that the person at the editor knows what to do.

The two parsers word the same fault differently; each entry looks for what both say. Where the
parser stops is often not where the fault is (an unclosed quote is noticed at the end of the file),
so an entry may point at where the construct began instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

Place = tuple[int, int]
"""Line and column, counted from 0."""


class Complaint(NamedTuple):
    """What is wrong, where to look, and what to do."""

    message: str
    place: Place
    hint: str


class _Fault(NamedTuple):
    problem: str
    where: Place
    begun: Place
    lines: Sequence[str]

    def char(self) -> str:
        line, column = self.where
        text = self.lines[line] if line < len(self.lines) else ""
        return text[column] if column < len(text) else ""

    def indent(self) -> str:
        line = self.lines[self.where[0]] if self.where[0] < len(self.lines) else ""
        return line[: len(line) - len(line.lstrip(" \t"))]


def _tab(fault: _Fault) -> Complaint:
    column = fault.indent().find("\t")
    place = (fault.where[0], column if column >= 0 else fault.where[1])
    return Complaint("a tab is used for indentation", place, "indent with spaces")


def _token(fault: _Fault) -> Complaint:
    char = fault.char()
    if char == "\t":
        return _tab(fault)
    return Complaint(
        f"a text cannot begin with {char!r} unless it is quoted",
        fault.where,
        "put it in single quotes",
    )


def _colon(fault: _Fault) -> Complaint:
    return Complaint(
        "a ': ' is not expected here",
        fault.where,
        "a text with ': ' in it must be quoted; else check the indentation of this line and "
        "the one above",
    )


def _entry(fault: _Fault) -> Complaint:
    return Complaint(
        "a list item is not expected here",
        fault.where,
        "begin the list on a line of its own, or quote a text that begins with '- '",
    )


def _stream_end(fault: _Fault) -> Complaint:
    return Complaint("this quote is never closed", fault.begun, "close it with the same quote")


def _separator(fault: _Fault) -> Complaint:
    return Complaint(
        "this quote is not closed before the document ends",
        fault.begun,
        "close it with the same quote",
    )


def _flow(fault: _Fault) -> Complaint:
    what = "list" if "']'" in fault.problem else "mapping"
    end = "]" if what == "list" else "}"
    return Complaint(
        f"this {what} is not closed properly: ',' or {end!r} is missing",
        fault.begun,
        f"separate with ',', close with {end!r}, and quote texts that hold , [ ] {{ or }}",
    )


def _key(fault: _Fault) -> Complaint:
    if "\t" in fault.indent():
        return _tab(fault)
    line = fault.lines[fault.where[0]] if fault.where[0] < len(fault.lines) else ""
    if line[: fault.where[1]].strip():
        return Complaint(
            "something stands after the end of the value",
            fault.where,
            "put the whole text in quotes",
        )
    return Complaint(
        "this line does not fit the ones above",
        fault.where,
        "align it with the keys or items it belongs to",
    )


def _no_colon(fault: _Fault) -> Complaint:
    return Complaint(
        "a key without ': ' after it",
        fault.begun,
        "write `key: value`; a text over several lines must be indented",
    )


def _escape(fault: _Fault) -> Complaint:
    line, column = fault.where
    text = fault.lines[line] if line < len(fault.lines) else ""
    at = column if text[column : column + 1] == "\\" else max(column - 1, 0)
    return Complaint(
        f"{text[at : at + 2]!s} is not an escape that YAML knows",
        (line, at),
        "use single quotes, in which \\ is an ordinary character, or write \\\\",
    )


def _code(fault: _Fault) -> Complaint:
    return Complaint(
        "an escape that stands for no character",
        fault.where,
        "write the character itself; one beyond U+FFFF is escaped as \\U0001F600, in eight digits",
    )


def _anchor(fault: _Fault) -> Complaint:
    sign = "*" if "alias" in fault.problem else "&"
    return Complaint(
        f"a name is wanted after {sign!r}",
        fault.begun,
        f"quote a text that begins with {sign!r}",
    )


def _handle(fault: _Fault) -> Complaint:
    return Complaint("a tag that is not declared", fault.where, "quote a text that begins with '!'")


def _content(fault: _Fault) -> Complaint:
    return Complaint(
        "a value is wanted here", fault.where, "quote a text that begins with a special character"
    )


def _version(fault: _Fault) -> Complaint:
    return Complaint("this YAML version is not supported", fault.where, "remove the %YAML line")


def _block(fault: _Fault) -> Complaint:
    return Complaint(
        "nothing may follow '|' or '>' on its line",
        fault.where,
        "begin the text on the next line, or quote it",
    )


_WORDS: tuple[tuple[str, Callable[[_Fault], Complaint]], ...] = (
    ("tab character", _tab),
    ("cannot start any token", _token),
    ("mapping values are not allowed", _colon),
    ("sequence entries are not allowed", _entry),
    ("found unexpected end of stream", _stream_end),
    ("found unexpected document", _separator),
    ("expected ',' or", _flow),
    ("scanning an anchor", _anchor),
    ("scanning an alias", _anchor),
    ("expected key", _key),
    ("expected '-' indicator", _key),
    ("expected <block end>", _key),
    ("expected '<document start>'", _key),
    ("expected <document start>", _key),
    ("could not find expected ':'", _no_colon),
    ("unknown escape character", _escape),
    ("character escape code", _code),
    ("hexdecimal", _code),
    ("hexadecimal", _code),
    ("undefined tag handle", _handle),
    ("node content", _content),
    ("incompatible YAML document", _version),
    ("comment or line break", _block),
    ("comment or a line break", _block),
)


def explain(
    problem: str, context: str, where: Place, begun: Place, lines: Sequence[str]
) -> Complaint:
    """The complaint `problem`, raised in `context` at `where` of what began at `begun`."""
    said = f"{context}: {problem}" if context else problem
    fault = _Fault(said, where, begun, lines)
    for words, complain in _WORDS:
        if words in said:
            return complain(fault)
    return Complaint(f"not valid YAML: {problem}", where, "")
