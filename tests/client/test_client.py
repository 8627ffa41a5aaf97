"""The client: documents, pages and batches over one transport."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest
from gql.transport.exceptions import TransportQueryError

from stashsync.client import PagesMovedError, StashClient
from stashsync.client.paging import READINGS, SIDE_BY_SIDE, read_all
from stashsync.errors import StashConnectionError, StashGraphQLError, StashServerError
from stashsync.kinds import KINDS
from stashsync.unset import UNSET
from stashsync.wire.operations import BatchOperation
from stashsync.wire.transport import Transport
from tests.wire.fakes import ok, scripted

TAG = KINDS["tag"]


class Library:
    """A server with tags numbered from 1; `before_page` may change them between pages."""

    def __init__(self, count: int) -> None:
        self.ids = list(range(1, count + 1))
        self.pages: list[int] = []
        self.in_flight = self.most_in_flight = 0
        self.before_page: Callable[[int], None] = lambda page: None

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """Return one page by its position, as the real server does."""
        asked = orjson.loads(request.content)["variables"]["filter"]
        assert (asked["sort"], asked["direction"]) == ("id", "ASC")
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        await asyncio.sleep(0.001)
        self.before_page(asked["page"])
        self.pages.append(asked["page"])
        start = (asked["page"] - 1) * asked["per_page"]
        rows = [{"id": str(item)} for item in self.ids[start : start + asked["per_page"]]]
        self.in_flight -= 1
        return ok({"found": {"count": len(self.ids), "rows": rows}})

    def read(self, per_page: int) -> list[int]:
        """Return the ids of all rows, read in pages."""

        async def run() -> list[dict[str, Any]]:
            inner = httpx.MockTransport(self.answer)
            async with Transport("stash.example", inner=inner) as transport:
                return await read_all(transport, "query { x }", dict, per_page=per_page)

        return [int(row["id"]) for row in asyncio.run(run())]


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 95])
def test_all_rows_come_once_each_and_by_id(count: int) -> None:
    """Also where the last page is full, or there is no page; 10 comes after 9, not after 1."""
    library = Library(count)
    assert library.read(10) == list(range(1, count + 1))
    assert sorted(library.pages) == list(range(1, max(1, -(-count // 10)) + 1))


def test_pages_are_read_side_by_side_but_not_all_at_once() -> None:
    """The first page gives the count; then only a few are in flight at a time."""
    library = Library(400)
    library.read(10)
    assert library.most_in_flight == SIDE_BY_SIDE
    assert library.pages[0] == 1


def test_several_readings_of_one_client_share_their_slots() -> None:
    """Kinds are read side by side, with the same limit of pages in flight."""
    library = Library(200)

    async def answer(request: httpx.Request) -> httpx.Response:
        if "Capabilities" in orjson.loads(request.content)["query"]:
            return ok(CAPABLE)
        return await library.answer(request)

    async def run() -> None:
        async with Transport("stash.example", inner=httpx.MockTransport(answer)) as transport:
            client = StashClient(transport)
            kinds = [kind for kind in KINDS.values() if not kind.saved_whole]
            reading = [client.find_all(kind, [], per_page=10) for kind in kinds]
            assert [len(rows) for rows in await asyncio.gather(*reading)] == [200] * len(kinds)

    asyncio.run(run())
    assert library.most_in_flight == SIDE_BY_SIDE


def test_progress_is_reported_after_each_page() -> None:
    """The number of rows so far, and the number of all."""
    library, reported = Library(25), []

    async def run() -> None:
        inner = httpx.MockTransport(library.answer)
        async with Transport("stash.example", inner=inner) as transport:
            await read_all(
                transport,
                "query { x }",
                dict,
                per_page=10,
                progress=lambda *state: reported.append(state),
            )

    asyncio.run(run())
    assert sorted(reported) in ([(10, 25), (15, 25), (25, 25)], [(10, 25), (20, 25), (25, 25)])


def test_a_library_that_changes_meanwhile_is_read_again() -> None:
    """A deleted row moves another row to a page that was read already."""
    library = Library(40)

    def remove_one(page: int) -> None:
        if page == 3:
            library.ids.remove(1)
            library.before_page = lambda page: None

    library.before_page = remove_one
    assert library.read(10) == list(range(2, 41))
    assert len(library.pages) > 4


def test_a_row_that_comes_twice_is_noticed_although_the_count_is_right() -> None:
    """If one row comes twice, another one is missing."""
    library = Library(40)

    def slip(page: int) -> None:
        if page == 4:
            library.ids = [1, *range(1, 40)]
            library.before_page = right

    def right(page: int) -> None:  # the signature of `before_page`
        library.ids = list(range(1, 41))

    library.before_page = slip
    assert library.read(10) == list(range(1, 41))
    assert library.pages.count(1) == 2


def test_a_library_that_changes_in_every_reading_is_an_error() -> None:
    """After a few readings, with the advice to wait."""
    library = Library(30)
    library.before_page = lambda page: library.ids.append(library.ids[-1] + 1)
    with pytest.raises(PagesMovedError, match=f"each of {READINGS} readings") as caught:
        library.read(10)
    assert "Wait" in caught.value.hint


def test_a_page_that_fails_cancels_the_others() -> None:
    """The error is raised, and no request goes on in the background."""
    library = Library(400)

    async def run() -> None:
        async def answer(request: httpx.Request) -> httpx.Response:
            if orjson.loads(request.content)["variables"]["filter"]["page"] == 2:
                return ok(None, [{"message": "no page 2", "path": ["found"]}])
            return await library.answer(request)

        async with Transport("stash.example", inner=httpx.MockTransport(answer)) as transport:
            with pytest.raises(StashGraphQLError, match="no page 2"):
                await read_all(transport, "query { x }", dict, per_page=10)
            assert len(asyncio.all_tasks()) == 1

    asyncio.run(run())
    assert len(library.pages) < 20


@pytest.mark.parametrize("data", [{"found": None}, {"other": 1}, {"found": {"count": 1}}])
def test_an_answer_of_other_shape_is_a_clear_error(data: dict[str, Any]) -> None:
    """It is no KeyError of our own code."""
    transport, _ = scripted(ok(data))
    with pytest.raises(StashServerError, match="something else"):
        asyncio.run(read_all(transport, "query { x }", dict))


def test_a_page_holds_at_least_one_row() -> None:
    """The server takes 0 and negative numbers for something else."""
    transport, _ = scripted()
    with pytest.raises(ValueError, match="per_page"):
        asyncio.run(read_all(transport, "query { x }", dict, per_page=0))


CAPABLE = {
    "version": {"version": "v0.30.1"},
    "systemStatus": {"status": "OK", "appSchema": 75, "databasePath": "", "configPath": ""},
    "__schema": {"queryType": {"fields": []}, "mutationType": {"fields": []}},
    "o0": {"name": "Tag", "fields": [{"name": "id"}, {"name": "name"}]},
}


def _client(*entries: Any) -> tuple[StashClient, Any]:
    transport, script = scripted(*entries)
    return StashClient(transport), script


def test_capabilities_are_asked_for_once_and_shape_every_query() -> None:
    """A field that the server lacks is not asked for."""
    page = ok({"found": {"count": 1, "rows": [{"id": "1", "name": "Camera"}]}})
    client, script = _client(ok(CAPABLE), page, page, ok({"one": None}))

    async def run() -> None:
        async with client:
            assert (await client.capabilities()).release == (0, 30, 1)
            rows = await client.find_all(TAG, ["name", "stash_ids"], extra=["children { id }"])
            assert rows == [{"id": "1", "name": "Camera"}]
            where = {"favorite": True}
            found = await client.find_page(TAG, ["name"], page=2, per_page=5, where=where)
            assert (found.count, len(found.rows)) == (1, 1)
            assert await client.find_one(TAG, "7", ["name"]) is None

    asyncio.run(run())
    _, everything, one_page, by_id = script.bodies
    assert "{ id name children { id } }" in everything["query"]
    assert everything["variables"]["filter"]["per_page"] == 1000
    assert one_page["variables"]["where"] == {"favorite": True}
    assert one_page["variables"]["filter"]["page"] == 2
    assert by_id["variables"] == {"id": "7"}


def test_a_count_asks_for_no_rows() -> None:
    """One number for all that match."""
    client, script = _client(ok({"found": {"count": 12}}), ok({"found": {"count": 3}}))
    assert asyncio.run(client.count(TAG)) == 12
    assert asyncio.run(client.count(TAG, {"favorite": True})) == 3
    assert "per_page: 0" in script.bodies[0]["query"]
    assert script.bodies[1]["variables"] == {"where": {"favorite": True}}


def test_any_document_can_be_executed() -> None:
    """Data comes back; errors are raised, and gql's clause catches them."""
    client, script = _client(ok({"a": 1}), ok(None, [{"message": "no"}]))
    assert asyncio.run(client.execute("query Q { a }", operation_name="Q")) == {"a": 1}
    assert script.bodies == [{"query": "query Q { a }", "operationName": "Q"}]
    with pytest.raises(TransportQueryError, match="no"):
        asyncio.run(client.execute("{ a }"))


