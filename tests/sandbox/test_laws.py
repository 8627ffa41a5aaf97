"""Laws for all documents and all variables."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    parse,
)
from graphql import validate as core_validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stashsync.sandbox import Sandbox
from stashsync.sandbox.schema import schema_of
from stashsync.sandbox.validation import validate
from tests.sandbox.client import ask, post
from tests.sandbox.test_documents import REFUSED

SCHEMA = schema_of("develop")
ACCEPTED = [
    "{version {hash}}",
    "query($f: FindFilterType = {page: 1}) {findTags(filter: $f) {count tags {id children {id}}}}",
    "mutation($a: TagCreateInput!) {a: tagCreate(input: $a) {...F}} fragment F on Tag {id name}",
    '{findTags(ids: 1, tag_filter: {OR: {name: {value: "x", modifier: EQUALS}}}) {count}}',
    "query($x: Boolean!) {a: findTag(id: 1) @include(if: $x) {id ... @skip(if: $x) {name}}}",
    "{__schema {types {name fields {name type {kind name}}}}}",
    "{findTag(id: 1) {id id name}}",
]

texts = st.sampled_from(["", " ", "Lens", "lens", "1", "x", "2020", "2020-13", "https://a.example"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "String": texts,
    "ID": st.sampled_from(["1", "2", 1, "9", "x", ""]),
    "Int": st.integers(-(2**63), 2**63 - 1),
    "Float": st.floats(-1e6, 1e6),
    "Boolean": st.booleans(),
    "Time": st.sampled_from(["2020-01-02T03:04:05Z", "2020-01-02T03:04:05+09:00", "", "soon"]),
    "Any": texts | st.integers(),
    "Map": st.dictionaries(texts, json_values, max_size=3),
}


@cache
def values(type_: Any, deep: bool) -> st.SearchStrategy[Any]:
    """Return a strategy for values of a type, with null if that fits."""
    if isinstance(type_, GraphQLNonNull):
        return _some(type_.of_type, deep)
    return st.none() | _some(type_, deep)


def _some(type_: Any, deep: bool) -> st.SearchStrategy[Any]:
    if isinstance(type_, GraphQLList):
        return st.lists(values(type_.of_type, deep), max_size=3)
    if isinstance(type_, GraphQLEnumType):
        return st.sampled_from([*type_.values, "male"])
    if isinstance(type_, GraphQLInputObjectType):
        return inputs(type_.name, deep=False)
    return SCALARS[type_.name]


@cache
def inputs(name: str, deep: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for objects of an input type, with a few of the optional fields."""
    fields: dict[str, Any] = SCHEMA.type_map[name].fields  # type: ignore[attr-defined]
    required = {n: f.type for n, f in fields.items() if isinstance(f.type, GraphQLNonNull)}
    others = {
        n: f.type
        for n, f in fields.items()
        if n not in required and (deep or get_named_type(f.type).name not in RECURSIVE)
    }

    def chosen(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
        types = {**required, **{name: others[name] for name in names}}
        return st.fixed_dictionaries({name: values(type_, deep) for name, type_ in types.items()})

    if not others:
        return chosen([])
    return st.lists(st.sampled_from(sorted(others)), max_size=4, unique=True).flatmap(chosen)


RECURSIVE = {"TagFilterType", "StudioFilterType", "PerformerFilterType"}
MUTATIONS = [
    *(f"{name}Create" for name in ("tag", "studio", "performer")),
    *(f"{name}Update" for name in ("tag", "studio", "performer")),
    *(f"bulk{name}Update" for name in ("Tag", "Studio", "Performer")),
    "tagsMerge",
    "performerMerge",
]


@pytest.mark.parametrize("mutation", MUTATIONS)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_is_sent_the_answer_is_one_that_a_server_gives(
    caplog: pytest.LogCaptureFixture, mutation: str, data: st.DataObject
) -> None:
    """The sandbox never fails itself: every error comes from a rule of the server."""
    type_name = f"{mutation[0].upper()}{mutation[1:]}Input"
    sent = data.draw(inputs(type_name))
    query = f"mutation($i: {type_name}!) {{{mutation}(input: $i) {{id created_at}}}}"
    with Sandbox(release="develop", fetch_image=lambda _: b"image") as sandbox:
        for name in ("tagCreate", "studioCreate", "performerCreate"):
            for value in ("Lens", "Other"):
                ask(sandbox, f'mutation {{{name}(input: {{name: "{value}"}}) {{id}}}}')
        caplog.clear()
        with caplog.at_level(logging.ERROR):
            response = post(sandbox, query, i=sent)
        assert [record.getMessage() for record in caplog.records] == []
        assert response.status_code in (200, 422)
        assert list(response.json())[-1] == "data"


@pytest.mark.parametrize("query", ["findTags", "findStudios", "findPerformers"])
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_is_asked_the_answer_is_one_that_a_server_gives(
    caplog: pytest.LogCaptureFixture, query: str, data: st.DataObject
) -> None:
    """Filters and sorts of any shape give an answer or a proper error."""
    kind = query.removeprefix("find").removesuffix("s")
    where = data.draw(inputs(f"{kind}FilterType"))
    page = data.draw(inputs("FindFilterType"))
    document = (
        f"query($w: {kind}FilterType, $f: FindFilterType)"
        f" {{{query}({kind.lower()}_filter: $w, filter: $f) {{count}}}}"
    )
    with Sandbox(release="develop") as sandbox:
        ask(sandbox, f'mutation {{{kind.lower()}Create(input: {{name: "Lens"}}) {{id}}}}')
        caplog.clear()
        with caplog.at_level(logging.ERROR):
            response = post(sandbox, document, w=where, f=page)
        assert [record.getMessage() for record in caplog.records] == []
        assert response.status_code in (200, 422)


@pytest.mark.parametrize("text", [query for query, _ in REFUSED])
def test_what_is_refused_is_refused_by_the_library_that_parses_it_too(text: str) -> None:
    """The messages are the server's, but graphql-core refuses the same documents."""
    assert core_validate(SCHEMA, parse(text))


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_is_accepted_is_accepted_by_the_library_that_parses_it_too(text: str) -> None:
    """Valid documents of many shapes pass both validations."""
    document = parse(text)
    assert core_validate(SCHEMA, document) == []
    assert validate(SCHEMA, document) == []
