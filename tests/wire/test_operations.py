"""Mutations as data, and the text of a document of many."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashsync.errors import StashError
from stashsync.outcomes import Status
from stashsync.wire.operations import BatchOperation, BatchResult, Document, in_documents
from stashsync.wire.shapes import document_text


def create(name: str = "Camera") -> BatchOperation:
    """Create a tag."""
    return BatchOperation("tagCreate", "TagCreateInput!", {"input": {"name": name}})


def destroy(identifier: str = "1") -> BatchOperation:
    """Destroy a tag: not nullable, so it goes alone."""
    return BatchOperation("tagDestroy", "TagDestroyInput!", {"input": {"id": identifier}})


def test_a_document_has_one_variable_and_one_line_for_each_operation() -> None:
    """The whole input is one variable; only the id is asked for."""
    operations = [
        BatchOperation("sceneUpdate", "SceneUpdateInput!", {"input": {"id": "1", "title": "Dawn"}}),
        BatchOperation("tagCreate", "TagCreateInput!", {"input": {"name": "Action"}}),
    ]
    assert Document(operations).text == (
        "mutation Batch($input0: SceneUpdateInput!, $input1: TagCreateInput!) {\n"
        "  op0: sceneUpdate(input: $input0) { id __typename }\n"
        "  op1: tagCreate(input: $input1) { id __typename }\n"
        "}"
    )
    assert Document(operations).variables == {
        "input0": {"id": "1", "title": "Dawn"},
        "input1": {"name": "Action"},
    }


def test_what_returns_true_has_no_selection() -> None:
    """A destroy, in both of its forms; unless the caller insists."""
    assert Document([destroy()]).text.splitlines()[1] == "  op0: tagDestroy(input: $input0)"
    several = BatchOperation("tagsDestroy", "[ID!]!", {"ids": ["1", "2"]})
    assert Document([several]).text == (
        "mutation Batch($ids0: [ID!]!) {\n  op0: tagsDestroy(ids: $ids0)\n}"
    )
    setup = BatchOperation("configureGeneral", "ConfigGeneralInput!", {"input": {}}, "apiKey")
    assert "{ apiKey }" in Document([setup]).text


def test_the_text_depends_on_shapes_alone_and_is_made_once() -> None:
    """The server keeps parsed documents by text, and so do we."""
    assert Document([create("One")]).text is Document([create("Two")]).text
    before = document_text.cache_info().misses
    for number in range(50):
        assert Document([create(str(number))]).text
    assert document_text.cache_info().misses == before


def test_an_operation_has_exactly_one_argument() -> None:
    """Only one type is given, so there can be only one argument."""
    for variables in ({}, {"input": {}, "id": 1}):
        with pytest.raises(ValueError, match="exactly one argument"):
            BatchOperation("tagCreate", "TagCreateInput!", variables)


def test_operations_are_cut_into_documents_in_their_order() -> None:
    """300 make 250 and 50; aliases restart."""
    operations = [create(str(number)) for number in range(300)]
    cut = [document.operations for document in in_documents(operations)]
    assert [len(chunk) for chunk in cut] == [250, 50]
    assert [operation for chunk in cut for operation in chunk] == operations
    assert "op0: " in Document(cut[1]).text
    assert [len(document) for document in in_documents(operations, 100)] == [100, 100, 100]
    assert in_documents([]) == []
    with pytest.raises(ValueError, match="at least 1"):
        in_documents(operations, 0)


@given(st.lists(st.booleans(), max_size=30), st.integers(1, 5))
def test_what_is_not_nullable_goes_alone_and_nothing_changes_places(
    kinds: list[bool], size: int
) -> None:
    """One failed destroy would hide the ids of everything in its document."""
    operations = [create() if shares else destroy() for shares in kinds]
    cut = [document.operations for document in in_documents(operations, size)]
    assert [operation for chunk in cut for operation in chunk] == operations
    for chunk in cut:
        assert 1 <= len(chunk) <= size
        assert len(chunk) == 1 or all(operation.shares for operation in chunk)


def test_a_result_accounts_for_every_operation_exactly_once() -> None:
    """The four lists are apart, and together they are everything."""
    operations = [create(str(number)) for number in range(4)]
    ends = [status for status in Status if status is not Status.MOVED]  # that is for plans alone
    for operation, status in zip(operations, ends, strict=True):
        operation.settle(status, error=StashError("no"))
    result = BatchResult(operations)
    lists = (result.succeeded, result.failed, result.not_sent, result.unknown)
    assert [listed[0] for listed in lists] == operations
    assert sum(map(len, lists)) == len(result) == 4
    assert not result.all_succeeded
    assert result[1] is operations[1]
    assert list(result) == operations
    assert repr(result) == "BatchResult(1 applied, 1 failed, 1 skipped, 1 unknown)"
    assert BatchResult([]).all_succeeded


def test_an_operation_can_be_saved() -> None:
    """It is plain data."""
    copy = pickle.loads(pickle.dumps(create()))
    assert repr(copy) == "BatchOperation('tagCreate', {'input': {'name': 'Camera'}}: skipped)"
