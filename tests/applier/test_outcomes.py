"""Reports of runs that did not come to their end."""

from __future__ import annotations

from stashsync.applier.outcomes import incomplete
from stashsync.outcomes import Outcome, Status
from tests.planner.build import plan_of, tag


def test_what_was_not_sent_has_the_reason_why_the_run_ended() -> None:
    """What was sent without an answer is unknown; what is known stands."""
    plan = plan_of([tag("A"), tag("B"), tag("C")])
    report = incomplete(plan, {0: Outcome(0, Status.APPLIED, id="7")}, {1}, "no answer", "killed")
    assert [(end.status, end.message) for end in report.outcomes] == [
        (Status.APPLIED, ""),
        (Status.UNKNOWN, "no answer"),
        (Status.SKIPPED, "killed"),
    ]
    assert (report.stopped, report.interrupted) == ("killed", True)
