"""Hierarchies in the language of Graphviz: `stashsync graph --format dot | dot -Tpdf`."""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.render.hierarchy import Forest
from stashsync.render.safe import inert

_LOOKS = {
    "": "",
    "+": ', color="#176b33", fillcolor="#dff5e5"',
    "-": ', color="#b3202c", fillcolor="#fce3e4", style="filled,rounded,dashed"',
    "⇒": ', color="#6b34b8", fillcolor="#ece2fb", style="filled,rounded,dashed"',
    "→": ', color="#0b6580", fillcolor="#dff1f7"',
    "⤷": ', color="#0b6580", fillcolor="#dff1f7"',
    "~": ', color="#855200", fillcolor="#fdf0d8"',
}


def dot_graph(forests: Sequence[Forest]) -> str:
    """One digraph; each forest is a cluster. Ends in a newline."""
    lines = [
        "digraph stashsync {",
        "  rankdir=LR;",
        '  node [shape=box, style="filled,rounded", fillcolor="#ffffff", fontname="sans-serif"];',
    ]
    for number, forest in enumerate(forests):
        ids = {token: f"n{number}_{at}" for at, token in enumerate(forest.names)}
        lines += [f"  subgraph cluster_{number} {{", f"    label={_string(forest.title)};"]
        for token, name in forest.names.items():
            lines.append(f"    {ids[token]} [label={_string(name)}{_LOOKS[forest.sign(token)]}];")
        for token, parents in forest.parents.items():
            lines += [f"    {ids[parent]} -> {ids[token]};" for parent in parents if parent in ids]
        lines.append("  }")
    return "\n".join([*lines, "}"]) + "\n"


def _string(text: str) -> str:
    r"""Return a quoted string; backslashes double, as Graphviz replaces `\N` by the node's name."""
    shown = inert(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{shown}"'
