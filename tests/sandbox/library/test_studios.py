"""Studios: names, aliases, the parent, URLs (docs/stash-behaviour.md#studios)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.library.desk import Desk


@pytest.fixture
def pair(desk: Desk) -> Desk:
    desk.create("studio", "Northlight", aliases=["NLM"])
    desk.create("studio", "Harbour Films")
    return desk


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": " "}, "studio name must not be blank"),
        ({"name": "northlight"}, "studio with name 'northlight' already exists"),
        ({"name": "N_rthlight"}, "studio with name 'N_rthlight' already exists"),
        ({"name": "nlm"}, "name 'nlm' is used as alias for 'Northlight'"),
        ({"name": "New", "aliases": ["NLM"]}, "name 'NLM' is used as alias for 'Northlight'"),
        (
            {"name": "New", "aliases": ["harbour films"]},
            "studio with name 'harbour films' already exists",
        ),
        ({"name": "New", "aliases": ["ok", " "]}, "studio alias must not be an empty string"),
    ],
)
def test_a_create_is_refused(pair: Desk, given: dict[str, Any], message: str) -> None:
    assert pair.refusal("studioCreate", **given) == message


def test_tags_are_another_namespace(pair: Desk) -> None:
    assert pair.tag("Northlight", aliases=["NLM"]) == 1


def test_a_blank_alias_is_accepted_before_0_30() -> None:
    desk = Desk(release="0.29.3")
    desk.create("studio", "Northlight", aliases=[""])
    assert desk.value("studio", 1, "aliases") == [""]


def test_a_studio_without_an_address_has_an_empty_one_before_0_30() -> None:
    """v0.27.2, v0.28.1 and v0.29.3 answer an empty text, and later releases null."""
    for release, nothing in (("0.29.3", ""), ("0.30.1", None)):
        desk = Desk(release=release)
        desk.create("studio", "Northlight")
        assert desk.value("studio", 1, "url") == nothing
        desk.do("studioUpdate", id="1", url="https://n.example")
        assert desk.value("studio", 1, "url") == "https://n.example"


def test_the_same_alias_twice_is_an_error_of_the_table(pair: Desk) -> None:
    message = pair.refusal("studioUpdate", id="2", aliases=["x", "x"])
    assert message.endswith("UNIQUE constraint failed: studio_aliases.alias")
    pair.do("studioUpdate", id="2", aliases=["sea", "Quay", "HARBOUR FILMS"])
    assert pair.value("studio", 2, "aliases") == ["HARBOUR FILMS", "Quay", "sea"]


def test_an_unchanged_name_is_not_checked(desk: Desk) -> None:
    desk.create("studio", "A_B")
    desk.create("studio", "AxB")
    assert desk.do("studioUpdate", id="1", name="A_B")["name"] == "A_B"
    assert desk.do("studioUpdate", id="2", name="AXB")["name"] == "AXB"
    message = "studio with name 'a_b' already exists"
    assert desk.refusal("studioUpdate", id="1", name="a_b") == message


def test_unknown_studios_are_not_found(desk: Desk) -> None:
    assert desk.refusal("studioUpdate", id="9") == "studio with id 9 not found"
    assert desk.refusal("bulkStudioUpdate", ids=["9"]) == "studio with id 9 not found"


def test_a_studio_is_not_above_itself(pair: Desk) -> None:
    pair.create("studio", "Branch", parent_id="1")
    for parent in ("1", "3"):
        message = "studio cannot be an ancestor of itself"
        assert pair.refusal("studioUpdate", id="1", parent_id=parent) == message
    assert pair.refusal("studioUpdate", id="1", parent_id="9") == "studio with id 9 not found"
    pair.do("studioUpdate", id="3", parent_id=None)
    pair.do("studioUpdate", id="1", parent_id="3")
    assert pair.value("studio", 1, "parent_studio") == "Branch"
    assert pair.value("studio", 3, "child_studios") == ["Northlight"]


def test_an_unknown_parent_of_a_new_studio_is_an_error_of_the_table(desk: Desk) -> None:
    message = desk.refusal("studioCreate", name="Lost", parent_id="99")
    assert message.startswith("inserting into studios: executing `INSERT INTO `studios` (")
    assert message.endswith(": FOREIGN KEY constraint failed")


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("studioUpdate", {"id": "1", "parent_id": ""}),
        ("bulkStudioUpdate", {"ids": ["1"], "parent_id": ""}),
    ],
)
def test_a_blank_parent_is_no_number_in_an_update(
    pair: Desk, field: str, given: dict[str, Any]
) -> None:
    assert pair.refusal(field, **given) == (
        'converting parent id: converting  to int: strconv.Atoi: parsing "": invalid syntax'
    )


def test_a_blank_parent_is_none_in_a_create(desk: Desk) -> None:
    assert desk.create("studio", "Plain", parent_id="") == 1
    assert desk.value("studio", 1, "parent_studio") is None


def test_urls_keep_order_blanks_and_repetitions(desk: Desk) -> None:
    desk.create("studio", "S", urls=[" b ", "a", "", "b"])
    assert desk.value("studio", 1, "urls") == ["b", "a", "", "b"]
    assert desk.value("studio", 1, "url") == "b"


def test_the_old_url_goes_first_in_a_create_and_replaces_in_an_update(desk: Desk) -> None:
    desk.create("studio", "S", url="z", urls=["a"])
    assert desk.value("studio", 1, "urls") == ["z", "a"]
    for url, urls in (("c", ["c"]), (None, []), ("", [""])):
        desk.do("studioUpdate", id="1", url=url)
        assert desk.value("studio", 1, "urls") == urls
    message = "url field must not be included if urls is included"
    assert desk.refusal("studioUpdate", id="1", url=None, urls=["a"]) == message


def test_bulk_changes_add_remove_and_set(pair: Desk) -> None:
    pair.tag("News", "Archive")
    pair.do("studioUpdate", id="1", urls=["u"])
    pair.do(
        "bulkStudioUpdate",
        ids=["2", "1"],
        rating100=70,
        details=" shared ",
        parent_id=None,
        urls={"mode": "ADD", "values": ["v", "u"]},
        tag_ids={"mode": "ADD", "ids": ["2", "1", "1"]},
    )
    assert pair.value("studio", 1, "urls") == ["u", "v"]
    assert pair.value("studio", 2, "urls") == ["v", "u"]
    assert pair.value("studio", 1, "tags") == ["Archive", "News"]
    assert (pair.get("studio", 1)["rating100"], pair.get("studio", 2)["details"]) == (70, "shared")
    pair.do(
        "bulkStudioUpdate",
        ids=["1"],
        rating100=None,
        urls={"mode": "REMOVE", "values": ["v", "x"]},
        tag_ids={"mode": "REMOVE", "ids": ["1", "9"]},
    )
    assert pair.value("studio", 1, "urls") == ["u"]
    assert pair.value("studio", 1, "tags") == ["Archive"]
    assert pair.get("studio", 1)["rating100"] is None
    assert pair.do("bulkStudioUpdate", ids=[], rating100=5) is None


def test_a_bulk_parent_that_is_one_of_them_refuses_all(pair: Desk) -> None:
    message = "studio cannot be an ancestor of itself"
    assert pair.refusal("bulkStudioUpdate", ids=["1", "2"], parent_id="2") == message
    assert pair.value("studio", 1, "parent_studio") is None


def test_unknown_tags_are_an_error_of_the_table(pair: Desk) -> None:
    assert pair.refusal("studioCreate", name="Lost", tag_ids=["9"]) == (
        "error executing `INSERT INTO studios_tags (studio_id, tag_id) VALUES (?, ?) "
        "ON CONFLICT (studio_id, tag_id) DO NOTHING` [[3 9]]: FOREIGN KEY constraint failed"
    )
    message = 'converting tag ids: strconv.Atoi: parsing "x": invalid syntax'
    assert pair.refusal("studioUpdate", id="1", tag_ids=["x"]) == message


def test_ratings_have_no_range(desk: Desk) -> None:
    for rating in (-5, 0, 500, 99_999_999_999):
        desk.create("studio", f"S{rating}", rating100=rating)
    ratings = [row["rating100"] for row in desk.rows("findStudios", filter={"sort": "id"})]
    assert ratings == [-5, 0, 500, 99_999_999_999]


def test_a_null_flag_is_a_crash(pair: Desk) -> None:
    message = "Internal system error. Error <null value not allowed in optional bool>"
    assert pair.refusal("studioUpdate", id="1", favorite=None) == message


def test_what_is_not_kept_here_is_nothing(pair: Desk) -> None:
    assert pair.value("studio", 1, "o_counter") == 0
    assert pair.value("studio", 1, "scene_count", depth=-1) == 0
    assert pair.value("studio", 1, "groups") == []


def test_an_update_looks_at_aliases_before_the_name_and_a_create_after_it(desk: Desk) -> None:
    """The order of the checks decides which of two faults is reported."""
    desk.do("studioCreate", name="North", aliases=["N"])
    desk.create("studio", "South")
    taken = "name 'n' is used as alias for 'North'"
    assert desk.refusal("studioUpdate", id="2", name=None, aliases=["n"]) == taken
    assert desk.refusal("studioCreate", name="north", aliases=["n"]) == (
        "studio with name 'north' already exists"
    )
