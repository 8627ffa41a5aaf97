"""Objects that no manifest declares: their items, and the files these go to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from stashsync.errors import Mark
from stashsync.fields.names import fold
from stashsync.fields.references import reference_list
from stashsync.kinds import KINDS
from stashsync.planner import Pair
from stashsync.pull.export import PullScope, chosen, id_of, kinds_of, nested_items, shard_of
from stashsync.pull.pairing import Pairing, Project
from stashsync.pull.writing.blocks import CHILDREN, name_of, shortest
from stashsync.pull.writing.items import ItemWriter


class NewItem(Struct, frozen=True):
    """A new object's item; `below` is the id of the declared object that it is nested in."""

    kind: str
    item: Any
    below: str | None
    file: str

    @property
    def what(self) -> str:
        """What it is, for people."""
        return f'the new {self.kind} "{name_of(self.item)}"'

    @property
    def mark(self) -> Mark:
        """Where it goes."""
        return Mark(self.file)

    def names(self) -> Iterator[str]:
        """Yield its name, and those of the new objects that are nested in it."""
        waiting = [self.item]
        for content in waiting:
            yield name_of(content)
            waiting += content.get(CHILDREN, ()) if isinstance(content, dict) else ()


def new_items(
    project: Project, pairing: Pairing, scope: PullScope, writer: ItemWriter, pairs: Sequence[Pair]
) -> list[NewItem]:
    """Return the items of objects that no manifest declares, and where they go."""
    declared = {(pair.observed.kind, pair.observed.id): pair for pair in pairs if pair.observed}
    alone = [pair for pair in pairs if pair.desired.id is None or pair.observed is None]
    keys = {(pair.desired.kind, pair.desired.key) for pair in alone}
    found: list[NewItem] = []
    for kind in kinds_of(pairing.policy):
        new = {
            id_of(resource): resource
            for resource in chosen(pairing.observed, kind, pairing.policy)
            if (kind, resource.id) not in declared and (kind, resource.key) not in keys
        }
        by_name = {resource.name: resource for resource in new.values()}
        spec = KINDS[kind].hierarchy
        for item in nested_items(writer, KINDS[kind], frozenset(new))[0] if new else ():
            known = new.get(str(item.get("id"))) if isinstance(item, dict) else None
            known = known or by_name[name_of(item)]
            value = known.values.get(spec.name) if spec is not None else None
            above = [
                declared[kind, identifier]
                for identifier in reference_list(value)
                if (kind, identifier) in declared
            ]
            file = scope.into or file_for(project, kind, name_of(item))
            if spec is None or not above:
                found.append(NewItem(kind, item, None, file))
                continue
            parent = min(above, key=lambda pair: (pair.desired.key, pair.desired.name)).observed
            assert parent is not None
            nested = _without_parent(item, spec.name, parent.key[0])
            found.append(NewItem(kind, nested, parent.id, file))
    return found


def _without_parent(item: Any, field: str, parent: str) -> Any:
    """Return an item without the parent that it is nested in."""
    if isinstance(item, str) or field not in item:
        return item
    named, rest = item[field], []
    if isinstance(named, list):
        rest = [name for name in named if fold(name) != parent]
    others = {name: value for name, value in item.items() if name != field or rest}
    return shortest({**others, **({field: rest} if rest else {})})


def file_for(project: Project, kind: str, name: str) -> str:
    """Return the file that a new outermost item goes to."""
    section = f"{project.folder}/{KINDS[kind].plural}"
    if any(file.startswith(f"{section}/") for file in project.texts):
        return f"{section}/{shard_of(name)}.yaml"
    counts = Counter(resource.file for resource in project.state.of(kind))
    return min(counts, key=lambda file: (-counts[file], file), default=f"{section}.yaml")
