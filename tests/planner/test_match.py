"""Matching of desired to observed objects: by id, stash_ids, pending renames, and key."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import pytest

from stashsync.kinds import Key
from stashsync.planner import Delete, Matched, Merge, Policy, decide, removals
from stashsync.planner.temporary import temporary_name
from stashsync.state import Resource
from tests.planner.build import (
    DEVELOP,
    changes_of,
    paired,
    performer,
    plan_of,
    problems_of,
    studio,
    tag,
    the_problem,
)

E = "https://stashdb.example/graphql"


def ids(*items: str) -> list[dict[str, str]]:
    """Return stash_ids in the form that the server holds."""
    return [{"endpoint": E, "stash_id": item} for item in items]


def who(
    desired: list[Resource],
    observed: list[Resource],
    remembered: Mapping[tuple[str, Key], str] | None = None,
) -> dict[str, tuple[str | None, str]]:
    """Return for each desired label the id it was matched to and how; check for problems."""
    context, pairs = paired(desired, observed, remembered=remembered)
    assert not context.problems
    return {
        pair.desired.label: (pair.observed.id if pair.observed else None, pair.matched.value)
        for pair in pairs
    }


def test_an_id_is_stronger_than_stash_ids_than_a_rename_than_the_key() -> None:
    """A matched object is not offered to later steps: docs/planning-rules.md#matching."""
    server = [tag("A", id="1", stash_ids=ids("x")), tag("B", id="2"), tag("C", id="3")]
    assert who([tag("C", id="1", stash_ids={E: ["x"]}), tag("A")], server) == {
        "C": ("1", "id"),
        "A": (None, "name"),
    }
    assert who([tag("B", stash_ids={E: ["x"]}, renamed_from="C")], server) == {
        "B": ("1", "stash_id")
    }
    assert who([tag("D", renamed_from="C")], server) == {"D": ("3", "renamed_from")}
    assert who([tag("c")], server) == {"c": ("3", "name")}


def test_names_match_ascii_case_aside_and_trimmed() -> None:
    """Comparing with lower() or casefold() would join names that Stash keeps apart."""
    server = [tag("Éclair", id="1"), tag("STRASSE", id="2")]
    assert who([tag("éclair"), tag("strasse"), tag("straße")], server) == {
        "éclair": (None, "name"),
        "strasse": ("2", "name"),
        "straße": (None, "name"),
    }


def test_an_id_must_exist_and_be_claimed_once() -> None:
    """An unknown id is an error, and never leads to a create."""
    problem = the_problem([tag("A", id="7")], [tag("A", id="1")])
    assert "there is no tag with id 7" in problem.message
    problem = the_problem([tag("A", id="1"), tag("B", id="1")], [tag("A", id="1")])
    assert "id 1 is claimed twice" in problem.message
    assert "m.yaml" in (problem.hint or "") or "also by" in (problem.hint or "")


def test_what_is_deleted_by_its_id_is_done_once_that_is_gone() -> None:
    """An object with the same name and another id is not deleted in its place."""
    wanted = tag("A", id="7", absent=True, file="m.yaml")
    behind = tag("B", id="2", file="m.yaml")
    assert who([wanted, behind], [tag("A", id="1"), tag("C", id="2")]) == {
        "A": (None, "name"),
        "B": ("2", "id"),
    }
    assert who([wanted], [tag("A", id="1"), tag("A", id="7")]) == {"A": ("7", "id")}


def test_shared_stash_ids_may_be_ambiguous() -> None:
    """If two objects have the stash_id, the one with the key is meant; otherwise it is an error."""
    server = [tag("A", id="1", stash_ids=ids("x")), tag("B", id="2", stash_ids=ids("x", "y"))]
    problem = the_problem([tag("C", stash_ids={E: ["x"]})], server)
    assert '"A" (id 1), "B" (id 2)' in problem.message
    assert who([tag("B", stash_ids={E: ["x"]})], server) == {"B": ("2", "stash_id")}
    assert who([tag("C", stash_ids={E: ["y"]})], server) == {"C": ("2", "stash_id")}
    assert who([tag("A", id="1"), tag("D", stash_ids={E: ["x"]})], server) == {
        "A": ("1", "id"),
        "D": ("2", "stash_id"),
    }
    assert who([tag("C", stash_ids={E: ["z"], "e2": []})], server) == {"C": (None, "name")}


