"""Criteria of tag_filter, studio_filter and performer_filter (docs/stash-behaviour.md#criteria)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.library.desk import BOX, PNG, Desk


@pytest.fixture(scope="module")
def stocked() -> Desk:
    """Return a library with six tags, three studios and three performers; tests only read it."""
    desk = Desk()
    given: list[dict[str, Any]] = [
        {"name": "Camera", "aliases": ["Kamera"], "description": "pictures", "favorite": True},
        {"name": "Camera lens", "parent_ids": ["1"], "sort_name": "lens", "ignore_auto_tag": True},
        {"name": "Wide lens", "parent_ids": ["2"], "stash_ids": [box("w"), box("v")]},
        {"name": "Sound", "aliases": ["audio", "Ton"], "stash_ids": [box("s", "other")]},
        {"name": "sound_check", "image": PNG},
        {"name": "Éclairage"},
    ]
    for values in given:
        desk.do("tagCreate", **values)
    desk.create("studio", "Northlight", aliases=["NLM"], tag_ids=["2"], favorite=True)
    desk.clock.forward(24 * 3600)
    desk.create("studio", "Branch", parent_id="1", urls=["https://x.example/a"])
    desk.create("studio", "Southlight", rating100=80, stash_ids=[box("s")])
    person = {"disambiguation": "one", "country": "DE", "custom_fields": {"team": "red", "n": 3}}
    life = {"birthdate": "1980-05", "death_date": "2000-06-01", "gender": "FEMALE"}
    desk.create("performer", "Ada", tag_ids=["1", "4"], alias_list=["A."], **person, **life)
    desk.create("performer", "Ben", favorite=True, height_cm=180, circumcised="CUT", urls=["u"])
    desk.create("performer", "Cleo", ignore_auto_tag=True, details="x", custom_fields={"n": 7})
    return desk


def box(stash_id: str, endpoint: str = BOX) -> dict[str, str]:
    return {"endpoint": endpoint, "stash_id": stash_id}


def c(modifier: str, value: Any = "", **more: Any) -> dict[str, Any]:
    return {"modifier": modifier, "value": value, **more}


PANIC = "Internal system error. Error"

TAGS = [
    ({"name": c("EQUALS", "CAMERA")}, [1]),
    ({"name": c("EQUALS", "sound%")}, [4, 5]),
    ({"name": c("EQUALS", "éclairage")}, []),
    ({"name": c("NOT_EQUALS", "sound")}, [1, 2, 3, 5, 6]),
    ({"name": c("INCLUDES", "wide sound")}, [3, 4, 5]),
    ({"name": c("INCLUDES", '"era le"')}, [2]),
    ({"name": c("EXCLUDES", "lens cam")}, [4, 5, 6]),
    ({"name": c("MATCHES_REGEX", "^(Camera|Sound)$")}, [1, 4]),
    ({"name": c("NOT_MATCHES_REGEX", "a")}, [3, 4, 5]),
    ({"sort_name": c("NOT_MATCHES_REGEX", "^l")}, [1, 3, 4, 5, 6]),
    ({"child_count": c("NOT_EQUALS", 1)}, [3, 4, 5, 6]),
    ({"aliases": c("EQUALS", "kamera")}, [1]),
    ({"aliases": c("EXCLUDES", "ton")}, [1, 2, 3, 5, 6]),
    ({"aliases": c("IS_NULL")}, [2, 3, 5, 6]),
    ({"aliases": c("NOT_NULL")}, [1, 4]),
    ({"description": c("NOT_NULL")}, [1]),
    ({"description": c("EXCLUDES", "sounds")}, [1]),
    ({"name": c("INCLUDES", "")}, [1, 2, 3, 4, 5, 6]),
    ({"name": c("EXCLUDES", "")}, []),
    ({"aliases": c("EXCLUDES", "mera ton")}, [1, 2, 3, 4, 5, 6]),
    ({"sort_name": c("NOT_NULL")}, [2]),
    ({"favorite": True}, [1]),
    ({"favorite": None}, [1, 2, 3, 4, 5, 6]),
    ({"ignore_auto_tag": False}, [1, 3, 4, 5, 6]),
    ({"is_missing": "image"}, [1, 2, 3, 4, 6]),
    ({"is_missing": "sort_name"}, [1, 3, 4, 5, 6]),
    ({"is_missing": ""}, [1, 2, 3, 4, 5, 6]),
    ({"is_missing": "description"}, [2, 3, 4, 5, 6]),
    ({"parents": c("INCLUDES", ["1"])}, [2]),
    ({"parents": c("INCLUDES", ["1"], depth=1)}, [2, 3]),
    ({"parents": c("INCLUDES", ["1"], depth=-1, excludes=["2"])}, [2]),
    ({"parents": c("EXCLUDES", ["1"], depth=-1)}, [1, 4, 5, 6]),
    ({"parents": c("INCLUDES_ALL", ["1", "2"], depth=-1)}, [3]),
    ({"parents": {"modifier": "IS_NULL"}}, [1, 4, 5, 6]),
    ({"parents": {"modifier": "NOT_NULL"}}, [2, 3]),
    ({"children": c("INCLUDES", ["3"], depth=-1)}, [1, 2]),
    ({"children": c("INCLUDES", [])}, [1, 2, 3, 4, 5, 6]),
    ({"parents": c("INCLUDES", ["x"])}, []),
    ({"parents": c("INCLUDES_ALL", ["1", "1"])}, []),
    ({"NOT": {}}, [1, 2, 3, 4, 5, 6]),
    ({"OR": {"favorite": True}}, [1]),
    ({"parent_count": c("GREATER_THAN", 0)}, [2, 3]),
    ({"child_count": c("EQUALS", 1)}, [1, 2]),
    ({"child_count": c("NOT_BETWEEN", 0, value2=0)}, [1, 2]),
    ({"performer_count": c("LESS_THAN", 1)}, [2, 3, 5, 6]),
    ({"studio_count": c("BETWEEN", 1, value2=3)}, [2]),
    ({"scene_count": c("GREATER_THAN", 0)}, []),
    ({"group_count": c("EQUALS", 0), "marker_count": c("EQUALS", 0)}, [1, 2, 3, 4, 5, 6]),
    ({"scenes_filter": {}}, [1, 2, 3, 4, 5, 6]),
    ({"scenes_filter": {"NOT": {}}}, [1, 2, 3, 4, 5, 6]),
    ({"scenes_filter": {"organized": False}}, []),
    ({"stash_id_endpoint": {"endpoint": BOX, "modifier": "NOT_NULL"}}, [3]),
    ({"stash_id_endpoint": {"endpoint": BOX, "modifier": "IS_NULL"}}, [1, 2, 4, 5, 6]),
    ({"stash_id_endpoint": {"endpoint": BOX, "stash_id": "v", "modifier": "EQUALS"}}, [3]),
    ({"stash_id_endpoint": {"stash_id": "S", "modifier": "EQUALS"}}, [4]),
    ({"stash_id_endpoint": {"endpoint": BOX, "stash_id": "x", "modifier": "NOT_EQUALS"}}, [3]),
    ({"favorite": False, "child_count": c("EQUALS", 1)}, [2]),
    ({"name": c("EQUALS", "audio"), "OR": {"aliases": c("EQUALS", "audio")}}, [4]),
    ({"name": c("INCLUDES", "camera"), "NOT": {"favorite": True}}, [2]),
    ({"name": c("INCLUDES", "camera"), "AND": {"sort_name": c("NOT_NULL")}}, [2]),
    ({"created_at": c("LESS_THAN", "2026-03-05")}, [1, 2, 3, 4, 5, 6]),
    ({"updated_at": c("BETWEEN", "2026-03-05", value2="2026-04-01T00:00:00Z")}, []),
]

STUDIOS = [
    ({"name": c("EQUALS", "branch")}, [2]),
    ({"aliases": c("EQUALS", "nlm")}, [1]),
    ({"parents": c("INCLUDES", ["1"])}, [2]),
    ({"parents": c("EXCLUDES", ["1"])}, [1, 3]),
    ({"parents": {"modifier": "IS_NULL"}}, [1, 3]),
    ({"parents": c("INCLUDES_ALL", ["1", "3"])}, []),
    ({"parents": c("EQUALS", ["1"])}, [1, 2, 3]),
    ({"tags": c("EQUALS", ["2"])}, [1]),
    ({"is_missing": "rating"}, [1, 2]),
    ({"tags": c("INCLUDES", ["1"], depth=-1)}, [1]),
    ({"tags": c("INCLUDES", ["1"])}, []),
    ({"tags": {"modifier": "IS_NULL"}}, [2, 3]),
    ({"tag_count": c("EQUALS", 1)}, [1]),
    ({"url": c("INCLUDES", "x.example")}, [2]),
    ({"rating100": c("GREATER_THAN", 10)}, [3]),
    ({"rating100": c("IS_NULL", 0)}, [1, 2]),
    ({"child_count": c("GREATER_THAN", 0)}, [1]),
    ({"is_missing": "url"}, [1, 3]),
    ({"details": c("IS_NULL")}, [1, 2, 3]),
    ({"stash_id_endpoint": {"endpoint": BOX, "modifier": "IS_NULL"}}, [1, 2]),
    ({"created_at": c("GREATER_THAN", "2026-03-05")}, [2, 3]),
]

PERFORMERS = [
    ({"name": c("MATCHES_REGEX", "^(Ada|Ben)$")}, [1, 2]),
    ({"disambiguation": c("EQUALS", "ONE")}, [1]),
    ({"aliases": c("EQUALS", "a.")}, [1]),
    ({"filter_favorites": True}, [2]),
    ({"tags": c("INCLUDES_ALL", ["1", "4"])}, [1]),
    ({"tags": c("EXCLUDES", ["4"])}, [2, 3]),
    ({"tags": c("EQUALS", ["4"])}, []),
    ({"tags": c("EQUALS", ["4", "1"])}, [1]),
    ({"studios": c("INCLUDES_ALL", ["1"])}, [1, 2, 3]),
    ({"tags_filter": {"aliases": c("EQUALS", "ton")}}, [1]),
    ({"tag_count": c("EQUALS", 2)}, [1]),
    ({"gender": {"modifier": "EQUALS", "value": "FEMALE"}}, [1]),
    ({"gender": {"modifier": "EXCLUDES", "value_list": ["MALE"]}}, [1]),
    ({"gender": {"modifier": "EXCLUDES", "value_list": []}}, [1, 2, 3]),
    ({"gender": {"modifier": "IS_NULL"}}, [2, 3]),
    ({"circumcised": {"modifier": "INCLUDES", "value": ["CUT", "UNCUT"]}}, [2]),
    ({"country": c("IS_NULL")}, [2, 3]),
    ({"gender": {"modifier": "NOT_NULL"}}, [1]),
    ({"height_cm": c("NOT_NULL", 0)}, [2]),
    ({"height_cm": c("BETWEEN", 170, value2=190)}, [2]),
    ({"birthdate": c("LESS_THAN", "1980-06-01")}, [1]),
    ({"birth_year": c("EQUALS", 1980)}, [1]),
    ({"death_year": c("EQUALS", 2000)}, [1]),
    ({"age": c("EQUALS", 20)}, [1]),
    ({"url": c("NOT_NULL")}, [2]),
    ({"is_missing": "details"}, [1, 2]),
    ({"is_missing": "birthdate"}, [2, 3]),
    ({"is_missing": "scenes"}, [1, 2, 3]),
    ({"o_counter": c("EQUALS", 0), "play_count": c("LESS_THAN", 1)}, [1, 2, 3]),
    ({"studios": c("INCLUDES", ["1"])}, []),
    ({"studios": {"modifier": "IS_NULL"}}, [1, 2, 3]),
    ({"groups": {"modifier": "NOT_NULL"}}, []),
    ({"custom_fields": [{"field": "team", "value": ["red"], "modifier": "EQUALS"}]}, [1]),
    ({"custom_fields": [{"field": "n", "value": [3], "modifier": "NOT_EQUALS"}]}, [3]),
    ({"custom_fields": [{"field": "team", "modifier": "IS_NULL"}]}, [2, 3]),
    ({"custom_fields": [{"field": "n", "modifier": "NOT_NULL"}]}, [1, 3]),
    ({"custom_fields": [{"field": "n", "value": [3], "modifier": "GREATER_THAN"}]}, [3]),
    ({"custom_fields": [{"field": "n", "value": [1, 5], "modifier": "BETWEEN"}]}, [1]),
    ({"custom_fields": [{"field": "team", "value": ["E"], "modifier": "INCLUDES"}]}, [1]),
    ({"custom_fields": [{"field": "n", "value": ["^7"], "modifier": "MATCHES_REGEX"}]}, [3]),
]


@pytest.mark.parametrize(("where", "ids"), TAGS)
def test_tags_by(stocked: Desk, where: dict[str, Any], ids: list[int]) -> None:
    assert stocked.found("findTags", tag_filter=where) == ids


@pytest.mark.parametrize(("where", "ids"), STUDIOS)
def test_studios_by(stocked: Desk, where: dict[str, Any], ids: list[int]) -> None:
    assert stocked.found("findStudios", studio_filter=where) == ids


@pytest.mark.parametrize(("where", "ids"), PERFORMERS)
def test_performers_by(stocked: Desk, where: dict[str, Any], ids: list[int]) -> None:
    assert stocked.found("findPerformers", performer_filter=where) == ids


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"name": c("MATCHES_REGEX", "(")}, "error parsing regexp: "),
        ({"is_missing": "colour"}, "no such column: tags.colour"),
        ({"AND": {}, "OR": {}}, "cannot have AND and OR in the same filter"),
        ({"OR": {}, "NOT": {}}, "cannot have OR and NOT in the same filter"),
        ({"is_missing": "aliases"}, "no such column: tags.aliases"),
        ({"parents": c("BETWEEN", ["1"])}, "invalid modifier BETWEEN"),
        ({"parents": c("EQUALS", ["1"])}, "invalid modifier EQUALS"),
        ({"name": c("BETWEEN", "x")}, f"{PANIC} <unsupported string filter modifier>"),
        (
            {"child_count": c("INCLUDES", 1)},
            f"{PANIC} <unsupported numeric modifier type INCLUDES>",
        ),
        ({"created_at": c("INCLUDES", "2020")}, f"{PANIC} <unsupported date modifier type>"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    stocked: Desk, where: dict[str, Any], message: str
) -> None:
    assert stocked.refused_query("findTags", tag_filter=where).startswith(message)


@pytest.mark.parametrize(
    ("where", "message"),
    [
        (
            {"tags": c("NOT_EQUALS", ["1"])},
            "not equals modifier is not supported for hierarchical multi criterion input",
        ),
        (
            {"tags": c("EQUALS", ["1"], depth=1)},
            "depth is not supported for equals modifier in hierarchical multi criterion input",
        ),
        (
            {"custom_fields": [{"field": "n", "value": [1], "modifier": "BETWEEN"}]},
            "expected 2 values for custom field criterion modifier BETWEEN, got 1",
        ),
        (
            {"custom_fields": [{"field": "n", "value": [], "modifier": "GREATER_THAN"}]},
            "expected 1 value for custom field criterion modifier LESS_THAN, got 0",
        ),
        (
            {"custom_fields": [{"field": "n", "value": [1], "modifier": "MATCHES_REGEX"}]},
            "unsupported custom field criterion value type: int64",
        ),
        (
            {"custom_fields": [{"field": "n", "value": [1], "modifier": "INCLUDES_ALL"}]},
            "unsupported custom field criterion modifier: INCLUDES_ALL",
        ),
        ({"performers": c("INCLUDES", [])}, 'near ")": syntax error'),
    ],
)
def test_what_relations_and_custom_fields_do_not_know(
    stocked: Desk, where: dict[str, Any], message: str
) -> None:
    """The messages are those of a real server (observed on v0.30-dev)."""
    assert stocked.refused_query("findPerformers", performer_filter=where) == message


def test_a_sort_that_may_not_be_is_named_before_a_column_that_is_not_there(stocked: Desk) -> None:
    """Criteria are checked first, then the sort, then columns (observed on v0.30-dev)."""
    given: dict[str, Any] = {"filter": {"sort": "colour"}}
    for where, message in (
        ({"is_missing": "colour"}, "invalid sort: colour"),
        ({"parents": c("EQUALS", ["1"])}, "invalid modifier EQUALS"),
    ):
        assert stocked.refused_query("findTags", tag_filter=where, **given) == message
