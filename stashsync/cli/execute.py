"""Execute plans: show, ask, run; remember the baseline, and report."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from stashsync.applier.journal import Run, abandon
from stashsync.applier.outcomes import Report
from stashsync.applier.patience import Patience
from stashsync.cli.connecting import limits_of
from stashsync.cli.files import read_file
from stashsync.cli.journals import (
    RUNS,
    describe,
    find_run_to_resume,
    require_last,
    require_no_open_run,
)
from stashsync.cli.notifying import Notifier
from stashsync.cli.output import StandardOutputError, result, stderr_style, stdout_style, talk
from stashsync.cli.prompt import ask
from stashsync.cli.reports import Reports
from stashsync.cli.running import How, execute
from stashsync.cli.session import Session
from stashsync.engine.baseline import after_apply
from stashsync.engine.observe import observe, wanted_by
from stashsync.engine.reconcile import Reconciliation, check_fresh, check_safe, compare
from stashsync.engine.undo import Undoing, plan_undo
from stashsync.errors import (
    DeclinedError,
    ManifestError,
    PlanError,
    StashConfigurationError,
    StashError,
)
from stashsync.manifest import Desired
from stashsync.planner import Plan, saved
from stashsync.planner.staleness import fields_to_read
from stashsync.render.origin import ReportOrigin
from stashsync.render.problems import error_text
from stashsync.render.progress import working
from stashsync.render.report import report_text
from stashsync.render.style import is_terminal
from stashsync.render.text import Purpose, no_changes, plan_text
from stashsync.state import State

R = TypeVar("R", bound=Reconciliation)

QUESTION = """\
Do you want to perform these actions?
  stashsync will perform the actions described above.
  Only 'yes' will be accepted to approve.

  Enter a value: """
MOVED = "\nThe library or the manifests changed meanwhile. This is the plan by now:\n"


class Applied(Struct, frozen=True):
    """A run, with both sides as they were before it where these are known."""

    report: Report
    seen: Reconciliation | None
    observed: State
    undoes: bool = False
    """Whether it takes a run back: for the baseline that is a change on the server."""
    resumed: bool = False
    """Whether a part of it was done before, at a time that is not known."""

    def remember(self, session: Session) -> None:
        """Write the baseline, where there is a project and the server outlives this command."""
        if session.lasts and not self.undoes:
            library = session.identity or self.report.plan.source.identity
            began = "" if self.resumed else session.began
            former = session.baseline(library)
            written = after_apply(self.report, self.seen, self.observed, former, began)
            session.remember(replace(written, library=library))


def finish(session: Session, done: Applied, reports: Reports) -> int:
    """Remember and report a run; return its exit code.

    Where its report cannot be written, the account goes to the standard error. A notification is
    sent last.
    """
    done.remember(session)
    code = _account(session, done, reports)
    Notifier(session, reports).run(done.report)
    return code


def _account(session: Session, done: Applied, reports: Reports) -> int:
    reports.stamp(session.server, "undo" if done.undoes else "")
    try:
        reports.report(done.report)
    except StashError as error:
        style = stderr_style(session.options.color)
        talk(error_text(error, style))
        if isinstance(error, StandardOutputError) or not reports.places.has("text"):
            talk(report_text(done.report, style=style).rstrip("\n"))
        return done.report.exit_code or error.exit_code
    return done.report.exit_code


def apply_manifests(session: Session, how: How, reports: Reports, *, asks: bool) -> Applied:
    """Plan, show, ask, execute.

    Raises:
        SafetyError: a threshold or a protection forbids it; nothing was sent.
        StashError: nothing was sent: a problem, or the answer was no.
    """
    desired = session.load()
    _require_no_open_run(session, how)
    found = session.reconcile(desired)

    def again() -> Reconciliation:
        return session.reconcile(session.load())

    found = _approved(session, found, again, how, reports, asks=asks)
    return Applied(execute(session, found.plan, how), found, found.observed)


def undo(
    session: Session, run: Run, later: Sequence[Run], how: How, reports: Reports, *, asks: bool
) -> Applied:
    """Plan what takes a run back, show, ask, execute. `later` are the runs since.

    Raises:
        SafetyError: a protection forbids it; nothing was sent.
        StashError: nothing was sent: a problem, or the answer was no.
    """
    _require_same_library(session, run)
    require_no_open_run(session, run.origin.library, but=run.id)
    path = session.state.folder / RUNS / f"{run.id}.jsonl"
    is_below = path.is_relative_to(session.root)
    journal = (path.relative_to(session.root) if is_below else path.absolute()).as_posix()

    last = later[-1].id if later else run.id

    def plan() -> Undoing:
        require_last(session, run.id, last)
        with working(f"Reading {session.server} …", sys.stderr):
            return session.run(
                plan_undo(
                    run,
                    session.client,
                    journal=journal,
                    policy=session.policy,
                    later=later,
                    baseline=session.baseline(run.origin.library),
                    patience=Patience(request=limits_of(session.settings).mutation),
                    own=partial(session.names_given, run.origin.library),
                )
            )

    how = replace(how, command="undo", undoes=run.id, last=last)
    found = _approved(session, plan(), plan, how, reports, asks=asks)
    if not found.plan and not found.blocked:
        talk("`stashsync undo RUN` takes back an earlier run; `stashsync runs` lists them.")
        if run.is_in_the_way:
            abandon(session.state.folder / RUNS, run)
    how = replace(how, partly=found.blocked)
    return Applied(execute(session, found.plan, how), None, found.observed, undoes=True)


def _approved(
    session: Session, found: R, again: Callable[[], R], how: How, reports: Reports, *, asks: bool
) -> R:
    """Show a plan and ask; after the answer look again, and ask again if it is another plan."""
    while True:
        _show(session, found, how, reports, asks=asks)
        check_safe(found.plan, force=how.force)
        if not found.plan or not asks:
            return found
        if not ask(QUESTION):
            raise DeclinedError(f"{how.command.capitalize()} cancelled.", hint="Nothing was sent.")
        now = again()
        if now.plan == found.plan:
            return found
        talk(MOVED)
        found = now


def _require_no_open_run(session: Session, how: How) -> None:
    if session.lasts:
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
        purpose=Purpose.UNDO if how.undoes else Purpose.PLAN,
        estimate=estimate,
        attribution=None if how.undoes else session.attribution(plan),
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
    run = find_run_to_resume(session, name)
    _require_same_library(session, run)
    talk(describe(run))
    known = replace(run.report(), unfinished=True)
    started = datetime.fromisoformat(run.started)
    origin = ReportOrigin(run.origin.command, run.origin.server, started)
    talk(report_text(known, style=stderr_style(session.options.color), full=True, origin=origin))
    if asks and not ask(QUESTION):
        raise DeclinedError("Resume cancelled.", hint="Nothing was sent.")
    with working(f"Reading {session.server} …", sys.stderr):
        observed = session.run(observe(fields_to_read(run.plan), session.client))
    undoes = bool(run.origin.undoes)
    report = execute(session, run.plan, begun=run)
    return Applied(report, None, observed, undoes, resumed=True)


def _require_same_library(session: Session, run: Run) -> None:
    server = session.run(session.client.capabilities())
    if run.origin.library != server.identity:
        hint = f"Give the address it was made for: {run.origin.server}"
        if run.origin.server == session.server:
            hint = "Another server answers there now, or it has lost its configuration."
        raise StashConfigurationError(
            f"the run {run.id} was on another library than the one at this address", hint=hint
        )


def apply_saved(session: Session, file: str, how: How) -> Applied:
    """Execute a saved plan, if it still fits the server.

    Raises:
        SafetyError: a threshold or a protection forbade it when it was made; nothing was sent.
        StalePlanError: something that it depends on changed; nothing was sent.
        StashError: nothing was sent.
    """
    plan = saved.load(read_file(file), file)
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