def test_two_objects_may_not_claim_one_by_stash_ids() -> None:
    """The one that also has the object's key gets it, and the other is matched otherwise."""
    server = [tag("A", id="1", stash_ids=ids("x")), tag("B", id="2")]
    claims: dict[str, Any] = {"stash_ids": {E: ["x"]}}
    problem = the_problem([tag("C", **claims), tag("D", **claims)], server)
    assert 'two objects claim "A" (id 1)' in problem.message
    assert who([tag("A", **claims), tag("B", **claims)], server) == {
        "A": ("1", "stash_id"),
        "B": ("2", "name"),
    }


def test_a_rename_is_pending_while_only_the_old_name_is_there() -> None:
    """`renamed_from` may stay in the manifest after the rename was applied."""
    assert who([tag("New", renamed_from="Old")], [tag("old", id="1")])["New"] == (
        "1",
        "renamed_from",
    )
    assert who([tag("New", renamed_from="Old")], [tag("New", id="1")])["New"] == ("1", "name")
    assert who([tag("New", renamed_from="Old")], [])["New"] == (None, "name")
    assert who([tag("New", renamed_from=["Older", "Old"])], [tag("Old", id="1")])["New"] == (
        "1",
        "renamed_from",
    )


def test_two_old_names_on_the_server_are_an_error_that_names_both() -> None:
    """The manifest could mean either of the two objects."""
    problem = the_problem(
        [tag("New", renamed_from=["A", "B"])], [tag("A", id="1"), tag("B", id="2")]
    )
    assert 'it may have been "A" (id 1), "B" (id 2)' in problem.message
    assert problem.hint == "write `id:` to say which one is meant"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_chain_of_renames_resolves_from_its_end(order: tuple[int, ...]) -> None:
    """For A→B, B→C and C→D each object keeps its identity, whatever order they are written in."""
    chain = [tag("B", renamed_from="A"), tag("C", renamed_from="B"), tag("D", renamed_from="C")]
    server = [tag("A", id="1"), tag("B", id="2"), tag("C", id="3")]
    found = who([chain[item] for item in order], server)
    assert {name: item for name, (item, _) in found.items()} == {"B": "1", "C": "2", "D": "3"}


def test_a_ring_of_renames_is_not_pending_and_the_plan_warns() -> None:
    """Before and after a ring of renames the names are the same, so each name means its holder."""
    server = [tag("A", id="1"), tag("B", id="2")]
    plan = plan_of([tag("A", renamed_from="B"), tag("B", renamed_from="A")], server)
    assert not plan
    assert len(plan.warnings) == 2
    assert "would exchange their names" in plan.warnings[0].message
    assert "`id:`" in (plan.warnings[0].hint or "")


def test_if_old_and_new_name_both_exist_the_plan_warns_and_offers_a_merge() -> None:
    """Nothing is renamed, since the rename may have been applied before."""
    plan = plan_of([tag("New", renamed_from="Old")], [tag("New", id="1"), tag("Old", id="2")])
    assert not plan
    (warning,) = plan.warnings
    assert '"Old" and "New" are both on the server' in warning.message
    assert "merge: [Old]" in (warning.hint or "")


@pytest.mark.parametrize(
    "desired",
    [
        # A is declared, and has no renamed_from of its own
        [tag("B", renamed_from="A"), tag("A")],
        # A's former name belongs to no declared object
        [tag("B", renamed_from="A"), tag("A", renamed_from="X")],
        # A and C exchange names, and B is not part of that ring
        [tag("B", renamed_from="A"), tag("A", renamed_from="C"), tag("C", renamed_from="A")],
        # A was matched by its id, so its renamed_from does not count
        [tag("B", renamed_from="A"), tag("A", id="1", renamed_from="B")],
    ],
)
def test_a_carried_out_rename_beside_others_is_no_ring(desired: list[Resource]) -> None:
    """`B` gets no warning about exchanged names if no renames lead back to it."""
    server = [tag("A", id="1"), tag("B", id="2"), tag("C", id="3")]
    plan = plan_of([*desired], server)
    assert not plan
    assert not [warning for warning in plan.warnings if warning.message.startswith('"B"')]


