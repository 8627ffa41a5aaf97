"""The tasks of a server: scanning, generating, cleaning, matching; each gives the id of its job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from stashsync.client.base import ClientBase
from stashsync.client.identifiers import identifiers

DEFAULTS: Final = "ConfigDefaultSettingsResult"


class TasksMixin(ClientBase):
    """Tasks, with the options that a person has set as the server's own defaults.

    The server takes every option that a task does not name for off or empty. Each of these methods
    therefore reads the defaults first (docs/stash-behaviour.md#task-defaults), and options replace
    them one by one; `defaults=False` starts from nothing. `paths` are files and folders of the
    server; without them a task is about all of the library. `client.wait_for_job` awaits the job.
    """

    async def metadata_scan(
        self,
        paths: Sequence[str] | None = None,
        options: Mapping[str, Any] | None = None,
        *,
        flags: Mapping[str, Any] | None = None,
        defaults: bool = True,
    ) -> str:
        """Start a scan of files; return the id of its job.

        `options` are those of the server (`scanGeneratePreviews`, `rescan`, …), `flags` another
        name for them. An option that is not named is as in the server's defaults.

        Raises:
            ValueError: both `options` and `flags`.
            StashError: the server refused it, or gave no answer.
        """
        given = {**_paths(paths), **_options(options, flags)}
        return await self._start("metadata_scan", "scan" if defaults else "", given)

    async def metadata_generate(
        self,
        options: Mapping[str, Any] | None = None,
        *,
        flags: Mapping[str, Any] | None = None,
        defaults: bool = False,
    ) -> str:
        """Start making previews, sprites and the like; return the id of its job.

        `options` are those of the server (`covers`, `sprites`, `sceneIDs`, `overwrite`, …),
        `flags` another name for them. Without options, and with `defaults=True`, the server's
        defaults decide what is made; otherwise only what is asked for is made.

        Raises:
            ValueError: both `options` and `flags`.
            StashError: the server refused it, or gave no answer.
        """
        given = _options(options, flags)
        task = "generate" if defaults or not given else ""
        return await self._start("metadata_generate", task, given)

    async def metadata_auto_tag(
        self,
        paths: Sequence[str] | None = None,
        options: Mapping[str, Any] | None = None,
        *,
        defaults: bool = True,
    ) -> str:
        """Start matching names with the paths of files; return the id of its job.

        `options` are lists of ids, or ["*"] for all: `performers`, `studios`, `tags`.

        Raises:
            StashError: the server refused it, or gave no answer.
        """
        given = {**_paths(paths), **(options or {})}
        return await self._start("metadata_auto_tag", "autoTag" if defaults else "", given)

    async def metadata_identify(
        self,
        scenes: Sequence[Any] | None = None,
        options: Mapping[str, Any] | None = None,
        *,
        paths: Sequence[str] | None = None,
        defaults: bool = True,
    ) -> str:
        """Start identifying scenes, by ids or objects; return the id of its job.

        `options` is an `IdentifyMetadataInput`: `sources` in their order, and `options` for all of
        them. Without scenes and `paths`, all scenes of the library are identified.

        Raises:
            ValueError: neither the defaults nor `options` have `sources`.
            StashError: the server refused it, or gave no answer.
        """
        given = {**_paths(paths), **(options or {})}
        if scenes is not None:
            given["sceneIDs"] = identifiers(scenes)
        return await self._start("metadata_identify", "identify" if defaults else "", given)

    async def metadata_clean(
        self, paths: Sequence[str] | None = None, *, dry_run: bool = False, **options: Any
    ) -> str:
        """Start removing what has no file any more from the library; return the id of its job.

        With `dry_run` the log of the server lists what would be removed. `options` are those of the
        server besides.

        Raises:
            StashError: the server refused it, or gave no answer.
        """
        return await self._start(
            "metadata_clean", "", {**_paths(paths), "dryRun": dry_run} | options
        )

    async def _start(self, mutation: str, task: str, given: Mapping[str, Any]) -> str:
        value = {**(await self._defaults(task) if task else {}), **given}
        if mutation == "metadata_identify" and "sources" not in value:
            raise ValueError("no sources to identify with: give them, or set the server's defaults")
        job_id: str = await getattr(self.mutations, mutation)(value)
        return job_id

    async def _defaults(self, task: str) -> dict[str, Any]:
        """Return the options that are saved on the server as the defaults of a task."""
        schema = await self.schema()
        if not schema.capabilities.has_output(DEFAULTS, task):
            return {}
        chosen = schema.selection(schema.types[DEFAULTS].fields[task].type)
        text = f"query Defaults {{ configuration {{ defaults {{ {task} {chosen} }} }} }}"
        found = (await self.execute(text))["configuration"]["defaults"][task]
        options: dict[str, Any] = _without_nulls(found or {})
        return options


def _paths(paths: Sequence[str] | None) -> dict[str, Any]:
    if paths is None:
        return {}
    return {"paths": [paths] if isinstance(paths, str) else list(paths)}


def _options(options: Mapping[str, Any] | None, flags: Mapping[str, Any] | None) -> dict[str, Any]:
    if options and flags:
        raise ValueError("options and flags are two names of the same; give one of them")
    return dict(options or flags or {})


def _without_nulls(value: Any) -> Any:
    """Return defaults as an input takes them: what is null is left out."""
    if isinstance(value, dict):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    return [_without_nulls(member) for member in value] if isinstance(value, list) else value
