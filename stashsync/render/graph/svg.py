"""Hierarchies as one SVG picture: a line for each object, indented below its parent.

Lines stand in columns, so that a large library has the shape of a page. Where a column begins
within a tree, what is above its first line is repeated.
Nothing outside is needed to draw or to show it. It follows the light or dark of its viewer.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from stashsync.render.graph.model import TreeRow, walk
from stashsync.render.hierarchy import SIGNS, Forest
from stashsync.render.safe import inert

LINE: Final = 24
"""The height of a line, in pixels; so are all that follow."""
INDENT: Final = 22
MARGIN: Final = 20
TITLE: Final = 34
GAP: Final = 18
CELL: Final = 7.6
"""About the width of a Latin letter in the font; wide ones count twice (`_cells`)."""
SHORTEST: Final = 40
"""Lines that a column may always have."""
SHAPE: Final = 2.8
"""Lines of a column, times the root of all lines: for a page that is wider than high."""
EARLY: Final = 0.8
"""The share of its lines from which a column ends rather than begin another large branch."""
NOTE: Final = 22
"""Letters that may stand behind a name: what a plan does to it, and where its branch is drawn."""
LONGEST: Final = 120
"""How many characters of a name are drawn."""

_CLASSES: Final = {"+": "new", "-": "gone", "⇒": "gone", "→": "moved", "⤷": "moved", "~": "other"}
_STYLE: Final = """\
:root{color-scheme:light dark}
.page{fill:#fff}.name{fill:#1b2027}.title{fill:#1b2027;font-weight:600;font-size:16px}
.dim{fill:#5a6472;font-size:12px}.edge{stroke:#c3cad4;fill:none;stroke-width:1.2}
.new{fill:#176b33}.gone{fill:#b3202c}.moved{fill:#0b6580}.other{fill:#855200}
text{font:14px system-ui,"Segoe UI","DejaVu Sans",sans-serif}
@media(prefers-color-scheme:dark){.page{fill:#0f1318}.name,.title{fill:#e3e8ef}.dim{fill:#98a3b3}
.edge{stroke:#3a4451}.new{fill:#62cf85}.gone{fill:#ff8088}.moved{fill:#5fc6e4}.other{fill:#e6b450}}
"""


def svg_graph(forests: Sequence[Forest]) -> str:
    """Return the picture, ending in a newline."""
    body: list[str] = []
    top, width = MARGIN, 240.0
    for forest in forests:
        body.append(_text(MARGIN, top + 16, "title", f"{forest.title} ({len(forest.names):,})"))
        top += TITLE
        left, longest = 0.0, 0
        for repeated, rows in _columns(list(walk(forest))):
            body += [f'<g transform="translate({left:.0f})">', *_edges(rows, top)]
            for index, row in enumerate(rows):
                body.append(_row(forest, row, top + index * LINE, repeated=index < repeated))
            body.append("</g>")
            left += max(_width(forest, row) for row in rows)
            longest = max(longest, len(rows))
        width = max(width, left)
        top += longest * LINE + GAP
    height = top - GAP + MARGIN if forests else 2 * MARGIN
    size = f'width="{width:.0f}" height="{height}" viewBox="0 0 {width:.0f} {height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    ground = '<rect class="page" width="100%" height="100%"/>'
    title = "<title>Hierarchies</title>"
    return "\n".join([head, title, f"<style>{_STYLE}</style>", ground, *body, "</svg>"]) + "\n"


def _columns(rows: Sequence[TreeRow]) -> Iterator[tuple[int, list[TreeRow]]]:
    """Yield the lines of each column, with the number of those at its begin that are repeated."""
    limit = max(SHORTEST, math.ceil(SHAPE * math.sqrt(len(rows))))
    above: list[TreeRow] = []
    repeated, column = 0, list[TreeRow]()
    for row in rows:
        del above[row.depth :]
        fresh = len(column) - repeated
        if fresh >= limit or (fresh >= limit * EARLY and row.depth <= 1):
            yield repeated, column
            repeated, column = len(above), [*above]
        column.append(row)
        above.append(row)
    if column:
        yield repeated, column


def _edges(rows: Sequence[TreeRow], top: int) -> Iterator[str]:
    """Yield a line from each object down to the last of its children, and one to each child."""
    middle = LINE // 2
    parent_at: list[int] = []
    last: dict[int, int] = {}
    for index, row in enumerate(rows):
        del parent_at[row.depth :]
        y = top + index * LINE + middle
        if row.depth:
            x = MARGIN + (row.depth - 1) * INDENT + 5
            yield f'<path class="edge" d="M{x} {y}h{INDENT - 9}"/>'
            last[parent_at[-1]] = index
        parent_at.append(index)
    for parent, index in last.items():
        x = MARGIN + rows[parent].depth * INDENT + 5
        start = top + parent * LINE + LINE - 3
        yield f'<path class="edge" d="M{x} {start}V{top + index * LINE + middle}"/>'


def _row(forest: Forest, row: TreeRow, top: int, *, repeated: bool) -> str:
    x, y = MARGIN + row.depth * INDENT, top + 17
    sign = forest.sign(row.token)
    more = "continued" if repeated else "see above" if row.again else ""
    note = ", ".join(filter(None, [SIGNS.get(sign, ""), more]))
    return _text(x, y, _CLASSES.get(sign, "name"), _shown(forest, row), note)


def _width(forest: Forest, row: TreeRow) -> float:
    return 2 * MARGIN + row.depth * INDENT + (_cells(_shown(forest, row)) + NOTE) * CELL


def _shown(forest: Forest, row: TreeRow) -> str:
    name = inert(forest.names[row.token])
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _cells(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _text(x: int, y: int, look: str, text: str, note: str = "") -> str:
    more = f'<tspan class="dim" dx="10">{escape(note)}</tspan>' if note else ""
    place = f'x="{x}" y="{y}" class="{look}" xml:space="preserve"'
    return f"<text {place}>{escape(text)}{more}</text>"
