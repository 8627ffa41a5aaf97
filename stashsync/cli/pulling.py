"""Carry out a pull: read, compare, show, ask, write."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePath
from typing import Final, TypeAlias

import click
from msgspec import Struct, field
from msgspec.structs import replace

from stashsync.cli.journals import require_no_apply, warn_of_open_runs
from stashsync.cli.output import result, stderr_style, stdout_style, talk
from stashsync.cli.prompt import ask, has_terminal
from stashsync.cli.session import Session
from stashsync.cli.writing import ADD_SETTINGS, FilesMoved, diff_text, write_if_approved
from stashsync.config import SETTINGS_FILE
from stashsync.engine.baseline import after_pull
from stashsync.engine.warnings import without_effect
from stashsync.errors import Mark, Problem, Problems
from stashsync.kinds import Capabilities
from stashsync.manifest import Desired
from stashsync.manifest.project import EXTENSIONS, find_files
from stashsync.manifest.settings import merge_lists
from stashsync.planner import Policy, pair_up
from stashsync.pull.differences import Difference
from stashsync.pull.document import first_document, update_document
from stashsync.pull.export import PullScope, fields_to_compare, fields_to_export, first_export
from stashsync.pull.pairing import Pairing, Project
from stashsync.pull.update import ManifestUpdate, Pulled
from stashsync.render.documents import PullDocument
from stashsync.render.json import document_text
from stashsync.render.phrases import counted
from stashsync.render.problems import problem_text
from stashsync.render.progress import working
from stashsync.render.safe import inert
from stashsync.render.style import Style
from stashsync.state import ChangedBy, State

Stamp: TypeAlias = frozenset[tuple[str, int, int]]
"""What differs once another command has applied or pulled something."""

STATE_MOVED: Final = """
Another command has applied or pulled something meanwhile. This is the pull by now:
"""
MOVED: Final = "\nChanged meanwhile: {files}. This is the pull by now:\n"


class StateMoved(Exception):
    """Another command has applied or pulled something since the library was read."""


class PullRun(Struct, frozen=True):
    """One pull.

    With `json` the standard output has nothing but the document for programs. `side` ("ours" or
    "theirs") decides where both sides changed; what was not decided is in `conflicts` after `run`,
    and then nothing was written.
    """

    session: Session
    scope: PullScope
    side: str | None = None
    asks: bool = True
    json: bool = False
    conflicts: list[Problem] = field(default_factory=list)

    def run(self) -> int:
        """Pull; return the exit code.

        Begins anew where files changed before they were written, or where another command has
        applied or pulled something: what was read and remembered does not fit together then.

        Raises:
            StashError: nothing was written.
        """
        while True:
            self.session.forget()
            require_no_apply(self.session)
            stamp = self.session.state.stamp()
            try:
                return self._once(stamp)
            except FilesMoved as moved:
                talk(MOVED.format(files=", ".join(map(inert, moved.files))))
            except StateMoved:
                talk(STATE_MOVED)

    def _once(self, stamp: Stamp) -> int:
        session = self.session
        self.conflicts.clear()
        desired = session.load(may_be_empty=True) if has_items(session) else None
        if desired is None and self.scope.into is not None:
            raise click.UsageError("--into is for new objects of manifests that are there already.")
        project = None if desired is None else _project_of(session, desired)
        with working(f"Reading {session.server} …", sys.stderr):
            server = session.run(session.library.capabilities())
            fields = (
                fields_to_compare(desired.state, self._scope_for(desired.state), session.policy)
                if desired is not None
                else fields_to_export(session.policy)
            )
            observed = session.run(session.library.observe(fields))
        if project is None:
            return self._export(observed, server, stamp)
        return self._update(project, observed, server, stamp)

    def _export(self, observed: State, server: Capabilities, stamp: Stamp) -> int:
        """Write the library into new files."""
        session = self.session
        session.baseline(server.identity)  # if it cannot be read, nothing is to be written
        exported = first_export(observed, session.settings.manifests, session.policy)
        document = first_document(server.identity, observed, exported)
        for note in document.not_written:
            talk(f"Not written: {inert(note)}")
        if not exported.files:
            talk("The library has nothing to export.")
            return self._end(document)
        manifests = find_files(session.root, session.settings.manifests, lambda _: None)
        read = {name: Path(path).read_bytes() for name, path in manifests}
        if not read.keys().isdisjoint(exported.files):  # their comments stay
            project = _project_of(session, session.load(may_be_empty=True))
            return self._update(project, observed, server, stamp)
        style = self._style
        lines = [f"  {style.create}+{style.reset} {inert(name)}" for name in exported.files]
        self._show("\n".join([f"These files hold {exported.count:,} objects:", *lines]) + "\n")
        files = {name: text.encode() for name, text in exported.files.items()}
        self._write(document, files, read, stamp)
        _, pairs = pair_up(session.load().state, observed, server, policy=Policy(lenient=True))
        session.remember(after_pull(server.identity, pairs, observed, session.policy))
        if not (session.root / SETTINGS_FILE).is_file():
            talk(ADD_SETTINGS)
        return self._end(document)

    def _scope_for(self, declared: State) -> PullScope:
        """Return what the manifests accept; those that declare nothing get new objects alone."""
        return self.scope if any(declared) else replace(self.scope, new=True)

    def _update(self, project: Project, observed: State, server: Capabilities, stamp: Stamp) -> int:
        """Bring the server's changes into the files."""
        session, policy = self.session, self.session.policy
        warn_of_open_runs(session, server.identity)
        former = session.believed(server.identity, observed)
        pairing = Pairing(observed, server, former, policy)
        known = [(item.kind, item.name) for item in (*project.state, *observed)]
        for problem in without_effect(policy, known, "neither manifests nor library have"):
            self._talk_of(problem, "Warning")
        scope = self._scope_for(project.state)
        pulled = ManifestUpdate(project, pairing, scope, self._chooser()).run()
        if pulled.manual_steps and not any(project.state):
            raise NotFilledError(pulled.manual_steps)
        present = [name for name in pulled.files if (session.root / name).exists()]
        document = update_document(server.identity, observed, pulled, policy, present)
        for note in document.not_written:
            talk(f"Not written: {inert(note)}")
        if self.conflicts:
            return self._end(document)
        self._report_rest(pulled, document.unnamed)
        if pulled.files:
            self._show(diff_text(session.root, pulled.files, self._style))
            self._write(document, pulled.files, project.bytes, stamp)
        elif not pulled.manual_steps:
            self._show(NOTHING_ACCEPTED if pulled.differences else NOTHING_DIFFERS)
        if not pulled.files:
            self._require_unmoved(stamp)
        found = (server.identity, pulled.pairs, observed, policy, former, pulled.unfinished)
        session.remember(after_pull(*found))
        return self._end(document) or int(bool(pulled.manual_steps))

    def _chooser(self) -> Callable[[Difference], bool | None]:
        """Return what decides where both sides changed."""
        if self.side is not None:
            return lambda _: self.side == "theirs"

        def decide(difference: Difference) -> bool | None:
            what = f"{difference.desired.address} {difference.field}".rstrip()
            theirs = difference.server if difference.field else "gone"
            if not has_terminal():
                hint = f"on the server: {theirs}"
                self.conflicts.append(
                    Problem(f"both sides changed {what}", difference.desired.mark, hint)
                )
                return None
            talk(f"Both sides changed {inert(what)} ({difference.desired.mark}).")
            return ask(f"  On the server: {inert(theirs)}. Take that? Only 'yes' will do: ")

        return decide

    # -- what is shown --------------------------------------------------------------------------

    @property
    def _style(self) -> Style:
        color = self.session.options.color
        return stderr_style(color) if self.json else stdout_style(color)

    def _show(self, text: str) -> None:
        """Show what will be written, to people and to the person who is asked."""
        if not self.json:
            result(text)
        elif self.asks:
            talk(text.rstrip("\n"))

    def _report_rest(self, pulled: Pulled, unnamed: Mapping[str, int]) -> None:
        """Report what stays different, and why."""
        ahead = [
            difference
            for difference in pulled.differences
            if difference.changed_by is ChangedBy.MANIFEST
        ]
        if ahead:
            talk(
                f"{counted(len(ahead), 'difference')} {'was' if len(ahead) == 1 else 'were'} made "
                "in the manifests and left alone; `stashsync plan` shows what."
            )
        if unnamed:
            parts = " and ".join(counted(count, kind) for kind, count in unnamed.items())
            talk(f"No manifest names {parts} of the server; --new adds them.")
        for problem in pulled.manual_steps:
            self._talk_of(problem, "Manual step")

    def _talk_of(self, problem: Problem, word: str) -> None:
        style = stderr_style(self.session.options.color)
        talk(problem_text(problem, word=word, colour=style.warning, style=style))

    def _require_unmoved(self, stamp: Stamp) -> None:
        if self.session.state.stamp() != stamp:
            raise StateMoved

    def _write(
        self,
        document: PullDocument,
        files: Mapping[str, bytes],
        read: Mapping[str, bytes],
        stamp: Stamp,
    ) -> None:
        """Ask, if the person is to be asked, and write all files.

        Raises:
            StashError: the answer was no, or a file cannot be written; none was.
            FilesMoved: a file is not as it was `read` any more; none was written.
            StateMoved: another command has applied or pulled something; none was written.
        """
        root, folder = self.session.root, self.session.settings.manifests
        still = partial(self._require_unmoved, stamp)
        write_if_approved(root, folder, files, read, what="Pull", asks=self.asks, still=still)
        document.written = True

    def _end(self, document: PullDocument) -> int:
        if self.json:
            result(document_text(document), machine=True)
        return 0


