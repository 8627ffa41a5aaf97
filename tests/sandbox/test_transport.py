"""Methods, bodies, media types, status codes and headers.

Source: docs/stash-behaviour.md#http, docs/stash-behaviour.md#answers
"""

from __future__ import annotations

import gzip

import pytest

from stashsync.sandbox import Sandbox
from tests.sandbox.client import ask, create, post, request

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
COUNT = '{"query": "{findTags{count}}"}'
BAD = "mutation($i: TagCreateInput!) {tagCreate(input: $i) {id}}"


@pytest.mark.parametrize(
    ("accept", "content_type", "status"),
    [
        ("", JSON, 422),
        ("application/json", JSON, 422),
        ("application/json, application/graphql-response+json", JSON, 422),
        ("*/*", GRAPHQL_JSON, 400),
        ("application/*", GRAPHQL_JSON, 400),
        ("application/graphql-response+json", GRAPHQL_JSON, 400),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL_JSON, 400),
        ("text/html, application/json", JSON, 422),
        ("text/html", GRAPHQL_JSON, 400),
    ],
)
def test_the_media_type_follows_the_accept_header(
    sandbox: Sandbox, accept: str, content_type: str, status: int
) -> None:
    """The first known type wins, and an unknown one means the newer type.

    The media type decides the status of an error, too.
    """
    good = post(sandbox, "{findTags {count}}", headers={"Accept": accept})
    bad = post(sandbox, BAD, headers={"Accept": accept}, i={})
    assert (good.status_code, good.headers["Content-Type"]) == (200, content_type)
    assert (bad.status_code, bad.headers["Content-Type"]) == (status, content_type)


def test_older_releases_know_only_plain_json() -> None:
    """Negotiation of the media type came with v0.29.0."""
    with Sandbox(release="0.28.1") as sandbox:
        bad = post(sandbox, BAD, headers={"Accept": "*/*"}, i={})
    assert (bad.status_code, bad.headers["Content-Type"]) == (422, JSON)


def test_failed_operations_are_answered_with_200(sandbox: Sandbox) -> None:
    """Only a document that did not run has another status; errors come before data."""
    response = post(sandbox, 'mutation {tagCreate(input: {name: ""}) {id}}')
    assert response.status_code == 200
    assert response.text == (
        '{"errors":[{"message":"tag name must not be blank","path":["tagCreate"]}],'
        '"data":{"tagCreate":null}}'
    )


def test_answers_carry_the_servers_headers(sandbox: Sandbox) -> None:
    """The headers forbid clients to store an answer or to guess its type."""
    headers = post(sandbox, "{findTags {count}}").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Vary"].startswith("Origin")


def test_markup_and_line_separators_are_escaped(sandbox: Sandbox) -> None:
    """Go's encoder escapes them; the decoded value is the same."""
    create(sandbox, "<a> & b\u2028c")
    response = post(sandbox, "{findTags {tags {name}}}")
    assert "\\u003ca\\u003e \\u0026 b\\u2028c" in response.text
    assert response.json()["data"]["findTags"]["tags"] == [{"name": "<a> & b\u2028c"}]


def test_only_plain_json_is_compressed(sandbox: Sandbox) -> None:
    """The older media type is compressed for clients that ask for it."""
    asks = {"Accept-Encoding": "gzip"}
    assert post(sandbox, "{findTags {count}}", headers=asks).headers["Content-Encoding"] == "gzip"
    for headers in ({**asks, "Accept": "*/*"}, {"Accept-Encoding": "identity"}):
        assert "Content-Encoding" not in post(sandbox, "{version {hash}}", headers=headers).headers


def test_compressed_answers_unpack_to_the_same(sandbox: Sandbox) -> None:
    """The compressed answer is shorter, and httpx unpacks it to the same value."""
    create(sandbox, *(f"Tag {number}" for number in range(50)))
    query = "{findTags(filter: {per_page: -1}) {tags {id name}}}"
    plain = post(sandbox, query, headers={"Accept-Encoding": "identity"})
    packed = post(sandbox, query, headers={"Accept-Encoding": "gzip"})
    assert packed.json() == plain.json()
    assert int(packed.headers["Content-Length"]) < len(plain.content)
    assert len(gzip.compress(plain.content)) < len(plain.content)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("not json", "invalid character 'n' looking for beginning of value body:not json"),
        ("", "EOF body:"),
        ('{"query"', 'unexpected EOF body:{"query"'),
        ("[]", "json: cannot unmarshal array into Go value of type graphql.RawParams body:[]"),
        (
            '{"query": 5}',
            "json: cannot unmarshal number into Go struct field RawParams.query of type string"
            ' body:{"query": 5}',
        ),
    ],
)
def test_a_body_that_is_no_request_is_refused(sandbox: Sandbox, body: str, message: str) -> None:
    """The status is 400, and the message quotes the body."""
    response = request(
        sandbox,
        "POST",
        "/graphql",
        content=body,
        headers={"Content-Type": JSON, "Accept": JSON},
    )
    assert response.status_code == 400
    assert response.json() == {
        "errors": [{"message": f"json request body could not be decoded: {message}"}],
        "data": None,
    }


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_bodies_are_understood(sandbox: Sandbox, content_type: str) -> None:
    """The error is JSON, although its media type is text."""
    response = request(
        sandbox, "POST", "/graphql", content=COUNT, headers={"Content-Type": content_type}
    )
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text == '{"errors":[{"message":"transport not supported"}],"data":null}'


