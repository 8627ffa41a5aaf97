"""`rm`: objects that are to be deleted, in the manifests."""

from __future__ import annotations

import click

from stashsync.cli.options import Options, offering
from stashsync.cli.refactoring import editing, named_object, refactor


@click.command("rm")
@click.argument("targets", metavar="KIND:NAME...", nargs=-1, required=True,
                shell_complete=offering("objects"))  # fmt: skip
@click.option("--children-to", metavar="PARENT", shell_complete=offering("relatives"),
              help="Where its children go, if not to its parents.")  # fmt: skip
@click.option("-r", "--recursive", is_flag=True, help="Delete what is below it, too.")
@editing
@click.pass_obj
def command(
    options: Options,
    *,
    targets: tuple[str, ...],
    children_to: str | None,
    recursive: bool,
    dry_run: bool,
    auto_approve: bool,
) -> int:
    """Let the manifests delete objects with the next apply. Sends nothing.

    Their items get `state: absent`, and nothing refers to them any more. Children go to the
    parents of what is deleted. With --recursive they are deleted, unless they have other parents.
    """
    from stashsync.refactor.verbs import Refactoring

    wanted = [named_object(target) for target in targets]
    if recursive and children_to is not None:
        raise click.UsageError("--recursive contradicts --children-to.")

    def decide(project: Refactoring) -> None:
        for kind, name in wanted:
            project.remove(kind, name, children_to=children_to, recursive=recursive)

    return refactor(options, decide, dry_run=dry_run, auto_approve=auto_approve)
