"""Carrying a plan out: ids, documents, outcomes, broken connections, interrupts."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stashsync.applier import Interrupt, Listener, Report, Status, carry_out, cutting, run
from stashsync.applier.pictures import to_send
from stashsync.applier.sizes import Sizes
from stashsync.errors import ExitCode
from stashsync.planner import Plan
from tests.applier.fakes import FakeServer, carried_out, client_of
from tests.planner.build import SERVER, performer, plan_of, studio, tag
from tests.support.clock import Clock, patience

GONE = ("unsent",) * 1000
"""No server answers any more."""


def statuses(report: Report) -> str:
    """Return one letter for each operation: a(pplied), f(ailed), s(kipped), u(nknown)."""
    return "".join(outcome.status[0] for outcome in report.outcomes)


def many(count: int) -> Plan:
    """Return a plan of creates without an order among them."""
    return plan_of([tag(f"T{item:03}") for item in range(count)])


def test_ids_are_exchanged_between_documents() -> None:
    """Placeholders never reach the server."""
    plan = plan_of(
        [tag("A", parents=["B", "Old"]), tag("B"), studio("S", parent="T", tags=["A"]), studio("T"),
         performer("P", tags=["B"])],
        [tag("Old", id="7"), performer("P", id="3")],
    )  # fmt: skip
    server = FakeServer(
        ("tag", {"id": "7", "name": "Old"}), ("performer", {"id": "3", "name": "P"})
    )
    report = carried_out(plan, server)
    assert report.complete
    assert report.exit_code is ExitCode.OK
    assert server.documents == [["B", "T"], ["A"], ["S", "P"]]
    tags = {row["name"]: row for row in server.objects["tag"].values()}
    assert {item["id"] for item in tags["A"]["parents"]} == {tags["B"]["id"], "7"}
    assert server.objects["performer"]["3"]["tags"] == [{"id": tags["B"]["id"]}]
    (studio_row,) = [row for row in server.objects["studio"].values() if row["name"] == "S"]
    assert studio_row["parent_studio"] in server.objects["studio"]
    assert (report.changed("create"), report.changed("update")) == (4, 1)
    assert report.totals()[Status.APPLIED] == 5
    assert [outcome.id for outcome in report.outcomes if outcome.id] != []


def test_an_empty_plan_sends_nothing() -> None:
    """Listeners get the report all the same."""
    server = FakeServer()
    assert carried_out(plan_of([]), server, listener=Listener()).complete
    assert server.documents == []


def test_documents_hold_at_most_what_is_asked() -> None:
    """At first 50, then what the time allows, never more than the limit."""
    server = FakeServer()
    carried_out(many(10), server, max_batch=4)
    assert [len(document) for document in server.documents] == [4, 4, 2]
    server = FakeServer()
    carried_out(many(400), server)
    sizes = [len(document) for document in server.documents]
    assert sizes[:2] == [50, 50]
    assert max(sizes) <= 250
    assert server.most_flying == 2


@pytest.mark.parametrize(
    ("steps", "following"),
    [
        ([(50, 0.1)], 100),
        ([(50, 0.1), (100, 0.1), (200, 0.1)], 250),
        ([(50, 4.0)], 25),
        ([(50, 1000.0)], 1),
        ([(50, 0.0)], 100),
    ],
)
def test_the_size_follows_the_time(steps: list[tuple[int, float]], following: int) -> None:
    """A document is to cost two seconds: at most twice as many operations, at least one."""
    sizes, now = Sizes(), 0.0
    assert sizes.next == 50
    for operations, seconds in steps:
        sizes.took(operations, now, now + seconds)
        now += seconds
    assert sizes.next == following
    assert Sizes(0).next == 1


def test_a_slow_line_does_not_make_documents_smaller() -> None:
    """A round trip of three seconds is over the two that a document may cost the server."""
    sizes = Sizes(round_trip=3.0)
    assert sizes.next == 250
    for sent in (0.0, 3.1, 6.2):
        sizes.took(sizes.next, sent, sent + 3.1)
        assert sizes.next == 250
    sizes.took(250, 9.3, 9.3 + 3.0 + 20.0)  # 0.08 seconds an operation
    assert sizes.next == 25


def test_documents_in_flight_together_are_not_charged_with_each_other() -> None:
    """The second of two that were sent at once is answered when both are done."""
    sizes = Sizes(round_trip=0.2)
    sizes.took(100, 0.0, 2.2)
    assert sizes.next == 100
    sizes.took(100, 0.0, 4.2)
    assert sizes.next == 100


def test_the_round_trip_is_the_shortest_that_was_seen() -> None:
    """The read that it was taken from at first may have been a slow one."""
    sizes = Sizes(round_trip=5.0)
    sizes.took(50, 0.0, 1.0)
    assert sizes.next == 250
    sizes.took(250, 1.0, 12.0)  # ten seconds of the server
    assert sizes.next == 50


def test_two_in_flight_share_no_constraint() -> None:
    """An operation that has to wait for one in flight is not sent."""
    plan = plan_of([tag("A_"), *[tag(f"A{item}") for item in range(6)], tag("Z", parents=["A1"])])
    server = FakeServer()
    server.naps = 3
    seen: list[set[int]] = []

    class Watch(Listener):
        def __init__(self) -> None:
            self.flying: set[int] = set()

        def sending(self, operations: Any) -> None:
            for index in operations:
                operation = plan.operations[index]
                assert not self.flying & {*operation.needs, *operation.after}
            self.flying |= set(operations)
            seen.append(set(self.flying))

        def settled(self, outcome: Any) -> None:
            self.flying.discard(outcome.operation)

    assert carried_out(plan, server, max_batch=2, listener=Watch()).complete
    assert server.most_flying == 2
    assert server.documents[0][0] == "A_"


def test_what_needs_something_that_failed_is_skipped_and_the_rest_goes_on() -> None:
    """The first cause is named, through any number of steps."""
    plan = plan_of([tag("A", parents=["B"]), tag("B", parents=["C"]), tag("C"), tag("D")])
    server = FakeServer()
    server.refuse["C"] = "tag with name 'C' already exists"
    report = carried_out(plan, server)
    by_name = {plan.changes[plan.operations[outcome.operation].change].label: outcome
               for outcome in report.outcomes}  # fmt: skip
    assert by_name["C"].status is Status.FAILED
    assert by_name["C"].message == "tag with name 'C' already exists"
    assert by_name["D"].status is Status.APPLIED
    for name in ("A", "B"):
        assert by_name[name].status is Status.SKIPPED
        assert by_name[name].because == by_name["C"].operation
    assert report.exit_code is ExitCode.INCOMPLETE
    assert not report.stopped
    assert report.changed("create") == 1


# -- broken connections ----------------------------------------------------------------------


def test_after_a_broken_document_what_landed_is_found_and_the_rest_is_sent_again() -> None:
    """A prefix has been committed; nothing is made twice."""
    server = FakeServer()
    server.breaks = [3]
    report = carried_out(many(6), server, max_batch=5)
    assert statuses(report) == "aaaaaa"
    assert len(server.objects["tag"]) == 6
    assert all(outcome.id for outcome in report.outcomes)


def test_updates_are_looked_up_by_their_fields() -> None:
    """An update with its planned values was applied, and one with its former values is sent again.

    An update with other values is unknown.
    """
    plan = plan_of(
        [tag("A", description="x", parents=["Z"]), tag("B", description="x"),
         tag("C", description="x"), tag("D", description="x"),
         studio("S", parent="T"), studio("U", parent=None)],
        [tag("A", id="1"), tag("B", id="2"), tag("C", id="3", description="old"),
         tag("D", id="4"), tag("Z", id="9"),
         studio("S", id="1"), studio("T", id="2"), studio("U", id="3", parent="2")],
    )  # fmt: skip
    rows = [("tag", {"id": str(n), "name": name}) for n, name in enumerate("ABCD", 1)]
    server = FakeServer(
        *rows,
        ("studio", {"id": "1", "name": "S"}),
        ("studio", {"id": "3", "name": "U", "parent_studio": {"id": "2"}}),
    )
    server.breaks = [1]
    server.objects["tag"]["3"]["description"] = "old"

    def meddle() -> None:
        server.objects["tag"]["3"]["description"] = "meanwhile"
        server.objects["tag"].pop("4", None)

    server.arrives = meddle
    server._name = lambda kind, made: made["id"]  # type: ignore[method-assign]
    report = carried_out(plan, server)
    assert statuses(report) == "aauuaa"
    assert report.outcomes[2].message == "connection lost"
    assert report.exit_code is ExitCode.INCOMPLETE


def test_an_operation_is_sent_a_few_times_and_then_counts_as_failed() -> None:
    """It certainly did not run, and it would fail again."""
    server = FakeServer()
    server.breaks = [0] * 9
    report = carried_out(many(2), server)
    assert statuses(report) == "ff"
    assert report.requests == run.LOOK_UPS
    assert report.outcomes[0].message == "connection lost"


def test_a_create_whose_object_is_not_as_planned_is_unknown() -> None:
    """Another client may have created it; what needs it is skipped."""
    plan = plan_of([tag("A", description="x"), tag("B", parents=["A"]), tag("C")])
    server = FakeServer()
    server.breaks = [0]

    def meddle() -> None:
        server.objects["tag"].setdefault("50", {**_row(), "id": "50", "name": "a"})

    real = server._run

    def broken(text: str, variables: dict[str, Any]) -> Any:
        meddle()
        return real(text, variables)

    server._run = broken  # type: ignore[method-assign]
    report = carried_out(plan, server)
    assert statuses(report) == "uas"
    assert report.outcomes[0].id == "50"
    assert report.outcomes[2].because == 0


def _row() -> dict[str, Any]:
    return dict(FakeServer(("tag", {"id": "1", "name": "x"})).objects["tag"]["1"])


def test_where_nothing_can_be_looked_up_the_outcome_is_unknown_and_the_run_ends() -> None:
    """Nothing is sent blindly."""
    server = FakeServer()
    server.breaks, server.reads = [2, *GONE], 1
    report = carried_out(many(9), server, max_batch=4)
    assert "uuu" in statuses(report)
    assert statuses(report)[-1] == "s"
    assert report.stopped in ("still no connection", "connection refused")
    assert "connection lost; then: still no connection" in report.outcomes[1].message
    assert report.outcomes[-1].message == report.stopped


def test_an_interrupt_ends_the_look_up_of_unknown_outcomes() -> None:
    """The server is gone: the run does not wait a minute for what cannot be known."""
    clock, interrupt = Clock(), Interrupt()

    class Watch(Listener):
        def waiting(self, reason: str, seconds: float) -> None:
            interrupt.request()

    server = FakeServer()
    server.breaks, server.reads = [1], 0
    report = carried_out(
        many(3), server, interrupt=interrupt, listener=Watch(), waits=patience(clock)
    )
    assert statuses(report) == "uuu"
    assert report.exit_code is ExitCode.INTERRUPTED
    assert clock.now < 2


def test_a_document_that_was_not_sent_ends_the_run() -> None:
    """No server answers, for a minute."""
    clock = Clock()
    server = FakeServer()
    server.breaks = [*GONE]
    report = carried_out(many(5), server, max_batch=2, waits=patience(clock))
    assert statuses(report) == "sssss"
    assert report.stopped == "connection refused"
    assert 60 <= clock.now <= 62


def test_a_server_that_comes_back_within_a_minute_is_waited_for() -> None:
    """It was restarted; one operation is tried at first."""
    clock = Clock()
    server = FakeServer()
    server.breaks = ["unsent"] * 4
    assert carried_out(many(5), server, max_batch=4, waits=patience(clock)).complete
    assert len(server.documents[0]) == 1
    assert sum(clock.naps) < 10


@pytest.mark.parametrize("answer", [{}, {"op0": None}])
def test_an_operation_that_the_answer_leaves_out_is_looked_up(answer: dict[str, Any]) -> None:
    """The answer is complete JSON without the operation."""
    server = FakeServer()
    real = server._run

    def silent(text: str, variables: dict[str, Any]) -> Any:
        found = real(text, variables)
        return type(found)(answer or {"other": 1})

    server._run = silent  # type: ignore[method-assign]
    assert statuses(carried_out(many(1), server)) == "a"


def test_stash_ids_are_looked_up_without_their_times() -> None:
    """The server stamps new pairs."""
    plan = plan_of([tag("A", stash_ids={"e": ["1"]})], [tag("A", id="1")])
    server = FakeServer(("tag", {"id": "1", "name": "A"}))
    server.breaks = [1]
    real = server._store

    def stamped(kind: str, action: str, made: dict[str, Any]) -> str:
        made = {**made, "stash_ids": [{**item, "updated_at": "now"} for item in made["stash_ids"]]}
        return real(kind, action, made)

    server._store = stamped  # type: ignore[method-assign]
    assert statuses(carried_out(plan, server)) == "a"


# -- interrupts --------------------------------------------------------------------------------


def test_an_interrupt_lets_the_document_in_flight_finish() -> None:
    """What was not sent is skipped, and the exit code is 130."""
    interrupt = Interrupt()
    server = FakeServer()
    server.before_answer = interrupt.request
    report = carried_out(many(9), server, max_batch=3, interrupt=interrupt)
    assert statuses(report) == "aaaaaasss"
    assert report.stopped == "interrupted"
    assert report.exit_code is ExitCode.INTERRUPTED
    assert report.outcomes[-1].message == "interrupted"


def test_a_cancelled_run_leaves_nothing_in_flight() -> None:
    """The second interrupt stops at once."""
    server = FakeServer()
    server.naps = 10**9

    async def story() -> None:
        task = asyncio.ensure_future(carry_out(many(3), client_of(server), root=Path()))
        while not server.flying:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert server.flying == 0

    asyncio.run(story())


# -- images ------------------------------------------------------------------------------------


def image(root: Path, name: str, content: bytes) -> dict[str, str]:
    """Return a picture of the project, and its canonical value."""
    (root / name).write_bytes(content)
    return {"file": name, "md5": hashlib.md5(content, usedforsecurity=False).hexdigest()}


def test_images_are_sent_as_data_urls(tmp_path: Path) -> None:
    """Of the very bytes that the plan saw; URLs as they are, null to remove one."""
    plan = plan_of(
        [tag("A", image=image(tmp_path, "a.png", b"png")), tag("B", image={"url": "http://x.example"}),
         tag("C", image=None), tag("D", image=image(tmp_path, "d.unheard", b"?"))],
        [tag("C", id="1", image={"etag": "x"})],
    )  # fmt: skip
    server = FakeServer(("tag", {"id": "1", "name": "C", "image_path": "/i"}))
    server.etags = {"/i": "x"}
    assert carried_out(plan, server, root=tmp_path).complete
    sent = {item.get("name", "C"): item["image"] for item in server.inputs}
    assert sent["A"] == "data:image/png;base64," + base64.b64encode(b"png").decode()
    assert sent["B"] == "http://x.example"
    assert sent["C"] is None
    assert sent["D"].startswith("data:application/octet-stream;base64,")


def test_an_image_that_changed_or_is_missing_is_not_sent(tmp_path: Path) -> None:
    """The plan was approved for other bytes."""
    first, other = image(tmp_path, "a.png", b"1"), image(tmp_path, "b.png", b"2")
    plan = plan_of([tag("A", image=first), tag("B", image=other), tag("C", parents=["A"])])
    (tmp_path / "a.png").write_bytes(b"changed")
    (tmp_path / "b.png").unlink()
    report = carried_out(plan, FakeServer(), root=tmp_path)
    assert statuses(report) == "ffs"
    assert report.outcomes[0].message == "the image a.png is not the one the plan was made from"
    assert "the image b.png cannot be read: No such file" in report.outcomes[1].message
    assert report.requests == 0


def test_large_images_share_no_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An image above the limit goes alone."""
    monkeypatch.setattr(cutting, "LARGEST_BYTES", 4_000)
    sizes = {"A": 1500, "B": 1400, "C": 9000, "D": 10}
    plan = plan_of(
        [tag(name, image=image(tmp_path, f"{name}.png", b"x" * size))
         for name, size in sizes.items()]
    )  # fmt: skip
    server = FakeServer()
    assert carried_out(plan, server, root=tmp_path).complete
    assert server.documents == [["A", "B"], ["C"], ["D"]]


