"""Find the observed object that a manifest means (docs/planning-rules.md#matching).

In this order, strongest first; an object that one step has taken is gone for the later ones:

    id            must exist, never creates
    stash_ids     a shared pair of endpoint and id
    renamed_from  while it is pending: the old name is on the server, the new one is not,
                  or is held by an object that has itself been taken (so chains resolve
                  from their end, and a closed ring is not pending)
    memory        the id that an item of this very key, or of a former name, had at the last apply
                  or pull, where the object has another name by now: it was renamed on the server
    key           the name; for performers the name and the disambiguation; also the name that an
                  object was about to get when an earlier run broke off (see `temporary`)
    merge         the first of those to be merged, where there is nothing to merge them into
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct

from stashsync.errors import Problem
from stashsync.fields import Value
from stashsync.kinds import KINDS, Key
from stashsync.planner.changes import Bearers, Matched
from stashsync.planner.context import PlanContext
from stashsync.planner.index import Index, listed
from stashsync.planner.temporary import is_temporary, target_of
from stashsync.state import Resource


class Pair(Struct):
    """A desired object and the observed one it was found to be, if any.

    `refused`: several objects could be meant, which has been reported. `token` is what other
    objects refer to it by; `resolve` sets it.
    """

    desired: Resource
    observed: Resource | None = None
    matched: Matched = Matched.KEY
    refused: bool = False
    token: str = ""
    inherited: Mapping[str, Value] = MappingProxyType({})
    """Canonical values that it is to have where its manifest does not mention the field: those of
    merged objects, or those before a run that is undone."""
    bearers: tuple[Bearers, ...] = ()
    """What is to refer to it, or to refer to it no more, where a run is undone."""
    former: str = ""
    """The id that it had, where it is made again as a run is undone."""

    @property
    def keeps_old_name(self) -> bool:
        """Whether its name changes, not in letter case alone, and the old one becomes an alias.

        A name that another client has given to it since is no old one of it.
        """
        changes = self.observed is not None and self.observed.key[0] != self.desired.key[0]
        keeps = self.desired.keep_old_name and self.matched is not Matched.MEMORY
        return changes and (keeps or self.matched is Matched.MERGE)


def match(context: PlanContext) -> list[Pair]:
    """Return a pair for every desired object, in the order of the desired state.

    Objects that could not be told apart are reported and stay without a partner.
    """
    pairs: list[Pair] = []
    for name, resources in context.desired.resources.items():
        pairs += _Matcher(context, context.indexes[name], resources).run()
    return pairs


class _Matcher:
    """Take the steps above for one kind."""

    def __init__(self, context: PlanContext, index: Index, resources: Sequence[Resource]) -> None:
        self.context = context
        self.index = index
        self.pairs = [Pair(resource) for resource in resources]
        self.taken: dict[str, Pair] = {}
        self.declared = {resource.key for resource in resources}

    def run(self) -> list[Pair]:
        self._by_id()
        self._by_stash_id()
        self._by_rename()
        self._by_memory()
        self._by_key()
        self._by_temporary_name()
        self._by_merge()
        return self.pairs

    # -- the steps ------------------------------------------------------------------------------

    def _by_id(self) -> None:
        for pair in self.pairs:
            wanted = pair.desired.id
            if wanted is None:
                continue
            found = self.index.by_id.get(wanted)
            if found is None and pair.desired.absent:
                continue  # it has been deleted
            if found is None:
                self._refuse(
                    pair,
                    ("id",),
                    f"there is no {self.index.kind.name} with id {wanted}",
                    "correct the id, or leave it out to match by name",
                )
            elif wanted in self.taken:
                self._refuse(
                    pair,
                    ("id",),
                    f"id {wanted} is claimed twice",
                    f"also by {self.taken[wanted].desired.mark}",
                )
            else:
                self._take(pair, found, Matched.ID)

    def _by_stash_id(self) -> None:
        if "stash_ids" not in self.context.desired.fields(self.index.kind.name):
            return
        claims: dict[str, list[Pair]] = {}
        for pair in self._open():
            wanted = pair.desired.values.get("stash_ids")
            if not wanted:
                continue
            found = self._candidates(pair, wanted)
            if len(found) > 1:
                problem = f"its stash_ids belong to {listed(found)}"
                self._refuse(pair, ("stash_ids",), problem, "write `id:` to say which one is meant")
            elif found:
                claims.setdefault(found[0].id or "", []).append(pair)
        for wanted_id, pairs in claims.items():
            found_one = self.index.by_id[wanted_id]
            same_key = [pair for pair in pairs if pair.desired.key == found_one.key]
            claimants = same_key or pairs
            if len(claimants) == 1:
                self._take(claimants[0], found_one, Matched.STASH_ID)
                continue
            for pair in claimants[1:]:
                self._refuse(
                    pair,
                    ("stash_ids",),
                    f'two objects claim "{found_one.label}" (id {wanted_id}) by stash_ids',
                    f"the other is {claimants[0].desired.mark}",
                )
            claimants[0].refused = True

    def _candidates(self, pair: Pair, wanted: dict[str, list[str]]) -> list[Resource]:
        found: dict[str, Resource] = {}
        for endpoint, ids in wanted.items():
            for stash_id in ids:
                for holder in self._free(self.index.by_stash_id.get((endpoint, stash_id), ())):
                    found[holder.id or ""] = holder
        exact = [holder for holder in found.values() if holder.key == pair.desired.key]
        return exact if len(exact) == 1 else list(found.values())

    def _by_rename(self) -> None:
        waiting = [pair for pair in self._open() if pair.desired.renamed_from]
        progress = True
        while progress:
            progress = False
            for pair in waiting:
                if pair.observed is not None or pair.refused:
                    continue
                if not self._new_name_is_free(pair):
                    continue
                old = self._free(self.index.formerly(pair.desired, self.declared))
                if len(old) > 1:
                    problem = f"it may have been {listed(old)}"
                    self._refuse(pair, ("renamed_from",), problem, self._way_out())
                elif old:
                    self._take(pair, old[0], Matched.RENAME)
                    progress = True

    def _new_name_is_free(self, pair: Pair) -> bool:
        """Whether no object has the new key, or only one that has been taken by another."""
        return not self._free(self.index.with_key(pair.desired.key))

    def _way_out(self) -> str:
        """Return how to say which of several objects is meant."""
        further = ", ".join(self.index.kind.key_fields)
        either = f", or name it as {{{further}}}" if len(self.index.kind.key_fields) > 1 else ""
        return f"write `id:` to say which one is meant{either}"

    def _by_memory(self) -> None:
        """Find objects that were renamed on the server.

        One that has the name of another item by now is that item's: ids were given anew.
        """
        for pair in self._open() if self.context.remembered else ():
            found = self.index.by_id.get(self._remembered(pair.desired))
            if found is None or found.id in self.taken or found.key in self.declared:
                continue
            if pair.desired.absent:
                continue
            twins = self._free(self.index.with_key(pair.desired.key))
            if twins:
                self._refuse(
                    pair,
                    ("name",),
                    f"it was {listed([found])} at the last apply or pull, and another object is "
                    f"called so now: {listed(twins)}",
                    f"write `id: {found.id}` or `id: {twins[0].id}` to say which one is meant",
                )
            else:
                self._take(pair, found, Matched.MEMORY)

    def _remembered(self, desired: Resource) -> str:
        """Return the id that an item had at the last apply or pull; "" where none is known.

        A former name that another item has now is that item's.
        """
        kind = self.index.kind
        former = {key for old in desired.renamed_from for key in kind.keys_named(old)}
        keys = [desired.key, *sorted(former - self.declared)]
        ids = (self.context.remembered.get((kind.name, key)) for key in keys)
        return next((identifier for identifier in ids if identifier), "")

    def _by_key(self) -> None:
        for pair in self._open():
            if not pair.desired.absent:
                self._settle_on(pair, self._free(self.index.with_key(pair.desired.key)))
        further = self.index.kind.key_fields[1:]
        for pair in self._open():
            written = any(name in pair.desired.values for name in further)
            if further and not written and not pair.desired.absent:
                self._settle_on(pair, self._free(self.index.with_name(pair.desired.name)))
        for pair in self._open():
            if pair.desired.absent and pair.desired.id is None:
                self._settle_absent(pair)

    def _settle_absent(self, pair: Pair) -> None:
        """Find what is to be deleted; twins are never told apart by their spelling."""
        desired = pair.desired
        written = [desired.values.get(name) for name in self.index.kind.key_fields]
        exact = any(name in desired.values for name in self.index.kind.key_fields[1:])
        found = self._free(self.index.named(tuple(written) if exact else desired.name))
        if len(found) > 1:
            self._refuse(pair, ("name",), f"it may be any of {listed(found)}", self._way_out())
        elif found:
            self._take(pair, found[0], Matched.KEY)

    def _by_temporary_name(self) -> None:
        """Find objects that an earlier run left on the way to their names.

        One that a `merge` names as it is, is merged.
        """
        left: dict[Key, Resource] = {}
        for resource in self.index.resources:
            if resource.id in self.taken or not is_temporary(resource.name):
                continue
            target = target_of(resource.id or "", resource.name)
            if target is not None and not self._is_merged(resource):
                left[self.index.kind.key({**resource.values, "name": target})] = resource
        for pair in self._open() if left else ():
            found = left.pop(pair.desired.key, None)
            if found is not None:
                self._take(pair, found, Matched.KEY)
        for key, resource in left.items():
            holder = next(iter(self.index.with_key(key)), None)
            owner = self.taken.get(holder.id or "") if holder is not None else None
            if owner is not None and owner.desired.absent and owner.desired.key == key:
                self.pairs.append(Pair(owner.desired))
                self._take(self.pairs[-1], resource, Matched.KEY)
            else:
                self._warn_of_temporary_name(resource, holder)

    def _is_merged(self, resource: Resource) -> bool:
        return any(
            resource in self.index.named(name, self.declared)
            for pair in self.pairs
            for name in pair.desired.merge
        )

    def _warn_of_temporary_name(self, resource: Resource, holder: Resource | None) -> None:
        state = f"{resource.address} has a temporary name that a broken run left behind"
        what = "no manifest names what it was to become"
        if holder is not None:
            what = f"{holder.address} (id {holder.id}) has the name that it was to get"
        self.context.warnings.append(
            Problem(
                f"{state}, and {what}",
                hint=f"declare it with `id: {resource.id}`, or rename it in Stash's own pages",
            )
        )

    def _by_merge(self) -> None:
        for pair in self._open():
            for name in pair.desired.merge:
                found = self._free(self.index.named(name, self.declared))
                if len({holder.key for holder in found}) > 1:
                    break  # reported where merges are planned
                if found:
                    self._take(pair, found[0], Matched.MERGE)
                    break

    def _settle_on(self, pair: Pair, found: list[Resource]) -> None:
        if len(found) > 1:
            wanted = (pair.desired.name, pair.desired.key)
            exact = [holder for holder in found if (holder.name, holder.key) == wanted]
            found = exact if len(exact) == 1 else found
        if len(found) > 1:
            problem = f"several objects may be meant: {listed(found)}"
            self._refuse(pair, ("name",), problem, "write `id:` to say which one is meant")
        elif found:
            self._take(pair, found[0], Matched.KEY)

    # -- bookkeeping ----------------------------------------------------------------------------

    def _open(self) -> Iterator[Pair]:
        return (pair for pair in self.pairs if pair.observed is None and not pair.refused)

    def _free(self, holders: Iterable[Resource]) -> list[Resource]:
        return [holder for holder in holders if holder.id not in self.taken]

    def _take(self, pair: Pair, found: Resource, how: Matched) -> None:
        pair.observed, pair.matched = found, how
        self.taken[found.id or ""] = pair

    def _refuse(self, pair: Pair, path: tuple[str, ...], message: str, hint: str) -> None:
        pair.refused = True
        self.context.problem(pair.desired, path, f"{pair.desired.address}: {message}", hint)


def stash_ids_decide(desired: Resource, observed: Resource) -> str:
    """Return what follows where stash_ids lead to an object of another name."""
    return (
        f"{desired.address} has the stash_ids of {listed([observed])}, and stash_ids decide over "
        f'names: "{observed.label}" becomes "{desired.label}", with its scenes and all else that '
        "refers to it"
    )


def kinds_in_order(pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    """Return the pairs by kind, in the order of the registry."""
    found: dict[str, list[Pair]] = {name: [] for name in KINDS}
    for pair in pairs:
        found[pair.desired.kind].append(pair)
    return found
