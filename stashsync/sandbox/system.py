"""The server's own root fields: status, settings, statistics."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from stashsync.sandbox.auth import Accounts
from stashsync.sandbox.jobs import Jobs
from stashsync.sandbox.library import NIL, Library, Panic, Refusal
from stashsync.sandbox.releases import Release
from stashsync.sandbox.schema import (
    JOB_MUTATIONS,
    JOB_QUERIES,
    LIBRARY_MUTATIONS,
    LIBRARY_QUERIES,
)
from stashsync.sandbox.schema.jobs import GENERATE_FLAGS, PREVIEW_OPTIONS, SCAN_FLAGS
from stashsync.sandbox.tasks import Tasks

Status: TypeAlias = Literal["SETUP", "NEEDS_MIGRATION", "OK"]
STATUSES: tuple[Status, ...] = get_args(Status)

_COUNTED = {
    "scene_count": "findScenes",
    "image_count": "findImages",
    "gallery_count": "findGalleries",
    "performer_count": "findPerformers",
    "studio_count": "findStudios",
    "group_count": "findGroups",
    "movie_count": "findGroups",
    "tag_count": "findTags",
}
"""The statistics that are counts of objects, with the query that counts them."""

_DEFAULT_FLAGS: Mapping[str, str] = {"scan": SCAN_FLAGS, "generate": GENERATE_FLAGS, "autoTag": ""}
"""The tasks that have defaults, with their flags."""


class System:
    """The root fields of one server: its own, and those that it hands to the library.

    Args:
        status: OK, or what it waits for; `setup` and `migrate` lead to OK.
    """

    def __init__(
        self,
        release: Release,
        library: Library,
        accounts: Accounts,
        jobs: Jobs,
        path: str | None,
        status: str,
    ) -> None:
        if status not in STATUSES:
            raise ValueError(f"no such status: {status} (known: {', '.join(STATUSES)})")
        self.status = status
        self._release = release
        self._library = library
        self._accounts = accounts
        self._jobs = jobs
        self._tasks = Tasks(jobs, library)
        self._path = str(Path(path).absolute()) if path else ":memory:"
        # Backups lie beside the library; one in memory has nothing beside it.
        self._backups = "" if path else tempfile.gettempdir()
        self._stashes: list[dict[str, Any]] = []
        self._boxes: list[dict[str, Any]] = []
        self._defaults: dict[str, Any] = {"deleteFile": False, "deleteGenerated": True}
        self._defaults |= dict.fromkeys(_DEFAULT_FLAGS)
        self._queries: Mapping[str, Callable[[], Any]] = {
            "version": self._version,
            "systemStatus": self._system_status,
            "configuration": self._configuration,
            "plugins": list,
            "stats": self._stats,
        }
        self._mutations: Mapping[str, Callable[[dict[str, Any]], Any]] = {
            "setup": self._setup,
            "migrate": self._migrate,
            "backupDatabase": self._back_up,
            "configureGeneral": self._configure_general,
            "configureDefaults": self._configure_defaults,
            "generateAPIKey": self._generate_key,
        }

    def query(self, field: str, args: dict[str, Any]) -> Any:
        """Answers a field of Query."""
        if field in JOB_QUERIES:
            return self._tasks.query(field, args)
        if field not in LIBRARY_QUERIES:
            return self._queries[field]()
        self._must_be_ready()
        self._jobs.advance()  # what they did by now is there to be seen
        return self._library.query(field, args)

    def mutate(self, field: str, args: dict[str, Any]) -> Any:
        """Answers a field of Mutation."""
        if field in JOB_MUTATIONS:
            self._must_be_ready()
            return self._tasks.mutate(field, args)
        if field == "configurePlugin":
            return self._library.configure_plugin(args["plugin_id"], args["input"])
        if field == "reloadPlugins":
            return True  # it has none
        if field not in LIBRARY_MUTATIONS:
            return self._mutations[field](args["input"])
        self._must_be_ready()
        self._jobs.advance()
        return self._library.mutate(field, args)

    def _must_be_ready(self) -> None:
        if self.status != "OK":  # docs/stash-behaviour.md#set-up
            raise Panic(NIL)

    # -- questions ------------------------------------------------------------------------------

    def _version(self) -> dict[str, str]:
        return {
            "version": self._release.version,
            "hash": "5a4d80b0",
            "build_time": "2026-01-11 00:00:00",
        }

    def _system_status(self) -> dict[str, Any]:
        schema = self._release.schema
        is_set_up = self.status != "SETUP"
        behind = self.status == "NEEDS_MIGRATION"
        return {
            "databaseSchema": schema - behind if is_set_up else None,
            "databasePath": self._path if is_set_up else None,
            "configPath": self._beside("config.yml") if is_set_up else None,
            "appSchema": schema,
            "status": self.status,
            "os": sys.platform,
            "workingDir": os.getcwd(),
            "homeDir": str(Path.home()),
            "ffmpegPath": None,
            "ffprobePath": None,
        }

    def _beside(self, name: str) -> str:
        """Return a path next to the library's file, which need not exist."""
        return str(Path(self._path).absolute().parent / name)

    def _configuration(self) -> dict[str, Any]:
        return {
            "general": self._general(),
            "interface": {"sfwContentMode": False, "language": "en-US"},
            "defaults": self._defaults,
            "ui": {},
            "plugins": self._library.plugin_settings,
        }

    def _general(self) -> dict[str, Any]:
        return {
            "stashes": self._stashes,
            "databasePath": self._path,
            "backupDirectoryPath": self._backups,
            "deleteTrashPath": "",
            "generatedPath": self._beside("generated"),
            "metadataPath": "",
            "configFilePath": self._beside("config.yml"),
            "scrapersPath": self._beside("scrapers"),
            "pluginsPath": self._beside("plugins"),
            "cachePath": self._beside("cache"),
            "blobsPath": "",
            "blobsStorage": "DATABASE",
            "parallelTasks": 1,
            "apiKey": self._accounts.api_key,
            "username": self._accounts.username,
            "password": self._accounts.password,
            "maxSessionAge": self._accounts.session_seconds,
            "logFile": None,
            "logOut": True,
            "logLevel": "Info",
            "logAccess": False,
            "stashBoxes": self._boxes,
        }

    def _stats(self) -> dict[str, Any]:
        self._must_be_ready()
        self._jobs.advance()
        nothing = {"filter": {"per_page": 0}}
        counts = {
            name: self._library.query(find, nothing)["count"] for name, find in _COUNTED.items()
        }
        return {**counts, **self._library.statistics()}

    # -- settings -------------------------------------------------------------------------------

    def _setup(self, sent: dict[str, Any]) -> bool:
        self._stashes = sent["stashes"]
        self.status = "OK"
        return True

    def _migrate(self, _: dict[str, Any]) -> str:
        """Return the id of a job that has already done its work."""
        self.status = "OK"
        return str(self._jobs.done("Migrating database..."))

    def _back_up(self, sent: dict[str, Any]) -> None:
        """Write a backup; the answer has no address, as only a download would."""
        self._must_be_ready()
        if sent.get("download"):
            raise Refusal("the sandbox serves no downloads; leave `download` out")
        name = "library" if self._path == ":memory:" else Path(self._path).name
        moment = self._library.now().strftime("%Y%m%d_%H%M%S")
        folder = self._backups or str(Path(self._path).parent)
        self._library.copy_to(Path(folder, f"{name}.{self._release.schema}.{moment}"))

    def _configure_general(self, sent: dict[str, Any]) -> dict[str, Any]:
        self._accounts.set_credentials(sent.get("username"), sent.get("password"))
        if sent.get("maxSessionAge") is not None:
            self._accounts.session_seconds = sent["maxSessionAge"]
        if sent.get("stashes") is not None:
            self._stashes = sent["stashes"]
        if sent.get("stashBoxes") is not None:
            limit = {"max_requests_per_minute": 0}
            self._boxes = [{**limit, **box} for box in sent["stashBoxes"]]
        return self._general()

    def _configure_defaults(self, sent: dict[str, Any]) -> dict[str, Any]:
        for task, value in sent.items():
            if value is not None:
                self._defaults[task] = _whole_defaults(task, value)
        return self._defaults

    def _generate_key(self, sent: dict[str, Any]) -> str:
        return self._accounts.generate_key(bool(sent.get("clear")))


def _whole_defaults(task: str, value: Any) -> Any:
    """Return the defaults of a task with all their fields; flags that were not sent are false."""
    if task not in _DEFAULT_FLAGS:
        return value
    rest: dict[str, list[str]] = {
        "scan": ["scanGenerateImagePhashes"],
        "generate": ["previewOptions"],
        "autoTag": ["performers", "studios", "tags"],
    }
    whole: dict[str, Any] = {
        **dict.fromkeys(_DEFAULT_FLAGS[task].split(), False),
        **dict.fromkeys(rest.get(task, [])),
        **value,
    }
    if whole.get("previewOptions") is not None:
        options: dict[str, Any] = whole["previewOptions"]
        whole["previewOptions"] = dict.fromkeys(PREVIEW_OPTIONS) | options
    return whole
