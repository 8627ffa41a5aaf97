"""The account of a run that a second interrupt ends, and whether a run left half a merge."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from stashsync import applier
from stashsync.applier.account import UNANSWERED, Account
from stashsync.applier.journal import CUT_SHORT, Run, RunOrigin, undone
from stashsync.applier.outcomes import Report
from stashsync.errors import Mark
from stashsync.outcomes import Outcome, Status
from stashsync.planner import Matched, Merge, Operation, Plan, Update
from stashsync.planner.changes import FieldChange
from tests.planner.build import plan_of, tag

HERE = Mark("m.yaml", 1, 1)
LETTERS = {status[0]: status for status in Status}


def outcomes(letters: str) -> list[Outcome]:
    """Return one outcome for each letter: a(pplied), f(ailed), s(kipped), m(oved), u(nknown)."""
    return [Outcome(index, LETTERS[letter]) for index, letter in enumerate(letters)]


def run_of(plan: Plan, letters: str, *, undoes: str = "", name: str = "run") -> Run:
    """Return a run that ended with these outcomes; of what is `.` there is none."""
    known = {
        index: Outcome(index, LETTERS[letter])
        for index, letter in enumerate(letters)
        if letter != "."
    }
    origin = RunOrigin("apply", "http://stash.example:9999", "a-library", undoes)
    return Run(name, "now", origin, plan, frozenset(range(len(letters))), known, ended=True)


# -- interrupted twice ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "answers", "letters", "stopped"),
    [
        ([], "", "sss", "interrupted twice"),
        ([[0, 1]], "", "uus", "interrupted twice; 1 document is unknown"),
        ([[0, 1]], "a", "aus", "interrupted twice; 1 document is unknown"),
        ([[0, 1]], "af", "afs", "interrupted twice"),
        ([[0], [1]], "", "uus", "interrupted twice; 2 documents are unknown"),
        ([[0], [1], [2]], "a", "auu", "interrupted twice; 2 documents are unknown"),
        ([[0], [1], [2]], "afa", "afa", "interrupted twice"),
    ],
)
def test_an_account_tells_what_was_not_answered(
    sent: list[list[int]], answers: str, letters: str, stopped: str
) -> None:
    """What was sent is unknown until its answer came; what was not sent is skipped."""
    account = Account()
    account.started(plan_of([tag("A"), tag("B"), tag("C")]))
    for document in sent:
        account.sending(document)
    for outcome in outcomes(answers):
        account.settled(outcome)
    report = account.report()
    assert "".join(end.status[0] for end in report.outcomes) == letters
    assert report.stopped == stopped
    assert report.interrupted
    for end in report.outcomes:
        assert end.message == {"u": UNANSWERED, "s": stopped}.get(end.status[0], "")


def test_what_is_sent_again_is_unanswered_again() -> None:
    """The outcome of the first attempt is not that of the second."""
    account = Account()
    account.started(plan_of([tag("A")]))
    account.sending([0])
    account.settled(Outcome(0, Status.SKIPPED, "locked"))
    account.sending([0])
    (end,) = account.report().outcomes
    assert end == Outcome(0, Status.UNKNOWN, UNANSWERED)


def test_an_account_goes_on_from_the_part_of_the_run_before() -> None:
    """What was applied then stays applied, and what was unknown is one document."""
    plan = plan_of([tag("A"), tag("B"), tag("C")])
    account = Account(run_of(plan, "a.u"))
    account.started(plan)
    report = account.report()
    assert "".join(end.status[0] for end in report.outcomes) == "auu"
    assert report.stopped.endswith("; 1 document is unknown")
    account.settled(Outcome(1, Status.APPLIED))
    account.settled(Outcome(2, Status.APPLIED))
    assert account.report().complete


# -- half a merge ---------------------------------------------------------------------------------

MERGE = Merge("studio", "1", "North", (("2", "Nord"),), HERE, native=False)
TARGET = Update("studio", "1", "North", {"aliases": FieldChange([], ["Nord"])}, HERE, Matched.KEY)
OTHER = Update("studio", "3", "East", {"parent": FieldChange("2", "1")}, HERE, Matched.KEY)
NAMESAKE = Update("tag", "1", "Rain", {"aliases": FieldChange([], ["x"])}, HERE, Matched.KEY)


@pytest.mark.parametrize(
    ("update", "link", "letters", "half"),
    [
        (TARGET, "waits", "af", True),
        (TARGET, "waits", "as", True),
        (TARGET, "waits", "au", True),
        (TARGET, "waits", "us", True),
        (TARGET, "after", "am", True),
        (TARGET, "waits", "aa", False),
        (TARGET, "waits", "fs", False),
        (TARGET, "waits", "ss", False),
        (TARGET, "", "af", False),
        (OTHER, "waits", "af", False),
        (NAMESAKE, "waits", "af", False),
    ],
)
def test_values_of_merged_objects_that_the_target_has_not_got_are_half_a_merge(
    update: Update, link: str, letters: str, *, half: bool
) -> None:
    """They are in this plan alone: a new plan cannot find them any more."""
    waits, after = ((0,) if link == name else () for name in ("waits", "after"))
    step = Operation(1, tuple(update.changes), waits=waits, after=after)
    plan = Plan(changes=(MERGE, update), operations=(Operation(0, ()), step))
    assert Report(plan, outcomes(letters)).half_merged is half
    ended = run_of(plan, letters)
    assert ended.is_in_the_way is half
    assert not ended.is_open


def test_a_run_is_in_the_way_until_it_ends_or_is_given_up() -> None:
    """A run without its last line may have sent more than it knows."""
    run = run_of(plan_of([tag("A")]), "a")
    run = replace(run, ended=False)
    assert run.is_in_the_way
    assert run.is_open
    run = replace(run, abandoned=True)
    assert not run.is_in_the_way
    assert not run.is_open


@pytest.mark.parametrize(
    ("ended", "letters", "stopped", "messages"),
    [
        (True, "a.", "", ["", CUT_SHORT]),
        (True, "au", "", ["", CUT_SHORT]),
        (True, "af", "", ["", ""]),
        (False, "a.", CUT_SHORT, ["", CUT_SHORT]),
    ],
)
def test_a_journal_reports_a_run_as_far_as_it_knows_it(
    letters: str, stopped: str, messages: Sequence[str], *, ended: bool
) -> None:
    """What was sent and not answered is unknown, as the run was cut short."""
    run = replace(run_of(plan_of([tag("A"), tag("B")]), letters), ended=ended)
    report = run.report()
    assert report.stopped == stopped
    assert (report.unfinished, report.interrupted) == (not ended, False)
    assert [end.message for end in report.outcomes] == messages


# -- what was taken back --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "found"),
    [
        ([("1", "", "a")], set()),
        ([("1", "", "a"), ("2", "1", "a")], {"1"}),
        ([("1", "", "a"), ("2", "1", "f")], set()),
        ([("1", "", "a"), ("2", "1", "a"), ("3", "2", "a")], {"2"}),
        ([("1", "", "a"), ("2", "1", "a"), ("3", "2", "f")], {"1"}),
        ([("1", "", "a"), ("2", "1", "a"), ("3", "2", "a"), ("4", "3", "a")], {"1", "3"}),
        ([("1", "", "a"), ("2", "", "a"), ("3", "2", "a"), ("4", "1", "a")], {"1", "2"}),
    ],
)
def test_a_run_is_taken_back_while_the_undo_of_it_stays_in_effect(
    runs: Sequence[tuple[str, str, str]], found: set[str]
) -> None:
    """An undo that was undone itself, or that was not complete, takes nothing back."""
    plan = plan_of([tag("A")])
    made = [run_of(plan, letters, undoes=undoes, name=name) for name, undoes, letters in runs]
    assert undone(made) == dict.fromkeys(found, True)


def test_the_last_undo_of_a_run_tells_whether_all_of_it_is_taken_back() -> None:
    """The first one had to leave something."""
    plan = plan_of([tag("A")])
    first = run_of(plan, "a", undoes="1", name="2")
    first = replace(first, origin=replace(first.origin, partly=True))
    runs = [run_of(plan, "a", name="1"), first]
    assert undone(runs) == {"1": False}
    assert undone([*runs, run_of(plan, "a", undoes="1", name="3")]) == {"1": True}


def test_a_name_that_the_package_does_not_have_is_an_attribute_error() -> None:
    """`carry_out` alone is loaded when it is asked for."""
    with pytest.raises(AttributeError, match="has no attribute 'carry_in'"):
        applier.carry_in  # type: ignore[attr-defined]  # noqa: B018
