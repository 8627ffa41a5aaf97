"""Scenes, galleries, images, groups and markers, where no recorded story covers them."""

from __future__ import annotations

import pytest

from stashsync.sandbox.library import MediaFile, Panic
from tests.sandbox.library.desk import PNG, Desk

# --- scenes ----------------------------------------------------------------


def test_plays_are_listed_latest_first_and_taken_away_one_by_one(desk: Desk) -> None:
    """Without a time, the present time is added, and the latest one is removed."""
    desk.do("sceneCreate", title="Walk")
    add, delete = "sceneAddPlay", "sceneDeletePlay"
    times = ["2024-01-01T10:00:00Z", "2025-01-01T10:00:00+02:00"]
    assert desk.library.mutate(add, {"id": "1", "times": times})["count"] == 2
    history = desk.library.mutate(add, {"id": "1"})
    assert history["count"] == 3
    assert history["history"][0].startswith("2026-03-04")
    assert desk.value("scene", 1, "last_played_at") == history["history"][0]
    assert desk.library.mutate(delete, {"id": "1"})["count"] == 2
    assert desk.library.mutate(delete, {"id": "1", "times": times[:1]})["count"] == 1
    assert desk.value("scene", 1, "play_count") == 1
    assert desk.library.mutate("sceneResetPlayCount", {"id": "1"}) == 0


def test_the_other_counter_goes_up_and_down_but_not_below_nothing(desk: Desk) -> None:
    desk.do("sceneCreate", title="Walk")
    counts = [
        desk.library.mutate(name, {"id": "1"})
        for name in ("sceneIncrementO", "sceneIncrementO", "sceneDecrementO", "sceneResetO")
    ]
    assert counts == [1, 2, 1, 0]
    assert desk.library.mutate("sceneDecrementO", {"id": "1"}) == 0


def test_activity_adds_up_and_can_be_reset(desk: Desk) -> None:
    desk.do("sceneCreate", title="Walk")
    for seconds in (10.0, 5.0):
        given = {"id": "1", "resume_time": seconds, "playDuration": seconds}
        assert desk.library.mutate("sceneSaveActivity", given) is True
    scene = desk.get("scene", 1)
    assert (scene["resume_time"], scene["play_duration"]) == (5.0, 15.0)
    desk.library.mutate("sceneResetActivity", {"id": "1", "reset_resume": True})
    assert desk.get("scene", 1)["resume_time"] == 0


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sceneAddPlay", "FOREIGN KEY constraint failed"),
        ("sceneIncrementO", "FOREIGN KEY constraint failed"),
        ("sceneSaveActivity", "id 9 does not exist in scenes"),
        ("sceneResetActivity", "id 9 does not exist in scenes"),
        ("imageIncrementO", "id 9 does not exist in images"),
    ],
)
def test_what_is_counted_belongs_to_something(desk: Desk, name: str, message: str) -> None:
    """A constraint of the table refuses it, not a check beforehand (observed on v0.30-dev)."""
    with pytest.raises(Exception, match=message):
        desk.library.mutate(name, {"id": "9"})


def test_history_of_no_scene_can_be_cleared(desk: Desk) -> None:
    """The server does not check that the scene exists (observed on v0.30-dev)."""
    assert desk.library.mutate("sceneResetO", {"id": "9"}) == 0
    gone = desk.library.mutate("sceneDeletePlay", {"id": "9"})
    assert gone == {"count": 0, "history": []}


def test_where_playing_stopped_is_no_field_of_updates(desk: Desk) -> None:
    """`sceneUpdate` stores `play_duration` and ignores `resume_time` (observed on v0.30-dev)."""
    desk.do("sceneCreate", title="Walk")
    row = desk.do("sceneUpdate", id="1", resume_time=5.0, play_duration=7.0)
    assert (row["resume_time"], row["play_duration"]) == (0, 7.0)


