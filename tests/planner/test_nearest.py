"""Similar names and matches of patterns: the fast search finds what trying all would find."""

from __future__ import annotations

import difflib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashsync.fields.names import fold, like
from stashsync.planner.nearest import Names
from stashsync.planner.patterns import PatternIndex

few = st.lists(st.text("abcd", min_size=1, max_size=6), max_size=12, unique=True)


@given(few, st.text("abcd", min_size=1, max_size=6))
def test_in_a_small_library_the_nearest_are_difflibs(names: list[str], name: str) -> None:
    """Only names that share no pair of adjacent letters are left out."""
    expected = difflib.get_close_matches(name, sorted(names), n=3, cutoff=0.7)
    padded = {f"\0{name}\0"[at : at + 2] for at in range(len(name) + 1)}
    assert Names(names).nearest(name) == [
        item for item in expected if padded & {f"\0{item}\0"[at : at + 2] for at in range(7)}
    ]


def test_names_are_shown_as_they_are_written() -> None:
    """The case of the question does not matter, and the answer has the name's own."""
    assert Names(["Wide Shot", "Drone"]).nearest("wide shott") == ["Wide Shot"]
    assert Names(["Camera", "CAMERA"]).nearest("camer") == ["CAMERA"]
    assert Names([]).nearest("x") == []


def test_of_a_large_library_few_names_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken manifest may have hundreds of dangling references."""
    measure, counts = difflib.get_close_matches, []

    def counted(word: str, names: list[str], **how: Any) -> list[str]:
        counts.append(len(names))
        return measure(word, names, **how)

    monkeypatch.setattr(difflib, "get_close_matches", counted)
    names = Names(f"Name {item}" for item in range(20_000))
    assert all(names.nearest(f"Namme {item}77") for item in range(20))
    assert len(counts) == 20
    assert max(counts) <= 50


@given(st.lists(st.text("ab_%", max_size=4)), st.text("ab_%", max_size=5))
def test_narrowing_loses_no_match(texts: list[str], pattern: str) -> None:
    """The index finds the same texts in the same order as matching all of them."""
    found = list(PatternIndex((text, place) for place, text in enumerate(texts)).matching(pattern))
    everything = sorted(zip(texts, range(len(texts)), strict=True))
    assert found == [item for item in everything if like(fold(pattern)).match(item[0])]


def test_a_pattern_finds_the_texts_that_end_as_it_does() -> None:
    """Endings longer than the index's own keys are compared, too."""
    texts = PatternIndex([("abcdef", 1), ("xbcdef", 2), ("abcdeg", 3)])
    assert list(PatternIndex([("bcd", 1)]).matching("%bcd")) == [("bcd", 1)]
    assert list(PatternIndex([("bcd", 1)]).matching("bcd%")) == [("bcd", 1)]
    assert list(texts.matching("%bcdef")) == [("abcdef", 1), ("xbcdef", 2)]
    assert list(texts.matching("a_cdef")) == [("abcdef", 1)]
