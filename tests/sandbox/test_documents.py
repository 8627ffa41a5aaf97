"""Documents that are refused before anything runs (docs/stash-behaviour.md#documents).

Messages are the server's where a recorded transcript shows them. All others are graphql-core's, and
only parts of them are compared, since they differ between its versions.
"""

from __future__ import annotations

import pytest

from stashsync.sandbox import MediaFile, Sandbox
from tests.sandbox.client import ask, post, tag_names

INVALID = "GRAPHQL_VALIDATION_FAILED"

REFUSED = [
    (
        "{findTagz(id: 1) {id}}",
        'Cannot query field "findTagz" on type "Query". Did you mean "findTag", "findTags", '
        '"findImage", "findImages", or "findJob"?',
    ),
    (
        'mutation {a: tagCreate(input: {name: "One"}) {id} b: tagCreate(input: {name: "Two"})'
        " {id colour}}",
        'Cannot query field "colour" on type "Tag".',
    ),
    (
        'mutation {tagCreate(input: {name: "One", nam: "x"}) {id}}',
        'Field "nam" is not defined by type "TagCreateInput". Did you mean "name"?',
    ),
    (
        "mutation {tagCreate(input: {aliases: []}) {id}}",
        'Field "TagCreateInput.name" of required type "String!" was not provided.',
    ),
    (
        "mutation {tagCreate {id}}",
        'Field "tagCreate" argument "input" of type "TagCreateInput!" is required,'
        " but it was not provided.",
    ),
    (
        '{findTag(id: 1, name: "x") {id}}',
        'Unknown argument "name" on field "Query.findTag".',
    ),
    (
        "mutation {tagCreate(input: {name: 5}) {id}}",
        "String cannot represent a non string value: 5",
    ),
    ('{findTags(filter: {page: "1"}) {count}}', 'Int cannot represent non-integer value: "1"'),
    ("{findTags(filter: {page: 1.0}) {count}}", "Int cannot represent non-integer value: 1.0"),
    ("{findTag(id: true) {id}}", "ID cannot represent a non-string and non-integer value: true"),
    (
        'mutation {tagCreate(input: {name: "a", favorite: 1}) {id}}',
        "Boolean cannot represent a non boolean value: 1",
    ),
    (
        'mutation {tagCreate(input: {name: "a", aliases: [null]}) {id}}',
        '"String!"',
    ),
    ("mutation {tagCreate(input: 5) {id}}", 'Expected value of type "TagCreateInput'),
    (
        "{findTags(filter: {direction: asc}) {count}}",
        'Value "asc" does not exist in "SortDirectionEnum" enum.'
        ' Did you mean the enum value "ASC" or "DESC"?',
    ),
    (
        '{findTags(filter: {direction: "ASC"}) {count}}',
        'Enum "SortDirectionEnum" cannot represent non-enum value: "ASC".'
        ' Did you mean the enum value "ASC" or "DESC"?',
    ),
    (
        "{findTag(id: 1)}",
        'Field "findTag" of type "Tag" must have a selection of subfields.'
        ' Did you mean "findTag { ... }"?',
    ),
    ("{findTag(id: $id) {id}}", 'Variable "$id" is not defined.'),
    ("query A {findTag(id: $id) {id}}", 'Variable "$id" is not defined by operation "A".'),
    ("query($id: ID) {findTag(id: 1) {id}}", 'Variable "$id" is never used.'),
    ("query A($id: ID) {findTag(id: 1) {id}}", 'Variable "$id" is never used in operation "A".'),
    (
        "query($id: Int!) {findTag(id: $id) {id}}",
        'Variable "$id" of type "Int!" used in position expecting type "ID!".',
    ),
    (
        "query($ids: [ID]) {findTags(ids: $ids) {count}}",
        'Variable "$ids" of type "[ID]" used in position expecting type "[ID!]".',
    ),
    (
        "query($id: ID!) {findTags(ids: $id) {count}}",
        'Variable "$id" of type "ID!" used in position expecting type "[ID!]".',
    ),
    (
        "query($t: Tag) {findTags(tag_filter: $t) {count}}",
        'Variable "$t" cannot be non-input type "Tag".',
    ),
    ("{findTag(id: 1) {...F}}", 'Unknown fragment "F".'),
    ("{version {hash}} fragment F on Tag {id}", 'Fragment "F" is never used.'),
    ("{findTag(id: 1) {... on Tagg {id}}}", 'Unknown type "Tagg".'),
    (
        "{findTag(id: 1) {... on Studio {id}}}",
        'Fragment cannot be spread here as objects of type "Tag" can never be of type "Studio".',
    ),
    (
        "{findTag(id: 1) {...F}} fragment F on Tag {id children {...F}}",
        'Cannot spread fragment "F" within itself.',
    ),
    ("{findTag(id: 1) @big {id}}", 'Unknown directive "@big".'),
    (
        "{findTag(id: 1) @skip {id}}",
        ' of type "Boolean!" is required, but it was not provided.',
    ),
    ("query @skip(if: true) {version {hash}}", 'Directive "@skip" may not be used on'),
    ("{findTag(id: 1, id: 2) {id}}", 'There can be only one argument named "id".'),
    (
        "{findTags(filter: {page: 1, page: 2}) {count}}",
        'There can be only one input field named "page".',
    ),
    (
        "query A {version {hash}} query A {version {hash}}",
        'There can be only one operation named "A".',
    ),
    (
        "query A {version {hash}} {version {hash}}",
        "This anonymous operation must be the only defined operation.",
    ),
]


