# Made by docs/make_api.py

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NotRequired, TypeAlias, TypedDict

from stashsync.entities import (
    BasicFile,
    Entity,
    Folder,
    Gallery,
    GalleryChapter,
    GalleryFile,
    Group,
    Image,
    ImageFile,
    Performer,
    Scene,
    SceneMarker,
    Studio,
    Tag,
    VideoFile,
)
from stashsync.kinds.enums import JobStatus as JobStatus
from stashsync.kinds.enums import JobStatusUpdateType as JobStatusUpdateType

Identifier: TypeAlias = str | int | Entity
"""An id, or an object that has one."""

class BlobsStorageType(StrEnum):
    """The values of `BlobsStorageType`."""

    DATABASE = "DATABASE"
    FILESYSTEM = "FILESYSTEM"

class BulkUpdateIdMode(StrEnum):
    """The values of `BulkUpdateIdMode`."""

    SET = "SET"
    ADD = "ADD"
    REMOVE = "REMOVE"

class CircumcisedEnum(StrEnum):
    """The values of `CircumcisedEnum`."""

    CUT = "CUT"
    UNCUT = "UNCUT"

class CircumisedEnum(StrEnum):
    """The values of `CircumisedEnum`."""

    CUT = "CUT"
    UNCUT = "UNCUT"

class CriterionModifier(StrEnum):
    """The values of `CriterionModifier`."""

    EQUALS = "EQUALS"
    NOT_EQUALS = "NOT_EQUALS"
    GREATER_THAN = "GREATER_THAN"
    LESS_THAN = "LESS_THAN"
    IS_NULL = "IS_NULL"
    NOT_NULL = "NOT_NULL"
    INCLUDES_ALL = "INCLUDES_ALL"
    INCLUDES = "INCLUDES"
    EXCLUDES = "EXCLUDES"
    MATCHES_REGEX = "MATCHES_REGEX"
    NOT_MATCHES_REGEX = "NOT_MATCHES_REGEX"
    BETWEEN = "BETWEEN"
    NOT_BETWEEN = "NOT_BETWEEN"

class FilterMode(StrEnum):
    """The values of `FilterMode`."""

    SCENES = "SCENES"
    PERFORMERS = "PERFORMERS"
    STUDIOS = "STUDIOS"
    GALLERIES = "GALLERIES"
    SCENE_MARKERS = "SCENE_MARKERS"
    MOVIES = "MOVIES"
    GROUPS = "GROUPS"
    TAGS = "TAGS"
    IMAGES = "IMAGES"

class GenderEnum(StrEnum):
    """The values of `GenderEnum`."""

    MALE = "MALE"
    FEMALE = "FEMALE"
    TRANSGENDER_MALE = "TRANSGENDER_MALE"
    TRANSGENDER_FEMALE = "TRANSGENDER_FEMALE"
    INTERSEX = "INTERSEX"
    NON_BINARY = "NON_BINARY"

class HashAlgorithm(StrEnum):
    """The values of `HashAlgorithm`."""

    MD5 = "MD5"
    OSHASH = "OSHASH"

class IdentifyFieldStrategy(StrEnum):
    """The values of `IdentifyFieldStrategy`."""

    IGNORE = "IGNORE"
    MERGE = "MERGE"
    OVERWRITE = "OVERWRITE"

class ImageLightboxDisplayMode(StrEnum):
    """The values of `ImageLightboxDisplayMode`."""

    ORIGINAL = "ORIGINAL"
    FIT_XY = "FIT_XY"
    FIT_X = "FIT_X"

class ImageLightboxScrollMode(StrEnum):
    """The values of `ImageLightboxScrollMode`."""

    ZOOM = "ZOOM"
    PAN_Y = "PAN_Y"

class ImportDuplicateEnum(StrEnum):
    """The values of `ImportDuplicateEnum`."""

    IGNORE = "IGNORE"
    OVERWRITE = "OVERWRITE"
    FAIL = "FAIL"

class ImportMissingRefEnum(StrEnum):
    """The values of `ImportMissingRefEnum`."""

    IGNORE = "IGNORE"
    FAIL = "FAIL"
    CREATE = "CREATE"

class LogLevel(StrEnum):
    """The values of `LogLevel`."""

    Trace = "Trace"
    Debug = "Debug"
    Info = "Info"
    Progress = "Progress"
    Warning = "Warning"
    Error = "Error"

class OrientationEnum(StrEnum):
    """The values of `OrientationEnum`."""

    LANDSCAPE = "LANDSCAPE"
    PORTRAIT = "PORTRAIT"
    SQUARE = "SQUARE"

class PackageType(StrEnum):
    """The values of `PackageType`."""

    Scraper = "Scraper"
    Plugin = "Plugin"

class PluginSettingTypeEnum(StrEnum):
    """The values of `PluginSettingTypeEnum`."""

    STRING = "STRING"
    NUMBER = "NUMBER"
    BOOLEAN = "BOOLEAN"

class PreviewPreset(StrEnum):
    """The values of `PreviewPreset`."""

    ultrafast = "ultrafast"
    veryfast = "veryfast"
    fast = "fast"
    medium = "medium"
    slow = "slow"
    slower = "slower"
    veryslow = "veryslow"

class ResolutionEnum(StrEnum):
    """The values of `ResolutionEnum`."""

    VERY_LOW = "VERY_LOW"
    LOW = "LOW"
    R360P = "R360P"
    STANDARD = "STANDARD"
    WEB_HD = "WEB_HD"
    STANDARD_HD = "STANDARD_HD"
    FULL_HD = "FULL_HD"
    QUAD_HD = "QUAD_HD"
    VR_HD = "VR_HD"
    FOUR_K = "FOUR_K"
    FIVE_K = "FIVE_K"
    SIX_K = "SIX_K"
    SEVEN_K = "SEVEN_K"
    EIGHT_K = "EIGHT_K"
    HUGE = "HUGE"

class ScrapeContentType(StrEnum):
    """The values of `ScrapeContentType`."""

    GALLERY = "GALLERY"
    IMAGE = "IMAGE"
    MOVIE = "MOVIE"
    GROUP = "GROUP"
    PERFORMER = "PERFORMER"
    SCENE = "SCENE"

class ScrapeType(StrEnum):
    """The values of `ScrapeType`."""

    NAME = "NAME"
    FRAGMENT = "FRAGMENT"
    URL = "URL"

class SortDirectionEnum(StrEnum):
    """The values of `SortDirectionEnum`."""

    ASC = "ASC"
    DESC = "DESC"

class StreamingResolutionEnum(StrEnum):
    """The values of `StreamingResolutionEnum`."""

    LOW = "LOW"
    STANDARD = "STANDARD"
    STANDARD_HD = "STANDARD_HD"
    FULL_HD = "FULL_HD"
    FOUR_K = "FOUR_K"
    ORIGINAL = "ORIGINAL"

class SystemStatusEnum(StrEnum):
    """The values of `SystemStatusEnum`."""

    SETUP = "SETUP"
    NEEDS_MIGRATION = "NEEDS_MIGRATION"
    OK = "OK"

class AddTempDLNAIPInput(TypedDict):
    """The input `AddTempDLNAIPInput`."""

    address: str
    duration: NotRequired[int | None]

class AnonymiseDatabaseInput(TypedDict):
    """The input `AnonymiseDatabaseInput`."""

    download: NotRequired[bool | None]

class AssignSceneFileInput(TypedDict):
    """The input `AssignSceneFileInput`."""

    scene_id: Identifier
    file_id: Identifier

class AutoTagMetadataInput(TypedDict):
    """The input `AutoTagMetadataInput`."""

    paths: NotRequired[Sequence[str] | None]
    performers: NotRequired[Sequence[str] | None]
    studios: NotRequired[Sequence[str] | None]
    tags: NotRequired[Sequence[str] | None]

class BackupDatabaseInput(TypedDict):
    """The input `BackupDatabaseInput`."""

    download: NotRequired[bool | None]
    includeBlobs: NotRequired[bool | None]

class BulkGalleryUpdateInput(TypedDict):
    """The input `BulkGalleryUpdateInput`."""

    clientMutationId: NotRequired[str | None]
    ids: NotRequired[Sequence[Identifier] | None]
    code: NotRequired[str | None]
    url: NotRequired[str | None]
    urls: NotRequired[BulkUpdateStrings | None]
    date: NotRequired[str | None]
    details: NotRequired[str | None]
    photographer: NotRequired[str | None]
    rating100: NotRequired[int | None]
    organized: NotRequired[bool | None]
    scene_ids: NotRequired[BulkUpdateIds | None]
    studio_id: NotRequired[Identifier | None]
    tag_ids: NotRequired[BulkUpdateIds | None]
    performer_ids: NotRequired[BulkUpdateIds | None]
    custom_fields: NotRequired[CustomFieldsInput | None]

class BulkGroupUpdateInput(TypedDict):
    """The input `BulkGroupUpdateInput`."""

    clientMutationId: NotRequired[str | None]
    ids: NotRequired[Sequence[Identifier] | None]
    rating100: NotRequired[int | None]
    date: NotRequired[str | None]
    synopsis: NotRequired[str | None]
    studio_id: NotRequired[Identifier | None]
    director: NotRequired[str | None]
    urls: NotRequired[BulkUpdateStrings | None]
    tag_ids: NotRequired[BulkUpdateIds | None]
    containing_groups: NotRequired[BulkUpdateGroupDescriptionsInput | None]
    sub_groups: NotRequired[BulkUpdateGroupDescriptionsInput | None]
    custom_fields: NotRequired[CustomFieldsInput | None]

class BulkImageUpdateInput(TypedDict):
    """The input `BulkImageUpdateInput`."""

    clientMutationId: NotRequired[str | None]
    ids: NotRequired[Sequence[Identifier] | None]
    title: NotRequired[str | None]
    code: NotRequired[str | None]
    rating100: NotRequired[int | None]
    organized: NotRequired[bool | None]
    url: NotRequired[str | None]
    urls: NotRequired[BulkUpdateStrings | None]
    date: NotRequired[str | None]
    details: NotRequired[str | None]
    photographer: NotRequired[str | None]
    studio_id: NotRequired[Identifier | None]
    performer_ids: NotRequired[BulkUpdateIds | None]
    tag_ids: NotRequired[BulkUpdateIds | None]
    gallery_ids: NotRequired[BulkUpdateIds | None]
    custom_fields: NotRequired[CustomFieldsInput | None]

class BulkMovieUpdateInput(TypedDict):
    """The input `BulkMovieUpdateInput`."""

    clientMutationId: NotRequired[str | None]
    ids: NotRequired[Sequence[Identifier] | None]
    rating100: NotRequired[int | None]
    studio_id: NotRequired[Identifier | None]
    director: NotRequired[str | None]
    urls: NotRequired[BulkUpdateStrings | None]
    tag_ids: NotRequired[BulkUpdateIds | None]

class BulkPerformerUpdateInput(TypedDict):
    """The input `BulkPerformerUpdateInput`."""

    clientMutationId: NotRequired[str | None]
    ids: NotRequired[Sequence[Identifier] | None]
    disambiguation: NotRequired[str | None]
    url: NotRequired[str | None]
    urls: NotRequired[BulkUpdateStrings | None]
    gender: NotRequired[GenderEnum | str | None]
    birthdate: NotRequired[str | None]
    ethnicity: NotRequired[str | None]
    country: NotRequired[str | None]
    eye_color: NotRequired[str | None]
    height_cm: NotRequired[int | None]
    measurements: NotRequired[str | None]
    fake_tits: NotRequired[str | None]
    penis_length: NotRequired[float | None]
    circumcised: NotRequired[CircumcisedEnum | str | None]
    career_length: NotRequired[str | None]
    career_start: NotRequired[str | None]
    career_end: NotRequired[str | None]
    tattoos: NotRequired[str | None]
    piercings: NotRequired[str | None]
    alias_list: NotRequired[BulkUpdateStrings | None]
    twitter: NotRequired[str | None]
    instagram: NotRequired[str | None]
    favorite: NotRequired[bool | None]
    tag_ids: NotRequired[BulkUpdateIds | None]
    rating100: NotRequired[int | None]
    details: NotRequired[str | None]
    death_date: NotRequired[str | None]
    hair_color: NotRequired[str | None]
    weight: NotRequired[int | None]
    ignore_auto_tag: NotRequired[bool | None]
    custom_fields: NotRequired[CustomFieldsInput | None]

class BulkSceneMarkerUpdateInput(TypedDict):
    """The input `BulkSceneMarkerUpdateInput`."""

    ids: NotRequired[Sequence[Identifier] | None]
    title: NotRequired[str | None]
    primary_tag_id: NotRequired[Identifier | None]
    tag_ids: NotRequired[BulkUpdateIds | None]

class BulkSceneUpdateInput(TypedDict):
    """The input `BulkSceneUpdateInput`."""

    clientMutationId: NotRequired[str | None]
    ids: NotRequired[Sequence[Identifier] | None]
    title: NotRequired[str | None]
    code: NotRequired[str | None]
    details: NotRequired[str | None]
    director: NotRequired[str | None]
    url: NotRequired[str | None]
    urls: NotRequired[BulkUpdateStrings | None]
    date: NotRequired[str | None]
    rating100: NotRequired[int | None]
    organized: NotRequired[bool | None]
    studio_id: NotRequired[Identifier | None]
    gallery_ids: NotRequired[BulkUpdateIds | None]
    performer_ids: NotRequired[BulkUpdateIds | None]
    tag_ids: NotRequired[BulkUpdateIds | None]
    group_ids: NotRequired[BulkUpdateIds | None]
    movie_ids: NotRequired[BulkUpdateIds | None]
    custom_fields: NotRequired[CustomFieldsInput | None]

class BulkStudioUpdateInput(TypedDict):
    """The input `BulkStudioUpdateInput`."""

    ids: Sequence[Identifier]
    url: NotRequired[str | None]
    urls: NotRequired[BulkUpdateStrings | None]
    parent_id: NotRequired[Identifier | None]
    rating100: NotRequired[int | None]
    favorite: NotRequired[bool | None]
    details: NotRequired[str | None]
    tag_ids: NotRequired[BulkUpdateIds | None]
    ignore_auto_tag: NotRequired[bool | None]
    organized: NotRequired[bool | None]

