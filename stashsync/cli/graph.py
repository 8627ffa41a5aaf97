"""`graph`: the hierarchies, drawn."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from stashsync.cli.options import Options, offering
from stashsync.errors import StashError
from stashsync.render.safe import quoted

if TYPE_CHECKING:
    from stashsync.cli.session import Session
    from stashsync.planner.plan import Plan
    from stashsync.state import State

FORMATS = ("tree", "mermaid", "dot", "svg", "html")

TOO_LARGE = (
    "Mermaid draws no chart with more than 500 edges or 50,000 characters, and a page cannot allow "
    "more. This is Markdown with several charts; --below NAME draws one subtree, and the formats "
    "svg and html have no such limit."
)


@click.command("graph")
@click.argument("planfile", metavar="[PLANFILE]", required=False)
@click.option("--observed", is_flag=True, help="What the server has, not the manifests.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only this kind.",
              shell_complete=offering("kinds"))  # fmt: skip
@click.option("--below", metavar="NAME", help="Only this object and what is below it.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="tree", show_default=True,
    help="Text, Mermaid, Graphviz, a picture or a page.",
)  # fmt: skip
@click.option("--output", metavar="FILE", help="Write to FILE, not to the standard output.")
@click.option("--redact", is_flag=True, help="Pseudonyms in place of names.")
@click.pass_obj
def command(
    options: Options,
    *,
    planfile: str | None,
    observed: bool,
    kinds: tuple[str, ...],
    below: str | None,
    form: str,
    output: str | None,
    redact: bool,
) -> None:
    """Draw the hierarchies.

    Of the manifests, or with --observed of the server. With PLANFILE, a plan that `plan --out`
    saved, what it creates, moves, renames, merges and destroys is marked.
    """
    from stashsync.cli.files import write_file
    from stashsync.cli.output import result, stdout_style, talk
    from stashsync.cli.reports import redactor
    from stashsync.cli.session import Session
    from stashsync.render.graph import FORMATS as DRAWN
    from stashsync.render.graph import tree_graph
    from stashsync.render.graph.mermaid import fits
    from stashsync.render.graph.model import below as subtree
    from stashsync.render.graph.model import desired_forests, observed_forests, redacted

    wanted = _wanted(kinds)
    with Session(options) as session:
        plan = _plan(planfile)
        hiding = redactor(session.root) if redact else None
        if observed:
            forests = list(observed_forests(_observe(session), plan))
        else:
            forests = list(desired_forests(session.load().state, plan))
    forests = [forest for forest in forests if forest.kind in wanted]
    if below is not None:
        forests = [part for forest in forests if (part := subtree(forest, below)).names]
        if not forests:
            raise StashError(
                f"nothing in these hierarchies is called {quoted(below)}",
                hint="Names, not aliases.",
            )
    if form == "mermaid" and not fits(forests):
        talk(TOO_LARGE)
    if hiding is not None:
        forests = [redacted(forest, hiding) for forest in forests]
    if output is not None:
        write_file(output, DRAWN[form](forests).encode(), private=True)
    elif form == "tree":
        result(tree_graph(forests, stdout_style(options.color)))
    else:
        result(DRAWN[form](forests))


def _wanted(words: tuple[str, ...]) -> frozenset[str]:
    from stashsync.render.hierarchy import kinds_with_hierarchy

    kinds = [kind for kind, _ in kinds_with_hierarchy()]
    known = {word: kind.name for kind in kinds for word in (kind.name, kind.plural)}
    for word in words:
        if word not in known:
            raise click.UsageError(
                f"--kind takes {', '.join(kind.plural for kind in kinds)}: {word} has no hierarchy."
            )
    return frozenset(known[word] for word in words or known)


def _plan(file: str | None) -> Plan | None:
    if file is None:
        return None
    from stashsync.cli.files import read_file
    from stashsync.planner import saved

    return saved.load(read_file(file), file)


def _observe(session: Session) -> State:
    from stashsync.render.hierarchy import kinds_with_hierarchy
    from stashsync.render.progress import working

    fields = {kind.name: frozenset({field}) for kind, field in kinds_with_hierarchy()}
    with working(f"Reading {session.server} …", sys.stderr):
        return session.run(session.library.observe(fields))
