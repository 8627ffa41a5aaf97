"""`runs`: what was run on the library, and how it ended."""

from __future__ import annotations

import click

from stashsync.cli.options import Options


@click.command("runs")
@click.pass_obj
def command(options: Options) -> None:
    """List the runs of this project.

    For each: when, by which command, how it ended, on which server. `stashsync show RUN` shows the
    report of one; the beginning of its id is enough.
    """
    from stashsync.applier.journal import Run, read_runs, undone
    from stashsync.cli.journals import RUNS, other_apply, undo_begun, warn_unreadable
    from stashsync.cli.output import result, talk
    from stashsync.cli.session import Session
    from stashsync.errors import StashConfigurationError
    from stashsync.render.safe import line as inert_line

    def line(run: Run) -> str:
        end = "complete" if run.report().complete else "incomplete"
        if run.id in over:
            end = "undone" if over[run.id] else "undone in part"
        elif run.abandoned:
            end = "abandoned"
        elif run.is_open and going_on:
            end = "going on or cut short"
        elif undo_begun(run, in_the_way):
            end = "being undone"
        elif run.is_in_the_way:
            end = "cut short, to be resumed" if run.is_open else "incomplete, to be resumed"
        elif undo_begun(run, in_effect):
            end = "undone in part"
        count = f"{len(run.applied):,} of {len(run.plan.operations):,} applied"
        return f"{run.id}  {run.started}  {run.origin.command}  {end}, {count}  {run.origin.server}"

    unreadable: list[StashConfigurationError] = []
    with Session(options) as session:
        folder = session.state.folder / RUNS
        runs = read_runs(folder, unreadable.append)
        going_on = any(run.is_open for run in runs) and other_apply(session)
    for error in unreadable:
        warn_unreadable(error)
    over = undone(runs)
    in_effect = [run for run in runs if run.id not in over]
    in_the_way = [run for run in in_effect if run.is_in_the_way]
    if not runs and not unreadable:
        talk("Nothing has been applied from this project.")
    for run in runs:
        result(inert_line(line(run)) + "\n")
