"""Names and objects to ids; studios to their roots."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Any

import httpx
import pytest
from graphql import parse, validate

from stashsync.client import StashClient
from stashsync.client.hierarchy import hierarchy_document
from stashsync.client.name_lookup import columns
from stashsync.entities import Performer, Studio, Tag
from stashsync.errors import StashBatchError, StashConnectionError, StashServerError
from stashsync.kinds import KINDS
from stashsync.kinds.enums import OnMultipleMatch
from stashsync.wire import documents
from tests.client.parts import on_sandbox, scripted_client
from tests.support.introspection import RELEASES, schema
from tests.support.scripts import Wire, made, play
from tests.support.servers import Tap

LENS = ("tag", {"name": "Lens", "aliases": ["Objective"]})
ZOOM = ("tag", {"name": "Zoom_lens"})


@pytest.mark.row("G1", "G2")
def test_ids_come_in_the_order_of_what_was_given() -> None:
    """Names, aliases and objects mixed; a missing one keeps its place as None."""

    async def story(client: StashClient, tap: Tap) -> None:
        known = Tag(id="42", name="Known elsewhere")
        items = ["zoom_LENS", "Nothing", " Lens ", known, "objective", Tag(name="LENS"), "lens"]
        assert await client.map_tag_ids(items) == ["2", None, "1", "42", "1", "1", "1"]
        assert len(tap.documents) == 1
        assert await client.map_tag_ids([]) == []
        assert await client.map_tag_ids([known]) == ["42"]
        assert len(tap.documents) == 1

    on_sandbox(story, LENS, ZOOM)


@pytest.mark.row("G1")
@pytest.mark.fault("12 one by name")
def test_many_names_cost_one_request_for_250_and_all_creates_one_batch() -> None:
    """The names are looked up together, and the missing ones are created together."""

    async def story(client: StashClient, tap: Tap) -> None:
        names = [f"Filter {n}" for n in range(250)]
        ids = await client.map_tag_ids(names, create=True)
        assert len(set(ids)) == 250
        assert len(tap.documents) == 2
        assert await client.map_tag_ids([*names, "Lens"]) == [*ids, "1"]
        assert len(tap.documents) == 4

    on_sandbox(story, LENS)


@pytest.mark.row("G1")
def test_what_is_missing_is_made_once_however_often_it_is_named() -> None:
    """A new object is made with all its values, and knows its id afterwards."""

    async def story(client: StashClient, tap: Tap) -> None:
        drone = Tag(name="Drone", description="It flies.", aliases=["Copter"])
        ids = await client.map_tag_ids(["drone", drone, "Lens", "Tripod", " DRONE"], create=True)
        assert ids == ["2", "2", "1", "3", "2"]
        assert (drone.id, drone.is_new(), drone.is_dirty()) == ("2", False, False)
        row = await client.find_one(KINDS["tag"], "2", ["name", "description", "aliases"])
        assert row == {"id": "2", "name": "Drone", "description": "It flies.",
                       "aliases": ["Copter"]}  # fmt: skip
        assert await client.map_tag_ids([Tag(name="copter")], create=True) == ["2"]

    on_sandbox(story, LENS)


@pytest.mark.row("G1")
@pytest.mark.parametrize(("kind", "model"), [("tag", Tag), ("studio", Studio),
                                            ("performer", Performer)])  # fmt: skip
def test_no_temporary_id_is_given_for_an_object(kind: str, model: Any) -> None:
    """A new object stands for what has its name, or is made, or keeps its place as None."""

    async def story(client: StashClient, tap: Tap) -> None:
        call: Any = getattr(client, f"map_{kind}_ids")
        known, missing = model(name="known"), model(name="Missing")
        assert await call([missing, known, "Known", "nothing"]) == [None, "1", "1", None]
        assert missing.is_new()
        assert len(tap.documents) == 1
        assert await call([missing, "MISSING", known], create=True) == ["2", "2", "1"]
        assert missing.id == "2"
        assert await call([missing]) == ["2"]

    on_sandbox(story, (kind, {"name": "Known"}))


@pytest.mark.row("G1")
def test_wildcards_in_names_are_literal() -> None:
    """EQUALS would find "axb" for "a_b", and everything for "%"."""

    async def story(client: StashClient, tap: Tap) -> None:
        assert await client.map_tag_ids(["a_b", "%", "A%"]) == [None, None, None]
        # a pattern goes before what it matches: the server would refuse it afterwards
        ids = await client.map_studio_ids(["axb", "a_b", "a%"], create=True)
        assert sorted(ids) == ["1", "2", "3"]
        assert await client.map_studio_ids(["a%", "a_b", "axb"]) == ids[::-1]

    on_sandbox(story, ("tag", {"name": "axb"}))


@pytest.mark.row("G2")
def test_a_name_of_several_performers_is_as_the_caller_decides() -> None:
    """The first of them, none of them; a disambiguation tells them apart."""
    two = [("performer", {"name": "Ada", "disambiguation": item}) for item in ("poet", "cook")]
    plain = ("performer", {"name": "Ben", "alias_list": ["Ada"]})

    async def story(client: StashClient, tap: Tap) -> None:
        none = OnMultipleMatch.RETURN_NONE
        assert await client.map_performer_ids(["Ada", "Ben"]) == ["1", "3"]
        assert await client.map_performer_ids(["ada"], True, OnMultipleMatch.RETURN_LIST) == ["1"]
        assert await client.map_performer_ids(["Ada", "Ben"], create=True, on_multiple=none) == [
            None, "3"]  # fmt: skip
        cook, pilot = (Performer(name="Ada", disambiguation=item) for item in ("COOK", "pilot"))
        assert await client.map_performer_ids([cook, pilot], create=True) == ["2", "4"]
        await made(client, ("performer", {"name": "Ada"}))
        assert await client.map_performer_ids(["Ada"]) == ["5"]  # the one without disambiguation
        assert await client.map_performer_ids([Performer(name="Ben")]) == ["3"]

    on_sandbox(story, *two, plain)


@pytest.mark.row("G2")
def test_an_alias_finds_a_performer_where_no_name_does() -> None:
    """Aliases are compared without case, as names are."""

    async def story(client: StashClient, tap: Tap) -> None:
        assert await client.map_performer_ids(["B. Example"]) == ["1"]

    on_sandbox(story, ("performer", {"name": "Ben", "alias_list": ["b. example"]}))


@pytest.mark.fault("5 map_ids")
def test_a_failed_read_is_an_error_and_never_a_create() -> None:
    """Fault 5: a search that failed looked like "not found", and duplicates were made."""
    broken = httpx.ReadError("broken")
    client, script = scripted_client([broken] * 4)

    async def story() -> None:
        with pytest.raises(StashConnectionError):
            await client.map_tag_ids(["Lens", "Drone"], create=True)

    asyncio.run(story())
    assert all(body["query"].startswith("query") for body in script.bodies)


def test_an_alias_of_a_new_object_means_that_object() -> None:
    """It is not made beside it: names and aliases of tags share one namespace."""

    async def story(client: StashClient, tap: Tap) -> None:
        drone = Tag(name="Drone", aliases=["Copter"])
        assert await client.map_tag_ids(["copter", drone, "Tripod"], create=True) == ["1", "1", "2"]
        assert await client.map_tag_ids(["Copter"]) == ["1"]

    on_sandbox(story)


def test_what_the_server_refuses_is_in_the_account_and_the_rest_is_made() -> None:
    """A new object that bears the name of another as its alias, between two good ones."""

    async def story(client: StashClient, tap: Tap) -> None:
        drone = Tag(name="Drone")
        with pytest.raises(StashBatchError) as caught:
            await client.map_tag_ids(
                [drone, Tag(name="Glass", aliases=["Lens"]), "Tripod"], create=True
            )
        assert [item.status.value for item in caught.value.batch_result] == [
            "applied", "failed", "applied"]  # fmt: skip
        assert (drone.id, drone.is_new()) == ("2", False)

    on_sandbox(story, LENS)


def test_what_is_no_name_is_refused_before_anything_is_asked() -> None:
    """Blank names, other kinds, numbers, and objects that refer to unsaved ones."""

    async def story(client: StashClient, tap: Tap) -> None:
        for wrong in (" ", Tag(description="nameless")):
            with pytest.raises(ValueError, match="blank"):
                await client.map_tag_ids([wrong], create=True)
        for odd in (Studio(name="Lens"), 5):
            with pytest.raises(TypeError, match="names or objects of Tag"):
                await client.map_tag_ids([odd])  # type: ignore[list-item]
        with pytest.raises(TypeError, match="a list of names"):
            await client.map_tag_ids("Lens")
        assert tap.documents == []
        child = Tag(name="Wide lens", parents=[Tag(name="New parent")])
        with pytest.raises(ValueError, match="first"):
            await client.map_tag_ids([child], create=True)
        assert all(text.startswith("query") for text, _ in tap.documents)

    on_sandbox(story)


# -- hierarchy -----------------------------------------------------------------------------------


def chain(length: int) -> list[tuple[str, dict[str, Any]]]:
    """Studios, each below the one before."""
    return [
        ("studio", {"name": f"Studio {n}", **({"parent_id": str(n)} if n else {})})
        for n in range(length)
    ]


@pytest.mark.row("G3")
@pytest.mark.fault("12 hierarchy")
@pytest.mark.parametrize(("length", "requests"), [(1, 1), (3, 1), (4, 1), (5, 2), (20, 3)])
def test_a_studio_is_followed_to_its_root_however_deep_it_lies(length: int, requests: int) -> None:
    """Other libraries stop after two levels and return a wrong root."""

    async def story(client: StashClient, tap: Tap) -> None:
        hierarchy = await client.find_studio_hierarchy(str(length))
        assert [item.name for item in hierarchy] == [f"Studio {n}" for n in range(length)]
        assert len(tap.documents) == requests
        for above, below in pairwise(hierarchy):
            assert below.parent is not None
            assert below.parent.id == above.id  # type: ignore[union-attr]
        root = await client.find_studio_root(length)
        assert root is not None
        assert (root.id, root.name) == ("1", "Studio 0")
        assert root.parent is None

    on_sandbox(story, *chain(length))


@pytest.mark.row("G3")
def test_a_studio_that_is_not_there_has_no_hierarchy() -> None:
    """None and an empty list, as with every other find."""

    async def story(client: StashClient, tap: Tap) -> None:
        assert await client.find_studio_hierarchy("9") == []
        assert await client.find_studio_root("9") is None

    on_sandbox(story)


@pytest.mark.row("G3")
def test_a_circle_of_studios_is_an_error_and_no_endless_loop() -> None:
    """Stash refuses circles, but not every library was made by Stash alone."""

    def level(identifier: str, above: Any) -> dict[str, Any]:
        return {"id": identifier, "name": f"Studio {identifier}", "parent_studio": above}

    async def story() -> None:
        for answer in (level("1", level("2", level("1", None))), level("1", {"id": "1"})):
            client, _ = scripted_client([{"one": answer}, {"one": answer}])
            client._capabilities = on_sandbox_capabilities
            with pytest.raises(StashServerError, match="circle"):
                await client.find_studio_root("1")

    on_sandbox_capabilities = on_sandbox(lambda client, tap: client.capabilities())
    asyncio.run(story())


@pytest.mark.parametrize("release", RELEASES)
def test_every_document_is_valid_on_every_release(release: str) -> None:
    """Look-ups of all three kinds, and of parents."""
    recorded = schema(release)
    texts = [
        documents.find_for_each(kind, columns(kind), 3)
        for kind in (KINDS["tag"], KINDS["studio"], KINDS["performer"])
    ]

    class Server:
        def has_output(self, type_name: str, field: str) -> bool:
            return field in recorded.type_map[type_name].fields  # type: ignore[attr-defined]

    texts.append(hierarchy_document(Server(), 4))  # type: ignore[arg-type]
    for text in texts:
        assert validate(recorded, parse(text)) == []


@pytest.mark.row("G1")
def test_tasks_that_miss_the_same_names_make_them_once() -> None:
    """Scripts that handle many scenes at the same time ask for the same names."""

    async def story(client: StashClient, tap: Tap) -> None:
        names = (["Fog", "Rain"], ["rain", "Snow"], ["Snow", "Fog"])
        found = await asyncio.gather(*(client.map_tag_ids(name, create=True) for name in names))
        assert {id_ for ids in found for id_ in ids} == {"1", "2", "3"}
        assert (found[0][1], found[1][1]) == (found[1][0], found[2][0])
        with pytest.raises(ValueError, match="not a valid OnMultipleMatch"):
            await client.map_tag_ids(["Fog"], on_multiple="first")  # type: ignore[call-overload]
        assert tap.documents

    on_sandbox(story)


@pytest.mark.row("G1")
@pytest.mark.parametrize("first", ["mapped", "saved"])
@pytest.mark.parametrize("by_store", [True, False], ids=["by the store", "by itself"])
def test_what_is_mapped_and_saved_at_once_is_made_once(first: str, by_store: bool) -> None:
    """The second waits for the first, and returns its id."""

    async def story(client: StashClient, tap: Tap) -> None:
        tag = Tag.new(name="Fog")
        mapped = client.map_tag_ids([tag, "fog", "Rain"], create=True)
        saved = client.store.save(tag) if by_store else tag.save(client)
        if first == "mapped":
            ids, _ = await asyncio.gather(mapped, saved)
        else:
            _, ids = await asyncio.gather(saved, mapped)
        assert ids[:2] == [tag.id, tag.id]
        assert [item.name for item in (await client.find_tags()).tags] in (
            ["Fog", "Rain"],
            ["Rain", "Fog"],
        )

    on_sandbox(story)


def test_inputs_are_mapped_as_new_objects_are() -> None:
    """A dict has the values to create with; one with an id stands for that."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("tag", {"name": "Fog"}))
        given = [{"name": "fog"}, {"name": "Rain", "description": "wet"}, {"id": 7, "name": "x"}]
        assert await client.map_tag_ids(given) == ["1", None, "7"]
        assert await client.map_tag_ids([*given, "Rain"], create=True) == ["1", "2", "7", "2"]
        rain = await client.find_tag("2")
        assert rain is not None
        assert rain.description == "wet"
        ada = {"name": "Ada", "disambiguation": "the camera", "alias_list": ["A."]}
        (identifier,) = await client.map_performer_ids([ada], create=True)
        performer = await client.find_performer(identifier)
        assert performer is not None
        assert performer.aliases == ["A."]

    play(story)
