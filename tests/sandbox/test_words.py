"""Go's messages about times, numbers in JSON, and the order of releases."""

from __future__ import annotations

import pickle

import pytest

from stashsync.sandbox.jsontext import JsonFloat, decode, encode
from stashsync.sandbox.library.gotime import LAYOUT, complaint
from stashsync.sandbox.releases import RELEASES, release_key


@pytest.mark.parametrize(
    "text",
    [
        "2020-01-02T03:04:05Z",
        "2020-02-29T03:04:05.123456789+01:00",
        "2020-12-31T23:59:59-05:00",
    ],
)
def test_a_time_is_a_time(text: str) -> None:
    """Seconds may have a fraction, and a zone is required."""
    assert complaint(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("soon", f' as "{LAYOUT}": cannot parse "soon" as "2006"'),
        ("2020-01-02", f' as "{LAYOUT}": cannot parse "" as "T"'),
        ("2020-01-02T03:04:05", f' as "{LAYOUT}": cannot parse "" as "Z07:00"'),
        ("2020-13-02T03:04:05Z", ": month out of range"),
        ("2021-02-29T03:04:05Z", ": day out of range"),
        ("2020-01-02T25:04:05Z", ": hour out of range"),
        ("2020-01-02T03:04:05Zx", ': extra text: "x"'),
    ],
)
def test_complaints_about_times_are_those_of_go(text: str, reason: str) -> None:
    """The message names the part of the layout that does not fit."""
    assert complaint(text) == f'parsing time "{text}"{reason}'


def test_numbers_with_a_fraction_keep_their_text() -> None:
    """They count as numbers, and pickling keeps the text."""
    value = decode(b'{"a": 1.50, "b": 2, "c": 1e3}')
    assert value == {"a": 1.5, "b": 2, "c": 1000.0}
    assert isinstance(value["a"], JsonFloat)
    assert (value["a"].text, value["c"].text) == ("1.50", "1e3")
    assert pickle.loads(pickle.dumps(value["a"])).text == "1.50"
    assert encode(value) == b'{"a":1.5,"b":2,"c":1000.0}'


def test_numbers_wider_than_64_bits_are_written_whole() -> None:
    """An opaque map may contain such a number."""
    assert encode({"a": 2**70}) == b'{"a":1180591620717411303424}'


@pytest.mark.parametrize("body", [b"NaN", b"[Infinity]", b"{} x", b"{'a': 1}"])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    """Python's own extensions of JSON are refused, too."""
    with pytest.raises(ValueError, match="invalid character"):
        decode(body)


def test_releases_are_in_order() -> None:
    """The development build comes between v0.30.1 and v0.31.0."""
    keys = [release.key for release in RELEASES.values()]
    assert keys == sorted(keys)
    assert release_key("0.30.1") < release_key("develop") < release_key("v0.31")
