"""Libraries with scenes, markers, images, galleries and groups that have tags and the like.

Sections are those of `support.libraries`, and `scenes`, `markers`, `images`, `galleries` and
`groups`, whose tags, studios and performers are given by name. A scene has `groups`, by name with
its number there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from stashsync.kinds import ENTITIES, KINDS
from stashsync.sandbox import MediaFile, Sandbox
from tests.support.libraries import Plain, content_of
from tests.support.libraries import fill as fill_objects

BEARERS = tuple(
    kind for kind in ("scene", "sceneMarker", "image", "gallery", "group") if kind not in KINDS
)


def fill(
    server: Sandbox, content: Mapping[str, Iterable[Mapping[str, Any]]], root: Path
) -> dict[tuple[str, str], str]:
    """Create these objects; return the ids of all objects by kind and name."""
    plain = {name: items for name, items in content.items() if name in _SECTIONS}
    fill_objects(server, plain, root)
    ids = ids_of(server)
    for section, kind in _KIND_OF.items():
        if kind in KINDS:
            continue
        for item in content.get(section, ()):
            given = {key: value for key, value in item.items() if key not in (*_BORNE, "groups")}
            given |= {
                ENTITIES[kind].fields[field].input: (
                    [ids[target, name] for name in item[field]]
                    if isinstance(item[field], list)
                    else ids[target, item[field]]
                )
                for field, target in _BORNE.items()
                if field in item
            }
            if "groups" in item:
                given["groups"] = [
                    {"group_id": ids["group", name], "scene_index": number}
                    for name, number in item["groups"].items()
                ]
            if kind == "sceneMarker":
                given["scene_id"] = ids["scene", given.pop("scene")]
            if kind == "image":
                server.media.append(MediaFile(f"/media/{item['title']}.jpg"))
                server.library.scan()
                count = server.library.query("findImages", {})["count"]
                server.library.mutate("imageUpdate", {"input": {"id": str(count), **given}})
            else:
                server.library.mutate(f"{kind}Create", {"input": given})
        ids = ids_of(server)
    return ids


_SECTIONS = {kind.plural for kind in KINDS.values()}
_KIND_OF = {
    "scenes": "scene",
    "markers": "sceneMarker",
    "images": "image",
    "galleries": "gallery",
    "groups": "group",
}
_BORNE = {"tags": "tag", "primary_tag": "tag", "studio": "studio", "performers": "performer"}


def ids_of(server: Sandbox) -> dict[tuple[str, str], str]:
    """Return the id of every object, by kind and name or title."""
    return {
        (kind, row.get("name") or row.get("title")): str(row["id"])
        for kind in (*KINDS, *BEARERS)
        for row in rows_of(server, kind)
    }


def rows_of(server: Sandbox, name: str) -> list[Any]:
    """Return the objects of a kind, sorted by id."""
    kind = ENTITIES[name]
    everything = {"filter": {"per_page": -1, "sort": "id"}}
    answer = server.library.query(kind.find_many, {} if kind.saved_whole else everything)
    rows: list[Any] = answer if kind.saved_whole else answer[kind.plural]
    return rows


def everything(server: Sandbox) -> Plain:
    """Return the content of a library with names in place of ids, sorted by name.

    Two libraries with the same content may have different ids.
    """
    found = content_of(server)
    names = {
        (kind, str(row["id"])): repr([row["name"], row.get("date"), row.get("disambiguation")])
        for kind in KINDS
        for row in rows_of(server, kind)
    }
    for item in found.get("saved_filters", ()):
        meaning = KINDS["saved_filter"].inner["object_filter"]
        if "object_filter" in item:
            named = meaning.named(item["object_filter"], lambda kind, id_: names.get((kind, id_)))
            item["object_filter"] = _without_ids(named)
    for kind in BEARERS:
        found[kind] = [_bearer(server, kind, row) for row in rows_of(server, kind)]
    return {
        section: sorted(items, key=lambda item: repr([item.get("name"), item.get("title"), item]))
        for section, items in found.items()
        if items
    }


def _without_ids(value: Any) -> Any:
    """Return criteria without the ids of what is gone: those mean nothing."""
    if isinstance(value, dict):
        dropped = {"id"} if "label" in value else set()
        return {key: _without_ids(each) for key, each in value.items() if key not in dropped}
    return [_without_ids(each) for each in value] if isinstance(value, list) else value


def _bearer(server: Sandbox, kind: str, row: Any) -> dict[str, Any]:
    item: dict[str, Any] = {"name": row.get("name") or row.get("title")}
    for field in _BORNE:
        if field in ENTITIES[kind].fields:
            value = server.library.resolve(row, field, {})
            names = [each["name"] for each in value] if isinstance(value, list) else None
            item[field] = sorted(names) if names is not None else value and value["name"]
    if kind == "scene":
        places = server.library.resolve(row, "groups", {})
        named = [[each["group"]["name"], each["scene_index"]] for each in places]
        item["groups"] = sorted(named, key=repr)
    # A merge may leave a marker's primary tag among its tags, where it has no effect.
    if item.get("primary_tag") in (item.get("tags") or ()):
        item["tags"].remove(item["primary_tag"])
    return {name: value for name, value in item.items() if value}
