"""Several files are written, or none."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from stashsync.cli.files import require_writable, write_all, write_file
from stashsync.errors import StashConfigurationError
from tests.cli.project import Project


def test_all_files_are_written_with_their_modes(tmp_path: Path) -> None:
    """A file that is there keeps its mode; folders are made; nothing else is left."""
    (tmp_path / "a.yaml").write_text("old")
    (tmp_path / "a.yaml").chmod(0o640)
    write_all(tmp_path, {"a.yaml": b"new", "tags/b.yaml": b"b"})
    assert (tmp_path / "a.yaml").read_bytes() == b"new"
    assert (tmp_path / "a.yaml").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "tags/b.yaml").read_bytes() == b"b"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.yaml", "b.yaml", "tags"]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    """The old files stay even if the failure comes after the first one was replaced."""
    (tmp_path / "a.yaml").write_text("old")
    (tmp_path / "b.yaml").mkdir()
    (tmp_path / "b.yaml" / "in the way").touch()
    with pytest.raises(StashConfigurationError, match="cannot write"):
        write_all(tmp_path, {"a.yaml": b"new", "c.yaml": b"c", "b.yaml": b"b"})
    assert (tmp_path / "a.yaml").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml", "b.yaml"]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_full_disk_is_reported_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which the system does not name: neither the folder nor a temporary file is meant."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StashConfigurationError, match=r"write .*a\.yaml: No space left"):
        write_all(tmp_path, {"a.yaml": b"new"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="pipes have no names there")
def test_a_pipe_is_written_as_it_is() -> None:
    """A shell names one where it has `--output >(command)`."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream:
        with os.fdopen(writing, "wb"):
            require_writable(f"/dev/fd/{writing}")
            write_file(f"/dev/fd/{writing}", b"text")
        assert stream.read() == b"text"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """The file that the link leads to is written."""
    (tmp_path / "real.yaml").write_text("old")
    (tmp_path / "link.yaml").symlink_to("real.yaml")
    write_all(tmp_path, {"link.yaml": b"new"})
    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_bytes() == b"new"


@pytest.mark.parametrize(
    "arguments",
    [["show", ""], ["apply", ""], ["graph", ""], ["snapshot", ""], ["plan", "--out", ""]],
    ids=" ".join,
)
def test_an_empty_name_of_a_file_is_called_so(project: Project, arguments: list[str]) -> None:
    """An empty name would otherwise mean the current folder."""
    project.write("manifests/tags.yaml", "tags: [A]\n")
    ran = project.run(*arguments)
    assert ran.code == 1
    assert "Error: the name of a file is empty" in ran.err
