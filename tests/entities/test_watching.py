"""Edits are found in every field that was received or assigned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from stashsync.entities import Tag
from stashsync.unset import UNSET


def _received_at_once() -> Tag:
    return Tag.from_row({"id": "1", "aliases": ["a"], "children": []})


def _received_later() -> Tag:
    tag = Tag.from_row({"id": "1"})
    tag.merge_row({"id": "1", "aliases": ["a"]})
    tag.merge_row({"id": "1", "children": []})
    return tag


def _loaded_aside() -> Tag:
    tag = Tag.from_row({"id": "1", "aliases": ["a"]})
    tag.set_loaded("children", [])
    return tag


def _assigned_and_clean() -> Tag:
    tag = Tag.from_row({"id": "1"})
    tag.aliases, tag.children = ["a"], []
    tag.mark_clean()
    return tag


def _built_and_clean() -> Tag:
    tag = Tag(id="1", aliases=["a"], children=[])
    tag.mark_clean()
    return tag


def _forgotten_and_received_again() -> Tag:
    tag = _received_at_once()
    tag.aliases = UNSET
    assert tag.get_changed_fields() == {}
    tag.merge_row({"id": "1", "aliases": ["a"]})
    return tag


def _saved() -> Tag:
    tag = Tag(name="Macro", aliases=["a"], children=[])
    write = tag.pending_write()
    assert write is not None
    write.settle({"id": "1"})
    return tag


@pytest.mark.parametrize(
    "origin",
    [
        _received_at_once,
        _received_later,
        _loaded_aside,
        _assigned_and_clean,
        _built_and_clean,
        _forgotten_and_received_again,
        _saved,
    ],
)
def test_a_list_is_watched_however_it_came(origin: Callable[[], Tag]) -> None:
    """Only received and assigned fields are compared; these are, each of them."""
    tag: Any = origin()
    child = Tag.from_row({"id": "2"})
    assert tag.get_changed_fields() == {}
    tag.aliases.append("b")
    tag.children.append(child)
    assert tag.get_changed_fields() == {"aliases": ["a", "b"], "children": [child]}
    assert tag.is_dirty()
    tag.aliases.remove("b")
    tag.children.remove(child)
    assert not tag.is_dirty()
