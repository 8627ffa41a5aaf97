"""The tables of scenes, galleries, images, groups, markers, files and saved filters."""

from __future__ import annotations

_TIMES = "created_at TEXT NOT NULL, updated_at TEXT NOT NULL"
_ID = "id INTEGER PRIMARY KEY AUTOINCREMENT"
_STUDIO = "studio_id INTEGER REFERENCES studios(id) ON DELETE SET NULL"
_DATE = "date TEXT, date_precision INTEGER NOT NULL DEFAULT 0"
_ORGANIZED = "organized INTEGER NOT NULL DEFAULT 0"


def _owner(word: str, table: str) -> str:
    return f"{word}_id INTEGER NOT NULL REFERENCES {table}(id) ON DELETE CASCADE"


def _pairs(name: str, first: tuple[str, str], second: tuple[str, str], more: str = "") -> str:
    """A table of pairs, each of which stands in it once, found from either end."""
    return f"""
CREATE TABLE {name} (
    {_owner(*first)}, {_owner(*second)}, {more}
    PRIMARY KEY ({first[0]}_id, {second[0]}_id)
);
CREATE INDEX index_{name}_on_{second[0]}_id ON {name} ({second[0]}_id);
"""


def _urls(word: str, table: str) -> str:
    return f"""
CREATE TABLE {word}_urls (
    {_owner(word, table)}, position INTEGER NOT NULL, url TEXT NOT NULL,
    PRIMARY KEY ({word}_id, position, url)
);
"""


_SCENE, _GALLERY, _IMAGE, _GROUP = (
    ("scene", "scenes"),
    ("gallery", "galleries"),
    ("image", "images"),
    ("group", "groups"),
)
_TAG, _PERFORMER, _FILE = ("tag", "tags"), ("performer", "performers"), ("file", "files")
_MARKER = ("scene_marker", "scene_markers")

_OWN_TABLES = f"""
CREATE TABLE scenes ({_ID}, {_TIMES},
    cover_blob TEXT REFERENCES blobs(checksum),
    title TEXT, code TEXT, details TEXT, director TEXT, {_DATE}, rating100 INTEGER,
    {_ORGANIZED}, {_STUDIO},
    resume_time REAL NOT NULL DEFAULT 0, play_duration REAL NOT NULL DEFAULT 0
);
CREATE INDEX index_scenes_on_studio_id ON scenes (studio_id);
CREATE TABLE scene_stash_ids (
    {_owner(*_SCENE)}, endpoint TEXT NOT NULL, stash_id TEXT NOT NULL, updated_at TEXT NOT NULL,
    PRIMARY KEY (scene_id, endpoint)
);
CREATE TABLE scenes_view_dates ({_owner(*_SCENE)}, view_date TEXT NOT NULL);
CREATE INDEX index_scenes_view_dates ON scenes_view_dates (scene_id, view_date);
CREATE TABLE scenes_o_dates ({_owner(*_SCENE)}, o_date TEXT NOT NULL);
CREATE INDEX index_scenes_o_dates ON scenes_o_dates (scene_id, o_date);

CREATE TABLE scene_markers ({_ID}, {_TIMES},
    title TEXT NOT NULL, seconds REAL NOT NULL, end_seconds REAL,
    primary_tag_id INTEGER NOT NULL REFERENCES tags(id), {_owner(*_SCENE)}
);
CREATE INDEX index_scene_markers_on_primary_tag_id ON scene_markers (primary_tag_id);
CREATE INDEX index_scene_markers_on_scene_id ON scene_markers (scene_id);

CREATE TABLE groups ({_ID}, {_TIMES},
    front_image_blob TEXT REFERENCES blobs(checksum),
    back_image_blob TEXT REFERENCES blobs(checksum),
    name TEXT NOT NULL, aliases TEXT, duration INTEGER, {_DATE}, rating100 INTEGER,
    director TEXT, synopsis TEXT, {_STUDIO}
);
CREATE INDEX index_groups_on_studio_id ON groups (studio_id);
CREATE TABLE groups_relations (
    containing_id INTEGER NOT NULL REFERENCES groups(id) ON DELETE CASCADE,
    sub_id INTEGER NOT NULL REFERENCES groups(id) ON DELETE CASCADE,
    order_index INTEGER NOT NULL, description TEXT,
    PRIMARY KEY (containing_id, sub_id), CHECK (containing_id != sub_id)
);
CREATE INDEX index_groups_relations_on_sub_id ON groups_relations (sub_id);

CREATE TABLE galleries ({_ID}, {_TIMES},
    title TEXT, code TEXT, details TEXT, photographer TEXT, {_DATE}, rating100 INTEGER,
    {_ORGANIZED}, {_STUDIO},
    folder_id INTEGER REFERENCES folders(id) ON DELETE SET NULL
);
CREATE INDEX index_galleries_on_studio_id ON galleries (studio_id);
CREATE TABLE galleries_chapters ({_ID}, {_TIMES},
    title TEXT NOT NULL, image_index INTEGER NOT NULL, {_owner(*_GALLERY)}
);

CREATE TABLE images ({_ID}, {_TIMES},
    title TEXT, code TEXT, details TEXT, photographer TEXT, {_DATE}, rating100 INTEGER,
    {_ORGANIZED}, {_STUDIO}, o_counter INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX index_images_on_studio_id ON images (studio_id);

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
    {_owner(*_FILE)}, type TEXT NOT NULL, fingerprint TEXT NOT NULL, PRIMARY KEY (file_id, type)
);

CREATE TABLE saved_filters ({_ID},
    mode TEXT NOT NULL, name TEXT NOT NULL, find_filter TEXT, object_filter TEXT, ui_options TEXT
);
CREATE UNIQUE INDEX saved_filters_mode_name_unique ON saved_filters (mode, name);
"""

_VIEWS = """
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
"""What objects have to do with each other through the scenes, images and galleries they share."""

_PRIMARY = '"primary" INTEGER NOT NULL DEFAULT 0,'

MEDIA_DDL = "".join(
    (
        _OWN_TABLES,
        *(_urls(*one) for one in (_SCENE, _GALLERY, _IMAGE, _GROUP)),
        *(_pairs(f"{one[1]}_tags", one, _TAG) for one in (_SCENE, _GALLERY, _IMAGE, _GROUP)),
        _pairs("scene_markers_tags", _MARKER, _TAG),
        *(_pairs(f"performers_{one[1]}", _PERFORMER, one) for one in (_SCENE, _GALLERY, _IMAGE)),
        _pairs("scenes_galleries", _SCENE, _GALLERY),
        _pairs("groups_scenes", _GROUP, _SCENE, "scene_index INTEGER,"),
        _pairs("galleries_images", _GALLERY, _IMAGE, "cover INTEGER NOT NULL DEFAULT 0,"),
        *(_pairs(f"{one[1]}_files", one, _FILE, _PRIMARY) for one in (_SCENE, _GALLERY, _IMAGE)),
        _VIEWS,
    )
)
