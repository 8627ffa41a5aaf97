"""Changes while their plan is being made, each with what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stashsync.fields import Value
from stashsync.kinds import KINDS, Kind
from stashsync.planner.changes import Change, Create, Merge, token_of, values_after
from stashsync.planner.context import PlanContext
from stashsync.planner.match import Pair
from stashsync.state import Resource


@dataclass(eq=False, slots=True)
class Draft:
    """A change with the desired and the observed object that it is about, and their pairing.

    `pair` is None where no manifest declares the object. `observed` is the object as the server
    has it now, `sources` are the objects that a merge removes. `after` are the fields that the
    change sets.
    """

    change: Change
    pair: Pair | None
    observed: Resource | None
    sources: Sequence[Resource] = ()
    token: str = field(init=False)
    after: Mapping[str, Value] = field(init=False)

    def __post_init__(self) -> None:
        self.token = token_of(self.change)
        self.after = values_after(self.change)

    @property
    def kind(self) -> Kind:
        """The table of the object's kind."""
        return KINDS[self.change.kind]

    @property
    def desired(self) -> Resource:
        """The declared object, which every create has and every change of a declared object."""
        assert self.pair is not None
        return self.pair.desired

    @property
    def present(self) -> Resource:
        """The object on the server, which everything but a create has."""
        assert self.observed is not None
        return self.observed

    def whole(self) -> dict[str, Value]:
        """Return all fields as they are once the change is applied."""
        before = self.observed if self.pair is None else self.pair.observed
        return {**(before.values if before else {}), **self.after}


def draft_of(context: PlanContext, change: Change, pair: Pair | None = None) -> Draft:
    """Look up what a change is about."""
    by_id = context.indexes[change.kind].by_id
    observed = None if isinstance(change, Create) else by_id[change.id]
    sources = [by_id[source] for source, _ in change.sources] if isinstance(change, Merge) else ()
    return Draft(change, pair, observed, sources)
