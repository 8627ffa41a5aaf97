"""The taxonomies of `tests/data`: JSON lines of `name`, `aliases`, `description`, `parents`."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import orjson

from tests.support.data import unpacked

Concept = dict[str, Any]

PARTS = 7
"""Number of files that a taxonomy is spread over; the number must not matter."""


def read_concepts(name: str) -> list[Concept]:
    """Return the concepts of a taxonomy; their keys are those of a manifest's tag."""
    return [orjson.loads(line) for line in unpacked(f"taxonomies/{name}.jsonl").splitlines()]


def in_parts(concepts: Sequence[Concept]) -> list[dict[str, list[Concept]]]:
    """Return the concepts spread over several manifests."""
    return [{"tags": list(concepts[start::PARTS])} for start in range(PARTS)]


def stating_everything(concepts: Sequence[Concept]) -> list[Concept]:
    """Return the concepts with every field that `half_of` changes, defaults included."""
    return [
        {
            "name": concept["name"],
            "description": concept.get("description"),
            "aliases": concept.get("aliases", []),
            "favorite": False,
            "ignore_auto_tag": False,
            "parents": concept.get("parents", []),
        }
        for concept in concepts
    ]


def half_of(concepts: Sequence[Concept], seed: int) -> list[Concept]:
    """Return half of the concepts as an older library might have them, parents first.

    Some descriptions and flags differ. Some parents are missing, and some are other concepts that
    come earlier in the hierarchy, so that no cycle arises.
    """
    chance = random.Random(seed)
    ordered = by_depth(concepts)
    here = set(chance.sample(range(len(ordered)), len(ordered) // 2))
    found: list[Concept] = []
    for position, entry in enumerate(ordered):
        if position not in here:
            continue
        item: Concept = {"name": entry["name"]}
        if chance.random() < 0.7:
            item["description"] = chance.choice([entry.get("description", ""), "an older text"])
        if entry.get("aliases") and chance.random() < 0.5:
            item["aliases"] = chance.sample(
                entry["aliases"], chance.randint(0, len(entry["aliases"]))
            )
        for flag in ("favorite", "ignore_auto_tag"):
            if chance.random() < 0.2:
                item[flag] = True
        if found and chance.random() < 0.6:
            others = [chance.choice(found)["name"] for _ in range(chance.randint(1, 2))]
            item["parents"] = sorted(set(others))
        found.append(item)
    return found


def by_depth(concepts: Sequence[Concept]) -> list[Concept]:
    """Return the concepts with parents before children, otherwise in the given order."""
    by_name = {concept["name"]: concept for concept in concepts}
    done: dict[str, Concept] = {}
    for concept in concepts:
        waiting = [concept]
        while waiting:
            top = waiting[-1]
            above = [by_name[name] for name in top.get("parents", ()) if name not in done]
            if above:
                waiting += above
            else:
                done.setdefault(waiting.pop()["name"], top)
    return list(done.values())
