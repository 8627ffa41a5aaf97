"""What a server reports about itself, and its answers before it is ready.

Source: docs/stash-behaviour.md#capabilities, docs/stash-behaviour.md#set-up
"""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import build_client_schema, get_introspection_query

from stashsync.sandbox import RELEASES, Sandbox
from stashsync.sandbox.schema import schema_of
from tests.sandbox.client import ask, create, tag_names

NIL = (
    "Internal system error. Error"
    " <runtime error: invalid memory address or nil pointer dereference>"
)


@pytest.mark.parametrize(
    ("release", "version", "schema"),
    [("0.27.2", "v0.27.2", 68), ("0.28.1", "v0.28.1", 72), ("0.30.1", "v0.30.1", 75)],
)
def test_a_server_reports_its_release_and_schema(release: str, version: str, schema: int) -> None:
    """Version and schema are those of the imitated release."""
    with Sandbox(release=release) as sandbox:
        answer = ask(sandbox, "{version {version} systemStatus {appSchema databaseSchema status}}")
    assert answer["data"] == {
        "version": {"version": version},
        "systemStatus": {"appSchema": schema, "databaseSchema": schema, "status": "OK"},
    }


def test_an_unknown_release_or_status_is_refused() -> None:
    """The error for a release lists the known ones."""
    with pytest.raises(ValueError, match=r"no such release: 0\.12 \(known: 0\.27\.2, "):
        Sandbox(release="0.12")
    with pytest.raises(ValueError, match="no such status: BROKEN"):
        Sandbox(status="BROKEN")


def test_the_paths_say_which_library_it_is(tmp_path: Path) -> None:
    """The database's path is the file; the configuration would be in the same folder."""
    with Sandbox(str(tmp_path / "library.db")) as sandbox:
        answer = ask(sandbox, "{systemStatus {databasePath configPath}}")
    assert answer["data"]["systemStatus"] == {
        "databasePath": str(tmp_path / "library.db"),
        "configPath": str(tmp_path / "config.yml"),
    }


def test_the_configuration_plugins_and_statistics_are_there(sandbox: Sandbox) -> None:
    """Clients ask for these when they connect."""
    create(sandbox, "One")
    answer = ask(
        sandbox,
        "{configuration {general {apiKey databasePath stashBoxes {endpoint}} interface {language}"
        " ui} plugins {id} stats {tag_count studio_count scene_count}}",
    )
    assert answer["data"] == {
        "configuration": {
            "general": {"apiKey": "", "databasePath": ":memory:", "stashBoxes": []},
            "interface": {"language": "en-US"},
            "ui": {},
        },
        "plugins": [],
        "stats": {"tag_count": 1, "studio_count": 0, "scene_count": 0},
    }


def test_settings_are_read_back(sandbox: Sandbox) -> None:
    """The mutation answers with the new settings."""
    answer = ask(
        sandbox,
        'mutation {configureGeneral(input: {maxSessionAge: 60, stashBoxes: [{name: "box",'
        ' endpoint: "https://box.example/graphql", api_key: "k"}], stashes: [{path: "/media",'
        " excludeVideo: false, excludeImage: true}]})"
        " {maxSessionAge stashBoxes {name max_requests_per_minute} stashes {path excludeImage}}}",
    )
    assert answer["data"]["configureGeneral"] == {
        "maxSessionAge": 60,
        "stashBoxes": [{"name": "box", "max_requests_per_minute": 0}],
        "stashes": [{"path": "/media", "excludeImage": True}],
    }


def test_before_set_up_every_question_for_data_crashes() -> None:
    """Queries that cannot be null lose all data; `setup` makes the server ready."""
    with Sandbox(status="SETUP") as sandbox:
        status = ask(sandbox, "{systemStatus {status databasePath databaseSchema}}")
        assert status["data"]["systemStatus"] == {
            "status": "SETUP",
            "databasePath": None,
            "databaseSchema": None,
        }
        assert ask(sandbox, "{findTags {count}}") == {
            "errors": [{"message": NIL, "path": ["findTags"]}],
            "data": None,
        }
        assert ask(sandbox, 'mutation {tagCreate(input: {name: "a"}) {id}}') == {
            "errors": [{"message": NIL, "path": ["tagCreate"]}],
            "data": {"tagCreate": None},
        }
        setup = (
            'mutation {setup(input: {configLocation: "", stashes: [], databaseFile: "",'
            ' generatedLocation: "", cacheLocation: "", storeBlobsInDatabase: true,'
            ' blobsLocation: ""})}'
        )
        assert ask(sandbox, setup) == {"data": {"setup": True}}
        create(sandbox, "a")
        assert tag_names(sandbox) == ["a"]


def test_an_old_database_waits_for_its_migration() -> None:
    """Its schema is older than the server's; `migrate` returns the id of a job."""
    with Sandbox(status="NEEDS_MIGRATION") as sandbox:
        status = ask(sandbox, "{systemStatus {status databaseSchema appSchema}}")
        assert status["data"]["systemStatus"] == {
            "status": "NEEDS_MIGRATION",
            "databaseSchema": 74,
            "appSchema": 75,
        }
        assert ask(sandbox, "{findTags {count}}")["data"] is None
        answer = ask(sandbox, 'mutation {migrate(input: {backupPath: ""})}')
        assert answer == {"data": {"migrate": "1"}}
        assert ask(sandbox, "{findTags {count}}")["data"] == {"findTags": {"count": 0}}


@pytest.mark.parametrize("release", RELEASES)
def test_introspection_shows_the_whole_schema(release: str) -> None:
    """A client that builds a schema from the answer gets the one that the sandbox runs on."""
    with Sandbox(release=release) as sandbox:
        answer = ask(sandbox, get_introspection_query(descriptions=False))
    shown = build_client_schema(answer["data"])
    schema = schema_of(release)
    assert shown.type_map.keys() == schema.type_map.keys()
    for name in ("Tag", "TagCreateInput", "Mutation"):
        assert list(shown.type_map[name].fields) == list(schema.type_map[name].fields)  # type: ignore[attr-defined]


def test_introspection_answers_one_type_or_null(sandbox: Sandbox) -> None:
    """Input fields keep their order, and the required name comes first."""
    query = '{__type(name: "%s") {kind name inputFields {name type {kind name ofType {name}}}}}'
    shown = ask(sandbox, query % "TagCreateInput")["data"]["__type"]
    assert [field["name"] for field in shown["inputFields"]] == [
        "name",
        "sort_name",
        "description",
        "aliases",
        "ignore_auto_tag",
        "favorite",
        "image",
        "stash_ids",
        "parent_ids",
        "child_ids",
    ]
    assert shown["inputFields"][0]["type"] == {
        "kind": "NON_NULL",
        "name": None,
        "ofType": {"name": "String"},
    }
    assert ask(sandbox, query % "Gadget") == {"data": {"__type": None}}


def test_root_types_have_their_names(sandbox: Sandbox) -> None:
    """The schema has a subscription type, although it needs another transport."""
    answer = ask(
        sandbox,
        "{__typename __schema {queryType {name} mutationType {name} subscriptionType {name}}"
        " systemStatus {__typename}}",
    )
    assert answer["data"] == {
        "__typename": "Query",
        "__schema": {
            "queryType": {"name": "Query"},
            "mutationType": {"name": "Mutation"},
            "subscriptionType": {"name": "Subscription"},
        },
        "systemStatus": {"__typename": "SystemStatus"},
    }
