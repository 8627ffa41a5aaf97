"""What every `import` shares: its options, and how it runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import click

from stashsync.cli.options import Options, Verb

if TYPE_CHECKING:
    from stashsync.cli.session import Session
    from stashsync.sources.found import FoundObject, Leave, LeftOut

INTO: Final = "imported.yaml"
"""The manifest that new objects go to."""
Reader: TypeAlias = "Callable[[Session, Leave], Sequence[FoundObject]]"
"""Reads a source, and reports what of it no manifest can have."""


def importing(verb: Verb) -> Verb:
    """Add the options of an import, passed as one `run`: `run(options, source, reader)`."""

    @wraps(verb)
    def wrapped(
        *args: Any,
        into: str | None,
        update: Sequence[str],
        dry_run: bool,
        auto_approve: bool,
        form: str,
        **rest: Any,
    ) -> Any:
        def run(options: Options, source: str, reader: Reader) -> int:
            return _run(
                options,
                source,
                reader,
                into=into,
                update=update,
                dry_run=dry_run,
                auto_approve=auto_approve,
                json=form == "json",
            )

        return verb(*args, run=run, **rest)

    options = (
        click.option("--format", "form", type=click.Choice(("text", "json")), default="text",
                     show_default=True, help="For people or for programs."),
        click.option("--auto-approve", is_flag=True, help="Do not ask before files are written."),
        click.option("--dry-run", is_flag=True, help="Show what would be written."),
        click.option("--update", multiple=True, metavar="FIELD",
                     help="Take the source's value of this field where the manifests have another; "
                     "may be given again."),
        click.option("--into", metavar="FILE",
                     help=f"Put new objects into FILE; {INTO} in the manifests without it."),
    )  # fmt: skip
    decorated: Verb = wrapped
    for option in options:
        decorated = option(decorated)
    return decorated


def _run(
    options: Options,
    source: str,
    reader: Reader,
    *,
    into: str | None,
    update: Sequence[str],
    dry_run: bool,
    auto_approve: bool,
    json: bool,
) -> int:
    from stashsync.cli.import_run import ImportRun
    from stashsync.cli.output import Outputs
    from stashsync.cli.prompt import require_terminal
    from stashsync.cli.pulling import file_inside
    from stashsync.cli.reports import Reports
    from stashsync.cli.session import Session

    if not (dry_run or auto_approve):
        require_terminal("Give --auto-approve; git shows what was written. Or give --dry-run.")
    fields = _single_fields(update)
    reports = Reports(Outputs(["json"] if json else [], [], options.color))
    with Session(options) as session, reports.problems(session):
        place = file_inside(session, into or f"{session.settings.manifests}/{INTO}")
        left: list[LeftOut] = []
        found = reader(session, left.append)
        run = ImportRun(session, source, place, fields, not auto_approve, dry_run, json, left)
        return run.run(found)


def _single_fields(names: Sequence[str]) -> frozenset[str]:
    """Return the fields to update.

    Raises:
        click.UsageError: one is no field with a single value.
    """
    from stashsync.kinds import KINDS

    single = {
        name
        for kind in KINDS.values()
        for name, spec in kind.fields.items()
        if spec.meaning.shape == "scalar"
        and not spec.meaning.references()
        and name not in kind.key_fields
    }
    for name in names:
        if name not in single:
            known = ", ".join(sorted(single))
            raise click.UsageError(f"--update {name}: there are {known}; lists get what they lack.")
    return frozenset(names)
