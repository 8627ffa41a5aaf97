"""Stash's own export: what is read of it, and what is refused."""

from __future__ import annotations

import base64
import io
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from stashsync.sandbox import Sandbox
from stashsync.sources import export_files
from stashsync.sources.stash_export import read_export
from stashsync.sources.texts import SourceError
from tests.sources.bench import Bench, left, tag
from tests.support.servers import assert_complete, carry_out, plan_for

RECORDED = Path(__file__).parents[1] / "data" / "export" / "objects.zip"
PNG = b"\x89PNG\r\n\x1a\n"


def packed(path: Path, files: Mapping[str, Any]) -> Path:
    """Write a zip; what is no text is written as JSON."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, str) else json.dumps(content))
    return path


def faults(path: Path) -> list[str]:
    """Return why an export is refused."""
    with pytest.raises(SourceError) as caught:
        read_export(path)
    return [f"{each.mark}: {each.message}" for each in caught.value.problems]


def test_a_recorded_export_is_imported_with_its_images(bench: Bench) -> None:
    """Applied to an empty server, nothing is left to plan, and nothing is lost."""
    export = read_export(RECORDED)
    assert not export.notes
    merged = bench.merge(*export.found)
    assert left(merged) == []
    assert len(merged.images) == 5
    state = bench.load().state
    ada = next(each for each in state.of("performer") if each.name == "Ada Example")
    assert ada.values["height_cm"] == 170
    assert ada.values["rating100"] == 60
    assert ada.values["custom_fields"] == {"agency": "North", "half": 1.5, "number": 12}
    walk = next(each for each in state.of("group") if each.name == "Long walk")
    assert walk.values["sub_groups"] == [["First mile", "part one"], ["Second mile"]]
    kids = next(each for each in state.of("studio") if each.name == "Northlight Kids")
    assert kids.values["parent"] == "Northlight Media"
    with Sandbox() as server:
        assert_complete(carry_out(plan_for(bench.root, server), server, bench.root))
        assert not plan_for(bench.root, server).changes


def test_a_folder_is_read_as_the_zip_is(tmp_path: Path) -> None:
    """Where `metadataExport` writes to, or what was unpacked."""
    with zipfile.ZipFile(RECORDED) as archive:
        archive.extractall(tmp_path)
    (tmp_path / "scenes").mkdir()
    (tmp_path / "scenes" / "a.json").write_text("{")
    (tmp_path / "tags" / "notes.txt").write_text("no JSON")
    folder, whole = read_export(tmp_path), read_export(RECORDED)
    assert sorted(map(content, folder.found)) == sorted(map(content, whole.found))
    assert list(folder.notes) == ["Not read, as manifests have no such objects: 1 file in scenes/."]


def content(found: Any) -> str:
    """Return what an object has, but for its place."""
    return repr((found.kind, found.name, found.values, found.pictures))


def test_old_exports_and_newer_ones_are_read(tmp_path: Path) -> None:
    """Aliases in one text, single addresses; keys that no manifest has are reported."""
    path = packed(
        tmp_path / "a.zip",
        {
            "metadata/performers/a.json": {
                "name": "Ada",
                "aliases": "Addy, Ad",
                "url": "https://ada.example",
                "twitter": "https://t.example",
                "shoe_size": 38,
            },
            "metadata/groups/b.json": {"name": "Walk", "sypnopsis": "On foot"},
        },
    )
    export = read_export(path)
    performer = next(each for each in export.found if each.kind == "performer")
    assert performer.values == {
        "aliases": ["Addy", " Ad"],
        "urls": ["https://ada.example", "https://t.example"],
    }
    assert next(each for each in export.found if each.kind == "group").values == {
        "synopsis": "On foot"
    }
    assert list(export.notes) == [
        "Not read: `shoe_size` of a performer, which manifests do not have."
    ]


def test_images_that_are_none_are_reported_and_others_can_be_left_out(
    bench: Bench, tmp_path: Path
) -> None:
    """No base64, no image, or no images wanted."""
    image = base64.b64encode(PNG).decode()
    path = packed(
        tmp_path / "a.zip",
        {
            "tags/a.json": {"name": "A", "image": "?"},
            "tags/b.json": {"name": "B", "image": base64.b64encode(b"text").decode()},
            "tags/c.json": {"name": "C", "image": f"data:image/png;base64,{image}"},
        },
    )
    export = read_export(path)
    assert list(export.notes) == [f"Not read: `image` in {path}: tags/a.json is no image."]
    merged = bench.merge(*export.found)
    assert left(merged) == [
        f'tag "B" ({path}: tags/b.json): image: the picture has no form that is known'
    ]
    assert list(merged.images.values()) == [PNG]
    assert all(not each.pictures for each in read_export(path, images=False).found)


def test_values_of_another_shape_are_left_out(bench: Bench, tmp_path: Path) -> None:
    """A damaged export breaks nothing; each value is reported."""
    path = packed(
        tmp_path / "a.zip",
        {
            "tags/a.json": {"name": "A", "stash_ids": [{"x": 1}], "aliases": [{}]},
            "movies/b.json": {"name": "B", "sub_groups": [7, {"x": "y"}], "rating": 500},
        },
    )
    fields = [each.field for each in bench.merge(*read_export(path).found).left_out]
    assert sorted(fields) == ["aliases", "rating100", "stash_ids", "sub_groups"]


def test_files_that_stash_did_not_write_are_refused_together(tmp_path: Path) -> None:
    """Each with its place."""
    path = packed(
        tmp_path / "a.zip",
        {"tags/a.json": '{"name": }', "tags/b.json": "[]", "tags/c.json": '{"nme": "x"}'},
    )
    assert faults(path) == [
        f"{path}: tags/a.json:1:10: this is no JSON: a value is wanted here",
        f"{path}: tags/b.json:1:1: this is no object that Stash exported",
        f"{path}: tags/c.json:1:1: this is no object that Stash exported",
    ]


def test_what_is_no_export_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is taken for an export that has nothing."""
    (tmp_path / "a.zip").write_bytes(b"no zip")
    assert "this is no zip, or a broken one" in faults(tmp_path / "a.zip")[0]
    assert "No such file" in faults(tmp_path / "none.zip")[0]
    empty = packed(tmp_path / "b.zip", {"scenes/a.json": {}})
    assert "there are no files in tags/, studios/" in faults(empty)[0]
    assert "there are no files in" in faults(tmp_path)[0]
    out = packed(tmp_path / "c.zip", {"../tags/a.json": {"name": "A"}})
    assert "this entry leads out of the zip" in faults(out)[0]
    two = packed(tmp_path / "d.zip", {"x/tags/a.json": {"name": "A"}, "y/tags/a.json": {}})
    assert "there are several exports in this zip" in faults(two)[0]
    monkeypatch.setattr(export_files, "ENTRY_LIMIT", 20)
    large = packed(tmp_path / "e.zip", {"tags/a.json": {"name": "A" * 30}})
    assert "more than 20 bytes are no object" in faults(large)[0]
    monkeypatch.setattr(export_files, "TOTAL_LIMIT", 20)
    many = {f"tags/{name}.json": {"name": name} for name in "abc"}
    assert "have more than 20 bytes" in faults(packed(tmp_path / "f.zip", many))[0]


