"""Warnings beside those of the planner: what was asked for and does not happen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from stashsync.engine.attribution import attribute
from stashsync.engine.baseline import Baseline
from stashsync.errors import Problem
from stashsync.fields import Value
from stashsync.fields.references import reference_list
from stashsync.kinds import KINDS
from stashsync.planner import Delete, Plan, Policy, Update
from stashsync.planner.policy import matches_any
from stashsync.state import ChangedBy, State


def further_warnings(
    plan: Plan, desired: State, policy: Policy, baseline: Baseline | None
) -> Iterator[Problem]:
    """Yield what the plan cannot know by itself: of its scope, and of what was there before."""
    if policy.only:
        names = [(item.kind, item.name) for item in desired]
        names += [(change.kind, change.label) for change in plan.changes]
        yield from without_effect(policy, names, "no manifest declares")
    if baseline is not None:
        gone = {(change.kind, change.id) for change in plan.changes if isinstance(change, Delete)}
        yield from _unnested(desired, baseline, policy, gone)


def without_effect(
    policy: Policy, names: Sequence[tuple[str, str]], unknown: str
) -> Iterator[Problem]:
    """Warn of a target that chooses nothing: most often a mistyped name.

    Args:
        policy: has the targets.
        names: kind and name of everything that could be chosen.
        unknown: who does not know it, as a sentence begins.
    """
    for kind, pattern in policy.only:
        mine = [name for of_kind, name in names if of_kind == kind]
        if any(matches_any((pattern,), name) for name in mine):
            continue
        from difflib import get_close_matches  # only a wrong name needs it

        near = get_close_matches(pattern, mine, n=1)
        what = kind if pattern == "*" else f'{kind} "{pattern}"'
        yield Problem(
            f"{unknown} a {what}: --target chooses nothing by it",
            hint=f'did you mean "{near[0]}"?' if near else None,
        )


def _unnested(
    desired: State, baseline: Baseline, policy: Policy, gone: Set[tuple[str, str]]
) -> Iterator[Problem]:
    """Warn of items that were taken out of their place, which alone moves nothing on the server.

    The parent of an object is not managed where no manifest mentions it. A person who cuts an item
    out of its nest and pastes it at the top expects a move; the baseline knows the former parent.
    It gets one from a parent that is `gone` with the same plan.
    """
    for kind in KINDS.values():
        if kind.hierarchy is None:
            continue
        field = kind.hierarchy.name
        for item in desired.of(kind.name):
            if field in item.values or item.absent or not policy.chooses(item):
                continue
            base = baseline.get(kind.name, item.id or baseline.ids.get((kind.name, item.key)))
            above = _names(baseline, kind.name, (base or {}).get(field), gone)
            if above:
                nothing = "null" if kind.hierarchy.form == "one" else "[]"
                yield Problem(
                    f"{item.address} stays below {above} on the server: it was nested there, and "
                    "now no manifest mentions what is above it",
                    item.mark,
                    hint=f"`{field}: {nothing}` puts it at the top",
                )


def _names(baseline: Baseline, kind: str, value: Value, gone: Set[tuple[str, str]]) -> str:
    stay = [token for token in reference_list(value) if (kind, token) not in gone]
    known = (baseline.get(kind, identifier) for identifier in stay)
    return " and ".join(sorted(f'"{values["name"]}"' for values in known if values is not None))


class Undone(NamedTuple):
    """A field whose written value was changed on the server after several applies in a row."""

    change: Update
    field: str
    applies: int

    def warning(self, hooks: Mapping[str, Sequence[str]] | None) -> Problem:
        """Describe it, with the plugins that listen where these are known."""
        event = f"{KINDS[self.change.kind].type_name}.Update.Post"
        plugins = sorted(set((hooks or {}).get(event, ())))
        listening = " and ".join(f'"{plugin}"' for plugin in plugins) or "no plugin"
        return Problem(
            f'{self.change.kind} "{self.change.label}": its {self.field} was changed on the server '
            f"after each of the last {self.applies} applies; something there, likely a plugin, "
            "changes it",
            self.change.mark,
            hint=f"{listening} listens to {event}" if hooks is not None else None,
        )


def undone(plan: Plan, baseline: Baseline) -> list[Undone]:
    """Find the fields that the plan would write for at least the third time."""
    attributed = attribute(plan, baseline)
    found = []
    for place, change in enumerate(plan.changes):
        if not isinstance(change, Update):
            continue
        for name, changed_by in attributed[place].items():
            times = baseline.times_rewritten(change.kind, change.id, name)
            if times and changed_by is ChangedBy.SERVER:
                found.append(Undone(change, name, times + 1))
    return found
