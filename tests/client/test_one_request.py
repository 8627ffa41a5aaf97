"""A create, an update or a merge is one request: the mutation selects what a reading would."""

from __future__ import annotations

from typing import Any

from stashsync.client import StashClient
from stashsync.entities import Performer, Scene, Tag
from stashsync.sandbox import Sandbox
from stashsync.store.selections import base_fields
from tests.support.scripts import Wire, made, play


def test_an_input_makes_an_object_in_one_request() -> None:
    """It is complete, and the store returns it from then on."""

    async def story(client: StashClient, wire: Wire) -> None:
        tag = await client.create_tag({"name": "Macro", "aliases": ["close-up"]})
        assert len(wire.documents) == 1
        assert (tag.name, tag.aliases, tag.parents) == ("Macro", ["close-up"], [])
        assert (
            base_fields(Tag.kind()) - {"stash_ids", "sort_name", "custom_fields"}
            <= tag._received_fields
        )
        assert await client.store.get(Tag, tag.id) is tag
        assert len(wire.documents) == 1

    play(story)


def test_an_object_is_made_in_one_request_and_knows_what_the_server_made_of_it() -> None:
    """What it did not have is read from the answer; nothing is left to save."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("tag", {"name": "Macro"}))
        (tag,) = (await client.find_tags()).tags
        wire.forget()
        scene = Scene(title=" Harbour ", tags=[tag])
        assert await client.create_scene(scene) is scene
        assert len(wire.documents) == 1
        assert (scene.title, scene.organized, scene.urls) == ("Harbour", False, [])
        assert scene.tags == [tag]
        assert not scene.is_dirty()

    play(story)


def test_an_update_by_its_input_is_one_request() -> None:
    """A known object is brought up to date; edits of other fields stay."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("performer", {"name": "Ada", "rating100": 5}))
        (ada,) = (await client.find_performers()).performers
        ada.details = "edited"
        wire.forget()
        assert await client.update_performer({"id": ada.id, "rating100": 7}) is ada
        assert len(wire.documents) == 1
        assert ada.rating100 == 7
        assert ada.get_changed_fields() == {"details": "edited"}

    play(story)


def test_a_merge_is_one_request() -> None:
    """The destination is read from its answer, and stands for the source from then on.

    But for values of a performer: the answer of that mutation has the old ones.
    """

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("performer", {"name": "Ada"}), ("performer", {"name": "A. L."}))
        await made(client, ("tag", {"name": "a"}), ("tag", {"name": "b"}))
        first, other = (await client.find_tags()).tags
        wire.forget()
        merged: Any = await client.tags_merge([other.id], first.id)
        assert len(wire.documents) == 1
        assert merged is first
        assert merged.aliases == ["b"]
        await client.performer_merge(["2"], "1", {"id": "1", "details": "both"})
        assert len(wire.documents) == 3
        assert client.store.get_cached(Performer, "1").details == "both"  # type: ignore[union-attr]

    sandbox = Sandbox(release="develop")
    try:
        play(story, sandbox)
    finally:
        sandbox.close()
