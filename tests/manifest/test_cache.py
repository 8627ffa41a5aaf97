"""The cache of parsed manifests makes loading faster and changes nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import stashsync
from stashsync.errors import ManifestError
from stashsync.kinds import KINDS
from stashsync.manifest import Desired, cache, load, project
from stashsync.manifest.reader import read
from tests.manifest.support import write_project

FILES = {
    "a.yaml": "tags:\n  - {name: Attic, state: absent}\n  - name: Camera\n    merge: [Cameras]\n"
    "    children: [Drone, {name: Lens, aliases: [Glass]}]\n",
    "b.yaml": "performers:\n  - name: Ada\n    tags: [Camera]\n    height_cm: 170\n"
    "    stash_ids: {https://x.example: one}\n    custom_fields: {a: 1.5, b: null}\n",
    "large.yaml": "studios:\n"
    + "".join(f"  - name: Studio {n}\n    children: [Sub {n}]\n" for n in range(1000)),
}


@pytest.fixture(autouse=True)
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set a new cache folder of the user, and return it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    return tmp_path / "user"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_project(tmp_path / "project", FILES)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which the name of each parsed file is added."""
    files: list[str] = []

    def spy(source, report):  # type: ignore[no-untyped-def]
        files.append(source.file)
        return read(source, report)

    monkeypatch.setattr("stashsync.manifest.loading.read", spy)
    return files


def cached(root: Path) -> Desired:
    return load(root, cached=True)


def content(desired: Desired) -> object:
    return desired.digest, [
        (
            item.kind,
            item.key,
            item.values,
            item.id,
            item.mark,
            item.renamed_from,
            item.keep_old_name,
            item.merge,
            item.absent,
        )
        for item in desired.state
    ]


def entries(user: Path) -> list[Path]:
    return sorted((user / "stashsync" / "manifests").glob("*/*"))


def test_an_unchanged_project_is_not_parsed_again(root: Path, parsed: list[str]) -> None:
    """The cached project has the same state, digest and places."""
    plain = content(load(root))
    parsed.clear()
    assert content(cached(root)) == plain
    assert len(parsed) == 3
    again = cached(root)
    assert content(again) == plain
    assert len(parsed) == 3
    ada = again.state.of("performer")[0]
    assert str(again.locate(ada, ("height_cm",))) == "manifests/b.yaml:4:16"


def test_only_what_changed_is_parsed_again(root: Path, parsed: list[str]) -> None:
    """A large file has a cache entry of its own; small files share the project's."""
    cached(root)
    parsed.clear()
    write_project(root, {"a.yaml": "tags: [Camera, Travel]\n"})
    state = cached(root).state
    assert [item.name for item in state.of("tag")] == ["Camera", "Travel"]
    assert "manifests/large.yaml" not in parsed
    assert content(cached(root)) == content(load(root))


def test_a_file_that_was_renamed_has_its_new_name(root: Path) -> None:
    """Entries are found by content, so the places in them are given by the file's new name."""
    cached(root)
    manifests = root / "manifests"
    (manifests / "large.yaml").rename(manifests / "moved.yaml")
    assert cached(root).state.of("studio")[0].file == "manifests/moved.yaml"
    assert content(cached(root)) == content(load(root))


@pytest.mark.parametrize("damage", [b"", b"x", b"\x00" * 5000, None])
def test_a_damaged_entry_is_as_if_it_were_not_there(
    root: Path, user: Path, damage: bytes | None
) -> None:
    """An entry that was emptied, overwritten, or has one flipped bit is ignored."""
    plain = content(cached(root))
    for entry in entries(user):
        data = bytearray(entry.read_bytes())
        data[-1] ^= 1
        entry.write_bytes(bytes(data) if damage is None else damage)
    assert content(cached(root)) == plain


def test_an_entry_under_another_name_is_not_read(root: Path, user: Path) -> None:
    """The digest of an entry covers its name, so an entry copied over another is refused."""
    cached(root)
    write_project(root, {"a.yaml": "tags: [Other]\n"})
    before = set(entries(user))
    cached(root)
    new = next(path for path in set(entries(user)) - before if path.name.startswith("project"))
    old = next(path for path in before if path.name.startswith("project"))
    new.write_bytes(old.read_bytes())
    assert [item.name for item in cached(root).state.of("tag")] == ["Other"]


def test_a_cache_that_cannot_be_written_is_none(root: Path, user: Path) -> None:
    """Manifests load without a cache on a full or read-only disk."""
    user.write_text("a file, not a folder")
    assert content(cached(root)) == content(load(root))


