"""Finding: pages, order, free text, ids (docs/stash-behaviour.md#finding)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.library.desk import Desk


def page(desk: Desk, **given: Any) -> tuple[int, list[int]]:
    answer = desk.library.query("findTags", {"filter": {"sort": "id", **given}})
    return answer["count"], [row["id"] for row in answer["tags"]]


@pytest.mark.parametrize(
    ("given", "ids"),
    [
        ({}, range(1, 26)),
        ({"page": 2}, range(26, 31)),
        ({"per_page": 7, "page": 2}, range(8, 15)),
        ({"per_page": 7, "page": 5}, range(29, 31)),
        ({"per_page": 7, "page": 6}, ()),
        ({"per_page": 0}, ()),
        ({"per_page": -1}, range(1, 31)),
        ({"per_page": -5, "page": 3}, range(1, 31)),
        ({"per_page": 3, "page": 0}, range(1, 4)),
        ({"per_page": 3, "page": -2}, range(1, 4)),
        ({"per_page": 3, "direction": "DESC"}, (30, 29, 28)),
        ({"per_page": None, "page": None, "direction": None, "q": None}, range(1, 26)),
        ({"per_page": 2**62, "page": 2**62}, ()),
    ],
)
def test_pages(desk: Desk, given: dict[str, Any], ids: Any) -> None:
    desk.tag(*(f"Tag {number}" for number in range(1, 31)))
    assert page(desk, **given) == (30, list(ids))


def test_names_are_in_natural_order_by_sort_name_first(desk: Desk) -> None:
    desk.tag("Take 10", "take 9", "Take 1", "Éclair", "A_B", "AxB", "take 09")
    desk.tag("Zebra", sort_name="AAA")
    names = ["Zebra", "AxB", "A_B", "Take 1", "take 9", "take 09", "Take 10", "Éclair"]
    for sort in ({}, {"sort": "name"}):
        assert [row["name"] for row in desk.rows("findTags", filter=sort)] == names
    assert [row["name"] for row in desk.library.query("allTags", {})] == names
    down = desk.rows("findTags", filter={"direction": "DESC"})
    assert [row["name"] for row in down] == names[::-1]


@pytest.mark.parametrize("sort", ["sort_name", "colour", ""])
def test_only_listed_fields_can_be_sorted_by(desk: Desk, sort: str) -> None:
    assert desk.refused_query("findTags", filter={"sort": sort}) == f"invalid sort: {sort}"


@pytest.mark.parametrize(
    ("field", "sorts"),
    [
        (
            "findTags",
            "created_at galleries_count groups_count id images_count movies_count studios_count "
            "name performers_count random scene_markers_count scenes_count scenes_duration "
            "updated_at random_77",
        ),
        (
            "findStudios",
            "child_count created_at galleries_count id images_count name scenes_count "
            "scenes_duration random rating tag_count updated_at",
        ),
        (
            "findPerformers",
            "birthdate career_length created_at galleries_count height id images_count last_o_at "
            "last_played_at measurements name o_counter penis_length play_count random rating "
            "scenes_count scenes_duration tag_count updated_at weight",
        ),
    ],
)
def test_every_listed_field_can_be_sorted_by(desk: Desk, field: str, sorts: str) -> None:
    for sort in sorts.split():
        assert desk.library.query(field, {"filter": {"sort": sort}})["count"] == 0


def test_counts_ratings_and_seeds_sort(desk: Desk) -> None:
    desk.tag(*(f"Tag {number}" for number in range(1, 21)))
    desk.create("studio", "One", tag_ids=["1", "2"], rating100=5)
    desk.create("studio", "Two", tag_ids=["2"], rating100=9)
    assert desk.found("findTags", filter={"sort": "studios_count", "direction": "DESC"})[:2] == [
        2,
        1,
    ]
    assert desk.found("findStudios", filter={"sort": "rating", "direction": "DESC"}) == [2, 1]
    shuffled = [desk.found("findTags", filter={"sort": "random_7"}) for _ in range(2)]
    assert shuffled[0] == shuffled[1] != sorted(shuffled[0])
    message = "invalid random seed: x"
    assert desk.refused_query("findTags", filter={"sort": "random_x"}) == message


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("lens", [2, 3]),
        ("camera lens", [2]),
        ('"camera lens"', [2]),
        ("KAMERA", [1]),
        ("ou", [4, 5]),
        ("pictures", []),
        (" ", [1, 2, 3, 4, 5, 6]),
        ("écl", []),
        ("camera -lens", [1]),
        ("d_c", [5]),
        ("wide or audio", [3, 4]),
        ("wide OR Ton", [3, 4]),
        ("-lens", [1, 4, 5, 6]),
        ("shortest", [6]),
    ],
)
def test_free_text(desk: Desk, text: str, ids: list[int]) -> None:
    desk.tag("Camera", aliases=["Kamera"], description="records pictures")
    desk.tag("Camera lens", "Wide lens")
    desk.tag("Sound", aliases=["audio", "Ton"])
    desk.tag("sound_check")
    desk.tag("Éclairage", sort_name="shortest")
    assert desk.found("findTags", filter={"q": text}) == ids


def test_free_text_looks_into_aliases_of_studios_and_performers(desk: Desk) -> None:
    desk.create("studio", "Northlight", aliases=["NLM"])
    desk.create("performer", "Ada", alias_list=["Painter"], disambiguation="one")
    assert desk.found("findStudios", filter={"q": "nlm"}) == [1]
    assert desk.found("findPerformers", filter={"q": "painter"}) == [1]
    assert desk.found("findPerformers", filter={"q": "one"}) == []


def test_ids_give_their_order_and_everything_else_is_ignored(desk: Desk) -> None:
    desk.tag("A", "B", "C")
    given = {"filter": {"sort": "colour", "q": "zzz"}, "tag_filter": {"favorite": True}}
    answer = desk.library.query("findTags", {"ids": ["3", "01"], **given})
    assert (answer["count"], [row["id"] for row in answer["tags"]]) == (2, [3, 1])


@pytest.mark.parametrize("ids", [[], None])
def test_no_ids_are_no_restriction(desk: Desk, ids: Any) -> None:
    desk.tag("A", "B")
    assert desk.found("findTags", ids=ids) == [1, 2]


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["1", "99"], "tag with id 99 not found"),
        (["1", "2", "1"], "validating ids: duplicate id found: 1"),
        (["1", "01"], "tag with id 1 not found"),
        (["1", "a"], 'converting ids: strconv.Atoi: parsing "a": invalid syntax'),
    ],
)
def test_one_bad_id_refuses_the_whole_query(desk: Desk, ids: list[str], message: str) -> None:
    desk.tag("A", "B")
    assert desk.refused_query("findTags", ids=ids) == message


@pytest.mark.parametrize("find", ["findTags", "findStudios", "findPerformers", "findGroups"])
def test_null_is_the_usual_order_and_nothing_is_none(desk: Desk, find: str) -> None:
    """A null sort is the default order, and an empty one an error, on v0.27.2 and on v0.30-dev."""
    kind = find.removeprefix("find").removesuffix("s").lower()
    desk.create(kind, "B", "A")
    assert [row["name"] for row in desk.rows(find, filter={"sort": None})] == ["A", "B"]
    assert desk.refused_query(find, filter={"sort": ""}) == "invalid sort: "


def test_a_repeated_id_is_not_found_before_0_30_and_in_the_old_argument() -> None:
    desk = Desk(release="0.29.3")
    desk.tag("A")
    assert desk.refused_query("findTags", ids=["1", "1"]) == "tag with id 1 not found"
    desk = Desk()
    desk.create("performer", "A")
    desk.create("performer", "B")
    message = "performer with id 2 not found"
    assert desk.refused_query("findPerformers", performer_ids=[2, 2]) == message
    assert [row["id"] for row in desk.rows("findPerformers", performer_ids=[2, 1])] == [2, 1]


@pytest.mark.parametrize("kind", ["Tag", "Studio", "Performer"])
def test_one_by_id(desk: Desk, kind: str) -> None:
    assert desk.library.query(f"find{kind}", {"id": "99"}) is None
    message = 'strconv.Atoi: parsing "x": invalid syntax'
    assert desk.refused_query(f"find{kind}", id="x") == message
