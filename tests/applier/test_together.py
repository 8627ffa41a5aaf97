"""Operations that are sent together: bulk updates, plural deletes, merges; and their outcomes.

These run on a sandbox, over its application.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from stashsync.applier import Interrupt, Report, Status, carry_out, run
from stashsync.client import StashClient
from stashsync.engine.impact import observe_impacts
from stashsync.engine.observe import observe, wanted_by
from stashsync.planner import Plan, Policy, decide, pair_up, removals
from stashsync.sandbox import Fault, Faults, Sandbox
from stashsync.sandbox.library.refusals import Refusal
from stashsync.state import Resource, desired_state
from tests.planner.build import performer, studio, tag
from tests.support.clock import patience
from tests.support.libraries import content_of, fill
from tests.support.servers import Tap, client_of, transport_to

NAMES = [f"T{number}" for number in range(6)]


def sandbox_of(release: str = "0.30.1", **content: Any) -> Sandbox:
    server = Sandbox(release=release)
    fill(server, content, Path())
    return server


def planned(desired: Iterable[Resource], server: Sandbox, *prune: str) -> Plan:
    """Return the plan for what the sandbox has now."""
    policy = Policy(prune=frozenset(prune))
    wanted = desired_state(desired)

    async def whole() -> Plan:
        async with client_of(server) as client:
            now = await observe(wanted_by(wanted, prune), client)
            context, pairs = pair_up(wanted, now, await client.capabilities(), policy=policy)
            going = await observe_impacts(removals(context, pairs, policy), client)
            return decide(context, pairs, policy, going)

    return asyncio.run(whole())


def applied(plan: Plan, served: Any, **options: Any) -> tuple[Report, list[str]]:
    """Return the report, and the mutations of each document."""

    async def whole() -> tuple[Report, list[str]]:
        tap = Tap(transport_to(served))
        async with StashClient(tap) as client:
            report = await carry_out(plan, client, root=Path(), patience=patience(), **options)
        texts = [text for text, _ in tap.documents if text.startswith("mutation")]
        return report, [" ".join(_fields(text)) for text in texts]

    return asyncio.run(whole())


def _fields(text: str) -> list[str]:
    return [line.split(":")[1].split("(")[0].strip() for line in text.splitlines()[1:-1]]


def statuses(report: Report) -> str:
    return "".join(outcome.status[0] for outcome in report.outcomes)


def refusing(server: Sandbox, refuses: Callable[[str, dict[str, Any]], bool]) -> None:
    """Let the library refuse what is to be refused."""
    inner = server.library.mutate

    def mutate(field: str, args: dict[str, Any]) -> Any:
        if refuses(field, args):
            raise Refusal("the disk is full")
        return inner(field, args)

    server.library.mutate = mutate  # type: ignore[method-assign]


def test_equal_changes_go_as_one() -> None:
    """Values, added members, removed ones, whole lists; other changes go alone."""
    server = sandbox_of(
        tags=[{"name": "Up"}, {"name": "Down"}],
        performers=[
            {"name": f"P{number}", "tags": ["Down"] if number > 3 else []} for number in range(8)
        ],
    )
    plan = planned(
        [
            *(performer(f"P{number}", tags={"add": ["Up"]}) for number in range(2)),
            *(performer(f"P{number}", country="IS", urls=["u"]) for number in range(2, 4)),
            *(performer(f"P{number}", tags=[]) for number in range(4, 6)),
            *(performer(f"P{number}", tags=["Up"]) for number in range(6, 8)),
        ],
        server,
    )
    report, documents = applied(plan, server)
    assert report.complete
    assert len(report.outcomes) == 8
    assert documents == [" ".join(["bulkPerformerUpdate"] * 4)]
    people = {item["name"]: item for item in content_of(server)["performers"]}
    assert [person for person in people if people[person].get("tags") == ["Up"]] == [
        "P0",
        "P1",
        "P6",
        "P7",
    ]
    assert people["P2"]["urls"] == ["u"]
    assert "tags" not in people["P4"]


def test_what_leaves_a_tag_that_will_be_merged_leaves_it_before() -> None:
    """The plan has the parents as the merge leaves them; updates come before it, in bulk too."""
    server = sandbox_of(
        tags=[{"name": "From"}, {"name": "Into"}, *({"name": n, "parents": ["From"]} for n in "XY")]
    )
    wanted = [tag("Into", merge=["From"]), tag("X", parents=[]), tag("Y", parents=[])]
    report, documents = applied(planned(wanted, server), server)
    assert report.complete
    assert documents == ["bulkTagUpdate tagsMerge"]
    assert not any("parents" in item for item in content_of(server)["tags"])


def test_a_release_without_bulk_updates_gets_single_ones() -> None:
    """Studios have one since v0.30; names are never sent in bulk."""
    studios = [{"name": "A"}, {"name": "B"}]
    wanted = [studio("A", favorite=True), studio("B", favorite=True)]
    for release, mutation in (
        ("0.29.3", "studioUpdate studioUpdate"),
        ("0.30.1", "bulkStudioUpdate"),
    ):
        server = sandbox_of(release, studios=studios)
        assert applied(planned(wanted, server), server)[1] == [mutation]
    server = sandbox_of(tags=[{"name": "a"}, {"name": "b"}])
    plan = planned([tag("A"), tag("B")], server)
    assert applied(plan, server)[1] == ["tagUpdate tagUpdate"]


def _is_about(args: dict[str, Any], identifier: str) -> bool:
    given = args.get("input", args)
    return identifier in [given.get("id"), *given.get("ids", ())]


def test_what_was_refused_together_is_sent_one_by_one() -> None:
    """A bulk update or a plural delete fails as a whole; the report accounts for each."""
    server = sandbox_of(tags=[{"name": name} for name in NAMES])
    refusing(server, lambda field, args: _is_about(args, "3"))
    plan = planned([tag(name, favorite=True) for name in NAMES], server)
    report, documents = applied(plan, server)
    assert statuses(report) == "aafaaa"
    assert documents[0] == "bulkTagUpdate"
    assert documents[1].split() == ["tagUpdate"] * 6
    plan = planned([], server, "tag")
    report, documents = applied(plan, server)
    assert Status.FAILED in report.totals()
    assert report.totals()[Status.APPLIED] == 5
    assert documents == ["tagsDestroy", *["tagDestroy"] * 6]


def test_several_groups_that_were_refused_are_all_sent_one_by_one() -> None:
    """None of them is forgotten for another."""
    server = sandbox_of(tags=[{"name": name} for name in NAMES])
    refusing(server, lambda field, args: field == "bulkTagUpdate")
    wanted = [tag(name, favorite=True) for name in NAMES[:3]]
    wanted += [tag(name, description="x") for name in NAMES[3:]]
    report, documents = applied(planned(wanted, server), server)
    assert report.complete
    assert documents[0] == "bulkTagUpdate bulkTagUpdate"
    assert sum(document.split().count("tagUpdate") for document in documents) == 6


def test_deletes_of_each_kind_go_together() -> None:
    """One delete mutation has as many ids as a document may have operations."""
    server = sandbox_of(
        tags=[{"name": name} for name in NAMES], performers=[{"name": "P"}, {"name": "Q"}]
    )
    plan = planned([], server, "tag", "performer")
    report, documents = applied(plan, server, max_batch=4)
    assert report.complete
    assert documents == ["tagsDestroy", "tagsDestroy", "performersDestroy"]
    assert content_of(server) == {}


MERGED = {
    "tags": [{"name": "A"}, {"name": "X"}, {"name": "Gone"}],
    "studios": [{"name": "S"}, {"name": "T"}],
    "scenes": [{"title": "One", "tags": ["X"], "studio": "T"}],
}


def merges(server: Sandbox) -> Plan:
    """Tags by the server, studios by moving, and a delete."""
    kept_tag, other, gone = tag("A"), studio("S"), tag("Gone")
    kept_tag.merge, other.merge, gone.absent = ("X",), ("T",), True
    return planned([kept_tag, other, gone], server)


@pytest.mark.parametrize("action", ["drop before", "drop after"])
def test_merges_and_deletes_that_were_cut_off_are_looked_up(action: Any) -> None:
    """What landed is found by its objects being gone; what did not is sent again."""
    with sandbox_of(**MERGED) as untouched:
        documents = len(applied(merges(untouched), untouched)[1])
        expected = content_of(untouched)
    for number in range(1, documents + 6):
        with sandbox_of(**MERGED) as server:
            plan = merges(server)
            report, _ = applied(plan, Faults(server.app, [Fault(action, (number,))]))
            assert report.complete, (number, report.outcomes)
            assert content_of(server) == expected


def test_what_stepped_aside_steps_back_where_the_rest_fails() -> None:
    """Its name is given back at once, and the report notes it."""
    for number, note in ((2, "it has its name again"), (3, "it could not get its name back")):
        server = sandbox_of(tags=[{"name": "A"}, {"name": "B"}])
        plan = planned([tag("B", id="1", file="m"), tag("A", id="2", file="m")], server)
        calls: list[str] = []

        def refuses(field: str, _: Any, calls: list[str] = calls, number: int = number) -> bool:
            calls.append(field)
            return len(calls) == number

        refusing(server, refuses)
        report, _ = applied(plan, server, max_batch=1)
        assert any(note in outcome.message for outcome in report.outcomes), report.outcomes
        assert not report.complete


@pytest.mark.parametrize("pattern", ["A_", "Z_"])
def test_what_stepped_aside_together_comes_back_in_the_order_that_the_server_accepts(
    pattern: str,
) -> None:
    """A pattern first, then what it matches, whichever of them was renamed first."""
    matched = pattern.replace("_", "x")
    server = sandbox_of(tags=[{"name": pattern}, {"name": "C"}])
    server.library.mutate("tagUpdate", {"input": {"id": "2", "aliases": ["C_", matched]}})
    before = content_of(server)
    plan = planned([tag(pattern), tag("__"), tag("C", aliases=sorted(["C_", matched]))], server)
    aside = [
        plan.changes[operation.change].label for operation in plan.operations if operation.undo
    ]
    assert aside == sorted([pattern, "C"])
    calls: list[str] = []

    def refuses(field: str, _: Any) -> bool:
        calls.append(field)
        return len(calls) in (3, 4, 5)

    refusing(server, refuses)
    report, _ = applied(plan, server, max_batch=1)
    assert statuses(report) == "ssfff"
    ends = " ".join(outcome.message for outcome in report.outcomes)
    assert "it has its name again" in ends
    assert "it has its aliases again" in ends
    assert content_of(server) == before


def test_what_follows_on_an_operation_sent_with_others_waits_for_the_next_document() -> None:
    """A bulk update that is refused is sent again, one object at a time."""
    released = [{"name": "Top", "parents": []}, {"name": "A", "parents": ["Top"]}]
    server = sandbox_of(tags=[*released, {"name": "B", "parents": ["Top"]}])
    wanted = [tag("A", parents=[]), tag("B", parents=[]), tag("Top", parents=["A"])]
    plan = planned(wanted, server)
    assert plan.operations[2].waits == (0,)
    report, documents = applied(plan, server)
    assert report.complete
    assert documents == ["bulkTagUpdate", "tagUpdate"]

    server = sandbox_of(tags=[*released, {"name": "B", "parents": ["Top"]}])
    refusing(server, lambda field, args: _is_about(args, "2"))
    report, documents = applied(planned(wanted, server), server)
    assert statuses(report) == "faf"
    assert documents == ["bulkTagUpdate", "tagUpdate tagUpdate tagUpdate"]


def test_no_update_joins_one_that_another_of_the_document_relies_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If what was joined were refused, what relied on the first would have been sent in vain."""
    monkeypatch.setattr(run, "CUT", 1)  # of two, either may be answered first
    fillers = [f"F{number}" for number in range(5)]
    server = sandbox_of(
        tags=[{"name": "Q"}, {"name": "B"}, {"name": "C", "parents": ["Q"]},
              {"name": "A", "parents": ["C"]}, {"name": "M", "parents": ["B"]},
              *({"name": filler} for filler in fillers)],
    )  # fmt: skip
    plan = planned(
        [tag("A", parents=[]), *(tag(filler, description=filler) for filler in fillers),
         tag("M", parents=["A"]), tag("B", parents=["M"]), tag("C", parents=["A"])],
        server,
    )  # fmt: skip
    assert [operation.waits for operation in plan.operations[-3:]] == [(), (6,), (0,)]
    report, documents = applied(plan, server, max_batch=3)
    assert report.complete
    assert documents == [" ".join(["tagUpdate"] * 3)] * 3, "C is as M, and B relies on M"


