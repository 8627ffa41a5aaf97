"""The page of UNSET and temporary ids: what each block does."""

from __future__ import annotations

from typing import Any

import httpx

from stashsync.client import StashContext
from stashsync.entities import Entity, Gallery, Performer, Scene, Studio, Tag
from stashsync.kinds import OnMultipleMatch
from stashsync.unset import UNSET, UnsetType
from stashsync.wire.transport import Transport
from tests.spec.blocks import Run, block

TEXT = "unset-and-uuid"


@block(TEXT, 6, 8)
async def three_states(run: Run) -> None:
    scene = Scene()
    assert (await run(scene=scene))["scene"].title is UNSET


@block(TEXT, 10, 19, shape="0010101001")
async def checking(run: Run) -> None:
    for value in (UNSET, None, "Reel"):
        scene = Scene()
        scene.title = value
        await run(scene=scene)
    assert run.out == ["Never touched", "Explicitly null", "Value: Reel"]


@block(TEXT, 21, 27, shape="0111111")
async def definitions(run: Run) -> None:
    from stashsync.entities import Record

    class StashObject(Record):
        """Annotations alone; the entities have their meanings too."""

    names = await run(StashObject=StashObject, UnsetType=UnsetType)
    fields = names["MyEntity"].model_fields
    assert (fields["name"].default, fields["description"].default) == (UNSET, UNSET)
    assert fields["id"].is_required()


@block(TEXT, 29, 36, shape="01112121")
async def to_input(run: Run) -> None:
    names = await run(Any=Any)
    assert await names["to_input"](Tag(name="a", description=None)) == {
        "name": "a",
        "description": None,
    }
    assert await names["to_input"](Tag(name="a")) == await Tag(name="a").to_input()


@block(TEXT, 38, 52, shape="001212120010010")
async def common_patterns(run: Run) -> None:
    scene = Scene()
    names = await run(scene=scene, some_condition=True)
    assert [names["describe"](item) for item in (UNSET, None, 1)] == ["UNSET", "NULL", "VALUE: 1"]
    assert names["build_input"](a=1, b=None, c=UNSET) == {"a": 1, "b": None}
    assert scene.rating100 == 85


@block(TEXT, 55, 61)
async def temporary_ids(run: Run) -> None:
    await run()
    assert len(run.out[0]) == 32
    assert run.out[1:] == ["True", "False"]


@block(TEXT, 63, 66, shape="0101")
async def new_or_not(run: Run) -> None:
    await run(scene=Scene(title="a"))
    await run(scene=Scene(id="1"))
    assert [item.split()[3] for item in run.out] == ["new", "existing"]


@block(TEXT, 68, 76)
async def save_workflow(run: Run) -> None:
    names = await run()
    assert run.out == [names["scene"].id, "False", "True"]


@block(TEXT, 78, 80)
async def manual_id(run: Run) -> None:
    scene = (await run())["scene"]
    assert (scene.id, scene.is_new()) == ("789", False)


@block(TEXT, 82, 90)
async def detection(run: Run) -> None:
    detected: list[bool] = []

    def note(**values: Any) -> Entity:
        scene = Scene(**values)
        detected.append(scene.is_new())
        return scene

    await run(Scene=note)
    assert detected == [True, True, False, True]


@block(TEXT, 93, 109, shape="00011100000000000")
async def creating(run: Run) -> None:
    names = await run()
    assert names["input_dict"] == {"title": "My Scene", "rating100": None}
    assert run.out[0] == "True"
    assert len(run.out[1]) == 8
    assert run.out[2:] == ["False", names["scene"].id]


@block(TEXT, 111, 120)
async def partial_update(run: Run) -> None:
    await run.place("scene", "123", rating100=5)
    names = await run()
    assert names["input_dict"] == {"id": "123", "title": "Updated Title"}
    assert list(run.wire.inputs()) == [{"id": "123", "title": "Updated Title"}]


@block(TEXT, 122, 130)
async def null_or_unset(run: Run) -> None:
    await run.place("scene", "123", rating100=5, details="kept")
    await run()
    assert list(run.wire.inputs()) == [{"id": "123", "rating100": None}]
    again = await run.client.find_scene("123")
    assert again
    assert (again.rating100, again.details) == (None, "kept")


@block(TEXT, 133, 138, shape="011111")
async def testing_unset(run: Run) -> None:
    await (await run())["test_unset_excluded"]()


@block(TEXT, 140, 155, shape="0111101111111111")
async def testing_ids(run: Run) -> None:
    """The block fakes the server itself: with httpx's own mock in place of respx."""

    class Route:
        def mock(self, return_value: httpx.Response) -> None:
            self.answer = return_value

    class Respx:
        def post(self, url: str) -> Route:
            assert url == "http://localhost:9999/graphql"
            self.route = Route()
            return self.route

    respx = Respx()

    def play(request: httpx.Request) -> httpx.Response:
        aliased = {"op0": {**respx.route.answer.json()["data"]["sceneCreate"]}}
        return httpx.Response(200, json={"data": aliased})

    names = await run(respx=respx, httpx=httpx)
    names["test_new_object_gets_uuid"]()
    async with StashContext() as client:
        known = await client.capabilities()
        client._transport = Transport("http://a.example", inner=httpx.MockTransport(play))
        assert await client.capabilities() is known
        await names["test_save_updates_id"](client)


@block(TEXT, 165, 171)
async def field_annotations(run: Run) -> None:
    names = await run(UNSET=UNSET)
    assert names["title"] is names["description"] is UNSET
    assert names["UnsetType"] is UnsetType


@block(TEXT, 173, 180, shape="00121212")
async def function_annotations(run: Run) -> None:
    process = (await run(UnsetType=UnsetType))["process_field"]
    assert [process(item) for item in (UNSET, None, "a")] == [None, "NULL", "A"]


@block(TEXT, 197, 204)
async def scene_helpers(run: Run) -> None:
    scene = Scene(title="a")
    await run(
        scene=scene, gallery=Gallery(title="g"), performer=Performer(name="p"),
        tag=Tag(name="t"), studio=Studio(name="s"),
    )  # fmt: skip
    assert (scene.galleries, scene.performers, scene.tags) == ([], [], [])
    assert scene.studio
    assert scene.studio.name == "s"


@block(TEXT, 206, 213)
async def tag_helpers(run: Run) -> None:
    tag = Tag(name="a", parents=[], children=[])
    names = await run(tag=tag, parent_tag=Tag(name="p"), child_tag=Tag(name="c"))
    assert (tag.parents, tag.children) == ([], [])
    assert list(names["descendants"]) == list(names["ancestors"]) == []


@block(TEXT, 216, 231, shape="0011000110001110")
async def mapping(run: Run) -> None:
    await run.place("tag", "1", name="Drama")
    names = await run(OnMultipleMatch=OnMultipleMatch)
    tags = await run.client.store.get_many(Tag, names["tag_ids"])
    assert [tag.name for tag in tags] == ["Action", "Drama", "NewTag"]
    assert len(names["studio_ids"]) == len(names["performer_ids"]) == 2


@block(TEXT, 233, 237)
async def hierarchy(run: Run) -> None:
    await run.place("studio", "1", name="Root")
    await run.place("studio", "2", name="Parent", parent_id="1")
    await run.place("studio", "3", name="Child", parent_id="2")
    names = await run(studio_id="3")
    assert [item.name for item in names["hierarchy"]] == ["Root", "Parent", "Child"]
    assert names["root"] is names["hierarchy"][0]
