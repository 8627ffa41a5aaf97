"""What a pull found and did, for programs: one JSON document, as `plan --format json` is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from stashsync.errors import Problem
from stashsync.kinds import KINDS
from stashsync.planner import Policy
from stashsync.pull.differences import Difference
from stashsync.pull.export import Exported, chosen
from stashsync.pull.update import Pulled
from stashsync.pull.writing.blocks import CHILDREN, name_of
from stashsync.pull.writing.items import Names, Writer
from stashsync.render.json import place_json, problem_json
from stashsync.render.schemas import PULL, PULL_VERSION
from stashsync.state import State

Document = dict[str, Any]
_CREATED: Final = "create"
_CHANGED: Final = "update"


def first_document(identity: str, observed: State, exported: Exported) -> Document:
    """Describe a first export: all of it is new."""
    added = [
        {"kind": kind, "name": one.name}
        for kind in KINDS
        for one in observed.of(kind)
        if one.id in exported.ids.get(kind, ())
    ]
    return _document(identity, dict.fromkeys(exported.files, _CREATED), [], added)


def update_document(
    identity: str, observed: State, pulled: Pulled, policy: Policy, present: Collection[str]
) -> Document:
    """Describe a pull into manifests; `present` are the files that were there before."""
    writer = Writer(observed, Names.of(observed), lambda *_: None)
    manual = {one.mark for one in pulled.manual_steps}
    return _document(
        identity,
        {name: _CHANGED if name in present else _CREATED for name in pulled.files},
        [_difference(one, writer, manual) for one in pulled.differences],
        [found for one in pulled.added for found in _names(one.kind, one.item)],
        manual=pulled.manual_steps,
        unnamed=_unnamed(observed, pulled, policy),
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


def _document(
    identity: str,
    files: Mapping[str, str],
    differences: Sequence[Document],
    added: Sequence[Document],
    *,
    manual: Sequence[Problem] = (),
    unnamed: Mapping[str, int] | None = None,
) -> Document:
    return {
        "format": PULL,
        "version": PULL_VERSION,
        "server": {"identity": identity},
        "written": False,
        "files": [{"file": name, "action": action} for name, action in files.items()],
        "differences": differences,
        "added": added,
        "unnamed": dict(sorted((unnamed or {}).items())),
        "manual_steps": [problem_json(one) for one in manual],
        "not_written": [],
    }


def _difference(one: Difference, writer: Writer, manual: Collection[object]) -> Document:
    outcome = "undecided" if one.accepted is None else "accepted" if one.accepted else "left"
    if one.accepted and one.desired.mark in manual:
        outcome = "manual"
    return {
        "kind": one.desired.kind,
        "name": one.desired.name,
        "field": one.field or None,
        "changed_by": one.changed_by.value,
        "outcome": outcome,
        "manifest": _plain(one.desired.values.get(one.field)),
        "server": _on_server(one, writer),
        "place": place_json(one.desired.mark),
    }


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


def _names(kind: str, item: Any) -> Iterator[Document]:
    """Yield a new item and what is nested in it."""
    yield {"kind": kind, "name": name_of(item)}
    for child in item.get(CHILDREN, ()) if isinstance(item, dict) else ():
        yield from _names(kind, child)
