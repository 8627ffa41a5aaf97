"""The find queries of each kind: the columns of free text, and the sorts."""

from __future__ import annotations

from stashsync.sandbox.library.conditions import Condition
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.criteria import OS_OF_GROUP, OS_OF_PERFORMER, PLAYS_OF_PERFORMER
from stashsync.sandbox.library.file_criteria import OfFiles
from stashsync.sandbox.library.finds import Finds, Total, enter_finds
from stashsync.sandbox.library.kinds import (
    GALLERIES,
    GROUPS,
    IMAGE_FILES,
    IMAGES,
    MARKERS,
    MOVIES,
    PERFORMERS,
    SCENE_FILES,
    SCENES,
    STUDIOS,
    TAGS,
    files_of_kind,
)
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.media_criteria import LAST_PLAYED, OS, PLAYS
from stashsync.sandbox.library.missing import how_many
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.registry import Args, query
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.values import atoi

# --- tags, studios, performers ---------------------------------------------


def _named(kind: Objects, sorts: dict[str, str], searched: tuple[str, ...] = ()) -> Finds:
    """Return how a kind with names and aliases is found."""
    scenes, table = kind["scenes"], kind.table
    duration = (
        f"(SELECT SUM(files.duration) FROM {scenes.table} link "
        f"JOIN scenes_files s ON s.scene_id = link.{scenes.other} "
        f"JOIN files ON files.id = s.file_id WHERE link.{scenes.own} = {table}.id)"
    )
    counts = {f"{name}_count": how_many(kind[name]) for name in ("scenes", "images", "galleries")}
    return Finds(
        kind,
        (f"{table}.name", *searched, "alias"),
        {**counts, "scenes_duration": duration, **sorts},
        f"LEFT JOIN {kind.stem}_aliases ON {kind.owner} = {table}.id",
    )


def _latest(table: str, column: str) -> str:
    return (
        f"(SELECT MAX({column}) FROM performers_scenes p JOIN {table} USING (scene_id) "
        "WHERE p.performer_id = performers.id)"
    )


_OF_TAGS = ("groups", "scene_markers", "studios", "performers")
enter_finds(
    _named(
        TAGS,
        {f"{name}_count": how_many(TAGS[name]) for name in _OF_TAGS}
        | {"movies_count": how_many(TAGS["groups"])},
        ("tags.sort_name",),
    )
)
enter_finds(
    _named(
        STUDIOS,
        {
            "child_count": how_many(STUDIOS["children"]),
            "rating": "studios.rating100",
            "tag_count": how_many(STUDIOS["tags"]),
        },
    )
)
_SAME = ("birthdate", "career_length", "measurements", "penis_length", "weight")
enter_finds(
    _named(
        PERFORMERS,
        {name: f"performers.{name}" for name in _SAME}
        | {
            "height": "performers.height_cm",
            "rating": "performers.rating100",
            "tag_count": how_many(PERFORMERS["tags"]),
            "o_counter": OS_OF_PERFORMER,
            "play_count": PLAYS_OF_PERFORMER,
            "last_o_at": _latest("scenes_o_dates", "o_date"),
            "last_played_at": _latest("scenes_view_dates", "view_date"),
        },
    )
)

# --- scenes, galleries, images ---------------------------------------------


def _sum(expression: str, links: Links) -> Total:
    """Return a sum over the primary files of all that a find matches, 0 without any."""

    def total(ctx: Context, matched: Condition) -> float:
        kind = links.near
        sql = (
            f"SELECT COALESCE(SUM({expression}), 0) FROM files JOIN {links.table} own "
            f'ON own.file_id = files.id WHERE own."primary" AND own.{links.own} IN '
            f"(SELECT {kind}.id FROM {kind} WHERE {matched.sql})"
        )
        return float(ctx.db.value(sql, matched.params))

    return total


