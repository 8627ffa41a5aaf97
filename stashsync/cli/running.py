"""Run a plan: lock, journal, events, progress, signals; and an account of it whatever happens."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from msgspec import Struct
from msgspec.structs import replace

from stashsync.applier import carry_out
from stashsync.applier.account import Account
from stashsync.applier.before import Images
from stashsync.applier.journal import Journal, Run, RunOrigin, read_run
from stashsync.applier.listener import Interrupt, Listener
from stashsync.applier.outcomes import Report
from stashsync.applier.patience import Patience
from stashsync.applier.sizes import LARGEST
from stashsync.cli.connecting import limits_of
from stashsync.cli.journals import RUNS, only_one, require_last
from stashsync.cli.output import talk
from stashsync.cli.session import Session
from stashsync.client.backup import back_up
from stashsync.errors import StashConfigurationError
from stashsync.outcomes import Outcome
from stashsync.planner import Plan
from stashsync.render.events import Events
from stashsync.render.progress import Progress, working
from stashsync.render.safe import quoted

FIRST = "\nInterrupt received. The document in flight is finished; a second one stops at once."
SECOND = "\nTwo interrupts received. Exiting immediately."


class How(Struct, frozen=True):
    """How a plan is carried out: see the options of `apply`."""

    max_batch: int = LARGEST
    events: str | None = None
    force: bool = False
    backup: bool = False
    abandon: bool = False
    command: str = "apply"
    undoes: str = ""
    """The id of the run that is taken back."""
    partly: bool = False
    """Whether something of that run has to be left."""
    last: str = ""
    """The id of the last run that the plan of an undo knows of."""


def execute(
    session: Session,
    plan: Plan,
    how: How | None = None,
    root: Path | None = None,
    *,
    begun: Run | None = None,
) -> Report:
    """Send the plan, or the rest of what was `begun`.

    `root` is the folder of its images: by default the project's.

    After a second interrupt the report has what is known until then.

    Raises:
        StashError: the journal, the events or a backup cannot be made; nothing was sent.
    """
    how = how or How()
    keeps = bool(plan) and session.lasts
    with ExitStack() as stack:
        if keeps:
            stack.enter_context(only_one(session))
            if begun is not None:
                _require_as_read(session, begun)
            if how.undoes:
                require_last(session, how.undoes, how.last)
        stream = stack.enter_context(_events(how.events))
        if how.backup and plan:
            _back_up(session)
        expected, color = session.expected_seconds, session.options.color
        progress, account = Progress(sys.stderr, expected=expected, color=color), Account(begun)
        listeners: list[Listener] = [account, progress]
        if keeps:
            session.mark_library()
            origin = RunOrigin(
                how.command, session.server, session.identity, how.undoes, how.partly
            )
            journal = Journal(session.state.folder / RUNS, origin, begun)
            stack.callback(_end, journal)
            listeners.insert(0, journal)
        if stream is not None:
            listeners.append(Events(stream, on_failure=_events_failed))
        listener = _Listeners(listeners)
        try:
            return session.run(_carry_out(session, plan, how.max_batch, listener, root, begun))
        except (asyncio.CancelledError, KeyboardInterrupt):  # the latter on Windows
            return replace(account.report(), unfinished=keeps)
        finally:
            progress.close()


def _require_as_read(session: Session, begun: Run) -> None:
    """Refuse to go on with a run that another process has gone on with since it was read."""
    if read_run(session.state.folder / RUNS / f"{begun.id}.jsonl") != begun:
        raise StashConfigurationError(
            f"another process went on with the run {begun.id} meanwhile",
            hint="`stashsync runs` shows what became of it.",
        )


async def _carry_out(
    session: Session,
    plan: Plan,
    max_batch: int,
    listener: Listener,
    root: Path | None,
    begun: Run | None,
) -> Report:
    interrupt = Interrupt()
    with _on_signals(interrupt):
        return await carry_out(
            plan,
            session.client,
            root=root or session.root,
            listener=listener,
            interrupt=interrupt,
            max_batch=max_batch,
            begun=begun,
            patience=Patience(request=limits_of(session.settings).mutation),
        )


def _end(journal: Journal) -> None:
    """Close the journal; say so where it is not whole."""
    journal.close()
    if journal.failure and journal.begun:
        talk(
            f"Warning: the journal of this run cannot be written: {journal.failure}. "
            "The next apply asks to resume it."
        )


def _back_up(session: Session) -> None:
    """Have the server copy its database, and print where the copy is."""
    with working(f"Backing up {session.server} …", sys.stderr):
        backup = session.run(back_up(session.client))
    talk(
        f"Backup: the server has copied its database into {quoted(backup.folder)}, "
        f"as a file whose name begins with {quoted(backup.database + '.')}."
    )


@contextmanager
def _on_signals(interrupt: Interrupt) -> Generator[None]:
    """Let the first signal ask the run to end, and the second cancel it."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def received() -> None:
        if not interrupt.requested:
            interrupt.request()
            talk(FIRST)
        elif task is not None:
            talk(SECOND)
            task.cancel()

    signals: Sequence[signal.Signals] = (signal.SIGINT, signal.SIGTERM)
    if sys.platform != "win32":
        signals = (*signals, signal.SIGHUP)
    try:
        for number in signals:
            loop.add_signal_handler(number, received)
    except (NotImplementedError, RuntimeError, ValueError):
        # Windows, or not the main thread: Ctrl-C stops at once there.
        signals = ()
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


def _events_failed(error: OSError) -> None:
    # The run matters more than its events.
    talk(f"Warning: no further events can be written: {error.strerror}")


@contextmanager
def _events(file: str | None) -> Generator[IO[str] | None]:
    if file is None:
        yield None
        return
    try:
        stream = Path(file).open("w", encoding="utf-8")  # noqa: SIM115  # closed below
    except OSError as error:
        raise StashConfigurationError(
            f"cannot write {file}: {error.strerror}", hint="Nothing was sent."
        ) from error
    try:
        yield stream
    finally:
        # Every line was flushed. What could not be written is still in the buffer, and fails again.
        with suppress(OSError):
            stream.close()


class _Listeners(Listener):
    """Several listeners as one, called in order."""

    def __init__(self, listeners: Sequence[Listener]) -> None:
        self._listeners = listeners

    def started(self, plan: Plan) -> None:
        for listener in self._listeners:
            listener.started(plan)

    @property
    def keeps_before(self) -> bool:
        return any(listener.keeps_before for listener in self._listeners)

    def before(self, images: Images) -> None:
        for listener in self._listeners:
            listener.before(images)

    def sending(self, operations: Sequence[int]) -> None:
        for listener in self._listeners:
            listener.sending(operations)

    def waiting(self, reason: str, seconds: float) -> None:
        for listener in self._listeners:
            listener.waiting(reason, seconds)

    def settled(self, outcome: Outcome) -> None:
        for listener in self._listeners:
            listener.settled(outcome)

    def finished(self, report: Report) -> None:
        for listener in self._listeners:
            listener.finished(report)
