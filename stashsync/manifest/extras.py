"""The keys of an item that are no fields: which object is meant, and what is to become of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from stashsync.fields import Quoted, Raw, RawList, Wrong
from stashsync.fields.lists import one_name
from stashsync.fields.names import fold
from stashsync.fields.raw import describe, is_null
from stashsync.manifest.layout import Layout
from stashsync.manifest.places import Path
from stashsync.state import Resource

ABSENT: Final = "absent"
_SERVER_ID: Final = re.compile(r"[1-9][0-9]*\Z", re.ASCII)


def server_id(raw: Raw) -> str:
    """The id in `id`.

    Raises:
        Wrong: it is none.
    """
    if not isinstance(raw, str) or not _SERVER_ID.match(raw):
        raise Wrong(
            "an id is the whole number that the server gave",
            "write `id: 12`, or leave it out to match by name",
        )
    return str(raw)


def old_names(raw: Raw, resource: Resource | None) -> tuple[str, ...]:
    """The names in `renamed_from`, in written order.

    Raises:
        Wrong: one is no name, or is the name that the object has now.
    """
    names: list[str] = []
    for path, name in _names(raw):
        if resource is not None and name == resource.name:
            raise Wrong(f"{name!r} is the name it has now", "write the name it had before", path)
        if name not in names:
            names.append(name)
    return tuple(names)


def merged_names(raw: Raw, layout: Layout, resource: Resource | None) -> tuple[str, ...]:
    """The names in `merge`, in written order.

    Raises:
        Wrong: one is no name, stands there twice, or is the object's own. Namesakes, which only
            some kinds have, may be merged into one that differs from them.
    """
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
    """Nothing, where `state` says what it may say.

    Raises:
        Wrong: it says something else.
    """
    if raw != ABSENT:
        said = repr(str(raw)) if isinstance(raw, str) and raw else describe(raw)
        raise Wrong(
            f"the only state is `absent`, not {said}",
            "write `state: absent` to delete the object, or leave the key out to keep it",
        )


def _names(raw: Raw) -> Iterator[tuple[Path, str]]:
    """The names in a list, or the one in its place, each with the path to it.

    Raises:
        Wrong: one is no name.
    """
    if isinstance(raw, str) and not isinstance(raw, Quoted) and is_null(raw) and not raw:
        return
    for index, one in enumerate(raw if isinstance(raw, RawList) else [raw]):
        path: Path = (index,) if isinstance(raw, RawList) else ()
        try:
            yield path, one_name(one)
        except Wrong as wrong:
            raise Wrong(wrong.message, wrong.hint, (*path, *wrong.path)) from None
