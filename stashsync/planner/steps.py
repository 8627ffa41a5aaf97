"""The steps that changes are split into where an order needs it, and what has to precede what.

Each change is a group of steps (see `graph`). Most have one. A change that something waits for has
more, so that it can be cut where a cycle leaves no other way:

    RELEASE_NAME      its name is given up      (cut off: by taking a temporary name)
    RELEASE_ALIASES   its aliases are given up  (cut off: by sending fewer of them)
    NAME              the new name, a pattern, is taken before the rest
    KEEP              what a merge would lose is written to its destination, before the merge
    MOVE              its parents are set
    CLAIM             everything else; of a create the mutation that makes the object
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from stashsync.graph import Edge
from stashsync.planner.changes import Create
from stashsync.planner.drafts import Draft


class Step(IntEnum):
    """What a step of a change does."""

    RELEASE_NAME = 0
    RELEASE_ALIASES = 1
    NAME = 2
    KEEP = 3
    MOVE = 4
    CLAIM = 5


class Link(IntEnum):
    """Why one step has to wait for another, strongest first."""

    NEED = 0
    """It uses the id of an object that the other makes: never in one document."""
    WAIT = 1
    """The server refuses it until the other has happened."""
    AFTER = 2
    """It would get in the other's way."""


class Steps:
    """The steps of all changes by number, and the edges between them.

    Number `i` is the claim of `drafts[i]`; the numbers of further steps follow.
    """

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self.drafts = drafts
        self.number_of = {draft: number for number, draft in enumerate(drafts)}
        self.group_of = list(range(len(drafts)))
        self.steps = [Step.CLAIM] * len(drafts)
        self.edges: list[Edge] = []
        self.links: list[Link] = []
        self.released: dict[Draft, set[str]] = {}
        """The folded texts that others wait for, by the change that gives them up."""
        self.kept: dict[Draft, tuple[str, ...]] = {}
        """The fields of `KEEP`."""
        self.united: set[Draft] = set()
        """The changes of destinations that begin with what the merge makes of them."""
        self.children: dict[Draft, tuple[str, ...]] = {}
        """By what is taken out of a loop, the children that it keeps."""
        self.returning: dict[Draft, str] = {}
        """By what lost a parent by that, the field that it gets back."""
        self._further: dict[tuple[Draft, Step], int] = {}
        self._places: dict[tuple[int, int], int] = {}

    def add(self, draft: Draft, step: Step = Step.CLAIM) -> int:
        """Return the number of a change's step, which is made if it is not there yet."""
        claim = self.number_of[draft]
        if step is Step.CLAIM:
            return claim
        number = self._further.get((draft, step))
        if number is None:
            number = self._further[draft, step] = len(self.group_of)
            self.group_of.append(claim)
            self.steps.append(step)
            if step is not Step.MOVE:
                self.link(number, claim, Link.WAIT)
            elif isinstance(draft.change, Create):
                self.link(claim, number, Link.NEED)
            if step in (Step.RELEASE_NAME, Step.NAME):
                self._link_names(draft)
        return number

    def _link_names(self, draft: Draft) -> None:
        """Let an object give up its name, if it has to, before it takes another."""
        release = self._further.get((draft, Step.RELEASE_NAME))
        name = self._further.get((draft, Step.NAME))
        if release is not None and name is not None:
            self.link(release, name, Link.WAIT)

    def has(self, draft: Draft, step: Step) -> bool:
        """Whether a change has a step beside its claim."""
        return (draft, step) in self._further

    def get(self, draft: Draft, step: Step) -> int:
        """Return the number of a step if the change has it apart, else that of its claim."""
        return self._further.get((draft, step), self.number_of[draft])

    def link(self, before: int, after: int, link: Link) -> None:
        """Put one step before another; of several reasons for a pair the strongest counts."""
        place = self._places.setdefault((before, after), len(self.edges))
        edge = Edge(before, after, 1 if link is Link.NEED else 0)
        if place == len(self.edges):
            self.edges.append(edge)
            self.links.append(link)
        elif link < self.links[place]:
            self.edges[place], self.links[place] = edge, link

    def costs(self) -> dict[int, int]:
        """Return what it costs to cut each change: a temporary name more than anything else."""
        costs: dict[int, int] = {}
        for draft, step in self._further:
            cost = 2 if step is Step.RELEASE_NAME else 1
            costs[self.number_of[draft]] = max(cost, costs.get(self.number_of[draft], 1))
        return costs
