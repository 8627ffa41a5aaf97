"""`pull`: the library into the manifests."""

from __future__ import annotations

import click

from stashsync.cli.options import Options


@click.command("pull")
@click.option("--target", multiple=True, metavar="KIND[:NAME-or-glob]", help="Only these objects.")
@click.option("--exclude", multiple=True, metavar="KIND[:NAME-or-glob]", help="All but these.")
@click.option("--new", is_flag=True, help="Add objects too that no manifest names.")
@click.option("--all-fields", is_flag=True, help="Add fields too that no manifest mentions.")
@click.option("--into", metavar="FILE", help="Put new objects into FILE; implies --new.")
@click.option("--ours", is_flag=True, help="Keep the manifests where both sides changed.")
@click.option("--theirs", is_flag=True, help="Accept the server where both sides changed.")
@click.option("--auto-approve", is_flag=True, help="Do not ask before files are written.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text",
              show_default=True, help="For people or for programs.")  # fmt: skip
@click.pass_obj
def command(
    options: Options,
    *,
    target: tuple[str, ...],
    exclude: tuple[str, ...],
    new: bool,
    all_fields: bool,
    into: str | None,
    ours: bool,
    theirs: bool,
    auto_approve: bool,
    form: str,
) -> int:
    """Bring the library into the manifests. Changes nothing on the server.

    Without manifests everything is written into new files. Existing manifests accept what changed
    on the server, and nothing else in them changes. Shows what it will write.
    """
    from stashsync.cli.prompt import require_terminal
    from stashsync.cli.pulling import pull
    from stashsync.cli.session import Session

    if ours and theirs:
        raise click.UsageError("--ours and --theirs contradict each other.")
    if not auto_approve:
        require_terminal("Give --auto-approve; git shows what was written.")
    side = "ours" if ours else "theirs" if theirs else None
    with Session(options, target=target, exclude=exclude) as session:
        return pull(
            session,
            new=new or into is not None,
            all_fields=all_fields,
            into=into,
            side=side,
            ask=not auto_approve,
            json=form == "json",
        )
