"""Carrying out a pull: what is shown, what is asked, what is written."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from stashsync.cli.agreement import agreed
from stashsync.cli.files import write_all
from stashsync.cli.output import result, stderr_style, stdout_style, talk
from stashsync.cli.scope import policy_of
from stashsync.cli.session import Session
from stashsync.config import SETTINGS_FILE
from stashsync.errors import StashConfigurationError, StashError
from stashsync.manifest import Desired
from stashsync.manifest.project import EXTENSIONS, find_files
from stashsync.manifest.settings import merge_lists
from stashsync.planner import Policy
from stashsync.pull import (
    Difference,
    Pulled,
    Side,
    Wanted,
    fields_to_compare,
    fields_to_export,
    first_export,
    update,
)
from stashsync.reconcile import Observer
from stashsync.render.leaving import counted
from stashsync.render.problems import problem_text
from stashsync.render.progress import working
from stashsync.render.safe import inert
from stashsync.render.style import Style, is_terminal

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
) -> int:
    """Pull; gives the exit code.

    Raises:
        StashError: nothing was written.
    """
    policy = policy_of(session.settings, session.options)
    library = session.observer()
    desired = session.load() if has_manifests(session) else None
    if desired is None:
        return _first(session, library, policy, into, ask)
    wanted = Wanted(all_fields, new, _inside(session, into))
    return _update(session, library, desired, policy, wanted, side, ask)


def has_manifests(session: Session) -> bool:
    """Whether the project declares anything yet: what `init` wrote does not count."""
    from stashsync.manifest.writing.nodes import compose

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


def _first(session: Session, library: Observer, policy: Policy, into: str | None, ask: bool) -> int:
    if into is not None:
        raise click.UsageError("--into is for new objects of manifests that are there already.")
    with working(f"Reading {session.server} …", sys.stderr):
        observed = session.run(library.observe(fields_to_export(policy)))
    exported = first_export(observed, session.settings.manifests, policy)
    _tell_notes(exported.notes)
    if not exported.files:
        talk("The library has nothing to export.")
        return 0
    for name in exported.files:
        if (session.root / name).exists():
            raise StashConfigurationError(
                f"{name} is there already", hint="Move it away; nothing was written."
            )
    style = stdout_style(session.color)
    lines = [f"  {style.create}+{style.reset} {inert(name)}" for name in exported.files]
    result("\n".join([f"These files hold {exported.count:,} objects:", *lines]) + "\n")
    files = {name: text.encode() for name, text in exported.files.items()}
    _write(session, files, ask)
    agreed(session, session.load(), observed, policy)
    if not (session.root / SETTINGS_FILE).is_file():
        talk("`stashsync init` adds the settings, and the schema that the files name for editors.")
    return 0


def _update(
    session: Session,
    library: Observer,
    desired: Desired,
    policy: Policy,
    wanted: Wanted,
    side: str | None,
    ask: bool,
) -> int:
    with working(f"Reading {session.server} …", sys.stderr):
        server = session.run(library.capabilities())
        fields = fields_to_compare(desired.state, wanted, policy)
        observed = session.run(library.observe(fields))
    pulled = update(
        session.root,
        session.settings.manifests,
        desired,
        observed,
        server,
        session.record(server.identity),
        wanted=wanted,
        policy=policy,
        choose=_chooser(side),
        prepare=lambda state: merge_lists(state, session.settings.lists),
    )
    _tell_notes(pulled.notes)
    _tell_rest(pulled, stderr_style(session.color))
    if not pulled.files:
        result(
            "No changes. The manifests say what the library holds.\n" if not pulled.hands else ""
        )
    else:
        result(diff_text(session.root, pulled.files, stdout_style(session.color)))
        _write(session, pulled.files, ask)
    if pulled.hands:  # what the server moved is still to be taken over
        return 1
    agreed(session, session.load(), observed, policy)
    return 0


def _chooser(side: str | None) -> Callable[[Difference], bool]:
    """Who decides where both sides moved."""
    if side is not None:
        return lambda _: side == "theirs"

    def ask(one: Difference) -> bool:
        what = f"{inert(one.desired.address)} {one.field}".rstrip()
        theirs = inert(one.server) if one.field else "gone"
        if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
            raise StashError(
                f"both sides changed {what} ({one.desired.mark}); on the server: {theirs}",
                hint="Give --theirs to take the server's, or --ours to leave the manifest's.",
            )
        talk(f"Both sides changed {what} ({one.desired.mark}).")
        sys.stderr.write(f"  On the server: {theirs}. Take that? Only 'yes' will do: ")
        sys.stderr.flush()
        return sys.stdin.readline().strip() == "yes"

    return ask


def _tell_notes(notes: Sequence[str]) -> None:
    for note in notes:
        talk(f"Not written: {inert(note)}")


def _tell_rest(pulled: Pulled, style: Style) -> None:
    """What stays different, and why."""
    ahead = [one for one in pulled.differences if one.side is Side.MANIFEST]
    if ahead:
        talk(
            f"{counted(len(ahead), 'difference')} {'is' if len(ahead) == 1 else 'are'} the "
            "manifests' own and left alone; `stashsync plan` shows what."
        )
    for problem in pulled.hands:
        talk(problem_text(problem, word="By hand", colour=style.warning, style=style))


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


def _write(session: Session, files: Mapping[str, bytes], ask: bool) -> None:
    if ask:
        sys.stderr.write(QUESTION)
        sys.stderr.flush()
        answer = sys.stdin.readline()
        talk("" if answer.endswith("\n") else "\n")
        if answer.strip() != "yes":
            raise StashError("Pull cancelled.", hint="Nothing was written.")
    write_all(session.root, files)
    count = len(files)
    talk(f"Wrote {count:,} file{'' if count == 1 else 's'}.")
