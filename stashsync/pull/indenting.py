"""The lines of an item, made to fit the place that it is put to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from stashsync.manifest.nodes import Node
from stashsync.pull.writing.blocks import CHILDREN, STEP
from stashsync.pull.writing.brackets import in_brackets, name_as_value, name_in_brackets
from stashsync.pull.writing.comments import comment_spans
from stashsync.pull.writing.edits import ManualStepError
from stashsync.pull.writing.outline import ItemNode, Outline
from stashsync.pull.writing.splice import Splicer
from stashsync.pull.writing.unfolding import can_unfold, unfold, unfold_item

_CLOSED: Final = re.compile(r"^\.\.\.(?=\s|\Z)", re.MULTILINE)
"""The end of a document."""


def shifted(line: str, column: int) -> str:
    """Return a line that many columns further left, as far as it has spaces there."""
    return line[min(column, len(line) - len(line.lstrip(" "))) :]


def indented(lines: Sequence[str], indent: int) -> list[str]:
    """Return lines that many spaces further right; empty ones stay empty."""
    pad = " " * indent
    return [pad + line if line.strip() else line for line in lines]


def append_items(splicer: Splicer, around: Node, items: Node, lines: Sequence[str]) -> None:
    """Append the lines of items to a list, or to nothing; it is a value of the mapping `around`.

    Raises:
        ManualStepError: it is written elsewhere, or their comments do not fit into brackets.
    """
    if items.is_null:
        _begin_list(splicer, around, items, lines)
    elif items.type != "list":
        raise ManualStepError("the list that it goes to is written elsewhere")
    elif not items.flow:
        _, behind = splicer.outline.extent(items, len(items.items) - 1)
        splicer.insert_lines(behind, indented(lines, items.indent))
    elif not around.flow and (not items.items or wants_lines(lines)):
        unfold(splicer, around, items, lines)
    elif not items.items:
        splicer.clear_brackets(items, flow_items(lines))
    else:
        splicer.append_flow(items, flow_items(lines))


def _begin_list(splicer: Splicer, around: Node, old: Node, lines: Sequence[str]) -> None:
    """Write items in place of null, or of a value that is not there."""
    if around.flow:
        splicer.put_value(around, old, f"[{flow_items(lines)}]")
        return
    below = indented(lines, around.indent + STEP)
    if splicer.outline.lines.colon(around.key_of(old)) is None:  # `? key` alone
        below.insert(0, f"{' ' * around.indent}:")
    else:
        splicer.replace(len(splicer.text[: old.content].rstrip(" ")), old.end, "")
    splicer.insert_lines(splicer.outline.last_line(old) + 1, below)


def add_section(splicer: Splicer, name: str, lines: Sequence[str]) -> None:
    """Add a section with items at the end of a text, in the style of its last document.

    Another document begins where the last one is closed.
    """
    outline = splicer.outline
    root = outline.roots[-1] if outline.roots else None
    if root is not None and root.flow and not has_comments(lines):
        splicer.add_in_braces(root, f"{name}: [{flow_items(lines)}]")
        return
    is_open = root is None or (root.type == "map" and not root.flow) or root.start == root.end
    body = [f"{name}:", *indented(lines, STEP)]
    if not is_open or (root is not None and _CLOSED.search(outline.text, root.end)):
        body.insert(0, "---")
    elif root is not None:
        body = indented(body, root.indent)
        if outline.text.splitlines()[-1].startswith(f"{' ' * root.indent}#"):
            body.insert(0, "")  # the comment goes on to belong to what is above it
    splicer.insert_lines(len(outline.lines), body)


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


def is_in_blocks(item: ItemNode) -> bool:
    """Whether an item and what is nested in it are written in block style, here."""
    node = item.node
    children = node.get(CHILDREN)
    in_block = children is None or (children.type == "list" and not children.flow)
    return in_block and node.type != "alias" and not (node.flow or item.container.flow)


def insert_items(splicer: Splicer, item: ItemNode, lines: Sequence[str]) -> None:
    """Put items at the end of the children of another.

    Raises:
        ManualStepError: it, or its children, are written elsewhere.
    """
    node, flow = item.node, item.node.flow or item.container.flow
    children = node.get(CHILDREN)
    if node.type == "alias":
        raise ManualStepError("the new parent is written by way of an alias")
    if node.type == "map" and children is None:
        splicer.leave_if_shared(node)  # what merges its values is to have no children of it
    if children is not None:
        append_items(splicer, node, children, lines)
    elif node.type == "scalar" and flow:
        name = name_in_brackets(splicer.text, node)
        nested = f"{{name: {name}, {CHILDREN}: [{flow_items(lines)}]}}"
        splicer.replace(node.start, node.end, nested)
    elif node.flow and (has_comments(lines) or (wants_lines(lines) and can_unfold(item))):
        unfold_item(splicer, item, [f"{CHILDREN}:", *indented(lines, STEP)])
    elif node.flow:
        text = f"{CHILDREN}: [{flow_items(lines)}]"
        splicer.add_in_braces(node, text)
    else:
        if node.type == "scalar":
            splicer.replace(node.start, node.end, f"name: {name_as_value(splicer.text, node)}")
        head = f"{' ' * node.indent}{CHILDREN}:"
        splicer.insert_below(item, [head, *indented(lines, node.indent + STEP)])