def _project_of(session: Session, desired: Desired) -> Project:
    return Project(
        session.root,
        session.settings.manifests,
        desired,
        lambda state: merge_lists(state, session.settings.lists),
    )


NOTHING_DIFFERS: Final = "No changes. Your manifests match the library.\n"
NOTHING_ACCEPTED: Final = (
    "No changes. The server changed nothing that the manifests should accept.\n"
)


class ConflictError(Problems):
    """Both sides changed values, and no option decides; nothing was written."""

    where = ": both sides changed, and nothing was written"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(
            problems, hint="Give --theirs to accept the server's, or --ours to keep the manifests'."
        )


class NotFilledError(Problems):
    """Manifests that declare nothing cannot get everything; half of it would be a small library."""

    where = ", and nothing was written"


def has_items(session: Session) -> bool:
    """Whether the project declares anything yet; what `init` wrote does not count."""
    from stashsync.manifest.nodes import is_blank

    root, folder = session.root, session.settings.manifests
    if not (root / folder).is_dir():
        return (root / folder).exists()  # which is an error
    problems: list[Problem] = []
    paths = find_files(root, folder, problems.append)
    if any(problem.mark != Mark(folder) for problem in problems):
        return True  # such as a link that leads nowhere
    for _, path in paths:
        try:
            if not is_blank(Path(path).read_text("utf-8-sig")):
                return True
        except Exception:  # whatever is wrong with the file, it has content
            return True
    return False


