"""A run is taken back again, after an undo of its undo: whole, in part, or killed on the way.

Source: docs/undo.md
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stashsync.sandbox import Sandbox
from tests.support.bearers import everything, fill, ids_of
from tests.support.undoing import apply, edit, killed_undo, undo, undo_plan, warnings

MERGED: dict[str, Any] = {"tags": [{"name": "Gold", "merge": ["Film"]}]}
SINCE = "scenes keep their tags, which was changed since the run: 1 of them"


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
        cut = killed_undo(run, server, tmp_path, first, redone, at=at)
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
            cut = killed_undo(first, server, tmp_path, at=at, answered=answered)
            if cut is not None:
                assert not warnings(undo_plan(run, server, tmp_path, first, cut))
                undo(run, server, tmp_path, first, cut)
                assert everything(server) == before


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("at", range(7))
def test_what_stepped_aside_before_it_was_deleted_and_made_again_goes(
    at: int, answered: bool, tmp_path: Path
) -> None:
    """The first undo is killed, the second completes it, and its redo makes the tag again."""
    base = {"name": "Base", "aliases": ["Wide"]}
    below = [{"name": "Gold", "parents": ["Base"]}, {"name": "Film", "parents": ["Gold"]}]
    library: dict[str, Any] = {"tags": [base, *below]}
    wanted = [
        {"name": "Base", "state": "absent"},
        {"name": "Wide", "renamed_from": "Gold", "parents": ["Five"]},
        {"name": "Film", "parents": ["Color"]},
        {"name": "Five", "parents": ["Film"]},
        {"name": "Color", "aliases": ["Gold"]},
    ]
    with Sandbox() as server:
        fill(server, library, tmp_path)
        before = everything(server)
        run = apply(server, tmp_path, {"tags": wanted})
        cut = killed_undo(run, server, tmp_path, at=at, answered=answered)
        if cut is not None:
            second = undo(run, server, tmp_path, cut)
            redone = undo(second, server, tmp_path)
            assert not warnings(undo_plan(run, server, tmp_path, cut, second, redone))
            undo(run, server, tmp_path, cut, second, redone)
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
        first = killed_undo(run, server, tmp_path, at=at)
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


@pytest.mark.parametrize("at", range(5))
def test_what_a_killed_redo_only_renamed_is_there(at: int, tmp_path: Path) -> None:
    """A tag gives its name up for an alias before it is to be deleted."""
    library: dict[str, Any] = {
        "tags": [{"name": "Film"}, {"name": "Low", "parents": ["Film"]}],
        "performers": [{"name": "Ben Example", "tags": ["Film"]}],
    }
    wanted = {
        "tags": [
            {"name": "Film", "state": "absent"},
            {"name": "Low", "parents": ["New"]},
            {"name": "New", "aliases": ["Film"]},
        ]
    }
    with Sandbox() as server:
        fill(server, library, tmp_path)
        before = everything(server)
        run = apply(server, tmp_path, wanted)
        first = undo(run, server, tmp_path)
        cut = killed_undo(first, server, tmp_path, at=at)
        assert cut is not None
        assert not warnings(undo_plan(run, server, tmp_path, first, cut))
        undo(run, server, tmp_path, first, cut)
        assert everything(server) == before


def test_what_another_client_takes_from_a_list_after_a_redo_stays_away(tmp_path: Path) -> None:
    """A tag that the first undo deleted, and the redo made again."""
    library: dict[str, Any] = {
        "tags": [{"name": "Film"}, {"name": "Gold"}],
        "performers": [{"name": "Ada Example", "tags": ["Film"]}],
    }
    wanted = {
        "tags": [{"name": "Wide"}],
        "performers": [
            {"name": "Ada Example", "tags": ["Gold", "Wide"]},
            {"name": "Ben Example", "tags": ["Wide"]},
        ],
    }
    with Sandbox() as server:
        ids = fill(server, library, tmp_path)
        run = apply(server, tmp_path, wanted)
        first = undo(run, server, tmp_path)
        redone = undo(first, server, tmp_path)
        ada, ben = ids["performer", "Ada Example"], ids_of(server)["performer", "Ben Example"]
        edit(server)("performerUpdate", id=ada, tag_ids=[ids["tag", "Gold"]])
        edit(server)("performerUpdate", id=ben, tag_ids=[])
        assert warnings(undo_plan(run, server, tmp_path, first, redone)) == [
            'performer "Ada Example" keeps its tags: it was changed since the run',
            'performer "Ben Example" stays: its tags changed since the run',
        ]
        undo(run, server, tmp_path, first, redone)
        performers = [{"name": "Ada Example", "tags": ["Gold"]}, {"name": "Ben Example"}]
        assert everything(server)["performers"] == performers