class BulkTagUpdateInput(TypedDict):
    """The input `BulkTagUpdateInput`."""

    ids: NotRequired[Sequence[Identifier] | None]
    description: NotRequired[str | None]
    aliases: NotRequired[BulkUpdateStrings | None]
    ignore_auto_tag: NotRequired[bool | None]
    favorite: NotRequired[bool | None]
    parent_ids: NotRequired[BulkUpdateIds | None]
    child_ids: NotRequired[BulkUpdateIds | None]

class BulkUpdateGroupDescriptionsInput(TypedDict):
    """The input `BulkUpdateGroupDescriptionsInput`."""

    groups: Sequence[GroupDescriptionInput]
    mode: BulkUpdateIdMode | str

class BulkUpdateIds(TypedDict):
    """The input `BulkUpdateIds`."""

    ids: NotRequired[Sequence[Identifier] | None]
    mode: BulkUpdateIdMode | str

class BulkUpdateStrings(TypedDict):
    """The input `BulkUpdateStrings`."""

    values: NotRequired[Sequence[str] | None]
    mode: BulkUpdateIdMode | str

class CircumcisionCriterionInput(TypedDict):
    """The input `CircumcisionCriterionInput`."""

    value: NotRequired[Sequence[CircumcisedEnum | str] | None]
    modifier: CriterionModifier | str

class CleanGeneratedInput(TypedDict):
    """The input `CleanGeneratedInput`."""

    blobFiles: NotRequired[bool | None]
    sprites: NotRequired[bool | None]
    screenshots: NotRequired[bool | None]
    transcodes: NotRequired[bool | None]
    markers: NotRequired[bool | None]
    imageThumbnails: NotRequired[bool | None]
    dryRun: NotRequired[bool | None]

class CleanMetadataInput(TypedDict):
    """The input `CleanMetadataInput`."""

    paths: NotRequired[Sequence[str] | None]
    ignoreZipFileContents: NotRequired[bool | None]
    dryRun: bool

class ConfigDLNAInput(TypedDict):
    """The input `ConfigDLNAInput`."""

    serverName: NotRequired[str | None]
    enabled: NotRequired[bool | None]
    port: NotRequired[int | None]
    whitelistedIPs: NotRequired[Sequence[str] | None]
    interfaces: NotRequired[Sequence[str] | None]
    videoSortOrder: NotRequired[str | None]

class ConfigDefaultSettingsInput(TypedDict):
    """The input `ConfigDefaultSettingsInput`."""

    scan: NotRequired[ScanMetadataInput | None]
    identify: NotRequired[IdentifyMetadataInput | None]
    autoTag: NotRequired[AutoTagMetadataInput | None]
    generate: NotRequired[GenerateMetadataInput | None]
    deleteFile: NotRequired[bool | None]
    deleteGenerated: NotRequired[bool | None]

class ConfigDisableDropdownCreateInput(TypedDict):
    """The input `ConfigDisableDropdownCreateInput`."""

    performer: NotRequired[bool | None]
    tag: NotRequired[bool | None]
    studio: NotRequired[bool | None]
    movie: NotRequired[bool | None]
    gallery: NotRequired[bool | None]

class ConfigGeneralInput(TypedDict):
    """The input `ConfigGeneralInput`."""

    stashes: NotRequired[Sequence[StashConfigInput] | None]
    databasePath: NotRequired[str | None]
    backupDirectoryPath: NotRequired[str | None]
    deleteTrashPath: NotRequired[str | None]
    generatedPath: NotRequired[str | None]
    metadataPath: NotRequired[str | None]
    scrapersPath: NotRequired[str | None]
    pluginsPath: NotRequired[str | None]
    cachePath: NotRequired[str | None]
    blobsPath: NotRequired[str | None]
    blobsStorage: NotRequired[BlobsStorageType | str | None]
    ffmpegPath: NotRequired[str | None]
    ffprobePath: NotRequired[str | None]
    calculateMD5: NotRequired[bool | None]
    videoFileNamingAlgorithm: NotRequired[HashAlgorithm | str | None]
    parallelTasks: NotRequired[int | None]
    previewAudio: NotRequired[bool | None]
    previewSegments: NotRequired[int | None]
    previewSegmentDuration: NotRequired[float | None]
    previewExcludeStart: NotRequired[str | None]
    previewExcludeEnd: NotRequired[str | None]
    previewPreset: NotRequired[PreviewPreset | str | None]
    transcodeHardwareAcceleration: NotRequired[bool | None]
    maxTranscodeSize: NotRequired[StreamingResolutionEnum | str | None]
    maxStreamingTranscodeSize: NotRequired[StreamingResolutionEnum | str | None]
    transcodeInputArgs: NotRequired[Sequence[str] | None]
    transcodeOutputArgs: NotRequired[Sequence[str] | None]
    liveTranscodeInputArgs: NotRequired[Sequence[str] | None]
    liveTranscodeOutputArgs: NotRequired[Sequence[str] | None]
    drawFunscriptHeatmapRange: NotRequired[bool | None]
    writeImageThumbnails: NotRequired[bool | None]
    createImageClipsFromVideos: NotRequired[bool | None]
    username: NotRequired[str | None]
    password: NotRequired[str | None]
    maxSessionAge: NotRequired[int | None]
    logFile: NotRequired[str | None]
    logOut: NotRequired[bool | None]
    logLevel: NotRequired[str | None]
    logAccess: NotRequired[bool | None]
    logFileMaxSize: NotRequired[int | None]
    createGalleriesFromFolders: NotRequired[bool | None]
    galleryCoverRegex: NotRequired[str | None]
    videoExtensions: NotRequired[Sequence[str] | None]
    imageExtensions: NotRequired[Sequence[str] | None]
    galleryExtensions: NotRequired[Sequence[str] | None]
    excludes: NotRequired[Sequence[str] | None]
    imageExcludes: NotRequired[Sequence[str] | None]
    customPerformerImageLocation: NotRequired[str | None]
    stashBoxes: NotRequired[Sequence[StashBoxInput] | None]
    pythonPath: NotRequired[str | None]
    scraperPackageSources: NotRequired[Sequence[PackageSourceInput] | None]
    pluginPackageSources: NotRequired[Sequence[PackageSourceInput] | None]
    spriteScreenshotSize: NotRequired[int | None]
    useCustomSpriteInterval: NotRequired[bool | None]
    spriteInterval: NotRequired[float | None]
    minimumSprites: NotRequired[int | None]
    maximumSprites: NotRequired[int | None]

class ConfigImageLightboxInput(TypedDict):
    """The input `ConfigImageLightboxInput`."""

    slideshowDelay: NotRequired[int | None]
    displayMode: NotRequired[ImageLightboxDisplayMode | str | None]
    scaleUp: NotRequired[bool | None]
    resetZoomOnNav: NotRequired[bool | None]
    scrollMode: NotRequired[ImageLightboxScrollMode | str | None]
    scrollAttemptsBeforeChange: NotRequired[int | None]
    disableAnimation: NotRequired[bool | None]

class ConfigInterfaceInput(TypedDict):
    """The input `ConfigInterfaceInput`."""

    sfwContentMode: NotRequired[bool | None]
    menuItems: NotRequired[Sequence[str] | None]
    soundOnPreview: NotRequired[bool | None]
    wallShowTitle: NotRequired[bool | None]
    wallPlayback: NotRequired[str | None]
    showScrubber: NotRequired[bool | None]
    maximumLoopDuration: NotRequired[int | None]
    autostartVideo: NotRequired[bool | None]
    autostartVideoOnPlaySelected: NotRequired[bool | None]
    continuePlaylistDefault: NotRequired[bool | None]
    showStudioAsText: NotRequired[bool | None]
    css: NotRequired[str | None]
    cssEnabled: NotRequired[bool | None]
    javascript: NotRequired[str | None]
    javascriptEnabled: NotRequired[bool | None]
    customLocales: NotRequired[str | None]
    customLocalesEnabled: NotRequired[bool | None]
    disableCustomizations: NotRequired[bool | None]
    language: NotRequired[str | None]
    imageLightbox: NotRequired[ConfigImageLightboxInput | None]
    disableDropdownCreate: NotRequired[ConfigDisableDropdownCreateInput | None]
    handyKey: NotRequired[str | None]
    funscriptOffset: NotRequired[int | None]
    useStashHostedFunscript: NotRequired[bool | None]
    noBrowser: NotRequired[bool | None]
    notificationsEnabled: NotRequired[bool | None]

class ConfigScrapingInput(TypedDict):
    """The input `ConfigScrapingInput`."""

    scraperUserAgent: NotRequired[str | None]
    scraperCDPPath: NotRequired[str | None]
    scraperCertCheck: NotRequired[bool | None]
    excludeTagPatterns: NotRequired[Sequence[str] | None]

class CustomFieldCriterionInput(TypedDict):
    """The input `CustomFieldCriterionInput`."""

    field: str
    value: NotRequired[Sequence[Any] | None]
    modifier: CriterionModifier | str

class CustomFieldsInput(TypedDict):
    """The input `CustomFieldsInput`."""

    full: NotRequired[Mapping[str, Any] | None]
    partial: NotRequired[Mapping[str, Any] | None]
    remove: NotRequired[Sequence[str] | None]

class DateCriterionInput(TypedDict):
    """The input `DateCriterionInput`."""

    value: str
    value2: NotRequired[str | None]
    modifier: CriterionModifier | str

class DestroyFilterInput(TypedDict):
    """The input `DestroyFilterInput`."""

    id: Identifier

class DisableDLNAInput(TypedDict):
    """The input `DisableDLNAInput`."""

    duration: NotRequired[int | None]

class DuplicationCriterionInput(TypedDict):
    """The input `DuplicationCriterionInput`."""

    duplicated: NotRequired[bool | None]
    distance: NotRequired[int | None]
    phash: NotRequired[bool | None]
    url: NotRequired[bool | None]
    stash_id: NotRequired[bool | None]
    title: NotRequired[bool | None]

class EnableDLNAInput(TypedDict):
    """The input `EnableDLNAInput`."""

    duration: NotRequired[int | None]

class ExportObjectTypeInput(TypedDict):
    """The input `ExportObjectTypeInput`."""

    ids: NotRequired[Sequence[str] | None]
    all: NotRequired[bool | None]

class ExportObjectsInput(TypedDict):
    """The input `ExportObjectsInput`."""

    scenes: NotRequired[ExportObjectTypeInput | None]
    images: NotRequired[ExportObjectTypeInput | None]
    studios: NotRequired[ExportObjectTypeInput | None]
    performers: NotRequired[ExportObjectTypeInput | None]
    tags: NotRequired[ExportObjectTypeInput | None]
    groups: NotRequired[ExportObjectTypeInput | None]
    movies: NotRequired[ExportObjectTypeInput | None]
    galleries: NotRequired[ExportObjectTypeInput | None]
    includeDependencies: NotRequired[bool | None]

class FileDuplicationCriterionInput(TypedDict):
    """The input `FileDuplicationCriterionInput`."""

    duplicated: NotRequired[bool | None]
    distance: NotRequired[int | None]
    phash: NotRequired[bool | None]

class FileFilterType(TypedDict):
    """The input `FileFilterType`."""

    AND: NotRequired[FileFilterType | None]
    OR: NotRequired[FileFilterType | None]
    NOT: NotRequired[FileFilterType | None]
    path: NotRequired[StringCriterionInput | None]
    basename: NotRequired[StringCriterionInput | None]
    dir: NotRequired[StringCriterionInput | None]
    parent_folder: NotRequired[HierarchicalMultiCriterionInput | None]
    zip_file: NotRequired[MultiCriterionInput | None]
    mod_time: NotRequired[TimestampCriterionInput | None]
    duplicated: NotRequired[FileDuplicationCriterionInput | None]
    hashes: NotRequired[Sequence[FingerprintFilterInput] | None]
    video_file_filter: NotRequired[VideoFileFilterInput | None]
    image_file_filter: NotRequired[ImageFileFilterInput | None]
    scene_count: NotRequired[IntCriterionInput | None]
    image_count: NotRequired[IntCriterionInput | None]
    gallery_count: NotRequired[IntCriterionInput | None]
    scenes_filter: NotRequired[SceneFilterType | None]
    images_filter: NotRequired[ImageFilterType | None]
    galleries_filter: NotRequired[GalleryFilterType | None]
    created_at: NotRequired[TimestampCriterionInput | None]
    updated_at: NotRequired[TimestampCriterionInput | None]

class FileSetFingerprintsInput(TypedDict):
    """The input `FileSetFingerprintsInput`."""

    id: Identifier
    fingerprints: Sequence[SetFingerprintsInput]

class FindFilterType(TypedDict):
    """The input `FindFilterType`."""

    q: NotRequired[str | None]
    page: NotRequired[int | None]
    per_page: NotRequired[int | None]
    sort: NotRequired[str | None]
    direction: NotRequired[SortDirectionEnum | str | None]

class FindJobInput(TypedDict):
    """The input `FindJobInput`."""

    id: Identifier

class FingerprintFilterInput(TypedDict):
    """The input `FingerprintFilterInput`."""

    type: str
    value: str
    distance: NotRequired[int | None]

class FloatCriterionInput(TypedDict):
    """The input `FloatCriterionInput`."""

    value: float
    value2: NotRequired[float | None]
    modifier: CriterionModifier | str

class FolderFilterType(TypedDict):
    """The input `FolderFilterType`."""

    AND: NotRequired[FolderFilterType | None]
    OR: NotRequired[FolderFilterType | None]
    NOT: NotRequired[FolderFilterType | None]
    path: NotRequired[StringCriterionInput | None]
    basename: NotRequired[StringCriterionInput | None]
    parent_folder: NotRequired[HierarchicalMultiCriterionInput | None]
    zip_file: NotRequired[MultiCriterionInput | None]
    mod_time: NotRequired[TimestampCriterionInput | None]
    gallery_count: NotRequired[IntCriterionInput | None]
    files_filter: NotRequired[FileFilterType | None]
    galleries_filter: NotRequired[GalleryFilterType | None]
    created_at: NotRequired[TimestampCriterionInput | None]
    updated_at: NotRequired[TimestampCriterionInput | None]

class GalleryAddInput(TypedDict):
    """The input `GalleryAddInput`."""

    gallery_id: Identifier
    image_ids: Sequence[Identifier]

