"""One value on one line: plain where every reader of YAML reads that very text.

Our loader reads text as written, so `No` would need no quotes. Other tools and people do need them:
what YAML 1.1 or 1.2 reads as another type is quoted. Characters that are invisible or forbidden
(controls, U+0085, a hard space, direction marks) are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from stashsync.fields.raw import CONSTANTS, Word

_INDICATORS: Final = frozenset("-?:,[]{}#&*!|>'\"%@`=<~ ")
"""What no plain text begins with here; YAML itself allows more."""
_SPECIAL: Final = re.compile(r": |:\Z| #| \Z|\A(?:---|\.\.\.)")
_IN_FLOW: Final = re.compile(r"[,\[\]{}]|:(?=[,\[\]{}\"'])")
_OTHER_TYPES: Final = re.compile(
    r"""(?ix)
      y | n | yes | no | on | off | true | false | null | ~
    | [-+]? (?: \d[\d_]* (?: \.[\d_]* )? | \.[\d_]+ ) (?: e[-+]?\d+ )?
    | 0x[\da-f_]+ | 0o?[0-7_]+ | 0b[01_]+
    | [-+]? \d[\d_]* (?: :[0-5]?\d )+ (?: \.\d* )?
    | [-+]? \. (?: inf | nan )
    | \d{4}-\d\d?-\d\d? (?: [t\s].* )?
    """
)
"""What some reader of YAML reads as null, a flag, a number, a time or a date."""
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_LONGEST: Final = 20_000
"""Characters of a double-quoted text on one line: a line holds at most 2**20 bytes."""
LONGEST_KEY: Final = 1000
"""Characters of a key that needs no `?` before it (YAML's limit is 1024)."""


def is_plain(text: str, *, flow: bool = False) -> bool:
    """Whether `text` can stand without quotes and is text for every reader."""
    if not text or text[0] in _INDICATORS or not text.isprintable():
        return False
    if _SPECIAL.search(text) or _OTHER_TYPES.fullmatch(text):
        return False
    return not (flow and _IN_FLOW.search(text))


def fits_brackets(text: str) -> bool:
    """Whether a text that is written plain can stand so in brackets, too."""
    return not _IN_FLOW.search(text)


def single(text: str) -> str:
    """Return `text` in single quotes; it is printable and has no line break."""
    return "'" + text.replace("'", "''") + "'"


def double(text: str, indent: int = 0) -> str:
    """Return `text` in double quotes; very long ones continue on lines at column `indent`."""
    if len(text) <= _LONGEST:
        return f'"{_escaped(text)}"'
    pieces = [_escaped(text[at : at + _LONGEST]) for at in range(0, len(text), _LONGEST)]
    # A line that ends in \ goes on with the next one; a space there has to be escaped.
    joined = pieces[0]
    for piece in pieces[1:]:
        joined += "\\\n" + " " * (indent + 1) + ("\\" if piece.startswith(" ") else "") + piece
    return f'"{joined}"'


def _escaped(text: str) -> str:
    if text.isprintable():
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(
        _ESCAPES.get(char) or (char if char.isprintable() else _code(ord(char))) for char in text
    )


def _code(code: int) -> str:
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def text_scalar(text: str, *, flow: bool = False, style: str = "", indent: int = 0) -> str:
    """Return `text` so that it is read as that text, in `style` (`'` or `"`) if possible."""
    if style == '"':
        return double(text, indent)
    if not text.isprintable() or len(text) > _LONGEST:
        return double(text, indent)
    if style == "'" or not is_plain(text, flow=flow):
        return single(text)
    return text


def inline(value: Any, *, flow: bool = False, style: str = "", indent: int = 0) -> str:
    """Return any value on one line; `flow` means inside of brackets or braces."""
    if isinstance(value, Word):
        return str(value)
    if isinstance(value, str):
        return text_scalar(value, flow=flow, style=style, indent=indent)
    if value is None or isinstance(value, bool):
        return CONSTANTS[value]
    if isinstance(value, Mapping):
        parts = [f"{_flow_key(key)}: {inline(inner, flow=True)}" for key, inner in value.items()]
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(member, flow=True) for member in value) + "]"
    return repr(value)


def _flow_key(key: str) -> str:
    """Return a key in braces; one that is too long for a plain key gets its `?`."""
    text = text_scalar(key, flow=True)
    return text if len(text) <= LONGEST_KEY else f"? {text} "
