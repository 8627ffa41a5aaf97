"""Where results go: formats to the standard output or to files, messages to the standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import IO, TypeAlias

import click

from stashsync.cli.files import require_writable, write_file
from stashsync.errors import StashConfigurationError
from stashsync.render.style import PLAIN, Style, choose

Writer: TypeAlias = Callable[[Style], str]
"""Makes the text of one format in a style."""
STDOUT = "-"


class StandardOutputError(StashConfigurationError):
    """The standard output cannot be written."""


class Outputs:
    """Pairs of `--format` and `--output`: an output belongs to the format before it.

    A format without an output, or with `-`, goes to the standard output; only one can.

    Args:
        formats: what was given with `--format`.
        outputs: what was given with `--output`.
        color: the colour flag, if it is given.
        order: the names of both options in the order given; without it (they came from the
            environment) the first output belongs to the first format, and so on.

    Raises:
        click.UsageError: they do not fit together.
    """

    def __init__(
        self,
        formats: Sequence[str],
        outputs: Sequence[str],
        color: bool | None = None,
        order: Sequence[str] = (),
    ) -> None:
        if len(order) != len(formats) + len(outputs):
            shorter = min(len(formats), len(outputs))
            order = ["formats", "outputs"] * shorter + ["formats"] * (len(formats) - shorter)
            order += ["outputs"] * (len(outputs) - shorter)
        self._pairs = _paired(iter(formats), iter(outputs), order)
        self._color = color
        if sum(place == STDOUT for _, place in self._pairs) > 1:
            raise click.UsageError(
                "Only one format can go to the standard output; give the others an --output."
            )

    def has(self, name: str) -> bool:
        """Whether the standard output gets this format."""
        return (name, STDOUT) in self._pairs

    @property
    def names(self) -> frozenset[str]:
        """The formats that are written anywhere."""
        return frozenset(name for name, _ in self._pairs)

    def write(self, writers: Mapping[str, Writer]) -> None:
        """Write every format that has a writer to its place, also where another one fails.

        Raises:
            StashConfigurationError: a file cannot be written.
        """
        failures: list[StashConfigurationError] = []
        for name, place in self._pairs:
            if name not in writers:
                continue
            try:
                self._write(name, place, writers[name])
            except StashConfigurationError as error:
                failures.append(error)
        if failures:
            raise failures[0]

    def _write(self, name: str, place: str, writer: Writer) -> None:
        if place == STDOUT:
            result(writer(stdout_style(self._color)), machine=name != "text")
        else:
            write_file(place, writer(PLAIN).encode("utf-8", "surrogatepass"), private=True)

    def check(self) -> None:
        """Make sure that each file can be written.

        Raises:
            StashConfigurationError: one cannot.
        """
        for _, place in self._pairs:
            if place != STDOUT:
                require_writable(place)


def _paired(
    formats: Iterator[str], outputs: Iterator[str], order: Sequence[str]
) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    early: list[str] = []
    bare = False
    for option in order:
        if option == "formats":
            place = early.pop() if early else STDOUT
            bare = place == STDOUT
            pairs.append((next(formats), place))
        elif bare:
            pairs[-1] = (pairs[-1][0], next(outputs))
            bare = False
        else:
            early.append(next(outputs))
    if early and not pairs:
        pairs.append(("text", early.pop()))
    if early:
        raise click.UsageError("Each --output needs a --format before it.")
    return pairs or [("text", STDOUT)]


def stdout_style(color: bool | None) -> Style:
    """Choose the style of results; `color` is the flag."""
    return choose(sys.stdout, os.environ, color)


def stderr_style(color: bool | None) -> Style:
    """Choose the style of messages; `color` is the flag."""
    return choose(sys.stderr, os.environ, color)


def result(text: str, *, machine: bool = False) -> None:
    """Write to the standard output; a pipe that its reader closes changes no exit code.

    What is for a `machine` is UTF-8 with plain line feeds, whatever the terminal's encoding.

    Raises:
        StashConfigurationError: it cannot be written: the disk is full, or there is none.
    """
    if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison]  # `>&-` in a shell
        raise StandardOutputError(
            "there is no standard output", hint="To drop what is written, use `> /dev/null`."
        )
    try:
        _write(sys.stdout, text, machine=machine)
    except OSError as error:
        raise StandardOutputError(
            f"cannot write to the standard output: {error.strerror}"
        ) from error


def talk(text: str) -> None:
    """Write a line for people to the standard error, if that is possible."""
    with suppress(OSError):
        _write(sys.stderr, text + "\n")


def _write(stream: IO[str] | None, text: str, *, machine: bool = False) -> None:
    if stream is None:  # it was closed before the command began
        return
    try:
        buffer = getattr(stream, "buffer", None) if machine else None
        if buffer is not None:
            stream.flush()
            buffer.write(text.encode("utf-8", "backslashreplace"))
        else:
            stream.write(text)
        stream.flush()
    except OSError as error:
        silence(stream)
        if not isinstance(error, BrokenPipeError):
            raise


def silence(stream: IO[str]) -> None:
    """Let nothing more be written; otherwise Python tries again at its exit, and complains."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
