"""`doctor`: check the server before anything is done to it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from stashsync.cli.options import Options
from stashsync.errors import ExitCode, ManifestError, StashConfigurationError, StashError

if TYPE_CHECKING:
    from stashsync.cli.checks import Finding, Names
    from stashsync.cli.session import Session
    from stashsync.render.style import Style

_SIGNS = {"good": "✓", "note": "·", "warning": "!", "bad": "✗"}


@click.command("doctor")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text",
              show_default=True, help="For people or for programs.")  # fmt: skip
@click.option("--notify", is_flag=True, help="Send a test to whom the settings notify.")
@click.pass_obj
def command(options: Options, *, form: str, notify: bool) -> int:
    """Check the server: what it is, what it can hold, which plugins will run.

    Reads, and changes nothing. Exit code 0 where stashsync can work with it, warnings included;
    1 where it cannot, or where a test that was asked for did not arrive.
    """
    from stashsync.cli.checks import Finding, Level, check_server
    from stashsync.cli.notifying import check_notifications
    from stashsync.cli.output import Outputs, result, stdout_style
    from stashsync.cli.reports import Reports
    from stashsync.cli.session import Session
    from stashsync.render.json import text_of
    from stashsync.render.progress import working

    reports = Reports(Outputs([form], [], options.color))
    with Session(options) as session, reports.problems(session):
        if session.is_snapshot:
            raise StashConfigurationError(
                "a snapshot has no health", hint="Give the address of a server."
            )
        names, key = _names(session), session.settings.api_key
        try:
            with working(f"Checking {session.server} …", sys.stderr):
                found = session.run(check_server(session.client, key, names))
        except StashError as error:
            found = [Finding(Level.BAD, "connection", error.message, error.hint)]
        found += check_notifications(session, trial=notify)
        server = session.server
    if form == "json":
        rows = [{**finding._asdict(), "hint": finding.hint or None} for finding in found]
        document = {"format": "stashsync-doctor", "version": 1, "findings": rows}
        result(text_of({**document, "server": server}))
    else:
        result(doctor_text(server, found, stdout_style(options.color)))
    bad = any(finding.level is Level.BAD for finding in found)
    return ExitCode.ERROR if bad else ExitCode.OK


def _names(session: Session) -> Names:
    """Read the names in the manifests; `validate` is for their problems."""
    session.settings  # noqa: B018  # its problems are not the manifests'
    try:
        state = session.load().state
    except ManifestError:
        return {}
    return {kind: [item.name for item in found] for kind, found in state.resources.items()}


def doctor_text(server: str, found: Sequence[Finding], style: Style) -> str:
    """Render a line for each finding, with what to do below it, and how many are warnings."""
    from stashsync.render.safe import inert

    colours = {"good": style.create, "note": style.dim, "warning": style.warning,
               "bad": style.destroy}  # fmt: skip
    width = max(len(finding.about) for finding in found)
    lines = [f"{style.bold}{inert(server)}{style.reset}"]
    for finding in found:
        sign = f"{colours[finding.level]}{_SIGNS[finding.level]}{style.reset}"
        lines.append(f"  {sign} {finding.about:<{width}}  {inert(finding.text)}")
        if finding.hint:
            lines.append(f"    {'':<{width}}  {style.dim}{inert(finding.hint)}{style.reset}")
    warnings = sum(finding.level in ("warning", "bad") for finding in found)
    end = f"{warnings} to look at." if warnings else "All is well."
    return "\n".join([*lines, f"{style.bold}{end}{style.reset}"]) + "\n"
