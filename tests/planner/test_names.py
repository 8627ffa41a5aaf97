"""Names and aliases, checked as the server checks them for duplicates."""

from __future__ import annotations

from typing import Any

import pytest

from stashsync.errors import PlanError
from stashsync.planner import decide
from stashsync.planner.patterns import PatternIndex
from tests.planner.build import (
    SERVER,
    changes_of,
    paired,
    performer,
    plan_of,
    problems_of,
    resource,
    sent_in_order,
    server_of,
    studio,
    tag,
    the_problem,
)

FIXED = server_of((0, 31, 1))


@pytest.mark.parametrize("make", [tag, studio])
def test_a_name_that_is_an_alias_there_gets_the_two_lines_that_settle_it(make: Any) -> None:
    """Tags share one namespace of names and aliases, as do studios; the hint has both ways out."""
    problem = the_problem([make("cam")], [make("Camera", id="1", aliases=["Cam"])])
    assert '"cam" is already an alias of the' in problem.message
    assert "renamed_from: Camera" in (problem.hint or "")
    assert 'remove the alias "cam" there' in (problem.hint or "")


def test_a_tag_that_was_merged_on_the_server_leads_to_pull() -> None:
    """The tag was there at the last apply or pull, and is an alias of another tag now."""
    server = [tag("Camera", id="1", aliases=["Cam"])]
    context, pairs = paired([tag("Cam")], server, remembered={("tag", ("cam",)): "9"})
    with pytest.raises(PlanError) as caught:
        decide(context, pairs)
    (problem,) = caught.value.problems
    assert "`stashsync pull` takes that over" in (problem.hint or "")


def test_an_alias_that_is_taken_is_a_problem() -> None:
    """An alias may not equal a name or an alias of another object."""
    server = [tag("Camera", id="1", aliases=["Cam"])]
    assert "already the name of" in the_problem([tag("A", aliases=["CAMERA"])], server).message
    problem = the_problem([tag("A", aliases=["cam"])], server)
    assert "already an alias of" in problem.message
    assert "leave the alias out" in (problem.hint or "")


def test_a_rename_to_a_name_that_is_taken_is_a_problem() -> None:
    """An object that is matched by its id may get a name that another object has."""
    server = [tag("A", id="1"), tag("B", id="2")]
    problem = the_problem([tag("B", id="1")], server)
    assert '"B" is already the name of the tag "B" (id 2)' in problem.message
    assert "choose another name" in (problem.hint or "")


def test_ones_own_texts_are_free() -> None:
    """A name may become an alias of the same tag, and an alias its name."""
    server = [tag("A", id="1", aliases=["B"])]
    assert plan_of([tag("A", aliases=["B", "a"])], server)
    assert plan_of([tag("B", id="1", aliases=[])], server)


def test_what_another_change_gives_up_is_taken_after_it() -> None:
    """A freed name or alias needs only the right order, and no temporary name."""
    server = [tag("A", id="1", aliases=["X"]), tag("B", id="2")]
    plan = plan_of([tag("A", aliases=[]), tag("B", aliases=["X"])], server)
    assert sent_in_order(plan) == ["A", "B"]
    assert plan.operations[1].waits == (0,)
    plan = plan_of([tag("C", id="1"), tag("A", aliases=[])], server)
    assert sent_in_order(plan) == ["A", "A"], "the update that gives up A, then the create of A"
    assert [plan.changes[operation.change].action for operation in plan.operations] == [
        "update",
        "create",
    ]


def test_a_swap_is_cut_once() -> None:
    """One of the two gets a temporary name made of its id and its future name."""
    server = [tag("A", id="1"), tag("B", id="2")]
    plan = plan_of([tag("B", id="1"), tag("A", id="2")], server)
    first, second, third = plan.operations
    assert dict(first.detour) == {"name": "⟦stashsync 2⟧ A"}
    assert dict(first.undo) == {"name": "B"}
    assert (second.change, third.change) != (first.change, second.change)
    assert first.change == third.change
    assert not second.detour
    assert not third.detour


