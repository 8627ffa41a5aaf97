"""What both sides agreed on after the last apply or pull: the third side of a comparison.

A baseline belongs to one server (its identity), and has, by kind and server id, the observed values
of the fields that the manifests spoke of then. With it, every difference can be told apart: what
the manifests changed since, what the server changed since, or both. It is a help, never a truth:
without one the two sides are compared as ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import msgspec
import orjson

from stashsync.fields import Value
from stashsync.kinds import KINDS, Key
from stashsync.state import Resource

FORMAT: Final = "stashsync-record"
VERSION: Final = 1

Values = Mapping[str, Value]


@dataclass(frozen=True)
class Baseline:
    """Values by kind and id; references are ids. `identity` is the server's."""

    identity: str
    objects: Mapping[str, Mapping[str, Values]] = field(default_factory=dict)

    def get(self, kind: str, identifier: str | None) -> Values | None:
        """What was known of an object, or None."""
        return self.objects.get(kind, {}).get(identifier or "")

    @cached_property
    def ids(self) -> Mapping[tuple[str, Key], str]:
        """The ids by kind and key."""
        return {
            (name, KINDS[name].key(values)): identifier
            for name, some in self.objects.items()
            for identifier, values in some.items()
        }


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    identity: str
    objects: dict[str, dict[str, dict[str, Any]]]


def file_name(identity: str) -> str:
    """The name of the baseline of the server with this identity."""
    return f"record-{identity}.json"


def remember(identity: str, pairs: Iterable[tuple[Resource, Resource | None]]) -> Baseline:
    """The baseline of what is observed now of every declared object that is there."""
    objects: dict[str, dict[str, Values]] = {}
    for desired, observed in pairs:
        if observed is None or observed.id is None or desired.absent:
            continue
        kind = KINDS[desired.kind]
        spoken = [*kind.key_fields, *desired.values]
        objects.setdefault(desired.kind, {})[observed.id] = {
            name: observed.values[name] for name in spoken if name in observed.values
        }
    return Baseline(identity, objects)


def keep(
    now: Baseline, before: Baseline | None, left_out: Iterable[tuple[str, str | None]]
) -> Baseline:
    """The baseline as of `now`, but for the objects `left_out`, which keep what was known."""
    objects = {kind: dict(some) for kind, some in now.objects.items()}
    for kind, identifier in left_out:
        old = before.get(kind, identifier) if before is not None else None
        objects[kind].pop(identifier or "", None)
        if old is not None:
            objects[kind][identifier or ""] = old
    return Baseline(now.identity, objects)


def dump(baseline: Baseline) -> bytes:
    """The baseline as a file: the same bytes for the same baseline."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "identity": baseline.identity,
        "objects": baseline.objects,
    }
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def load(data: bytes, identity: str) -> Baseline | None:
    """The baseline in a file, or None where it is not one of this server, or of another version."""
    try:
        found = msgspec.json.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if (found.format, found.version, found.identity) != (FORMAT, VERSION, identity):
        return None
    return Baseline(identity, {kind: some for kind, some in found.objects.items() if kind in KINDS})
