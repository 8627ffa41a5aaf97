"""Differences field by field, and what references become."""

from __future__ import annotations

from typing import Any

import pytest

from tests.planner.build import (
    SERVER,
    changes_of,
    performer,
    plan_of,
    problems_of,
    server_of,
    studio,
    tag,
    the_problem,
)

E = "https://stashdb.example/graphql"


@pytest.mark.parametrize(
    ("desired", "held", "changes"),
    [
        ({"description": "x"}, {"description": "y"}, {"description": "x"}),
        ({"description": None}, {"description": "y"}, {"description": None}),
        ({"description": None}, {"description": None}, {}),
        ({}, {"description": "y", "aliases": ["a"]}, {}),
        ({"aliases": ["a"]}, {"aliases": ["a"]}, {}),
        ({"aliases": []}, {"aliases": ["a"]}, {"aliases": []}),
        ({"aliases": {"add": ["b"], "remove": ["x"]}}, {"aliases": ["a"]}, {"aliases": ["a", "b"]}),
        ({"aliases": {"add": ["a"], "remove": ["x"]}}, {"aliases": ["a"]}, {}),
        ({"favorite": False}, {"favorite": True}, {"favorite": False}),
        ({"image": {"url": "http://x.example"}}, {"image": {"etag": ""}}, {}),
        ({"image": None}, {"image": {"etag": ""}}, {"image": None}),
        ({"stash_ids": {E: ["1"]}}, {}, {"stash_ids": [{"endpoint": E, "stash_id": "1"}]}),
        ({"stash_ids": {"other": []}}, {"stash_ids": [{"endpoint": E, "stash_id": "1"}]}, {}),
    ],
)
def test_only_what_differs_and_is_mentioned_changes(
    desired: dict[str, Any], held: dict[str, Any], changes: dict[str, Any]
) -> None:
    """A field that is not written is not managed, null clears it, and a value sets it."""
    plan = plan_of([tag("A", **desired)], [tag("A", id="1", **held)])
    assert changes_of(plan) == ({"~ tag 1": changes} if changes else {})
    if changes:
        (change,) = plan.changes
        assert change.action == "update"
        assert change.unchanged == 1 + len(desired) - len(changes)
        assert (change.id, change.label) == ("1", "A")
    else:
        assert plan.unchanged == {"tag": 1}
        assert not plan


def test_a_change_of_case_alone_is_a_change_of_the_name() -> None:
    """The server accepts a name that differs only in case (docs/stash-behaviour.md#names)."""
    assert changes_of(plan_of([tag("CAMERA")], [tag("Camera", id="1")])) == {
        "~ tag 1": {"name": "CAMERA"}
    }


def test_a_create_has_only_what_differs_from_an_object_that_has_nothing() -> None:
    """Null, false and empty lists are what a new object has anyway, so they are not sent."""
    desired = performer(
        "Ada", favorite=False, details=None, urls=[], rating100=0, custom_fields={"a": None},
        stash_ids={E: []}, aliases={"add": ["A"], "remove": ["B"]}, tags=[],
    )  # fmt: skip
    assert changes_of(plan_of([desired])) == {
        "+ performer Ada": {"name": "Ada", "aliases": ["A"], "rating100": 0}
    }


def test_fields_stand_in_the_order_of_the_kind() -> None:
    """The order of fields in a plan does not depend on the manifest."""
    plan = plan_of([tag("A", favorite=True, description="x")], [tag("A", id="1")])
    other = plan_of([tag("A", description="x", favorite=True)], [tag("A", id="1")])
    assert list(plan.changes[0].changes) == list(other.changes[0].changes)  # type: ignore[union-attr]
    assert plan.operations[0].fields == ("description", "favorite")
    created = plan_of([tag("A", favorite=True, description="x")])
    assert created.operations[0].fields == ("name", "description", "favorite")