def test_a_zip_that_is_cut_or_locked_is_refused(tmp_path: Path) -> None:
    """A failed read is no empty export."""
    data = bytearray(RECORDED.read_bytes())
    start = data.find(b"tags/Camera") + 40
    data[start : start + 40] = bytes(40)
    (tmp_path / "a.zip").write_bytes(data)
    assert (
        "cannot be read" in faults(tmp_path / "a.zip")[0]
        or "broken" in faults(tmp_path / "a.zip")[0]
    )
    locked = bytearray(packed(tmp_path / "b.zip", {"tags/a.json": {"name": "A"}}).read_bytes())
    locked[6] |= 1
    locked[locked.find(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "b.zip").write_bytes(locked)
    assert "encrypted" in faults(tmp_path / "b.zip")[0]


def test_a_pipe_among_the_files_is_refused(tmp_path: Path) -> None:
    """Reading it would wait for ever."""
    (tmp_path / "tags").mkdir()
    os.mkfifo(tmp_path / "tags" / "a.json")
    assert "this is no regular file" in faults(tmp_path)[0]


def test_an_image_that_a_table_names_has_to_be_there(bench: Bench) -> None:
    """A path below the project, or an address; another one is left out with its reason."""
    (bench.root / "a.png").write_bytes(PNG)
    merged = bench.merge(
        tag("A", image="a.png"),
        tag("B", "a.csv:3", image="none.png"),
        tag("C", "a.csv:4", image="https://c.example/c.png"),
        tag("D", "a.csv:5", image="../a.png"),
    )
    assert left(merged) == [
        "tag \"B\" (a.csv:3): image: the image 'none.png' cannot be read: "
        "No such file or directory",
        "tag \"D\" (a.csv:5): image: '../a.png' leaves the project",
    ]
    assert "image: a.png" in bench.read("imported.yaml")
    assert "image: https://c.example/c.png" in bench.read("imported.yaml")


def test_memory_is_not_filled_by_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an entry claims to have does not count, only what is read of it."""
    monkeypatch.setattr(export_files, "ENTRY_LIMIT", 1000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tags/a.json", " " * 1_000_000)
    (tmp_path / "a.zip").write_bytes(buffer.getvalue())
    assert "bytes are no object" in faults(tmp_path / "a.zip")[0]
