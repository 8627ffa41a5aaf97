"""Something is in the way of an undo, and later another one takes back what it had to leave.

Source: docs/undo.md
"""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from stashsync.applier.journal import Run
from stashsync.engine.undo import Undoing, plan_undo
from stashsync.sandbox import Sandbox
from tests.support.bearers import everything, fill, ids_of, rows_of
from tests.support.clock import patience
from tests.support.servers import reader_of
from tests.support.undoing import RUNS, apply, edit, killed_undo, undo, undo_plan, warnings

LIBRARY: dict[str, Any] = {
    "tags": [{"name": "Film"}, {"name": "Colour"}],
    "studios": [
        {"name": "East", "tags": ["Film", "Colour"]},
        {"name": "West", "tags": ["Film"]},
    ],
    "performers": [{"name": "Ada Example", "tags": ["Film", "Colour"]}],
}
WANTED: dict[str, Any] = {
    "tags": [{"name": "Film", "state": "absent"}],
    "studios": [{"name": "East", "merge": ["West"], "tags": []}],
    "performers": [{"name": "Ada Example", "tags": []}],
}
IN_THE_WAY = 'tag "Film": "Film" is already the name of the tag "Film" (id 3): it is left as it is'


def test_what_the_first_undo_gave_back_refers_to_what_the_second_makes_again(
    tmp_path: Path,
) -> None:
    """A performer, the destination of a merge, and a studio that the first undo made again."""
    with Sandbox() as server:
        fill(server, LIBRARY, tmp_path)
        before = everything(server)
        run = apply(server, tmp_path, WANTED)
        theirs = edit(server)("tagCreate", name="Film")["id"]
        assert IN_THE_WAY in warnings(undo_plan(run, server, tmp_path))
        first = undo(run, server, tmp_path)
        assert {each["name"] for each in everything(server)["studios"]} == {"East", "West"}
        assert not warnings(undo_plan(run, server, tmp_path, first))[1:]  # it is in the way still
        server.library.mutate("tagDestroy", {"input": {"id": theirs}})
        assert not warnings(undo_plan(run, server, tmp_path, first))
        second = undo(run, server, tmp_path, first)
        assert everything(server) == before
        assert not undo_plan(run, server, tmp_path, first, second)


def test_what_another_client_changed_between_two_undoes_stays(tmp_path: Path) -> None:
    """A field that the first undo gave back is not that of the run any more."""
    with Sandbox() as server:
        ids = fill(server, LIBRARY, tmp_path)
        run = apply(server, tmp_path, WANTED)
        theirs = edit(server)("tagCreate", name="Film")["id"]
        first = undo(run, server, tmp_path)
        server.library.mutate("tagDestroy", {"input": {"id": theirs}})
        drone = edit(server)("tagCreate", name="Drone")["id"]
        edit(server)("performerUpdate", id=ids["performer", "Ada Example"], tag_ids=[drone])
        (other,) = warnings(undo_plan(run, server, tmp_path, first))
        assert other == 'performer "Ada Example" keeps its tags: it was changed since the run'
        undo(run, server, tmp_path, first)
        now = everything(server)
        assert now["performers"] == [{"name": "Ada Example", "tags": ["Drone"]}]
        assert now["studios"] == [
            {"name": "East", "tags": ["Colour", "Film"]},
            {"name": "West", "tags": ["Film"]},
        ]


MERGED: dict[str, Any] = {
    "tags": [{"name": "Wide"}, {"name": "Film"}, {"name": "Gold"}],
    "performers": [{"name": "Ada Example", "tags": ["Film", "Gold"]}],
    "scenes": [{"title": "Rain", "tags": ["Film", "Gold"]}],
}


def merged(server: Sandbox, root: Path, *, cut_at: int | None = None) -> tuple[Run, Run]:
    """Merge two tags into one, and take that back while another one has the name of the first.

    The undo is cut short after so many documents, if at all. The name is given up afterwards.
    """
    ids = fill(server, MERGED, root)
    run = apply(server, root, {"tags": [{"name": "Wide", "merge": ["Film", "Gold"]}]})
    edit(server)("tagUpdate", id=ids["tag", "Wide"], aliases=["Gold"])
    theirs = edit(server)("tagCreate", name="Film")["id"]
    first = undo(run, server, root) if cut_at is None else killed_undo(run, server, root, at=cut_at)
    assert first is not None
    server.library.mutate("tagDestroy", {"input": {"id": theirs}})
    return run, first


