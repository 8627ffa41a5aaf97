"""Hierarchies as a page to fold and unfold: that of the reports, without changes."""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.render.hierarchy import Forest
from stashsync.render.html import page, tree_data


def html_graph(forests: Sequence[Forest]) -> str:
    """Return the whole page."""
    counts = [f"{len(forest.names):,} {forest.title}" for forest in forests]
    summary = ", ".join(counts) or "There is nothing in a hierarchy."
    return page(
        "Hierarchy", summary, trees=[tree_data(forest.title, {"": forest}) for forest in forests]
    )
