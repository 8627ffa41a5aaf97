"""A run is taken back: the library is what it was, and no edit of another client is overwritten.

Source: docs/planning-rules.md#undo
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from msgspec.structs import replace

from stashsync.outcomes import Status
from stashsync.planner import Update
from stashsync.render.text import plan_text
from stashsync.sandbox import Sandbox
from tests.applier.test_before import BORNE
from tests.support.bearers import everything, fill, ids_of
from tests.support.killed import cut_run
from tests.support.projects import write_project
from tests.support.servers import carry_out, plan_for
from tests.support.undoing import RUNS as JOURNALS
from tests.support.undoing import apply, edit, execute, undo, undo_plan, warnings

RELEASES = ("0.27.2", "0.29.3", "0.30.1", "0.31.1")
LIBRARY: dict[str, Any] = {
    **BORNE,
    "tags": [*BORNE["tags"], {"name": "Blue", "stash_ids": {"https://box.example/graphql": "b1"}}],
    "studios": [*BORNE["studios"], {"name": "West", "aliases": ["Far west"], "parent": "North"}],
    "performers": [
        *BORNE["performers"],
        {"name": "Bo", "tags": ["Long"], "birthdate": "1990-05-01"},
    ],
    "groups": [
        *BORNE["groups"],
        {"name": "Pilot", "date": "2019-07-01", "tags": ["Low"]},
        {"name": "Coda"},
        {"name": "Middle", "sub_groups": ["Coda"]},
        {"name": "Series", "sub_groups": ["s1", {"group": "Pilot", "description": "1"}, "Middle"]},
    ],
    "scenes": [
        {**BORNE["scenes"][0], "groups": {"Pilot": None, "Series": 4}},
        {**BORNE["scenes"][1], "groups": {"Middle": 2, "Pilot": 7, "s1": None}},
    ],
}
RUNS: dict[str, dict[str, Any]] = {
    "creates": {
        "tags": [
            {"name": "New", "parents": ["Wide"], "image": "new.png"},
            {"name": "Newer", "parents": ["New"]},
        ],
        "studios": [{"name": "South", "parent": "North", "tags": ["New"]}],
        "performers": [{"name": "Cy", "tags": ["New", "Wide"]}],
    },
    "updates": {
        "tags": [
            {
                "name": "Wider",
                "renamed_from": "Wide",
                "aliases": ["W"],
                "image": "new.png",
                "parents": [],
            },
            {"name": "Low", "description": None, "image": "new.png"},
        ],
        "studios": [
            {"name": "North", "rating100": 20, "tags": []},
            {"name": "East", "parent": "West"},
        ],
        "performers": [{"name": "Ada", "tags": ["Low"], "urls": ["https://a.example"]}],
    },
    "deletes": {
        "tags": [{"name": "Low", "state": "absent"}, {"name": "Top", "state": "absent"}],
        "studios": [{"name": "North", "state": "absent"}],
        "performers": [{"name": "Ada", "state": "absent"}],
    },
    "a merge of tags": {
        "tags": [{"name": "Long", "merge": ["Wide", "Blue"], "description": "all"}]
    },
    "a merge into a child": {"tags": [{"name": "Low", "merge": ["Wide"]}]},
    "a merge of studios": {"studios": [{"name": "West", "merge": ["North"], "parent": None}]},
    "a merge of performers": {"performers": [{"name": "Bo", "merge": ["Ada"], "tags": ["Top"]}]},
    "a swap": {
        "tags": [{"id": "1", "name": "Wide"}, {"id": "2", "name": "Top", "aliases": []}],
    },
    "places changed": {
        "tags": [{"name": "Wide", "parents": ["Low"]}, {"name": "Low", "parents": ["Top"]}]
    },
    "groups deleted": {
        "groups": [
            {"name": "Pilot", "date": "2019-07-01", "state": "absent"},
            {"name": "Middle", "state": "absent"},
        ],
    },
    "a series deleted with what it has": {
        "groups": [
            {"name": name, "state": "absent"} for name in ("s1", "Middle", "Series", "Coda")
        ],
    },
    "tags of one object merged together": {
        "tags": [{"name": "Blue", "merge": ["Wide", "Long"]}],
    },
    "two merges, of which one moves": {
        "tags": [
            {"name": "Long", "merge": ["Wide"]},
            {"name": "Low", "merge": ["Blue"], "parents": ["Top"]},
        ],
    },
    "a merge into one that steps aside": {
        "tags": [
            {"name": "Wide", "merge": ["Blue"], "aliases": ["Top"]},
            {"name": "Wide shot", "renamed_from": "Top"},
        ],
    },
    "a merge of studios whose children go": {
        "studios": [
            {"name": "West", "merge": ["North"], "parent": None},
            {"name": "East", "state": "absent"},
        ],
    },
    "a delete of one that steps aside": {
        "studios": [
            {"name": "East", "state": "absent"},
            {"name": "North", "aliases": ["East"], "parent": None},
        ],
    },
    "a name taken over": {
        "tags": [{"name": "Top", "state": "absent"}, {"name": "Blue", "aliases": ["Top"]}],
    },
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "old.png").write_bytes(b"\x89PNG old")
    (tmp_path / "new.png").write_bytes(b"\x89PNG new")
    return tmp_path


def without_stash_ids_of_tags(release: str) -> dict[str, Any]:
    if release < "0.30":
        return {**LIBRARY, "tags": [*BORNE["tags"], {"name": "Blue"}]}
    return LIBRARY


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("name", RUNS)
def test_a_run_is_taken_back_and_so_is_that(name: str, release: str, root: Path) -> None:
    """Undo gives the library before the run, and undo of undo that after it."""
    if name == "a merge of performers" and release < "0.31":
        pytest.skip("such a server cannot merge performers")
    with Sandbox(release=release) as server:
        fill(server, without_stash_ids_of_tags(release), root)
        before = everything(server)
        run = apply(server, root, RUNS[name])
        after = everything(server)
        assert after != before

        plan = undo_plan(run, server, root)
        allowed = [each for each in warnings(plan) if "cannot change many" not in each]
        assert not allowed, plan_text(plan)
        undoing = undo(run, server, root)
        back = everything(server)
        if len(warnings(plan)) == 0:
            assert back == before, plan_text(plan)

        plan = undo_plan(undoing, server, root)
        assert not [each for each in warnings(plan) if "cannot change many" not in each]
        redone = undo(undoing, server, root)
        if len(warnings(plan)) == 0:
            assert everything(server) == after, plan_text(plan)

        plan = undo_plan(run, server, root, undoing, redone)
        assert not [each for each in warnings(plan) if "cannot change many" not in each]
        undo(run, server, root, undoing, redone)
        if len(warnings(plan)) == 0:
            assert everything(server) == before, plan_text(plan)


def test_what_another_client_changed_since_stays(root: Path) -> None:
    """Each field by itself; the report separates what was undone from what was not."""
    with Sandbox() as server:
        ids = fill(server, LIBRARY, root)
        wanted = {
            "tags": [{"name": "Low", "description": "ours", "parents": ["Top"]}],
            "studios": [{"name": "North", "rating100": 20}],
        }
        run = apply(server, root, wanted)
        change = edit(server)
        change("tagUpdate", id=ids["tag", "Low"], description="theirs")
        plan = undo_plan(run, server, root)
        assert warnings(plan) == ['tag "Low" keeps its description: it was changed since the run']
        undo(run, server, root)
        after = everything(server)
    low = next(item for item in after["tags"] if item["name"] == "Low")
    assert (low["description"], low["parents"]) == ("theirs", ["Wide"])
    assert after["studios"][1]["rating100"] == 80


def test_stash_ids_that_another_client_changed_since_stay(root: Path) -> None:
    """They are a list of pairs, as no other field is."""
    box = "https://box.example/graphql"
    theirs = {"endpoint": box, "stash_id": "theirs"}
    with Sandbox() as server:
        ids = fill(server, {"studios": [{"name": "Alone", "stash_ids": {box: "before"}}]}, root)
        run = apply(server, root, {"studios": [{"name": "Alone", "stash_ids": {box: "ours"}}]})
        edit(server)("studioUpdate", id=ids["studio", "Alone"], stash_ids=[theirs])
        assert warnings(undo_plan(run, server, root)) == [
            'studio "Alone" keeps its stash_ids: it was changed since the run'
        ]


NEW = {"tags": [{"name": "New", "description": "ours"}, {"name": "Newer", "parents": ["New"]}]}


def test_what_was_created_stays_where_another_client_has_changed_it(root: Path) -> None:
    """Objects that it refers to stay with it."""
    with Sandbox() as server:
        fill(server, LIBRARY, root)
        run = apply(server, root, NEW)
        ids = ids_of(server)
        edit(server)("tagUpdate", id=ids["tag", "Newer"], description="theirs")
        plan = undo_plan(run, server, root)
        assert not plan.changes
        assert warnings(plan) == [
            'tag "New" stays: tag "Newer" refers to it',
            'tag "Newer" stays: its description changed since the run',
        ]


@pytest.mark.parametrize("bearer", ["scene", "performer"])
def test_what_was_created_stays_where_it_has_come_to_be_used(bearer: str, root: Path) -> None:
    """Other objects refer to it by now, of kinds that manifests have or not."""
    with Sandbox() as server:
        fill(server, LIBRARY, root)
        run = apply(server, root, NEW)
        ids = ids_of(server)
        me = ids[bearer, {"scene": "Rain", "performer": "Ada"}[bearer]]
        edit(server)(f"{bearer}Update", id=me, tag_ids=[ids["tag", "Newer"]])
        plan = undo_plan(run, server, root)
        assert not plan.changes
        reason = {
            "scene": "it has come to be referred to (1 times)",
            "performer": 'performer "Ada" refers to it',
        }
        assert f'tag "Newer" stays: {reason[bearer]}' in warnings(plan)


def test_what_referred_to_a_removed_object_and_changed_since_stays(root: Path) -> None:
    """Another client changed a scene's studio and tags meanwhile, so undo does not set them."""
    with Sandbox() as server:
        ids = fill(server, LIBRARY, root)
        wanted = {
            "tags": [{"name": "Long", "merge": ["Wide"]}],
            "studios": [{"name": "North", "state": "absent"}],
        }
        run = apply(server, root, wanted)
        change = edit(server)
        change("sceneUpdate", id=ids["scene", "Rain"], studio_id=ids["studio", "West"], tag_ids=[])
        change("performerUpdate", id=ids["performer", "Ada"], tag_ids=[])
        change("sceneDestroy", id=ids["scene", "Snow"])
        plan = undo_plan(run, server, root)
        assert warnings(plan) == [
            "scenes keep their studio, which was changed since the run: 1 of them",
            "scenes keep their tags, which was changed since the run: 1 of them",
        ]
        undo(run, server, root)
        after = everything(server)
    (rain,) = after["scene"]
    assert (rain["studio"], rain.get("tags"), rain["performers"]) == ("West", None, ["Ada"])
    assert after["performers"][0].get("tags") == ["Wide"], "Ada had both, and Wide is hers again"
    assert after["gallery"][0]["studio"] == "North"


