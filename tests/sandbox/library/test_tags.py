"""Tags: names, aliases, fields and the hierarchy (docs/stash-behaviour.md#names)."""

from __future__ import annotations

import pytest

from tests.sandbox.library.desk import BOX, Desk


@pytest.mark.parametrize("name", ["", " \t\n", "\u00a0"])
def test_a_blank_name_is_refused(desk: Desk, name: str) -> None:
    assert desk.refusal("tagCreate", name=name) == "tag name must not be blank"


def test_a_null_name_is_a_blank_name(desk: Desk) -> None:
    desk.tag("Camera")
    assert desk.refusal("tagUpdate", id="1", name=None) == "tag name must not be blank"


@pytest.mark.parametrize("name", ["Camera", "cAMERA", " camera "])
def test_a_name_is_taken_whatever_its_ascii_case(desk: Desk, name: str) -> None:
    desk.tag("Camera")
    message = f"tag with name '{name.strip()}' already exists"
    assert desk.refusal("tagCreate", name=name) == message


def test_a_name_that_is_an_alias_is_taken(desk: Desk) -> None:
    desk.tag("Camera", aliases=["Kamera"])
    message = "name 'kamera' is used as alias for 'Camera'"
    assert desk.refusal("tagCreate", name="kamera") == message


def test_an_alias_follows_the_rules_of_names(desk: Desk) -> None:
    desk.tag("Camera", aliases=["Kamera"])
    assert (
        desk.refusal("tagCreate", name="Lens", aliases=["CAMERA"])
        == "tag with name 'CAMERA' already exists"
    )
    assert (
        desk.refusal("tagCreate", name="Lens", aliases=["KAMERA"])
        == "name 'KAMERA' is used as alias for 'Camera'"
    )


def test_letters_beyond_ascii_have_no_case(desk: Desk) -> None:
    assert desk.tag("Éclairage", "éclairage", "E\u0301clairage") == 3


@pytest.mark.parametrize(
    ("stored", "new", "accepted"),
    [
        ("AxD", "A_D", False),
        ("A_D", "AxD", True),
        ("100% wool", "10%", False),
        ("100% wool", "50%", True),
        ("a\\_b", "A\\_B", False),
    ],
)
def test_wildcards_count_in_the_new_name_only(
    desk: Desk, stored: str, new: str, accepted: bool
) -> None:
    desk.tag(stored)
    if accepted:
        assert desk.tag(new) == 2
    else:
        assert desk.refusal("tagCreate", name=new) == f"tag with name '{new}' already exists"


def test_an_unchanged_name_with_a_wildcard_can_be_in_its_own_way(desk: Desk) -> None:
    """Only the first match by name is compared, and letters sort before the underscore."""
    desk.tag("A_B", "AxB")
    message = "tag with name 'A_B' already exists"
    assert desk.refusal("tagUpdate", id="1", name="A_B") == message
    assert desk.do("tagUpdate", id="1", description="x")["description"] == "x"


def test_since_0_31_1_wildcards_are_letters_in_tag_names() -> None:
    desk = Desk(release="0.31.1")
    assert desk.tag("AxD", "A_D", "10%") == 3
    desk.create("studio", "AxD")
    assert desk.refusal("studioCreate", name="A_D") == "studio with name 'A_D' already exists"


def test_the_case_of_the_own_name_may_change(desk: Desk) -> None:
    desk.tag("Camera", aliases=["cam"])
    assert desk.do("tagUpdate", id="1", name="CAMERA")["name"] == "CAMERA"
    desk.do("tagUpdate", id="1", name="cam")
    assert desk.value("tag", 1, "aliases") == ["cam"]


def test_aliases_are_read_in_binary_order(desk: Desk) -> None:
    desk.tag("Fruit", aliases=["zebra", "apple", "Mango", "éclair", "10", "9", "_x"])
    assert desk.value("tag", 1, "aliases") == ["10", "9", "Mango", "_x", "apple", "zebra", "éclair"]


def test_the_same_alias_twice_is_an_error_of_the_table(desk: Desk) -> None:
    assert desk.refusal("tagCreate", name="Trees", aliases=["oak", " oak"]) == (
        "inserting into tag_aliases: executing `INSERT INTO `tag_aliases` (`tag_id`, `alias`) "
        "VALUES (1, 'oak')` [[]]: UNIQUE constraint failed: tag_aliases.alias"
    )
    assert desk.tag("Trees", aliases=["oak", "OAK", "trees"]) == 1


def test_since_0_31_a_repeated_alias_is_left_out() -> None:
    desk = Desk(release="0.31.0")
    desk.tag("Trees", aliases=["oak", "oak", "ash"])
    assert desk.value("tag", 1, "aliases") == ["ash", "oak"]


def test_one_blank_alias_is_accepted_per_server(desk: Desk) -> None:
    desk.tag("Trees", aliases=[" "])
    desk.tag("Fruit")
    message = "name '' is used as alias for 'Trees'"
    assert desk.refusal("tagUpdate", id="2", aliases=[""]) == message


def test_texts_are_trimmed_since_0_30(desk: Desk) -> None:
    desk.tag(" Sound\u00a0", sort_name=" zz ", description="\n a\nb ", aliases=[" mix "])
    assert desk.get("tag", 1) | {} == {
        "id": 1,
        "name": "Sound",
        "sort_name": "zz",
        "description": "a\nb",
        "favorite": False,
        "ignore_auto_tag": False,
        "created_at": desk.get("tag", 1)["created_at"],
        "updated_at": desk.get("tag", 1)["created_at"],
        "image_path": f"/tag/1/image?t={int(desk.clock.now.timestamp())}&default=true",
    }
    assert desk.value("tag", 1, "aliases") == ["mix"]