def test_updates_of_nothing_give_null(desk: Desk) -> None:
    """An empty list of updates has no rows as its answer (observed on v0.30-dev)."""
    for name in ("scenesUpdate", "galleriesUpdate", "imagesUpdate"):
        assert desk.library.mutate(name, {"input": []}) is None


def test_the_same_group_or_tag_twice_is_refused(desk: Desk) -> None:
    """In other lists of ids a repeated id counts once (observed on v0.30-dev)."""
    desk.tag("A", "B")
    desk.create("group", "Series")
    twice = [{"group_id": "1"}, {"group_id": "1"}]
    assert desk.refusal("sceneCreate", title="Walk", groups=twice).startswith(
        "creating new scene: "
    )
    desk.do("sceneCreate", title="Walk")
    given = {"title": "", "seconds": 1.0, "scene_id": "1", "primary_tag_id": "1"}
    words = desk.refusal("sceneMarkerCreate", **given, tag_ids=["2", "2"])
    columns = "scene_markers_tags.scene_marker_id, scene_markers_tags.tag_id"
    assert words.endswith(f"UNIQUE constraint failed: {columns}")


def test_relations_come_in_the_orders_of_a_real_server(desk: Desk) -> None:
    """Performers are sorted by id, a gallery's scenes as entered, markers by seconds.

    Tags of markers are sorted by name, not by sort_name (observed on v0.30-dev).
    """
    desk.create("performer", "Zoe", "Ada")
    for title in ("A", "B", "C"):
        desk.do("sceneCreate", title=title, performer_ids=["2", "1"])
    desk.do("galleryCreate", title="Lake", scene_ids=["3", "1"], performer_ids=["2", "1"])
    desk.tag("Intro", "b", "a")
    desk.tag("c", sort_name="0")
    for seconds in (9.0, 1.5):
        given = {"title": "a", "seconds": seconds, "scene_id": "1", "primary_tag_id": "1"}
        marker = desk.do("sceneMarkerCreate", **given, tag_ids=["2", "3", "4"])
    assert [tag["name"] for tag in desk.of(marker, "tags")] == ["a", "b", "c"]
    assert desk.value("scene", 1, "performers") == ["Zoe", "Ada"]
    assert desk.value("gallery", 1, "performers") == ["Zoe", "Ada"]
    scenes = desk.of(desk.get("gallery", 1), "scenes")
    assert [scene["id"] for scene in scenes] == [3, 1]
    markers = desk.of(desk.get("scene", 1), "scene_markers")
    assert [made["seconds"] for made in markers] == [1.5, 9.0]


def test_media_come_as_they_were_made_where_no_sort_is_asked_for(desk: Desk) -> None:
    """A direction alone changes nothing, and of equal titles the newest comes first.

    Observed on v0.30-dev.
    """
    for title in ("B", "A", "A"):
        desk.do("galleryCreate", title=title, date="2020")

    def found(**given: str) -> list[int]:
        return [row["id"] for row in desk.rows("findGalleries", filter=given)]

    assert found(direction="DESC") == [1, 2, 3]
    assert found(sort="title") == [3, 2, 1]
    assert found(sort="title", direction="DESC") == [1, 2, 3]
    assert found(sort="date", direction="DESC") == [3, 2, 1]
    assert desk.refused_query("findSceneMarkers", filter={"sort": "name"}) == "invalid sort: name"


def test_tags_to_exclude_are_not_looked_at_for_markers(desk: Desk) -> None:
    """EXCLUDES is ignored, and IS_NULL does not count the primary tag (observed on v0.30-dev)."""
    desk.tag("Intro")
    desk.do("sceneCreate", title="Walk")
    given = {"title": "a", "seconds": 1.0, "scene_id": "1", "primary_tag_id": "1"}
    desk.do("sceneMarkerCreate", **given)
    for where in ({"modifier": "EXCLUDES", "value": ["1"]}, {"modifier": "IS_NULL"}):
        assert desk.found("findSceneMarkers", scene_marker_filter={"tags": where}) == [1]


