"""Values as a Go server reads and prints them, and the natural order of names."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashsync.sandbox.library import Refusal
from stashsync.sandbox.library.naming import matching
from stashsync.sandbox.library.ordering import natural_key
from stashsync.sandbox.library.values import atoi, quote, rfc3339, trim


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("plain", '"plain"'),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("a\n\t\x00\x7f", '"a\\n\\t\\x00\\x7f"'),
        ("é\u00a0\u200b", '"é\\u00a0\\u200b"'),
        ("🎥\U000e0001", '"🎥\\U000e0001"'),
    ],
)
def test_text_is_quoted_as_go_does(text: str, quoted: str) -> None:
    assert quote(text) == quoted


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("07", 7), ("+7", 7), ("-7", -7)])
def test_ids_are_numbers(text: str, number: int) -> None:
    assert atoi(text) == number


@pytest.mark.parametrize("text", ["", " 7", "7 ", "7.0", "1_000", "٧", "0x7", "+", "7\n"])
def test_what_is_no_number_is_no_id(text: str) -> None:
    with pytest.raises(Refusal, match="invalid syntax"):
        atoi(text)


def test_white_space_is_what_go_takes_for_it() -> None:
    assert trim("\u3000\u00a0\u0085 a \u2028\v") == "a"
    assert trim("\u200ba\x1f") == "\u200ba\x1f"


def test_times_are_printed_without_needless_zeros() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 120000, tzinfo=timezone(timedelta(hours=-5)))
    assert rfc3339(moment) == "2026-01-02T03:04:05.12-05:00"
    assert rfc3339(moment.replace(microsecond=0)) == "2026-01-02T03:04:05-05:00"


@pytest.mark.parametrize(
    "names",
    [
        ["M9", "m10", "M010", "M11"],
        ["2", "02", "002", "3"],
        ["", " ", "1", "10"],
        ["a  1", "a 1", "a!", "a-1", "a1", "a:"],
        ["ab", "ab1", "AB1a", "ab2", "ABC"],
        ["AxB", "A_B"],
        ["Zebra", "_", "{", "Éclair", "école", "Ωmega"],
        ["\u212a1", "k2", "K3"],
        ["a99999999999999999999998", "A99999999999999999999999"],
    ],
)
def test_names_are_in_natural_order(names: list[str]) -> None:
    backwards = list(reversed(names))
    assert sorted(backwards, key=natural_key) == names


NAMES = st.text(st.sampled_from("abAB é\u0301İıſKß1.'\\"), max_size=4)


@given(st.lists(NAMES, max_size=6), NAMES)
def test_without_wildcards_like_is_equality_but_for_ascii_case(
    stored: list[str], name: str
) -> None:
    """An index can serve the equality, which is why names are not compared with LIKE."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (name TEXT)")
    connection.executemany("INSERT INTO t VALUES (?)", [(value,) for value in stored])
    condition = matching("name", name)
    assert "LIKE" not in condition
    like = connection.execute("SELECT rowid FROM t WHERE name LIKE ?", (name,)).fetchall()
    assert connection.execute(f"SELECT rowid FROM t WHERE {condition}", (name,)).fetchall() == like
    connection.close()
