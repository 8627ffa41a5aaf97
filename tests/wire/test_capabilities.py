"""What a server reports of itself."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from stashsync.errors import StashGraphQLError, StashServerError, StashSystemNotReadyError
from stashsync.wire.capabilities import fetch_capabilities, parse_release, paths_digest
from stashsync.wire.read_only import ReadOnlyTransport
from tests.wire.fakes import ok, scripted


def _answer(**changes: Any) -> dict[str, Any]:
    status = {
        "status": "OK",
        "appSchema": 75,
        "databasePath": "/data/stash.sqlite",
        "configPath": "/data/config.yml",
    }
    answer: dict[str, Any] = {
        "version": {"version": "v0.30.1"},
        "systemStatus": status,
        "__schema": {
            "queryType": {"fields": [{"name": "findTags"}]},
            "mutationType": {"fields": [{"name": "tagCreate"}, {"name": "tagUpdate"}]},
        },
        "i0": {
            "name": "TagCreateInput",
            "inputFields": [
                {"name": "name", "type": {"name": None}},
                {"name": "weight", "type": {"name": "Int"}},
            ],
        },
        "i1": None,
        "o0": {"name": "Tag", "fields": [{"name": "id"}, {"name": "name"}]},
    }
    return {**answer, **changes}


def _fetch(data: Any, errors: Any = None) -> Any:
    transport, script = scripted(ok(data, errors))
    reading = ReadOnlyTransport(transport)
    found = asyncio.run(fetch_capabilities(reading, inputs=["TagCreateInput"], outputs=["Tag"]))
    assert len(script.requests) == 1
    return found


def test_one_read_only_request_returns_everything() -> None:
    """Version, schema number, types, mutations and identity."""
    found = _fetch(_answer())
    assert found.release == (0, 30, 1)
    assert found.release_name == "v0.30.1"
    assert found.app_schema == 75
    assert found.inputs == {"TagCreateInput": frozenset({"name", "weight"})}
    assert found.integers == {"TagCreateInput.weight"}
    assert found.outputs == {"Tag": frozenset({"id", "name"})}
    assert found.mutations == {"tagCreate", "tagUpdate"}
    assert found.queries == {"findTags"}
    assert found.identity


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("v0.30.1", (0, 30, 1)),
        ("0.31.0", (0, 31, 0)),
        ("v0.30.1-12-gabcdef0", (0, 30, 1)),
        ("v1.2.34", (1, 2, 34)),
        ("", None),
        ("develop", None),
        ("v0.30", None),
    ],
)
def test_the_release_is_read_from_its_name(text: str, release: Any) -> None:
    """Builds without a version have none."""
    assert parse_release(text) == release
    assert _fetch(_answer(version={"version": text or None})).release == release


def test_a_library_without_a_mark_is_identified_by_paths_and_address() -> None:
    """Containers have equal paths, and one address may lead to different servers in time."""
    paths = {"databasePath": "/a", "configPath": "/b"}
    assert paths_digest(paths, "http://x") == paths_digest({**paths, "appSchema": 5}, "http://x")
    assert paths_digest(paths, "http://x") != paths_digest(paths, "http://y")
    assert paths_digest(paths, "") != paths_digest({"databasePath": "/a/b", "configPath": ""}, "")


@pytest.mark.parametrize(
    ("state", "words"),
    [("SETUP", "set up"), ("NEEDS_MIGRATION", "migrate"), ("ASLEEP", "not ready")],
)
def test_a_server_that_waits_is_not_ready(state: str, words: str) -> None:
    """Even where the rest of its answer is broken, and with a hint what to do."""
    with pytest.raises(StashSystemNotReadyError, match=words) as caught:
        _fetch(
            {"systemStatus": {"status": state}, "version": None},
            [{"message": "Internal system error", "path": ["version"]}],
        )
    assert caught.value.hint


def test_another_graphql_server_is_recognised() -> None:
    """It refuses the document, or answers with other shapes."""
    with pytest.raises(StashGraphQLError):
        _fetch(None, [{"message": 'Cannot query field "systemStatus" on type "Query".'}])
    for data in ({}, {"systemStatus": {"status": "OK"}}, _answer(version=5), _answer(o0=7)):
        with pytest.raises(StashServerError, match="like a Stash server"):
            _fetch(data)
