"""What objects that are deleted or merged must not be, beside being that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from stashsync.errors import Problem
from stashsync.fields.names import fold
from stashsync.manifest.locate import Locator
from stashsync.state import Resource

Report = Callable[[Problem], object]
Nested = tuple[Resource, Resource, Resource]
"""A child, its parent, and the child as it is written there."""


def without_absent(nestings: Sequence[Nested], where: Locator, report: Report) -> Iterator[Nested]:
    """Return the nestings that place something; report those of deleted objects."""
    for child, parent, written in nestings:
        if not child.absent:
            yield child, parent, written
            continue
        apart = written is not child
        report(
            where.problem(
                f"the {child.kind} {child.label!r} is to be deleted, and nested in "
                f"{parent.label!r}",
                written,
                (),
                "take it out of `children`; `state: absent` stands outside of the hierarchy",
                ((where.mark(child, ("state",)), "deleted here"),) if apart else (),
            )
        )


def check_merges(resources: Sequence[Resource], where: Locator, report: Report) -> None:
    """Report what is merged although it is declared itself, and what is merged twice."""
    if not any(resource.merge for resource in resources):
        return
    declared: dict[str, Resource] = {}
    for resource in resources:
        declared.setdefault(fold(resource.label), resource)
    merged: dict[str, tuple[Resource, int]] = {}
    for resource in resources:
        for place, name in enumerate(map(resource.text_of, resource.merge)):
            other = declared.get(fold(name))
            if other is not None and other is not resource:
                report(_declared(resource, place, other, where))
                continue
            first, at = merged.setdefault(fold(name), (resource, place))
            if first is not resource:
                report(
                    where.problem(
                        f"{name!r} is merged into two {resource.kind}s, {first.label!r} and "
                        f"{resource.label!r}",
                        resource,
                        ("merge", place),
                        "keep one of the two",
                        ((where.mark(first, ("merge", at)), "merged here too"),),
                    )
                )


def _declared(resource: Resource, place: int, other: Resource, where: Locator) -> Problem:
    name = resource.text_of(resource.merge[place])
    what, way_out = "declared itself", "its own declaration"
    if other.absent:
        what, way_out = "deleted as well", "`state: absent`"
    return where.problem(
        f"{resource.label!r} merges {name!r}, which is {what}",
        resource,
        ("merge", place),
        f"what is merged is gone afterwards; take {way_out} away, or take it out of `merge`",
        ((where.mark(other, ("name",)), "declared here"),),
    )
