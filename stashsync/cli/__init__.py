"""The command line: parse, call, render, exit code. One verb per file.

`main` is the program; it imports nothing until it knows what is asked of it.
"""

from __future__ import annotations

from collections.abc import Sequence


def main(args: Sequence[str] | None = None) -> int:
    """Run `stashsync` with these arguments (None: the process's own); gives the exit code."""
    from stashsync.cli.errors import run

    return run(args)