def test_a_place_below_a_destination_stays_that_another_client_gave(root: Path) -> None:
    """Macro left Wide, which was merged into Long, and was put below Long since."""
    library = {"tags": [{"name": "Long"}, {"name": "Wide"}, {"name": "Macro", "parents": ["Wide"]}]}
    wanted = {"tags": [{"name": "Long", "merge": ["Wide"]}, {"name": "Macro", "parents": []}]}
    with Sandbox() as server:
        ids = fill(server, library, root)
        run = apply(server, root, wanted)
        edit(server)("tagUpdate", id=ids["tag", "Macro"], parent_ids=[ids["tag", "Long"]])
        plan = undo_plan(run, server, root)
        assert 'tag "Macro" keeps its parents: it was changed since the run' in warnings(plan)
        undo(run, server, root)
        parents = {each["name"]: each.get("parents") for each in everything(server)["tags"]}
    assert parents == {"Long": None, "Wide": None, "Macro": ["Long"]}


def test_a_destination_keeps_a_parent_that_the_merged_tag_had_left_before(root: Path) -> None:
    """It did not come by the merge, so another client has given it."""
    library: dict[str, Any] = {
        "tags": [
            {"name": "Long"},
            {"name": "Top", "parents": ["Long"]},
            {"name": "Wide", "parents": ["Long", "Top"]},
        ]
    }
    wanted = {
        "tags": [
            {"name": "Long", "merge": ["Wide"], "parents": []},
            {"name": "Top", "parents": []},
        ]
    }
    with Sandbox(release="0.30.1") as server:
        ids = fill(server, library, root)
        run = apply(server, root, wanted)
        edit(server)("tagUpdate", id=ids["tag", "Long"], parent_ids=[ids["tag", "Top"]])
        undo(run, server, root)
        parents = {each["name"]: each.get("parents") for each in everything(server)["tags"]}
    assert parents == {"Long": ["Top"], "Top": None, "Wide": ["Long", "Top"]}