def test_a_list_of_addresses_goes_before_the_single_one(desk: Desk) -> None:
    """A scene accepts both `url` and `urls`, unlike a performer; `urls` wins."""
    row = desk.do(
        "sceneCreate", title="Walk", url="https://one.example", urls=["https://two.example"]
    )
    assert desk.of(row, "urls") == ["https://two.example"]
    row = desk.do("sceneCreate", title="Run", url="https://one.example", urls=None)
    assert desk.of(row, "urls") == ["https://one.example"]  # observed on v0.30-dev
    row = desk.do("sceneUpdate", id="1", url="https://one.example")
    assert desk.of(row, "urls") == ["https://one.example"]
    assert desk.of(row, "url") == "https://one.example"
    assert desk.of(desk.do("sceneUpdate", id="1", url=None), "urls") == []


def test_a_cover_once_set_cannot_be_taken_away(desk: Desk) -> None:
    desk.do("sceneCreate", title="Walk", cover_image=PNG)
    desk.do("sceneUpdate", id="1", cover_image=None)
    assert desk.library.image("scene", 1, "screenshot") is not None


def test_groups_of_a_scene_keep_their_numbers_and_answer_to_both_names(desk: Desk) -> None:
    desk.create("group", "Series", "Extras")
    groups = [{"group_id": "2", "scene_index": 4}, {"group_id": "1"}]
    row = desk.do("sceneCreate", title="Walk", groups=groups)
    shown = [
        (membership["group"]["name"], membership["scene_index"])
        for membership in desk.of(row, "groups")
    ]
    assert sorted(shown) == [("Extras", 4), ("Series", None)]
    row = desk.do("sceneUpdate", id="1", movies=[{"movie_id": "1", "scene_index": 2}])
    (movie,) = desk.of(row, "movies")
    assert (movie["movie"].type, movie["movie"]["name"], movie["scene_index"]) == (
        "Movie",
        "Series",
        2,
    )
    desk.do("bulkSceneUpdate", ids=["1"], group_ids={"mode": "ADD", "ids": ["2"]})
    assert desk.value("group", 2, "scene_count") == 1


def test_scenes_are_narrowed_through_what_they_are_related_to(desk: Desk) -> None:
    """Nested filters, hierarchies with a depth, and `is_missing` all work."""
    desk.tag("Outdoor")
    desk.tag("Forest", parent_ids=["1"])
    desk.create("studio", "Network")
    desk.create("studio", "Branch", parent_id="1")
    desk.create("performer", "Ada Example", birthdate="1990-06-15", favorite=True, tag_ids=["2"])
    desk.do(
        "sceneCreate",
        title="one",
        tag_ids=["2"],
        studio_id="2",
        performer_ids=["1"],
        date="2020-06-14",
    )
    desk.do("sceneCreate", title="two", tag_ids=["1"], studio_id="1", rating100=80, organized=True)

    def found(**criteria: object) -> list[int]:
        return desk.found("findScenes", scene_filter=criteria)

    above = {"value": ["1"], "modifier": "INCLUDES"}
    assert found(tags=above) == [2]
    assert found(tags={**above, "depth": -1}) == [1, 2]
    assert found(tags={"value": ["1"], "modifier": "INCLUDES", "excludes": ["2"], "depth": -1}) == [
        2
    ]
    assert found(studios=above) == [2]
    assert found(studios={**above, "depth": 1}) == [1, 2]
    assert found(performer_tags={**above, "depth": -1}) == [1]
    assert found(performer_favorite=True) == [1]
    assert found(performer_age={"value": 29, "modifier": "EQUALS"}) == [1]
    assert found(performers_filter={"name": {"value": "Ada%", "modifier": "EQUALS"}}) == [1]
    parent = {"parents": {"value": ["1"], "modifier": "INCLUDES"}}
    assert found(tags_filter=parent) == [1]
    assert found(is_missing="performers") == [2]
    assert found(organized=False) == [1]
    desk.do("sceneCreate", title="three")
    assert found(studios={"modifier": "IS_NULL"}) == [3]
    assert found(studios={"modifier": "NOT_NULL"}) == [1, 2]
    assert found(tags={"modifier": "IS_NULL"}) == [3]
    desk.do("sceneDestroy", id="3")
    assert found(rating100={"value": 79, "modifier": "GREATER_THAN"}) == [2]
    assert found(OR={"rating100": {"modifier": "IS_NULL", "value": 0}}, organized=True) == [1, 2]
    tags = desk.found("findTags", tag_filter={"scenes_filter": {"organized": True}})
    assert tags == [1]
    assert desk.found("findPerformers", performer_filter={"studios": above}) == []
    within = {"studios": {**above, "depth": -1}}
    assert desk.found("findPerformers", performer_filter=within) == [1]