@pytest.mark.parametrize("release", ["0.29.3", "0.30.1", "0.31.1"])
def test_a_reference_to_a_destination_stays_that_came_between_two_undoes(
    release: str, tmp_path: Path
) -> None:
    """The first undo had taken it away for the other one of the merged tags."""
    with Sandbox(release=release) as server:
        run, first = merged(server, tmp_path)
        ids = ids_of(server)
        both = [ids["tag", "Gold"], ids["tag", "Wide"]]
        edit(server)("performerUpdate", id=ids["performer", "Ada Example"], tag_ids=both)
        edit(server)("sceneUpdate", id=ids["scene", "Rain"], tag_ids=both)
        undo(run, server, tmp_path, first)
        now = everything(server)
        assert [each["tags"] for each in now["scenes"]] == [["Film", "Gold", "Wide"]]
        assert [each["tags"] for each in now["performers"]] == [["Film", "Gold", "Wide"]]


def test_what_a_destination_got_between_two_undoes_stays(tmp_path: Path) -> None:
    """The first undo had taken a tag away from it, which both merged performers had."""
    library: dict[str, Any] = {
        "tags": [{"name": "Film"}],
        "performers": [
            {"name": "Ada Example"},
            {"name": "Ben Example", "tags": ["Film"]},
            {"name": "Cas Example", "tags": ["Film"]},
        ],
    }
    wanted = [{"name": "Ada Example", "merge": ["Ben Example", "Cas Example"]}]
    with Sandbox(release="0.31.1") as server:
        ids = fill(server, library, tmp_path)
        run = apply(server, tmp_path, {"performers": wanted})
        ada, film = ids["performer", "Ada Example"], ids["tag", "Film"]
        theirs = edit(server)("performerCreate", name="Ben Example")["id"]
        first = undo(run, server, tmp_path)
        server.library.mutate("performerDestroy", {"input": {"id": theirs}})
        edit(server)("performerUpdate", id=ada, tag_ids=[film])
        undo(run, server, tmp_path, first)
        tags = [each.get("tags") for each in everything(server)["performers"]]
        assert tags == [["Film"]] * 3


def test_what_the_first_undo_made_again_and_another_client_deleted_stays_away(
    tmp_path: Path,
) -> None:
    """It is no work of the run any more that it is gone."""
    with Sandbox() as server:
        run, first = merged(server, tmp_path)
        gold = ids_of(server)["tag", "Gold"]
        server.library.mutate("tagDestroy", {"input": {"id": gold}})
        assert warnings(undo_plan(run, server, tmp_path, first)) == [
            'tag "Gold" was deleted since the run'
        ]
        undo(run, server, tmp_path, first)
        assert [each["name"] for each in everything(server)["tags"]] == ["Film", "Wide"]


@pytest.mark.parametrize("at", range(5))
def test_a_first_undo_that_was_cut_short_and_abandoned_is_looked_up(
    at: int, tmp_path: Path
) -> None:
    """What it did counts, and what it only was to do does not."""
    with Sandbox() as server:
        run, first = merged(server, tmp_path, cut_at=at)
        assert first.unknown
        assert not warnings(undo_plan(run, server, tmp_path, first))
        undo(run, server, tmp_path, first)
        now = everything(server)
        assert {each["name"]: each.get("aliases") for each in now["tags"]} == {
            "Film": None,
            "Gold": None,
            "Wide": None,
        }
        assert [each["tags"] for each in now["scenes"]] == [["Film", "Gold"]]
        assert [each["tags"] for each in now["performers"]] == [["Film", "Gold"]]


def test_an_undo_that_was_taken_back_in_part_counts_for_the_rest(tmp_path: Path) -> None:
    """A name was in the way of taking it back: the fields of that object are as it left them."""
    library: dict[str, Any] = {
        "tags": [
            {"name": "Film"},
            {"name": "Gold"},
            {"name": "Old", "parents": ["Film", "Gold"]},
            {"name": "Low", "parents": ["Film", "Gold"]},
        ],
        "scenes": [{"title": "Rain", "tags": ["Film", "Gold"]}],
    }
    with Sandbox() as server:
        ids = fill(server, library, tmp_path)
        before = everything(server)
        wanted = [
            {"name": "Film", "state": "absent"},
            {"id": ids["tag", "Old"], "name": "New", "parents": []},
            {"name": "Low", "parents": []},
        ]
        run = apply(server, tmp_path, {"tags": wanted})
        film = edit(server)("tagCreate", name="Film")["id"]
        first = undo(run, server, tmp_path)
        new = edit(server)("tagCreate", name="New")["id"]
        redo = undo(first, server, tmp_path)
        for identifier in (film, new):
            server.library.mutate("tagDestroy", {"input": {"id": identifier}})
        assert not warnings(undo_plan(run, server, tmp_path, first, redo))
        undo(run, server, tmp_path, first, redo)
        assert everything(server) == before


