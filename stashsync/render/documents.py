"""What `--format json` writes, as types: the documents are made of these, and so are the schemas.

A schema has the version of its format, and allows fields that it does not name: within a version
fields are only added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from inspect import cleandoc
from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from stashsync.kinds import KINDS
from stashsync.outcomes import Status
from stashsync.planner.changes import Matched
from stashsync.planner.plan import FORMAT
from stashsync.state import ChangedBy

VERSION: Final = 3
PULL_VERSION: Final = 2
IMPORT_VERSION: Final = 1
PROBLEMS_VERSION: Final = 1
PROBLEMS: Final = "stashsync-problems"
PULL: Final = "stashsync-pull"
IMPORT: Final = "stashsync-import"
REPORT: Final = "stashsync-report"
DRAFT: Final = "http://json-schema.org/draft-07/schema#"


def doc(words: str) -> Meta:
    """Return the description of a field, for its schema."""
    return Meta(description=words)


Count: TypeAlias = Annotated[int, Meta(ge=0)]
Seconds: TypeAlias = Annotated[float, Meta(ge=0)]
KindName: TypeAlias = Annotated[str, Meta(extra_json_schema={"enum": list(KINDS)})]
Action: TypeAlias = Literal["create", "update", "merge", "delete"]
Identity: TypeAlias = Annotated[str, doc("The same for the same library, at any address.")]
Author: TypeAlias = Annotated[ChangedBy | None, doc("Who changed it; null if unknown.")]
_MERGE = doc("Of a merge.")
_DELETE = doc("Of a delete.")


class Json(msgspec.Struct):
    """An object of a document; fields that are not set are left out."""


class PlaceData(Json):
    """Lines and columns count from 1; 0 stands for the whole file."""

    file: str
    line: Count
    column: Count


class ProblemData(Json):
    """A problem, and what to do about it."""

    message: str
    place: PlaceData | None
    hint: str | None


class ObjectData(Json):
    """An object, by its kind and its name."""

    kind: KindName
    name: str


class ServerData(Json):
    """The server that a plan was made for."""

    identity: Identity
    release: str


class CountsData(Json):
    """How many objects each action affects."""

    create: Count
    update: Count
    delete: Count
    merge: Count


class SummaryData(CountsData):
    """The numbers of a plan."""

    operations: Annotated[Count, doc("How many mutations it takes.")]
    kinds: Mapping[KindName, CountsData]
    unchanged: Mapping[KindName, Count]


class OriginData(Json):
    """Where a report comes from: the command, the server's address without secrets, the time."""

    command: str
    server: str
    time: datetime


class ChangedByData(Json):
    """How many differences each side made since the last apply or pull."""

    server: Count
    manifest: Count
    both: Count
    unknown: Count


class AttributeData(Json, kw_only=True):
    """A field that changes."""

    before: Any
    after: Any
    added: Annotated[list[Any], doc("Of a set: its new members.")] | UnsetType = UNSET
    removed: Annotated[list[Any], doc("Of a set: the members that go.")] | UnsetType = UNSET
    changed_by: Author


class StepData(Json):
    """A part of a change that is sent ahead of the rest, because other objects wait for it."""

    what: Literal["name", "aliases", "place", "kept", "back"]
    given_up: Sequence[str]
    taken: str | None
    waiting: list[ObjectData] = msgspec.field(name="for")


class ChangeData(Json):
    """A change of one object.

    A merge has the names of its `sources`, and whether the server has a mutation for it (`native`);
    a delete has its `cause`, and how many children lose this parent. `impact` counts what uses the
    object, by the server's words.
    """

    action: Action
    kind: KindName
    name: Annotated[str, doc("The name that the object will have.")]
    previous_name: Annotated[str | None, doc("The name it has now, if another.")]
    id: Annotated[str | None, doc("The server's id; null for what is created.")]
    matched_by: Matched | None
    place: Annotated[PlaceData | None, doc("Its manifest; null where none names it.")]
    changed_by: Author
    attributes: dict[str, AttributeData]
    unchanged_attributes: Count
    steps: list[StepData]
    sources: Annotated[Sequence[str], _MERGE] | UnsetType = UNSET
    native: Annotated[bool, _MERGE] | UnsetType = UNSET
    cause: Annotated[Literal["prune", "manifest"], _DELETE] | UnsetType = UNSET
    children_left: Annotated[Count, _DELETE] | UnsetType = UNSET
    impact: Annotated[Mapping[str, Count], doc("Of merges and deletes.")] | UnsetType = UNSET


class ExternalData(ObjectData):
    """An object that manifests refer to and that none declares."""

    id: str
    places: list[PlaceData]


class EstimateData(Json):
    """What applying the plan should take; `hooks` is null if the plugins could not be read."""

    requests: Count
    seconds: Seconds
    hooks: Count | None
    plugins: Sequence[str]


class PlanDocument(Json, tag_field="format", tag="stashsync-changes", kw_only=True):
    """What a plan changes, with names for people and the values before and after."""

    version: Literal[3] = VERSION
    origin: OriginData | None
    server: ServerData
    manifests: Annotated[str, doc("The digest of the manifests.")]
    summary: SummaryData
    changed_by: ChangedByData | None
    changes: list[ChangeData]
    externals: list[ExternalData]
    warnings: Annotated[list[ProblemData], doc("What stops nothing.")]
    refusals: Annotated[list[ProblemData], doc("What thresholds and protection refuse.")]
    estimate: EstimateData | None


class OperationData(Json):
    """An operation of a run, and how it ended."""

    operation: Annotated[Count, doc("Its place in the order of sending, from 0.")]
    action: Action
    kind: KindName
    name: str
    fields: Annotated[Sequence[str], doc("What it sends.")]
    place: PlaceData | None
    status: Status
    message: Annotated[str, doc("The server's words where it failed, what changed where it moved.")]
    id: str | None
    because: Annotated[Count | None, doc("The operation whose failure made this one impossible.")]


