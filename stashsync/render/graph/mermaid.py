"""Hierarchies as a Mermaid flowchart, which GitHub and many wikis draw.

Mermaid refuses a chart that is too large, and a page cannot allow it more. What is larger becomes
several charts, as blocks of Markdown, each with whole trees or with branches below their top.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from stashsync.render.graph.model import walk
from stashsync.render.hierarchy import Forest
from stashsync.render.safe import inert

EDGES: Final = 500
"""The most edges of a chart: Mermaid's `maxEdges`, which only the page's owner can raise."""
TEXT: Final = 50_000
"""The most characters of a chart: `maxTextSize`."""

_CLASSES = {
    "+": ("new", "fill:#dff5e5,stroke:#176b33,color:#0d4420"),
    "-": ("destroyed", "fill:#fce3e4,stroke:#b3202c,color:#7a1019,stroke-dasharray:4"),
    "⇒": ("merged", "fill:#ece2fb,stroke:#6b34b8,color:#43207a,stroke-dasharray:4"),
    "→": ("renamed", "fill:#dff1f7,stroke:#0b6580,color:#083f50"),
    "⤷": ("moved", "fill:#dff1f7,stroke:#0b6580,color:#083f50"),
    "~": ("changed", "fill:#fdf0d8,stroke:#855200,color:#5a3800"),
}
_PLAIN = frozenset(" .,!?-_()+/áàâäéèêëíïóöúüçñß")


_LINE: Final = 40
"""About the characters of a line without its label."""
_FRAME: Final = 1_000
"""About those around the lines of a chart: its head, and how it is coloured."""


def mermaid_graph(forests: Sequence[Forest]) -> str:
    """Return one chart, or Markdown with several where one would be refused; ends in a newline."""
    if fits(forests):
        return _chart(forests)
    charts = [_chart([part]) for forest in forests for part in _parts(forest)]
    return "\n".join(f"```mermaid\n{chart}```\n" for chart in charts)


def fits(forests: Sequence[Forest]) -> bool:
    """Whether Mermaid draws these in one chart."""
    edges = sum(row.depth > 0 for forest in forests for row in walk(forest))
    return edges <= EDGES and len(_chart(forests)) <= TEXT


def _parts(forest: Forest) -> Iterator[Forest]:
    """Cut a forest, in the order in which its trees are drawn, into parts that fit."""
    part, edges, size = Forest(forest.kind, signs=forest.signs), 0, 0
    above: list[str] = []
    for row in walk(forest):
        del above[row.depth :]
        ends = [*above[-1:], row.token]
        above.append(row.token)
        if edges == EDGES or size + _weight(forest, part, ends) > TEXT - _FRAME:
            yield part
            part, edges, size = Forest(forest.kind, signs=forest.signs), 0, 0
        size += _weight(forest, part, ends)
        for token in ends:
            part.names[token] = forest.names[token]
        if row.depth:
            edges += 1
            part.parents[row.token] = [*part.parents.get(row.token, ()), ends[0]]
    yield part


def _weight(forest: Forest, part: Forest, ends: Sequence[str]) -> int:
    """Return about how many characters an edge with these ends adds to a chart."""
    fresh = [token for token in ends if token not in part.names]
    return _LINE * (1 + len(fresh)) + sum(len(_label(forest.names[token])) for token in fresh)


def _chart(forests: Sequence[Forest]) -> str:
    lines = ["flowchart LR"]
    used: set[str] = set()
    for number, forest in enumerate(forests):
        ids = {token: f"{forest.kind[0]}{number}_{at}" for at, token in enumerate(forest.names)}
        lines.append(f'  subgraph {forest.kind}_{number}["{forest.title}"]')
        for token, name in forest.names.items():
            sign = forest.sign(token)
            used.add(sign)
            styled = f":::{_CLASSES[sign][0]}" if sign else ""
            lines.append(f'    {ids[token]}["{_label(name)}"]{styled}')
        for token, parents in forest.parents.items():
            lines += [f"    {ids[parent]} --> {ids[token]}" for parent in parents if parent in ids]
        lines.append("  end")
    lines += [
        f"  classDef {name} {look}" for sign, (name, look) in _CLASSES.items() if sign in used
    ]
    return "\n".join(lines) + "\n"


def _label(text: str) -> str:
    """Return a text without syntax of Mermaid: what is not plain is written as a number."""
    return "".join(
        char if (char.isascii() and char.isalnum()) or char in _PLAIN else f"#{ord(char)};"
        for char in inert(text)
    )