def test_counts_follow_the_hierarchy_of_studios(desk: Desk) -> None:
    desk.create("studio", "Network")
    desk.create("studio", "Branch", parent_id="1")
    desk.create("performer", "Ada Example")
    desk.do("sceneCreate", title="one", studio_id="2", performer_ids=["1"])
    desk.create("group", "Series", studio_id="2")
    assert desk.value("studio", 1, "scene_count") == 0
    assert desk.value("studio", 1, "scene_count", depth=-1) == 1
    assert desk.value("studio", 2, "performer_count") == 1
    assert desk.value("studio", 2, "groups") == ["Series"]


def test_performers_count_what_they_share(desk: Desk) -> None:
    desk.create("performer", "Ada Example", "Ben Sample", "Cleo Model")
    desk.create("group", "Series")
    both = ["1", "2"]
    for title in ("one", "two"):
        desk.do("sceneCreate", title=title, performer_ids=both, groups=[{"group_id": "1"}])
    desk.library.mutate("sceneAddO", {"id": "1"})
    names = ("scene_count", "performer_count", "group_count", "o_counter")
    assert [desk.value("performer", 1, name) for name in names] == [2, 1, 1, 1]
    assert [desk.value("performer", 3, name) for name in names] == [0, 0, 0, 0]
    assert desk.value("group", 1, "performer_count") == 2
    assert desk.value("group", 1, "o_counter") == 1


# --- galleries and images --------------------------------------------------


def pictures(desk: Desk, count: int) -> None:
    for number in range(count):
        desk.library.seed_file(MediaFile(f"/media/{number}.jpg"))


def test_images_are_put_into_galleries_and_taken_out(desk: Desk) -> None:
    """The cover is the first image by path until one is chosen."""
    pictures(desk, 3)
    desk.do("galleryCreate", title="Lake")
    desk.do("addGalleryImages", gallery_id="1", image_ids=["2", "3", "2"])
    assert desk.value("gallery", 1, "image_count") == 2
    assert desk.of(desk.get("gallery", 1), "cover")["id"] == 2
    desk.do("setGalleryCover", gallery_id="1", cover_image_id="3")
    assert desk.of(desk.get("gallery", 1), "cover")["id"] == 3
    desk.do("resetGalleryCover", gallery_id="1")
    assert desk.of(desk.get("gallery", 1), "cover")["id"] == 2
    desk.do("removeGalleryImages", gallery_id="1", image_ids=["2"])
    assert desk.value("gallery", 1, "image_count") == 1
    assert desk.refusal("addGalleryImages", gallery_id="9", image_ids=["1"]) == (
        "gallery with id 9 not found"
    )


def test_chapters_stand_at_images_that_are_there(desk: Desk) -> None:
    pictures(desk, 1)
    desk.do("galleryCreate", title="Lake")
    desk.do("addGalleryImages", gallery_id="1", image_ids=["1"])
    message = "Image # must greater than zero and in range of the gallery images"
    for index in (0, 2):
        given = {"gallery_id": "1", "title": "x", "image_index": index}
        assert desk.refusal("galleryChapterCreate", **given) == message
    row = desk.do("galleryChapterCreate", gallery_id="1", title=" Morning ", image_index=1)
    assert row["title"] == "Morning"
    assert desk.do("galleryChapterUpdate", id="1", title="Dawn")["title"] == "Dawn"
    assert desk.refusal("galleryChapterUpdate", id="1", image_index=5) == message
    assert desk.library.mutate("galleryChapterDestroy", {"id": "1"}) is True
    assert desk.value("gallery", 1, "chapters") == []


