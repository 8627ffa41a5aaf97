"""What people call the fields of filters, and what the server calls them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from stashsync.kinds.likeness import nearest
from stashsync.store.filter_schema import FilterTable

_SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "alias_list": ("aliases",),
        "favorite": ("filter_favorites",),
        "parent": ("parents", "parent_folder"),
        "parent_studio": ("parents",),
        "child": ("children",),
        "child_studios": ("children",),
        "stash_id": ("stash_id_endpoint",),
        "stash_ids": ("stash_id_endpoint",),
        "urls": ("url",),
        "height": ("height_cm",),
        "rating": ("rating100",),
        "file_mod_time": ("mod_time",),
    }
)
"""Names of fields of objects whose criterion has quite another name."""


def real_name(table: FilterTable, name: str) -> str | None:
    """Return the filter field that `name` means: itself, its plural (`studio`), or a synonym."""
    return next((item for item in _candidates(name) if item in table.fields), None)


def _candidates(name: str) -> Iterator[str]:
    yield name
    yield from _SYNONYMS.get(name, ())
    yield from _plurals(name)
    if name.endswith("_id"):
        yield from _plurals(name.removesuffix("_id"))
    if name.endswith("_ids"):
        yield from _plurals(name.removesuffix("_ids"))


def _plurals(name: str) -> Iterator[str]:
    yield f"{name}s"
    if name.endswith("y"):
        yield f"{name[:-1]}ies"


def suggestion(name: str, known: Mapping[str, object]) -> str:
    """Return a hint for an unknown name: the nearest one, or else all."""
    near = nearest(name, known)
    if near:
        return f"Did you mean {near}?"
    return f"There are: {', '.join(sorted(known))}." if known else ""
