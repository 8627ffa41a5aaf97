"""Names that are paths: `Camera > Wide shot` is two objects, one below the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stashsync.fields import Wrong
from stashsync.fields.names import fold, trim
from stashsync.kinds import KINDS
from stashsync.sources.found import FoundObject


def path_of(kind: str, text: str, separator: str) -> list[str]:
    """Return the names in a path, the outermost first; a name of a kind without parents is one.

    Raises:
        Wrong: a name is blank.
    """
    splits = bool(separator) and KINDS[kind].hierarchy is not None
    names = [trim(part) for part in (text.split(separator) if splits else [text])]
    if not all(names):
        message = f"a name in the path {text!r} is blank" if len(names) > 1 else "the name is blank"
        hint = "leave the separator out, or give another with --separator"
        raise Wrong(message, hint if len(names) > 1 else "give it a name")
    return names


def objects_of(
    kind: str, path: list[str], values: Mapping[str, Any], place: str, above: str | None = None
) -> list[FoundObject]:
    """Return the objects on a path below `above`; the last one has the values.

    Raises:
        Wrong: a kind has no parents, or the last one has another parent by its values.
    """
    found = []
    for name in path[:-1]:
        found.append(FoundObject(kind, name, with_parent(kind, {}, above), place))
        above = name
    return [*found, FoundObject(kind, path[-1], with_parent(kind, values, above), place)]


def with_parent(kind: str, values: Mapping[str, Any], above: str | None) -> Mapping[str, Any]:
    """Return the values of an object that is below another.

    Raises:
        Wrong: its kind has no parents, or it is below another one by its values.
    """
    if above is None:
        return values
    spec = KINDS[kind].hierarchy
    if spec is None:
        raise Wrong(f"a {kind} has no parents", "give names alone")
    if spec.form == "many":
        return {**values, spec.name: [above, *values.get(spec.name, ())]}
    other = values.get(spec.name)
    if other is not None and fold(trim(str(other))) != fold(above):
        raise Wrong(f"it is below {above!r} and below {other!r}", f"a {kind} has one {spec.name}")
    return {**values, spec.name: above}
