"""The namespace of names and aliases, as the server checks it (behaviour 2.1 to 2.3).

Every text that an operation *claims* (a new name, and each alias of a list that is sent) must not
be held by another object at that moment. Held now and not released by this plan: the server would
refuse it for good. Held now and released by another operation of this plan: that one would have to
come first. A claim with `_` or `%` is a pattern for the server and so also collides with what it
merely matches; among creates it can go first, which is an ordering that this step returns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stashsync.fields.names import fold, has_wildcards, like
from stashsync.planner.changes import Change, Create, Update, token_of
from stashsync.planner.context import Context, Path
from stashsync.planner.index import Index, texts_of
from stashsync.planner.match import Pair
from stashsync.state import Resource
from stashsync.types import KINDS, Kind

Edges = list[tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Claim:
    """A text that a change wants for its object. `path` leads to it in the manifest."""

    change: int
    token: str
    text: str
    shown: str
    path: Path


def check_names(context: Context, changes: Sequence[Change], pairs: Sequence[Pair]) -> Edges:
    """Report every claim the server would refuse; return which creates must precede which."""
    edges: Edges = []
    for kind in KINDS.values():
        mine = [index for index, change in enumerate(changes) if change.kind == kind.name]
        if not mine:
            continue
        check = _SharedNames if kind.shared_names else _Keys
        edges += check(context, kind, changes, pairs, mine).run()
    return edges


class _Checker:
    """What the two rules have in common."""

    def __init__(
        self,
        context: Context,
        kind: Kind,
        changes: Sequence[Change],
        pairs: Sequence[Pair],
        mine: Sequence[int],
    ) -> None:
        self.context = context
        self.kind = kind
        self.index: Index = context.indexes[kind.name]
        self.changes = changes
        self.pairs = pairs
        self.updates = {
            change.id: position
            for position in mine
            if isinstance(change := changes[position], Update)
        }
        self.claims = [claim for position in mine for claim in self.claims_of(position)]
        self.edges: Edges = []

    def claims_of(self, position: int) -> Iterator[Claim]:
        raise NotImplementedError

    def run(self) -> Edges:
        raise NotImplementedError

    def resource(self, claim: Claim) -> Resource:
        return self.pairs[claim.change].desired

    def wait(self, claim: Claim, holder: Resource, what: str) -> None:
        """Report that another operation of this plan would have to go first."""
        first = self.pairs[self.updates[holder.id or ""]].desired
        self.context.problem(
            self.resource(claim),
            claim.path,
            f'{self.resource(claim).address} takes "{claim.shown}", which the {self.kind.name} '
            f'"{holder.label}" (id {holder.id}) gives up in the same plan: {what}',
            "apply the change that gives it up first, then this one",
            ((first.mark, "given up here"),),
        )


class _SharedNames(_Checker):
    """Tags, and likewise studios: names and aliases of all objects must differ."""

    def claims_of(self, position: int) -> Iterator[Claim]:
        change = self.changes[position]
        token = token_of(change)
        if isinstance(change, Create):
            name, aliases = change.values.get("name"), change.values.get("aliases", ())
        else:
            name = change.changes["name"].after if "name" in change.changes else None
            aliases = change.changes["aliases"].after if "aliases" in change.changes else ()
        if name is not None:
            yield Claim(position, token, fold(name), name, ("name",))
        for alias in aliases:
            yield Claim(position, token, fold(alias), alias, ("aliases", alias))

    def run(self) -> Edges:
        for claim in self.claims:
            if not self._check_holders(claim, self.index.holders.get(claim.text, ())):
                continue
            if has_wildcards(claim.text) and self.context.server.wildcard_names(self.kind.name):
                self._check_pattern(claim)
        self._check_rivals()
        return self.edges

    def _check_holders(self, claim: Claim, holders: Sequence[Resource]) -> bool:
        for holder in holders:
            if holder.id == claim.token:
                continue
            if self._releases(holder, claim.text):
                self.wait(claim, holder, "one has to wait for the other")
            else:
                self._taken(claim, holder)
            return False
        return True

    def _taken(self, claim: Claim, holder: Resource) -> None:
        resource = self.resource(claim)
        as_name = holder.key[0] == claim.text
        role = "the name" if as_name else "an alias"
        message = (
            f'{resource.address}: "{claim.shown}" is already {role} of the {self.kind.name} '
            f'"{holder.label}" (id {holder.id})'
        )
        if claim.path == ("name",) and not as_name:
            hint = (
                f"if it is the same {self.kind.name}, add `renamed_from: {holder.name}` here; "
                f'if not, remove the alias "{claim.shown}" there'
            )
        elif claim.path == ("name",):
            hint = "choose another name, or rename that one in the manifests too"
        else:
            hint = "leave the alias out here, or take the name away there"
        self.context.problem(resource, claim.path, message, hint)

    def _releases(self, holder: Resource, text: str) -> bool:
        position = self.updates.get(holder.id or "")
        return position is not None and text not in self._texts_afterwards(holder, position)

    def _texts_afterwards(self, holder: Resource, position: int) -> set[str]:
        change = self.changes[position]
        assert isinstance(change, Update)
        name, aliases = holder.key[0], holder.values.get("aliases") or ()
        if "name" in change.changes:
            name = fold(change.changes["name"].after)
        if "aliases" in change.changes:
            aliases = change.changes["aliases"].after
        return {name, *(fold(alias) for alias in aliases)}

    def _check_pattern(self, claim: Claim) -> None:
        pattern = like(claim.text)
        for holder in self.index.resources:
            if holder.id == claim.token:
                continue
            for text in texts_of(holder):
                if pattern.match(text):
                    if self._releases(holder, text):
                        self.wait(claim, holder, "for this server it is a pattern that matches")
                    else:
                        self._matched(claim, holder, text)
                    return

    def _matched(self, claim: Claim, holder: Resource, text: str) -> None:
        self.context.problem(
            self.resource(claim),
            claim.path,
            f"{self.resource(claim).address}: this server ({self.context.server.name}) takes "
            f'"{claim.shown}" for a pattern, and it matches "{text}" of the {self.kind.name} '
            f'"{holder.label}" (id {holder.id})',
            "`_` and `%` match other characters there; choose another spelling",
        )

    def _check_rivals(self) -> None:
        """Claims of the plan among themselves."""
        first: dict[str, Claim] = {}
        for claim in self.claims:
            other = first.setdefault(claim.text, claim)
            if other.token != claim.token:
                self.context.problem(
                    self.resource(claim),
                    claim.path,
                    f"{self.resource(claim).address} and {self.resource(other).address} both "
                    f'want "{claim.shown}"',
                    "leave one out",
                    ((self.resource(other).mark, "also wanted here"),),
                )
        if not self.context.server.wildcard_names(self.kind.name):
            return
        patterns = [claim for claim in self.claims if has_wildcards(claim.text)]
        for pattern in patterns:
            expression = like(pattern.text)
            for claim in self.claims:
                if claim.token != pattern.token and expression.match(claim.text):
                    self._pattern_first(pattern, claim)

    def _pattern_first(self, pattern: Claim, claim: Claim) -> None:
        creates = (
            isinstance(self.changes[pattern.change], Create),
            isinstance(self.changes[claim.change], Create),
        )
        mutual = has_wildcards(claim.text) and bool(like(claim.text).match(pattern.text))
        if pattern.text == claim.text:
            return
        if mutual or creates == (False, True):
            self.context.problem(
                self.resource(pattern),
                pattern.path,
                f'this server ({self.context.server.name}) takes "{pattern.shown}" for a pattern, '
                f'and it matches "{claim.shown}", which the same plan makes',
                "`_` and `%` match other characters there; apply this one first, "
                "or choose another spelling",
                ((self.resource(claim).mark, "made here"),),
            )
        else:
            self.edges.append((pattern.change, claim.change, 0))


class _Keys(_Checker):
    """Performers: the name and the disambiguation together must differ; aliases are free."""

    def claims_of(self, position: int) -> Iterator[Claim]:
        change = self.changes[position]
        names = self.kind.key_fields
        if isinstance(change, Update) and not any(name in change.changes for name in names):
            return
        parts = self._key_afterwards(position)
        yield Claim(position, token_of(change), "\0".join(parts), self._shown(position), ("name",))

    def _shown(self, position: int) -> str:
        return self.pairs[position].desired.label

    def _key_afterwards(self, position: int) -> tuple[str, ...]:
        change = self.changes[position]
        if isinstance(change, Create):
            return self.kind.key(change.values)
        observed = self.pairs[position].observed
        assert observed is not None
        after = {name: one.after for name, one in change.changes.items()}
        return self.kind.key({**observed.values, **after})

    def run(self) -> Edges:
        for claim in self.claims:
            parts = tuple(claim.text.split("\0"))
            wild = any(has_wildcards(part) for part in parts)
            holders = self.index.resources if wild else self.index.with_key(parts)
            for holder in holders:
                if holder.id != claim.token and self._matches(parts, holder.key):
                    self._report(claim, parts, holder)
                    break
        self._check_rivals()
        return self.edges

    @staticmethod
    def _matches(pattern: tuple[str, ...], key: tuple[str, ...]) -> bool:
        return all(
            (like(one).match(other) is not None) if one else not other
            for one, other in zip(pattern, key, strict=True)
        )

    def _report(self, claim: Claim, parts: tuple[str, ...], holder: Resource) -> None:
        position = self.updates.get(holder.id or "")
        if position is not None and not self._matches(parts, self._key_afterwards(position)):
            self.wait(claim, holder, "one has to wait for the other")
            return
        same = holder.key == parts
        reason = (
            "is already on the server"
            if same
            else (f"is a pattern for this server ({self.context.server.name}) and matches")
        )
        self.context.problem(
            self.resource(claim),
            claim.path,
            f'{self.resource(claim).address}: "{claim.shown}" {reason} as "{holder.label}" '
            f"(id {holder.id})",
            "give it another disambiguation or another spelling",
        )

    def _check_rivals(self) -> None:
        for pattern in self.claims:
            parts = tuple(pattern.text.split("\0"))
            if not any(has_wildcards(part) for part in parts):
                continue
            for claim in self.claims:
                if claim.token != pattern.token and self._matches(
                    parts, tuple(claim.text.split("\0"))
                ):
                    self.edges.append((pattern.change, claim.change, 0))
