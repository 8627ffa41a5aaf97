"""How scenes, galleries, images, groups and markers are found."""

from __future__ import annotations

from stashsync.sandbox.library.conditions import Condition
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.file_criteria import OfFiles
from stashsync.sandbox.library.finds import Finds, Total, enter_finds, sorts
from stashsync.sandbox.library.group_criteria import OS_OF_GROUP
from stashsync.sandbox.library.kinds import (
    GALLERIES,
    GALLERY_FILES,
    GALLERY_IMAGES,
    GALLERY_PERFORMERS,
    GALLERY_TAGS,
    GROUP_TAGS,
    GROUPS,
    IMAGE_FILES,
    IMAGE_PERFORMERS,
    IMAGE_TAGS,
    IMAGES,
    MARKERS,
    MOVIES,
    SCENE_FILES,
    SCENE_GROUPS,
    SCENE_PERFORMERS,
    SCENE_TAGS,
    SCENES,
)
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.media_criteria import LAST_PLAYED, OS, PLAYS
from stashsync.sandbox.library.missing import how_many
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, query
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.values import atoi


def _files(links: Links, of: str) -> str:
    return (
        f"LEFT JOIN {links.table} ON {links.table}.{links.own} = {of}.id "
        f"LEFT JOIN files ON files.id = {links.table}.file_id "
        "LEFT JOIN files_fingerprints prints ON prints.file_id = files.id"
    )


def _sum(expression: str, links: Links) -> Total:
    """A sum over the primary files of all that a find matches, 0 without any."""

    def total(ctx: Context, matched: Condition) -> float:
        kind = f"{links.own.removesuffix('_id')}s"
        sql = (
            f"SELECT COALESCE(SUM({expression}), 0) FROM files JOIN {links.table} own "
            f'ON own.file_id = files.id WHERE own."primary" AND own.{links.own} IN '
            f"(SELECT {kind}.id FROM {kind} WHERE {matched.sql})"
        )
        return float(ctx.db.value(sql, matched.params))

    return total


def _common(kind: Objects, links: Links, tags: Links, performers: Links) -> dict[str, str]:
    table, of_files = kind.table, OfFiles(links)
    path = of_files.column("path")
    return {
        "title": f"natural_key(COALESCE({table}.title, {of_files.column('basename')}))",
        "date": f"{table}.date",
        "rating": f"{table}.rating100",
        "path": f"natural_key(COALESCE({path}, ''))",
        "file_count": how_many(links),
        "file_mod_time": of_files.column("mod_time"),
        "tag_count": how_many(tags),
        "performer_count": how_many(performers),
    }


def _by_title(kind: Objects) -> str:
    title = f"natural_key(COALESCE({kind.table}.title, CAST({kind.table}.id AS TEXT)))"
    return f"{title}, {kind.table}.id DESC"


_OF_SCENES, _OF_IMAGES = OfFiles(SCENE_FILES), OfFiles(IMAGE_FILES)
_NUMBER_IN_GROUP = "(SELECT MIN(scene_index) FROM groups_scenes g WHERE g.scene_id = scenes.id)"

