"""The JSON Schema of `stashsync.yaml`, for editors. It takes what `settings` takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from stashsync.config import ATTACHED, EVENTS, EXACT, MERGE, THRESHOLDS
from stashsync.kinds import KINDS
from stashsync.manifest.schema import DRAFT
from stashsync.manifest.settings import list_names

Schema = dict[str, Any]
_KINDS: Final = [kind.plural for kind in KINDS.values()]
_TEXT: Final[Schema] = {"type": ["string", "number", "null"]}
_NULL: Final[Schema] = {"type": "null"}
_FLAG: Final[Schema] = {"type": ["boolean", "null"]}
_KEY: Final[Schema] = {"type": ["string", "null"], "pattern": "^(env|file):."}
_SECONDS: Final[Schema] = {"type": ["number", "null"], "exclusiveMinimum": 0}
_PATTERNS: Final[Schema] = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_SHARE: Final[Schema] = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": r"^\s*[0-9.]+%?\s*$"},
        {"type": "null"},
    ]
}


def settings_schema() -> Schema:
    """Make the schema (draft-07) of the settings file."""
    whole = _settings()
    profile = {**whole, "description": "What it sets beats the settings outside of it."}
    profiles = _mapping({}, "Further servers, chosen by --profile.", others=profile)
    return {
        "$schema": DRAFT,
        "title": "stashsync settings",
        **whole,
        "properties": {**whole["properties"], "profiles": profiles},
    }


def _settings() -> Schema:
    return _mapping(
        {
            "server": _server(),
            "manifests": _about(_TEXT, "The folder of the manifests, below this file."),
            "lists": _of(
                list_names(),
                {"enum": [MERGE, EXACT, None]},
                "Which lists own only the members that are written (merge).",
            ),
            "prune": _of(_KINDS, _FLAG, "Whether objects that no manifest names are deleted."),
            "protect": _of(_KINDS, _PATTERNS, "Names of what is never deleted or merged."),
            "ignore": _of(_KINDS, _PATTERNS, "Names of what is neither planned nor reported."),
            "thresholds": _of(THRESHOLDS, _SHARE, "The share of objects that a plan may change."),
            "lenient": _about(_FLAG, "Whether fields that the server lacks are warnings."),
            "mark": _about(_FLAG, "Whether the first apply may mark the library."),
            "memory": _about(_TEXT, "The folder of baselines and runs, in place of .stashsync."),
            "notify": _notify(),
            "stash_boxes": _mapping({}, "Databases to import from, by name.", others=_box()),
        }
    )


def _server() -> Schema:
    files = dict.fromkeys(("ca_bundle", "client_cert", "client_key"), _TEXT)
    return _mapping(
        {
            "url": _about(_TEXT, "The server's address, with or without /graphql."),
            "api_key": _about(_KEY, "Where its key is, never the key itself."),
            "tls": _mapping({"verify": _FLAG, **files}, "Certificates of both sides."),
            "timeouts": _of(("connect", "read", "mutation"), _SECONDS, "Time limits in seconds."),
        },
        "The Stash server.",
    )


def _notify() -> Schema:
    # What `!env` and `!secret` stand for is not known to an editor, which sees their text.
    event: Schema = {"enum": list(EVENTS)}
    return _mapping(
        {
            "urls": _about(
                {"anyOf": [_TEXT, {"type": "array", "items": {"type": "string"}}]},
                "Addresses of Apprise, each as !secret NAME or !env NAME.",
            ),
            "events": _about(
                {"anyOf": [event, {"type": "array", "items": event, "minItems": 1}, _NULL]},
                "What is reported; all of it by default.",
            ),
            "link": _about(_TEXT, "A link to what more there is, in place of that to the CI run."),
            "attach": _about({"enum": [*ATTACHED, None]}, "The format of an attached report."),
        },
        "Who is notified of drift, runs and failures.",
    )


def _box() -> Schema:
    found = _mapping(
        {
            "endpoint": _about(_TEXT, "The address of its API."),
            "api_key": _about(_KEY, "Where its key is, never the key itself."),
            "requests_per_minute": _about(_SECONDS, "How many it is sent at most; 60 by default."),
        }
    )
    return {**found, "type": "object", "required": ["endpoint"]}


def _of(names: Iterable[str], value: Schema, description: str) -> Schema:
    return _mapping(dict.fromkeys(names, value), description)


def _mapping(
    properties: Mapping[str, Schema], description: str = "", *, others: Schema | None = None
) -> Schema:
    closed = False if others is None else others
    found = {"type": ["object", "null"], "properties": dict(properties)}
    return _about({**found, "additionalProperties": closed}, description)


def _about(schema: Schema, description: str) -> Schema:
    return {"description": description, **schema} if description else schema
