"""The page of batched mutations: what each block does."""

from __future__ import annotations

from stashsync import BatchOperation, StashBatchError
from stashsync.entities import Image
from tests.spec.blocks import Run, block, read

TEXT = "batched-mutations"


def tags(count: int) -> list[BatchOperation]:
    """So many tags to be made."""
    return [
        BatchOperation("tagCreate", "TagCreateInput!", {"input": {"name": f"Lens {n}"}})
        for n in range(count)
    ]


@block(TEXT, 22, 41)
async def operations(run: Run) -> None:
    await run.place("scene", "1")
    await run.place("tag", "41")
    await run()
    assert run.out == ["{'id': '1', '__typename': 'Scene'}", "{'id': '42', '__typename': 'Tag'}"]
    (document, _) = run.wire.documents[-1]
    assert document.split() == "\n".join(read(TEXT)[44:48]).split()


@block(TEXT, 54, 58)
async def chunks(run: Run) -> None:
    operations = tags(550)
    run.wire.forget()
    await run(ops_list_of_300=operations[:300], ops=operations[300:])
    assert [len(variables) for _, variables in run.wire.documents] == [250, 50, 100, 100, 50]


@block(TEXT, 64, 71)
async def results(run: Run) -> None:
    result = (await run(ops=tags(3)))["result"]
    assert result.all_succeeded
    assert (len(result), len(result.succeeded), result.failed) == (3, 3, [])
    assert (result[0].result["__typename"], result[0].error) == ("Tag", None)


@block(TEXT, 77, 92)
async def save_batch(run: Run) -> None:
    await run.place("scene", "1")
    await run.place("scene", "2")
    await run.place("tag", "10")
    await run()
    assert len(run.wire.mutations) == 1
    assert list(run.wire.inputs()) == [
        {"id": "1", "title": "New Title"},
        {"id": "2", "rating100": 85},
        {"id": "10", "description": "Updated description"},
    ]


@block(TEXT, 104, 113)
async def mixed(run: Run) -> None:
    await run.place("scene", "1")
    names = await run()
    assert list(run.wire.inputs()) == [{"name": "Horror"}, {"id": "1", "tag_ids": ["1"]}]
    assert (await run.client.find_tags()).count == 1
    assert names["scene"].tags == [names["new_tag"]]


@block(TEXT, 119, 126)
async def save_all(run: Run) -> None:
    await run.place("scene", "1")
    await run.place("performer", "1")
    scene, who = await run.client.find_scene("1"), await run.client.find_performer("1")
    names = await run(scene=scene, performer=who)
    assert [name.mutation_name for name in names["result"]] == [
        "tagCreate", "sceneUpdate", "performerUpdate",
    ]  # fmt: skip


@block(TEXT, 134, 149)
async def errors(run: Run) -> None:
    await run.place("tag", "1", name="Lens 1")
    names = await run(ops=tags(3))
    assert run.out[:2] == ["2 succeeded", "1 failed"]
    assert "already exists" in run.out[2]
    assert [line.strip() for line in run.out[3:]] == ["tagCreate: 2", "tagCreate: 3"]
    assert names["StashBatchError"] is StashBatchError


@block(TEXT, 163, 173)
async def bulk(run: Run) -> None:
    await run.place("studio", "42")
    await run.media.pictures()
    ids = [item.id for item in await run.client.store.find(Image)]
    names = await run(image_ids=ids)
    assert [name.studio_id for name in names["images"]] == ["42"] * len(ids)
    full, minimal = (len(text) for text in run.wire.mutations)
    assert full > 300 > minimal
