"""The lines of an item, made to fit the place that it is put to."""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.manifest.nodes import Node
from stashsync.pull.writing.blocks import STEP
from stashsync.pull.writing.brackets import in_brackets
from stashsync.pull.writing.comments import comment_spans
from stashsync.pull.writing.edits import ManualStepError
from stashsync.pull.writing.outline import Outline
from stashsync.pull.writing.splice import Splicer
from stashsync.pull.writing.unfolding import unfold


def shifted(line: str, column: int) -> str:
    """Return a line that many columns further left, as far as it has spaces there."""
    return line[min(column, len(line) - len(line.lstrip(" "))) :]


def indented(lines: Sequence[str], indent: int) -> list[str]:
    """Return lines that many spaces further right; empty ones stay empty."""
    pad = " " * indent
    return [pad + line if line.strip() else line for line in lines]


def append_items(splicer: Splicer, around: Node, items: Node, lines: Sequence[str]) -> None:
    """Append the lines of items to a list that has some; it is a value of the mapping `around`.

    Raises:
        ManualStepError: it is written elsewhere, or their comments do not fit into brackets.
    """
    if items.type != "list":
        raise ManualStepError("the list that it goes to is written elsewhere")
    if not items.flow:
        _, behind = splicer.outline.extent(items, len(items.items) - 1)
        splicer.insert_lines(behind, indented(lines, items.indent))
    elif wants_lines(lines) and not around.flow:
        unfold(splicer, around, items, lines)
    else:
        splicer.append_flow(items, flow_items(lines))


def has_comments(lines: Sequence[str]) -> bool:
    """Whether there are comments among the lines of items."""
    return any(True for _ in comment_spans(_outline_of_items(lines)))


def wants_lines(lines: Sequence[str]) -> bool:
    """Whether items cannot stand in brackets as they are: comments, or items that nest others."""
    nested = (item for item in _outline_of_items(lines).items if item.parent is not None)
    return has_comments(lines) or any(
        item.node.type == "map" and not item.node.flow for item in nested
    )


def _outline_of_items(lines: Sequence[str]) -> Outline:
    return Outline("\n".join(["tags:", *indented(lines, STEP)]) + "\n")


def flow_items(lines: Sequence[str]) -> str:
    """Return items as they can stand in brackets, separated by commas.

    Raises:
        ManualStepError: their comments cannot.
    """
    if has_comments(lines):
        raise ManualStepError("its comments do not fit into brackets")
    outline = _outline_of_items(lines)
    outer = [item.node for item in outline.items if item.parent is None]
    return ", ".join(in_brackets(outline.text, node) for node in outer)
