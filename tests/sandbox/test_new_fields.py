"""A new field takes one line, a new kind one file and one line: shown on a copy of the package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "stashsync"
KINDS = {
    "tag": "name",
    "studio": "name",
    "performer": "name",
    "group": "name",
    "scene": "title",
    "gallery": "title",
    "image": "",
    "marker": "title",
    "chapter": "title",
}
"""Modules that declare kinds, each with the field that a new object needs."""

FIELDS = """
    motto: Annotated[str | None | UnsetType, Text()] = UNSET
    shelf: Annotated[int | None | UnsetType, Integer()] = UNSET
    loaned: Annotated[bool | UnsetType, Flag()] = UNSET
    opened: Annotated[str | None | UnsetType, Date()] = UNSET
    notes: Annotated[list[str] | UnsetType, TextList()] = UNSET
    helpers: Annotated[list[Any] | UnsetType, Refs("tag"), Wire(input="helper_ids")] = UNSET
    owner: Annotated[Any | None | UnsetType, Ref("studio"), Wire(input="owner_id")] = UNSET
"""
PLACE = '''"""Places, which no server knows."""

from __future__ import annotations

from typing import Annotated, Any

from stashsync.fields import Date, Flag, Integer, Name, Ref, Refs, Text, TextList
from stashsync.kinds.base import Entity
from stashsync.kinds.field_spec import Wire
from stashsync.unset import UNSET, UnsetType


class Place(Entity, plural="places"):
    """Where something is."""

    name: Annotated[str | UnsetType, Name()] = UNSET
'''

SCRIPT = """
import asyncio, json, sys
import httpx
from stashsync.sandbox import MediaFile, Sandbox
from stashsync.kinds import ENTITIES

READ = "id motto shelf loaned opened notes helpers {name} owner {name}"

with Sandbox(sys.argv[1] if len(sys.argv) > 1 else None) as sandbox:
    sandbox.library.seed_file(MediaFile("/media/lake.jpg", width=30, height=20))

    def ask(document, **variables):
        async def post():
            door = httpx.ASGITransport(sandbox.app)
            async with httpx.AsyncClient(transport=door, base_url="http://sandbox") as client:
                sent = {"query": document, "variables": variables}
                return (await client.post("/graphql", json=sent)).json()
        answer = asyncio.run(post())
        assert "errors" not in answer, (document, answer["errors"])
        return next(iter(answer["data"].values()))

    def change(type_name, mutation, input_type, given):
        document = f"mutation($i: {input_type}!) {{{mutation}(input: $i) {{{READ}}}}}"
        return ask(document, i=given)

    ask('mutation {tagCreate(input: {name: "Aide"}) {id}}')
    ask('mutation {studioCreate(input: {name: "House"}) {id}}')
    WHOLE = {"motto": "Go", "shelf": 3, "loaned": True, "opened": "2020-01-02",
             "notes": ["b", "a"], "helper_ids": ["1"], "owner_id": "1"}
    for name in ("tag", "studio", "performer", "group", "scene", "gallery", "image",
                 "sceneMarker", "galleryChapter", "place"):
        kind = ENTITIES[name]
        needed = {
            "sceneMarker": {"title": "", "seconds": 1, "scene_id": "1", "primary_tag_id": "1"},
            "galleryChapter": {"title": "x", "gallery_id": "1", "image_index": 1},
        }.get(name, {"title": "One"} if "title" in kind.fields else {"name": "One"})
        if kind.create_mutation:
            made = change(kind.type_name, kind.create_mutation, kind.create_input, needed | WHOLE)
        else:
            made = {"id": "1"}
        if name == "gallery":
            ask('mutation {addGalleryImages(input: {gallery_id: "1", image_ids: ["1"]})}')
        changed = change(kind.type_name, kind.update_mutation, kind.update_input,
                         {"id": made["id"]} | WHOLE)
        read = {"motto": "Go", "shelf": 3, "loaned": True, "opened": "2020-01-02",
                "notes": ["b", "a"], "helpers": [{"name": "Aide"}], "owner": {"name": "House"}}
        assert changed == {"id": made["id"], **read}, changed
        assert not kind.create_mutation or made == changed
        if name == "galleryChapter":
            continue  # there are no bulk updates and finds of chapters
        given = {"ids": [made["id"]], "motto": "Stop", "loaned": False,
                 "notes": {"values": ["b"], "mode": "REMOVE"},
                 "helper_ids": {"ids": ["1"], "mode": "REMOVE"}, "owner_id": None}
        (found,) = change(kind.type_name, kind.bulk_mutation, kind.bulk_input, given)
        assert found == {**changed, "motto": "Stop", "loaned": False, "notes": ["a"],
                         "helpers": [], "owner": None}, found
        rows = ask(f"{{{kind.find_many} {{{kind.plural} {{{READ}}}}}}}")[kind.plural]
        assert found in rows, rows
    (place,) = ask('{findPlaces(place_filter: {motto: {value: "stop", modifier: EQUALS}})'
                   " {places {id name}}}")["places"]
    assert place == {"id": "1", "name": "One"}
    assert ask('mutation {placeDestroy(input: {id: "1"})}') is True
"""


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the package in which every kind has seven more fields, with a new kind."""
    root = tmp_path_factory.mktemp("grown")
    package = root / "stashsync"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in KINDS:
        path = package / "kinds" / f"{name}.py"
        text = path.read_text(encoding="utf-8")
        first = re.search(r"\n    \w+: Annotated\[", text)
        assert first is not None
        imported = "from stashsync.fields import Date, Flag, Integer, Ref, Refs, Text, TextList\n"
        text = text[: first.start()] + FIELDS + text[first.start() :]
        start = text.index("from stashsync.fields import")
        path.write_text(text[:start] + imported + text[start:], encoding="utf-8")
    (package / "kinds" / "place.py").write_text(PLACE + FIELDS, encoding="utf-8")
    registry = package / "kinds" / "registry.py"
    line = '    "studio": "studio",\n'
    text = registry.read_text(encoding="utf-8")
    registry.write_text(text.replace(line, f'{line}    "place": "place",\n', 1), encoding="utf-8")
    return root


def run(root: Path, script: str, *args: str) -> None:
    """Run a script with the copy of the package in `root`."""
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", script, *args]
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_fields_and_a_kind_that_are_new_work_without_a_line_in_the_sandbox(grown: Path) -> None:
    """Schema, storage, create, update, bulk update, read and find all know the new fields."""
    run(grown, SCRIPT)


def test_a_file_from_before_the_new_fields_gets_them(grown: Path, tmp_path: Path) -> None:
    """The content of the file stays."""
    path = str(tmp_path / "kept.db")
    old = f"from stashsync.sandbox import Sandbox\nSandbox({path!r}).close()"
    run(PACKAGE.parent, old)
    run(grown, SCRIPT, path)
