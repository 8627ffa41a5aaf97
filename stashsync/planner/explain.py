"""Warnings about what was matched with what, and about names that fit nothing.

Source: docs/planning-rules.md#matching
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from stashsync.errors import Problem
from stashsync.fields import Value
from stashsync.fields.names import fold
from stashsync.fields.references import reference_list
from stashsync.kinds import KINDS, ObjectName
from stashsync.planner.changes import Matched
from stashsync.planner.context import Path, PlanContext
from stashsync.planner.index import Index, aliases_in, listed, quoted
from stashsync.planner.match import Pair, kinds_in_order, stash_ids_decide
from stashsync.planner.nearest import Names
from stashsync.planner.uniting import upwards_of
from stashsync.state import Resource


def explain(context: PlanContext, pairs: Sequence[Pair]) -> None:
    """Warn where a match, or that there is none, may not be what was meant."""
    for kind, mine in kinds_in_order(pairs).items():
        if mine and context.indexes[kind].resources:
            _Explainer(context, context.indexes[kind], mine).run()


class _Explainer:
    """Looks at the pairs of one kind."""

    def __init__(self, context: PlanContext, index: Index, pairs: Sequence[Pair]) -> None:
        self.context = context
        self.index = index
        self.kind = index.kind
        self.pairs = pairs
        self.by_key = {pair.desired.key: pair for pair in pairs}
        self.by_id = {pair.observed.id: pair for pair in pairs if pair.observed is not None}

    def run(self) -> None:
        """Warn of everything."""
        gone: list[Pair] = []
        for pair in self.pairs:
            if pair.refused:
                continue
            if pair.observed is None and pair.desired.absent:
                gone.append(pair)
            elif pair.observed is None:
                self._explain_new(pair)
            else:
                self._explain_rename(pair, pair.observed)
                self._explain_stash_ids(pair, pair.observed)
            if len(self.kind.key_fields) > 1:
                self._explain_namesakes(pair)
        if gone:
            self._explain_absent(gone)
        self._explain_merges()

    # -- renames --------------------------------------------------------------------------------

    def _explain_rename(self, pair: Pair, observed: Resource) -> None:
        """Warn where a `renamed_from` was not carried out although its old name is there."""
        if not pair.desired.renamed_from or pair.matched is Matched.RENAME:
            return
        for old in self.index.formerly(pair.desired, self.by_key):
            if old is observed:
                continue
            other = self.by_id.get(old.id)
            if other is None:
                self.context.warn(
                    pair.desired,
                    ("renamed_from",),
                    f'"{old.label}" and "{observed.label}" are both on the server, '
                    "so nothing is renamed",
                    f"remove renamed_from, or merge one into the other: merge: [{old.label}]",
                )
            elif self._in_ring(pair, other):
                self.context.warn(
                    pair.desired,
                    ("renamed_from",),
                    f'"{pair.desired.label}" and "{old.label}" would exchange their names, '
                    "but before and after look the same; the names decide",
                    "to exchange two objects, match them by `id:` or stash_ids",
                )

    def _in_ring(self, start: Pair, other: Pair) -> bool:
        """Whether following `renamed_from` from `other` leads back to `start`."""
        seen: set[int] = set()
        while other is not start:
            if id(other) in seen or other.matched is not Matched.KEY:
                return False
            seen.add(id(other))
            holders = self.index.formerly(other.desired, self.by_key)
            following = [self.by_id.get(old.id) for old in holders]
            step = next(
                (pair for pair in following if pair is not None and pair is not other), None
            )
            if step is None:
                return False
            other = step
        return True

    # -- stash_ids ------------------------------------------------------------------------------

    def _explain_stash_ids(self, pair: Pair, observed: Resource) -> None:
        """Warn where stash_ids lead to another object than the name."""
        desired = pair.desired
        if pair.matched is not Matched.STASH_ID or observed.key == desired.key:
            return
        named = self.index.with_key(desired.key)
        left = self.by_key.get(observed.key)
        if not named and left is None:
            return
        message = stash_ids_decide(desired, observed)
        for holder in named:
            other = self.by_id.get(holder.id)
            what = "is declared nowhere" if other is None else f'becomes "{other.desired.label}"'
            message += f'; "{holder.label}" (id {holder.id}) {what}'
        if left is not None and left.observed is None and not left.desired.absent:
            message += f'; "{left.desired.label}" is created anew'
        way_out = f"write `id: {observed.id}` if that is meant"
        if named:
            way_out += f", or `id: {named[0].id}` if the name is right"
        self.context.warn(desired, ("stash_ids",), message, way_out)

    # -- names ----------------------------------------------------------------------------------

    def _explain_namesakes(self, pair: Pair) -> None:
        """Warn where a name alone would mean another object once this one is gone."""
        desired, (first, *further) = pair.desired, self.kind.key_fields
        names: list[tuple[Path, ObjectName]] = [
            (("merge", place), name) for place, name in enumerate(desired.merge)
        ]
        if desired.absent and not any(name in desired.values for name in further):
            names.append((("name",), desired.name))
        for path, name in names:
            meant = self.index.named(name) if isinstance(name, str) else []
            others = [
                item
                for item in self.index.with_name(meant[0].name if meant else "")
                if item.key not in self.by_key and item not in meant
            ]
            if others and meant[0].key == self.kind.key({first: name}):
                self.context.warn(
                    desired,
                    path,
                    f'"{name}" means {listed(meant)} now; once that is gone, it means '
                    f"{listed(others)}",
                    f"write `{further[0]}: null` beside the name, to mean the first one alone",
                )

    # -- names that fit nothing -----------------------------------------------------------------

    def _explain_absent(self, gone: Sequence[Pair]) -> None:
        names = quoted(pair.desired.label for pair in gone)
        what = "is not on this server" if len(gone) == 1 else "are not on this server"
        place = gone[0].desired if len(gone) == 1 else None
        self._warn_of_names(place, ("name",), f"nothing to delete: {names} {what}")

    def _explain_merges(self) -> None:
        """Warn of merged objects that are not there and whose names are no aliases either."""
        missing = [
            (pair, name)
            for pair in self.pairs
            if pair.observed is not None and not pair.refused
            for name in pair.desired.merge
            if self._fits_nothing(name) and not self._has_name(pair.observed, name)
        ]
        if missing:
            pair, _ = missing[0]
            names = quoted(pair.desired.text_of(name) for pair, name in missing)
            what = "is not on this server" if len(missing) == 1 else "are not on this server"
            place = pair.desired if len(missing) == 1 else None
            self._warn_of_names(place, ("merge",), f"nothing to merge: {names} {what}")

    def _warn_of_names(self, place: Resource | None, path: tuple[str, ...], message: str) -> None:
        hint = "check the spelling; where it has been done, the line can go"
        message = f"{self.kind.plural}: {message}"
        if place is not None:
            self.context.warn(place, path, message, hint)
        else:
            self.context.warnings.append(Problem(message, hint=hint))

    def _fits_nothing(self, name: ObjectName) -> bool:
        return not self.index.named(name)

    def _has_name(self, observed: Resource, name: ObjectName) -> bool:
        """Whether an object has a name that a merged one left to it."""
        own = {text.lower() for text in (observed.name, *aliases_in(self.kind, observed.values))}
        return any(key[0].lower() in own for key in self.kind.keys_named(name))

    # -- new objects ----------------------------------------------------------------------------

    def _explain_new(self, pair: Pair) -> None:
        desired = pair.desired
        for field, names in (("renamed_from", desired.renamed_from), ("merge", desired.merge)):
            if names and all(map(self._fits_nothing, names)):
                texts = quoted(map(desired.text_of, names))
                self.context.warn(
                    desired,
                    (field,),
                    f"{desired.address} is new: no {self.kind.name} here is called {texts}",
                    self._suggestion(names, desired),
                )
        reasons = self._may_have_been(pair) if self._unmanaged else {}
        for reason, found in reasons.items():
            self.context.warn(
                desired,
                ("name",),
                f"{desired.address} is new, and {listed(found)}, which no manifest declares, "
                f"{reason}: it may be the same {self.kind.name}",
                f"if it is, add `renamed_from: {found[0].label}` here; if not, declare both",
            )

    def _suggestion(self, names: Iterable[ObjectName], desired: Resource) -> str:
        for name in names:
            text = desired.text_of(name)
            holders = self.index.holders.get(fold(text), ())
            near = [holder.label for holder in holders] or self._names.nearest(text)
            if near:
                return f"did you mean {' or '.join(repr(other) for other in near)}?"
        return "where it has been done, the line can go"

    @cached_property
    def _names(self) -> Names:
        return Names({resource.label for resource in self.index.resources})

    @cached_property
    def _unmanaged(self) -> Mapping[str, Resource]:
        """The objects that no manifest declares or merges, by id."""
        merged = {
            item.id
            for pair in self.pairs
            for name in pair.desired.merge
            for item in self.index.named(name)
        }
        known = self.by_id.keys() | merged
        return {key: item for key, item in self.index.by_id.items() if key not in known}

    def _may_have_been(self, pair: Pair) -> dict[str, list[Resource]]:
        """Return unmanaged objects that a new one may be under another name, by the reason."""
        found: dict[str, list[Resource]] = {}
        if not self.kind.shared_names:  # where they are shared, the server refuses this anyway
            aliases = set(_aliases(pair.desired))
            others = [item for text in aliases for item in self.index.with_name(text)]
            for text in (pair.desired.key[0], *aliases):
                others += self._by_alias.get(text, ())
            holders = {item.id or "": item for item in others if item.id in self._unmanaged}
            if holders:
                found["has an alias in common with it"] = _sorted(holders.values())
        children = self._children.get(pair.desired.key[0])
        if children is not None and None not in children:
            holders = {
                key: self._unmanaged[key]
                for key, theirs in self._observed_children.items()
                if theirs == children
            }
            if holders:
                found["has just the same children"] = _sorted(holders.values())
        return found

    @cached_property
    def _by_alias(self) -> Mapping[str, Sequence[Resource]]:
        """Unmanaged objects by their folded aliases."""
        found: dict[str, list[Resource]] = defaultdict(list)
        for item in self._unmanaged.values():
            for text in _aliases(item):
                found[text].append(item)
        return found

    @cached_property
    def _children(self) -> Mapping[str, set[str | None]]:
        """The ids of what the manifests place below an object, by its folded name."""
        found: dict[str, set[str | None]] = defaultdict(set)
        for pair in self.pairs:
            value = pair.desired.values.get(upwards_of(self.kind))
            for name in reference_list(value["add"] if isinstance(value, Mapping) else value):
                found[fold(name)].add(pair.observed.id if pair.observed is not None else None)
        return found

    @cached_property
    def _observed_children(self) -> Mapping[str, set[str | None]]:
        """The ids of what is below an unmanaged object on the server, by its id."""
        found: dict[str, set[str | None]] = defaultdict(set)
        for item in self.index.resources:
            for parent in reference_list(item.values.get(upwards_of(self.kind))):
                if parent in self._unmanaged:
                    found[parent].add(item.id)
        return found


def _aliases(resource: Resource) -> Iterator[str]:
    """Yield the folded aliases of an object, or those that a manifest adds to it."""
    aliases: Value = KINDS[resource.kind].other_names(resource.values)
    yield from map(fold, aliases["add"] if isinstance(aliases, Mapping) else aliases)


def _sorted(resources: Iterable[Resource]) -> list[Resource]:
    return sorted(resources, key=lambda item: (item.key, item.name, item.id or ""))
