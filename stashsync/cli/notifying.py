"""Notify people of drift, runs and failures, as `notify:` of the settings wants it.

A notification that cannot be delivered is a warning, and changes no exit code.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from stashsync.config import EVENTS, SETTINGS_FILE
from stashsync.errors import (
    DeclinedError,
    NoApprovalError,
    Problems,
    SafetyError,
    StashConfigurationError,
    StashError,
)
from stashsync.render.phrases import counted

if TYPE_CHECKING:
    from stashsync.applier.outcomes import Report
    from stashsync.cli.checks import Finding
    from stashsync.cli.reports import Reports
    from stashsync.cli.sending import Attachment
    from stashsync.cli.session import Session
    from stashsync.config import NotifySettings
    from stashsync.planner.plan import Plan
    from stashsync.render.attribution import Attribution
    from stashsync.render.notices import Notice

_ENDINGS: Final = {"html": "html", "markdown": "md"}
ABOUT: Final = "notifications"
HIDDEN: Final = "The reason is in the log of the command."


class Notifier:
    """Sends what happens to those whom the settings of a session name, if anyone is named."""

    def __init__(self, session: Session, reports: Reports) -> None:
        self._session = session
        self._reports = reports

    @property
    def settings(self) -> NotifySettings | None:
        """The settings that count; None where nothing is to be sent."""
        found = self._session.settings.notify
        return None if self._session.options.no_notify or not found.urls else found

    def drift(self, plan: Plan, attribution: Attribution | None) -> None:
        """Report a library that differs from the manifests."""
        from stashsync.render.choices import Purpose
        from stashsync.render.notices import drift_notice

        if self.settings is None:
            return
        shown, origin = self._reports.shown(plan), self._reports.stamp(self._session.server)
        self.send(
            drift_notice(shown, origin, attribution),
            lambda form: self._reports.plan_as(
                form, plan, purpose=Purpose.DRIFT, attribution=attribution
            ),
        )

    def run(self, report: Report) -> None:
        """Report a run that changed something or failed."""
        from stashsync.render.notices import run_notice

        if self.settings is None or not (report.outcomes or report.interrupted):
            return
        shown, origin = self._reports.shown(report), self._reports.stamp(self._session.server)
        self.send(run_notice(shown, origin), lambda form: self._reports.report_as(form, report))

    def failure(self, error: StashError) -> None:
        """Report an error that ends a command, where the settings can be read."""
        from stashsync.render.notices import failure_notice

        try:
            if self.settings is None:
                return
        except StashError:
            return
        redacted = self._reports.redactor is not None
        if redacted and not isinstance(error, Problems | SafetyError):  # those are redacted
            error = StashError(HIDDEN)
        self.send(failure_notice(error, self._reports.stamp(self._session.address)))

    def send(self, notice: Notice, report: Callable[[str], str] | None = None) -> None:
        """Send a notice if the settings ask for it; `report` renders what may be attached."""
        from stashsync.cli.output import talk
        from stashsync.cli.sending import send
        from stashsync.render.progress import working

        settings = self.settings
        if settings is None or not notice.events & (settings.events or frozenset(EVENTS)):
            return
        attached = None if report is None else self._attachment(settings.attach, report)
        link = settings.link or ci_run(os.environ)
        try:
            with working("Sending notifications …", sys.stderr):
                found = list(send(settings.urls or (), notice, link, attached))
        except StashConfigurationError as error:
            talk(f"Warning: no notification is sent: {error.message}. {error.hint}")
            return
        for delivery in found:
            if delivery.fault:
                hint = f" {delivery.hint}" if delivery.hint else ""
                talk(f"Warning: not notified: {delivery.where}: {delivery.fault}.{hint}")

    def _attachment(self, form: str | None, report: Callable[[str], str]) -> Attachment | None:
        from stashsync.cli.sending import Attachment

        if form is None:
            return None
        name = f"stashsync-{self._reports.command}.{_ENDINGS[form]}"
        return Attachment(name, report(form))


def check_notifications(session: Session, *, trial: bool) -> Iterator[Finding]:
    """Yield what `doctor` finds of notifications; a `trial` is sent to every address."""
    from stashsync.cli.checks import Finding, Level
    from stashsync.cli.sending import require_apprise, send
    from stashsync.render.notices import trial_notice
    from stashsync.render.origin import ReportOrigin

    settings = session.settings.notify
    bad = Level.BAD if trial else Level.WARN
    if not settings.urls:
        if trial:
            hint = f"`notify:` in {SETTINGS_FILE} has their addresses (docs/notifications.md)."
            yield Finding(bad, ABOUT, "the settings name no receiver", hint)
        return
    try:
        require_apprise()
    except StashConfigurationError as error:
        yield Finding(bad, ABOUT, error.message, error.hint)
        return
    if not trial:
        wanted = settings.events or EVENTS
        known = sum(bool(address.value) for address in settings.urls)
        events = ", ".join(event for event in EVENTS if event in wanted)
        yield Finding(Level.NOTE, ABOUT, f"{counted(known, 'receiver')} of {events}")
        for address in settings.urls:
            if not address.value:
                yield Finding(Level.WARN, ABOUT, f"{address.source} is not set")
        return
    notice = trial_notice(ReportOrigin("doctor", session.server, datetime.now(UTC)))
    for delivery in send(settings.urls, notice, settings.link or ci_run(os.environ)):
        if delivery.fault:
            yield Finding(bad, ABOUT, f"{delivery.where}: {delivery.fault}", delivery.hint)
        else:
            yield Finding(Level.GOOD, ABOUT, f"{delivery.where} took a test")


@contextmanager
def notifying(session: Session, reports: Reports) -> Generator[Notifier]:
    """Give a notifier; report an error that ends the command, but for a declined question."""
    notifier = Notifier(session, reports)
    try:
        yield notifier
    except (DeclinedError, NoApprovalError):
        raise
    except StashError as error:
        notifier.failure(error)
        raise


def ci_run(environ: Mapping[str, str]) -> str:
    """Return the address of the CI run that this is, where the environment names one."""
    server, repository, run = (
        environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")
    )
    if server and repository and run:
        return f"{server}/{repository}/actions/runs/{run}"
    return environ.get("CI_JOB_URL") or environ.get("CI_PIPELINE_URL", "")
