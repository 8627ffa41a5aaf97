"""Read what removals touch: what bears the objects, what belongs to them, what blocks them.

Counts are slow for a Stash server (docs/stash-behaviour.md#cost), so they are asked for these
objects alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from stashsync.applier.belonging import belonging_to
from stashsync.client.core import Core
from stashsync.kinds import KINDS, Capabilities, Kind
from stashsync.planner import Delete, Merge
from stashsync.wire import documents

AT_ONCE = 100
_PARENTS = "above"
_NOT_IMPACT = frozenset({"parent_count", "movie_count"})
"""Edges upwards vanish without a trace; `movie_count` is the old name of `group_count`."""


async def observe_impacts(removed: Sequence[Delete | Merge], client: Core) -> list[Delete | Merge]:
    """Add to removals what they touch.

    Raises:
        StashError: anything that kept it from being read.
    """
    server = await client.capabilities()
    counts: dict[tuple[str, str], dict[str, int]] = {}
    going: Counter[tuple[str, str]] = Counter()
    """By object, its children that are removed themselves: they lose no parent."""
    for name, kind in KINDS.items():
        ids = sorted(
            {identifier for change in removed if change.kind == name for identifier in _ids(change)}
        )
        for start in range(0, len(ids), AT_ONCE):
            rows = await _rows(kind, ids[start : start + AT_ONCE], client, server)
            counts.update({(name, row["id"]): _counts(row) for row in rows})
            going.update((name, parent) for row in rows for parent in _parents(row))
    blockers = await _blockers(
        [change.id for change in removed if _deletes_tag(change)], client, server
    )
    found: list[Delete | Merge] = []
    for change in removed:
        impact: dict[str, int] = {}
        for identifier in _ids(change):
            for word, count in counts[change.kind, identifier].items():
                impact[word] = impact.get(word, 0) + count
        if isinstance(change, Delete) and "child" in impact:
            impact["child"] -= going[change.kind, change.id]
        impact = {word: impact[word] for word in sorted(impact) if impact[word] > 0}
        if isinstance(change, Delete):
            blocked_by = blockers.get(change.id, ()) if _deletes_tag(change) else ()
            found.append(structs.replace(change, impact=impact, blockers=blocked_by))
        elif change.native:
            found.append(structs.replace(change, impact=impact))
        else:
            content = await belonging_to(change, client)
            found.append(structs.replace(change, impact=impact, content=content))
    return found


def _ids(change: Delete | Merge) -> list[str]:
    """List the objects that will be gone."""
    return [source for source, _ in change.sources] if isinstance(change, Merge) else [change.id]


def _deletes_tag(change: Delete | Merge) -> bool:
    return isinstance(change, Delete) and change.kind == "tag"


async def _rows(
    kind: Kind, ids: Sequence[str], client: Core, server: Capabilities
) -> list[dict[str, Any]]:
    """Read the counts of objects and the ids of their parents."""
    outputs = server.outputs.get(kind.type_name, frozenset())
    words = sorted(name for name in outputs if name.endswith("_count") and name not in _NOT_IMPACT)
    children = _uncounted_children(kind, outputs)
    extra = [*words, f"child_count: {children} {{ id }}"] if children else words
    if kind.hierarchy is not None and kind.hierarchy.form != "memberships":
        extra = [*extra, f"{_PARENTS}: {kind.hierarchy.output} {{ id }}"]
    if not extra:
        return [{"id": identifier} for identifier in ids]
    text = documents.find_by_ids(kind, [], server, extra=extra)
    rows: list[dict[str, Any]] = (await client.execute(text, {"ids": list(ids)}))["found"]["rows"]
    return rows


def _counts(row: Mapping[str, Any]) -> dict[str, int]:
    return {
        word.removesuffix("_count"): len(count) if isinstance(count, list) else count
        for word, count in row.items()
        if word.endswith("_count")
    }


def _parents(row: Mapping[str, Any]) -> list[str]:
    found = row.get(_PARENTS) or []
    return [parent["id"] for parent in (found if isinstance(found, list) else [found])]


def _uncounted_children(kind: Kind, outputs: frozenset[str]) -> str:
    """Name the list of children, where the server has that and no count of them."""
    if kind.hierarchy is None or kind.hierarchy.inverse is None or "child_count" in outputs:
        return ""
    inverse = kind.hierarchy.inverse
    name = inverse.output or inverse.name
    return name if name in outputs else ""


async def _blockers(
    ids: Sequence[str], client: Core, server: Capabilities
) -> Mapping[str, tuple[str, ...]]:
    """Find the markers that have a tag as their primary tag, by tag: the server keeps such tags.

    Source: docs/stash-behaviour.md#deletion
    """
    if not ids or "findSceneMarkers" not in server.queries:
        return {}
    found: dict[str, list[str]] = {}
    text = (
        "query Markers($where: SceneMarkerFilterType) { "
        "found: findSceneMarkers(scene_marker_filter: $where, filter: {per_page: -1}) { "
        "scene_markers { title seconds primary_tag { id } scene { id title } } } }"
    )
    for start in range(0, len(ids), AT_ONCE):
        where = {"tags": {"value": list(ids[start : start + AT_ONCE]), "modifier": "INCLUDES"}}
        data = await client.execute(text, {"where": where})
        for marker in data["found"]["scene_markers"]:
            found.setdefault(marker["primary_tag"]["id"], []).append(_marker(marker))
    return {tag: tuple(sorted(markers)) for tag, markers in found.items()}


def _marker(marker: Mapping[str, Any]) -> str:
    scene = marker["scene"]
    where = f'"{scene["title"]}"' if scene["title"] else f"scene {scene['id']}"
    return f'marker "{marker["title"]}" at {marker["seconds"]:g} s of {where}'
