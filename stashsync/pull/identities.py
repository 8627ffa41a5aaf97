"""Which object a name in the manifests means: its id on the server, its values in the baseline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from stashsync.engine.baseline import Baseline, Values
from stashsync.fields import ObjectFilter, Value, in_parts, is_members
from stashsync.fields.names import fold
from stashsync.fields.references import exchanged
from stashsync.kinds import FieldSpec
from stashsync.planner import Pair
from stashsync.pull.writing.items import ItemWriter
from stashsync.state import Resource


@dataclass
class Identities:
    """The objects of all pairs, by the names of the manifests and by the ids of the server."""

    pairs: Sequence[Pair]
    baseline: Baseline | None
    writer: ItemWriter

    def __post_init__(self) -> None:
        names = [(pair, (pair.desired.name, pair.desired.key[0])) for pair in self.pairs]
        labels = [(pair, (pair.desired.label, fold(pair.desired.label))) for pair in self.pairs]
        # A name alone means the object that has nothing else, where others of that name have more.
        self._just_so = {(pair.desired.kind, text): pair for pair, (text, _) in [*names, *labels]}
        self._declared = {(pair.desired.kind, text): pair for pair, (_, text) in [*names, *labels]}
        self._pair_of = {
            (pair.desired.kind, pair.observed.id): pair for pair in self.pairs if pair.observed
        }
        self.accepted_names: dict[tuple[str, str | None], str] = {}
        """The names that items get from the server, by kind and id."""
        self.accepted_labels: dict[tuple[str, str | None], str] = {}
        """The labels that items get from the server, by kind and id."""

    def base_of(self, desired: Resource, observed: Resource | None = None) -> Values | None:
        """Return the values that both sides of an object last held, where they are known."""
        if self.baseline is None:
            return None
        if observed is not None:
            return self.baseline.get(desired.kind, observed.id)
        return self.baseline.get(desired.kind, self._baseline_id(desired))

    def _baseline_id(self, desired: Resource) -> str | None:
        known = self.baseline.ids if self.baseline is not None else {}
        return desired.id or known.get((desired.kind, desired.key))

    def id_of(self, kind: str, name: str) -> str | None:
        """Return the id of what a reference means; "" of what is yet to be created, else None."""
        pair = self._pair_named(kind, name)
        if pair is not None:
            if pair.observed is not None:
                return pair.observed.id
            return None if self.base_of(pair.desired) is not None else ""
        found = [
            resource
            for resource in self.writer.state.of(kind)
            if fold(name) in (resource.key[0], fold(resource.label))
            and (kind, resource.id) not in self._pair_of
        ]
        if len(found) > 1:
            found = [each for each in found if fold(each.label) == fold(name)]
        if len(found) == 1:
            return found[0].id
        # What no manifest declares may have been renamed: the baseline has its former name.
        known = self.baseline.undeclared if self.baseline is not None else {}
        identifier = known.get((kind, fold(name)), "")
        return identifier if self.writer.names.get(kind, identifier) else None

    def _pair_named(self, kind: str, name: str) -> Pair | None:
        """Return the declared object that a reference means, written just so or in another case."""
        return self._just_so.get((kind, name)) or self._declared.get((kind, fold(name)))

    def former_id_of(self, kind: str, name: str) -> str | None:
        """Do as `id_of`, but give what was removed on the server the id that it had."""
        pair = self._pair_named(kind, name)
        known = None
        if pair is not None and pair.observed is None and self.baseline is not None:
            known = self._baseline_id(pair.desired)
        return known or self.id_of(kind, name)

    def former_or_new(self, kind: str, name: str) -> str:
        """Do as `former_id_of`, but give what is yet to be created its name behind a plus."""
        return self.former_id_of(kind, name) or f"+{name}"

    def with_ids(self, kind: str, value: Value) -> Value:
        """Return a manifest's list with ids for names."""
        return in_parts(value, lambda part: exchanged(part, partial(self.former_or_new, kind)))

    def equals_base(self, desired: Resource, spec: FieldSpec, base: Value) -> bool:
        """Whether the manifest's value is the baseline's."""
        value = desired.values[spec.name]
        if isinstance(spec.meaning, ObjectFilter):
            return spec.meaning.same(self.resolved(spec.meaning, value), base)
        target = spec.meaning.references()
        if target is None:
            return bool(spec.meaning.settle(value, base) == base)
        if spec.form == "one":
            return bool((None if value is None else self.former_id_of(target, value)) == base)
        if spec.form == "memberships":
            return bool(spec.meaning.settle(self.with_ids(target, value), base) == base)
        if is_members(value):
            return all(self.former_id_of(target, name) in base for name in value.get("add", ()))
        return {self.former_id_of(target, name) for name in value} == set(base)

    def resolved(self, meaning: ObjectFilter, value: Value) -> Value:
        """Return a manifest's value with ids for names; what is yet to be created has none."""
        return meaning.resolve(value, lambda _, kind, name: (self._meant(kind, name), name))

    def _meant(self, kind: str, name: str) -> str:
        """Return the id that an object has or had, or its name behind a plus where it has none."""
        known = self.baseline.undeclared if self.baseline is not None else {}
        return self.former_id_of(kind, name) or known.get((kind, fold(name))) or f"+{name}"

    def names_by_id(self, meaning: ObjectFilter, value: Value) -> dict[tuple[str, str], str]:
        """Return the names in a manifest's value, by the kind and the id that `resolved` gives."""
        return {(kind, self._meant(kind, name)): name for _, kind, name in meaning.names_in(value)}

    def still_means(self, kind: str, identifier: str, name: str | None) -> bool:
        """Whether a name in a manifest goes on to mean an object; None is no name."""
        me = (kind, identifier)
        if name is None or identifier.startswith("+"):
            return True
        if me in self._pair_of:
            return fold(name) in (fold(self._label(me)), fold(self._shortest(me)))
        found = self.writer.names.get(kind, identifier)
        return found is not None and fold(found) == fold(name)

    def reference_to(self, kind: str, identifier: str, former: str | None = None) -> str | None:
        """Return how manifests can refer to an object from now on, if they can.

        What is referred to by more than its name, as by the `former` reference, goes on to be so.
        """
        me = (kind, identifier)
        pair = self._pair_of.get(me)
        if pair is None:
            return self.writer.names.get(kind, identifier)
        in_full = former is not None and fold(former) != pair.desired.key[0]
        return self._label(me) if in_full else self._shortest(me)

    def _label(self, me: tuple[str, str]) -> str:
        """Return what tells a declared object from others, as it is from now on."""
        return self.accepted_labels.get(me) or self._pair_of[me].desired.label

    def _shortest(self, me: tuple[str, str]) -> str:
        """Return the name of a declared object, or its label where others have that name."""
        name = self.accepted_names.get(me, self._pair_of[me].desired.name)
        return name if self._counts[me[0], fold(name)] == 1 else self._label(me)

    @cached_property
    def _counts(self) -> Counter[tuple[str, str]]:
        """How many objects have a folded name, once the names from the server are accepted."""
        kept = [
            (pair.desired.kind, fold(self.accepted_names.get(me, pair.desired.name)))
            for pair in self.pairs
            if not pair.desired.absent
            for me in [(pair.desired.kind, pair.observed.id if pair.observed else "")]
        ]
        undeclared = [
            (each.kind, each.key[0])
            for each in self.writer.state
            if (each.kind, each.id) not in self._pair_of
        ]
        return Counter([*kept, *undeclared])

    def name_of(self, kind: str, identifier: str) -> str | None:
        """Return the name that manifests will have for an object."""
        pair = self._pair_of.get((kind, identifier))
        if pair is None:
            return self.writer.names.get(kind, identifier)
        return self.accepted_names.get((kind, identifier), pair.desired.name)
