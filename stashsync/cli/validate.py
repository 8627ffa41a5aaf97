"""`validate`: everything that can be known without a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from stashsync.cli.options import Options

if TYPE_CHECKING:
    from stashsync.cli.session import Session
    from stashsync.manifest import Desired
    from stashsync.render.style import Style


@click.command("validate")
@click.option("--format", "form", type=click.Choice(("text", "json", "github", "junit")),
              default="text", show_default=True, help="For people or programs.")  # fmt: skip
@click.pass_obj
def command(options: Options, *, form: str) -> None:
    """Check the manifests, without a server.

    Reports every problem of every file, and stashsync.yaml with them.
    """
    from stashsync.cli.output import Outputs
    from stashsync.cli.reports import Reports
    from stashsync.cli.session import Session
    from stashsync.render.style import PLAIN

    places = Outputs([form], [], options.color)
    with Session(options) as session, Reports(places).problems(session):
        desired = _load(session)
        if session.settings.ignore:
            _refuse_ignored(session, desired)
    places.write(
        {
            "text": lambda style: valid_text(desired, style),
            "json": lambda _: _json(),
            "github": lambda _: valid_text(desired, PLAIN),
            "junit": lambda _: _junit(desired),
        }
    )


def _json() -> str:
    from stashsync.render.json import problems_json

    return problems_json([], "the manifests are valid")


def _junit(desired: Desired) -> str:
    from stashsync.render.junit import valid_junit  # half of the time that `validate` takes

    return valid_junit(desired.files)


def _load(session: Session) -> Desired:
    """Load the manifests; problems of the settings do not hide theirs.

    Raises:
        ManifestError: with the problems of both.
    """
    from stashsync.errors import ManifestError
    from stashsync.manifest import load

    try:
        return session.load()
    except ManifestError as error:
        if "settings" in vars(session):  # they were fine: these are the manifests' problems
            raise
        try:
            load(session.root)
        except ManifestError as further:
            problems = [*error.problems, *further.problems]
            raise ManifestError(problems, where=f"{error.where} and the manifests") from None
        raise


def _refuse_ignored(session: Session, desired: Desired) -> None:
    """Refuse objects that the manifests declare and the settings ignore; no server decides that.

    Raises:
        ManifestError: with each of them.
    """
    from stashsync.errors import ManifestError
    from stashsync.kinds import Capabilities
    from stashsync.planner.context import PlanContext
    from stashsync.planner.policy import refuse_ignored
    from stashsync.state import State

    nothing = Capabilities({}, {}, frozenset())
    context = PlanContext(desired.state, State({}), nothing, desired.locate)
    refuse_ignored(context, session.policy)
    if context.problems:
        raise ManifestError(context.problems)


def valid_text(desired: Desired, style: Style) -> str:
    """Render `Success! The manifests are valid: 24 tags and 5 studios in 2 files.`."""
    from stashsync.kinds import KINDS

    counts = [(len(desired.state.of(kind.name)), kind) for kind in KINDS.values()]
    parts = [
        f"{count:,} {kind.name if count == 1 else kind.plural}" for count, kind in counts if count
    ]
    listed = " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
    files = f"{len(desired.files):,} file{'' if len(desired.files) == 1 else 's'}"
    good = f"{style.create}{style.bold}Success!{style.reset}"
    return f"{good} The manifests are valid: {listed} in {files}.\n"
