"""What an import found and did, for programs: one JSON document, as `pull --format json` is one."""

from __future__ import annotations

from collections.abc import Collection

from stashsync.pull.document import added_data, differences_data, files_data
from stashsync.render.documents import DifferenceData, ImportDocument, LeftOutData, TakenData
from stashsync.render.json import problem_data
from stashsync.sources.found import LeftOut
from stashsync.sources.merging import Merged


def import_document(source: str, merged: Merged, present: Collection[str]) -> ImportDocument:
    """Describe an import; `present` are the files that were there before."""
    pulled = merged.pulled
    return ImportDocument(
        source=source,
        written=False,
        files=files_data(merged.files, present),
        added=added_data(pulled),
        matched=merged.matched,
        changes=[_taken(each) for each in differences_data(merged.union, pulled)],
        left_out=[_left_out(each) for each in merged.left_out],
        manual_steps=[problem_data(step) for step in pulled.manual_steps],
        not_written=list(pulled.notes),
    )


def _taken(found: DifferenceData) -> TakenData:
    return TakenData(
        kind=found.kind,
        name=found.name,
        field=found.field or "name",
        before=found.manifest,
        after=found.server,
        outcome="manual" if found.outcome == "manual" else "accepted",
        place=found.place,
    )


def _left_out(left: LeftOut) -> LeftOutData:
    return LeftOutData(
        kind=left.kind,
        name=left.name,
        field=left.field or None,
        reason=left.reason,
        place=left.place,
        other=left.other or None,
    )