def file_inside(session: Session, into: str) -> str:
    """Resolve `--into` to the path of a manifest below the project.

    It is below the project as typed, or else below the current folder or the manifests' folder.

    Raises:
        click.UsageError: it is no file of the manifests.
    """
    manifests = session.settings.manifests
    folder = (session.root / manifests).resolve()
    wrong = click.UsageError(f"--into names a .yaml file in {manifests}/, without a leading dot.")
    try:
        meant = [(base / into).resolve() for base in (session.root, Path.cwd(), folder)]
        path = next((found for found in meant if found.is_relative_to(folder)), meant[0])
        there = path.exists()
    except (OSError, RuntimeError) as error:  # such as a name that is too long, or links in a ring
        reason = getattr(error, "strerror", None) or "its links lead in a ring"
        raise click.UsageError(f"--into {into}: {reason}.") from error
    if not path.is_relative_to(folder) or not path.name.lower().endswith(EXTENSIONS):
        raise wrong
    inside = path.relative_to(folder)
    if any(part.startswith(".") for part in inside.parts):
        raise wrong  # it would be written, and never read
    place = PurePath(manifests, inside).as_posix()
    # What is there and was not read can be a folder, or a file under a twin of its name.
    if there and place not in dict(find_files(session.root, manifests, lambda _: None)):
        raise click.UsageError(f"--into {place}: what is there is not read as a manifest.")
    return place