def test_a_place_stays_that_another_client_gave_to_a_destination(root: Path) -> None:
    """Macro, into which Blue was merged, left Wide, which was merged into Long; it is there now."""
    library: dict[str, Any] = {
        "tags": [
            {"name": "Long"},
            {"name": "Wide"},
            {"name": "Macro", "parents": ["Wide"]},
            {"name": "Blue"},
        ]
    }
    wanted = {
        "tags": [
            {"name": "Long", "merge": ["Wide"]},
            {"name": "Macro", "merge": ["Blue"], "parents": []},
        ]
    }
    with Sandbox(release="0.30.1") as server:
        ids = fill(server, library, root)
        run = apply(server, root, wanted)
        edit(server)("tagUpdate", id=ids["tag", "Macro"], parent_ids=[ids["tag", "Long"]])
        plan = undo_plan(run, server, root)
        assert 'tag "Macro" keeps its parents: it was changed since the run' in warnings(plan)
        undo(run, server, root)
        parents = {each["name"]: each.get("parents") for each in everything(server)["tags"]}
    assert parents == {"Long": None, "Wide": None, "Macro": ["Long"], "Blue": None}


def test_a_place_at_the_top_stays_that_another_client_gave(root: Path) -> None:
    """Macro left Wide, which was deleted, for Long, and was put at the top since."""
    library: dict[str, Any] = {
        "tags": [{"name": "Long"}, {"name": "Wide"}, {"name": "Macro", "parents": ["Wide"]}]
    }
    wanted = {"tags": [{"name": "Macro", "parents": ["Long"]}, {"name": "Wide", "state": "absent"}]}
    with Sandbox() as server:
        ids = fill(server, library, root)
        run = apply(server, root, wanted)
        edit(server)("tagUpdate", id=ids["tag", "Macro"], parent_ids=[])
        plan = undo_plan(run, server, root)
        assert 'tag "Macro" keeps its parents: it was changed since the run' in warnings(plan)