@pytest.mark.parametrize("content_type", [JSON, "Application/JSON; charset=utf-8"])
@pytest.mark.parametrize("path", ["/graphql", "/graphql/"])
def test_a_json_body_is_understood(sandbox: Sandbox, content_type: str, path: str) -> None:
    """The media type may have parameters, and the path a slash at its end."""
    response = request(sandbox, "POST", path, content=COUNT, headers={"Content-Type": content_type})
    assert response.json() == {"data": {"findTags": {"count": 0}}}


def test_variables_and_operation_name_may_be_null(sandbox: Sandbox) -> None:
    """Null means the same as leaving them out."""
    body = {"query": "{findTags {count}}", "variables": None, "operationName": None}
    assert request(sandbox, "POST", "/graphql", json=body).status_code == 200


def test_get_answers_queries_only(sandbox: Sandbox) -> None:
    """A mutation over GET is refused with status 406."""
    get = {"headers": {"Accept": JSON}}
    found = request(
        sandbox,
        "GET",
        "/graphql",
        params={"query": "query($id: ID!) {findTag(id: $id) {id}}", "variables": '{"id": 1}'},
        **get,
    )
    assert found.json() == {"data": {"findTag": None}}
    refused = request(
        sandbox,
        "GET",
        "/graphql",
        params={"query": "mutation {tagDestroy(input: {id: 1})}"},
        **get,
    )
    assert refused.status_code == 406
    assert refused.json() == {
        "errors": [{"message": "GET requests only allow query operations"}],
        "data": None,
    }
    wrong = request(
        sandbox, "GET", "/graphql", params={"query": "{findTags{count}}", "variables": "["}, **get
    )
    assert (wrong.status_code, wrong.json()["errors"][0]["message"]) == (
        400,
        "variables could not be decoded",
    )


def test_options_lists_the_methods(sandbox: Sandbox) -> None:
    """The request needs neither a body nor a document."""
    response = request(sandbox, "OPTIONS", "/graphql")
    assert (response.status_code, response.headers["Allow"]) == (200, "OPTIONS, GET, POST")


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_other_methods_are_no_transport(sandbox: Sandbox, method: str) -> None:
    """Other methods are refused like an unknown content type."""
    response = request(sandbox, method, "/graphql")
    assert response.status_code == 400
    assert response.json()["errors"] == [{"message": "transport not supported"}]


@pytest.mark.parametrize(
    ("query", "name", "message"),
    [
        ("query A {version {hash}} query B {version {hash}}", None, "operation  not found"),
        ("query A {version {hash}} query B {version {hash}}", "C", "operation C not found"),
        ("query A {version {hash}}", "B", "operation B not found"),
    ],
)
def test_an_operation_has_to_be_named_rightly(
    sandbox: Sandbox, query: str, name: str | None, message: str
) -> None:
    """A wrong name is refused even if there is only one operation."""
    body = {"query": query, "operationName": name}
    response = request(sandbox, "POST", "/graphql", json=body, headers={"Accept": JSON})
    assert (response.status_code, response.json()["errors"][0]["message"]) == (422, message)


def test_an_operation_is_chosen_by_name(sandbox: Sandbox) -> None:
    """The other operations of the document do not run."""
    query = 'mutation A {tagCreate(input: {name: "x"}) {id}} query B {findTags {count}}'
    body = {"query": query, "operationName": "B"}
    response = request(sandbox, "POST", "/graphql", json=body)
    assert response.json() == {"data": {"findTags": {"count": 0}}}


def test_subscriptions_have_no_transport_here(sandbox: Sandbox) -> None:
    """A subscription in a request is refused, and the error gives the reason."""
    response = post(sandbox, "subscription {scanCompleteSubscribe}")
    assert response.status_code == 400
    assert "websocket" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize("path", ["/", "/tags", "/Graphql", "/graphql/x"])
def test_any_other_address_is_a_page_for_people(sandbox: Sandbox, path: str) -> None:
    """A client with a wrong address gets HTML with status 200."""
    for method in ("GET", "POST"):
        response = request(sandbox, method, path)
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith("text/html")


def test_the_health_check_is_a_dot(sandbox: Sandbox) -> None:
    """Clients use it to wait until the server is up."""
    response = request(sandbox, "GET", "/healthz")
    assert (response.status_code, response.text) == (200, ".")


def test_text_that_is_no_unicode_becomes_replacement_characters(sandbox: Sandbox) -> None:
    """As Go's decoder does, wrong bytes and lone surrogates are replaced."""
    head = b'{"query": "mutation($n: String!) {tagCreate(input: {name: $n}) {name}}", '
    for name in (b'"a\\ud800b"', b'"a\xffb"'):
        response = request(
            sandbox,
            "POST",
            "/graphql",
            content=head + b'"variables": {"n": ' + name + b"}}",
            headers={"Content-Type": JSON},
        )
        assert response.json()["data"]["tagCreate"]["name"] == "a\ufffdb"
        ask(sandbox, "mutation {tagsDestroy(ids: [1])}")
