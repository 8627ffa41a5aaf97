"""The JSON Schema of a manifest, for editors. It takes what the loader takes.

Editors type YAML before they check it, so `name: 007` arrives as a number: wherever the loader
wants text, the schema also takes what such text may be taken for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stashsync.kinds import KINDS, Kind
from stashsync.manifest.layout import ItemLayout, extras_of, layouts

DRAFT: Final = "http://json-schema.org/draft-07/schema#"
_TEXT: Final = {"type": ["string", "number", "boolean", "null"]}
_EXTRAS: Final[Mapping[str, dict[str, Any]]] = {
    "id": {
        "description": "The server's id: matches by it; it must exist.",
        "anyOf": [
            {"type": "string", "pattern": "^[1-9][0-9]*$"},
            {"type": "integer", "minimum": 1},
        ],
    },
    "keep_old_name": {
        "description": "Whether the old name becomes an alias.",
        "type": ["boolean", "null"],
    },
    "state": {"description": "`absent`: it is deleted.", "enum": ["absent"]},
}
_NAMING: Final[Mapping[str, str]] = {
    "renamed_from": "The name, or the names, it had before.",
    "merge": "The names of those that are merged into it; they become aliases.",
}


def json_schema(kinds: Mapping[str, Kind] = KINDS) -> dict[str, Any]:
    """Make the schema (draft-07) of any manifest file with these kinds."""
    sections = layouts(kinds)
    return {
        "$schema": DRAFT,
        "title": "stashsync manifest",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {
            name: {
                "description": layout.kind.doc,
                "anyOf": [
                    {"type": "array", "items": {"$ref": f"#/definitions/{layout.kind.name}"}},
                    {"type": "null"},
                ],
            }
            for name, layout in sections.items()
        },
        "definitions": {layout.kind.name: _item(layout) for layout in sections.values()},
    }


def _item(layout: ItemLayout) -> dict[str, Any]:
    """Make the schema of an item: a name, or a mapping with a name."""
    kind = layout.kind
    properties: dict[str, Any] = {}
    for name, spec in kind.fields.items():
        schema = spec.meaning.json_schema()
        properties[name] = {"description": spec.doc, **schema} if spec.doc else schema
    if layout.nests:
        properties["children"] = {
            "description": f"The {kind.plural} below it.",
            "type": "array",
            "minItems": 1,
            "items": {"$ref": f"#/definitions/{kind.name}"},
        }
    properties |= {
        key: _EXTRAS.get(key) or _object_names(kind, _NAMING[key]) for key in extras_of(kind)
    }
    mapping = {
        "type": "object",
        "description": kind.doc,
        "properties": properties,
        "required": list(layout.required),
        "additionalProperties": False,
        "dependencies": {
            "keep_old_name": ["renamed_from"],
            "state": {"propertyNames": {"enum": sorted(layout.telling)}},
        },
    }
    return {"anyOf": [_TEXT, mapping]} if layout.required == ("name",) else mapping


def _object_names(kind: Kind, description: str) -> dict[str, Any]:
    """Make the schema of the names of one object or of several."""
    name: dict[str, Any] = _TEXT
    if len(kind.key_fields) > 1:
        parts = {
            "type": "object",
            "properties": {key: kind.fields[key].meaning.json_schema() for key in kind.key_fields},
            "required": [kind.key_fields[0]],
            "additionalProperties": False,
        }
        name = {"anyOf": [_TEXT, parts]}
    return {"description": description, "anyOf": [name, {"type": "array", "items": name}]}