def test_a_name_that_another_client_has_taken_is_left_alone(root: Path) -> None:
    """The planner reports what is in the way; the rest is taken back."""
    with Sandbox() as server:
        fill(server, LIBRARY, root)
        wanted = {
            "tags": [
                {"name": "Low", "state": "absent"},
                {"name": "Longest", "renamed_from": "Long"},
                {"name": "Top", "favorite": True},
            ]
        }
        run = apply(server, root, wanted)
        change = edit(server)
        change("tagCreate", name="Low", description="theirs")
        change("tagCreate", name="Other", aliases=["Long"])
        plan = undo_plan(run, server, root)
        assert [change.label for change in plan.changes] == ["Top"]
        assert len(warnings(plan)) == 2
        assert all("it is left as it is" in each for each in warnings(plan))
        again = f"`stashsync undo {run.id}` takes it back once nothing is in its way"
        assert [problem.hint for problem in plan.warnings].count(again) == 2
        before = everything(server)
        undo(run, server, root)
        after = everything(server)
    assert [item for item in after["tags"] if item["name"] != "Top"] == [
        item for item in before["tags"] if item["name"] != "Top"
    ]


def test_undo_of_a_journal_without_before_images_reports_what_it_lacks(root: Path) -> None:
    """Earlier versions recorded none."""
    with Sandbox() as server:
        fill(server, LIBRARY, root)
        wanted = {
            "tags": [
                {"name": "Low", "state": "absent"},
                {"name": "Wide", "image": "new.png", "description": "x"},
            ]
        }
        run = replace(apply(server, root, wanted), before={})
        plan = undo_plan(run, server, root)
    assert warnings(plan) == [
        'tag "Low" is not made again: the journal has no copy of it',
        'tag "Wide" does not get its image back: there is no copy of it',
    ]
    (change,) = plan.changes
    assert isinstance(change, Update)
    assert list(change.changes) == ["description"]


def test_what_was_too_much_to_record_is_reported(root: Path) -> None:
    """The object is created again, without the references to it."""
    with Sandbox() as server:
        fill(server, LIBRARY, root)
        run = apply(server, root, {"tags": [{"name": "Low", "state": "absent"}]})
        many = {me: structs.replace(image, bearers=None) for me, image in run.before.items()}
        plan = undo_plan(replace(run, before=many), server, root)
    (warning,) = warnings(plan)
    assert "was not kept, as it was too much" in warning
    assert len(plan.changes) == 1


