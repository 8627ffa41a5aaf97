"""Usage patterns: what each block does."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest.mock import patch

import stashsync
from stashsync.entities import Performer, Scene
from tests.spec.blocks import Run, block
from tests.support.scripts import made

TEXT = "usage-patterns"


@block(TEXT, 11, 30)
async def creating(run: Run) -> None:
    names = await run()
    for name in ("scene", "performer", "tag"):
        assert not names[name].is_new()
        assert len(names[name].id) < 32
    assert run.out == [f"Created scene with ID: {names['scene'].id}"]
    who = await run.client.find_performer(names["performer"].id)
    assert who
    assert (who.name, who.birthdate, who.gender) == ("Jane Doe", "1990-05-15", "FEMALE")
    assert (await run.client.find_tags()).tags[0].description == "Action scenes"


@block(TEXT, 41, 59)
async def reading(run: Run) -> None:
    await run.place("scene", "123", title="High", rating100=90)
    await run.place("performer", "456")
    await run.place("studio", "7", name="North")
    names = await run()
    assert names["performer"].name == "performer 456"
    assert run.out[0] == "Found 1 scenes"
    assert run.out[1].strip() == "High: 90"
    assert "North" in run.out
    assert names["studios_result"].count == 7


@block(TEXT, 70, 86)
async def updating(run: Run) -> None:
    await run.place("scene", "123", details="kept")
    await run()
    (value,) = run.wire.inputs()
    assert value == {"id": "123", "title": "Updated Title", "rating100": 90}
    assert run.out == ["Changed fields: {}"]
    again = await run.client.find_scene("123")
    assert again
    assert again.details == "kept"


@block(TEXT, 97, 104)
async def deleting(run: Run) -> None:
    await run.place("scene", "123")
    await run.place("scene", "456")
    await run()
    assert await run.client.find_scene("123") is None
    assert await run.client.find_scene("456") is None
    assert (await run.client.find_scenes()).count == 454


@block(TEXT, 116, 130)
async def single_relation(run: Run) -> None:
    await run.place("scene", "123")
    await run.place("studio", "456")
    names = await run()
    again = await run.client.find_scene("123")
    assert again
    assert again.studio_id == "456"
    assert "scenes" not in names["studio"]._received_fields


@block(TEXT, 141, 159)
async def many_relations(run: Run) -> None:
    await run.place("scene", "123")
    real = [await run.place("performer", item) for item in ("p1", "p2", "p3")]
    names = await run()
    scene = names["scene"]
    again = await run.client.find_scene("123")
    assert again
    assert again.performer_ids == real[:2]
    assert scene.performer_ids == real[1:]
    assert scene.is_dirty()


@block(TEXT, 167, 184)
async def reading_relations(run: Run) -> None:
    studio = await run.place("studio", "5", name="North")
    ada = await run.place("performer", "6", name="Ada")
    await run.place("scene", "123", studio_id=studio, performer_ids=[ada])
    await run()
    assert run.out == ["Studio: North", "Performer: Ada"]


@block(TEXT, 196, 213)
async def basic_store(run: Run) -> None:
    await run.place("scene", "123")
    names = await run()
    assert names["cached_scene"] is names["scene"]
    assert next(iter(run.wire.inputs())) == {"id": "123", "title": "Updated"}
    assert await run.client.find_scene("123") is None
    assert names["store"].get_cached(Scene, "123") is None


@block(TEXT, 224, 250)
async def lookups(run: Run) -> None:
    await made(
        run.client,
        ("scene", {"title": "a test", "rating100": 80, "organized": True, "date": "2024-05-01"}),
        ("scene", {"title": "low", "rating100": 40, "date": "2025-01-01"}),
        ("scene", {"title": "unrated"}),
        ("performer", {"name": "Jane Doe"}),
        ("performer", {"name": "Jane"}),
    )
    names = await run()

    def ids(name: str) -> list[str]:
        return [item.id for item in names[name]]

    assert ids("top_rated") == ["1"]
    assert ids("low_rated") == ["2"]
    assert ids("unrated") == ["3"]
    assert ids("rated") == ["1", "2"]
    assert ids("search") == ["1", "2"]
    assert ids("exact") == ["1"]
    assert ids("date_range") == ["1"]
    assert ids("results") == ["1"]


@block(TEXT, 265, 283)
async def population(run: Run) -> None:
    await run.place("performer", "123")
    await made(run.client, ("scene", {"title": "a", "performer_ids": ["123"]}))
    names = await run()
    performer, missing = names["performer"], names["missing"]
    assert {"scenes", "images"} <= missing
    assert "scenes" not in run.out[0]
    assert {"scenes", "images"} <= performer._received_fields
    assert len(performer.scenes) == 1


@block(TEXT, 294, 308)
async def iteration(run: Run) -> None:
    await made(run.client, *(("scene", {"title": f"Reel {n}"}) for n in range(120)))
    run.wire.forget()
    seen: list[str] = []

    async def organize(scene: Scene) -> None:
        seen.append(scene.id)

    names = await run(organize_scene=organize, done_condition=True)
    assert seen == ["1"]
    assert len(names["all_scenes"]) == 120
    pages = [item["filter"]["per_page"] for _, item in run.wire.documents if "filter" in item]
    assert pages == [50, 1000]
    await run(organize_scene=organize, done_condition=False)
    assert len(seen) == 121


@block(TEXT, 321, 338)
async def raw_filters(run: Run) -> None:
    people = [await run.place("performer", f"performer-id-{n}") for n in (1, 2)]
    tag = await run.place("tag", "tag-id-1")
    base = {"performer_ids": people, "tag_ids": [tag]}
    await run.place("scene", "1", **base, rating100=90)
    await run.place("scene", "2", **base, rating100=80)
    await run.place("scene", "3", **{**base, "performer_ids": people[:1]}, rating100=90)
    names = await run()
    assert [scene.id for scene in names["scenes"].scenes] == ["1"]


@block(TEXT, 349, 369)
async def pagination(run: Run) -> None:
    await made(run.client, *(("scene", {"title": f"Reel {n}"}) for n in range(130)))
    seen: list[str] = []

    async def process(scene: Scene) -> None:
        seen.append(scene.id)

    await run(process_scene=process)
    assert run.out == ["Processing page 1: 100 scenes", "Processing page 2: 30 scenes"]
    assert len(set(seen)) == 130


@block(TEXT, 382, 396)
async def concurrent_reads(run: Run) -> None:
    await made(run.client, ("scene", {"title": "a"}), ("studio", {"name": "b"}))
    await run()
    assert run.out == ["Found 1 scenes", "Found 0 performers", "Found 1 studios"]


@block(TEXT, 400, 415)
async def concurrent_updates(run: Run) -> None:
    await made(run.client, *(("scene", {"title": f"Reel {n}"}) for n in range(12)))
    await run()
    assert (await run.client.find_scenes(scene_filter={"organized": True})).count == 10


@block(TEXT, 425, 444)
async def progress(run: Run) -> None:
    await made(run.client, *(("scene", {"title": f"Reel {n}"}) for n in range(60)))

    async def process(scene: Scene) -> None: ...

    await run(process_scene=process)
    assert run.out == ["Processed 25 scenes", "Processed 50 scenes", "Total processed: 60"]


@block(TEXT, 450, 468)
async def scanning(run: Run) -> None:
    await run.media.scans("/media/videos")
    run.wire.forget()
    names = await run()
    assert run.out == [f"Started job {names['job_id']}", "Job completed successfully"]
    assert names["success"] is True
    (value,) = run.wire.inputs()
    assert value["paths"] == ["/media/videos"]
    assert value["scanGeneratePreviews"] is False


@block(TEXT, 472, 491)
async def polling(run: Run) -> None:
    await run.media.scans("/media")

    async def brief(seconds: float) -> None:
        await sleep(0.01)

    sleep = asyncio.sleep
    asyncio.sleep = brief  # type: ignore[assignment]  # the block waits five seconds a time
    try:
        names = await run()
    finally:
        asyncio.sleep = sleep
    assert names["job"].status == "FINISHED"
    assert run.out[-1].startswith("Status: FINISHED, Progress: ")


@block(TEXT, 495, 505)
async def subscribing(run: Run) -> None:
    await run.media.scans()

    async def start() -> None:
        await asyncio.sleep(0.2)
        await run.client.metadata_scan()

    started = asyncio.create_task(start())
    async with asyncio.timeout(20):
        with patch.object(stashsync, "StashContext", run.context):  # HTTP alone is led elsewhere
            names = await run()
    await started
    assert run.out[-1] == f"Job {names['update'].job.id} completed!"


@block(TEXT, 518, 531)
async def mapping(run: Run) -> None:
    await run.place("scene", "123")
    await made(run.client, ("performer", {"name": "John Smith"}))
    names = await run()
    assert run.out == ["Mapped 3 names to 3 IDs"]
    people = await run.client.store.get_many(Performer, names["performer_ids"])
    assert [person.name for person in people] == ["Jane Doe", "John Smith", "Alice Wonder"]
    again = await run.client.find_scene("123")
    assert again
    assert sorted(again.performer_ids or ()) == sorted(names["performer_ids"])


@block(TEXT, 548, 561)
async def hierarchy(run: Run) -> None:
    root = await run.place("studio", "1", name="Root")
    middle = await run.place("studio", "2", name="Middle", parent_id=root)
    await run.place("studio", "studio-123", name="Leaf", parent_id=middle)
    await run()
    assert [item.strip() for item in run.out] == [
        "Studio hierarchy:", "Root", "Middle", "Leaf", "Root studio: Root",
    ]  # fmt: skip


@block(TEXT, 567, 578)
async def graphql_errors(run: Run) -> None:
    await run()
    (line,) = run.out
    assert line.startswith("GraphQL query error: ")


@block(TEXT, 582, 593)
async def validation_errors(run: Run) -> None:
    await run()
    assert run.out[0] == "Validation errors:"
    assert "rating100" in run.out[1]
    assert "100" in run.out[1].split(": ", 1)[1]


@block(TEXT, 597, 606)
async def connection_errors(run: Run) -> None:
    from stashsync.wire.failures import ConnectFailure, ReadTimeoutFailure

    await run()
    assert run.out == []
    failures: list[tuple[Any, str]] = [
        (ConnectFailure("no", sent=False), "Cannot connect to Stash server"),
        (ReadTimeoutFailure("slow"), "Request timed out"),
    ]
    for failure, line in failures:

        async def fail(*args: Any, failure: Exception = failure, **options: Any) -> Any:
            raise failure

        run.wire.send = fail  # type: ignore[method-assign]
        await run()
        assert run.out.pop() == line