def test_an_interrupt_stops_before_the_next_document() -> None:
    """What was not sent is skipped, and the report gives the reason."""
    server = sandbox_of(tags=[{"name": name} for name in NAMES])
    interrupt = Interrupt()
    interrupt.request()
    report, documents = applied(planned([], server, "tag"), server, interrupt=interrupt)
    assert documents == []
    assert {outcome.message for outcome in report.outcomes} == {"interrupted"}


@pytest.mark.parametrize("action", ["drop before", "drop after"])
def test_a_create_in_two_pieces_is_looked_up_by_its_second(action: Any) -> None:
    """A pattern goes before what it matches, even where that is to be its parent."""
    for number in range(1, 8):
        with sandbox_of(tags=[{"name": "Old"}]) as server:
            plan = planned([tag("q_r", parents=["qxr", "Old"]), tag("qxr"), studio("S")], server)
            report, _ = applied(plan, Faults(server.app, [Fault(action, (number,))]))
            assert report.complete, (number, report.outcomes)
            assert len(report.outcomes) == 4
            assert {"name": "q_r", "parents": ["Old", "qxr"]} in content_of(server)["tags"]


@pytest.mark.parametrize("action", ["drop before", "drop after"])
def test_steps_aside_that_were_cut_off_are_looked_up(action: Any) -> None:
    """Whether it has the old name, the temporary one, or the new one."""
    for number in range(1, 16):
        with sandbox_of(tags=[{"name": "A"}, {"name": "B"}, {"name": "qxr"}]) as server:
            wanted = [
                tag("B", id="1", file="m"),
                tag("A", id="2", file="m"),
                tag("qxr"),
                tag("q_r"),
            ]
            plan = planned(wanted, server)
            assert sum(bool(operation.undo) for operation in plan.operations) == 2
            faults = Faults(server.app, [Fault(action, (number, number + 2))])
            report, _ = applied(plan, faults, max_batch=1)
            assert report.complete, (number, report.outcomes)
            names = [item["name"] for item in content_of(server)["tags"]]
            assert names == ["B", "A", "qxr", "q_r"]


@pytest.mark.parametrize("action", ["drop before", "drop after"])
def test_what_a_merge_adds_to_fewer_aliases_is_looked_up(action: Any) -> None:
    """Aliases were given up for a while, and then the merge has brought others."""
    held = [
        {"name": "Into", "aliases": ["Lent"]},
        {"name": "Other"},
        {"name": "From", "aliases": ["Brought"]},
    ]
    wanted = [
        tag("Other", id="1", file="m", merge=["From"], aliases=["From"]),
        tag("New", id="2", file="m", aliases=["Lent"]),
    ]
    for number in range(1, 16):
        with sandbox_of(tags=held) as server:
            plan = planned(wanted, server)
            assert any(operation.undo for operation in plan.operations)
            faults = Faults(server.app, [Fault(action, (number, number + 2))])
            report, _ = applied(plan, faults, max_batch=1)
            assert report.complete, (number, report.outcomes)
            assert content_of(server)["tags"] == [
                {"name": "Other", "aliases": ["From"]},
                {"name": "New", "aliases": ["Lent"]},
            ]