NEW = hashlib.md5(b"new", usedforsecurity=False).hexdigest()


@pytest.mark.parametrize(
    ("desired", "held", "path", "etag", "status"),
    [
        ("new", {"etag": "old"}, "/i", NEW, "a"),
        ("new", {"etag": "old"}, "/i", "other", "u"),
        ("new", None, "/i?default=true", None, "f"),
        ({"url": "http://x.example"}, None, "/i", "any", "a"),
        ({"url": "http://x.example"}, None, "", None, "f"),
        (None, {"etag": "old"}, "/i?default=true", None, "a"),
        (None, {"etag": "old"}, "/i", "old", "f"),
        (None, {"etag": "old"}, "/i", None, "u"),
    ],
)
def test_an_image_is_looked_up_by_its_tag(
    desired: Any, held: Any, path: str, etag: str | None, status: str,
    tmp_path: Path,
) -> None:  # fmt: skip
    """An update of nothing but the image has nothing else to identify it by."""
    if desired == "new":
        desired = image(tmp_path, "a.png", b"new")
    plan = plan_of([tag("A", image=desired)], [tag("A", id="1", image=held)])
    server = FakeServer(("tag", {"id": "1", "name": "A", "image_path": "/i" if held else ""}))
    server.breaks, server.etags = [0] * run.LOOK_UPS, {"/i": "old"}

    def meddle() -> None:
        server.objects["tag"]["1"]["image_path"] = path
        server.etags = {path: etag}

    server.arrives = meddle
    assert statuses(carried_out(plan, server, root=tmp_path)) == status


