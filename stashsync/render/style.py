"""Colour, and when: on a terminal, unless the environment or a flag decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Final, NamedTuple


class Style(NamedTuple):
    """The sequences around a piece of text; all empty where there is no colour."""

    create: str = ""
    update: str = ""
    destroy: str = ""
    rename: str = ""
    warning: str = ""
    bold: str = ""
    dim: str = ""
    reset: str = ""


PLAIN: Final = Style()
COLOUR: Final = Style(
    create="\x1b[32m",
    update="\x1b[33m",
    destroy="\x1b[31m",
    rename="\x1b[36m",
    warning="\x1b[33m",
    bold="\x1b[1m",
    dim="\x1b[2m",
    reset="\x1b[0m",
)


def choose(stream: IO[str], environ: Mapping[str, str], wanted: bool | None = None) -> Style:
    """Return the style for `stream`. `wanted` is the value of a flag, which wins.

    Then `NO_COLOR` and `FORCE_COLOR` (not empty; no-color.org, force-color.org), then `TERM=dumb`,
    then whether the stream is a terminal.
    """
    if wanted is None:
        if environ.get("NO_COLOR"):
            wanted = False
        elif environ.get("FORCE_COLOR"):
            wanted = environ["FORCE_COLOR"] != "0"
        elif environ.get("TERM") == "dumb":
            wanted = False
        else:
            wanted = is_terminal(stream)
    return COLOUR if wanted else PLAIN


def is_terminal(stream: IO[str]) -> bool:
    """Whether `stream` is a terminal; a closed or missing one is none."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False