def test_filters_name_what_was_made_again_whatever_came_between(tmp_path: Path) -> None:
    """An undo that was taken back leaves a filter with the former id; one that was killed, too."""
    with Sandbox() as server:
        fill(server, {"tags": [{"name": "Film"}, {"name": "Gold", "parents": ["Film"]}]}, tmp_path)
        film = ids_of(server)["tag", "Film"]
        members = {"items": [{"id": film, "label": "Film"}], "excluded": [], "depth": 0}
        criterion = {"tags": {"value": members, "modifier": "INCLUDES"}}
        edit(server)("saveFilter", mode="SCENES", name="f", object_filter=criterion)
        before = everything(server)
        run = apply(server, tmp_path, {"tags": [{"name": "Film", "state": "absent"}]})
        first = undo(run, server, tmp_path)
        assert everything(server) == before
        redo = undo(first, server, tmp_path)
        killed = killed_undo(run, server, tmp_path, first, redo, at=0)
        assert killed is not None
        assert everything(server) != before
        undo(run, server, tmp_path, first, redo, killed)
        assert everything(server) == before


def test_what_the_first_undo_gave_back_refers_to_what_a_killed_one_made_again(
    tmp_path: Path,
) -> None:
    """A list that was given back in part is not settled for what came later."""
    with Sandbox() as server:
        fill(server, LIBRARY, tmp_path)
        before = everything(server)
        run = apply(server, tmp_path, WANTED)
        theirs = edit(server)("tagCreate", name="Film")["id"]
        first = undo(run, server, tmp_path)
        server.library.mutate("tagDestroy", {"input": {"id": theirs}})
        killed = killed_undo(run, server, tmp_path, first, at=0)
        assert killed is not None
        undo(run, server, tmp_path, first, killed)
        assert everything(server) == before


def test_a_marker_that_ignores_a_tag_gets_it_once_it_can(tmp_path: Path) -> None:
    """Until then it keeps what it has, and the run is undone in part."""
    library: dict[str, Any] = {
        "tags": [{"name": name} for name in ("Film", "Gold", "Low", "Wide")],
        "scenes": [{"title": "Rain"}],
        "markers": [
            {"title": "M", "seconds": 1, "scene": "Rain", "primary_tag": "Wide", "tags": ["Film"]}
        ],
    }
    with Sandbox() as server:
        ids = fill(server, library, tmp_path)
        tags = [ids["tag", "Film"], ids["tag", "Low"]]
        (marker,) = rows_of(server, "sceneMarker")
        change = partial(edit(server), "sceneMarkerUpdate", id=str(marker["id"]))
        change(tag_ids=tags)
        run = apply(server, tmp_path, {"tags": [{"name": "Gold", "merge": ["Film"]}]})
        change(primary_tag_id=ids["tag", "Low"])  # it stays among the tags, too

        async def plan() -> Undoing:
            journal = f"{RUNS}/{run.id}.jsonl"
            async with reader_of(server) as client:
                return await plan_undo(run, client, journal=journal, patience=patience())

        found = asyncio.run(plan())
        assert found.blocked
        assert "would ignore" in warnings(found.plan)[0]
        first = undo(run, server, tmp_path)
        change(primary_tag_id=ids["tag", "Wide"], tag_ids=[ids["tag", "Gold"], ids["tag", "Low"]])
        undo(run, server, tmp_path, first)
        (now,) = everything(server)["sceneMarker"]
        assert now["tags"] == ["Film", "Low"]


def test_a_pattern_is_left_where_what_stays_cannot_step_aside_for_it(tmp_path: Path) -> None:
    """`_` matches the alias F of a tag that keeps it, with a pattern that matches another's name.

    Without the alias for a moment, that tag would not get its pattern back.
    """
    library: dict[str, Any] = {"tags": [{"name": "_", "description": "one"}, {"name": "AB"}]}
    wanted: dict[str, Any] = {
        "tags": [
            {"name": "Wide", "renamed_from": "_", "description": "two"},
            {"name": "Gold", "renamed_from": "AB", "aliases": ["A_%", "F"]},
        ]
    }
    with Sandbox(release="0.30.1") as server:
        fill(server, library, tmp_path)
        before = everything(server)
        run = apply(server, tmp_path, wanted)
        after = everything(server)
        theirs = edit(server)("tagCreate", name="AB")["id"]
        plan = undo_plan(run, server, tmp_path)
        assert warnings(plan)[1:] == [
            'tag "_": this server takes "_" for a pattern, and tag "Gold" cannot step aside for it'
            ": it is left as it is"
        ]
        first = undo(run, server, tmp_path)
        server.library.mutate("tagDestroy", {"input": {"id": theirs}})
        assert everything(server) == after
        undo(run, server, tmp_path, first)
        assert everything(server) == before


