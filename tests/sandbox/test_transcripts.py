"""The sandbox gives the answers that a real server gave, in every recorded story."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stashsync.sandbox import Sandbox, running
from tests.support.data import DATA
from tests.support.replay import play

STORIES = sorted((DATA / "transcripts").glob("*.json"))
RECORDED = "develop"
"""Release of the server that the stories were recorded on."""


@pytest.mark.parametrize("story", STORIES, ids=[path.stem for path in STORIES])
def test_the_sandbox_answers_a_story_as_the_real_server_did(story: Path) -> None:
    """Status, media type, data, messages and paths of every step equal the recorded ones."""
    with Sandbox(release=RECORDED) as sandbox, running(sandbox) as url:
        assert play(story, url) == {}


def test_a_story_that_differs_is_noticed(tmp_path: Path) -> None:
    """Status, media type, data, messages and paths are all compared."""
    story = json.loads((DATA / "transcripts" / "tag-rename-swap.json").read_text("utf-8"))
    response = story["steps"][1]["response"]
    response["status"], response["content_type"] = 201, "text/plain"
    response["body"]["data"]["a"] = {"id": "1"}
    response["body"]["errors"][0]["path"] = ["b"]
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(story), encoding="utf-8")
    with Sandbox(release=RECORDED) as sandbox, running(sandbox) as url:
        (differences,) = play(changed, url).values()
    assert [difference.partition(":")[0] for difference in differences] == [
        "status",
        "content type",
        "data.a",
        "errors",
    ]
