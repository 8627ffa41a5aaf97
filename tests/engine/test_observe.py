"""Reading a library: only wanted fields, and never a part of a state."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
import pytest
from msgspec.structs import replace

from stashsync.engine.observe import (
    IMAGES_AT_ONCE,
    ROWS_AT_ONCE,
    observe,
    observe_images,
    wanted_by,
)
from stashsync.errors import StashConnectionError, StashServerError
from stashsync.kinds import KINDS, Capabilities, Kind
from stashsync.planner import Pair
from stashsync.state import desired_state
from tests.planner.build import SERVER, paired, performer, server_of, studio, tag

Row = dict[str, Any]


class FakeTransport:
    """Entity tags by path; records the requests, and how many run at once."""

    def __init__(self, etags: dict[str, Any]) -> None:
        self.etags = etags
        self.asked: list[tuple[str, str | None]] = []
        self.now = self.most = 0

    async def etag(self, path: str, known: str | None = None) -> str | None:
        """Return the tag, after a while."""
        self.asked.append((path, known))
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        found = self.etags.get(path)
        if isinstance(found, Exception):
            raise found
        return found


class FakeClient:
    """Rows by kind; records what is asked for."""

    def __init__(
        self,
        rows: dict[str, Any],
        server: Capabilities = SERVER,
        etags: dict[str, Any] | None = None,
    ) -> None:
        self.rows = rows
        self.server = server
        self.transport = FakeTransport(etags or {})
        self.selected: dict[str, tuple[set[str], list[str]]] = {}
        self.looked_for: list[tuple[str, set[str], list[str], Mapping[str, Any]]] = []
        self.documents: list[tuple[str, list[str]]] = []

    async def capabilities(self) -> Capabilities:
        """Return what the server can do."""
        return self.server

    async def find_all(
        self,
        kind: Kind,
        fields: Iterable[str],
        *,
        make: Any,
        extra: Iterable[str] = (),
        where: Mapping[str, Any] | None = None,
        progress: Any = None,
    ) -> Any:
        """Return what is made of all rows, or of those with a value in what `where` names."""
        fields, extra = set(fields), list(extra)
        if where is None:
            self.selected[kind.name] = (fields, extra)
        else:
            self.looked_for.append((kind.name, fields, extra, where))
        await asyncio.sleep(0)
        found = self.rows[kind.name]
        if isinstance(found, Exception):
            raise found
        if progress is not None:
            progress(len(found), len(found))
        if where is None:
            return list(map(make, found))
        output = kind.fields[next(iter(fields))].output if fields else extra[0].split()[0]
        return [make({"id": row["id"], output: row[output]}) for row in found if row.get(output)]

    async def execute(self, text: str, variables: dict[str, Any]) -> Any:
        """Rows by id, in that order."""
        self.documents.append((text, variables["ids"]))
        return {"found": {"rows": [self.rows[identifier] for identifier in variables["ids"]]}}


def look(client: FakeClient, **wanted: set[str]) -> Any:
    """Observe the wanted fields."""
    fields = {name: frozenset(names) for name, names in wanted.items()}
    return asyncio.run(observe(fields, client))  # type: ignore[arg-type]  # a fake


def test_what_manifests_mention_is_wanted_and_what_they_refer_to() -> None:
    """A kind that is only referred to comes with no fields."""
    desired = desired_state([performer("P", tags=["T"], details="x"), performer("Q", weight=5)])
    assert wanted_by(desired) == {"tag": set(), "performer": {"name", "tags", "details", "weight"}}
    assert wanted_by(desired_state([tag("A")])) == {"tag": {"name"}}
    assert wanted_by(desired_state([])) == {}


def test_aliases_are_wanted_where_names_may_change() -> None:
    """A performer's new name may be an alias, an old one may become one.

    Source: docs/stash-behaviour.md#performers
    """
    for options in ({"keep_old_name": True}, {"renamed_from": "X"}, {"id": "1"}):
        assert "aliases" in wanted_by(desired_state([performer("P", **options)]))["performer"]
    assert "aliases" not in wanted_by(desired_state([performer("P")]))["performer"]


def test_only_wanted_fields_are_read_and_always_those_of_identity() -> None:
    """Names, and where they share a namespace, aliases; disambiguations of performers."""
    rows: dict[str, list[Row]] = {"tag": [], "studio": [], "performer": []}
    client = FakeClient(rows)
    look(client, tag={"description", "image"}, studio={"parent"}, performer={"details"})
    assert client.selected == {
        "tag": ({"name", "aliases", "description"}, []),
        "studio": ({"name", "aliases", "parent"}, []),
        "performer": ({"name", "disambiguation", "details"}, []),
    }


def test_what_the_server_lacks_is_not_asked_for() -> None:
    """The planner reports it."""
    client = FakeClient({"tag": []}, server_of((0, 27, 2)))
    look(client, tag={"sort_name", "stash_ids"})
    assert client.selected["tag"][0] == {"name", "aliases"}


def test_rows_become_resources() -> None:
    """With canonical values, the key and the id."""
    row = {"id": "5", "name": "Ada", "disambiguation": "", "alias_list": ["b", "a"],
           "tags": [{"id": "9"}, {"id": "10"}]}  # fmt: skip
    (found,) = look(FakeClient({"performer": [row]}), performer={"aliases", "tags"}).of("performer")
    assert found.values == {
        "name": "Ada", "disambiguation": None, "aliases": ["a", "b"], "tags": ["10", "9"]
    }  # fmt: skip
    assert (found.id, found.key, found.kind) == ("5", ("ada", ""), "performer")


def test_what_both_sides_have_is_in_memory_once() -> None:
    """That is most of a library that is in step; what differs is as the server has it."""
    mine = {"description": "seen from afar", "aliases": ["b c", "d e"], "ignore_auto_tag": True}
    desired = desired_state([tag("A b", **mine), tag("Other", description="no more")])
    rows = [
        {"id": "1", "name": "A b", **tag_row(mine)},
        {"id": "2", "name": "other", **tag_row({"description": "still"})},
        {"id": "3", "name": "Third", **tag_row({})},
    ]
    client: Any = FakeClient({"tag": rows}, with_filters("aliases"))
    first, second, third = asyncio.run(observe(wanted_by(desired), client, like=desired)).of("tag")
    same, other = desired.of("tag")
    assert first.values == same.values
    assert first.key is same.key
    for name in ("name", "description", "aliases"):
        assert first.values[name] is same.values[name]
    assert (second.name, second.values["description"], second.key) == ("other", "still", other.key)
    assert (third.name, third.values["description"], third.key) == ("Third", None, ("third",))


def tag_row(values: Mapping[str, Any]) -> Row:
    """Make the row of a server, with texts of its own."""
    decoded: Row = orjson.loads(orjson.dumps(values))
    return {"description": None, "aliases": [], "ignore_auto_tag": False, **decoded}


def test_parents_are_read_from_children() -> None:
    """The server has an index for the way down and none for the way up.

    Source: docs/stash-behaviour.md#cost
    """
    rows = [
        {"id": "1", "name": "A", "aliases": [], "children": [{"id": "3"}, {"id": "2"}]},
        {"id": "2", "name": "B", "aliases": [], "children": [{"id": "3"}]},
        {"id": "3", "name": "C", "aliases": [], "children": []},
        {"id": "4", "name": "D", "aliases": [], "children": [{"id": "77"}]},
    ]
    client = FakeClient({"tag": rows})
    found = look(client, tag={"parents"})
    assert client.selected["tag"] == ({"name", "aliases"}, ["children { id }"])
    assert {item.name: item.values["parents"] for item in found} == {
        "A": [], "B": ["1"], "C": ["1", "2"], "D": []
    }  # fmt: skip


def test_a_failed_reading_gives_no_partial_state() -> None:
    """A failed reading is no empty kind: that would create everything again."""
    client = FakeClient({"tag": [], "studio": StashServerError("502", status=502)})
    with pytest.raises(StashServerError):
        look(client, tag=set(), studio=set())


def pairs_with(*images: tuple[Any, str], kind: Any = tag) -> list[Pair]:
    """Pairs of objects with a desired image, by name and id."""
    desired = [kind(name, image=image) for image, name in images]
    return paired(desired, [kind(name, id=name) for _, name in images])[1]


def look_at_images(pairs: list[Pair], client: FakeClient) -> dict[str, Any]:
    """Observe images; return them by name."""
    asyncio.run(observe_images(pairs, client))  # type: ignore[arg-type]  # a fake
    return {pair.desired.name: pair.observed.values["image"] for pair in pairs if pair.observed}


def test_images_are_compared_by_one_conditional_request() -> None:
    """A file by its digest; a URL and a removal need only to know whether there is one."""
    file = {"file": "a.png", "md5": "aa"}
    pairs = pairs_with((file, "1"), (file, "2"), (file, "3"), ({"url": "u"}, "4"), (None, "5"))
    paths = {"1": "/1", "2": "/2", "3": "/3?t=1&default=true", "4": "/4", "5": ""}
    rows = {
        identifier: {"id": identifier, "image_path": path} for identifier, path in paths.items()
    }
    client = FakeClient(rows, etags={"/1": "aa"})
    assert look_at_images(pairs, client) == {
        "1": {"etag": "aa"}, "2": {"etag": ""}, "3": None, "4": {"etag": ""}, "5": None
    }  # fmt: skip
    assert sorted(client.transport.asked) == [("/1", "aa"), ("/2", "aa")]
    assert len(client.documents) == 1
    assert "image_path" in client.documents[0][0]


def test_images_are_asked_for_only_where_a_manifest_names_one() -> None:
    """Images of objects that do not exist are not requested, either."""
    _, pairs = paired([tag("A"), tag("New", image=None), studio("S")], [tag("A", id="1")])
    client = FakeClient({})
    look_at_images(pairs[:1], client)
    asyncio.run(observe_images(pairs, client))  # type: ignore[arg-type]  # a fake
    assert client.documents == []


def test_many_images_are_asked_for_in_parts_a_few_at_once() -> None:
    """The server reads with ten connections."""
    count = ROWS_AT_ONCE + 3
    pairs = pairs_with(*(({"file": "a", "md5": "x"}, str(number + 1)) for number in range(count)))
    rows = {pair.desired.name: {"id": pair.desired.name, "image_path": "/p"} for pair in pairs}
    client = FakeClient(rows)
    look_at_images(pairs, client)
    assert [len(ids) for _, ids in client.documents] == [ROWS_AT_ONCE, 3]
    assert client.transport.most == IMAGES_AT_ONCE


def test_an_image_that_cannot_be_read_ends_the_reading() -> None:
    """An error is no missing image."""
    pairs = pairs_with(({"file": "a", "md5": "x"}, "1"))
    client = FakeClient(
        {"1": {"id": "1", "image_path": "/p"}}, etags={"/p": StashConnectionError("x")}
    )
    with pytest.raises(StashConnectionError):
        look_at_images(pairs, client)


def test_every_kind_with_several_parents_names_the_way_down() -> None:
    """That is how they are read."""
    for kind in KINDS.values():
        if kind.hierarchy and kind.hierarchy.meaning.shape == "set":
            assert kind.hierarchy.inverse


def with_filters(*criteria: str) -> Capabilities:
    """Make a server whose tags can be filtered by these criteria."""
    return replace(SERVER, inputs={**SERVER.inputs, "TagFilterType": frozenset(criteria)})


def test_nested_lists_are_read_only_where_there_is_something_in_them() -> None:
    """Most objects have none, and each costs the server a query (docs/stash-behaviour.md#cost)."""
    rows = [
        {"id": "1", "name": "A", "aliases": ["x"], "children": [{"id": "2"}]},
        {"id": "2", "name": "B", "aliases": [], "children": []},
    ]
    client = FakeClient({"tag": rows}, with_filters("aliases", "children"))
    heard: list[tuple[str, int, int]] = []

    def hear(kind: str, done: int, count: int) -> None:
        heard.append((kind, done, count))

    wanted = {"tag": frozenset({"parents"})}
    state = asyncio.run(observe(wanted, client, reading=hear))  # type: ignore[arg-type]  # a fake
    assert client.selected == {"tag": ({"name"}, [])}
    assert client.looked_for == [
        ("tag", {"aliases"}, [], {"aliases": {"value": "", "modifier": "NOT_NULL"}}),
        ("tag", set(), ["children { id }"], {"children": {"modifier": "NOT_NULL"}}),
    ]
    assert [(item.values["aliases"], item.values["parents"]) for item in state.of("tag")] == [
        (["x"], []),
        ([], ["1"]),
    ]
    assert heard == [("tag", 2, 2)]


def test_what_no_criterion_finds_is_read_of_all() -> None:
    """An older server may lack one."""
    rows = [{"id": "1", "name": "A", "aliases": [], "children": []}]
    client = FakeClient({"tag": rows}, with_filters("aliases"))
    look(client, tag={"parents"})
    assert client.selected == {"tag": ({"name"}, ["children { id }"])}
    assert len(client.looked_for) == 1
