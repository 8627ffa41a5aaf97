"""`plugin`: its files, what a server gets of it, and a source of plugins."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

import stashsync
from stashsync.manifest.nodes import compose
from stashsync.sandbox import Sandbox, running
from stashsync.wire.capabilities import PLUGIN
from tests.cli.project import Project

FILES = ["start.py", "stashsync-tasks.yml"]


def test_the_plugin_is_written_into_a_folder(project: Project, tmp_path: Path) -> None:
    """Twice is as good as once; a file that is not ours is kept."""
    plugins = tmp_path / "stash" / "plugins"
    missing = project.run("plugin", "install", str(plugins), server=None)
    assert missing.code == 1
    assert "there is no folder" in missing.err
    plugins.parent.mkdir()
    for _ in range(2):
        ran = project.run("plugin", "install", str(plugins), server=None)
        assert ran.code == 0
        assert "Reload plugins" in ran.out
    place = plugins / "stashsync-tasks"
    assert sorted(path.name for path in place.iterdir()) == FILES
    described = (place / "stashsync-tasks.yml").read_text("utf-8")
    assert f'version: "{stashsync.__version__}"' in described
    assert len(compose(described)[0]) == 1
    (place / "start.py").write_text("# mine\n", "utf-8")
    refused = project.run("plugin", "install", str(plugins), server=None)
    assert refused.code == 1
    assert "is no file of this plugin" in refused.err
    assert (place / "start.py").read_text("utf-8") == "# mine\n"


def test_a_server_on_this_machine_gets_the_plugin_and_its_settings(project: Project) -> None:
    """It names its folder. The library's mark stays."""
    assert project.run("apply", "--auto-approve").code == 0
    for _ in range(2):
        ran = project.run("plugin", "install")
        assert ran.code == 0, ran.err
        assert f"project  {project.root.resolve()}" in ran.out
    assert (
        sorted(path.name for path in (project.root / "plugins/stashsync-tasks").iterdir()) == FILES
    )
    assert project.run("plan").code == 0  # the library is still the same one
    assert len(list((project.root / ".stashsync").glob("baseline-*"))) == 1


def test_a_page_that_was_opened_before_the_mark_does_not_take_it_away(project: Project) -> None:
    """It writes back the settings of all plugins as they were when it was opened."""
    with Sandbox() as server, running(server) as url:
        assert project.run("plugin", "install", server=url).code == 0
        opened = server.library.plugin_settings({})
        assert project.run("apply", "--auto-approve", server=url).code == 0
        marked = server.library.plugin_settings({"include": [PLUGIN]})
        assert marked[PLUGIN]["library"]
        for plugin, settings in opened.items():
            server.library.configure_plugin(plugin, {**settings, "python": "/usr/bin/python3"})
        assert server.library.plugin_settings({"include": [PLUGIN]}) == marked
        assert project.run("undo", "--auto-approve", server=url).code == 0


@pytest.mark.parametrize("named", ["C:plugins", "plugins", ""])
def test_a_folder_that_is_none_on_this_machine_is_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    """A server on another system names its own path, which would become a file here."""
    monkeypatch.setattr("stashsync.sandbox.system.System._beside", lambda *_: named)
    before = sorted(project.root.iterdir())
    ran = project.run("plugin", "install", server="sandbox:")
    assert ran.code == 1
    assert "is no whole path on this machine" in ran.err
    assert sorted(project.root.iterdir()) == before


def test_a_source_of_plugins_lists_the_zip_with_its_hash(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same for the same moment, so that a release can be built twice."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = []
    for folder in ("first", "second"):
        assert project.run("plugin", "source", folder, server=None).code == 0
        made.append([(project.root / folder / name).read_bytes()
                     for name in ("stashsync-tasks.zip", "index.yml")])  # fmt: skip
    assert made[0] == made[1]
    packed, listed = made[0]
    assert f"sha256: {hashlib.sha256(packed).hexdigest()}" in listed.decode()
    assert 'date: "2023-11-14 22:13:20"' in listed.decode()
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert sorted(archive.namelist()) == FILES