def test_the_title_of_a_gallery_made_by_hand_cannot_be_emptied(desk: Desk) -> None:
    desk.do("galleryCreate", title="Lake")
    message = "title must not be empty for user-created galleries"
    assert desk.refusal("galleryUpdate", id="1", title="") == message
    desk.library.seed_file(MediaFile("/media/lake.zip"))
    assert desk.do("galleryUpdate", id="2", title="")["title"] == ""


def test_a_list_of_changes_is_made_as_a_whole(desk: Desk) -> None:
    desk.do("galleryCreate", title="Lake")
    pictures(desk, 1)
    changed = [{"id": "1", "title": "Sea"}, {"id": "9", "title": "x"}]
    for name, word in (("galleriesUpdate", "gallery"), ("imagesUpdate", "image")):
        with pytest.raises(Exception, match=f"{word} with id 9 not found"):
            desk.library.mutate(name, {"input": changed})
    assert desk.get("gallery", 1)["title"] == "Lake"
    assert desk.get("image", 1)["title"] == ""


def test_images_have_texts_relations_and_a_counter(desk: Desk) -> None:
    pictures(desk, 2)
    desk.tag("Outdoor")
    desk.do("galleryCreate", title="Lake")
    row = desk.do(
        "imageUpdate", id="1", title=" Pier ", tag_ids=["1"], gallery_ids=["1"], date="2020-05"
    )
    assert (row["title"], row["date"]) == ("Pier", "2020-05")
    assert [gallery["title"] for gallery in desk.of(row, "galleries")] == ["Lake"]
    bulk = {"mode": "ADD", "ids": ["1"]}
    rows = desk.do("bulkImageUpdate", ids=["2", "1"], tag_ids=bulk, organized=True)
    assert [row["id"] for row in rows] == [2, 1]
    assert desk.value("tag", 1, "image_count") == 2
    assert desk.library.mutate("imageIncrementO", {"id": "1"}) == 1
    assert desk.do("imagesDestroy", ids=["1"]) is True
    assert desk.found("findImages") == [2]
    assert desk.refusal("imageDestroy", id="1") == "image with id 1 not found"


# --- groups ----------------------------------------------------------------


def test_sub_groups_can_be_put_in_another_order(desk: Desk) -> None:
    desk.create("group", "Collection", "One", "Two", "Three")
    desk.do("groupUpdate", id="1", sub_groups=[{"group_id": id_} for id_ in ("2", "3", "4")])

    def order() -> list[str]:
        return [
            membership["group"]["name"]
            for membership in desk.of(desk.get("group", 1), "sub_groups")
        ]

    given = {"group_id": "1", "sub_group_ids": ["4"], "insert_at_id": "2"}
    desk.do("reorderSubGroups", **given)
    assert order() == ["Three", "One", "Two"]
    desk.do("reorderSubGroups", **given, insert_after=True)
    assert order() == ["One", "Three", "Two"]
    assert desk.refusal("reorderSubGroups", **{**given, "insert_at_id": "9"}) == (
        "sub-group 9 not found in containing group 1"
    )
    assert desk.do("reorderSubGroups", **{**given, "sub_group_ids": [], "insert_at_id": "9"})
    new = {"containing_group_id": "1", "sub_groups": [{"group_id": "9"}], "insert_index": -1}
    assert desk.refusal("addGroupSubGroups", **new) == "invalid insert index"
    words = "converting containing group ids: invalid group ID: x"  # observed on v0.30-dev
    assert desk.refusal("groupUpdate", id="1", sub_groups=[{"group_id": "x"}]) == words


