"""`apply`: make the library match the manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from stashsync.cli.options import Options, Scope, VerbWithFormats, reports, scope

if TYPE_CHECKING:
    from stashsync.cli.reports import Reports


@click.command("apply", cls=VerbWithFormats)
@click.argument("planfile", metavar="[PLANFILE]", required=False)
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@click.option("--max-batch", type=click.IntRange(1, 250), default=250, show_default=True,
              help="The most operations in one document.")  # fmt: skip
@click.option("--events", metavar="FILE", help="Write what happens to FILE as JSON lines.")
@click.option("--force", is_flag=True, help="Execute what thresholds or protection refuse.")
@click.option("--backup", is_flag=True, help="Have the server copy its database first.")
@click.option("--abandon", is_flag=True, help="Give up the rest of a run that was cut short.")
@scope
@reports
@click.pass_obj
def command(
    options: Options,
    *,
    planfile: str | None,
    auto_approve: bool,
    max_batch: int,
    events: str | None,
    force: bool,
    backup: bool,
    abandon: bool,
    scope: Scope,
    reports: Reports,
) -> int:
    """Make the library match the manifests: plan, show, ask, execute.

    With PLANFILE, a plan that `plan --out` saved, exactly that plan is executed, without asking.
    Formats and outputs are those of the report.
    """
    from stashsync.cli.execute import apply_manifests, apply_saved, finish
    from stashsync.cli.notifying import notifying
    from stashsync.cli.prompt import require_terminal
    from stashsync.cli.running import How
    from stashsync.cli.session import Session
    from stashsync.render.choices import Detail

    if planfile is not None and reports.detail is Detail.CONCISE:
        raise click.UsageError("A plan file is executed without being shown: no --concise.")
    if planfile is not None and scope != Scope():
        raise click.UsageError(
            "A plan file is executed as it is: no --target, --exclude or --prune."
        )
    if planfile is None and not auto_approve:
        require_terminal("Give --auto-approve, or a plan file: plan --out FILE, then apply FILE.")
    how = How(max_batch, events, force=force, backup=backup, abandon=abandon)
    with (
        Session(options, scope, writes=True) as session,
        notifying(session, reports),
        reports.problems(session),
    ):
        if planfile is not None:
            done = apply_saved(session, planfile, how)
        else:
            done = apply_manifests(session, how, reports, asks=not auto_approve)
    return finish(session, done, reports)
