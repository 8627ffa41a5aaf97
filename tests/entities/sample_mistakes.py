"""Mistakes that a type checker finds: mypy has to report each marked line, and no other."""

from __future__ import annotations

from stashsync import Performer, Scene, StashClient, Studio, Tag, is_set


async def mistakes(client: StashClient, scene: Scene) -> None:
    """Make one mistake a line."""
    Scene(titel="Fog")  # mistake: no such field
    Scene(rating100="high")  # mistake: not a number
    scene.title = 5  # mistake: not a text
    Studio(name="North", parent_studio=Tag(name="Above"))  # mistake: not a studio
    Performer(name="Ada").alias_list = "A."  # mistake: not a list
    Performer(name="Ada", height=170)  # mistake: it is called height_cm
    scene.organized = None  # mistake: a flag cannot be null
    scene.performers = [Tag(name="Ada")]  # mistake: not performers
    scene.tags.append(Performer(name="Ada"))  # mistake: not a tag
    scene.tags.push(Tag(name="Fog"))  # mistake: lists have no such method
    print(scene.tagz)  # mistake: no such field
    for tag in scene.tags:
        print(tag.nam)  # mistake: no such field
    wanted: list[Tag] = scene.tags  # mistake: may not be loaded
    size: int = wanted[0].name  # mistake: a text, or not loaded
    print(size)
    print(scene.studio.name)  # mistake: may be none
    if is_set(scene.studio):
        print(scene.studio.name)  # mistake: may be none
    scene.add_performer(Tag(name="Ada"))  # mistake: not a performer
    found = await client.find_scene("1")
    print(found.title)  # mistake: there may be none
    print((await client.find_scenes()).performers)  # mistake: these are scenes
    other: Scene | None = await client.store.get(Performer, "1")  # mistake: not a scene
    print(other)
    client.store.get(Scene)  # mistake: of which id?
    scene.tag_ids = await client.map_tag_ids(["Fog"])  # mistake: some may be None
    await client.find_scenes(pages=2)  # mistake: no such argument
    await client.find_scenes({"titel": {"value": "x", "modifier": "EQUALS"}})  # mistake: no such
    await client.find_scenes({"title": {"value": 5, "modifier": "EQUALS"}})  # mistake: no text
    await client.find_scenes(filter_={"per_page": "all"})  # mistake: not a number
    await client.wait_for_job("1", timeout="5 minutes")  # mistake: seconds
    news = client.subscribe_to_jobs()
    async for update in news:
        print(update.percent)  # mistake: no such word
    number: int = await client.execute("{ count }", None, str)  # mistake: a text was asked for
    print(number)
