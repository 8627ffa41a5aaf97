"""Staleness of a saved plan, checked before it is carried out."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from stashsync.engine import reconcile
from stashsync.errors import StalePlanError
from stashsync.planner import Plan
from stashsync.planner.saved import dump, load
from stashsync.sandbox import Sandbox
from tests.support.libraries import fill
from tests.support.projects import write_project
from tests.support.servers import plan_for, reader_of


def check(plan: Plan, sandbox: Sandbox) -> None:
    """Check the plan as it was saved against the library as it is."""

    async def run() -> None:
        async with reader_of(sandbox) as client:
            await reconcile.check_fresh(load(dump(plan)), client)

    asyncio.run(run())


def test_a_scene_that_came_to_a_tag_that_goes_makes_the_plan_stale(tmp_path: Path) -> None:
    """The delete was approved for what the plan showed; one scene less is no reason to stop."""
    with Sandbox() as sandbox:
        fill(sandbox, {"tags": [{"name": "Lens"}], "scenes": [{"title": "One"}]}, tmp_path)
        wanted = {"tags": [{"name": "Lens", "state": "absent"}]}
        plan = plan_for(write_project(tmp_path, wanted), sandbox)
        check(plan, sandbox)
        sandbox.library.mutate("sceneUpdate", {"input": {"id": "1", "tag_ids": ["1"]}})
        with pytest.raises(StalePlanError) as stale:
            check(plan, sandbox)
        (problem,) = stale.value.problems
        assert problem.message.endswith("is used more now (scene: 1, was 0)")
        used = plan_for(tmp_path, sandbox)
        sandbox.library.mutate("sceneUpdate", {"input": {"id": "1", "tag_ids": []}})
        check(used, sandbox)
        sandbox.library.mutate("tagDestroy", {"input": {"id": "1"}})
        check(used, sandbox)


def test_a_scene_that_came_to_a_merged_studio_makes_the_plan_stale(tmp_path: Path) -> None:
    """It would lose its studio: the plan moves only the content that it knows."""
    with Sandbox() as sandbox:
        have = {
            "studios": [{"name": "Aerial"}, {"name": "Aerial Films"}],
            "scenes": [{"title": "One", "studio": "Aerial Films"}],
        }
        fill(sandbox, have, tmp_path)
        wanted = {"studios": [{"name": "Aerial", "merge": ["Aerial Films"]}]}
        plan = plan_for(write_project(tmp_path, wanted), sandbox)
        check(plan, sandbox)
        sandbox.library.mutate("sceneCreate", {"input": {"title": "Two", "studio_id": "2"}})
        with pytest.raises(StalePlanError) as stale:
            check(plan, sandbox)
        assert "what belongs to those merged into studio" in stale.value.problems[0].message
