# Made by docs/make_api.py

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from stashsync.client.base import ClientBase
from stashsync.entities import (
    Folder,
    Gallery,
    GalleryChapter,
    Group,
    Image,
    Job,
    Performer,
    SavedFilter,
    Scene,
    SceneMarker,
    SceneStreamEndpoint,
    Studio,
    Tag,
)
from stashsync.types.api import (
    AddTempDLNAIPInput,
    AnonymiseDatabaseInput,
    AssignSceneFileInput,
    AutoTagMetadataInput,
    BackupDatabaseInput,
    BaseFile,
    BulkGalleryUpdateInput,
    BulkGroupUpdateInput,
    BulkImageUpdateInput,
    BulkMovieUpdateInput,
    BulkPerformerUpdateInput,
    BulkSceneMarkerUpdateInput,
    BulkSceneUpdateInput,
    BulkStudioUpdateInput,
    BulkTagUpdateInput,
    CleanGeneratedInput,
    CleanMetadataInput,
    ConfigDefaultSettingsInput,
    ConfigDefaultSettingsResult,
    ConfigDLNAInput,
    ConfigDLNAResult,
    ConfigGeneralInput,
    ConfigGeneralResult,
    ConfigInterfaceInput,
    ConfigInterfaceResult,
    ConfigResult,
    ConfigScrapingInput,
    ConfigScrapingResult,
    DestroyFilterInput,
    Directory,
    DisableDLNAInput,
    DLNAStatus,
    EnableDLNAInput,
    ExportObjectsInput,
    FileFilterType,
    FileSetFingerprintsInput,
    FilterMode,
    FindFilesResultType,
    FindFilterType,
    FindFoldersResultType,
    FindGalleriesResultType,
    FindGroupsResultType,
    FindImagesResultType,
    FindJobInput,
    FindMoviesResultType,
    FindPerformersResultType,
    FindSceneMarkersResultType,
    FindScenesResultType,
    FindStudiosResultType,
    FindTagsResultType,
    FolderFilterType,
    GalleryAddInput,
    GalleryChapterCreateInput,
    GalleryChapterUpdateInput,
    GalleryCreateInput,
    GalleryDestroyInput,
    GalleryFilterType,
    GalleryRemoveInput,
    GalleryResetCoverInput,
    GallerySetCoverInput,
    GalleryUpdateInput,
    GenerateAPIKeyInput,
    GenerateMetadataInput,
    GroupCreateInput,
    GroupDestroyInput,
    GroupFilterType,
    GroupSubGroupAddInput,
    GroupSubGroupRemoveInput,
    GroupUpdateInput,
    HistoryMutationResult,
    Identifier,
    IdentifyMetadataInput,
    ImageDestroyInput,
    ImageFilterType,
    ImagesDestroyInput,
    ImageUpdateInput,
    ImportObjectsInput,
    LatestVersion,
    LogEntry,
    MarkerStringsResultType,
    MigrateBlobsInput,
    MigrateInput,
    MigrateSceneScreenshotsInput,
    MoveFilesInput,
    Movie,
    MovieCreateInput,
    MovieDestroyInput,
    MovieFilterType,
    MovieUpdateInput,
    Package,
    PackageSpecInput,
    PackageType,
    PerformerCreateInput,
    PerformerDestroyInput,
    PerformerFilterType,
    PerformerMergeInput,
    PerformerUpdateInput,
    Plugin,
    PluginArgInput,
    PluginTask,
    RemoveTempDLNAIPInput,
    ReorderSubGroupsInput,
    SaveFilterInput,
    ScanMetadataInput,
    SceneCreateInput,
    SceneDestroyInput,
    SceneFilterType,
    SceneHashInput,
    SceneMarkerCreateInput,
    SceneMarkerFilterType,
    SceneMarkerTag,
    SceneMarkerUpdateInput,
    SceneMergeInput,
    SceneParserInput,
    SceneParserResultType,
    ScenesDestroyInput,
    SceneUpdateInput,
    ScrapeContentType,
    ScrapedContent,
    ScrapedGallery,
    ScrapedGroup,
    ScrapedImage,
    ScrapedMovie,
    ScrapedPerformer,
    ScrapedScene,
    ScrapedStudio,
    ScrapedTag,
    ScrapeMultiPerformersInput,
    ScrapeMultiScenesInput,
    Scraper,
    ScraperSourceInput,
    ScrapeSingleGalleryInput,
    ScrapeSingleGroupInput,
    ScrapeSingleImageInput,
    ScrapeSingleMovieInput,
    ScrapeSinglePerformerInput,
    ScrapeSingleSceneInput,
    ScrapeSingleStudioInput,
    ScrapeSingleTagInput,
    SetDefaultFilterInput,
    SetupInput,
    SQLExecResult,
    SQLQueryResult,
    StashBoxBatchTagInput,
    StashBoxDraftSubmissionInput,
    StashBoxFingerprintSubmissionInput,
    StashBoxInput,
    StashBoxValidationResult,
    StatsResultType,
    StudioCreateInput,
    StudioDestroyInput,
    StudioFilterType,
    StudioUpdateInput,
    SystemStatus,
    TagCreateInput,
    TagDestroyInput,
    TagFilterType,
    TagsMergeInput,
    TagUpdateInput,
    Version,
)

