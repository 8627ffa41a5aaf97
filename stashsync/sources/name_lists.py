"""Plain text: a name or a path a line; what is indented further is below.

Four objects, two of which have a parent:

    Camera
      Wide shot
    Travel > Drone
"""

from __future__ import annotations

from stashsync.fields import Wrong
from stashsync.fields.names import trim
from stashsync.kinds import KINDS
from stashsync.sources.candidates import parsed
from stashsync.sources.found import FoundObject
from stashsync.sources.paths import objects_of, path_of
from stashsync.sources.texts import SourceText


def read_names(source: SourceText, kind: str, separator: str = ">") -> list[FoundObject]:
    """Return the objects that a text names.

    Raises:
        SourceError: with every fault.
    """
    found: list[FoundObject] = []
    around: list[tuple[str, str]] = []  # what is open: the white space before it, and its name
    start = 0
    for line in source.text.split("\n"):
        text = trim(line)
        indent = line[: len(line) - len(line.lstrip())] if text else ""
        at, start = start + len(indent), start + len(line) + 1
        if not text:
            continue
        try:
            _leave_deeper(around, indent)
            path = path_of(kind, text, separator)
            parsed(KINDS[kind].fields["name"], path[-1])
            above = around[-1][1] if around else None
            found += objects_of(kind, path, {}, source.place(at), above)
        except Wrong as wrong:
            source.faults(wrong, at)
            continue
        around.append((indent, path[-1]))
    if not found and not source.problems:
        source.fault("there is no name in this file", 0)
    source.raise_problems()
    return found


def _leave_deeper(around: list[tuple[str, str]], indent: str) -> None:
    """Keep those that a line with this white space is below.

    Raises:
        Wrong: it is not clear which those are.
    """
    was_deeper = False
    while around and len(around[-1][0]) > len(indent):
        around.pop()
        was_deeper = True
    left = around[-1][0] if around else None
    if left == indent:
        around.pop()
    elif was_deeper:
        raise Wrong(
            "no line above begins at this column", "begin it below a line that it belongs to"
        )
    elif left is not None and not indent.startswith(left):
        raise Wrong("tabs and spaces are mixed here", "indent with one of the two")
