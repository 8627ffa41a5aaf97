"""Every query and mutation of the recorded releases, as methods of a client."""

from __future__ import annotations

import asyncio
import typing
from datetime import UTC, datetime
from typing import Any

import pytest
from graphql import parse, validate

import stashsync
from stashsync import (
    UNSET,
    BatchOperation,
    StashCapabilityError,
    StashClient,
    StashGraphQLError,
    Studio,
    Tag,
)
from stashsync import types as script_types
from stashsync.client.schema import Schema, named
from stashsync.kinds.enums import JobStatus
from stashsync.sandbox import Sandbox
from stashsync.types import api as api_types
from stashsync.wire import api
from tests.client.parts import scripted_client
from tests.support.docs_tools import tool
from tests.support.introspection import RELEASES, introspection, schema
from tests.support.scripts import Wire, made, play

RECORDED = tool("make_api").schemas()
OPERATIONS = [
    (root, name) for root in ("query", "mutation") for name in sorted(api.operations(root))
]
STOPS = {"setup", "migrate"}
"""What leaves the sandbox unable to answer anything else."""


def test_the_table_and_the_stubs_are_those_of_the_recordings() -> None:
    """A recording that is added shows in the change that adds it."""
    stale = [
        path.name
        for path, text in tool("make_api").pages().items()
        if path.read_text("utf-8") != text
    ]
    assert stale == [], "run `python3 dev.py docs`"


@pytest.mark.parametrize("release", RELEASES)
def test_what_is_selected_of_every_result_is_valid(release: str) -> None:
    """With all arguments, on every recorded release."""
    theirs, ours = schema(release), Schema(introspection(release))
    seen = 0
    for root, operations in ours.operations.items():
        for name, spec in operations.items():
            declared = ", ".join(
                f"${argument}: {type_}" for argument, type_ in spec.arguments.items()
            )
            passed = ", ".join(f"{argument}: ${argument}" for argument in spec.arguments)
            given = (f"({declared})", f"({passed})") if declared else ("", "")
            chosen = ours.selection(spec.type)
            text = f"{root} X{given[0]} {{ result: {name}{given[1]} {chosen} }}"
            assert validate(theirs, parse(text)) == [], text
            seen += 1
    assert seen > 190


def value_for(found: Schema, type_: str) -> Any:
    """Return a minimal value of an argument of this type."""
    inner = type_.removesuffix("!")
    if inner.startswith("["):
        return []
    kind = found.types[named(inner)]
    if kind.kind == "ENUM":
        return kind.members[0]
    if kind.kind == "INPUT_OBJECT":
        return {
            name: value_for(found, spec.type)
            for name, spec in kind.fields.items()
            if spec.type.endswith("!")
        }
    scalars = {"Int": 1, "Float": 1.0, "Boolean": False, "Map": {}, "BoolMap": {}}
    return scalars.get(inner, "1")


def test_every_operation_answers_on_the_sandbox_or_is_not_imitated() -> None:
    """The server's own refusals apart: that there is no object 1, say."""
    newest = list(RECORDED.values())[-1]
    answered: list[str] = []
    lacking: set[str] = set()
    refused: list[str] = []

    async def story(client: StashClient, wire: Wire) -> None:
        has = (await client.schema()).operations
        for root, name in OPERATIONS:
            operation = api.operations(root)[name]
            if operation.name in STOPS:
                continue
            doors = client.queries if root == "query" else client.mutations
            known = next(recorded for recorded in (newest, *RECORDED.values())
                         if operation.name in recorded.operations[root])  # fmt: skip
            types = known.operations[root][operation.name].arguments
            given = {
                argument: value_for(known, type_)
                for argument, type_ in types.items()
                if type_.endswith("!")
            }
            try:
                await getattr(doors, name)(
                    **{_snake(argument): value for argument, value in given.items()}
                )
            except StashCapabilityError:
                lacking.add(operation.name)
                continue
            except StashGraphQLError as error:
                refused.append(str(error))
            assert operation.name in has[root]
            answered.append(operation.name)
        assert lacking.isdisjoint(has["query"].keys() | has["mutation"].keys())

    play(story)
    assert len(answered) > 110
    words = ("Cannot query", "Unknown", "Variable", "Syntax")
    assert [text for text in refused if any(word in text for word in words)] == []
    assert {"stats", "findTags", "tagCreate", "sceneAddPlay"} <= set(answered)


def _snake(name: str) -> str:
    from stashsync.kinds.wire_names import snake_case

    return snake_case(name)


def test_objects_go_in_and_come_out() -> None:
    """Arguments may be objects in place of ids and inputs; results are objects of the store."""

    async def story(client: StashClient, wire: Wire) -> None:
        tag = await client.mutations.tag_create({"name": "Harbour"})
        assert isinstance(tag, Tag)
        assert await client.find_tag(tag.id) is tag
        assert await client.queries.find_tag(tag) is tag
        tag.description = "Ships"
        assert await client.mutations.tag_update(tag) is tag
        assert not tag.is_dirty()
        other = await client.mutations.tag_create(Tag(name="Fog", parents=[tag]))
        assert other.parents == [tag]
        found = await client.queries.find_tags(
            tag_filter={"parents": {"value": [tag], "modifier": "INCLUDES"}}, filter=UNSET
        )
        assert found == {"count": 1, "tags": [other]}
        assert set(await client.queries.all_tags(return_fields="id")) == {tag, other}
        assert await client.mutations.tag_destroy({"id": other})
        assert other in client.identity_map.gone

    play(story)


