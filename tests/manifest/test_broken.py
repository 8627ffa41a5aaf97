"""Broken manifests: each folder has `manifests/` and the expected problems, `expected.txt`.

UPDATE_EXPECTED=1 rewrites the expected texts; read the difference before you commit.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from stashsync.errors import ManifestError
from stashsync.manifest import load
from tests.manifest.support import rendered

STORIES = Path(__file__).parent / "broken"


@pytest.mark.parametrize("story", sorted(folder.name for folder in STORIES.iterdir()))
def test_a_broken_manifest_is_reported_with_all_its_faults(story: str, tmp_path: Path) -> None:
    """Every fault of every file is reported in one run, at its place and with a way out."""
    root = tmp_path / "project"
    shutil.copytree(STORIES / story, root)
    with pytest.raises(ManifestError) as caught:
        load(root)
    expected = STORIES / story / "expected.txt"
    text = rendered(caught.value.problems)
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(text, encoding="utf-8", newline="\n")
    assert text == expected.read_text(encoding="utf-8")
    places = [problem.mark for problem in caught.value.problems]
    assert places == sorted(places)


@pytest.mark.parametrize("story", sorted(folder.name for folder in STORIES.iterdir()))
def test_faults_are_never_remembered(story: str, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """With a cache a broken project is reported just the same, however often it is loaded."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    root = tmp_path / "project"
    shutil.copytree(STORIES / story, root)
    reports = []
    for _ in range(2):
        with pytest.raises(ManifestError) as caught:
            load(root, cached=True)
        reports.append(rendered(caught.value.problems))
    with pytest.raises(ManifestError) as caught:
        load(root)
    assert reports == [rendered(caught.value.problems)] * 2
