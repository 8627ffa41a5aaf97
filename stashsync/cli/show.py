"""`show`: a saved plan or the report of a run, in any format."""

from __future__ import annotations

from pathlib import Path

import click

from stashsync.cli.options import Options, VerbWithFormats, detail, formats


@click.command("show", cls=VerbWithFormats)
@click.argument("file", metavar="FILE")
@detail
@formats
@click.pass_obj
def command(
    options: Options,
    *,
    file: str,
    concise: bool,
    full: bool,
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    redact: bool,
) -> None:
    """Show a saved plan or the report of a run.

    FILE was written by `plan --out FILE` or by `apply --format json --output FILE`.
    """
    from stashsync.applier.outcomes import Report
    from stashsync.cli.files import read_file
    from stashsync.cli.output import Outputs, detail_of
    from stashsync.cli.reports import Reports, redactor
    from stashsync.render.saved import read

    places = Outputs(formats, outputs, options.color)
    reports = Reports(
        places,
        detail=detail_of(concise=concise, full=full),
        redactor=redactor(redact, Path(options.project or ".")),
    )
    found = read(read_file(file))
    if not isinstance(found, Report):
        reports.plan(found)
        return
    if concise:
        raise click.UsageError("--concise is for plans; this is the report of a run.")
    reports.report(found)
