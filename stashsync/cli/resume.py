"""`resume`: do the rest of a run that was cut short or left something undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from stashsync.cli.options import Options, VerbWithFormats, reports

if TYPE_CHECKING:
    from stashsync.cli.reports import Reports


@click.command("resume", cls=VerbWithFormats)
@click.argument("run", metavar="[RUN]", required=False)
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@reports
@click.pass_obj
def command(options: Options, *, run: str | None, auto_approve: bool, reports: Reports) -> int:
    """Do the rest of a run that was cut short.

    What is unknown of it is looked up first; what failed or was skipped is sent once more. RUN is
    the beginning of its id, as `runs` lists it; by default the latest that is not complete. One
    that ended, and that others came after, is left alone, unless its merges are not complete.
    Formats and outputs are those of the account.
    """
    from stashsync.cli.execute import finish, resume
    from stashsync.cli.notifying import notifying
    from stashsync.cli.prompt import require_terminal
    from stashsync.cli.session import Session

    if not auto_approve:
        require_terminal("Give --auto-approve.")
    with (
        Session(options, writes=True) as session,
        notifying(session, reports),
        reports.problems(session),
    ):
        applied = resume(session, run, asks=not auto_approve)
    return finish(session, applied, reports)
