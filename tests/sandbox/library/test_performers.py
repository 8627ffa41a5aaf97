"""Performers: names, aliases, dates, URLs (docs/stash-behaviour.md#performers)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.library.desk import Desk


@pytest.fixture
def ada(desk: Desk) -> Desk:
    desk.create("performer", "Ada Example")
    desk.create("performer", "Ada Example", disambiguation="painter")
    return desk


@pytest.mark.parametrize(
    ("name", "disambiguation", "message"),
    [
        (" ", None, "performer name must not be blank"),
        ("ada example", None, "performer with name 'ada example' already exists"),
        ("Ada Example", " ", "performer with name 'Ada Example' already exists"),
        ("Ada_Example", None, "performer with name 'Ada_Example' already exists"),
        (
            "ADA EXAMPLE",
            "Painter",
            "performer with name 'ADA EXAMPLE' and disambiguation 'Painter' already exists",
        ),
    ],
)
def test_name_and_disambiguation_are_unique_together(
    ada: Desk, name: str, disambiguation: str | None, message: str
) -> None:
    given = {"name": name, "disambiguation": disambiguation}
    assert ada.refusal("performerCreate", **given) == message
    assert ada.create("performer", "Ada Example", disambiguation="writer") == 3


def test_an_update_is_checked_with_what_is_stored(ada: Desk) -> None:
    message = "performer with name 'Ada Example' already exists"
    assert ada.refusal("performerUpdate", id="2", disambiguation=None) == message
    ada.create("performer", "Ben", disambiguation="painter")
    message = "performer with name 'Ada Example' and disambiguation 'painter' already exists"
    assert ada.refusal("performerUpdate", id="3", name="Ada Example") == message
    assert ada.do("performerUpdate", id="1", name="ADA EXAMPLE")["name"] == "ADA EXAMPLE"


def test_unknown_performers_are_not_found(desk: Desk) -> None:
    assert desk.refusal("performerUpdate", id="9") == "performer with id 9 not found"
    message = "performer with id 9 not found"
    assert desk.refusal("bulkPerformerUpdate", ids=["9"], rating100=1) == message


@pytest.mark.parametrize(
    ("name", "aliases", "twice"),
    [
        ("Ben", ["BEN"], "BEN"),
        ("Ben", ["Benny", "benny"], "benny"),
        ("Ben", ["Émile", "émile"], "émile"),
        ("Émile", ["éMILE"], "éMILE"),
        ("Ben", ["", " "], ""),
    ],
)
def test_an_alias_repeats_neither_the_name_nor_another(
    desk: Desk, name: str, aliases: list[str], twice: str
) -> None:
    message = f"performer contains duplicate alias '{twice}'"
    assert desk.refusal("performerCreate", name=name, alias_list=aliases) == message


def test_aliases_are_free_between_performers(ada: Desk) -> None:
    ada.create("performer", "Ben", alias_list=["Ada Example", "", "b"])
    ada.create("performer", "Cleo", alias_list=["Ada Example"])
    assert ada.value("performer", 3, "alias_list") == ["", "Ada Example", "b"]


def test_a_rename_to_an_own_alias_is_refused_until_the_alias_goes(desk: Desk) -> None:
    desk.create("performer", "Ada", alias_list=["Ann", "bea"])
    message = "performer contains duplicate alias 'Ann'"
    assert desk.refusal("performerUpdate", id="1", name="ann") == message
    desk.do("performerUpdate", id="1", name="Ann", alias_list=["bea"])
    edit = {"mode": "ADD", "values": ["ANN"]}
    message = "performer contains duplicate alias 'ANN'"
    assert desk.refusal("bulkPerformerUpdate", ids=["1"], alias_list=edit) == message


def test_since_0_31_repeated_aliases_are_left_out() -> None:
    desk = Desk(release="0.31.0")
    desk.create("performer", "Ada", alias_list=["ADA", "Ann", "ann"])
    assert desk.value("performer", 1, "alias_list") == ["Ann"]


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("2001-02-03", "2001-02-03"),
        ("2001-02", "2001-02"),
        ("2001", "2001"),
        ("0000", "0000"),
        ("0000-02-29", "0000-02-29"),
        ("2001-02-03T04:05:06Z", "2001-02-03"),
        ("2001-02-03T04:05:06.7+02:00", "2001-02-03"),
        ("2001-02-03 04:05:06", "2001-02-03"),
        ("", None),
        (None, None),
    ],
)
def test_dates_keep_their_precision(desk: Desk, text: str | None, stored: str | None) -> None:
    assert desk.do("performerCreate", name="Ada", birthdate=text)["birthdate"] == stored


FAILED = "ParseDateStringAsTime failed: dateString"


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        (
            "foo",
            'parsing time "foo" as "2006-01": cannot parse "foo" as "2006" '
            'parsing time "foo" as "2006": cannot parse "foo" as "2006"',
        ),
        (
            "2001-2-3",
            'parsing time "2001-2-3" as "2006-01": cannot parse "2-3" as "01" '
            'parsing time "2001-2-3": extra text: "-2-3"',
        ),
        (
            "20010203",
            'parsing time "20010203" as "2006-01": cannot parse "0203" as "-" '
            'parsing time "20010203": extra text: "0203"',
        ),
        (
            "2001-13",
            'parsing time "2001-13": month out of range parsing time "2001-13": extra text: "-13"',
        ),
        (
            "2001-02-30",
            'parsing time "2001-02-30": extra text: "-30" '
            'parsing time "2001-02-30": extra text: "-02-30"',
        ),
        (
            "2001-02-03 25:00:00",
            'parsing time "2001-02-03 25:00:00": extra text: "-03 25:00:00" '
            'parsing time "2001-02-03 25:00:00": extra text: "-02-03 25:00:00"',
        ),
    ],
)
def test_what_is_no_date_is_refused_in_go_words(desk: Desk, text: str, reasons: str) -> None:
    assert desk.refusal("performerCreate", name="Ada", birthdate=text) == (
        f'converting birthdate: failed to parse date "{text}": [{FAILED} <{text}> {reasons}]'
    )


@pytest.mark.parametrize("text", ["2001-02-03T04:05:06", "2001-02-03 04:05:06Z", " 2001-02-03"])
def test_padded_and_half_times_are_no_dates(desk: Desk, text: str) -> None:
    message = desk.refusal("performerCreate", name="Ada", death_date=text)
    assert message.startswith(f'converting death date: failed to parse date "{text}": ')


def test_partial_dates_are_none_before_0_30() -> None:
    desk = Desk(release="0.29.3")
    message = f"converting birthdate: {FAILED} <2001-02>"
    assert desk.refusal("performerCreate", name="Ada", birthdate="2001-02") == message


@pytest.mark.parametrize(
    ("birth", "death", "accepted"),
    [
        ("2001-02-03", "2001-02-03", True),
        ("2001-02-03", "2001-02-02", False),
        ("2001-02", "2001", False),
        ("2001", "2001", True),
        ("1999", "2001-05", True),
    ],
)
def test_death_is_not_before_birth(desk: Desk, birth: str, death: str, accepted: bool) -> None:
    given = {"name": "Ada", "birthdate": birth, "death_date": death}
    if accepted:
        assert desk.do("performerCreate", **given)["death_date"] == death
    else:
        message = f"death date {death} should be after birthdate {birth}"
        assert desk.refusal("performerCreate", **given) == message


def test_a_new_date_is_compared_with_the_stored_one(desk: Desk) -> None:
    desk.create("performer", "Ada", birthdate="2001-02", death_date="2020")
    message = "death date 1999 should be after birthdate 2001-02"
    assert desk.refusal("performerUpdate", id="1", death_date="1999") == message
    message = "death date 2020 should be after birthdate 2021"
    assert desk.refusal("performerUpdate", id="1", birthdate="2021") == message
    assert desk.do("performerUpdate", id="1", birthdate=None)["birthdate"] is None


def test_null_clears_numbers_and_enums_and_zero_is_zero(desk: Desk) -> None:
    given = {"gender": "FEMALE", "circumcised": "CUT", "height_cm": 0, "weight": -1}
    row = desk.do("performerCreate", name="Ada", penis_length=1.5, **given)
    assert {field: row[field] for field in given} == given
    row = desk.do("performerUpdate", id="1", penis_length=None, **dict.fromkeys(given))
    assert {field: row[field] for field in given} == dict.fromkeys(given)


def test_texts_never_set_are_empty(desk: Desk) -> None:
    row = desk.do("performerCreate", name="Ada", country=" Wonderland ")
    assert row["country"] == "Wonderland"
    assert {row[field] for field in ("disambiguation", "details", "tattoos", "eye_color")} == {""}


def test_old_url_fields_go_first_in_a_create(desk: Desk) -> None:
    given = {"url": "https://home.example", "twitter": "ben", "instagram": "@ben", "urls": ["x"]}
    row = desk.do("performerCreate", name="Ben", **given)
    urls = ["https://home.example", "https://twitter.com/ben", "https://instagram.com/@ben", "x"]
    assert desk.of(row, "urls") == urls
    assert [desk.of(row, field) for field in ("url", "twitter", "instagram")] == urls[:3]


def test_old_url_fields_replace_the_first_of_their_site_in_an_update(desk: Desk) -> None:
    desk.create("performer", "Ada", urls=["https://twitter.com/old", "a", "b"])
    desk.do("performerUpdate", id="1", url="c", twitter="new", instagram="ada")
    urls = ["https://twitter.com/new", "c", "b", "https://instagram.com/ada"]
    assert desk.value("performer", 1, "urls") == urls
    desk.do("bulkPerformerUpdate", ids=["1"], url=None)
    assert desk.value("performer", 1, "urls") == [urls[0], "", *urls[2:]]


@pytest.mark.parametrize("field", ["url", "twitter", "instagram"])
def test_old_url_fields_do_not_stand_beside_urls(desk: Desk, field: str) -> None:
    desk.create("performer", "Ada")
    message = f"{field} field must not be included if urls is included"
    assert desk.refusal("performerUpdate", id="1", urls=[], **{field: None}) == message


def test_bulk_changes(ada: Desk) -> None:
    ada.tag("Speaker", "Guest")
    edits: dict[str, Any] = {
        "tag_ids": {"mode": "ADD", "ids": ["1", "2"]},
        "urls": {"mode": "ADD", "values": ["u"]},
        "custom_fields": {"partial": {"n": 2}},
    }
    rows = ada.do("bulkPerformerUpdate", ids=["2", "1"], country=" DE ", **edits)
    assert [row["id"] for row in rows] == [2, 1]
    assert [ada.of(row, "custom_fields") for row in rows] == [{"n": 2}] * 2
    assert ada.value("performer", 2, "tags") == ["Guest", "Speaker"]
    message = "performer with name 'Ada Example' and disambiguation 'same' already exists"
    assert ada.refusal("bulkPerformerUpdate", ids=["1", "2"], disambiguation="same") == message
    assert ada.get("performer", 1)["disambiguation"] == ""
    assert ada.do("bulkPerformerUpdate", country="x") is None
