"""docs/client/migrating.md: each call that it gives in the place of another library's works."""

from __future__ import annotations

import ast
import asyncio
import re
from typing import Any

import pytest

from stashsync import Image, SceneMarker, StashCapabilityError, StashContext, Tag
from stashsync.sandbox import Sandbox, running
from tests.support.docs_tools import DOCS
from tests.support.scripts import made

PAGE = (DOCS / "client" / "migrating.md").read_text("utf-8")
ROWS = re.findall(r"^\| `(stash[ .=].*?)` \| `(.*?)` \|$", PAGE, re.MULTILINE)
NOT_IMITATED = {"query_sql", "find_duplicate_scenes", "run_plugin_task", "scrape_scene_url",
                "list_scrapers", "reload_scrapers"}  # fmt: skip
"""What the sandbox refuses as not imitated; a real server has these."""

NOTHING = ("backup_database", "find_scene_by_hash", '["scan"]')
"""What answers null on the sandbox: no file is downloaded, found, or set."""


def test_each_call_does_what_the_page_says() -> None:
    """In their order, on one sandbox."""
    assert len(ROWS) > 40
    assert len({theirs for theirs, _ in ROWS}) == len(ROWS)
    sandbox = Sandbox()
    with running(sandbox) as url:
        host, port = url.removeprefix("http://").rstrip("/").rsplit(":", 1)
        names: dict[str, Any] = {
            "StashContext": StashContext, "Tag": Tag, "SceneMarker": SceneMarker,
            "fragment": {"server_connection": {"Host": host, "Port": int(port)}},
            "query": "query Q($id: ID!) { findTag(id: $id) { name } }", "variables": {"id": "1"},
            "sql": "select 1", "args": [], "f": {}, "paths": ["/media"], "image_ids": [],
            "flags": {"rescan": True}, "url": "https://fog.example/scene",
            "Image": Image,
            "marker": {"scene_id": "1", "title": "m", "seconds": 1.0, "primary_tag_id": "1"},
        }  # fmt: skip
        asyncio.run(every_row(names))
    sandbox.close()


async def every_row(names: dict[str, Any]) -> None:
    """Run our side of each row."""
    for number, (theirs, ours) in enumerate(ROWS):
        names["job_id"] = names.get("done")
        code = ours if number == 0 else f"done = {ours}"
        run = eval(compile(code, theirs, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), names)
        lacking = any(name in ours for name in NOT_IMITATED)
        if lacking:
            with pytest.raises(StashCapabilityError):
                await run
            continue
        if run is not None:
            await run
        if number == 0:
            names["store"] = names["client"].store
            await made(names["client"], *(("tag", {"name": name}) for name in LIBRARY["tag"]),
                       *(("scene", {"title": name}) for name in LIBRARY["scene"]),
                       *(("performer", {"name": name}) for name in LIBRARY["performer"]),
                       ("studio", {"name": "North"}), ("gallery", {"title": "a"}))  # fmt: skip
        else:
            empty = any(name in ours for name in NOTHING)
            assert (names["done"] is None) == empty, ours
            assert not isinstance(names["done"], bool) or names["done"], ours
    await names["client"].transport.aclose()


LIBRARY = {
    "tag": ["Fog", "Hail", "Mist", "Sleet"],
    "scene": ["a", "b", "c"],
    "performer": ["Ada", "Cleo"],
}
