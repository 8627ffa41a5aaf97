"""The sandbox gives the answers that a real server gave, story by story."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest

from stashsync.sandbox import Sandbox, running
from tests.shared import shared

STORIES = shared("stash/transcripts")
RECORDED = "develop"
"""The release that the stories were recorded on."""

PLAYED = sorted(path.stem for path in STORIES.glob("*.json")) if STORIES.is_dir() else []


@pytest.fixture(scope="module")
def replay() -> ModuleType:
    """The replayer that lies beside the stories."""
    path = shared("stash/replay_transcripts.py")
    spec = importlib.util.spec_from_file_location("replay_transcripts", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = writes
    return module


@contextmanager
def fresh_server() -> Iterator[str]:
    with Sandbox(release=RECORDED) as sandbox, running(sandbox) as url:
        yield url


@pytest.mark.parametrize("story", PLAYED)
def test_the_sandbox_answers_a_story_as_the_real_server_did(story: str, replay: ModuleType) -> None:
    """Status, type, data, messages and paths of every step are those that were recorded."""
    _, steps = replay.play(STORIES / f"{story}.json", fresh_server(), True)
    assert {name: differences for name, differences in steps if differences} == {}
