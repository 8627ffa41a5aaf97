"""What the two rules about names have in common: claims, and how a clash of them is told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stashsync.planner.changes import Change, Create, Update
from stashsync.planner.context import Context, Path
from stashsync.planner.index import Index
from stashsync.planner.match import Pair
from stashsync.state import Resource
from stashsync.types import Kind

Edges = list[tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Claim:
    """A text that a change wants for its object. `path` leads to it in the manifest."""

    change: int
    token: str
    text: str
    shown: str
    path: Path


class Checker(ABC):
    """One rule, for one kind. `mine` are the indices of the changes of that kind."""

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
        self.patterns = context.server.wildcard_names(kind.name)
        """Whether this server reads `_` and `%` of a new name as wildcards."""
        self.edges: Edges = []

    @abstractmethod
    def claims_of(self, position: int) -> Iterator[Claim]:
        """What a change claims."""

    @abstractmethod
    def run(self) -> Edges:
        """Report every clash; give which change must precede which."""

    def resource(self, claim: Claim) -> Resource:
        """Whose claim it is."""
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

    def both_want(self, claim: Claim, other: Claim) -> None:
        """Report two changes that want the same."""
        self.context.problem(
            self.resource(claim),
            claim.path,
            f"{self.resource(claim).address} and {self.resource(other).address} both "
            f'want "{claim.shown}"',
            "leave one out",
            ((self.resource(other).mark, "also wanted here"),),
        )

    def precede(self, pattern: Claim, claim: Claim, *, mutual: bool) -> None:
        """Let the pattern go before what it matches, or report where it cannot.

        Creates come before updates, and of two that match each other neither can be second.
        """
        creates = [isinstance(self.changes[one.change], Create) for one in (pattern, claim)]
        if not mutual and creates != [False, True]:
            self.edges.append((pattern.change, claim.change, 0))
            return
        self.context.problem(
            self.resource(pattern),
            pattern.path,
            f'this server ({self.context.server.name}) takes "{pattern.shown}" for a pattern, '
            f'and it matches "{claim.shown}", which the same plan makes',
            "`_` and `%` match other characters there; apply this one first, "
            "or choose another spelling",
            ((self.resource(claim).mark, "made here"),),
        )