def test_what_a_destination_had_before_its_merge_stays_where_its_tag_was_made_again(
    tmp_path: Path,
) -> None:
    """The tag Film of the destination became Gold, which what was merged had as well."""
    library: dict[str, Any] = {
        "tags": [{"name": "Film"}, {"name": "Gold"}],
        "performers": [
            {"name": "Ada Example", "tags": ["Film"]},
            {"name": "Ben Example", "tags": ["Gold"]},
        ],
    }
    merged_into = {"renamed_from": "Ada Example", "merge": ["Ben Example"]}
    wanted: dict[str, Any] = {
        "tags": [{"name": "Gold", "merge": ["Film"]}],
        "performers": [{"name": "Ada New", **merged_into}],
    }
    with Sandbox(release="0.31.1") as server:
        fill(server, library, tmp_path)
        before = everything(server)
        run = apply(server, tmp_path, wanted)
        theirs = edit(server)("performerCreate", name="Ada Example")["id"]
        first = undo(run, server, tmp_path)
        server.library.mutate("performerDestroy", {"input": {"id": theirs}})
        undo(run, server, tmp_path, first)
        assert everything(server) == before


PATTERN: dict[str, Any] = {
    "tags": [{"name": "_"}, {"name": "AB", "aliases": ["old"]}, {"name": "Low"}]
}
"""`_` matches what another client gives the second tag."""
EDITED = [{"aliases": ["F"]}, {"name": "Q", "aliases": []}]


@pytest.mark.parametrize("edited", EDITED, ids=["alias", "name"])
@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("answered", [True, False])
def test_what_another_client_gave_a_field_that_stepped_aside_is_not_the_undos(
    edited: dict[str, Any], at: int, answered: bool, tmp_path: Path
) -> None:
    """The first undo lets it step aside for a pattern, and may be killed then or have Low to do."""
    gold = {"name": "Gold", "renamed_from": "AB", "aliases": ["new"]}
    wanted = {"tags": [{"name": "Wide", "renamed_from": "_"}, gold]}
    with Sandbox(release="0.30.1") as server:
        ids = fill(server, PATTERN, tmp_path)
        run = apply(
            server, tmp_path, {"tags": [*wanted["tags"], {"name": "Low", "state": "absent"}]}
        )
        edit(server)("tagUpdate", id=ids["tag", "AB"], **edited)
        theirs = edit(server)("tagCreate", name="Low")["id"]
        first = killed_undo(run, server, tmp_path, at=at, answered=answered)
        first = first or undo(run, server, tmp_path)
        server.library.mutate("tagDestroy", {"input": {"id": theirs}})
        field = next(iter(edited))
        assert any(
            f"keeps its {field}" in each
            for each in warnings(undo_plan(run, server, tmp_path, first))
        )
        undo(run, server, tmp_path, first)
        tags = everything(server)["tags"]
        assert [tag for tag in tags if edited[field] == tag.get(field)]
        assert {"_", "Low"} <= {tag["name"] for tag in tags}


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("parents", [["Ax"], ["Ax", "Up"]], ids=["one", "two"])
def test_what_was_made_again_and_not_moved_yet_is_moved_by_the_next(
    parents: list[str], at: int, answered: bool, tmp_path: Path
) -> None:
    """The name is a pattern, so that the tag is made before its parent."""
    gone = {"tags": [{"name": name, "state": "absent"} for name in ("A_", "Ax")]}
    with Sandbox(release="0.30.1") as server:
        ids = fill(server, {"tags": [{"name": name} for name in ("A_", "Ax", "Up")]}, tmp_path)
        above = [ids["tag", name] for name in parents]
        edit(server)("tagUpdate", id=ids["tag", "A_"], parent_ids=above)
        before = everything(server)
        run = apply(server, tmp_path, gone)
        first = killed_undo(run, server, tmp_path, at=at, answered=answered)
        assert first is not None
        assert not warnings(undo_plan(run, server, tmp_path, first))
        undo(run, server, tmp_path, first)
        assert everything(server) == before


