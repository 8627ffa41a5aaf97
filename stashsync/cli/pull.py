"""`pull`: the server's changes into the manifests."""

from __future__ import annotations

import click

from stashsync.cli.options import Options, Scope, chosen, offering


@click.command("pull")
@click.argument("targets", metavar="[TARGET]...", nargs=-1, shell_complete=offering("objects"))
@chosen
@click.option("--new", is_flag=True, help="Add objects too that no manifest names.")
@click.option("--all-fields", is_flag=True, help="Add fields too that no manifest mentions.")
@click.option("--into", metavar="FILE", help="Put new objects into FILE; implies --new.")
@click.option("--ours", is_flag=True, help="Where both sides changed, keep the manifests'.")
@click.option("--theirs", is_flag=True, help="Where both sides changed, take the server's.")
@click.option(
    "--reset", is_flag=True, help="Take the server's values, also where the manifests changed."
)
@click.option("--auto-approve", is_flag=True, help="Do not ask before files are written.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text",
              show_default=True, help="For people or for programs.")  # fmt: skip
@click.pass_obj
def command(
    options: Options,
    *,
    targets: tuple[str, ...],
    target: tuple[str, ...],
    exclude: tuple[str, ...],
    new: bool,
    all_fields: bool,
    into: str | None,
    ours: bool,
    theirs: bool,
    reset: bool,
    auto_approve: bool,
    form: str,
) -> int:
    """Bring the server's changes into the manifests. Changes nothing on the server.

    Without manifests the whole library is written into new files. Existing manifests get what
    changed on the server, and nothing else in them changes. Shows what it will write. TARGET is
    the same as --target. --reset is for manifests that went back, as after `git checkout`.
    """
    from stashsync.cli.output import Outputs
    from stashsync.cli.prompt import require_terminal
    from stashsync.cli.pulling import ConflictError, PullRun, file_inside
    from stashsync.cli.reports import Reports
    from stashsync.cli.session import Session
    from stashsync.pull.export import PullScope

    if ours and (theirs or reset):
        raise click.UsageError("--ours contradicts --theirs and --reset.")
    if not auto_approve:
        require_terminal("Give --auto-approve; git shows what was written.")
    side = "ours" if ours else "theirs" if theirs else None
    reports = Reports(Outputs([form], [], options.color))
    with (
        Session(options, Scope((*targets, *target), exclude)) as session,
        reports.problems(session),
    ):
        place = file_inside(session, into) if into is not None else None
        scope = PullScope(all_fields, new or into is not None, place, reset)
        run = PullRun(session, scope, side, asks=not auto_approve, json=form == "json")
        code = run.run()
    if run.conflicts:  # which the document for programs has
        raise ConflictError(run.conflicts)
    return code