def test_a_performer_is_identified_by_name_and_disambiguation() -> None:
    """A name alone means the performer without a disambiguation, else the only one of that name."""
    elder = performer("Ada", id="1", disambiguation="the elder")
    plain = performer("Ada", id="2")
    younger = performer("Ada", id="3", disambiguation="the younger")
    assert who([performer("Ada")], [elder, plain])["Ada"] == ("2", "name")
    assert who([performer("Ada")], [elder])["Ada"] == ("1", "name")
    problem = the_problem([performer("Ada")], [elder, younger])
    assert '"Ada (the elder)" (id 1), "Ada (the younger)" (id 3)' in problem.message
    assert who([performer("Ada", disambiguation="The Elder")], [elder, plain]) == {
        "Ada (The Elder)": ("1", "name")
    }
    assert who([performer("Ada", disambiguation=None)], [elder])["Ada"] == (None, "name")
    assert who([performer("Ada"), performer("Ada", disambiguation="the elder")], [elder]) == {
        "Ada": (None, "name"),
        "Ada (the elder)": ("1", "name"),
    }


def test_a_name_that_will_mean_another_object_causes_a_warning() -> None:
    """The next plan would delete or merge a namesake of what this one deletes or merges."""
    held = [performer("Ada", id="1"), performer("Ada", id="2", disambiguation="x")]
    for wanted in (performer("Ada", absent=True), performer("New", merge=["ada"])):
        (warning,) = plan_of([wanted], held).warnings
        assert "once that is gone, it means " in warning.message
        assert '"Ada (x)" (id 2)' in warning.message
        assert warning.hint
        assert "`disambiguation: null`" in warning.hint
    for wanted in (
        performer("Ada", absent=True, disambiguation=None),
        performer("New", merge=[("Ada", None)]),
        performer("New", renamed_from="Ada"),
    ):
        assert not plan_of([wanted], held).warnings
    declared = performer("Ada", disambiguation="x")
    assert not plan_of([declared, performer("Ada", absent=True)], held).warnings


def test_a_performers_old_name_is_found_with_any_disambiguation() -> None:
    """An old name alone finds a performer with any disambiguation if no other has that name."""
    elder = performer("Old", id="1", disambiguation="x")
    assert who([performer("New", renamed_from="Old")], [elder])["New"] == ("1", "renamed_from")
    explicit = performer("New", disambiguation="y", renamed_from="Old")
    assert who([explicit], [elder])["New (y)"] == ("1", "renamed_from")


def test_of_two_objects_that_differ_by_case_alone_the_exact_one_is_meant() -> None:
    """An import can create two such objects (docs/stash-behaviour.md#names)."""
    twins = [tag("camera", id="1"), tag("Camera", id="2")]
    assert who([tag("Camera")], twins)["Camera"] == ("2", "name")
    problem = the_problem([tag("CAMERA")], twins)
    assert "several objects may be meant" in problem.message


def test_how_it_was_matched_stands_in_the_plan() -> None:
    """The change of a matched object has the step of matching that found it."""
    plan = plan_of([studio("New", renamed_from="Old")], [studio("Old", id="1")])
    (change,) = plan.changes
    assert change.action == "update"
    assert change.matched is Matched.RENAME
    assert change.renames


def test_a_refused_object_is_not_tried_by_later_steps() -> None:
    """One mistake causes one error."""
    server = [tag("A", id="1"), tag("B", id="2")]
    (problem,) = problems_of([tag("C", id="9", renamed_from="A")], server)
    assert "id 9" in problem.message
    ambiguous = [tag("A", id="1"), tag("B", id="2")]
    problems = problems_of(
        [tag("C", renamed_from=["A", "B"]), tag("D", renamed_from="E"), tag("F", renamed_from="D")],
        [*ambiguous, tag("E", id="3")],
    )
    assert len(problems) == 1


