"""Explanations of extra steps, and of what a removal affects."""

from __future__ import annotations

from stashsync.errors import Mark
from stashsync.planner.changes import Create, Delete, FieldChange, Matched, Merge, Update
from stashsync.planner.plan import Operation, Plan
from stashsync.render.blocks import step_text
from stashsync.render.phrases import counted
from stashsync.render.removals import moving_away, users
from stashsync.render.steps import ExtraStep, steps_of
from stashsync.render.text import counts_text, plan_text
from stashsync.render.view import actions, totals

HERE = Mark("manifests/all.yaml", 1, 1)


def update(id_: str, label: str, **changes: FieldChange) -> Update:
    """Return an update of a tag."""
    return Update("tag", id_, label, changes, HERE, Matched.KEY)


def test_who_waits_for_a_step_is_named_by_its_new_name() -> None:
    """Operations of the change itself are not named, since the step is part of it."""
    plan = Plan(
        changes=(
            update("1", "A", name=FieldChange("A", "B")),
            update("2", "B", name=FieldChange("B", "A")),
            Create("tag", "+1", "New", {"name": "New", "parents": ["1"]}, HERE),
            Delete("tag", "9", "Old"),
            Merge("studio", "1", "S", (("2", "T"),), HERE, native=False, content={"scene": ("1",)}),
        ),
        operations=(
            Operation(0, ("name",), detour={"name": "⟦stashsync 1⟧ B"}, undo={"name": "A"}),
            Operation(1, ("name",), waits=(0,)),
            Operation(0, ("name",), waits=(1,)),
            Operation(2, ("name",)),
            Operation(2, ("parents",), needs=(3,)),
            Operation(
                3, ("aliases",), detour={"aliases": ["k"]}, undo={"aliases": ["x", "y", "k"]}
            ),
            Operation(1, (), after=(5,)),
            Operation(3, ()),
            Operation(4, (), content="scene"),
            Operation(4, (), waits=(8,)),
        ),
    )
    assert steps_of(plan) == {
        0: [ExtraStep("name", ("A",), "⟦stashsync 1⟧ B", [("tag", "A")])],
        1: [],
        2: [ExtraStep("place", (), "", [])],
        3: [ExtraStep("aliases", ["x", "y"], "", [("tag", "A")])],
    }
    assert steps_of(Plan()) == {}


def test_what_is_written_before_a_merge_is_a_step() -> None:
    """Only writes into the merge's destination count; releasing an alias is a step of its own."""
    plan = Plan(
        changes=(
            update("1", "A", description=FieldChange("", "x"), favorite=FieldChange(False, True)),
            update("2", "B", aliases=FieldChange(["b"], []), favorite=FieldChange(False, True)),
            Merge("tag", "1", "A", (("2", "B"),), HERE),
            Merge("studio", "2", "S", (("3", "T"),), HERE),
        ),
        operations=(
            Operation(0, ("description",)),
            Operation(1, ("aliases",), detour={"aliases": []}, undo={"aliases": ["b"]}),
            Operation(1, ("favorite",)),
            Operation(2, (), waits=(0, 1, 2)),
            Operation(3, (), after=(2,)),
            Operation(0, ("favorite",), waits=(3,)),
        ),
    )
    assert steps_of(plan) == {
        0: [ExtraStep("kept", (), "", [("tag", "A")])],
        1: [ExtraStep("aliases", ["b"], "", [("tag", "A")])],
    }
    assert step_text(steps_of(plan)[0][0]) == "what the merge would lose is written first"


def test_a_step_is_a_sentence_about_who_is_in_whose_way() -> None:
    """The first three objects are named, and the others counted."""
    many = [("tag", name) for name in "abcde"]
    assert step_text(ExtraStep("name", ("A",), "T", many)) == (
        'for a moment it is called "T": "A" is in the way of tag "a", tag "b", tag "c" and 2 more'
    )
    assert step_text(ExtraStep("name", ("A",), "T", ())) == 'for a moment it is called "T"'
    assert step_text(ExtraStep("aliases", ("x", "y"), "", many[:1])) == (
        'it gives up "x", "y" first, which are in the way of tag "a"'
    )
    assert step_text(ExtraStep("aliases", ("x",), "", ())) == 'it gives up "x" first'
    assert step_text(ExtraStep("place", (), "", ())) == "it moves in a step of its own"
    assert step_text(ExtraStep("place", (), "", many[:1])) == (
        'it moves in a step of its own, before tag "a"'
    )


def test_what_bears_an_object_is_counted_in_the_words_of_its_kind() -> None:
    """Performers of a studio are left out: they are those of its scenes, and lose nothing."""
    impact = {"scene": 1204, "gallery": 2, "scene_marker": 1, "performer": 3, "child": 4}
    assert users("tag", impact) == ["1,204 scenes", "2 galleries", "1 marker", "3 performers"]
    assert users("studio", impact) == ["1,204 scenes", "2 galleries"]
    assert users("performer", {}) == []
    assert counted(1, "gallery") == "1 gallery"


def test_children_that_move_away_are_not_left_behind() -> None:
    """Children that get another parent in the same plan are not counted as losing one."""
    plan = Plan(
        changes=(
            update("1", "A", parents=FieldChange(["7", "8"], ["8"])),
            update("2", "B", description=FieldChange(None, "x")),
            Update("studio", "3", "C", {"parent": FieldChange("7", None)}, HERE, Matched.KEY),
            Delete("tag", "7", "Old", HERE, {"child": 3}),
        )
    )
    assert moving_away(plan) == {("tag", "7"): 1, ("studio", "7"): 1}
    assert "# (2 children lose this parent)" in plan_text(plan)


def test_what_only_steps_aside_changes_nothing() -> None:
    """A change with only extra steps is not counted; a merge counts the objects it removes."""
    plan = Plan(
        changes=(
            update("1", "A"),
            update("2", "B", name=FieldChange("B", "C")),
            Merge("tag", "3", "M", (("4", "N"), ("5", "O")), HERE),
        ),
        operations=(Operation(0, ("name",)), Operation(1, ("name",)), Operation(2, ())),
    )
    assert totals(plan) == {"tag": {"update": 1, "merge": 2}}
    assert actions(plan) == {"update", "rename", "merge"}
    assert counts_text(totals(plan)["tag"]) == ("0 to add, 1 to change, 0 to destroy, 2 to merge")


def test_a_merge_of_very_many_lists_some() -> None:
    """The first twenty sources are listed, and the others counted."""
    sources = tuple((str(n), f"T{n}") for n in range(30))
    plan = Plan(changes=(Merge("tag", "99", "M", sources, HERE),), operations=(Operation(0, ()),))
    text = plan_text(plan)
    assert '# 30 tags will be merged into tag "M"' in text
    assert "# (10 more hidden; --full shows them)" in text
