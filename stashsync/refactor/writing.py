"""What every command does: it gives out the texts, and reads what was written of them again.

Everything is written or nothing: half of a rename would be worse than none.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Concatenate, ParamSpec, TypeAlias, TypeVar

from stashsync.errors import ManifestError, Mark, Problem, Problems
from stashsync.kinds import Key
from stashsync.manifest.source import FileRefused
from stashsync.pull.excerpts import Topic, places_in
from stashsync.pull.pairing import Project
from stashsync.pull.rewrite import ProjectTexts
from stashsync.pull.second_reading import fault_of, without_same
from stashsync.pull.writing.edits import ManualStepError
from stashsync.refactor.goal import Goal
from stashsync.refactor.places import (
    children_of,
    parents,
)
from stashsync.refactor.servers import KnownServer
from stashsync.state import Resource, State

Keys: TypeAlias = Mapping[tuple[str, Key], Key]


class RefactoringError(Problems):
    """Something cannot be written as it is meant; nothing was."""

    where = ": nothing was written"


_P = ParamSpec("_P")
_W = TypeVar("_W", bound="ManifestWriter")


def again_in_full(
    command: Callable[Concatenate[_W, _P], None],
) -> Callable[Concatenate[_W, _P], None]:
    """Let a command that is refused read whole texts: faults then have their places."""

    @wraps(command)
    def run(self: _W, /, *given: _P.args, **named: _P.kwargs) -> None:
        before = self.state, self.texts, list(self.notes)
        try:
            command(self, *given, **named)
        except RefactoringError:
            self.state, self.texts, self.notes[:] = before
            self._in_full = True
            command(self, *given, **named)
        finally:
            self._in_full = False

    return run


@dataclass
class ManifestWriter:
    """The texts of a project, changed by commands one after the other.

    `servers` are those of which is known what they had after an apply or a pull. `notes` are
    sentences for people about what only a server can tell.
    """

    project: Project
    servers: Sequence[KnownServer] = ()
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.state: State = self.project.state
        self.texts: Mapping[str, str] = self.project.texts
        self._in_full = False
        """Whether texts are composed in full; at first only what a command is about is."""

    def files(self) -> dict[str, bytes]:
        """Return the contents of the files that change."""
        return self.project.changed(self.texts)

    @contextmanager
    def _writing(
        self,
        goal: Goal,
        about: Topic,
        former: Keys | None = None,
        merged: Mapping[tuple[str, str], str] | None = None,
    ) -> Generator[ProjectTexts]:
        """Give the texts to be changed, and read them again.

        `about` has what has to be composed of them. `former` has the old keys of what is renamed by
        kind and new one, `merged` the names of destinations by kind and the name of what is merged
        into them.

        Raises:
            RefactoringError: they do not say what was meant.
        """
        topic = None if self._in_full else about
        texts = ProjectTexts.about(self.texts, self.state, topic)
        try:
            yield texts
        except ManualStepError as error:
            texts.manual_steps.append(Problem(f"this is a manual step ({error})"))
        if texts.manual_steps or not texts.is_whole:
            raise RefactoringError(texts.manual_steps)
        whole = texts.whole()
        try:
            state = self.project.loaded(whole, texts.shortened)
        except ManifestError as error:
            raise RefactoringError(error.problems) from None
        except FileRefused as refused:
            raise RefactoringError([Problem(refused.message)]) from None
        mismatches = list(goal.mismatches(state))
        for file, now in texts.files.items():
            old, new = texts.before.get(file, ""), now
            if self._in_full:
                places = [places_in(each, file) for each in (self.state, state)]
                old, new = without_same(old, new, *places)
            fault = fault_of(old, new, former or {}, merged or {}) if new != old else None
            if fault is not None:
                mismatches.append(Problem(fault, Mark(file)))
        if mismatches:
            raise RefactoringError(mismatches, hint="Change the manifests by hand.")
        self.state, self.texts = state, whole

    def _about(self, *resources: Resource, names: Iterable[str] = ()) -> Topic:
        """Return what a command is about: objects, those above and below them, and names."""
        found, trees = set(names), dict[str, list[int]]()
        for resource in resources:
            for each in (resource, *children_of(self.state, resource)):
                found |= {each.name, *parents(each)}
                trees.setdefault(each.file, []).append(each.line - 1)
        return Topic(trees=trees, names=found)
