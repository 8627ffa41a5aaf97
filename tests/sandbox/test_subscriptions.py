"""Subscriptions over a websocket, in both protocols."""

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
    with Sandbox() as one:
        yield one


@asynccontextmanager
async def socket(
    url: str, protocol: str | None = MODERN, *, init: bool = True, **options: Any
) -> AsyncIterator[ClientConnection]:
    address = url.replace("http", "ws", 1) + "/graphql"
    asked = {"subprotocols": [protocol]} if protocol else {}
    async with connect(address, **asked, **options) as one:  # type: ignore[arg-type]
        if init:
            await say(one, type="connection_init")
            assert (await hear(one))["type"] == "connection_ack"
        yield one


async def say(one: ClientConnection, **message: Any) -> None:
    await one.send(json.dumps(message))


async def hear(one: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(await asyncio.wait_for(one.recv(), 5))
    return message


async def subscribe(
    one: ClientConnection, query: str, id_: str = "1", word: str = "subscribe"
) -> None:
    await say(one, type=word, id=id_, payload={"query": query})
    await asyncio.sleep(0.1)


async def cut_off(one: ClientConnection) -> int:
    """Return the code with which the server ends the conversation."""
    try:
        while True:
            await hear(one)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 0


def played(sandbox: Sandbox, story: Any) -> Any:
    with running(sandbox) as url:
        return asyncio.run(story(url))


async def events(one: ClientConnection, until: str) -> list[tuple[str, str, float | None]]:
    told = []
    while not told or told[-1][0] != until:
        data = (await hear(one))["payload"]["data"]["jobsSubscribe"]
        told.append((data["type"], data["job"]["status"], data["job"]["progress"]))
    return told


def test_a_job_is_told_of_from_its_coming_to_its_going(sandbox: Sandbox) -> None:
    """In this order, whatever the moments at which the sandbox looked."""

    async def story(url: str) -> Any:
        async with socket(url) as one:
            assert one.subprotocol == MODERN
            await subscribe(one, JOBS)
            await asyncio.to_thread(ask, sandbox, "mutation {optimiseDatabase}")
            return await events(one, "REMOVE")

    assert played(sandbox, story) == [
        ("ADD", "READY", None),
        ("UPDATE", "RUNNING", None),
        ("UPDATE", "RUNNING", 0.5),
        ("REMOVE", "FINISHED", 1.0),
    ]


def test_a_failing_job_is_told_of_as_failed(sandbox: Sandbox) -> None:
    sandbox.jobs.next(error="disk is gone")

    async def story(url: str) -> Any:
        async with socket(url) as one:
            await subscribe(one, JOBS)
            await asyncio.to_thread(ask, sandbox, "mutation {optimiseDatabase}")
            return (await events(one, "REMOVE"))[-1]

    assert played(sandbox, story) == ("REMOVE", "FAILED", 0.5)


def test_the_end_of_a_scan_and_the_log_can_be_followed(sandbox: Sandbox) -> None:
    """Several subscriptions share a socket, told apart by their ids."""
    sandbox.media.append(MediaFile("/media/a.mp4"))

    async def story(url: str) -> Any:
        async with socket(url) as one:
            await subscribe(one, "subscription {scanCompleteSubscribe}", "scan")
            await subscribe(one, "subscription {loggingSubscribe {level message}}", "log")
            await asyncio.to_thread(ask, sandbox, "mutation {metadataScan(input: {})}")
            told: dict[str, list[Any]] = {"scan": [], "log": []}
            while not told["scan"] or len(told["log"]) < 2:
                message = await hear(one)
                told[message["id"]].append(message["payload"]["data"])
            return told

    told = played(sandbox, story)
    assert told["scan"] == [{"scanCompleteSubscribe": True}]
    lines = [line["message"] for part in told["log"] for line in part["loggingSubscribe"]]
    assert lines == ["Starting job 1: Scanning...", "Scanning... /media/a.mp4"]


def test_a_subscription_that_was_completed_tells_nothing_more(sandbox: Sandbox) -> None:
    async def story(url: str) -> Any:
        async with socket(url) as one:
            await subscribe(one, JOBS)
            await say(one, type="complete", id="1")
            await asyncio.to_thread(ask, sandbox, "mutation {optimiseDatabase}")
            await say(one, type="ping", payload={"n": 1})
            return await hear(one)

    assert played(sandbox, story) == {"type": "pong", "payload": {"n": 1}}


def test_queries_and_refused_documents_are_answered_over_the_socket_too(
    sandbox: Sandbox,
) -> None:
    async def story(url: str) -> Any:
        async with socket(url) as one:
            await say(one, type="subscribe", id="q", payload={"query": "{findTags {count}}"})
            answers = [await hear(one), await hear(one)]
            await say(one, type="subscribe", id="bad", payload={"query": "{nothing}"})
            return [*answers, await hear(one)]

    data, complete, error = played(sandbox, story)
    assert data["payload"] == {"data": {"findTags": {"count": 0}}}
    assert complete == {"type": "complete", "id": "q"}
    assert (error["type"], error["id"]) == ("error", "bad")
    assert "nothing" in error["payload"][0]["message"]


@pytest.mark.parametrize("protocol", [LEGACY, None])
def test_the_older_protocol_has_its_own_words(sandbox: Sandbox, protocol: str | None) -> None:
    """It is spoken where nothing else is asked for."""

    async def story(url: str) -> Any:
        async with socket(url, protocol) as one:
            assert (await hear(one))["type"] == "ka"
            await subscribe(one, JOBS, word="start")
            await asyncio.to_thread(ask, sandbox, "mutation {optimiseDatabase}")
            message = await hear(one)
            await say(one, type="stop", id="1")
            await say(one, type="connection_terminate")
            await cut_off(one)
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
        async with socket(url, init=False) as one:
            for message in messages:
                await say(one, **message)
            return await cut_off(one)

    assert played(sandbox, story) == code


def test_a_socket_needs_the_key_that_requests_need() -> None:
    """In a header or in the address; what connection_init says does not count."""

    async def story(url: str) -> Any:
        with pytest.raises(InvalidStatus) as caught:
            async with socket(url, init=False):
                pass
        async with socket(url, additional_headers={"ApiKey": "secret"}) as one:
            assert one.subprotocol == MODERN
        address = url.replace("http", "ws", 1) + "/graphql?apikey=secret"
        async with connect(address, subprotocols=[MODERN]):  # type: ignore[list-item]
            pass
        return caught.value.response.status_code

    with Sandbox(api_key="secret") as sandbox:
        assert played(sandbox, story) == 401
