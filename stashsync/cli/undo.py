"""`undo`: take a run back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from stashsync.cli.options import Options, VerbWithFormats, reports

if TYPE_CHECKING:
    from stashsync.cli.reports import Reports


@click.command("undo", cls=VerbWithFormats)
@click.argument("run", metavar="[RUN]", required=False)
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@click.option("--max-batch", type=click.IntRange(1, 250), default=250, show_default=True,
              help="The most operations in one document.")  # fmt: skip
@click.option("--events", metavar="FILE", help="Write what happens to FILE as JSON lines.")
@click.option("--force", is_flag=True, help="Execute what protection refuses.")
@click.option("--backup", is_flag=True, help="Have the server copy its database first.")
@reports
@click.pass_obj
def command(
    options: Options,
    *,
    run: str | None,
    auto_approve: bool,
    max_batch: int,
    events: str | None,
    force: bool,
    backup: bool,
    reports: Reports,
) -> int:
    """Take a run back: plan that, show, ask, execute.

    What was created goes, what was updated gets its former values, and what was deleted or merged
    is made again. Whatever was changed since stays, and the plan reports it. RUN is the beginning
    of its id, as `runs` lists it; by default the latest that is in effect. An undo is a run itself
    and can be undone by its id. Formats and outputs are those of the report.
    """
    from stashsync.cli.execute import finish, undo
    from stashsync.cli.journals import find_run_to_undo
    from stashsync.cli.notifying import notifying
    from stashsync.cli.prompt import require_terminal
    from stashsync.cli.running import How
    from stashsync.cli.session import Session

    if not auto_approve:
        require_terminal("Give --auto-approve.")
    how = How(max_batch, events, force=force, backup=backup)
    with (
        Session(options, writes=True) as session,
        notifying(session, reports),
        reports.problems(session),
    ):
        found, later = find_run_to_undo(session, run)
        done = undo(session, found, later, how, reports, asks=not auto_approve)
    return finish(session, done, reports)