class Operations:
    """The operations of a server, see the module."""

    def __init__(self, client: ClientBase) -> None: ...
    def __getitem__(self, name: str) -> Callable[..., Awaitable[Any]]:
        """Return an operation by the server's name, also one of a newer release."""

class Queries(Operations):
    """The server's queries."""

    async def all_galleries(self, *, return_fields: str | None = None) -> list[Gallery]:
        """Call `allGalleries`. Deprecated by the server."""

    async def all_images(self, *, return_fields: str | None = None) -> list[Image]:
        """Call `allImages`. Deprecated by the server."""

    async def all_movies(self, *, return_fields: str | None = None) -> list[Movie]:
        """Call `allMovies`. Deprecated by the server."""

    async def all_performers(self, *, return_fields: str | None = None) -> list[Performer]:
        """Call `allPerformers`."""

    async def all_scene_markers(self, *, return_fields: str | None = None) -> list[SceneMarker]:
        """Call `allSceneMarkers`. Deprecated by the server."""

    async def all_scenes(self, *, return_fields: str | None = None) -> list[Scene]:
        """Call `allScenes`. Deprecated by the server."""

    async def all_studios(self, *, return_fields: str | None = None) -> list[Studio]:
        """Call `allStudios`. Deprecated by the server."""

    async def all_tags(self, *, return_fields: str | None = None) -> list[Tag]:
        """Call `allTags`. Deprecated by the server."""

    async def available_packages(
        self, type: PackageType | str, source: str, *, return_fields: str | None = None
    ) -> list[Package]:
        """Call `availablePackages`."""

    async def configuration(self, *, return_fields: str | None = None) -> ConfigResult:
        """Call `configuration`."""

    async def directory(
        self, *, path: str | None = ..., locale: str | None = ..., return_fields: str | None = None
    ) -> Directory:
        """Call `directory`."""

    async def dlna_status(self, *, return_fields: str | None = None) -> DLNAStatus:
        """Call `dlnaStatus`."""

    async def find_default_filter(
        self, mode: FilterMode | str, *, return_fields: str | None = None
    ) -> SavedFilter | None:
        """Call `findDefaultFilter`. Deprecated by the server."""

    async def find_duplicate_scenes(
        self,
        *,
        distance: int | None = ...,
        duration_diff: float | None = ...,
        return_fields: str | None = None,
    ) -> list[list[Scene]]:
        """Call `findDuplicateScenes`."""

    async def find_file(
        self,
        *,
        id: Identifier | None = ...,
        path: str | None = ...,
        return_fields: str | None = None,
    ) -> BaseFile:
        """Call `findFile`. Since v0.29.3."""

    async def find_files(
        self,
        *,
        file_filter: FileFilterType | None = ...,
        filter: FindFilterType | None = ...,
        ids: Sequence[Identifier] | None = ...,
        return_fields: str | None = None,
    ) -> FindFilesResultType:
        """Call `findFiles`. Since v0.29.3."""

    async def find_folder(
        self,
        *,
        id: Identifier | None = ...,
        path: str | None = ...,
        return_fields: str | None = None,
    ) -> Folder:
        """Call `findFolder`. Since v0.29.3."""

    async def find_folders(
        self,
        *,
        folder_filter: FolderFilterType | None = ...,
        filter: FindFilterType | None = ...,
        ids: Sequence[Identifier] | None = ...,
        return_fields: str | None = None,
    ) -> FindFoldersResultType:
        """Call `findFolders`. Since v0.29.3."""

    async def find_galleries(
        self,
        *,
        gallery_filter: GalleryFilterType | None = ...,
        filter: FindFilterType | None = ...,
        ids: Sequence[Identifier] | None = ...,
        return_fields: str | None = None,
    ) -> FindGalleriesResultType:
        """Call `findGalleries`."""

    async def find_gallery(
        self, id: Identifier, *, return_fields: str | None = None
    ) -> Gallery | None:
        """Call `findGallery`."""

    async def find_group(self, id: Identifier, *, return_fields: str | None = None) -> Group | None:
        """Call `findGroup`."""

    async def find_groups(
        self,
        *,
        group_filter: GroupFilterType | None = ...,
        filter: FindFilterType | None = ...,
        ids: Sequence[Identifier] | None = ...,
        return_fields: str | None = None,
    ) -> FindGroupsResultType:
        """Call `findGroups`."""

    async def find_image(
        self,
        *,
        id: Identifier | None = ...,
        checksum: str | None = ...,
        return_fields: str | None = None,
    ) -> Image | None:
        """Call `findImage`."""

    async def find_images(
        self,
        *,
        image_filter: ImageFilterType | None = ...,
        image_ids: Sequence[int] | None = ...,
        ids: Sequence[Identifier] | None = ...,
        filter: FindFilterType | None = ...,
        return_fields: str | None = None,
    ) -> FindImagesResultType:
        """Call `findImages`."""

    async def find_job(
        self, input: FindJobInput, *, return_fields: str | None = None
    ) -> Job | None:
        """Call `findJob`."""

    async def find_movie(self, id: Identifier, *, return_fields: str | None = None) -> Movie | None:
        """Call `findMovie`. Deprecated by the server."""

    async def find_movies(
        self,
        *,
        movie_filter: MovieFilterType | None = ...,
        filter: FindFilterType | None = ...,
        ids: Sequence[Identifier] | None = ...,
        return_fields: str | None = None,
    ) -> FindMoviesResultType:
        """Call `findMovies`. Deprecated by the server."""

    async def find_performer(
        self, id: Identifier, *, return_fields: str | None = None
    ) -> Performer | None:
        """Call `findPerformer`."""

    async def find_performers(
        self,
        *,
        performer_filter: PerformerFilterType | None = ...,
        filter: FindFilterType | None = ...,
        performer_ids: Sequence[int] | None = ...,
        ids: Sequence[Identifier] | None = ...,
        return_fields: str | None = None,
    ) -> FindPerformersResultType:
        """Call `findPerformers`."""

    async def find_saved_filter(
        self, id: Identifier, *, return_fields: str | None = None
    ) -> SavedFilter | None:
        """Call `findSavedFilter`."""

    async def find_saved_filters(
        self, *, mode: FilterMode | str | None = ..., return_fields: str | None = None
    ) -> list[SavedFilter]:
        """Call `findSavedFilters`."""

    async def find_scene(
        self,
        *,
        id: Identifier | None = ...,
        checksum: str | None = ...,
        return_fields: str | None = None,
    ) -> Scene | None:
        """Call `findScene`."""

    async def find_scene_by_hash(
        self, input: SceneHashInput, *, return_fields: str | None = None
    ) -> Scene | None:
        """Call `findSceneByHash`."""

    async def find_scene_markers(
        self,
        *,
        scene_marker_filter: SceneMarkerFilterType | None = ...,
        filter: FindFilterType | None = ...,
        ids: Sequence[Identifier] | None = ...,
        return_fields: str | None = None,
    ) -> FindSceneMarkersResultType:
        """Call `findSceneMarkers`."""

    async def find_scenes(
        self,
        *,
        scene_filter: SceneFilterType | None = ...,
        scene_ids: Sequence[int] | None = ...,
        ids: Sequence[Identifier] | None = ...,
        filter: FindFilterType | None = ...,
        return_fields: str | None = None,
    ) -> FindScenesResultType:
        """Call `findScenes`."""

    async def find_scenes_by_path_regex(
        self, *, filter: FindFilterType | None = ..., return_fields: str | None = None
    ) -> FindScenesResultType:
        """Call `findScenesByPathRegex`."""

    async def find_studio(
        self, id: Identifier, *, return_fields: str | None = None
    ) -> Studio | None:
        """Call `findStudio`."""

    async def find_studios(
        self,
        *,
        studio_filter: StudioFilterType | None = ...,
        filter: FindFilterType | None = ...,
        ids: Sequence[Identifier] | None = ...,
        return_fields: str | None = None,
    ) -> FindStudiosResultType:
        """Call `findStudios`."""

    async def find_tag(self, id: Identifier, *, return_fields: str | None = None) -> Tag | None:
        """Call `findTag`."""

    async def find_tags(
        self,
        *,
        tag_filter: TagFilterType | None = ...,
        filter: FindFilterType | None = ...,
        ids: Sequence[Identifier] | None = ...,
        return_fields: str | None = None,
    ) -> FindTagsResultType:
        """Call `findTags`."""

    async def installed_packages(
        self, type: PackageType | str, *, return_fields: str | None = None
    ) -> list[Package]:
        """Call `installedPackages`."""

    async def job_queue(self, *, return_fields: str | None = None) -> list[Job] | None:
        """Call `jobQueue`."""

    async def latestversion(self, *, return_fields: str | None = None) -> LatestVersion:
        """Call `latestversion`."""

    async def list_scrapers(
        self, types: Sequence[ScrapeContentType | str], *, return_fields: str | None = None
    ) -> list[Scraper]:
        """Call `listScrapers`."""

    async def logs(self, *, return_fields: str | None = None) -> list[LogEntry]:
        """Call `logs`."""

    async def marker_strings(
        self, *, q: str | None = ..., sort: str | None = ..., return_fields: str | None = None
    ) -> list[MarkerStringsResultType | None]:
        """Call `markerStrings`."""

    async def marker_wall(
        self, *, q: str | None = ..., return_fields: str | None = None
    ) -> list[SceneMarker]:
        """Call `markerWall`."""

    async def parse_scene_filenames(
        self,
        config: SceneParserInput,
        *,
        filter: FindFilterType | None = ...,
        return_fields: str | None = None,
    ) -> SceneParserResultType:
        """Call `parseSceneFilenames`."""

    async def plugin_tasks(self, *, return_fields: str | None = None) -> list[PluginTask] | None:
        """Call `pluginTasks`."""

    async def plugins(self, *, return_fields: str | None = None) -> list[Plugin] | None:
        """Call `plugins`."""

    async def scene_marker_tags(
        self, scene_id: Identifier, *, return_fields: str | None = None
    ) -> list[SceneMarkerTag]:
        """Call `sceneMarkerTags`."""

    async def scene_streams(
        self, *, id: Identifier | None = ..., return_fields: str | None = None
    ) -> list[SceneStreamEndpoint]:
        """Call `sceneStreams`."""

    async def scene_wall(
        self, *, q: str | None = ..., return_fields: str | None = None
    ) -> list[Scene]:
        """Call `sceneWall`."""

    async def scrape_gallery_url(
        self, url: str, *, return_fields: str | None = None
    ) -> ScrapedGallery | None:
        """Call `scrapeGalleryURL`."""

    async def scrape_group_url(
        self, url: str, *, return_fields: str | None = None
    ) -> ScrapedGroup | None:
        """Call `scrapeGroupURL`."""

    async def scrape_image_url(
        self, url: str, *, return_fields: str | None = None
    ) -> ScrapedImage | None:
        """Call `scrapeImageURL`. Since v0.28.1."""

    async def scrape_movie_url(
        self, url: str, *, return_fields: str | None = None
    ) -> ScrapedMovie | None:
        """Call `scrapeMovieURL`. Deprecated by the server."""

    async def scrape_multi_performers(
        self,
        source: ScraperSourceInput,
        input: ScrapeMultiPerformersInput,
        *,
        return_fields: str | None = None,
    ) -> list[list[ScrapedPerformer]]:
        """Call `scrapeMultiPerformers`."""

    async def scrape_multi_scenes(
        self,
        source: ScraperSourceInput,
        input: ScrapeMultiScenesInput,
        *,
        return_fields: str | None = None,
    ) -> list[list[ScrapedScene]]:
        """Call `scrapeMultiScenes`."""

    async def scrape_performer_url(
        self, url: str, *, return_fields: str | None = None
    ) -> ScrapedPerformer | None:
        """Call `scrapePerformerURL`."""

    async def scrape_scene_url(
        self, url: str, *, return_fields: str | None = None
    ) -> ScrapedScene | None:
        """Call `scrapeSceneURL`."""

    async def scrape_single_gallery(
        self,
        source: ScraperSourceInput,
        input: ScrapeSingleGalleryInput,
        *,
        return_fields: str | None = None,
    ) -> list[ScrapedGallery]:
        """Call `scrapeSingleGallery`."""

    async def scrape_single_group(
        self,
        source: ScraperSourceInput,
        input: ScrapeSingleGroupInput,
        *,
        return_fields: str | None = None,
    ) -> list[ScrapedGroup]:
        """Call `scrapeSingleGroup`."""

    async def scrape_single_image(
        self,
        source: ScraperSourceInput,
        input: ScrapeSingleImageInput,
        *,
        return_fields: str | None = None,
    ) -> list[ScrapedImage]:
        """Call `scrapeSingleImage`. Since v0.28.1."""

    async def scrape_single_movie(
        self,
        source: ScraperSourceInput,
        input: ScrapeSingleMovieInput,
        *,
        return_fields: str | None = None,
    ) -> list[ScrapedMovie]:
        """Call `scrapeSingleMovie`. Deprecated by the server."""

    async def scrape_single_performer(
        self,
        source: ScraperSourceInput,
        input: ScrapeSinglePerformerInput,
        *,
        return_fields: str | None = None,
    ) -> list[ScrapedPerformer]:
        """Call `scrapeSinglePerformer`."""

    async def scrape_single_scene(
        self,
        source: ScraperSourceInput,
        input: ScrapeSingleSceneInput,
        *,
        return_fields: str | None = None,
    ) -> list[ScrapedScene]:
        """Call `scrapeSingleScene`."""

    async def scrape_single_studio(
        self,
        source: ScraperSourceInput,
        input: ScrapeSingleStudioInput,
        *,
        return_fields: str | None = None,
    ) -> list[ScrapedStudio]:
        """Call `scrapeSingleStudio`."""

    async def scrape_single_tag(
        self,
        source: ScraperSourceInput,
        input: ScrapeSingleTagInput,
        *,
        return_fields: str | None = None,
    ) -> list[ScrapedTag]:
        """Call `scrapeSingleTag`. Since v0.30.1."""

    async def scrape_url(
        self, url: str, ty: ScrapeContentType | str, *, return_fields: str | None = None
    ) -> ScrapedContent | None:
        """Call `scrapeURL`."""

    async def stats(self, *, return_fields: str | None = None) -> StatsResultType:
        """Call `stats`."""

    async def system_status(self, *, return_fields: str | None = None) -> SystemStatus:
        """Call `systemStatus`."""

    async def validate_stash_box_credentials(
        self, input: StashBoxInput, *, return_fields: str | None = None
    ) -> StashBoxValidationResult:
        """Call `validateStashBoxCredentials`."""

    async def version(self, *, return_fields: str | None = None) -> Version:
        """Call `version`."""

