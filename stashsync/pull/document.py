"""What a pull found and did, for programs: one JSON document, as `plan --format json` is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from stashsync.kinds import KINDS
from stashsync.planner import Policy
from stashsync.pull.differences import Difference
from stashsync.pull.export import Exported, chosen
from stashsync.pull.update import Pulled
from stashsync.pull.writing.blocks import CHILDREN, name_of
from stashsync.pull.writing.items import Names, Writer
from stashsync.render.documents import (
    DifferenceData,
    FileData,
    LibraryData,
    ObjectData,
    PullDocument,
)
from stashsync.render.json import place_data, problem_data
from stashsync.state import State


def first_document(identity: str, observed: State, exported: Exported) -> PullDocument:
    """Describe a first export: all of it is new."""
    return PullDocument(
        server=LibraryData(identity),
        written=False,
        files=[FileData(name, "create") for name in exported.files],
        differences=[],
        added=[
            ObjectData(kind, one.name)
            for kind in KINDS
            for one in observed.of(kind)
            if one.id in exported.ids.get(kind, ())
        ],
        unnamed={},
        manual_steps=[],
        not_written=list(exported.notes),
    )


def update_document(
    identity: str, observed: State, pulled: Pulled, policy: Policy, present: Collection[str]
) -> PullDocument:
    """Describe a pull into manifests; `present` are the files that were there before."""
    writer = Writer(observed, Names.of(observed), lambda *_: None)
    manual = {one.mark for one in pulled.manual_steps}
    return PullDocument(
        server=LibraryData(identity),
        written=False,
        files=[FileData(name, "update" if name in present else "create") for name in pulled.files],
        differences=[_difference(one, writer, manual) for one in pulled.differences],
        added=[found for one in pulled.added for found in _objects(one.kind, one.item)],
        unnamed=dict(sorted(_unnamed(observed, pulled, policy).items())),
        manual_steps=[problem_data(one) for one in pulled.manual_steps],
        not_written=list(pulled.notes),
    )


def _unnamed(observed: State, pulled: Pulled, policy: Policy) -> Counter[str]:
    """Count by kind, of those that the manifests have any of, objects that no manifest names."""
    declared = {(one.observed.kind, one.observed.id) for one in pulled.pairs if one.observed}
    return Counter(
        kind
        for kind in {one.desired.kind for one in pulled.pairs}
        for one in chosen(observed, kind, policy)
        if (kind, one.id) not in declared
    )


def _difference(one: Difference, writer: Writer, manual: Collection[object]) -> DifferenceData:
    found = DifferenceData(
        kind=one.desired.kind,
        name=one.desired.name,
        field=one.field or None,
        changed_by=one.changed_by,
        outcome="undecided" if one.accepted is None else "accepted" if one.accepted else "left",
        manifest=_plain(one.desired.values.get(one.field)),
        server=_on_server(one, writer),
        place=place_data(one.desired.mark),
    )
    if one.accepted and one.desired.mark in manual:
        found.outcome = "manual"
    return found


def _on_server(one: Difference, writer: Writer) -> Any:
    """Return the server's value, as a manifest would have it."""
    if one.observed is None or not one.field:
        return None
    if one.field == "name":
        return one.observed.name
    return _plain(writer.value(one.observed, KINDS[one.desired.kind].fields[one.field]))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(value)
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _objects(kind: str, item: Any) -> Iterator[ObjectData]:
    """Yield a new item and what is nested in it."""
    yield ObjectData(kind, name_of(item))
    for child in item.get(CHILDREN, ()) if isinstance(item, dict) else ():
        yield from _objects(kind, child)
