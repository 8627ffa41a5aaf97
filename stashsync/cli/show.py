"""`show`: a saved plan or the report of a run, in any format."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stashsync.cli.options import Options, VerbWithFormats, reports

if TYPE_CHECKING:
    from stashsync.cli.reports import Reports


@click.command("show", cls=VerbWithFormats)
@click.argument("file", metavar="FILE")
@reports
@click.pass_obj
def command(options: Options, *, file: str, reports: Reports) -> None:
    """Show a saved plan or the report of a run.

    FILE was written by `plan --out FILE` or by `apply --format json --output FILE`; or it is the
    beginning of a run's id, as `runs` lists it.
    """
    from stashsync.applier.outcomes import Report
    from stashsync.cli.files import read_file
    from stashsync.cli.journals import find_run, warn_if_going_on
    from stashsync.cli.session import Session
    from stashsync.render.choices import Detail
    from stashsync.render.saved import read, read_origin

    reports.redact(Path(options.project or "."))
    if Path(file).exists() or not file[:1].isdigit():
        content = read_file(file)
        found, origin = read(content, file), read_origin(content, file)
        if origin is not None:
            reports.stamp(origin.server, origin.command, origin.time)
    else:
        with Session(options) as session:
            run = find_run(session, file)
            warn_if_going_on(session, run)
        found = run.report()
        reports.stamp(run.origin.server, run.origin.command, datetime.fromisoformat(run.started))
    if not isinstance(found, Report):
        reports.plan(found)
    elif reports.detail is Detail.CONCISE:
        raise click.UsageError("--concise is for plans; this is the report of a run.")
    else:
        reports.report(found)