@pytest.mark.parametrize(("query", "message"), REFUSED, ids=[query for query, _ in REFUSED])
def test_a_wrong_document_is_refused_with_the_reason(
    sandbox: Sandbox, query: str, message: str
) -> None:
    """The whole document is refused: status 422, errors with place and code, no data."""
    response = post(sandbox, query)
    answer = response.json()
    assert response.status_code == 422
    assert any(message in error["message"] for error in answer["errors"])
    assert all(error["extensions"] == {"code": INVALID} for error in answer["errors"])
    assert all(error["locations"] for error in answer["errors"])
    assert answer["data"] is None


def test_a_problem_has_its_place(sandbox: Sandbox) -> None:
    """Lines and columns count from 1; the place of an unknown input field is that field."""
    answer = ask(sandbox, 'mutation {\n  tagCreate(input: {name: "One", nam: "x"}) {id}\n}')
    assert answer["errors"][0]["locations"] == [{"line": 2, "column": 34}]


def test_all_problems_are_reported_inner_ones_first(sandbox: Sandbox) -> None:
    """The error of a field comes after those of its selection; scalars have no fields."""
    answer = ask(sandbox, "{findTag(id: 1) {id {x}}}")
    assert [error["message"] for error in answer["errors"]] == [
        'Cannot query field "x" on type "ID".',
        'Field "id" must not have a selection since type "ID" has no subfields.',
    ]


def test_an_unknown_type_of_a_variable_is_reported_twice(sandbox: Sandbox) -> None:
    """It is reported at the declaration and where the variable is used."""
    answer = ask(sandbox, "query($x: Tagg) {findTag(id: $x) {id}}")
    assert [error["message"] for error in answer["errors"]] == [
        'Unknown type "Tagg".',
        'Variable "$x" of type "Tagg" used in position expecting type "ID!".',
    ]


def test_a_default_lets_a_nullable_variable_stand_for_a_required_one(sandbox: Sandbox) -> None:
    """The default takes the place of a missing value."""
    assert ask(sandbox, "query($id: ID = 7) {findTag(id: $id) {id}}") == {"data": {"findTag": None}}


