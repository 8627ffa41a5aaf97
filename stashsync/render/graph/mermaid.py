"""Hierarchies as a Mermaid flowchart, which GitHub and many wikis draw."""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.render.hierarchy import Forest
from stashsync.render.safe import inert

_CLASSES = {
    "+": ("new", "fill:#dff5e5,stroke:#176b33,color:#0d4420"),
    "-": ("destroyed", "fill:#fce3e4,stroke:#b3202c,color:#7a1019,stroke-dasharray:4"),
    "⇒": ("merged", "fill:#ece2fb,stroke:#6b34b8,color:#43207a,stroke-dasharray:4"),
    "→": ("renamed", "fill:#dff1f7,stroke:#0b6580,color:#083f50"),
    "⤷": ("moved", "fill:#dff1f7,stroke:#0b6580,color:#083f50"),
    "~": ("changed", "fill:#fdf0d8,stroke:#855200,color:#5a3800"),
}
_PLAIN = frozenset(" .,!?-_()+/áàâäéèêëíïóöúüçñß")


def mermaid_graph(forests: Sequence[Forest]) -> str:
    """Return one chart with a subgraph for each forest, ending in a newline."""
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
