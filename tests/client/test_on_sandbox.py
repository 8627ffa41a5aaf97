"""The client on the sandbox in this process, end to end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from stashsync.client import StashClient
from stashsync.errors import (
    ReadOnlyError,
    StashAuthenticationError,
    StashBatchError,
    StashSystemNotReadyError,
)
from stashsync.kinds import KINDS
from stashsync.outcomes import Status
from stashsync.sandbox import Sandbox
from stashsync.wire.operations import BatchOperation
from stashsync.wire.read_only import ReadOnlyTransport
from stashsync.wire.settings import ApiKey
from stashsync.wire.transport import Transport, over_app

TAG = KINDS["tag"]


def over(
    sandbox: Sandbox, action: Callable[[Transport], Awaitable[Any]], key: str | None = None
) -> Any:
    """Return the result of `action` with a transport into the sandbox."""

    async def run() -> Any:
        api_key = ApiKey(key, "a test") if key else None
        async with over_app(sandbox.app, api_key=api_key) as transport:
            return await action(transport)

    try:
        return asyncio.run(run())
    finally:
        sandbox.close()


def create(name: str, **values: Any) -> BatchOperation:
    """Return a tag to be made."""
    return BatchOperation("tagCreate", "TagCreateInput!", {"input": {"name": name, **values}})


def test_what_a_batch_makes_is_found_in_pages() -> None:
    """Creates in several documents, then all of them read side by side."""

    async def story(transport: Transport) -> None:
        client = StashClient(transport)
        await client.execute_batch([create(f"Lens {n}") for n in range(53)], max_batch_size=20)
        rows = await client.find_all(TAG, ["name", "aliases"], per_page=10)
        assert [row["id"] for row in rows] == [str(n) for n in range(1, 54)]
        assert rows[0] == {"id": "1", "name": "Lens 0", "aliases": []}
        assert await client.count(TAG) == 53
        row = await client.find_one(TAG, "2", TAG.fields, extra=["children { id }"])
        assert row is not None
        assert (row["name"], row["children"]) == ("Lens 1", [])
        assert await client.find_one(TAG, "99", ["name"]) is None

    over(Sandbox(), story)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
@pytest.mark.parametrize("release", ["0.30.1", "0.27.2"])
def test_every_field_that_a_release_has_can_be_read(release: str, kind: Any) -> None:
    """Capabilities leave out what an older release lacks."""

    async def story(transport: Transport) -> None:
        client = StashClient(ReadOnlyTransport(transport))
        assert (await client.capabilities()).release is not None
        assert await client.find_all(kind, kind.fields) == []

    over(Sandbox(release=release), story)


def test_every_operation_of_a_mixed_batch_has_its_outcome() -> None:
    """A duplicate, an unknown field and a missing destroy fail; everything else is applied."""

    async def story(transport: Transport) -> None:
        operations = [
            create("Camera"),
            create("camera"),
            create("Lens", tint="blue"),
            create("Tripod"),
            BatchOperation("tagDestroy", "TagDestroyInput!", {"input": {"id": "99"}}),
            BatchOperation("tagDestroy", "TagDestroyInput!", {"input": {"id": "1"}}),
            BatchOperation("lensCreate", "TagCreateInput!", {"input": {"name": "Zoom"}}),
            create("Drone"),
        ]
        with pytest.raises(StashBatchError) as caught:
            await StashClient(transport).execute_batch(operations)
        applied, failed = Status.APPLIED, Status.FAILED
        result = caught.value.batch_result
        assert [item.status for item in result] == [
            applied, failed, failed, applied, failed, applied, failed, applied,
        ]  # fmt: skip
        assert "already exists" in str(result[1].error)
        assert str(result[2].error) == "input.tint: unknown field"
        assert "99" in str(result[4].error)
        assert result[5].result is True
        rows = await StashClient(transport).find_all(TAG, ["name"])
        assert [row["name"] for row in rows] == ["Tripod", "Drone"]

    over(Sandbox(), story)


def test_a_read_only_client_changes_nothing() -> None:
    """It is refused before it is sent."""

    async def story(transport: Transport) -> None:
        reading = StashClient(ReadOnlyTransport(transport))
        with pytest.raises(ReadOnlyError):
            await reading.execute_batch([create("Camera")])
        with pytest.raises(ReadOnlyError):
            await reading.execute('mutation { tagCreate(input: {name: "Camera"}) { id } }')
        assert await reading.count(TAG) == 0

    over(Sandbox(), story)


def test_a_key_is_accepted_and_the_error_of_a_wrong_one_names_its_source() -> None:
    """The sandbox checks keys as the real server does."""

    async def count(transport: Transport) -> int:
        return await StashClient(transport).count(TAG)

    assert over(Sandbox(api_key="letters"), count, "letters") == 0
    with pytest.raises(StashAuthenticationError, match="wants an API key"):
        over(Sandbox(api_key="letters"), count)
    with pytest.raises(StashAuthenticationError, match="from a test"):
        over(Sandbox(api_key="letters"), count, "wrong")
    with pytest.raises(StashAuthenticationError, match="from a test"):
        over(Sandbox(), count, "wrong")


@pytest.mark.parametrize("status", ["SETUP", "NEEDS_MIGRATION"])
def test_a_server_that_waits_is_not_ready(status: str) -> None:
    """The first query shows it."""

    async def ask(transport: Transport) -> None:
        await StashClient(transport).capabilities()

    with pytest.raises(StashSystemNotReadyError):
        over(Sandbox(status=status), ask)


def test_the_tag_of_an_image_tells_whether_it_changed() -> None:
    """Its entity tag is the MD5 of its bytes; asking again with it costs no content."""

    async def story(transport: Transport) -> None:
        image = "data:image/png;base64,aGVsbG8="
        await StashClient(transport).execute_batch([create("Camera", image=image)])
        row = await StashClient(transport).find_one(TAG, "1", ["image"])
        assert row is not None
        tag = await transport.etag(row["image_path"])
        assert tag == "5d41402abc4b2a76b9719d911017c592"
        assert await transport.etag(row["image_path"], tag) == tag

    over(Sandbox(), story)
