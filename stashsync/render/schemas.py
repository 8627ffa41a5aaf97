"""The JSON Schema (draft-07) of what `--format json` writes, for those who read it by program.

A schema has the version of its format in it, and allows fields that it does not name: within a
version fields are added.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stashsync.kinds import KINDS
from stashsync.outcomes import Status
from stashsync.planner.changes import Matched
from stashsync.planner.plan import FORMAT
from stashsync.render.json import CHANGES, REPORT, VERSION
from stashsync.state import ChangedBy

Schema = dict[str, Any]

PULL: Final = "stashsync-pull"
PULL_VERSION: Final = 2

DRAFT: Final = "http://json-schema.org/draft-07/schema#"
ACTIONS: Final = ("create", "update", "merge", "delete")

_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_TEXT: Final[Schema] = {"type": "string"}
_TEXTS: Final[Schema] = {"type": "array", "items": _TEXT}
_MAYBE_TEXT: Final[Schema] = {"type": ["string", "null"]}


def plan_schema() -> Schema:
    """Of `plan`, `drift` and `show` of a plan."""
    return _document(
        CHANGES,
        "What a plan changes, with names for people and the values before and after.",
        {
            "server": _object(
                {
                    "identity": _said(_TEXT, "The same for the same library, at any address."),
                    "release": _TEXT,
                }
            ),
            "manifests": _said(_TEXT, "The digest of the manifests."),
            "summary": _summary(),
            "changed_by": _maybe(_counts_by()),
            "changes": {"type": "array", "items": _change()},
            "externals": {
                "type": "array",
                "description": "Objects that manifests refer to and that none declares.",
                "items": _object(
                    {
                        "kind": _kind(),
                        "name": _TEXT,
                        "id": _TEXT,
                        "places": {"type": "array", "items": _ref("place")},
                    }
                ),
            },
            "warnings": _problems("What stops nothing."),
            "refusals": _problems("What thresholds and protection say against it."),
            "estimate": _maybe(
                _object(
                    {
                        "requests": _COUNT,
                        "seconds": {"type": "number", "minimum": 0},
                        "hooks": {"type": ["integer", "null"], "minimum": 0},
                        "plugins": _TEXTS,
                    }
                )
            ),
        },
        {"place": _place(), "problem": _problem()},
    )


def report_schema() -> Schema:
    """Of `apply` and `show` of a report."""
    return _document(
        REPORT,
        "The account of a run: what became of every operation, and the plan that was carried out.",
        {
            "summary": _object(
                {
                    "added": _COUNT,
                    "changed": _COUNT,
                    "destroyed": _COUNT,
                    "merged": _COUNT,
                    "operations": _object({status.value: _COUNT for status in Status}),
                    "exit_code": {"enum": [0, 5, 130]},
                }
            ),
            "operations": {"type": "array", "items": _operation()},
            "requests": _said(_COUNT, "How many documents were sent."),
            "seconds": _said({"type": "number", "minimum": 0}, "The wall time of the run."),
            "interrupted": {"type": "boolean"},
            "stopped": _said(_TEXT, "Why the run ended early; empty where it did not."),
            "plan": {
                "type": "object",
                "description": "The plan as `plan --out` saves it; `stashsync show` reads it.",
                "properties": {"format": {"const": FORMAT}, "version": _COUNT},
                "required": ["format", "version"],
            },
        },
        {"place": _place()},
    )


def pull_schema() -> Schema:
    """Of `pull`."""
    kinds = {"type": "object", "propertyNames": _kind(), "additionalProperties": _COUNT}
    outcomes = "accepted into the manifests; left, as changed in them alone; manual; undecided."
    files = _object({"file": _TEXT, "action": {"enum": ["create", "update"]}})
    difference = _object(
        {
            "kind": _kind(),
            "name": _said(_TEXT, "What the manifests call the object."),
            "field": _said(_MAYBE_TEXT, "Null for the object itself, which one side lacks."),
            "changed_by": _said({"enum": [one.value for one in ChangedBy]}, "Who changed it."),
            "outcome": _said({"enum": ["accepted", "left", "manual", "undecided"]}, outcomes),
            "manifest": {"description": "The manifest's value, as it is written there."},
            "server": {"description": "The server's, as a manifest would write it."},
            "place": _maybe(_ref("place")),
        }
    )
    return _document(
        PULL,
        "What a pull found, and what the manifests accepted of it.",
        {
            "server": _object({"identity": _said(_TEXT, "The same for the same library.")}),
            "written": _said({"type": "boolean"}, "Whether `files` were written: all or none."),
            "files": _said({"type": "array", "items": files}, "The files that differ."),
            "differences": {"type": "array", "items": difference},
            "added": _said(
                {"type": "array", "items": _object({"kind": _kind(), "name": _TEXT})},
                "Objects that no manifest named before.",
            ),
            "unnamed": _said(kinds, "Objects that still no manifest names; `--new` adds them."),
            "manual_steps": _problems("Accepted changes that a person has to write, and why."),
            "not_written": _said(_TEXTS, "Values that no manifest can hold."),
        },
        {"place": _place(), "problem": _problem()},
        PULL_VERSION,
    )


def _document(
    name: str,
    words: str,
    properties: Mapping[str, Schema],
    parts: Mapping[str, Schema],
    version: int = VERSION,
) -> Schema:
    fixed: dict[str, Schema] = {"format": {"const": name}, "version": {"const": version}}
    return {
        "$schema": DRAFT,
        "title": f"{name} {version}",
        "description": words,
        **_object({**fixed, **properties}),
        "definitions": dict(parts),
    }


def _summary() -> Schema:
    counts = dict.fromkeys(ACTIONS, _COUNT)
    kinds = {"type": "object", "propertyNames": _kind()}
    return _object(
        {
            **counts,
            "operations": _said(_COUNT, "How many mutations it takes."),
            "kinds": {**kinds, "additionalProperties": _object(counts)},
            "unchanged": {**kinds, "additionalProperties": _COUNT},
        }
    )


def _change() -> Schema:
    optional: dict[str, Schema] = {
        "sources": _said(_TEXTS, "Of a merge: what goes into the object."),
        "native": _said({"type": "boolean"}, "Of a merge: whether the server has a mutation."),
        "cause": _said({"enum": ["prune", "manifest"]}, "Of a delete: who says so."),
        "children_left": _said(_COUNT, "Of a delete: children that lose this parent."),
        "impact": {
            "type": "object",
            "description": "Of a merge or a delete: what bears it, by the server's words.",
            "additionalProperties": _COUNT,
        },
    }
    found = _object(
        {
            "action": {"enum": list(ACTIONS)},
            "kind": _kind(),
            "name": _said(_TEXT, "The name that the object will have."),
            "previous_name": _said(_MAYBE_TEXT, "The name it has now, if that is another."),
            "id": _said(_MAYBE_TEXT, "The server's id; null for what is created."),
            "matched_by": {"enum": [*(one.value for one in Matched), None]},
            "place": _said(_maybe(_ref("place")), "Its manifest; null where none names it."),
            "changed_by": _changed_by(),
            "attributes": {"type": "object", "additionalProperties": _attribute()},
            "unchanged_attributes": _COUNT,
            "steps": {"type": "array", "items": _step()},
        }
    )
    found["properties"] |= optional
    return found


def _counts_by() -> Schema:
    words = "How many differences each side made since the last apply or pull; null if unknown."
    sides = [*(one.value for one in ChangedBy), "unknown"]
    return _said(_object(dict.fromkeys(sides, _COUNT)), words)


def _changed_by() -> Schema:
    words = "Which side changed it since the last apply or pull; null if unknown."
    return {"enum": [*(one.value for one in ChangedBy), None], "description": words}


def _attribute() -> Schema:
    found = _object({"before": {}, "after": {}, "changed_by": _changed_by()})
    found["properties"] |= {
        "added": _said({"type": "array"}, "Of a set: its new members."),
        "removed": _said({"type": "array"}, "Of a set: the members that go."),
    }
    return found


def _step() -> Schema:
    whom = _object({"kind": _kind(), "name": _TEXT})
    return _object(
        {
            "what": {"enum": ["name", "aliases", "place", "kept"]},
            "given_up": _TEXTS,
            "taken": _MAYBE_TEXT,
            "for": {"type": "array", "items": whom},
        }
    )


def _operation() -> Schema:
    return _object(
        {
            "operation": _said(_COUNT, "Its place in the order of sending, from 0."),
            "action": {"enum": list(ACTIONS)},
            "kind": _kind(),
            "name": _TEXT,
            "fields": _said(_TEXTS, "What it sends."),
            "place": _maybe(_ref("place")),
            "status": {"enum": [status.value for status in Status]},
            "message": _said(_TEXT, "The server's words where it failed."),
            "id": _MAYBE_TEXT,
            "because": _said(
                {"type": ["integer", "null"], "minimum": 0},
                "The operation whose failure made this one impossible.",
            ),
        }
    )


def _place() -> Schema:
    found = _object({"file": _TEXT, "line": _COUNT, "column": _COUNT})
    return _said(found, "Lines and columns count from 1; 0 stands for the whole file.")


def _problem() -> Schema:
    return _object({"message": _TEXT, "place": _maybe(_ref("place")), "hint": _MAYBE_TEXT})


def _problems(words: str) -> Schema:
    return {"type": "array", "description": words, "items": _ref("problem")}


def _kind() -> Schema:
    return {"enum": list(KINDS)}


def _object(properties: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": dict(properties), "required": list(properties)}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _said(schema: Schema, words: str) -> Schema:
    """With a description."""
    return {**schema, "description": words}
