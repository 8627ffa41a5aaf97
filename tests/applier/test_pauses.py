"""How long a run waits, and what starts its patience anew.

Source: docs/planning-rules.md#retries
"""

from __future__ import annotations

from typing import Any

import pytest

from stashsync.applier import Interrupt, Listener
from stashsync.applier.patience import Patience
from stashsync.applier.sizes import Sizes
from stashsync.errors import StashConnectionError
from stashsync.wire.exchange import Answer
from tests.applier.fakes import FakeServer, carried_out
from tests.applier.test_run import many, statuses
from tests.planner.build import plan_of, tag
from tests.support.clock import Clock, patience


def test_pauses_grow_from_half_a_second_to_eight_until_a_minute_is_over() -> None:
    """The last one ends with the minute, and then there is none."""
    clock = Clock()
    clock.now = 500.0
    waits = patience(clock)
    found: list[float | None] = []
    while not found or found[-1] is not None:
        found.append(waits.next_pause())
        clock.now += found[-1] or 0.0
    assert found == [0.5, 1.0, 2.0, 4.0, *[8.0] * 6, 4.5, None]
    assert clock.now == 560.0


@pytest.mark.parametrize(
    ("asked", "pause"), [(None, 0.5), (0.1, 0.5), (3.0, 3.0), (59.0, 59.0), (3600.0, 60.0)]
)
def test_a_server_may_ask_for_a_longer_pause_but_not_beyond_the_minute(
    asked: float | None, pause: float
) -> None:
    """A shorter one than its own is not taken."""
    assert patience(Clock()).next_pause(asked) == pause


def test_patience_starts_anew_with_every_success() -> None:
    """Both the minute and the pauses."""
    clock = Clock()
    waits = patience(clock)
    for _ in range(3):
        waits.next_pause()
    clock.now = 59.0
    waits.restart()
    assert waits.next_pause() == 0.5
    clock.now = 118.0
    assert waits.next_pause() == 1.0
    clock.now = 119.0
    assert waits.next_pause() is None


def test_the_defaults_of_patience_are_those_of_the_page() -> None:
    """A minute in all, half a second between two looks, and the time limit of a mutation."""
    waits = Patience()
    assert (waits.whole, waits.between_looks) == (60.0, 0.5)
    assert waits.request >= 60.0


class Away(FakeServer):
    """A server that takes nothing in at these times of a clock."""

    def __init__(self, clock: Clock, *times: tuple[float, float]) -> None:
        super().__init__()
        self._clock, self._times = clock, times

    def _run(self, text: str, variables: dict[str, Any]) -> Answer:
        if any(begin <= self._clock.now < end for begin, end in self._times):
            raise StashConnectionError("away", sent=False)
        return super()._run(text, variables)


def test_a_server_that_is_away_twice_for_fifty_seconds_is_waited_for() -> None:
    """In between it applied something."""
    clock = Clock()
    server = Away(clock, (0, 50), (56, 106))
    real = server._run

    def run(text: str, variables: dict[str, Any]) -> Answer:
        answer = real(text, variables)
        clock.now += 1.0
        return answer

    server._run = run  # type: ignore[method-assign]
    plan = plan_of([tag("A"), tag("B", parents=["A"]), tag("C", parents=["B"])])
    assert statuses(carried_out(plan, server, waits=patience(clock))) == "aaa"
    assert clock.now >= 106


def test_a_run_sleeps_a_second_at_a_time_so_that_an_interrupt_ends_it() -> None:
    """A pause of eight seconds does not hold a person up."""
    clock = Clock()
    assert carried_out(many(2), Away(clock, (0, 30)), waits=patience(clock)).complete
    assert max(clock.naps) == 1.0
    assert clock.naps[:2] == [0.5, 1.0]
    assert sum(clock.naps) == pytest.approx(clock.now)

    clock, interrupt = Clock(), Interrupt()

    class Watch(Listener):
        def waiting(self, reason: str, seconds: float) -> None:
            if seconds > 5:
                interrupt.request()

    report = carried_out(
        many(2), Away(clock, (0, 1000)), waits=patience(clock), interrupt=interrupt,
        listener=Watch(),
    )  # fmt: skip
    assert statuses(report) == "ss"
    assert report.interrupted
    assert clock.now < 9


@pytest.mark.parametrize("sent", [True, False])
def test_a_look_that_gets_no_answer_is_repeated(*, sent: bool) -> None:
    """A read may be sent again, whether or not the first one arrived."""
    left = [StashConnectionError("no answer", sent=sent)] * 3

    class Deaf(FakeServer):
        def _look(self, text: str, variables: dict[str, Any]) -> Answer:
            if left:
                raise left.pop()
            return super()._look(text, variables)

    clock = Clock()
    plan = plan_of([tag("A", description="x")], [tag("A", id="1")])
    report = carried_out(plan, Deaf(("tag", {"id": "1", "name": "A"})), waits=patience(clock))
    assert statuses(report) == "a"
    assert sum(clock.naps) == 0.5 + 1.0 + 2.0


def test_after_a_pause_one_operation_is_tried_first() -> None:
    """Then more and more, as the server takes them."""
    clock = Clock()
    server = Away(clock, (0, 1))
    assert carried_out(many(60), server, waits=patience(clock)).complete
    sizes = [len(document) for document in server.documents]
    assert sizes[0] == 1
    assert max(sizes) > 4
    assert sum(sizes) == 60


@pytest.mark.parametrize(
    ("largest", "round_trip", "first"),
    [(250, 0.0, 50), (10, 0.0, 10), (0, 0.0, 1), (250, 0.12, 100), (250, 0.06, 50), (250, 9, 250)],
)
def test_a_first_document_costs_as_much_as_a_round_trip(
    largest: int, round_trip: float, first: int
) -> None:
    """At least fifty operations, and never more than the limit."""
    assert Sizes(largest, round_trip).next == first


def test_the_report_has_the_time_of_the_run_and_its_documents() -> None:
    """In seconds of the wall."""
    report = carried_out(many(5), FakeServer(), max_batch=2)
    assert report.requests == 3
    assert 0 < report.seconds < 60
    assert (report.interrupted, report.stopped, report.unfinished) == (False, "", False)
