"""The door to PyYAML: bytes to parser events, and its errors as refusals.

libyaml 0.2.5 parses (the C part of PyYAML); where PyYAML was built without it, its own parser
gives the same values, slower, and refuses a tab after a colon, which YAML 1.2 allows.
Both are YAML 1.1 parsers; what they read otherwise than 1.2 or each other and could change a text
unseen (U+0085, U+2028 and U+2029 as line breaks, U+FEFF left out) is refused in raw form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import yaml
from yaml.events import CollectionEndEvent, CollectionStartEvent, Event, ScalarEvent

from stashsync.fields.raw import COLUMN_BITS, pack
from stashsync.manifest.source import FileRefused
from stashsync.manifest.yaml_errors import bad_escape, explain

_CParser: Any
try:
    from yaml._yaml import CParser as _CParser
except ImportError:  # pragma: no cover - depends on how PyYAML was built
    _CParser = None

GetEvent: TypeAlias = Callable[[], Event]

BOM: Final = b"\xef\xbb\xbf"
DEPTH_LIMIT: Final = 100
"""How deep collections may be nested in a file."""
_FORBIDDEN: Final = (
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""A pattern of what may not stand raw: what YAML forbids, and what its readers take differently.

Not compiled before something is refused: that would be a thirtieth of `validate`.
"""
_DISPUTED: Final = (b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9", BOM)
"""The line breaks of YAML 1.1, and the byte order mark beyond the begin of the file."""
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_BREAK: Final = re.compile("\r\n|\r|\n")
_BRACKETS: Final = (
    r"""(?x) "(?:\\.|[^"\\])*" | '[^']*' | (?<!\S)\#.* | (?<![^\s,:\[{])[\[{] | [\]}]"""
)
"""What opens or closes a flow collection; what quotes and comments hold is passed over."""
_WINDOW: Final = 1 << (COLUMN_BITS - 1)


def check_text(data: bytes) -> None:
    """Check that `data` is UTF-8 text whose places can be packed.

    Raises:
        Refused: it is not; at the first byte that is in the way.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(data, error) from None
    del text
    # An ASCII file, which `isascii` finds out at once, cannot hold any of these.
    if b"\x00" in data or (not data.isascii() and any(char in data for char in _DISPUTED)):
        raise _forbidden(data)
    for start in range(0, len(data) - _WINDOW, _WINDOW):
        if data.find(b"\n", start, start + _WINDOW) < 0:
            longest = max(data.split(b"\n"), key=len)
            if len(longest) >> COLUMN_BITS:
                line = data.count(b"\n", 0, data.index(longest))
                raise FileRefused(
                    f"this line is longer than {(1 << COLUMN_BITS) - 1:,} bytes",
                    pack(line, 0),
                    "break it into lines",
                )
            break


def open_events(data: bytes, *, pure: bool = False) -> GetEvent:
    """Return a function that returns the next event of `data` each time it is called.

    `pure` asks for the parser written in Python. Call `check_text` first.

    Raises:
        Refused: the text cannot even be begun. Later calls raise `yaml.YAMLError`;
            `refusal` turns it into a `FileRefused`.
    """
    try:
        if pure or _CParser is None:
            return _guarded(yaml.BaseLoader(data))
        get: GetEvent = _CParser(data).get_event
    except yaml.YAMLError as error:
        raise refusal(error, data) from None
    return get


def _guarded(parser: Any) -> GetEvent:
    """Return the next event of PyYAML's own parser; refuse the escapes that libyaml refuses."""

    def get() -> Event:
        try:
            event: Event = parser.get_event()
        except (ValueError, OverflowError):
            raise bad_escape(_place(parser.get_mark())) from None
        if isinstance(event, ScalarEvent) and _SURROGATE.search(event.value):
            raise bad_escape(_place(event.start_mark))
        return event

    return get


def too_deep(place: int) -> FileRefused:
    """Refuse a collection at `place`, around which there are `DEPTH_LIMIT` others."""
    return FileRefused(
        f"nested more than {DEPTH_LIMIT} levels deep",
        place,
        "name the parents instead: `parents: [Name]`",
    )


def _hidden_depth(data: bytes, end: int) -> FileRefused | None:
    """Refuse nesting beyond the limit in what was scanned, up to character `end`, but not reported.

    A flow collection may turn out to be a key, so parsers scan ahead of their events (up to 1,024
    characters), and may refuse what they see there by limits of their own. The events give the
    depth up to the last of them; from there on brackets are counted.
    """
    depth = start = 0
    try:
        for event in yaml.parse(data, Loader=_CParser or yaml.BaseLoader):
            depth += isinstance(event, CollectionStartEvent)
            depth -= isinstance(event, CollectionEndEvent)
            mark: Any = event.end_mark
            start = mark.index
    except (yaml.YAMLError, ValueError, OverflowError):
        pass
    text = data.decode("utf-8")
    for bracket in re.compile(_BRACKETS).finditer(text, start, end):
        if bracket.group() in "[{":
            if depth >= DEPTH_LIMIT:
                lines = _BREAK.split(text[: bracket.start()])
                return too_deep(pack(len(lines) - 1, len(lines[-1])))
            depth += 1
        elif bracket.group() in "]}":
            depth -= 1
    return None


def refusal(error: yaml.YAMLError, data: bytes) -> FileRefused:
    """Translate a parser's error into a message for people, at the place to look at."""
    if isinstance(error, yaml.reader.ReaderError):
        return _forbidden(data)
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return FileRefused(f"this is not valid YAML: {error}", 0)
    deep = _hidden_depth(data, error.problem_mark.index)
    if deep is not None:
        return deep
    lines = _BREAK.split(data.decode("utf-8"))
    return explain(_place(error.problem_mark), _place(error.context_mark), lines)


def _place(mark: Any) -> Any:
    return mark and (mark.line, mark.column)


def _forbidden(data: bytes) -> FileRefused:
    """Refuse the first character that may not stand in a manifest."""
    text = data.decode("utf-8")
    found = re.search(_FORBIDDEN, text)
    if found is None:  # pragma: no cover - the parsers refuse nothing else
        return FileRefused("a character that YAML does not allow", 0)
    before = _BREAK.split(text[: found.start()])
    place = pack(len(before) - 1, min(len(before[-1]), (1 << COLUMN_BITS) - 1))
    code = ord(found.group())
    if not code:
        return FileRefused(
            "a NUL byte: this is not a text file", place, "manifests are UTF-8 text files"
        )
    escape = f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}"
    return FileRefused(
        f"the character U+{code:04X} must not stand in YAML as it is",
        place,
        f'remove it, or write it in double quotes as "{escape}"',
    )


def _not_utf8(data: bytes, error: UnicodeDecodeError) -> FileRefused:
    before = data[: error.start].decode("utf-8")
    lines = _BREAK.split(before)
    place = pack(len(lines) - 1, min(len(lines[-1]), (1 << COLUMN_BITS) - 1))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return FileRefused("not UTF-8: this looks like UTF-16", place, "save the file as UTF-8")
    return FileRefused(
        f"not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}",
        place,
        "save the file as UTF-8",
    )
