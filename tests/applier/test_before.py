"""What a run removes or overwrites is in its journal before it is sent.

Source: docs/planning-rules.md#undo
"""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import Any

import pytest

from stashsync.applier.before import Before, Keeper, ListPlace
from stashsync.applier.journal import Journal, Run, RunOrigin, read_run
from stashsync.client import StashClient
from stashsync.errors import StashConnectionError
from stashsync.planner import bearers
from stashsync.sandbox import Sandbox
from stashsync.wire.exchange import Answer
from tests.support.bearers import fill, ids_of
from tests.support.projects import write_project
from tests.support.servers import Tap, assert_complete, carry_out, client_of, plan_for

ORIGIN = RunOrigin("apply", "http://stash.example:9999", "a-library")
BORNE: dict[str, Any] = {
    "tags": [
        {"name": "Top"},
        {"name": "Wide", "parents": ["Top"], "aliases": ["Wide shot"], "image": "old.png"},
        {"name": "Low", "parents": ["Wide"], "description": "from below"},
        {"name": "Long"},
    ],
    "studios": [
        {"name": "North", "tags": ["Wide"], "rating100": 80},
        {"name": "East", "parent": "North"},
    ],
    "performers": [{"name": "Ada", "tags": ["Wide", "Long"]}],
    "scenes": [
        {"title": "Rain", "tags": ["Wide"], "studio": "North", "performers": ["Ada"]},
        {"title": "Snow", "tags": ["Wide", "Long"]},
    ],
    "markers": [
        {"title": "m1", "scene": "Rain", "seconds": 1, "primary_tag": "Long", "tags": ["Wide"]},
        {"title": "m2", "scene": "Rain", "seconds": 2, "primary_tag": "Wide"},
    ],
    "images": [{"title": "i1", "tags": ["Wide"], "studio": "North", "performers": ["Ada"]}],
    "galleries": [{"title": "g1", "tags": ["Wide"], "studio": "North", "performers": ["Ada"]}],
    "groups": [{"name": "s1", "tags": ["Wide"], "studio": "North"}],
}


def run_of(server: Sandbox, root: Path, wanted: dict[str, Any]) -> Run:
    """Apply manifests with a journal, and read that."""
    plan = plan_for(write_project(root, wanted), server)
    journal = Journal(root / ".stashsync" / "runs", ORIGIN)
    assert_complete(carry_out(plan, server, root, listener=journal))
    return read_run(root / ".stashsync" / "runs" / f"{journal.id}.jsonl")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "old.png").write_bytes(b"\x89PNG old")
    (tmp_path / "new.png").write_bytes(b"\x89PNG new")
    return tmp_path


def named(before: Before, ids: dict[tuple[str, str], str], *, sharing: bool = False) -> Any:
    """Return the names of the objects that refer to an object."""
    names = {(kind, identifier): name for (kind, name), identifier in ids.items()}
    found = before.sharing if sharing else before.bearers or {}
    return {
        field: [names[field.partition(".")[0], each] for each in members]
        for field, members in found.items()
    }


def test_a_deleted_object_is_recorded_with_all_that_refers_to_it(root: Path) -> None:
    """Every field of its kind, the bytes of its image, and the ids of what refers to it."""
    with Sandbox() as server:
        ids = fill(server, BORNE, root)
        server.library.mutate("sceneMarkerDestroy", {"id": ids["sceneMarker", "m2"]})
        run = run_of(server, root, {"tags": [{"name": "Wide", "state": "absent"}]})
    (before,) = run.before.values()
    assert (before.kind, before.id) == ("tag", ids["tag", "Wide"])
    digest = hashlib.md5(b"\x89PNG old", usedforsecurity=False).hexdigest()
    values = before.values
    assert values["name"] == "Wide"
    assert values["aliases"] == ["Wide shot"]
    assert values["parents"] == [ids["tag", "Top"]]
    assert values["image"] == {"md5": digest}
    assert values["favorite"] is False
    pictures = root / ".stashsync" / "runs" / f"{run.id}.pictures"
    assert (pictures / digest).read_bytes() == b"\x89PNG old"
    assert named(before, ids) == {
        "gallery.tags": ["g1"],
        "group.tags": ["s1"],
        "image.tags": ["i1"],
        "performer.tags": ["Ada"],
        "scene.tags": ["Rain", "Snow"],
        "sceneMarker.tags": ["m1"],
        "studio.tags": ["North"],
        "tag.parents": ["Low"],
    }


def test_source_and_destination_of_a_merge_are_recorded(root: Path) -> None:
    """Objects that referred to both are marked: they keep the destination."""
    with Sandbox() as server:
        ids = fill(server, BORNE, root)
        run = run_of(server, root, {"tags": [{"name": "Long", "merge": ["Wide"]}]})
    source, into = run.before["tag", ids["tag", "Wide"]], run.before["tag", ids["tag", "Long"]]
    assert into.values["aliases"] == []
    assert into.bearers == {}
    assert named(source, ids)["sceneMarker.primary_tag"] == ["m2"]
    assert named(source, ids, sharing=True) == {
        "performer.tags": ["Ada"],
        "scene.tags": ["Snow"],
    }, "the marker has the destination in another field"