# -- whatever happens --------------------------------------------------------------------------

breaks = st.lists(st.sampled_from([None, None, 0, 1, 3, "unsent"]), max_size=8)


@settings(max_examples=150, deadline=None)
@given(
    breaks,
    st.sets(st.integers(0, 11), max_size=3),
    st.integers(0, 40),
    st.integers(1, 7),
    st.lists(st.integers(0, 11), min_size=12, max_size=12),
)
def test_every_operation_is_accounted_for(
    broken: list[Any], refused: set[int], reads: int, size: int, parents: list[int]
) -> None:
    """Whatever breaks: exactly one outcome each, and it is true."""
    plan = plan_of(
        [tag(f"T{item}", parents=[f"T{parents[item]}"] if parents[item] < item else [])
         for item in range(12)]
    )  # fmt: skip
    server = FakeServer()
    server.breaks, server.reads = list(broken), reads
    server.refuse = {f"T{item}": "no" for item in refused}
    report = carried_out(plan, server, max_batch=size)
    there = {row["name"]: row["id"] for row in server.objects["tag"].values()}
    assert len(there) == len(server.objects["tag"])
    for outcome in report.outcomes:
        name = plan.changes[plan.operations[outcome.operation].change].label
        if outcome.status is Status.APPLIED:
            assert there[name] == outcome.id
        elif outcome.status is not Status.UNKNOWN:
            assert name not in there
        if outcome.because is not None:
            assert report.outcomes[outcome.because].status is not Status.APPLIED
    if not broken and not refused:
        assert report.complete


