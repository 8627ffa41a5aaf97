"""Finding, merging and deleting by the class of objects."""

from __future__ import annotations

import pytest

from stashsync import Image, Performer, Scene, StashClient, Tag
from tests.support.scripts import Wire, made, play


def test_objects_are_found_by_their_class() -> None:
    """By an id, and by a name or title, whose characters mean themselves."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("tag", {"name": "50%"}), ("tag", {"name": "501"}),
                   ("scene", {"title": "Harbour"}), ("performer", {"name": "Ada"}))  # fmt: skip
        tag = await Tag.find_by_id(client, 1)
        assert isinstance(tag, Tag)
        assert await Tag.find_by_name(client, "50%") is tag
        assert await Tag.find_by_id(client, "99") is None
        assert await Tag.find_by_name(client, "5") is None
        assert (await Scene.find_by_name(client, "Harbour")) is not None
        found = await Performer.find_by_name(client, "Ada")
        assert found is not None
        assert found.id == "1"

    play(story)


def test_objects_are_merged_and_deleted_by_their_class() -> None:
    """A server without the mutation causes a capability error."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, *(("tag", {"name": name}) for name in "abcd"))
        merged = await Tag.merge(client, ["1"], 2)
        assert merged.aliases == ["a"]
        assert await Tag.bulk_destroy(client, [merged, "3"])
        assert [tag.name for tag in (await client.find_tags()).tags] == ["d"]
        with pytest.raises(NotImplementedError, match="Image"):
            await Image.merge(client, ["1"], "2")

    play(story)
