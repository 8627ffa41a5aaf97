"""Nesting and naming of parents, which say the same thing and must not contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from stashsync.errors import Problem
from stashsync.fields.names import fold
from stashsync.fields.references import reference_list
from stashsync.graph import find_cycle
from stashsync.kinds import Kind
from stashsync.manifest.locate import Locator
from stashsync.state import Resource

Report = Callable[[Problem], object]


def parents_of(value: Any, *, removed: bool = False) -> Iterator[str]:
    """List the names in the value of a reference field; those it removes too if `removed`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from reference_list(value)
    elif value is not None:
        yield from reference_list(value.get("add", []))
        if removed:
            yield from reference_list(value.get("remove", []))


class Nesting:
    """Writes the nesting of resources into their hierarchy field."""

    def __init__(self, kinds: Mapping[str, Kind], where: Locator, report: Report) -> None:
        self._kinds = kinds
        self._where = where
        self._report = report

    def apply(self, nestings: Sequence[tuple[Resource, Resource, Resource]]) -> None:
        """Take up each nesting: (child, parent, the child as it is written there)."""
        around: dict[int, list[tuple[Resource, Resource]]] = {}
        children: dict[int, Resource] = {}
        for child, parent, written in nestings:
            children[id(child)] = child
            around.setdefault(id(child), []).append((parent, written))
        for number, child in children.items():
            spec = self._kinds[child.kind].hierarchy
            assert spec is not None, "only kinds with a hierarchy have children"
            if spec.form == "many":
                self._many(child, spec.name, around[number])
            else:
                self._one(child, spec.name, around[number])

    def _many(
        self, child: Resource, field: str, around: Sequence[tuple[Resource, Resource]]
    ) -> None:
        names = {fold(parent.name): parent.name for parent, _ in around}
        value = child.values.get(field)
        if value is None and field not in child.values:
            child.values = {**child.values, field: sorted(names.values())}
        elif isinstance(value, dict):
            for name in value["remove"]:
                if fold(name) in names:
                    self._contradiction(
                        child,
                        (field, name),
                        f"{name!r} is removed from the {field} of {child.label!r}, "
                        "which is nested in it",
                        around,
                    )
            kept = [name for name in value["add"] if fold(name) not in names]
            child.values = {
                **child.values,
                field: {**value, "add": sorted([*kept, *names.values()])},
            }
        elif not value:
            self._contradiction(
                child,
                (field,),
                f"`{field}: []` makes {child.label!r} a root, but it is nested",
                around,
            )
        else:
            kept = [name for name in value if fold(name) not in names]
            child.values = {**child.values, field: sorted([*kept, *names.values()])}

    def _one(
        self, child: Resource, field: str, around: Sequence[tuple[Resource, Resource]]
    ) -> None:
        parent, _ = min(around, key=lambda pair: pair[0].key)
        for other, written in around:
            if other is not parent:
                self._report(
                    self._where.problem(
                        f"the {child.kind} {child.label!r} is nested in {other.label!r} and in "
                        f"{parent.label!r}",
                        written,
                        (),
                        f"a {child.kind} has one parent; keep one of the places",
                        tuple(
                            (self._where.mark(nested), "nested here too")
                            for _, nested in around
                            if nested is not written
                        ),
                    )
                )
        if field in child.values:
            value = child.values[field]
            if value is None or fold(value) != fold(parent.name):
                stated = "no parent" if value is None else f"the parent {value!r}"
                self._contradiction(
                    child,
                    (field,),
                    f"{child.label!r} is given {stated}, but it is nested in {parent.label!r}",
                    around,
                )
        child.values = {**child.values, field: parent.name}

    def _contradiction(
        self,
        child: Resource,
        path: tuple[str, ...],
        message: str,
        around: Sequence[tuple[Resource, Resource]],
    ) -> None:
        self._report(
            self._where.problem(
                message,
                child,
                path,
                f"leave `{path[0]}` out, or move the item out of `children`",
                tuple((self._where.mark(written), "nested here") for _, written in around),
            )
        )


def check_cycles(kind: Kind, resources: Sequence[Resource], where: Locator, report: Report) -> None:
    """Report circles among the declared edges, each by its path."""
    assert kind.edges is not None
    field = kind.edges.name
    members = sorted(resources, key=lambda child: (child.key, child.name, child.id or ""))
    # A name alone means the object that has nothing else, where others of that name have more.
    texts = [(it.name, at) for at, it in enumerate(members)]
    texts += [(it.label, at) for at, it in enumerate(members)]
    places, exact = {fold(text): at for text, at in texts}, dict(texts)
    above: dict[int, list[int]] = {}
    for place, member in enumerate(members):
        names = parents_of(member.values.get(field))
        found = [exact.get(name, places.get(fold(name))) for name in names]
        if found:
            above[place] = sorted(parent for parent in found if parent is not None)
    while cycle := find_cycle(above):
        start = cycle.index(min(cycle))
        ring = [members[place] for place in cycle[start:] + cycle[:start]]
        path = " -> ".join(repr(member.label) for member in [*ring, ring[0]])
        first, parent = ring[0], ring[1 % len(ring)]
        written = next(
            name
            for name in parents_of(first.values[field])
            if fold(name) in (fold(parent.name), fold(parent.label))
        )
        upwards = kind.hierarchy is not None
        if len(ring) == 1:
            does = "is its own parent" if upwards else "contains itself"
            message = f"the {kind.name} {first.label!r} {does}"
        else:
            do = "are parents of" if upwards else "contain"
            message = f"these {kind.plural} {do} each other: {path}"
        report(
            where.problem(
                message,
                first,
                (field, written),
                "a hierarchy has no circles; take one of "
                + ("the parents away" if upwards else "these away"),
                tuple((where.mark(member), f"{member.label!r}") for member in ring[1:]),
            )
        )
        for place in cycle:
            above.pop(place, None)
