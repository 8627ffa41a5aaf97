"""Turn resources into plain data for the cache and back, by column: the fastest both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, Final, TypeAlias

from stashsync.manifest.items import Declared
from stashsync.state import Resource, State

_COLUMNS: Final = (
    "kind",
    "key",
    "values",
    "id",
    "file",
    "line",
    "column",
    "renamed_from",
    "keep_old_name",
    "merge",
    "absent",
)
"""The fields of a resource, in the order of its constructor."""

_PART: Final = 8192
"""How many resources are frozen at once."""

Named: TypeAlias = list[tuple[Resource, str]]
"""Resources and the fields of theirs that name an image file."""


def freeze_state(state: State, named: Named) -> Iterator[Any]:
    """Yield the resources by kind, in parts, and last where among them images are named."""
    index: dict[int, tuple[str, int]] = {}
    if named:
        for resources in _lists(state):
            index |= {id(resource): (resource.kind, at) for at, resource in enumerate(resources)}
    for resources in _lists(state):
        for start in range(0, len(resources), _PART):
            yield resources[0].kind, _columns(resources[start : start + _PART])
    yield [(*index[id(resource)], field) for resource, field in named]


def thaw_state(parts: Sequence[Any], digest: str) -> tuple[State, Named]:
    """Rebuild what `freeze_state` was given."""
    *heaps, named = parts
    resources: dict[str, list[Resource]] = {}
    for kind, columns in heaps:
        resources.setdefault(kind, []).extend(map(Resource, *columns))
    return State(resources, digest), [(resources[kind][at], field) for kind, at, field in named]


def freeze_declared(declared: Declared) -> Iterator[Any]:
    """Yield what one file declares, but for the file's own name: entries go by content."""
    for start in range(0, len(declared.resources), _PART):
        yield _columns(declared.resources[start : start + _PART])
    yield declared.above, declared.bare


def thaw_declared(parts: Sequence[Any], file: str) -> Declared:
    """Rebuild what `freeze_declared` was given, now declared by `file`."""
    *heaps, (above, bare) = parts
    resources = [resource for columns in heaps for resource in map(Resource, *columns)]
    for resource in resources:
        resource.file = file
    return Declared(file, resources, above, bare)


def _lists(state: State) -> list[list[Resource]]:
    return list(state.resources.values())


def _columns(resources: Sequence[Resource]) -> list[list[Any]]:
    columns = [list(map(attrgetter(name), resources)) for name in _COLUMNS]
    once: Callable[[Any, Any], Any] = {}.setdefault
    columns[1] = [tuple([once(part, part) for part in key]) for key in columns[1]]
    columns[2] = [_shared(values, once) for values in columns[2]]
    return columns


def _shared(values: dict[str, Any], once: Callable[[Any, Any], Any]) -> dict[str, Any]:
    """Return the same values with equal texts as one object, which marshal then writes once."""
    return {
        name: once(value, value)
        if value.__class__ is str
        else _texts(value, once)
        if value.__class__ is list
        else _deep(value, once)
        if value.__class__ is dict
        else value
        for name, value in values.items()
    }


def _texts(values: Iterable[Any], once: Callable[[Any, Any], Any]) -> list[Any]:
    return [once(value, value) if value.__class__ is str else value for value in values]


def _deep(value: dict[str, Any], once: Callable[[Any, Any], Any]) -> dict[str, Any]:
    """Share the keys of a map (endpoints, names of custom fields), which repeat as well."""
    return {once(key, key): inner for key, inner in _shared(value, once).items()}