def test_studios_that_are_merged_in_steps_are_recorded_before_their_content_moves(
    root: Path,
) -> None:
    """The first operation of the merge moves scenes; who made them is known from before it."""
    with Sandbox() as server:
        ids = fill(server, {**BORNE, "studios": [*BORNE["studios"], {"name": "West"}]}, root)
        run = run_of(server, root, {"studios": [{"name": "West", "merge": ["North"]}]})
    assert named(run.before["studio", ids["studio", "North"]], ids) == {
        "gallery.studio": ["g1"],
        "group.studio": ["s1"],
        "image.studio": ["i1"],
        "scene.studio": ["Rain"],
        "studio.parent": ["East"],
    }


def test_an_image_that_is_replaced_is_recorded(root: Path) -> None:
    """A first image replaces nothing."""
    wanted = {"tags": [{"name": "Wide", "image": "new.png"}, {"name": "Low", "image": "new.png"}]}
    with Sandbox() as server:
        ids = fill(server, BORNE, root)
        run = run_of(server, root, wanted)
    (before,) = run.before.values()
    assert before.id == ids["tag", "Wide"]
    assert list(before.values) == ["image"]


def test_above_a_limit_the_referring_objects_are_not_recorded_and_the_plan_warns(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their list would be longer than the rest of all journals."""
    with Sandbox() as server:
        fill(server, BORNE, root)
        server.library.mutate("sceneMarkerDestroy", {"id": ids_of(server)["sceneMarker", "m2"]})
        write_project(root, {"tags": [{"name": "Wide", "state": "absent"}]})
        plan = plan_for(root, server)
        assert not plan.warnings
        monkeypatch.setattr(bearers, "MOST_BEARERS", 7)
        plan = plan_for(root, server)
        (warning,) = plan.warnings
        assert "`undo` cannot let them refer to that again" in warning.message

        async def read() -> Before:
            async with client_of(server) as client:
                (before,) = (await Keeper(plan, client).read([0])).objects
                return before

        before = asyncio.run(read())
    assert before.values["name"] == "Wide"
    assert before.bearers is None


def test_an_image_of_an_object_is_read_once(root: Path) -> None:
    """A resumed run knows what its first part has recorded."""
    with Sandbox() as server:
        ids = fill(server, BORNE, root)
        write_project(root, {"tags": [{"name": "Long", "merge": ["Wide"]}]})
        plan = plan_for(root, server)
        known = {("tag", ids["tag", "Wide"]), ("tag", ids["tag", "Long"])}

        async def read() -> None:
            async with client_of(server) as client:
                every = range(len(plan.operations))
                keeper = Keeper(plan, client)
                assert len((await keeper.read(every)).objects) == 2
                assert not (await keeper.read(every)).objects
                assert not (await Keeper(plan, client, known).read(every)).objects

        asyncio.run(read())


def test_a_reading_that_failed_is_made_again(root: Path) -> None:
    """The document waits for a server that does not answer, and is sent with what it removes."""
    with Sandbox() as server:
        fill(server, BORNE, root)
        write_project(root, {"tags": [{"name": "Long", "merge": ["Wide"]}]})
        plan = plan_for(root, server)

        async def read() -> None:
            async with client_of(server) as client:
                every = range(len(plan.operations))
                lost = Lost(client.transport)
                keeper = Keeper(plan, StashClient(lost))
                await keeper.read(())
                lost.is_lost = True
                with pytest.raises(StashConnectionError):
                    await keeper.read(every)
                lost.is_lost = False
                assert len((await keeper.read(every)).objects) == 2

        asyncio.run(read())


class Lost(Tap):
    """A transport whose connection may be lost."""

    is_lost = False

    async def send(self, *args: Any, **options: Any) -> Answer:
        """Send a document, if there is a connection."""
        if self.is_lost:
            raise StashConnectionError("no connection")
        return await super().send(*args, **options)


def test_the_places_of_a_deleted_group_are_recorded(root: Path) -> None:
    """In a group with what comes before it, in a scene with its number."""
    library: dict[str, Any] = {
        "groups": [
            {"name": "A"},
            {"name": "B"},
            {"name": "C"},
            {"name": "Series", "sub_groups": [
                {"group": "A", "description": "first"},
                {"group": "B", "description": "second"},
                {"group": "C"},
            ]},
        ],
        "scenes": [{"title": "Rain", "groups": {"A": 1, "B": 4}}, {"title": "Snow"}],
    }  # fmt: skip
    with Sandbox() as server:
        ids = fill(server, library, root)
        run = run_of(server, root, {"groups": [{"name": "B", "state": "absent"}]})
    (before,) = run.before.values()
    series, rain = ids["group", "Series"], ids["scene", "Rain"]
    assert before.bearers == {"group.sub_groups": (series,), "scene.groups": (rain,)}
    assert before.sharing == {}
    assert before.places == {
        "group.sub_groups": {series: ListPlace("second", (ids["group", "A"],))},
        "scene.groups": {rain: ListPlace(4, ())},
    }


@pytest.mark.parametrize("count", [0, 3])
def test_images_of_objects_without_one_are_recorded_as_none(root: Path, count: int) -> None:
    """The picture that the server shows for them is not theirs."""
    library = {"tags": [{"name": "Plain"}, *({"name": f"T{n}"} for n in range(count))]}
    gone = [{"name": item["name"], "state": "absent"} for item in library["tags"]]
    with Sandbox() as server:
        fill(server, library, root)
        run = run_of(server, root, {"tags": gone})
    assert [before.values["image"] for before in run.before.values()] == [None] * (count + 1)
    assert not (root / ".stashsync" / "runs" / f"{run.id}.pictures").exists()
    assert {before.bearers == {} for before in run.before.values()} == {True}