def test_a_rename_of_case_alone_needs_no_explanation() -> None:
    """Old and new name mean the same object, so there is no warning."""
    plan = plan_of([tag("CAMERA", renamed_from="Camera")], [tag("camera", id="1")])
    assert plan.count("update") == 1
    assert plan.warnings == ()


def test_a_temporary_name_stands_for_the_whole_key() -> None:
    """A temporary name matches only an item with the same disambiguation."""
    left = [performer("⟦stashsync 2⟧ A", id="2", disambiguation="y")]
    (pair,) = paired([performer("A")], left)[1]
    assert pair.observed is None
    (pair,) = paired([performer("A", disambiguation="Y")], left)[1]
    assert pair.observed is not None


def test_what_was_on_the_way_to_a_name_is_deleted_with_its_holder() -> None:
    """Otherwise a second plan would have to delete what the first one left."""
    left = [tag("⟦stashsync 2⟧ A", id="2"), tag("A", id="3")]
    plan = plan_of([tag("A", absent=True)], left)
    assert [change.id for change in plan.changes if isinstance(change, Delete)] == ["3", "2"]
    assert plan.warnings == ()


def test_what_was_on_the_way_to_a_name_is_merged_where_a_merge_names_it() -> None:
    """It is neither deleted with the holder of the name nor taken for what was to get it."""
    left = tag("⟦stashsync 2⟧ A", id="2")
    into = tag("B", id="4")
    wanted = [tag("A", absent=True), tag("B", merge=["⟦stashsync 2⟧ A"])]
    plan = plan_of(wanted, [left, tag("A", id="3"), into], DEVELOP)
    removed = [change for change in plan.changes if isinstance(change, Delete | Merge)]
    assert [change.id for change in removed] == ["4", "3"]
    (_, pairs) = paired([tag("A"), wanted[1]], [left, into])
    assert [pair.observed and pair.observed.id for pair in pairs] == [None, "4"]


def test_what_was_on_the_way_to_a_name_is_reported_with_its_holder() -> None:
    """The manifests mean the object that has the name; the other is only reported."""
    plan = plan_of([tag("A")], [tag("⟦stashsync 2⟧ A", id="2"), tag("A", id="3")])
    assert not plan.changes
    (warning,) = plan.warnings
    assert warning.message == (
        'tag "⟦stashsync 2⟧ A" has a temporary name that a broken run left behind, '
        'and tag "A" (id 3) has the name that it was to get'
    )


def test_each_stash_id_finds_its_object_behind_those_without() -> None:
    """Neither an object without stash_ids nor the first match ends the search."""
    wanted = [
        tag("Apart"),
        tag("New", stash_ids={"e": ["1"]}),
        tag("Newer", stash_ids={"e": ["2"]}),
    ]
    held = [
        tag("Old", id="1", stash_ids=[{"endpoint": "e", "stash_id": "1"}]),
        tag("Older", id="2", stash_ids=[{"endpoint": "e", "stash_id": "2"}]),
    ]
    _, pairs = paired(wanted, held)
    assert [pair.observed.id if pair.observed else None for pair in pairs] == [None, "1", "2"]


def test_of_two_that_claim_a_stash_id_neither_is_looked_for_further() -> None:
    """One error is enough, although the first object has an ambiguous rename as well."""
    wanted = [
        tag("A", stash_ids={"e": ["1"]}, renamed_from="beFore"),
        tag("B", stash_ids={"e": ["1"]}),
    ]
    held = [
        tag("Old", id="1", stash_ids=[{"endpoint": "e", "stash_id": "1"}]),
        tag("Before", id="2"),
        tag("before", id="3"),
    ]
    assert "claim" in the_problem(wanted, held).message


def test_what_a_broken_run_left_is_matched_by_its_key() -> None:
    """A temporary name counts as the name that the object was to get."""
    name = temporary_name("1", "New", lambda _: True)
    assert name
    plan = plan_of([tag("New")], [tag(name, id="1")])
    assert [(change.id, change.matched) for change in plan.changes] == [("1", Matched.KEY)]