class RunData(Json):
    """The numbers of a run."""

    added: Count
    changed: Count
    destroyed: Count
    merged: Count
    operations: dict[Status, Count]
    exit_code: Literal[0, 5, 130]


_SAVED_PLAN = {
    "properties": {"format": {"const": FORMAT}, "version": {"type": "integer"}},
    "required": ["format", "version"],
}


class ReportDocument(Json, tag_field="format", tag=REPORT, kw_only=True):
    """The report of a run: what became of every operation, and the plan that was applied."""

    version: Literal[3] = VERSION
    origin: OriginData | None
    summary: RunData
    operations: list[OperationData]
    requests: Annotated[Count, doc("How many documents were sent.")]
    seconds: Annotated[Seconds, doc("The wall time of the run.")]
    interrupted: bool
    stopped: Annotated[str, doc("Why the run ended early; empty if it did not.")]
    plan: Annotated[
        dict[str, Any],
        doc("The plan as `plan --out` saves it; `stashsync show` reads it."),
        Meta(extra_json_schema=_SAVED_PLAN),
    ]


class FileData(Json):
    """A file that a pull changes."""

    file: str
    action: Literal["create", "update"]


class DifferenceData(Json):
    """A difference between manifests and server.

    It was accepted into the manifests, left as changed in them alone, needs a manual step, or is
    undecided.
    """

    kind: KindName
    name: Annotated[str, doc("What the manifests call the object.")]
    field: Annotated[str | None, doc("Null for the object itself, which one side lacks.")]
    changed_by: ChangedBy
    outcome: Literal["accepted", "left", "manual", "undecided"]
    manifest: Annotated[Any, doc("The manifest's value, as it is written there.")]
    server: Annotated[Any, doc("The server's, as a manifest would have it.")]
    place: PlaceData | None


class LibraryData(Json):
    """The server that was pulled from."""

    identity: Identity


class PullDocument(Json, tag_field="format", tag=PULL, kw_only=True):
    """What a pull found, and what the manifests accepted of it."""

    version: Literal[2] = PULL_VERSION
    server: LibraryData
    written: Annotated[bool, doc("Whether `files` were written: all or none.")]
    files: Annotated[list[FileData], doc("The files that differ.")]
    differences: list[DifferenceData]
    added: Annotated[list[ObjectData], doc("Objects that no manifest named before.")]
    unnamed: Annotated[dict[KindName, Count], doc("What still no manifest names; `--new` adds it.")]
    manual_steps: Annotated[list[ProblemData], doc("Accepted changes for a person to write.")]
    not_written: Annotated[list[str], doc("Values that no manifest can hold.")]


class TakenData(ObjectData):
    """A field that an object of the manifests gets from the source."""

    field: str
    before: Annotated[Any, doc("The manifest's value, as it is written there.")]
    after: Annotated[Any, doc("The value that it gets, as a manifest has it.")]
    outcome: Literal["accepted", "manual"]
    place: PlaceData | None


class LeftOutData(ObjectData):
    """What of the source is not written, and why."""

    field: Annotated[str | None, doc("Null for the object itself.")]
    reason: str
    place: Annotated[str, doc("Where the source has it.")]
    other: Annotated[str | None, doc("The place of what is in its way.")]


class ImportDocument(Json, tag_field="format", tag=IMPORT, kw_only=True):
    """What the manifests get of another source."""

    version: Literal[1] = IMPORT_VERSION
    source: str
    written: Annotated[bool, doc("Whether `files` were written: all or none.")]
    files: Annotated[list[FileData], doc("The files that differ.")]
    added: Annotated[list[ObjectData], doc("Objects that no manifest named before.")]
    matched: Annotated[Count, doc("Objects of the source that the manifests had already.")]
    changes: list[TakenData]
    left_out: list[LeftOutData]
    manual_steps: Annotated[list[ProblemData], doc("Changes for a person to write.")]
    not_written: Annotated[list[str], doc("Values that no manifest can hold.")]


class ProblemsDocument(Json, tag_field="format", tag=PROBLEMS, kw_only=True):
    """What is wrong, in place of the document of a command that could not be carried out.

    `validate` writes it in any case; without problems the manifests are valid.
    """

    version: Literal[1] = PROBLEMS_VERSION
    message: Annotated[str, doc("A sentence about all of them.")]
    problems: list[ProblemData]


def schema_of(document: type[Json]) -> dict[str, Any]:
    """Return the JSON Schema (draft-07) of a document."""
    _, parts = msgspec.json.schema_components([document], ref_template="#/definitions/{name}")
    root = parts.pop(document.__name__)
    fixed = root["properties"]
    title = f"{fixed['format']['enum'][0]} {fixed['version']['enum'][0]}"
    del fixed["version"]["default"]
    schema = {**root, "title": title, "required": list(fixed), "definitions": parts}
    return {"$schema": DRAFT, **_settled(schema)}


def _settled(part: Any) -> Any:
    """Return a part of a schema as every release of msgspec has it.

    Some indent descriptions, and some know the names of a mapping whose keys are an enum.
    """
    if isinstance(part, list):
        return [_settled(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        name: cleandoc(value)
        if name == "description" and isinstance(value, str)
        else _settled(value)
        for name, value in part.items()
        if name != "propertyNames" or "$ref" not in value
    }


plan_schema = partial(schema_of, PlanDocument)
report_schema = partial(schema_of, ReportDocument)
pull_schema = partial(schema_of, PullDocument)
import_schema = partial(schema_of, ImportDocument)
problems_schema = partial(schema_of, ProblemsDocument)