def test_a_run_of_which_only_a_part_happened_is_taken_back(root: Path) -> None:
    """Operations that the journal has no outcome of are compared with the library."""
    with Sandbox() as server:
        fill(server, LIBRARY, root)
        before = everything(server)
        for kept in range(8):
            run = apply(server, root, {**RUNS["updates"], "tags": RUNS["updates"]["tags"][:1]})
            outcomes = {index: end for index, end in run.outcomes.items() if index < kept}
            undo(replace(run, outcomes=outcomes, ended=False), server, root)
            assert everything(server) == before


@pytest.mark.parametrize("answered", [False, True], ids=["unanswered", "answered"])
@pytest.mark.parametrize("name", RUNS)
def test_a_run_that_was_killed_at_any_document_is_taken_back(
    name: str, root: Path, *, answered: bool
) -> None:
    """The server shows what happened of the last document; nothing was changed since."""
    for at in range(100):
        with Sandbox(release="0.31.1") as server:
            fill(server, LIBRARY, root)
            before = everything(server)
            plan = plan_for(write_project(root, RUNS[name]), server)
            run = cut_run(plan, server, root, at, answered=answered, folder=JOURNALS)
            if run is None:
                break
            back = undo_plan(run, server, root)
            assert not warnings(back), plan_text(back)
            execute(back, server, root)
            assert everything(server) == before, (at, plan_text(back))
    assert at


def test_objects_of_other_kinds_may_have_the_id_of_what_is_made_again(root: Path) -> None:
    """A scene with a performer of the number of its studio loses neither."""
    library: dict[str, Any] = {
        "studios": [{"name": "North"}],
        "performers": [{"name": "Ada"}, {"name": "Bo"}],
        "scenes": [{"title": "Rain", "studio": "North", "performers": ["Ada", "Bo"]}],
    }
    with Sandbox() as server:
        ids = fill(server, library, root)
        assert ids["studio", "North"] == ids["performer", "Ada"]
        before = everything(server)
        gone = {"studios": ["North"], "performers": ["Bo"]}
        wanted = {
            kind: [{"name": name, "state": "absent"} for name in names]
            for kind, names in gone.items()
        }
        run = apply(server, root, wanted)
        back = undo_plan(run, server, root)
        assert not [text for text in warnings(back) if "lose" in text]
        undo(run, server, root)
        assert everything(server) == before


def test_what_a_merge_brought_is_gone_although_it_was_merged_itself(root: Path) -> None:
    """A performer gets a tag of another one, and that tag becomes one with a third."""
    library = {
        "tags": [{"name": "Long"}, {"name": "Night"}, {"name": "Dusk"}],
        "performers": [
            {"name": "Ada", "tags": ["Long"]},
            {"name": "Bo", "tags": ["Long", "Night"]},
            {"name": "Cy", "tags": ["Night"]},
            {"name": "Di", "tags": ["Dusk", "Night"]},
        ],
    }
    wanted = {
        "tags": [{"name": "Dusk", "merge": ["Night"]}, {"name": "Long", "state": "absent"}],
        "performers": [{"name": "Ada", "merge": ["Bo"]}, {"name": "Cy", "merge": ["Di"]}],
    }
    with Sandbox(release="0.31.1") as server:
        fill(server, library, root)
        before = everything(server)
        undo(apply(server, root, wanted), server, root)
        assert everything(server) == before


def test_the_undo_of_a_run_that_has_been_undone_is_an_empty_plan(root: Path) -> None:
    """It has been taken back already."""
    with Sandbox() as server:
        fill(server, LIBRARY, root)
        run = apply(server, root, RUNS["a merge of tags"])
        undo(run, server, root)
        again = undo_plan(run, server, root)
        assert not again.changes, plan_text(again)


