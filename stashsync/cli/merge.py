"""`merge`: several objects become one, in the manifests."""

from __future__ import annotations

import click

from stashsync.cli.options import Options, offering
from stashsync.cli.refactoring import editing, named_object, refactor


@click.command("merge")
@click.argument("sources", metavar="KIND:FROM...", nargs=-1, required=True,
                shell_complete=offering("objects"))  # fmt: skip
@click.argument("into", metavar="INTO", shell_complete=offering("relatives"))
@editing
@click.pass_obj
def command(
    options: Options,
    *,
    sources: tuple[str, ...],
    into: str,
    dry_run: bool,
    auto_approve: bool,
) -> int:
    """Let the manifests merge objects into another with the next apply. Sends nothing.

    What refers to one of them refers to INTO, children are below it, and its lists have the
    members of theirs. Their items go; INTO names them under `merge`. Only the first name needs
    its KIND.
    """
    from stashsync.refactor.verbs import Refactoring

    kind, first = named_object(sources[0])
    further = [_name(kind, text) for text in (*sources[1:], into)]

    def decide(project: Refactoring) -> None:
        project.merge(kind, [first, *further[:-1]], further[-1])

    return refactor(options, decide, dry_run=dry_run, auto_approve=auto_approve)


def _name(kind: str, text: str) -> str:
    """Return a name without its kind; a name may have a colon of its own."""
    from stashsync.kinds import KINDS

    word, _, name = text.partition(":")
    return name if word in (kind, KINDS[kind].plural) and name else text