class Mutations(Operations):
    """The server's mutations."""

    async def add_gallery_images(
        self, input: GalleryAddInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `addGalleryImages`."""

    async def add_group_sub_groups(
        self, input: GroupSubGroupAddInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `addGroupSubGroups`."""

    async def add_temp_dlnaip(
        self, input: AddTempDLNAIPInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `addTempDLNAIP`."""

    async def anonymise_database(
        self, input: AnonymiseDatabaseInput, *, return_fields: str | None = None
    ) -> str | None:
        """Call `anonymiseDatabase`."""

    async def backup_database(
        self, input: BackupDatabaseInput, *, return_fields: str | None = None
    ) -> str | None:
        """Call `backupDatabase`."""

    async def bulk_gallery_update(
        self, input: BulkGalleryUpdateInput, *, return_fields: str | None = None
    ) -> list[Gallery] | None:
        """Call `bulkGalleryUpdate`."""

    async def bulk_group_update(
        self, input: BulkGroupUpdateInput, *, return_fields: str | None = None
    ) -> list[Group] | None:
        """Call `bulkGroupUpdate`."""

    async def bulk_image_update(
        self, input: BulkImageUpdateInput, *, return_fields: str | None = None
    ) -> list[Image] | None:
        """Call `bulkImageUpdate`."""

    async def bulk_movie_update(
        self, input: BulkMovieUpdateInput, *, return_fields: str | None = None
    ) -> list[Movie] | None:
        """Call `bulkMovieUpdate`. Deprecated by the server."""

    async def bulk_performer_update(
        self, input: BulkPerformerUpdateInput, *, return_fields: str | None = None
    ) -> list[Performer] | None:
        """Call `bulkPerformerUpdate`."""

    async def bulk_scene_marker_update(
        self, input: BulkSceneMarkerUpdateInput, *, return_fields: str | None = None
    ) -> list[SceneMarker] | None:
        """Call `bulkSceneMarkerUpdate`. Since v0.30.1."""

    async def bulk_scene_update(
        self, input: BulkSceneUpdateInput, *, return_fields: str | None = None
    ) -> list[Scene] | None:
        """Call `bulkSceneUpdate`."""

    async def bulk_studio_update(
        self, input: BulkStudioUpdateInput, *, return_fields: str | None = None
    ) -> list[Studio] | None:
        """Call `bulkStudioUpdate`. Since v0.30.1."""

    async def bulk_tag_update(
        self, input: BulkTagUpdateInput, *, return_fields: str | None = None
    ) -> list[Tag] | None:
        """Call `bulkTagUpdate`."""

    async def configure_dlna(
        self, input: ConfigDLNAInput, *, return_fields: str | None = None
    ) -> ConfigDLNAResult:
        """Call `configureDLNA`."""

    async def configure_defaults(
        self, input: ConfigDefaultSettingsInput, *, return_fields: str | None = None
    ) -> ConfigDefaultSettingsResult:
        """Call `configureDefaults`."""

    async def configure_general(
        self, input: ConfigGeneralInput, *, return_fields: str | None = None
    ) -> ConfigGeneralResult:
        """Call `configureGeneral`."""

    async def configure_interface(
        self, input: ConfigInterfaceInput, *, return_fields: str | None = None
    ) -> ConfigInterfaceResult:
        """Call `configureInterface`."""

    async def configure_plugin(
        self, plugin_id: Identifier, input: Mapping[str, Any], *, return_fields: str | None = None
    ) -> dict[str, Any]:
        """Call `configurePlugin`."""

    async def configure_scraping(
        self, input: ConfigScrapingInput, *, return_fields: str | None = None
    ) -> ConfigScrapingResult:
        """Call `configureScraping`."""

    async def configure_ui(
        self,
        *,
        input: Mapping[str, Any] | None = ...,
        partial: Mapping[str, Any] | None = ...,
        return_fields: str | None = None,
    ) -> dict[str, Any]:
        """Call `configureUI`."""

    async def configure_ui_setting(
        self, key: str, *, value: Any | None = ..., return_fields: str | None = None
    ) -> dict[str, Any]:
        """Call `configureUISetting`."""

    async def delete_files(
        self, ids: Sequence[Identifier], *, return_fields: str | None = None
    ) -> bool:
        """Call `deleteFiles`."""

    async def destroy_files(
        self, ids: Sequence[Identifier], *, return_fields: str | None = None
    ) -> bool:
        """Call `destroyFiles`. Since v0.31.1."""

    async def destroy_saved_filter(
        self, input: DestroyFilterInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `destroySavedFilter`."""

    async def disable_dlna(
        self, input: DisableDLNAInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `disableDLNA`."""

    async def download_ff_mpeg(self, *, return_fields: str | None = None) -> str:
        """Call `downloadFFMpeg`."""

    async def enable_dlna(
        self, input: EnableDLNAInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `enableDLNA`."""

    async def exec_sql(
        self, sql: str, *, args: Sequence[Any | None] | None = ..., return_fields: str | None = None
    ) -> SQLExecResult:
        """Call `execSQL`."""

    async def export_objects(
        self, input: ExportObjectsInput, *, return_fields: str | None = None
    ) -> str | None:
        """Call `exportObjects`."""

    async def file_set_fingerprints(
        self, input: FileSetFingerprintsInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `fileSetFingerprints`."""

    async def galleries_update(
        self, input: Sequence[GalleryUpdateInput | Gallery], *, return_fields: str | None = None
    ) -> list[Gallery | None] | None:
        """Call `galleriesUpdate`."""

    async def gallery_chapter_create(
        self, input: GalleryChapterCreateInput | GalleryChapter, *, return_fields: str | None = None
    ) -> GalleryChapter | None:
        """Call `galleryChapterCreate`."""

    async def gallery_chapter_destroy(
        self, id: Identifier, *, return_fields: str | None = None
    ) -> bool:
        """Call `galleryChapterDestroy`."""

    async def gallery_chapter_update(
        self, input: GalleryChapterUpdateInput | GalleryChapter, *, return_fields: str | None = None
    ) -> GalleryChapter | None:
        """Call `galleryChapterUpdate`."""

    async def gallery_create(
        self, input: GalleryCreateInput | Gallery, *, return_fields: str | None = None
    ) -> Gallery | None:
        """Call `galleryCreate`."""

    async def gallery_destroy(
        self, input: GalleryDestroyInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `galleryDestroy`."""

    async def gallery_update(
        self, input: GalleryUpdateInput | Gallery, *, return_fields: str | None = None
    ) -> Gallery | None:
        """Call `galleryUpdate`."""

    async def generate_api_key(
        self, input: GenerateAPIKeyInput, *, return_fields: str | None = None
    ) -> str:
        """Call `generateAPIKey`."""

    async def group_create(
        self, input: GroupCreateInput | Group, *, return_fields: str | None = None
    ) -> Group | None:
        """Call `groupCreate`."""

    async def group_destroy(
        self, input: GroupDestroyInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `groupDestroy`."""

    async def group_update(
        self, input: GroupUpdateInput | Group, *, return_fields: str | None = None
    ) -> Group | None:
        """Call `groupUpdate`."""

    async def groups_destroy(
        self, ids: Sequence[Identifier], *, return_fields: str | None = None
    ) -> bool:
        """Call `groupsDestroy`."""

    async def image_decrement_o(self, id: Identifier, *, return_fields: str | None = None) -> int:
        """Call `imageDecrementO`."""

    async def image_destroy(
        self, input: ImageDestroyInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `imageDestroy`."""

    async def image_increment_o(self, id: Identifier, *, return_fields: str | None = None) -> int:
        """Call `imageIncrementO`."""

    async def image_reset_o(self, id: Identifier, *, return_fields: str | None = None) -> int:
        """Call `imageResetO`."""

    async def image_update(
        self, input: ImageUpdateInput | Image, *, return_fields: str | None = None
    ) -> Image | None:
        """Call `imageUpdate`."""

    async def images_destroy(
        self, input: ImagesDestroyInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `imagesDestroy`."""

    async def images_update(
        self, input: Sequence[ImageUpdateInput | Image], *, return_fields: str | None = None
    ) -> list[Image | None] | None:
        """Call `imagesUpdate`."""

    async def import_objects(
        self, input: ImportObjectsInput, *, return_fields: str | None = None
    ) -> str:
        """Call `importObjects`."""

    async def install_packages(
        self,
        type: PackageType | str,
        packages: Sequence[PackageSpecInput],
        *,
        return_fields: str | None = None,
    ) -> str:
        """Call `installPackages`."""

    async def metadata_auto_tag(
        self, input: AutoTagMetadataInput, *, return_fields: str | None = None
    ) -> str:
        """Call `metadataAutoTag`."""

    async def metadata_clean(
        self, input: CleanMetadataInput, *, return_fields: str | None = None
    ) -> str:
        """Call `metadataClean`."""

    async def metadata_clean_generated(
        self, input: CleanGeneratedInput, *, return_fields: str | None = None
    ) -> str:
        """Call `metadataCleanGenerated`."""

    async def metadata_export(self, *, return_fields: str | None = None) -> str:
        """Call `metadataExport`."""

    async def metadata_generate(
        self, input: GenerateMetadataInput, *, return_fields: str | None = None
    ) -> str:
        """Call `metadataGenerate`."""

    async def metadata_identify(
        self, input: IdentifyMetadataInput, *, return_fields: str | None = None
    ) -> str:
        """Call `metadataIdentify`."""

    async def metadata_import(self, *, return_fields: str | None = None) -> str:
        """Call `metadataImport`."""

    async def metadata_scan(
        self, input: ScanMetadataInput, *, return_fields: str | None = None
    ) -> str:
        """Call `metadataScan`."""

    async def migrate(self, input: MigrateInput, *, return_fields: str | None = None) -> str:
        """Call `migrate`."""

    async def migrate_blobs(
        self, input: MigrateBlobsInput, *, return_fields: str | None = None
    ) -> str:
        """Call `migrateBlobs`."""

    async def migrate_hash_naming(self, *, return_fields: str | None = None) -> str:
        """Call `migrateHashNaming`."""

    async def migrate_scene_screenshots(
        self, input: MigrateSceneScreenshotsInput, *, return_fields: str | None = None
    ) -> str:
        """Call `migrateSceneScreenshots`."""

    async def move_files(self, input: MoveFilesInput, *, return_fields: str | None = None) -> bool:
        """Call `moveFiles`."""

    async def movie_create(
        self, input: MovieCreateInput, *, return_fields: str | None = None
    ) -> Movie | None:
        """Call `movieCreate`. Deprecated by the server."""

    async def movie_destroy(
        self, input: MovieDestroyInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `movieDestroy`. Deprecated by the server."""

    async def movie_update(
        self, input: MovieUpdateInput, *, return_fields: str | None = None
    ) -> Movie | None:
        """Call `movieUpdate`. Deprecated by the server."""

    async def movies_destroy(
        self, ids: Sequence[Identifier], *, return_fields: str | None = None
    ) -> bool:
        """Call `moviesDestroy`. Deprecated by the server."""

    async def optimise_database(self, *, return_fields: str | None = None) -> str:
        """Call `optimiseDatabase`."""

    async def performer_create(
        self, input: PerformerCreateInput | Performer, *, return_fields: str | None = None
    ) -> Performer | None:
        """Call `performerCreate`."""

    async def performer_destroy(
        self, input: PerformerDestroyInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `performerDestroy`."""

    async def performer_merge(
        self, input: PerformerMergeInput, *, return_fields: str | None = None
    ) -> Performer:
        """Call `performerMerge`. Since v0.31.1."""

    async def performer_update(
        self, input: PerformerUpdateInput | Performer, *, return_fields: str | None = None
    ) -> Performer | None:
        """Call `performerUpdate`."""

    async def performers_destroy(
        self, ids: Sequence[Identifier], *, return_fields: str | None = None
    ) -> bool:
        """Call `performersDestroy`."""

    async def query_sql(
        self, sql: str, *, args: Sequence[Any | None] | None = ..., return_fields: str | None = None
    ) -> SQLQueryResult:
        """Call `querySQL`."""

    async def reload_plugins(self, *, return_fields: str | None = None) -> bool:
        """Call `reloadPlugins`."""

    async def reload_scrapers(self, *, return_fields: str | None = None) -> bool:
        """Call `reloadScrapers`."""

    async def remove_gallery_images(
        self, input: GalleryRemoveInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `removeGalleryImages`."""

    async def remove_group_sub_groups(
        self, input: GroupSubGroupRemoveInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `removeGroupSubGroups`."""

    async def remove_temp_dlnaip(
        self, input: RemoveTempDLNAIPInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `removeTempDLNAIP`."""

    async def reorder_sub_groups(
        self, input: ReorderSubGroupsInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `reorderSubGroups`."""

    async def reset_gallery_cover(
        self, input: GalleryResetCoverInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `resetGalleryCover`."""

    async def reveal_file_in_file_manager(
        self, id: Identifier, *, return_fields: str | None = None
    ) -> bool:
        """Call `revealFileInFileManager`. Since v0.31.1."""

    async def reveal_folder_in_file_manager(
        self, id: Identifier, *, return_fields: str | None = None
    ) -> bool:
        """Call `revealFolderInFileManager`. Since v0.31.1."""

    async def run_plugin_operation(
        self,
        plugin_id: Identifier,
        *,
        args: Mapping[str, Any] | None = ...,
        return_fields: str | None = None,
    ) -> Any | None:
        """Call `runPluginOperation`."""

    async def run_plugin_task(
        self,
        plugin_id: Identifier,
        *,
        task_name: str | None = ...,
        description: str | None = ...,
        args: Sequence[PluginArgInput] | None = ...,
        args_map: Mapping[str, Any] | None = ...,
        return_fields: str | None = None,
    ) -> str:
        """Call `runPluginTask`."""

    async def save_filter(
        self, input: SaveFilterInput, *, return_fields: str | None = None
    ) -> SavedFilter:
        """Call `saveFilter`."""

    async def scene_add_o(
        self,
        id: Identifier,
        *,
        times: Sequence[str | datetime] | None = ...,
        return_fields: str | None = None,
    ) -> HistoryMutationResult:
        """Call `sceneAddO`."""

    async def scene_add_play(
        self,
        id: Identifier,
        *,
        times: Sequence[str | datetime] | None = ...,
        return_fields: str | None = None,
    ) -> HistoryMutationResult:
        """Call `sceneAddPlay`."""

    async def scene_assign_file(
        self, input: AssignSceneFileInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `sceneAssignFile`."""

    async def scene_create(
        self, input: SceneCreateInput | Scene, *, return_fields: str | None = None
    ) -> Scene | None:
        """Call `sceneCreate`."""

    async def scene_decrement_o(self, id: Identifier, *, return_fields: str | None = None) -> int:
        """Call `sceneDecrementO`. Deprecated by the server."""

    async def scene_delete_o(
        self,
        id: Identifier,
        *,
        times: Sequence[str | datetime] | None = ...,
        return_fields: str | None = None,
    ) -> HistoryMutationResult:
        """Call `sceneDeleteO`."""

    async def scene_delete_play(
        self,
        id: Identifier,
        *,
        times: Sequence[str | datetime] | None = ...,
        return_fields: str | None = None,
    ) -> HistoryMutationResult:
        """Call `sceneDeletePlay`."""

    async def scene_destroy(
        self, input: SceneDestroyInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `sceneDestroy`."""

    async def scene_generate_screenshot(
        self, id: Identifier, *, at: float | None = ..., return_fields: str | None = None
    ) -> str:
        """Call `sceneGenerateScreenshot`."""

    async def scene_increment_o(self, id: Identifier, *, return_fields: str | None = None) -> int:
        """Call `sceneIncrementO`. Deprecated by the server."""

    async def scene_increment_play_count(
        self, id: Identifier, *, return_fields: str | None = None
    ) -> int:
        """Call `sceneIncrementPlayCount`. Deprecated by the server."""

    async def scene_marker_create(
        self, input: SceneMarkerCreateInput | SceneMarker, *, return_fields: str | None = None
    ) -> SceneMarker | None:
        """Call `sceneMarkerCreate`."""

    async def scene_marker_destroy(
        self, id: Identifier, *, return_fields: str | None = None
    ) -> bool:
        """Call `sceneMarkerDestroy`."""

    async def scene_marker_update(
        self, input: SceneMarkerUpdateInput | SceneMarker, *, return_fields: str | None = None
    ) -> SceneMarker | None:
        """Call `sceneMarkerUpdate`."""

    async def scene_markers_destroy(
        self, ids: Sequence[Identifier], *, return_fields: str | None = None
    ) -> bool:
        """Call `sceneMarkersDestroy`. Since v0.28.1."""

    async def scene_merge(
        self, input: SceneMergeInput, *, return_fields: str | None = None
    ) -> Scene | None:
        """Call `sceneMerge`."""

    async def scene_reset_activity(
        self,
        id: Identifier,
        *,
        reset_resume: bool | None = ...,
        reset_duration: bool | None = ...,
        return_fields: str | None = None,
    ) -> bool:
        """Call `sceneResetActivity`."""

    async def scene_reset_o(self, id: Identifier, *, return_fields: str | None = None) -> int:
        """Call `sceneResetO`."""

    async def scene_reset_play_count(
        self, id: Identifier, *, return_fields: str | None = None
    ) -> int:
        """Call `sceneResetPlayCount`."""

    async def scene_save_activity(
        self,
        id: Identifier,
        *,
        resume_time: float | None = ...,
        play_duration: float | None = ...,
        return_fields: str | None = None,
    ) -> bool:
        """Call `sceneSaveActivity`."""

    async def scene_update(
        self, input: SceneUpdateInput | Scene, *, return_fields: str | None = None
    ) -> Scene | None:
        """Call `sceneUpdate`."""

    async def scenes_destroy(
        self, input: ScenesDestroyInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `scenesDestroy`."""

    async def scenes_update(
        self, input: Sequence[SceneUpdateInput | Scene], *, return_fields: str | None = None
    ) -> list[Scene | None] | None:
        """Call `scenesUpdate`."""

    async def set_default_filter(
        self, input: SetDefaultFilterInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `setDefaultFilter`. Deprecated by the server."""

    async def set_gallery_cover(
        self, input: GallerySetCoverInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `setGalleryCover`."""

    async def set_plugins_enabled(
        self, enabled_map: Mapping[str, bool], *, return_fields: str | None = None
    ) -> bool:
        """Call `setPluginsEnabled`."""

    async def setup(self, input: SetupInput, *, return_fields: str | None = None) -> bool:
        """Call `setup`."""

    async def stash_box_batch_performer_tag(
        self, input: StashBoxBatchTagInput, *, return_fields: str | None = None
    ) -> str:
        """Call `stashBoxBatchPerformerTag`."""

    async def stash_box_batch_studio_tag(
        self, input: StashBoxBatchTagInput, *, return_fields: str | None = None
    ) -> str:
        """Call `stashBoxBatchStudioTag`."""

    async def stash_box_batch_tag_tag(
        self, input: StashBoxBatchTagInput, *, return_fields: str | None = None
    ) -> str:
        """Call `stashBoxBatchTagTag`. Since v0.31.1."""

    async def stop_all_jobs(self, *, return_fields: str | None = None) -> bool:
        """Call `stopAllJobs`."""

    async def stop_job(self, job_id: Identifier, *, return_fields: str | None = None) -> bool:
        """Call `stopJob`."""

    async def studio_create(
        self, input: StudioCreateInput | Studio, *, return_fields: str | None = None
    ) -> Studio | None:
        """Call `studioCreate`."""

    async def studio_destroy(
        self, input: StudioDestroyInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `studioDestroy`."""

    async def studio_update(
        self, input: StudioUpdateInput | Studio, *, return_fields: str | None = None
    ) -> Studio | None:
        """Call `studioUpdate`."""

    async def studios_destroy(
        self, ids: Sequence[Identifier], *, return_fields: str | None = None
    ) -> bool:
        """Call `studiosDestroy`."""

    async def submit_stash_box_fingerprints(
        self, input: StashBoxFingerprintSubmissionInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `submitStashBoxFingerprints`."""

    async def submit_stash_box_performer_draft(
        self, input: StashBoxDraftSubmissionInput, *, return_fields: str | None = None
    ) -> str | None:
        """Call `submitStashBoxPerformerDraft`."""

    async def submit_stash_box_scene_draft(
        self, input: StashBoxDraftSubmissionInput, *, return_fields: str | None = None
    ) -> str | None:
        """Call `submitStashBoxSceneDraft`."""

    async def tag_create(
        self, input: TagCreateInput | Tag, *, return_fields: str | None = None
    ) -> Tag | None:
        """Call `tagCreate`."""

    async def tag_destroy(
        self, input: TagDestroyInput, *, return_fields: str | None = None
    ) -> bool:
        """Call `tagDestroy`."""

    async def tag_update(
        self, input: TagUpdateInput | Tag, *, return_fields: str | None = None
    ) -> Tag | None:
        """Call `tagUpdate`."""

    async def tags_destroy(
        self, ids: Sequence[Identifier], *, return_fields: str | None = None
    ) -> bool:
        """Call `tagsDestroy`."""

    async def tags_merge(
        self, input: TagsMergeInput, *, return_fields: str | None = None
    ) -> Tag | None:
        """Call `tagsMerge`."""

    async def uninstall_packages(
        self,
        type: PackageType | str,
        packages: Sequence[PackageSpecInput],
        *,
        return_fields: str | None = None,
    ) -> str:
        """Call `uninstallPackages`."""

    async def update_packages(
        self,
        type: PackageType | str,
        *,
        packages: Sequence[PackageSpecInput] | None = ...,
        return_fields: str | None = None,
    ) -> str:
        """Call `updatePackages`."""
