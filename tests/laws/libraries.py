"""Random libraries: everything in them was accepted by the sandbox's library, in some order."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import Any

from stashsync.kinds import KINDS, Key
from stashsync.sandbox.library import Library
from stashsync.sandbox.library.refusals import Refusal

PLAIN = ("A", "B", "C", "D", "E", "F", "G h", "N b")
CLOSE = ("a", "b", "c", "é", "É", "e\u0301", " n", "N")
"""Names that differ in case alone, where the server sees no difference and where it does."""
PATTERNS = ("A_", "AB", "Ax", "x%y", "xzy", "_", "%z", "Q", "A_%")
HOSTILE = (
    'a "quoted" \\ name',
    "two\nlines",
    "{{x}} ${HOME} $input",
    "Robert'); DROP TABLE tags;--",
    "🎞️",
    "⟦stashsync 2⟧ A",
    "\u202egnirts",
    "x" * 300,
)
NAMES = (*PLAIN, *PLAIN, *CLOSE, *PATTERNS, *HOSTILE)
"""So few that two libraries share many."""
WORDS = ("", "", "", "x", "y_", "yz", "X")
"""Disambiguations."""
ENDPOINT = "https://box.example/graphql"


def fill(library: Library, rnd: Random, size: int, *, twins: bool = True) -> None:
    """Up to `size` objects of each kind, and scenes that use them.

    Args:
        library: where they are made.
        rnd: what they are.
        size: how many of each kind at most.
        twins: whether names may be the same to manifests where an old release sees two.
    """
    ids: dict[str, list[str]] = {"tag": [], "studio": [], "performer": [], "group": []}
    keys: set[tuple[str, Key]] = set()
    for kind, known in ids.items():
        tokens = [f"{kind}-{number}" for number in range(size)]
        rnd.shuffle(tokens)
        for _ in range(rnd.randint(0, size)):
            given = _object(rnd, kind, ids)
            key = (kind, KINDS[kind].key(given))
            if kind != "group" and rnd.random() < 0.3:
                given["stash_ids"] = [{"endpoint": ENDPOINT, "stash_id": tokens.pop()}]
            if key in keys and (kind == "group" or not twins):
                continue  # the server takes twins, manifests cannot tell them apart
            try:
                row = library.mutate(f"{kind}Create", {"input": given})
            except Refusal:
                continue
            keys.add(key)
            known.append(str(row["id"]))
    for number in range(rnd.randint(0, 4)):
        scene: dict[str, Any] = {
            "title": f"Scene {number}",
            "tag_ids": sample_of(rnd, ids["tag"], 3),
            "performer_ids": sample_of(rnd, ids["performer"], 2),
        }
        own = Random(f"scene {number} {scene['tag_ids']} {ids['group']}")
        scene["groups"] = [
            {"group_id": each, "scene_index": own.choice((None, 1, 2))}
            for each in sample_of(own, ids["group"], 2)
        ]
        if ids["studio"]:
            scene["studio_id"] = rnd.choice(ids["studio"])
        library.mutate("sceneCreate", {"input": scene})
    _save_filters(library, Random(f"filters {rnd.random()}"), ids, size)


def _save_filters(library: Library, rnd: Random, ids: dict[str, list[str]], size: int) -> None:
    """Save filters that name some of the objects, and some that are not there."""
    names = {
        "tags": "tag",
        "studios": "studio",
        "performers": "performer",
        "groups": "group",
        "performer_tags": "tag",
    }
    for _ in range(rnd.randint(0, size)):
        criteria: dict[str, Any] = {}
        for name in rnd.sample(sorted(names), 2):
            items, excluded = (
                [{"id": each, "label": "then"} for each in sample_of(rnd, ids[names[name]], most)]
                for most in (3, 1)
            )
            if rnd.random() < 0.1:
                items.append({"id": "99999", "label": "gone"})
            value = {"items": items, "excluded": excluded, "depth": rnd.choice((0, -1))}
            criteria[name] = {"value": value, "modifier": "INCLUDES"}
        if rnd.random() < 0.3:
            criteria["organized"] = {"value": rnd.choice(("true", "false")), "modifier": "EQUALS"}
        given = {
            "name": rnd.choice(("A", "a", "B", *HOSTILE)),
            "mode": rnd.choice(("SCENES", "IMAGES")),
            "object_filter": criteria,
            "find_filter": {"q": "", "sort": rnd.choice(("date", "title"))},
            "ui_options": {"display_mode": rnd.randint(0, 1)},
        }
        with suppress(Refusal):
            library.mutate("saveFilter", {"input": given})


def _object(rnd: Random, kind: str, ids: dict[str, list[str]]) -> dict[str, Any]:
    given: dict[str, Any] = {"name": rnd.choice(NAMES), "favorite": rnd.random() < 0.3}
    texts = rnd.sample(NAMES, rnd.choice((0, 0, 1, 2)))
    own = Random(f"{kind} {len(ids[kind])} {given['name']}")
    if kind != "performer":
        given["custom_fields"] = {"lens": own.choice(("wide", "wide", 1, 2.5))}
    if kind == "tag":
        given |= {"aliases": texts, "parent_ids": sample_of(rnd, ids["tag"], 2)}
        given["description"] = rnd.choice(("", "one", "two\nlines"))
        return given
    if kind == "group":
        del given["favorite"]
        given["date"] = rnd.choice(("", "2019-07-01", "2020-02-03"))
        given["sub_groups"] = [
            {"group_id": each, "description": own.choice((None, "one", "two"))}
            for each in sample_of(rnd, ids["group"], 2)
        ]
        if ids["studio"] and rnd.random() < 0.3:
            given["studio_id"] = rnd.choice(ids["studio"])
    given["tag_ids"] = sample_of(rnd, ids["tag"], 2)
    given["rating100"] = rnd.choice((None, 50))
    if kind == "studio":
        given |= {"aliases": texts, "organized": own.random() < 0.5}
        if ids["studio"] and rnd.random() < 0.6:
            given["parent_id"] = rnd.choice(ids["studio"])
    elif kind == "performer":
        given |= {"alias_list": texts, "disambiguation": rnd.choice(WORDS)}
    return given


def sample_of(rnd: Random, pool: list[str], most: int) -> list[str]:
    """Return a random sample of at most `most` of them."""
    return rnd.sample(pool, min(len(pool), rnd.randint(0, most)))
