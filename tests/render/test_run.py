"""Reports of a run as text and JSON, its events, and its progress."""

from __future__ import annotations

import io
import json

import pytest

from stashsync.applier.outcomes import Report
from stashsync.errors import Mark, StashConfigurationError
from stashsync.outcomes import Outcome, Status
from stashsync.planner.changes import Bearers, Create, FieldChange, Matched, Update
from stashsync.planner.plan import Operation, Plan
from stashsync.render import saved
from stashsync.render.events import Events
from stashsync.render.json import plan_json, report_json
from stashsync.render.markdown import report_markdown
from stashsync.render.phrases import duration
from stashsync.render.progress import Progress, Working, working
from stashsync.render.report import report_text


def mark(line: int) -> Mark:
    """Return a place in a manifest."""
    return Mark("manifests/tags.yaml", line, 5)


PLAN = Plan(
    changes=(
        Create("tag", "+tag:1", "Camera", {"name": "Camera"}, mark(1)),
        Create("tag", "+tag:2", "Drone", {"name": "Drone", "parents": ["+tag:1"]}, mark(2)),
        Create("tag", "+tag:3", "Food", {"name": "Food"}, mark(3)),
        Update(
            "tag", "9", "Bread", {"description": FieldChange(None, "x")}, mark(4), Matched.KEY, 1
        ),
    ),
    operations=(
        Operation(0, ("name",)),
        Operation(1, ("name", "parents"), needs=(0,), wave=1),
        Operation(2, ("name",)),
        Operation(3, ("description",)),
    ),
    labels={"tag": {"+tag:1": "Camera"}},
)


def report(*outcomes: Outcome, **more: object) -> Report:
    """Return a report on PLAN with these outcomes."""
    return Report(PLAN, outcomes, requests=2, seconds=0.5, **more)  # type: ignore[arg-type]


DONE = report(*(Outcome(index, Status.APPLIED, id=str(index)) for index in range(4)))
MIXED = report(
    Outcome(0, Status.FAILED, "name \x1b[31m is taken\nby another"),
    Outcome(1, Status.SKIPPED, because=0),
    Outcome(2, Status.UNKNOWN, "the connection was reset"),
    Outcome(3, Status.APPLIED, id="9"),
)


def test_a_complete_run_is_one_sentence() -> None:
    """Scripts look for this sentence."""
    assert report_text(DONE) == "Apply complete! Resources: 3 added, 1 changed, 0 destroyed.\n"


def test_what_became_of_an_object_stands_beside_what_it_needs() -> None:
    """It may have a temporary name, which stands nowhere else."""
    message = "it could not get its name back; the next apply will see to it"
    aside = Outcome(1, Status.SKIPPED, message, because=0)
    text = report_text(report(MIXED.outcomes[0], aside, *DONE.outcomes[2:]))
    assert f'    needs tag "Camera"; {message}\n' in text


def test_everything_that_is_not_done_is_reported_with_its_reason() -> None:
    """Failed, unknown and skipped operations are listed with their places and causes."""
    assert report_text(MIXED) == (
        "Failed (1):\n"
        '  tag "Camera" (manifests/tags.yaml:1): not created\n'
        "    name \\x1b[31m is taken\n"
        "    by another\n"
        "\n"
        "Unknown (1), sent, and no answer came:\n"
        '  tag "Food" (manifests/tags.yaml:3)\n'
        "    the connection was reset\n"
        "\n"
        "Skipped (1), not in effect:\n"
        '  tag "Drone" (manifests/tags.yaml:2): not created\n'
        '    needs tag "Camera"\n'
        "\n"
        "Apply incomplete. Resources: 0 added, 1 changed, 0 destroyed.\n"
        "Of 4 operations: 1 applied, 1 failed, 1 skipped, 1 unknown. "
        "The next plan has what is still to be done.\n"
    )


def test_what_refers_to_an_object_is_not_the_object() -> None:
    """A group that an undo has made again is there, whatever became of a scene of it."""
    places = Bearers("scene", "groups", ("7",), after="+group:1", members=(("+group:1", 1),))
    made = Create("group", "+group:1", "Walk", {"name": "Walk"}, mark(1), bearers=(places,))
    operations = (Operation(0, ("name",)), Operation(0, (), needs=(0,), content="0"))
    plan = Plan(changes=(made,), operations=operations)
    moved = Outcome(1, Status.MOVED, "the groups of scene 7 changed on the server meanwhile")
    outcomes = (Outcome(0, Status.APPLIED, id="3"), moved)
    assert (
        '  group "Walk" (manifests/tags.yaml:1): the references of scenes to it were not changed\n'
        "    the groups of scene 7 changed on the server meanwhile\n"
    ) in report_text(Report(plan, outcomes, requests=2, seconds=0.5))


