"""What an entity is. `KINDS` is the only list of kinds."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from stashsync.types.capabilities import Capabilities, Release, release_text
from stashsync.types.entity import Entity
from stashsync.types.kind import FieldSpec, Inverse, Key, Kind, Wire
from stashsync.types.performer import Performer
from stashsync.types.studio import Studio
from stashsync.types.tag import Tag

KINDS: Final = MappingProxyType(
    {model.kind().name: model.kind() for model in (Tag, Studio, Performer)}
)
"""All kinds by name, each after those that it refers to."""

__all__ = [
    "KINDS",
    "Capabilities",
    "Entity",
    "FieldSpec",
    "Inverse",
    "Key",
    "Kind",
    "Performer",
    "Release",
    "Studio",
    "Tag",
    "Wire",
    "release_text",
]
