"""`memory:` in the settings: where what is remembered lives, for runs without the project's folder.

Source: docs/ci.md
"""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from stashsync.config import FileSettings, Flags, settle
from stashsync.errors import ManifestError
from stashsync.manifest.settings import parse_settings
from stashsync.sandbox import Sandbox, running
from tests.cli.project import Project

TAG = "tags: [{name: A, description: one}]\n"


def rename(server: Sandbox, new: str) -> None:
    """Rename the only tag as a person does in Stash's own pages."""
    server.library.mutate("tagUpdate", {"input": {"id": "1", "name": new}})


@pytest.mark.parametrize("inside", [True, False])
def test_every_command_keeps_its_state_there(
    project: Project, tmp_path: Path, inside: bool
) -> None:
    """A fresh checkout with the same memory knows what the former one did."""
    memory = "kept/here" if inside else str(tmp_path / "cache" / "stashsync")
    shutil.rmtree(project.root / "manifests")
    project.write("manifests/a.yaml", TAG)
    project.write("stashsync.yaml", f"memory: {memory}\n")
    with Sandbox() as server, running(server) as url:
        assert project.run("apply", "--auto-approve", server=url).code == 0
        assert not (project.root / ".stashsync").exists()
        folder = project.root / memory
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert {path.name.split("-")[0] for path in files} >= {"baseline", ".gitignore"}
        assert any(path.suffix == ".jsonl" for path in files)
        for path in files:
            if path.suffix in (".json", ".jsonl"):
                assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
        rename(server, "B")
        assert "renamed on the server since the last apply" in project.run("plan", server=url).out
        assert "made on the server" in project.run("drift", server=url).out
        assert project.run("pull", "--auto-approve", server=url).code == 0
        assert "name: B" in project.read("manifests/a.yaml")
        assert "No changes." in project.run("plan", server=url).out


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_memory_that_cannot_be_written_is_an_error_before_anything_is_sent(
    project: Project, tmp_path: Path
) -> None:
    """Otherwise the next run would take its own work for another client's."""
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    _refused(project, locked / "memory")


def test_a_memory_below_a_file_is_an_error_before_anything_is_sent(
    project: Project, tmp_path: Path
) -> None:
    """It is an error even for a user with all rights."""
    (tmp_path / "file").write_text("")
    _refused(project, tmp_path / "file" / "memory")


def _refused(project: Project, memory: Path) -> None:
    project.write("manifests/a.yaml", TAG)
    project.write("stashsync.yaml", f"memory: {memory}\n")
    with Sandbox() as server, running(server) as url:
        ran = project.run("apply", "--auto-approve", server=url)
        assert ran.code == 1
        assert f"cannot write {memory}" in ran.err
        assert "Nothing was sent." in ran.err
        assert server.library.query("findTags", {})["count"] == 0


def test_a_profile_may_have_a_memory_of_its_own(tmp_path: Path) -> None:
    """By default it is `.stashsync` in the project; `~` is the home."""
    file = parse_settings(b"memory: one\nprofiles: {kids: {memory: ~/two}, other: {mark: false}}\n")

    def memory(given: FileSettings, profile: str | None = None) -> Path:
        return settle(tmp_path, given, Flags(profile=profile), {}).memory

    assert memory(FileSettings()) == tmp_path / ".stashsync"
    assert memory(file) == memory(file, "other") == tmp_path / "one"
    assert memory(file, "kids") == Path("~/two").expanduser()
    with pytest.raises(ManifestError):
        parse_settings(b"memory: [one]\n")