class GalleryChapterCreateInput(TypedDict):
    """The input `GalleryChapterCreateInput`."""

    gallery_id: Identifier
    title: str
    image_index: int

class GalleryChapterUpdateInput(TypedDict):
    """The input `GalleryChapterUpdateInput`."""

    id: Identifier
    gallery_id: NotRequired[Identifier | None]
    title: NotRequired[str | None]
    image_index: NotRequired[int | None]

class GalleryCreateInput(TypedDict):
    """The input `GalleryCreateInput`."""

    title: str
    code: NotRequired[str | None]
    url: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    date: NotRequired[str | None]
    details: NotRequired[str | None]
    photographer: NotRequired[str | None]
    rating100: NotRequired[int | None]
    organized: NotRequired[bool | None]
    scene_ids: NotRequired[Sequence[Identifier] | None]
    studio_id: NotRequired[Identifier | None]
    tag_ids: NotRequired[Sequence[Identifier] | None]
    performer_ids: NotRequired[Sequence[Identifier] | None]
    custom_fields: NotRequired[Mapping[str, Any] | None]

class GalleryDestroyInput(TypedDict):
    """The input `GalleryDestroyInput`."""

    ids: Sequence[Identifier]
    delete_file: NotRequired[bool | None]
    delete_generated: NotRequired[bool | None]
    destroy_file_entry: NotRequired[bool | None]

class GalleryFilterType(TypedDict):
    """The input `GalleryFilterType`."""

    AND: NotRequired[GalleryFilterType | None]
    OR: NotRequired[GalleryFilterType | None]
    NOT: NotRequired[GalleryFilterType | None]
    id: NotRequired[IntCriterionInput | None]
    title: NotRequired[StringCriterionInput | None]
    details: NotRequired[StringCriterionInput | None]
    checksum: NotRequired[StringCriterionInput | None]
    path: NotRequired[StringCriterionInput | None]
    file_count: NotRequired[IntCriterionInput | None]
    is_missing: NotRequired[str | None]
    is_zip: NotRequired[bool | Mapping[str, Any] | None]
    rating100: NotRequired[IntCriterionInput | None]
    organized: NotRequired[bool | Mapping[str, Any] | None]
    average_resolution: NotRequired[ResolutionCriterionInput | None]
    has_chapters: NotRequired[str | None]
    scenes: NotRequired[MultiCriterionInput | None]
    studios: NotRequired[HierarchicalMultiCriterionInput | None]
    tags: NotRequired[HierarchicalMultiCriterionInput | None]
    tag_count: NotRequired[IntCriterionInput | None]
    performer_tags: NotRequired[HierarchicalMultiCriterionInput | None]
    performers: NotRequired[MultiCriterionInput | None]
    performer_count: NotRequired[IntCriterionInput | None]
    performer_favorite: NotRequired[bool | Mapping[str, Any] | None]
    performer_age: NotRequired[IntCriterionInput | None]
    image_count: NotRequired[IntCriterionInput | None]
    url: NotRequired[StringCriterionInput | None]
    date: NotRequired[DateCriterionInput | None]
    created_at: NotRequired[TimestampCriterionInput | None]
    updated_at: NotRequired[TimestampCriterionInput | None]
    code: NotRequired[StringCriterionInput | None]
    photographer: NotRequired[StringCriterionInput | None]
    scenes_filter: NotRequired[SceneFilterType | None]
    images_filter: NotRequired[ImageFilterType | None]
    performers_filter: NotRequired[PerformerFilterType | None]
    studios_filter: NotRequired[StudioFilterType | None]
    tags_filter: NotRequired[TagFilterType | None]
    files_filter: NotRequired[FileFilterType | None]
    folders_filter: NotRequired[FolderFilterType | None]
    parent_folder: NotRequired[HierarchicalMultiCriterionInput | None]
    custom_fields: NotRequired[Sequence[CustomFieldCriterionInput] | None]

class GalleryRemoveInput(TypedDict):
    """The input `GalleryRemoveInput`."""

    gallery_id: Identifier
    image_ids: Sequence[Identifier]

class GalleryResetCoverInput(TypedDict):
    """The input `GalleryResetCoverInput`."""

    gallery_id: Identifier

class GallerySetCoverInput(TypedDict):
    """The input `GallerySetCoverInput`."""

    gallery_id: Identifier
    cover_image_id: Identifier

class GalleryUpdateInput(TypedDict):
    """The input `GalleryUpdateInput`."""

    clientMutationId: NotRequired[str | None]
    id: Identifier
    title: NotRequired[str | None]
    code: NotRequired[str | None]
    url: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    date: NotRequired[str | None]
    details: NotRequired[str | None]
    photographer: NotRequired[str | None]
    rating100: NotRequired[int | None]
    organized: NotRequired[bool | None]
    scene_ids: NotRequired[Sequence[Identifier] | None]
    studio_id: NotRequired[Identifier | None]
    tag_ids: NotRequired[Sequence[Identifier] | None]
    performer_ids: NotRequired[Sequence[Identifier] | None]
    primary_file_id: NotRequired[Identifier | None]
    custom_fields: NotRequired[CustomFieldsInput | None]

class GenderCriterionInput(TypedDict):
    """The input `GenderCriterionInput`."""

    value: NotRequired[GenderEnum | str | None]
    value_list: NotRequired[Sequence[GenderEnum | str] | None]
    modifier: CriterionModifier | str

class GenerateAPIKeyInput(TypedDict):
    """The input `GenerateAPIKeyInput`."""

    clear: NotRequired[bool | None]

class GenerateMetadataInput(TypedDict):
    """The input `GenerateMetadataInput`."""

    covers: NotRequired[bool | None]
    sprites: NotRequired[bool | None]
    previews: NotRequired[bool | None]
    imagePreviews: NotRequired[bool | None]
    previewOptions: NotRequired[GeneratePreviewOptionsInput | None]
    markers: NotRequired[bool | None]
    markerImagePreviews: NotRequired[bool | None]
    markerScreenshots: NotRequired[bool | None]
    transcodes: NotRequired[bool | None]
    forceTranscodes: NotRequired[bool | None]
    phashes: NotRequired[bool | None]
    interactiveHeatmapsSpeeds: NotRequired[bool | None]
    imagePhashes: NotRequired[bool | None]
    imageThumbnails: NotRequired[bool | None]
    clipPreviews: NotRequired[bool | None]
    sceneIDs: NotRequired[Sequence[Identifier] | None]
    markerIDs: NotRequired[Sequence[Identifier] | None]
    imageIDs: NotRequired[Sequence[Identifier] | None]
    galleryIDs: NotRequired[Sequence[Identifier] | None]
    paths: NotRequired[Sequence[str] | None]
    overwrite: NotRequired[bool | None]

class GeneratePreviewOptionsInput(TypedDict):
    """The input `GeneratePreviewOptionsInput`."""

    previewSegments: NotRequired[int | None]
    previewSegmentDuration: NotRequired[float | None]
    previewExcludeStart: NotRequired[str | None]
    previewExcludeEnd: NotRequired[str | None]
    previewPreset: NotRequired[PreviewPreset | str | None]

class GroupCreateInput(TypedDict):
    """The input `GroupCreateInput`."""

    name: str
    aliases: NotRequired[str | None]
    duration: NotRequired[int | None]
    date: NotRequired[str | None]
    rating100: NotRequired[int | None]
    studio_id: NotRequired[Identifier | None]
    director: NotRequired[str | None]
    synopsis: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    tag_ids: NotRequired[Sequence[Identifier] | None]
    containing_groups: NotRequired[Sequence[GroupDescriptionInput] | None]
    sub_groups: NotRequired[Sequence[GroupDescriptionInput] | None]
    front_image: NotRequired[str | None]
    back_image: NotRequired[str | None]
    custom_fields: NotRequired[Mapping[str, Any] | None]

class GroupDescriptionInput(TypedDict):
    """The input `GroupDescriptionInput`."""

    group_id: Identifier
    description: NotRequired[str | None]

class GroupDestroyInput(TypedDict):
    """The input `GroupDestroyInput`."""

    id: Identifier

class GroupFilterType(TypedDict):
    """The input `GroupFilterType`."""

    AND: NotRequired[GroupFilterType | None]
    OR: NotRequired[GroupFilterType | None]
    NOT: NotRequired[GroupFilterType | None]
    name: NotRequired[StringCriterionInput | None]
    director: NotRequired[StringCriterionInput | None]
    synopsis: NotRequired[StringCriterionInput | None]
    duration: NotRequired[IntCriterionInput | None]
    rating100: NotRequired[IntCriterionInput | None]
    studios: NotRequired[HierarchicalMultiCriterionInput | None]
    is_missing: NotRequired[str | None]
    url: NotRequired[StringCriterionInput | None]
    performers: NotRequired[MultiCriterionInput | None]
    tags: NotRequired[HierarchicalMultiCriterionInput | None]
    tag_count: NotRequired[IntCriterionInput | None]
    date: NotRequired[DateCriterionInput | None]
    created_at: NotRequired[TimestampCriterionInput | None]
    updated_at: NotRequired[TimestampCriterionInput | None]
    o_counter: NotRequired[IntCriterionInput | None]
    containing_groups: NotRequired[HierarchicalMultiCriterionInput | None]
    sub_groups: NotRequired[HierarchicalMultiCriterionInput | None]
    containing_group_count: NotRequired[IntCriterionInput | None]
    sub_group_count: NotRequired[IntCriterionInput | None]
    scene_count: NotRequired[IntCriterionInput | None]
    scenes_filter: NotRequired[SceneFilterType | None]
    studios_filter: NotRequired[StudioFilterType | None]
    custom_fields: NotRequired[Sequence[CustomFieldCriterionInput] | None]

class GroupSubGroupAddInput(TypedDict):
    """The input `GroupSubGroupAddInput`."""

    containing_group_id: Identifier
    sub_groups: Sequence[GroupDescriptionInput]
    insert_index: NotRequired[int | None]

class GroupSubGroupRemoveInput(TypedDict):
    """The input `GroupSubGroupRemoveInput`."""

    containing_group_id: Identifier
    sub_group_ids: Sequence[Identifier]

class GroupUpdateInput(TypedDict):
    """The input `GroupUpdateInput`."""

    id: Identifier
    name: NotRequired[str | None]
    aliases: NotRequired[str | None]
    duration: NotRequired[int | None]
    date: NotRequired[str | None]
    rating100: NotRequired[int | None]
    studio_id: NotRequired[Identifier | None]
    director: NotRequired[str | None]
    synopsis: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    tag_ids: NotRequired[Sequence[Identifier] | None]
    containing_groups: NotRequired[Sequence[GroupDescriptionInput] | None]
    sub_groups: NotRequired[Sequence[GroupDescriptionInput] | None]
    front_image: NotRequired[str | None]
    back_image: NotRequired[str | None]
    custom_fields: NotRequired[CustomFieldsInput | None]

class HierarchicalMultiCriterionInput(TypedDict):
    """The input `HierarchicalMultiCriterionInput`."""

    value: NotRequired[Sequence[Identifier] | None]
    modifier: CriterionModifier | str
    depth: NotRequired[int | None]
    excludes: NotRequired[Sequence[Identifier] | None]

class IdentifyFieldOptionsInput(TypedDict):
    """The input `IdentifyFieldOptionsInput`."""

    field: str
    strategy: IdentifyFieldStrategy | str
    createMissing: NotRequired[bool | None]

class IdentifyMetadataInput(TypedDict):
    """The input `IdentifyMetadataInput`."""

    sources: Sequence[IdentifySourceInput]
    options: NotRequired[IdentifyMetadataOptionsInput | None]
    sceneIDs: NotRequired[Sequence[Identifier] | None]
    paths: NotRequired[Sequence[str] | None]

class IdentifyMetadataOptionsInput(TypedDict):
    """The input `IdentifyMetadataOptionsInput`."""

    fieldOptions: NotRequired[Sequence[IdentifyFieldOptionsInput] | None]
    setCoverImage: NotRequired[bool | None]
    setOrganized: NotRequired[bool | None]
    includeMalePerformers: NotRequired[bool | None]
    performerGenders: NotRequired[Sequence[GenderEnum | str] | None]
    skipMultipleMatches: NotRequired[bool | None]
    skipMultipleMatchTag: NotRequired[str | None]
    skipSingleNamePerformers: NotRequired[bool | None]
    skipSingleNamePerformerTag: NotRequired[str | None]

class IdentifySourceInput(TypedDict):
    """The input `IdentifySourceInput`."""

    source: ScraperSourceInput
    options: NotRequired[IdentifyMetadataOptionsInput | None]

class ImageDestroyInput(TypedDict):
    """The input `ImageDestroyInput`."""

    id: Identifier
    delete_file: NotRequired[bool | None]
    delete_generated: NotRequired[bool | None]
    destroy_file_entry: NotRequired[bool | None]

class ImageFileFilterInput(TypedDict):
    """The input `ImageFileFilterInput`."""

    format: NotRequired[StringCriterionInput | None]
    resolution: NotRequired[ResolutionCriterionInput | None]
    orientation: NotRequired[OrientationCriterionInput | None]

