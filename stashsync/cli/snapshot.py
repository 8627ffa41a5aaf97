"""`snapshot`: what the library holds, as a file."""

from __future__ import annotations

import sys

import click

from stashsync.cli.options import Options


@click.command("snapshot")
@click.argument("file", metavar="FILE")
@click.option("--images", is_flag=True, help="Add the digests of images: one request for each.")
@click.option("--redact", is_flag=True, help="Leave out what the manifests do not contain.")
@click.pass_obj
def command(options: Options, *, file: str, images: bool, redact: bool) -> None:
    """Save what the library holds, to plan against it elsewhere.

    Every reading command takes the file as `--server snapshot:FILE`, where no route leads to the
    server. It holds every name in the library: --redact keeps only what the manifests contain.
    With - for FILE it goes to the standard output.
    """
    from stashsync.cli.files import write_file
    from stashsync.cli.output import STDOUT, result, talk
    from stashsync.cli.session import Session
    from stashsync.engine.snapshot import dump, take
    from stashsync.engine.snapshot import redact as redacted
    from stashsync.planner import Policy, pair_up
    from stashsync.render.progress import working

    with Session(options) as session:
        # First, so that a slip in a manifest does not cost a reading of the library.
        desired = session.load() if redact else None
        with working(f"Reading {session.server} …", sys.stderr):
            found = session.run(take(session.client, images=images))
        if desired is not None:
            policy = Policy(lenient=True)
            _, pairs = pair_up(desired.state, found.state, found.server, policy=policy)
            found = redacted(found, pairs)
    if file == STDOUT:
        result(dump(found).decode(), machine=True)
        return
    write_file(file, dump(found), private=True)
    talk(f"{len(found.state):,} objects are saved in {file}. To plan against them:")
    talk(f"    stashsync --server snapshot:{file} plan")
