"""Query text from the kinds."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import parse, validate

from stashsync.client.core import _input_types
from stashsync.kinds import ENTITIES, KINDS, Capabilities, Kind
from stashsync.kinds.registry import READ_ONLY
from stashsync.wire import documents
from stashsync.wire.capabilities import capabilities_document, read_capabilities
from stashsync.wire.operations import BatchOperation, Document
from stashsync.wire.shapes import shape_of, shares_document
from tests.support.introspection import RELEASES, schema, types_of


def capabilities(release: str) -> Capabilities:
    """Return the capabilities of a server of that release."""
    types = types_of(release)
    data: dict[str, Any] = {
        "version": {"version": release},
        "systemStatus": {"status": "OK", "appSchema": 75},
        "__schema": {"queryType": types["Query"], "mutationType": types["Mutation"]},
    }
    for number, type_ in enumerate(types.values()):
        if type_["inputFields"] is not None:
            data[f"i{number}"] = type_
        elif type_["kind"] == "OBJECT":
            data[f"o{number}"] = type_
    return read_capabilities(data)


def errors(release: str, text: str) -> list[str]:
    """Validate a document against the release."""
    return [str(error) for error in validate(schema(release), parse(text))]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
@pytest.mark.parametrize("release", RELEASES)
def test_every_generated_query_is_valid_for_the_fields_that_a_release_has(
    release: str, kind: Kind
) -> None:
    """All fields at once, and each by itself, in every form of query."""
    server = capabilities(release)
    paged = (documents.find_one, documents.find_page, documents.find_by_ids)
    for fields in (kind.fields, [], *([name] for name in kind.fields)):
        for form in (documents.find_unpaged,) if kind.saved_whole else paged:
            assert errors(release, form(kind, fields, server)) == []
    if not kind.saved_whole:
        assert errors(release, documents.count(kind)) == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
@pytest.mark.parametrize("release", RELEASES)
def test_every_generated_mutation_is_valid(release: str, kind: Kind) -> None:
    """Creates and updates together, in one document and in a large one."""
    pair = [
        BatchOperation(kind.create_mutation, f"{kind.create_input}!", {"input": {}}),
        BatchOperation(kind.update_mutation, f"{kind.update_input}!", {"input": {}}),
    ]
    assert errors(release, Document(pair).text) == []
    assert errors(release, Document(pair * 25).text) == []
    mutations = kind.mutations
    destroy = BatchOperation(mutations.destroy, f"{mutations.destroy_input}!", {"input": {}})
    assert errors(release, Document([destroy]).text) == []
    if not kind.saved_whole:  # which can be destroyed one by one alone
        several = BatchOperation(f"{kind.plural}Destroy", "[ID!]!", {"ids": []})
        assert errors(release, Document([several]).text) == []


@pytest.mark.parametrize("release", RELEASES)
def test_the_document_that_asks_for_capabilities_is_valid(release: str) -> None:
    """Every release understands it, whatever types it lacks."""
    assert errors(release, capabilities_document(["TagCreateInput", "NoSuchInput"], ["Tag"])) == []


@pytest.mark.parametrize("release", RELEASES)
def test_every_input_of_a_kind_is_asked_for(release: str) -> None:
    """Of kinds that no input is for, like files and jobs, none is asked for."""
    forms = ("{}CreateInput", "{}UpdateInput", "Bulk{}UpdateInput", "{}FilterType")
    inputs = {form.format(kind.type_name) for kind in ENTITIES.values() for form in forms}
    assert inputs & set(types_of(release)) <= set(_input_types())
    assert {name for name, kind in ENTITIES.items() if not kind.mutations.update} == READ_ONLY


@pytest.mark.parametrize("release", RELEASES)
def test_only_mutations_of_nullable_objects_share_a_document(release: str) -> None:
    """What shares is nullable, and what is nullable and makes or changes an entity shares.

    What has a selection has something to select.
    """
    types = types_of(release)
    for field in types["Mutation"]["fields"]:
        outer = inner = field["type"]
        while inner.get("ofType"):
            inner = inner["ofType"]
        is_object = inner["kind"] == "OBJECT"
        nullable = outer["kind"] != "NON_NULL"
        assert shares_document(field["name"]) is (nullable and is_object), field["name"]
        if shares_document(field["name"]) or field["name"] in ("saveFilter", "performerMerge"):
            assert shape_of(field["name"], "input", "X!", "id __typename").selection
        elif not is_object:
            assert not shape_of(field["name"], "input", "X!", "id __typename").selection


def _server(**outputs: set[str]) -> Capabilities:
    return Capabilities(
        inputs={},
        outputs={name: frozenset(fields) for name, fields in outputs.items()},
        mutations=frozenset(),
    )


TAG = KINDS["tag"]


def test_a_query_selects_the_chosen_fields_in_the_kinds_order() -> None:
    """The order in which they were asked for does not show, and nothing comes twice."""
    server = _server(Tag={"name", "description", "aliases"})
    texts = {
        documents.find_page(TAG, order, server)
        for order in (["name", "aliases", "description"], ["description", "aliases", "name"])
    }
    assert len(texts) == 1
    assert "{ id name description aliases }" in texts.pop()
    assert documents.selection(TAG, ["id", "name"], server, ["name"]) == "id name"


def test_a_field_that_the_server_lacks_is_left_out() -> None:
    """A field that the kind lacks is a programming error."""
    server = _server(Tag={"name"})
    assert documents.selection(TAG, ["name", "sort_name"], server) == "id name"
    with pytest.raises(KeyError, match="colour"):
        documents.selection(TAG, ["name", "colour"], server)


def test_selections_of_ones_own_come_last() -> None:
    """A hierarchy is read through `children`, which the server finds faster."""
    server = _server(Tag={"name"})
    assert documents.selection(TAG, ["name"], server, ["children { id }"]) == (
        "id name children { id }"
    )
