"""Anchors whose node goes while aliases of it stay: the first of those takes the value over."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from stashsync.manifest.nodes import Node
from stashsync.pull.writing.blocks import CHILDREN
from stashsync.pull.writing.brackets import entries_in_brackets, in_brackets
from stashsync.pull.writing.comments import MERGE
from stashsync.pull.writing.edits import TextEdits
from stashsync.pull.writing.outline import Outline, nodes_in


def pass_on(edits: TextEdits, going: Node) -> bool:
    """Let aliases outside of a node have the values whose anchors are in it; tell if any do.

    A mapping is passed on to merge keys alone, without the name and the children of its item.
    """
    return _pass_on(edits, going, nodes_in(going))


def take_over(edits: TextEdits, node: Node) -> None:
    """Write what aliases in a node stand for in their place, if that is outside of it."""
    inside = {id(inner) for inner in nodes_in(node)}
    for alias, meant in edits.outline.aliases:
        if id(alias) in inside and meant is not None and id(meant) not in inside:
            edits.replace(alias.start, alias.end, _value(edits.text, meant))


def drop_anchor(edits: TextEdits, node: Node) -> None:
    """Let the aliases of a node have its value as it is; the node loses its anchor.

    What other edits replace has no part in that.
    """
    _pass_on(edits, node, [node])
    if edits.covers(node.start):
        return
    text, anchor = edits.text, f"&{node.anchor}"
    start = text.index(anchor, node.start)
    end = start + len(anchor)
    end += len(text[end:]) - len(text[end:].lstrip(" \t"))
    if text[end : end + 1] in ("", "\n", "\r"):
        start = len(text[:start].rstrip(" "))
    edits.replace(start, end, "")


def _pass_on(edits: TextEdits, going: Node, nodes: Iterable[Node]) -> bool:
    outside = _aliases_outside(edits.outline, going)
    aliases = {
        id(meant): alias for alias, meant in reversed(outside) if not edits.covers(alias.start)
    }
    passed = False
    for node in nodes:
        alias = aliases.pop(id(node), None)
        if alias is None:
            continue
        passed = True
        value = _value(edits.text, node)
        edits.replace(alias.start, alias.end, f"&{node.anchor} {value}")
        for inner in nodes_in(node):  # anchors in what was passed on
            later = aliases.get(id(inner))
            if later and later.start > alias.start and f"&{inner.anchor} " in value:
                del aliases[id(inner)]
    return passed


def _value(text: str, node: Node) -> str:
    """Return what an alias of a node stands for; of an item without its name and its children."""
    if node.type != "map":
        return in_brackets(text, replace(node, start=node.content))
    return f"{{{', '.join(entries_in_brackets(text, node, ('name', CHILDREN)))}}}"


def _aliases_outside(outline: Outline, going: Node) -> list[tuple[Node, Node]]:
    """Return aliases outside of a node that goes and what they stand for in it, in order."""
    merged = {
        id(inner)
        for node in outline.nodes()
        for key, value in node.entries
        if key.value == MERGE
        for inner in (value, *value.items)
    }
    inside = {id(node) for node in nodes_in(going)}
    return [
        (alias, meant)
        for alias, meant in outline.aliases
        if meant is not None and id(meant) in inside and id(alias) not in inside
        if meant.type != "map" or id(alias) in merged
    ]


def is_dangling(outline: Outline) -> bool:
    """Whether an alias has no anchor above it."""
    return any(meant is None for _, meant in outline.aliases)
