"""Trimming and comparing, as the server does."""

from __future__ import annotations

import sqlite3
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stashsync.fields.names import GO_SPACE, fold, has_wildcards, like, trim

DATABASE = sqlite3.connect(":memory:")
# SQLite compares up to the first NUL; lone surrogates are no text for it.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
patterns = st.text("aAbBéÉ_%.*\n\\", max_size=8) | texts


def _sqlite_like(pattern: str, text: str) -> bool:
    found: int = DATABASE.execute("SELECT ? LIKE ?", (text, pattern)).fetchone()[0]
    return bool(found)


@given(patterns, st.text("aAbBéÉ_%.*\n\\", max_size=10) | texts)
@example("%", "")
@example("a%a", "a")
@example("%a_a%", "baaab")
@example("%%_%%", "")
@example("10%", "100% natural")
@example("%a%b%c%", "xaybzc")
@example("%a%b%", "ab")
@example("%a%b%c", "bac")
@example("a_c", "a\nc")
@example("a%c", "a\n\nc")
def test_like_is_that_of_sqlite(pattern: str, text: str) -> None:
    """The server compares names with SQLite's LIKE."""
    assert (like(pattern).match(fold(text)) is not None) == _sqlite_like(pattern, text)


@given(texts, texts)
def test_two_names_fold_to_the_same_if_sqlite_compares_them_as_equal(item: str, other: str) -> None:
    """For names without wildcards, equality of folded names is LIKE."""
    for left, right in ((item, other), (item, item.swapcase()), (item, item.casefold())):
        if not has_wildcards(left):
            assert (fold(left) == fold(right)) == _sqlite_like(left, right)


def test_a_hostile_pattern_takes_no_time() -> None:
    """A name of many wildcards must not block a plan."""
    started = time.monotonic()
    assert not like("%a" * 60 + "b").match("a" * 3000)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("text", "folded"),
    [("ÄBC", "Äbc"), ("İI", "İi"), ("ẞ", "ẞ"), ("ΑΣ", "ΑΣ"), ("PLAIN", "plain"), ("", "")],
)
def test_only_the_26_letters_lose_their_case(text: str, folded: str) -> None:
    """Stash keeps Éclair and éclair apart."""
    assert fold(text) == folded


def test_trimming_is_that_of_go() -> None:
    """Unicode white space is removed; separators that only Python strips stay."""
    assert trim(f"{GO_SPACE}a\u00a0b{GO_SPACE}") == "a\u00a0b"
    assert trim("\x1ca\x1f") == "\x1ca\x1f"
    assert trim("\u200ba\ufeff") == "\u200ba\ufeff"
    assert len(GO_SPACE) == 25


@pytest.mark.parametrize(("text", "wild"), [("a_b", True), ("10%", True), ("plain", False)])
def test_wildcards_are_seen(text: str, wild: bool) -> None:
    """`_` and `%` are patterns for the server."""
    assert has_wildcards(text) is wild
