"""Where the server reads a filter in a way of its own, a lookup still finds what it describes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from stashsync.client import StashClient
from stashsync.entities import SceneMarker, Tag
from stashsync.errors import StashFilterError
from stashsync.sandbox import Sandbox
from stashsync.store.filters import compile_filter
from stashsync.wire.transport import over_app

MARKER, PERFORMER = "SceneMarkerFilterType", "PerformerFilterType"


@pytest.mark.row("D10")
def test_markers_without_a_tag_are_those_without_it() -> None:
    """The primary tag counts; a real server looks at `excludes` alone (observed on v0.30-dev)."""

    async def story() -> list[str]:
        with Sandbox() as sandbox:
            make = sandbox.library.mutate
            for name in ("Intro", "Crowd", "Rain"):
                make("tagCreate", {"input": {"name": name}})
            make("sceneCreate", {"input": {"title": "Walk"}})
            for title, primary, others in (("a", "1", ["2"]), ("b", "3", ["2"]), ("c", "3", [])):
                given = {"title": title, "seconds": 1.0, "scene_id": "1"}
                given |= {"primary_tag_id": primary, "tag_ids": others}
                make("sceneMarkerCreate", {"input": given})
            async with StashClient(over_app(sandbox.app)) as client:
                found = [
                    *await client.store.find(SceneMarker, tags__excludes="1"),
                    *await client.store.find(SceneMarker, tags__in="3", tags__excludes="2"),
                ]
                return [str(item.title) for item in found]

    assert asyncio.run(story()) == ["b", "c", "c"]


@pytest.mark.parametrize("order", [1, -1])
def test_what_is_to_be_there_and_what_is_not_are_one_criterion(order: int) -> None:
    """A second criterion at a deeper level fails if the server searches a hierarchy.

    ("no such table", observed on v0.30-dev)
    """
    lookups: dict[str, Any] = dict([("parents", ["1"]), ("parents__excludes", ["2"])][::order])
    criterion = {"value": ["1"], "modifier": "INCLUDES", "excludes": ["2"]}
    assert compile_filter("TagFilterType", lookups) == {"parents": criterion}


def test_three_criteria_still_take_levels() -> None:
    """One more criterion needs another level."""
    made = compile_filter(
        "TagFilterType", {"parents": "1", "parents__excludes": "2", "parents__null": False}
    )
    assert made == {
        "parents": {"value": ["1"], "modifier": "INCLUDES", "excludes": ["2"]},
        "AND": {"parents": {"modifier": "NOT_NULL"}},
    }


@pytest.mark.row("D10")
@pytest.mark.parametrize(
    "lookups",
    [
        {"performers__excludes": "1"},
        {"performers__null": True},
        {"performers__in": "1", "performers__includes_all": ["2", "3"]},
        {"studios": ["1", "2"]},
        {"studios__in": "1", "studios__null": False},
        {"groups__includes_all": ["1", "2"]},
    ],
)
def test_what_the_server_would_answer_wrongly_is_not_asked(lookups: dict[str, Any]) -> None:
    """It accepts them and finds other objects (observed on v0.30-dev)."""
    with pytest.raises(StashFilterError, match="the server"):
        compile_filter(PERFORMER, lookups)


def test_what_was_written_by_hand_goes_as_it_stands() -> None:
    """A criterion written by hand is not changed."""
    raw = {"value": ["1"], "modifier": "EXCLUDES"}
    assert compile_filter(MARKER, {"tags": raw}) == {"tags": raw}


def test_the_lookups_find_the_same_with_and_without_a_hierarchy() -> None:
    """One criterion with `excludes` finds the same as two separate ones."""

    async def story() -> list[str]:
        with Sandbox() as sandbox:
            async with StashClient(over_app(sandbox.app)) as client:
                for given in (
                    {"name": "Camera"},
                    {"name": "Sound"},
                    {"name": "Lens", "parent_ids": ["1"]},
                    {"name": "Mount", "parent_ids": ["1", "2"]},
                ):
                    await client.create_tag(given)
                found = await client.store.find(Tag, parents="1", parents__excludes="2")
                return [str(item.name) for item in found]

    assert asyncio.run(story()) == ["Lens"]