def test_a_group_is_added_at_a_place_one_by_one(desk: Desk) -> None:
    """Each group is inserted before the one that is then at the index, even one just added."""
    desk.create("group", "Collection", "One", "Two", "Three")
    desk.do("groupUpdate", id="1", sub_groups=[{"group_id": "2"}])
    entries = [{"group_id": "3"}, {"group_id": "4"}]
    desk.do("addGroupSubGroups", containing_group_id="1", sub_groups=entries, insert_index=2)
    found = desk.of(desk.get("group", 1), "sub_groups")
    assert [member["group"]["name"] for member in found] == ["One", "Three", "Two"]
    again = {"containing_group_id": "1", "sub_groups": [*reversed(entries), *entries]}
    words = "subgroups with IDs [3 4] already in group"
    assert desk.refusal("addGroupSubGroups", **again) == words


def test_adding_a_group_that_is_there_fails_in_bulk(desk: Desk) -> None:
    """The database refuses an existing sub-group; for scenes, only an id that is sent twice."""
    desk.create("group", "Collection", "One")
    desk.do("groupUpdate", id="1", sub_groups=[{"group_id": "2"}])
    given = {"mode": "ADD", "groups": [{"group_id": "2"}]}
    assert "UNIQUE constraint failed: groups_relations.containing_id" in desk.refusal(
        "bulkGroupUpdate", ids=["1"], sub_groups=given
    )
    desk.do("sceneCreate", title="one", groups=[{"group_id": "1", "scene_index": 3}])
    desk.do("bulkSceneUpdate", ids=["1"], group_ids={"mode": "ADD", "ids": ["1", "2"]})
    groups = desk.of(desk.get("scene", 1), "groups")
    held = [(member["group"]["id"], member["scene_index"]) for member in groups]
    assert held == [(1, 3), (2, None)]
    for mode, ids in (("SET", ["1", "1"]), ("SET", ["2", "1", "2"])):
        words = desk.refusal("bulkSceneUpdate", ids=["1"], group_ids={"mode": mode, "ids": ids})
        assert words.endswith("failed: groups_scenes.group_id, groups_scenes.scene_id")


def test_a_group_that_is_not_there_is_no_loop(desk: Desk) -> None:
    """A missing group on both sides is a missing reference; an existing one is a loop."""
    desk.create("group", "Collection")
    ends = {"sub_groups": [{"group_id": "9"}], "containing_groups": [{"group_id": "9"}]}
    assert "FOREIGN KEY constraint failed" in desk.refusal("groupCreate", name="x", **ends)
    ends = {name: [{"group_id": "1"}] for name in ends}
    words = "a group cannot be contained by one of its subgroups"
    assert desk.refusal("groupCreate", name="x", **ends) == words


def test_groups_that_differ_in_case_alone_are_in_the_order_of_their_names(desk: Desk) -> None:
    """By name and by counts small letters come first; by a number the newest does."""
    for name in ("M98", "m98", "M98", "m98", "M98"):
        desk.create("group", name)

    def order(sort: str, direction: str) -> list[int]:
        return desk.found("findGroups", filter={"sort": sort, "direction": direction})

    assert order("name", "ASC") == order("tag_count", "DESC") == [4, 2, 5, 3, 1]
    assert order("name", "DESC") == [1, 3, 5, 2, 4]
    assert order("rating", "ASC") == [5, 4, 3, 2, 1]


def test_a_bulk_update_of_what_is_not_there_has_no_rows(desk: Desk) -> None:
    """For scenes and galleries the server notices it only after changing each object."""
    desk.do("sceneCreate", title="one")
    for field in ("bulkSceneUpdate", "bulkGalleryUpdate"):
        given = {"ids": ["9", "1"], "studio_id": "9"}
        assert desk.refusal(field, **given) == "sql: no rows in result set"