# -- former names -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("desired", "held", "after"),
    [
        ({}, [], ["Old"]),
        ({}, ["X"], ["Old", "X"]),
        ({"aliases": ["X"]}, ["Y"], ["Old", "X"]),
        ({"aliases": {"add": ["X"], "remove": ["Y"]}}, ["Y"], ["Old", "X"]),
        ({}, ["old"], None),
        ({}, ["NEW", "Old"], ["Old"]),
        ({"aliases": ["NEW"]}, ["NEW", "Old"], None),
    ],
)
def test_the_old_name_becomes_an_alias_and_stays_one(
    desired: dict[str, Any], held: list[str], after: list[str] | None
) -> None:
    """The alias is added to the wanted or the held ones, and the next plan is empty."""
    want = tag("New", renamed_from="Old", keep_old_name=True, **desired)
    plan = plan_of([want], [tag("Old", id="1", aliases=held)])
    expected = {"name": "New"} | ({} if after is None else {"aliases": after})
    assert changes_of(plan) == {"~ tag 1": expected}
    assert not plan_of([want], [tag("New", id="1", aliases=held if after is None else after)])


def test_an_old_name_that_the_manifest_forgets_is_a_problem() -> None:
    """A full list of aliases would remove the old name again with the next plan."""
    problem = the_problem(
        [tag("New", id="1", keep_old_name=True, aliases=["X"])], [tag("Old", id="1")]
    )
    assert 'the old name "Old" would be an alias' in problem.message
    assert "renamed_from: Old" in (problem.hint or "")


def test_a_change_of_case_keeps_no_old_name() -> None:
    """The server compares names without case, so there is no other name to keep."""
    want = tag("NEW", keep_old_name=True)
    assert changes_of(plan_of([want], [tag("New", id="1")])) == {"~ tag 1": {"name": "NEW"}}
    assert not plan_of([want], [tag("NEW", id="1")])


# -- references ---------------------------------------------------------------------------------


def test_references_become_ids_or_placeholders() -> None:
    """A reference becomes the id of an object on the server, or a new object's placeholder."""
    plan = plan_of(
        [
            tag("B", parents=["a", "C"]),
            tag("A"),
            tag("C"),
            studio("S", tags=["a"], parent="T"),
            studio("T"),
            performer("P", tags={"add": ["C"], "remove": ["A", "nowhere"]}),
        ],
        [tag("A", id="1"), tag("Other", id="2"), performer("P", id="3", tags=["1", "2"])],
    )
    assert changes_of(plan) == {
        "+ tag B": {"name": "B", "parents": ["+tag:1", "1"]},
        "+ tag C": {"name": "C"},
        "+ studio S": {"name": "S", "tags": ["1"], "parent": "+studio:1"},
        "+ studio T": {"name": "T"},
        "~ performer 3": {"tags": ["+tag:1", "2"]},
    }
    assert plan.labels == {
        "tag": {"1": "A", "+tag:1": "C", "2": "Other"},
        "studio": {"+studio:1": "T"},
    }
    assert plan.label("tag", "2") == "Other"
    assert plan.label("tag", "77") == "77"


def test_a_reference_to_what_only_the_server_has_is_listed() -> None:
    """An undeclared object that several fields refer to is listed once, with all the places."""
    desired = [
        tag("A", parents=["Other"], line=10),
        studio("S", tags=["other"], parent="Outside", line=20),
        studio("T", parent=None, line=30),
    ]
    plan = plan_of(desired, [tag("Other", id="2"), studio("Outside", id="2"), studio("T", id="4")])
    assert [
        (external.kind, external.name, external.id, len(external.marks))
        for external in plan.externals
    ] == [
        ("tag", "Other", "2", 2),
        ("studio", "Outside", "2", 1),
    ]


def test_a_reference_to_nothing_gets_the_nearest_names() -> None:
    """The hint suggests similar names from the manifests and from the server."""
    server = [tag("Wide shots", id="1"), tag("Drone", id="2")]
    problem = the_problem([tag("X", parents=["wide shot"]), tag("Wide shott")], server)
    assert 'there is no tag "wide shot"' in problem.message
    assert "'Wide shott'" in (problem.hint or "")
    assert "'Wide shots'" in (problem.hint or "")
    problems = problems_of([tag("X", parents=["drones", "Quite other"])], server)
    assert "'Drone'" in (problems[1].hint or "")
    problem = problems[0]
    assert "declare it under `tags:`" in (problem.hint or "")