def test_a_marker_whose_tag_was_merged_into_its_primary_tag_gets_it_back(root: Path) -> None:
    """Its primary tag stands among its tags by then, and has to leave them first."""
    with Sandbox() as server:
        fill(server, LIBRARY, root)
        before = everything(server)
        marker = next(item for item in before["sceneMarker"] if item["name"] == "m1")
        assert (marker["primary_tag"], marker["tags"]) == ("Long", ["Wide"])
        run = apply(server, root, {"tags": [{"name": "Long", "merge": ["Wide"]}]})
        plan = undo_plan(run, server, root)
        (long,) = (change for change in plan.changes if change.label == "Long")
        assert isinstance(long, Update)
        assert [each.kind for each in long.bearers if each.first] == ["sceneMarker"]
        undo(run, server, root)
        assert everything(server) == before


def test_a_marker_gets_its_tags_back_after_its_primary_tag(root: Path) -> None:
    """Its primary tag stands among its tags by then, so that it would ignore the other one."""
    with Sandbox(release="0.31.1") as server:
        fill(server, LIBRARY, root)
        made = {name: edit(server)("tagCreate", name=name)["id"] for name in ("A", "E", "P")}
        edit(server)(
            "sceneMarkerCreate",
            scene_id="1",
            title="both",
            seconds=1,
            primary_tag_id=made["P"],
            tag_ids=[made["A"], made["E"]],
        )
        before = everything(server)
        wanted = [{"name": "A", "merge": ["P"]}, {"name": "E", "state": "absent"}]
        undo(apply(server, root, {"tags": wanted}), server, root)
        assert everything(server) == before


def test_what_was_deleted_and_made_again_is_reported(root: Path) -> None:
    """Another client did that, so nothing leads from one id to the other."""
    with Sandbox() as server:
        created = apply(
            server, root, {"tags": [{"name": "A", "description": "one"}, {"name": "B"}]}
        )
        updated = apply(server, root, {"tags": [{"name": "A", "description": "two"}]})
        apply(server, root, {"tags": [{"name": "A", "state": "absent"}]})
        assert warnings(undo_plan(updated, server, root)) == ['tag "A" was deleted since the run']
        assert not warnings(undo_plan(created, server, root))
        edit(server)("tagCreate", name="A", description="two")
        again = ['tag "A" stays as it is: it was made again since the run']
        assert warnings(undo_plan(updated, server, root)) == again
        assert warnings(undo_plan(created, server, root)) == again


def test_runs_before_a_deletion_that_was_undone_are_undone_as_well(root: Path) -> None:
    """The journals lead from the ids of what was deleted to those that it got again."""
    with Sandbox() as server:
        fill(server, LIBRARY, root)
        before = everything(server)
        created = apply(server, root, {"tags": [{"name": "A", "parents": ["Top"]}, {"name": "B"}]})
        between = everything(server)
        updated = apply(
            server,
            root,
            {
                "tags": [{"name": "A", "description": "two"}, {"name": "Wide", "parents": ["A"]}],
                "performers": [{"name": "Ada", "tags": ["A", "Low"]}],
            },
        )
        merged = apply(server, root, {"tags": [{"name": "B", "merge": ["A"]}]})
        back = undo(merged, server, root)
        assert not warnings(undo_plan(updated, server, root, merged, back))
        further = undo(updated, server, root, merged, back)
        assert everything(server) == between
        assert not warnings(undo_plan(created, server, root, updated, merged, back, further))
        undo(created, server, root, updated, merged, back, further)
        assert everything(server) == before


GONE = {"groups": [{"name": "Pilot", "date": "2019-07-01", "state": "absent"}]}


def test_the_groups_of_a_scene_stay_that_another_client_changed_since(root: Path) -> None:
    """A list with numbers is written whole, but only as it was read."""
    with Sandbox() as server:
        ids = fill(server, LIBRARY, root)
        run = apply(server, root, GONE)
        theirs = [{"group_id": ids["group", "Coda"], "scene_index": 5}]
        plan = undo_plan(run, server, root)
        edit(server)("sceneUpdate", id=ids["scene", "Snow"], groups=theirs)
        report = carry_out(plan, server, root)
        after = {item["name"]: item["groups"] for item in everything(server)["scene"]}
    assert [outcome.message for outcome in report.outcomes if outcome.status is Status.MOVED] == [
        f"the groups of scene {ids['scene', 'Snow']} changed on the server meanwhile"
    ]
    assert after == {"Rain": [["Pilot", None], ["Series", 4]], "Snow": [["Coda", 5]]}


