"""Values as text for people: quoted, shortened, several lines as lines."""

from __future__ import annotations

from typing import Final

from stashsync.fields import Value
from stashsync.render.safe import inert, line, lines, quoted

CONSTANTS: Final = {None: "null", True: "true", False: "false"}
WIDTH: Final = 100
"""The longest text, in characters, that is shown whole on one line."""
CONTEXT: Final = 2
"""How many unchanged lines stand around a changed one."""
LINE_LIMIT: Final = 12
"""How many lines of a new text are shown."""
_DIFF_LIMIT: Final = 2000
"""Lines from which a text is shown as replaced: comparing takes quadratic time."""
_LEAD: Final = 30
"""How much of the common beginning stays in sight before a difference."""


def shown(value: Value, width: int = WIDTH) -> str:
    """Return a value on one line, long texts cut to about `width`; 0 cuts nothing."""
    if isinstance(value, str):
        if width and len(value) > width:
            return f"{quoted(value[: width - 10] + '…')} ({len(value):,} characters)"
        return quoted(value)
    if value is None or isinstance(value, bool):
        return CONSTANTS[value]
    if isinstance(value, list):
        return f"[{', '.join(shown(inner, width) for inner in value)}]"
    if isinstance(value, dict):
        parts = [f"{quoted(key)} = {shown(inner, width)}" for key, inner in value.items()]
        return f"{{{', '.join(parts)}}}"
    return inert(str(value))


def pair(before: Value, after: Value, width: int = WIDTH) -> tuple[str, str]:
    """Return two values on one line each; of long texts that begin alike, what differs."""
    if not (width and isinstance(before, str) and isinstance(after, str)):
        return shown(before, width), shown(after, width)
    if max(len(before), len(after)) <= width:
        return quoted(before), quoted(after)
    start = 0
    for old, new in zip(before, after, strict=False):
        if old != new:
            break
        start += 1
    cut = start - _LEAD
    if cut <= 0:
        return shown(before, width), shown(after, width)
    return shown("…" + before[cut:], width), shown("…" + after[cut:], width)


def image(value: Value) -> str:
    """Return where an image comes from."""
    if value is None:
        return "null"
    if "url" in value:
        return f"{shown(value['url'])} (fetched by the server, not compared)"
    if "file" in value:
        return f"file {quoted(value['file'])}"
    return "(the image on the server)"


def new_lines(text: str, limit: int = LINE_LIMIT) -> list[str]:
    """Return the lines of a new text, at most `limit`; 0 shows all."""
    found = lines(text)
    if not limit or len(found) <= limit:
        return found
    return [*found[: limit - 1], f"# ({len(found) - limit + 1:,} more lines hidden)"]


def changed_lines(before: str, after: str | None, *, full: bool = False) -> list[tuple[str, str]]:
    """Return the lines of a text, each with its sign: `-`, `+`, or a blank if it stays.

    Only what changed and `CONTEXT` lines around it, unless `full`.
    """
    old, new = before.split("\n"), [] if after is None else after.split("\n")
    if max(len(old), len(new)) > _DIFF_LIMIT:
        return [
            ("-", f"# ({len(old):,} lines)"),
            ("+", f"# ({len(new):,} lines)"),
        ]
    from difflib import SequenceMatcher  # only a change of several lines needs it

    matcher = SequenceMatcher(None, old, new, autojunk=False)
    found: list[tuple[str, str]] = []
    context = max(len(old), len(new)) if full else CONTEXT
    end = 0
    for block in matcher.get_grouped_opcodes(context):
        hidden = block[0][1] - end
        if hidden:
            found.append((" ", _unchanged(hidden)))
        for tag, a, b, c, d in block:
            if tag == "equal":
                found += [(" ", line(text)) for text in old[a:b]]
            else:
                found += [("-", inert(text)) for text in old[a:b]]
                found += [("+", inert(text)) for text in new[c:d]]
        end = block[-1][2]
    if end < len(old):
        found.append((" ", _unchanged(len(old) - end)))
    return found


def _unchanged(count: int) -> str:
    return f"# ({count:,} unchanged line{'' if count == 1 else 's'} hidden)"
