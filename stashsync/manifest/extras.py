"""The keys of an item that are no fields: which object is meant, and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from stashsync.fields import Quoted, Raw, RawList, RawMap, Wrong
from stashsync.fields.lists import one_name
from stashsync.fields.names import fold
from stashsync.fields.raw import describe, is_null, parse_each
from stashsync.fields.scalars import Flag
from stashsync.kinds import Kind, ObjectName
from stashsync.manifest.layout import ItemLayout
from stashsync.state import Resource

ABSENT: Final = "absent"
EXTRA_FIELDS: Final = ("id", "renamed_from", "keep_old_name", "merge")
"""Keys that are fields of the resource and not of the object."""
_FLAG: Final = Flag()
_SERVER_ID: Final = re.compile(r"[1-9][0-9]*\Z", re.ASCII)


def read_extra(key: str, raw: RawMap, layout: ItemLayout, resource: Resource | None) -> Any:
    """Read the value of a key in `EXTRA_FIELDS`; `resource` is what the item declares.

    Raises:
        Wrong: it is not what the key takes.
    """
    match key:
        case "id":
            return _server_id(raw[key])
        case "renamed_from":
            return _old_names(raw[key], layout.kind, resource)
        case "merge":
            return _merged_names(raw[key], layout.kind, resource)
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


def _old_names(raw: Raw, kind: Kind, resource: Resource | None) -> tuple[ObjectName, ...]:
    def old_name(item: Raw) -> ObjectName:
        name = _object_name(item, kind)
        text = kind.text_of(name)
        if resource is not None and text == kind.label(resource.values):
            raise Wrong(f"{text!r} is the name it has now", "write the name it had before")
        return name

    return tuple(dict.fromkeys(_one_or_more(raw, old_name)))


def _merged_names(raw: Raw, kind: Kind, resource: Resource | None) -> tuple[ObjectName, ...]:
    own = None if resource is None else fold(kind.label(resource.values))
    seen: set[str] = set()

    def merged_name(item: Raw) -> ObjectName:
        name = _object_name(item, kind)
        text = kind.text_of(name)
        if fold(text) == own:
            raise Wrong(f"{text!r} cannot be merged into itself", "write the names of the others")
        if fold(text) in seen:
            raise Wrong(f"{text!r} stands here twice", "write it once")
        seen.add(fold(text))
        return name

    return tuple(_one_or_more(raw, merged_name))


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


def _one_or_more(raw: Raw, parse: Callable[[Raw], ObjectName]) -> list[ObjectName]:
    """Return the names in a list, or the one in its place.

    Raises:
        Wrong: some are no names.
    """
    if isinstance(raw, str) and not isinstance(raw, Quoted) and is_null(raw) and not raw:
        return []
    return parse_each(enumerate(raw), parse) if isinstance(raw, RawList) else [parse(raw)]


def _object_name(raw: Raw, kind: Kind) -> ObjectName:
    """Read a name, or a mapping of what tells an object from others of its name."""
    if not isinstance(raw, RawMap) or len(kind.key_fields) == 1:
        return one_name(raw)
    keys = ", ".join(f"`{name}`" for name in kind.key_fields)
    for key in raw:
        if key not in kind.key_fields:
            raise Wrong(
                f"unknown key {key!r} in the name of a {kind.name}", f"it has {keys}", (key,)
            )
    if kind.key_fields[0] not in raw:
        raise Wrong(f"this {kind.name} has no name", f"write {{{keys.replace('`', '')}}}")
    values: list[str | None] = []
    for name in [name for name in kind.key_fields if name in raw]:
        try:
            values.append(kind.fields[name].meaning.parse(raw[name]))
        except Wrong as wrong:
            raise wrong.below(name) from None
    return tuple(values)
