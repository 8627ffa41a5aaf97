"""The tables of the library, and what a fresh file begins with.

Names, keys and what happens on deletion are those of a real server's tables, since its messages
speak of them; a few indexes were added that change no answer. Ids are never used twice.
"""

from __future__ import annotations

from stashsync.sandbox.library.media_tables import MEDIA_DDL

LAYOUT = 2
"""The number of this layout; it is kept in the file."""

_OBJECT = """
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    image_blob TEXT REFERENCES blobs(checksum),
    favorite INTEGER NOT NULL DEFAULT 0,
    ignore_auto_tag INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,"""

_OWN_TABLES = f"""
CREATE TABLE blobs (checksum TEXT NOT NULL PRIMARY KEY, blob BLOB NOT NULL);

CREATE TABLE tags ({_OBJECT}
    name TEXT NOT NULL,
    sort_name TEXT,
    description TEXT
);
CREATE INDEX index_tags_on_name ON tags (name COLLATE NOCASE);
CREATE TABLE tags_relations (
    parent_id INTEGER NOT NULL REFERENCES tags(id) ON DELETE CASCADE,
    child_id INTEGER NOT NULL REFERENCES tags(id) ON DELETE CASCADE,
    PRIMARY KEY (parent_id, child_id)
);
CREATE INDEX index_tags_relations_on_child_id ON tags_relations (child_id);

CREATE TABLE studios ({_OBJECT}
    name TEXT NOT NULL,
    parent_id INTEGER DEFAULT NULL REFERENCES studios(id) ON DELETE SET NULL
        CHECK (id IS NOT parent_id),
    details TEXT,
    rating100 INTEGER
);
CREATE UNIQUE INDEX studios_name_unique ON studios (name);
CREATE INDEX index_studios_on_name ON studios (name COLLATE NOCASE);
CREATE INDEX index_studios_on_parent_id ON studios (parent_id);

CREATE TABLE performers ({_OBJECT}
    name TEXT NOT NULL,
    disambiguation TEXT,
    gender TEXT,
    birthdate TEXT,
    birthdate_precision INTEGER NOT NULL DEFAULT 0,
    death_date TEXT,
    death_date_precision INTEGER NOT NULL DEFAULT 0,
    ethnicity TEXT,
    country TEXT,
    eye_color TEXT,
    hair_color TEXT,
    height_cm INTEGER,
    weight INTEGER,
    measurements TEXT,
    fake_tits TEXT,
    penis_length REAL,
    circumcised TEXT,
    career_length TEXT,
    tattoos TEXT,
    piercings TEXT,
    details TEXT,
    rating100 INTEGER
);
CREATE UNIQUE INDEX performers_name_disambiguation_unique
    ON performers (name, disambiguation) WHERE disambiguation IS NOT NULL;
CREATE UNIQUE INDEX performers_name_unique ON performers (name) WHERE disambiguation IS NULL;
CREATE INDEX index_performers_on_name ON performers (name COLLATE NOCASE);
"""


def _belongings(word: str, *, unique_aliases: bool) -> str:
    """Aliases, stash ids and custom fields of one kind, by its word ("tag")."""
    owner = f"{word}_id INTEGER NOT NULL REFERENCES {word}s(id) ON DELETE CASCADE"
    unique = (
        f"CREATE UNIQUE INDEX {word}_aliases_alias_unique ON {word}_aliases (alias);"
        if unique_aliases
        else ""
    )
    return f"""
CREATE TABLE {word}_aliases ({owner}, alias TEXT NOT NULL, PRIMARY KEY ({word}_id, alias));
{unique}
CREATE INDEX index_{word}_aliases_on_alias ON {word}_aliases (alias COLLATE NOCASE);
CREATE TABLE {word}_stash_ids (
    {owner}, endpoint TEXT NOT NULL, stash_id TEXT NOT NULL, updated_at TEXT NOT NULL
);
CREATE INDEX index_{word}_stash_ids_on_{word}_id ON {word}_stash_ids ({word}_id);
CREATE TABLE {word}_custom_fields (
    {owner}, field TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY ({word}_id, field)
);
"""


def _tagged(word: str) -> str:
    """URLs and tags of one kind, by its word ("studio")."""
    owner = f"{word}_id INTEGER NOT NULL REFERENCES {word}s(id) ON DELETE CASCADE"
    return f"""
CREATE TABLE {word}_urls (
    {owner}, position INTEGER NOT NULL, url TEXT NOT NULL,
    PRIMARY KEY ({word}_id, position, url)
);
CREATE TABLE {word}s_tags (
    {owner},
    tag_id INTEGER NOT NULL REFERENCES tags(id) ON DELETE CASCADE,
    PRIMARY KEY ({word}_id, tag_id)
);
CREATE INDEX index_{word}s_tags_on_tag_id ON {word}s_tags (tag_id);
"""


DDL = "".join(
    (
        _OWN_TABLES,
        _belongings("tag", unique_aliases=True),
        _belongings("studio", unique_aliases=True),
        _belongings("performer", unique_aliases=False),
        _tagged("studio"),
        _tagged("performer"),
        MEDIA_DDL,
    )
)
