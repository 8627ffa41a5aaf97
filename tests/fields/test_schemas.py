"""The JSON schema of each field accepts what the reader accepts."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from stashsync.fields import (
    Choice,
    CustomFields,
    Date,
    Flag,
    Integer,
    Meaning,
    Name,
    NameSet,
    Number,
    Picture,
    Ref,
    Refs,
    StashIds,
    Text,
    TextList,
)

SCALARS = ["text", 7, 1.5, True, None]
LISTS = [[], ["a", 7], {"add": ["a"]}, {"remove": []}, {"add": [1], "remove": ["b"]}, None]
NO_LISTS = ["a", 7, [["a"]], {}, {"ad": []}, {"add": "a"}, {"add": [{}]}, {"add": [], "more": []}]


@pytest.mark.parametrize(
    ("meaning", "accepted", "refused"),
    [
        (Text(), SCALARS, [[], {}]),
        (Name(), SCALARS, [[], {}]),
        (Flag(), [True, False, None], ["yes", 1, []]),
        (Integer(), [-7, 0, 2**62, None], ["7", 1.5, True]),
        (Integer(0, 100), [0, 100, None], [-1, 101]),
        (Number(), [1, 1.5, None], ["1", True, []]),
        (Choice("GenderEnum", ("MALE", "FEMALE")), ["MALE", None], ["male", "", 1]),
        (
            Date(),
            ["1990", "1990-05", "1990-05-01", 1000, 1990, 9999, None],
            ["", "1990-5", "1990-05-01T", 999, 10000, 1990.5, [], {}, True],
        ),
        (Picture(), ["a.png", "http://x.example", None], [1, [], {}]),
        (Ref("studio"), SCALARS, [[], {}]),
        (Refs("tag"), LISTS, NO_LISTS),
        (NameSet(), LISTS, NO_LISTS),
        (TextList(), LISTS, NO_LISTS),
        (
            StashIds(),
            [{}, {"e": "1", "f": 2}, {"e": ["1", 2], "f": None}, None],
            [[], "a", {"e": {}}, {"e": True}, {"e": [None]}, {"e": [["1"]]}],
        ),
        (CustomFields(), [{}, dict(enumerate(SCALARS)), None], [[], "a", {"a": []}, {"a": {}}]),
    ],
)
def test_an_editor_accepts_what_fits_and_nothing_else(
    meaning: Meaning, accepted: list[Any], refused: list[Any]
) -> None:
    """The JSON Schema of manifests is built from these."""
    validator = jsonschema.Draft7Validator(meaning.json_schema())
    assert [value for value in accepted if not validator.is_valid(value)] == []
    assert [value for value in refused if validator.is_valid(value)] == []
