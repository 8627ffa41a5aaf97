"""Hierarchies as a page to fold and unfold: that of the reports, without changes."""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.render.graph.model import Forest
from stashsync.render.html import page
from stashsync.render.html_trees import side_data


def html_graph(forests: Sequence[Forest]) -> str:
    """The whole page."""
    counts = [f"{len(one.names):,} {one.title}" for one in forests]
    return page(
        {
            "title": "Hierarchy",
            "summary": ", ".join(counts) or "There is nothing in a hierarchy.",
            "facts": [],
            "totals": [],
            "notes": [],
            "changes": [],
            "trees": [
                {"title": one.title, "sides": [side_data("", one.names, one.parents, one.signs)]}
                for one in forests
            ],
        }
    )