def test_aliases_exchanged_need_no_temporary_name() -> None:
    """One of the aliases is removed for a moment instead."""
    server = [tag("A", id="1", aliases=["x"]), tag("B", id="2", aliases=["y"])]
    plan = plan_of([tag("A", aliases=["y"]), tag("B", aliases=["x"])], server)
    assert [dict(operation.detour) for operation in plan.operations] == [{"aliases": []}, {}, {}]


def test_an_alias_with_wildcards_is_not_sent_again_while_others_step_aside() -> None:
    """The server would match it as a pattern against all names that were added since."""
    server = [tag("A", id="1", aliases=["p_q", "x", "z"]), tag("B", id="2", aliases=["y"]),
              tag("pxq", id="3")]  # fmt: skip
    wanted = [tag("A", aliases=["p_q", "y", "z"]), tag("B", aliases=["x"])]
    problem = the_problem([*wanted], server)
    assert 'takes "p_q" for a pattern' in problem.message
    server.pop()
    for release in (SERVER, FIXED):
        plan = plan_of(wanted, server, release)
        assert [dict(operation.detour) for operation in plan.operations] == [
            {"aliases": ["z"]},
            {},
            {},
        ]


def test_an_update_that_keeps_the_text_gives_up_nothing() -> None:
    """An alias stays taken if its holder changes only in other fields."""
    server = [tag("A", id="1", aliases=["X"])]
    problem = the_problem([tag("A", description="d"), tag("B", aliases=["X"])], server)
    assert "already an alias" in problem.message


def test_two_objects_of_the_plan_may_not_want_the_same() -> None:
    """The error shows both places; a text that the server has already is reported as that."""
    problem = the_problem([tag("A", aliases=["x"]), tag("B", aliases=["X"])])
    assert 'both want "X"' in problem.message
    assert len(problem.related) == 1
    held = [tag("Z", id="1", aliases=["x"])]
    problems = problems_of([tag("A", aliases=["x"]), tag("B", aliases=["X"])], held)
    assert len(problems) == 2
    assert all("already an alias" in item.message for item in problems)


def test_a_new_name_with_wildcards_may_match_what_is_there() -> None:
    """Since v0.31.1 tags are no longer compared by patterns: docs/stash-behaviour.md#wildcards.

    A declared object that the pattern matches steps aside for a moment.
    """
    problem = the_problem([tag("A_D")], [tag("AxD", id="1")])
    assert 'takes "A_D" for a pattern, and it matches "axd"' in problem.message
    assert plan_of([tag("A_D")], [tag("AxD", id="1")], FIXED)
    assert the_problem([studio("A_D")], [studio("AxD", id="1")], FIXED)
    assert the_problem([tag("10%")], [tag("100% natural", id="1")])
    assert the_problem([tag("A", aliases=["%"])], [tag("B", id="1")])
    assert plan_of([tag("AxD")], [tag("A_D", id="1")])


def test_a_claim_is_refused_once_whatever_else_is_in_its_way() -> None:
    """One error leads to the spelling; it is no rival of others then."""
    assert the_problem([tag("A_D")], [tag("AxD", id="1"), tag("AyD", id="2")])
    there = [tag("AxD", id="1"), tag("C", id="2")]
    assert len(problems_of([tag("A_D"), tag("C", aliases=["a_d"])], there)) == 2
    assert the_problem(
        [tag("A", aliases=["q"])], [tag("Q", id="1"), tag("B", id="2", aliases=["q"])]
    )


def test_ones_own_texts_match_ones_own_patterns() -> None:
    """A pattern that matches only its own object's texts is no conflict."""
    assert changes_of(plan_of([tag("A_D", id="1")], [tag("AxD", id="1")]))
    problem = the_problem([tag("A_D", id="1")], [tag("AxD", id="1"), tag("AyD", id="2")])
    assert "(id 2)" in problem.message


def test_what_a_pattern_matches_may_be_given_up_in_the_same_plan() -> None:
    """The matching text is released first, as for any other name."""
    server = [tag("A", id="1", aliases=["x1"])]
    plan = plan_of([tag("A", aliases=[]), tag("x_")], server)
    assert sent_in_order(plan) == ["A", "x_"]


