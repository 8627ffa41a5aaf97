"""Hierarchies as data of the HTML page: names once, and who is below whom by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stashsync.kinds import KINDS
from stashsync.render.lineage import Lineage, children, roots
from stashsync.render.safe import inert


def tree_data(lineage: Lineage) -> dict[str, Any]:
    """Both sides of one kind: `{"title", "sides": [before, after]}`."""
    before = {token: one.before for token, one in lineage.objects.items() if one.before is not None}
    after = {token: one.after for token, one in lineage.objects.items() if one.after is not None}
    signs = {token: one.sign for token, one in lineage.objects.items()}
    return {
        "title": KINDS[lineage.kind].plural,
        "sides": [
            side_data("Before", before, lineage.before, signs),
            side_data("After", after, lineage.after, signs),
        ],
    }


def side_data(
    title: str,
    names: Mapping[str, str],
    parents: Mapping[str, Sequence[str]],
    signs: Mapping[str, str],
) -> dict[str, Any]:
    """One forest: `nodes[i]` is [name, sign, numbers of the nodes below it]."""
    below = children(names, parents)
    number = {token: index for index, token in enumerate(names)}
    return {
        "title": title,
        "nodes": [
            [inert(name), signs.get(token, ""), [number[one] for one in below.get(token, ())]]
            for token, name in names.items()
        ],
        "roots": [number[token] for token in roots(names, parents)],
    }