def test_a_reference_by_alias_gets_the_right_name() -> None:
    """A reference has to be a name; the error for an alias gives the name."""
    problem = the_problem([tag("X", parents=["cam"])], [tag("Camera", id="1", aliases=["Cam"])])
    assert '"cam" is an alias of the tag "Camera"' in problem.message
    assert problem.hint == 'write "Camera"'


def test_a_reference_to_a_name_that_changes_now_gets_the_new_one() -> None:
    """A name that this plan changes cannot be referred to; the error gives the new one."""
    desired = [tag("X", parents=["Old"]), tag("New", renamed_from="Old")]
    problem = the_problem(desired, [tag("Old", id="1")])
    assert 'the tag "Old" is called "New" from now on' in problem.message


def test_a_reference_that_may_be_several_is_an_error() -> None:
    """An import can create tags that differ in case; only an exact spelling is clear."""
    twins = [tag("Ab", id="1"), tag("aB", id="2")]
    problem = the_problem([tag("X", parents=["ab"])], twins)
    assert '"ab" may be any of "Ab" (id 1), "aB" (id 2)' in problem.message
    wanted = [tag("X", parents=["aB"]), tag("Ab")]
    assert changes_of(plan_of(wanted, twins))["+ tag X"]["parents"] == ["2"]
    same = [tag("A", id="1"), tag("A", id="2")]
    assert "may be any of" in the_problem([tag("X", parents=["A"])], same).message


def test_labels_of_what_vanished_meanwhile_are_their_ids() -> None:
    """Kinds are read one after another, so an object can vanish between the readings."""
    plan = plan_of([performer("P", tags=[])], [performer("P", id="1", tags=["9"])])
    assert plan.labels == {"tag": {"9": "9"}}


# -- validating the resulting object ------------------------------------------------------------


def test_what_the_server_would_refuse_of_the_result_is_a_problem() -> None:
    """Manifest and server are each valid; only their combination is not."""
    (death,) = problems_of(
        [performer("P", death_date="1980")], [performer("P", id="1", birthdate="1990-01-01")]
    )
    assert "the death date 1980 is before the birth date" in death.message
    (alias,) = problems_of(
        [performer("New", renamed_from="Old")], [performer("Old", id="1", aliases=["NEW"])]
    )
    assert "the alias 'NEW' is the same as the name" in alias.message


def test_what_was_wrong_on_the_server_before_is_no_problem() -> None:
    """Values that the plan does not change are not validated."""
    held = {"birthdate": "1990", "death_date": "1980"}
    assert plan_of([performer("P", details="x")], [performer("P", id="1", **held)])


# -- what the server lacks ----------------------------------------------------------------------

OLD = server_of((0, 27, 2))


def test_a_field_that_the_server_lacks_is_an_error_or_left_alone() -> None:
    """The error names the release that the field needs; with `lenient` it becomes a warning."""
    desired = [tag("A", sort_name="B", description="x"), tag("C")]
    problem = the_problem(desired, (), OLD)
    assert "tags have no sort_name on this server (v0.27.2)" in problem.message
    assert "needs Stash v0.28.0" in (problem.hint or "")
    plan = plan_of(desired, (), OLD, lenient=True)
    assert changes_of(plan)["+ tag A"] == {"name": "A", "description": "x"}
    (warning,) = plan.warnings
    assert "left alone (lenient)" in (warning.hint or "")


def test_a_partial_date_that_the_server_lacks_is_an_error_or_left_alone() -> None:
    """Servers before v0.30.0 accept only dates that are exact to the day."""
    desired = [performer("P", birthdate="1990-05", death_date="2020-01-01"), performer("Q")]
    problem = the_problem(desired, (), OLD)
    assert "the date 1990-05 is not exact to the day" in problem.message
    plan = plan_of(desired, (), OLD, lenient=True)
    assert changes_of(plan)["+ performer P"] == {"name": "P", "death_date": "2020-01-01"}
    assert plan_of(desired).warnings == ()


