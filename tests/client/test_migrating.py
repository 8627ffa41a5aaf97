"""Each call of docs/client/migrating.md replaces that of the other library."""

from __future__ import annotations

import ast
import asyncio
import re
from typing import Any

import pytest

import stashsync
from stashsync import BatchOperation, SceneMarker, StashCapabilityError
from stashsync.sandbox import RELEASES, MediaFile, Sandbox, running
from stashsync.types import FilterMode
from tests.support.docs_tools import DOCS
from tests.support.scripts import made

PAGE = (DOCS / "client" / "migrating.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## From `(.*?)`\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
_ROW = re.compile(r"^\| `([^`]*)` \| (?:`([^`]*)`|the same) \|$", re.MULTILINE)
_CALL = re.compile(r"(?:stash|client|store|first|second)\b[ .=]|await ")

NOT_IMITATED = (
    "configure_ui", "delete_files", "find_duplicate_scenes", "find_files", "list_scrapers",
    ".logs(", "marker_strings", "metadata_identify", "plugin_tasks", "query_sql", "reload_scrapers",
    "run_plugin_task", "scene_generate_screenshot", "scene_marker_tags", "scene_streams",
    "scrape_scene_url", "scrape_single_scene",
)  # fmt: skip
"""What the sandbox refuses as not imitated; a real server has these."""

NOTHING = ("backup_database", "find_scene_by_hash", '["scan"]', ".save(client)", ".aclose()")
"""What answers null on the sandbox: no file is downloaded, found, or set."""

LIBRARY: tuple[tuple[str, dict[str, Any]], ...] = (
    *(("tag", {"name": name}) for name in ("Fog", "Hail", "Mist", "Sleet")),
    *(("scene", {"title": name}) for name in ("a", "b", "c")),
    *(("performer", {"name": name}) for name in ("Ada", "Cleo")),
    *(("group", {"name": name}) for name in ("Lake", "Pier")),
    ("studio", {"name": "North"}),
    *(("gallery", {"title": name}) for name in ("a", "b")),
    ("sceneMarker", {"scene_id": "1", "title": "m", "seconds": 1.0, "primary_tag_id": "1"}),
)


def rows_of(section: str) -> list[tuple[str, str]]:
    """Return the rows of a table: calls of the other library with ours, in order."""
    found = _ROW.findall(section)
    return [(theirs, ours or theirs) for theirs, ours in found if _CALL.match(theirs)]


@pytest.mark.parametrize("library", SECTIONS)
def test_each_call_does_what_the_page_describes(library: str) -> None:
    """The calls run in the order of the page, on one sandbox."""
    rows = rows_of(SECTIONS[library])
    assert len(rows) > 40
    assert len({theirs for theirs, _ in rows}) == len(rows)
    sandbox = Sandbox(release=list(RELEASES)[-1])
    sandbox.media.append(MediaFile("/media/lake.png"))
    with running(sandbox) as url:
        host, port = url.removeprefix("http://").rstrip("/").rsplit(":", 1)
        asyncio.run(every_row(rows, names_with({"Host": host, "Port": int(port)})))
    sandbox.close()


def names_with(conn: dict[str, Any]) -> dict[str, Any]:
    """Return the names in the calls that are no objects of the library."""
    rename = BatchOperation("tagUpdate", "TagUpdateInput!", {"input": {"id": "1", "name": "Fog"}})
    return {
        **{name: getattr(stashsync, name) for name in stashsync.__all__},
        "FilterMode": FilterMode,
        "conn": conn, "fragment": {"server_connection": conn},
        "query": "query Q($id: ID!) { findTag(id: $id) { name } }", "variables": {"id": "1"},
        "operations": [rename], "sql": "select 1", "args": [], "values": {}, "f": {},
        "filter_": {"per_page": 5}, "tag_filter": {"favorite": False}, "marker_filter": {},
        "paths": ["/media"], "image_ids": [], "flags": {"rescan": True},
        "url": "https://fog.example/scene", "image": "data:image/png;base64,iVBORw0KGgo=",
        "source": {"scraper_id": "none"},
        "sources": [{"source": {"stash_box_endpoint": "https://box.example/graphql"}}],
        "sub_groups": {"containing_group_id": "1", "sub_groups": [{"group_id": "2"}]},
    }  # fmt: skip


async def every_row(rows: list[tuple[str, str]], names: dict[str, Any]) -> None:
    """Run our side of each row; the first one connects."""
    for number, (theirs, ours) in enumerate(rows):
        code = ours if number == 0 else f"done = {ours}"
        run = eval(compile(code, theirs, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), names)
        if any(name in ours for name in NOT_IMITATED):
            with pytest.raises(StashCapabilityError):
                await run
            continue
        if run is not None:
            await run
        if number == 0:
            await fill(names)
            continue
        done = names["done"]
        assert (done is None) == any(name in ours for name in NOTHING), ours
        assert not isinstance(done, bool) or done, ours
        names["job_id"] = done if "metadata_" in ours else names.get("job_id")
    await names["client"].transport.aclose()


async def fill(names: dict[str, Any]) -> None:
    """Make the library; return its objects by the names that the calls use."""
    client = names["client"]
    await made(client, *LIBRARY)
    await client.wait_for_job(await client.metadata_scan(), period=0.01)
    names |= {
        "store": client.store, "tag": await client.find_tag("1"),
        "ada": await client.find_performer("1"), "first": await client.find_scene("1"),
        "second": await client.find_scene("3"), "gallery": await client.find_gallery("1"),
        "marker": SceneMarker.new(title="m", seconds=1.0, scene_id="1", primary_tag_id="1"),
    }  # fmt: skip
