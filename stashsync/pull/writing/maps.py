"""Edits within maps of any depth: whatever reads the same keeps its text, its place and its style.

{value: "true", modifier: EQUALS}   ──▶   {value: "false", modifier: EQUALS}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stashsync.fields import Json, Quoted, Raw, RawList, RawMap, Wrong
from stashsync.fields.plain_json import json_of, same_json
from stashsync.fields.raw import NULLS, Word
from stashsync.manifest.nodes import Node
from stashsync.pull.writing.comments import MERGE
from stashsync.pull.writing.edits import REMOVED, ManualStepError
from stashsync.pull.writing.scalars import inline
from stashsync.pull.writing.splice import Splicer

_ELSEWHERE: Final = object()
"""What a node reads as that is written elsewhere: it is equal to nothing."""


def set_keys(
    splicer: Splicer,
    around: Node,
    name: str,
    changed: Mapping[str, Any],
    renamed: Mapping[str, str],
) -> None:
    """Change keys of the mapping under a key; None is null, `REMOVED` takes one out.

    `renamed` has new texts of the members of lists within it, by their old ones.

    Raises:
        ManualStepError: the mapping is written elsewhere.
    """
    node = around.get(name)
    assert node is not None
    after = {key: value for key, value in changed.items() if value is not REMOVED}
    if (node.type == "scalar" and (node.value in NULLS or not node.value)) or (
        node.type == "map" and not are_kept(node, changed)
    ):
        splicer.set_value(around, node, after or None)
    elif node.type == "map":
        _change_entries(splicer, node, changed, renamed)
    else:
        raise ManualStepError(f"`{name}` is written elsewhere")


def are_kept(node: Node, changed: Mapping[str, Any]) -> bool:
    """Whether a mapping has entries that stay."""
    return any(changed.get(key.value) is not REMOVED for key, _ in node.entries)


def _change_entries(
    splicer: Splicer, node: Node, changed: Mapping[str, Any], renamed: Mapping[str, str]
) -> None:
    kept, gone = list[int](), list[int]()
    for position, (key, value) in enumerate(node.entries):
        new = changed.get(key.value, _ELSEWHERE)
        (gone if new is REMOVED else kept).append(position)
        if new is not REMOVED and new is not _ELSEWHERE:
            _set(splicer, node, value, new, renamed)
    known = {key.value for key, _ in node.entries}
    added = {name: new for name, new in changed.items() if new is not REMOVED and name not in known}
    if not node.flow:
        for position in gone:
            splicer.remove_entry(node, node.entries[position][0].value)
        for name, new in added.items():
            splicer.add_entry(node, name, new)
    elif gone or added:
        texts = [Word(inline({name: new})[1:-1]) for name, new in added.items()]
        splicer.set_flow_members(splicer.outline.as_list(node), kept, texts)


def _set(
    splicer: Splicer, around: Node, old: Node, value: Json, renamed: Mapping[str, str]
) -> None:
    """Let a value of the mapping `around` read as `value`."""
    if isinstance(value, dict) and _can_change(splicer, old, value):
        _change_entries(splicer, old, _difference(old, value), renamed)
    elif not (isinstance(value, list) and _change_list(splicer, around, old, value, renamed)):
        splicer.set_value(around, old, value, exact=True)


def _difference(node: Node, value: Mapping[str, Any]) -> dict[str, Any]:
    """Return what becomes of the keys of a mapping that do not read as `value` has them."""
    before = {key.value: _json(inner) for key, inner in node.entries}
    gone = {key: REMOVED for key in before if key not in value}
    return gone | {
        key: new for key, new in value.items() if not same_json(before.get(key, _ELSEWHERE), new)
    }


def _can_change(splicer: Splicer, node: Node, value: Mapping[str, Any]) -> bool:
    """Whether a mapping can be changed entry by entry."""
    keys = [key.value for key, _ in node.entries]
    if node.type != "map" or MERGE in keys or value.keys().isdisjoint(keys):
        return False
    # In front of the first key may be a dash: what goes there must not touch another edit.
    first = node.entries[0][0]
    begins_behind = splicer.outline.is_behind(splicer.outline.lines.of(first.begin), first.column)
    return node.flow or not begins_behind or value.keys() >= set(keys[:2])


def _change_list(
    splicer: Splicer, around: Node, old: Node, value: list[Json], renamed: Mapping[str, str]
) -> bool:
    """Change members of a list, if the others can stay as they are; tell if so."""
    if old.type != "list" or not old.items or not value:
        return False
    members = [_json(member) for member in old.items]
    if all(isinstance(member, str) for member in [*members, *value]):
        name = next(key.value for key, node in around.entries if node is old)
        splicer.set_members(around, name, value, renamed)
        return True
    pairs = list(zip(old.items, members, value, strict=False))
    differing = [(item, new) for item, member, new in pairs if not same_json(member, new)]
    if len(members) == len(value) and all(
        isinstance(new, dict) and _can_change(splicer, item, new) for item, new in differing
    ):
        for item, new in differing:
            _change_entries(splicer, item, _difference(item, new), renamed)
        return True
    after = [renamed.get(each, each) if isinstance(each, str) else each for each in members]
    left, kept = list(value), list[int]()
    for index, member in enumerate(after):
        place = next((at for at, new in enumerate(left) if same_json(member, new)), None)
        if place is not None:
            left.pop(place)
            kept.append(index)
    stay: list[Json] = [after[index] for index in kept]
    # Objects that no name means may come last: the order of objects does not count.
    value = [each for each in value if each not in left or not _is_object(each)]
    if not kept or not same_json([*stay, *(new for new in left if new in value)], value):
        return False
    for index in kept:
        new = after[index]
        if isinstance(new, str):
            splicer.change_member(old, old.items[index], new)
    if old.flow:
        splicer.set_flow_members(old, kept, [Word(inline(new, flow=True)) for new in left])
    else:
        splicer.set_members_by_line(old, kept, [splicer.member_line(old, new) for new in left])
    return True


def _is_object(value: Json) -> bool:
    """Whether a member of a list is an object that no name means."""
    return isinstance(value, dict) and value.keys() == {"id", "label"}


def _json(node: Node) -> Json:
    """Return what a node is read as in a map."""
    try:
        return json_of(_raw(node))
    except (Wrong, ManualStepError):
        return _ELSEWHERE


def _raw(node: Node) -> Raw:
    if node.type == "alias":
        raise ManualStepError("it is written elsewhere")
    if node.type == "list":
        return RawList(map(_raw, node.items))
    if node.type == "map":
        return RawMap((key.value, _raw(value)) for key, value in node.entries)
    return Quoted(node.value) if node.style else node.value
