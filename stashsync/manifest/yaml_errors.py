"""Explain what is wrong where a YAML parser stops, to the person at the editor.

A parser reports where it stopped and where the construct began that it was in. Its message is not
looked at: it differs from parser to parser and from release to release, and seldom helps. The text
at the two places shows what the fault is. Where a parser stops is often not where the
fault is (an unclosed quote is noticed at the end of the file), so the answer may point at either.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from stashsync.fields.raw import pack
from stashsync.manifest.source import FileRefused

Place = tuple[int, int]
"""Line and column, counted from 0."""

_QUOTE: Final = "close it with the same quote"


def explain(where: Place, begun: Place | None, lines: Sequence[str]) -> FileRefused:
    """Explain why a parser stopped at `where`, in what began at `begun` (None: unknown)."""
    conflict = _merge_conflict(lines)
    if conflict is not None:
        return conflict
    line = _line(lines, where)
    char, opener = line[where[1] : where[1] + 1], ""
    if begun is not None and begun != where:
        opener = _line(lines, begun)[begun[1] : begun[1] + 1]
    if opener and opener in "'\"":
        return _in_quotes(where, begun or where, lines)
    if line.startswith("%"):
        what = "YAML version" if line.startswith("%YAML") else "YAML directive"
        hint = "remove the %YAML line" if line.startswith("%YAML") else "remove this line"
        return _refused(f"this {what} is not supported", where, hint)
    indentation = line[: len(line) - len(line.lstrip(" \t"))]
    if char == "\t" or ("\t" in indentation and opener not in ("[", "{")):
        column = indentation.find("\t")
        place = (where[0], column if column >= 0 else where[1])
        return _refused("a tab is used for indentation", place, "indent with spaces")
    if begun is not None and opener:
        found = _in_construct(where, begun, lines)
        if found is not None:
            return found
    return _at_char(where, char, line, same=begun == where)


def _merge_conflict(lines: Sequence[str]) -> FileRefused | None:
    """Explain the lines that git leaves where it could not merge."""
    begin = next((n for n, text in enumerate(lines) if text.startswith("<<<<<<< ")), None)
    if begin is None or not any(text.startswith(">>>>>>> ") for text in lines):
        return None
    return _refused(
        "a merge conflict is not resolved here",
        (begin, 0),
        "keep one side or both, and remove the lines with <<<<<<<, ======= and >>>>>>>",
    )


def _in_quotes(where: Place, begun: Place, lines: Sequence[str]) -> FileRefused:
    """Explain a fault in a quoted text."""
    line = _line(lines, where)
    rest = line[where[1] :]
    if where[1] == 0 and rest[:3] in ("---", "..."):
        return _refused("this quote is not closed before the document ends", begun, _QUOTE)
    if not rest and not any(lines[where[0] + 1 :]):
        return _refused("this quote is never closed", begun, _QUOTE)
    start = line.rfind("\\", 0, where[1] + 1)
    if line[start + 1 : start + 2] in ("x", "u", "U"):
        return bad_escape(where)
    return _refused(
        f"{line[start : start + 2]!s} is not an escape that YAML knows",
        (where[0], max(start, 0)),
        "use single quotes, in which \\ is an ordinary character, or write \\\\",
    )


def bad_escape(place: Place) -> FileRefused:
    """Refuse an escape such as half of a surrogate pair."""
    return _refused(
        "an escape that stands for no character",
        place,
        "write the character itself; one beyond U+FFFF is escaped as \\U0001F600, in eight digits",
    )


def _in_construct(where: Place, begun: Place, lines: Sequence[str]) -> FileRefused | None:
    """Explain a fault in what its first character tells apart."""
    text = _line(lines, begun)[begun[1] :]
    match text[0]:
        case "[" | "{":
            what, end = ("list", "]") if text[0] == "[" else ("mapping", "}")
            return _refused(
                f"this {what} is not closed properly: ',' or {end!r} is missing",
                begun,
                f"separate with ',', close with {end!r}, and quote texts that hold , [ ] {{ or }}",
            )
        case "*" | "&":
            hint = f"quote a text that begins with {text[0]!r}"
            return _refused(f"a name is wanted after {text[0]!r}", begun, hint)
        case "!":
            return _refused("this tag ends wrongly", begun, "quote a text that begins with '!'")
        case "|" | ">":
            hint = "begin the text on the next line, or quote it"
            return _refused("nothing may follow '|' or '>' on its line", where, hint)
    if ": " in text or text.endswith(":") or text[:2] in ("- ", "-", "? ", "?"):
        return None  # a mapping or list, in which a later line is at fault
    hint = "write `key: value`; a text over several lines must be indented"
    return _refused("a key without ': ' after it", begun, hint)


def _at_char(where: Place, char: str, line: str, *, same: bool) -> FileRefused:
    """Explain a fault by the character at which the parser stopped."""
    after_text = bool(line[: where[1]].strip())
    item_or_key = line[where[1] + 1 : where[1] + 2] in ("", " ")
    if char in ("@", "`", "%"):
        message = f"a text cannot begin with {char!r} unless it is quoted"
        hint = "put it in single quotes"
    elif char == "!" and same:
        message, hint = "a tag that is not declared", "quote a text that begins with '!'"
    elif char == ":" and item_or_key:
        message = "a ': ' is not expected here"
        hint = (
            "a text with ': ' in it must be quoted; else check the indentation of this line and "
            "the one above"
        )
    elif char == "-" and item_or_key and after_text:
        message = "a list item is not expected here"
        hint = "begin the list on a line of its own, or quote a text that begins with '- '"
    elif same and not char:
        message, hint = "the text ends where a value is wanted", "close what is open above"
    elif same:
        message = "a value is wanted here"
        hint = "quote a text that begins with a special character"
    elif after_text:
        message = "something stands after the end of the value"
        hint = "put the whole text in quotes"
    else:
        message = "this line does not fit the ones above"
        hint = "align it with the keys or items it belongs to"
    return _refused(message, where, hint)


def _line(lines: Sequence[str], place: Place) -> str:
    return lines[place[0]] if place[0] < len(lines) else ""


def _refused(message: str, place: Place, hint: str) -> FileRefused:
    return FileRefused(message, pack(*place), hint)
