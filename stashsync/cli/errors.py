"""Turn every way a command can end into an exit code and text on the standard error."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from stashsync.cli.inside import StashConnection

_UNWRITABLE = (errno.EPIPE, errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG, errno.EDQUOT)


def run(args: Sequence[str] | None = None, connection: StashConnection | None = None) -> int:
    """Run a command line; return the exit code of whatever way it ends.

    `connection` is the server, where that has started this process itself.
    """
    from stashsync.cli.program import group

    if "_STASHSYNC_COMPLETE" in os.environ:
        from stashsync.cli.completing import register

        register()
    _escape_unencodable()
    given = list(sys.argv[1:] if args is None else args)
    try:
        ended = group.main(given, prog_name="stashsync", standalone_mode=False, obj=connection)
        return int(ended or 0)
    except click.exceptions.Exit as end:
        return end.exit_code
    except (Exception, KeyboardInterrupt) as error:
        return _end(error, group, given)


def _end(error: BaseException, group: click.Group, given: Sequence[str]) -> int:
    """Report what went wrong; return its exit code."""
    from stashsync.errors import ExitCode, StashError  # not needed for --help

    if isinstance(error, click.UsageError):
        error.show(file=sys.stderr)
        if isinstance(error, click.NoSuchOption) and _belongs_to(group, error.option_name):
            sys.stderr.write(f"  {error.option_name} stands before the command.\n")
        return ExitCode.USAGE
    if isinstance(error, KeyboardInterrupt | click.Abort):
        sys.stderr.write("\nInterrupted.\n")
        return ExitCode.INTERRUPTED
    if isinstance(error, OSError) and error.errno in _UNWRITABLE:  # a help text, for example
        from stashsync.cli.output import silence, talk

        silence(sys.stdout)
        if not isinstance(error, BrokenPipeError):
            talk(f"Error: cannot write to the standard output: {error.strerror}")
        return ExitCode.ERROR
    if "--debug" in given or os.environ.get("STASHSYNC_DEBUG", "") not in ("", "0", "false"):
        import traceback

        traceback.print_exception(error)
    _report(error, _color(given))
    return error.exit_code if isinstance(error, StashError) else ExitCode.ERROR


def _belongs_to(group: click.Group, option: str) -> bool:
    return any(option in param.opts + param.secondary_opts for param in group.params)


def _report(error: BaseException, color: bool | None) -> None:
    from stashsync.cli.output import stderr_style, talk
    from stashsync.errors import StashError
    from stashsync.render.problems import error_text
    from stashsync.render.safe import inert

    style = stderr_style(color)
    if isinstance(error, StashError):
        talk(error_text(error, style).rstrip("\n"))
        return
    what = error.format_message() if isinstance(error, click.ClickException) else repr(error)
    talk(f"{style.destroy}{style.bold}Error:{style.reset} {inert(what)}")
    if not isinstance(error, click.ClickException):
        talk("  This should not have happened; --debug shows where it did.")


def _color(given: Sequence[str]) -> bool | None:
    """Read the colour flag from the arguments: click's context may be gone."""
    if "--no-color" in given:
        return False
    return True if "--color" in given else None


def _escape_unencodable() -> None:
    """Escape characters that the terminal's encoding lacks, so that none ends a command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