# -- at the edges ------------------------------------------------------------------------------


def test_long_texts_share_no_document_that_a_proxy_would_refuse() -> None:
    """Proxies take a megabyte by default: 750 kB leave room for what JSON adds."""
    server = FakeServer()
    assert carried_out(plan_of([tag(f"T{n}", description="x" * 300_000) for n in range(5)]), server)
    assert server.documents == [["T0", "T1"], ["T2", "T3"], ["T4"]]


def test_images_that_reach_just_the_limit_share_a_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit itself is allowed."""
    plan = plan_of([tag(name, image=image(tmp_path, name, b"x" * 1500)) for name in "AB"])
    cutter = cutting.Cutter(plan, SERVER, tmp_path, partial(to_send, root=tmp_path))
    sizes = [cutter.weight(index, cutter._request(index)) for index in (0, 1)]
    monkeypatch.setattr(cutting, "LARGEST_BYTES", sum(sizes))
    server = FakeServer()
    assert carried_out(plan, server, root=tmp_path).complete
    assert server.documents == [["A", "B"]]


@pytest.mark.parametrize("stranger", ["description", "sort_name"])
def test_an_update_is_unknown_if_another_client_changed_one_of_its_fields(stranger: str) -> None:
    """It is unknown even if the other field is as it was before."""
    before = {"description": "old", "sort_name": "old"}
    plan = plan_of([tag("A", description="new", sort_name="new")], [tag("A", id="1", **before)])
    server = FakeServer(("tag", {"id": "1", "name": "A", **before}))
    server.breaks = [0]
    server.arrives = lambda: server.objects["tag"]["1"].update({stranger: "meanwhile"})
    assert statuses(carried_out(plan, server)) == "u"


def test_an_image_that_landed_proves_nothing_about_the_other_fields(tmp_path: Path) -> None:
    """All fields have to be as planned."""
    wanted = tag("A", description="new", image=image(tmp_path, "a.png", b"new"))
    plan = plan_of([wanted], [tag("A", id="1", image={"etag": "old"})])
    row = {"id": "1", "name": "A", "image_path": "/i"}
    server = FakeServer(("tag", row))
    server.breaks, server.etags = [0], {"/i": "old"}

    def meddle() -> None:
        server.objects["tag"]["1"]["description"] = "meanwhile"
        server.etags = {"/i": NEW}

    server.arrives = meddle
    assert statuses(carried_out(plan, server, root=tmp_path)) == "u"


def test_the_server_is_asked_for_the_image_that_was_planned(tmp_path: Path) -> None:
    """The request has the planned image's ETag, so that an applied one is not downloaded."""
    plan = plan_of([tag("A", image=image(tmp_path, "a.png", b"new"))], [tag("A", id="1")])
    asked: list[str | None] = []

    class Asked(FakeServer):
        async def etag(self, path: str, known: str | None = None) -> str | None:
            asked.append(known)
            return NEW

    server = Asked(("tag", {"id": "1", "name": "A"}))
    server.breaks = [0]
    server.arrives = lambda: server.objects["tag"]["1"].update(image_path="/i")
    assert statuses(carried_out(plan, server, root=tmp_path)) == "a"
    assert {*asked} == {NEW}


