"""`drift`: `plan` for CI."""

from __future__ import annotations

import click

from stashsync.cli.options import Options, VerbWithFormats, detail, formats, scope
from stashsync.errors import ExitCode

ACTIONS = ("create", "update", "delete", "merge", "rename")


@click.command("drift", cls=VerbWithFormats)
@click.option(
    "--fail-on",
    metavar=",".join(ACTIONS),
    default=",".join(ACTIONS),
    show_default=True,
    help="The actions that count as drift.",
)
@scope
@detail
@formats
@click.pass_obj
def command(
    options: Options,
    *,
    fail_on: str,
    target: tuple[str, ...],
    exclude: tuple[str, ...],
    prune: tuple[str, ...],
    concise: bool,
    full: bool,
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    redact: bool,
) -> int:
    """Tell whether the library is in step, for CI: exit 0 if it is, 2 if it drifted.

    A rename is an update too. What thresholds or protection would refuse ends in exit code 4.
    """
    from stashsync.cli.output import Outputs, detail_of
    from stashsync.cli.reports import Reports, redactor
    from stashsync.cli.session import Session
    from stashsync.render.text import Purpose
    from stashsync.render.view import actions

    counted = {one.strip() for one in fail_on.split(",")}
    if not counted <= set(ACTIONS):
        raise click.UsageError(f"--fail-on takes {', '.join(ACTIONS)}, with commas between.")
    places = Outputs(formats, outputs, options.color)
    shown = detail_of(concise=concise, full=full)
    with Session(options, target=target, exclude=exclude, prune=prune) as session:
        reports = Reports(places, detail=shown, redactor=redactor(redact, session.root))
        with reports.problems():
            plan = session.reconcile(session.load()).plan
    reports.plan(plan, purpose=Purpose.DRIFT, attribution=session.attribution(plan))
    if plan.refusals:
        return ExitCode.REFUSED
    return ExitCode.CHANGES if counted & actions(plan) else ExitCode.OK