def test_what_is_declared_steps_aside_for_a_pattern() -> None:
    """Its change consists of the step aside and the step back."""
    server = [tag("AxD", id="1", aliases=["z"]), tag("C", id="2", aliases=["C1"])]
    plan = plan_of([tag("AxD"), tag("A_D"), tag("C", aliases=["C1"]), tag("C_")], server)
    sent = [dict(operation.detour) for operation in plan.operations]
    assert {"name": "⟦stashsync 1⟧ AxD"} in sent
    assert {"name": "AxD"} in sent
    assert {"aliases": []} in sent
    assert {"aliases": ["C1"]} in sent
    assert len(plan.operations) == 6


def test_of_two_creates_the_pattern_goes_first() -> None:
    """This holds even if the matching name sorts before the pattern."""
    plan = plan_of([tag("A1D"), tag("A_D"), tag("B", aliases=["ABD"])])
    assert sent_in_order(plan)[0] == "A_D"
    (_, *others) = plan.operations
    assert [other.after for other in others] == [(0,), (0,)]
    assert all(operation.wave == 0 for operation in plan.operations)
    assert sent_in_order(plan_of([tag("A1D"), tag("A_D")], (), FIXED)) == ["A1D", "A_D"]


def test_a_pattern_precedes_what_it_matches_whatever_they_are() -> None:
    """The order holds between creates, between updates, and between the two."""
    server = [tag("A", id="1"), tag("B", id="2")]
    plan = plan_of([tag("A", aliases=["x_"]), tag("x1")], server)
    assert sent_in_order(plan) == ["A", "x1"]
    plan = plan_of([tag("A", aliases=["x1"]), tag("x_")], server)
    assert sent_in_order(plan) == ["x_", "A"]
    plan = plan_of([tag("A", aliases=["x1"]), tag("B", aliases=["x_"])], server)
    assert sent_in_order(plan) == ["B", "A"]


def test_two_patterns_that_match_each_other_cannot_be() -> None:
    """Neither of the two can be sent second, so both are errors."""
    problems = problems_of([tag("A_"), tag("A%")])
    assert all("which the same plan makes" in problem.message for problem in problems)
    assert len(problems) == 2
    assert all([role for _, role in problem.related] == ["made here"] for problem in problems)
    assert plan_of([tag("A__"), tag("A_B%")])
    three = problems_of([tag("A_"), tag("A%"), tag("A%%")])
    assert len(three) == 4  # A_ and A%% match each other in one direction alone


def test_a_pattern_that_needs_what_it_matches_gets_its_parents_later() -> None:
    """The tag is created without its parents, which an update adds."""
    plan = plan_of([tag("A_", parents=["AB"]), tag("AB"), tag("C", parents=["A_"])])
    assert sent_in_order(plan) == ["A_", "AB", "C", "A_"]
    assert plan.operations[-1].fields == ("parents",)
    assert plan.operations[0].fields == ("name",)


def test_patterns_in_each_others_way_twice_are_stuck() -> None:
    """Each object would have to be first because of one of its aliases."""
    rivals = [tag("S", aliases=["a_", "b1"]), tag("T", aliases=["b_", "a1"])]
    assert len(problems_of(rivals)) == 2
    assert len(problems_of(rivals, [tag("S", id="1"), tag("T", id="2")])) == 2


def test_a_pattern_that_comes_back_is_claimed_again() -> None:
    """Objects that the pattern matches wait for its return, or step aside in turn."""
    server = [tag("A_", id="1")]
    plan = plan_of([tag("A_"), tag("__"), tag("Ax")], server)
    sent = [
        (plan.changes[operation.change].label, dict(operation.detour).get("name", ""))
        for operation in plan.operations
    ]
    assert sent == [("A_", "⟦stashsync 1⟧ A_"), ("__", ""), ("A_", "A_"), ("Ax", "")]
    server = [tag("A_", id="1"), tag("C", id="2", aliases=["C_", "Ax"])]
    plan = plan_of([tag("A_"), tag("__"), tag("C", aliases=["C_", "Ax"])], server)
    assert [dict(operation.detour) for operation in plan.operations] == [
        {"name": "⟦stashsync 1⟧ A_"},
        {"aliases": []},
        {},
        {"name": "A_"},
        {"aliases": ["C_", "Ax"]},
    ]


# -- performers -----------------------------------------------------------------------------------


