"""The methods of a kind, generated from its table: signatures and stubs."""

from __future__ import annotations

import inspect
import pydoc
import re
from typing import Any

import pytest

import stashsync
from stashsync import StashClient
from stashsync.client import kinds
from stashsync.client.methods import METHODS
from stashsync.kinds import ENTITIES
from tests.support.docs_tools import tool
from tests.support.scripts import Wire, made, play


def test_the_stubs_are_those_of_the_running_client() -> None:
    """What type checkers and editors see is what runs."""
    stale = [
        path.name
        for path, text in tool("make_client_stubs").pages().items()
        if path.read_text("utf-8") != text
    ]
    assert stale == [], "run `python3 dev.py docs`"


def test_a_method_shows_the_names_of_its_kind() -> None:
    """In its signature, in its help and in a traceback."""
    assert str(inspect.signature(StashClient.find_tag)) == (
        "(self, tag_id: 'str | int') -> 'Tag | None'"
    )
    found = inspect.signature(StashClient.find_scene_markers)
    assert "scene_marker_filter" in found.parameters
    assert found.return_annotation == "FindSceneMarkersResult"
    assert StashClient.find_image.__qualname__ == "ImageClientMixin.find_image"
    text = pydoc.plain(pydoc.render_doc(StashClient.update_image))
    assert "update_image(self, image: 'Image | Mapping[str, Any]') -> 'Image'" in text
    assert "Update an image by an edited object" in text


@pytest.mark.parametrize("name", kinds.NAMES)
def test_no_placeholder_is_left(name: str) -> None:
    """Neither names nor docstrings of generated methods have a placeholder."""
    mixin: Any = getattr(kinds, f"{ENTITIES[name].type_name}ClientMixin")
    for called, function in vars(mixin).items():
        if inspect.isfunction(function):
            text = f"{called} {inspect.signature(function)} {function.__doc__}"
            assert not re.search(r"\$|\bentity|\bT\b|\ba [aeiou]", text), called


def test_every_function_is_the_method_of_some_kind() -> None:
    """No condition is never true."""
    tables = [ENTITIES[name] for name in kinds.NAMES]
    assert [each.name for each in METHODS if not any(map(each.when, tables))] == []


def test_arguments_go_by_place_and_by_name() -> None:
    """As in the signature, and with Python's own error where they do not fit it."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("tag", {"name": "a"}), ("tag", {"name": "b"}))
        assert (await client.find_tags(None, {"sort": "name"}, per_page=1, page=2)).count == 2
        assert (await client.find_tags(per_page=1, page=2)).tags[0].name == "b"
        found = await client.find_tag(tag_id="1")
        assert found is not None
        assert found.name == "a"
        for wrong in ({}, {"id": "1"}, {"tag_id": "1", "scene_id": "1"}):
            with pytest.raises(TypeError, match="argument"):
                await client.find_tag(**wrong)
        with pytest.raises(TypeError, match="unexpected keyword argument 'tagfilter'"):
            await client.find_tags(tagfilter={})

    play(story)


def test_values_of_a_merge_need_a_server_that_takes_them() -> None:
    """Rather than an error about an unknown field, where introspection tells."""

    async def story(client: StashClient, wire: Wire) -> None:
        with pytest.raises(stashsync.StashCapabilityError, match="values of tagsMerge"):
            await client.tags_merge(["1"], "2", {"id": "2"})
        assert wire.mutations == []

    play(story)
