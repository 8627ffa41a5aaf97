"""The tables of the library: those of the kinds follow from their fields.

Names, keys and what happens on deletion are those of a real server's tables, since its messages
name them; a few indexes were added that change no answer. Ids are never used twice.
"""

from __future__ import annotations

from collections.abc import Iterator

from stashsync.fields import CustomFields, Integer, Memberships, Number, Refs, StashIds
from stashsync.sandbox.library.kinds import (
    GALLERY_FILES,
    IMAGE_FILES,
    SCENE_FILES,
    SUB_GROUPS,
    TAG_CHILDREN,
)
from stashsync.sandbox.library.layout import DatabaseLayout
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.objects import OBJECTS, Objects

_KEEPS = {"scene_markers.primary_tag_id": ""}
"""References that what they refer to cannot be deleted under; SQL of what happens instead."""

_MORE_COLUMNS = {
    "galleries": ("folder_id INTEGER REFERENCES folders(id) ON DELETE SET NULL",),
    "images": ("o_counter INTEGER NOT NULL DEFAULT 0",),
    "studios": ("CHECK (id IS NOT parent_id)",),
    "galleries_images": ("cover INTEGER NOT NULL DEFAULT 0",),
    "groups_scenes": ("scene_index INTEGER",),
    "scenes_files": ('"primary" INTEGER NOT NULL DEFAULT 0',),
    "galleries_files": ('"primary" INTEGER NOT NULL DEFAULT 0',),
    "images_files": ('"primary" INTEGER NOT NULL DEFAULT 0',),
    "groups_relations": (
        "order_index INTEGER NOT NULL",
        "description TEXT",
        "CHECK (containing_id != sub_id)",
    ),
    "scene_stash_ids": ("PRIMARY KEY (scene_id, endpoint)",),
}
"""Columns and constraints that no field stands for, by table."""

_TIMES = "created_at TEXT NOT NULL, updated_at TEXT NOT NULL"
_ID = "id INTEGER PRIMARY KEY AUTOINCREMENT"


def _owned(column: str, table: str) -> str:
    return f"{column} INTEGER NOT NULL REFERENCES {table}(id) ON DELETE CASCADE"


def _table(name: str, *parts: str) -> str:
    """Return the statement that creates a table; constraints go behind columns."""
    parts = (*parts, *_MORE_COLUMNS.get(name, ()))
    ordered = sorted(parts, key=lambda part: part.startswith(("PRIMARY KEY", "CHECK")))
    return f"CREATE TABLE {name} ({', '.join(ordered)});\n"


def _index(table: str, column: str, how: str = "") -> str:
    return f"CREATE INDEX index_{table}_on_{column} ON {table} ({column}{how});\n"


def _of_kind(kind: Objects) -> Iterator[str]:
    """Yield the tables and indexes of one kind."""
    table = kind.table
    yield _table(table, _ID, _TIMES, *_columns(kind))
    for column in kind.refs:
        yield _index(table, column)
    if "name" in kind.words:
        yield _index(table, "name", " COLLATE NOCASE")
    own = _owned(kind.owner, table)
    for texts in kind.lists.values():
        value = f"{texts.value} TEXT NOT NULL"
        if texts.ordered:
            key = f"PRIMARY KEY ({kind.owner}, position, {texts.value})"
            yield _table(texts.table, own, "position INTEGER NOT NULL", value, key)
        else:
            yield _table(texts.table, own, value, f"PRIMARY KEY ({kind.owner}, {texts.value})")
            yield _index(texts.table, texts.value, " COLLATE NOCASE")
            if kind.kind.shared_names:
                name = f"{texts.table}_{texts.value}_unique"
                yield f"CREATE UNIQUE INDEX {name} ON {texts.table} ({texts.value});\n"
    if StashIds in kind.meanings:
        name = f"{kind.stem}_stash_ids"
        entry = ("endpoint TEXT NOT NULL", "stash_id TEXT NOT NULL", "updated_at TEXT NOT NULL")
        yield _table(name, own, *entry)
        yield _index(name, kind.owner)
    if CustomFields in kind.meanings:
        key = f"PRIMARY KEY ({kind.owner}, field)"
        name = f"{kind.stem}_custom_fields"
        yield _table(name, own, "field TEXT NOT NULL", "value BLOB NOT NULL", key)


def _columns(kind: Objects) -> Iterator[str]:
    for name in kind.blobs.values():
        yield f"{name} TEXT REFERENCES blobs(checksum)"
    for name in kind.words:
        yield f"{name} TEXT NOT NULL DEFAULT ''"
    for name in kind.texts:
        yield f"{name} TEXT"
    for name in kind.flags:
        yield f"{name} INTEGER NOT NULL DEFAULT 0"
    numbers = {s.input: "REAL" for s in kind.of(Number)}
    numbers |= {s.input: "INTEGER" for s in kind.of(Integer)}
    for name in kind.plain:
        yield f"{name} {numbers.get(name, 'TEXT')}{' NOT NULL DEFAULT 0' * (name in kind.strict)}"
    for name in kind.dates:
        yield f"{name} TEXT"
        yield f"{name}_precision INTEGER NOT NULL DEFAULT 0"
    for name, spec in kind.refs.items():
        far = kind[spec.name].far
        if name not in kind.strict:
            yield f"{name} INTEGER REFERENCES {far}(id) ON DELETE SET NULL"
        else:
            then = _KEEPS.get(f"{kind.table}.{name}", " ON DELETE CASCADE")
            yield f"{name} INTEGER NOT NULL REFERENCES {far}(id){then}"


