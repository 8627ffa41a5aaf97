"""What the changes fall into when their order is sought, and what has to happen before what.

Each change is a group of parts (see `graph`). Most have one. A change that something waits for
has more, so that it can be cut where a cycle leaves no other way:

    FREE_NAME      its name is given up      (cut off: by taking a temporary name)
    FREE_ALIASES   its aliases are given up  (cut off: by sending fewer of them)
    KEEP           what a merge would lose is written to its destination, before the merge
    MOVE           its parents are set
    REST           everything else; of a create the mutation that makes the object
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from stashsync.graph import Edge
from stashsync.planner.changes import Change, Create


class Role(IntEnum):
    """What a part of a change does."""

    FREE_NAME = 0
    FREE_ALIASES = 1
    KEEP = 2
    MOVE = 3
    REST = 4


class Link(IntEnum):
    """Why one part has to wait for another, strongest first."""

    NEED = 0
    """It uses the id of an object that the other makes: never in one document."""
    WAIT = 1
    """The server refuses it until the other has happened."""
    AFTER = 2
    """It would get in the other's way."""


class Parts:
    """The parts of all changes, and the edges between them. Part `i` is the rest of change `i`.

    `freed` has, by change, the folded texts that others wait for; `kept` the fields of `KEEP`.
    """

    def __init__(self, changes: Sequence[Change]) -> None:
        self.changes = changes
        self.group_of = list(range(len(changes)))
        self.roles = [Role.REST] * len(changes)
        self.edges: list[Edge] = []
        self.links: list[Link] = []
        self.freed: dict[int, set[str]] = {}
        self.kept: dict[int, tuple[str, ...]] = {}
        self._further: dict[tuple[int, Role], int] = {}
        self._places: dict[tuple[int, int], int] = {}

    def of(self, change: int, role: Role) -> int:
        """The part of the change with that role, made if it is asked for the first time."""
        if role is Role.REST:
            return change
        part = self._further.get((change, role))
        if part is None:
            part = self._further[change, role] = len(self.group_of)
            self.group_of.append(change)
            self.roles.append(role)
            if role is not Role.MOVE:
                self.link(part, change, Link.WAIT)
            elif isinstance(self.changes[change], Create):
                self.link(change, part, Link.NEED)
        return part

    def known(self, change: int, role: Role) -> int:
        """The part with that role if the change has one of its own, else its rest."""
        return self._further.get((change, role), change)

    def link(self, before: int, after: int, link: Link) -> None:
        """Put one part before another; of several reasons for a pair the strongest counts."""
        known = self._places.setdefault((before, after), len(self.edges))
        edge = Edge(before, after, 1 if link is Link.NEED else 0)
        if known == len(self.edges):
            self.edges.append(edge)
            self.links.append(link)
        elif link < self.links[known]:
            self.edges[known], self.links[known] = edge, link

    def costs(self) -> dict[int, int]:
        """What it costs to cut each change: a temporary name more than anything else."""
        return {
            change: 2 if role is Role.FREE_NAME else 1
            for (change, role) in sorted(self._further, reverse=True)
        }