class ImageFilterType(TypedDict):
    """The input `ImageFilterType`."""

    AND: NotRequired[ImageFilterType | None]
    OR: NotRequired[ImageFilterType | None]
    NOT: NotRequired[ImageFilterType | None]
    title: NotRequired[StringCriterionInput | None]
    details: NotRequired[StringCriterionInput | None]
    id: NotRequired[IntCriterionInput | None]
    checksum: NotRequired[StringCriterionInput | None]
    phash_distance: NotRequired[PhashDistanceCriterionInput | None]
    path: NotRequired[StringCriterionInput | None]
    file_count: NotRequired[IntCriterionInput | None]
    rating100: NotRequired[IntCriterionInput | None]
    date: NotRequired[DateCriterionInput | None]
    url: NotRequired[StringCriterionInput | None]
    organized: NotRequired[bool | Mapping[str, Any] | None]
    o_counter: NotRequired[IntCriterionInput | None]
    resolution: NotRequired[ResolutionCriterionInput | None]
    orientation: NotRequired[OrientationCriterionInput | None]
    is_missing: NotRequired[str | None]
    studios: NotRequired[HierarchicalMultiCriterionInput | None]
    tags: NotRequired[HierarchicalMultiCriterionInput | None]
    tag_count: NotRequired[IntCriterionInput | None]
    performer_tags: NotRequired[HierarchicalMultiCriterionInput | None]
    performers: NotRequired[MultiCriterionInput | None]
    performer_count: NotRequired[IntCriterionInput | None]
    performer_favorite: NotRequired[bool | Mapping[str, Any] | None]
    performer_age: NotRequired[IntCriterionInput | None]
    galleries: NotRequired[MultiCriterionInput | None]
    created_at: NotRequired[TimestampCriterionInput | None]
    updated_at: NotRequired[TimestampCriterionInput | None]
    code: NotRequired[StringCriterionInput | None]
    photographer: NotRequired[StringCriterionInput | None]
    galleries_filter: NotRequired[GalleryFilterType | None]
    performers_filter: NotRequired[PerformerFilterType | None]
    studios_filter: NotRequired[StudioFilterType | None]
    tags_filter: NotRequired[TagFilterType | None]
    files_filter: NotRequired[FileFilterType | None]
    custom_fields: NotRequired[Sequence[CustomFieldCriterionInput] | None]

class ImageUpdateInput(TypedDict):
    """The input `ImageUpdateInput`."""

    clientMutationId: NotRequired[str | None]
    id: Identifier
    title: NotRequired[str | None]
    code: NotRequired[str | None]
    rating100: NotRequired[int | None]
    organized: NotRequired[bool | None]
    url: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    date: NotRequired[str | None]
    details: NotRequired[str | None]
    photographer: NotRequired[str | None]
    studio_id: NotRequired[Identifier | None]
    performer_ids: NotRequired[Sequence[Identifier] | None]
    tag_ids: NotRequired[Sequence[Identifier] | None]
    gallery_ids: NotRequired[Sequence[Identifier] | None]
    primary_file_id: NotRequired[Identifier | None]
    custom_fields: NotRequired[CustomFieldsInput | None]

class ImagesDestroyInput(TypedDict):
    """The input `ImagesDestroyInput`."""

    ids: Sequence[Identifier]
    delete_file: NotRequired[bool | None]
    delete_generated: NotRequired[bool | None]
    destroy_file_entry: NotRequired[bool | None]

class ImportObjectsInput(TypedDict):
    """The input `ImportObjectsInput`."""

    file: Any
    duplicateBehaviour: ImportDuplicateEnum | str
    missingRefBehaviour: ImportMissingRefEnum | str

class IntCriterionInput(TypedDict):
    """The input `IntCriterionInput`."""

    value: int
    value2: NotRequired[int | None]
    modifier: CriterionModifier | str

class MigrateBlobsInput(TypedDict):
    """The input `MigrateBlobsInput`."""

    deleteOld: NotRequired[bool | None]

class MigrateInput(TypedDict):
    """The input `MigrateInput`."""

    backupPath: str

class MigrateSceneScreenshotsInput(TypedDict):
    """The input `MigrateSceneScreenshotsInput`."""

    deleteFiles: NotRequired[bool | None]
    overwriteExisting: NotRequired[bool | None]

class MoveFilesInput(TypedDict):
    """The input `MoveFilesInput`."""

    ids: Sequence[Identifier]
    destination_folder: NotRequired[str | None]
    destination_folder_id: NotRequired[Identifier | None]
    destination_basename: NotRequired[str | None]

class MovieCreateInput(TypedDict):
    """The input `MovieCreateInput`."""

    name: str
    aliases: NotRequired[str | None]
    duration: NotRequired[int | None]
    date: NotRequired[str | None]
    rating100: NotRequired[int | None]
    studio_id: NotRequired[Identifier | None]
    director: NotRequired[str | None]
    synopsis: NotRequired[str | None]
    url: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    tag_ids: NotRequired[Sequence[Identifier] | None]
    front_image: NotRequired[str | None]
    back_image: NotRequired[str | None]

class MovieDestroyInput(TypedDict):
    """The input `MovieDestroyInput`."""

    id: Identifier

class MovieFilterType(TypedDict):
    """The input `MovieFilterType`."""

    AND: NotRequired[MovieFilterType | None]
    OR: NotRequired[MovieFilterType | None]
    NOT: NotRequired[MovieFilterType | None]
    name: NotRequired[StringCriterionInput | None]
    director: NotRequired[StringCriterionInput | None]
    synopsis: NotRequired[StringCriterionInput | None]
    duration: NotRequired[IntCriterionInput | None]
    rating100: NotRequired[IntCriterionInput | None]
    studios: NotRequired[HierarchicalMultiCriterionInput | None]
    is_missing: NotRequired[str | None]
    url: NotRequired[StringCriterionInput | None]
    performers: NotRequired[MultiCriterionInput | None]
    tags: NotRequired[HierarchicalMultiCriterionInput | None]
    tag_count: NotRequired[IntCriterionInput | None]
    date: NotRequired[DateCriterionInput | None]
    created_at: NotRequired[TimestampCriterionInput | None]
    updated_at: NotRequired[TimestampCriterionInput | None]
    scenes_filter: NotRequired[SceneFilterType | None]
    studios_filter: NotRequired[StudioFilterType | None]

class MovieUpdateInput(TypedDict):
    """The input `MovieUpdateInput`."""

    id: Identifier
    name: NotRequired[str | None]
    aliases: NotRequired[str | None]
    duration: NotRequired[int | None]
    date: NotRequired[str | None]
    rating100: NotRequired[int | None]
    studio_id: NotRequired[Identifier | None]
    director: NotRequired[str | None]
    synopsis: NotRequired[str | None]
    url: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    tag_ids: NotRequired[Sequence[Identifier] | None]
    front_image: NotRequired[str | None]
    back_image: NotRequired[str | None]

class MultiCriterionInput(TypedDict):
    """The input `MultiCriterionInput`."""

    value: NotRequired[Sequence[Identifier] | None]
    modifier: CriterionModifier | str
    excludes: NotRequired[Sequence[Identifier] | None]

class OrientationCriterionInput(TypedDict):
    """The input `OrientationCriterionInput`."""

    value: Sequence[OrientationEnum | str]

class PHashDuplicationCriterionInput(TypedDict):
    """The input `PHashDuplicationCriterionInput`."""

    duplicated: NotRequired[bool | None]
    distance: NotRequired[int | None]

class PackageSourceInput(TypedDict):
    """The input `PackageSourceInput`."""

    name: NotRequired[str | None]
    url: str
    local_path: NotRequired[str | None]

class PackageSpecInput(TypedDict):
    """The input `PackageSpecInput`."""

    id: str
    sourceURL: str

class PerformerCreateInput(TypedDict):
    """The input `PerformerCreateInput`."""

    name: str
    disambiguation: NotRequired[str | None]
    url: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    gender: NotRequired[GenderEnum | str | None]
    birthdate: NotRequired[str | None]
    ethnicity: NotRequired[str | None]
    country: NotRequired[str | None]
    eye_color: NotRequired[str | None]
    height_cm: NotRequired[int | None]
    measurements: NotRequired[str | None]
    fake_tits: NotRequired[str | None]
    penis_length: NotRequired[float | None]
    circumcised: NotRequired[CircumcisedEnum | str | None]
    career_length: NotRequired[str | None]
    career_start: NotRequired[str | None]
    career_end: NotRequired[str | None]
    tattoos: NotRequired[str | None]
    piercings: NotRequired[str | None]
    alias_list: NotRequired[Sequence[str] | None]
    twitter: NotRequired[str | None]
    instagram: NotRequired[str | None]
    favorite: NotRequired[bool | None]
    tag_ids: NotRequired[Sequence[Identifier] | None]
    image: NotRequired[str | None]
    stash_ids: NotRequired[Sequence[StashIDInput] | None]
    rating100: NotRequired[int | None]
    details: NotRequired[str | None]
    death_date: NotRequired[str | None]
    hair_color: NotRequired[str | None]
    weight: NotRequired[int | None]
    ignore_auto_tag: NotRequired[bool | None]
    custom_fields: NotRequired[Mapping[str, Any] | None]

class PerformerDestroyInput(TypedDict):
    """The input `PerformerDestroyInput`."""

    id: Identifier

class PerformerFilterType(TypedDict):
    """The input `PerformerFilterType`."""

    AND: NotRequired[PerformerFilterType | None]
    OR: NotRequired[PerformerFilterType | None]
    NOT: NotRequired[PerformerFilterType | None]
    name: NotRequired[StringCriterionInput | None]
    disambiguation: NotRequired[StringCriterionInput | None]
    details: NotRequired[StringCriterionInput | None]
    filter_favorites: NotRequired[bool | Mapping[str, Any] | None]
    birth_year: NotRequired[IntCriterionInput | None]
    age: NotRequired[IntCriterionInput | None]
    ethnicity: NotRequired[StringCriterionInput | None]
    country: NotRequired[StringCriterionInput | None]
    eye_color: NotRequired[StringCriterionInput | None]
    height_cm: NotRequired[IntCriterionInput | None]
    measurements: NotRequired[StringCriterionInput | None]
    fake_tits: NotRequired[StringCriterionInput | None]
    penis_length: NotRequired[FloatCriterionInput | None]
    circumcised: NotRequired[CircumcisionCriterionInput | None]
    career_length: NotRequired[StringCriterionInput | None]
    career_start: NotRequired[DateCriterionInput | None]
    career_end: NotRequired[DateCriterionInput | None]
    tattoos: NotRequired[StringCriterionInput | None]
    piercings: NotRequired[StringCriterionInput | None]
    aliases: NotRequired[StringCriterionInput | None]
    gender: NotRequired[GenderCriterionInput | None]
    is_missing: NotRequired[str | None]
    tags: NotRequired[HierarchicalMultiCriterionInput | None]
    tag_count: NotRequired[IntCriterionInput | None]
    scene_count: NotRequired[IntCriterionInput | None]
    marker_count: NotRequired[IntCriterionInput | None]
    image_count: NotRequired[IntCriterionInput | None]
    gallery_count: NotRequired[IntCriterionInput | None]
    play_count: NotRequired[IntCriterionInput | None]
    o_counter: NotRequired[IntCriterionInput | None]
    stash_id_endpoint: NotRequired[StashIDCriterionInput | None]
    stash_ids_endpoint: NotRequired[StashIDsCriterionInput | None]
    rating100: NotRequired[IntCriterionInput | None]
    url: NotRequired[StringCriterionInput | None]
    hair_color: NotRequired[StringCriterionInput | None]
    weight: NotRequired[IntCriterionInput | None]
    death_year: NotRequired[IntCriterionInput | None]
    studios: NotRequired[HierarchicalMultiCriterionInput | None]
    groups: NotRequired[HierarchicalMultiCriterionInput | None]
    performers: NotRequired[MultiCriterionInput | None]
    ignore_auto_tag: NotRequired[bool | Mapping[str, Any] | None]
    birthdate: NotRequired[DateCriterionInput | None]
    death_date: NotRequired[DateCriterionInput | None]
    scenes_filter: NotRequired[SceneFilterType | None]
    images_filter: NotRequired[ImageFilterType | None]
    galleries_filter: NotRequired[GalleryFilterType | None]
    tags_filter: NotRequired[TagFilterType | None]
    markers_filter: NotRequired[SceneMarkerFilterType | None]
    created_at: NotRequired[TimestampCriterionInput | None]
    updated_at: NotRequired[TimestampCriterionInput | None]
    custom_fields: NotRequired[Sequence[CustomFieldCriterionInput] | None]

class PerformerMergeInput(TypedDict):
    """The input `PerformerMergeInput`."""

    source: Sequence[Identifier]
    destination: Identifier
    values: NotRequired[PerformerUpdateInput | Performer | None]

class PerformerUpdateInput(TypedDict):
    """The input `PerformerUpdateInput`."""

    id: Identifier
    name: NotRequired[str | None]
    disambiguation: NotRequired[str | None]
    url: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    gender: NotRequired[GenderEnum | str | None]
    birthdate: NotRequired[str | None]
    ethnicity: NotRequired[str | None]
    country: NotRequired[str | None]
    eye_color: NotRequired[str | None]
    height_cm: NotRequired[int | None]
    measurements: NotRequired[str | None]
    fake_tits: NotRequired[str | None]
    penis_length: NotRequired[float | None]
    circumcised: NotRequired[CircumcisedEnum | str | None]
    career_length: NotRequired[str | None]
    career_start: NotRequired[str | None]
    career_end: NotRequired[str | None]
    tattoos: NotRequired[str | None]
    piercings: NotRequired[str | None]
    alias_list: NotRequired[Sequence[str] | None]
    twitter: NotRequired[str | None]
    instagram: NotRequired[str | None]
    favorite: NotRequired[bool | None]
    tag_ids: NotRequired[Sequence[Identifier] | None]
    image: NotRequired[str | None]
    stash_ids: NotRequired[Sequence[StashIDInput] | None]
    rating100: NotRequired[int | None]
    details: NotRequired[str | None]
    death_date: NotRequired[str | None]
    hair_color: NotRequired[str | None]
    weight: NotRequired[int | None]
    ignore_auto_tag: NotRequired[bool | None]
    custom_fields: NotRequired[CustomFieldsInput | None]

class PhashDistanceCriterionInput(TypedDict):
    """The input `PhashDistanceCriterionInput`."""

    value: str
    modifier: CriterionModifier | str
    distance: NotRequired[int | None]

class PluginArgInput(TypedDict):
    """The input `PluginArgInput`."""

    key: str
    value: NotRequired[PluginValueInput | None]

class PluginValueInput(TypedDict):
    """The input `PluginValueInput`."""

    str: NotRequired[str | None]
    i: NotRequired[int | None]
    b: NotRequired[bool | None]
    f: NotRequired[float | None]
    o: NotRequired[Sequence[PluginArgInput] | None]
    a: NotRequired[Sequence[PluginValueInput] | None]

class RemoveTempDLNAIPInput(TypedDict):
    """The input `RemoveTempDLNAIPInput`."""

    address: str

class ReorderSubGroupsInput(TypedDict):
    """The input `ReorderSubGroupsInput`."""

    group_id: Identifier
    sub_group_ids: Sequence[Identifier]
    insert_at_id: Identifier
    insert_after: NotRequired[bool | None]

