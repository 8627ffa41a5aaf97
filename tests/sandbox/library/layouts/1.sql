CREATE TABLE blobs (checksum TEXT NOT NULL PRIMARY KEY, blob BLOB NOT NULL);
CREATE TABLE tags (
 id INTEGER PRIMARY KEY AUTOINCREMENT,
 image_blob TEXT REFERENCES blobs(checksum),
 favorite INTEGER NOT NULL DEFAULT 0,
 ignore_auto_tag INTEGER NOT NULL DEFAULT 0,
 created_at TEXT NOT NULL,
 updated_at TEXT NOT NULL,
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
CREATE TABLE studios (
 id INTEGER PRIMARY KEY AUTOINCREMENT,
 image_blob TEXT REFERENCES blobs(checksum),
 favorite INTEGER NOT NULL DEFAULT 0,
 ignore_auto_tag INTEGER NOT NULL DEFAULT 0,
 created_at TEXT NOT NULL,
 updated_at TEXT NOT NULL,
 name TEXT NOT NULL,
 parent_id INTEGER DEFAULT NULL REFERENCES studios(id) ON DELETE SET NULL
 CHECK (id IS NOT parent_id),
 details TEXT,
 rating100 INTEGER
);
CREATE UNIQUE INDEX studios_name_unique ON studios (name);
CREATE INDEX index_studios_on_name ON studios (name COLLATE NOCASE);
CREATE INDEX index_studios_on_parent_id ON studios (parent_id);
CREATE TABLE performers (
 id INTEGER PRIMARY KEY AUTOINCREMENT,
 image_blob TEXT REFERENCES blobs(checksum),
 favorite INTEGER NOT NULL DEFAULT 0,
 ignore_auto_tag INTEGER NOT NULL DEFAULT 0,
 created_at TEXT NOT NULL,
 updated_at TEXT NOT NULL,
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
CREATE TABLE tag_aliases (tag_id INTEGER NOT NULL REFERENCES tags(id) ON DELETE CASCADE, alias TEXT NOT NULL, PRIMARY KEY (tag_id, alias));
CREATE UNIQUE INDEX tag_aliases_alias_unique ON tag_aliases (alias);
CREATE INDEX index_tag_aliases_on_alias ON tag_aliases (alias COLLATE NOCASE);
CREATE TABLE tag_stash_ids (
 tag_id INTEGER NOT NULL REFERENCES tags(id) ON DELETE CASCADE, endpoint TEXT NOT NULL, stash_id TEXT NOT NULL, updated_at TEXT NOT NULL
);
CREATE INDEX index_tag_stash_ids_on_tag_id ON tag_stash_ids (tag_id);
CREATE TABLE tag_custom_fields (
 tag_id INTEGER NOT NULL REFERENCES tags(id) ON DELETE CASCADE, field TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (tag_id, field)
);
CREATE TABLE studio_aliases (studio_id INTEGER NOT NULL REFERENCES studios(id) ON DELETE CASCADE, alias TEXT NOT NULL, PRIMARY KEY (studio_id, alias));
CREATE UNIQUE INDEX studio_aliases_alias_unique ON studio_aliases (alias);
CREATE INDEX index_studio_aliases_on_alias ON studio_aliases (alias COLLATE NOCASE);
CREATE TABLE studio_stash_ids (
 studio_id INTEGER NOT NULL REFERENCES studios(id) ON DELETE CASCADE, endpoint TEXT NOT NULL, stash_id TEXT NOT NULL, updated_at TEXT NOT NULL
);
CREATE INDEX index_studio_stash_ids_on_studio_id ON studio_stash_ids (studio_id);
CREATE TABLE studio_custom_fields (
 studio_id INTEGER NOT NULL REFERENCES studios(id) ON DELETE CASCADE, field TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (studio_id, field)
);
CREATE TABLE performer_aliases (performer_id INTEGER NOT NULL REFERENCES performers(id) ON DELETE CASCADE, alias TEXT NOT NULL, PRIMARY KEY (performer_id, alias));
CREATE INDEX index_performer_aliases_on_alias ON performer_aliases (alias COLLATE NOCASE);
CREATE TABLE performer_stash_ids (
 performer_id INTEGER NOT NULL REFERENCES performers(id) ON DELETE CASCADE, endpoint TEXT NOT NULL, stash_id TEXT NOT NULL, updated_at TEXT NOT NULL
);
CREATE INDEX index_performer_stash_ids_on_performer_id ON performer_stash_ids (performer_id);
CREATE TABLE performer_custom_fields (
 performer_id INTEGER NOT NULL REFERENCES performers(id) ON DELETE CASCADE, field TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (performer_id, field)
);
CREATE TABLE studio_urls (
 studio_id INTEGER NOT NULL REFERENCES studios(id) ON DELETE CASCADE, position INTEGER NOT NULL, url TEXT NOT NULL,
 PRIMARY KEY (studio_id, position, url)
);
CREATE TABLE studios_tags (
 studio_id INTEGER NOT NULL REFERENCES studios(id) ON DELETE CASCADE,
 tag_id INTEGER NOT NULL REFERENCES tags(id) ON DELETE CASCADE,
 PRIMARY KEY (studio_id, tag_id)
);
CREATE INDEX index_studios_tags_on_tag_id ON studios_tags (tag_id);
CREATE TABLE performer_urls (
 performer_id INTEGER NOT NULL REFERENCES performers(id) ON DELETE CASCADE, position INTEGER NOT NULL, url TEXT NOT NULL,
 PRIMARY KEY (performer_id, position, url)
);
CREATE TABLE performers_tags (
 performer_id INTEGER NOT NULL REFERENCES performers(id) ON DELETE CASCADE,
 tag_id INTEGER NOT NULL REFERENCES tags(id) ON DELETE CASCADE,
 PRIMARY KEY (performer_id, tag_id)
);
CREATE INDEX index_performers_tags_on_tag_id ON performers_tags (tag_id);
