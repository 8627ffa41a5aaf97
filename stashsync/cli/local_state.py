"""What a project keeps about its servers between runs: the folder, and the baselines in it."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from stashsync.errors import StashConfigurationError

if TYPE_CHECKING:
    from stashsync.engine.baseline import Baseline

SKEW: Final = timedelta(minutes=10)
"""How much the clocks of a server and of a proxy in front of it may differ."""


class LocalState:
    """The folder of the local state, and the baselines of the libraries, read once.

    Args:
        folder: the project's `.stashsync`, or that of the settings.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._baselines: dict[str, Baseline | None] = {}
        self._set_aside: dict[str, str] = {}
        """Libraries whose baseline is of another time, and when that was found."""
        self._unusable: set[str] = set()
        """Libraries with a baseline that cannot be used, which is kept too."""

    def make(self) -> None:
        """Make the folder, out of the sight of git."""
        self.folder.mkdir(parents=True, exist_ok=True)
        ignore = self.folder / ".gitignore"
        if not ignore.exists():
            ignore.write_bytes(b"*\n")

    def stamp(self) -> frozenset[tuple[str, int, int]]:
        """Return what differs once another command has written a baseline or a journal."""
        paths = chain(self.folder.glob("baseline-*.json"), self.folder.glob("*/*.jsonl"))
        about = ((path.name, path.stat()) for path in paths)
        with suppress(OSError):  # a file that goes meanwhile
            return frozenset((name, stat.st_size, stat.st_mtime_ns) for name, stat in about)
        return frozenset()

    def baseline(self, library: str) -> Baseline | None:
        """Read what both sides held after the last apply or pull, where that is known.

        One that is damaged or of another version is not used, with a warning.

        Raises:
            StashConfigurationError: it is there and cannot be read.
        """
        from stashsync.engine.baseline import file_name, former_file_name

        if library not in self._baselines:
            found = None
            for name in (file_name(library), former_file_name(library)):
                path = self.folder / name
                content = _content(path)
                if content is not None:
                    found = self._load(path, content, library)
                    break
            self._baselines[library] = found
        return self._baselines[library]

    def _load(self, path: Path, content: bytes, library: str) -> Baseline | None:
        from stashsync.cli.output import talk
        from stashsync.engine.baseline import load

        try:
            return load(content, library, str(path))
        except StashConfigurationError as error:
            self._unusable.add(library)
            talk(
                f"Warning: {error.message}. It is not used; the next apply or pull keeps it aside."
            )
            return None

    def believe(self, read: Baseline | None, believed: Baseline | None) -> Baseline | None:
        """Go on with what is believed of a baseline; the file of what is not stays."""
        if read is not None:
            self._baselines[read.library] = believed
            if believed is None:
                from stashsync.applier.journal import run_id

                self._set_aside[read.library] = run_id(datetime.now(UTC))
        return believed

    def rename(self, before: str, library: str) -> None:
        """Know a library by another identity from now on."""
        known = self.baseline(before)
        if known is not None:
            self._baselines[library] = replace(known, library=library)

    def remember(self, baseline: Baseline, date: str = "") -> None:
        """Write the baseline, with the `date` of the server (an HTTP date) where it is known.

        A failure to write becomes a warning. A baseline that is to be kept aside and cannot be
        stays where it is.

        Raises:
            StashConfigurationError: the former one is there and cannot be read.
        """
        from stashsync.cli.files import write_all
        from stashsync.cli.output import talk
        from stashsync.engine.baseline import dump, file_name

        former = self.baseline(baseline.library)
        since = self._set_aside.pop(baseline.library, "")
        aside = bool(since) or baseline.library in self._unusable
        self._unusable.discard(baseline.library)
        kept = former.since if former is not None else ""
        baseline = replace(baseline, written=_time(date), since=since or kept)
        self._baselines[baseline.library] = baseline
        name = file_name(baseline.library)
        files = {name: dump(baseline)}
        if aside:
            try:
                os.rename(self.folder / name, self._free(f"{name}.{baseline.written[:10]}"))
            except FileNotFoundError:
                pass  # it has its former name
            except OSError as error:
                talk(f"Warning: {self.folder / name} cannot be kept aside: {error.strerror}")
                return
        if not (self.folder / ".gitignore").exists():
            files[".gitignore"] = b"*\n"
        try:
            write_all(self.folder, files, private=True)
        except StashConfigurationError as error:
            talk(f"Warning: the baseline cannot be written: {error.message}")

    def _free(self, name: str) -> Path:
        """Return a path for a baseline that is kept aside: an earlier one is not overwritten."""
        names = (f"{name}-{number}" for number in count(2))
        return next(
            path for each in chain([name], names) if not (path := self.folder / each).exists()
        )


def _content(path: Path) -> bytes | None:
    """Return what a file has; None where there is none."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StashConfigurationError(
            f"cannot read {path}: {error.strerror}",
            hint="It has what both sides held last. Make it readable, or move it away to go on "
            "without it.",
        ) from error


def time_before(date: str) -> str:
    """Return a time that is surely before an HTTP date (ISO 8601); "" where there is none.

    The date may be that of a proxy, whose clock is another one.
    """
    from email.utils import parsedate_to_datetime

    try:
        found = parsedate_to_datetime(date)
    except (ValueError, TypeError):
        return ""
    return (found - SKEW).isoformat(timespec="seconds")


def _time(date: str) -> str:
    """Return the time by the server's clock, or by ours where that is not known."""
    from email.utils import parsedate_to_datetime

    found = datetime.now(UTC)
    with suppress(ValueError, TypeError):
        found = parsedate_to_datetime(date)
    return found.isoformat(timespec="seconds")