def test_names_of_arguments_and_inputs_are_in_snake_case() -> None:
    """Those of the server do, too, and times may be datetimes."""

    async def story(client: StashClient, wire: Wire) -> None:
        (scene,) = await made(client, ("scene", {"title": "a"}))
        moment = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
        done = await client.mutations.scene_add_play(scene, times=[moment])
        assert done["count"] == 1
        assert done["history"][0].startswith("2024-01-0")
        wire.forget()
        await client.mutations.scene_save_activity(scene, play_duration=2.5, resume_time=1.0)
        assert wire.documents[-1][1] == {"id": scene, "playDuration": 2.5, "resume_time": 1.0}
        await client.mutations.metadata_generate({"scene_ids": [scene], "covers": True})
        assert wire.documents[-1][1] == {"input": {"sceneIDs": [scene], "covers": True}}

    play(story)


def test_the_schema_is_read_once_and_only_when_it_is_needed() -> None:
    """A script that uses none of this does not pay for it."""

    async def story(client: StashClient, wire: Wire) -> None:
        await client.find_tags()
        assert not any("__schema" in text for text, _ in wire.documents)
        await client.queries.version()
        await client.queries.stats()
        assert sum("__schema" in text for text, _ in wire.documents) == 1

    play(story)


def test_what_no_release_has_is_an_attribute_error() -> None:
    """The error suggests the nearest name; a server's newer operations can still be called."""
    client, _ = scripted_client([])
    with pytest.raises(AttributeError, match="the query 'statss'; did you mean 'stats'"):
        client.queries.statss  # noqa: B018
    assert not hasattr(client.mutations, "find_tags")
    assert {"find_tags", "stats"} <= set(dir(client.queries))
    assert client.queries.scrape_url.__name__ == "scrape_url"

    async def story(client: StashClient, wire: Wire) -> None:
        assert (await client.queries["version"]())["version"]
        with pytest.raises(StashCapabilityError, match="this server has no query teleport"):
            await client.queries["teleport"]()
        with pytest.raises(TypeError, match="findTags has no 'tagfilter'; did you mean"):
            await client.queries.find_tags(tagfilter={})
        with pytest.raises(TypeError, match="takes 1 arguments by place"):
            await client.queries.find_tag("1", "2")

    play(story)


def test_what_an_older_server_lacks_is_a_capability_error() -> None:
    """The server may lack an operation, an argument or a field of an input."""

    async def story(client: StashClient, wire: Wire) -> None:
        with pytest.raises(StashCapabilityError, match="no mutation performerMerge"):
            await client.mutations.performer_merge({"source": [], "destination": "1"})
        with pytest.raises(StashCapabilityError, match="no sort_name in TagCreateInput"):
            await client.mutations.tag_create({"name": "a", "sort_name": "b"})
        with pytest.raises(StashCapabilityError, match="no parallel_tasks in ConfigGeneralInput"):
            await client.mutations.configure_general({"parallel_tasks": 2})

    play(story, Sandbox(release="0.27.2"))


def test_results_that_are_no_objects_are_dicts_with_enums() -> None:
    """Objects in them are those of the store; fields of a union have their own names again."""
    row = {"id": "7", "status": "RUNNING", "description": "", "addTime": "2024-01-01T00:00:00Z"}
    scraped = {"__typename": "ScrapedTag", "ScrapedTag__name": "Fog", "stored_id": "3"}
    recorded = introspection("v0.30.1")
    client, _ = scripted_client([recorded, {"result": [row]}, {"result": scraped}])

    async def story() -> None:
        (job,) = await client.queries.job_queue()
        assert isinstance(job, stashsync.Job)
        assert job.status == JobStatus.RUNNING
        found: Any = await client.queries.scrape_url("https://fog.example", "SCENE")
        assert found == {"__typename": "ScrapedTag", "name": "Fog", "stored_id": "3"}

    asyncio.run(story())


def test_inputs_results_and_enums_are_types() -> None:
    """Importable under the server's names; their annotations can be resolved."""
    from stashsync.types import GenderEnum, ScrapedContent, StatsResultType, TagCreateInput

    assert GenderEnum("MALE") is GenderEnum.MALE
    assert script_types.JobStatus is api_types.JobStatus is JobStatus
    given: TagCreateInput = {"name": "Fog"}
    assert given == TagCreateInput(name="Fog")
    assert typing.get_type_hints(TagCreateInput)["sort_name"] == str | None
    assert typing.get_type_hints(StatsResultType)["tag_count"] is int
    assert len(typing.get_args(ScrapedContent)) > 5
    for part in ("inputs", "outputs"):
        for name in api.table()[part]:
            typing.get_type_hints(getattr(api_types, name))
    with pytest.raises(AttributeError, match=r"'stashsync.types' has no attribute 'Nothing'"):
        script_types.Nothing  # noqa: B018
    assert script_types.Studio is Studio


def test_unset_is_left_out_of_batches_and_documents() -> None:
    """UNSET may be anywhere inside of the variables."""

    async def story(client: StashClient, wire: Wire) -> None:
        value = {"name": "Fog", "description": UNSET, "stash_ids": [UNSET]}
        result = await client.execute_batch(
            [BatchOperation("tagCreate", "TagCreateInput!", {"input": value})]
        )
        assert result.all_succeeded
        text = "query Q($f: FindFilterType) { findTags(filter: $f) { count } }"
        found = await client.execute(text, {"f": {"q": UNSET, "page": 1}})
        assert found == {"findTags": {"count": 1}}

    play(story)