@pytest.mark.parametrize(
    ("number", "accepted"), [(2**31, True), (-(2**63), True), (2**63 - 1, True), (2**63, False)]
)
def test_whole_numbers_may_have_64_bits(sandbox: Sandbox, number: int, accepted: bool) -> None:
    """The server accepts more than the 32 bits of GraphQL's specification."""
    answer = ask(sandbox, f"{{findTags(filter: {{page: {number}}}) {{count}}}}")
    assert ("errors" not in answer) is accepted


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{findTag(id: 1) {id}", "Expected Name, found <EOF>"),
        ("{findTag(id: 1) {id}} ?", "Unexpected <Invalid>"),
    ],
)
def test_a_document_that_cannot_be_parsed_has_its_own_code(
    sandbox: Sandbox, query: str, message: str
) -> None:
    """The code distinguishes errors of syntax from errors of validation."""
    error = ask(sandbox, query)["errors"][0]
    assert error["message"] == message
    assert error["extensions"] == {"code": "GRAPHQL_PARSE_FAILED"}


@pytest.mark.parametrize("query", ["", "# nothing", "fragment F on Tag {id}"])
def test_a_document_without_an_operation_is_refused(sandbox: Sandbox, query: str) -> None:
    """An empty document, a comment, and fragments alone have no operation."""
    response = post(sandbox, query)
    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"message": "no operation provided", "extensions": {"code": INVALID}}
    ]


def test_nothing_of_a_refused_document_runs(sandbox: Sandbox) -> None:
    """One invalid operation keeps the valid one before it from running."""
    ask(sandbox, 'mutation {a: tagCreate(input: {name: "One"}) {id} b: tagCreate(input: 5) {id}}')
    assert tag_names(sandbox) == []


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ("op: tagCreate(input: $b) {id}", "they have differing arguments"),
        ("op: tagUpdate(input: {id: 1}) {id}", '"tagCreate" and "tagUpdate" are different fields'),
        (
            "op: tagCreate(input: $a) {id: name}",
            'subfields "id" conflict because "id" and "name" are different fields',
        ),
    ],
)
def test_one_response_key_cannot_stand_for_two_things(
    sandbox: Sandbox, second: str, reason: str
) -> None:
    """Variables, field names and selections of equal keys are compared."""
    declared = "$a: TagCreateInput!, $b: TagCreateInput"
    query = f"mutation({declared}) {{op: tagCreate(input: $a) {{id}} {second}}}"
    message = (
        f'Fields "op" conflict because {reason}. Use different aliases on the fields to fetch'
        " both if this was intentional."
    )
    answer = ask(sandbox, query, a={"name": "One"}, b={"name": "Two"})
    assert message in [error["message"] for error in answer["errors"]]


def test_a_repeated_key_with_another_literal_is_dropped_silently(sandbox: Sandbox) -> None:
    """Input literals are not compared, so only the first operation runs, without an error."""
    answer = ask(
        sandbox,
        'mutation {op: tagCreate(input: {name: "Two"}) {id}'
        ' op: tagCreate(input: {name: "Three"}) {name}}',
    )
    assert answer == {"data": {"op": {"id": "1", "name": "Two"}}}
    assert tag_names(sandbox) == ["Two"]


def test_what_is_selected_of_an_object_of_several_types_depends_on_its_type(
    sandbox: Sandbox,
) -> None:
    """Inline fragments, named ones, and the interface of all files can be used."""
    sandbox.library.seed_file(MediaFile("/media/lake.jpg", width=30, height=20))
    document = """
        query {findImages {images {visual_files {
            __typename ...Size ... on VideoFile {duration} ... on BaseFile {path}
        }}}}
        fragment Size on ImageFile {width height}
    """
    (image,) = ask(sandbox, document)["data"]["findImages"]["images"]
    assert image["visual_files"] == [
        {"__typename": "ImageFile", "width": 30, "height": 20, "path": "/media/lake.jpg"}
    ]


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        ("path", 'Cannot query field "path" on type "VisualFile".'),
        (
            "... on GalleryFile {path}",
            'Fragment cannot be spread here as objects of type "VisualFile" can never be of type'
            ' "GalleryFile".',
        ),
        (
            "... on BaseFile {duration}",
            'Cannot query field "duration" on type "BaseFile".',
        ),
    ],
)
def test_what_no_type_of_a_union_has_is_refused(
    sandbox: Sandbox, selection: str, message: str
) -> None:
    answer = ask(sandbox, f"{{findImages {{images {{visual_files {{{selection}}}}}}}}}")
    assert answer["errors"][0]["message"].startswith(message)
