"""Hierarchies as text, as `tree` draws folders."""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.render.graph.model import TreeRow, walk
from stashsync.render.hierarchy import SIGNS, Forest
from stashsync.render.safe import line
from stashsync.render.style import PLAIN, Style


def tree_graph(forests: Sequence[Forest], style: Style = PLAIN) -> str:
    """Every forest under its title; ends in a newline."""
    colours = {"+": style.create, "-": style.destroy, "~": style.update}
    parts = []
    for forest in forests:
        title = f"{style.bold}{forest.title} ({len(forest.names):,}){style.reset}"
        rows = [_line(forest, row, colours, style) for row in walk(forest)]
        parts.append("\n".join([title, *rows]))
    return "\n\n".join(parts) + "\n" if parts else ""


def _line(forest: Forest, row: TreeRow, colours: dict[str, str], style: Style) -> str:
    lead = "".join("    " if end else "│   " for end in row.ends[:-1])
    branch = "└── " if row.ends[-1] else "├── "
    name, sign = line(forest.names[row.token]), forest.sign(row.token)
    if sign:
        name = f"{colours.get(sign, style.rename)}{sign} {name}{style.reset} ({SIGNS[sign]})"
    return f"{lead}{branch}{name}{' … see above' if row.again else ''}"
