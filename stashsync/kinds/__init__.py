"""What there is in a library: tables of fields, compiled from annotated classes.

`ENTITIES` is the only list of kinds; `KINDS` are those that manifests may have.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from stashsync.kinds.capabilities import Capabilities, Release, release_text
from stashsync.kinds.enums import JobStatus, JobStatusUpdateType, OnMultipleMatch
from stashsync.kinds.field_spec import FieldSpec, InverseName, Wire
from stashsync.kinds.kind import Key, Kind, ObjectName
from stashsync.kinds.mutations import KindMutations
from stashsync.kinds.registry import ENTITIES

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {name: ENTITIES[name] for name in ("tag", "studio", "performer", "group", "saved_filter")}
)
"""The kinds that manifests may have, by name, each after those that it refers to."""

__all__ = [
    "ENTITIES",
    "KINDS",
    "Capabilities",
    "FieldSpec",
    "InverseName",
    "JobStatus",
    "JobStatusUpdateType",
    "Key",
    "Kind",
    "KindMutations",
    "ObjectName",
    "OnMultipleMatch",
    "Release",
    "Wire",
    "release_text",
]
