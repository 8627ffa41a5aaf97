"""What is given back where the rest of a change is refused, and what other clients did meanwhile.

Source: docs/planning-rules.md#retries
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stashsync.applier import Status
from stashsync.applier.journal import Journal, RunOrigin, read_run
from stashsync.planner.changes import token_of
from tests.applier.test_together import applied, planned, refusing, sandbox_of
from tests.planner.build import tag
from tests.support.libraries import content_of

ORIGIN = RunOrigin("apply", "http://stash.example:9999", "a-library")
FILM: list[dict[str, Any]] = [{"name": "Film", "aliases": ["A1B", "Reel"]}]


def test_a_name_that_a_later_step_has_written_is_not_taken_back() -> None:
    """The object stepped aside, got its name, and then its aliases were refused."""
    server = sandbox_of(
        "0.31.0",  # Lens has to move before the merge, which would not take it along
        tags=[
            {"name": "Cut135"},
            {"name": "Film"},
            {"name": "Cine"},
            {"name": "Lens", "parents": ["Cine"]},
        ],
    )
    wanted = [
        tag("Cut_35", renamed_from="Film", aliases=["Cine", "Extra"], merge=["Cine"]),
        tag("Fi_m", renamed_from="Cut135"),
        tag("Cut 35"),
        tag("Lens", parents=["Cut 35"]),
    ]
    plan = planned(wanted, server)
    changes = [token_of(each) for each in plan.changes]
    fields = [each.fields for each in plan.operations if changes[each.change] == "2"]
    assert fields == [("name",), ("name",), (), ("aliases",)]
    refusing(server, lambda _, args: "Extra" in str(args))
    report, _ = applied(plan, server)
    assert [outcome.message for outcome in report.outcomes if outcome.message] == [
        "the disk is full"
    ]
    assert "Cut_35" in {row["name"] for row in content_of(server)["tags"]}


@pytest.mark.parametrize("max_batch", [1, 50])
def test_aliases_come_back_with_what_a_merge_has_added(max_batch: int) -> None:
    """Nothing of them is lost where the rest of the change is refused."""
    server = sandbox_of(tags=[{"name": "Rec"}, {"name": "Film", "aliases": ["A1B", "Reel"]}])
    plan = planned([tag("Pic", renamed_from="Film", merge=["Rec"]), tag("A_B")], server)
    refusing(server, lambda _, args: "Pic" in str(args) or "A_B" in str(args))
    report, _ = applied(plan, server, max_batch=max_batch)
    assert any("it has its aliases again" in outcome.message for outcome in report.outcomes)
    assert content_of(server)["tags"] == [{"name": "Film", "aliases": ["A1B", "Rec", "Reel"]}]


def test_aliases_come_back_beside_those_that_another_client_added() -> None:
    """And the edit of that client stays."""
    server = sandbox_of(tags=FILM)
    plan = planned([tag("Film"), tag("A_B")], server)
    inner = server.library.mutate

    def refuses(field: str, _: object) -> bool:
        if field == "tagCreate":
            inner("tagUpdate", {"input": {"id": "1", "aliases": ["Reel", "Zed"]}})
        return field == "tagCreate"

    refusing(server, refuses)
    applied(plan, server, max_batch=1)
    assert content_of(server)["tags"] == [{"name": "Film", "aliases": ["A1B", "Reel", "Zed"]}]


def test_what_another_client_takes_away_before_the_run_is_not_given_back() -> None:
    """It looks like what the plan does for a while, and the plan has not done it yet."""
    server = sandbox_of(tags=FILM)
    plan = planned([tag("Film"), tag("A_B")], server)
    server.library.mutate("tagUpdate", {"input": {"id": "1", "aliases": ["Reel"]}})
    report, _ = applied(plan, server)
    assert report.outcomes[0].status is Status.MOVED
    assert {"name": "Film", "aliases": ["Reel"]} in content_of(server)["tags"]


def test_what_was_refused_is_not_done_because_the_rest_is_as_planned() -> None:
    """Another client has made the other field what it is to be."""
    server = sandbox_of(tags=FILM)
    plan = planned([tag("Film", description="x"), tag("A_B")], server)
    inner = server.library.mutate

    def refuses(field: str, args: dict[str, Any]) -> bool:
        if args["input"].get("aliases") == ["Reel"]:
            inner("tagUpdate", {"input": {"id": "1", "description": "x"}})
            return True
        return False

    refusing(server, refuses)
    report, _ = applied(plan, server, max_batch=1)
    assert report.outcomes[0].status is Status.FAILED
    assert report.outcomes[1].because == 0


def test_a_run_knows_what_became_of_what_could_not_be_given_back(tmp_path: Path) -> None:
    """It is applied, not unknown, and `resume` does the rest."""
    server = sandbox_of(tags=[{"name": "A"}, {"name": "B"}])
    plan = planned([tag("B", id="1", file="m"), tag("A", id="2", file="m")], server)
    inner = server.library.mutate
    refusing(server, lambda _, args: args["input"] == {"id": "2", "name": "A"})
    report, _ = applied(plan, server, listener=Journal(tmp_path, ORIGIN))
    assert report.outcomes[0].status is Status.APPLIED
    (journal,) = tmp_path.glob("*.jsonl")
    run = read_run(journal)
    assert run.unknown == []
    server.library.mutate = inner  # type: ignore[method-assign]
    resumed, _ = applied(plan, server, begun=run)
    assert resumed.complete


def test_aliases_that_cannot_come_back_are_for_resume_alone(tmp_path: Path) -> None:
    """No manifest mentions them: a new plan would not know them."""
    server = sandbox_of(tags=[{"name": "Film", "aliases": ["A1B"]}])
    plan = planned([tag("Film"), tag("A_B")], server)
    refusing(server, lambda _, args: args["input"].get("aliases") == ["A1B"])
    report, _ = applied(plan, server, listener=Journal(tmp_path, ORIGIN))
    assert [outcome.status for outcome in report.outcomes] == [
        Status.APPLIED,
        Status.APPLIED,
        Status.FAILED,
    ]
    assert "it could not get its aliases back; `stashsync resume`" in report.outcomes[2].message
    assert report.half_released
    (journal,) = tmp_path.glob("*.jsonl")
    assert read_run(journal).is_in_the_way


def test_aliases_that_go_for_good_are_not_for_resume() -> None:
    """Another object has the alias by now, as planned; the next plan does the rest."""
    server = sandbox_of(tags=[{"name": "A", "aliases": ["x"]}, {"name": "B", "aliases": ["y"]}])
    plan = planned([tag("A", aliases=["y"]), tag("B", aliases=["x"])], server)
    last = plan.operations[-1]
    refused = plan.changes[last.change].changes["aliases"].after
    refusing(server, lambda _, args: args["input"].get("aliases") == refused)
    report, _ = applied(plan, server)
    assert "could not get its aliases back; the next apply" in report.outcomes[-1].message
    assert not report.half_released
