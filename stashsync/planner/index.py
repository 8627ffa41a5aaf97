"""Find the observed objects of one kind by id, by key and by any of their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from stashsync.fields import Value
from stashsync.fields.names import fold, trim
from stashsync.kinds import KINDS, Key, Kind, ObjectName
from stashsync.state import Resource

SHOWN = 5
"""How many names one warning lists."""


class Index:
    """Look-ups into one kind of an observed state, each built when it is first needed."""

    def __init__(self, kind: Kind, resources: Sequence[Resource]) -> None:
        self.kind = kind
        self.resources = resources

    @cached_property
    def by_id(self) -> dict[str, Resource]:
        """Objects by the server's id."""
        return {resource.id or "": resource for resource in self.resources}

    @cached_property
    def _by_key(self) -> dict[Key, list[Resource]]:
        found: dict[Key, list[Resource]] = {}
        for resource in self.resources:
            found.setdefault(resource.key, []).append(resource)
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[Resource]]:
        if len(self.kind.key_fields) == 1:
            return {key[0]: resources for key, resources in self._by_key.items()}
        found: dict[str, list[Resource]] = {}
        for resource in self.resources:
            found.setdefault(resource.key[0], []).append(resource)
        return found

    @cached_property
    def by_stash_id(self) -> dict[tuple[str, str], list[Resource]]:
        """Holders of a pair of endpoint and id; several objects may hold one.

        Source: docs/stash-behaviour.md#stash-ids
        """
        found: dict[tuple[str, str], list[Resource]] = {}
        for resource in self.resources:
            for pair in resource.values.get("stash_ids") or ():
                found.setdefault((pair["endpoint"], pair["stash_id"]), []).append(resource)
        return found

    @cached_property
    def holders(self) -> dict[str, list[Resource]]:
        """Objects by the folded texts of their names and aliases."""
        found: dict[str, list[Resource]] = defaultdict(list)
        for resource in self.resources:
            for text in texts_of(resource):
                found[text].append(resource)
        return found

    def with_key(self, key: Key) -> Sequence[Resource]:
        """Return all objects of this very key. More than one is rare: an import can make them."""
        return self._by_key.get(key, ())

    def with_name(self, name: str) -> Sequence[Resource]:
        """Return all objects of this name, whatever else their key has."""
        return self._by_name.get(fold(trim(name)), ())

    def named(self, name: ObjectName, declared: Container[Key] = ()) -> list[Resource]:
        """Return the objects that a manifest may mean by a name in `renamed_from` or `merge`.

        Those of just this key; else all of this name, but for those that are `declared` themselves.
        """
        keys = self.kind.keys_named(name)
        found = [resource for key in keys for resource in self.with_key(key)]
        if not found and (isinstance(name, str) or len(name) == 1):
            found = [item for item in self._by_name.get(keys[0][0], ()) if item.key not in declared]
        return found

    def formerly(self, desired: Resource, declared: Container[Key]) -> list[Resource]:
        """Return the objects that have a former name of a desired one.

        Where several differ in case alone, the one that is just so written is meant.
        """
        found: dict[str, Resource] = {}
        for name in desired.renamed_from:
            holders = self.named(name, declared)
            exact = [holder for holder in holders if holder.label == desired.text_of(name)]
            for holder in exact if len(exact) == 1 else holders:
                found[holder.id or ""] = holder
        return list(found.values())


def aliases_in(kind: Kind, values: Mapping[str, Value]) -> list[str]:
    """Return the aliases among the values of an object; no kind's but those that are names."""
    aliases: list[str] | None = values.get(kind.aliases.name) if kind.aliases is not None else None
    return aliases or []


def names_in(kind: Kind, values: Mapping[str, Value]) -> Iterator[str]:
    """Yield the name and the aliases among the values of an object."""
    if "name" in values:
        yield values["name"]
    yield from aliases_in(kind, values)


def texts_of(resource: Resource) -> Iterator[str]:
    """Yield the folded texts of an object's name and aliases, each once.

    They are as the server compares them: old rows may begin or end with white space.
    """
    name = fold(resource.name)
    seen = {name}
    yield name
    for alias in aliases_in(KINDS[resource.kind], resource.values):
        text = fold(alias)
        if text not in seen:
            seen.add(text)
            yield text


def quoted(names: Iterable[str]) -> str:
    """Return names as one warning lists them, not more than `SHOWN`."""
    every = [f'"{name}"' for name in names]
    more = f" and {len(every) - SHOWN} more" if len(every) > SHOWN else ""
    return ", ".join(every[:SHOWN]) + more


def listed(resources: Iterable[Resource]) -> str:
    """Return the labels of objects with their ids."""
    return ", ".join(f'"{resource.label}" (id {resource.id})' for resource in resources)
