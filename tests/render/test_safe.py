"""Foreign text cannot control a terminal or a CI log, and stays readable and exact."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashsync.render import safe
from stashsync.render.values import changed_lines, image, shown

EXACT = [
    "no", "Off", "~", "null", "1.0", "007", "1_000", "12:30", "2024-01-01", "1e3", "=", "#0",
    "- x", "a: b", "[x]", "{x}", "*x", "&x", "!x", "@x", "%x", "`x`", "'x'", "a/b", "(x)", "|",
    "<script>", "a ::error:: b", "👩‍👩‍👧 family", "🏳️‍🌈", "👩🏽‍🚀", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "é", "e\u0301", "ı", "ß",
    "Саmеrа", "ラーメン", "می‌خواهم", "क्‍ष", "שלום", "q_r", "200%", "Con", "aux", "x" * 300,
]  # fmt: skip
ESCAPED = {
    "\x1b[31mred": "\\x1b[31mred",
    "\x1b]8;;https://e.example\x07x": "\\x1b]8;;https://e.example\\x07x",
    "\x9b31m": "\\x9b31m",
    "\x7f": "\\x7f",
    "\x00": "\\x00",
    "a\nb\tc\rd": "a\\nb\\tc\\rd",
    "\u202egnp": "\\u202egnp",
    "\u2066x\u2069": "\\u2066x\\u2069",
    "\u200f": "\\u200f",
    "\u2028": "\\u2028",
    "a\u200bb": "a\\u200bb",
    "a\u200db": "a\\u200db",
    "a\u00a0b": "a\\xa0b",
    "\u3164": "\\u3164",
    "\ufeff": "\\ufeff",
    "\ue000": "\\ue000",
    "\U000e0041": "\\U000e0041",
    "\ud800": "\\ud800",
    "##[error]x": "#\\x23[error]x",
    "##vso[task]x": "#\\x23vso[task]x",
}


@pytest.mark.parametrize("text", EXACT)
def test_what_does_no_harm_stays_exact(text: str) -> None:
    """Names in any script are shown exactly as on the server."""
    assert safe.inert(text) == text


@pytest.mark.parametrize("text", ESCAPED)
def test_what_a_terminal_would_obey_or_hide_is_an_escape(text: str) -> None:
    """Characters that move the cursor, hide text or reorder it are escaped."""
    assert safe.inert(text) == ESCAPED[text]


def test_quotes_and_backslashes_are_escaped_in_quotes() -> None:
    """A name cannot contain what looks like its closing quote."""
    assert safe.quoted('say "hi"') == r'"say \"hi\""'
    assert safe.quoted("a\\b") == r'"a\\b"'
    assert safe.quoted("a\nb") != safe.quoted("a\\nb")


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_a_quoted_text_can_be_read_back(text: str) -> None:
    """The escapes are Python's, so every text can be restored from them."""
    assert ast.literal_eval(safe.quoted(text)) == text


@given(st.text())
def test_inert_text_is_one_line_of_printable_characters(text: str) -> None:
    """Besides printable characters only joiners and the letters of flags are left as they are."""
    for char in safe.inert(text):
        printable = char.isprintable() or 0x1F000 <= ord(char) < 0x1FB00
        assert printable or char in "\u200c\u200d" or 0xE0020 <= ord(char) <= 0xE007F
    assert len(safe.inert(text).splitlines()) <= 1


@pytest.mark.parametrize("text", ["::error::x", "  ::set-env name=x::y", "\t::x"])
def test_a_line_of_its_own_is_no_command_for_a_runner(text: str) -> None:
    """GitHub's runner obeys lines that begin with two colons, even after blanks."""
    assert not safe.line(text).lstrip().startswith("::")


def test_very_long_texts_are_counted_and_not_compared() -> None:
    """A line diff takes quadratic time, and that of a long text is unreadable."""
    before, after = "a\n" * 5000, "b\n" * 6000
    assert changed_lines(before, after) == [("-", "# (5,001 lines)"), ("+", "# (6,001 lines)")]


def test_values_are_shown_alike_wherever_they_stand() -> None:
    """A value looks the same alone, in a list and in a map."""
    assert shown(["a", True, None, 2.5]) == '["a", true, null, 2.5]'
    assert shown({"k": "v"}) == '{"k" = "v"}'
    assert image({"url": "https://x"}) == '"https://x" (fetched by the server, not compared)'
    assert image(None) == "null"
