"""Nodes as they can stand in brackets and braces."""

from __future__ import annotations

from stashsync.manifest.nodes import Node
from stashsync.pull.writing.scalars import fits_brackets, inline


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
    return head + (written if node.style else flow_text(written, node.value))


def entries_in_brackets(text: str, mapping: Node, without: tuple[str, ...] = ()) -> list[str]:
    """Return the entries of a mapping as they can stand in braces, but for some keys."""
    return [
        f"{text[key.start : key.end]}: {in_brackets(text, value)}"
        for key, value in mapping.entries
        if key.value not in without
    ]


def flow_text(text: str, value: str) -> str:
    """Return the text of a name as it can stand in brackets."""
    plain = not text.startswith(("'", '"'))
    return inline(value, flow=True) if plain and not fits_brackets(text) else text
