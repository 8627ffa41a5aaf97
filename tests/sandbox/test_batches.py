"""Several mutations in one document (docs/stash-behaviour.md#documents)."""

from __future__ import annotations

from stashsync.sandbox import Sandbox
from tests.sandbox.client import ask, create, post, tag_names


def test_a_failed_operation_leaves_the_others_alone(sandbox: Sandbox) -> None:
    """Its field is null, its error has the alias as path, and later operations run."""
    answer = ask(
        sandbox,
        'mutation {a: tagCreate(input: {name: "Sound"}) {id}'
        ' b: tagCreate(input: {name: "sound"}) {id} c: tagCreate(input: {name: "Drone"}) {id}}',
    )
    assert answer == {
        "errors": [{"message": "tag with name 'sound' already exists", "path": ["b"]}],
        "data": {"a": {"id": "1"}, "b": None, "c": {"id": "2"}},
    }


def test_a_failure_that_cannot_be_null_takes_all_data_away(sandbox: Sandbox) -> None:
    """Destroys are `Boolean!`, so the answer loses the created ids; what was done stays done."""
    response = post(
        sandbox,
        'mutation {a: tagCreate(input: {name: "Sound"}) {id} b: tagDestroy(input: {id: 99})'
        ' c: tagCreate(input: {name: "Drone"}) {id}}',
    )
    assert response.status_code == 200
    assert response.json() == {
        "errors": [{"message": "id 99 does not exist in tags", "path": ["b"]}],
        "data": None,
    }
    assert tag_names(sandbox) == ["Sound", "Drone"]


def test_a_nullable_failure_keeps_the_answers_of_destroys(sandbox: Sandbox) -> None:
    """Only a failed field that cannot be null removes all data."""
    create(sandbox, "Sound")
    answer = ask(
        sandbox,
        'mutation {a: tagCreate(input: {name: "sound"}) {id} b: tagDestroy(input: {id: 1})}',
    )
    assert answer["data"] == {"a": None, "b": True}


def test_a_caught_crash_is_an_error_of_its_operation(sandbox: Sandbox) -> None:
    """A null for a flag makes a real server panic; the next operations still run."""
    create(sandbox, "Sound")
    answer = ask(
        sandbox,
        "mutation {a: tagUpdate(input: {id: 1, favorite: null}) {id}"
        " b: tagUpdate(input: {id: 1}) {id}}",
    )
    assert answer == {
        "errors": [
            {
                "message": "Internal system error. Error <null value not allowed in optional bool>",
                "path": ["a"],
            }
        ],
        "data": {"a": None, "b": {"id": "1"}},
    }


def test_operations_can_be_skipped_and_included(sandbox: Sandbox) -> None:
    """A skipped operation has no key in the answer."""
    query = (
        "mutation($yes: Boolean!, $no: Boolean!)"
        ' {a: tagCreate(input: {name: "A"}) @skip(if: $yes) {id}'
        ' b: tagCreate(input: {name: "B"}) @include(if: $yes) {id}'
        ' c: tagCreate(input: {name: "C"}) @include(if: $no) {id}}'
    )
    assert ask(sandbox, query, yes=True, no=False) == {"data": {"b": {"id": "1"}}}
    assert list(ask(sandbox, query, yes=False, no=True)["data"]) == ["a", "c"]


def test_fragments_and_type_names_are_answered(sandbox: Sandbox) -> None:
    """Fragments may be inline, named, or nested, at the root and below it."""
    answer = ask(
        sandbox,
        'mutation {__typename ...M} fragment M on Mutation {tagCreate(input: {name: "Rig"})'
        " {...T ... on Tag {name} ... {id}}} fragment T on Tag {__typename}",
    )
    assert answer == {
        "data": {
            "__typename": "Mutation",
            "tagCreate": {"__typename": "Tag", "name": "Rig", "id": "1"},
        }
    }


def test_related_names_are_as_first_read_in_the_document(sandbox: Sandbox) -> None:
    """Related objects are read once per request, even if the same request changes them."""
    create(sandbox, "One", "Two")
    ask(sandbox, "mutation {tagUpdate(input: {id: 2, parent_ids: [1]}) {id}}")
    answer = ask(
        sandbox,
        'mutation {a: tagUpdate(input: {id: 2, description: "x"}) {parents {name}}'
        ' b: tagUpdate(input: {id: 1, name: "Uno"}) {name}'
        ' c: tagUpdate(input: {id: 2, description: "y"}) {parents {name}}}',
    )
    assert answer["data"] == {
        "a": {"parents": [{"name": "One"}]},
        "b": {"name": "Uno"},
        "c": {"parents": [{"name": "One"}]},
    }
    assert ask(sandbox, "{findTag(id: 2) {parents {name}}}")["data"] == {
        "findTag": {"parents": [{"name": "Uno"}]}
    }


def test_a_failing_required_query_takes_all_data_away(sandbox: Sandbox) -> None:
    """`findTags` cannot be null, while `findTag` can."""
    create(sandbox, "One")
    answer = ask(sandbox, "{a: findTag(id: 1) {name} b: findTags(ids: [9]) {count}}")
    assert answer == {
        "errors": [{"message": "tag with id 9 not found", "path": ["b"]}],
        "data": None,
    }
    answer = ask(sandbox, '{a: findTag(id: 1) {name} b: findTag(id: "x") {id}}')
    assert answer == {
        "errors": [
            {"message": 'strconv.Atoi: parsing "x": invalid syntax', "path": ["b"]},
        ],
        "data": {"a": {"name": "One"}, "b": None},
    }


def test_the_same_field_under_several_keys_and_depths(sandbox: Sandbox) -> None:
    """Aliases, arguments and lists within lists are answered separately."""
    create(sandbox, "Top", "Mid", "Low")
    ask(sandbox, "mutation {tagUpdate(input: {id: 2, parent_ids: [1], child_ids: [3]}) {id}}")
    answer = ask(
        sandbox,
        '{findTags(filter: {sort: "id"}) {tags {n: name m: name'
        " children {id children {id parents {id}}} scene_count deep: scene_count(depth: -1)}}}",
    )
    assert answer["data"]["findTags"]["tags"][0] == {
        "n": "Top",
        "m": "Top",
        "children": [{"id": "2", "children": [{"id": "3", "parents": [{"id": "2"}]}]}],
        "scene_count": 0,
        "deep": 0,
    }
