"""Decide what may be deleted, merged or changed in bulk, and what may not.

Source: docs/planning-rules.md#safety
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct, field

from stashsync.errors import Problem
from stashsync.fields.names import fold
from stashsync.kinds import KINDS
from stashsync.planner.changes import Change, Delete, Merge
from stashsync.planner.context import PlanContext
from stashsync.planner.match import Pair
from stashsync.state import Resource

Patterns = Mapping[str, Sequence[str]]
"""Glob patterns of names, by kind."""

FEW = 10
"""Below so many objects of a kind, shares mean nothing."""
SHARE = 0.3


class Policy(Struct, frozen=True):
    """The settings that decide what a plan may do.

    `thresholds` are the shares (0–1) of a kind's objects that one plan may change, by "update" and
    "delete". `only` and `without` choose objects: (kind, glob) pairs.
    """

    prune: frozenset[str] = frozenset()
    protect: Patterns = field(default_factory=dict)
    ignore: Patterns = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(
        default_factory=lambda: {"update": SHARE, "delete": SHARE}
    )
    lenient: bool = False
    only: tuple[tuple[str, str], ...] = ()
    without: tuple[tuple[str, str], ...] = ()

    def chooses(self, resource: Resource) -> bool:
        """Whether the plan is about this object at all."""
        if self.only and not _any(self.only, resource):
            return False
        return not self.without or not _any(self.without, resource)

    def ignores(self, resource: Resource) -> bool:
        """Whether the object is neither planned nor reported."""
        return matches_any(self.ignore.get(resource.kind, ()), resource.name)

    def protects(self, resource: Resource) -> bool:
        """Whether the object must be neither deleted nor merged."""
        return matches_any(self.protect.get(resource.kind, ()), resource.name)


def _any(chosen: Sequence[tuple[str, str]], resource: Resource) -> bool:
    return any(
        kind == resource.kind and matches_any((pattern,), resource.name) for kind, pattern in chosen
    )


@lru_cache(maxsize=256)
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(fold(pattern)))


def matches_any(patterns: Sequence[str], name: str) -> bool:
    """Whether a name matches one of the glob patterns, ASCII case aside."""
    text = fold(name)
    return any(_glob(pattern).match(text) is not None for pattern in patterns)


def refuse_ignored(context: PlanContext, policy: Policy) -> None:
    """Report objects that the manifests declare and the settings ignore."""
    for name in context.desired.resources:
        if not policy.ignore.get(name):
            continue
        for resource in context.desired.of(name):
            if policy.ignores(resource):
                context.problem(
                    resource,
                    ("name",),
                    f"{resource.address} is declared here and ignored by the settings",
                    f"take it out, or change `ignore: {{{KINDS[name].plural}: …}}`",
                )


def deletes_of(context: PlanContext, pairs: Sequence[Pair], policy: Policy) -> list[Delete]:
    """Return the objects that the manifests or `prune` delete, without those that are protected.

    A protected object that a manifest deletes is a refusal (see `refusals`); one that only `prune`
    would delete stays, with a warning.
    """
    found: list[Delete] = []
    known: dict[str, set[str]] = {}
    spared: dict[str, set[str]] = {}
    for pair in pairs:
        if pair.observed is not None:
            known.setdefault(pair.desired.kind, set()).add(pair.observed.id or "")
            if pair.desired.absent:
                found.append(_delete(pair.observed, pair))
        if others := (*pair.desired.renamed_from, *pair.desired.merge):
            named = pair.desired.names_meant(others)
            spared.setdefault(pair.desired.kind, set()).update(named)
    for kind in KINDS:
        if kind in policy.prune:
            for resource in context.observed.of(kind):
                if resource.id in known.get(kind, ()) or resource.key[0] in spared.get(kind, ()):
                    continue
                if policy.ignores(resource) or not policy.chooses(resource):
                    continue
                if policy.protects(resource):
                    context.warnings.append(
                        Problem(
                            f"{resource.address} is named by no manifest and protected: it stays"
                        )
                    )
                    continue
                found.append(_delete(resource))
    order = list(KINDS)
    return sorted(
        found, key=lambda change: (order.index(change.kind), fold(change.label), change.id)
    )


def _delete(resource: Resource, pair: Pair | None = None) -> Delete:
    mark = pair.desired.mark if pair is not None else None
    return Delete(resource.kind, resource.id or "", resource.label, mark)


def refusals(
    context: PlanContext, changes: Sequence[Change], policy: Policy
) -> tuple[Problem, ...]:
    """Return what the settings refuse of a possible plan, each with its way out."""
    return (*_protected(context, changes, policy), *_over_threshold(context, changes, policy))


def _protected(
    context: PlanContext, changes: Sequence[Change], policy: Policy
) -> Iterator[Problem]:
    for change in changes:
        if isinstance(change, Delete):
            ids, verb = [change.id], "deleted"
        elif isinstance(change, Merge):
            ids, verb = [source for source, _ in change.sources], "merged into another"
        else:
            continue
        by_id = context.indexes[change.kind].by_id
        for resource in (by_id[identifier] for identifier in ids):
            if policy.protects(resource):
                setting = f"protect: {{{KINDS[change.kind].plural}: …}}"
                yield Problem(
                    f"{resource.address} is protected and would be {verb}",
                    change.mark,
                    f"look at the plan; if it is meant, use --force, or take it out of `{setting}`",
                )


def _over_threshold(
    context: PlanContext, changes: Sequence[Change], policy: Policy
) -> Iterator[Problem]:
    for name, kind in KINDS.items():
        there = len(context.observed.of(name))
        if there < FEW:
            continue
        for action, share in sorted(policy.thresholds.items()):
            count = sum(_weight(change, action) for change in changes if change.kind == name)
            if count / there > share:
                yield Problem(
                    f"{count} of {there} {kind.plural} would be {action}d, which is more than "
                    f"{share:.0%}",
                    None,
                    f"look at the plan; if it is meant, use --force, or set "
                    f"`thresholds: {{{action}: …}}`",
                )


def _weight(change: Change, action: str) -> int:
    if action == "delete" and isinstance(change, Merge):
        return len(change.sources)
    return int(change.action == action)