def test_performers_differ_by_name_and_disambiguation() -> None:
    """Two new performers of one name have placeholders of their own."""
    plan = plan_of([performer("Ada"), performer("Ada", disambiguation="x")])
    tokens = {change.token for change in plan.changes if change.action == "create"}
    assert len(tokens) == 2
    assert plan_of([performer("A", aliases=["B"]), performer("B")])


def test_a_reference_leaves_out_the_white_space_that_an_old_server_keeps() -> None:
    """References are trimmed as in manifests, even where a date follows the name."""
    wanted = [
        resource("group", " n", date="2019-07-01"),
        resource("group", "m", sub_groups=[["n (2019-07-01)", ""]]),
    ]
    there = [
        resource("group", " n", date="2019-07-01", id="1"),
        resource("group", "m", id="2"),
    ]
    assert changes_of(plan_of(wanted, there)) == {"~ group 2": {"sub_groups": [["1", ""]]}}


def test_a_performers_new_key_may_be_taken() -> None:
    """The key may belong to a performer on the server or in the same plan."""
    server = [performer("A", id="1"), performer("B", id="2")]
    problem = the_problem([performer("b", id="1")], server)
    assert '"b" is already the name of the performer "B" (id 2)' in problem.message
    plan = plan_of([performer("B", id="1"), performer("C", id="2")], server)
    assert sent_in_order(plan) == ["B", "A"]
    held = [performer("Old", id="1", disambiguation="x")]
    desired = [performer("New", renamed_from="Old"), performer("New", disambiguation="X")]
    assert 'both want "New' in the_problem(desired, held).message
    assert plan_of([performer("A", details="x")], server)


def test_a_performers_key_may_be_a_pattern() -> None:
    """Name and disambiguation can be patterns; an empty part matches only an empty one."""
    server = [performer("Ada", id="1", disambiguation="x1"), performer("Bob", id="2")]
    assert "for a pattern" in the_problem([performer("Ad_", disambiguation="x1")], server).message
    assert "for a pattern" in the_problem([performer("Ada", disambiguation="x_")], server).message
    assert plan_of([performer("Ad_")], server)
    assert plan_of([performer("Bob", disambiguation="%")], server)
    assert plan_of([performer("Ada", disambiguation="x_", id="1")], server)
    desired = [performer("Zed", id="1"), performer("Ad_", disambiguation="x1")]
    assert sent_in_order(plan_of(desired, server))[0] == "Ada (x1)"


def test_patterns_among_performers_go_first_or_cannot_be() -> None:
    """The rules for tags apply; a NUL in a name is a character like any other."""
    assert sent_in_order(plan_of([performer("AB"), performer("A_")])) == ["A_", "AB"]
    assert len(problems_of([performer("A_"), performer("A%")])) == 2
    plan = plan_of([performer("A_", id="1"), performer("AB")], [performer("C", id="1")])
    assert sent_in_order(plan) == ["C", "AB"]
    assert plan_of([performer("a\0b"), performer("a", disambiguation="b")])


def test_texts_are_found_by_what_stands_before_the_first_wildcard() -> None:
    """The index finds every match for a pattern with or without a fixed beginning."""
    texts = PatternIndex([("b", 1), ("ab", 2), ("abc", 3), ("a", 4), ("xb", 5)])
    assert list(texts.matching("ab%")) == [("ab", 2), ("abc", 3)]
    assert list(texts.matching("_b")) == [("ab", 2), ("xb", 5)]
    assert list(texts.matching("b")) == [("b", 1)]
    assert list(texts.matching("zz_")) == []


def test_two_that_want_the_same_pattern_are_one_problem() -> None:
    """That the equal patterns match each other is not reported again."""
    wanted = [tag("P", aliases=["a_b"]), tag("Q", aliases=["A_B"])]
    assert "both want" in the_problem(wanted).message


def test_each_piece_of_a_change_waits_for_the_one_before_it() -> None:
    """An object gets its new name only after it gave up the old one."""
    wanted = [tag("B", id="1", file="m.yaml"), tag("A", id="2", file="m.yaml")]
    plan = plan_of(wanted, [tag("A", id="1"), tag("B", id="2")])
    pieces = [item.change for item in plan.operations]
    (place,) = [n for n, change in enumerate(pieces) if change in pieces[:n]]
    assert pieces.index(pieces[place]) in plan.operations[place].waits
