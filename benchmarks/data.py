"""Invented libraries of any size: as manifests, and as the rows a server would send.

Every number gives the same object each time. A performer has 15 fields; a tag one or two parents,
and every other one an alias; four of five studios have a parent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Object = dict[str, Any]

SHARES = {"tags": 4, "studios": 1, "performers": 5}
"""Of ten objects of a mixed library."""
PER_FILE = 5_000
ENDPOINT = "https://stashdb.example/graphql"


def performer(n: int, tags: int = 0) -> Object:
    """Return a performer; `tags` is how many tags there are to choose from."""
    item: Object = {
        "name": f"Performer Number {n}",
        "aliases": [f"P. Number {n}", f"Nr. {n}"],
        "gender": ("FEMALE", "MALE", "NON_BINARY")[n % 3],
        "birthdate": f"{1950 + n % 50}-{1 + n % 12:02}-{1 + n % 28:02}",
        "ethnicity": "of the north",
        "country": ("NO", "DE", "FR", "BR")[n % 4],
        "eye_color": ("brown", "green", "blue")[n % 3],
        "hair_color": "black",
        "height_cm": 150 + n % 50,
        "weight": 50 + n % 40,
        "details": f"Known for the series on lighthouse number {n}, and for long walks since then.",
        "urls": [f"https://people.example/{n}", f"https://pictures.example/p/{n}"],
        "rating100": n % 101,
        "favorite": n % 5 == 0,
        "stash_ids": {ENDPOINT: f"00000000-0000-4000-8000-{n:012}"},
    }
    if tags:
        item["tags"] = sorted({f"Tag Number {n % tags}", f"Tag Number {n * 7 % tags}"})
    return item


def tag(n: int) -> Object:
    """Return a tag; its parents have lower numbers."""
    item: Object = {
        "name": f"Tag Number {n}",
        "description": f"What belongs to subject number {n}, seen from afar.",
        "aliases": [f"Subject {n}"] if n % 2 else [],
        "ignore_auto_tag": n % 7 == 0,
    }
    parents = sorted({n // 8, n // 11}) if n > 10 else []
    item["parents"] = [f"Tag Number {parent}" for parent in parents]
    return item


def studio(n: int, tags: int) -> Object:
    """Return a studio; its parent has a lower number."""
    return {
        "name": f"Studio Number {n}",
        "details": f"Films from harbour number {n}.",
        "urls": [f"https://studio{n}.example"],
        "rating100": n % 101,
        "tags": [f"Tag Number {n % tags}"],
        "parent": f"Studio Number {n // 9}" if n % 5 and n > 9 else None,
    }


def performers(size: int) -> dict[str, list[Object]]:
    """Return that many performers and nothing else."""
    return {"performers": [performer(n) for n in range(size)]}


def mixed(size: int) -> dict[str, list[Object]]:
    """Return a library of all kinds with that many objects."""
    tags, studios, people = (size * share // 10 for share in SHARES.values())
    return {
        "tags": [tag(n) for n in range(tags)],
        "studios": [studio(n, tags) for n in range(studios)],
        "performers": [performer(n, tags) for n in range(people)],
    }


def write_manifests(root: Path, library: dict[str, list[Object]]) -> None:
    """Return the library as a project at `root`, in files of some thousand objects."""
    folder = root / "manifests"
    folder.mkdir(parents=True)
    for section, items in library.items():
        for start in range(0, len(items), PER_FILE):
            lines = [f"{section}:"]
            for item in items[start : start + PER_FILE]:
                lines += _yaml(item)
            path = folder / f"{section}-{start // PER_FILE}.yaml"
            path.write_text("\n".join(lines) + "\n", "utf-8")


def _yaml(item: Object) -> Iterator[str]:
    """Return an item as people write it: plain where that is possible, lists in brackets."""
    lead = "  - "
    for key, value in item.items():
        if isinstance(value, dict):
            yield f"{lead}{key}:"
            yield from (f"      {key}: {text}" for key, text in value.items())
        elif isinstance(value, list):
            yield f"{lead}{key}: [{', '.join(value)}]"
        else:
            yield f"{lead}{key}: {value if isinstance(value, str) else json.dumps(value)}"
        lead = "    "


def rows(library: dict[str, list[Object]]) -> dict[str, list[Object]]:
    """Return what a server that has the library answers, by section; ids count from 1."""
    ids = {
        section: {item["name"]: str(n) for n, item in enumerate(items, 1)}
        for section, items in library.items()
    }
    children: dict[str, list[Object]] = {}
    for item in library.get("tags", ()):
        for parent in item["parents"]:
            children.setdefault(parent, []).append({"id": ids["tags"][item["name"]]})
    return {
        section: [_row(section, item, ids, children) for item in items]
        for section, items in library.items()
    }


def _row(
    section: str,
    item: Object,
    ids: dict[str, dict[str, str]],
    children: dict[str, list[Object]],
) -> Object:
    row = {"id": ids[section][item["name"]], **item}
    if section == "tags":
        row["children"] = children.get(item["name"], [])
        del row["parents"]
    if "tags" in row:
        row["tags"] = [{"id": ids["tags"][name]} for name in row["tags"]]
    if section == "studios":
        parent = row.pop("parent")
        row["parent_studio"] = {"id": ids["studios"][parent]} if parent else None
        row["aliases"] = []
    if section == "performers":
        row["alias_list"] = row.pop("aliases")
        row["disambiguation"] = ""
        stamp = "2024-05-06T07:08:09Z"
        row["stash_ids"] = [
            {"endpoint": endpoint, "stash_id": identifier, "updated_at": stamp}
            for endpoint, identifier in row["stash_ids"].items()
        ]
    return row
