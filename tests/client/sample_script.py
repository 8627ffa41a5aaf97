"""Scripts as users write them: checked by mypy in strict mode, and never run.

Every call that scripts know is here once, with the type that it must have for those who read on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, assert_type

from gql.transport.exceptions import TransportQueryError
from httpx import ConnectError, TimeoutException

from stashsync import (
    ApiKey,
    BatchOperation,
    BatchResult,
    CacheStats,
    Image,
    Job,
    JobStatusUpdate,
    LogEntry,
    OnMultipleMatch,
    Performer,
    SavedFilter,
    Scene,
    SceneMarker,
    StashBatchError,
    StashClient,
    StashContext,
    StashEntityStore,
    StashError,
    StashGraphQLError,
    Studio,
    Subscription,
    Tag,
    TimeLimits,
    Tls,
    Transport,
    UnsetType,
    is_set,
)
from stashsync.client.kinds import FindGalleriesResult, FindScenesResult
from stashsync.types import GenderEnum, PerformerCreateInput, StatsResultType


async def connect() -> None:
    """Open a client in every form."""
    async with StashContext(conn={"Host": "localhost", "Port": 9999}) as client:
        assert_type(client, StashClient)
        assert_type(client.store, StashEntityStore)
        assert_type(client.client, StashClient)
    async with StashContext(url="https://stash.example", api_key="…", timeout=30.0) as context:
        assert_type(context.client, StashClient)
        assert_type(context.store, StashEntityStore)
    kept = StashContext({"Logger": logging.getLogger("mine"), "verify_ssl": False})
    async with kept:
        assert_type(kept.client, StashClient)
        assert_type(kept.store, StashEntityStore)
    transport = Transport(
        "http://localhost:9999",
        api_key=ApiKey("…", "here"),
        tls=Tls(verify=True),
        limits=TimeLimits(connect=5),
    )
    async with StashClient(transport) as client:
        assert_type(client, StashClient)


async def operations(client: StashClient) -> None:
    """Call operations by the server's own names."""
    assert_type(await client.queries.stats(), StatsResultType)
    assert_type((await client.queries.stats())["tag_count"], int)
    assert_type(await client.queries.find_tag("1"), Tag | None)
    assert_type(await client.queries.find_duplicate_scenes(distance=0), list[list[Scene]])
    found = await client.queries.find_scenes(filter={"page": 1}, scene_filter={"organized": True})
    assert_type(found["scenes"], list[Scene])
    given: PerformerCreateInput = {"name": "Ada", "gender": GenderEnum.FEMALE}
    assert_type(await client.mutations.performer_create(given), Performer | None)
    assert_type(await client.mutations.tags_destroy([Tag(id="1"), 2, "3"]), bool)
    assert_type(await client.mutations.tag_update(Tag(id="1")), Tag | None)


def names_of_the_server(studio: Studio, performer: Performer, scene: Scene) -> None:
    """Use the server's names of fields that have another name here."""
    assert_type(studio.parent_studio, Studio | None | UnsetType)
    assert_type(studio.child_studios, list[Studio] | UnsetType)
    assert_type(performer.alias_list, list[str] | UnsetType)
    assert_type(performer.image_path, str | None | UnsetType)
    performer.alias_list = ["Ada"]
    studio.set_parent_studio(None)
    assert is_set(scene.sceneStreams)
    assert_type(scene.sceneStreams[0].url, str | UnsetType)
    studio.website  # type: ignore[attr-defined]  # noqa: B018  # there is none


async def find(client: StashClient) -> None:
    """Find one object, a page, all kinds, and several at the same time."""
    assert_type(await client.find_scene("123"), Scene | None)
    assert_type(await client.find_performer(4), Performer | None)
    assert_type(await client.find_saved_filter("1"), SavedFilter | None)
    found = await client.find_scenes(scene_filter={"organized": False}, page=1, per_page=100)
    assert_type(found, FindScenesResult)
    assert_type(found.scenes, list[Scene])
    assert_type(found.items, list[Scene])
    assert_type([item for item in found], list[Scene])  # noqa: C416  # that it can be gone through
    assert_type(found.count, int)
    assert_type((await client.find_scene_markers(q="lens")).scene_markers, list[SceneMarker])
    assert_type((await client.find_images(filter_={"sort": "date"})).images, list[Image])
    scenes, galleries, studios = await asyncio.gather(
        client.find_scenes(), client.find_galleries(), client.find_studios()
    )
    assert_type(scenes, FindScenesResult)
    assert_type(galleries, FindGalleriesResult)
    assert_type(studios.studios, list[Studio])


