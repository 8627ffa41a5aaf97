"""Carry out a command that edits the manifests: load, decide, show, ask, write."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import click

from stashsync.cli.options import Options, Verb

if TYPE_CHECKING:
    from stashsync.cli.session import Session
    from stashsync.refactor.servers import KnownServer
    from stashsync.refactor.verbs import Refactoring


MOVED: Final = "\nChanged meanwhile: {files}. This is what the command does by now:\n"


def editing(verb: Verb) -> Verb:
    """Add the options of commands that edit the manifests."""
    approve = click.option("--auto-approve", is_flag=True,
                           help="Do not ask before files are written.")  # fmt: skip
    dry_run = click.option("--dry-run", is_flag=True, help="Show what would be written.")
    return dry_run(approve(verb))


def refactor(
    options: Options, decide: Callable[[Refactoring], object], *, dry_run: bool, auto_approve: bool
) -> int:
    """Edit the manifests as `decide` does, if a person wants that; return the exit code.

    Begins anew where files changed before they were written.

    Raises:
        StashError: nothing was written.
    """
    from stashsync.cli.output import talk
    from stashsync.cli.prompt import require_terminal
    from stashsync.cli.session import Session
    from stashsync.cli.writing import FilesMoved
    from stashsync.render.safe import inert

    if not (dry_run or auto_approve):
        require_terminal("Give --auto-approve; git shows what was written. Or give --dry-run.")
    with Session(options) as session:
        while True:
            try:
                return _refactor_once(session, decide, dry_run=dry_run, asks=not auto_approve)
            except FilesMoved as moved:
                talk(MOVED.format(files=", ".join(map(inert, moved.files))))


def _refactor_once(
    session: Session, decide: Callable[[Refactoring], object], *, dry_run: bool, asks: bool
) -> int:
    from stashsync.cli.output import result, stdout_style, talk
    from stashsync.cli.writing import diff_text, write_if_approved
    from stashsync.manifest.settings import merge_lists
    from stashsync.pull.pairing import Project
    from stashsync.refactor.verbs import Refactoring
    from stashsync.render.safe import inert

    project = Project(
        session.root,
        session.settings.manifests,
        session.load(),
        lambda state: merge_lists(state, session.settings.lists),
    )
    command = Refactoring(project, _known_servers(session))
    decide(command)
    files = command.files()
    result(diff_text(session.root, files, stdout_style(session.options.color)))
    for note in command.notes:
        talk(f"Note: {inert(note)}")
    if not dry_run:
        folder = session.settings.manifests
        write_if_approved(session.root, folder, files, project.bytes, what="Command", asks=asks)
        talk("Nothing was sent: see `stashsync plan`.")
    return 0


def _known_servers(session: Session) -> list[KnownServer]:
    """Return all servers of which is known what they had after an apply or a pull."""
    from stashsync.engine.baseline import file_name
    from stashsync.refactor.servers import KnownServer

    before, after = file_name("*").split("*")
    libraries = (
        path.name.removeprefix(before).removesuffix(after)
        for path in sorted(session.state.folder.glob(file_name("*")))
    )
    baselines = (session.baseline(library) for library in libraries)
    return [KnownServer(baseline) for baseline in baselines if baseline is not None]


def named_object(text: str) -> tuple[str, str]:
    """Split `KIND:NAME`.

    Raises:
        click.UsageError: it has no kind that there is, or no name.
    """
    from stashsync.cli.choosing import chosen

    kind, name = chosen(text, "KIND:NAME")
    if ":" not in text:
        raise click.UsageError(f"KIND:NAME: {text!r} has no name; write {kind}:NAME.")
    return kind, name