def test_every_rename_that_cannot_be_is_explained() -> None:
    """New, renamed and unchanged objects before it do not end the search for such renames."""
    wanted = [
        tag("Fresh", renamed_from="Nowhere"),
        tag("Now", renamed_from="Then"),
        tag("Plain"),
        tag("X", renamed_from="Y"),
        tag("Z", renamed_from="W"),
    ]
    held = [tag(name, id=str(n)) for n, name in enumerate(["Plain", "Then", *"XYZW"], 1)]
    messages = [warning.message for warning in plan_of(wanted, held).warnings]
    assert messages[0].startswith('tag "Fresh" is new')
    both = [message.split(" are both")[0] for message in messages[1:]]
    assert both == ['"Y" and "X"', '"W" and "Z"']


def test_a_twin_of_the_old_name_is_explained_too() -> None:
    """The old name is another object's, although it differs only in case from the new one."""
    wanted = [tag("Same", id="3", renamed_from="same", file="m.yaml")]
    (warning,) = plan_of(wanted, [tag("Same", id="3"), tag("same", id="9")]).warnings
    assert warning.message.startswith('"same" and "Same" are both on the server')


def test_warnings_that_no_manifest_line_causes_come_first() -> None:
    """Warnings without a place are sorted before those of any file."""
    left = temporary_name("9", "Gone", lambda _: True)
    assert left
    wanted = [tag("A", renamed_from="B", file="A.yaml")]
    warnings = plan_of(wanted, [tag("A", id="1"), tag("B", id="2"), tag(left, id="9")]).warnings
    assert [warning.mark is None for warning in warnings] == [True, False]


# -- names of objects -----------------------------------------------------------------------------


def test_a_performer_is_renamed_whatever_disambiguation_it_gets() -> None:
    """The disambiguation in the item is the wanted one; the old one does not have to match."""
    plain = performer("Old Ada", id="1")
    wanted = performer("Ada", disambiguation="Chef", renamed_from="Old Ada")
    plan = plan_of([wanted], [plain])
    assert changes_of(plan) == {"~ performer 1": {"name": "Ada", "disambiguation": "Chef"}}
    wanted = performer("Ada", disambiguation="Cook", renamed_from="Ada (Chef)")
    plan = plan_of([wanted], [performer("Ada", id="1", disambiguation="Chef")])
    assert changes_of(plan) == {"~ performer 1": {"disambiguation": "Cook"}}
    assert not plan_of([wanted], [performer("Ada", id="1", disambiguation="Cook")])


NAMESAKES = [("Ada", "Chef"), ("Ada", "Pilot"), ("Bea", None)]


def namesakes() -> list[Resource]:
    """Return two performers of the same name, and another one."""
    return [
        performer(name, id=str(place), disambiguation=further)
        for place, (name, further) in enumerate(NAMESAKES, 1)
    ]


@pytest.mark.parametrize("key", ["renamed_from", "merge"])
def test_a_name_that_fits_several_is_an_error_that_lists_them(key: str) -> None:
    """`renamed_from` and `merge` both need a name that means a single object."""
    name = "Bea" if key == "merge" else "Cleo"
    problem = the_problem([performer(name, **{key: ["Ada"]})], namesakes())
    assert '"Ada (Chef)" (id 1), "Ada (Pilot)" (id 2)' in problem.message
    assert "{name, disambiguation}" in (problem.hint or "")


def test_an_object_to_delete_has_to_be_named_clearly() -> None:
    """A name, a label or name and disambiguation may be given, as long as one object fits."""
    problem = the_problem([performer("Ada", absent=True)], namesakes())
    assert '"Ada (Chef)" (id 1), "Ada (Pilot)" (id 2)' in problem.message
    for wanted in (
        performer("Ada (pilot)", absent=True),
        performer("Ada", disambiguation="Pilot", absent=True),
    ):
        (pair,) = paired([wanted], namesakes())[1]
        assert pair.observed is not None
        assert pair.observed.id == "2"
    twins = [tag("Pan", id="1"), tag("PAN", id="2")]
    assert '"Pan" (id 1), "PAN" (id 2)' in the_problem([tag("Pan", absent=True)], twins).message


