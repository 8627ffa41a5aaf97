"""What a pull found and did, for programs: one JSON document, as `plan --format json` is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from stashsync.errors import Problem
from stashsync.kinds import KINDS
from stashsync.planner import Policy
from stashsync.pull.differences import Difference
from stashsync.pull.update import Pulled
from stashsync.pull.writing.forms import Names, Writer
from stashsync.render.json import place_json, problem_json
from stashsync.render.schemas import PULL, PULL_VERSION
from stashsync.state import State

Account = dict[str, Any]
_CREATED: Final = "create"
_CHANGED: Final = "update"


def first_account(
    identity: str, observed: State, ids: Mapping[str, Collection[str]], files: Collection[str]
) -> Account:
    """Of a first export: all of it is new."""
    added = [
        {"kind": kind, "name": one.name}
        for kind in KINDS
        for one in observed.of(kind)
        if one.id in ids.get(kind, ())
    ]
    return _account(identity, dict.fromkeys(files, _CREATED), [], added)


def update_account(
    identity: str, observed: State, pulled: Pulled, policy: Policy, present: Collection[str]
) -> Account:
    """Of a pull into manifests; `present` are the files that were there before."""
    writer = Writer(observed, Names.of(observed), lambda *_: None)
    by_hand = {one.mark for one in pulled.hands}
    files = {name: _CHANGED if name in present else _CREATED for name in pulled.files}
    differences = [_difference(one, writer, by_hand) for one in pulled.differences]
    return _account(
        identity,
        files,
        differences,
        [found for one in pulled.added for found in _names(one.kind, one.item)],
        hands=pulled.hands,
        unnamed=unnamed(observed, pulled, policy),
    )


def unnamed(observed: State, pulled: Pulled, policy: Policy) -> Counter[str]:
    """By kind, of those that the manifests have any of, the objects that no manifest names."""
    declared = {(one.observed.kind, one.observed.id) for one in pulled.pairs if one.observed}
    return Counter(
        kind
        for kind in {one.desired.kind for one in pulled.pairs}
        for one in observed.of(kind)
        if (kind, one.id) not in declared and policy.chooses(one) and not policy.ignores(one)
    )


def _account(
    identity: str,
    files: Mapping[str, str],
    differences: Sequence[Account],
    added: Sequence[Account],
    *,
    hands: Sequence[Problem] = (),
    unnamed: Mapping[str, int] | None = None,
) -> Account:
    return {
        "format": PULL,
        "version": PULL_VERSION,
        "server": {"identity": identity},
        "written": False,
        "files": [{"file": name, "action": action} for name, action in files.items()],
        "differences": differences,
        "added": added,
        "unnamed": dict(sorted((unnamed or {}).items())),
        "by_hand": [problem_json(one) for one in hands],
        "not_written": [],
    }


def _difference(one: Difference, writer: Writer, by_hand: Collection[object]) -> Account:
    outcome = "undecided" if one.taken is None else "taken" if one.taken else "left"
    if one.taken and one.desired.mark in by_hand:
        outcome = "by_hand"
    return {
        "kind": one.desired.kind,
        "name": one.desired.name,
        "field": one.field or None,
        "side": one.side.value,
        "outcome": outcome,
        "manifest": _plain(one.desired.values.get(one.field)),
        "server": _on_server(one, writer),
        "place": place_json(one.desired.mark),
    }


def _on_server(one: Difference, writer: Writer) -> Any:
    """The server's value, as a manifest would write it."""
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


def _names(kind: str, item: Any) -> Iterator[Account]:
    """A new item and what is nested in it."""
    yield {"kind": kind, "name": item if isinstance(item, str) else str(item["name"])}
    if not isinstance(item, str):
        for child in item.get("children", ()):
            yield from _names(kind, child)
