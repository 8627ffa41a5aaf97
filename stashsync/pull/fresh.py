"""Objects that no manifest declares: their items, and where these go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from stashsync.fields.names import fold
from stashsync.kinds import KINDS
from stashsync.planner import Pair, Policy
from stashsync.pull.first import kinds_of
from stashsync.pull.writing.export import id_of, nested_items, shard_of
from stashsync.pull.writing.forms import Writer
from stashsync.state import Resource, State


@dataclass(frozen=True, slots=True)
class Fresh:
    """A new object's item; `below` is the id of the declared object that it is nested in."""

    kind: str
    item: Any
    below: str | None
    file: str


@dataclass(frozen=True)
class NewObjects:
    """Finds them. `files` are those of the project; `into` is where new ones go, if it is said."""

    desired: State
    observed: State
    policy: Policy
    writer: Writer
    files: Collection[str]
    folder: str
    into: str | None

    def find(self, pairs: Iterable[Pair]) -> list[Fresh]:
        """The items of objects that no manifest declares, and below whom they go."""
        declared = {(one.observed.kind, one.observed.id) for one in pairs if one.observed}
        spoken = {(one.desired.kind, one.desired.key) for one in pairs}
        names = {(one.observed.kind, one.observed.id): one for one in pairs if one.observed}
        found: list[Fresh] = []
        for kind in kinds_of(self.policy):
            new = frozenset(
                id_of(one)
                for one in self.observed.of(kind)
                if (kind, one.id) not in declared
                and (kind, one.key) not in spoken
                and self.policy.chooses(one)
                and not self.policy.ignores(one)
            )
            if not new:
                continue
            writer = self.writer
            items, _ = nested_items(writer, KINDS[kind], new)
            by_name = {one.name: one for one in self.observed.of(kind) if one.id in new}
            for item in items:
                name = item if isinstance(item, str) else str(item["name"])
                found.append(self._fresh(kind, item, by_name[name], names))
        return found

    def _fresh(
        self,
        kind: str,
        item: Any,
        one: Resource,
        declared: Mapping[tuple[str, str | None], Pair],
    ) -> Fresh:
        spec = KINDS[kind].hierarchy
        value = one.values.get(spec.name) if spec is not None else None
        parents = value if isinstance(value, list) else [value] if value else []
        homes = sorted(
            (declared[kind, parent] for parent in parents if (kind, parent) in declared),
            key=lambda pair: (pair.desired.key, pair.desired.name),
        )
        if homes and spec is not None:
            home = homes[0]
            assert home.observed is not None
            said = item[spec.name] if isinstance(item, dict) and spec.name in item else None
            if isinstance(said, list):
                rest = [name for name in said if fold(name) != home.observed.key[0]]
                item = {**item, spec.name: rest}
                if not rest:
                    del item[spec.name]
            elif said is not None:
                item = {name: one for name, one in item.items() if name != spec.name}
            if isinstance(item, dict) and len(item) == 1:
                item = item["name"]
            return Fresh(kind, item, home.observed.id, self._file_for(kind, one.name))
        return Fresh(kind, item, None, self._file_for(kind, one.name))

    def _file_for(self, kind: str, name: str) -> str:
        """The file that a new outermost item goes to."""
        if self.into is not None:
            return self.into
        plural = KINDS[kind].plural
        if any(file.startswith(f"{self.folder}/{plural}/") for file in self.files):
            return f"{self.folder}/{plural}/{shard_of(name)}.yaml"
        counts: dict[str, int] = {}
        for one in self.desired.of(kind):
            counts[one.file] = counts.get(one.file, 0) + 1
        if counts:
            return min(counts, key=lambda file: (-counts[file], file))
        return f"{self.folder}/{plural}.yaml"
