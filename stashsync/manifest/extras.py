"""The keys of an item that are no fields: which object is meant, and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from stashsync.fields import Quoted, Raw, RawList, RawMap, Wrong
from stashsync.fields.lists import one_name
from stashsync.fields.names import fold
from stashsync.fields.raw import describe, is_null
from stashsync.fields.scalars import Flag
from stashsync.manifest.layout import Layout
from stashsync.manifest.places import Path
from stashsync.state import Resource

ABSENT: Final = "absent"
EXTRA_FIELDS: Final = ("id", "renamed_from", "keep_old_name", "merge")
"""Keys that are fields of the resource and not of the object."""
_FLAG: Final = Flag()
_SERVER_ID: Final = re.compile(r"[1-9][0-9]*\Z", re.ASCII)


def read_extra(key: str, raw: RawMap, layout: Layout, resource: Resource | None) -> Any:
    """Read the value of a key in `EXTRA_FIELDS`; `resource` is what the item declares.

    Raises:
        Wrong: it is not what the key takes.
    """
    match key:
        case "id":
            return _server_id(raw[key])
        case "renamed_from":
            return _old_names(raw[key], resource)
        case "merge":
            return _merged_names(raw[key], layout, resource)
        case _:
            return _keeps_old_name(raw)


def _server_id(raw: Raw) -> str:
    if not isinstance(raw, str) or not _SERVER_ID.match(raw):
        raise Wrong(
            "an id is the whole number that the server gave",
            "write `id: 12`, or leave it out to match by name",
        )
    return str(raw)


def _keeps_old_name(raw: RawMap) -> bool:
    keep: bool = _FLAG.parse(raw["keep_old_name"])
    if keep and "renamed_from" not in raw:
        hint = "add `renamed_from:`, or leave this key out"
        raise Wrong("there is no old name to keep", hint)
    return keep


def _old_names(raw: Raw, resource: Resource | None) -> tuple[str, ...]:
    names: list[str] = []
    for path, name in _names(raw):
        if resource is not None and name == resource.name:
            raise Wrong(f"{name!r} is the name it has now", "write the name it had before", path)
        if name not in names:
            names.append(name)
    return tuple(names)


def _merged_names(raw: Raw, layout: Layout, resource: Resource | None) -> tuple[str, ...]:
    # Namesakes, which only some kinds have, may be merged into one that differs in its key.
    own = None
    if resource is not None and not any(map(resource.values.get, layout.kind.key_fields[1:])):
        own = fold(resource.name)
    names: dict[str, str] = {}
    for path, name in _names(raw):
        text = fold(name)
        if text == own:
            raise Wrong(
                f"{name!r} cannot be merged into itself", "write the names of the others", path
            )
        if text in names:
            raise Wrong(f"{name!r} stands here twice", "write it once", path)
        names[text] = name
    return tuple(names.values())


def check_state(raw: Raw) -> None:
    """Check the value of `state`.

    Raises:
        Wrong: it is not `absent`.
    """
    if raw != ABSENT:
        found = repr(str(raw)) if isinstance(raw, str) and raw else describe(raw)
        raise Wrong(
            f"the only state is `absent`, not {found}",
            "write `state: absent` to delete the object, or leave the key out to keep it",
        )


def _names(raw: Raw) -> Iterator[tuple[Path, str]]:
    """Yield the names in a list, or the one in its place, each with the path to it.

    Raises:
        Wrong: one is no name.
    """
    if isinstance(raw, str) and not isinstance(raw, Quoted) and is_null(raw) and not raw:
        return
    for index, item in enumerate(raw if isinstance(raw, RawList) else [raw]):
        path: Path = (index,) if isinstance(raw, RawList) else ()
        try:
            yield path, one_name(item)
        except Wrong as wrong:
            raise Wrong(wrong.message, wrong.hint, (*path, *wrong.path)) from None
