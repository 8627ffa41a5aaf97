"""Why some changes take more than one step: what gives way for a moment, and to what.

The planner cuts a change only where a circle forces it to (`planner.sequence`). What it gives up
first is in the operation's `detour`; who waited for that is seen from the operations behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from stashsync.kinds import KINDS
from stashsync.planner.changes import Change, Create, Matched, Merge, Update
from stashsync.planner.plan import Operation, Plan
from stashsync.render.labels import label_after


class ExtraStep(NamedTuple):
    """A part of a change that is sent ahead of the rest.

    `what` is "name" where the object takes the temporary name in `taken` and gives up `given`,
    "aliases" where it gives up the aliases in `given`, "place" where it moves in the hierarchy, or
    is placed in it, by a mutation of its own, "kept" where it gets what those that are merged into
    it would lose, "back" where it gets back the parent that it lost as a loop was taken
    apart. `for_whom` are the objects that wait for that, each
    as (kind, name).
    """

    what: Literal["name", "aliases", "place", "kept", "back"]
    given: Sequence[str]
    taken: str
    for_whom: Sequence[tuple[str, str]]


def steps_of(plan: Plan) -> dict[int, list[ExtraStep]]:
    """Return the extra steps by change."""
    pieces: dict[int, list[int]] = {}
    for index, operation in enumerate(plan.operations):
        if not operation.content:
            pieces.setdefault(operation.change, []).append(index)
    found = {
        change: [ExtraStep("back", (), "", ())]
        for change in pieces
        if getattr(plan.changes[change], "matched", None) is Matched.AROUND_LOOP
    }
    cut = {change: indices for change, indices in pieces.items() if len(indices) > 1}
    behind = _behind(plan, {index for indices in cut.values() for index in indices})
    return found | {change: list(_steps(plan, indices, behind)) for change, indices in cut.items()}


def _behind(plan: Plan, wanted: set[int]) -> Mapping[int, list[int]]:
    """Return by operation those of other changes that it has to come before."""
    behind: dict[int, list[int]] = {index: [] for index in wanted}
    for index, operation in enumerate(plan.operations):
        for earlier in (*operation.needs, *operation.waits, *operation.after):
            if earlier in wanted and plan.operations[earlier].change != operation.change:
                behind[earlier].append(index)
    return behind


def _steps(plan: Plan, indices: Sequence[int], behind: Mapping[int, list[int]]) -> list[ExtraStep]:
    found = []
    for index in indices:
        operation = plan.operations[index]
        change = plan.changes[operation.change]
        for_whom = _whom(plan, behind[index])
        found += [_step(operation, name, for_whom) for name in operation.undo]
        if operation.fields == _upwards(change):
            found.append(ExtraStep("place", (), "", for_whom))
        elif _is_kept(plan, operation, change, behind[index]):
            found.append(ExtraStep("kept", (), "", for_whom))
    return found


def _is_kept(plan: Plan, operation: Operation, change: Change, behind: Sequence[int]) -> bool:
    """Whether values of its own are sent so that a merge into the object waits for them."""
    merges = [plan.changes[plan.operations[index].change] for index in behind]
    return set(operation.fields) > operation.detour.keys() and any(
        isinstance(merge, Merge) and isinstance(change, Update) and merge.id == change.id
        for merge in merges
        if merge.kind == change.kind
    )


def _step(operation: Operation, name: str, for_whom: Sequence[tuple[str, str]]) -> ExtraStep:
    before, now = operation.undo[name], operation.detour[name]
    if name == "name":
        return ExtraStep("name", (before,), now, for_whom)
    kept = set(now or ())
    return ExtraStep(
        "aliases", [alias for alias in before or () if alias not in kept], "", for_whom
    )


def _upwards(change: Change) -> tuple[str, ...]:
    hierarchy = KINDS[change.kind].hierarchy
    moves = hierarchy is not None and isinstance(change, Create | Update)
    return (hierarchy.name,) if hierarchy is not None and moves else ("",)


def _whom(plan: Plan, indices: Sequence[int]) -> list[tuple[str, str]]:
    changes = [plan.changes[plan.operations[index].change] for index in indices]
    return list(dict.fromkeys((change.kind, label_after(change)) for change in changes))
