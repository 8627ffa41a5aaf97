"""The page of the entity store: what each block does."""

from __future__ import annotations

import re
from typing import Any

import pytest

from stashsync.entities import Image, Performer, Scene, Tag
from stashsync.unset import UNSET
from tests.spec.blocks import Run, block, read
from tests.spec.lending import Seen
from tests.support.scripts import made

TEXT = "entity-store"


async def interview(run: Run) -> None:
    """Run a block on performer 123 and a scene with everything."""
    await run.place("performer", "123", favorite=True)
    studio = await run.place("studio", "1", name="North")
    tag = await run.place("tag", "1")
    await run.place(
        "scene", "1", title="an interview",
        performer_ids=["123"], studio_id=studio, tag_ids=[tag],
    )  # fmt: skip


@block(TEXT, 21, 57)
async def overview(run: Run) -> None:
    await interview(run)
    videos = await run.media.videos()
    seen: list[Scene] = []
    names = await run(process=seen.append, done=True)
    assert [str(item.files[0].path) in videos.sizes for item in seen] == [True]  # type: ignore[index]
    assert names["favorites"] == [names["performer"]]
    assert [name.title for name in names["scenes"]] == ["an interview"]
    assert names["scenes"][0].studio.details == ""
    assert {"scenes", "images"} <= names["performer"]._received_fields


FIND = [
    f"find(Scene, {item}"
    for item in (
        "title__contains",
        "title__regex",
        "rating100__gte",
        "rating100__b",
        "studio__null",
    )
]


async def found(run: Run) -> list[list[str]]:
    """Return what each `find` of the block gives."""
    calls: list[Any] = []
    await run(find=lambda *args, **filters: calls.append(run.client.store.find(*args, **filters)))
    return [[str(item.title) for item in await call] for call in calls]


@block(TEXT, 235, 235, breaks=tuple(FIND))
async def lookups(run: Run) -> None:
    studio = await run.place("studio", "1")
    for title, rating in (("exact", 80), ("partially", 75), ("S12", 90)):
        await made(
            run.client, ("scene", {"title": title, "rating100": rating, "studio_id": studio})
        )
    await made(run.client, ("scene", {"title": "alone"}))
    assert await found(run) == [
        ["exact"], ["partially"], ["S12"], ["exact", "S12"],
        ["exact", "partially", "S12"], ["alone"],
    ]  # fmt: skip


@block(TEXT, 239, 239)
async def raw_filter(run: Run) -> None:
    await made(run.client, ("scene", {"title": "x"}), ("scene", {"title": "y"}))
    assert await found(run) == [["y"]]


@block(TEXT, 243, 243)
async def nested_filter(run: Run) -> None:
    jane = await run.place("performer", "1", name="Jane")
    await made(run.client, ("scene", {"title": "x", "performer_ids": [jane]}))
    await made(run.client, ("scene", {"title": "y"}))
    assert await found(run) == [["x"]]


@block(TEXT, 312, 312, breaks=("    process(scene)", "    if done:", "        break"))
async def iteration(run: Run) -> None:
    videos = await run.media.videos()
    await made(run.client, ("scene", {"title": "without a file"}))
    seen: list[Scene] = []
    await run(process=seen.append, done=False)
    assert [item.files[0].path for item in seen] == [  # type: ignore[index]
        path for path in videos.sizes if "/media/" in path
    ]


async def performers(run: Run) -> None:
    """Three performers, of whom one is both good and liked."""
    await made(
        run.client,
        ("performer", {"name": "Ada", "rating100": 90, "favorite": True}),
        ("performer", {"name": "Ben", "rating100": 90}),
        ("performer", {"name": "Cleo", "rating100": 20, "favorite": True}),
    )


async def stubs(run: Run, model: type[Any]) -> None:
    """All objects of the class in the cache, with nothing known of them."""
    found = await run.client.store.find(model)
    run.client.store.invalidate_all()
    for item in found:
        run.client.store.add(model(id=item.id))


@block(TEXT, 418, 418)
async def strict(run: Run) -> None:
    await performers(run)
    await stubs(run, Performer)
    with pytest.raises(ValueError, match="rating100"):
        await run()
    run.client.store.invalidate_all()
    await run.client.store.find(Performer)
    assert [item.name for item in (await run())["high_rated"]] == ["Ada"]


async def pictures(run: Run) -> Seen:
    """Images, of which nothing is known; one of them is large, where there is such."""
    seen = await run.media.pictures()
    await stubs(run, Image)
    return seen


def paths(images: list[Image]) -> list[str]:
    """Where the first file of each is."""
    return [str(image.files[0].path) for image in images]  # type: ignore[index]


@block(TEXT, 422, 422)
async def strict_nested(run: Run) -> None:
    images = await pictures(run)
    with pytest.raises(ValueError, match="files__"):
        await run()
    for item in run.client.store.all_cached(Image):
        await run.client.store.populate(item, fields=["files"])
    assert paths((await run())["large_images"]) == images.large


@block(TEXT, 478, 478)
async def populating(run: Run) -> None:
    await performers(run)
    await stubs(run, Performer)
    run.wire.forget()
    assert [item.name for item in (await run())["high_rated"]] == [
        run.client.store.get_cached(Performer, "1").name  # type: ignore[union-attr]
    ]
    assert len(run.wire.documents) == 1


@block(TEXT, 485, 485)
async def populating_nested(run: Run) -> None:
    images = await pictures(run)
    assert paths((await run())["large_images"]) == images.large


@block(TEXT, 548, 548, breaks=('print(f"Populated', 'print(f"Cache', 'print(f"Found'))
async def statistics(run: Run) -> None:
    await performers(run)
    await stubs(run, Performer)
    await run()
    assert run.out == ["Populated 3 of 3", "Cache hit rate: 0.0%", "Found 2 matches"]


