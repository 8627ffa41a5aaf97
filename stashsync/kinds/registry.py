"""The one list of what there is in a library, each imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from stashsync.fields.references import type_name

if TYPE_CHECKING:
    from stashsync.kinds.kind import Kind

MODULES: Final = {
    "tag": "tag",
    "studio": "studio",
    "performer": "performer",
    "group": "group",
    "scene": "scene",
    "gallery": "gallery",
    "image": "image",
    "sceneMarker": "marker",
    "saved_filter": "saved_filter",
    "galleryChapter": "chapter",
    "job": "job",
    "videoFile": "files",
    "imageFile": "files",
    "galleryFile": "files",
    "basicFile": "files",
    "folder": "files",
    "fingerprint": "files",
    "videoCaption": "parts",
    "scenePathsType": "parts",
    "imagePathsType": "parts",
    "galleryPathsType": "parts",
    "sceneStreamEndpoint": "parts",
    "sceneGroup": "memberships",
    "groupDescription": "memberships",
    "jobStatusUpdate": "job",
}
"""Kinds by name, each after those that it refers to as far as that goes, with their modules."""

READ_ONLY: Final = frozenset(
    name for name, module in MODULES.items() if module in ("files", "parts", "memberships", "job")
)
"""The kinds that no input creates or updates: files, jobs, and what others are made of."""

NAME_OF_TYPE: Final = {type_name(name): name for name in MODULES}
"""The kinds by the GraphQL type of their objects, which is the name of their class."""


class Registry(Mapping[str, "Kind"]):
    """Tables by the name of their kind: `ENTITIES["scene"].fields["title"]`."""

    def __getitem__(self, name: str) -> Kind:
        table: Kind = declaration_of(name).kind()
        return table

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)

    def __contains__(self, name: object) -> bool:
        return name in MODULES


def declaration_of(name: str) -> type[Any]:
    """Return the class that declares a kind.

    Raises:
        KeyError: there is no such kind.
    """
    module = import_module(f"stashsync.kinds.{MODULES[name]}")
    declaration: type[Any] = getattr(module, type_name(name))
    return declaration


ENTITIES: Final = Registry()
"""All tables by name. Asking for one imports its declaration; counting and naming imports none."""
