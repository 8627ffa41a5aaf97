"""Where results go: formats to the standard output or to files, talk to the standard error."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias

import click

from stashsync.cli.options import VerbWithFormats
from stashsync.errors import StashConfigurationError
from stashsync.render.style import PLAIN, Style, choose

if TYPE_CHECKING:
    from stashsync.render.text import Detail

Writer: TypeAlias = Callable[[Style], str]
"""Makes the text of one format in a style."""
STDOUT = "-"


class Outputs:
    """Pairs of `--format` and `--output`: an output belongs to the format before it.

    A format without an output, or with `-`, goes to the standard output; that can be one only.
    `order` has the names of the options as they were given; without it (they came from the
    environment) the first output belongs to the first format, and so on.

    Raises:
        click.UsageError: they do not fit together.
    """

    def __init__(
        self,
        formats: Sequence[str],
        outputs: Sequence[str],
        color: bool | None = None,
        *,
        order: Sequence[str] | None = None,
    ) -> None:
        if order is None:
            context = click.get_current_context(silent=True)
            order = context.meta.get(VerbWithFormats.ORDER, ()) if context else ()
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
        """Whether this format goes to the standard output."""
        return (name, STDOUT) in self._pairs

    @property
    def names(self) -> frozenset[str]:
        """The formats that go anywhere."""
        return frozenset(name for name, _ in self._pairs)

    def write(self, writers: Mapping[str, Writer]) -> None:
        """Write every format to its place, of those that there is a writer for.

        Raises:
            StashConfigurationError: a file cannot be written.
        """
        for name, place in self._pairs:
            if name not in writers:
                continue
            if place == STDOUT:
                result(writers[name](stdout_style(self._color)))
            else:
                write_file(place, writers[name](PLAIN).encode("utf-8", "surrogatepass"))


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
    """The style of results; `color` is what the flag says."""
    return choose(sys.stdout, os.environ, color)


def stderr_style(color: bool | None) -> Style:
    """The style of talk and errors."""
    return choose(sys.stderr, os.environ, color)


def result(text: str) -> None:
    """Write to the standard output. That nobody reads it any more changes no exit code."""
    _write(sys.stdout, text)


def talk(text: str) -> None:
    """Write a line to the standard error."""
    _write(sys.stderr, text + "\n")


def _write(stream: IO[str], text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        # Else Python would try again on its way out, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def write_file(path: str | Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        StashConfigurationError: it cannot be written.
    """
    target = Path(path)
    try:
        target = target.resolve()
        if target.exists() and not target.is_file():  # a pipe or a device: written as it is
            target.write_bytes(content)
            return
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(name, 0o666 & ~umask())
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise StashConfigurationError(
            f"cannot write {target}: {error.strerror}", hint="Nothing was written there."
        ) from error


def umask() -> int:
    """The process's mask of file modes."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def read_file(path: str) -> bytes:
    """The content of a file that somebody named.

    Raises:
        StashConfigurationError: it cannot be read.
    """
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise StashConfigurationError(f"cannot read {path}: {error.strerror}") from error


def detail_of(*, concise: bool, full: bool) -> Detail:
    """How much to show."""
    from stashsync.render.text import Detail  # loads all kinds; errors are told without

    if concise and full:
        raise click.UsageError("--concise and --full contradict each other.")
    return Detail.CONCISE if concise else Detail.FULL if full else Detail.NORMAL
