"""The two sides, the server and the problems that all steps of planning share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from stashsync.errors import Mark, Problem
from stashsync.kinds import KINDS, Capabilities, Key
from stashsync.planner.index import Index
from stashsync.state import Resource, State

Path = tuple[str | int, ...]
Locate = Callable[[Resource, Path], Mark]


def at_resource(resource: Resource, path: Path) -> Mark:  # noqa: ARG001  # the signature of Locate
    """Return the place of the whole object, where no better one is known."""
    return resource.mark


@dataclass
class PlanContext:
    """Two sides, one server, and the problems found so far.

    `locate` finds the place of a field or of a member of it in the manifests. `remembered` has the
    server ids of declared objects at the last apply or pull, by kind and key.
    """

    desired: State
    observed: State
    server: Capabilities
    locate: Locate = at_resource
    remembered: Mapping[tuple[str, Key], str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @cached_property
    def indexes(self) -> Mapping[str, Index]:
        """Look-ups into the observed state by kind."""
        return {name: Index(kind, self.observed.of(name)) for name, kind in KINDS.items()}

    def problem(
        self,
        resource: Resource,
        path: Path,
        message: str,
        hint: str = "",
        related: tuple[tuple[Mark, str], ...] = (),
    ) -> None:
        """Report what makes the plan impossible."""
        self.problems.append(
            Problem(message, self.locate(resource, path), hint or None, related=related)
        )

    def warn(self, resource: Resource, path: Path, message: str, hint: str = "") -> None:
        """Report what a person should know although it prevents nothing."""
        self.warnings.append(Problem(message, self.locate(resource, path), hint or None))
