"""Write what one item accepts, at the nodes where its values are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from stashsync.fields import JsonMap, Value, is_members
from stashsync.fields.names import fold, trim
from stashsync.kinds import KINDS
from stashsync.manifest.nodes import Node
from stashsync.pull.differences import AcceptedChange, ListChange
from stashsync.pull.writing.blocks import CHILDREN, entry_lines
from stashsync.pull.writing.brackets import name_as_value, name_in_brackets
from stashsync.pull.writing.edits import REMOVED, ManualStepError
from stashsync.pull.writing.maps import are_kept, set_keys
from stashsync.pull.writing.outline import ItemNode, Outline, nodes_in
from stashsync.pull.writing.scalars import inline
from stashsync.pull.writing.splice import Splicer


def accept(splicer: Splicer, item: ItemNode, change: AcceptedChange) -> None:
    """Write what an item accepts; of the parents of one that moves, only which are lost.

    Raises:
        ManualStepError: a value is written elsewhere.
    """
    if change.apart:
        for node in shared_in(splicer.outline, item.node, change.fields):
            splicer.leave(node)
    # The parents of an item that moves are written once its new place is known.
    moving = change.hierarchy if change.move is not None else None
    new = {name: value for name, value in change.values.items() if name != moving}
    if item.node.type == "scalar" and new:
        expand(splicer, item, {"name": change.name or trim(item.node.value), **new})
    elif change.name is not None:
        splicer.set_name(item, change.name)
    if item.node.type == "scalar":
        return
    # What is added within a value goes before keys that are added below it.
    names = [*new, *change.lists, *change.maps]
    for name in sorted(names, key=lambda name: item.node.get(name) is None):
        if name in new:
            splicer.set_field(item, name, new[name])
        elif name in change.lists:
            old = change.desired.values.get(name)
            members = change.lists[name]
            accept_list(splicer, item.node, name, members, old, moves=name == moving)
        else:
            _accept_map(splicer, item, change, name, change.maps[name])


def shared_in(outline: Outline, item: Node, fields: Iterable[str]) -> list[Node]:
    """Return what others share of an item by an anchor: itself, and what is in these fields."""
    values = [value for key, value in item.entries if key.value in fields]
    nodes = chain([item], *map(nodes_in, values))
    return [node for node in nodes if outline.is_shared(node)]


def _accept_map(
    splicer: Splicer, item: ItemNode, change: AcceptedChange, name: str, changed: Mapping[str, Any]
) -> None:
    """Write what changes in a map; one that comes from elsewhere is written whole."""
    node, meaning = item.node.get(name), KINDS[change.desired.kind].fields[name].meaning
    if name in change.whole:
        whole = change.whole[name] or None
        if node is None or node.type != "map" or not are_kept(node, changed):
            splicer.set_field(item, name, whole)
            return
        if isinstance(meaning, JsonMap):
            changed = _in_form(meaning, node, changed)
    elif node is None:  # a merge key brings it
        assert change.observed is not None
        written = meaning.written(change.observed.values[name])
        keys = {**(change.desired.values[name] or {}), **changed}
        values = {key: written.get(key) for key in keys}
        splicer.add_entry(item.node, name, values, before=CHILDREN)
        return
    set_keys(splicer, item.node, name, changed, change.renamed.get(name, {}))


def _in_form(meaning: JsonMap, node: Node, changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return entries in the form that they are written in: in full, or in short."""

    def is_full(name: str) -> bool:
        written = node.get(name)
        return written is not None and written.type == "map"

    return {
        name: value if value is REMOVED or is_full(name) else meaning.shortest(name, value)
        for name, value in changed.items()
    }


