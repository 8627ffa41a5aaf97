"""A project in a folder, and the command line run in this process on it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from stashsync.cli import main

VARIABLES = ("STASH", "NO_COLOR", "FORCE_COLOR", "TERM")


@dataclass(frozen=True)
class Ran:
    """Exit code and output of a command."""

    code: int
    out: str
    err: str


class Terminal(io.StringIO):
    """A standard input with this text, which is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


class Answering(Terminal):
    """A terminal at which something happens before each answer."""

    def __init__(self, answers: str, meanwhile: Callable[[], object]) -> None:
        super().__init__(answers)
        self._meanwhile = meanwhile

    def readline(self, size: int | None = -1, /) -> str:
        """Run the action, then return the answer."""
        self._meanwhile()
        return super().readline(size or -1)


class Project:
    """A folder with manifests; its server is a sandbox kept in a file beside them."""

    def __init__(
        self,
        root: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self.root = root
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        for name in list(os.environ):
            if name.startswith(VARIABLES):
                monkeypatch.delenv(name)
        monkeypatch.chdir(root)

    def write(self, name: str, text: str) -> Path:
        """Write a file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def read(self, name: str) -> str:
        """Read a file of the project."""
        return (self.root / name).read_text("utf-8")

    def appending(self, name: str, text: str) -> Callable[[], object]:
        """Return what appends a text to a file of the project, once."""
        left = [text]

        def append() -> None:
            with (self.root / name).open("a", encoding="utf-8") as stream:
                stream.write(left.pop() if left else "")

        return append

    def run(self, *args: str, server: str | None = "sandbox:library.db") -> Ran:
        """Run a command line; `server` stands before the verb unless it is None."""
        whole: Sequence[str] = [*(("--server", server) if server else ()), *args]
        code = main(whole)
        out, err = self._capsys.readouterr()
        return Ran(int(code), out, err)

    def at_terminal(
        self,
        *args: str,
        answer: str,
        server: str | None = "sandbox:library.db",
        meanwhile: Callable[[], object] = lambda: None,
    ) -> Ran:
        """Run a command line at a terminal where `answer` is typed, each line after `meanwhile`."""
        with self._monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", Answering(answer, meanwhile))
            patch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
            return self.run(*args, server=server)


CODE = "import sys; from stashsync.cli import main; sys.exit(main(sys.argv[1:]))"


def start(
    folder: Path,
    *args: str,
    server: str | None = None,
    redirection: str = "",
    code: str = CODE,
    key: str = "",
) -> subprocess.Popen[str]:
    """Start a command line in a process of its own; a shell redirects its streams."""
    whole = [sys.executable, "-c", code, *(("--server", server) if server else ()), *args]
    if redirection:
        whole = ["sh", "-c", f'exec "$@" {redirection}', "sh", *whole]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STASH")}
    return subprocess.Popen(
        whole, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**kept, "STASH_API_KEY": key} if key else kept,
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> Ran:
    """Wait for the end of a command."""
    out, err = process.communicate(timeout=60)
    return Ran(process.returncode, out, err)
