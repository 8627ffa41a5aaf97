"""Custom documents: typed answers, and what is logged."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, cast

import pytest
from gql import gql
from gql.dsl import DSLQuery, DSLSchema, dsl_gql
from graphql import parse
from pydantic import ValidationError

from stashsync import StashClient, StashContext, StashError, StashVersionError, Tag
from stashsync.errors import StashCapabilityError
from stashsync.kinds import Capabilities
from stashsync.sandbox import Sandbox, running
from stashsync.wire.retry import RetryPolicy
from stashsync.wire.transport import Transport
from tests.support.introspection import schema as introspected
from tests.support.scripts import Wire, made, play

ALL = "{ allTags { id name } }"
BY_ID = "query One($id: ID!) { findTag(id: $id) { id name } }"


@dataclass
class Count:
    """What a find query returns beside its rows."""

    count: int


@pytest.mark.row("A7", "C21")
def test_an_answer_becomes_the_type_that_is_named() -> None:
    """Entities are those of the store; anything else is read by pydantic."""

    async def story(client: StashClient, _: Wire) -> None:
        await made(client, ("tag", {"name": "Lens"}), ("tag", {"name": "Tripod"}))
        tag = await client.execute(BY_ID, {"id": "1"}, Tag)
        assert tag.name == "Lens"
        assert tag is await client.store.get(Tag, "1")
        assert await client.execute(ALL, None, list[Tag]) == [
            tag,
            await client.find_tag("2"),
        ]
        wanted: Any = Tag | None
        assert await client.execute(BY_ID, {"id": "9"}, wanted) is None
        assert await client.execute("{ findTags { count } }", None, Count) == Count(2)
        assert await client.execute(BY_ID, {"id": "2"}, dict[str, str]) == {
            "id": "2",
            "name": "Tripod",
        }
        assert await client.execute(BY_ID, {"id": "2"}) == {
            "findTag": {"id": "2", "name": "Tripod"}
        }

    play(story)


@pytest.mark.row("A7")
def test_documents_of_gql_are_executed_too() -> None:
    """As `gql` makes them, with variables or from its DSL, and as graphql-core parses them."""

    async def story(client: StashClient, _: Wire) -> None:
        await made(client, ("tag", {"name": "Lens"}), ("tag", {"name": "Tripod"}))
        assert await client.execute(gql(ALL), None, list[Tag]) == await client.execute(
            parse(ALL), result_type=list[Tag]
        )
        request = gql(f"{BY_ID} query Other {{ findTags {{ count }} }}")
        request.variable_values, request.operation_name = {"id": "1"}, "One"
        assert (await client.execute(request, None, Tag)).name == "Lens"
        assert (await client.execute(request, {"id": "2"}, Tag)).name == "Tripod"
        other = await client.execute(request, operation_name="Other")
        assert other == {"findTags": {"count": 2}}
        schema = DSLSchema(introspected("v0.30.1"))
        query = dsl_gql(DSLQuery(schema.Query.findTag(id="1").select(schema.Tag.name)))
        assert await client.execute(query) == {"findTag": {"name": "Lens"}}
        with pytest.raises(TypeError):
            await client.execute(cast("str", 7))

    play(story)


@pytest.mark.row("A7", "H3")
def test_an_answer_of_another_type_is_an_error() -> None:
    """It is never converted to another type."""

    async def story(client: StashClient, _: Wire) -> None:
        with pytest.raises(ValueError, match="the answer is no Tag: None"):
            await client.execute(BY_ID, {"id": "9"}, Tag)
        with pytest.raises(ValueError, match=r"no list\[.*Tag\]"):
            await client.execute("{ findTags { tags { id } } }", None, list[Tag])
        with pytest.raises(ValueError, match="one field; the answer has a, b"):
            await client.execute("{ a: allTags { id } b: allTags { id } }", None, list[Tag])
        with pytest.raises(ValidationError):
            await client.execute(ALL, None, int)

    play(story)


@pytest.mark.row("A1", "A7")
def test_documents_are_logged_without_their_content(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Their names, how long they took and what went wrong."""
    logger = logging.getLogger("tests.camera")
    caplog.set_level(logging.DEBUG, logger.name)
    with Sandbox() as sandbox, running(sandbox) as url:

        async def run() -> None:
            async with StashContext({"Url": url, "Logger": logger}) as client:
                await client.execute(BY_ID, {"id": "4711"})
                with pytest.raises(StashError):
                    await client.execute("{ nothingLikeThis }")

        asyncio.run(run())

    async def unreachable() -> None:
        once = RetryPolicy(attempts=1)
        async with StashClient(
            Transport("http://127.0.0.1:1", retry=once, logger=logger)
        ) as client:
            with pytest.raises(StashError):
                await client.execute(BY_ID, {"id": "4711"})

    asyncio.run(unreachable())
    mine = [record for record in caplog.records if record.name == logger.name]
    assert [item.levelname for item in mine] == ["DEBUG", "WARNING", "WARNING"]
    first, second, third = (item.getMessage() for item in mine)
    assert first.startswith("query One: ")
    assert first.endswith(" ms")
    assert "1 error, first: Cannot query field" in second
    assert "127.0.0.1:1" in third
    assert "4711" not in caplog.text


@pytest.mark.row("A8")
def test_the_error_of_a_missing_capability_names_the_release_if_the_server_is_too_old() -> None:
    """The error is a StashCapabilityError as well."""

    def lacking(release: tuple[int, int, int] | None) -> StashCapabilityError:
        return Capabilities({}, {}, frozenset(), release=release).lacks("performerMerge")

    old = lacking((0, 25, 1))
    assert isinstance(old, StashVersionError)
    assert "no performerMerge: v0.25.1 is older than v0.27.2" in str(old)
    for other in (None, (0, 27, 2)):
        assert type(lacking(other)) is StashCapabilityError


@pytest.mark.row("E4", "E6")
def test_saving_keeps_every_answer_of_every_wave() -> None:
    """A wave is a document; each has its own `op0`."""

    async def story(client: StashClient, wire: Wire) -> None:
        tag = Tag.new(name="Lens")
        result = await client.store.save_batch([Tag.new(name="Macro", parents=[tag]), tag])
        assert len(result.raw_response) == len(wire.mutations) == 2
        assert [item["data"]["op0"]["id"] for item in result.raw_response] == ["1", "2"]

    play(story)
