"""From whatever happens to an exit code, and to text on the standard error."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

import click

from stashsync.errors import ExitCode, StashError

COLLECT_EVERY = 1_000_000
"""Allocations between two looks of the garbage collector: a command is short, its data large."""


def run(args: Sequence[str] | None = None) -> int:
    """Run a command line; every way it can end is an exit code."""
    from stashsync.cli.main import group

    gc.set_threshold(COLLECT_EVERY)
    _forgiving_streams()
    given = list(sys.argv[1:] if args is None else args)
    debug = "--debug" in given or os.environ.get("STASHSYNC_DEBUG", "") not in ("", "0", "false")
    try:
        code = group.main(given, prog_name="stashsync", standalone_mode=False)
        return int(code or ExitCode.OK)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.UsageError as error:
        error.show(file=sys.stderr)
        if isinstance(error, click.NoSuchOption) and _belongs_to(group, error.option_name):
            sys.stderr.write(f"  {error.option_name} stands before the command.\n")
        return ExitCode.USAGE
    except click.Abort:
        return _interrupted()
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        return ExitCode.ERROR
    except Exception as error:
        if debug:
            import traceback

            traceback.print_exc()
        _tell(error, _color(given))
        return error.exit_code if isinstance(error, StashError) else ExitCode.ERROR


def _belongs_to(group: click.Group, option: str) -> bool:
    return any(option in one.opts + one.secondary_opts for one in group.params)


def _tell(error: Exception, color: bool | None) -> None:
    from stashsync.cli.output import stderr_style, talk
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
    """What the flag says, where there may be no context any more."""
    if "--no-color" in given:
        return False
    return True if "--color" in given else None


def _interrupted() -> int:
    sys.stderr.write("\nInterrupted.\n")
    return ExitCode.INTERRUPTED


def _forgiving_streams() -> None:
    """Let no character that a terminal's encoding lacks end a command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
