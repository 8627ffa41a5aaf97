"""The objects of a source into the manifests, with the writing that `pull` has.

    candidates    what the source has, each object once, with canonical values
    match         which object of the manifests each is, if any
    keep_written  what people wrote stays; lists get what they lack
    resolve       what references mean; names that nothing has become objects
    aliases, circles: what cannot be in the manifests beside the rest is left out
    observed      what the manifests are to have, as if a server had it
    update        the texts accept that

A server that has the union of both sides differs from the manifests in what the source adds, and in
nothing else. So `ManifestUpdate` does the rest: places, comments, reading again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from msgspec import Struct

from stashsync.fields import Value
from stashsync.fields.names import fold
from stashsync.fields.references import exchanged, reference_list
from stashsync.kinds import KINDS, Capabilities, FieldSpec
from stashsync.manifest.images import image_fault
from stashsync.planner import Pair, Policy
from stashsync.planner.context import PlanContext
from stashsync.pull.export import PullScope
from stashsync.pull.pairing import Paired, Pairing, Project
from stashsync.pull.update import ManifestUpdate, Pulled
from stashsync.sources.candidates import Candidate, candidates_of, united_with
from stashsync.sources.declared import DeclaredNames, declared_names
from stashsync.sources.found import FoundObject, LeftOut
from stashsync.sources.keeping import cut_circles, keep_written, settle_aliases
from stashsync.sources.matching import match
from stashsync.sources.pictures import file_of
from stashsync.sources.references import Target, Targets
from stashsync.state import Resource, State

NO_SERVER: Final = Capabilities({}, {}, frozenset())


class Merged(Struct):
    """What the manifests get of a source.

    `pulled` has the changed manifests, `images` the files that they name beside those that are
    there. `left_out` is what is not written. `matched` counts objects that were there already,
    `referred` those that the source only refers to. `union` is what both sides have together.
    """

    pulled: Pulled
    union: State
    images: Mapping[str, bytes]
    left_out: Sequence[LeftOut]
    matched: int
    referred: int

    @property
    def files(self) -> dict[str, bytes]:
        """All files that change, by path below the project."""
        return {**self.pulled.files, **self.images}


def merge(
    found: Iterable[FoundObject], project: Project, into: str, update: Collection[str] = ()
) -> Merged:
    """Merge the objects of a source into the manifests of a project.

    Args:
        found: what the source has.
        project: the manifests as they are written; its `images` become those that are new.
        into: the file below the project that new objects go to, where they have no parent there.
        update: single fields whose value is the source's where the manifests have another.

    Raises:
        ManifestError: the files changed since they were loaded, and are no longer valid.
    """
    return _Merging(project, into, update).run(found)


@dataclass
class _Merging:
    project: Project
    into: str
    update: Collection[str]
    left_out: dict[LeftOut, None] = field(default_factory=dict)

    def run(self, found: Iterable[FoundObject]) -> Merged:
        state = self.project.state
        declared = declared_names(state)
        candidates = candidates_of(found, self._leave)
        for kind in KINDS:
            open_ones = [each for each in candidates if each.kind == kind and not each.out]
            match(open_ones, declared[kind], self._leave)
        for candidate in candidates:
            keep_written(candidate, self.update)
        targets = Targets(candidates, declared, self._leave)
        source = candidates
        candidates = [candidate for candidate in candidates if not candidate.out]
        for candidate in candidates:
            for name, spec in KINDS[candidate.kind].references.items():
                if candidate.values.get(name):
                    targets.resolve(candidate, spec)
        everything = [*candidates, *targets.added]
        for kind, table in KINDS.items():
            of_kind = [each for each in everything if each.kind == kind]
            if of_kind and table.aliases is not None:
                names = {fold(each.name): each for each in [*source, *targets.added]
                         if each.kind == kind}  # fmt: skip
                settle_aliases(of_kind, names, declared[kind], table.aliases, self._leave)
            if of_kind and table.edges is not None:
                resources = state.of(kind)
                edges = table.edges
                cut_circles(of_kind, resources, declared[kind], targets, edges, self._leave)
        images = self._images(everything)
        pairing = _Union(self.project.state, everything, declared, targets).pairing()
        self.project.images = images
        scope = PullScope(all_fields=True, new=True, into=self.into)
        pulled = ManifestUpdate(self.project, pairing, scope, lambda _: None).run()
        texts = pulled.files.values()
        images = {
            path: data
            for path, data in images.items()
            if any(path.encode() in text for text in texts)
        }
        matched = sum(candidate.declared is not None for candidate in candidates)
        referred, union = len(targets.added), pairing.observed
        return Merged(pulled, union, images, list(self.left_out), matched, referred)

    def _leave(self, left: LeftOut) -> None:
        self.left_out[left] = None

    def _images(self, candidates: Iterable[Candidate]) -> dict[str, bytes]:
        """Give pictures their files; return the contents of those files."""
        found: dict[str, bytes] = {}
        for candidate in candidates:
            for spec in KINDS[candidate.kind].images:
                self._check_file(candidate, spec.name)
            for name, data in candidate.pictures.items():
                path = file_of(candidate, name, data)
                if path is None:
                    self._leave(candidate.left("the picture has no form that is known", name))
                    continue
                found[path] = data
                candidate.values[name] = {"file": path}
        return found

    def _check_file(self, candidate: Candidate, name: str) -> None:
        """Leave out an image that the source names by a path and that is none."""
        path = (candidate.values.get(name) or {}).get("file")
        fault = image_fault(path, self.project.root) if path is not None else None
        if fault is not None:
            del candidate.values[name]
            self._leave(candidate.left(fault, name))


class _KnownPairing(Pairing):
    """Pairs by id and key alone; `further` are objects that manifests only refer to."""

    further: Sequence[Resource] = ()

    def pairs(self, state: State) -> Paired:
        """Return the pairs of a desired state."""
        for known, paired in self._known:
            if known is state:
                return paired
        ids = {(each.kind, each.id): each for each in self.observed}
        keys = {(each.kind, each.key): each for each in self.observed}
        pairs = [Pair(each, each) for each in self.further]
        for resource in state:
            found = keys.get((resource.kind, resource.key))
            found = ids.get((resource.kind, resource.id)) or found
            pairs.append(Pair(resource, None if resource.absent else found))
        paired = (PlanContext(state, self.observed, self.server), pairs)
        self._known[1:] = [(state, paired)]
        return paired


@dataclass
class _Union:
    """What a server would have that had both: the manifests, and what the source adds."""

    state: State
    candidates: Sequence[Candidate]
    declared: Mapping[str, DeclaredNames]
    targets: Targets

    def __post_init__(self) -> None:
        given = [int(resource.id) for resource in self.state if resource.id is not None]
        self._next = max(given, default=0)
        self._ids: dict[int, str] = {}
        self._further: dict[tuple[str, str], Resource] = {}

    def pairing(self) -> Pairing:
        """Pair the manifests with the union."""
        observed: list[Resource] = []
        matched = {id(each.declared): each for each in self.candidates if each.declared}
        for resource in self.state:
            if resource.absent:
                continue
            names = ("name", *KINDS[resource.kind].key_fields)
            values = {name: resource.values.get(name) for name in names}
            candidate = matched.get(id(resource))
            if candidate is not None:
                values |= self._added(resource, candidate)
            observed.append(Resource(resource.kind, resource.key, values, self._id(resource)))
        for candidate in self.candidates:
            if candidate.declared is None:
                values = {"name": candidate.name} | {
                    name: self._value(candidate, spec)
                    for name, spec in KINDS[candidate.kind].fields.items()
                    if name != "name" and name in candidate.values
                }
                identifier = self._id(candidate)
                observed.append(Resource(candidate.kind, candidate.key, values, identifier))
        observed += self._further.values()
        by_kind = {kind: [each for each in observed if each.kind == kind] for kind in KINDS}
        pairing = _KnownPairing(State(by_kind), NO_SERVER, None, Policy())
        pairing.further = list(self._further.values())
        return pairing

    def _id(self, target: Target) -> str:
        """Return the id of an object: that of its manifest, or one that no other has."""
        known = self._ids.get(id(target))
        if known is None:
            known = target.id if isinstance(target, Resource) else None
            if known is None:
                self._next += 1
                known = str(self._next)
            self._ids[id(target)] = known
        return known

    def _value(self, candidate: Candidate, spec: FieldSpec) -> Value:
        """Return the value of a field as a server has it."""
        value = candidate.values[spec.name]
        if spec.meaning.references():
            value = exchanged(
                value, lambda name: self._id(self.targets.target(candidate, spec.name, name))
            )
        return spec.meaning.settle(value, spec.meaning.empty)

    def _added(self, resource: Resource, candidate: Candidate) -> dict[str, Value]:
        """Return the fields in which the source adds to what the manifests have."""
        kind = KINDS[resource.kind]
        values: dict[str, Value] = {}
        for name, value in candidate.values.items():
            if name in kind.key_fields:
                continue  # by which it was found
            spec, written = kind.fields[name], resource.values.get(name)
            united = united_with(spec, written, value) if written else None
            if united is None:
                values[name] = self._value(candidate, spec)
            elif spec.meaning.references():
                values[name] = self._references(resource, candidate, spec)
            else:
                values[name] = spec.meaning.settle(united, spec.meaning.empty)
        return values

    def _references(self, resource: Resource, candidate: Candidate, spec: FieldSpec) -> Value:
        kind = spec.meaning.references() or ""
        written = resource.values[spec.name]
        mine = exchanged(written, lambda name: self._id_of(kind, name))
        theirs = self._value(candidate, spec)
        present = set(reference_list(mine))
        more = zip(reference_list(theirs), theirs, strict=True)
        united = [*mine, *(member for each, member in more if each not in present)]
        settled = spec.meaning.settle(united, spec.meaning.empty)
        return sorted(settled) if spec.meaning.shape == "set" else settled

    def _id_of(self, kind: str, name: str) -> str:
        """Return the id of what a reference in the manifests means, declared or not."""
        found = self.declared[kind].names.get(fold(name), ())
        exact = [each for each in found if name in (each.name, each.label)] or found
        if exact:
            return self._id(exact[0])
        for candidate in self.candidates:
            if candidate.kind == kind and fold(name) in (candidate.key[0], fold(candidate.label)):
                return self._id(candidate.declared or candidate)
        key = (kind, fold(name))
        if key not in self._further:
            self._next += 1
            values = {"name": name}
            self._further[key] = Resource(kind, KINDS[kind].key(values), values, str(self._next))
        return self._further[key].id or ""
