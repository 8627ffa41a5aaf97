"""Carrying out a pull: what is shown, what is asked, what is written."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from stashsync.cli.files import write_all
from stashsync.cli.output import result, stderr_style, stdout_style, talk
from stashsync.cli.prompt import ask, has_terminal
from stashsync.cli.session import Session
from stashsync.config import SETTINGS_FILE
from stashsync.engine.baseline import after_pull
from stashsync.engine.reconcile import Observer
from stashsync.errors import Problem, Problems, StashConfigurationError, StashError
from stashsync.manifest import Desired
from stashsync.manifest.project import EXTENSIONS, find_files
from stashsync.manifest.settings import merge_lists
from stashsync.planner import Policy, pair_up
from stashsync.pull.differences import Difference
from stashsync.pull.document import Document, first_document, update_document
from stashsync.pull.export import PullScope, fields_to_compare, fields_to_export, first_export
from stashsync.pull.pairing import Pairing, Project
from stashsync.pull.update import Pulled, Update
from stashsync.render.json import text_of
from stashsync.render.phrases import counted
from stashsync.render.problems import problem_text
from stashsync.render.progress import working
from stashsync.render.safe import inert
from stashsync.render.style import Style
from stashsync.state import ChangedBy

QUESTION: Final = """\

Do you want to write these files?
  Only 'yes' will be accepted to approve.

  Enter a value: """
LONG: Final = 200
"""Lines of a new file that are worth showing."""


def pull(
    session: Session,
    *,
    new: bool,
    all_fields: bool,
    into: str | None,
    side: str | None,
    ask: bool,
    json: bool,
) -> int:
    """Pull; gives the exit code. With `json` the standard output has the document alone.

    Raises:
        StashError: nothing was written.
    """
    policy, library = session.policy, session.library
    desired = session.load() if has_manifests(session) else None
    if desired is None:
        return _first(session, library, policy, into, Telling(session, ask, json))
    scope = PullScope(all_fields, new, _inside(session, into))
    return _update(session, library, desired, policy, scope, side, Telling(session, ask, json))


def has_manifests(session: Session) -> bool:
    """Whether the project declares anything yet: what `init` wrote does not count."""
    from stashsync.manifest.nodes import compose

    root, folder = session.root, session.settings.manifests
    if not (root / folder).is_dir():
        return False
    for _, path in find_files(root, folder, lambda _: None):
        try:
            text = Path(path).read_text("utf-8-sig")
            if any(node.type != "scalar" or node.value for node in compose(text)[0]):
                return True
        except Exception:  # whatever is wrong with it, it is not nothing
            return True
    return False


def _inside(session: Session, into: str | None) -> str | None:
    """A file of the manifests, by its path below the project."""
    if into is None:
        return None
    folder = (session.root / session.settings.manifests).resolve()
    path = (Path.cwd() / into).resolve()
    if not path.is_relative_to(folder):
        path = (folder / into).resolve()
    if not path.is_relative_to(folder) or not path.name.lower().endswith(EXTENSIONS):
        raise click.UsageError(f"--into names a .yaml file in {session.settings.manifests}/.")
    return path.relative_to(session.root.resolve()).as_posix()


def _first(
    session: Session, library: Observer, policy: Policy, into: str | None, telling: Telling
) -> int:
    if into is not None:
        raise click.UsageError("--into is for new objects of manifests that are there already.")
    with working(f"Reading {session.server} …", sys.stderr):
        server = session.run(library.capabilities())
        observed = session.run(library.observe(fields_to_export(policy)))
    exported = first_export(observed, session.settings.manifests, policy)
    document = first_document(server.identity, observed, exported)
    telling.notes(document, exported.notes)
    if not exported.files:
        talk("The library has nothing to export.")
        telling.end(document)
        return 0
    for name in exported.files:
        if (session.root / name).exists():
            raise StashConfigurationError(
                f"{name} is there already", hint="Move it away; nothing was written."
            )
    style = telling.style
    lines = [f"  {style.create}+{style.reset} {inert(name)}" for name in exported.files]
    telling.show("\n".join([f"These files hold {exported.count:,} objects:", *lines]) + "\n")
    files = {name: text.encode() for name, text in exported.files.items()}
    telling.write(document, files)
    _, pairs = pair_up(session.load().state, observed, server, policy=Policy(lenient=True))
    session.remember(after_pull(server.identity, pairs, observed, policy))
    telling.end(document)
    if not (session.root / SETTINGS_FILE).is_file():
        talk("`stashsync init` adds the settings, and the schema that the files name for editors.")
    return 0


def _update(
    session: Session,
    library: Observer,
    desired: Desired,
    policy: Policy,
    scope: PullScope,
    side: str | None,
    telling: Telling,
) -> int:
    conflicts: list[Problem] = []
    with working(f"Reading {session.server} …", sys.stderr):
        server = session.run(library.capabilities())
        fields = fields_to_compare(desired.state, scope, policy)
        observed = session.run(library.observe(fields))
    project = Project(
        session.root,
        session.settings.manifests,
        desired,
        lambda state: merge_lists(state, session.settings.lists),
    )
    pairing = Pairing(observed, server, session.baseline(server.identity), policy)
    pulled = Update(project, pairing, scope, _chooser(side, conflicts)).run()
    present = [name for name in pulled.files if (session.root / name).exists()]
    document = update_document(server.identity, observed, pulled, policy, present)
    telling.notes(document, pulled.notes)
    if conflicts:
        telling.end(document)
        raise ConflictError(conflicts)
    _tell_rest(pulled, document["unnamed"], stderr_style(session.options.color))
    if pulled.files:
        telling.show(diff_text(session.root, pulled.files, telling.style))
        telling.write(document, pulled.files)
    elif not pulled.manual_steps:
        telling.show(_nothing(pulled))
    if not pulled.manual_steps:  # otherwise the server's changes are still to be taken over
        former = session.baseline(server.identity)
        session.remember(after_pull(server.identity, pulled.pairs, observed, policy, former))
    telling.end(document)
    return 1 if pulled.manual_steps else 0


def _nothing(pulled: Pulled) -> str:
    if pulled.differences:  # the manifests' own
        return "No changes. The server changed nothing that the manifests should accept.\n"
    return "No changes. Your manifests match the library.\n"


class ConflictError(Problems):
    """Both sides changed values, and no option decides; nothing was written."""

    where = ": both sides changed, and nothing was written"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(
            problems, hint="Give --theirs to accept the server's, or --ours to keep the manifests'."
        )


def _chooser(side: str | None, conflicts: list[Problem]) -> Callable[[Difference], bool | None]:
    """Return what decides where both sides changed; what stays undecided is in `conflicts`."""
    if side is not None:
        return lambda _: side == "theirs"

    def decide(one: Difference) -> bool | None:
        what = f"{one.desired.address} {one.field}".rstrip()
        theirs = one.server if one.field else "gone"
        if not has_terminal():
            hint = f"on the server: {theirs}"
            conflicts.append(Problem(f"both sides changed {what}", one.desired.mark, hint))
            return None
        talk(f"Both sides changed {inert(what)} ({one.desired.mark}).")
        return ask(f"  On the server: {inert(theirs)}. Take that? Only 'yes' will do: ")

    return decide


def _tell_rest(pulled: Pulled, unnamed: Mapping[str, int], style: Style) -> None:
    """What stays different, and why."""
    ahead = [one for one in pulled.differences if one.changed_by is ChangedBy.MANIFEST]
    if ahead:
        talk(
            f"{counted(len(ahead), 'difference')} {'was' if len(ahead) == 1 else 'were'} made in "
            "the manifests and left alone; `stashsync plan` shows what."
        )
    if unnamed:
        parts = " and ".join(counted(count, kind) for kind, count in unnamed.items())
        talk(f"No manifest names {parts} of the server; --new adds them.")
    for problem in pulled.manual_steps:
        talk(problem_text(problem, word="Manual step", colour=style.warning, style=style))


def diff_text(root: Path, files: Mapping[str, bytes], style: Style) -> str:
    """A unified diff of what will be written, inert and in colour."""
    out: list[str] = []
    for name, content in files.items():
        path = root / name
        before = path.read_bytes().decode("utf-8-sig").splitlines() if path.exists() else []
        after = content.decode("utf-8-sig").splitlines()
        if not before and len(after) > LONG:
            out.append(f"+++ {inert(name)} (new, {len(after):,} lines)")
            continue
        source = f"a/{name}" if before else "/dev/null"
        for line in difflib.unified_diff(before, after, source, f"b/{name}", lineterm="", n=2):
            colour = {"+": style.create, "-": style.destroy}.get(line[:1], "")
            shown = line[:1] + inert(line[1:])
            out.append(f"{colour}{shown}{style.reset}" if colour else shown)
    return "\n".join(out) + "\n"


@dataclass(frozen=True)
class Telling:
    """Where things are told: to people on both streams, or to a program on the standard output."""

    session: Session
    ask: bool
    json: bool

    @property
    def style(self) -> Style:
        """The style of what is shown."""
        color = self.session.options.color
        return stderr_style(color) if self.json else stdout_style(color)

    def show(self, text: str) -> None:
        """What will be written: to whoever is asked, and to people."""
        if not self.json:
            result(text)
        elif self.ask:
            talk(text.rstrip("\n"))

    def notes(self, document: Document, notes: Sequence[str]) -> None:
        """What cannot be written."""
        document["not_written"] = list(notes)
        for note in notes:
            talk(f"Not written: {inert(note)}")

    def write(self, document: Document, files: Mapping[str, bytes]) -> None:
        """Ask, if that is wanted, and write all files.

        Raises:
            StashError: the answer was no, or a file cannot be written; none was.
        """
        if self.ask and not ask(QUESTION):
            raise StashError("Pull cancelled.", hint="Nothing was written.")
        write_all(self.session.root, files)
        document["written"] = True
        talk(f"Wrote {counted(len(files), 'file')}.")

    def end(self, document: Document) -> None:
        """The document, for programs."""
        if self.json:
            result(text_of(document))