class ResolutionCriterionInput(TypedDict):
    """The input `ResolutionCriterionInput`."""

    value: ResolutionEnum | str
    modifier: CriterionModifier | str

class SaveFilterInput(TypedDict):
    """The input `SaveFilterInput`."""

    id: NotRequired[Identifier | None]
    mode: FilterMode | str
    name: str
    find_filter: NotRequired[FindFilterType | None]
    object_filter: NotRequired[Mapping[str, Any] | None]
    ui_options: NotRequired[Mapping[str, Any] | None]

class ScanMetaDataFilterInput(TypedDict):
    """The input `ScanMetaDataFilterInput`."""

    minModTime: NotRequired[str | datetime | None]

class ScanMetadataInput(TypedDict):
    """The input `ScanMetadataInput`."""

    paths: NotRequired[Sequence[str] | None]
    rescan: NotRequired[bool | None]
    scanGenerateCovers: NotRequired[bool | None]
    scanGeneratePreviews: NotRequired[bool | None]
    scanGenerateImagePreviews: NotRequired[bool | None]
    scanGenerateSprites: NotRequired[bool | None]
    scanGeneratePhashes: NotRequired[bool | None]
    scanGenerateImagePhashes: NotRequired[bool | None]
    scanGenerateThumbnails: NotRequired[bool | None]
    scanGenerateClipPreviews: NotRequired[bool | None]
    filter: NotRequired[ScanMetaDataFilterInput | None]

class SceneCreateInput(TypedDict):
    """The input `SceneCreateInput`."""

    title: NotRequired[str | None]
    code: NotRequired[str | None]
    details: NotRequired[str | None]
    director: NotRequired[str | None]
    url: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    date: NotRequired[str | None]
    rating100: NotRequired[int | None]
    organized: NotRequired[bool | None]
    studio_id: NotRequired[Identifier | None]
    gallery_ids: NotRequired[Sequence[Identifier] | None]
    performer_ids: NotRequired[Sequence[Identifier] | None]
    groups: NotRequired[Sequence[SceneGroupInput] | None]
    movies: NotRequired[Sequence[SceneMovieInput] | None]
    tag_ids: NotRequired[Sequence[Identifier] | None]
    cover_image: NotRequired[str | None]
    stash_ids: NotRequired[Sequence[StashIDInput] | None]
    file_ids: NotRequired[Sequence[Identifier] | None]
    custom_fields: NotRequired[Mapping[str, Any] | None]

class SceneDestroyInput(TypedDict):
    """The input `SceneDestroyInput`."""

    id: Identifier
    delete_file: NotRequired[bool | None]
    delete_generated: NotRequired[bool | None]
    destroy_file_entry: NotRequired[bool | None]

class SceneFilterType(TypedDict):
    """The input `SceneFilterType`."""

    AND: NotRequired[SceneFilterType | None]
    OR: NotRequired[SceneFilterType | None]
    NOT: NotRequired[SceneFilterType | None]
    id: NotRequired[IntCriterionInput | None]
    title: NotRequired[StringCriterionInput | None]
    code: NotRequired[StringCriterionInput | None]
    details: NotRequired[StringCriterionInput | None]
    director: NotRequired[StringCriterionInput | None]
    oshash: NotRequired[StringCriterionInput | None]
    checksum: NotRequired[StringCriterionInput | None]
    phash: NotRequired[StringCriterionInput | None]
    phash_distance: NotRequired[PhashDistanceCriterionInput | None]
    path: NotRequired[StringCriterionInput | None]
    file_count: NotRequired[IntCriterionInput | None]
    rating100: NotRequired[IntCriterionInput | None]
    organized: NotRequired[bool | Mapping[str, Any] | None]
    o_counter: NotRequired[IntCriterionInput | None]
    duplicated: NotRequired[DuplicationCriterionInput | None]
    resolution: NotRequired[ResolutionCriterionInput | None]
    orientation: NotRequired[OrientationCriterionInput | None]
    framerate: NotRequired[IntCriterionInput | None]
    bitrate: NotRequired[IntCriterionInput | None]
    video_codec: NotRequired[StringCriterionInput | None]
    audio_codec: NotRequired[StringCriterionInput | None]
    duration: NotRequired[IntCriterionInput | None]
    has_markers: NotRequired[str | None]
    is_missing: NotRequired[str | None]
    studios: NotRequired[HierarchicalMultiCriterionInput | None]
    movies: NotRequired[MultiCriterionInput | None]
    groups: NotRequired[HierarchicalMultiCriterionInput | None]
    galleries: NotRequired[MultiCriterionInput | None]
    tags: NotRequired[HierarchicalMultiCriterionInput | None]
    tag_count: NotRequired[IntCriterionInput | None]
    performer_tags: NotRequired[HierarchicalMultiCriterionInput | None]
    performer_favorite: NotRequired[bool | Mapping[str, Any] | None]
    performer_age: NotRequired[IntCriterionInput | None]
    performers: NotRequired[MultiCriterionInput | None]
    performer_count: NotRequired[IntCriterionInput | None]
    stash_id_endpoint: NotRequired[StashIDCriterionInput | None]
    stash_ids_endpoint: NotRequired[StashIDsCriterionInput | None]
    stash_id_count: NotRequired[IntCriterionInput | None]
    url: NotRequired[StringCriterionInput | None]
    interactive: NotRequired[bool | Mapping[str, Any] | None]
    interactive_speed: NotRequired[IntCriterionInput | None]
    captions: NotRequired[StringCriterionInput | None]
    resume_time: NotRequired[IntCriterionInput | None]
    play_count: NotRequired[IntCriterionInput | None]
    play_duration: NotRequired[IntCriterionInput | None]
    last_played_at: NotRequired[TimestampCriterionInput | None]
    date: NotRequired[DateCriterionInput | None]
    created_at: NotRequired[TimestampCriterionInput | None]
    updated_at: NotRequired[TimestampCriterionInput | None]
    galleries_filter: NotRequired[GalleryFilterType | None]
    performers_filter: NotRequired[PerformerFilterType | None]
    studios_filter: NotRequired[StudioFilterType | None]
    tags_filter: NotRequired[TagFilterType | None]
    movies_filter: NotRequired[MovieFilterType | None]
    groups_filter: NotRequired[GroupFilterType | None]
    markers_filter: NotRequired[SceneMarkerFilterType | None]
    files_filter: NotRequired[FileFilterType | None]
    custom_fields: NotRequired[Sequence[CustomFieldCriterionInput] | None]

class SceneGroupInput(TypedDict):
    """The input `SceneGroupInput`."""

    group_id: Identifier
    scene_index: NotRequired[int | None]

class SceneHashInput(TypedDict):
    """The input `SceneHashInput`."""

    checksum: NotRequired[str | None]
    oshash: NotRequired[str | None]

class SceneMarkerCreateInput(TypedDict):
    """The input `SceneMarkerCreateInput`."""

    title: str
    seconds: float
    end_seconds: NotRequired[float | None]
    scene_id: Identifier
    primary_tag_id: Identifier
    tag_ids: NotRequired[Sequence[Identifier] | None]

class SceneMarkerFilterType(TypedDict):
    """The input `SceneMarkerFilterType`."""

    tags: NotRequired[HierarchicalMultiCriterionInput | None]
    scene_tags: NotRequired[HierarchicalMultiCriterionInput | None]
    performers: NotRequired[MultiCriterionInput | None]
    scenes: NotRequired[MultiCriterionInput | None]
    duration: NotRequired[FloatCriterionInput | None]
    created_at: NotRequired[TimestampCriterionInput | None]
    updated_at: NotRequired[TimestampCriterionInput | None]
    scene_date: NotRequired[DateCriterionInput | None]
    scene_created_at: NotRequired[TimestampCriterionInput | None]
    scene_updated_at: NotRequired[TimestampCriterionInput | None]
    scene_filter: NotRequired[SceneFilterType | None]

class SceneMarkerUpdateInput(TypedDict):
    """The input `SceneMarkerUpdateInput`."""

    id: Identifier
    title: NotRequired[str | None]
    seconds: NotRequired[float | None]
    end_seconds: NotRequired[float | None]
    scene_id: NotRequired[Identifier | None]
    primary_tag_id: NotRequired[Identifier | None]
    tag_ids: NotRequired[Sequence[Identifier] | None]

class SceneMergeInput(TypedDict):
    """The input `SceneMergeInput`."""

    source: Sequence[Identifier]
    destination: Identifier
    values: NotRequired[SceneUpdateInput | Scene | None]
    play_history: NotRequired[bool | None]
    o_history: NotRequired[bool | None]

class SceneMovieInput(TypedDict):
    """The input `SceneMovieInput`."""

    movie_id: Identifier
    scene_index: NotRequired[int | None]

class SceneParserInput(TypedDict):
    """The input `SceneParserInput`."""

    ignoreWords: NotRequired[Sequence[str] | None]
    whitespaceCharacters: NotRequired[str | None]
    capitalizeTitle: NotRequired[bool | None]
    ignoreOrganized: NotRequired[bool | None]

class SceneUpdateInput(TypedDict):
    """The input `SceneUpdateInput`."""

    clientMutationId: NotRequired[str | None]
    id: Identifier
    title: NotRequired[str | None]
    code: NotRequired[str | None]
    details: NotRequired[str | None]
    director: NotRequired[str | None]
    url: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    date: NotRequired[str | None]
    rating100: NotRequired[int | None]
    o_counter: NotRequired[int | None]
    organized: NotRequired[bool | None]
    studio_id: NotRequired[Identifier | None]
    gallery_ids: NotRequired[Sequence[Identifier] | None]
    performer_ids: NotRequired[Sequence[Identifier] | None]
    groups: NotRequired[Sequence[SceneGroupInput] | None]
    movies: NotRequired[Sequence[SceneMovieInput] | None]
    tag_ids: NotRequired[Sequence[Identifier] | None]
    cover_image: NotRequired[str | None]
    stash_ids: NotRequired[Sequence[StashIDInput] | None]
    resume_time: NotRequired[float | None]
    play_duration: NotRequired[float | None]
    play_count: NotRequired[int | None]
    primary_file_id: NotRequired[Identifier | None]
    custom_fields: NotRequired[CustomFieldsInput | None]

class ScenesDestroyInput(TypedDict):
    """The input `ScenesDestroyInput`."""

    ids: Sequence[Identifier]
    delete_file: NotRequired[bool | None]
    delete_generated: NotRequired[bool | None]
    destroy_file_entry: NotRequired[bool | None]

class ScrapeMultiPerformersInput(TypedDict):
    """The input `ScrapeMultiPerformersInput`."""

    performer_ids: NotRequired[Sequence[Identifier] | None]

class ScrapeMultiScenesInput(TypedDict):
    """The input `ScrapeMultiScenesInput`."""

    scene_ids: NotRequired[Sequence[Identifier] | None]

class ScrapeSingleGalleryInput(TypedDict):
    """The input `ScrapeSingleGalleryInput`."""

    query: NotRequired[str | None]
    gallery_id: NotRequired[Identifier | None]
    gallery_input: NotRequired[ScrapedGalleryInput | None]

class ScrapeSingleGroupInput(TypedDict):
    """The input `ScrapeSingleGroupInput`."""

    query: NotRequired[str | None]
    group_id: NotRequired[Identifier | None]
    group_input: NotRequired[ScrapedGroupInput | None]

class ScrapeSingleImageInput(TypedDict):
    """The input `ScrapeSingleImageInput`."""

    query: NotRequired[str | None]
    image_id: NotRequired[Identifier | None]
    image_input: NotRequired[ScrapedImageInput | None]

class ScrapeSingleMovieInput(TypedDict):
    """The input `ScrapeSingleMovieInput`."""

    query: NotRequired[str | None]
    movie_id: NotRequired[Identifier | None]
    movie_input: NotRequired[ScrapedMovieInput | None]

class ScrapeSinglePerformerInput(TypedDict):
    """The input `ScrapeSinglePerformerInput`."""

    query: NotRequired[str | None]
    performer_id: NotRequired[Identifier | None]
    performer_input: NotRequired[ScrapedPerformerInput | None]

class ScrapeSingleSceneInput(TypedDict):
    """The input `ScrapeSingleSceneInput`."""

    query: NotRequired[str | None]
    scene_id: NotRequired[Identifier | None]
    scene_input: NotRequired[ScrapedSceneInput | None]

class ScrapeSingleStudioInput(TypedDict):
    """The input `ScrapeSingleStudioInput`."""

    query: NotRequired[str | None]

class ScrapeSingleTagInput(TypedDict):
    """The input `ScrapeSingleTagInput`."""

    query: NotRequired[str | None]

class ScrapedGalleryInput(TypedDict):
    """The input `ScrapedGalleryInput`."""

    title: NotRequired[str | None]
    code: NotRequired[str | None]
    details: NotRequired[str | None]
    photographer: NotRequired[str | None]
    url: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    date: NotRequired[str | None]

class ScrapedGroupInput(TypedDict):
    """The input `ScrapedGroupInput`."""

    name: NotRequired[str | None]
    aliases: NotRequired[str | None]
    duration: NotRequired[str | None]
    date: NotRequired[str | None]
    rating: NotRequired[str | None]
    director: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    synopsis: NotRequired[str | None]

class ScrapedImageInput(TypedDict):
    """The input `ScrapedImageInput`."""

    title: NotRequired[str | None]
    code: NotRequired[str | None]
    details: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    date: NotRequired[str | None]

class ScrapedMovieInput(TypedDict):
    """The input `ScrapedMovieInput`."""

    name: NotRequired[str | None]
    aliases: NotRequired[str | None]
    duration: NotRequired[str | None]
    date: NotRequired[str | None]
    rating: NotRequired[str | None]
    director: NotRequired[str | None]
    url: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    synopsis: NotRequired[str | None]