def test_a_batch_goes_out_over_the_client() -> None:
    """The batch is sent in chunks of the given size."""
    client, script = _client(ok({"op0": {"id": "1"}}), ok({"op0": {"id": "2"}}))
    operations = [
        BatchOperation("tagCreate", "TagCreateInput!", {"input": {"name": name}})
        for name in ("Camera", "Lens")
    ]
    result = asyncio.run(client.execute_batch(operations, max_batch_size=1))
    assert [item.result["id"] for item in result] == ["1", "2"]
    assert len(script.requests) == 2


def test_unset_within_variables_is_left_out() -> None:
    """At any depth, of a batch and of a single document: the key is not sent, not even as null."""
    client, script = _client(ok({"op0": {"id": "1"}}), ok({"a": 1}))
    values = {"id": "1", "name": UNSET, "stash_ids": ({"endpoint": "x", "stash_id": UNSET},)}
    operation = BatchOperation("tagUpdate", "TagUpdateInput!", {"input": values})
    assert asyncio.run(client.execute_batch([operation])).all_succeeded
    asyncio.run(client.execute("query Q($f: F) { a }", {"f": {"q": UNSET, "page": 1}}))
    assert [body["variables"] for body in script.bodies] == [
        {"input0": {"id": "1", "stash_ids": [{"endpoint": "x"}]}},
        {"f": {"page": 1}},
    ]


def test_leaving_the_client_closes_its_transport() -> None:
    """Connections do not outlive it."""
    client, _ = _client(ok({}))

    async def run() -> None:
        async with client as entered:
            assert entered is client
            transport = entered.transport
        await transport.send("{ a }")

    with pytest.raises(StashConnectionError, match="closed"):
        asyncio.run(run())