def test_the_title_of_a_gallery_keeps_white_space_in_an_update_of_one(desk: Desk) -> None:
    """A create and a bulk update trim the title, and an update does not."""
    desk.do("galleryCreate", title=" one ")
    assert desk.get("gallery", 1)["title"] == "one"
    desk.do("galleryUpdate", id="1", title=" two ")
    assert desk.get("gallery", 1)["title"] == " two "
    desk.do("bulkGalleryUpdate", ids=["1"], title=" three ")
    assert desk.get("gallery", 1)["title"] == "three"


def test_a_merge_into_a_scene_that_is_not_there(desk: Desk) -> None:
    """Without a source the update fails, and with one the server crashes."""
    desk.do("sceneCreate", title="one")
    given = {"destination": "9", "source": []}
    assert desk.refusal("sceneMerge", **given) == "updating scene: sql: no rows in result set"
    assert "nil pointer dereference" in desk.refusal("sceneMerge", **{**given, "source": ["1"]})
    words = "finding source scenes: scene with id 8 not found"
    assert desk.refusal("sceneMerge", destination="1", source=["8"]) == words


def test_bulk_updates_of_markers_that_are_not_there(desk: Desk) -> None:
    """The error depends on which fields the update has."""
    desk.tag("a", "b")
    desk.do("sceneCreate", title="one")
    desk.do("sceneMarkerCreate", scene_id="1", title="m", seconds=1, primary_tag_id="1")
    added = {"mode": "ADD", "ids": ["2"]}
    assert "nil pointer" in desk.refusal("bulkSceneMarkerUpdate", ids=["9"], tag_ids=added)
    assert "FOREIGN KEY" in desk.refusal(
        "bulkSceneMarkerUpdate", ids=["9"], primary_tag_id="1", tag_ids=added
    )
    for ids in (["1"], ["9"]):
        words = desk.refusal("bulkSceneMarkerUpdate", ids=ids, primary_tag_id=None, tag_ids=added)
        assert words == "Internal system error. Error <null value not allowed in optional int>"
    twice = {"mode": "SET", "ids": ["2", "2"]}
    desk.do("bulkSceneMarkerUpdate", ids=["1"], tag_ids=twice)
    (marker,) = desk.rows("findSceneMarkers")
    assert [tag["id"] for tag in desk.of(marker, "tags")] == [2]
    end = {"id": "1", "seconds": None, "end_seconds": -2}
    assert "or equal to seconds (0.000000)" in desk.refusal("sceneMarkerUpdate", **end)


def test_counts_of_groups_go_down_the_hierarchy(desk: Desk) -> None:
    desk.create("group", "Collection")
    desk.create("group", "Season", containing_groups=[{"group_id": "1"}])
    desk.create("group", "Part", containing_groups=[{"group_id": "2"}])
    desk.do("sceneCreate", title="one", groups=[{"group_id": "3"}])
    assert desk.value("group", 1, "scene_count") == 0
    assert desk.value("group", 1, "scene_count", depth=-1) == 1
    assert desk.value("group", 1, "sub_group_count") == 1
    assert desk.value("group", 1, "sub_group_count", depth=-1) == 2
    below = {"containing_groups": {"value": ["1"], "modifier": "INCLUDES", "depth": -1}}
    assert desk.found("findGroups", group_filter=below) == [2, 3]


def test_movies_are_groups_by_another_name(desk: Desk) -> None:
    row = desk.do("movieCreate", name="Series", url="https://one.example")
    assert (row.type, desk.of(row, "url")) == ("Movie", "https://one.example")
    assert desk.get("group", 1)["name"] == "Series"
    assert desk.do("movieUpdate", id="1", name="Film")["name"] == "Film"
    assert desk.refusal("movieUpdate", id="9", name="x") == "not found"
    assert desk.library.query("findMovies", {})["movies"][0]["name"] == "Film"
    assert desk.library.mutate("moviesDestroy", {"ids": ["1"]}) is True