class ScrapedPerformerInput(TypedDict):
    """The input `ScrapedPerformerInput`."""

    stored_id: NotRequired[Identifier | None]
    name: NotRequired[str | None]
    disambiguation: NotRequired[str | None]
    gender: NotRequired[str | None]
    url: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    twitter: NotRequired[str | None]
    instagram: NotRequired[str | None]
    birthdate: NotRequired[str | None]
    ethnicity: NotRequired[str | None]
    country: NotRequired[str | None]
    eye_color: NotRequired[str | None]
    height: NotRequired[str | None]
    measurements: NotRequired[str | None]
    fake_tits: NotRequired[str | None]
    penis_length: NotRequired[str | None]
    circumcised: NotRequired[str | None]
    career_length: NotRequired[str | None]
    career_start: NotRequired[str | None]
    career_end: NotRequired[str | None]
    tattoos: NotRequired[str | None]
    piercings: NotRequired[str | None]
    aliases: NotRequired[str | None]
    details: NotRequired[str | None]
    death_date: NotRequired[str | None]
    hair_color: NotRequired[str | None]
    weight: NotRequired[str | None]
    remote_site_id: NotRequired[str | None]

class ScrapedSceneInput(TypedDict):
    """The input `ScrapedSceneInput`."""

    title: NotRequired[str | None]
    code: NotRequired[str | None]
    details: NotRequired[str | None]
    director: NotRequired[str | None]
    url: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    date: NotRequired[str | None]
    remote_site_id: NotRequired[str | None]

class ScraperSourceInput(TypedDict):
    """The input `ScraperSourceInput`."""

    stash_box_index: NotRequired[int | None]
    stash_box_endpoint: NotRequired[str | None]
    scraper_id: NotRequired[Identifier | None]

class SetDefaultFilterInput(TypedDict):
    """The input `SetDefaultFilterInput`."""

    mode: FilterMode | str
    find_filter: NotRequired[FindFilterType | None]
    object_filter: NotRequired[Mapping[str, Any] | None]
    ui_options: NotRequired[Mapping[str, Any] | None]

class SetFingerprintsInput(TypedDict):
    """The input `SetFingerprintsInput`."""

    type: str
    value: NotRequired[str | None]

class SetupInput(TypedDict):
    """The input `SetupInput`."""

    configLocation: str
    stashes: Sequence[StashConfigInput]
    sfwContentMode: NotRequired[bool | None]
    databaseFile: str
    generatedLocation: str
    cacheLocation: str
    storeBlobsInDatabase: bool
    blobsLocation: str

class StashBoxBatchTagInput(TypedDict):
    """The input `StashBoxBatchTagInput`."""

    endpoint: NotRequired[int | None]
    stash_box_endpoint: NotRequired[str | None]
    exclude_fields: NotRequired[Sequence[str] | None]
    refresh: bool
    createParent: bool
    ids: NotRequired[Sequence[Identifier] | None]
    names: NotRequired[Sequence[str] | None]
    stash_ids: NotRequired[Sequence[str] | None]
    performer_ids: NotRequired[Sequence[Identifier] | None]
    performer_names: NotRequired[Sequence[str] | None]

class StashBoxDraftSubmissionInput(TypedDict):
    """The input `StashBoxDraftSubmissionInput`."""

    id: str
    stash_box_index: NotRequired[int | None]
    stash_box_endpoint: NotRequired[str | None]

class StashBoxFingerprintSubmissionInput(TypedDict):
    """The input `StashBoxFingerprintSubmissionInput`."""

    scene_ids: Sequence[str]
    stash_box_index: NotRequired[int | None]
    stash_box_endpoint: NotRequired[str | None]

class StashBoxInput(TypedDict):
    """The input `StashBoxInput`."""

    endpoint: str
    api_key: str
    name: str
    max_requests_per_minute: NotRequired[int | None]

class StashBoxPerformerQueryInput(TypedDict):
    """The input `StashBoxPerformerQueryInput`."""

    stash_box_index: NotRequired[int | None]
    stash_box_endpoint: NotRequired[str | None]
    performer_ids: NotRequired[Sequence[Identifier] | None]
    q: NotRequired[str | None]

class StashBoxSceneQueryInput(TypedDict):
    """The input `StashBoxSceneQueryInput`."""

    stash_box_index: NotRequired[int | None]
    stash_box_endpoint: NotRequired[str | None]
    scene_ids: NotRequired[Sequence[Identifier] | None]
    q: NotRequired[str | None]

class StashConfigInput(TypedDict):
    """The input `StashConfigInput`."""

    path: str
    excludeVideo: bool
    excludeImage: bool

class StashIDCriterionInput(TypedDict):
    """The input `StashIDCriterionInput`."""

    endpoint: NotRequired[str | None]
    stash_id: NotRequired[str | None]
    modifier: CriterionModifier | str

class StashIDInput(TypedDict):
    """The input `StashIDInput`."""

    endpoint: str
    stash_id: str
    updated_at: NotRequired[str | datetime | None]

class StashIDsCriterionInput(TypedDict):
    """The input `StashIDsCriterionInput`."""

    endpoint: NotRequired[str | None]
    stash_ids: NotRequired[Sequence[str | None] | None]
    modifier: CriterionModifier | str

class StringCriterionInput(TypedDict):
    """The input `StringCriterionInput`."""

    value: str
    modifier: CriterionModifier | str

class StudioCreateInput(TypedDict):
    """The input `StudioCreateInput`."""

    name: str
    url: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    parent_id: NotRequired[Identifier | None]
    image: NotRequired[str | None]
    stash_ids: NotRequired[Sequence[StashIDInput] | None]
    rating100: NotRequired[int | None]
    favorite: NotRequired[bool | None]
    details: NotRequired[str | None]
    aliases: NotRequired[Sequence[str] | None]
    tag_ids: NotRequired[Sequence[Identifier] | None]
    ignore_auto_tag: NotRequired[bool | None]
    organized: NotRequired[bool | None]
    custom_fields: NotRequired[Mapping[str, Any] | None]

class StudioDestroyInput(TypedDict):
    """The input `StudioDestroyInput`."""

    id: Identifier

class StudioFilterType(TypedDict):
    """The input `StudioFilterType`."""

    AND: NotRequired[StudioFilterType | None]
    OR: NotRequired[StudioFilterType | None]
    NOT: NotRequired[StudioFilterType | None]
    name: NotRequired[StringCriterionInput | None]
    details: NotRequired[StringCriterionInput | None]
    parents: NotRequired[MultiCriterionInput | None]
    stash_id_endpoint: NotRequired[StashIDCriterionInput | None]
    stash_ids_endpoint: NotRequired[StashIDsCriterionInput | None]
    tags: NotRequired[HierarchicalMultiCriterionInput | None]
    is_missing: NotRequired[str | None]
    rating100: NotRequired[IntCriterionInput | None]
    favorite: NotRequired[bool | Mapping[str, Any] | None]
    scene_count: NotRequired[IntCriterionInput | None]
    image_count: NotRequired[IntCriterionInput | None]
    gallery_count: NotRequired[IntCriterionInput | None]
    group_count: NotRequired[IntCriterionInput | None]
    tag_count: NotRequired[IntCriterionInput | None]
    url: NotRequired[StringCriterionInput | None]
    aliases: NotRequired[StringCriterionInput | None]
    child_count: NotRequired[IntCriterionInput | None]
    ignore_auto_tag: NotRequired[bool | Mapping[str, Any] | None]
    organized: NotRequired[bool | Mapping[str, Any] | None]
    scenes_filter: NotRequired[SceneFilterType | None]
    images_filter: NotRequired[ImageFilterType | None]
    galleries_filter: NotRequired[GalleryFilterType | None]
    groups_filter: NotRequired[GroupFilterType | None]
    created_at: NotRequired[TimestampCriterionInput | None]
    updated_at: NotRequired[TimestampCriterionInput | None]
    custom_fields: NotRequired[Sequence[CustomFieldCriterionInput] | None]

class StudioUpdateInput(TypedDict):
    """The input `StudioUpdateInput`."""

    id: Identifier
    name: NotRequired[str | None]
    url: NotRequired[str | None]
    urls: NotRequired[Sequence[str] | None]
    parent_id: NotRequired[Identifier | None]
    image: NotRequired[str | None]
    stash_ids: NotRequired[Sequence[StashIDInput] | None]
    rating100: NotRequired[int | None]
    favorite: NotRequired[bool | None]
    details: NotRequired[str | None]
    aliases: NotRequired[Sequence[str] | None]
    tag_ids: NotRequired[Sequence[Identifier] | None]
    ignore_auto_tag: NotRequired[bool | None]
    organized: NotRequired[bool | None]
    custom_fields: NotRequired[CustomFieldsInput | None]

class TagCreateInput(TypedDict):
    """The input `TagCreateInput`."""

    name: str
    sort_name: NotRequired[str | None]
    description: NotRequired[str | None]
    aliases: NotRequired[Sequence[str] | None]
    ignore_auto_tag: NotRequired[bool | None]
    favorite: NotRequired[bool | None]
    image: NotRequired[str | None]
    stash_ids: NotRequired[Sequence[StashIDInput] | None]
    parent_ids: NotRequired[Sequence[Identifier] | None]
    child_ids: NotRequired[Sequence[Identifier] | None]
    custom_fields: NotRequired[Mapping[str, Any] | None]

class TagDestroyInput(TypedDict):
    """The input `TagDestroyInput`."""

    id: Identifier

class TagFilterType(TypedDict):
    """The input `TagFilterType`."""

    AND: NotRequired[TagFilterType | None]
    OR: NotRequired[TagFilterType | None]
    NOT: NotRequired[TagFilterType | None]
    name: NotRequired[StringCriterionInput | None]
    sort_name: NotRequired[StringCriterionInput | None]
    aliases: NotRequired[StringCriterionInput | None]
    favorite: NotRequired[bool | Mapping[str, Any] | None]
    description: NotRequired[StringCriterionInput | None]
    is_missing: NotRequired[str | None]
    scene_count: NotRequired[IntCriterionInput | None]
    image_count: NotRequired[IntCriterionInput | None]
    gallery_count: NotRequired[IntCriterionInput | None]
    performer_count: NotRequired[IntCriterionInput | None]
    studio_count: NotRequired[IntCriterionInput | None]
    movie_count: NotRequired[IntCriterionInput | None]
    group_count: NotRequired[IntCriterionInput | None]
    marker_count: NotRequired[IntCriterionInput | None]
    parents: NotRequired[HierarchicalMultiCriterionInput | None]
    children: NotRequired[HierarchicalMultiCriterionInput | None]
    parent_count: NotRequired[IntCriterionInput | None]
    child_count: NotRequired[IntCriterionInput | None]
    ignore_auto_tag: NotRequired[bool | Mapping[str, Any] | None]
    stash_id_endpoint: NotRequired[StashIDCriterionInput | None]
    stash_ids_endpoint: NotRequired[StashIDsCriterionInput | None]
    scenes_filter: NotRequired[SceneFilterType | None]
    images_filter: NotRequired[ImageFilterType | None]
    galleries_filter: NotRequired[GalleryFilterType | None]
    groups_filter: NotRequired[GroupFilterType | None]
    performers_filter: NotRequired[PerformerFilterType | None]
    studios_filter: NotRequired[StudioFilterType | None]
    markers_filter: NotRequired[SceneMarkerFilterType | None]
    created_at: NotRequired[TimestampCriterionInput | None]
    updated_at: NotRequired[TimestampCriterionInput | None]
    custom_fields: NotRequired[Sequence[CustomFieldCriterionInput] | None]

class TagUpdateInput(TypedDict):
    """The input `TagUpdateInput`."""

    id: Identifier
    name: NotRequired[str | None]
    sort_name: NotRequired[str | None]
    description: NotRequired[str | None]
    aliases: NotRequired[Sequence[str] | None]
    ignore_auto_tag: NotRequired[bool | None]
    favorite: NotRequired[bool | None]
    image: NotRequired[str | None]
    stash_ids: NotRequired[Sequence[StashIDInput] | None]
    parent_ids: NotRequired[Sequence[Identifier] | None]
    child_ids: NotRequired[Sequence[Identifier] | None]
    custom_fields: NotRequired[CustomFieldsInput | None]

class TagsMergeInput(TypedDict):
    """The input `TagsMergeInput`."""

    source: Sequence[Identifier]
    destination: Identifier
    values: NotRequired[TagUpdateInput | Tag | None]

class TimestampCriterionInput(TypedDict):
    """The input `TimestampCriterionInput`."""

    value: str
    value2: NotRequired[str | None]
    modifier: CriterionModifier | str

class VideoFileFilterInput(TypedDict):
    """The input `VideoFileFilterInput`."""

    resolution: NotRequired[ResolutionCriterionInput | None]
    orientation: NotRequired[OrientationCriterionInput | None]
    framerate: NotRequired[IntCriterionInput | None]
    bitrate: NotRequired[IntCriterionInput | None]
    format: NotRequired[StringCriterionInput | None]
    video_codec: NotRequired[StringCriterionInput | None]
    audio_codec: NotRequired[StringCriterionInput | None]
    duration: NotRequired[IntCriterionInput | None]
    captions: NotRequired[StringCriterionInput | None]
    interactive: NotRequired[bool | None]
    interactive_speed: NotRequired[IntCriterionInput | None]

class AutoTagMetadataOptions(TypedDict):
    """A result of the type `AutoTagMetadataOptions`."""

    performers: list[str] | None
    studios: list[str] | None
    tags: list[str] | None

class ConfigDLNAResult(TypedDict):
    """A result of the type `ConfigDLNAResult`."""

    serverName: str
    enabled: bool
    port: int
    whitelistedIPs: list[str]
    interfaces: list[str]
    videoSortOrder: str

class ConfigDefaultSettingsResult(TypedDict):
    """A result of the type `ConfigDefaultSettingsResult`."""

    scan: ScanMetadataOptions | None
    identify: IdentifyMetadataTaskOptions | None
    autoTag: AutoTagMetadataOptions | None
    generate: GenerateMetadataOptions | None
    deleteFile: bool | None
    deleteGenerated: bool | None

class ConfigDisableDropdownCreate(TypedDict):
    """A result of the type `ConfigDisableDropdownCreate`."""

    performer: bool
    tag: bool
    studio: bool
    movie: bool
    gallery: NotRequired[bool]

