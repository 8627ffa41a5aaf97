"""Saved filters are replaced as a whole, and no change of another client is overwritten."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from stashsync.engine import snapshot
from stashsync.engine.reconcile import check_fresh, make_plan
from stashsync.errors import StalePlanError, StashConfigurationError
from stashsync.manifest import load as manifests
from stashsync.outcomes import Status
from stashsync.planner import Plan, Policy, Update
from stashsync.planner.saved import dump, load
from stashsync.sandbox import Sandbox
from stashsync.sandbox.faults import Action, Fault, Faults
from tests.support.projects import write_project
from tests.support.servers import assert_complete, carry_out, plan_for, reader_of
from tests.support.undoing import apply, undo, undo_plan, warnings

TAGS = {
    "value": {"items": [{"id": "1", "label": "Travel"}], "excluded": [], "depth": 0},
    "modifier": "INCLUDES_ALL",
}
SAVED: dict[str, Any] = {
    "name": "Mine",
    "mode": "SCENES",
    "find_filter": {"q": "", "sort": "date"},
    "object_filter": {"tags": TAGS},
    "ui_options": {"display_mode": 1},
}
WANTED: dict[str, Any] = {
    "saved_filters": [
        {"name": "Mine", "mode": "SCENES", "object_filter": {"tags": ["Travel", "Food"]}}
    ]
}


def save(server: Sandbox, **given: Any) -> str:
    """Save a filter as another client does."""
    row = server.library.mutate("saveFilter", {"input": {**SAVED, **given}})
    return str(row["id"])


def filters(server: Sandbox) -> list[Any]:
    """Return all filters as they are."""
    return [
        {name: row[name] for name in ("name", "mode", "find_filter", "object_filter", "ui_options")}
        for row in server.library.query("findSavedFilters", {})
    ]


@pytest.fixture
def server() -> Any:
    """Give a server with two tags and a filter."""
    with Sandbox() as sandbox:
        for name in ("Travel", "Food"):
            sandbox.library.mutate("tagCreate", {"input": {"name": name}})
        save(sandbox)
        yield sandbox


def test_what_another_client_saved_meanwhile_is_left_alone(server: Sandbox, tmp_path: Path) -> None:
    """This holds even for a field that the plan only sends along."""
    plan = plan_for(write_project(tmp_path, WANTED), server)
    save(server, id="1", ui_options={"display_mode": 2})
    before = filters(server)
    report = carry_out(plan, server, tmp_path)
    (outcome,) = report.outcomes
    assert outcome.status is Status.MOVED
    assert outcome.message == "its ui_options changed on the server meanwhile"
    assert filters(server) == before


def test_a_saved_plan_is_stale_where_any_of_a_filter_has_changed(
    server: Sandbox, tmp_path: Path
) -> None:
    """It is read back as it was, and refused before anything is sent."""
    plan = load(dump(plan_for(write_project(tmp_path, WANTED), server)))
    (change,) = plan.changes
    assert isinstance(change, Update)
    assert set(change.kept) == {"name", "mode", "find_filter", "ui_options"}
    _check(plan, server)
    save(server, id="1", find_filter={"q": "sea", "sort": "date"})
    with pytest.raises(StalePlanError) as caught:
        _check(plan, server)
    (problem,) = caught.value.problems
    assert "its find_filter changed" in problem.message


def _check(plan: Plan, server: Sandbox) -> None:
    async def run() -> None:
        async with reader_of(server) as client:
            await check_fresh(plan, client)

    asyncio.run(run())


def test_an_id_of_nothing_does_not_make_a_plan_stale(server: Sandbox, tmp_path: Path) -> None:
    """It names nothing now, as it did before."""
    gone = {"id": "99", "label": "Gone"}
    wanted = {**WANTED["saved_filters"][0], "object_filter": {"tags": ["Travel", gone]}}
    plan = plan_for(write_project(tmp_path, {"saved_filters": [wanted]}), server)
    _check(plan, server)
    assert_complete(carry_out(plan, server, tmp_path))
    items = filters(server)[0]["object_filter"]["tags"]["value"]["items"]
    assert items == [{"id": "1", "label": "Travel"}, gone]


def test_a_filter_follows_a_tag_that_an_undo_makes_again(server: Sandbox, tmp_path: Path) -> None:
    """By its new id; undone once more, and again, it has what it had."""
    deletes = {"tags": [{"name": "Travel", "state": "absent"}]}
    first = apply(server, tmp_path, deletes)
    back = undo(first, server, tmp_path)
    (found,) = filters(server)
    assert found["object_filter"]["tags"]["value"]["items"] == [{"id": "3", "label": "Travel"}]
    assert found["ui_options"] == SAVED["ui_options"]
    undo(back, server, tmp_path)
    undo(first, server, tmp_path, back)


def test_what_a_filter_names_does_not_go_with_the_run_that_made_it(
    server: Sandbox, tmp_path: Path
) -> None:
    """Undo keeps a created object that a saved filter refers to, as any other reference would."""
    run = apply(server, tmp_path, {"tags": [{"name": "Sea"}]})
    items = [{"id": "3", "label": "Sea"}]
    save(server, name="Sea", object_filter={"tags": {**TAGS, "value": {"items": items}}})
    plan = undo_plan(run, server, tmp_path)
    assert not plan.changes
    assert warnings(plan) == ['tag "Sea" stays: saved_filter "Sea (SCENES)" refers to it']


def test_a_filter_that_another_client_deleted_is_not_saved_into_nothing(
    server: Sandbox, tmp_path: Path
) -> None:
    """The server would answer as if it had stored it."""
    plan = plan_for(write_project(tmp_path, WANTED), server)
    server.library.mutate("destroySavedFilter", {"input": {"id": "1"}})
    (outcome,) = carry_out(plan, server, tmp_path).outcomes
    assert (outcome.status, outcome.message) == (Status.MOVED, "is gone")


@pytest.mark.parametrize("action", ["drop before", "drop after", "bad gateway", "garbled"])
def test_an_answer_that_is_lost_is_found_out(
    action: Action, server: Sandbox, tmp_path: Path
) -> None:
    """Nothing is saved twice, and what was saved is known, at whichever document it breaks."""
    wanted = {
        "tags": [{"name": "Sea"}],
        "saved_filters": [
            {**WANTED["saved_filters"][0], "renamed_from": "Yours"},
            {"name": "New", "mode": "TAGS", "object_filter": {"parents": {"value": ["North"]}}},
            {"name": "Sea", "mode": "SCENES", "object_filter": {"tags": ["Sea", "Food"]}},
        ],
        "studios": [{"name": "North"}],
    }
    root = write_project(tmp_path, wanted)
    for broken in range(2, 9):
        for row in server.library.query("findSavedFilters", {}):
            server.library.mutate("destroySavedFilter", {"input": {"id": str(row["id"])}})
        save(server, name="Yours")
        faulty = Faults(server.app, [Fault(action, (broken,))])
        assert_complete(carry_out(plan_for(root, server), faulty, root))
        assert [found["name"] for found in filters(server)] == ["Mine", "New", "Sea"]
        assert filters(server)[0]["ui_options"] == SAVED["ui_options"]
        assert not plan_for(root, server).changes


def test_filters_that_are_ignored_follow_no_merge(server: Sandbox, tmp_path: Path) -> None:
    """What is ignored is neither planned nor reported."""
    tags = [{"name": "Food", "merge": ["Travel"]}]
    desired = manifests(write_project(tmp_path, {"tags": tags}))
    policy = Policy(ignore={"saved_filter": ("Mine",)})

    async def run(policy: Policy) -> Plan:
        async with reader_of(server) as client:
            return await make_plan(desired, client, policy=policy)

    assert {change.kind for change in asyncio.run(run(policy)).changes} == {"tag"}
    kinds = [change.kind for change in asyncio.run(run(Policy())).changes]
    assert kinds == ["saved_filter", "tag"]


def test_a_snapshot_of_an_older_version_is_no_empty_library(
    server: Sandbox, tmp_path: Path
) -> None:
    """It knows nothing of the filters; a plan of it would save them all."""
    desired = manifests(write_project(tmp_path, WANTED))

    async def run() -> None:
        async with reader_of(server) as client:
            taken = await snapshot.take(client)
        del taken.state.resources["saved_filter"]  # type: ignore[attr-defined]  # a dict
        await make_plan(desired, taken)

    with pytest.raises(StashConfigurationError, match="has no saved filters"):
        asyncio.run(run())
