"""Tasks of the server, with the defaults from its settings."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from stashsync import Scene, StashClient
from tests.client.parts import scripted_client
from tests.support.introspection import introspection
from tests.support.scripts import Wire, made, play

IDENTIFY = {
    "sources": [{"source": {"scraper_id": "builtin_autotag", "stash_box_endpoint": None}}],
    "options": None,
}


def sent(wire: Wire) -> dict[str, Any]:
    """Return the last input."""
    found: dict[str, Any] = wire.documents[-1][1]["input"]
    return found


@pytest.mark.row("F1")
def test_a_scan_takes_paths_and_options_and_gives_the_id_of_its_job() -> None:
    """`options`, as the text calls them, or `flags`."""
    options = {"scanGeneratePreviews": False, "scanGenerateSprites": False}

    async def story(client: StashClient, wire: Wire) -> None:
        job = await client.metadata_scan(paths=["/media/videos"], options=options)
        assert sent(wire) == {**options, "paths": ["/media/videos"]}
        assert await client.wait_for_job(job)
        await client.metadata_scan()
        assert sent(wire) == {}
        await client.metadata_scan("/media", flags=options)
        assert sent(wire) == {**options, "paths": ["/media"]}
        with pytest.raises(ValueError, match="two names"):
            await client.metadata_scan(options=options, flags=options)

    play(story)


@pytest.mark.row("F1")
def test_a_scan_has_the_defaults_of_the_server() -> None:
    """Options that are not given keep the server's defaults."""

    async def story(client: StashClient, wire: Wire) -> None:
        await client.mutations.configure_defaults({"scan": {"scan_generate_phashes": True}})
        await client.metadata_scan(options={"rescan": True})
        assert sent(wire)["scanGeneratePhashes"] is True
        assert sent(wire)["rescan"] is True
        assert sent(wire)["scanGenerateCovers"] is False
        await client.metadata_scan(options={"scanGeneratePhashes": False})
        assert sent(wire)["scanGeneratePhashes"] is False
        await client.metadata_scan(defaults=False)
        assert sent(wire) == {}

    play(story)


@pytest.mark.row("F1")
def test_generating_makes_what_is_asked_for_or_else_the_defaults() -> None:
    """Options are not completed by themselves: a cover of one scene makes no previews of all."""

    async def story(client: StashClient, wire: Wire) -> None:
        settings = {"generate": {"previews": True, "preview_options": {"preview_segments": 3}}}
        await client.mutations.configure_defaults(settings)
        await client.metadata_generate({"covers": True, "sceneIDs": ["1"]})
        assert sent(wire) == {"covers": True, "sceneIDs": ["1"]}
        await client.metadata_generate()
        assert sent(wire)["previews"] is True
        assert sent(wire)["previewOptions"] == {"previewSegments": 3}
        await client.metadata_generate({"covers": True}, defaults=True)
        assert sent(wire)["covers"] is sent(wire)["previews"] is True

    play(story)


def test_auto_tagging_and_cleaning_are_tasks_as_well() -> None:
    """Cleaning has no defaults: the caller decides whether it is a dry run."""

    async def story(client: StashClient, wire: Wire) -> None:
        await client.mutations.configure_defaults({"auto_tag": {"tags": ["*"]}})
        await client.metadata_auto_tag(["/media"], {"studios": ["1"]})
        assert sent(wire) == {"paths": ["/media"], "tags": ["*"], "studios": ["1"]}
        job = await client.metadata_clean("/media", dry_run=True)
        assert sent(wire) == {"paths": ["/media"], "dryRun": True}
        assert await client.wait_for_job(job)
        await client.metadata_clean()
        assert sent(wire) == {"dryRun": False}

    play(story)


def test_identifying_needs_sources() -> None:
    """Those of the server's defaults, or those that are given."""
    recorded = introspection("v0.30.1")
    answers = [
        {"configuration": {"defaults": {"identify": defaults}}} for defaults in (None, IDENTIFY)
    ]
    job = {"result": "4"}
    client, script = scripted_client([recorded, *answers, job, job])

    async def story() -> None:
        with pytest.raises(ValueError, match="no sources"):
            await client.metadata_identify()
        assert await client.metadata_identify([Scene(id="7")]) == "4"
        await client.metadata_identify(None, {"sources": []}, paths=["/a"], defaults=False)

    asyncio.run(story())
    inputs = [body["variables"]["input"] for body in script.bodies[-2:]]
    assert inputs == [
        {"sources": [{"source": {"scraper_id": "builtin_autotag"}}], "sceneIDs": ["7"]},
        {"sources": [], "paths": ["/a"]},
    ]


def test_a_mutation_lets_what_it_changed_expire() -> None:
    """So the store reads it again, where the answer of the mutation does not show the object."""

    async def story(client: StashClient, wire: Wire) -> None:
        (identifier,) = await made(client, ("scene", {"title": "a"}))
        scene = await client.store.get(Scene, identifier)
        assert scene is not None
        before = len(wire.documents)
        await client.store.get(Scene, identifier)
        assert len(wire.documents) == before
        await client.mutations.scene_save_activity(scene, resume_time=7.5)
        again = await client.store.get(Scene, identifier)
        assert again is scene
        assert scene.resume_time == 7.5

    play(story)


def test_scenes_are_merged_as_tags_are() -> None:
    """Markers and files go along, and what `values` say."""

    async def story(client: StashClient, wire: Wire) -> None:
        first, second = await made(client, ("scene", {"title": "a"}), ("scene", {"title": "b"}))
        old = await client.find_scene(first)
        merged = await client.scene_merge([first], second, {"id": second, "title": "c"})
        assert (merged.id, merged.title) == (second, "c")
        assert await client.find_scene(first) is None
        assert old in client.identity_map.gone

    play(story)
