"""References by name become tokens: the id of an object that exists, or a placeholder.

A name that a manifest declares wins over what the server has; a name that only the server has is
an *external* reference, which the plan lists; a name that is nowhere is a problem.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stashsync.errors import Mark
from stashsync.fields import ObjectFilter, Value
from stashsync.fields.names import fold, trim
from stashsync.fields.references import is_pair
from stashsync.kinds import KINDS, Kind
from stashsync.planner.changes import targets_of
from stashsync.planner.context import Path, PlanContext
from stashsync.planner.index import listed
from stashsync.planner.match import Pair, kinds_in_order
from stashsync.planner.nearest import Names
from stashsync.planner.plan import External
from stashsync.state import Resource


@dataclass
class Resolver:
    """Turn names into tokens, and keep what the references were resolved to.

    `tokens[kind][folded name]` are the declared objects, `written[kind][name]` the same by their
    names as they are written, there or in a reference; that and `externals` grow while resolving.
    """

    context: PlanContext
    tokens: dict[str, dict[str, str]]
    pair_of: dict[str, dict[str, Pair]]
    written: dict[str, dict[str, str]]
    externals: dict[tuple[str, str], tuple[Resource, list[Mark]]] = field(default_factory=dict)
    left_out: dict[str, set[str]] = field(default_factory=dict)
    """Folded names of objects that would have to be created and that the plan leaves out."""
    new: dict[str, str] = field(default_factory=dict)
    """The names of objects that are to be created, by placeholder."""
    _nearest: dict[str, Names] = field(default_factory=dict)

    def declared(self, kind: Kind, name: str) -> Mapping[str, str]:
        """Return tokens by the names, as written so far, that a reference field may hold."""
        return self.written[targets_of(kind.name)[name]]

    def value(self, resource: Resource, name: str) -> Value:
        """Return the value of a reference field of the resource, with tokens for names."""
        target = targets_of(resource.kind)[name]
        return self._value(resource, target, resource.values[name], (name,))

    def inner(self, resource: Resource, name: str, meaning: ObjectFilter) -> Value:
        """Return the value of a field that names objects of several kinds, with ids and labels."""

        def found(criterion: str, kind: str, named: str) -> tuple[str, str] | None:
            token = self._token(resource, kind, named, (name, criterion))
            return None if token is None else (token, self._name_of(kind, token))

        for kind, identifier in dict.fromkeys(meaning.ids_in(resource.values[name])):
            if identifier not in self.context.indexes[kind].by_id:
                self.context.warn(
                    resource,
                    (name,),
                    f"{resource.address} names the {kind} with the id {identifier}, and there is "
                    "none: it finds nothing by it",
                    "take it out, or write the name of another one",
                )
        return meaning.resolve(resource.values[name], found)

    def _name_of(self, kind: str, token: str) -> str:
        """Return what an object is called once the plan is carried out."""
        pair = self.pair_of[kind].get(token)
        if pair is not None:
            return pair.desired.name
        return self.new.get(token) or self.context.indexes[kind].by_id[token].name

    def _value(self, resource: Resource, kind: str, value: Value, path: Path) -> Value:
        if value is None:
            return None
        if isinstance(value, str):
            return self._token(resource, kind, value, path)
        if isinstance(value, Mapping):
            return {
                part: self._members(resource, kind, names, (*path, part), part == "remove")
                for part, names in value.items()
            }
        return self._members(resource, kind, value, path, False)

    def _members(
        self, resource: Resource, kind: str, names: Sequence[Any], path: Path, lenient: bool
    ) -> list[Any]:
        known = self.written[kind]
        if names and is_pair(names[0]):
            tokens = [self._token(resource, kind, each[0], path, lenient) for each in names]
            pairs = list(zip(tokens, names, strict=True))
            self._refuse_twice(resource, kind, pairs, path)
            return [[token, *each[1:]] for token, each in pairs if token is not None]
        found = set()
        for name in names:
            token = known.get(name) or self._token(resource, kind, name, path, lenient)
            if token is not None:
                found.add(token)
        return sorted(found)

    def _refuse_twice(
        self, resource: Resource, kind: str, pairs: Sequence[tuple[str | None, Any]], path: Path
    ) -> None:
        """Report members with a value of their own that are one object under two names."""
        first: dict[str, str] = {}
        for token, (name, *_) in pairs:
            if token is not None and first.setdefault(token, name) != name:
                self.context.problem(
                    resource,
                    (*path, name),
                    f'"{first[token]}" and "{name}" are the same {kind}',
                    "keep one",
                )

    def _token(
        self, resource: Resource, kind: str, name: str, path: Path, lenient: bool = False
    ) -> str | None:
        """Return the token of one name. `lenient`: what is not there need not be removed."""
        token = self.written[kind].get(name)
        if token is not None:
            return token
        index = self.context.indexes[kind]
        holders = index.named(name)
        if len(holders) > 1:  # twins of an old server: the one that is just so written is meant
            exact = [holder for holder in holders if holder.name == name]
            if len(exact) == 1 and exact[0].id not in self.pair_of[kind]:
                return self._external(resource, kind, exact[0], (*path, name))
        token = self.tokens[kind].get(fold(trim(name)))
        if token is not None:
            self.written[kind][name] = token
            return token
        if len(holders) > 1:
            self.context.problem(
                resource,
                (*path, name),
                f'"{name}" may be any of {listed(holders)}',
                f"declare the right {kind} with its `id:` and refer to that",
            )
            return None
        if holders:
            return self._external(resource, kind, holders[0], (*path, name))
        if not lenient:
            self._nowhere(resource, kind, name, path)
        return None

    def _external(self, resource: Resource, kind: str, holder: Resource, path: Path) -> str | None:
        other = self.pair_of[kind].get(holder.id or "")
        if other is not None:
            self.context.problem(
                resource,
                path,
                f'the {kind} "{holder.name}" is called "{other.desired.name}" from now on',
                f'write "{other.desired.name}"',
                ((other.desired.mark, "declared here"),),
            )
            return None
        entry = self.externals.setdefault((kind, holder.id or ""), (holder, []))
        entry[1].append(self.context.locate(resource, path))
        return holder.id

    def _nowhere(self, resource: Resource, kind: str, name: str, path: Path) -> None:
        if fold(name) in self.left_out.get(kind, ()):
            self.context.problem(
                resource,
                (*path, name),
                f'the {kind} "{name}" would have to be made first, and this plan leaves it out',
                "choose it too (--target), or do not exclude it",
            )
            return
        index = self.context.indexes[kind]
        holders = index.holders.get(fold(name), ())
        if holders:
            self.context.problem(
                resource,
                (*path, name),
                f'"{name}" is an alias of the {kind} "{holders[0].label}", not a name',
                f'write "{holders[0].name}"',
            )
            return
        near = self._names(kind).nearest(name)
        hint = f"did you mean {' or '.join(repr(name) for name in near)}?" if near else ""
        self.context.problem(
            resource,
            (*path, name),
            f'there is no {kind} "{name}", neither in the manifests nor on the server',
            hint or f"declare it under `{KINDS[kind].plural}:`, or take it out here",
        )

    def _names(self, kind: str) -> Names:
        """Index every name there is on either side."""
        if kind not in self._nearest:
            both = (*self.context.observed.of(kind), *self.context.desired.of(kind))
            self._nearest[kind] = Names({resource.name for resource in both})
        return self._nearest[kind]

    def external_references(self) -> tuple[External, ...]:
        """Return the objects found on the server alone, by kind and name."""
        order = list(KINDS)
        found = [
            External(kind, holder.label, token, tuple(sorted(set(marks))))
            for (kind, token), (holder, marks) in self.externals.items()
        ]
        return tuple(
            sorted(
                found,
                key=lambda external: (order.index(external.kind), fold(external.name), external.id),
            )
        )


def resolver(
    context: PlanContext, pairs: Sequence[Pair], left_out: Sequence[Pair] = ()
) -> Resolver:
    """Index the declared objects, with a placeholder for each that is to be created.

    Placeholders are numbered in the order of the keys, so that a plan is the same bytes again.
    `left_out` are declared as well, but the plan leaves them out.
    """
    tokens: dict[str, dict[str, str]] = {}
    pair_of: dict[str, dict[str, Pair]] = {}
    missing: dict[str, set[str]] = {}
    written: dict[str, dict[str, str]] = {}
    new: dict[str, str] = {}
    for kind, mine in kinds_in_order(pairs).items():
        names = tokens[kind] = {}
        known = pair_of[kind] = {}
        as_written = written[kind] = {}
        count = 0
        bearers = Counter(pair.desired.key[0] for pair in mine)
        for pair in mine:
            desired, observed = pair.desired, pair.observed
            if observed is None:
                token = f"+{kind}:{count}"
                new[token] = desired.name
                count += 1
            else:
                token = observed.id or ""
                known[token] = pair
            pair.token = token
            if bearers[desired.key[0]] == 1 or len(desired.key) == 1:
                names[desired.key[0]] = as_written[desired.values["name"]] = token
            if len(desired.key) > 1:  # what tells it from others of its name may stand behind it
                label = desired.label
                names[fold(trim(label))] = as_written[label] = token
    for pair in left_out:
        if pair.observed is None:
            missing.setdefault(pair.desired.kind, set()).add(pair.desired.key[0])
        else:
            pair.token = pair.observed.id or ""
            tokens[pair.desired.kind][pair.desired.key[0]] = pair.token
    return Resolver(context, tokens, pair_of, written, left_out=missing, new=new)
