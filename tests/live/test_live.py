"""The client and the whole way, over sockets, on any server of a supported release.

    pytest tests/live --stash-url http://localhost:9999 --stash-api-key KEY

Give a server that may be thrown away. Everything made there has a name of its own and is deleted.
"""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from stashsync import applier
from stashsync.applier.journal import Journal, Run, RunOrigin, read_run
from stashsync.client import StashClient
from stashsync.engine import reconcile
from stashsync.engine.undo import plan_undo
from stashsync.errors import StashBatchError, StashGraphQLError
from stashsync.kinds import KINDS, Capabilities
from stashsync.manifest import load
from stashsync.outcomes import Status
from stashsync.planner.saved import dump
from stashsync.planner.saved import load as load_plan
from stashsync.wire.operations import BatchOperation
from tests.live.conftest import Live
from tests.support.hostile import HOSTILE
from tests.support.projects import write_project
from tests.support.servers import assert_complete

TAG = KINDS["tag"]
ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415478da63600100000005000106a6cb5b0000000049454e44ae426082"
)


def _create(name: str, **values: Any) -> BatchOperation:
    return BatchOperation("tagCreate", "TagCreateInput!", {"input": {"name": name, **values}})


def test_a_server_has_a_release_types_and_an_identity(live: Live) -> None:
    """They are the same when they are read again."""

    async def ask(client: StashClient) -> Capabilities:
        return await client.capabilities()

    first, second = live.run(ask), live.run(ask)
    assert first.identity == second.identity != ""
    assert first.has_mutation("tagCreate")
    assert first.has_input("PerformerUpdateInput", "alias_list")


def test_reads_beside_deletions_are_whole(live: Live) -> None:
    """The server reads what a row refers to after the row, and fails where that is gone by then."""
    rounds = 20

    async def story(client: StashClient) -> int:
        readings: list[object] = []

        async def destroy_parents() -> None:
            for number in count():
                if number >= rounds and len(readings) >= rounds:
                    return
                name = f"{live.prefix}{number}"
                (parent,) = await client.execute_batch([_create(name)])
                assert parent.result
                child = _create(f"{name} child", parent_ids=[parent.result["id"]])
                await client.execute_batch([child])
                destroy = BatchOperation(
                    "tagDestroy", "TagDestroyInput!", {"input": {"id": parent.result["id"]}}
                )
                await client.execute_batch([destroy])

        async def read(until: asyncio.Task[None]) -> None:
            while not until.done():
                readings.append(await client.find_all(TAG, ["name", "parents"]))

        destroying = asyncio.create_task(destroy_parents())
        await asyncio.gather(*(read(destroying) for _ in range(3)), destroying)
        return len(readings)

    assert live.run(story) >= rounds


def test_what_is_made_is_found_changed_and_deleted(live: Live) -> None:
    """By batches, pages, single objects and counts."""
    names = [f"{live.prefix}{n:02}" for n in range(23)]

    async def story(client: StashClient) -> None:
        made = await client.execute_batch([_create(name) for name in names], max_batch_size=10)
        ids = [outcome.result["id"] for outcome in made if outcome.result]
        assert len(ids) == len(names)
        where = {"name": {"value": live.prefix, "modifier": "INCLUDES"}}
        rows = await client.find_all(TAG, ["name"], per_page=5, where=where)
        assert [row["name"] for row in rows] == names
        assert await client.count(TAG, where) == len(names)
        update = {"input": {"id": ids[0], "description": "changed"}}
        await client.execute_batch([BatchOperation("tagUpdate", "TagUpdateInput!", update)])
        row = await client.find_one(TAG, ids[0], ["description"])
        assert row == {"id": ids[0], "description": "changed"}
        await client.execute("mutation($ids: [ID!]!) { tagsDestroy(ids: $ids) }", {"ids": ids})
        assert await client.count(TAG, where) == 0

    live.run(story)


def test_a_refusal_leaves_its_neighbours_alone(live: Live) -> None:
    """One document, three operations, the middle one refused in the server's words."""
    names = [f"{live.prefix}a", f"{live.prefix}A", f"{live.prefix}b"]

    async def story(client: StashClient) -> None:
        with pytest.raises(StashBatchError) as caught:
            await client.execute_batch([_create(name) for name in names])
        outcomes = [outcome.status for outcome in caught.value.batch_result]
        assert outcomes == [Status.APPLIED, Status.FAILED, Status.APPLIED]
        with pytest.raises(StashGraphQLError, match="Cannot query field"):
            await client.execute("{ nothingLikeThis }")

    live.run(story)


def _manifest(prefix: str, picture: str) -> dict[str, list[dict[str, Any]]]:
    return {
        "tags": [
            {"name": f"{prefix}Camera", "aliases": [f"{prefix}Cam"], "image": picture},
            {
                "name": f"{prefix}Wide shot",
                "parents": [f"{prefix}Camera"],
                "description": "two\nlines",
                "favorite": True,
            },
        ],
        "studios": [
            {"name": f"{prefix}Northlight", "rating100": 80, "tags": [f"{prefix}Camera"]},
            {"name": f"{prefix}Kids", "parent": f"{prefix}Northlight", "details": "For all"},
        ],
        "performers": [
            {
                "name": f"{prefix}Ada",
                "disambiguation": "the elder",
                "birthdate": "1990-05-01",
                "aliases": [f"{prefix}A."],
                "height_cm": 170,
                "penis_length": 1.5,
                "stash_ids": {"https://one.example/graphql": "a"},
                "tags": [f"{prefix}Wide shot"],
            }
        ],
    }


