"""`mv`: another name or another place for an object, in the manifests."""

from __future__ import annotations

import click

from stashsync.cli.options import Options, offering
from stashsync.cli.refactoring import editing, named_object, refactor


@click.command("mv")
@click.argument("target", metavar="KIND:NAME", shell_complete=offering("objects"))
@click.argument("new", metavar="[NEW]", required=False)
@click.option("--keep-old-name", is_flag=True, help="The old name becomes an alias.")
@click.option("--under", metavar="PARENT", shell_complete=offering("relatives"),
              help="Move it below another object of its kind.")  # fmt: skip
@click.option("--top", is_flag=True, help="Move it to the top: it has no parents then.")
@click.option("--from", "leaving", multiple=True, metavar="PARENT",
              shell_complete=offering("relatives"),
              help="The parent that it leaves, if it has several; may be given again.")  # fmt: skip
@editing
@click.pass_obj
def command(
    options: Options,
    *,
    target: str,
    new: str | None,
    keep_old_name: bool,
    under: str | None,
    top: bool,
    leaving: tuple[str, ...],
    dry_run: bool,
    auto_approve: bool,
) -> int:
    """Rename an object in the manifests, or move it in its hierarchy. Sends nothing.

    NEW is its new name. Every reference to it changes too, and `renamed_from` lets the next apply
    rename the object on the server. Renamed back, nothing of that is left.
    """
    from stashsync.refactor.verbs import Refactoring

    kind, name = named_object(target)
    moves = under is not None or top
    if not (new or moves):
        raise click.UsageError("Give a new name, or --under or --top.")
    if top and under is not None:
        raise click.UsageError("--top contradicts --under.")
    if leaving and not moves:
        raise click.UsageError("--from needs --under or --top.")
    if keep_old_name and not new:
        raise click.UsageError("--keep-old-name needs a new name.")

    def decide(project: Refactoring) -> None:
        if moves:
            project.move(kind, name, under, leaving)
        if new:
            project.rename(kind, name, new, keep_old_name=keep_old_name)

    return refactor(options, decide, dry_run=dry_run, auto_approve=auto_approve)
