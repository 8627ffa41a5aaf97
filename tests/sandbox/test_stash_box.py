"""The small stash-box: access, pages, what is deleted or merged, and its generated contents."""

from __future__ import annotations

from typing import Any

from graphql import validate_schema

from stashsync.sandbox.stash_box import Contents, StashBox, generated
from stashsync.sandbox.stash_box.schema import schema
from tests.sandbox.client import ask, post

KEY = {"ApiKey": "right"}
TAGS = "query($input: TagQueryInput!) {queryTags(input: $input) {count tags {name}}}"


def names(box: StashBox, **asked: Any) -> list[str]:
    """Return the names on a page of tags."""
    answer = ask(box, TAGS, input=asked)
    return [tag["name"] for tag in answer["data"]["queryTags"]["tags"]]


def test_its_schema_is_one() -> None:
    """It is not validated when it is made."""
    assert validate_schema(schema()) == []


def test_a_request_without_a_key_is_refused_by_the_api_and_a_wrong_key_before_it() -> None:
    """The first is an answer of GraphQL with a null, the second has no body at all."""
    box = StashBox(api_key="right")
    without = post(box, TAGS, input={})
    assert (without.status_code, without.json()) == (
        200,
        {"errors": [{"message": "not authorized", "path": ["queryTags"]}], "data": None},
    )
    wrong = post(box, TAGS, {"ApiKey": "wrong"}, input={})
    assert (wrong.status_code, wrong.content) == (401, b"")
    assert post(box, "{me {name}}", KEY).json()["data"]["me"] == {"name": "reader"}


def test_pages_have_25_objects_unless_more_are_asked_for() -> None:
    """`count` is that of all of them; a page beyond the last is empty."""
    box = StashBox(generated(30, 0, 0))
    answer = ask(box, TAGS, input={})["data"]["queryTags"]
    assert (answer["count"], len(answer["tags"])) == (30, 25)
    assert len(names(box, page=2)) == 5
    assert names(box, page=3) == []
    assert len(names(box, per_page=100)) == 30
    literal = ask(box, "{queryTags(input: {per_page: 2}) {count tags {name}}}")
    assert len(literal["data"]["queryTags"]["tags"]) == 2


def test_tags_are_found_by_name_alias_category_and_in_order() -> None:
    """As a stash-box compares: anywhere in the text, in whatever case."""
    contents = Contents()
    light = contents.add_category("Light", "SCENE", "Lamps and suns.")
    contents.add_tag("Candle", category=light, aliases=["Taper"])
    contents.add_tag("Bread")
    box = StashBox(contents)
    assert names(box) == ["Bread", "Candle"]
    assert names(box, sort="CREATED_AT", direction="ASC") == ["Candle", "Bread"]
    assert names(box, direction="DESC") == ["Candle", "Bread"]
    assert names(box, name="rEA") == ["Bread"]
    assert names(box, names="taper") == ["Candle"]
    assert names(box, category_id=light["id"]) == ["Candle"]
    found = ask(box, '{findTagOrAlias(name: "TAPER") {name category {name group}}}')
    assert found["data"]["findTagOrAlias"] == {
        "name": "Candle",
        "category": {"name": "Light", "group": "SCENE"},
    }


def test_what_was_deleted_is_in_no_list_but_still_found_by_its_id() -> None:
    """So a program can learn that an id that it keeps is of nothing any more."""
    contents = Contents()
    gone = contents.add_tag("Gone")
    gone["deleted"] = True
    box = StashBox(contents)
    assert names(box) == []
    by_id = ask(box, "query($id: ID) {findTag(id: $id) {name deleted}}", id=gone["id"])
    assert by_id["data"]["findTag"] == {"name": "Gone", "deleted": True}
    assert ask(box, '{findTag(name: "Gone") {id}}')["data"]["findTag"] is None


