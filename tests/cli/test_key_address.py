"""The API key goes where its owner sent it, and files about a library are their owner's alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from stashsync.sandbox import Sandbox, running
from tests.cli.project import Project
from tests.support.served import Watched

KEY = "a-key-that-opens-everything"


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[str, Watched]]:
    """Serve a library that notes what it is sent; the key is in the environment."""
    monkeypatch.setenv("STASH_API_KEY", KEY)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with Sandbox(api_key=KEY) as server:
        seen = Watched(server.app)
        with running(seen) as url:
            yield url, seen


def test_an_address_of_the_project_alone_gets_no_key(
    project: Project, watched: tuple[str, Watched]
) -> None:
    """A pull request that edits the settings cannot have the key of a runner."""
    url, seen = watched
    project.write("manifests/a.yaml", "tags: [A]\n")
    project.write("stashsync.yaml", f"server: {{url: {url}}}\n")
    ran = project.run("plan", server=None)
    assert ran.code == 1
    assert "the API key is not sent to" in ran.err
    assert f"STASH_URL={url}" in ran.err
    assert seen.bodies == []


def test_an_address_of_the_environment_or_the_command_line_gets_it(
    project: Project, watched: tuple[str, Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is sent there even if the project names the same address."""
    url, _ = watched
    project.write("manifests/a.yaml", "tags: [A]\n")
    project.write("stashsync.yaml", f"server: {{url: {url}}}\n")
    assert project.run("plan", server=url).code == 0
    monkeypatch.setenv("STASH_URL", url)
    assert project.run("plan", server=None).code == 0


def test_a_project_without_a_key_is_not_asked_about(
    project: Project, watched: tuple[str, Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no key to protect."""
    url, _ = watched
    monkeypatch.delenv("STASH_API_KEY")
    project.write("manifests/a.yaml", "tags: [A]\n")
    project.write("stashsync.yaml", f"server: {{url: {url}}}\n")
    assert "wants an API key" in project.run("plan", server=None).err


def test_a_person_approves_an_address_once(
    project: Project, watched: tuple[str, Watched], tmp_path: Path
) -> None:
    """The answer is remembered for the user, this project and this address."""
    url, _ = watched
    project.write("manifests/a.yaml", "tags: [A]\n")
    project.write("stashsync.yaml", f"server: {{url: {url}}}\n")
    denied = project.at_terminal("plan", answer="no\n", server=None)
    assert denied.code == 1
    assert "The API key (environment STASH_API_KEY) would be sent there" in denied.err
    assert project.at_terminal("plan", answer="yes\n", server=None).code == 0
    assert project.run("plan", server=None).code == 0
    remembered = tmp_path / "state" / "stashsync" / "trusted.json"
    assert KEY not in remembered.read_text("utf-8")
    assert stat.S_IMODE(remembered.stat().st_mode) == 0o600
    project.write("stashsync.yaml", f"server: {{url: {url.replace('127.0.0.1', 'localhost')}}}\n")
    assert project.run("plan", server=None).code == 1


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_files_about_a_library_are_their_owners_alone(project: Project) -> None:
    """Plans, snapshots, reports and the baseline hold the names of a private library."""
    project.write("manifests/a.yaml", "tags: [A]\n")
    project.run("plan", "--out", "kept.plan")
    project.run("plan", "--format", "json", "--output", "plan.json")
    project.run("apply", "--auto-approve")
    project.run("snapshot", "library.json")
    (baseline,) = (project.root / ".stashsync").glob("baseline-*")
    for path in (
        *(project.root / name for name in ("kept.plan", "plan.json", "library.json")),
        baseline,
    ):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
