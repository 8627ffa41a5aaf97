"""What one item takes over, at the nodes where its values are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stashsync.fields.names import fold, trim
from stashsync.kinds import KINDS
from stashsync.pull.differences import Members, Taking
from stashsync.pull.writing.blocks import item_lines
from stashsync.pull.writing.outline import Spot
from stashsync.pull.writing.scalars import inline
from stashsync.pull.writing.splice import Hand, Splicer, flow_text


def take(splicer: Splicer, spot: Spot, taking: Taking) -> None:
    """Write what an item takes over; of the parents of one that moves, only who leaves.

    Raises:
        Hand: something of it is written elsewhere.
    """
    # What becomes of the parents of an item that moves is written once its new place is known.
    moving = _hierarchy(taking) if taking.move is not None else None
    new = {name: value for name, value in taking.values.items() if name != moving}
    if spot.node.type == "scalar":
        if new:
            expand(splicer, spot, {"name": taking.name or trim(spot.node.value), **new})
        elif taking.name is not None:
            splicer.set_name(spot, taking.name)
        return
    if taking.name is not None:
        splicer.set_name(spot, taking.name)
    for name, value in new.items():
        splicer.set_field(spot, name, value)
    for name, members in taking.lists.items():
        _take_list(splicer, spot, name, members, moves=name == moving)
    for name, changed in taking.maps.items():
        if spot.node.get(name) is None:
            spec = KINDS[taking.desired.kind].fields[name]
            whole = spec.meaning.written(taking.observed.values[name])
            said = taking.desired.values[name] or {}
            values = {key: whole.get(key) for key in {**said, **changed}}
            splicer.add_entry(spot.node, name, values, before="children")
        else:
            splicer.set_keys(spot.node, name, changed)


def _hierarchy(taking: Taking) -> str:
    spec = KINDS[taking.desired.kind].hierarchy
    return spec.name if spec is not None else ""


def _take_list(splicer: Splicer, spot: Spot, name: str, members: Members, *, moves: bool) -> None:
    node = spot.node.get(name)
    if node is None or node.type == "alias":
        if moves and node is None:
            return
        raise Hand(f"`{name}` is written elsewhere")
    if members.whole is not None:
        splicer.set_members(spot.node, name, members.whole, {})
        return
    if node.type == "map":
        for part, gone in (("add", members.drop), ("remove", members.allow)):
            if node.get(part) is not None:
                _narrow(splicer, node, part, gone, [], members)
        return
    _narrow(splicer, spot.node, name, members.drop, [] if moves else members.add, members)


def _narrow(
    splicer: Splicer,
    around: Any,
    name: str,
    gone: set[str],
    added: Sequence[str],
    members: Members,
) -> None:
    """The list under a key without some members and with others."""
    node = around.get(name)
    if node.type != "list":
        if added:
            splicer.set_value(around, node, list(added))
        return
    if any(one.type != "scalar" for one in node.items):
        raise Hand(f"members of `{name}` are written elsewhere")
    fix = fold if members.folded else str
    texts = [trim(one.value) for one in node.items]
    renamed = {one: members.renamed[fix(one)] for one in texts if fix(one) in members.renamed}
    kept = [renamed.get(one, one) for one in texts if fix(one) not in gone]
    here = {fix(one) for one in kept}
    wanted = [*kept, *(one for one in added if fix(one) not in here)]
    if wanted != texts:
        splicer.set_members(around, name, wanted, renamed)


def expand(splicer: Splicer, spot: Spot, values: Mapping[str, Any]) -> None:
    """Make a bare name a mapping with a name and more."""
    node = spot.node
    text = splicer.text[node.start : node.end]
    if trim(node.value) != values["name"]:
        text = inline(values["name"], flow=spot.home.flow)
    if spot.home.flow:
        rest = ", ".join(
            f"{name}: {inline(one, flow=True)}" for name, one in values.items() if name != "name"
        )
        shown = flow_text(text, values["name"])
        splicer.replace(node.start, node.end, f"{{name: {shown}, {rest}}}" if rest else shown)
        return
    lines = list(item_lines(dict(values), spot.home.column))
    splicer.replace(node.start, node.end, f"name: {text}")
    if len(lines) > 1:
        splicer.insert_lines(splicer.outline.last_line(node) + 1, lines[1:])
