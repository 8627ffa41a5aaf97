"""Nodes as they can stand in brackets and braces, and names as values of a key."""

from __future__ import annotations

import re
from typing import Final

from msgspec.structs import replace

from stashsync.fields.names import trim
from stashsync.manifest.nodes import Node
from stashsync.pull.writing.blocks import STEP
from stashsync.pull.writing.scalars import fits_brackets, inline

_DIGIT: Final = re.compile(r"(?<=[|>])([-+]?)\d")
"""The indentation that the sign of a block scalar states, relative to what is around it."""


def in_brackets(text: str, node: Node) -> str:
    """Return a node as it is written, as far as brackets allow; comments are left out."""
    head, written = text[node.start : node.content], text[node.content : node.end]
    if node.type == "alias" or (node.flow and "\n" not in written) or not written:
        return head + written
    head = f"{head.split()[0]} " if head.strip() else ""
    if node.type == "map":
        return f"{head}{{{', '.join(entries_in_brackets(text, node))}}}"
    if node.type == "list":
        return f"{head}[{', '.join(in_brackets(text, inner) for inner in node.items)}]"
    if node.style in ("|", ">") or "\n" in written:
        return head + inline(node.value, flow=True)
    plain = not node.style and not fits_brackets(written)
    return head + (inline(node.value, flow=True) if plain else written)


def entries_in_brackets(text: str, mapping: Node, without: tuple[str, ...] = ()) -> list[str]:
    """Return the entries of a mapping as they can stand in braces, but for some keys."""
    return [
        f"{text[key.start : key.end]}: {in_brackets(text, value)}"
        for key, value in mapping.entries
        if key.value not in without
    ]


def name_in_brackets(text: str, node: Node) -> str:
    """Return a name as it can stand in brackets, with its anchor."""
    return in_brackets(text, replace(node, value=trim(node.value)))


def name_as_value(text: str, node: Node) -> str:
    """Return a bare name of a block list as the value of a key that begins where the name does.

    Further lines are indented further than that key.
    """
    first, *rest = text[node.start : node.end].split("\n")
    margins = [len(line) - len(line.lstrip(" ")) for line in rest if line.strip()]
    pad = " " * (node.column + STEP - min(margins, default=0))
    if node.style in ("|", ">"):
        first = _DIGIT.sub(r"\1", first, count=1)
    return "\n".join([first, *(pad + line if line.strip() else line for line in rest)])
