"""The rule of performers: the key must differ (behaviour 2.3); aliases are free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stashsync.fields.names import has_wildcards, like
from stashsync.planner.changes import Create, Update, token_of
from stashsync.planner.claims import Checker, Claim, Edges
from stashsync.planner.patterns import Texts
from stashsync.state import Resource
from stashsync.types import Key


class Keys(Checker):
    """Name and disambiguation together must differ, both compared by LIKE."""

    def claims_of(self, position: int) -> Iterator[Claim]:
        change = self.changes[position]
        names = self.kind.key_fields
        if isinstance(change, Update) and not any(name in change.changes for name in names):
            return
        text, *_ = self._key(position)
        shown = self.pairs[position].desired.label
        yield Claim(position, token_of(change), text, shown, ("name",))

    def _key(self, position: int) -> Key:
        """The key that the object of a change has afterwards."""
        change = self.changes[position]
        if isinstance(change, Create):
            return self.kind.key(change.values)
        observed = self.index.by_id[change.id]
        after = {name: one.after for name, one in change.changes.items()}
        return self.kind.key({**observed.values, **after})

    def run(self) -> Edges:
        for claim in self.claims:
            key = self._key(claim.change)
            holder = next((one for one in self._holders(key) if one.id != claim.token), None)
            if holder is not None:
                self._report(claim, key, holder)
        self._check_rivals()
        return self.edges

    def _is_pattern(self, key: Key) -> bool:
        return self.patterns and any(has_wildcards(part) for part in key)

    def _holders(self, key: Key) -> Sequence[Resource]:
        if not self._is_pattern(key):
            return self.index.with_key(key)
        candidates = self.index.names.matching(key[0])
        return [holder for _, holder in candidates if _matches(key, holder.key)]

    def _report(self, claim: Claim, key: Key, holder: Resource) -> None:
        position = self.updates.get(holder.id or "")
        if position is not None and not _matches(key, self._key(position)):
            self.wait(claim, holder, "one has to wait for the other")
            return
        reason = (
            "is already on the server"
            if holder.key == key
            else f"is a pattern for this server ({self.context.server.name}) and matches"
        )
        self.context.problem(
            self.resource(claim),
            claim.path,
            f'{self.resource(claim).address}: "{claim.shown}" {reason} "{holder.label}" '
            f"(id {holder.id})",
            "give it another disambiguation or another spelling",
        )

    def _check_rivals(self) -> None:
        """Claims of the plan among themselves."""
        first: dict[Key, Claim] = {}
        for claim in self.claims:
            key = self._key(claim.change)
            other = first.setdefault(key, claim)
            if other is not claim and not self.index.with_key(key):
                self.both_want(claim, other)
        names = Texts((claim.text, claim) for claim in self.claims)
        for pattern in self.claims:
            key = self._key(pattern.change)
            if not self._is_pattern(key):
                continue
            for _, claim in names.matching(pattern.text):
                other_key = self._key(claim.change)
                if other_key != key and _matches(key, other_key):
                    mutual = self._is_pattern(other_key) and _matches(other_key, key)
                    self.precede(pattern, claim, mutual=mutual)


def _matches(pattern: Key, key: Key) -> bool:
    """Whether the server finds `key` when it looks for `pattern`; an empty part has no pattern."""
    return all(
        bool(other) and like(one).match(other) is not None if one else not other
        for one, other in zip(pattern, key, strict=True)
    )