@pytest.mark.parametrize("name", ["Ada (Pilot)", ("Ada", "Pilot")])
def test_a_name_with_its_disambiguation_means_one(name: Any) -> None:
    """The label and the two parts both work, in a merge and in a rename."""
    merged = performer("Bea", merge=[name])
    context, pairs = paired([merged], namesakes(), DEVELOP)
    (merge,) = removals(context, pairs, Policy())
    assert isinstance(merge, Merge)
    assert merge.sources == (("2", "Ada (Pilot)"),)
    assert not context.problems
    renamed = performer("Cleo", renamed_from=[name])
    assert who([renamed], namesakes())["Cleo"] == ("2", "renamed_from")


def test_a_text_that_is_both_a_name_and_a_label_is_decided_by_its_parts() -> None:
    """A performer's name may itself be `Ada (Pilot)`, so only the two parts are clear."""
    server = [*namesakes(), performer("Ada (Pilot)", id="9")]
    problem = the_problem([performer("Cleo", renamed_from=["Ada (Pilot)"])], server)
    assert '"Ada (Pilot)" (id 9), "Ada (Pilot)" (id 2)' in problem.message
    for parts, found in ((("Ada", "Pilot"), "2"), (("Ada (Pilot)",), "9")):
        renamed = performer("Cleo", renamed_from=[parts])
        assert who([renamed], server)["Cleo"] == (found, "renamed_from")
    without = [*namesakes(), performer("Ada", id="8")]
    renamed = performer("Cleo", renamed_from=["Ada"])
    assert who([renamed], without)["Cleo"] == ("8", "renamed_from")
    renamed = performer("Cleo", renamed_from=[("Ada", None)])
    assert who([renamed], namesakes())["Cleo"] == (None, "name")


def test_a_name_alone_never_means_what_is_declared_with_its_disambiguation() -> None:
    """The other performer of that name was renamed, merged or deleted by an earlier run."""
    held = [performer("Ada", id="1", disambiguation="Chef"), performer("Bea", id="3")]
    declared = performer("Ada", disambiguation="Chef")
    assert who([declared, performer("Cleo", renamed_from="Ada")], held) == {
        "Ada (Chef)": ("1", "name"),
        "Cleo": (None, "name"),
    }
    assert not plan_of([declared, performer("Bea", merge=["Ada"])], held)
    elsewhere = performer("Ada", disambiguation="Chef", id="3", file="m.yaml")
    assert who([elsewhere, performer("New", merge=["Ada"])], held)["New"] == (None, "name")
    assert not plan_of([declared, performer("Ada", absent=True)], held)


def test_a_new_object_whose_former_names_fit_nothing_is_explained() -> None:
    """The former name may be misspelled; on an empty library there is no warning."""
    held = [tag("Old one", id="1"), tag("Other", id="2", aliases=["Elder"])]
    for name, hint in (("Old ome", "'Old one'"), ("elder", "'Other'"), ("xyz", "can go")):
        (warning,) = plan_of([tag("New", renamed_from=name)], held).warnings
        assert warning.message == f'tag "New" is new: no tag here is called "{name}"'
        assert hint in (warning.hint or "")
        (warning,) = plan_of([tag("New", merge=[name])], held).warnings
        assert warning.message == f'tag "New" is new: no tag here is called "{name}"'
    assert not plan_of([tag("New", renamed_from=["Old ome", "Old one"])], held).warnings
    assert not plan_of([tag("New", renamed_from="Old", merge=["Older"])]).warnings


def test_what_is_merged_or_deleted_and_not_there_is_mentioned() -> None:
    """One warning names them all; a merge that left an alias behind has been done."""
    held = [tag("A", id="1", aliases=["done"]), tag("B", id="2")]
    (warning,) = plan_of([tag("A", merge=["Done"]), tag("B", merge=["Gone"])], held).warnings
    assert warning.message == 'tags: nothing to merge: "Gone" is not on this server'
    assert "check the spelling" in (warning.hint or "")
    assert warning.mark is not None
    names = [f"N{place}" for place in range(7)]
    (warning,) = plan_of([tag(name, absent=True) for name in names], held).warnings
    assert warning.message == (
        'tags: nothing to delete: "N0", "N1", "N2", "N3", "N4" and 2 more are not on this server'
    )
    assert "check the spelling" in (warning.hint or "")
    assert warning.mark is None