def test_a_date_field_that_is_missing_altogether_is_reported_once() -> None:
    """The error is about the missing field, not about the inexact date in it."""
    server = server_of((0, 27, 2), without=["Performer.birthdate"])
    assert (
        "have no birthdate" in the_problem([performer("P", birthdate="1990")], (), server).message
    )


def test_problems_stand_in_the_order_of_their_places() -> None:
    """Problems are sorted by file and line, whichever check found them."""
    desired = [tag("B", parents=["x"], line=9), tag("A", id="5", line=3)]
    assert [item.mark.line for item in problems_of(desired) if item.mark] == [3, 9]


def test_an_old_name_with_white_space_becomes_an_alias_without_it() -> None:
    """Old servers keep the white space; the next plan would take such an alias away."""
    wanted = tag("New", renamed_from="Old", keep_old_name=True, aliases=["Old"])
    plan = plan_of([wanted], [tag(" old", id="1")])
    assert changes_of(plan) == {"~ tag 1": {"name": "New", "aliases": ["Old"]}}


def test_an_old_name_that_is_an_alias_in_another_case_is_not_added() -> None:
    """A server refuses a second alias that differs only in case, or drops it."""
    wanted = tag("New", renamed_from="Old", keep_old_name=True, aliases=["OLD"])
    plan = plan_of([wanted], [tag("Old", id="1")])
    assert changes_of(plan) == {"~ tag 1": {"name": "New", "aliases": ["OLD"]}}


def test_a_label_that_is_not_known_is_the_id() -> None:
    """This holds for a kind without any labels, too."""
    assert plan_of([]).label("studio", "7") == "7"


def test_a_plan_names_what_it_was_made_from() -> None:
    """The plan has the server's release and the digest of the manifests."""
    source = plan_of([tag("A")]).source
    assert (source.release, source.digest) == (SERVER.release_name, "digest")


@pytest.mark.parametrize(
    ("held", "written", "after"),
    [
        (["Cam"], ["CAM", "Cam", "camera"], None),
        (["Cam"], ["CAM", "Cam", "Kamera"], ["Cam", "Kamera"]),
        (["Cam"], {"add": ["CAM", "Camera"]}, None),
        (["Cam"], {"add": ["CAM", "Kamera"], "remove": ["Cam"]}, ["CAM", "Kamera"]),
        (["Camera", "camera"], ["Camera", "camera"], None),
        (["Camera"], ["Camera", "Cam"], ["Cam"]),
        (["É"], ["É", "é"], None),
    ],
)
def test_aliases_that_the_server_drops_are_not_planned(
    held: list[str], written: Any, after: list[str] | None
) -> None:
    """Since v0.31. What an older release has kept stays for as long as nothing else changes."""
    newer = server_of((0, 31, 1))
    for kind, make in (("tag", tag), ("studio", studio)):
        plan = plan_of(
            [make("Camera", aliases=written)], [make("Camera", id="1", aliases=held)], newer
        )
        changes = {f"~ {kind} 1": {"aliases": after}} if after is not None else {}
        assert changes_of(plan) == changes


def test_a_new_object_gets_no_alias_that_the_server_drops() -> None:
    """A warning counts them, by the first of them."""
    wanted = [tag("Lens", aliases=["LENS", "Optic", "optic"])]
    newer = plan_of(wanted, (), server_of((0, 31, 1)))
    assert changes_of(newer) == {"+ tag Lens": {"name": "Lens", "aliases": ["Optic"]}}
    (warning,) = newer.warnings
    assert '"LENS", "optic"' in warning.message
    older = plan_of(wanted, (), server_of((0, 30, 1)))
    assert changes_of(older)["+ tag Lens"]["aliases"] == ["LENS", "Optic", "optic"]
    assert not older.warnings