def test_nothing_is_written_into_the_project(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative XDG_CACHE_HOME is ignored, since it could lead into the project."""
    monkeypatch.chdir(root)
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    monkeypatch.setenv("HOME", str(root.parent / "home"))
    before = sorted(root.rglob("*"))
    assert content(cached(root)) == content(cached(root)) == content(load(root))
    assert sorted(root.rglob("*")) == before


@pytest.mark.skipif(os.name != "posix", reason="folders have no such modes")
def test_the_folder_is_the_users_alone_or_not_used(
    root: Path, user: Path, parsed: list[str]
) -> None:
    """Marshal data is not read from a folder that others can write to, nor through a link."""
    cached(root)
    folder = user / "stashsync" / "manifests"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.rglob("*"))
    parsed.clear()
    folder.chmod(0o770)
    cached(root)
    assert len(parsed) == 3
    folder.chmod(0o700)
    folder.rename(user / "elsewhere")
    folder.symlink_to(user / "elsewhere")
    cached(root)
    assert len(parsed) == 6


def test_the_code_that_makes_entries_is_part_of_their_name() -> None:
    """Every path in `cache.CODE` exists, so that a moved module is noticed."""
    package = Path(stashsync.__file__).parent
    for place in cache.CODE:
        assert (package / place).exists(), place


def test_entries_have_the_same_names_in_all_processes() -> None:
    """Otherwise no run would find what another one left."""
    show = (
        "from stashsync.kinds import KINDS; from stashsync.manifest.cache import fingerprint; "
        "print(fingerprint(KINDS).hex())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", show],
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(found) == 1


def test_deleting_the_cache_is_safe(root: Path, user: Path) -> None:
    """The cache holds nothing that is not in the manifests."""
    plain = content(cached(root))
    for entry in entries(user):
        entry.unlink()
    assert content(cached(root)) == plain


def test_other_kinds_have_other_entries(root: Path) -> None:
    """A manifest means something else with other kinds, so their entries are separate."""
    cached(root)
    fewer = {name: kind for name, kind in KINDS.items() if name != "performer"}
    with pytest.raises(ManifestError):
        load(root, kinds=fewer, cached=True)


def test_old_entries_are_swept_away(root: Path, user: Path, tmp_path: Path) -> None:
    """The cache grows neither with every edit nor with every project that was ever loaded."""
    cached(write_project(tmp_path / "forgotten", FILES))
    for folder in (user / "stashsync" / "manifests").iterdir():
        os.utime(folder, (0, 0))
    for number in range(40):
        write_project(root, {"a.yaml": f"tags: [Tag {number}]\n"})
        cached(root)
    assert len(entries(user)) < 25
    assert len(list((user / "stashsync" / "manifests").iterdir())) == 1


def test_a_changed_image_is_seen_though_no_manifest_changed(root: Path) -> None:
    """Every load checks the image files, and reads those that changed."""
    picture = root / "a.png"
    picture.write_bytes(b"\x89PNG one")
    write_project(root, {"a.yaml": "tags:\n  - {name: Camera, image: a.png}\n"})
    first = cached(root)
    assert content(cached(root)) == content(first)
    picture.write_bytes(b"\x89PNG two")
    second = cached(root)
    assert second.digest != first.digest
    assert content(second) == content(load(root))
    picture.unlink()
    with pytest.raises(ManifestError) as caught:
        cached(root)
    assert str(caught.value.problems[0].mark) == "manifests/a.yaml:2:27"


def test_files_at_rest_are_not_read_for_their_digest(root: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """A file with the same size, times and inode is unchanged.

    This holds only if it was old enough when they were noted: a file just written may change again
    within the clock's resolution.
    """
    read: list[str] = []

    def spy(path: str) -> bytes:
        read.append(path)
        return project.file_digest(path)

    monkeypatch.setattr("stashsync.manifest.file_digests.file_digest", spy)
    plain = content(cached(root))
    read.clear()
    assert content(cached(root)) == plain
    assert len(read) == 3, "just written: they may be written again within the clock's grain"
    monkeypatch.setattr("stashsync.manifest.file_digests._REST", 0)
    cached(root)
    read.clear()
    assert content(cached(root)) == plain
    assert read == []
    write_project(root, {"a.yaml": FILES["a.yaml"].replace("Camera", "Kamera")})
    assert [item.name for item in cached(root).state.of("tag")][-1] == "Lens"
    assert len(read) == 1