@pytest.mark.parametrize("at", range(3))
def test_a_third_undo_takes_from_a_destination_what_a_killed_one_did_not(
    at: int, tmp_path: Path
) -> None:
    """The first makes one of two merged performers again, the second the other."""
    library: dict[str, Any] = {
        "tags": [{"name": name} for name in ("Low", "Film", "Gold")],
        "performers": [
            {"name": "Ada Example", "tags": ["Low"]},
            {"name": "Ben Example", "tags": ["Film"]},
            {"name": "Cas Example", "tags": ["Gold"]},
        ],
    }
    wanted = {"performers": [{"name": "Ada Example", "merge": ["Ben Example", "Cas Example"]}]}
    with Sandbox(release="0.31.1") as server:
        fill(server, library, tmp_path)
        before = everything(server)
        run = apply(server, tmp_path, wanted)
        theirs = edit(server)("performerCreate", name="Cas Example")["id"]
        first = undo(run, server, tmp_path)
        server.library.mutate("performerDestroy", {"input": {"id": theirs}})
        second = killed_undo(run, server, tmp_path, first, at=at)
        second = second or undo(run, server, tmp_path, first)
        undo(run, server, tmp_path, first, second)
        assert everything(server) == before


def test_a_studio_keeps_what_it_took_over_of_one_that_is_not_made_again(tmp_path: Path) -> None:
    """So do its children and the filters that named it: the merge stays as a whole."""
    library: dict[str, Any] = {
        "studios": [
            {"name": "North"},
            {"name": "South", "details": "one", "rating100": 50, "aliases": ["Sud"]},
            {"name": "Mini", "parent": "South"},
        ],
        "scenes": [{"title": "Rain", "studio": "South"}],
    }
    with Sandbox() as server:
        ids = fill(server, library, tmp_path)
        members = {"items": [{"id": ids["studio", "South"], "label": "South"}], "depth": 0}
        criterion = {"studios": {"value": {**members, "excluded": []}, "modifier": "INCLUDES"}}
        edit(server)("saveFilter", mode="SCENES", name="f", object_filter=criterion)
        before = everything(server)
        run = apply(server, tmp_path, {"studios": [{"name": "North", "merge": ["South"]}]})
        after = everything(server)
        north = ids["studio", "North"]
        edit(server)("studioUpdate", id=north, aliases=["South", "Sud", "Upper"])
        assert not undo_plan(run, server, tmp_path)
        edit(server)("studioUpdate", id=north, aliases=["South", "Sud"])
        assert everything(server) == after
        undo(run, server, tmp_path)
        assert everything(server) == before


@pytest.mark.parametrize("release", ["0.30.1", "0.31.1"])
def test_a_destination_keeps_what_it_took_over_of_what_is_not_made_again(
    release: str, tmp_path: Path
) -> None:
    """Its own name goes back, and what else was merged into it is made again.

    Of performers, aliases are united by the plan, not by the server, and stay as a whole.
    """
    kind = "performer" if release == "0.31.1" else "tag"
    values: dict[str, Any] = {"country": "AT"} if kind == "performer" else {"description": "two"}
    library: dict[str, Any] = {
        f"{kind}s": [
            {"name": "Ada Example"},
            {"name": "Ben Example", "aliases": ["B"]},
            {"name": "Cas Example", "aliases": ["C"], **values},
        ]
    }
    merge = ["Ben Example", "Cas Example"]
    with Sandbox(release=release) as server:
        fill(server, library, tmp_path)
        before = everything(server)
        wanted = {f"{kind}s": [{"name": "Ada New", "renamed_from": "Ada Example", "merge": merge}]}
        run = apply(server, tmp_path, wanted)
        (made,) = everything(server)[f"{kind}s"]
        if kind == "tag":
            kept = [alias for alias in made["aliases"] if alias != "Cas Example"]
            edit(server)("tagUpdate", id=ids_of(server)[kind, "Ada New"], aliases=kept)
        theirs = edit(server)(f"{kind}Create", name="Cas Example")["id"]
        first = undo(run, server, tmp_path)
        now = {item["name"]: item for item in everything(server)[f"{kind}s"]}
        assert "C" in now["Ada Example"]["aliases"]
        assert ("B" in now["Ada Example"]["aliases"]) is (kind == "performer")
        assert {key: now["Ada Example"].get(key) for key in values} == values
        assert now["Ben Example"] == {"name": "Ben Example", "aliases": ["B"]}
        server.library.mutate(f"{kind}Destroy", {"input": {"id": theirs}})
        undo(run, server, tmp_path, first)
        assert everything(server) == before