def test_after_an_apply_the_next_plan_is_empty(live: Live, tmp_path: Path) -> None:
    """Made, then changed and renamed, then cleared; a file's image stays compared as unchanged."""
    (tmp_path / "one.png").write_bytes(ONE_PIXEL)
    first = _manifest(live.prefix, "one.png")
    second = _manifest(live.prefix, "one.png")
    second["tags"][1] |= {"name": f"{live.prefix}Wide", "renamed_from": f"{live.prefix}Wide shot"}
    second["tags"][1] |= {"description": "one line", "keep_old_name": True, "parents": []}
    second["performers"][0] |= {"tags": [], "birthdate": None, "aliases": [], "stash_ids": None}
    second["studios"][1] |= {"parent": None, "details": None}

    async def bring_about(client: StashClient) -> int:
        desired = load(tmp_path)
        plan = await reconcile.make_plan(desired, client)
        await reconcile.check_fresh(load_plan(dump(plan)), client)
        assert_complete(await applier.carry_out(plan, client, root=tmp_path))
        assert not await reconcile.make_plan(desired, client)
        return len(plan.changes)

    write_project(tmp_path, first)
    assert live.run(bring_about) == 5
    write_project(tmp_path, second)
    assert live.run(bring_about) == 3


def test_hostile_names_arrive_exactly(live: Live, tmp_path: Path) -> None:
    """A real server stores them exactly, and the next plan is empty."""
    names = [f"{live.prefix}{name}" for name in HOSTILE]
    write_project(tmp_path, {"tags": [{"name": name} for name in names]})

    async def bring_about(client: StashClient) -> None:
        desired = load(tmp_path)
        plan = await reconcile.make_plan(desired, client)
        assert_complete(await applier.carry_out(plan, client, root=tmp_path))
        assert not await reconcile.make_plan(desired, client)
        rows = await client.find_all(TAG, ["name"])
        assert {row["name"] for row in rows if row["name"].startswith(live.prefix)} == set(names)

    live.run(bring_about)


PLACES = """query($groups: GroupFilterType, $scenes: SceneFilterType) {
    findGroups(group_filter: $groups, filter: {per_page: -1, sort: "name"}) { groups {
        name sub_groups { group { name } description }
    } }
    findScenes(scene_filter: $scenes, filter: {per_page: -1, sort: "title"}) { scenes {
        id title groups { group { name } scene_index }
    } }
}"""


@pytest.mark.parametrize("goes", [1, 2])
def test_deleted_groups_come_back_to_their_places(goes: int, live: Live, tmp_path: Path) -> None:
    """An undo gives them their order and descriptions in a group, and their numbers in scenes.

    So do two, where another group has the name of one of them at the first.
    """
    series, pilot, coda, bonus = (f"{live.prefix}{name}" for name in ("A", "B", "C", "D"))
    gone = [{"name": name, "state": "absent"} for name in (pilot, coda)]
    write_project(tmp_path, {"groups": gone})

    async def story(client: StashClient) -> None:
        async def make(kind: str, **given: Any) -> str:
            text = (
                f"mutation($i: {kind.title()}CreateInput!) {{ {kind}Create(input: $i) {{ id }} }}"
            )
            row = (await client.execute(text, {"i": given}))[f"{kind}Create"]
            return str(row["id"])

        async def places() -> dict[str, Any]:
            where = {"value": live.prefix, "modifier": "INCLUDES"}
            return await client.execute(
                PLACES, {"groups": {"name": where}, "scenes": {"title": where}}
            )

        ids = {name: await make("group", name=name) for name in (pilot, coda, bonus)}
        listed = [{"group_id": ids[name], "description": name[-1]} for name in (pilot, bonus, coda)]
        await make("group", name=series, sub_groups=listed)
        for title, numbers in {"x": {pilot: 3, bonus: 4, coda: 1}, "y": {coda: None}}.items():
            groups = [
                {"group_id": ids[name], "scene_index": number} for name, number in numbers.items()
            ]
            await make("scene", title=live.prefix + title, groups=groups)
        before = await places()
        journal = Journal(tmp_path / "runs", RunOrigin("apply", "", ""))
        plan = await reconcile.make_plan(load(tmp_path), client)
        assert_complete(await applier.carry_out(plan, client, root=tmp_path, listener=journal))
        run = read_run(tmp_path / "runs" / f"{journal.id}.jsonl")
        later: list[Run] = []
        for go in range(1, goes + 1):
            theirs = await make("group", name=pilot) if go < goes else ""
            journal = Journal(tmp_path / "runs", RunOrigin("undo", "", "", undoes=run.id))
            back = await plan_undo(run, client, journal=f"runs/{run.id}.jsonl", later=later)
            assert back.blocked is bool(theirs)
            done = await applier.carry_out(back.plan, client, root=tmp_path, listener=journal)
            assert_complete(done)
            later.append(read_run(tmp_path / "runs" / f"{journal.id}.jsonl"))
            if theirs:
                await client.execute(
                    "mutation($ids: [ID!]!) { groupsDestroy(ids: $ids) }", {"ids": [theirs]}
                )
        after = await places()
        scenes = [row["id"] for row in after["findScenes"]["scenes"]]
        await client.execute(
            "mutation($input: ScenesDestroyInput!) { scenesDestroy(input: $input) }",
            {"input": {"ids": scenes}},
        )
        assert _sorted_groups(after) == _sorted_groups(before)

    live.run(story)


def _sorted_groups(found: dict[str, Any]) -> dict[str, Any]:
    """Return the places with the groups of each scene in one order: they have none there."""
    for scene in found["findScenes"]["scenes"]:
        scene["groups"].sort(key=repr)
    return found
