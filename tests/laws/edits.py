"""Random edits of a library, as another client makes them."""

from __future__ import annotations

from random import Random
from typing import Any

from stashsync.state import State
from tests.laws.libraries import ENDPOINT, NAMES, WORDS, sample_of

KINDS = ("tag", "tag", "studio", "performer")
WHAT = ("name", "aliases", "above", "tags", "plain", "plain", "stash_ids")


def edit_of(rnd: Random, state: State) -> tuple[str, dict[str, Any]]:
    """Return a mutation with its arguments; the library may refuse it."""
    kind = rnd.choice(KINDS)
    there = [item.id or "" for item in state.of(kind)]
    if not there or rnd.random() < 0.15:
        return f"{kind}Create", {"input": {"name": rnd.choice(NAMES)}}
    mine, draw = rnd.choice(there), rnd.random()
    if draw < 0.12:
        return f"{kind}Destroy", {"input": {"id": mine}}
    if draw < 0.2 and kind == "tag":
        return "tagsMerge", {"input": {"source": [mine], "destination": rnd.choice(there)}}
    tags = [item.id or "" for item in state.of("tag")]
    return f"{kind}Update", {"input": {"id": mine, **_values(rnd, kind, mine, there, tags)}}


def _values(rnd: Random, kind: str, mine: str, there: list[str], tags: list[str]) -> dict[str, Any]:
    match rnd.choice(WHAT):
        case "name" if kind == "performer":
            return {"name": rnd.choice(NAMES), "disambiguation": rnd.choice(WORDS)}
        case "name":
            return {"name": rnd.choice(NAMES)}
        case "aliases":
            return {"alias_list" if kind == "performer" else "aliases": rnd.sample(NAMES, 2)}
        case "above" if kind == "tag":
            return {"parent_ids": sample_of(rnd, [tag for tag in tags if tag != mine], 2)}
        case "above" if kind == "studio":
            return {"parent_id": rnd.choice([None, *(each for each in there if each != mine)])}
        case "tags" if kind != "tag":
            return {"tag_ids": sample_of(rnd, tags, 2)}
        case "stash_ids":
            number = rnd.randint(1, 3)
            return {"stash_ids": [{"endpoint": ENDPOINT, "stash_id": f"theirs-{number}"}]}
    if kind == "tag":
        return {"description": rnd.choice(("", "one", "theirs"))}
    return {"rating100": rnd.choice((None, 50, 80))}