def test_texts_are_kept_as_they_are_before_0_30() -> None:
    desk = Desk(release="0.29.3")
    desk.tag(" Sound ", description=" x ", aliases=[" mix "])
    assert desk.get("tag", 1)["name"] == " Sound "
    assert desk.get("tag", 1)["description"] == " x "
    assert desk.value("tag", 1, "aliases") == [" mix "]


def test_in_a_create_null_is_the_default(desk: Desk) -> None:
    lists = dict.fromkeys(("aliases", "stash_ids", "parent_ids", "child_ids"))
    plain = dict.fromkeys(("sort_name", "description", "favorite", "ignore_auto_tag", "image"))
    row = desk.do("tagCreate", name="Colour", **lists, **plain)
    assert [row[field] for field in plain if field != "image"] == ["", "", False, False]
    assert [desk.of(row, field) for field in ("aliases", "stash_ids", "parents")] == [[], [], []]


def test_in_an_update_null_and_empty_clear_and_absent_keeps(desk: Desk) -> None:
    desk.tag("Parent")
    stash_ids = [{"endpoint": BOX, "stash_id": "a"}]
    full = {"aliases": ["cam"], "parent_ids": ["1"], "stash_ids": stash_ids, "sort_name": "s"}
    desk.tag("Camera", **full)
    empties: tuple[list[str] | None, ...] = (None, [])
    for empty in empties:
        desk.do("tagUpdate", id="2")
        assert desk.value("tag", 2, "parents") == ["Parent"]
        assert desk.value("tag", 2, "aliases") == ["cam"]
        desk.do("tagUpdate", id="2", sort_name=None, **dict.fromkeys(list(full)[:3], empty))
        assert desk.get("tag", 2)["sort_name"] == ""
        for field in ("aliases", "parents", "stash_ids"):
            assert desk.value("tag", 2, field) == []
        desk.do("tagUpdate", id="2", **full)


@pytest.mark.parametrize("flag", ["favorite", "ignore_auto_tag"])
def test_a_null_flag_is_a_crash_and_nothing_of_the_update_is_kept(desk: Desk, flag: str) -> None:
    desk.tag("Camera")
    message = "Internal system error. Error <null value not allowed in optional bool>"
    assert desk.refusal("tagUpdate", id="1", description="lost", **{flag: None}) == message
    assert desk.get("tag", 1)["description"] == ""
    assert desk.refusal("bulkTagUpdate", ids=["1"], **{flag: None}) == message


def test_unknown_tags_are_not_found(desk: Desk) -> None:
    assert desk.refusal("tagUpdate", id="99", name="Lamp") == "tag with id 99 not found"
    assert desk.refusal("bulkTagUpdate", ids=["99"]) == "tag with id 99 not found"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"parent_ids": ["x"]}, 'converting parent tag ids: strconv.Atoi: parsing "x"'),
        ({"child_ids": ["1.0"]}, 'converting child tag ids: strconv.Atoi: parsing "1.0"'),
        ({"child_ids": [""]}, 'converting child tag ids: strconv.Atoi: parsing ""'),
        ({"parent_ids": [" 1"]}, 'converting parent tag ids: strconv.Atoi: parsing " 1"'),
    ],
)
def test_ids_must_be_numbers(desk: Desk, given: dict[str, list[str]], message: str) -> None:
    assert desk.refusal("tagCreate", name="Lens", **given) == f"{message}: invalid syntax"


def test_an_id_may_be_written_with_zeros_and_a_plus(desk: Desk) -> None:
    desk.tag("A", "B")
    desk.tag("C", parent_ids=["01", "+2", "2"])
    assert desk.value("tag", 3, "parents") == ["A", "B"]


def test_a_number_beyond_64_bits_is_out_of_range(desk: Desk) -> None:
    text = "9" * 20
    message = f'converting id: strconv.Atoi: parsing "{text}": value out of range'
    assert desk.refusal("tagUpdate", id=text) == message


def test_an_unknown_parent_is_an_error_of_the_table_and_uses_up_no_id(desk: Desk) -> None:
    message = desk.refusal("tagCreate", name="Lens", parent_ids=["99"])
    assert message.startswith("error executing `INSERT INTO tags_relations ")
    assert message.endswith(" [[1 99]]: FOREIGN KEY constraint failed")
    assert desk.tag("Lens") == 1


def test_parents_and_children_come_by_sort_name_else_name(desk: Desk) -> None:
    desk.tag("Top", "Take 10", "take 9")
    desk.tag("Zebra", sort_name="AAA")
    desk.do("tagUpdate", id="1", child_ids=["2", "3", "4", "2"])
    assert desk.value("tag", 1, "children") == ["Zebra", "take 9", "Take 10"]
    assert desk.value("tag", 1, "child_count") == 3
    assert desk.value("tag", 4, "parent_count") == 1


def test_counts_go_down_the_hierarchy_when_asked(desk: Desk) -> None:
    desk.tag("Top")
    desk.tag("Mid", parent_ids=["1"])
    desk.tag("Low", parent_ids=["2"])
    desk.create("performer", "Ada Example", tag_ids=["2", "3"])
    desk.create("performer", "Ben Sample", tag_ids=["3"])
    desk.create("studio", "Northlight", tag_ids=["3"])
    counts = [desk.value("tag", 1, "performer_count", depth=depth) for depth in (None, 0, 1, 2, -1)]
    assert counts == [0, 0, 1, 2, 2]
    assert desk.value("tag", 1, "studio_count", depth=-1) == 1
    assert desk.value("tag", 3, "studio_count") == 1
    assert desk.value("tag", 3, "scene_count", depth=-1) == 0
