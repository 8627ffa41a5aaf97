"""Execute plans: show, ask, back up, send; remember the baseline; end well at Ctrl-C."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from stashsync.applier.before import Images
from stashsync.applier.journal import Journal, Origin, Run
from stashsync.applier.listener import Interrupt, Listener
from stashsync.applier.outcomes import Report
from stashsync.applier.sizes import LARGEST
from stashsync.cli.files import read_file
from stashsync.cli.journals import RUNS, describe, find_run, only_one, require_no_open_run
from stashsync.cli.output import result, stderr_style, stdout_style, talk
from stashsync.cli.prompt import ask
from stashsync.cli.reports import Reports
from stashsync.cli.session import SANDBOX, Session
from stashsync.client.backup import back_up
from stashsync.engine.baseline import after_apply
from stashsync.engine.observe import observe, wanted_by
from stashsync.engine.reconcile import (
    Reconciliation,
    carry_out,
    check_fresh,
    check_safe,
    compare,
)
from stashsync.errors import ManifestError, PlanError, StashConfigurationError, StashError
from stashsync.manifest import Desired
from stashsync.outcomes import Outcome, Status
from stashsync.planner import Plan, saved
from stashsync.planner.staleness import fields_to_read
from stashsync.render.events import Events
from stashsync.render.progress import Progress, working
from stashsync.render.report import report_text
from stashsync.render.safe import quoted
from stashsync.render.style import is_terminal
from stashsync.render.text import no_changes, plan_text
from stashsync.state import State

QUESTION = """\
Do you want to perform these actions?
  stashsync will perform the actions described above.
  Only 'yes' will be accepted to approve.

  Enter a value: """
MOVED = "\nThe library or the manifests changed meanwhile. This is the plan by now:\n"
FIRST = "\nInterrupt received. The document in flight is finished; a second one stops at once."
SECOND = "\nTwo interrupts received. Exiting immediately."


@dataclass(frozen=True, slots=True)
class How:
    """How a plan is carried out: see the options of `apply`."""

    max_batch: int = LARGEST
    events: str | None = None
    force: bool = False
    backup: bool = False
    abandon: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """A run, with both sides as they were before it where these are known."""

    report: Report
    seen: Reconciliation | None
    observed: State

    def remember(self, session: Session) -> None:
        """Write the baseline, where there is a project and the server outlives this command."""
        if _lasts(session):
            library = session.identity or self.report.plan.source.identity
            written = after_apply(self.report, self.seen, self.observed, session.baseline(library))
            session.remember(replace(written, library=library))


def _lasts(session: Session) -> bool:
    """Whether there is a project and a server that outlives this command."""
    return session.has_manifests and session.settings.url != SANDBOX


def apply_manifests(session: Session, how: How, reports: Reports, *, asks: bool) -> Applied:
    """Plan, show, ask, execute.

    Raises:
        SafetyError: a threshold or a protection forbids it; nothing was sent.
        StashError: nothing was sent: a problem, or the answer was no.
    """
    desired = session.load()
    _require_no_open_run(session, how)
    found = session.reconcile(desired)
    while True:
        _show(session, found, how, reports, asks=asks)
        check_safe(found.plan, force=how.force)
        if not found.plan or not asks:
            break
        if not ask(QUESTION):
            raise StashError("Apply cancelled.", hint="Nothing was sent.")
        again = session.reconcile(session.load())
        if again.plan == found.plan:
            break
        talk(MOVED)
        found = again
    return Applied(execute(session, found.plan, how), found, found.observed)


def _require_no_open_run(session: Session, how: How) -> None:
    if _lasts(session):
        library = session.run(session.client.capabilities()).identity
        require_no_open_run(session, library, give_up=how.abandon)


def _show(
    session: Session, found: Reconciliation, how: How, reports: Reports, *, asks: bool
) -> None:
    plan, estimate = found.plan, session.estimate(found, how.max_batch)
    # The plan is part of the result, unless that is for a program, or the person who is asked
    # would not see it there.
    seen = reports.places.has("text") and not (asks and not is_terminal(sys.stdout))
    color = session.options.color
    style = stdout_style(color) if seen else stderr_style(color)
    # The person who is asked has to see what they approve.
    shown = reports.redactor.plan(plan) if reports.redactor is not None and not asks else plan
    text = plan_text(
        shown,
        style=style,
        detail=reports.detail,
        estimate=estimate,
        attribution=session.attribution(plan),
    )
    if seen:
        result(text + "\n")
    else:
        talk(text)


def resume(session: Session, name: str | None, *, asks: bool) -> Applied:
    """Do the rest of a run, after a question.

    Raises:
        StashError: there is no such run, it was on another library, or the answer was no; nothing
            was sent.
    """
    run = find_run(session, name)
    server = session.run(session.client.capabilities())
    if run.origin.library != server.identity:
        raise StashConfigurationError(
            f"the run {run.id} was on another library than the one at this address",
            hint=f"Give the address it was made for: {run.origin.server}",
        )
    talk(describe(run))
    talk(report_text(run.report(), style=stderr_style(session.options.color), full=True))
    if asks and not ask(QUESTION):
        raise StashError("Resume cancelled.", hint="Nothing was sent.")
    with working(f"Reading {session.server} …", sys.stderr):
        observed = session.run(observe(fields_to_read(run.plan), session.client))
    return Applied(execute(session, run.plan, begun=run), None, observed)


def apply_saved(session: Session, file: str, how: How) -> Applied:
    """Execute a saved plan, if it still fits the server.

    Raises:
        SafetyError: a threshold or a protection forbade it when it was made; nothing was sent.
        StalePlanError: something that it depends on changed; nothing was sent.
        StashError: nothing was sent.
    """
    plan = saved.load(read_file(file))
    _require_no_open_run(session, how)
    check_safe(plan, force=how.force)
    desired = _manifests_of(session, plan)
    also = wanted_by(desired.state) if desired is not None else None
    with working(f"Reading {session.server} …", sys.stderr):
        observed = session.run(check_fresh(plan, session.client, also=also))
    found = None
    if desired is not None:
        server = session.run(session.client.capabilities())
        with suppress(PlanError):  # the plan is what was approved; this is for the baseline alone
            policy = replace(session.policy, lenient=True)
            found = compare(desired, observed, server, policy=policy)
    if not plan:
        talk(no_changes())
    return Applied(execute(session, plan, how), found, observed)


def _manifests_of(session: Session, plan: Plan) -> Desired | None:
    """Load the manifests that the plan was made from; warn if they changed since."""
    if not session.has_manifests:
        return None
    with suppress(ManifestError):
        desired = session.load()
        if desired.digest == plan.source.digest:
            return desired
    talk("Warning: the manifests have changed since this plan was made. The plan counts.")
    return None


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

    Raises:
        StashError: the server made no backup; nothing was sent.
        KeyboardInterrupt: after a second interrupt; what is known was printed.
    """
    how = how or How()
    keeps = bool(plan) and _lasts(session)
    with ExitStack() as stack:
        if keeps:
            stack.enter_context(only_one(session))
        stream = stack.enter_context(_events(how.events))
        if how.backup and plan:
            _back_up(session)
        progress, tally = Progress(sys.stderr, color=session.options.color), Tally()
        listeners: list[Listener] = [tally, progress]
        if keeps:
            session.mark_library()
            origin = Origin("apply", session.server, session.identity)
            journal = Journal(session.state / RUNS, origin, begun)
            stack.callback(journal.close)
            listeners.insert(0, journal)
        if stream is not None:
            listeners.append(Events(stream, on_failure=_events_failed))
        listener = _Listeners(listeners)
        try:
            return session.run(_carry_out(session, plan, how.max_batch, listener, root, begun))
        except (asyncio.CancelledError, KeyboardInterrupt):  # the latter on Windows
            progress.close()
            talk(tally.text())
            raise KeyboardInterrupt from None
        finally:
            progress.close()


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


class Tally(Listener):
    """Counts, for the account of a run that is cancelled."""

    def __init__(self) -> None:
        self._total = self._applied = 0
        self._sent: set[int] = set()

    def started(self, plan: Plan) -> None:
        """Note the number of operations."""
        self._total = len(plan.operations)

    def sending(self, operations: Sequence[int]) -> None:
        """Note operations as sent."""
        self._sent.update(operations)

    def settled(self, outcome: Outcome) -> None:
        """Count an outcome; the operation is no longer open."""
        self._applied += outcome.status is Status.APPLIED
        self._sent.discard(outcome.operation)

    def text(self) -> str:
        """Report what is known, and what is not."""
        return (
            f"Of {self._total:,} operations, {self._applied:,} are known to be applied; "
            f"what became of {len(self._sent):,} that were sent is unknown. "
            "The next plan shows it."
        )