def test_a_create_with_an_image_is_found_by_its_other_fields(tmp_path: Path) -> None:
    """The server creates an object together with its image."""
    plan = plan_of([tag("A", image=image(tmp_path, "a.png", b"new"))])
    server = FakeServer()
    server.breaks = [1]
    assert statuses(carried_out(plan, server, root=tmp_path)) == "a"
    assert len(server.documents) == 1


def test_a_created_object_is_looked_for_among_all_that_its_name_matches() -> None:
    """A name with `_` matches many, and the object may be on any page."""
    plan = plan_of([tag("A_")])
    seen: list[Any] = []

    class Paged(FakeServer):
        def _look(self, text: str, variables: dict[str, Any]) -> Any:
            seen.append(variables["filter"]["per_page"])
            return super()._look(text, variables)

    server = Paged()
    server.breaks = [1]
    assert statuses(carried_out(plan, server)) == "a"
    assert {*seen} == {-1}


def test_what_still_has_the_name_of_a_new_object_is_not_that_object() -> None:
    """The document broke before the old holder of the name was renamed."""
    plan = plan_of([tag("Z", id="1"), tag("A")], [tag("A", id="1")])
    server = FakeServer(("tag", {"id": "1", "name": "A"}))
    server.breaks = [0]
    assert statuses(carried_out(plan, server)) == "aa"
    assert {row["id"]: row["name"] for row in server.objects["tag"].values()} == {
        "1": "Z",
        "2": "A",
    }


def test_an_unexpected_error_ends_the_run_as_itself() -> None:
    """What else is in flight is cancelled, and hides nothing."""

    class Odd(FakeServer):
        async def send(self, *args: Any, **options: Any) -> Any:
            self.flying += 1
            if self.flying == 1:
                await asyncio.sleep(0)
                raise RuntimeError("odd")
            await asyncio.sleep(60)

    with pytest.raises(RuntimeError, match="odd"):
        carried_out(many(4), Odd(), max_batch=2)


def test_nothing_is_sent_to_a_server_that_is_gone() -> None:
    """Even the step that gives back a temporary name is not sent."""
    plan = plan_of([tag("B", id="1"), tag("A", id="2")], [tag("A", id="1"), tag("B", id="2")])
    server = FakeServer(("tag", {"id": "1", "name": "A"}), ("tag", {"id": "2", "name": "B"}))
    server.breaks = [None, *GONE]
    report = carried_out(plan, server, max_batch=1)
    assert report.stopped == "connection refused"
    assert len(server.documents) == 1
    assert statuses(report) == "ass"