class ConfigGeneralResult(TypedDict):
    """A result of the type `ConfigGeneralResult`."""

    stashes: list[StashConfig]
    databasePath: str
    backupDirectoryPath: str
    deleteTrashPath: NotRequired[str]
    generatedPath: str
    metadataPath: str
    configFilePath: str
    scrapersPath: str
    pluginsPath: str
    cachePath: str
    blobsPath: str
    blobsStorage: BlobsStorageType
    ffmpegPath: str
    ffprobePath: str
    calculateMD5: bool
    videoFileNamingAlgorithm: HashAlgorithm
    parallelTasks: int
    previewAudio: bool
    previewSegments: int
    previewSegmentDuration: float
    previewExcludeStart: str
    previewExcludeEnd: str
    previewPreset: PreviewPreset
    transcodeHardwareAcceleration: bool
    maxTranscodeSize: StreamingResolutionEnum | None
    maxStreamingTranscodeSize: StreamingResolutionEnum | None
    transcodeInputArgs: list[str]
    transcodeOutputArgs: list[str]
    liveTranscodeInputArgs: list[str]
    liveTranscodeOutputArgs: list[str]
    drawFunscriptHeatmapRange: bool
    writeImageThumbnails: bool
    createImageClipsFromVideos: bool
    apiKey: str
    username: str
    password: str
    maxSessionAge: int
    logFile: str | None
    logOut: bool
    logLevel: str
    logAccess: bool
    logFileMaxSize: NotRequired[int]
    useCustomSpriteInterval: NotRequired[bool]
    spriteInterval: NotRequired[float]
    minimumSprites: NotRequired[int]
    maximumSprites: NotRequired[int]
    spriteScreenshotSize: NotRequired[int]
    videoExtensions: list[str]
    imageExtensions: list[str]
    galleryExtensions: list[str]
    createGalleriesFromFolders: bool
    galleryCoverRegex: str
    excludes: list[str]
    imageExcludes: list[str]
    customPerformerImageLocation: str | None
    stashBoxes: list[StashBox]
    pythonPath: str
    scraperPackageSources: list[PackageSource]
    pluginPackageSources: list[PackageSource]

class ConfigImageLightboxResult(TypedDict):
    """A result of the type `ConfigImageLightboxResult`."""

    slideshowDelay: int | None
    displayMode: ImageLightboxDisplayMode | None
    scaleUp: bool | None
    resetZoomOnNav: bool | None
    scrollMode: ImageLightboxScrollMode | None
    scrollAttemptsBeforeChange: int
    disableAnimation: NotRequired[bool | None]

class ConfigInterfaceResult(TypedDict):
    """A result of the type `ConfigInterfaceResult`."""

    sfwContentMode: NotRequired[bool]
    menuItems: list[str] | None
    soundOnPreview: bool | None
    wallShowTitle: bool | None
    wallPlayback: str | None
    showScrubber: bool | None
    maximumLoopDuration: int | None
    noBrowser: bool | None
    notificationsEnabled: bool | None
    autostartVideo: bool | None
    autostartVideoOnPlaySelected: bool | None
    continuePlaylistDefault: bool | None
    showStudioAsText: bool | None
    css: str | None
    cssEnabled: bool | None
    javascript: str | None
    javascriptEnabled: bool | None
    customLocales: str | None
    customLocalesEnabled: bool | None
    disableCustomizations: NotRequired[bool | None]
    language: str | None
    imageLightbox: ConfigImageLightboxResult
    disableDropdownCreate: ConfigDisableDropdownCreate
    handyKey: str | None
    funscriptOffset: int | None
    useStashHostedFunscript: bool | None

class ConfigResult(TypedDict):
    """A result of the type `ConfigResult`."""

    general: ConfigGeneralResult
    interface: ConfigInterfaceResult
    dlna: ConfigDLNAResult
    scraping: ConfigScrapingResult
    defaults: ConfigDefaultSettingsResult
    ui: dict[str, Any]
    plugins: dict[str, dict[str, Any]]

class ConfigScrapingResult(TypedDict):
    """A result of the type `ConfigScrapingResult`."""

    scraperUserAgent: str | None
    scraperCDPPath: str | None
    scraperCertCheck: bool
    excludeTagPatterns: list[str]

class DLNAIP(TypedDict):
    """A result of the type `DLNAIP`."""

    ipAddress: str
    until: str | None

class DLNAStatus(TypedDict):
    """A result of the type `DLNAStatus`."""

    running: bool
    until: str | None
    recentIPAddresses: list[str]
    allowedIPAddresses: list[DLNAIP]

class Directory(TypedDict):
    """A result of the type `Directory`."""

    path: str
    parent: str | None
    directories: list[str]

class FindFilesResultType(TypedDict):
    """A result of the type `FindFilesResultType`."""

    count: int
    megapixels: float
    duration: float
    size: int
    files: list[BaseFile]

class FindFoldersResultType(TypedDict):
    """A result of the type `FindFoldersResultType`."""

    count: int
    folders: list[Folder]

class FindGalleriesResultType(TypedDict):
    """A result of the type `FindGalleriesResultType`."""

    count: int
    galleries: list[Gallery]

class FindGalleryChaptersResultType(TypedDict):
    """A result of the type `FindGalleryChaptersResultType`."""

    count: NotRequired[int]
    chapters: NotRequired[list[GalleryChapter]]

class FindGroupsResultType(TypedDict):
    """A result of the type `FindGroupsResultType`."""

    count: int
    groups: list[Group]

class FindImagesResultType(TypedDict):
    """A result of the type `FindImagesResultType`."""

    count: int
    megapixels: float
    filesize: float
    images: list[Image]

class FindMoviesResultType(TypedDict):
    """A result of the type `FindMoviesResultType`."""

    count: int
    movies: list[Movie]

class FindPerformersResultType(TypedDict):
    """A result of the type `FindPerformersResultType`."""

    count: int
    performers: list[Performer]

class FindSceneMarkersResultType(TypedDict):
    """A result of the type `FindSceneMarkersResultType`."""

    count: int
    scene_markers: list[SceneMarker]

class FindScenesResultType(TypedDict):
    """A result of the type `FindScenesResultType`."""

    count: int
    duration: float
    filesize: float
    scenes: list[Scene]

class FindStudiosResultType(TypedDict):
    """A result of the type `FindStudiosResultType`."""

    count: int
    studios: list[Studio]

class FindTagsResultType(TypedDict):
    """A result of the type `FindTagsResultType`."""

    count: int
    tags: list[Tag]

class GenerateMetadataOptions(TypedDict):
    """A result of the type `GenerateMetadataOptions`."""

    covers: bool | None
    sprites: bool | None
    previews: bool | None
    imagePreviews: bool | None
    previewOptions: GeneratePreviewOptions | None
    markers: bool | None
    markerImagePreviews: bool | None
    markerScreenshots: bool | None
    transcodes: bool | None
    phashes: bool | None
    interactiveHeatmapsSpeeds: bool | None
    imageThumbnails: bool | None
    clipPreviews: bool | None

class GeneratePreviewOptions(TypedDict):
    """A result of the type `GeneratePreviewOptions`."""

    previewSegments: int | None
    previewSegmentDuration: float | None
    previewExcludeStart: str | None
    previewExcludeEnd: str | None
    previewPreset: PreviewPreset | None

class HistoryMutationResult(TypedDict):
    """A result of the type `HistoryMutationResult`."""

    count: int
    history: list[str]

class IdentifyFieldOptions(TypedDict):
    """A result of the type `IdentifyFieldOptions`."""

    field: str
    strategy: IdentifyFieldStrategy
    createMissing: bool | None

class IdentifyMetadataOptions(TypedDict):
    """A result of the type `IdentifyMetadataOptions`."""

    fieldOptions: list[IdentifyFieldOptions] | None
    setCoverImage: bool | None
    setOrganized: bool | None
    includeMalePerformers: NotRequired[bool | None]
    performerGenders: NotRequired[list[GenderEnum] | None]
    skipMultipleMatches: bool | None
    skipMultipleMatchTag: str | None
    skipSingleNamePerformers: bool | None
    skipSingleNamePerformerTag: str | None

class IdentifyMetadataTaskOptions(TypedDict):
    """A result of the type `IdentifyMetadataTaskOptions`."""

    sources: list[IdentifySource]
    options: IdentifyMetadataOptions | None

class IdentifySource(TypedDict):
    """A result of the type `IdentifySource`."""

    source: ScraperSource
    options: IdentifyMetadataOptions | None

class ImageFileType(TypedDict):
    """A result of the type `ImageFileType`."""

    mod_time: NotRequired[str]
    size: NotRequired[int]
    width: NotRequired[int]
    height: NotRequired[int]

class LatestVersion(TypedDict):
    """A result of the type `LatestVersion`."""

    version: str
    shorthash: str
    release_date: str
    url: str

class LogEntry(TypedDict):
    """A result of the type `LogEntry`."""

    time: str
    level: LogLevel
    message: str

class MarkerStringsResultType(TypedDict):
    """A result of the type `MarkerStringsResultType`."""

    count: int
    id: str
    title: str

class Movie(TypedDict):
    """A result of the type `Movie`."""

    id: str
    name: str
    aliases: str | None
    duration: int | None
    date: str | None
    rating100: int | None
    studio: Studio | None
    director: str | None
    synopsis: str | None
    url: NotRequired[str | None]
    urls: list[str]
    tags: list[Tag]
    created_at: str
    updated_at: str
    front_image_path: str | None
    back_image_path: str | None
    scene_count: int
    scenes: list[Scene]

class Package(TypedDict):
    """A result of the type `Package`."""

    package_id: str
    name: str
    version: str | None
    date: str | None
    requires: NotRequired[list[Package]]
    sourceURL: str
    source_package: NotRequired[Package | None]
    metadata: dict[str, Any]

class PackageSource(TypedDict):
    """A result of the type `PackageSource`."""

    name: str | None
    url: str
    local_path: str | None

class Plugin(TypedDict):
    """A result of the type `Plugin`."""

    id: str
    name: str
    description: str | None
    url: str | None
    version: str | None
    enabled: bool
    tasks: NotRequired[list[PluginTask] | None]
    hooks: list[PluginHook] | None
    settings: list[PluginSetting] | None
    requires: list[str] | None
    paths: PluginPaths

class PluginHook(TypedDict):
    """A result of the type `PluginHook`."""

    name: str
    description: str | None
    hooks: list[str] | None
    plugin: NotRequired[Plugin]

class PluginPaths(TypedDict):
    """A result of the type `PluginPaths`."""

    javascript: list[str] | None
    css: list[str] | None

class PluginResult(TypedDict):
    """A result of the type `PluginResult`."""

    error: NotRequired[str | None]
    result: NotRequired[str | None]

class PluginSetting(TypedDict):
    """A result of the type `PluginSetting`."""

    name: str
    display_name: str | None
    description: str | None
    type: PluginSettingTypeEnum

class PluginTask(TypedDict):
    """A result of the type `PluginTask`."""

    name: str
    description: str | None
    plugin: NotRequired[Plugin]

class SQLExecResult(TypedDict):
    """A result of the type `SQLExecResult`."""

    rows_affected: int | None
    last_insert_id: int | None

class SQLQueryResult(TypedDict):
    """A result of the type `SQLQueryResult`."""

    columns: list[str]
    rows: list[list[Any | None]]

class SavedFindFilterType(TypedDict):
    """A result of the type `SavedFindFilterType`."""

    q: NotRequired[str | None]
    page: NotRequired[int | None]
    per_page: NotRequired[int | None]
    sort: NotRequired[str | None]
    direction: NotRequired[SortDirectionEnum | None]

class ScanMetadataOptions(TypedDict):
    """A result of the type `ScanMetadataOptions`."""

    rescan: bool
    scanGenerateCovers: bool
    scanGeneratePreviews: bool
    scanGenerateImagePreviews: bool
    scanGenerateSprites: bool
    scanGeneratePhashes: bool
    scanGenerateImagePhashes: NotRequired[bool | None]
    scanGenerateThumbnails: bool
    scanGenerateClipPreviews: bool

class SceneFileType(TypedDict):
    """A result of the type `SceneFileType`."""

    size: str | None
    duration: float | None
    video_codec: str | None
    audio_codec: str | None
    width: int | None
    height: int | None
    framerate: float | None
    bitrate: int | None

class SceneMarkerTag(TypedDict):
    """A result of the type `SceneMarkerTag`."""

    tag: Tag
    scene_markers: list[SceneMarker]

class SceneMovie(TypedDict):
    """A result of the type `SceneMovie`."""

    movie: NotRequired[Movie]
    scene_index: NotRequired[int | None]

class SceneMovieID(TypedDict):
    """A result of the type `SceneMovieID`."""

    movie_id: str
    scene_index: str | None

class SceneParserResult(TypedDict):
    """A result of the type `SceneParserResult`."""

    scene: Scene
    title: str | None
    code: str | None
    details: str | None
    director: str | None
    url: str | None
    date: str | None
    rating: NotRequired[int | None]
    rating100: int | None
    studio_id: str | None
    gallery_ids: list[str] | None
    performer_ids: list[str] | None
    movies: list[SceneMovieID] | None
    tag_ids: list[str] | None

class SceneParserResultType(TypedDict):
    """A result of the type `SceneParserResultType`."""

    count: int
    results: list[SceneParserResult]

class ScrapedGallery(TypedDict):
    """A result of the type `ScrapedGallery`."""

    title: str | None
    code: str | None
    details: str | None
    photographer: str | None
    url: NotRequired[str | None]
    urls: list[str] | None
    date: str | None
    studio: ScrapedStudio | None
    tags: list[ScrapedTag] | None
    performers: list[ScrapedPerformer] | None

class ScrapedGroup(TypedDict):
    """A result of the type `ScrapedGroup`."""

    stored_id: str | None
    name: str | None
    aliases: str | None
    duration: str | None
    date: str | None
    rating: str | None
    director: str | None
    urls: list[str] | None
    synopsis: str | None
    studio: ScrapedStudio | None
    tags: list[ScrapedTag] | None
    front_image: str | None
    back_image: str | None

class ScrapedImage(TypedDict):
    """A result of the type `ScrapedImage`."""

    title: str | None
    code: str | None
    details: str | None
    photographer: str | None
    urls: list[str] | None
    date: str | None
    studio: ScrapedStudio | None
    tags: list[ScrapedTag] | None
    performers: list[ScrapedPerformer] | None

