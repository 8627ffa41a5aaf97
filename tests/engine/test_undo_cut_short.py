"""Runs that were cut short are taken back after another client has edited.

Source: docs/planning-rules.md#undo
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from stashsync.applier.journal import Run
from stashsync.engine.baseline import Baseline
from stashsync.engine.evidence import believed, names_given
from stashsync.planner import Plan
from stashsync.sandbox import Sandbox
from stashsync.state import State
from tests.planner.build import resource
from tests.support.bearers import everything, fill
from tests.support.killed import cut_run
from tests.support.projects import write_project
from tests.support.servers import plan_for
from tests.support.undoing import RUNS, apply, edit, undo, undo_plan, warnings


def cut(server: Sandbox, root: Path, wanted: dict[str, Any], *, at: int = 0, size: int = 1) -> Run:
    """Apply manifests until the server has carried out a document, whose answer is lost."""
    plan = plan_for(write_project(root, wanted), server)
    run = cut_run(plan, server, root, at, answered=True, folder=RUNS, max_batch=size)
    assert run is not None
    assert run.unknown
    return run


def named(server: Sandbox, plural: str, field: str) -> dict[str, Any]:
    """Return a field of the objects of a kind, by their names."""
    return {each["name"]: each.get(field) for each in everything(server)[plural]}


def test_a_name_that_stepped_aside_before_a_delete_comes_back_unless_it_is_taken(
    tmp_path: Path,
) -> None:
    """The studio is that of the run under its temporary name as well."""
    library = {"studios": [{"name": "East"}, {"name": "North", "parent": "East"}]}
    wanted = {
        "studios": [
            {"name": "East", "state": "absent"},
            {"name": "North", "parent": "East2"},
            {"name": "East2", "aliases": ["East"]},
        ]
    }
    with Sandbox() as server:
        fill(server, library, tmp_path)
        run = cut(server, tmp_path, wanted)
        assert "East" not in named(server, "studios", "parent")
        theirs = edit(server)("studioCreate", name="East")["id"]
        assert any(
            "it is left as it is" in each for each in warnings(undo_plan(run, server, tmp_path))
        )
        server.library.mutate("studioDestroy", {"input": {"id": theirs}})
        undo(run, server, tmp_path)
        assert named(server, "studios", "parent") == {"East": None, "North": "East"}


def test_aliases_that_were_given_up_come_back_beside_those_of_another_client(
    tmp_path: Path,
) -> None:
    """Tags exchange aliases, and one has given its own up when the run is cut short."""
    library = {"tags": [{"name": "A", "aliases": ["p", "x"]}, {"name": "B", "aliases": ["y"]}]}
    wanted = {"tags": [{"name": "A", "aliases": ["p", "y"]}, {"name": "B", "aliases": ["x"]}]}
    with Sandbox() as server:
        ids = fill(server, library, tmp_path)
        run = cut(server, tmp_path, wanted)
        before = named(server, "tags", "aliases")
        (who,) = [name for name in ("A", "B") if before[name] != named_in(library)[name]]
        edit(server)("tagUpdate", id=ids["tag", who], aliases=[*(before[who] or ()), "z"])
        plan = undo_plan(run, server, tmp_path)
        assert not warnings(plan)
        undo(run, server, tmp_path)
        after = {**named_in(library), who: sorted([*named_in(library)[who], "z"])}
        assert named(server, "tags", "aliases") == after


def named_in(library: dict[str, Any]) -> dict[str, list[str]]:
    """Return the aliases of the tags of a library by name."""
    return {each["name"]: each["aliases"] for each in library["tags"]}


@pytest.mark.parametrize("is_there", [True, False])
def test_what_left_a_tag_before_a_merge_that_did_not_happen_gets_its_true_parent(
    tmp_path: Path, *, is_there: bool
) -> None:
    """The plan counts it as below the destination, where it never was."""
    others = [f"X{number}" for number in range(4)]  # so that the merge is never sent
    library: dict[str, Any] = {
        "tags": [
            {"name": "Long"},
            {"name": "Wide"},
            {"name": "Macro", "parents": ["Wide"]},
            *({"name": each} for each in others),
        ]
    }
    wanted = {
        "tags": [
            {"name": "Long", "merge": ["Wide"]},
            {"name": "Macro", "parents": []},
            *({"name": each, "description": "new"} for each in others),
        ]
    }
    with Sandbox(release="0.30.1") as server:
        ids = fill(server, library, tmp_path)
        run = cut(server, tmp_path, wanted)
        assert [run.plan.changes[each.change].action for each in run.plan.operations][-1] == "merge"
        assert max(run.sent) < len(run.plan.operations) - 1
        if not is_there:
            server.library.mutate("tagDestroy", {"input": {"id": ids["tag", "Wide"]}})
        undo(run, server, tmp_path)
        assert named(server, "tags", "parents")["Macro"] == (["Wide"] if is_there else None)


def test_what_is_unclear_after_an_operation_that_another_client_reverted_may_have_happened(
    tmp_path: Path,
) -> None:
    """The second update waited for the first, and both happened; the first is back by hand."""
    library = {"tags": [{"name": "B", "description": "old"}, {"name": "A", "parents": ["B"]}]}
    wanted = {
        "tags": [
            {"name": "A", "parents": []},
            {"name": "B", "parents": ["A"], "description": "ours"},
        ]
    }
    with Sandbox() as server:
        ids = fill(server, library, tmp_path)
        before = everything(server)
        run = cut(server, tmp_path, wanted, size=250)
        edit(server)("tagUpdate", id=ids["tag", "B"], parent_ids=[])
        edit(server)("tagUpdate", id=ids["tag", "A"], parent_ids=[ids["tag", "B"]])
        undo(run, server, tmp_path)
        assert everything(server) == before


def test_moves_that_an_undo_did_not_come_to_are_no_change_of_another_client(
    tmp_path: Path,
) -> None:
    """An undo is killed before its moves of scenes, and taken back itself."""
    library = {"studios": [{"name": "North"}], "scenes": [{"title": "Rain", "studio": "North"}]}
    wanted = {"studios": [{"name": "North", "state": "absent"}]}
    with Sandbox() as server:
        fill(server, library, tmp_path)
        run = apply(server, tmp_path, wanted)
        after = everything(server)
        back: Plan = undo_plan(run, server, tmp_path)
        killed = cut_run(back, server, tmp_path, 1, answered=False, folder=RUNS, max_batch=1)
        assert killed is not None
        plan = undo_plan(killed, server, tmp_path)
        assert not any("since the run" in each for each in warnings(plan))
        undo(killed, server, tmp_path)
        assert everything(server) == after


@pytest.mark.parametrize("redone", [False, True])
def test_what_an_undo_deleted_is_not_what_has_its_name_since(redone: bool, tmp_path: Path) -> None:
    """The create had no answer; the journal of the undo has the id of what it made."""
    with Sandbox() as server:
        run = cut(server, tmp_path, {"tags": [{"name": "New"}]})
        later = [undo(run, server, tmp_path)]
        assert "tags" not in everything(server)
        if redone:
            later.append(undo(later[0], server, tmp_path))
            later.append(undo(run, server, tmp_path, *later))
            assert "tags" not in everything(server)
        edit(server)("tagCreate", name="New")
        assert not undo_plan(run, server, tmp_path, *later).changes


# -- whose names they are -------------------------------------------------------------------------


def believes(run: Run, remembered: dict[str, Any], *there: Any) -> bool:
    """Whether a baseline is believed, given the names of a run that it does not know."""
    baseline = Baseline(library="a-library", objects=remembered)

    async def no_times(*_: object) -> dict[str, str]:
        return {}

    state: dict[str, list[Any]] = {}
    for each in there:
        state.setdefault(each.kind, []).append(each)
    found, _ = asyncio.run(
        believed(baseline, State(state), no_times, marked=True, own=lambda: names_given([run]))
    )
    return found is not None


def test_a_name_that_a_run_gave_is_no_evidence_and_any_other_is(tmp_path: Path) -> None:
    """Tags have exchanged their names; under other names they are those of another library."""
    library = {"tags": [{"name": "A"}, {"name": "B"}]}
    remembered = {"tag": {"1": {"name": "A"}, "2": {"name": "B"}}}
    with Sandbox() as server:
        fill(server, library, tmp_path)
        swap = {"tags": [{"id": 1, "name": "B"}, {"id": 2, "name": "A"}]}
        run = apply(server, tmp_path, swap)
    tags = [resource("tag", "B", id="1"), resource("tag", "A", id="2")]
    assert believes(run, remembered, *tags)
    others = [resource("tag", "C", id="1"), resource("tag", "D", id="2")]
    moved = [resource("tag", "A", id="3"), resource("tag", "B", id="4")]
    assert not believes(run, remembered, *others, *moved)


def test_the_names_of_performers_have_their_disambiguations(tmp_path: Path) -> None:
    """Three of one name pass their disambiguations on."""
    order = ("one", "two", "three")
    library = {"performers": [{"name": "Ada", "disambiguation": each} for each in order]}
    remembered = {
        "performer": {
            str(n): {"name": "Ada", "disambiguation": each} for n, each in enumerate(order, 1)
        }
    }
    passed = ("two", "three", "one")
    wanted = {
        "performers": [
            {"id": n, "name": "Ada", "disambiguation": each} for n, each in enumerate(passed, 1)
        ]
    }
    with Sandbox() as server:
        fill(server, library, tmp_path)
        run = apply(server, tmp_path, wanted)
    there = [
        resource("performer", "Ada", id=str(n), disambiguation=each)
        for n, each in enumerate(passed, 1)
    ]
    assert believes(run, remembered, *there)
