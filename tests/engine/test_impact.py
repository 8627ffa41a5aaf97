"""Counts of what a deletion takes with it, read for the deleted objects alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from stashsync.planner import Delete
from stashsync.render.text import plan_text
from stashsync.sandbox import Sandbox
from tests.support.libraries import fill
from tests.support.projects import write_project
from tests.support.servers import plan_for

LIBRARY = {
    "tags": [
        {"name": "Old"},
        {"name": "Rust", "parents": ["Old"]},
        {"name": "Scrap", "parents": ["Old"]},
    ],
    "studios": [
        {"name": "Big", "tags": ["Old"]},
        {"name": "Small", "parent": "Big"},
        {"name": "Tiny", "parent": "Big"},
    ],
    "performers": [{"name": "Ada Example", "tags": ["Old"]}],
}


@pytest.mark.parametrize("release", ["0.27.2", "0.30.1", "develop"])
def test_what_refers_to_a_deleted_object_and_what_is_below_it_is_counted(
    release: str, tmp_path: Path
) -> None:
    """Tags have a count of their children, studios a list; what the plan moves away is not lost."""
    root = write_project(
        tmp_path,
        {
            "tags": [{"name": "Old", "state": "absent"}, {"name": "Rust", "parents": []}],
            "studios": [{"name": "Big", "state": "absent"}],
        },
    )
    with Sandbox(release=release) as server:
        fill(server, LIBRARY, root)
        plan = plan_for(root, server)
    going = {change.kind: change.impact for change in plan.changes if change.action == "delete"}
    assert going == {"tag": {"child": 2, "performer": 1, "studio": 1}, "studio": {"child": 2}}
    text = plan_text(plan)
    assert "# (used by 1 performer, 1 studio)\n  # (1 child loses this parent)" in text
    assert "# (2 children lose this parent)" in text


@pytest.mark.parametrize("release", ["0.27.2", "0.30.1", "develop"])
def test_children_that_go_with_their_parent_are_not_lost(release: str, tmp_path: Path) -> None:
    """A whole branch is deleted, or merged away: nothing is left to lose a parent."""
    wanted = {
        "tags": [
            {"name": "Old", "state": "absent"},
            {"name": "Rust", "state": "absent"},
            {"name": "Iron", "merge": ["Scrap"]},
        ],
        "studios": [
            {"name": "Big", "state": "absent"},
            {"name": "Small", "state": "absent"},
        ],
    }
    root = write_project(tmp_path, wanted)
    with Sandbox(release=release) as server:
        fill(server, {**LIBRARY, "tags": [*LIBRARY["tags"], {"name": "Iron"}]}, root)
        plan = plan_for(root, server)
    going = {change.label: change.impact for change in plan.changes if change.action == "delete"}
    assert "child" not in going["Old"]
    assert going["Big"]["child"] == 1
    assert "children lose" not in plan_text(plan)


def test_only_a_tag_is_kept_by_markers(tmp_path: Path) -> None:
    """Other kinds count their ids too: a performer may have that of a primary tag."""
    wanted = {
        "tags": [{"name": "Rust", "state": "absent"}],
        "studios": [{"name": "Big", "state": "absent"}],
        "performers": [{"name": "Ada Example", "state": "absent"}],
    }
    root = write_project(tmp_path, wanted)
    with Sandbox() as server:
        fill(server, LIBRARY, root)
        scene = server.library.mutate("sceneCreate", {"input": {"title": "One"}})
        marker = {"title": "It begins", "seconds": 1, "scene_id": str(scene["id"])}
        marker |= {"primary_tag_id": "1", "tag_ids": ["2"]}
        server.library.mutate("sceneMarkerCreate", {"input": marker})
        plan = plan_for(root, server)
    removed = [(change.kind, change.id) for change in plan.changes if isinstance(change, Delete)]
    assert removed == [("tag", "2"), ("studio", "1"), ("performer", "1")]
