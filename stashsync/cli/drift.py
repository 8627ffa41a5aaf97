"""`drift`: `plan` for CI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from stashsync.cli.options import Options, Scope, VerbWithFormats, reports, scope
from stashsync.errors import ExitCode

if TYPE_CHECKING:
    from stashsync.cli.reports import Reports

ACTIONS = ("create", "update", "delete", "merge", "rename")


@click.command("drift", cls=VerbWithFormats)
@click.option("--fail-on", metavar=",".join(ACTIONS), default=",".join(ACTIONS), show_default=True,
              help="The actions that count as drift.")  # fmt: skip
@scope
@reports
@click.pass_obj
def command(options: Options, *, fail_on: str, scope: Scope, reports: Reports) -> int:
    """Compare the library with the manifests, for CI: exit 0 if it is in step, 2 if it drifted.

    A rename is an update too. A plan that a threshold or a protection refuses ends in exit code 4.
    """
    from stashsync.cli.journals import warn_of_open_runs
    from stashsync.cli.notifying import notifying
    from stashsync.cli.session import Session
    from stashsync.render.choices import Purpose
    from stashsync.render.view import actions

    failing = {action.strip() for action in fail_on.split(",")}
    if not failing <= set(ACTIONS):
        raise click.UsageError(f"--fail-on takes {', '.join(ACTIONS)}, with commas between.")
    with Session(options, scope) as session, notifying(session, reports) as notifier:
        with reports.problems(session.root):
            plan = session.reconcile(session.load()).plan
        warn_of_open_runs(session, plan.source.identity)
        attribution = session.attribution(plan)
        reports.plan(plan, purpose=Purpose.DRIFT, attribution=attribution)
        drifted = bool(plan.refusals or failing & actions(plan))
        if drifted:
            notifier.drift(plan, attribution)
    if plan.refusals:
        return ExitCode.REFUSED
    return ExitCode.CHANGES if drifted else ExitCode.OK
