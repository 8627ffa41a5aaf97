"""`fmt`: the manifests in canonical style."""

from __future__ import annotations

import click

from stashsync.cli.options import Options
from stashsync.errors import ExitCode


@click.command("fmt")
@click.option("--check", is_flag=True, help="Write nothing; exit 2 where something would change.")
@click.pass_obj
def command(options: Options, *, check: bool) -> int:
    """Give the manifests their canonical style. Comments, order and meaning stay.

    Indentation, needless quotes, stray spaces: nothing else changes. What was formatted is read
    again and compared before anything is written.
    """
    from stashsync.cli.files import write_all
    from stashsync.cli.output import result, stdout_style, talk
    from stashsync.cli.session import Session
    from stashsync.cli.writing import diff_text
    from stashsync.pull.formatting import format_project

    with Session(options) as session:
        found = format_project(session.root, session.settings.manifests, session.load())
    for name in found.left:
        talk(f"Warning: {name} is left as it is: formatted, it would not mean the same.")
    if check:
        if found.files:
            result(diff_text(session.root, found.files, stdout_style(options.color)))
        return ExitCode.CHANGES if found.files else ExitCode.OK
    write_all(session.root, found.files)
    for name in found.files:
        result(f"{name}\n")
    return ExitCode.OK
