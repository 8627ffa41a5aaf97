"""The hierarchies of a library, drawn: of the manifests or of the server, changes marked.

model     forests from a state and, if there is one, a plan; the walk that trees are drawn by
tree      text        mermaid   for Markdown        dot   for Graphviz
svg       a picture   html      a page to fold and unfold
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from stashsync.render.graph.dot import dot_graph
from stashsync.render.graph.html import html_graph
from stashsync.render.graph.mermaid import mermaid_graph
from stashsync.render.graph.svg import svg_graph
from stashsync.render.graph.tree import tree_graph
from stashsync.render.hierarchy import Forest

__all__ = ["FORMATS", "Forest", "tree_graph"]

FORMATS: Final[Mapping[str, Callable[[Sequence[Forest]], str]]] = {
    "tree": tree_graph,
    "mermaid": mermaid_graph,
    "dot": dot_graph,
    "svg": svg_graph,
    "html": html_graph,
}
"""What draws forests, by the name of the format; each gives a whole file."""
