"""The names by which the manifests have the objects of one kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from stashsync.fields import Value
from stashsync.fields.names import fold
from stashsync.kinds import KINDS, Key
from stashsync.manifest.hierarchy import parents_of
from stashsync.state import Resource, State


class NameClaim(Struct, frozen=True):
    """A name beside its own that an object of the manifests has, and in what way."""

    resource: Resource
    how: str


def declared_names(state: State) -> dict[str, DeclaredNames]:
    """Return the names of all kinds."""
    found = {kind: DeclaredNames(kind, state.of(kind)) for kind in KINDS}
    for resource in state:
        kind = KINDS[resource.kind]
        references = [
            (spec.meaning.references() or "", name)
            for field, spec in kind.references.items()
            for name in parents_of(resource.values.get(field))
        ]
        for field, meaning in kind.inner.items():
            names = meaning.names_in(resource.values.get(field))
            references += [(target, name) for _, target, name in names]
        for target, name in references:
            if fold(name) not in found[target].names:
                found[target].referred.setdefault(fold(name), resource)
    return found


class DeclaredNames:
    """Look-ups among the objects that manifests declare of one kind, by folded names.

    `absent` are those to be deleted; nothing else has these.
    """

    def __init__(self, kind: str, resources: Sequence[Resource]) -> None:
        self.keys: dict[Key, list[Resource]] = {}
        self.names: dict[str, list[Resource]] = {}
        self.claims: dict[str, list[NameClaim]] = {}
        self.aliases: dict[str, Resource] = {}
        """What validation holds against another object that has it as an alias."""
        self.stash_ids: dict[tuple[str, str], list[Resource]] = {}
        self.referred: dict[str, Resource] = {}
        """Names that no manifest declares and that others refer to, each with one that does."""
        self.absent: dict[Key, Resource] = {}
        self._shared = KINDS[kind].shared_names
        for resource in resources:
            if resource.absent:
                self.absent[resource.key] = resource
            else:
                self._add(resource)

    def _add(self, resource: Resource) -> None:
        self.keys.setdefault(resource.key, []).append(resource)
        for text in {fold(resource.name), fold(resource.label)}:
            self.names.setdefault(text, []).append(resource)
        for endpoint, ids in (resource.values.get("stash_ids") or {}).items():
            for each in ids:
                self.stash_ids.setdefault((endpoint, each), []).append(resource)
        if not self._shared:
            return
        for text, how in _further_names(resource):
            claims = self.claims.setdefault(fold(text), [])
            if all(claim.resource is not resource for claim in claims):
                claims.append(NameClaim(resource, how))
            if how != _OLD:
                self.aliases.setdefault(fold(text), resource)


_OLD = "an old name of"


def _further_names(resource: Resource) -> Iterator[tuple[str, str]]:
    spec = KINDS[resource.kind].aliases
    for alias in members_of(resource.values.get(spec.name)) if spec is not None else ():
        yield alias, "an alias of"
    for merged in resource.merge:
        yield resource.text_of(merged), "merged into"
    for old in resource.renamed_from:
        yield resource.text_of(old), _OLD


def members_of(value: Value) -> Sequence[str]:
    """Return the members of a list, or those that the manifest adds to one."""
    found: Sequence[str] = value.get("add", ()) if isinstance(value, dict) else value or ()
    return found
