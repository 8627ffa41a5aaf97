"""`plan`: what would change."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from stashsync.cli.options import Options, Scope, VerbWithFormats, reports, scope
from stashsync.errors import ExitCode

if TYPE_CHECKING:
    from stashsync.cli.reports import Reports


@click.command("plan", cls=VerbWithFormats)
@click.option("--out", metavar="FILE", help="Keep the plan, for `apply FILE` and `show FILE`.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 where there are changes.")
@scope
@reports
@click.pass_obj
def command(
    options: Options, *, out: str | None, detailed_exitcode: bool, scope: Scope, reports: Reports
) -> int:
    """Show what would change. Changes nothing."""
    from stashsync.cli.files import write_file
    from stashsync.cli.journals import warn_of_open_runs
    from stashsync.cli.output import talk
    from stashsync.cli.session import Session
    from stashsync.planner import saved

    with Session(options, scope) as session:
        if out is not None and session.is_snapshot:
            raise click.UsageError(
                "A plan of a snapshot is to be looked at: make the one to apply from the server."
            )
        with reports.problems(session):
            found = session.reconcile(session.load())
            plan, estimate = found.plan, session.estimate(found)
    reports.stamp(session.server)
    warn_of_open_runs(session, plan.source.identity)
    if out is not None:
        write_file(out, saved.dump(plan), private=True)
    reports.plan(plan, estimate=estimate, attribution=session.attribution(plan))
    if out is not None:
        talk("\nThe plan is saved. To carry out exactly this:")
        talk(f"    stashsync apply {shlex.quote(out)}{' --force' if plan.refusals else ''}")
    if plan.refusals:
        return ExitCode.REFUSED
    return ExitCode.CHANGES if detailed_exitcode and plan else ExitCode.OK
