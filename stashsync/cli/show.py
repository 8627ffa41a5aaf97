"""`show`: a saved plan or the report of a run, in any format."""

from __future__ import annotations

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
) -> None:
    """Show a saved plan or the report of a run.

    FILE was written by `plan --out FILE` or by `apply --format json --output FILE`.
    """
    from stashsync.applier.outcomes import Report
    from stashsync.cli.output import Outputs, Writer, detail_of, read_file
    from stashsync.render.json import plan_json, report_json
    from stashsync.render.report import report_text
    from stashsync.render.saved import read
    from stashsync.render.text import plan_text

    places = Outputs(formats, outputs, options.color)
    shown = detail_of(concise=concise, full=full)
    found = read(read_file(file))
    writers: dict[str, Writer]
    if isinstance(found, Report):
        if concise:
            raise click.UsageError("--concise is for plans; this is the report of a run.")
        writers = {
            "text": lambda style: report_text(found, style=style, full=full),
            "json": lambda _: report_json(found),
        }
    else:
        writers = {
            "text": lambda style: plan_text(found, style=style, detail=shown),
            "json": lambda _: plan_json(found),
        }
    places.write(writers)
