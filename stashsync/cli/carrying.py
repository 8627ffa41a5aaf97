"""Carrying a plan out: what is shown before, who listens meanwhile, and what Ctrl-C does."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from stashsync.applier.listener import Interrupt, Listener
from stashsync.applier.outcomes import Report
from stashsync.applier.sizes import LARGEST
from stashsync.cli.approval import cancelled
from stashsync.cli.attribution import attribution_for
from stashsync.cli.listeners import Listeners, Tally
from stashsync.cli.output import Outputs, read_file, result, stderr_style, stdout_style, talk
from stashsync.cli.safety import back_up_first
from stashsync.cli.session import Session
from stashsync.engine.reconcile import carry_out, check_fresh, check_safe
from stashsync.errors import ManifestError, StashConfigurationError
from stashsync.planner import Plan, saved
from stashsync.render.events import Events
from stashsync.render.progress import Progress, working
from stashsync.render.redact import Redactor
from stashsync.render.style import is_terminal
from stashsync.render.text import Detail, no_changes, plan_text

FIRST = "\nInterrupt received. The document in flight is finished; a second one stops at once."
SECOND = "\nTwo interrupts received. Exiting immediately."


@dataclass(frozen=True, slots=True)
class How:
    """How a plan is to be carried out: see the options of `apply`."""

    max_batch: int = LARGEST
    events: str | None = None
    force: bool = False
    backup: bool = False


def carry_out_shown(
    session: Session,
    detail: Detail,
    approve: Callable[[], bool] | None,
    places: Outputs,
    how: How,
    redactor: Redactor | None = None,
) -> Report:
    """Plan, show, ask (with `approve`, if it is given), carry out.

    Raises:
        SafetyError: thresholds or protection refuse it; nothing was sent.
        StashError: nothing was sent: a problem, or a no.
    """
    plan = session.plan(session.load())
    estimate = session.estimate(plan, how.max_batch)
    # The plan is part of the result, unless a machine reads that, or whoever is asked would not
    # see it there.
    asked = approve is not None and not is_terminal(sys.stdout)
    seen = places.has("text") and not asked
    style = stdout_style(session.color) if seen else stderr_style(session.color)
    # Whoever is asked has to see what they approve.
    shown = redactor.plan(plan) if redactor is not None and approve is None else plan
    attribution = attribution_for(session, plan)
    text = plan_text(shown, style=style, detail=detail, estimate=estimate, attribution=attribution)
    if seen:
        result(text + "\n")
    else:
        talk(text)
    check_safe(plan, force=how.force)
    if plan and approve is not None and not approve():
        raise cancelled()
    return execute(session, plan, how)


def carry_out_saved(session: Session, file: str, how: How) -> Report:
    """Carry out a saved plan, if it still fits the server.

    Raises:
        SafetyError: thresholds or protection refused it when it was made; nothing was sent.
        StalePlanError: something that it depends on moved; nothing was sent.
        StashError: nothing was sent.
    """
    plan = saved.load(read_file(file))
    check_safe(plan, force=how.force)
    _warn_of_other_manifests(session, plan)
    with working(f"Reading {session.server} …", sys.stderr):
        session.run(check_fresh(plan, session.reader()))
    if not plan:
        talk(no_changes())
    return execute(session, plan, how)


def _warn_of_other_manifests(session: Session, plan: Plan) -> None:
    """The plan is what was approved; manifests that changed since are worth a word."""
    folder = session.root / session.settings.manifests
    if not folder.is_dir():
        return
    with suppress(ManifestError):
        if session.load().digest == plan.source.digest:
            return
    talk("Warning: the manifests have changed since this plan was made. The plan counts.")


def execute(
    session: Session,
    plan: Plan,
    how: How | None = None,
    root: Path | None = None,
) -> Report:
    """Carry the plan out. `root` is the folder of its images: the project's, if nothing is said.

    Raises:
        StashError: the server made no backup; nothing was sent.
        KeyboardInterrupt: a second interrupt; what is known was said.
    """
    how = how or How()
    with _events(how.events) as stream:
        if how.backup and plan:
            back_up_first(session)
        progress, tally = Progress(sys.stderr, color=session.color), Tally()
        listeners: list[Listener] = [tally, progress]
        if stream is not None:
            listeners.append(Events(stream, on_failure=_events_failed))
        try:
            return session.run(_carry_out(session, plan, how.max_batch, Listeners(listeners), root))
        except (asyncio.CancelledError, KeyboardInterrupt):  # the latter on Windows
            progress.close()
            talk(tally.text())
            raise KeyboardInterrupt from None
        finally:
            progress.close()


async def _carry_out(
    session: Session, plan: Plan, max_batch: int, listener: Listener, root: Path | None
) -> Report:
    interrupt = Interrupt()
    with _on_signals(interrupt):
        return await carry_out(
            plan,
            session.writer(),
            root=root or session.root,
            listener=listener,
            interrupt=interrupt,
            max_batch=max_batch,
        )


@contextmanager
def _on_signals(interrupt: Interrupt) -> Iterator[None]:
    """The first signal asks the run to end, the second cancels it."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def heard() -> None:
        if not interrupt.requested:
            interrupt.request()
            talk(FIRST)
        elif task is not None:
            talk(SECOND)
            task.cancel()

    heard_signals: Sequence[signal.Signals] = (signal.SIGINT, signal.SIGTERM)
    try:
        for one in heard_signals:
            loop.add_signal_handler(one, heard)
    except (NotImplementedError, RuntimeError, ValueError):
        # Windows, or not the main thread: Ctrl-C stops at once there.
        heard_signals = ()
    try:
        yield
    finally:
        for one in heard_signals:
            loop.remove_signal_handler(one)


def _events_failed(error: OSError) -> None:
    # The run matters more than its baseline.
    talk(f"Warning: no further events can be written: {error.strerror}")


@contextmanager
def _events(file: str | None) -> Iterator[IO[str] | None]:
    if file is None:
        yield None
        return
    try:
        stream = Path(file).open("w", encoding="utf-8")  # noqa: SIM115  # closed below
    except OSError as error:
        raise StashConfigurationError(
            f"cannot write {file}: {error.strerror}", hint="Nothing was sent."
        ) from error
    with stream:
        yield stream
