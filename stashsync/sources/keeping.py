"""What people wrote stays: which fields of a source an object of the manifests takes over."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from stashsync.fields import Value
from stashsync.fields.names import fold
from stashsync.fields.references import exchanged, reference_list
from stashsync.graph import find_cycle
from stashsync.kinds import KINDS, FieldSpec
from stashsync.manifest.hierarchy import parents_of
from stashsync.sources.candidates import Candidate, united_with
from stashsync.sources.declared import DeclaredNames, members_of
from stashsync.sources.found import Leave
from stashsync.sources.references import Target, Targets
from stashsync.state import Resource


def keep_written(candidate: Candidate, update: Collection[str]) -> None:
    """Take out of a candidate what its object in the manifests has.

    Lists and maps that are written out stay: they get the members that they lack. Of single fields
    those in `update` stay. Its name becomes an alias where the manifests have another.
    """
    resource, kind = candidate.declared, KINDS[candidate.kind]
    if resource is None:
        return
    spec = kind.aliases
    if spec is not None and fold(candidate.name) != fold(resource.name):
        aliases = candidate.values.get(spec.name) or []
        candidate.values[spec.name] = [*aliases, candidate.name]
    for name, value in list(candidate.values.items()):
        written, field = resource.values.get(name), kind.fields[name]
        grows = _grows(field, written) and united_with(field, written, value) is not None
        is_new = name not in resource.values or name in kind.key_fields
        if not (is_new or grows or (name in update and field.meaning.shape == "scalar")):
            del candidate.values[name]
    for name in list(candidate.pictures):
        if name in resource.values:
            del candidate.pictures[name]


def _grows(spec: FieldSpec, written: Value) -> bool:
    """Whether a list or a map is written out, and not cleared; `{add, remove}` is owned as is."""
    return bool(written) and (spec.meaning.shape == "map" or isinstance(written, list))


def settle_aliases(
    candidates: Sequence[Candidate],
    names: Mapping[str, Candidate],
    declared: DeclaredNames,
    spec: FieldSpec,
    leave: Leave,
) -> None:
    """Leave out aliases that another object has as a name or an alias; each as often as it is.

    `names` has the objects of the source by folded name, those that are left out too: with one as
    an alias, the next import would take that object for this one.
    """
    shared = KINDS[candidates[0].kind].shared_names
    claims: dict[str, list[tuple[Candidate, str]]] = {}
    for candidate in candidates:
        for alias in _lacking(candidate, spec):
            text = fold(alias)
            owners: list[Target] = [*declared.names.get(text, ()), *_one(names.get(text))]
            how = "the name of"
            if all(owner in (candidate, candidate.declared) for owner in owners):
                owners, how = [*_one(declared.aliases.get(text))], "an alias of"
            by = declared.referred.get(text)
            if shared and by is not None:
                reason = f'"{alias}" is a name that {by.address} refers to'
                leave(candidate.left(reason, spec.name, str(by.mark)))
                continue
            others = [each for each in owners if each not in (candidate, candidate.declared)]
            if shared and others:
                _leave_alias(candidate, spec, alias, how, others[0], leave)
            else:
                claims.setdefault(text, []).append((candidate, alias))
    accepted: dict[int, list[str]] = {}
    for claimants in claims.values():
        for candidate, alias in claimants:
            others = [each for each, _ in claimants if each is not candidate]
            if shared and others:
                _leave_alias(candidate, spec, alias, "an alias of", others[0], leave)
            else:
                accepted.setdefault(id(candidate), []).append(alias)
    for candidate in candidates:
        candidate.values.pop(spec.name, None)
        if id(candidate) in accepted:
            candidate.values[spec.name] = sorted(accepted[id(candidate)])


def _one(found: Target | None) -> list[Target]:
    return [] if found is None else [found]


def _lacking(candidate: Candidate, spec: FieldSpec) -> list[str]:
    """Return the aliases that an object does not have yet, each once whatever its case."""
    resource = candidate.declared
    present = {fold(candidate.name if resource is None else resource.name)}
    if resource is not None:
        present |= {fold(alias) for alias in members_of(resource.values.get(spec.name))}
        present |= resource.former_names
    found = []
    for alias in candidate.values.get(spec.name) or ():
        if fold(alias) not in present:
            present.add(fold(alias))
            found.append(alias)
    return found


def _leave_alias(
    candidate: Candidate, spec: FieldSpec, alias: str, how: str, owner: Target, leave: Leave
) -> None:
    place = str(owner.mark) if isinstance(owner, Resource) else owner.place
    leave(candidate.left(f'"{alias}" is {how} {owner.address}', spec.name, place))


def cut_circles(
    candidates: Sequence[Candidate],
    resources: Sequence[Resource],
    declared: DeclaredNames,
    targets: Targets,
    spec: FieldSpec,
    leave: Leave,
) -> None:
    """Leave out references of the source that close a circle, the last ones first."""
    above: dict[int, list[int]] = {}
    new = {fold(each.name): each for each in candidates if each.declared is None}
    for resource in resources:
        for name in parents_of(resource.values.get(spec.name)):
            for other in declared.names.get(fold(name)) or _one(new.get(fold(name))):
                above.setdefault(id(resource), []).append(id(other))
    added: dict[tuple[int, int], tuple[Candidate, str]] = {}
    for candidate in candidates:
        me = id(candidate.declared or candidate)
        for name in reference_list(candidate.values.get(spec.name)):
            other_id = id(targets.target(candidate, spec.name, name))
            if other_id not in above.setdefault(me, []):
                above[me].append(other_id)
                added[me, other_id] = (candidate, name)
    order = {edge: number for number, edge in enumerate(added)}
    while cycle := find_cycle(above):
        edges = list(zip(cycle, [*cycle[1:], cycle[0]], strict=True))
        inside = [each for each in edges if each in order]
        edge = max(inside, key=order.__getitem__) if inside else edges[0]
        above[edge[0]].remove(edge[1])
        if edge in added:  # else twins of the manifests, of which a name means one
            candidate, closing = added[edge]
            _drop_reference(candidate, spec, closing)
            leave(candidate.left(f'"{closing}" would close a circle', spec.name))


def _drop_reference(candidate: Candidate, spec: FieldSpec, gone: str) -> None:
    value = candidate.values[spec.name]
    candidate.values[spec.name] = exchanged(value, lambda name: None if name == gone else name)
