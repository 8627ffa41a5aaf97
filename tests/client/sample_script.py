"""A script as people write it; mypy reads it in strict mode, nothing runs it."""

from __future__ import annotations

from typing import assert_type

from stashsync import (
    UNSET,
    BatchOperation,
    BatchResult,
    OnMultipleMatch,
    Performer,
    Scene,
    StashBatchError,
    StashContext,
    StashEntityStore,
    Studio,
    Tag,
    is_set,
)


async def main() -> None:
    """From connecting to batches."""
    async with StashContext(conn={"Host": "localhost", "Port": 9999}) as client:
        scene = await client.find_scene("123")
        assert_type(scene, Scene | None)
        if scene is None:
            return
        found = await client.find_scenes(scene_filter={"organized": False}, page=1, per_page=100)
        assert_type(found.scenes, list[Scene])
        assert_type(found.count, int)
        assert_type((await client.find_performers()).performers, list[Performer])
        if is_set(scene.studio) and scene.studio:
            assert_type(scene.studio, Studio)
        scene.rating100 = 90
        scene.details = UNSET
        scene.performer_ids = await client.map_performer_ids(["Jane Doe"], create=True)
        ids = await client.map_tag_ids(["a"], on_multiple=OnMultipleMatch.RETURN_NONE)
        assert_type(ids, list[str | None])
        await scene.save(client)
        store = StashEntityStore(client, default_ttl=300)
        assert_type(await store.get(Tag, "1"), Tag | None)
        assert_type(await store.find(Scene, rating100__gte=80), list[Scene])
        async for one in store.find_iter(Scene, organized=False):
            assert_type(one, Scene)
        assert_type(store.filter(Performer, lambda p: bool(p.favorite)), list[Performer])
        tag = await store.get_or_create(Tag, name="Action")
        assert_type(tag, Tag)
        try:
            result = await store.save_batch([tag, scene])
            assert_type(result, BatchResult)
        except StashBatchError as error:
            print(len(error.batch_result.succeeded))
        ops = [BatchOperation("tagCreate", "TagCreateInput!", {"input": {"name": "x"}})]
        await client.execute_batch(ops, max_batch_size=100)
        job = await client.metadata_scan(paths=["/media"])
        assert_type(await client.wait_for_job(job, timeout=300), bool | None)
        async with client.subscribe_to_jobs() as news:
            async for update in news:
                print(update.status, update.progress)
        assert_type(await client.bulk_scene_update({"ids": ["1"]}, return_fields="id"), list[Scene])
        assert_type(await client.tags_merge(["1"], "2"), Tag)
