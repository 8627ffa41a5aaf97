"""Looking into a sandbox's library without the client: as `observe` would, and past the API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stashsync.fields import ObjectFilter, Value
from stashsync.fields.names import fold, trim
from stashsync.fields.references import exchanged
from stashsync.graph import find_cycle
from stashsync.kinds import KINDS, Capabilities
from stashsync.planner import Delete, Merge
from stashsync.sandbox.library import Library
from stashsync.state import Resource, State

FIELDS: Mapping[str, tuple[str, ...]] = {
    "tag": ("name", "aliases", "description", "favorite", "parents", "stash_ids", "custom_fields"),
    "studio": (
        "name",
        "aliases",
        "rating100",
        "favorite",
        "organized",
        "parent",
        "tags",
        "stash_ids",
        "custom_fields",
    ),
    "performer": (
        "name",
        "disambiguation",
        "aliases",
        "rating100",
        "favorite",
        "tags",
        "stash_ids",
    ),
    "group": ("name", "date", "rating100", "studio", "tags", "custom_fields", "sub_groups"),
    "saved_filter": ("name", "mode", "find_filter", "object_filter", "ui_options"),
}
"""What the random libraries vary."""
EVERYTHING = {"filter": {"per_page": -1, "sort": "id"}}


def observed(
    library: Library,
    server: Capabilities,
    fields: Mapping[str, tuple[str, ...]] = FIELDS,
) -> State:
    """Return what `observe` gives for these fields."""
    found: dict[str, list[Resource]] = {}
    for name, kind in KINDS.items():
        rows = library.query(kind.find_many, {} if kind.saved_whole else EVERYTHING)
        rows = rows if kind.saved_whole else rows[kind.plural]
        specs = [kind.fields[item] for item in fields.get(name, ())]
        specs = [item for item in specs if kind.supports(item, server)]
        resources = []
        for spec in specs:
            library.prefetch(rows, spec.output)
        for row in rows:
            values = {}
            for spec in specs:
                value = library.resolve(row, spec.output, {})
                if spec.meaning.references():
                    value = _with_text_ids(value)
                values[spec.name] = spec.meaning.read(value)
            resources.append(Resource(name, kind.key(values), values, str(row["id"])))
        found[name] = resources
    return State(found)


def _with_text_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [
            {"group": {"id": str(item["group"]["id"])}, "description": item["description"]}
            if "group" in item
            else {"id": str(item["id"])}
            for item in value
        ]
    return value and {"id": str(value["id"])}


def content(state: State) -> dict[str, list[dict[str, Any]]]:
    """Return the same with names for ids: equal for libraries with equal content."""
    names = {(item.kind, item.id): item.label for item in state}
    written = {me: trim(label) for me, label in names.items()}
    found: dict[str, list[dict[str, Any]]] = {}
    for item in state:
        values = dict(item.values)
        for name, spec in KINDS[item.kind].references.items():
            target, value = spec.meaning.references() or "", values.get(name)
            if value:
                values[name] = exchanged(value, lambda each, kind=target: names[kind, each])
        for name, meaning in KINDS[item.kind].inner.items():
            values[name] = criteria(meaning, values.get(name), lambda *me: written.get(me))
        if "find_filter" in values:
            values["find_filter"] = {"q": "", **values["find_filter"]}
        if "stash_ids" in values:
            values["stash_ids"] = sorted(each["stash_id"] for each in values["stash_ids"])
        found.setdefault(item.kind, []).append(values)
    for group in found.values():
        group.sort(key=repr)
    return found


def criteria(
    meaning: ObjectFilter, value: Value, name_of: Callable[[str, str], str | None]
) -> dict[str, str]:
    """Return criteria by name, equal where they mean the same objects."""
    named = meaning.named(value, name_of, short=False)
    return {key: json.dumps(named[key], sort_keys=True) for key in sorted(named)}


def sends_nothing(mutation: str, args: Mapping[str, Any]) -> bool:
    """Return whether an update has nothing in its input but the ids of its objects."""
    return mutation.endswith("Update") and args["input"].keys() <= {"id", "ids"}


@dataclass
class Watch:
    """Checks after every operation, read from the tables of the sandbox.

    `rooted` are, by kind, the ids of objects with parents before and after: they never lose all.
    """

    library: Library
    rooted: Mapping[str, Iterable[str]]
    gone: dict[tuple[str, str], str | None] = field(default_factory=dict)
    """Deleted objects, and merged ones with what they became."""
    _scenes: dict[str, set[tuple[int, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._scenes = {kind: self._bearers(kind) for kind in _BEARERS}

    def went(self, change: Delete | Merge) -> None:
        """Record objects that the next operation removes."""
        if isinstance(change, Delete):
            self.gone[change.kind, change.id] = None
        else:
            for source, _ in change.sources:
                self.gone[change.kind, source] = change.id

    def broken(self) -> str:
        """Return the checks that fail, as messages."""
        return self._shared_names() or self._cycles() or self._orphans() or self._scenes_that_lost()

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.library._db.all(sql)

    def _shared_names(self) -> str:
        for kind in ("tag", "studio"):
            holder: dict[str, int] = {}
            for owner, text in self._rows(
                f"SELECT id, name FROM {kind}s "
                f"UNION ALL SELECT {kind}_id, alias FROM {kind}_aliases"
            ):
                if holder.setdefault(fold(text), owner) != owner:
                    return f'"{text}" belongs to {kind}s {holder[fold(text)]} and {owner}'
        keys = self._rows("SELECT name, COALESCE(disambiguation, '') FROM performers")
        folded = {(fold(name), fold(word)) for name, word in keys}
        return "" if len(folded) == len(keys) else f"two performers of one name in {keys}"

    def _parents(self, kind: str) -> dict[int, list[int]]:
        sql = (
            "SELECT child_id, parent_id FROM tags_relations"
            if kind == "tag"
            else "SELECT id, parent_id FROM studios WHERE parent_id IS NOT NULL"
        )
        found: dict[int, list[int]] = {}
        for child, parent in self._rows(sql):
            found.setdefault(child, []).append(parent)
        return found

    def _cycles(self) -> str:
        for kind in ("tag", "studio"):
            cycle = find_cycle(self._parents(kind))
            if cycle:
                return f"{kind}s {cycle} are above themselves"
        return ""

    def _orphans(self) -> str:
        for kind, ids in self.rooted.items():
            parents = self._parents(kind)
            for item in ids:
                if (kind, item) not in self.gone and int(item) not in parents:
                    return f"{kind} {item} is without a parent for a moment"
        return ""

    def _bearers(self, kind: str) -> set[tuple[int, str]]:
        return {(scene, str(item)) for scene, item in self._rows(_BEARERS[kind])}

    def _scenes_that_lost(self) -> str:
        for kind, before in self._scenes.items():
            now = self._bearers(kind)
            for scene, item in before:
                became = self.gone.get((kind, item), item)
                if became is not None and not now & {(scene, item), (scene, became)}:
                    return f"scene {scene} lost {kind} {item}"
        return ""


_BEARERS = {
    "tag": "SELECT scene_id, tag_id FROM scenes_tags",
    "performer": "SELECT scene_id, performer_id FROM performers_scenes",
    "studio": "SELECT id, studio_id FROM scenes WHERE studio_id IS NOT NULL",
    "group": "SELECT scene_id, group_id FROM groups_scenes",
}
