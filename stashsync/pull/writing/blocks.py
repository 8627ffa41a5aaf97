"""Items in block style: one key a line, lists in brackets while they fit.

The content of an item is a name, or a mapping from keys to plain values (text, `Word`, numbers,
flags, None, lists, mappings) in the order in which they are to be written; `children` is a list of
such contents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from stashsync.pull.writing.scalars import LONGEST_KEY, inline, text_scalar

Content: TypeAlias = str | dict[str, Any]

CHILDREN: Final = "children"
"""The key of nested items."""
SCHEMA_FILE: Final = "stashsync.schema.json"
WIDTH: Final = 100
STEP: Final = 2


def name_of(content: Content) -> str:
    """Return the name in the content of an item."""
    return content if isinstance(content, str) else str(content["name"])


def shortest(content: Content) -> Content:
    """Return the name alone where there is nothing else."""
    return name_of(content) if len(content) == 1 else content


def section_text(section: str, contents: Iterable[Content], path: str) -> str:
    """Return the text of a new file at `path` (below the project) with one section."""
    up = "../" * path.count("/")
    lines = [f"# yaml-language-server: $schema={up}{SCHEMA_FILE}", f"{section}:"]
    for content in contents:
        lines += item_lines(content, STEP)
    return "\n".join(lines) + "\n"


def item_lines(content: Content, indent: int) -> Iterator[str]:
    """Yield the lines of an item of a block list whose dashes are at column `indent` (from 0)."""
    pad = " " * indent
    if isinstance(content, str):
        yield f"{pad}- {text_scalar(content, indent=indent)}"
        return
    first = True
    for key, value in content.items():
        of = _children_lines if key == CHILDREN else entry_lines
        for line in of(key, value, indent + STEP):
            yield f"{pad}- {line[indent + STEP :]}" if first else line
            first = False


def _children_lines(key: str, items: Iterable[Content], indent: int) -> Iterator[str]:
    yield f"{' ' * indent}{key}:"
    for item in items:
        yield from item_lines(item, indent + STEP)


def entry_lines(key: str, value: Any, indent: int) -> Iterator[str]:
    """Yield the lines of a key of a block mapping at column `indent`, and its value."""
    pad = " " * indent
    name = text_scalar(key, indent=indent)
    if len(name) > LONGEST_KEY:
        yield f"{pad}? {name}"
        yield f"{pad}: {inline(value, indent=indent)}"
    elif isinstance(value, Mapping) and value and not value.keys() <= {"add", "remove"}:
        yield f"{pad}{name}:"
        for inner, each in value.items():
            yield from entry_lines(inner, each, indent + STEP)
    elif isinstance(value, str) and "\n" in value and fits_block(value):
        yield f"{pad}{name}: |-"
        for line in value.split("\n"):
            yield f"{pad}  {line}" if line else ""
    else:
        line = f"{pad}{name}: {inline(value, indent=indent)}"
        if isinstance(value, list) and value and len(line) > WIDTH:
            yield f"{pad}{name}:"
            for each in value:
                yield f"{pad}  - {inline(each, indent=indent + STEP)}"
        else:
            yield line


def fits_block(text: str) -> bool:
    """Whether a literal block gives exactly this text and shows all of it."""
    lines = text.split("\n")
    return (
        all(line.isprintable() and not line.endswith(" ") for line in lines)
        and bool(lines[0])
        and not lines[0].startswith(" ")
        and bool(lines[-1])
    )
