"""Find the object of the manifests that an object of a source is, strongest evidence first.

    stash_ids   a shared pair of endpoint and id
    key         the name; for performers the name and the disambiguation
    alias       its name is an alias, a merged or an old name there; or the name there is one of
                its aliases. For kinds whose names and aliases are one namespace

Nothing is guessed: what may be several, or what several may be, is reported and left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from stashsync.errors import Mark
from stashsync.fields.names import fold
from stashsync.kinds import KINDS
from stashsync.sources.candidates import Candidate, ids_differ
from stashsync.sources.declared import DeclaredNames
from stashsync.sources.found import Leave
from stashsync.state import Resource

_OWN_ALIAS: Final = "as an alias the name of"


def match(candidates: Sequence[Candidate], declared: DeclaredNames, leave: Leave) -> None:
    """Set `declared` of the candidates of one kind, or `out`."""
    _Matching(candidates, declared, leave).run()


@dataclass
class _Matching:
    candidates: Sequence[Candidate]
    declared: DeclaredNames
    leave: Leave
    taken: dict[int, Candidate] = field(default_factory=dict)
    """Who each object of the manifests was found to be."""

    def run(self) -> None:
        self._step(self._by_stash_ids, "the stash_ids of")
        self._step(self._by_key, "the name of")
        for candidate in self._open():
            gone = self.declared.absent.get(candidate.key)
            if gone is not None:
                self._leave(candidate, f"the manifests delete {gone.address}", gone.mark)
        if self.candidates and KINDS[self.candidates[0].kind].shared_names:
            self._step(self._by_claim, "a name of")
            self._step(self._by_own_aliases, _OWN_ALIAS)

    def _by_stash_ids(self, candidate: Candidate) -> list[Resource]:
        return [
            resource
            for endpoint, ids in candidate.stash_ids.items()
            for each in ids
            for resource in self.declared.stash_ids.get((endpoint, each), ())
        ]

    def _by_key(self, candidate: Candidate) -> list[Resource]:
        return self.declared.keys.get(candidate.key, [])

    def _by_claim(self, candidate: Candidate) -> list[Resource]:
        claims = self.declared.claims.get(fold(candidate.name), ())
        return [claim.resource for claim in claims]

    def _by_own_aliases(self, candidate: Candidate) -> list[Resource]:
        """Names there that are aliases here; one that is a name here too means that object."""
        spec = KINDS[candidate.kind].aliases
        assert spec is not None, "kinds with a namespace of names and aliases have aliases"
        texts = {fold(alias) for alias in candidate.values.get(spec.name) or ()}
        own = sorted(texts - {fold(each.name) for each in self.candidates})
        return [resource for text in own for resource in self.declared.names.get(text, ())]

    def _step(self, look_up: Callable[[Candidate], list[Resource]], what: str) -> None:
        """Match those that are one object each, and each by one; leave out what is not clear."""
        found: dict[int, Resource] = {}
        claims: dict[int, list[Candidate]] = {}
        for candidate in self._open():
            meant = {id(resource): resource for resource in look_up(candidate)}
            if len(meant) > 1:
                several = " and ".join(f"{each.address} ({each.mark})" for each in meant.values())
                self._leave(candidate, f"it has {what} several objects: {several}")
                continue
            for number, resource in meant.items():
                found[number] = resource
                claims.setdefault(number, []).append(candidate)
        for number, claimants in claims.items():
            self._settle(found[number], claimants, what)

    def _settle(self, resource: Resource, claimants: Sequence[Candidate], what: str) -> None:
        other = self.taken.get(id(resource))
        for candidate in claimants:
            reason = f"it has {what} {resource.address}"
            if other is not None and what == _OWN_ALIAS:
                continue  # its alias is that one's name, and is reported as such
            if other is not None:
                self._leave(candidate, f"{reason}, which {other.place} is", resource.mark)
            elif len(claimants) > 1:
                others = " and ".join(each.place for each in claimants if each is not candidate)
                self._leave(candidate, f"{reason}, and so has {others}", resource.mark)
            elif ids_differ(candidate.stash_ids, resource.values.get("stash_ids") or {}):
                self._leave(candidate, f"{reason} with another id at that database", resource.mark)
            else:
                candidate.declared = resource
                self.taken[id(resource)] = candidate

    def _open(self) -> list[Candidate]:
        return [each for each in self.candidates if each.declared is None and not each.out]

    def _leave(self, candidate: Candidate, reason: str, mark: Mark | None = None) -> None:
        candidate.out = True
        self.leave(candidate.left(reason, other="" if mark is None else str(mark)))
