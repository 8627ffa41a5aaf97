"""Variables that pass, that refuse their document, or that fail their operation.

Source: docs/stash-behaviour.md#coercion
"""

from __future__ import annotations

from typing import Any

import pytest

from stashsync.sandbox import Sandbox
from tests.sandbox.client import ask, create, post, request, tag_names

CREATE = "mutation($i: TagCreateInput!) {tagCreate(input: $i) {name aliases}}"
TWO = (
    "mutation($a: TagCreateInput!, $b: TagCreateInput!)"
    " {a: tagCreate(input: $a) {id} b: tagCreate(input: $b) {id}}"
)
PERFORMER = "mutation($i: PerformerCreateInput!) {performerCreate(input: $i) {id}}"
FIND = "query($f: FindFilterType) {findTags(filter: $f) {count}}"


@pytest.mark.parametrize(
    ("query", "variables", "message", "path"),
    [
        (TWO, {"a": {"name": "One"}}, "must be defined", ["b"]),
        (TWO, {"a": {"name": "One"}, "b": None}, "cannot be null", ["b"]),
        (TWO, {"a": {"tint": 1}, "b": {}}, "unknown field", ["a", "tint"]),
        (TWO, {"a": {"name": "A"}, "b": "B"}, "must be a TagCreateInput, not a string", ["b"]),
        (TWO, {"a": {"name": "A"}, "b": []}, "must be a TagCreateInput, not a slice", ["b"]),
        (CREATE, {"i": {}}, "must be defined", ["i", "name"]),
        (CREATE, {"i": {"name": None}}, "cannot be null", ["i", "name"]),
        (CREATE, {"i": {"name": True}}, "cannot use bool as String", ["i", "name"]),
        (CREATE, {"i": {"name": ["a"]}}, "cannot use slice as String", ["i", "name"]),
        (CREATE, {"i": {"name": {}}}, "cannot use map as String", ["i", "name"]),
        (
            CREATE,
            {"i": {"name": "a", "favorite": "yes"}},
            "cannot use string as Boolean",
            ["i", "favorite"],
        ),
        (CREATE, {"i": {"name": "a", "aliases": [None]}}, "cannot be null", ["i", "aliases", 0]),
        (
            CREATE,
            {"i": {"name": "a", "stash_ids": [{"stash_id": "x"}]}},
            "must be defined",
            ["i", "stash_ids", 0, "endpoint"],
        ),
        (FIND, {"f": {"page": "one"}}, "cannot use string as Int", ["f", "page"]),
        (FIND, {"f": {"page": 50.0}}, "cannot use string as Int", ["f", "page"]),
        (FIND, {"f": {"page": True}}, "cannot use bool as Int", ["f", "page"]),
        (FIND, {"f": {"page": 2**63}}, "cannot use string as Int", ["f", "page"]),
        (
            FIND,
            {"f": {"direction": "UP"}},
            "UP is not a valid SortDirectionEnum",
            ["f", "direction"],
        ),
        (
            PERFORMER,
            {"i": {"name": "Ada", "gender": ""}},
            " is not a valid GenderEnum",
            ["i", "gender"],
        ),
        (
            PERFORMER,
            {"i": {"name": "Ada", "penis_length": "x"}},
            "cannot use string as Float",
            ["i", "penis_length"],
        ),
        (
            "query($id: ID!) {findTag(id: $id) {id}}",
            {"id": True},
            "cannot use bool as ID",
            ["id"],
        ),
    ],
)
def test_a_wrong_variable_refuses_the_document_and_only_the_first_is_named(
    sandbox: Sandbox, query: str, variables: dict[str, Any], message: str, path: list[str | int]
) -> None:
    """The status is 422, the error has the path to the value, and nothing has run."""
    response = post(sandbox, query, **variables)
    assert response.status_code == 422
    assert response.json() == {
        "errors": [
            {
                "message": message,
                "path": ["variable", *path],
                "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
            }
        ],
        "data": None,
    }
    assert tag_names(sandbox) == []


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"name": 5}, {"name": "5", "aliases": []}),
        ({"name": 1.50}, {"name": "1.5", "aliases": []}),
        ({"name": "a", "aliases": "one"}, {"name": "a", "aliases": ["one"]}),
        ({"name": "a", "aliases": None}, {"name": "a", "aliases": []}),
        ({"name": "a", "__typename": "x"}, {"name": "a", "aliases": []}),
    ],
)
def test_what_is_near_enough_passes(
    sandbox: Sandbox, sent: dict[str, Any], stored: dict[str, Any]
) -> None:
    """Numbers pass as text, a single value as a list, and null where it may be null."""
    assert ask(sandbox, CREATE, i=sent) == {"data": {"tagCreate": stored}}