def _media(
    kind: Objects,
    sorts: dict[str, str],
    totals: dict[str, Total] | None = None,
    markers: str = "",
) -> Finds:
    """Return how a kind with files is found; `markers` joins what else is searched."""
    table, links = kind.table, files_of_kind(kind)
    of_files = OfFiles(links)
    common = {
        "title": f"natural_key(COALESCE({table}.title, {of_files.column('basename')}))",
        "date": f"{table}.date",
        "rating": f"{table}.rating100",
        "path": f"natural_key(COALESCE({of_files.column('path')}, ''))",
        "file_count": how_many(links),
        "file_mod_time": of_files.column("mod_time"),
        "tag_count": how_many(kind["tags"]),
        "performer_count": how_many(kind["performers"]),
    }
    by_title = f"natural_key(COALESCE({table}.title, CAST({table}.id AS TEXT)))"
    searched = (f"{table}.title", f"{table}.details", "files.path", "prints.fingerprint")
    return Finds(
        kind,
        (*searched, *(("scene_markers.title",) if markers else ())),
        {**common, **sorts},
        f"LEFT JOIN {links.table} ON {links.table}.{links.own} = {table}.id "
        f"LEFT JOIN files ON files.id = {links.table}.file_id "
        f"LEFT JOIN files_fingerprints prints ON prints.file_id = files.id {markers}",
        totals=totals or {},
        usual_sort="",
        last_order=f"{by_title}, {table}.id DESC",
    )


_OF_SCENES, _OF_IMAGES = OfFiles(SCENE_FILES), OfFiles(IMAGE_FILES)
_NUMBER_IN_GROUP = "(SELECT MIN(scene_index) FROM groups_scenes g WHERE g.scene_id = scenes.id)"

_SCENES = _media(
    SCENES,
    {
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
    {
        "duration": _sum("files.duration", SCENE_FILES),
        "filesize": _sum("files.size", SCENE_FILES),
    },
    markers="LEFT JOIN scene_markers ON scene_markers.scene_id = scenes.id",
)
enter_finds(_SCENES, by_id=False)
enter_finds(
    _media(
        IMAGES,
        {"filesize": _OF_IMAGES.column("size"), "o_counter": "images.o_counter"},
        {
            "megapixels": _sum("files.width * files.height / 1000000.0", IMAGE_FILES),
            "filesize": _sum("files.size", IMAGE_FILES),
        },
    ),
    by_id=False,
)
enter_finds(_media(GALLERIES, {"images_count": how_many(GALLERIES["images"])}))

# --- groups and markers ----------------------------------------------------

_GROUP_SORTS = {
    "date": "groups.date",
    "duration": "groups.duration",
    "rating": "groups.rating100",
    "scenes_count": how_many(GROUPS["scenes"]),
    "o_counter": OS_OF_GROUP,
    "sub_group_order": "(SELECT MIN(order_index) FROM groups_relations r "
    "WHERE r.sub_id = groups.id)",
    "tag_count": how_many(GROUPS["tags"]),
}
for _kind in (GROUPS, MOVIES):
    enter_finds(Finds(_kind, ("groups.name", "groups.aliases"), _GROUP_SORTS))
enter_finds(
    Finds(
        MARKERS,
        ("scene_markers.title", "scenes.title", "tags.name"),
        {
            "title": "natural_key(COALESCE(NULLIF(scene_markers.title, ''), "
            "(SELECT name FROM tags WHERE tags.id = scene_markers.primary_tag_id)))",
            "seconds": "scene_markers.seconds",
            "scene_id": "scene_markers.scene_id",
            "duration": "(scene_markers.end_seconds - scene_markers.seconds)",
            "scenes_updated_at": "(SELECT scenes.updated_at FROM scenes "
            "WHERE scenes.id = scene_markers.scene_id)",
        },
        "JOIN scenes ON scenes.id = scene_markers.scene_id "
        "JOIN tags ON tags.id = scene_markers.primary_tag_id",
        usual_sort="title",
        last_order="scene_markers.scene_id, scene_markers.seconds, scene_markers.id",
    ),
    by_id=False,
)

# --- by checksum and path --------------------------------------------------


def _found(ctx: Context, kind: Objects, links: Links, prints: dict[str, str | None]) -> Row | None:
    """Return the object with a file of one of these checksums."""
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
    """Find a scene by a checksum of one of its files."""
    given = args["input"]
    prints = {"md5": given.get("checksum"), "oshash": given.get("oshash")}
    return _found(ctx, SCENES, SCENE_FILES, prints)


@query("findScenesByPathRegex")
def find_by_path(ctx: Context, args: Args) -> dict[str, object]:
    """Free text is a regular expression for paths here; without it, all scenes are found."""
    given = dict(args.get("filter") or {})
    pattern = given.pop("q", None)
    where: dict[str, object] = {}
    if pattern is not None:
        where["path"] = {"value": f"(?i){pattern}", "modifier": "MATCHES_REGEX"}
    return _SCENES.answer(ctx, {"scene_filter": where, "filter": given})
