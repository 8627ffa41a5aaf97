"""A connection that cannot change anything."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashsync.errors import ReadOnlyError
from stashsync.wire.read_only import ReadOnlyTransport, only_queries
from tests.wire.fakes import ok, scripted

QUERIES = [
    "{ findTags { count } }",
    "query { a }",
    "query Find($id: ID!) { findTag(id: $id) { id } }",
    "query A { a } query B { b }",
    "fragment F on Tag { id } query { findTag(id: 1) { ...F } }",
    '{ findTag(id: "mutation { a }") { id } }',
    '{ a(x: "\\"") } # mutation { b }',
    '{ a(x: """ " mutation M { b } """) }',
    "# mutation M { a }\nquery { a }",
    "{ mutation: a subscription: b }",
    "{ mutation }",
    "query mutation { a }",
    "query Q($mutation: ID) { a(x: $mutation) }",
    "{ a { mutationCount } __schema { mutationType { name } } }",
    "\ufeff{ a }",
    ",,, query { a }",
]
OTHERS = [
    "mutation { a }",
    "mutation M($i: X!) { a(input: $i) { id } }",
    "  \n\t,, mutation{a}",
    "\ufeffmutation { a }",
    "# query { a }\nmutation { a }",
    "# comment\rmutation { a }",
    "#\u2028\nmutation { a }",
    "query A { a } mutation B { b }",
    "mutation B { b } query A { a }",
    "{ a } mutation { b }",
    "fragment F on Tag { id } mutation { tagCreate(input: {}) { ...F } }",
    'query A { a(x: "#") } mutation B { b }',
    'query A { a(x: """ \\""" """) } mutation B { b }',
    'query A { a(x: "") } mutation B { b }',
    '"""query""" mutation { a }',
    "query A { a }mutation{ b }",
    "{a}mutation@skip(if:false){b}",
    "query A { a } # }\nmutation B { b }",
    "subscription { jobsSubscribe { type } }",
    "query A { a } subscription B { b }",
    "type mutation { a: Int }",
    "mutation",
    "query { a( } mutation { b }",
    "équery mutation { a }",
    "émutation { a }",
    "",
    "   ",
    "\x00mutation { a }",
    "{" * 5000 + " mutation " + "}" * 5000,
]


@pytest.mark.parametrize("text", QUERIES)
def test_queries_pass_whatever_words_they_hold(text: str) -> None:
    """`mutation` as a text, a comment, an alias or a name is no mutation."""
    transport, script = scripted(ok({"a": 1}))
    assert asyncio.run(ReadOnlyTransport(transport).send(text)).data == {"a": 1}
    assert script.bodies[0]["query"] == text


@pytest.mark.parametrize("text", OTHERS)
def test_nothing_but_queries_is_sent(text: str) -> None:
    """Hidden in whatever way, and what cannot be parsed counts as hidden."""
    transport, script = scripted()
    with pytest.raises(ReadOnlyError):
        asyncio.run(ReadOnlyTransport(transport).send(text, operation_name="A"))
    assert not script.requests


@given(
    before=st.sampled_from(
        ["", " ", "\n", ",", "#x\n", "#\r", "\ufeff", "query A{a}", "fragment F on T{a}", "{a}"]
    ),
    name=st.sampled_from(["", " M", " query", " mutation", "\n#}\nM"]),
    between=st.text(alphabet=" \t\n\r,", max_size=3),
    after=st.sampled_from(["", " query B{b}", "#{", " fragment G on T{a}"]),
)
def test_no_spelling_of_a_mutation_counts_as_queries(
    before: str, name: str, between: str, after: str
) -> None:
    """Any valid neighbours, spaces, commas and comments around it."""
    assert not only_queries(f"{before}{between}mutation{between}{name}{between}{{b}}{after}")


def test_what_is_no_text_is_refused() -> None:
    """A number or bytes are no document that could be judged."""
    transport, script = scripted()
    for text in (None, b"{ a }", 5):
        with pytest.raises(ReadOnlyError):
            asyncio.run(ReadOnlyTransport(transport).send(text))  # type: ignore[arg-type]
    assert not script.requests


def test_no_attribute_leads_to_the_transport_that_can_write() -> None:
    """Code with a read-only transport cannot write by accident."""
    transport, _ = scripted()
    reading = ReadOnlyTransport(transport)
    reachable = [getattr(reading, name) for name in dir(reading) if not name.startswith("_")]
    assert all(found is not transport for found in reachable)
    assert not hasattr(reading, "__dict__")


def test_reading_files_and_the_server_itself_still_works() -> None:
    """Entity tags, the endpoint, and the pauses of the wrapped transport."""
    transport, _ = scripted(httpx.Response(200, headers={"ETag": '"abc"'}))
    reading = ReadOnlyTransport(transport)
    assert asyncio.run(reading.etag("/tag/1/image")) == "abc"
    assert reading.endpoint is transport.endpoint
    assert reading.retry is transport.retry
    asyncio.run(reading.aclose())
    with pytest.raises(ReadOnlyError):
        asyncio.run(reading.etag("/graphql?query=mutation{a}"))
