"""A verb inside Stash: started by its plugin, over the connection that Stash hands over.

Stash writes an object with `server_connection` (address and session) and `args` to the standard
input. What the verb shows becomes lines of Stash's log, how far it is becomes the progress of the
job, and its last line the result. The session goes to the connection and nowhere else.
"""

from __future__ import annotations

import io
import json
import sys
from collections import deque
from collections.abc import Mapping
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from stashsync.errors import ExitCode, StashConfigurationError, StashError

if TYPE_CHECKING:
    from stashsync.cli.session import Session
    from stashsync.wire.transport import Transport

ID: Final = "stashsync-tasks"
"""The plugin's id: the name of its file. The mark of the library is not among its settings.

Source: docs/stash-behaviour.md#identity-mark
"""
TASKS: Final[Mapping[str, tuple[str, ...]]] = {
    "plan": ("plan", "--concise"),
    "apply": ("apply", "--auto-approve", "--concise"),
    "pull": ("pull", "--auto-approve"),
    "drift": ("drift", "--concise"),
    "resume": ("resume", "--auto-approve"),
}
"""The command lines of the tasks."""
FIRST: Final = 300
LAST: Final = 20
"""The lines of a long text that are logged: so many at its beginning, and so many at its end."""
_READING: Final = 0.1
"""The share of the progress that reading the library is of a task that then changes it."""
_WHERE: Final = "Settings, Plugins, stashsync"
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_LEVELS: Final = {"Error": "e", "Warning": "w", "Refused": "w"}
_USUAL: Final = "i"
_STEP: Final = 0.005
"""The least of a progress that is worth a line."""


@dataclass(frozen=True, slots=True)
class StashConnection:
    """The server that started this process, at `url`, and what it handed over."""

    url: str
    given: Mapping[str, Any] = field(repr=False)

    def connect(self, session: Session) -> Transport:
        """Connect to it; the session closes the connection."""
        from stashsync.cli.connecting import limits_of
        from stashsync.wire.settings import SessionCookie, Tls
        from stashsync.wire.transport import Transport

        cookie = self.given.get("SessionCookie") or {}
        value, name = str(cookie.get("Value") or ""), str(cookie.get("Name") or "session")
        transport = Transport(
            self.url,
            api_key=SessionCookie(value, "the server's connection", name),
            tls=Tls(verify=self.given.get("verify_ssl") is not False),
            limits=limits_of(session.settings),
        )
        return session.closing(transport)