def test_what_a_stopped_run_left_out_is_counted_not_listed() -> None:
    """The reason, which is the same for all of them, is given once."""
    stopped = report(
        Outcome(0, Status.APPLIED, id="1"),
        *(Outcome(index, Status.SKIPPED, "interrupted") for index in (1, 2, 3)),
        stopped="interrupted",
        interrupted=True,
    )
    assert report_text(stopped) == (
        "The run was stopped before its end: interrupted\n"
        "  3 operations were not sent.\n"
        "\n"
        "Apply interrupted. Resources: 1 added, 0 changed, 0 destroyed.\n"
        "Of 4 operations: 1 applied, 3 skipped. The next plan has what is still to be done.\n"
    )


def test_a_reason_that_is_that_of_the_end_is_not_repeated() -> None:
    """Operations that are unknown because the run was cut short are listed without that reason."""
    plan = Plan(
        changes=PLAN.changes[2:],
        operations=(Operation(0, ("name",)), Operation(1, ()), Operation(1, ("description",))),
    )
    cut = Report(
        plan,
        tuple(Outcome(index, Status.UNKNOWN, "the run was cut short") for index in range(3)),
        stopped="the run was cut short",
    )
    assert report_text(cut).startswith(
        "Unknown (3), sent, and no answer came:\n"
        '  tag "Food" (manifests/tags.yaml:3)\n'
        '  tag "Bread" (manifests/tags.yaml:4), 2 operations\n'
        "\n"
        "The run was stopped before its end: the run was cut short\n"
        "\n"
    )
    assert report_markdown(cut).count("the run was cut short") == 1


def test_a_report_is_read_back_as_it_was() -> None:
    """`show` gives exactly the report that `apply` gave."""
    for report in (DONE, MIXED):
        again = saved.read(report_json(report).encode(), "r.json")
        assert isinstance(again, Report)
        assert report_text(again) == report_text(report)
        assert report_json(again) == report_json(report)


def test_a_report_has_its_numbers_and_its_exit_code() -> None:
    """The summary has what a CI job needs."""
    summary = json.loads(report_json(MIXED))["summary"]
    assert summary["operations"] == {
        "applied": 1,
        "failed": 1,
        "skipped": 1,
        "moved": 0,
        "unknown": 1,
    }
    assert summary["exit_code"] == 5
    assert (summary["added"], summary["changed"], summary["destroyed"]) == (0, 1, 0)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"format": "stashsync-report", "version": 99}',
     b'{"format": "stashsync-report", "version": 1}', b"\xff"],
)  # fmt: skip
def test_what_is_no_report_is_refused(content: bytes) -> None:
    """A file that is no report is a configuration error, not a traceback; it is named."""
    with pytest.raises(StashConfigurationError, match=r"^r\.json is "):
        saved.read(content, "r.json")


def test_json_is_exact_and_inert() -> None:
    """Values read back exactly, and no byte can control a terminal."""
    name = "\x1b[31m\x9b\u202e\u200b\u2028\U000e0041é👩‍👩‍👧"
    plan = Plan(
        changes=(Create("tag", "+tag:1", name, {"name": name, "aliases": [name]}, mark(1)),)
    )
    text = plan_json(plan)
    assert all(char.isprintable() or char == "\n" for char in text)
    change = json.loads(text)["changes"][0]
    assert change["name"] == name
    assert change["attributes"]["aliases"]["added"] == [name]


def test_the_json_of_a_plan_names_what_it_refers_to() -> None:
    """JSON has names, places and numbers; the planner's own tokens are left out."""
    document = json.loads(plan_json(PLAN))
    assert (document["format"], document["version"]) == ("stashsync-changes", 3)
    assert document["summary"]["create"] == 3
    assert document["changes"][1]["attributes"]["parents"]["after"] == ["Camera"]
    assert document["changes"][1]["place"] == {
        "file": "manifests/tags.yaml", "line": 2, "column": 5,
    }  # fmt: skip
    assert "+tag" not in plan_json(PLAN)


def test_events_are_one_json_object_a_line() -> None:
    """A program that follows the file can parse each line as it arrives."""
    stream = io.StringIO()
    events = Events(stream, clock=lambda: 12.0)
    events.started(PLAN)
    events.sending([0, 2])
    events.settled(MIXED.outcomes[0])
    events.finished(MIXED)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [event["event"] for event in lines] == ["started", "sending", "settled", "finished"]
    assert lines[2]["name"] == "Camera"
    assert lines[2]["status"] == "failed"


def test_a_full_disk_stops_the_events_and_not_the_run() -> None:
    """The run goes on without its events, and the failure is reported once."""

    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(28, "No space left on device")

    failures: list[OSError] = []
    events = Events(Full(), on_failure=failures.append)
    events.started(PLAN)
    events.settled(MIXED.outcomes[0])
    assert len(failures) == 1


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """Pretend to be a terminal."""
        return True