# -- remembered ids -------------------------------------------------------------------------------


def test_an_object_that_has_another_name_is_found_by_its_remembered_id() -> None:
    """One that is gone, that another item matches, or that is to be deleted is ignored."""
    server = [tag("A2", id="1"), tag("B", id="2"), tag("C2", id="3"), tag("D2", id="4")]
    known = {"gone": "9", "a": "1", "c": "3", "d": "4", "e": "2"}
    remembered = {("tag", (name,)): identifier for name, identifier in known.items()}
    wanted = [
        tag("A"),
        tag("B"),
        tag("C", absent=True),
        tag("D"),
        tag("E"),
        tag("Gone"),
        tag("Other", id="4"),
    ]
    found = who(wanted, server, remembered)
    assert found == {
        "A": ("1", "remembered id"),
        "B": ("2", "name"),
        "C": (None, "name"),
        "D": (None, "name"),
        "E": (None, "name"),
        "Gone": (None, "name"),
        "Other": ("4", "id"),
    }


def test_a_remembered_object_and_a_new_one_of_its_name_are_an_error_that_names_both() -> None:
    """The manifest could mean the renamed object or the new one of that name."""
    server = [tag("A2", id="1"), tag("A", id="2")]
    context, _ = paired([tag("A")], server, remembered={("tag", ("a",)): "1"})
    (problem,) = context.problems
    assert problem.message == (
        'tag "A": it was "A2" (id 1) at the last apply or pull, and another object is called so '
        'now: "A" (id 2)'
    )
    assert problem.hint == "write `id: 1` or `id: 2` to say which one is meant"


# -- stash_ids and names that contradict each other -----------------------------------------------


def test_stash_ids_that_contradict_names_are_explained() -> None:
    """The warning explains that stash_ids decide, what follows from it, and the way out."""
    server = [tag("A", id="1", stash_ids=ids("x")), tag("B", id="2", stash_ids=ids("y"))]
    first, second = plan_of(
        [tag("A", stash_ids={E: ["y"]}), tag("B", stash_ids={E: ["x"]})], server
    ).warnings
    assert first.message == (
        'tag "A" has the stash_ids of "B" (id 2), and stash_ids decide over names: "B" becomes '
        '"A", with its scenes and all else that refers to it; "A" (id 1) becomes "B"'
    )
    assert first.hint == "write `id: 2` if that is meant, or `id: 1` if the name is right"
    assert '"A" becomes "B"' in second.message
    (warning,) = plan_of([tag("C", stash_ids={E: ["y"]}), tag("B")], server).warnings
    assert warning.message.endswith('; "B" is created anew')
    assert warning.hint == "write `id: 2` if that is meant"
    assert not plan_of([tag("C", stash_ids={E: ["y"]})], server).warnings


def test_a_name_that_stash_ids_cannot_give_is_explained() -> None:
    """The name belongs to an object that no manifest declares, so it cannot be given (case I5)."""
    server = [
        performer("Ada", id="1", stash_ids=ids("p-1")),
        performer("Bo", id="2", stash_ids=ids("p-2")),
    ]
    wanted = [performer("Ada", stash_ids={E: ["p-2"]}), performer("Bo", stash_ids={E: ["p-7"]})]
    problem = the_problem(wanted, server)
    assert 'the stash_ids of "Bo" (id 2)' in problem.message
    assert "stash_ids decide over names" in problem.message
    assert 'belongs to the performer "Ada" (id 1)' in problem.message
    assert "`id: 1`" in (problem.hint or "")


