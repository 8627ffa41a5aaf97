"""Every criterion, sort and output field works, on a library with objects of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext, suppress
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type

from stashsync.sandbox import MediaFile, Sandbox
from stashsync.sandbox.library import Refusal
from stashsync.sandbox.schema import schema_of
from tests.sandbox.client import ask

SCHEMA = schema_of("0.31.1")
KINDS = {
    "findTags": ("tag_filter", "tags"),
    "findStudios": ("studio_filter", "studios"),
    "findPerformers": ("performer_filter", "performers"),
    "findScenes": ("scene_filter", "scenes"),
    "findGalleries": ("gallery_filter", "galleries"),
    "findImages": ("image_filter", "images"),
    "findGroups": ("group_filter", "groups"),
    "findMovies": ("movie_filter", "movies"),
    "findSceneMarkers": ("scene_marker_filter", "scene_markers"),
}
GIVEN: dict[str, list[Any]] = {
    "StringCriterionInput": [
        {"value": "a", "modifier": word}
        for word in ("EQUALS", "INCLUDES", "EXCLUDES", "MATCHES_REGEX", "IS_NULL", "NOT_NULL")
    ],
    "IntCriterionInput": [
        {"value": 1, "value2": 2, "modifier": word}
        for word in ("EQUALS", "GREATER_THAN", "NOT_BETWEEN", "NOT_NULL")
    ],
    "FloatCriterionInput": [{"value": 1.5, "modifier": "LESS_THAN"}],
    "TimestampCriterionInput": [{"value": "2024-01-01", "modifier": "GREATER_THAN"}],
    "DateCriterionInput": [
        {"value": "2024-01-01", "value2": "2025-01-01", "modifier": word}
        for word in ("BETWEEN", "IS_NULL")
    ],
    "MultiCriterionInput": [
        {"value": ["1"], "modifier": word}
        for word in ("INCLUDES", "INCLUDES_ALL", "EXCLUDES", "IS_NULL", "NOT_NULL")
    ],
    "HierarchicalMultiCriterionInput": [
        {"value": ["1"], "depth": -1, "modifier": word}
        for word in ("INCLUDES", "INCLUDES_ALL", "EXCLUDES", "IS_NULL", "NOT_NULL")
    ],
    "GenderCriterionInput": [{"value": "MALE", "modifier": "EQUALS"}],
    "CircumcisionCriterionInput": [{"value": ["CUT"], "modifier": "INCLUDES"}],
    "StashIDCriterionInput": [{"stash_id": "a", "modifier": "EQUALS"}],
    "CustomFieldCriterionInput": [[{"field": "a", "value": ["b"], "modifier": "EQUALS"}]],
    "ResolutionCriterionInput": [
        {"value": "FULL_HD", "modifier": word}
        for word in ("EQUALS", "NOT_EQUALS", "LESS_THAN", "GREATER_THAN")
    ],
    "OrientationCriterionInput": [{"value": ["LANDSCAPE", "SQUARE"]}],
    "PhashDistanceCriterionInput": [
        {"value": "0f", "distance": 2, "modifier": word}
        for word in ("EQUALS", "NOT_EQUALS", "IS_NULL", "NOT_NULL")
    ],
    "DuplicationCriterionInput": [
        {"duplicated": True},
        {"phash": False},
        *({word: wanted} for word in ("title", "url", "stash_id") for wanted in (True, False)),
    ],
    "FileDuplicationCriterionInput": [{"duplicated": True}, {"phash": False}],
    "StashIDsCriterionInput": [
        {"stash_ids": ["a", "b"], "modifier": word} for word in ("EQUALS", "NOT_EQUALS", "IS_NULL")
    ],
    "FingerprintFilterInput": [
        [{"type": "md5", "value": "a"}],
        [{"type": "phash", "value": "a", "distance": 1}],
    ],
    "Boolean": [True, False],
}
TEXTS = {"has_markers": ["true", "false"], "has_chapters": ["true", "false"]}


def choices(name: str, type_: Any, depth: int) -> Iterator[Any]:
    """Yield values for one field of a filter."""
    named = get_named_type(type_)
    if name in TEXTS:
        yield from TEXTS[name]
    elif name == "is_missing":
        yield from ("title", "name", "tags", "studio", "url", "image", "date", "stash_id")
    elif named.name in GIVEN:
        yield from GIVEN[named.name]
    elif isinstance(named, GraphQLInputObjectType) and depth:
        for inner, field in named.fields.items():
            for value in choices(inner, field.type, depth - 1):
                yield {inner: value}


@pytest.fixture(scope="module")
def full() -> Iterator[Sandbox]:
    """Yield a sandbox with objects of every kind."""
    with Sandbox(release="0.31.1") as sandbox:
        library = sandbox.library

        def make(mutation: str, **given: Any) -> None:
            library.mutate(mutation, {"input": given})

        make("tagCreate", name="Outdoor")
        make("tagCreate", name="Forest", parent_ids=["1"])
        make("studioCreate", name="Northlight Media", tag_ids=["1"])
        make("performerCreate", name="Ada Example", birthdate="1990-05-01", tag_ids=["2"])
        make("groupCreate", name="Series", tag_ids=["1"], studio_id="1")
        make("groupCreate", name="Season", containing_groups=[{"group_id": "1"}])
        make("galleryCreate", title="Lake", tag_ids=["1"], performer_ids=["1"], studio_id="1")
        related = {"tag_ids": ["2"], "performer_ids": ["1"], "studio_id": "1"}
        make("sceneCreate", title="Walk", date="2020-05-02", gallery_ids=["1"], **related)
        library.mutate("sceneUpdate", {"input": {"id": "1", "groups": [{"group_id": "2"}]}})
        library.seed_file(MediaFile("/media/walks/one.mp4"))
        for path in ("/media/lake.zip", "/media/lake.zip/1.jpg", "/media/lake.zip/2.jpg"):
            library.seed_file(MediaFile(path))
        library.mutate("imageUpdate", {"input": {"id": "1", **related}})
        make("sceneMarkerCreate", title="start", seconds=1.0, scene_id="1", primary_tag_id="2")
        library.mutate("sceneAddPlay", {"id": "1"})
        library.mutate("sceneAddO", {"id": "1"})
        library.mutate("addGalleryImages", {"input": {"gallery_id": "1", "image_ids": ["1", "2"]}})
        chapter = {"gallery_id": "1", "title": "Morning", "image_index": 2}
        library.mutate("galleryChapterCreate", {"input": chapter})
        library.generate_phashes()
        yield sandbox


@pytest.mark.parametrize("find", KINDS)
def test_every_criterion_can_be_asked(full: Sandbox, find: str) -> None:
    """Every criterion gives valid SQL, including those inside of other filters."""
    argument, _ = KINDS[find]
    args = SCHEMA.query_type.fields[find].args  # type: ignore[union-attr]
    filter_type: Any = args[argument].type
    asked = 0
    for name, field in filter_type.fields.items():
        for value in choices(name, field.type, 1):
            # Only `is_missing` may be refused, for a field that the kind does not have.
            with suppress(Refusal) if "is_missing" in f"{name} {value}" else nullcontext():
                full.library.query(find, {argument: {name: value}})
            asked += 1
    assert asked > 20


@pytest.mark.parametrize("find", KINDS)
def test_every_sort_can_be_asked_both_ways(full: Sandbox, find: str) -> None:
    """Every sort gives valid SQL and returns all objects."""
    _, listed = KINDS[find]
    every = full.library.query(find, {"filter": {"per_page": -1}})[listed]
    assert every
    for sort in SORTS[find].split():
        for direction in ("ASC", "DESC"):
            given = {"filter": {"sort": sort, "direction": direction, "per_page": -1}}
            found = full.library.query(find, given)[listed]
            assert {row["id"] for row in found} == {row["id"] for row in every}, sort


_MEDIA = "title date rating path file_count file_mod_time tag_count performer_count random"
SORTS = {
    "findTags": "name id created_at updated_at random_7 scenes_count images_count "
    "galleries_count scenes_duration groups_count movies_count scene_markers_count studios_count "
    "performers_count",
    "findStudios": "name scenes_count images_count galleries_count scenes_duration child_count "
    "rating tag_count",
    "findPerformers": "name birthdate height scenes_count o_counter play_count last_o_at "
    "last_played_at scenes_duration",
    "findScenes": f"{_MEDIA} bitrate code duration filesize framerate group_scene_number "
    "last_o_at last_played_at o_counter organized perceptual_similarity play_count",
    "findGalleries": f"{_MEDIA} images_count",
    "findImages": f"{_MEDIA} filesize o_counter",
    "findGroups": "name date duration rating scenes_count o_counter sub_group_order tag_count",
    "findMovies": "name",
    "findSceneMarkers": "title seconds scene_id duration scenes_updated_at random",
}


def selection(type_: Any, depth: int) -> str:
    """Return a selection of every field of a type, and of related types down to `depth`."""
    named = get_named_type(type_)
    parts = []
    assert isinstance(named, GraphQLObjectType)
    for key, field in named.fields.items():
        name = key
        if name == "image" and "index" in field.args:
            name = "image(index: 0)"
        if name == "fingerprint":
            name = 'fingerprint(type: "oshash")'
        inner = get_named_type(field.type)
        if inner.name == "VisualFile":
            parts.append("visual_files {__typename ... on ImageFile {id path width format}}")
        elif not isinstance(inner, GraphQLObjectType):
            parts.append(name)
        elif depth:
            parts.append(f"{name} {{{selection(inner, depth - 1)}}}")
    return " ".join(parts)


@pytest.mark.parametrize("find", [name for name in KINDS if name != "findGalleries"])
def test_every_output_field_is_answered(full: Sandbox, find: str) -> None:
    """Fields of related objects are answered, too, and no required field is null."""
    _, listed = KINDS[find]
    type_ = SCHEMA.query_type.fields[find].type  # type: ignore[union-attr]
    answer = ask(full, f"{{{find}(filter: {{per_page: -1}}) {{{selection(type_, 2)}}}}}")
    assert "errors" not in answer
    assert answer["data"][find][listed]


def test_every_field_of_a_gallery_is_answered(full: Sandbox) -> None:
    """A gallery is read alone, since its field `image` needs an index that exists."""
    answer = ask(full, f"{{findGallery(id: 1) {{{selection(SCHEMA.type_map['Gallery'], 1)}}}}}")
    assert "errors" not in answer
    gallery = answer["data"]["findGallery"]
    assert gallery["cover"]["id"] == "1"
    assert gallery["image"]["id"] == "1"
    assert gallery["image_count"] == 2
    assert gallery["chapters"][0]["title"] == "Morning"
