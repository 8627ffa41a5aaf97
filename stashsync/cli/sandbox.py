"""`sandbox`: the embedded server on a port."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from stashsync.applier.outcomes import Report
    from stashsync.sandbox import Sandbox
    from stashsync.sandbox.server import Served


@click.command("sandbox")
@click.option("--port", type=click.IntRange(0, 65535), default=9998, show_default=True,
              help="The port on the loopback; 0 takes a free one.")  # fmt: skip
@click.option("--db", metavar="FILE", help="Keep the library in FILE, not in memory.")
@click.option("--seed", metavar="DIR", help="Load this folder of manifests first.")
@click.option("--latency", type=click.FloatRange(min=0), default=0.0, metavar="SECONDS",
              help="Wait before each answer.")  # fmt: skip
@click.option("--release", metavar="VERSION", help="The release of Stash to imitate.")
@click.option("--stash-box", is_flag=True,
              help="Serve a small stash-box in its place, to import from.")  # fmt: skip
def command(
    *,
    port: int,
    db: str | None,
    seed: str | None,
    latency: float,
    release: str | None,
    stash_box: bool,
) -> None:
    """Serve a small Stash-compatible server, on this machine alone, until Ctrl-C.

    Anyone on this machine may change its library. A stash-box has invented contents and takes any
    key.
    """
    import sqlite3

    from stashsync.cli.output import talk
    from stashsync.errors import StashConfigurationError
    from stashsync.sandbox import RELEASES, Sandbox

    if stash_box:
        if db or seed or release:
            raise click.UsageError("--stash-box goes with --port and --latency alone.")
        from stashsync.sandbox.stash_box import StashBox, generated

        _serve(StashBox(generated(), latency=latency), port)
        return
    if release is not None and release.removeprefix("v") not in RELEASES:
        raise click.UsageError(f"--release is one of {', '.join(RELEASES)}.")
    chosen: dict[str, Any] = {"release": release} if release else {}
    try:
        sandbox = Sandbox(db, latency=latency, **chosen)
    except ValueError as error:  # the message names the file and the way out
        raise StashConfigurationError(str(error)) from error
    except (sqlite3.Error, OSError) as error:
        raise StashConfigurationError(f"the sandbox cannot use {db}: {error}") from error
    with sandbox:
        if seed is not None:
            report = asyncio.run(plant(sandbox, Path(seed)))
            talk(f"Seeded from {seed}: {report.changed('create'):,} objects.")
        _serve(sandbox, port)


def _serve(served: Served, port: int) -> None:
    from stashsync.cli.output import result
    from stashsync.errors import StashConfigurationError
    from stashsync.sandbox import serve

    try:
        serve(served, port, on_ready=lambda url: result(f"Serving at {url}\n"))
    except OSError as error:
        raise StashConfigurationError(
            f"cannot serve on port {port}: {error.strerror}", hint="Give another --port."
        ) from error


async def plant(sandbox: Sandbox, folder: Path) -> Report:
    """Make the library of a sandbox match the manifests in `folder`.

    Raises:
        ManifestError: the manifests have problems.
        StashError: not everything was accepted.
    """
    from stashsync.applier import carry_out
    from stashsync.cli.connecting import through
    from stashsync.client import StashClient
    from stashsync.engine.reconcile import make_plan
    from stashsync.errors import StashError
    from stashsync.manifest import load
    from stashsync.render.report import report_text

    desired = load(folder.parent, folder=folder.name)
    async with StashClient(through(sandbox)) as client:
        report = await carry_out(await make_plan(desired, client), client, root=folder.parent)
    if not report.complete:
        raise StashError(f"the seed was not accepted whole\n{report_text(report)}")
    return report