def test_a_back_image_brings_a_front_along(desk: Desk) -> None:
    row = desk.do("groupCreate", name="Series", back_image=PNG)
    assert "default" not in row["front_image_path"]
    assert row["back_image_path"] is not None
    assert desk.library.image("group", 1, "frontimage") != desk.library.image(
        "group", 1, "backimage"
    )


# --- markers ---------------------------------------------------------------


def test_a_marker_keeps_its_primary_tag_out_of_the_others(desk: Desk) -> None:
    desk.tag("Intro", "Speech")
    desk.do("sceneCreate", title="Talk")
    given = {"title": "", "seconds": 1.0, "scene_id": "1", "primary_tag_id": "1"}
    desk.do("sceneMarkerCreate", **given, tag_ids=["1", "2"])
    row = desk.do("sceneMarkerUpdate", id="1", primary_tag_id="2")
    assert [tag["name"] for tag in desk.of(row, "tags")] == ["Speech"]
    assert desk.value("tag", 2, "scene_marker_count") == 1
    with pytest.raises(Panic, match="optional int"):
        desk.do("sceneMarkerUpdate", id="1", scene_id=None)
    assert desk.refusal("sceneMarkerUpdate", id="1", end_seconds=0.5) == (
        "end_seconds (0.500000) must be greater than or equal to seconds (1.000000)"
    )


def test_several_markers_go_together_or_not_at_all(desk: Desk) -> None:
    desk.tag("Intro")
    desk.do("sceneCreate", title="Talk")
    for seconds in (1.0, 2.0):
        desk.do("sceneMarkerCreate", title="", seconds=seconds, scene_id="1", primary_tag_id="1")
    with pytest.raises(Exception, match="scene marker with id 9 not found"):
        desk.library.mutate("sceneMarkersDestroy", {"ids": ["1", "9"]})
    by_scene = {"scene_filter": {"title": {"value": "talk", "modifier": "EQUALS"}}}
    assert desk.found("findSceneMarkers", scene_marker_filter=by_scene) == [1, 2]
    desk.library.mutate("sceneMarkersDestroy", {"ids": ["1", "2"]})
    assert desk.found("findSceneMarkers") == []


def test_destroying_a_scene_takes_its_markers_along(desk: Desk) -> None:
    """A tag that was the primary tag of such a marker can then be destroyed."""
    desk.tag("Intro")
    desk.do("sceneCreate", title="Talk")
    desk.do("sceneMarkerCreate", title="", seconds=1.0, scene_id="1", primary_tag_id="1")
    desk.do("sceneDestroy", id="1")
    assert desk.do("tagDestroy", id="1") is True


# --- saved filters ---------------------------------------------------------


def test_filters_of_films_and_groups_are_listed_together(desk: Desk) -> None:
    for mode in ("MOVIES", "GROUPS", "TAGS"):
        desk.do("saveFilter", mode=mode, name=mode)
    names = [saved["name"] for saved in desk.library.query("findSavedFilters", {"mode": "GROUPS"})]
    assert names == ["GROUPS", "MOVIES"]


def test_as_many_tags_of_a_marker_as_before_are_no_change_in_bulk(desk: Desk) -> None:
    """The primary tag is left out first; after a merge it may be among the tags."""
    for name in ("a", "b", "c", "d"):
        desk.do("tagCreate", name=name)
    desk.do("sceneCreate", title="one")
    given = {"scene_id": "1", "title": "m", "seconds": 1, "primary_tag_id": "1"}
    desk.do("sceneMarkerCreate", **given, tag_ids=["2", "3"])
    desk.do("tagsMerge", source=["2"], destination="1")

    def bulk(mode: str, tag: str) -> list[str]:
        change = {"ids": [tag], "mode": mode}
        (marker,) = desk.do("bulkSceneMarkerUpdate", ids=["1"], tag_ids=change)
        return [tag["name"] for tag in desk.of(marker, "tags")]

    assert bulk("ADD", "4") == ["a", "c"]
    assert bulk("REMOVE", "1") == ["c"]
    assert bulk("ADD", "4") == ["c", "d"]
