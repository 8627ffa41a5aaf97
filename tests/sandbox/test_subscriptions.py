"""Subscriptions over a websocket, in both of its protocols."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from stashsync.sandbox import MediaFile, Sandbox, running
from tests.sandbox.client import ask

MODERN, LEGACY = "graphql-transport-ws", "graphql-ws"
JOBS = "subscription {jobsSubscribe {type job {id status progress description error}}}"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@asynccontextmanager
async def socket(
    url: str, protocol: str | None = MODERN, *, init: bool = True, **options: Any
) -> AsyncIterator[ClientConnection]:
    address = url.replace("http", "ws", 1) + "/graphql"
    asked = {"subprotocols": [protocol]} if protocol else {}
    async with connect(address, **asked, **options) as connection:  # type: ignore[arg-type]
        if init:
            await send(connection, type="connection_init")
            assert (await receive(connection))["type"] == "connection_ack"
        yield connection


async def send(connection: ClientConnection, **message: Any) -> None:
    await connection.send(json.dumps(message))


async def receive(connection: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(await asyncio.wait_for(connection.recv(), 5))
    return message


async def subscribe(
    connection: ClientConnection, query: str, id_: str = "1", word: str = "subscribe"
) -> None:
    await send(connection, type=word, id=id_, payload={"query": query})
    await asyncio.sleep(0.1)


async def cut_off(connection: ClientConnection) -> int:
    """Return the code with which the server closes the connection."""
    try:
        while True:
            await receive(connection)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 0


def played(sandbox: Sandbox, story: Any) -> Any:
    with running(sandbox) as url:
        return asyncio.run(story(url))


async def events_until(
    connection: ClientConnection, until: str
) -> list[tuple[str, str, float | None]]:
    events = []
    while not events or events[-1][0] != until:
        data = (await receive(connection))["payload"]["data"]["jobsSubscribe"]
        events.append((data["type"], data["job"]["status"], data["job"]["progress"]))
    return events


def test_a_job_is_reported_from_start_to_end(sandbox: Sandbox) -> None:
    """The events come in this order, whenever the sandbox looks at its clock."""

    async def story(url: str) -> Any:
        async with socket(url) as connection:
            assert connection.subprotocol == MODERN
            await subscribe(connection, JOBS)
            await asyncio.to_thread(ask, sandbox, "mutation {optimiseDatabase}")
            return await events_until(connection, "REMOVE")

    assert played(sandbox, story) == [
        ("ADD", "READY", None),
        ("UPDATE", "RUNNING", None),
        ("UPDATE", "RUNNING", 0.5),
        ("REMOVE", "FINISHED", 1.0),
    ]


def test_a_failing_job_is_reported_as_failed(sandbox: Sandbox) -> None:
    sandbox.jobs.next(error="disk is gone")

    async def story(url: str) -> Any:
        async with socket(url) as connection:
            await subscribe(connection, JOBS)
            await asyncio.to_thread(ask, sandbox, "mutation {optimiseDatabase}")
            return (await events_until(connection, "REMOVE"))[-1]

    assert played(sandbox, story) == ("REMOVE", "FAILED", 0.5)


def test_the_end_of_a_scan_and_the_log_can_be_followed(sandbox: Sandbox) -> None:
    """Several subscriptions share a socket, and their ids tell them apart."""
    sandbox.media.append(MediaFile("/media/a.mp4"))

    async def story(url: str) -> Any:
        async with socket(url) as connection:
            await subscribe(connection, "subscription {scanCompleteSubscribe}", "scan")
            await subscribe(connection, "subscription {loggingSubscribe {level message}}", "log")
            await asyncio.to_thread(ask, sandbox, "mutation {metadataScan(input: {})}")
            events: dict[str, list[Any]] = {"scan": [], "log": []}
            while not events["scan"] or len(events["log"]) < 2:
                message = await receive(connection)
                events[message["id"]].append(message["payload"]["data"])
            return events

    events = played(sandbox, story)
    assert events["scan"] == [{"scanCompleteSubscribe": True}]
    lines = [line["message"] for part in events["log"] for line in part["loggingSubscribe"]]
    assert lines == ["Starting job 1: Scanning...", "Scanning... /media/a.mp4"]


def test_a_completed_subscription_sends_nothing_more(sandbox: Sandbox) -> None:
    async def story(url: str) -> Any:
        async with socket(url) as connection:
            await subscribe(connection, JOBS)
            await send(connection, type="complete", id="1")
            await asyncio.to_thread(ask, sandbox, "mutation {optimiseDatabase}")
            await send(connection, type="ping", payload={"n": 1})
            return await receive(connection)

    assert played(sandbox, story) == {"type": "pong", "payload": {"n": 1}}


def test_queries_and_refused_documents_are_answered_over_the_socket_too(
    sandbox: Sandbox,
) -> None:
    async def story(url: str) -> Any:
        async with socket(url) as connection:
            await send(
                connection, type="subscribe", id="q", payload={"query": "{findTags {count}}"}
            )
            answers = [await receive(connection), await receive(connection)]
            await send(connection, type="subscribe", id="bad", payload={"query": "{nothing}"})
            return [*answers, await receive(connection)]

    data, complete, error = played(sandbox, story)
    assert data["payload"] == {"data": {"findTags": {"count": 0}}}
    assert complete == {"type": "complete", "id": "q"}
    assert (error["type"], error["id"]) == ("error", "bad")
    assert "nothing" in error["payload"][0]["message"]


@pytest.mark.parametrize("protocol", [LEGACY, None])
def test_the_older_protocol_has_its_own_words(sandbox: Sandbox, protocol: str | None) -> None:
    """The older protocol is used if the client asks for none."""

    async def story(url: str) -> Any:
        async with socket(url, protocol) as connection:
            assert (await receive(connection))["type"] == "ka"
            await subscribe(connection, JOBS, word="start")
            await asyncio.to_thread(ask, sandbox, "mutation {optimiseDatabase}")
            message = await receive(connection)
            await send(connection, type="stop", id="1")
            await send(connection, type="connection_terminate")
            await cut_off(connection)
            return message

    message = played(sandbox, story)
    assert (message["type"], message["id"]) == ("data", "1")


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([{"type": "subscribe", "id": "1", "payload": {"query": JOBS}}], 4401),
        ([{"type": "connection_init"}] * 2, 4429),
        ([{"type": "connection_init"}, {"type": "sing"}], 4400),
        (
            [{"type": "connection_init"}]
            + [{"type": "subscribe", "id": "1", "payload": {"query": JOBS}}] * 2,
            4409,
        ),
    ],
)
def test_who_breaks_the_protocol_is_cut_off_with_its_code(
    sandbox: Sandbox, messages: list[dict[str, Any]], code: int
) -> None:
    async def story(url: str) -> Any:
        async with socket(url, init=False) as connection:
            for message in messages:
                await send(connection, **message)
            return await cut_off(connection)

    assert played(sandbox, story) == code


def test_a_socket_needs_the_key_that_requests_need() -> None:
    """The key is a header or part of the address; `connection_init` does not count."""

    async def story(url: str) -> Any:
        with pytest.raises(InvalidStatus) as caught:
            async with socket(url, init=False):
                pass
        async with socket(url, additional_headers={"ApiKey": "secret"}) as connection:
            assert connection.subprotocol == MODERN
        address = url.replace("http", "ws", 1) + "/graphql?apikey=secret"
        async with connect(address, subprotocols=[MODERN]):  # type: ignore[list-item]
            pass
        return caught.value.response.status_code

    with Sandbox(api_key="secret") as sandbox:
        assert played(sandbox, story) == 401
