"""What a pull found and did, for programs: one JSON document, as `plan --format json` is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, Literal, TypeAlias

from stashsync.kinds import KINDS
from stashsync.planner import Policy
from stashsync.pull.differences import Difference
from stashsync.pull.export import Exported, chosen
from stashsync.pull.update import Pulled
from stashsync.pull.writing.blocks import CHILDREN, name_of
from stashsync.pull.writing.items import ItemWriter, ReferenceNames
from stashsync.render.documents import (
    DifferenceData,
    FileData,
    LibraryData,
    ObjectData,
    PullDocument,
)
from stashsync.render.json import place_data, problem_data
from stashsync.state import State

_Outcome: TypeAlias = Literal["accepted", "left", "manual", "undecided"]
_OUTCOMES: Final[Mapping[bool | None, _Outcome]] = {
    True: "accepted",
    False: "left",
    None: "undecided",
}


def first_document(identity: str, observed: State, exported: Exported) -> PullDocument:
    """Describe a first export: all of it is new."""
    return PullDocument(
        server=LibraryData(identity),
        written=False,
        files=[FileData(name, "create") for name in exported.files],
        differences=[],
        added=[
            ObjectData(kind, resource.name)
            for kind in KINDS
            for resource in observed.of(kind)
            if resource.id in exported.ids.get(kind, ())
        ],
        unnamed={},
        manual_steps=[],
        not_written=list(exported.notes),
    )


def update_document(
    identity: str, observed: State, pulled: Pulled, policy: Policy, present: Collection[str]
) -> PullDocument:
    """Describe a pull into manifests; `present` are the files that were there before."""
    return PullDocument(
        server=LibraryData(identity),
        written=False,
        files=files_data(pulled.files, present),
        differences=differences_data(observed, pulled),
        added=added_data(pulled),
        unnamed=dict(sorted(_unnamed(observed, pulled, policy).items())),
        manual_steps=[problem_data(step) for step in pulled.manual_steps],
        not_written=list(pulled.notes),
    )


def files_data(files: Iterable[str], present: Collection[str]) -> list[FileData]:
    """Describe files that change; `present` are those that were there before."""
    return [FileData(name, "update" if name in present else "create") for name in files]


def differences_data(observed: State, pulled: Pulled) -> list[DifferenceData]:
    """Describe all differences that were found, with the values of both sides."""
    if not pulled.differences:
        return []
    writer = ItemWriter(observed, ReferenceNames.of(observed), lambda *_: None)
    manual = {step.mark for step in pulled.manual_steps}
    return [_difference(difference, writer, manual) for difference in pulled.differences]


def added_data(pulled: Pulled) -> list[ObjectData]:
    """Describe the objects that no manifest named before, those that are nested included."""
    return [found for new in pulled.added for found in _objects(new.kind, new.item)]


def _unnamed(observed: State, pulled: Pulled, policy: Policy) -> Counter[str]:
    """Count by kind, of those that the manifests have any of, objects that no manifest names."""
    declared = {(pair.observed.kind, pair.observed.id) for pair in pulled.pairs if pair.observed}
    return Counter(
        kind
        for kind in {pair.desired.kind for pair in pulled.pairs}
        for resource in chosen(observed, kind, policy)
        if (kind, resource.id) not in declared
    )


def _difference(
    difference: Difference, writer: ItemWriter, manual: Collection[object]
) -> DifferenceData:
    found = DifferenceData(
        kind=difference.desired.kind,
        name=difference.desired.name,
        field=difference.field or None,
        changed_by=difference.changed_by,
        outcome=_OUTCOMES[difference.accepted],
        manifest=_plain(difference.desired.values.get(difference.field)),
        server=_on_server(difference, writer),
        place=place_data(difference.desired.mark),
    )
    if difference.accepted and difference.desired.mark in manual:
        found.outcome = "manual"
    return found


def _on_server(difference: Difference, writer: ItemWriter) -> Any:
    """Return the server's value, as a manifest would have it."""
    if difference.observed is None or not difference.field:
        return None
    if difference.field == "name":
        return difference.observed.name
    return _plain(
        writer.value(difference.observed, KINDS[difference.desired.kind].fields[difference.field])
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(value)
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _objects(kind: str, item: Any) -> Iterator[ObjectData]:
    """Yield a new item and what is nested in it."""
    yield ObjectData(kind, name_of(item))
    for child in item.get(CHILDREN, ()) if isinstance(item, dict) else ():
        yield from _objects(kind, child)
