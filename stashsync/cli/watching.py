"""The loop of `watch`, and what it remembers from one look to the next.

look ──> in step ───┐                        the drift changed or ended: reports, a notification
drift ─────┼─ health file ─ wait ─>
failed ────┘                        the first failure, and its end: a notification
"""

from __future__ import annotations

import random
import signal
import time
from typing import Final

from stashsync import errors
from stashsync.cli.drifting import Drift, find_drift
from stashsync.cli.health import DRIFTED, FAILED, IN_STEP, REFUSED, HealthFile
from stashsync.cli.notifying import Notifier
from stashsync.cli.options import Options, Scope
from stashsync.cli.output import stderr_style, talk
from stashsync.cli.reports import Reports
from stashsync.cli.sending import require_apprise
from stashsync.cli.session import Session
from stashsync.errors import ExitCode, StashError
from stashsync.render.notices import in_step_notice, over_notice
from stashsync.render.phrases import duration
from stashsync.render.problems import error_text
from stashsync.render.sentences import plan_sentence

_SOON: Final = 60.0
"""Seconds after which a look that failed is repeated; twice as many after each further one."""
_WORDS: Final = {ExitCode.OK: IN_STEP, ExitCode.CHANGES: DRIFTED, ExitCode.REFUSED: REFUSED}


def until_stopped(watch: Watch) -> int:
    """Look and wait until a signal comes.

    Raises:
        StashError: the settings or the health file cannot be used; nothing was looked at.
    """
    # An event loop handles SIGINT, and is torn apart by an exception of any other handler. What a
    # shell starts in the background would ignore SIGINT.
    interrupt = signal.signal(signal.SIGINT, signal.default_int_handler)
    terminate = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        watch.check()
        while True:
            time.sleep(watch.look())
    except KeyboardInterrupt:
        talk("\nStopped.")
        return ExitCode.OK
    finally:
        signal.signal(signal.SIGINT, interrupt)
        signal.signal(signal.SIGTERM, terminate)


class Watch:
    """Looks at one library again and again.

    Args:
        options: those of the group.
        scope: what is compared.
        reports: where reports go when the drift has changed.
        failing: the actions that count as drift.
        every: the seconds between two looks.
        jitter: by which share of them a wait may be shorter or longer.
        health: the file for the result of each look. What the last watch wrote there is not
            notified again.
    """

    def __init__(
        self,
        options: Options,
        scope: Scope,
        reports: Reports,
        failing: frozenset[str],
        *,
        every: float,
        jitter: float,
        health: HealthFile | None,
    ) -> None:
        self._options, self._scope, self._reports = options, scope, reports
        self._failing, self._every, self._jitter, self._health = failing, every, jitter, health
        former = health.read() if health else None
        self._known = former.drift if former else ""
        """The digest of the drift that was notified last."""
        self._failure = former.failure if former else ""
        """The kind of the failure that was notified last, empty once it is over."""
        self._failures = 0
        self._written: str | None = None
        """The digest of the drift that the reports have."""

    def check(self) -> None:
        """Make sure that the settings can be used, and that the health file can be written.

        Raises:
            StashError: one of them cannot.
        """
        if self._health is not None:
            self._health.require_writable()
        with Session(self._options, self._scope) as session:
            if session.settings.notify.urls and not self._options.no_notify:
                require_apprise()

    def look(self) -> float:
        """Compare once, report what changed, and return the seconds until the next look."""
        with Session(self._options, self._scope) as session:
            notifier = Notifier(session, self._reports)
            try:
                found = find_drift(session, self._reports, self._failing)
                word, code = _WORDS[found.exit_code], found.exit_code
                self._compared(found, session, notifier)
            except StashError as error:
                word, code = FAILED, error.exit_code
                self._failed(error, notifier)
        wait = self._pause()
        when = time.strftime("%Y-%m-%d %H:%M:%S")
        talk(f"{when}: {word}; the next look is in {duration(wait)}.")
        if self._health is not None:
            self._health.write(
                word, code, wait, self._every, drift=self._known, failure=self._failure
            )
        return wait

    def _compared(self, found: Drift, session: Session, notifier: Notifier) -> None:
        digest, origin = found.digest, self._reports.stamp(session.server)
        if digest != self._written:
            found.write(self._reports)
            self._written = digest
        if self._failure:
            notifier.send(over_notice(plan_sentence(found.plan), origin))
        self._failures, self._failure = 0, ""
        if digest == self._known:
            return
        if found.counts:
            notifier.drift(found.plan, found.attribution)
        else:
            notifier.send(in_step_notice(found.plan, origin))
        self._known = digest

    def _failed(self, error: StashError, notifier: Notifier) -> None:
        self._failures += 1
        self._written = None  # files may have the problems now
        talk(error_text(error, stderr_style(self._options.color)).rstrip("\n"))
        kind = _kind_of(error)
        if kind != self._failure:
            notifier.failure(error)
            self._failure = kind

    def _pause(self) -> float:
        usual = self._every
        if self._failures:
            usual = min(usual, _SOON * 2 ** min(self._failures - 1, 20))
        return usual * (1 + self._jitter * random.uniform(-1, 1))


def _kind_of(error: StashError) -> str:
    """Return the name of the class in `errors`: one server can be out of reach in many ways."""
    return next(each.__name__ for each in type(error).__mro__ if each.__module__ == errors.__name__)