async def write(client: StashClient, scene: Scene) -> None:
    """Make, change, delete and merge objects, one or many."""
    assert_type(await client.create_performer(Performer(name="Jane Doe")), Performer)
    assert_type(await client.create_tag({"name": "Macro"}), Tag)
    assert_type(await client.update_scene(scene), Scene)
    assert_type(await client.update_scene({"id": "1", "title": "Fog"}), Scene)
    assert_type(await client.scene_destroy({"id": "456"}), bool)
    assert_type(await client.tags_destroy(["1", "2"]), bool)
    assert_type(await client.bulk_scene_update({"ids": ["1"]}, return_fields="id"), list[Scene])
    assert_type(await client.bulk_image_update({"ids": ["1"], "studio_id": "4"}), list[Image])
    assert_type(await client.tags_merge(["1"], "2"), Tag)
    assert_type(await client.performer_merge(["1"], "2", {"name": "Ada"}), Performer)
    await asyncio.gather(*[item.save(client) for item in (await client.find_scenes()).scenes[:10]])


async def names(client: StashClient, scene: Scene) -> None:
    """Map names to ids: with `create` every name has one, otherwise it may be None."""
    assert_type(await client.map_performer_ids(["Jane Doe"], create=True), list[str])
    assert_type(await client.map_tag_ids(["Macro", Tag(name="Fog")]), list[str | None])
    assert_type(
        await client.map_tag_ids(["Macro"], on_multiple=OnMultipleMatch.RETURN_NONE),
        list[str | None],
    )
    assert_type(
        await client.map_studio_ids(["A"], create=True, on_multiple=OnMultipleMatch.RETURN_FIRST),
        list[str],
    )
    scene.performer_ids = await client.map_performer_ids(["Jane Doe"], create=True)
    assert_type(await client.find_studio_hierarchy("1"), list[Studio])
    assert_type(await client.find_studio_root("1"), Studio | None)


async def documents(client: StashClient) -> None:
    """Execute custom documents; the answer has the type that was named."""
    assert_type(await client.execute("{ stats { scene_count } }"), dict[str, Any])
    assert_type(await client.execute("query X($id: ID!) { … }", {"id": "1"}), dict[str, Any])
    assert_type(await client.execute("{ allTags { id } }", None, list[Tag]), list[Tag])
    assert_type(await client.execute("{ findTag(id: 1) { id } }", {}, Tag), Tag)
    assert_type(await client.execute("{ count }", result_type=int), int)
    maybe: Tag | None = await client.execute("{ findTag(id: 1) { id } }", None, Tag | None)
    print(maybe)


