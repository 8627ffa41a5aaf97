"""Every story of `cases/`, and the demo, taken back: the library is the one before it.

Source: docs/planning-rules.md#undo
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from stashsync.errors import Problems
from stashsync.render.text import plan_text
from stashsync.sandbox import Sandbox
from tests.support.bearers import everything
from tests.support.libraries import fill
from tests.support.servers import plan_for
from tests.support.undoing import execute, undo_plan, warnings
from tests.test_cases import CASES, PICTURE, STORIES

NOT_TAKEN_BACK = {"wildcards_step_aside": "for a pattern, and it matches"}
"""What the undo of an undo lists: what stepped aside once is left alone."""


@pytest.mark.parametrize("story", STORIES)
def test_a_story_is_taken_back(story: str, tmp_path: Path) -> None:
    """Undo gives the library before it, and undo of that the one after it."""
    root = tmp_path / "project"
    shutil.copytree(CASES / story, root)
    library: dict[str, Any] = yaml.safe_load((root / "library.yaml").read_text("utf-8")) or {}
    options = {"lenient": library.get("lenient", False), "prune": library.get("prune", ())}
    with Sandbox(release=library.get("release", "0.30.1"), fetch_image=lambda _: PICTURE) as server:
        fill(server, library, root)
        before = everything(server)
        try:
            plan = plan_for(root, server, **options)
        except Problems:
            return
        run = execute(plan, server, root)
        after = everything(server)
        back = undo_plan(run, server, root)
        undoing = execute(back, server, root)
        assert warnings(back) == []
        assert everything(server) == before, plan_text(back)
        forth = undo_plan(undoing, server, root)
        if story in NOT_TAKEN_BACK:
            assert all(NOT_TAKEN_BACK[story] in each for each in warnings(forth))
            return
        assert warnings(forth) == []
        execute(forth, server, root)
        assert everything(server) == after, plan_text(forth)


def test_the_demo_is_taken_back(tmp_path: Path) -> None:
    """The whole demo library goes again, images included."""
    root = tmp_path / "project"
    shutil.copytree(Path(__file__).parents[1] / "manifests", root / "manifests")
    with Sandbox() as server:
        run = execute(plan_for(root, server), server, root)
        assert everything(server)["tags"]
        back = undo_plan(run, server, root)
        assert warnings(back) == []
        execute(back, server, root)
        assert everything(server) == {}
