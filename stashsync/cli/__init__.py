"""The command line: parse, call, render, exit code. One verb per file.

`main` is the program; it imports nothing until it knows what is asked of it.
"""

from __future__ import annotations

import atexit
import gc
from collections.abc import Sequence

COLLECT_EVERY = 10_000_000
"""Allocations between two runs of the garbage collector: a command is short, its data large."""


def main(args: Sequence[str] | None = None) -> int:
    """Run `stashsync` with these arguments (None: the process's own); gives the exit code."""
    gc.set_threshold(COLLECT_EVERY)
    atexit.register(gc.freeze)  # a last collection would free what ends with the process anyway
    from stashsync.cli.errors import run

    return run(args)