async def use_store(client: StashClient, scene: Scene) -> None:
    """Read by id, by filter and from the cache; results have the given class."""
    store = StashEntityStore(client, default_ttl=300)
    StashEntityStore(client, default_ttl=timedelta(minutes=5))
    StashEntityStore(client, default_ttl=None)
    assert_type(await store.get(Tag, "1"), Tag | None)
    assert_type(await store.get(Scene, "1", fields=["studio", "performers"]), Scene | None)
    assert_type(store.get_cached(Scene, "1"), Scene | None)
    assert_type(await store.get_many(Performer, ["1", "2"]), list[Performer])
    assert_type(await store.find(Scene, rating100__gte=80, organized=True), list[Scene])
    assert_type(await store.find_one(Studio, name="Northlight"), Studio | None)
    assert_type(store.find_iter(Scene, query_batch=50), AsyncIterator[Scene])
    async for item in store.find_iter(Scene, organized=False):
        assert_type(item, Scene)
    assert_type(await store.get_or_create(Tag, name="Action"), Tag)
    assert_type(store.filter(Performer, lambda p: p.favorite), list[Performer])
    assert_type(store.all_cached(Tag), list[Tag])
    rated = store.filter_strict(Scene, ["rating100"], lambda s: (s.rating100 or 0) >= 80)
    assert_type(rated, list[Scene])
    large = await store.filter_and_populate(
        Image,
        {"files__size"},
        lambda i: is_set(i.files) and any((f.size or 0) > 1 for f in i.files),
    )
    assert_type(large, list[Image])
    busy = await store.filter_and_populate_with_stats(Tag, ["scenes"], lambda t: t.scenes)
    assert_type(busy, tuple[list[Tag], dict[str, Any]])
    async for performer in store.populated_filter_iter(Performer, ["scenes"], lambda p: True):
        assert_type(performer, Performer)
    assert_type(await store.populate(scene, fields=["studio", "studio__parent__name"]), Scene)
    if is_set(scene.studio) and scene.studio:
        scene.studio = await store.populate(scene.studio, fields=["urls"])
        assert_type(store.missing_fields(scene.studio, "urls", "details"), set[str])
    assert_type(store.missing_fields_nested(scene, "files__path"), set[str])
    assert_type(store.has_fields(scene, "title"), bool)
    store.invalidate(Scene, "1")
    store.invalidate(scene)
    store.set_ttl(Scene, timedelta(hours=1))
    assert_type(store.cache_stats(), CacheStats)
    assert_type(store.cache_stats().by_type, dict[str, int])
    assert_type(await store.delete(scene, delete_file=True), bool)


async def batches(client: StashClient, scene: Scene) -> None:
    """Save objects and mutations in batches; read their outcomes."""
    store = client.store
    tag = Tag.new(name="Horror")
    store.add(tag)
    try:
        assert_type(await store.save_batch([tag, scene]), BatchResult)
        assert_type(await store.save_all(), BatchResult)
    except StashBatchError as error:
        assert_type(error.batch_result, BatchResult)
        for item in error.batch_result.failed:
            assert_type(item, BatchOperation)
            assert_type(item.error, StashError | None)
            print(item.mutation_name)
        print([item.result["id"] for item in error.batch_result.succeeded])
    operations = [BatchOperation("tagCreate", "TagCreateInput!", {"input": {"name": "x"}})]
    result = await client.execute_batch(operations, max_batch_size=100)
    assert_type(result.all_succeeded, bool)
    assert_type(len(result), int)
    assert_type(list(result), list[BatchOperation])
    print(result[0].result["id"], result[0].error)


async def jobs(client: StashClient) -> None:
    """Start jobs, wait for them, look at them and listen to them."""
    job_id = await client.metadata_scan(paths=["/media"], options={"rescan": True})
    assert_type(job_id, str)
    assert_type(await client.metadata_generate(), str)
    assert_type(await client.wait_for_job(job_id, timeout=300), bool | None)
    job = await client.find_job(job_id)
    assert_type(job, Job | None)
    if job is not None and job.status in ["FINISHED", "FAILED", "CANCELLED"]:
        print(f"{job.status}: {job.progress}")
    assert_type(await client.job_queue(), list[Job])
    assert_type(await client.stop_job(job_id), bool)
    assert_type(client.subscribe_to_jobs(), Subscription[JobStatusUpdate])
    async with client.subscribe_to_jobs() as news:
        async for update in news:
            assert_type(update, JobStatusUpdate)
            assert_type(update.job, Job)
            assert_type(update.job.id, str)
            if update.status == "FINISHED":
                print(f"{update.job.id}: {update.status} ({update.progress})")
                break
    async with client.subscribe_to_logs() as lines:
        async for items in lines:
            assert_type(items, list[LogEntry])
    async with client.subscribe_to_scan_complete() as scans:
        async for done in scans:
            assert_type(done, bool)


async def fail() -> None:
    """Catch the library's own errors, and those of gql and httpx."""
    try:
        async with StashContext() as client:
            await client.find_scene("not-an-id")
    except StashGraphQLError as error:
        assert_type(error.message, str)
        assert_type(error.hint, str)
    except TransportQueryError as error:
        print(error.errors)
    except (ConnectError, TimeoutException):
        print("no answer")
