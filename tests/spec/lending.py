"""Media files for blocks that need some: invented ones on a sandbox, the server's own on a server.

No file is made on a server, and none is deleted. What it has already scanned is lent to a block,
which sees it beside what it makes; an image that got another studio gets its own one back.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import pytest

from stashsync.client import StashClient
from stashsync.errors import StashGraphQLError
from stashsync.sandbox import MediaFile, Sandbox
from tests.support.apart import Apart

LARGE = 10_000_000
"""Bytes; what the texts call large."""

_HAS_FILES = {"file_count": {"value": 0, "modifier": "GREATER_THAN"}}


@dataclass(frozen=True)
class Seen:
    """The files that a block sees, by path, in bytes."""

    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def large(self) -> list[str]:
        """The paths of the large ones."""
        return [path for path, size in self.sizes.items() if size > LARGE]


class Media(Protocol):
    """Where media files come from; each method skips where there are none."""

    async def videos(self) -> Seen:
        """At least one scene with a file in "/media/", and it may be others."""
        ...

    async def pictures(self) -> Seen:
        """Images: a large and a small one, as far as there are such."""
        ...

    async def scans(self, folder: str = "") -> None:
        """Let the server scan, also a folder of this name."""
        ...


class Invented:
    """The disk of a sandbox."""

    def __init__(self, sandbox: Sandbox, client: StashClient) -> None:
        self.sandbox = sandbox
        self.client = client

    async def videos(self) -> Seen:
        return await self._scanned(MediaFile("/media/a.mp4"), MediaFile("/elsewhere/b.mp4"))

    async def pictures(self) -> Seen:
        return await self._scanned(
            MediaFile("/media/big.jpg", size=20_000_000), MediaFile("/media/small.jpg", size=5)
        )

    async def scans(self, folder: str = "") -> None: ...

    async def _scanned(self, *files: MediaFile) -> Seen:
        self.sandbox.media.extend(files)
        await self.client.wait_for_job(await self.client.metadata_scan())
        return Seen({file.path: file.size for file in files})


class Lent:
    """What a server has; see `lending`."""

    def __init__(self, apart: Apart, server: StashClient) -> None:
        self.apart = apart
        self.server = server
        self.studios: dict[str, str | None] = {}

    async def videos(self) -> Seen:
        # The texts search for scenes called so, and mean those of their own.
        strange = {"title": {"value": "(?i)interview", "modifier": "NOT_MATCHES_REGEX"}}
        scenes = await self._files("scene", "files", {**_HAS_FILES, **strange})
        if not scenes:
            pytest.skip("needs media files: the server has no scene with a file")
        (found,) = scenes
        self.apart.lent["scene"] = [int(found["id"])]
        (file, *_) = found["files"]
        self.apart.folders["/media/"] = _folder(file["path"])
        return Seen({f"/media/{_name(file['path'])}": file["size"]})

    async def pictures(self) -> Seen:
        lent = {
            file["id"]: file
            for direction in ("DESC", "ASC")
            for file in await self._files("image", "visual_files", _HAS_FILES, direction)
        }
        if not lent:
            pytest.skip("needs media files: the server has no image")
        self.apart.lent["image"] = [int(item) for item in lent]
        self.studios = {key: (item["studio"] or {}).get("id") for key, item in lent.items()}
        files = [item["files"][0] for item in lent.values()]
        return Seen({file["path"]: file["size"] for file in files})

    async def scans(self, folder: str = "") -> None:
        """Let the folder be one that holds a video; where there is none, skip."""
        try:
            await self.server.wait_for_job(await self.server.metadata_scan(["/not there"]))
        except StashGraphQLError as error:  # for want of ffmpeg
            pytest.skip(f"needs a server that scans: {error}")
        if folder:
            for file in await self._files("scene", "files", _HAS_FILES):
                self.apart.folders[folder] = _folder(file["files"][0]["path"]).rstrip("/\\")

    async def _files(
        self, kind: str, files: str, where: dict[str, Any], direction: str = "DESC"
    ) -> list[dict[str, Any]]:
        """Return the one with the largest or the smallest file; none where there is none."""
        type_name = kind.capitalize()
        text = (
            f"query ($w: {type_name}FilterType, $f: FindFilterType) "
            f"{{ found: find{type_name}s({kind}_filter: $w, filter: $f) {{ rows: {kind}s "
            f"{{ id studio {{ id }} files: {files} "
            f"{{ ... on VideoFile {{ path size }} ... on ImageFile {{ path size }} }} }} }} }}"
        ).replace("... on ImageFile { path size }" if kind == "scene" else "\0", "")
        chosen = {"per_page": 1, "sort": "filesize", "direction": direction}
        data = await self.server.execute(text, {"w": where, "f": chosen})
        return list(data["found"]["rows"])

    async def take_back(self) -> None:
        """Give images the studio that they had."""
        text = "query ($id: ID!) { one: findImage(id: $id) { studio { id } } }"
        for identifier, studio in self.studios.items():
            now = (await self.server.execute(text, {"id": identifier}))["one"]["studio"]
            if (now or {}).get("id") != studio:
                await self.server.execute(
                    "mutation ($v: ImageUpdateInput!) { imageUpdate(input: $v) { id } }",
                    {"v": {"id": identifier, "studio_id": studio}},
                )


@asynccontextmanager
async def lending(apart: Apart, server: StashClient) -> AsyncIterator[Lent]:
    """Provide the server's own media, for one block. `server` sees everything."""
    lent = Lent(apart, server)
    try:
        yield lent
    finally:
        await lent.take_back()


def _folder(path: str) -> str:
    """With its separator, which is the server's."""
    return path[: len(path) - len(_name(path))]


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