def accept_list(
    splicer: Splicer, item: Node, name: str, members: ListChange, old: Value, *, moves: bool
) -> None:
    """Write what changes in the list under a key; of parents that move, only which are lost.

    A list that comes from elsewhere, by an alias or a merge key, is written here as it is to be;
    `old` is its value.

    Raises:
        ManualStepError: a member is written elsewhere.
    """
    node = item.get(name)
    if node is None and moves:
        return
    if node is None:
        splicer.add_entry(item, name, _changed(old, members), before=CHILDREN)
        return
    if node.type == "alias":
        splicer.set_value(item, node, _changed(old, members))
        return
    if members.whole is not None:
        whole, around = members.whole, item
        parts = {name: whole}
        if is_members(whole):  # a list alone may be the members that are owned
            parts = whole if node.type == "map" else {name: whole["add"]}
            around = node if node.type == "map" else item
        for part, wanted in parts.items():
            if around.get(part) is not None:
                _set_members(splicer, around, part, members, wanted)
    elif node.type == "map":
        for part, gone in (("add", members.drop), ("remove", members.allow)):
            if node.get(part) is not None:
                _change_members(splicer, node, part, members, gone, [])
    else:
        added = [] if moves else members.add
        _change_members(splicer, item, name, members, members.drop, added)


def _changed(old: Value, members: ListChange) -> Any:
    """Return the value of a list, or of what is owned of one, with what changes in it."""
    if members.whole is not None:
        return members.whole
    if is_members(old):
        parts = (("add", members.drop), ("remove", members.allow))
        return {name: _members_after(old[name], members, gone) for name, gone in parts if old[name]}
    return _members_after(old or (), members, members.drop, members.add)


def _members_after(
    texts: Iterable[str], members: ListChange, gone: set[str], added: Iterable[str] = ()
) -> list[str]:
    """Return members renamed, without those that are `gone`, and with others at the end."""
    fix = fold if members.names else str
    kept = [members.renamed.get(fix(text), text) for text in texts if fix(text) not in gone]
    present = {fix(text) for text in kept}
    return [*kept, *(text for text in added if fix(text) not in present)]


def _change_members(
    splicer: Splicer,
    around: Node,
    name: str,
    members: ListChange,
    gone: set[str],
    added: Sequence[str],
) -> None:
    """Rename members of the list under a key, drop those that are `gone`, and add others."""
    node = around.get(name)
    assert node is not None
    if node.type != "list":
        if added:
            splicer.set_value(around, node, list(added))
        return
    written = [splicer.named_by(member, members.part) for member in node.items]
    if any(member.type != "scalar" for member in written):
        raise ManualStepError(f"members of `{name}` are written elsewhere")
    texts = [trim(member.value) for member in written]
    wanted = _members_after(texts, members, gone, added)
    if wanted != texts:
        _set_members(splicer, around, name, members, wanted)


def _set_members(
    splicer: Splicer, around: Node, name: str, members: ListChange, wanted: Sequence[Any]
) -> None:
    """Set the members of the list under a key, some of them with new names."""
    fix = fold if members.names else str
    node = around.get(name)
    assert node is not None
    named = [splicer.named_by(member, members.part) for member in node.items]
    texts = [trim(member.value) for member in named if member.type == "scalar"]
    renamed = {text: members.renamed[fix(text)] for text in texts if fix(text) in members.renamed}
    splicer.set_members(around, name, wanted, renamed, members.part)


def expand(splicer: Splicer, item: ItemNode, values: Mapping[str, Any]) -> None:
    """Turn a bare name into a mapping with these values, the name first."""
    node, container = item.node, item.container
    text = ""
    if trim(node.value) != values["name"]:
        head = splicer.text[node.start : node.content]
        text = head + inline(values["name"], flow=container.flow)
    if container.flow:
        parts = [
            f"{key}: {inline(value, flow=True)}" for key, value in values.items() if key != "name"
        ]
        shown = text or name_in_brackets(splicer.text, node)
        whole = f"{{{', '.join([f'name: {shown}', *parts])}}}"
        splicer.replace(node.start, node.end, whole if parts else shown)
        return
    splicer.replace(node.start, node.end, f"name: {text or name_as_value(splicer.text, node)}")
    further = {key: value for key, value in values.items() if key != "name"}
    lines = [line for key in further for line in entry_lines(key, further[key], node.column)]
    if lines:
        splicer.insert_below(item, lines)
