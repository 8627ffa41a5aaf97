"""`import stash-box`: the objects of a stash-box into the manifests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import click

from stashsync.cli.importing import importing
from stashsync.cli.options import Options, offering

if TYPE_CHECKING:
    from stashsync.cli.session import Session
    from stashsync.cli.stash_boxes import ChosenBox
    from stashsync.sources.found import FoundObject, Leave
    from stashsync.sources.stash_box.kept_pages import KeptPages
    from stashsync.sources.stash_box.reading import BoxReader
    from stashsync.sources.stash_box.rows import BoxObject

KINDS: Final = {"tags": "tag", "studios": "studio", "performers": "performer"}
_OLD: Final = 60.0
"""Seconds from which the age of pages that are used again is mentioned."""


@click.command("stash-box")
@click.argument("kinds", metavar="[tags|studios|performers]...", nargs=-1,
                type=click.Choice(list(KINDS)))  # fmt: skip
@click.option("--endpoint", metavar="URL|NAME", shell_complete=offering("stash_boxes"),
              help="The stash-box: its address, or its name in the settings. sandbox: is one to "
              "try with.")  # fmt: skip
@click.option("--from-server", is_flag=True,
              help="A stash-box of Stash's own settings, with its key.")  # fmt: skip
@click.option("--key", metavar="env:NAME|file:PATH",
              help="Where its key is; STASH_BOX_API_KEY without it.")  # fmt: skip
@click.option("--category", "categories", multiple=True, metavar="NAME",
              help="The tags of this category alone; may be given again.")  # fmt: skip
@click.option("--categories-as-parents", "as_parents", is_flag=True,
              help="Make a tag of each category, above its tags.")  # fmt: skip
@click.option("--fresh", is_flag=True,
              help="Read all pages, also those that an earlier attempt has read.")  # fmt: skip
@importing
@click.pass_obj
@click.pass_context
def stash_box_command(
    ctx: click.Context,
    options: Options,
    *,
    kinds: Sequence[str],
    endpoint: str | None,
    from_server: bool,
    key: str | None,
    categories: Sequence[str],
    as_parents: bool,
    fresh: bool,
    run: Callable[..., int],
) -> int:
    """Import from a stash-box, such as StashDB: tags unless studios or performers are named.

    Reads one page after another, 60 in a minute. What was read is kept for a day, or until it is
    written: a second attempt goes on from there.
    """
    kinds = tuple(dict.fromkeys(kinds)) or ("tags",)
    if (categories or as_parents) and "tags" not in kinds:
        raise click.UsageError("--category and --categories-as-parents are about tags.")
    used: list[KeptPages] = []

    def read(session: Session, leave: Leave) -> Sequence[FoundObject]:
        from stashsync.cli.stash_boxes import choose_box
        from stashsync.sources.stash_box.kept_pages import KeptPages
        from stashsync.sources.stash_box.objects import found_objects

        box = choose_box(session, endpoint, key, from_server=from_server)
        session.state.make()
        kept = KeptPages(session.state.folder, box.endpoint)
        used.append(kept)
        if fresh:
            kept.discard()
        _mention(kept)
        rows = _rows(session, box, kept, kinds, categories)
        return found_objects(rows, box.endpoint, leave, categories_as_parents=as_parents)

    code = run(options, _title(endpoint), read)
    if not ctx.params["dry_run"]:
        for kept in used:
            kept.discard()
    return code


def _rows(
    session: Session,
    box: ChosenBox,
    kept: KeptPages,
    kinds: Sequence[str],
    categories: Sequence[str],
) -> list[BoxObject]:
    """Read what is wanted, and show how far it is."""
    import sys

    from stashsync.render.progress import working
    from stashsync.sources.stash_box.reading import BoxReader, Pace

    transport = box.connect(session)
    with working(f"Reading {box.endpoint} …", sys.stderr) as reading:
        reader = BoxReader(
            transport, box.endpoint, kept=kept, pace=Pace(box.per_minute), heard=reading.hear
        )
        return session.run(_all_rows(reader, kinds, categories))


async def _all_rows(
    reader: BoxReader, kinds: Sequence[str], categories: Sequence[str]
) -> list[BoxObject]:
    found: list[BoxObject] = []
    for word in kinds:
        if word == "tags" and categories:
            for category in await reader.categories(categories):
                found += await reader.objects("tag", category)
        else:
            found += await reader.objects(KINDS[word])
    return found


def _title(endpoint: str | None) -> str:
    """Return what the source is called in messages, without what is secret in an address."""
    from stashsync.cli.connecting import SANDBOX
    from stashsync.wire.url import redact

    if endpoint is None or endpoint == SANDBOX:
        return "the stash-box"
    return redact(endpoint)


def _mention(kept: KeptPages) -> None:
    from stashsync.cli.output import talk
    from stashsync.render.phrases import counted, duration

    if kept.seconds_old >= _OLD:
        talk(
            f"{counted(len(kept), 'page')} that {'was' if len(kept) == 1 else 'were'} read "
            f"{duration(kept.seconds_old)} ago are used again; --fresh reads everything anew."
        )
