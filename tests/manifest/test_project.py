"""Which files are manifests, and the errors of files that cannot be read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from stashsync.errors import ManifestError
from stashsync.manifest import load
from tests.manifest.support import rendered, write_project


def faults(root: Path, folder: str = "manifests") -> str:
    """Load the project and return its problems."""
    with pytest.raises(ManifestError) as caught:
        load(root, folder=folder)
    return rendered(caught.value.problems)


def test_all_yaml_files_below_the_folder_are_one_state(tmp_path: Path) -> None:
    """Extensions match in any case; hidden files and folders and other files are not read."""
    write_project(
        tmp_path,
        {
            "a.yaml": "tags: [A]\n",
            "deep/er/b.yml": "tags: [B]\n",
            "C.YAML": "tags: [C]\n",
            "notes.txt": "tags: [D]\n",
            ".hidden.yaml": "tags: [E]\n",
            ".git/f.yaml": "tags: [F]\n",
        },
    )
    desired = load(tmp_path)
    assert [item.name for item in desired.state] == ["A", "B", "C"]
    assert desired.files == ("manifests/C.YAML", "manifests/a.yaml", "manifests/deep/er/b.yml")


def test_the_folder_may_be_named(tmp_path: Path) -> None:
    """A setting names the manifests folder."""
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "a.yaml").write_text("tags: [A]\n")
    assert load(tmp_path, folder="library").files == ("library/a.yaml",)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    """A folder without manifests never counts as an empty desired state."""
    (tmp_path / "manifests").mkdir()
    assert faults(tmp_path).startswith("manifests: there are no manifests in this folder\n")


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    """The manifests folder has to exist and must not be a file."""
    assert faults(tmp_path).startswith("manifests: the manifests folder does not exist\n")
    (tmp_path / "manifests").write_text("tags: [A]\n")
    assert faults(tmp_path).startswith("manifests: the manifests folder is not a folder\n")


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """Links to outside files, to outside folders and to nowhere are all reported."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.yaml").write_text("tags: [X]\n")
    root = write_project(tmp_path / "p", {"a.yaml": "tags: [A]\n"})
    manifests = root / "manifests"
    (manifests / "file.yaml").symlink_to(outside / "x.yaml")
    (manifests / "folder").symlink_to(outside)
    (manifests / "nowhere.yaml").symlink_to("missing.yaml")
    text = faults(root)
    assert "manifests/file.yaml: this link leaves the manifests folder\n" in text
    assert "manifests/folder: this link leaves the manifests folder\n" in text
    assert "manifests/nowhere.yaml: this link leads nowhere\n" in text


def test_a_link_within_the_folder_is_read_once(tmp_path: Path) -> None:
    """A file that is also linked would otherwise declare everything twice."""
    root = write_project(tmp_path, {"a.yaml": "tags: [A]\n", "sub/b.yaml": "tags: [B]\n"})
    (root / "manifests" / "c.yaml").symlink_to("sub/b.yaml")
    (root / "manifests" / "d").symlink_to("sub")
    assert [item.name for item in load(root).state] == ["A", "B"]


def test_a_link_to_what_is_not_read_is_refused(tmp_path: Path) -> None:
    """A link to a hidden file would look like a manifest and never be read."""
    root = write_project(tmp_path, {"a.yaml": "tags: [A]\n", ".b.yaml": "tags: [B]\n"})
    (root / "manifests" / "b.yaml").symlink_to(".b.yaml")
    assert "manifests/b.yaml: this link leads to a file that is not read" in faults(root)


@contextmanager
def without_privileges() -> Iterator[Path]:
    """Yield a folder that everyone may enter, as a user to whom permissions apply."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            if is_root:
                os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions are others here")
def test_an_unreadable_file_or_folder_is_an_error() -> None:
    """A desired state that was read only in part is never used."""
    with without_privileges() as folder:
        root = write_project(folder, {"a.yaml": "tags: [A]\n", "sub/b.yaml": "tags: [B]\n"})
        (root / "manifests" / "a.yaml").chmod(0)
        (root / "manifests" / "sub").chmod(0)
        try:
            text = faults(root)
        finally:
            (root / "manifests" / "sub").chmod(0o755)
    assert "manifests/a.yaml: this file cannot be read: Permission denied\n" in text
    assert "manifests/sub: this folder cannot be read: Permission denied\n" in text


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    """Reading a pipe would block until another process writes to it."""
    root = write_project(tmp_path, {"a.yaml": "tags: [A]\n"})
    os.mkfifo(root / "manifests" / "pipe.yaml")
    assert "manifests/pipe.yaml: this is not a regular file\n" in faults(root)


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    """Memory stays bounded; the message gives the limit and the way out."""
    root = write_project(tmp_path, {"a.yaml": "tags: [A]\n"})
    os.truncate(root / "manifests" / "a.yaml", 2**28 + 1)
    text = faults(root)
    assert "a.yaml: this file has 268,435,457 bytes; at most 268,435,456 are read\n" in text
    assert "cut it into several files" in text
