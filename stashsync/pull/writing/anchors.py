"""Anchors whose node goes while aliases of it stay: the first of those takes the value over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stashsync.manifest.nodes import Node
from stashsync.pull.writing.blocks import CHILDREN
from stashsync.pull.writing.brackets import entries_in_brackets, in_brackets
from stashsync.pull.writing.comments import MERGE
from stashsync.pull.writing.edits import TextEdits
from stashsync.pull.writing.outline import Outline


def pass_on(edits: TextEdits, going: Node) -> bool:
    """Let aliases outside of a node have the values whose anchors are in it; tell if any do.

    A mapping is passed on to merge keys alone, without the name and the children of its item.
    """
    aliases = {node.anchor: node for node in reversed(_aliases(edits.outline, going))}
    passed = False
    for node in nodes_in(going):
        alias = aliases.pop(node.anchor, None) if node.type != "alias" else None
        if alias is None:
            continue
        passed = True
        if node.type == "map":
            entries = entries_in_brackets(edits.text, node, ("name", CHILDREN))
            value = f"{{{', '.join(entries)}}}"
        else:
            value = in_brackets(edits.text, replace(node, start=node.content))
        edits.replace(alias.start, alias.end, f"&{node.anchor} {value}")
        for inner in nodes_in(node):  # anchors in what was passed on
            later = aliases.get(inner.anchor)
            if later and later.start > alias.start and f"&{inner.anchor} " in value:
                del aliases[inner.anchor]
    return passed


def _aliases(outline: Outline, going: Node) -> list[Node]:
    """Return the aliases below a node that goes, up to where an anchor is set again, in order."""
    merged = {
        id(inner)
        for node in outline.nodes()
        for key, value in node.entries
        if key.value == MERGE
        for inner in (value, *value.items)
    }
    after = [node for node in outline.nodes() if node.start >= going.end and node.anchor]
    found, again = [], set[str | None]()
    for node in sorted(after, key=lambda node: node.start):
        if node.type != "alias":
            again.add(node.anchor)
        elif node.anchor not in again:
            found.append(node)
    maps = {node.anchor for node in nodes_in(going) if node.type == "map"}
    return [node for node in found if node.anchor not in maps or id(node) in merged]


def is_dangling(outline: Outline) -> bool:
    """Whether an alias has no anchor above it."""
    known = set[str | None]()
    for node in sorted(outline.nodes(), key=lambda node: node.start):
        if node.type == "alias" and node.anchor not in known:
            return True
        known.add(node.anchor)
    return False


def nodes_in(node: Node) -> Iterator[Node]:
    """Yield a node and everything in it, in written order."""
    yield node
    for inner in node.items:
        yield from nodes_in(inner)
    for key, value in node.entries:
        yield from nodes_in(key)
        yield from nodes_in(value)
