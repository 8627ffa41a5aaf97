"""What all files declare together: one resource per object, names that fit, and no cycles.

    1. join     the same object: a bare child and its description are one, two descriptions a fault
    -  leave    what is deleted has no place in a hierarchy, what is merged goes into one object
    2. nest     nesting becomes the value of `parents` / `parent`
    3. claim    names and aliases of a namespace belong to one object each
    4. resolve  references name what is declared by its name, never by an alias or an old name
    5. order    no hierarchy runs in a circle

A reference to something that no file declares is not looked at: the server may have it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from stashsync.errors import Problem
from stashsync.fields.names import fold
from stashsync.kinds import Key, Kind
from stashsync.manifest.hierarchy import Nesting, check_cycles, parents_of
from stashsync.manifest.items import Declared
from stashsync.manifest.leaving import check_merges, without_absent
from stashsync.manifest.locate import Locator
from stashsync.manifest.places import Path
from stashsync.state import Resource

Report = Callable[[Problem], object]


def link(
    files: Iterable[Declared], kinds: Mapping[str, Kind], where: Locator, report: Report
) -> list[Resource]:
    """Return the resources of a project, complete and checked against each other."""
    resources, nestings = _join(files, where, report)
    by_kind: dict[str, list[Resource]] = {name: [] for name in kinds}
    for resource in resources:
        by_kind[resource.kind].append(resource)
    Nesting(kinds, where, report).apply(list(without_absent(nestings, where, report)))
    _check_ids(resources, where, report)
    for kind in kinds.values():
        check_merges(by_kind[kind.name], where, report)
        if kind.shared_names:
            _claim(by_kind[kind.name], where, report)
    _resolve(by_kind, kinds, where, report)
    for kind in kinds.values():
        if kind.edges is not None:
            check_cycles(kind, by_kind[kind.name], where, report)
    return resources


def _join(
    files: Iterable[Declared], where: Locator, report: Report
) -> tuple[list[Resource], list[tuple[Resource, Resource, Resource]]]:
    """One resource per object, and each nesting as (child, parent, the child as written there).

    Names that the server takes for one may be those of two objects only where each has an `id`.
    """
    described: dict[tuple[str, Key], list[Resource]] = {}
    placed: dict[tuple[str, Key], Resource] = {}
    edges: list[tuple[Resource, Resource]] = []
    for declared in files:
        resources, bare = declared.resources, declared.bare
        for index, resource in enumerate(resources):
            name = (resource.kind, resource.key)
            if index in bare:
                other = placed.get(name)
                if other is None or _precedes(resource, other):
                    placed[name] = resource
                continue
            group = described.setdefault(name, [])
            if group and None in (resource.id, *(other.id for other in group)):
                report(
                    where.problem(
                        f"the {resource.kind} {resource.label!r} is declared twice",
                        resource,
                        ("name",),
                        "keep one, or put what both say into one",
                        ((where.mark(group[0], ("name",)), "first declared here"),),
                    )
                )
            else:
                group.append(resource)
        edges += [(resources[child], resources[parent]) for child, parent in declared.above.items()]
    whole = {**{name: [resource] for name, resource in placed.items()}, **described}

    def of(written: Resource) -> Resource:
        group = whole[written.kind, written.key]
        if len(group) > 1 and written in group:
            return written
        return next((item for item in group if item.name == written.name), group[0])

    nestings = [(of(child), of(parent), child) for child, parent in edges]
    return [resource for group in whole.values() for resource in group], nestings


def _precedes(resource: Resource, other: Resource) -> bool:
    """Which of two bare names stands for the object; depends on spelling before place."""
    return (resource.name, resource.file, resource.line, resource.column) < (
        other.name,
        other.file,
        other.line,
        other.column,
    )


def _check_ids(resources: Sequence[Resource], where: Locator, report: Report) -> None:
    seen: dict[tuple[str, str], Resource] = {}
    for resource in resources:
        if resource.id is None:
            continue
        first = seen.setdefault((resource.kind, resource.id), resource)
        if first is not resource:
            report(
                where.problem(
                    f"the {resource.kind} with id {resource.id} is declared twice",
                    resource,
                    ("id",),
                    "an object has one id and one declaration",
                    ((where.mark(first, ("id",)), f"first declared here, as {first.label!r}"),),
                )
            )


def aliases_of(resource: Resource) -> Sequence[str]:
    """List the further names that a resource claims."""
    value = resource.values.get("aliases")
    if not value:
        return ()
    found: Sequence[str] = value["add"] if isinstance(value, dict) else value
    return found


def _claim(resources: Sequence[Resource], where: Locator, report: Report) -> None:
    names = {fold(resource.name): resource for resource in resources if not resource.absent}
    claimed: dict[str, Resource] = {}
    for resource in resources:
        for merged in resource.merge:
            claimed.setdefault(fold(resource.text_of(merged)), resource)
    for resource in resources:
        for alias in aliases_of(resource):
            text = fold(alias)
            owner = names.get(text)
            if owner is not None and owner is not resource:
                report(
                    where.problem(
                        f"the alias {alias!r} is the name of another {resource.kind}",
                        resource,
                        ("aliases", alias),
                        "names and aliases share one namespace; take the alias away, "
                        "or rename the other",
                        ((where.mark(owner, ("name",)), "declared here"),),
                    )
                )
                continue
            first = claimed.setdefault(text, resource)
            if first is not resource:
                report(
                    where.problem(
                        f"the alias {alias!r} belongs to another {resource.kind} already, "
                        f"{first.label!r}",
                        resource,
                        ("aliases", alias),
                        "an alias leads to one object; keep one of them",
                        ((where.mark(first, _claim_of(first, text)), "claimed here"),),
                    )
                )


def _claim_of(resource: Resource, text: str) -> tuple[str, str]:
    """Return the field by which a resource claims a name, and the name as written there."""
    claims = [("aliases", alias) for alias in aliases_of(resource)]
    # What is merged becomes an alias.
    claims += [("merge", resource.text_of(name)) for name in resource.merge]
    return next(claim for claim in claims if fold(claim[1]) == text)


def _resolve(
    by_kind: Mapping[str, Sequence[Resource]],
    kinds: Mapping[str, Kind],
    where: Locator,
    report: Report,
) -> None:
    """Report each reference that names a declared object by a name that is not its own."""
    targets: dict[str, _Names] = {}
    for kind in kinds.values():
        fields = [(name, spec.meaning.references() or "") for name, spec in kind.references.items()]
        inner = kind.inner
        of_inner = [target for meaning in inner.values() for target in meaning.inner_kinds]
        for target in (*(target for _, target in fields), *of_inner):
            if target not in targets:
                targets[target] = _Names(by_kind.get(target, ()))
        if not targets:
            continue
        for resource in by_kind[kind.name]:
            values = resource.values
            for name, target in fields:
                value = values.get(name)
                if not value:
                    continue
                known = targets[target]
                for reference in parents_of(value, removed=True):
                    if reference in known.good:
                        continue
                    known.look_up(reference, resource, (name, reference), where, report)
            for name, meaning in inner.items():
                for criterion, target, reference in meaning.names_in(values.get(name)):
                    if reference not in targets[target].good:
                        path = (name, criterion, reference)
                        targets[target].look_up(reference, resource, path, where, report)


class _Names:
    """The names by which objects of one kind are declared."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self._resources = resources
        self.good: set[str] = set()
        """References, as written, that need no second look."""
        self._others: dict[str, tuple[Resource, str]] | None = None

    @cached_property
    def _names(self) -> dict[str, list[Resource]]:
        names: dict[str, list[Resource]] = defaultdict(list)
        for resource in self._resources:
            for text in {fold(resource.name), fold(resource.label)}:
                names[text].append(resource)
        return names

    def look_up(
        self, reference: str, resource: Resource, path: Path, where: Locator, report: Report
    ) -> None:
        text = fold(reference)
        found: Sequence[Resource] = self._names.get(text, ())
        if len(found) > 1:
            exact = [candidate for candidate in found if candidate.label == reference]
            found = exact if len(exact) == 1 else found
        gone = next((candidate for candidate in found if candidate.absent), None)
        if gone is not None and len(found) == 1:
            report(
                where.problem(
                    f"{reference!r} is a {gone.kind} that is to be deleted",
                    resource,
                    path,
                    f"refer to another {gone.kind}, or take `state: absent` away",
                    ((where.mark(gone, ("state",)), "deleted here"),),
                )
            )
            return
        if len(found) > 1:
            several = ", ".join(sorted(candidate.label for candidate in found))
            report(
                where.problem(
                    f"{reference!r} could be any of {several}",
                    resource,
                    path,
                    "write the one that is meant"
                    if len(found[0].key) > 1
                    else "give each a name of its own",
                )
            )
            return
        other = None if found else self._other(text)
        if other is None:
            self.good.add(reference)
            return
        owner, what = other
        report(
            where.problem(
                f"{reference!r} is {what} the {owner.kind} {owner.label!r}",
                resource,
                path,
                f"write {owner.name!r}: a reference is the name itself",
                ((where.mark(owner, ("name",)), "declared here"),),
            )
        )

    def _other(self, text: str) -> tuple[Resource, str] | None:
        """Whose alias or old name this is, or into what it is merged."""
        if self._others is None:
            self._others = {}
            for resource in self._resources:
                for alias in aliases_of(resource):
                    self._others.setdefault(fold(alias), (resource, "an alias of"))
            for resource in self._resources:
                for old in resource.renamed_from:
                    self._others.setdefault(
                        fold(resource.text_of(old)), (resource, "an old name of")
                    )
                for merged in resource.merge:
                    self._others.setdefault(
                        fold(resource.text_of(merged)), (resource, "merged into")
                    )
        return self._others.get(text)
