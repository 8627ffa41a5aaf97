"""Fills a sandbox from plain data, and returns its content as plain data.

Plain data has the sections of a manifest, each a list of objects in the order of their ids. Fields
have their manifest names, and references are names. Only fields with a value are written, and
`favorite` or `ignore_auto_tag` only if true. The client is not used, so that tests of it compare
with something else.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Generator, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from stashsync.kinds import KINDS, Kind
from stashsync.sandbox import Sandbox

Plain = dict[str, list[dict[str, Any]]]


def fill(sandbox: Sandbox, content: Mapping[str, Iterable[Mapping[str, Any]]], root: Path) -> None:
    """Create these objects in this order; `image` is a file below `root`.

    Raises:
        Refusal: the library refuses one of them.
    """
    steps = making(content, root)
    made = None
    with suppress(StopIteration):
        while True:
            mutation, given = steps.send(made)
            row: Any = sandbox.library.mutate(mutation, {"input": given})
            made = str(row["id"])


def making(
    content: Mapping[str, Iterable[Mapping[str, Any]]], root: Path
) -> Generator[tuple[str, dict[str, Any]], str | None, None]:
    """Yield the mutations that create these objects, with their inputs; send it each new id.

    Scenes have a `title`, `tags`, `performers`, a `studio` and `markers` (with a `primary_tag`).
    """
    ids: dict[tuple[str, str], str] = {}
    for kind in KINDS.values():
        for item in content.get(kind.plural, ()):
            given = {
                kind.fields[name].input: _given(kind, name, value, ids, root)
                for name, value in item.items()
                if name in kind.fields
            }
            made = yield kind.create_mutation, given
            ids.setdefault((kind.name, item["name"]), str(made))
    for item in content.get("scenes", ()):
        scene = yield "sceneCreate", _scene(item, ids)
        for marker in item.get("markers", ()):
            given = {**marker, "scene_id": scene}
            given["primary_tag_id"] = ids["tag", given.pop("primary_tag")]
            yield "sceneMarkerCreate", given


def _scene(item: Mapping[str, Any], ids: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    given: dict[str, Any] = {"title": item["title"]}
    given["tag_ids"] = [ids["tag", entry] for entry in item.get("tags", ())]
    given["performer_ids"] = [ids["performer", entry] for entry in item.get("performers", ())]
    if "studio" in item:
        given["studio_id"] = ids["studio", item["studio"]]
    return given


def _given(
    kind: Kind, name: str, value: Any, ids: Mapping[tuple[str, str], str], root: Path
) -> Any:
    target = kind.fields[name].meaning.references()
    if kind.fields[name].form == "memberships":
        members = [item if isinstance(item, dict) else {target: item} for item in value]
        return [
            {"description": item.get("description"), f"{target}_id": ids[str(target), item[target]]}
            for item in members
        ]
    if target and isinstance(value, list):
        return [ids[target, item] for item in value]
    if target:
        return ids[target, value]
    if name == "stash_ids":
        return [{"endpoint": endpoint, "stash_id": item} for endpoint, item in value.items()]
    if kind.fields[name].meaning.shape == "image":
        return "data:image/png;base64," + base64.b64encode((root / value).read_bytes()).decode()
    return value


def content_of(sandbox: Sandbox) -> Plain:
    """Return the content of a library, with names in place of ids."""
    found: Plain = {}
    for kind in KINDS.values():
        everything = {"filter": {"per_page": -1, "sort": "id"}}
        answer = sandbox.library.query(kind.find_many, {} if kind.saved_whole else everything)
        rows = answer if kind.saved_whole else answer[kind.plural]
        if rows:
            found[kind.plural] = [_plain(sandbox, kind, row) for row in rows]
    scenes = sandbox.library.query("findScenes", {"filter": {"per_page": -1, "sort": "id"}})
    if scenes["scenes"]:
        found["scenes"] = [_plain_scene(sandbox, row) for row in scenes["scenes"]]
    return found


def _plain_scene(sandbox: Sandbox, row: Any) -> dict[str, Any]:
    item: dict[str, Any] = {"title": row["title"]}
    for name in ("tags", "performers"):
        item[name] = sorted(entry["name"] for entry in sandbox.library.resolve(row, name, {}))
    studio = sandbox.library.resolve(row, "studio", {})
    item["studio"] = studio and studio["name"]
    return {name: value for name, value in item.items() if value}


def _plain(sandbox: Sandbox, kind: Kind, row: Any) -> dict[str, Any]:
    item: dict[str, Any] = {}
    for spec in kind.fields.values():
        if spec in kind.images:
            image = sandbox.library.image(kind.name, int(row["id"]), spec.name.replace("_", ""))
            value: Any = image and hashlib.md5(image, usedforsecurity=False).hexdigest()
        else:
            try:
                value = sandbox.library.resolve(row, spec.output, {})
            except KeyError:  # this release lacks the field
                continue
        value = _readable(spec.name, spec.meaning.references(), value)
        if value is not None and value is not False and value not in ("", [], {}):
            item[spec.name] = value
    return item


def _readable(name: str, target: str | None, value: Any) -> Any:
    if target and value and isinstance(value, list) and target in value[0]:
        return [
            f"{item[target]['name']}: {text}"
            if (text := item["description"])
            else item[target]["name"]
            for item in value
        ]
    if target and isinstance(value, list):
        return sorted(item["name"] for item in value)
    if target and value is not None:
        return value["name"]
    if name == "stash_ids":
        return [f"{item['endpoint']} {item['stash_id']}" for item in value]
    if name == "aliases" and isinstance(value, list):
        return sorted(value)
    return value
