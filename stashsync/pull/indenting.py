"""The lines of an item, made to fit the place that it is put to."""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.manifest.nodes import Node
from stashsync.pull.writing.blocks import STEP
from stashsync.pull.writing.outline import Outline, Spot
from stashsync.pull.writing.scalars import inline
from stashsync.pull.writing.splice import Hand, Splicer, flow_text


def shifted(line: str, column: int) -> str:
    """A line that much further left, as far as nothing but spaces is lost."""
    return line[min(column, len(line) - len(line.lstrip(" "))) :]


def indented(lines: Sequence[str], indent: int) -> list[str]:
    """Lines that many spaces further right; empty ones stay empty."""
    pad = " " * indent
    return [pad + line if line.strip() else line for line in lines]


def flow_items(lines: Sequence[str]) -> list[str]:
    """Items as they can stand in brackets.

    Raises:
        Hand: their comments cannot.
    """
    if any(line.lstrip().startswith("#") or " #" in line for line in lines):
        raise Hand("its comments do not fit into brackets")
    text = "\n".join(["tags:", *indented(lines, STEP)]) + "\n"
    return [_in_brackets(text, spot.node) for spot in Outline(text).spots if spot.parent is None]


def _in_brackets(text: str, node: Node) -> str:
    """A node as it is written, as far as brackets allow."""
    head = text[node.start : node.content]
    if node.type == "map" and not node.flow:
        parts = [f"{text[k.start : k.end]}: {_in_brackets(text, one)}" for k, one in node.entries]
        return head + "{" + ", ".join(parts) + "}"
    if node.type == "list" and not node.flow:
        return head + "[" + ", ".join(_in_brackets(text, one) for one in node.items) + "]"
    if node.type == "scalar" and (node.style in ("|", ">") or "\n" in text[node.start : node.end]):
        return head + inline(node.value, flow=True)
    if node.type == "scalar" and not node.style:
        return head + (flow_text(text[node.content : node.end], node.value) if node.value else "")
    return text[node.start : node.end]


def paste_flow(splicer: Splicer, spot: Spot, lines: Sequence[str]) -> None:
    """Put items at the end of the children of an item in brackets.

    Raises:
        Hand: their comments do not fit.
    """
    text = ", ".join(flow_items(lines))
    children = spot.node.get("children")
    if children is None:
        end = spot.node.entries[-1][1].end
        splicer.replace(end, end, f", children: [{text}]")
    else:
        splicer.replace(children.items[-1].end, children.items[-1].end, f", {text}")