def test_a_scene_that_is_gone_gets_no_groups_back(root: Path) -> None:
    """The group itself is made again, and the other scene has it."""
    with Sandbox() as server:
        ids = fill(server, LIBRARY, root)
        run = apply(server, root, GONE)
        plan = undo_plan(run, server, root)
        server.library.mutate("sceneDestroy", {"input": {"id": ids["scene", "Snow"]}})
        report = carry_out(plan, server, root)
        after = {item["name"]: item["groups"] for item in everything(server)["scene"]}
    assert [outcome.message for outcome in report.outcomes if outcome.status is Status.MOVED] == [
        f"the scene {ids['scene', 'Snow']} is gone"
    ]
    assert after == {"Rain": [["Pilot", None], ["Series", 4]]}


def test_a_group_joins_again_what_another_client_changed_since(root: Path) -> None:
    """What came meanwhile stays: the places are those between the members of then."""
    with Sandbox() as server:
        ids = fill(server, LIBRARY, root)
        run = apply(server, root, GONE)
        change = edit(server)
        new = str(change("groupCreate", name="Bonus")["id"])
        listed = [{"group_id": each} for each in (new, ids["group", "Middle"], ids["group", "s1"])]
        change("groupUpdate", id=ids["group", "Series"], sub_groups=listed)
        change("sceneUpdate", id=ids["scene", "Snow"], groups=[{"group_id": new}])
        undo(run, server, root)
        found = everything(server)
    (series,) = (item for item in found["groups"] if item["name"] == "Series")
    assert series["sub_groups"] == ["Bonus", "Middle", "s1", "Pilot: 1"]
    (snow,) = (item for item in found["scene"] if item["name"] == "Snow")
    assert snow["groups"] == [["Bonus", None], ["Pilot", 7]]


def test_a_created_group_stays_where_a_scene_was_put_into_it(root: Path) -> None:
    """To delete it would take it out of the scene."""
    with Sandbox() as server:
        ids = fill(server, LIBRARY, root)
        run = apply(server, root, {"groups": [{"name": "New"}]})
        new = {"group_id": ids_of(server)["group", "New"]}
        edit(server)("sceneUpdate", id=ids["scene", "Rain"], groups=[new])
        plan = undo_plan(run, server, root)
    assert not plan.changes
    assert warnings(plan) == ['group "New" stays: it has come to be referred to (1 times)']


def test_the_undo_of_an_earlier_journal_reports_the_places_in_groups(root: Path) -> None:
    """Earlier versions did not keep them."""
    with Sandbox() as server:
        fill(server, LIBRARY, root)
        run = apply(server, root, GONE)
        kept = {
            me: structs.replace(each, bearers={}, places=None) for me, each in run.before.items()
        }
        plan = undo_plan(replace(run, before=kept), server, root)
    assert warnings(plan) == [
        "places that such a journal does not have are not given back: "
        "['groups (sub_groups)', 'scenes (groups)']"
    ]


def test_a_tag_that_left_its_parents_before_a_merge_gets_them_back(root: Path) -> None:
    """It is recorded before its own update, which precedes the merge of one of them into it."""
    library = {
        "tags": [
            {"name": "Top"},
            {"name": "Wide", "parents": ["Top"]},
            {"name": "Low", "parents": ["Wide", "Top"]},
        ]
    }
    wanted = {
        "tags": [
            {"name": "Low", "merge": ["Wide"], "parents": []},
            {"name": "Top", "state": "absent"},
        ]
    }
    with Sandbox() as server:
        fill(server, library, root)
        before = everything(server)
        run = apply(server, root, wanted)
        undo(run, server, root)
        assert everything(server) == before


def test_a_reference_to_what_counts_as_another_object_stays(tmp_path: Path) -> None:
    """Another client has renamed it, and made another one of the name that the run gave it."""
    library: dict[str, Any] = {
        "tags": [{"name": "Old"}, {"name": "Gold"}],
        "performers": [{"name": "Ada Example", "tags": ["Old", "Gold"]}],
    }
    wanted = {"tags": [{"name": "New", "renamed_from": "Old"}, {"name": "Gold", "state": "absent"}]}
    with Sandbox() as server:
        ids = fill(server, library, tmp_path)
        run = apply(server, tmp_path, wanted)
        edit(server)("tagUpdate", id=ids["tag", "Old"], name="Movie")
        edit(server)("tagCreate", name="New")
        undo(run, server, tmp_path)
        assert everything(server)["performers"] == [
            {"name": "Ada Example", "tags": ["Gold", "Movie"]}
        ]
