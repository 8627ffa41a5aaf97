"""The namespace of names and aliases, as the server checks it (behaviour 2.1 to 2.3).

Every text that an operation *claims* (a new name, and each alias of a list that is sent) must not
be held by another object at that moment. Held now and not released by this plan: the server would
refuse it for good. Held now and released by another operation of this plan: that one would have to
come first. A claim with `_` or `%` is a pattern for the server and so also collides with what it
merely matches; among creates it can go first, which is an ordering that this step returns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stashsync.fields.names import fold, has_wildcards, like
from stashsync.planner.changes import Change, Create, Update, token_of
from stashsync.planner.claims import Checker, Claim, Edges
from stashsync.planner.context import Context
from stashsync.planner.keys import Keys
from stashsync.planner.match import Pair
from stashsync.planner.patterns import Texts
from stashsync.state import Resource
from stashsync.types import KINDS


def check_names(context: Context, changes: Sequence[Change], pairs: Sequence[Pair]) -> Edges:
    """Report every claim the server would refuse; return which changes must precede which."""
    edges: Edges = []
    for kind in KINDS.values():
        mine = [index for index, change in enumerate(changes) if change.kind == kind.name]
        if mine:
            check = SharedNames if kind.shared_names else Keys
            edges += check(context, kind, changes, pairs, mine).run()
    return edges


class SharedNames(Checker):
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
            if self.patterns and has_wildcards(claim.text):
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
        for text, holder in self.index.texts.matching(claim.text):
            if holder.id == claim.token:
                continue
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
        """Claims of the plan among themselves; what is held already has been reported."""
        first: dict[str, Claim] = {}
        for claim in self.claims:
            other = first.setdefault(claim.text, claim)
            if other.token != claim.token and not self.index.holders.get(claim.text):
                self.both_want(claim, other)
        if not self.patterns:
            return
        texts = Texts((claim.text, claim) for claim in self.claims)
        for pattern in self.claims:
            if not has_wildcards(pattern.text):
                continue
            for text, claim in texts.matching(pattern.text):
                if claim.token != pattern.token and text != pattern.text:
                    mutual = has_wildcards(text) and bool(like(text).match(pattern.text))
                    self.precede(pattern, claim, mutual=mutual)
