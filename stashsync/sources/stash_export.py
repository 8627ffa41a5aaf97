"""Stash's own JSON export, as objects with the names that fields have in manifests.

Source: docs/stash-behaviour.md#backup-import-and-export
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from stashsync.errors import Mark, Problem
from stashsync.fields import StashIds
from stashsync.kinds import KINDS, FieldSpec
from stashsync.render.phrases import counted
from stashsync.sources.export_files import ExportFiles
from stashsync.sources.found import FoundObject
from stashsync.sources.json_files import by_endpoint
from stashsync.sources.json_texts import JsonFault, Placed, values_in
from stashsync.sources.texts import SourceError, SourceText

_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "tag": {},
    "studio": {"parent_studio": "parent", "rating": "rating100"},
    "performer": {"height": "height_cm", "rating": "rating100"},
    "group": {"rating": "rating100", "sypnopsis": "synopsis"},
}
"""Fields by the key that an export has for them, where that is another."""
_TIMES: Final = frozenset({"created_at", "updated_at"})
_LINKS: Final = ("url", "twitter", "instagram")
"""Keys of old exports; each has one address."""
_DATA: Final = re.compile(r"data:[^;,]*;base64,")


@dataclass
class StashExport:
    """What an export has; `notes` are about what manifests do not take of it."""

    found: list[FoundObject] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)


def read_export(path: Path, *, images: bool = True) -> StashExport:
    """Return the tags, studios, performers and groups of an export, with or without `images`.

    Raises:
        SourceError: with every file that cannot be what Stash wrote.
    """
    files, export = ExportFiles(path), StashExport()
    problems: list[Problem] = []
    for kind, name, data in files.read():
        try:
            text = SourceText.of(name, data)
            found = _object(kind, text, export, images=images)
        except SourceError as error:
            problems += error.problems
            continue
        export.found.append(found)
    if problems:
        raise SourceError(problems)
    skipped = [counted(count, "file") + f" in {name}/" for name, count in files.skipped.items()]
    if skipped:
        export.notes[f"Not read, as manifests have no such objects: {', '.join(skipped)}."] = None
    return export


def _object(kind: str, text: SourceText, export: StashExport, *, images: bool) -> FoundObject:
    given = _mapping(text)
    values: dict[str, Any] = {}
    pictures: dict[str, bytes] = {}
    links: list[str] = []
    for key, value in given.items():
        name = _NAMES[kind].get(key, key)
        spec = KINDS[kind].fields.get(name)
        if key in _TIMES or key == "name":
            continue
        if key in _LINKS:
            links.append(value)
        elif spec is None:
            export.notes[f"Not read: `{key}` of a {kind}, which manifests do not have."] = None
        elif spec.meaning.shape == "image":
            picture = _picture(value) if images else b""
            if picture is None:
                export.notes[f"Not read: `{key}` in {text.name} is no image."] = None
            elif picture:
                pictures[name] = picture
        else:
            values[name] = _value(spec, value)
    if links and not values.get("urls"):
        values["urls"] = links
    return FoundObject(kind, given.get("name", ""), values, text.name, pictures)


def _mapping(text: SourceText) -> dict[str, Any]:
    """Return the object in a file.

    Raises:
        SourceError: it has none, or no name.
    """
    try:
        values = values_in(text.text)
    except JsonFault as fault:
        text.fault(f"this is no JSON: {fault.message}", fault.at)
        text.raise_problems()
        raise
    whole = values[0] if len(values) == 1 else Placed(None, 0)
    if not isinstance(whole.value, dict) or not isinstance(whole.plain.get("name"), str):
        problem = Problem("this is no object that Stash exported", Mark(text.name, 1, 1))
        raise SourceError([problem])
    found: dict[str, Any] = whole.plain
    return found


def _picture(value: Any) -> bytes | None:
    if not isinstance(value, str):
        return None
    try:
        return base64.b64decode("".join(_DATA.sub("", value, 1).split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _value(spec: FieldSpec, value: Any) -> Any:
    """Return a value as manifests have it; what is none of these fails when it is parsed."""
    if isinstance(spec.meaning, StashIds):
        return by_endpoint(value) if isinstance(value, list) else value
    if spec.meaning.shape == "set" and isinstance(value, str):
        return value.split(",")  # the aliases of a performer in old exports
    if spec.form == "memberships" and isinstance(value, list):
        return [_member(spec, each) for each in value]
    return value


def _member(spec: FieldSpec, member: Any) -> Any:
    """Return a member with its reference under the name of its kind, and not under `name`."""
    if not isinstance(member, dict):
        return member
    reference = spec.meaning.references() or ""
    return {reference if key == "name" else key: value for key, value in member.items()}
