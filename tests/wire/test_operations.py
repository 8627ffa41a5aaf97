"""Mutations as data, and the text of a document of many."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashsync.errors import StashError
from stashsync.outcomes import Status
from stashsync.wire.operations import (
    Batch,
    BatchOperation,
    BatchResult,
    Document,
    in_documents,
)
from stashsync.wire.shapes import document_text, shape_of


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
    assert Document.of(operations).text == (
        "mutation Batch($input0: SceneUpdateInput!, $input1: TagCreateInput!) {\n"
        "  op0: sceneUpdate(input: $input0) { id __typename }\n"
        "  op1: tagCreate(input: $input1) { id __typename }\n"
        "}"
    )
    assert Document.of(operations).variables == {
        "input0": {"id": "1", "title": "Dawn"},
        "input1": {"name": "Action"},
    }


def test_what_returns_true_has_no_selection() -> None:
    """A destroy, in both of its forms; unless somebody insists."""
    assert Document.of([destroy()]).text.splitlines()[1] == "  op0: tagDestroy(input: $input0)"
    several = BatchOperation("tagsDestroy", "[ID!]!", {"ids": ["1", "2"]})
    assert Document.of([several]).text == (
        "mutation Batch($ids0: [ID!]!) {\n  op0: tagsDestroy(ids: $ids0)\n}"
    )
    setup = BatchOperation("configureGeneral", "ConfigGeneralInput!", {"input": {}}, "apiKey")
    assert "{ apiKey }" in Document.of([setup]).text


def test_the_text_depends_on_shapes_alone_and_is_made_once() -> None:
    """The server keeps parsed documents by text, and so do we."""
    assert Document.of([create("One")]).text is Document.of([create("Two")]).text
    before = document_text.cache_info().misses
    for number in range(50):
        assert Document.of([create(str(number))]).text
    assert document_text.cache_info().misses == before


def test_an_operation_has_exactly_one_argument() -> None:
    """So that its variable can be told from its type."""
    for variables in ({}, {"input": {}, "id": 1}):
        with pytest.raises(ValueError, match="exactly one argument"):
            BatchOperation("tagCreate", "TagCreateInput!", variables)


def test_operations_are_cut_into_documents_in_their_order() -> None:
    """300 make 250 and 50; aliases restart."""
    operations = [create(str(number)) for number in range(300)]
    cut = [one.operations for one in Batch.of(operations).documents]
    assert [len(chunk) for chunk in cut] == [250, 50]
    assert [one for chunk in cut for one in chunk] == operations
    assert "op0: " in Document.of(cut[1]).text
    assert [len(one) for one in Batch.of(operations, 100).documents] == [100, 100, 100]
    assert Batch.of([]).documents == []
    with pytest.raises(ValueError, match="at least 1"):
        Batch.of(operations, 0)


@given(st.lists(st.booleans(), max_size=30), st.integers(1, 5))
def test_what_is_not_nullable_goes_alone_and_nothing_changes_places(
    kinds: list[bool], size: int
) -> None:
    """One failed destroy would hide the ids of everything in its document."""
    operations = [create() if shares else destroy() for shares in kinds]
    cut = [one.operations for one in Batch.of(operations, size).documents]
    assert [one for chunk in cut for one in chunk] == operations
    for chunk in cut:
        assert 1 <= len(chunk) <= size
        assert len(chunk) == 1 or all(one.shares for one in chunk)


def test_a_result_accounts_for_every_operation_exactly_once() -> None:
    """The four lists are apart, and together they are everything."""
    operations = [create(str(number)) for number in range(4)]
    for operation, status in zip(operations, Status, strict=True):
        operation.settle(status, error=StashError("no"))
    result = BatchResult(operations)
    lists = (result.succeeded, result.failed, result.not_sent, result.unknown)
    assert [some[0] for some in lists] == operations
    assert sum(map(len, lists)) == len(result) == 4
    assert not result.all_succeeded
    assert result[1] is operations[1]
    assert list(result) == operations
    assert repr(result) == "BatchResult(1 applied, 1 failed, 1 skipped, 1 unknown)"
    assert BatchResult([]).all_succeeded


def test_operations_of_a_batch_are_made_when_somebody_looks_at_one() -> None:
    """Until then only their inputs are there; what is noted before and after is in them."""
    shape = shape_of("tagCreate", "input", "TagCreateInput!")
    batch = Batch(in_documents([(shape, 3)], [{"name": name} for name in "ABC"], None, 2))
    first, second = batch.documents
    result = BatchResult(batch)
    assert (len(result), result.all_succeeded, first.results) == (3, False, None)
    first.sent()
    first.applied([{"id": "1"}, {"id": "2"}])
    second.sent()
    assert first.results == [{"id": "1"}, {"id": "2"}]
    assert [one.status for one in result] == [Status.APPLIED, Status.APPLIED, Status.UNKNOWN]
    assert [one.variables["input"]["name"] for one in result] == ["A", "B", "C"]
    assert result[1].result == {"id": "2"}
    assert result[-1] is result[2] is second.operations[0]
    assert [one.shape for one in result[0:2]] == [shape, shape]
    second.applied([{"id": "3"}])
    assert result[2].result == {"id": "3"}
    assert result.all_succeeded
    assert second.results == [{"id": "3"}]
    with pytest.raises(IndexError):
        result[3]


def test_an_operation_can_be_saved() -> None:
    """It is plain data."""
    copy = pickle.loads(pickle.dumps(create()))
    assert repr(copy) == "BatchOperation('tagCreate', {'input': {'name': 'Camera'}}: skipped)"