def test_a_number_keeps_the_text_it_was_written_with(sandbox: Sandbox) -> None:
    """The server keeps a JSON number as text until it needs a number."""
    body = f'{{"query": "{CREATE}", "variables": {{"i": {{"name": 1.50e3}}}}}}'
    response = request(
        sandbox,
        "POST",
        "/graphql",
        content=body,
        headers={"Content-Type": "application/json"},
    )
    assert response.json()["data"]["tagCreate"]["name"] == "1.50e3"


@pytest.mark.parametrize("page", [1, "1", "+1"])
def test_digits_pass_as_a_number(sandbox: Sandbox, page: Any) -> None:
    """A text of digits is accepted as an `Int`."""
    assert ask(sandbox, FIND, f={"page": page}) == {"data": {"findTags": {"count": 0}}}


def test_further_variables_are_ignored(sandbox: Sandbox) -> None:
    """Only declared variables are checked."""
    answer = ask(sandbox, "query($id: ID!) {findTag(id: $id) {id}}", id=1, extra=[2])
    assert answer == {"data": {"findTag": None}}


@pytest.mark.parametrize(
    ("query", "variables", "message", "path"),
    [
        (
            PERFORMER,
            {"i": {"name": "Ada", "gender": "male"}},
            "male is not a valid GenderEnum",
            ["performerCreate", "input", "gender"],
        ),
        (
            PERFORMER,
            {"i": {"name": "Ada", "custom_fields": 5}},
            "json.Number is not a map",
            ["performerCreate", "input", "custom_fields"],
        ),
        (
            PERFORMER,
            {"i": {"name": "Ada", "custom_fields": [1]}},
            "[]interface {} is not a map",
            ["performerCreate", "input", "custom_fields"],
        ),
        (
            CREATE,
            {
                "i": {
                    "name": "a",
                    "stash_ids": [{"endpoint": "e", "stash_id": "s", "updated_at": "soon"}],
                }
            },
            'parsing time "soon" as "2006-01-02T15:04:05.999999999Z07:00":'
            ' cannot parse "soon" as "2006"',
            ["tagCreate", "input", "stash_ids", 0, "updated_at"],
        ),
    ],
)
def test_scalars_that_are_looked_at_late_fail_their_operation_only(
    sandbox: Sandbox, query: str, variables: dict[str, Any], message: str, path: list[str | int]
) -> None:
    """The status is 200, the path leads into the input, and the operation's field is null."""
    response = post(sandbox, query, **variables)
    assert response.status_code == 200
    assert response.json() == {
        "errors": [{"message": message, "path": path}],
        "data": {path[0]: None},
    }


def test_a_variable_left_out_of_a_literal_clears_the_field(sandbox: Sandbox) -> None:
    """Inside of a literal, a variable that is not given counts as null."""
    create(sandbox, "Lens")
    update = (
        "mutation($d: String, $s: String)"
        " {tagUpdate(input: {id: 1, description: $d, sort_name: $s}) {description sort_name}}"
    )
    ask(sandbox, update, d="glass", s="lens")
    answer = ask(sandbox, update, s="lens")
    assert answer == {"data": {"tagUpdate": {"description": "", "sort_name": "lens"}}}