def test_an_alias_of_a_former_name_that_is_still_there_is_explained() -> None:
    """Nothing is renamed since both names exist; a merge would give the alias (case I23)."""
    server = [tag("Rain", id="1", aliases=["Fog"]), tag("Dash", id="2")]
    problem = the_problem([tag("Dash", aliases=["Fog"], renamed_from="Rain")], server)
    assert problem.message == (
        'tag "Dash": "Fog" is already an alias of the tag "Rain" (id 1); it is not renamed, '
        'because "Dash" is on the server as well'
    )
    assert "`merge: [Rain]`" in (problem.hint or "")


def test_a_new_tag_that_claims_an_alias_of_another_may_be_that_one() -> None:
    """The hint offers a rename, unless the other tag is declared or the claiming one exists."""
    server = [tag("Rain", id="1", aliases=["Fog"]), tag("Dash", id="2")]
    hint = "add `renamed_from: Rain` here"
    assert hint in (the_problem([tag("Wet", aliases=["Fog"])], server).hint or "")
    assert hint not in (the_problem([tag("Dash", aliases=["Fog"])], server).hint or "")
    declared = [tag("Wet", aliases=["Fog"]), tag("Rain")]
    assert hint not in (the_problem(declared, server).hint or "")


# -- probable renames -----------------------------------------------------------------------------


def test_a_new_performer_with_the_alias_of_another_may_be_that_one() -> None:
    """The plan suggests a rename if a name or an alias of one is an alias of the other."""
    for wanted, held in (
        (performer("Ada"), performer("Old Ada", id="1", aliases=["ada"])),
        (performer("Ada", aliases=["Old Ada"]), performer("Old Ada", id="1")),
        (
            performer("Ada", aliases={"add": ["AA"], "remove": []}),
            performer("Old Ada", id="1", aliases=["Aa"]),
        ),
    ):
        (warning,) = plan_of([wanted], [held]).warnings
        assert '"Old Ada" (id 1), which no manifest declares, has an alias in common' in (
            warning.message
        )
        assert "add `renamed_from: Old Ada`" in (warning.hint or "")
        assert not plan_of([wanted, performer("Old Ada")], [held]).warnings


def test_a_new_object_with_the_children_of_another_may_be_that_one() -> None:
    """The plan suggests a rename if the children are exactly the same and none of them is new."""
    server = [
        tag("P2", id="1"),
        tag("C", id="2", parents=["1"]),
        tag("D", id="3", parents=["1"]),
        tag("E", id="4"),
    ]
    children = [tag("C", parents=["P"]), tag("D", parents={"add": ["p"], "remove": []})]
    (warning,) = plan_of([tag("P"), *children], server).warnings
    assert '"P2" (id 1), which no manifest declares, has just the same children' in warning.message
    assert "`renamed_from: P2`" in (warning.hint or "")
    for more in (tag("E", parents=["P"]), tag("New", parents=["P"]), tag("P2")):
        assert not plan_of([tag("P"), *children, more], server).warnings
    assert not plan_of([tag("P"), children[0]], server).warnings
    assert not plan_of([tag("P"), tag("E")], server).warnings


# -- white space on old servers -------------------------------------------------------------------


def test_an_old_name_with_white_space_around_it_is_found() -> None:
    """Names are compared trimmed, and the plan removes the white space (case I15)."""
    plan = plan_of([tag("Pan")], [tag(" Pan ", id="1")])
    assert changes_of(plan) == {"~ tag 1": {"name": "Pan"}}
    twins = [tag(" Pan", id="1"), tag("Pan", id="2")]
    assert who([tag("Pan")], twins)["Pan"] == ("2", "name")


def test_what_another_client_called_it_does_not_become_an_alias() -> None:
    """`keep_old_name` is about the name that the manifests gave it before."""
    there = [tag("Newer", id="1", aliases=["Old"])]
    for aliases in (["Old"], {"add": ["Old"]}):
        wanted = tag("New", renamed_from="Old", keep_old_name=True, aliases=aliases)
        context, pairs = paired([wanted], there, remembered={("tag", ("new",)): "1"})
        assert pairs[0].matched is Matched.MEMORY
        assert changes_of(decide(context, pairs)) == {"~ tag 1": {"name": "New"}}
