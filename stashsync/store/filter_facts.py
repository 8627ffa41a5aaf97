"""What the find queries of Stash can be filtered by, of all recorded releases together.

Facts, taken once from the introspection of v0.27.2, v0.28.1, v0.29.3, v0.30.1 and a build of
2026-01-11, and held against those in the tests. One paragraph a filter type: the types of its
fields, each followed by the names of the fields. `@0.28.0` stands behind what is newer than the
oldest supported release; nothing has gone since. `AND/OR/NOT` stands behind types that have these.
"""

from __future__ import annotations

from typing import Final

NEWEST: Final = (0, 31, 0)
"""The first release that these facts know nothing of."""

FACTS: Final = """
FileFilterType@0.29.0 AND/OR/NOT
  GalleryFilterType: galleries_filter
  HierarchicalMultiCriterionInput: parent_folder
  ImageFileFilterInput: image_file_filter
  ImageFilterType: images_filter
  IntCriterionInput: scene_count image_count gallery_count
  MultiCriterionInput: zip_file
  PHashDuplicationCriterionInput: duplicated
  SceneFilterType: scenes_filter
  StringCriterionInput: path basename dir
  TimestampCriterionInput: mod_time created_at updated_at
  VideoFileFilterInput: video_file_filter
  [FingerprintFilterInput!]: hashes
FolderFilterType@0.29.0 AND/OR/NOT
  FileFilterType: files_filter
  GalleryFilterType: galleries_filter
  HierarchicalMultiCriterionInput: parent_folder
  IntCriterionInput: gallery_count
  MultiCriterionInput: zip_file
  StringCriterionInput: path
  TimestampCriterionInput: mod_time created_at updated_at
GalleryFilterType AND/OR/NOT
  Boolean: is_zip organized performer_favorite
  DateCriterionInput: date
  FileFilterType: files_filter@0.30.0
  FolderFilterType: folders_filter@0.30.0
  HierarchicalMultiCriterionInput: studios tags performer_tags
  ImageFilterType: images_filter
  IntCriterionInput: id file_count rating100 tag_count performer_count performer_age image_count
  MultiCriterionInput: scenes performers
  PerformerFilterType: performers_filter
  ResolutionCriterionInput: average_resolution
  SceneFilterType: scenes_filter
  String: is_missing has_chapters
  StringCriterionInput: title details checksum path url code photographer
  StudioFilterType: studios_filter
  TagFilterType: tags_filter
  TimestampCriterionInput: created_at updated_at
GroupFilterType AND/OR/NOT
  DateCriterionInput: date
  HierarchicalMultiCriterionInput: studios tags containing_groups sub_groups
  IntCriterionInput: duration rating100 tag_count o_counter@0.30.0 containing_group_count
      sub_group_count
  MultiCriterionInput: performers
  SceneFilterType: scenes_filter
  String: is_missing
  StringCriterionInput: name director synopsis url
  StudioFilterType: studios_filter
  TimestampCriterionInput: created_at updated_at
ImageFileFilterInput@0.29.0
  OrientationCriterionInput: orientation
  ResolutionCriterionInput: resolution
  StringCriterionInput: format
ImageFilterType AND/OR/NOT
  Boolean: organized performer_favorite
  DateCriterionInput: date
  FileFilterType: files_filter@0.30.0
  GalleryFilterType: galleries_filter
  HierarchicalMultiCriterionInput: studios tags performer_tags
  IntCriterionInput: id file_count rating100 o_counter tag_count performer_count performer_age
  MultiCriterionInput: performers galleries
  OrientationCriterionInput: orientation
  PerformerFilterType: performers_filter
  ResolutionCriterionInput: resolution
  String: is_missing
  StringCriterionInput: title details checksum path url code photographer
  StudioFilterType: studios_filter
  TagFilterType: tags_filter
  TimestampCriterionInput: created_at updated_at
MovieFilterType AND/OR/NOT
  DateCriterionInput: date
  HierarchicalMultiCriterionInput: studios tags
  IntCriterionInput: duration rating100 tag_count
  MultiCriterionInput: performers
  SceneFilterType: scenes_filter
  String: is_missing
  StringCriterionInput: name director synopsis url
  StudioFilterType: studios_filter
  TimestampCriterionInput: created_at updated_at
PerformerFilterType AND/OR/NOT
  Boolean: filter_favorites ignore_auto_tag
  CircumcisionCriterionInput: circumcised
  DateCriterionInput: birthdate death_date
  FloatCriterionInput: penis_length
  GalleryFilterType: galleries_filter
  GenderCriterionInput: gender
  HierarchicalMultiCriterionInput: tags studios groups@0.29.0
  ImageFilterType: images_filter
  IntCriterionInput: birth_year age height_cm tag_count scene_count image_count gallery_count
      play_count o_counter rating100 weight death_year
  MultiCriterionInput: performers
  SceneFilterType: scenes_filter
  StashIDCriterionInput: stash_id_endpoint
  String: is_missing
  StringCriterionInput: name disambiguation details ethnicity country eye_color measurements
      fake_tits career_length tattoos piercings aliases url hair_color
  TagFilterType: tags_filter
  TimestampCriterionInput: created_at updated_at
  [CustomFieldCriterionInput!]: custom_fields@0.28.0
SceneFilterType AND/OR/NOT
  Boolean: organized performer_favorite interactive
  DateCriterionInput: date
  FileFilterType: files_filter@0.30.0
  GalleryFilterType: galleries_filter
  GroupFilterType: groups_filter
  HierarchicalMultiCriterionInput: studios groups tags performer_tags
  IntCriterionInput: id file_count rating100 o_counter framerate bitrate duration tag_count
      performer_age performer_count interactive_speed resume_time play_count play_duration
  MovieFilterType: movies_filter
  MultiCriterionInput: movies galleries performers
  OrientationCriterionInput: orientation
  PHashDuplicationCriterionInput: duplicated
  PerformerFilterType: performers_filter
  PhashDistanceCriterionInput: phash_distance
  ResolutionCriterionInput: resolution
  SceneMarkerFilterType: markers_filter
  StashIDCriterionInput: stash_id_endpoint
  String: has_markers is_missing
  StringCriterionInput: title code details director oshash checksum phash path video_codec
      audio_codec url captions
  StudioFilterType: studios_filter
  TagFilterType: tags_filter
  TimestampCriterionInput: last_played_at created_at updated_at
SceneMarkerFilterType
  DateCriterionInput: scene_date
  FloatCriterionInput: duration@0.28.0
  HierarchicalMultiCriterionInput: tags scene_tags
  MultiCriterionInput: performers scenes
  SceneFilterType: scene_filter
  TimestampCriterionInput: created_at updated_at scene_created_at scene_updated_at
StudioFilterType AND/OR/NOT
  Boolean: favorite ignore_auto_tag
  GalleryFilterType: galleries_filter
  HierarchicalMultiCriterionInput: tags
  ImageFilterType: images_filter
  IntCriterionInput: rating100 scene_count image_count gallery_count tag_count child_count
  MultiCriterionInput: parents
  SceneFilterType: scenes_filter
  StashIDCriterionInput: stash_id_endpoint
  String: is_missing
  StringCriterionInput: name details url aliases
  TimestampCriterionInput: created_at updated_at
TagFilterType AND/OR/NOT
  Boolean: favorite ignore_auto_tag
  GalleryFilterType: galleries_filter
  HierarchicalMultiCriterionInput: parents children
  ImageFilterType: images_filter
  IntCriterionInput: scene_count image_count gallery_count performer_count studio_count
      movie_count group_count marker_count parent_count child_count
  SceneFilterType: scenes_filter
  StashIDCriterionInput: stash_id_endpoint@0.30.0
  String: is_missing
  StringCriterionInput: name sort_name@0.28.0 aliases description
  TimestampCriterionInput: created_at updated_at
VideoFileFilterInput@0.29.0
  Boolean: interactive
  IntCriterionInput: framerate bitrate duration interactive_speed
  OrientationCriterionInput: orientation
  ResolutionCriterionInput: resolution
  StringCriterionInput: format video_codec audio_codec captions
"""
