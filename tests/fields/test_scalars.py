"""Text, names, flags, numbers, choices, dates and images: valid values and messages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashsync.fields import (
    Choice,
    Date,
    Flag,
    Integer,
    Meaning,
    Name,
    Number,
    Picture,
    Quoted,
    Text,
    Wrong,
)
from stashsync.fields.dates import first_day
from stashsync.fields.raw import RawList, RawMap, describe, is_null, pack, unpack
from stashsync.fields.scalars import is_number
from tests.fields.fakes import NEW, OLD, raw

CHOICE = Choice("GenderEnum", ("MALE", "FEMALE", "NON_BINARY"))
STARS = Integer(0, 100)


@pytest.mark.parametrize(
    ("meaning", "written", "value"),
    [
        (Text(), "No", "No"),
        (Text(), "12:30", "12:30"),
        (Text(), "null", None),
        (Text(), "~", None),
        (Text(), "", None),
        (Text(), Quoted("null"), "null"),
        (Text(), Quoted(" \u00a0"), None),
        (Text(), " a\nb ", "a\nb"),
        (Name(), "null", "null"),
        (Name(), " 007 ", "007"),
        (Name(), Quoted(" x"), "x"),
        (Flag(), "true", True),
        (Flag(), "False", False),
        (Flag(), "null", False),
        (Flag(), "", False),
        (Integer(), "-5", -5),
        (Integer(), "~", None),
        (Integer(), str(2**63 - 1), 2**63 - 1),
        (Integer(), str(-(2**63)), -(2**63)),
        (STARS, "0", 0),
        (STARS, "100", 100),
        (Number(), "12", 12.0),
        (Number(), "1e-2", 0.01),
        (Number(), ".5", 0.5),
        (Number(), "null", None),
        (CHOICE, "FEMALE", "FEMALE"),
        (CHOICE, Quoted("MALE"), "MALE"),
        (CHOICE, "", None),
        (Number(), "9e299", 9e299),
        (Date(), "1990", "1990"),
        (Date(), "1990-01", "1990-01"),
        (Date(), "1990-12-31", "1990-12-31"),
        (Date(), "1990-12-01", "1990-12-01"),
        (Date(), Quoted(" 1990-05 "), "1990-05"),
        (Date(), "2000-02-29", "2000-02-29"),
        (Date(), "0000-02-29", "0000-02-29"),
        (Date(), "null", None),
        (Date(), Quoted(""), None),
        (Picture(), "art/one.png", {"file": "art/one.png"}),
        (Picture(), "data", {"file": "data"}),
        (Picture(), "http://pictures.example/1", {"url": "http://pictures.example/1"}),
        (Picture(), "HTTPS://pictures.example/1", {"url": "HTTPS://pictures.example/1"}),
        (Picture(), "~", None),
        (Picture(), Quoted(" "), None),
    ],
)
def test_what_is_written_means(meaning: Meaning, written: Any, value: Any) -> None:
    """Plain text is typed by its field, and values are plain: no marks, no subclasses."""
    parsed = meaning.parse(written)
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("meaning", "written", "message", "hint"),
    [
        (Text(), ["a"], "text is wanted here, not a list", ""),
        (Text(), {"a": "b"}, "text is wanted here, not a mapping", ""),
        (Name(), "  ", "a name must not be blank", "give it a name"),
        (Name(), ["a"], "a name is wanted here, not a list", ""),
        (Flag(), Quoted("true"), "not text", "leave the quotes out"),
        (Flag(), "Yes", "true or false is wanted here, not 'Yes'", "write true"),
        (Flag(), "off", "not 'off'", "write false"),
        (Flag(), "1", "not '1'", "write true or false"),
        (Flag(), ["true"], "true or false is wanted here, not a list", ""),
        (Integer(), ["1"], "a whole number is wanted here, not a list", ""),
        (Integer(), str(-(2**63) - 1), "64 bits", "smaller"),
        (Integer(1), "0", "0 is out of range", "write a whole number from 1, without quotes"),
        (Integer(None, 9), "10", "10 is out of range", "write a whole number to 9, without"),
        (Integer(), "1.0", "a whole number is wanted here, not '1.0'", "digits only"),
        (Integer(), "007", "not '007'", "digits only"),
        (Integer(), Quoted("7"), "not '7'", "without quotes"),
        (Integer(), str(2**63), "64 bits", "smaller"),
        (Integer(), "9" * 5000, "64 bits", "smaller"),
        (STARS, "101", "101 is out of range", "from 0 to 100"),
        (STARS, "-1", "-1 is out of range", "from 0 to 100"),
        (Number(), "12 cm", "a number is wanted here, not '12 cm'", "12.5"),
        (Number(), "e5", "not 'e5'", "12.5"),
        (Number(), Quoted("1"), "not '1'", "without quotes"),
        (Number(), "1e999", "not '1e999'", ""),
        (Number(), "1e300", "not '1e300'", ""),
        (Number(), {}, "a number is wanted here, not a mapping", ""),
        (CHOICE, "femal", "'femal' is not a value", "did you mean FEMALE?"),
        (CHOICE, "fe", "'fe' is not a value", "did you mean FEMALE?"),
        (CHOICE, "xyz", "'xyz' is not a value", "one of MALE, FEMALE, NON_BINARY"),
        (CHOICE, ["MALE"], "one word is wanted here", ""),
        (Date(), "1990-5-1", "'1990-5-1' is not a date", "YYYY-MM-DD"),
        (Date(), "1990-13", "there is no month 13", ""),
        (Date(), "1990-00", "there is no month 0", ""),
        (Date(), "1990-02-29", "that month has no day 29", ""),
        (Date(), "1990-02-00", "that month has no day 0", ""),
        (Date(), "١٩٩٠", "is not a date", ""),
        (Date(), {}, "a date is wanted here, not a mapping", ""),
        (Picture(), "Data:image/png;base64,AA", "a path below the project or a URL", "into a file"),
        (Picture(), [], "a path or a URL is wanted here, not a list", ""),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_way_out(
    meaning: Meaning, written: Any, message: str, hint: str
) -> None:
    """Each refusal names the fault, and most name what would be valid."""
    with pytest.raises(Wrong) as caught:
        meaning.parse(raw(written))
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.path == ()


@pytest.mark.parametrize(
    ("written", "hint"), [("Yes", "write true"), ("on", "write true"), ("no", "write false"),
                          ("OFF", "write false"), ("2", "write true or false")],
)  # fmt: skip
def test_other_words_for_a_flag_have_the_right_one_as_their_way_out(
    written: str, hint: str
) -> None:
    """YAML 1.1 took them for flags; here they are text."""
    with pytest.raises(Wrong) as caught:
        Flag().parse(written)
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("meaning", "value", "refused"),
    [
        (Integer(), 2**63 - 1, False),
        (Integer(), 2**63, True),
        (Integer(), -(2**63), False),
        (Integer(), -(2**63) - 1, True),
        (Integer(), None, False),
        (STARS, 0, False),
        (STARS, -1, True),
        (STARS, 100, False),
        (STARS, 101, True),
        (Number(), 1e308, False),
        (Number(), None, False),
        (Number(), float("inf"), True),
        (Number(), float("nan"), True),
    ],
)
def test_an_edited_number_is_held_to_its_range(
    meaning: Meaning, value: float | None, refused: bool
) -> None:
    """The server has 64 bits, and JSON has finite numbers only."""
    reason = meaning.refuse(value)
    assert (reason is not None) is refused
    assert reason is None or reason.startswith(f"{value} is ")


@given(st.text("0123456789.eE+-", max_size=8))
def test_a_text_is_taken_for_a_number_only_if_it_can_be_read_as_one(text: str) -> None:
    """Every text that is taken for a number can be converted."""
    if is_number(text):
        assert Number().parse(text) == float(text)
    else:
        assert text == "" or not re.fullmatch(r"[1-9]\d{0,5}(\.\d+)?", text)


@pytest.mark.parametrize(
    ("meaning", "wire", "value"),
    [
        (Text(), "", None),
        (Text(), None, None),
        (Text(), "a", "a"),
        (Name(), "a", "a"),
        (Flag(), None, False),
        (Flag(), True, True),
        (Integer(), 0, 0),
        (Integer(), None, None),
        (Number(), 0.0, 0.0),
        (CHOICE, None, None),
        (CHOICE, "MALE", "MALE"),
        (Date(), "", None),
        (Date(), "1990", "1990"),
    ],
)
def test_what_the_server_sends_is_read(meaning: Meaning, wire: Any, value: Any) -> None:
    """Blank and null are the same for text; zero is a value."""
    assert meaning.read(wire) == value


@pytest.mark.parametrize("meaning", [Text(), Integer(), Number(), CHOICE, Date()])
def test_single_values_are_sent_as_they_are_and_cleared_by_null(meaning: Meaning) -> None:
    """Null clears them, and nothing is what they are created with.

    Source: docs/stash-behaviour.md#null-and-absent
    """
    assert meaning.empty is None
    assert meaning.settle(None, "before") is None
    assert meaning.settle("x", "before") == "x"
    assert meaning.write(None, "before", NEW) is None
    assert meaning.write_new("x", NEW) == "x"
    assert meaning.selection("field", NEW) == "field"
    assert meaning.references() is None
    assert meaning.unsupported(None, OLD) is None


def test_a_flag_is_never_sent_as_null() -> None:
    """A null Boolean is a server panic (docs/stash-behaviour.md#null-and-absent)."""
    assert Flag().empty is False
    assert Flag().write(Flag().parse("null"), True, NEW) is False


@pytest.mark.parametrize(
    ("date", "server", "refused"),
    [("1990", NEW, False), ("1990-05", OLD, True), ("1990", OLD, True), ("1990-05-01", OLD, False)],
)
def test_partial_dates_need_a_server_that_knows_them(date: str, server: Any, refused: bool) -> None:
    """Before v0.30.0 dates are exact to the day."""
    reason = Date().unsupported(date, server)
    assert (reason is not None) is refused
    assert reason is None or date in reason


@pytest.mark.parametrize(
    ("date", "first"), [("1990", "1990-01-01"), ("1990-05", "1990-05-01"), ("1990-05-09",) * 2]
)
def test_a_partial_date_begins_with_its_first_day(date: str, first: str) -> None:
    """That is what the server compares (docs/stash-behaviour.md#performers)."""
    assert first_day(date) == first


@pytest.mark.parametrize(
    ("desired", "observed", "after"),
    [
        (None, {"etag": "aa"}, None),
        (None, None, None),
        ({"url": "http://x.example/1"}, None, {"url": "http://x.example/1"}),
        ({"url": "http://x.example/1"}, {"etag": ""}, {"etag": ""}),
        ({"file": "a.png", "md5": "aa"}, {"etag": "aa"}, {"etag": "aa"}),
        ({"file": "a.png", "md5": "aa"}, {"etag": "bb"}, {"file": "a.png", "md5": "aa"}),
        ({"file": "a.png", "md5": "aa"}, None, {"file": "a.png", "md5": "aa"}),
    ],
)
def test_a_file_is_compared_by_its_digest_and_a_url_only_fills_a_gap(
    desired: Any, observed: Any, after: Any
) -> None:
    """The server's ETag is the MD5 of the bytes; the content of a URL is not known."""
    assert Picture().settle(desired, observed) == after


def test_a_range_stands_in_the_schema() -> None:
    """Editors refuse a value outside of it as well."""
    assert STARS.json_schema() == {"type": ["integer", "null"], "minimum": 0, "maximum": 100}


def test_places_are_packed_and_unpacked() -> None:
    """Line and column share one integer."""
    assert unpack(pack(70_000, 1_000)) == (70_000, 1_000)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (RawMap(), "a mapping"),
        (RawList(), "a list"),
        ("~", "null"),
        ("x", "text"),
        (Quoted("~"), "text"),
    ],
)
def test_raw_values_are_described_in_messages(value: Any, words: str) -> None:
    """Messages name the value; a quoted null is text."""
    assert describe(value) == words
    assert is_null(value) is (words == "null")


def test_each_level_adds_its_step_to_the_path_of_a_fault() -> None:
    """The path leads from the outermost value to the fault."""
    fault = Wrong("bad", "good", (1,)).below("add").below("aliases")
    assert str(fault) == "bad"
    assert (fault.message, fault.hint, fault.path) == ("bad", "good", ("aliases", "add", 1))
