"""Which objects the references of a source mean, and names that it has besides.

A name of the source means another of its objects, or one of the manifests by its name or any other
name that it has there. What is only referred to becomes an object of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from stashsync.fields.names import fold
from stashsync.fields.references import exchanged, reference_list
from stashsync.kinds import KINDS, FieldSpec
from stashsync.sources.candidates import Candidate
from stashsync.sources.declared import DeclaredNames
from stashsync.sources.found import Leave
from stashsync.state import Resource

Target: TypeAlias = Candidate | Resource


@dataclass
class Targets:
    """What names mean. Candidates are matched before this is made."""

    candidates: Sequence[Candidate]
    declared: Mapping[str, DeclaredNames]
    leave: Leave
    added: list[Candidate] = field(default_factory=list)
    """Objects that are only referred to."""

    def __post_init__(self) -> None:
        self._meaning: dict[tuple[int, str, str], Target] = {}
        self._names: dict[tuple[str, str], list[Candidate]] = {}
        self._aliases: dict[tuple[str, str], list[Candidate]] = {}
        for candidate in self.candidates:
            self._add(candidate)

    def _add(self, candidate: Candidate) -> None:
        for text in {fold(candidate.name), fold(candidate.label)}:
            self._names.setdefault((candidate.kind, text), []).append(candidate)
        kind = KINDS[candidate.kind]
        for alias in kind.other_names(candidate.values) if kind.shared_names else ():
            self._aliases.setdefault((candidate.kind, fold(alias)), []).append(candidate)

    def resolve(self, candidate: Candidate, spec: FieldSpec) -> None:
        """Find what the references in a field mean; others are reported and taken out."""
        kind = spec.meaning.references() or ""
        meaning = self._meaning
        for name in reference_list(candidate.values[spec.name]):
            target = self._meant(candidate, spec, kind, name)
            if target is not None:
                meaning[id(candidate), spec.name, name] = target
        candidate.values[spec.name] = exchanged(
            candidate.values[spec.name],
            lambda name: name if (id(candidate), spec.name, name) in meaning else None,
        )

    def target(self, candidate: Candidate, field: str, name: str) -> Target:
        """Return what a reference means that was resolved."""
        return self._meaning[id(candidate), field, name]

    def _meant(self, by: Candidate, spec: FieldSpec, kind: str, name: str) -> Target | None:
        found = self._found(kind, name)
        if not found:
            made = Candidate(kind, {"name": name}, [by.place])
            self.added.append(made)
            self._add(made)
            return made
        reason = ""
        target = found[0]
        if len(found) > 1:
            reason = f'"{name}" may be several objects'
        elif isinstance(target, Candidate) and target.out:
            reason = f'"{name}" is left out'
        elif isinstance(target, Resource) and target.absent:
            reason = f'the manifests delete "{name}"'
        elif kind == by.kind and target in (by, by.declared):
            reason = f'"{name}" is the object itself'
        if not reason:
            return target
        places = [str(each.mark) if isinstance(each, Resource) else each.place for each in found]
        self.leave(by.left(reason, spec.name, ", ".join(places)))
        return None

    def _found(self, kind: str, name: str) -> list[Target]:
        """Return the objects that a name can mean, by the strongest way in which any has it."""
        text, declared = fold(name), self.declared[kind]
        own = self._names.get((kind, text), [])
        if own:
            return [each.declared or each for each in own]
        absent = [each for each in declared.absent.values() if fold(each.label) == text]
        named = declared.names.get(text) or absent
        if named:
            return [*named]
        claimed = [claim.resource for claim in declared.claims.get(text, ())]
        if claimed:
            return [*claimed]
        aliased = self._aliases.get((kind, text), [])
        aliased = [each for each in aliased if not each.out] or aliased
        return list({id(each.declared or each): each.declared or each for each in aliased}.values())
