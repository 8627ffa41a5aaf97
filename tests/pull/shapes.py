"""Values as manifests write them, and the paths of their nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from stashsync.fields.names import fold
from stashsync.kinds import KINDS
from stashsync.pull.writing.comments import Path


@dataclass
class Alias:
    """An alias, which stands for the mapping or list with that anchor."""

    name: str


class Merged(dict[str, Any]):
    """The fields of a mapping that is written as a merge key."""


UNSHARED = ("name", "date", "children", "parents")
"""Fields that an item never takes from another by a merge key."""


def is_flat(value: Any) -> bool:
    """Return whether a value can be written in brackets on one line."""
    if isinstance(value, Mapping):
        return all(is_flat(inner) for key, inner in value.items() if key != "children") and (
            "children" not in value
        )
    if isinstance(value, str):
        return "\n" not in value
    return not isinstance(value, list) or all(
        isinstance(each, str | Alias) or (isinstance(each, Mapping) and is_flat(each))
        for each in value
    )


def literal(value: str) -> list[str] | None:
    """Return the lines of a literal block, its sign first; None if it cannot be one."""
    lines = value.split("\n")
    if not value or any(not line.isprintable() for line in lines) or lines[0][:1] in ("", " "):
        return None
    return ["|", *lines]


def folded(value: str, random: Random) -> list[str] | None:
    """Return the lines of a folded block, its sign first; None if it cannot be one."""
    lines = [">"]
    for number, paragraph in enumerate(value.split("\n")):
        words = paragraph.split(" ") if paragraph else []
        if "" in words or not paragraph.isprintable():
            return None
        lines += [""] if number else []
        for place, word in enumerate(words):
            if not place or random.random() < 0.4:
                lines.append(word)
            else:
                lines[-1] += " " + word
    return lines if lines[1:2] not in ([], [""]) else None


def item_path(kind: str, item: Any) -> Path:
    """Return the path of an item, which is a bare name or a mapping."""
    found = KINDS[kind]
    values = {"name": item} if isinstance(item, str) else item
    return (kind, *(fold(values.get(name, "")) for name in found.key_fields))


def member_name(kind: str, name: str, member: Any) -> str:
    """Return a list member's last part of the path; `0` for an alias, which has no text."""
    text = member.get("group") if isinstance(member, Mapping) else member
    if not isinstance(text, str) or name not in KINDS[kind].fields:
        return "0"
    target = KINDS[kind].fields[name].meaning.references()
    if target is None:
        return text
    return fold(text.partition(" (")[0] if len(KINDS[target].key_fields) > 1 else text)
