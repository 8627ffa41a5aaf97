"""What differs inside a map or an ordered list, member by member: for people to read.

The door to DeepDiff. Whether two values differ at all is the meaning's business (`==` on canonical
values); this is asked only for the few that do. DeepDiff costs 0.4 ms a pair and 0.2 s to import,
so what is plain to see (flat maps, members added or removed at one place) is answered without it.
Maps in maps, as a saved filter has them, are its business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from stashsync.fields.base import Value
from stashsync.fields.plain_json import same_json

Path = tuple[str | int, ...]


class MemberEdit(NamedTuple):
    """One member that came (`+`), went (`-`) or changed (`~`).

    `path` leads to it: keys of maps, indices of lists; an index counts in the list that has the
    member. `before` is None for `+`, `after` for `-`.
    """

    sign: str
    path: Path
    before: Value
    after: Value


def edits(before: Value, after: Value) -> list[MemberEdit]:
    """List the edits that make `before` into `after`; both are maps, or both are lists.

    Those of maps are sorted by key; those of lists by place, removals before additions.
    """
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return list(_of_maps(before, after))
    return _of_lists(before, after)  # pyright: ignore[reportArgumentType]  # both are lists


def _of_maps(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[MemberEdit]:
    for key in sorted({*before, *after}):
        if key not in before:
            yield MemberEdit("+", (key,), None, after[key])
        elif key not in after:
            yield MemberEdit("-", (key,), before[key], None)
        elif not same_json(before[key], after[key]) or type(before[key]) is not type(after[key]):
            old, new = before[key], after[key]
            if isinstance(old, Mapping) and isinstance(new, Mapping):
                yield from (edit._replace(path=(key, *edit.path)) for edit in _deep(old, new))
            elif isinstance(old, list) and isinstance(new, list):
                for edit in _of_lists(old, new):
                    yield edit._replace(path=(key, *edit.path))
            else:
                yield MemberEdit("~", (key,), old, new)


def _of_lists(before: Sequence[Any], after: Sequence[Any]) -> list[MemberEdit]:
    start, limit = 0, min(len(before), len(after))
    while start < limit and before[start] == after[start]:
        start += 1
    end = 0
    while end < limit - start and before[-1 - end] == after[-1 - end]:
        end += 1
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if not old or not new:
        return [
            *(MemberEdit("-", (start + index,), item, None) for index, item in enumerate(old)),
            *(MemberEdit("+", (start + index,), None, item) for index, item in enumerate(new)),
        ]
    found = _deep(list(old), list(new))
    moved = [edit._replace(path=(int(edit.path[0]) + start, *edit.path[1:])) for edit in found]
    return sorted(moved, key=lambda edit: (str(edit.path[1:]), edit.path[0], edit.sign != "-"))


def _deep(before: Value, after: Value) -> list[MemberEdit]:
    """List the edits inside of two lists or two maps, by path, removals before additions."""
    from deepdiff import DeepDiff  # 0.2 s; only where lists were rearranged, or maps have maps

    found: list[MemberEdit] = []
    for level in _levels(DeepDiff(before, after, view="tree", verbose_level=0)):
        path = tuple(level.path(output_format="list"))
        if _absent(level.t1):
            found.append(MemberEdit("+", path, None, level.t2))
        elif _absent(level.t2):
            found.append(MemberEdit("-", path, level.t1, None))
        else:
            found.append(MemberEdit("~", path, level.t1, level.t2))
    return sorted(found, key=lambda edit: ([str(step) for step in edit.path], edit.sign != "-"))


def _absent(value: Any) -> bool:
    return type(value).__name__ == "NotPresent"


def _levels(tree: Any) -> Iterator[Any]:
    for levels in tree.values():
        yield from levels
