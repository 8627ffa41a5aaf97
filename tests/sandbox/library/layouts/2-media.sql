CREATE TABLE scenes (id INTEGER PRIMARY KEY AUTOINCREMENT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
 cover_blob TEXT REFERENCES blobs(checksum),
 title TEXT, code TEXT, details TEXT, director TEXT, date TEXT, date_precision INTEGER NOT NULL DEFAULT 0, rating100 INTEGER,
 organized INTEGER NOT NULL DEFAULT 0, studio_id INTEGER REFERENCES studios(id) ON DELETE SET NULL,
 resume_time REAL NOT NULL DEFAULT 0, play_duration REAL NOT NULL DEFAULT 0
);
CREATE INDEX index_scenes_on_studio_id ON scenes (studio_id);
CREATE TABLE scene_stash_ids (
 scene_id INTEGER NOT NULL REFERENCES scenes(id) ON DELETE CASCADE, endpoint TEXT NOT NULL, stash_id TEXT NOT NULL, updated_at TEXT NOT NULL,
 PRIMARY KEY (scene_id, endpoint)
);
CREATE TABLE scenes_view_dates (scene_id INTEGER NOT NULL REFERENCES scenes(id) ON DELETE CASCADE, view_date TEXT NOT NULL);
CREATE INDEX index_scenes_view_dates ON scenes_view_dates (scene_id, view_date);
CREATE TABLE scenes_o_dates (scene_id INTEGER NOT NULL REFERENCES scenes(id) ON DELETE CASCADE, o_date TEXT NOT NULL);
CREATE INDEX index_scenes_o_dates ON scenes_o_dates (scene_id, o_date);
CREATE TABLE scene_markers (id INTEGER PRIMARY KEY AUTOINCREMENT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
 title TEXT NOT NULL, seconds REAL NOT NULL, end_seconds REAL,
 primary_tag_id INTEGER NOT NULL REFERENCES tags(id), scene_id INTEGER NOT NULL REFERENCES scenes(id) ON DELETE CASCADE
);
CREATE INDEX index_scene_markers_on_primary_tag_id ON scene_markers (primary_tag_id);
CREATE INDEX index_scene_markers_on_scene_id ON scene_markers (scene_id);
CREATE TABLE groups (id INTEGER PRIMARY KEY AUTOINCREMENT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
 front_image_blob TEXT REFERENCES blobs(checksum),
 back_image_blob TEXT REFERENCES blobs(checksum),
 name TEXT NOT NULL, aliases TEXT, duration INTEGER, date TEXT, date_precision INTEGER NOT NULL DEFAULT 0, rating100 INTEGER,
 director TEXT, synopsis TEXT, studio_id INTEGER REFERENCES studios(id) ON DELETE SET NULL
);
CREATE INDEX index_groups_on_studio_id ON groups (studio_id);
CREATE TABLE groups_relations (
 containing_id INTEGER NOT NULL REFERENCES groups(id) ON DELETE CASCADE,
 sub_id INTEGER NOT NULL REFERENCES groups(id) ON DELETE CASCADE,
 order_index INTEGER NOT NULL, description TEXT,
 PRIMARY KEY (containing_id, sub_id), CHECK (containing_id != sub_id)
);
CREATE INDEX index_groups_relations_on_sub_id ON groups_relations (sub_id);
CREATE TABLE galleries (id INTEGER PRIMARY KEY AUTOINCREMENT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
 title TEXT, code TEXT, details TEXT, photographer TEXT, date TEXT, date_precision INTEGER NOT NULL DEFAULT 0, rating100 INTEGER,
 organized INTEGER NOT NULL DEFAULT 0, studio_id INTEGER REFERENCES studios(id) ON DELETE SET NULL,
 folder_id INTEGER REFERENCES folders(id) ON DELETE SET NULL
);
CREATE INDEX index_galleries_on_studio_id ON galleries (studio_id);
CREATE TABLE galleries_chapters (id INTEGER PRIMARY KEY AUTOINCREMENT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
 title TEXT NOT NULL, image_index INTEGER NOT NULL, gallery_id INTEGER NOT NULL REFERENCES galleries(id) ON DELETE CASCADE
);
CREATE TABLE images (id INTEGER PRIMARY KEY AUTOINCREMENT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
 title TEXT, code TEXT, details TEXT, photographer TEXT, date TEXT, date_precision INTEGER NOT NULL DEFAULT 0, rating100 INTEGER,
 organized INTEGER NOT NULL DEFAULT 0, studio_id INTEGER REFERENCES studios(id) ON DELETE SET NULL, o_counter INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX index_images_on_studio_id ON images (studio_id);
CREATE TABLE folders (id INTEGER PRIMARY KEY AUTOINCREMENT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
 path TEXT NOT NULL UNIQUE, mod_time TEXT NOT NULL,
 parent_folder_id INTEGER REFERENCES folders(id), zip_file_id INTEGER REFERENCES files(id)
);
CREATE TABLE files (id INTEGER PRIMARY KEY AUTOINCREMENT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
 type TEXT NOT NULL, path TEXT NOT NULL UNIQUE, basename TEXT NOT NULL,
 parent_folder_id INTEGER NOT NULL REFERENCES folders(id),
 zip_file_id INTEGER REFERENCES files(id), size INTEGER NOT NULL, mod_time TEXT NOT NULL,
 format TEXT, width INTEGER, height INTEGER, duration REAL,
 video_codec TEXT, audio_codec TEXT, frame_rate REAL, bit_rate INTEGER
);
CREATE TABLE files_fingerprints (
 file_id INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE, type TEXT NOT NULL, fingerprint TEXT NOT NULL, PRIMARY KEY (file_id, type)
);
CREATE TABLE saved_filters (id INTEGER PRIMARY KEY AUTOINCREMENT,
 mode TEXT NOT NULL, name TEXT NOT NULL, find_filter TEXT, object_filter TEXT, ui_options TEXT
);
CREATE UNIQUE INDEX saved_filters_mode_name_unique ON saved_filters (mode, name);
CREATE TABLE scene_urls (
 scene_id INTEGER NOT NULL REFERENCES scenes(id) ON DELETE CASCADE, position INTEGER NOT NULL, url TEXT NOT NULL,
 PRIMARY KEY (scene_id, position, url)
);
CREATE TABLE gallery_urls (
 gallery_id INTEGER NOT NULL REFERENCES galleries(id) ON DELETE CASCADE, position INTEGER NOT NULL, url TEXT NOT NULL,
 PRIMARY KEY (gallery_id, position, url)
);
CREATE TABLE image_urls (
 image_id INTEGER NOT NULL REFERENCES images(id) ON DELETE CASCADE, position INTEGER NOT NULL, url TEXT NOT NULL,
 PRIMARY KEY (image_id, position, url)
);
CREATE TABLE group_urls (
 group_id INTEGER NOT NULL REFERENCES groups(id) ON DELETE CASCADE, position INTEGER NOT NULL, url TEXT NOT NULL,
 PRIMARY KEY (group_id, position, url)
);
CREATE TABLE scenes_tags (
 scene_id INTEGER NOT NULL REFERENCES scenes(id) ON DELETE CASCADE, tag_id INTEGER NOT NULL REFERENCES tags(id) ON DELETE CASCADE, 
 PRIMARY KEY (scene_id, tag_id)
);
CREATE INDEX index_scenes_tags_on_tag_id ON scenes_tags (tag_id);
CREATE TABLE galleries_tags (
 gallery_id INTEGER NOT NULL REFERENCES galleries(id) ON DELETE CASCADE, tag_id INTEGER NOT NULL REFERENCES tags(id) ON DELETE CASCADE, 
 PRIMARY KEY (gallery_id, tag_id)
);
CREATE INDEX index_galleries_tags_on_tag_id ON galleries_tags (tag_id);
CREATE TABLE images_tags (
 image_id INTEGER NOT NULL REFERENCES images(id) ON DELETE CASCADE, tag_id INTEGER NOT NULL REFERENCES tags(id) ON DELETE CASCADE, 
 PRIMARY KEY (image_id, tag_id)
);
CREATE INDEX index_images_tags_on_tag_id ON images_tags (tag_id);
CREATE TABLE groups_tags (
 group_id INTEGER NOT NULL REFERENCES groups(id) ON DELETE CASCADE, tag_id INTEGER NOT NULL REFERENCES tags(id) ON DELETE CASCADE, 
 PRIMARY KEY (group_id, tag_id)
);
CREATE INDEX index_groups_tags_on_tag_id ON groups_tags (tag_id);
CREATE TABLE scene_markers_tags (
 scene_marker_id INTEGER NOT NULL REFERENCES scene_markers(id) ON DELETE CASCADE, tag_id INTEGER NOT NULL REFERENCES tags(id) ON DELETE CASCADE, 
 PRIMARY KEY (scene_marker_id, tag_id)
);
CREATE INDEX index_scene_markers_tags_on_tag_id ON scene_markers_tags (tag_id);
CREATE TABLE performers_scenes (
 performer_id INTEGER NOT NULL REFERENCES performers(id) ON DELETE CASCADE, scene_id INTEGER NOT NULL REFERENCES scenes(id) ON DELETE CASCADE, 
 PRIMARY KEY (performer_id, scene_id)
);
CREATE INDEX index_performers_scenes_on_scene_id ON performers_scenes (scene_id);
CREATE TABLE performers_galleries (
 performer_id INTEGER NOT NULL REFERENCES performers(id) ON DELETE CASCADE, gallery_id INTEGER NOT NULL REFERENCES galleries(id) ON DELETE CASCADE, 
 PRIMARY KEY (performer_id, gallery_id)
);
CREATE INDEX index_performers_galleries_on_gallery_id ON performers_galleries (gallery_id);
CREATE TABLE performers_images (
 performer_id INTEGER NOT NULL REFERENCES performers(id) ON DELETE CASCADE, image_id INTEGER NOT NULL REFERENCES images(id) ON DELETE CASCADE, 
 PRIMARY KEY (performer_id, image_id)
);
CREATE INDEX index_performers_images_on_image_id ON performers_images (image_id);
CREATE TABLE scenes_galleries (
 scene_id INTEGER NOT NULL REFERENCES scenes(id) ON DELETE CASCADE, gallery_id INTEGER NOT NULL REFERENCES galleries(id) ON DELETE CASCADE, 
 PRIMARY KEY (scene_id, gallery_id)
);
CREATE INDEX index_scenes_galleries_on_gallery_id ON scenes_galleries (gallery_id);
CREATE TABLE groups_scenes (
 group_id INTEGER NOT NULL REFERENCES groups(id) ON DELETE CASCADE, scene_id INTEGER NOT NULL REFERENCES scenes(id) ON DELETE CASCADE, scene_index INTEGER,
 PRIMARY KEY (group_id, scene_id)
);
CREATE INDEX index_groups_scenes_on_scene_id ON groups_scenes (scene_id);
CREATE TABLE galleries_images (
 gallery_id INTEGER NOT NULL REFERENCES galleries(id) ON DELETE CASCADE, image_id INTEGER NOT NULL REFERENCES images(id) ON DELETE CASCADE, cover INTEGER NOT NULL DEFAULT 0,
 PRIMARY KEY (gallery_id, image_id)
);
CREATE INDEX index_galleries_images_on_image_id ON galleries_images (image_id);
CREATE TABLE scenes_files (
 scene_id INTEGER NOT NULL REFERENCES scenes(id) ON DELETE CASCADE, file_id INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE, "primary" INTEGER NOT NULL DEFAULT 0,
 PRIMARY KEY (scene_id, file_id)
);
CREATE INDEX index_scenes_files_on_file_id ON scenes_files (file_id);
CREATE TABLE galleries_files (
 gallery_id INTEGER NOT NULL REFERENCES galleries(id) ON DELETE CASCADE, file_id INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE, "primary" INTEGER NOT NULL DEFAULT 0,
 PRIMARY KEY (gallery_id, file_id)
);
CREATE INDEX index_galleries_files_on_file_id ON galleries_files (file_id);
CREATE TABLE images_files (
 image_id INTEGER NOT NULL REFERENCES images(id) ON DELETE CASCADE, file_id INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE, "primary" INTEGER NOT NULL DEFAULT 0,
 PRIMARY KEY (image_id, file_id)
);
CREATE INDEX index_images_files_on_file_id ON images_files (file_id);
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
