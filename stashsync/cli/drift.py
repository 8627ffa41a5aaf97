"""`drift`: `plan` for CI."""

from __future__ import annotations

import click

from stashsync.cli.options import Options, VerbWithFormats, detail, formats
from stashsync.errors import ExitCode

ACTIONS = ("create", "update")


@click.command("drift", cls=VerbWithFormats)
@click.option(
    "--fail-on",
    metavar=",".join(ACTIONS),
    default=",".join(ACTIONS),
    show_default=True,
    help="The actions that count as drift.",
)
@detail
@formats
@click.pass_obj
def command(
    options: Options,
    *,
    fail_on: str,
    concise: bool,
    full: bool,
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    redact: bool,
) -> int:
    """Tell whether the library is in step, for CI: exit 0 if it is, 2 if it drifted."""
    from stashsync.cli.output import Outputs, detail_of
    from stashsync.cli.reports import Reports, redactor
    from stashsync.cli.session import Session
    from stashsync.render.text import Purpose

    counted = {one.strip() for one in fail_on.split(",")}
    if not counted <= set(ACTIONS):
        raise click.UsageError(f"--fail-on takes {' and '.join(ACTIONS)}, with commas between.")
    places = Outputs(formats, outputs, options.color)
    shown = detail_of(concise=concise, full=full)
    with Session(options) as session:
        reports = Reports(places, detail=shown, redactor=redactor(redact, session.root))
        with reports.problems():
            plan = session.plan(session.load())
    reports.plan(plan, purpose=Purpose.DRIFT)
    return ExitCode.CHANGES if any(plan.count(one) for one in counted) else ExitCode.OK
