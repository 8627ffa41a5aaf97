"""What is published: the wheel, its metadata, the notes of a version, the pages of the site."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
HOME = "https://code.example/stashsync"


def script(name: str) -> ModuleType:
    """Load a script of `release/`, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "release" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wheel_in(folder: Path, **variables: str) -> Path:
    """Build the wheel from the tree, without a network."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        env=os.environ | variables,
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_the_wheel_has_all_that_the_commands_need(tmp_path: Path) -> None:
    """The demo reads manifests, the graph page reads scripts, `init --from` reads the gallery."""
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(wheel_in(tmp_path)) as wheel:
        wheel.extractall(unpacked)
    assert [*unpacked.glob("*.data/data/share/man/man1/stashsync.1")]
    for arguments in (
        ["demo"],
        ["-C", str(tmp_path / "project"), "init", "--from", "genres"],
        ["-C", str(tmp_path / "project"), "graph", "--format", "html"],
    ):
        (tmp_path / "project").mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "stashsync", *arguments],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(unpacked)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
    where = "import stashsync; print(stashsync.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", where],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(found.stdout.strip()).is_relative_to(unpacked), "the wheel's package was run"


def test_published_metadata_leads_to_the_repository(tmp_path: Path) -> None:
    """Links of the README are relative in the repository, and would be dead on a package index."""
    with zipfile.ZipFile(wheel_in(tmp_path, STASHSYNC_REPOSITORY=HOME)) as wheel:
        (name,) = [name for name in wheel.namelist() if name.endswith("/METADATA")]
        metadata = HeaderParser().parsestr(wheel.read(name).decode())
    assert f"Issues, {HOME}/issues" in metadata.get_all("Project-URL", [])
    page = str(metadata.get_payload())
    assert f"]({HOME}/blob/v{metadata['Version']}/docs/pull.md)" in page
    assert "](docs/" not in page


def test_a_build_that_knows_no_repository_names_none(tmp_path: Path) -> None:
    """A clone cannot know where it is published; a wrong address is worse than none."""
    with zipfile.ZipFile(wheel_in(tmp_path, STASHSYNC_REPOSITORY="")) as wheel:
        (name,) = [name for name in wheel.namelist() if name.endswith("/METADATA")]
        assert "Project-URL: " not in wheel.read(name).decode()


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("[a](docs/undo.md)", f"[a]({HOME}/blob/v1/docs/undo.md)"),
        ("[a](docs/cli.md#settings)", f"[a]({HOME}/blob/v1/docs/cli.md#settings)"),
        ("[a](docs/adr/)", f"[a]({HOME}/tree/v1/docs/adr/)"),
        ("![a](docs/x.svg)", f"![a]({HOME}/raw/v1/docs/x.svg)"),
        ("[a](https://other.example)", "[a](https://other.example)"),
        ("[a](#part)", "[a](#part)"),
    ],
)
def test_links_become_absolute(link: str, expected: str) -> None:
    """Links that are absolute, or lead to a part of the same page, stay."""
    assert script("metadata").with_absolute_links(link, HOME, "v1") == expected


def test_the_notes_of_a_version_are_its_part_of_the_changelog() -> None:
    """A version without a date is not ready to be released."""
    changelog = "# Changes\n\n## 2.0 (2026-01-02)\n\nNew.\n\n## 1.0 (unreleased)\n\nFirst.\n"
    publish = script("publish")
    assert publish.notes_of(changelog, "2.0") == "New.\n"
    assert publish.notes_of(changelog, "1.0") == "First.\n"
    assert publish.faults_of(changelog, "2.0") == []
    assert "date" in publish.faults_of(changelog, "1.0")[0]
    assert "no section" in publish.faults_of(changelog, "3.0")[0]


def test_hashes_are_those_that_sha256sum_checks(tmp_path: Path) -> None:
    """Two spaces and the bare name, so that `sha256sum --check` works in the folder."""
    (tmp_path / "a.whl").write_bytes(b"abc")
    line = script("publish").hash_line(tmp_path / "a.whl")
    assert line == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.whl\n"


@pytest.mark.parametrize(
    ("source", "link", "expected"),
    [
        ("README.md", "[a](docs/pull.md#comments)", "[a](pull.md#comments)"),
        ("docs/client/guide.md", "[a](../pull.md)", "[a](../pull.md)"),
        ("docs/pull.md", "[a](../README.md)", "[a](index.md)"),
        ("docs/pull.md", "[a](adr/)", "[a](adr/README.md)"),
        ("docs/pull.md", "[a](../tests/x.py)", f"[a]({HOME}/blob/main/tests/x.py)"),
        ("docs/pull.md", "```\n[a](../README.md)\n```", "```\n[a](../README.md)\n```"),
    ],
)
def test_links_of_a_page_hold_in_the_site(source: str, link: str, expected: str) -> None:
    """Pages are in other places there, and files of the code are not there at all."""
    site = script("site")
    assert site.moved(link, source, site.pages(), HOME) == expected


def test_every_page_is_in_the_site_s_list() -> None:
    """Readers find a page by the list; the records have a list of their own."""
    listed = (ROOT / "release" / "mkdocs.yml").read_text("utf-8")
    for target in script("site").pages().values():
        if target.endswith(".md") and not target.startswith("adr/0"):
            assert target in listed