class ScrapedMovie(TypedDict):
    """A result of the type `ScrapedMovie`."""

    stored_id: str | None
    name: str | None
    aliases: str | None
    duration: str | None
    date: str | None
    rating: str | None
    director: str | None
    url: NotRequired[str | None]
    urls: list[str] | None
    synopsis: str | None
    studio: ScrapedStudio | None
    tags: list[ScrapedTag] | None
    front_image: str | None
    back_image: str | None

class ScrapedPerformer(TypedDict):
    """A result of the type `ScrapedPerformer`."""

    stored_id: str | None
    name: str | None
    disambiguation: str | None
    gender: str | None
    url: NotRequired[str | None]
    urls: list[str] | None
    twitter: NotRequired[str | None]
    instagram: NotRequired[str | None]
    birthdate: str | None
    ethnicity: str | None
    country: str | None
    eye_color: str | None
    height: str | None
    measurements: str | None
    fake_tits: str | None
    penis_length: str | None
    circumcised: str | None
    career_length: NotRequired[str | None]
    career_start: NotRequired[str | None]
    career_end: NotRequired[str | None]
    tattoos: str | None
    piercings: str | None
    aliases: str | None
    tags: list[ScrapedTag] | None
    image: NotRequired[str | None]
    images: list[str] | None
    details: str | None
    death_date: str | None
    hair_color: str | None
    weight: str | None
    remote_site_id: str | None

class ScrapedScene(TypedDict):
    """A result of the type `ScrapedScene`."""

    title: str | None
    code: str | None
    details: str | None
    director: str | None
    url: NotRequired[str | None]
    urls: list[str] | None
    date: str | None
    image: str | None
    file: SceneFileType | None
    studio: ScrapedStudio | None
    tags: list[ScrapedTag] | None
    performers: list[ScrapedPerformer] | None
    movies: NotRequired[list[ScrapedMovie] | None]
    groups: list[ScrapedGroup] | None
    remote_site_id: str | None
    duration: int | None
    fingerprints: list[StashBoxFingerprint] | None

class ScrapedStudio(TypedDict):
    """A result of the type `ScrapedStudio`."""

    stored_id: str | None
    name: str
    url: NotRequired[str | None]
    urls: NotRequired[list[str] | None]
    parent: NotRequired[ScrapedStudio | None]
    image: str | None
    details: NotRequired[str | None]
    aliases: NotRequired[str | None]
    tags: NotRequired[list[ScrapedTag] | None]
    remote_site_id: str | None

class ScrapedTag(TypedDict):
    """A result of the type `ScrapedTag`."""

    stored_id: str | None
    name: str
    description: NotRequired[str | None]
    alias_list: NotRequired[list[str] | None]
    parent: NotRequired[ScrapedTag | None]
    remote_site_id: NotRequired[str | None]

class Scraper(TypedDict):
    """A result of the type `Scraper`."""

    id: str
    name: str
    performer: ScraperSpec | None
    scene: ScraperSpec | None
    gallery: ScraperSpec | None
    image: NotRequired[ScraperSpec | None]
    movie: NotRequired[ScraperSpec | None]
    group: ScraperSpec | None

class ScraperSource(TypedDict):
    """A result of the type `ScraperSource`."""

    stash_box_index: NotRequired[int | None]
    stash_box_endpoint: str | None
    scraper_id: str | None

class ScraperSpec(TypedDict):
    """A result of the type `ScraperSpec`."""

    urls: list[str] | None
    supported_scrapes: list[ScrapeType]

class StashBox(TypedDict):
    """A result of the type `StashBox`."""

    endpoint: str
    api_key: str
    name: str
    max_requests_per_minute: NotRequired[int]

class StashBoxFingerprint(TypedDict):
    """A result of the type `StashBoxFingerprint`."""

    algorithm: str
    hash: str
    duration: int

class StashBoxPerformerQueryResult(TypedDict):
    """A result of the type `StashBoxPerformerQueryResult`."""

    query: NotRequired[str]
    results: NotRequired[list[ScrapedPerformer]]

class StashBoxValidationResult(TypedDict):
    """A result of the type `StashBoxValidationResult`."""

    valid: bool
    status: str

class StashConfig(TypedDict):
    """A result of the type `StashConfig`."""

    path: str
    excludeVideo: bool
    excludeImage: bool

class StashID(TypedDict):
    """A result of the type `StashID`."""

    endpoint: NotRequired[str]
    stash_id: NotRequired[str]
    updated_at: NotRequired[str]

class StatsResultType(TypedDict):
    """A result of the type `StatsResultType`."""

    scene_count: int
    scenes_size: float
    scenes_duration: float
    image_count: int
    images_size: float
    gallery_count: int
    performer_count: int
    studio_count: int
    group_count: int
    movie_count: NotRequired[int]
    tag_count: int
    total_o_count: int
    total_play_duration: float
    total_play_count: int
    scenes_played: int

class SystemStatus(TypedDict):
    """A result of the type `SystemStatus`."""

    databaseSchema: int | None
    databasePath: str | None
    configPath: str | None
    appSchema: int
    status: SystemStatusEnum
    os: str
    workingDir: str
    homeDir: str
    ffmpegPath: str | None
    ffprobePath: str | None

class Version(TypedDict):
    """A result of the type `Version`."""

    version: str | None
    hash: str
    build_time: str

BaseFile: TypeAlias = VideoFile | ImageFile | GalleryFile | BasicFile
"""A result of the type `BaseFile`."""

ScrapedContent: TypeAlias = (
    ScrapedStudio
    | ScrapedTag
    | ScrapedScene
    | ScrapedGallery
    | ScrapedMovie
    | ScrapedGroup
    | ScrapedPerformer
    | ScrapedImage
)
"""A result of the type `ScrapedContent`."""

VisualFile: TypeAlias = VideoFile | ImageFile
"""A result of the type `VisualFile`."""

__all__ = [
    "DLNAIP",
    "AddTempDLNAIPInput",
    "AnonymiseDatabaseInput",
    "AssignSceneFileInput",
    "AutoTagMetadataInput",
    "AutoTagMetadataOptions",
    "BackupDatabaseInput",
    "BaseFile",
    "BlobsStorageType",
    "BulkGalleryUpdateInput",
    "BulkGroupUpdateInput",
    "BulkImageUpdateInput",
    "BulkMovieUpdateInput",
    "BulkPerformerUpdateInput",
    "BulkSceneMarkerUpdateInput",
    "BulkSceneUpdateInput",
    "BulkStudioUpdateInput",
    "BulkTagUpdateInput",
    "BulkUpdateGroupDescriptionsInput",
    "BulkUpdateIdMode",
    "BulkUpdateIds",
    "BulkUpdateStrings",
    "CircumcisedEnum",
    "CircumcisionCriterionInput",
    "CircumisedEnum",
    "CleanGeneratedInput",
    "CleanMetadataInput",
    "ConfigDLNAInput",
    "ConfigDLNAResult",
    "ConfigDefaultSettingsInput",
    "ConfigDefaultSettingsResult",
    "ConfigDisableDropdownCreate",
    "ConfigDisableDropdownCreateInput",
    "ConfigGeneralInput",
    "ConfigGeneralResult",
    "ConfigImageLightboxInput",
    "ConfigImageLightboxResult",
    "ConfigInterfaceInput",
    "ConfigInterfaceResult",
    "ConfigResult",
    "ConfigScrapingInput",
    "ConfigScrapingResult",
    "CriterionModifier",
    "CustomFieldCriterionInput",
    "CustomFieldsInput",
    "DLNAStatus",
    "DateCriterionInput",
    "DestroyFilterInput",
    "Directory",
    "DisableDLNAInput",
    "DuplicationCriterionInput",
    "EnableDLNAInput",
    "ExportObjectTypeInput",
    "ExportObjectsInput",
    "FileDuplicationCriterionInput",
    "FileFilterType",
    "FileSetFingerprintsInput",
    "FilterMode",
    "FindFilesResultType",
    "FindFilterType",
    "FindFoldersResultType",
    "FindGalleriesResultType",
    "FindGalleryChaptersResultType",
    "FindGroupsResultType",
    "FindImagesResultType",
    "FindJobInput",
    "FindMoviesResultType",
    "FindPerformersResultType",
    "FindSceneMarkersResultType",
    "FindScenesResultType",
    "FindStudiosResultType",
    "FindTagsResultType",
    "FingerprintFilterInput",
    "FloatCriterionInput",
    "FolderFilterType",
    "GalleryAddInput",
    "GalleryChapterCreateInput",
    "GalleryChapterUpdateInput",
    "GalleryCreateInput",
    "GalleryDestroyInput",
    "GalleryFilterType",
    "GalleryRemoveInput",
    "GalleryResetCoverInput",
    "GallerySetCoverInput",
    "GalleryUpdateInput",
    "GenderCriterionInput",
    "GenderEnum",
    "GenerateAPIKeyInput",
    "GenerateMetadataInput",
    "GenerateMetadataOptions",
    "GeneratePreviewOptions",
    "GeneratePreviewOptionsInput",
    "GroupCreateInput",
    "GroupDescriptionInput",
    "GroupDestroyInput",
    "GroupFilterType",
    "GroupSubGroupAddInput",
    "GroupSubGroupRemoveInput",
    "GroupUpdateInput",
    "HashAlgorithm",
    "HierarchicalMultiCriterionInput",
    "HistoryMutationResult",
    "Identifier",
    "IdentifyFieldOptions",
    "IdentifyFieldOptionsInput",
    "IdentifyFieldStrategy",
    "IdentifyMetadataInput",
    "IdentifyMetadataOptions",
    "IdentifyMetadataOptionsInput",
    "IdentifyMetadataTaskOptions",
    "IdentifySource",
    "IdentifySourceInput",
    "ImageDestroyInput",
    "ImageFileFilterInput",
    "ImageFileType",
    "ImageFilterType",
    "ImageLightboxDisplayMode",
    "ImageLightboxScrollMode",
    "ImageUpdateInput",
    "ImagesDestroyInput",
    "ImportDuplicateEnum",
    "ImportMissingRefEnum",
    "ImportObjectsInput",
    "IntCriterionInput",
    "JobStatus",
    "JobStatusUpdateType",
    "LatestVersion",
    "LogEntry",
    "LogLevel",
    "MarkerStringsResultType",
    "MigrateBlobsInput",
    "MigrateInput",
    "MigrateSceneScreenshotsInput",
    "MoveFilesInput",
    "Movie",
    "MovieCreateInput",
    "MovieDestroyInput",
    "MovieFilterType",
    "MovieUpdateInput",
    "MultiCriterionInput",
    "OrientationCriterionInput",
    "OrientationEnum",
    "PHashDuplicationCriterionInput",
    "Package",
    "PackageSource",
    "PackageSourceInput",
    "PackageSpecInput",
    "PackageType",
    "PerformerCreateInput",
    "PerformerDestroyInput",
    "PerformerFilterType",
    "PerformerMergeInput",
    "PerformerUpdateInput",
    "PhashDistanceCriterionInput",
    "Plugin",
    "PluginArgInput",
    "PluginHook",
    "PluginPaths",
    "PluginResult",
    "PluginSetting",
    "PluginSettingTypeEnum",
    "PluginTask",
    "PluginValueInput",
    "PreviewPreset",
    "RemoveTempDLNAIPInput",
    "ReorderSubGroupsInput",
    "ResolutionCriterionInput",
    "ResolutionEnum",
    "SQLExecResult",
    "SQLQueryResult",
    "SaveFilterInput",
    "SavedFindFilterType",
    "ScanMetaDataFilterInput",
    "ScanMetadataInput",
    "ScanMetadataOptions",
    "SceneCreateInput",
    "SceneDestroyInput",
    "SceneFileType",
    "SceneFilterType",
    "SceneGroupInput",
    "SceneHashInput",
    "SceneMarkerCreateInput",
    "SceneMarkerFilterType",
    "SceneMarkerTag",
    "SceneMarkerUpdateInput",
    "SceneMergeInput",
    "SceneMovie",
    "SceneMovieID",
    "SceneMovieInput",
    "SceneParserInput",
    "SceneParserResult",
    "SceneParserResultType",
    "SceneUpdateInput",
    "ScenesDestroyInput",
    "ScrapeContentType",
    "ScrapeMultiPerformersInput",
    "ScrapeMultiScenesInput",
    "ScrapeSingleGalleryInput",
    "ScrapeSingleGroupInput",
    "ScrapeSingleImageInput",
    "ScrapeSingleMovieInput",
    "ScrapeSinglePerformerInput",
    "ScrapeSingleSceneInput",
    "ScrapeSingleStudioInput",
    "ScrapeSingleTagInput",
    "ScrapeType",
    "ScrapedContent",
    "ScrapedGallery",
    "ScrapedGalleryInput",
    "ScrapedGroup",
    "ScrapedGroupInput",
    "ScrapedImage",
    "ScrapedImageInput",
    "ScrapedMovie",
    "ScrapedMovieInput",
    "ScrapedPerformer",
    "ScrapedPerformerInput",
    "ScrapedScene",
    "ScrapedSceneInput",
    "ScrapedStudio",
    "ScrapedTag",
    "Scraper",
    "ScraperSource",
    "ScraperSourceInput",
    "ScraperSpec",
    "SetDefaultFilterInput",
    "SetFingerprintsInput",
    "SetupInput",
    "SortDirectionEnum",
    "StashBox",
    "StashBoxBatchTagInput",
    "StashBoxDraftSubmissionInput",
    "StashBoxFingerprint",
    "StashBoxFingerprintSubmissionInput",
    "StashBoxInput",
    "StashBoxPerformerQueryInput",
    "StashBoxPerformerQueryResult",
    "StashBoxSceneQueryInput",
    "StashBoxValidationResult",
    "StashConfig",
    "StashConfigInput",
    "StashID",
    "StashIDCriterionInput",
    "StashIDInput",
    "StashIDsCriterionInput",
    "StatsResultType",
    "StreamingResolutionEnum",
    "StringCriterionInput",
    "StudioCreateInput",
    "StudioDestroyInput",
    "StudioFilterType",
    "StudioUpdateInput",
    "SystemStatus",
    "SystemStatusEnum",
    "TagCreateInput",
    "TagDestroyInput",
    "TagFilterType",
    "TagUpdateInput",
    "TagsMergeInput",
    "TimestampCriterionInput",
    "Version",
    "VideoFileFilterInput",
    "VisualFile",
]