def test_a_short_run_shows_no_progress() -> None:
    """A run of less than two seconds shows no progress."""
    for stream in (io.StringIO(), Terminal()):
        progress = Progress(stream, clock=lambda: 0.0)
        progress.started(PLAN)
        for outcome in DONE.outcomes:
            progress.settled(outcome)
        progress.finished(DONE)
        assert stream.getvalue() == ""


def test_a_log_gets_a_line_now_and_then() -> None:
    """A log gets plain lines with counts and the time left, but not one per operation."""
    now = 0.0
    stream = io.StringIO()
    progress = Progress(stream, clock=lambda: now)
    progress.started(PLAN)
    now = 30.0
    progress.settled(MIXED.outcomes[0])
    progress.settled(DONE.outcomes[1])
    assert stream.getvalue() == (
        "1 of 4 operations (25 %), about 90 s left, 1 not applied\n".replace("90 s", "2 min")
    )


@pytest.mark.parametrize(
    ("settled", "now", "left"), [(0, 0.0, "40 s"), (1, 10.0, "30 s"), (1, 30.0, "45 s")]
)
def test_the_estimate_is_corrected_as_the_run_goes(settled: int, now: float, left: str) -> None:
    """The plan's estimate counts at first, and the time that the run took more and more."""
    progress = Progress(io.StringIO(), expected=40.0, clock=lambda: 0.0)
    progress.started(PLAN)
    for outcome in DONE.outcomes[:settled]:
        progress.settled(outcome)
    assert progress.line(now).endswith(f"about {left} left")


def test_a_terminal_gets_a_bar_with_counts() -> None:
    """The bar appears even if the first answer takes longer than the delay before it."""
    import time

    stream = Terminal()
    progress = Progress(stream, patience=0.01)
    progress.started(PLAN)
    for shown in ("Applying", "1/4"):
        deadline = time.monotonic() + 30
        while shown not in stream.getvalue() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert shown in stream.getvalue()
        progress.settled(DONE.outcomes[0])
    progress.finished(DONE)


def test_durations_are_rounded() -> None:
    """Durations are rounded to what matters: hours are given without seconds."""
    assert [duration(seconds) for seconds in (0.2, 20, 200, 4000)] == [
        "1 s",
        "20 s",
        "3 min",
        "1 h 7 min",
    ]


def test_json_takes_what_other_writers_refuse() -> None:
    """A lone surrogate and an integer beyond 64 bits read back exactly."""
    values = {"name": "x\ud800", "height_cm": 2**70}
    plan = Plan(changes=(Create("performer", "+performer:1", "x\ud800", values, mark(1)),))
    change = json.loads(plan_json(plan))["changes"][0]
    assert change["name"] == "x\ud800"
    assert change["attributes"]["height_cm"]["after"] == 2**70


def test_a_reading_shows_its_progress() -> None:
    """The line counts objects of all kinds and the time left; before that, the time taken."""
    seconds = [100.0]
    working = Working("Reading http://nas …", io.StringIO(), clock=lambda: seconds[0])
    seconds[0] = 103.0
    assert working.line() == "Reading http://nas … 3 s"
    working.hear("tag", 1000, 3000)
    working.hear("studio", 500, 3000)
    assert working.line() == "Reading http://nas … 1,500 of 6,000 objects (25 %), about 9 s left"
    working.hear("tag", 3000, 3000)
    working.hear("studio", 3000, 3000)
    assert working.line() == "Reading http://nas … 3 s"


def test_away_from_a_terminal_a_short_reading_prints_nothing() -> None:
    """Away from a terminal a plain line is written every ten seconds."""
    stream = io.StringIO()
    with working("Reading …", stream) as progress:
        progress.hear("tag", 1, 2)
    assert stream.getvalue() == ""
    progress.show()
    assert stream.getvalue().endswith("left\n")


def test_what_a_run_waits_for_is_written() -> None:
    """The user sees why nothing moves; the server's text is escaped."""
    stream = io.StringIO()
    progress = Progress(stream, clock=lambda: 0.0)
    progress.started(PLAN)
    progress.waiting("the database is \x1b[31mlocked", 0.5)
    assert stream.getvalue() == "Waiting 0.5 s: the database is \\x1b[31mlocked\n"


def test_an_operation_that_is_settled_twice_counts_once() -> None:
    """A failed operation may turn out to be applied, and then counts as applied."""
    progress = Progress(io.StringIO(), clock=lambda: 0.0)
    progress.started(PLAN)
    progress.settled(Outcome(0, Status.FAILED))
    progress.settled(Outcome(0, Status.APPLIED))
    assert progress.line(0.0).startswith("1 of 4 operations")
    assert "not applied" not in progress.line(0.0)