_SCENES = Finds(
    SCENES,
    "scene_filter",
    ("scenes.title", "scenes.details", "files.path", "prints.fingerprint", "scene_markers.title"),
    sorts(
        SCENES,
        _common(SCENES, SCENE_FILES, SCENE_TAGS, SCENE_PERFORMERS)
        | {
            "bitrate": _OF_SCENES.column("bit_rate"),
            "code": "scenes.code",
            "duration": _OF_SCENES.column("files.duration"),
            "filesize": _OF_SCENES.column("size"),
            "framerate": _OF_SCENES.column("frame_rate"),
            "group_scene_number": _NUMBER_IN_GROUP,
            "movie_scene_number": _NUMBER_IN_GROUP,
            "interactive": "0",
            "interactive_speed": "0",
            "last_o_at": "(SELECT MAX(o_date) FROM scenes_o_dates o WHERE o.scene_id = scenes.id)",
            "last_played_at": LAST_PLAYED,
            "o_counter": OS,
            "organized": "scenes.organized",
            "perceptual_similarity": "(SELECT MIN(fingerprint) FROM scenes_files "
            "JOIN files_fingerprints USING (file_id) "
            "WHERE scene_id = scenes.id AND type = 'phash')",
            "play_count": PLAYS,
            "play_duration": "scenes.play_duration",
            "resume_time": "scenes.resume_time",
        },
    ),
    f"{_files(SCENE_FILES, 'scenes')} "
    "LEFT JOIN scene_markers ON scene_markers.scene_id = scenes.id",
    totals={
        "duration": _sum("files.duration", SCENE_FILES),
        "filesize": _sum("files.size", SCENE_FILES),
    },
    usual_sort="",
    last_order=_by_title(SCENES),
)
_IMAGES = Finds(
    IMAGES,
    "image_filter",
    ("images.title", "images.details", "files.path", "prints.fingerprint"),
    sorts(
        IMAGES,
        _common(IMAGES, IMAGE_FILES, IMAGE_TAGS, IMAGE_PERFORMERS)
        | {"filesize": _OF_IMAGES.column("size"), "o_counter": "images.o_counter"},
    ),
    _files(IMAGE_FILES, "images"),
    totals={
        "megapixels": _sum("files.width * files.height / 1000000.0", IMAGE_FILES),
        "filesize": _sum("files.size", IMAGE_FILES),
    },
    usual_sort="",
    last_order=_by_title(IMAGES),
)
_GALLERIES = Finds(
    GALLERIES,
    "gallery_filter",
    ("galleries.title", "galleries.details", "files.path", "prints.fingerprint"),
    sorts(
        GALLERIES,
        _common(GALLERIES, GALLERY_FILES, GALLERY_TAGS, GALLERY_PERFORMERS)
        | {"images_count": how_many(GALLERY_IMAGES)},
    ),
    _files(GALLERY_FILES, "galleries"),
    usual_sort="",
    last_order=_by_title(GALLERIES),
)
_GROUP_SORTS = sorts(
    GROUPS,
    {
        "date": "groups.date",
        "duration": "groups.duration",
        "rating": "groups.rating100",
        "scenes_count": how_many(SCENE_GROUPS.reversed()),
        "o_counter": OS_OF_GROUP,
        "sub_group_order": "(SELECT MIN(order_index) FROM groups_relations r "
        "WHERE r.sub_id = groups.id)",
        "tag_count": how_many(GROUP_TAGS),
    },
)
_MARKERS = Finds(
    MARKERS,
    "scene_marker_filter",
    ("scene_markers.title", "scenes.title", "tags.name"),
    sorts(
        MARKERS,
        {
            "title": "natural_key(COALESCE(NULLIF(scene_markers.title, ''), "
            "(SELECT name FROM tags WHERE tags.id = scene_markers.primary_tag_id)))",
            "seconds": "scene_markers.seconds",
            "scene_id": "scene_markers.scene_id",
            "duration": "(scene_markers.end_seconds - scene_markers.seconds)",
            "scenes_updated_at": "(SELECT scenes.updated_at FROM scenes "
            "WHERE scenes.id = scene_markers.scene_id)",
        },
    ),
    "JOIN scenes ON scenes.id = scene_markers.scene_id "
    "JOIN tags ON tags.id = scene_markers.primary_tag_id",
    usual_sort="title",
    last_order="scene_markers.scene_id, scene_markers.seconds, scene_markers.id",
)

enter_finds(_SCENES, "", "findScenes", "allScenes")
enter_finds(_IMAGES, "", "findImages", "allImages")
enter_finds(_GALLERIES, "findGallery", "findGalleries", "allGalleries")
enter_finds(_MARKERS, "", "findSceneMarkers", "allSceneMarkers")
enter_finds(
    Finds(GROUPS, "group_filter", ("groups.name", "groups.aliases"), _GROUP_SORTS),
    "findGroup",
    "findGroups",
)
enter_finds(
    Finds(MOVIES, "movie_filter", ("groups.name", "groups.aliases"), _GROUP_SORTS, listed="movies"),
    "findMovie",
    "findMovies",
    "allMovies",
)


def _found(ctx: Context, kind: Objects, links: Links, prints: dict[str, str | None]) -> Row | None:
    """The object with a file of one of these checksums."""
    for type_, value in prints.items():
        if value is not None:
            id_ = ctx.db.value(
                f"SELECT {links.own} FROM {links.table} JOIN files_fingerprints USING (file_id) "
                "WHERE type = ? AND fingerprint = ?",
                (type_, value),
            )
            if id_ is not None:
                return kind.find(ctx.db, id_)
    return None


def _enter_one(name: str, kind: Objects, links: Links) -> None:
    """Enter the query for one object by id or, without one, by checksum."""

    @query(name)
    def find_one(ctx: Context, args: Args) -> Row | None:
        if args.get("id") is not None:
            return kind.find(ctx.db, atoi(str(args["id"])))
        return _found(ctx, kind, links, {"md5": args.get("checksum")})


_enter_one("findScene", SCENES, SCENE_FILES)
_enter_one("findImage", IMAGES, IMAGE_FILES)


@query("findSceneByHash")
def find_by_hash(ctx: Context, args: Args) -> Row | None:
    given = args["input"]
    prints = {"md5": given.get("checksum"), "oshash": given.get("oshash")}
    return _found(ctx, SCENES, SCENE_FILES, prints)


@query("findScenesByPathRegex")
def find_by_path(ctx: Context, args: Args) -> dict[str, object]:
    """Free text is a regular expression for paths here.

    Raises:
        Refusal: there is none, or it cannot be read.
    """
    given = dict(args.get("filter") or {})
    pattern = given.pop("q", None)
    if pattern is None:
        raise Refusal("q is required")
    where = {"path": {"value": f"(?i){pattern}", "modifier": "MATCHES_REGEX"}}
    return _SCENES.answer(ctx, {"scene_filter": where, "filter": given})
