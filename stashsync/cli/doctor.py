"""`doctor`: the server looked over before anything is done to it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from stashsync.cli.options import Options
from stashsync.errors import ExitCode

if TYPE_CHECKING:
    from stashsync.cli.checks import Finding, Names
    from stashsync.cli.session import Session
    from stashsync.render.style import Style

_SIGNS = {"good": "✓", "note": "·", "warning": "!", "bad": "✗"}


@click.command("doctor")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text",
              show_default=True, help="For people or for programs.")  # fmt: skip
@click.pass_obj
def command(options: Options, *, form: str) -> int:
    """Look the server over: what it is, what it can hold, what will happen.

    Reads, and changes nothing. Exit code 0 where stashsync can work with it, 1 where it cannot;
    warnings change nothing in that.
    """
    from stashsync.cli.checks import Level, as_json, failed, look_over
    from stashsync.cli.output import result, stdout_style
    from stashsync.cli.session import Session
    from stashsync.errors import StashConfigurationError, StashError
    from stashsync.render.json import text_of
    from stashsync.render.progress import working

    with Session(options) as session:
        if session.is_snapshot:
            raise StashConfigurationError(
                "a snapshot has no health", hint="Give the address of a server."
            )
        names = _names(session)
        key = session.settings.api_key
        try:
            with working(f"Looking at {session.server} …", sys.stderr):
                found = session.run(look_over(session.client, key, names))
        except StashError as error:
            found = [failed(error)]
        server = session.server
    if form == "json":
        result(text_of({**as_json(found), "server": server}))
    else:
        result(doctor_text(server, found, stdout_style(options.color)))
    bad = any(one.level is Level.BAD for one in found)
    return ExitCode.ERROR if bad else ExitCode.OK


def _names(session: Session) -> Names:
    """The names in the manifests; where these have problems, `validate` tells them."""
    from stashsync.errors import ManifestError

    session.settings  # noqa: B018  # its problems are not the manifests'
    try:
        state = session.load().state
    except ManifestError:
        return {}
    return {kind: [one.name for one in some] for kind, some in state.resources.items()}


def doctor_text(server: str, found: Sequence[Finding], style: Style) -> str:
    """A line for each finding, what to do below it, and how many there were to look at."""
    from stashsync.render.safe import inert

    colours = {"good": style.create, "note": style.dim, "warning": style.warning,
               "bad": style.destroy}  # fmt: skip
    width = max(len(one.about) for one in found)
    lines = [f"{style.bold}{inert(server)}{style.reset}"]
    for one in found:
        sign = f"{colours[one.level]}{_SIGNS[one.level]}{style.reset}"
        lines.append(f"  {sign} {one.about:<{width}}  {inert(one.text)}")
        if one.hint:
            lines.append(f"    {'':<{width}}  {style.dim}{inert(one.hint)}{style.reset}")
    warnings = sum(one.level in ("warning", "bad") for one in found)
    end = f"{warnings} to look at." if warnings else "All is well."
    return "\n".join([*lines, f"{style.bold}{end}{style.reset}"]) + "\n"