def test_a_performer_who_was_merged_leads_to_the_other() -> None:
    """Both ends know of it."""
    contents = Contents()
    double = contents.add_performer("Ada A.")
    kept = contents.add_performer("Ada Abel", merged=[double])
    box = StashBox(contents)
    document = "query($id: ID!) {findPerformer(id: $id) {deleted merged_ids merged_into_id}}"
    assert ask(box, document, id=double["id"])["data"]["findPerformer"] == {
        "deleted": True,
        "merged_ids": [],
        "merged_into_id": kept["id"],
    }
    assert ask(box, document, id=kept["id"])["data"]["findPerformer"] == {
        "deleted": False,
        "merged_ids": [double["id"]],
        "merged_into_id": None,
    }


def test_studios_know_those_above_and_below_them() -> None:
    """Also one that was deleted; lists can ask for either."""
    contents = Contents()
    top = contents.add_studio("Top", urls=["https://top.example/"])
    contents.add_studio("Below", parent=top)
    box = StashBox(contents)
    document = """query($input: StudioQueryInput!) {queryStudios(input: $input) {studios {
        name urls {url type site {name}} parent {name deleted} child_studios {name}}}}"""

    def studios(**asked: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = ask(box, document, input=asked)["data"]["queryStudios"][
            "studios"
        ]
        return found

    below, above = studios()
    assert below["parent"] == {"name": "Top", "deleted": False}
    assert above["child_studios"] == [{"name": "Below"}]
    assert above["urls"] == [
        {"url": "https://top.example/", "type": "HOME", "site": {"name": "Home"}}
    ]
    assert [each["name"] for each in studios(has_parent=True)] == ["Below"]
    criterion = {"value": [top["id"]], "modifier": "EXCLUDES"}
    assert [each["name"] for each in studios(parent=criterion)] == ["Top"]


def test_too_many_requests_in_a_minute_are_refused_until_the_first_is_a_minute_old() -> None:
    """With the seconds until then, rounded up."""
    now = 0.0
    box = StashBox(generated(1, 0, 0), per_minute=2, clock=lambda: now)
    assert post(box, TAGS, input={}).status_code == 200
    now = 10.5
    assert post(box, TAGS, input={}).status_code == 200
    refused = post(box, TAGS, input={})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "50")
    now = 60.0
    assert post(box, TAGS, input={}).status_code == 200
    assert box.requests == 3


def test_it_cannot_be_written_to() -> None:
    """It has no mutations, and no subscriptions."""
    refused = post(StashBox(), 'mutation {tagCreate(input: {name: "A"}) {id}}')
    assert refused.status_code == 422
    assert refused.json()["data"] is None


def test_generated_contents_are_the_same_every_time_and_hard_to_import() -> None:
    """Names are unique; aliases collide with names, with each other and with their own name."""
    contents = generated(4000)
    assert contents.tags == generated(4000).tags
    there = [tag for tag in contents.tags if not tag["deleted"]]
    known = [tag["name"].lower() for tag in there]
    assert len(known) == len(set(known)) == 4000
    aliases = [alias.lower() for tag in there for alias in tag["aliases"]]
    assert set(aliases) & set(known)
    assert len(set(aliases)) < len(aliases)
    assert any(tag["name"].lower() in map(str.lower, tag["aliases"]) for tag in there)
    people = [row["name"] for row in contents.performers if not row["deleted"]]
    assert len(set(people)) < len(people)


def test_the_other_box_has_most_of_the_same_under_other_ids() -> None:
    """Some under what is an alias in the first, some not in the first at all."""
    first, second = generated(200), generated(200, other=True)
    known = {tag["name"] for tag in first.tags}
    aliases = {alias for tag in first.tags for alias in tag["aliases"]}
    renamed = [tag for tag in second.tags if tag["name"] in aliases - known]
    new = [tag for tag in second.tags if tag["name"] not in aliases | known]
    assert renamed
    assert new
    assert not {tag["id"] for tag in first.tags} & {tag["id"] for tag in second.tags}