def _pairs() -> Iterator[str]:
    """Yield the tables of pairs, each of which stands in it once, found from either end."""
    found: dict[str, Links] = {}
    for kind in OBJECTS.values():
        for spec in kind.of(Refs, Memberships):
            links = kind[spec.name]
            found[links.table] = links if links.table.startswith(links.near) else links.reversed()
    given = (TAG_CHILDREN, SUB_GROUPS, SCENE_FILES, GALLERY_FILES, IMAGE_FILES)
    found |= {links.table: links for links in given}
    for name, links in found.items():
        ends = _owned(links.own, links.near), _owned(links.other, links.far)
        yield _table(name, *ends, f"PRIMARY KEY ({links.own}, {links.other})")
        yield _index(name, links.other)


_OTHERS = f"""
CREATE TABLE plugin_settings (plugin TEXT NOT NULL PRIMARY KEY, settings TEXT NOT NULL);
CREATE TABLE blobs (checksum TEXT NOT NULL PRIMARY KEY, blob BLOB NOT NULL);
CREATE TABLE folders ({_ID}, {_TIMES},
    path TEXT NOT NULL UNIQUE, mod_time TEXT NOT NULL,
    parent_folder_id INTEGER REFERENCES folders(id), zip_file_id INTEGER REFERENCES files(id)
);
CREATE TABLE files ({_ID}, {_TIMES},
    type TEXT NOT NULL, path TEXT NOT NULL UNIQUE, basename TEXT NOT NULL,
    parent_folder_id INTEGER NOT NULL REFERENCES folders(id),
    zip_file_id INTEGER REFERENCES files(id), size INTEGER NOT NULL, mod_time TEXT NOT NULL,
    format TEXT, width INTEGER, height INTEGER, duration REAL,
    video_codec TEXT, audio_codec TEXT, frame_rate REAL, bit_rate INTEGER
);
CREATE TABLE files_fingerprints (
    {_owned("file_id", "files")}, type TEXT NOT NULL, fingerprint TEXT NOT NULL,
    PRIMARY KEY (file_id, type)
);
CREATE TABLE scenes_view_dates ({_owned("scene_id", "scenes")}, view_date TEXT NOT NULL);
CREATE INDEX index_scenes_view_dates ON scenes_view_dates (scene_id, view_date);
CREATE TABLE scenes_o_dates ({_owned("scene_id", "scenes")}, o_date TEXT NOT NULL);
CREATE INDEX index_scenes_o_dates ON scenes_o_dates (scene_id, o_date);
CREATE TABLE saved_filters ({_ID},
    mode TEXT NOT NULL, name TEXT NOT NULL, find_filter TEXT, object_filter TEXT, ui_options TEXT
);
CREATE UNIQUE INDEX saved_filters_mode_name_unique ON saved_filters (mode, name);
CREATE UNIQUE INDEX studios_name_unique ON studios (name);
CREATE UNIQUE INDEX performers_name_disambiguation_unique
    ON performers (name, disambiguation) WHERE disambiguation IS NOT NULL;
CREATE UNIQUE INDEX performers_name_unique ON performers (name) WHERE disambiguation IS NULL;
CREATE VIEW scene_markers_all_tags AS
    SELECT scene_marker_id, tag_id FROM scene_markers_tags
    UNION SELECT id, primary_tag_id FROM scene_markers;
CREATE VIEW performers_studios AS
    SELECT performer_id, studio_id FROM performers_scenes JOIN scenes ON id = scene_id
        WHERE studio_id IS NOT NULL
    UNION SELECT performer_id, studio_id FROM performers_images JOIN images ON id = image_id
        WHERE studio_id IS NOT NULL
    UNION SELECT performer_id, studio_id FROM performers_galleries
        JOIN galleries ON id = gallery_id WHERE studio_id IS NOT NULL;
CREATE VIEW performers_groups AS
    SELECT DISTINCT performer_id, group_id FROM performers_scenes JOIN groups_scenes
        USING (scene_id);
CREATE VIEW performers_performers AS
    SELECT a.performer_id, b.performer_id AS other_id FROM performers_scenes a
        JOIN performers_scenes b USING (scene_id) WHERE a.performer_id != b.performer_id
    UNION SELECT a.performer_id, b.performer_id FROM performers_images a
        JOIN performers_images b USING (image_id) WHERE a.performer_id != b.performer_id
    UNION SELECT a.performer_id, b.performer_id FROM performers_galleries a
        JOIN performers_galleries b USING (gallery_id) WHERE a.performer_id != b.performer_id;
"""

LAYOUT = DatabaseLayout(
    3,
    "".join((*(part for kind in OBJECTS.values() for part in _of_kind(kind)), *_pairs(), _OTHERS)),
)
