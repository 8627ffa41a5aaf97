"""A run is taken back again, after an undo of its undo: whole, in part, or killed on the way.

Source: docs/undo.md
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from stashsync.applier.journal import Run
from stashsync.sandbox import Sandbox
from tests.applier.test_journal import cut_run
from tests.support.bearers import everything, fill, ids_of
from tests.support.undoing import RUNS, apply, edit, undo, undo_plan, warnings

MERGED: dict[str, Any] = {"tags": [{"name": "Gold", "merge": ["Film"]}]}
SINCE = "scenes keep their tags, which was changed since the run: 1 of them"


def killed(
    run: Run, server: Sandbox, root: Path, *later: Run, at: int, answered: bool = True
) -> Run | None:
    """Undo a run, one operation a document, until document `at`; None where there are fewer."""
    plan = undo_plan(run, server, root, *later)
    cut = cut_run(plan, server, root, at, answered=answered, folder=RUNS, max_batch=1)
    return None if cut is None else replace(cut, origin=replace(cut.origin, undoes=run.id))


@pytest.mark.parametrize(
    "wanted",
    [
        MERGED,
        {
            "tags": [{"name": "Film", "state": "absent"}],
            "studios": [{"name": "East", "state": "absent"}],
            "groups": [{"name": "First", "state": "absent"}],
        },
    ],
    ids=["merge", "delete"],
)
@pytest.mark.parametrize("at", range(8))
def test_an_undo_that_is_killed_after_a_redo_is_completed_by_the_next(
    at: int, wanted: dict[str, Any], tmp_path: Path
) -> None:
    """What the first undo gave back went with the redo."""
    scene = {"title": "Rain", "tags": ["Film", "Wide"], "studio": "East"}
    marker = {"title": "M", "seconds": 1, "scene": "Rain", "primary_tag": "Wide", "tags": ["Film"]}
    library: dict[str, Any] = {
        "tags": [{"name": "Film"}, {"name": "Gold"}, {"name": "Wide"}],
        "studios": [{"name": "East"}],
        "performers": [{"name": "Ada Example", "tags": ["Film"]}],
        "groups": [{"name": "First"}, {"name": "Second"}],
        "scenes": [{**scene, "groups": {"First": 0, "Second": 1}}],
        "markers": [marker],
    }
    with Sandbox() as server:
        fill(server, library, tmp_path)
        before = everything(server)
        run = apply(server, tmp_path, wanted)
        after = everything(server)
        first = undo(run, server, tmp_path)
        redone = undo(first, server, tmp_path)
        assert everything(server) == after
        cut = killed(run, server, tmp_path, first, redone, at=at)
        if cut is not None:
            assert not warnings(undo_plan(run, server, tmp_path, first, redone, cut))
            undo(run, server, tmp_path, first, redone, cut)
            assert everything(server) == before


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("at", range(4))
def test_a_redo_that_is_killed_is_taken_back(at: int, answered: bool, tmp_path: Path) -> None:
    """It takes an alias for a moment, and lets a marker refer to something else."""
    marker = {"title": "M", "seconds": 1, "scene": "Rain", "primary_tag": "Wide", "tags": ["Film"]}
    library: dict[str, Any] = {
        "tags": [{"name": "Film"}, {"name": "Gold"}, {"name": "Wide"}],
        "studios": [{"name": "East", "aliases": ["C"]}, {"name": "West", "parent": "East"}],
        "scenes": [{"title": "Rain"}],
        "markers": [marker],
    }
    exchanged = [
        {"name": "North", "renamed_from": "East", "aliases": ["South"], "parent": "C"},
        {"name": "C", "renamed_from": "West", "parent": None, "aliases": ["F"]},
    ]
    for wanted in ({"studios": exchanged}, MERGED):
        with Sandbox() as server:
            fill(server, library, tmp_path)
            before = everything(server)
            run = apply(server, tmp_path, wanted)
            first = undo(run, server, tmp_path)
            cut = killed(first, server, tmp_path, at=at, answered=answered)
            if cut is not None:
                assert not warnings(undo_plan(run, server, tmp_path, first, cut))
                undo(run, server, tmp_path, first, cut)
                assert everything(server) == before


@pytest.mark.parametrize("at", range(4))
def test_what_another_client_changed_after_a_redo_stays(at: int, tmp_path: Path) -> None:
    """Whatever was not known of the first undo, the redo has been planned from what was there."""
    library: dict[str, Any] = {
        "tags": [{"name": "Film"}, {"name": "Gold"}],
        "scenes": [{"title": "Rain", "tags": ["Film"]}],
    }
    with Sandbox() as server:
        ids = fill(server, library, tmp_path)
        run = apply(server, tmp_path, MERGED)
        first = killed(run, server, tmp_path, at=at)
        assert first is not None
        redone = undo(first, server, tmp_path)
        edit(server)("sceneUpdate", id=ids["scene", "Rain"], tag_ids=[])
        assert SINCE in warnings(undo_plan(run, server, tmp_path, first, redone))
        undo(run, server, tmp_path, first, redone)
        assert everything(server)["scenes"] == [{"title": "Rain"}]


def test_what_another_client_changed_between_two_redoes_stays(tmp_path: Path) -> None:
    """The first redo leaves a tag that a performer has come to refer to."""
    library: dict[str, Any] = {
        "tags": [{"name": "Film"}, {"name": "Gold"}],
        "performers": [{"name": "Ada Example"}, {"name": "Ben Example", "tags": ["Film"]}],
        "scenes": [{"title": "Rain", "tags": ["Film"]}],
    }
    with Sandbox() as server:
        fill(server, library, tmp_path)
        first = undo(apply(server, tmp_path, MERGED), server, tmp_path)
        ids = ids_of(server)
        ada, ben = ids["performer", "Ada Example"], ids["performer", "Ben Example"]
        edit(server)("performerUpdate", id=ada, tag_ids=[ids["tag", "Film"]])
        redone = undo(first, server, tmp_path)
        for performer in (ada, ben):
            edit(server)("performerUpdate", id=performer, tag_ids=[])
        edit(server)("sceneUpdate", id=ids["scene", "Rain"], tag_ids=[])
        undo(first, server, tmp_path, redone)
        now = everything(server)
        assert now["tags"] == [{"name": "Gold", "aliases": ["Film"]}]
        assert now["scenes"] == [{"title": "Rain"}]
        assert now["performers"] == [{"name": "Ada Example"}, {"name": "Ben Example"}]
