"""Our transport for users of gql."""

from __future__ import annotations

import asyncio
from typing import Any

import gql
import httpx
import pytest
from gql.transport.exceptions import TransportQueryError

from stashsync.errors import StashConnectionError, StashGraphQLError
from stashsync.wire.gql_adapter import GqlTransport, TextRequest
from stashsync.wire.retry import RetryPolicy
from tests.wire.fakes import ok, scripted

ODD = "query   Odd($x: ID!) { findTag(id: $x) { id } }  # spacing stays"


def _execute(request: Any, *entries: Any, **options: Any) -> tuple[Any, Any]:
    transport, script = scripted(*entries, **options)

    async def run() -> Any:
        async with gql.Client(transport=GqlTransport(transport)) as session:
            return await session.execute(request)

    return asyncio.run(run()), script


def test_a_text_request_is_sent_exactly_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is parsed and nothing printed on its way."""

    def never(*_: Any, **__: Any) -> None:
        message = "the text was parsed or printed"
        raise AssertionError(message)

    monkeypatch.setattr("gql.graphql_request.parse", never)
    monkeypatch.setattr("gql.graphql_request.print_ast", never)
    request = TextRequest(ODD, variable_values={"x": "1"}, operation_name="Odd")
    data, script = _execute(request, ok({"findTag": {"id": "1"}}))
    assert data == {"findTag": {"id": "1"}}
    assert script.bodies == [{"query": ODD, "variables": {"x": "1"}, "operationName": "Odd"}]


def test_a_text_request_is_parsed_on_demand() -> None:
    """gql asks for the document where it checks it against a schema."""
    assert TextRequest("{ a }").document == gql.GraphQLRequest("{ a }").document
    assert TextRequest("{ a }").payload == {"query": "{ a }"}


def test_gqls_own_requests_work_too() -> None:
    """Their text is what gql prints for them."""
    data, script = _execute(gql.gql("{a}"), ok({"a": 1}))
    assert data == {"a": 1}
    assert script.bodies == [{"query": "{\n  a\n}"}]


def test_errors_of_the_api_are_raised_by_gql_as_always() -> None:
    """And ours, raised without gql's client, is caught by the same clause."""
    entry = {"message": "no", "path": ["a"]}
    with pytest.raises(TransportQueryError, match="no"):
        _execute(TextRequest("{ a }"), ok({"a": None}, [entry]))
    transport, _ = scripted(ok({"a": None}, [entry, entry]))
    with pytest.raises(TransportQueryError, match=r"no \(and 1 more\)") as caught:
        asyncio.run(transport.send("{ a }")).data_or_raise()
    assert isinstance(caught.value, StashGraphQLError)
    assert (caught.value.errors, caught.value.data) == ([entry, entry], {"a": None})


def test_failures_of_the_connection_are_ours_and_httpx() -> None:
    """gql's client passes them on as they are."""
    with pytest.raises(httpx.ConnectError) as caught:
        _execute(TextRequest("{ a }"), httpx.ConnectError("x"), retry=RetryPolicy(attempts=1))
    assert isinstance(caught.value, StashConnectionError)


def test_subscriptions_need_another_transport() -> None:
    """gql's own HTTP transports refuse subscriptions in the same way."""
    transport, _ = scripted()
    with pytest.raises(NotImplementedError):
        GqlTransport(transport).subscribe(TextRequest("subscription { a }"))