class StashLog(io.TextIOBase):
    """A stream whose lines are lines of Stash's log, which takes white space off their beginnings.

    Args:
        stream: the standard error, which Stash reads.
        reading: the share of the progress that is reading.
        behind: a stream whose text ends where a line comes here.
    """

    def __init__(
        self, stream: IO[str], reading: float = 1.0, behind: StashLog | None = None
    ) -> None:
        self._stream = stream
        self._reading = reading
        self._behind = behind
        self._level = _USUAL
        self._shared = 0.0
        self._rest = ""
        self._count = 0
        self._held: deque[str] = deque(maxlen=LAST)
        self.last = self.fault = ""
        """The last line, and the first that is an error."""

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Log the lines that are whole by now; blank ones are left out."""
        *whole, self._rest = (self._rest + text).split("\n")
        for line in whole:
            self._log(line.rstrip())
        return len(text)

    def close(self) -> None:
        """Log what is left."""
        self._log(self._rest.rstrip())
        self._rest = ""
        self.end()
        super().close()

    def end(self) -> None:
        """Log the end of a text that is too long to be logged whole."""
        more = self._count - FIRST - len(self._held)
        if more > 0:
            self._send(_USUAL, f"… {more:,} lines are left out here.")
        while self._held:
            self._send(_USUAL, self._held.popleft())
        self._count = 0

    def progress(self, share: float, *, reads: bool) -> None:
        """Report how far the reading, or the run after it, is: from 0 to 1."""
        done = share * self._reading if reads else self._reading + share * (1 - self._reading)
        if done - self._shared >= _STEP or share == 1:
            self._shared = done
            self._send("p", f"{done:.4f}")

    def _log(self, line: str) -> None:
        if not line:
            return
        if self._behind is not None:
            self._behind.end()
        if not line.startswith(" "):  # what is indented belongs to the line above
            self._level = _LEVELS.get(line.partition(":")[0], _USUAL)
        if self._level == _LEVELS["Error"]:
            self.fault = self.fault or line
        self.last = line
        self._count += 1
        if self._level != _USUAL or self._count <= FIRST:
            self._send(self._level, line)
        else:
            self._held.append(line)

    def _send(self, level: str, text: str) -> None:
        self._stream.write(f"\x01{level}\x02{text}\n")
        self._stream.flush()


def run_task(fragment: bytes) -> dict[str, Any]:
    """Run the task that Stash asks for; return the plugin's answer, `output` or `error`."""
    try:
        sent = json.loads(fragment)
        given, task = sent["server_connection"], (sent.get("args") or {}).get("task")
    except (ValueError, LookupError, TypeError, AttributeError):
        return {"error": "this is started by Stash, which writes a connection to it"}
    if not isinstance(task, str) or task not in TASKS:
        return {"error": f"there is no task {task!r}: it is one of {', '.join(TASKS)}"}
    try:
        connection, settings = _connect(given)
        root = _root(settings.get("project"), given.get("Dir"))
    except StashError as error:
        return {"error": f"{error.message}. {error.hint}".strip()}
    return _run(task, ("-C", str(root), "--no-color", *TASKS[task]), connection)


def _connect(given: Mapping[str, Any]) -> tuple[StashConnection, Mapping[str, Any]]:
    """Return the connection and the plugin's settings, which Stash keeps.

    Raises:
        StashError: Stash does not answer.
    """
    import asyncio

    from stashsync.client.context import StashContext

    host = str(given.get("Host") or "")
    if given.get("Scheme") == "https" and host.strip("[]") in ("", "0.0.0.0", "::", *_LOOPBACK):
        given = {**given, "verify_ssl": False}  # no certificate is made out to the loopback
    text = f'query Settings {{ configuration {{ plugins(include: ["{ID}"]) }} }}'

    async def ask() -> tuple[str, Any]:
        async with StashContext(given) as client:
            data = (await client.transport.send(text)).data_or_raise()
            return client.transport.endpoint.base, data["configuration"]["plugins"]

    url, settings = asyncio.run(ask())
    return StashConnection(url, given), settings.get(ID) or {}


def _root(project: object, folder: object) -> Path:
    """Return the project's folder; a relative one is below that of Stash's configuration.

    Raises:
        StashConfigurationError: none is set, or it is not there.
    """
    if not isinstance(project, str) or not project.strip():
        raise StashConfigurationError("no project is set", hint=f"{_WHERE}, Project.")
    root = Path(str(folder or ".")) / Path(project.strip()).expanduser()
    if not root.is_dir():
        raise StashConfigurationError(
            f"there is no folder {root}", hint=f"It is the Project of {_WHERE}."
        )
    return root


def _run(task: str, args: tuple[str, ...], connection: StashConnection) -> dict[str, Any]:
    from stashsync.cli.errors import run

    reading = _READING if task in ("apply", "resume") else 1.0
    with closing(StashLog(sys.stderr)) as shown:
        messages = StashLog(sys.stderr, reading, behind=shown)
        with closing(messages), redirect_stdout(shown), redirect_stderr(messages):
            code = run(args, connection)
    if code == ExitCode.CHANGES and task == "drift":
        StashLog(sys.stderr).write("Warning: this library and the manifests differ.\n")
    if code in (ExitCode.OK, ExitCode.CHANGES):
        return {"output": shown.last}
    why = messages.fault.removeprefix("Error: ") or shown.last
    return {"error": f"{task} ended with exit code {int(code)}: {why}"}