@block(TEXT, 552, 552)
async def statistics_nested(run: Run) -> None:
    images = await pictures(run)
    names = await run()
    assert paths(names["results"]) == images.large
    assert names["stats"]["needed_population"] == len(images.sizes)


@block(TEXT, 610, 610, breaks=("    # Start", "    await expensive_operation(performer)",
                               "    if should_stop:", "        break #"))  # fmt: skip
async def incremental(run: Run) -> None:
    await performers(run)
    await made(
        run.client, *(("scene", {"title": f"{n}", "performer_ids": ["1"]}) for n in range(101))
    )
    await stubs(run, Performer)
    seen: list[str] = []

    async def expensive(performer: Performer) -> None:
        seen.append(performer.id)

    await run(expensive_operation=expensive, should_stop=True)
    assert seen == ["1"]


@block(TEXT, 614, 614)
async def incremental_nested(run: Run) -> None:
    images = await pictures(run)
    seen: list[Image] = []

    async def process(image: Image) -> None:
        seen.append(image)

    await run(process_large_image=process)
    assert paths(seen) == images.large


@block(TEXT, 650, 650, breaks=("'files__path'", ")"))
async def missing_nested(run: Run) -> None:
    await pictures(run)
    (image, *_) = run.client.store.all_cached(Image)
    await run.client.store.populate(image, fields=["title"])
    assert (await run(image=image))["missing"] == {"files__path"}


@block(TEXT, 698, 698)
async def populate_scene(run: Run) -> None:
    await interview(run)
    names = await run(scene=Scene(id="1"))
    assert names["scene"].studio.name == "North"
    assert {"studio", "performers"} <= names["scene"]._received_fields


@block(TEXT, 702, 702)
async def populate_files(run: Run) -> None:
    images = await pictures(run)
    names = await run(image=run.client.store.all_cached(Image)[0])
    assert paths([names["image"]])[0] in images.sizes


@block(TEXT, 706, 706)
async def populate_mixed(run: Run) -> None:
    await interview(run)
    await made(run.client, ("studio", {"name": "Above"}))
    await run.client.update_studio({"id": "1", "parent_id": "2"})
    run.client.store.invalidate_all()
    names = await run(scene=Scene(id="1"))
    assert names["scene"].studio.parent.name == "Above"


@block(TEXT, 710, 710)
async def populate_nested_object(run: Run) -> None:
    await interview(run)
    names = await run(scene=await run.client.find_scene("1"))
    known = await run.client.capabilities()
    assert names["scene"].studio.urls == ([] if known.has_output("Studio", "urls") else UNSET)


@block(TEXT, 714, 714)
async def populate_again(run: Run) -> None:
    await interview(run)
    scene = await run.client.find_scene("1")
    run.wire.forget()
    assert (await run(scene=scene))["scene"] is scene
    assert len(run.wire.documents) == 1


@block(TEXT, 718, 718)
async def populate_member(run: Run) -> None:
    await interview(run)
    names = await run(scene=await run.client.find_scene("1"))
    assert [item.id for item in names["performer"].scenes] == ["1"]


@block(TEXT, 722, 722, breaks=("if missing:", "    scene.studio = await"))
async def populate_missing(run: Run) -> None:
    await interview(run)
    names = await run(scene=await run.client.find_scene("1"))
    assert names["missing"] == {"urls", "details", "aliases"}
    assert names["scene"].studio.aliases == []


@block(TEXT, 811, 812)
async def invalidate(run: Run) -> None:
    await run.place("scene", "123")
    await run.place("scene", "124")
    first, other = await run.client.find_scene("123"), await run.client.find_scene("124")
    assert first
    await run(scene=other)
    assert run.client.store.all_cached(Scene) == []


@block(TEXT, 881, 889)
async def adding(run: Run) -> None:
    names = await run()
    tag: Tag = names["tag"]
    assert run.client.store.get_cached(Tag, tag.id) is tag
    assert not tag.is_new()


@block(TEXT, 923, 939)
async def saving(run: Run) -> None:
    await run.place("scene", "1")
    scene = await run.client.find_scene("1")
    person = Performer.new(name="Ada")
    names = await run(scene=scene, new_performer=person)
    assert not person.is_new()
    run.client.store.invalidate_all()
    again = await run.client.find_scene("1")
    tag = await run.client.find_tag(names["tag"].id)
    assert again
    assert tag
    assert again.performer_ids == [person.id]
    assert tag.description == "Action movies"


@block(TEXT, 983, 984)
async def deleting(run: Run) -> None:
    await run.place("scene", "1")
    scene = await run.client.find_scene("1")
    with pytest.raises(ValueError, match="not found"):  # the second line: it is gone already
        await run(scene=scene)
    assert (await run.client.find_scenes()).count == 0


@block(TEXT, 1034, 1045)
async def get_or_create(run: Run) -> None:
    await run.place("scene", "1")
    await run.place("tag", "1", name="Action")
    names = await run(scene=await run.client.find_scene("1"))
    assert not names["performer"].is_new()
    assert names["tag"].id == "1"
    run.client.store.invalidate_all()
    again = await run.client.find_scene("1")
    assert again
    assert again.performer_ids == [names["performer"].id]


def signatures() -> dict[str, list[str]]:
    """Return the methods that the page documents, with their parameters."""
    text = "\n".join(read(TEXT))
    found = {}
    for name, inside in re.findall(r"^([a-z]\w+)\(([^()]*)\) ->", text, re.MULTILINE):
        found[name] = re.findall(r"(?:^|,|\n)\s*(\*{0,2}\w+)\s*:", inside)
    return found
