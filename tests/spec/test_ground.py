"""A server that is old and full: blocks do there what they do on a new one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from stashsync.client import StashClient
from stashsync.kinds import ENTITIES
from stashsync.sandbox import MediaFile, Sandbox
from tests.spec import architecture, batches, entity_store, unset, usage
from tests.spec.blocks import BLOCKS, Block
from tests.support.apart import Apart
from tests.support.cascade import quietly
from tests.support.meaning import FOUND, MADE, name_field, understood
from tests.support.scripts import made
from tests.support.servers import client_of, transport_to

TEXTS = (usage.TEXT, entity_store.TEXT, architecture.TEXT, unset.TEXT, batches.TEXT)
NAMES = ("Action", "Drama", "Horror", "NewTag", "Jane Doe", "Jane", "Alice", "Lens 1", "North")


@pytest.fixture(scope="module")
def used() -> Iterator[Sandbox]:
    """Of the oldest release; names that the texts use are taken, ids have gaps, it has files."""

    async def fill(client: StashClient) -> None:
        await client.wait_for_job(await client.metadata_scan())
        wanted: list[tuple[str, dict[str, Any]]] = []
        for kind in MADE:
            wanted += [(kind, {name_field(kind): name}) for name in NAMES]
        ids = await made(client, *wanted, ("tag", {"name": "gone"}))
        await client.execute("mutation ($v: [ID!]!) { tagsDestroy(ids: $v) }", {"v": [ids[-1]]})

    with Sandbox(release="0.27.2") as sandbox:
        sandbox.media.extend(
            [
                MediaFile("/library/one/a.mp4"),
                MediaFile("/library/two/large.jpg", size=20_000_000),
                MediaFile("/library/two/small.jpg", size=5),
            ]
        )
        asyncio.run(_with_client(sandbox, fill))
        yield sandbox


async def _with_client(sandbox: Sandbox, action: Any) -> Any:
    async with client_of(sandbox) as client:
        return await action(client)


async def _all(client: StashClient) -> dict[str, Any]:
    """All objects; images without what a loan changes."""
    parts = []
    for kind in FOUND:
        table = ENTITIES[kind]
        more = "updated_at" if kind in MADE else "studio { id }"
        parts.append(
            f"{table.find_many}(filter: {{per_page: -1}}) "
            f"{{ rows: {table.plural} {{ id {name_field(kind)} {more} }} }}"
        )
    return await client.execute(f"{{ {' '.join(parts)} }}")


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.text in TEXTS], ids=str)
def test_a_block_leaves_a_used_server_as_it_was(block: Block, used: Sandbox) -> None:
    """It does what it does on an empty one, and nothing of it is left."""
    before = asyncio.run(_with_client(used, _all))
    with quietly():
        block.play(transport_to(used))
    assert asyncio.run(_with_client(used, _all)) == before


def test_a_block_can_change_nothing_that_was_there_before(used: Sandbox) -> None:
    """Its own ids begin at 1, so that a lower id is that of an older object."""

    async def change() -> None:
        base = dict.fromkeys(MADE, 100)
        async with StashClient(Apart(transport_to(used), base, "2026-01-01", " ~x")) as client:
            with pytest.raises(AssertionError, match="the tag 1, which was there before"):
                await client.update_tag({"id": "-99", "description": "mine"})
            with pytest.raises(AssertionError, match="the tag 1, which was there before"):
                await client.bulk_tag_update({"ids": ["-99"], "description": "mine"})
            with pytest.raises(AssertionError, match="in variables only"):
                await client.execute('mutation { tagDestroy(input: {id: "1"}) }')

    asyncio.run(change())


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("{ findTags { count } }", "query ($own0: TagFilterType) { findTags(tag_filter: $own0)"),
        ("query { findTags { count } }", "query ($own0: TagFilterType) { findTags("),
        ("query A { findTags { count } }", "query A($own0: TagFilterType) { findTags("),
        (
            "query ($f: FindFilterType) { findTags(filter: $f) { count } }",
            "query ($own0: TagFilterType, $f: FindFilterType) "
            "{ findTags(tag_filter: $own0, filter: $f)",
        ),
        (
            "query ($w: TagFilterType) { findTags(tag_filter: $w) { count } }",
            "query ($w: TagFilterType) { findTags(tag_filter: $w) {",
        ),
        (
            "{ findTags(tag_filter: {favorite: true}) { count } }",
            "query ($own0: TagFilterType) { findTags(tag_filter: $own0) {",
        ),
    ],
)
def test_every_find_has_a_variable_for_its_filter(asked: str, sent: str) -> None:
    """The variable is added however the document was written."""
    meant = understood(asked)
    assert meant.text.startswith(sent)
    assert set(meant.filters.values()) == {"tag"}
    (name,) = meant.filters
    given = {"favorite": True} if "favorite" in asked else {}
    assert meant.filter_value(name, {}) == given
