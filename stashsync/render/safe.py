"""Text from a server or a manifest, made inert: it can be read and cannot do anything.

What a terminal would obey or hide is shown as an escape: control characters (C0, DEL, C1), and
with them every ANSI and OSC sequence; marks that reorder text (bidi overrides, embeddings,
isolates, marks); line and paragraph separators; characters without width; odd spaces; private and
unassigned characters; lone surrogates; and what CI runners obey in a log. Everything else stays
exact, emoji with joiners and the joiners that Persian or Hindi words need included.
"""

from __future__ import annotations

import re
from typing import Final

_NAMED: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED_IN_QUOTES: Final = str.maketrans({"\\": "\\\\", '"': '\\"'})

_JOINERS: Final = "\u200c\u200d"
_FLAG: Final = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")
"""A flag of a region: a black flag and letters that have no shape of their own."""
_NEWER_EMOJI: Final = range(0x1F000, 0x1FB00)
"""Where emoji are added that this Python's Unicode tables may not know yet."""
_BLANK: Final = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u034f\u180b\u180c\u180d")
"""Counted as letters and marks by Unicode, and drawn as nothing."""
_BLANKS: Final = re.compile(f"[{''.join(sorted(_BLANK))}]")
_LOG_COMMAND: Final = re.compile(r"##(?=\[|vso\[)")
"""What runners of CI jobs obey wherever it stands in a log; `::` they obey where a line begins."""
_RIGHT_TO_LEFT: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def inert(text: str) -> str:
    r"""Return `text` on one line; what a terminal would obey is an escape (`\x1b`, `\n`)."""
    if "##" in text:
        text = _LOG_COMMAND.sub(r"#\\x23", text)
    if text.isprintable() and (text.isascii() or not _BLANKS.search(text)):
        return text
    return _escape(text)


def quoted(text: str) -> str:
    """Return `text` in double quotes, with quotes and backslashes in it escaped."""
    if '"' in text or "\\" in text:
        text = text.translate(_ESCAPED_IN_QUOTES)
    return f'"{inert(text)}"'


def lines(text: str) -> list[str]:
    r"""Return `text` cut at its newlines, each line inert. Only `\n` begins a new line."""
    return [line(part) for part in text.split("\n")]


def line(text: str) -> str:
    """Return `text` inert, for a place with nothing but blanks before it."""
    found = inert(text)
    if "::" in found and found.lstrip().startswith("::"):
        return found.replace("::", "\\x3a:", 1)
    return found


def turns_right_to_left(text: str) -> bool:
    """Whether `text` has letters that a terminal may set from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def escape(char: str) -> str:
    r"""Return the escape of one character: `\n`, `\x1b`, `\u202e`, `\U000e0001`."""
    if char in _NAMED:
        return _NAMED[char]
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _escape(text: str) -> str:
    flags = {
        index for found in _FLAG.finditer(text) for index in range(found.start() + 1, found.end())
    }
    return "".join(
        char if index in flags or _harmless(text, index) else escape(char)
        for index, char in enumerate(text)
    )


def _harmless(text: str, index: int) -> bool:
    char = text[index]
    if char in _BLANK:
        return False
    if char.isprintable():
        return True
    if char in _JOINERS:
        return 0 < index < len(text) - 1 and _joins(text[:index], char, text[index + 1])
    return ord(char) in _NEWER_EMOJI


def _joins(before: str, joiner: str, after: str) -> bool:
    """Whether a joiner stands where its script needs it (compare RFC 5892, appendix A)."""
    import unicodedata  # only rare texts come here

    left = before.rstrip("\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
    if joiner == "\u200d" and left and _is_emoji(left[-1]) and _is_emoji(after):
        return True
    if unicodedata.combining(before[-1]) == 9:  # a virama
        return True
    return (
        joiner == "\u200c"
        and unicodedata.bidirectional(before[-1]) == "AL"
        and unicodedata.bidirectional(after) == "AL"
    )


def _is_emoji(char: str) -> bool:
    code = ord(char)
    return 0x1F000 <= code < 0x1FB00 or 0x2190 <= code < 0x2C00
