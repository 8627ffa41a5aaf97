"""Merges and deletions: protection, choice of objects, ignored objects, and thresholds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from msgspec import structs

from stashsync.errors import PlanError, StashConfigurationError
from stashsync.kinds import Capabilities
from stashsync.planner import Delete, Merge, Plan, Policy, Update, decide, pair_up, removals
from stashsync.planner.saved import dump, load
from stashsync.planner.staleness import staleness_of
from stashsync.planner.temporary import target_of, temporary_name
from stashsync.state import Resource, desired_state
from tests.planner.build import (
    DEVELOP,
    SERVER,
    located,
    observed_state,
    performer,
    sent_in_order,
    studio,
    tag,
)

MERGES = Capabilities(
    SERVER.inputs,
    SERVER.outputs,
    frozenset({"tagsMerge"}),
    release=(0, 30, 1),
    release_name="v0.30.1",
)


def merging(resource: Resource, *names: str) -> Resource:
    """Return a desired object into which the named ones are merged."""
    resource.merge = names
    return resource


def absent(resource: Resource) -> Resource:
    """Return an object that is to be deleted."""
    resource.absent = True
    return resource


def planned(
    desired: Iterable[Resource],
    observed: Iterable[Resource],
    server: Capabilities = MERGES,
    **policy: Any,
) -> Plan:
    """Return the plan of two sides, with its removals."""
    rules = Policy(**policy)
    context, pairs = pair_up(
        desired_state(desired, "d"), observed_state(observed), server, policy=rules, locate=located
    )
    return decide(context, pairs, rules, removals(context, pairs, rules))


def problems(*args: Any, **policy: Any) -> list[str]:
    """Return the messages of the errors that make a plan impossible."""
    with pytest.raises(PlanError) as caught:
        planned(*args, **policy)
    assert all(problem.hint for problem in caught.value.problems)
    return [problem.message for problem in caught.value.problems]


def updates(plan: Plan) -> dict[str, dict[str, Any]]:
    """Return the updated fields of each object by id."""
    return {
        change.id: {name: part.after for name, part in change.changes.items()}
        for change in plan.changes
        if isinstance(change, Update)
    }


def test_one_object_is_merged_into_one_other() -> None:
    """It is an error to merge an object twice, or one that is declared itself."""
    there = [tag("A", id="1"), tag("B", id="2"), tag("X", id="3")]
    twice = [merging(tag("A"), "X"), merging(tag("B"), "X")]
    assert problems(twice, there) == ['"X" is merged into two objects']
    declared = [merging(tag("A"), "B"), tag("B")]
    assert problems(declared, there) == ['tag "A" merges "B", which is declared itself']
    assert problems(
        [merging(performer("A"), "B")], [performer("A", id="1"), performer("B", id="2")]
    )
    assert not planned([merging(tag("A"), "gone")], there).changes


def test_the_first_of_those_to_be_merged_becomes_what_is_not_there() -> None:
    """The first existing source is renamed, and its old name becomes an alias like the others."""
    plan = planned([merging(tag("New"), "none", "X", "Y")], [tag("X", id="1"), tag("Y", id="2")])
    assert updates(plan) == {"1": {"name": "New", "aliases": ["X", "Y"]}}
    assert [change.sources for change in plan.changes if isinstance(change, Merge)] == [
        (("2", "Y"),)
    ]


def test_what_hangs_below_a_merged_one_hangs_below_its_destination() -> None:
    """The server's merge moves the children, or updates do where that leaves them alone."""
    there = [
        tag("A", id="1"),
        tag("X", id="2"),
        tag("Silent", id="3", parents=["2"]),
        tag("Mentioned", id="4", parents=["2"]),
        tag("Unclaimed", id="5", parents=["2"]),
    ]
    wanted = [merging(tag("A"), "X"), tag("Silent"), tag("Mentioned", parents=["A"])]
    assert updates(planned(wanted, there)) == {}
    wanted = [merging(tag("A"), "X"), tag("Silent"), tag("Mentioned", parents=["A"])]
    newer = planned(wanted, there, DEVELOP)
    assert updates(newer) == {item: {"parents": ["1"]} for item in "345"}
    assert sent_in_order(newer)[-1] == "A"
    wanted = [merging(tag("A"), "X"), absent(tag("Unclaimed")), absent(tag("not there"))]
    gone = planned(wanted, there, DEVELOP)
    assert "5" not in updates(gone)


def test_what_a_performer_would_lose_is_written_before() -> None:
    """A merge of performers keeps only some fields, so the others are written before it."""
    there = [
        performer("A", id="1", aliases=["É"]),
        performer("X", id="2", aliases=["é", "Z", "z"], country="IS", urls=["u"]),
    ]
    plan = planned([merging(performer("A"), "X")], there, DEVELOP)
    assert updates(plan) == {"1": {"aliases": ["X", "Z", "É"], "country": "IS", "urls": ["u"]}}
    assert [plan.changes[operation.change].action for operation in plan.operations] == [
        "update",
        "merge",
    ]
    plan = planned([merging(performer("A", rating100=5), "X")], there, DEVELOP)
    assert [sorted(operation.fields) for operation in plan.operations] == [
        ["aliases", "country", "urls"],
        [],
        ["rating100"],
    ]


def test_what_an_object_keeps_of_its_references_names_nothing_that_is_deleted() -> None:
    """A list that is owned in part would otherwise send the deleted tag again."""
    there = [
        tag("Kept", id="1"),
        tag("New", id="2"),
        tag("Old", id="3"),
        performer("P", id="9", tags=["1", "3"]),
    ]
    wanted = [absent(tag("Old")), performer("P", tags={"add": ["New"]}), tag("New")]
    assert updates(planned(wanted, there)) == {"9": {"tags": ["1", "2"]}}


def test_a_parent_that_is_deleted_is_not_sent_again() -> None:
    """This holds where a manifest owns single parents; a tag that has them is not changed."""
    there = [
        tag("X", id="1"),
        tag("Y", id="2"),
        tag("Old", id="3"),
        tag("A", id="4", parents=["1", "3"]),
        tag("B", id="5", parents=["2", "3"]),
    ]
    wanted = [absent(tag("Old")), *(tag(name, parents={"add": ["Y"]}) for name in "AB"), tag("Y")]
    assert updates(planned(wanted, there)) == {"4": {"parents": ["1", "2"]}}


def test_what_a_merge_would_bring_of_a_deleted_object_changes_nothing() -> None:
    """The destination gains no reference to an object that the same plan deletes."""
    there = [tag("Old", id="1"), studio("A", id="8"), studio("B", id="9", tags=["1"])]
    wanted = [absent(tag("Old")), merging(studio("A"), "B")]
    assert updates(planned(wanted, there)) == {"8": {"aliases": ["B"]}}
    there = [
        tag("Old", id="1"),
        studio("A", id="8", aliases=["B"]),
        studio("B", id="9", tags=["1"]),
    ]
    assert updates(planned(wanted, there)) == {}


def test_a_merge_of_what_is_declared_is_refused_for_a_new_object_too() -> None:
    """Otherwise the new object would be created without the content of the source."""
    wanted = [merging(tag("New"), "B"), tag("C", renamed_from="B")]
    assert problems(wanted, [tag("B", id="1")]) == [
        'tag "New" merges "B", which is declared itself'
    ]


def test_a_merged_name_that_another_wants_is_refused() -> None:
    """A merged object's name becomes an alias of its destination, so it is taken."""
    there = [tag("A", id="1"), tag("X", id="2"), tag("C", id="3")]
    (message,) = problems([merging(tag("A"), "X"), tag("C", aliases=["X"])], there)
    assert '"X" is already the name' in message


def test_a_protected_object_is_spared_by_prune_and_refused_otherwise() -> None:
    """If a manifest asks for the removal, it is refused until `--force` is given."""
    there = [tag("A", id="1"), tag("Keep", id="2"), tag("Go", id="3")]
    pruned = planned([tag("A")], there, prune=frozenset({"tag"}), protect={"tag": ["k*"]})
    assert [change.label for change in pruned.changes] == ["Go"]
    assert ["protected: it stays" in warning.message for warning in pruned.warnings] == [True]
    asked = planned([absent(tag("Keep"))], there, protect={"tag": ["keep"]})
    assert [refusal.message for refusal in asked.refusals] == [
        'tag "Keep" is protected and would be deleted'
    ]
    merged = planned([merging(tag("A"), "Keep")], there, protect={"tag": ["Keep"]})
    assert [refusal.message for refusal in merged.refusals] == [
        'tag "Keep" is protected and would be merged into another'
    ]


def test_a_protected_object_is_found_behind_other_changes() -> None:
    """An update before it in the plan does not end the search for protected objects."""
    there = [tag("A", id="1"), tag("Keep", id="2"), tag("Too", id="3")]
    wanted = [tag("A", description="x"), absent(tag("Keep")), absent(tag("Too"))]
    plan = planned(wanted, there, protect={"tag": ["Keep", "Too"]})
    assert [problem.message for problem in plan.refusals] == [
        'tag "Keep" is protected and would be deleted',
        'tag "Too" is protected and would be deleted',
    ]
    assert all(problem.mark and problem.hint for problem in plan.refusals)


def test_what_is_ignored_or_left_out_is_not_touched() -> None:
    """It is an error to declare an object that the settings ignore."""
    there = [tag("A", id="1"), tag("B", id="2"), tag("C", id="3")]
    prune = frozenset({"tag"})
    ignored = planned([tag("A")], there, prune=prune, ignore={"tag": ["b"]})
    assert [change.label for change in ignored.changes] == ["C"]
    chosen = planned([tag("A")], there, prune=prune, only=(("tag", "C"),))
    assert [change.label for change in chosen.changes] == ["C"]
    assert problems([tag("A")], there, ignore={"tag": ["a"], "studio": ["x"]}) == [
        'tag "A" is declared here and ignored by the settings'
    ]
    left_out = planned([tag("A", description="x"), tag("B")], there, without=(("tag", "A"),))
    assert not left_out.changes


def test_what_is_left_out_cannot_be_referred_to_unless_it_is_there() -> None:
    """A reference would need a create that this plan leaves out."""
    wanted = [tag("A", parents=["B"]), tag("B")]
    (message,) = problems(wanted, [], without=(("tag", "B"),))
    assert "this plan leaves it out" in message
    wanted = [tag("A", parents=["B"]), tag("B")]
    plan = planned(wanted, [tag("B", id="7")], without=(("tag", "B"),))
    assert [change.values["parents"] for change in plan.changes] == [["7"]]  # type: ignore[union-attr]


def test_too_much_at_once_is_refused() -> None:
    """The refusal has the numbers and the share; merged objects count as deleted ones."""
    there = [tag(f"T{number}", id=str(number)) for number in range(1, 11)]
    plan = planned([merging(tag("T1"), "T2", "T3", "T4", "T5")], there)
    assert [refusal.message for refusal in plan.refusals] == [
        "4 of 10 tags would be deleted, which is more than 30%"
    ]
    plan = planned([tag(f"T{number}", description="x") for number in range(1, 5)], there)
    assert "4 of 10 tags would be updated" in plan.refusals[0].message


@pytest.mark.parametrize(
    ("share", "there", "changed"), [(0.3, 10, 3), (0.29, 100, 29), (0.07, 100, 7), (1.0, 10, 10)]
)
def test_a_threshold_that_is_exactly_met_is_not_passed(
    share: float, there: int, changed: int
) -> None:
    """One more object passes it; 29 of 100 are 29 %, although 0.29 x 100 is less as a float."""
    held = [tag(f"T{number}", id=str(number)) for number in range(1, there + 1)]

    def refused(count: int, action: str) -> bool:
        wanted = [tag(f"T{number}", description="x") for number in range(1, count + 1)]
        if action == "delete":
            wanted = [absent(tag(f"T{number}")) for number in range(1, count + 1)]
        return bool(planned(wanted, held, thresholds={action: share}).refusals)

    for action in ("update", "delete"):
        assert not refused(changed, action)
        assert changed == there or refused(changed + 1, action)


def test_shares_of_a_few_objects_mean_nothing() -> None:
    """Thresholds apply to ten objects or more."""
    for there, is_refused in ((9, False), (10, True)):
        held = [tag(f"T{number}", id=str(number)) for number in range(there)]
        plan = planned([absent(tag(f"T{number}")) for number in range(there)], held)
        assert bool(plan.refusals) is is_refused


def test_removals_are_saved_and_read_again() -> None:
    """The plan reads back equal; an object that was renamed or deleted since is noticed."""
    there = [tag("A", id="1"), tag("B", id="2"), tag("C", id="3"), tag("D", id="4")]
    plan = planned(
        [merging(tag("A"), "B"), absent(tag("C")), tag("Z", aliases=["D"])],
        there,
        prune=frozenset({"tag"}),
    )
    assert {type(change) for change in plan.changes} >= {Merge, Delete}
    assert load(dump(plan)) == plan
    now = [tag("A", id="1"), tag("B", id="2"), tag("D", id="4")]
    assert staleness_of(plan, observed_state(now)) == []  # C is gone already
    now = [tag("A", id="1"), tag("B2", id="2"), tag("C2", id="3"), tag("D", id="4")]
    assert [item.message for item in staleness_of(plan, observed_state(now))] == [
        'tag "B" (id 2) is called "B2" now',
        'tag "C" (id 3) is called "C2" now',
    ]
    now = [tag("B", id="2"), tag("C", id="3"), tag("D", id="4")]
    assert [item.message for item in staleness_of(plan, observed_state(now))] == [
        'tag "A" (id 1) is gone'
    ]


def test_what_belongs_to_merged_objects_is_saved_with_their_merge() -> None:
    """A saved plan that moves content of another kind than its merge has is refused."""
    context, pairs = pair_up(
        desired_state([merging(studio("A"), "B")], "d"),
        observed_state([studio("A", id="1"), studio("B", id="2")]),
        MERGES,
        locate=located,
    )
    (merge,) = removals(context, pairs, Policy())
    plan = decide(context, pairs, removed=[structs.replace(merge, content={"scene": ("7",)})])
    assert [operation.content for operation in plan.operations if operation.content] == ["scene"]
    assert load(dump(plan)) == plan
    with pytest.raises(StashConfigurationError, match="moves what its change does not have"):
        load(dump(plan).replace(b'"content": "scene"', b'"content": "image"'))


def test_merges_into_several_objects_are_kept_apart() -> None:
    """Each destination gets its own sources, even if it does not exist yet."""
    there = [tag(name, id=str(place)) for place, name in enumerate("AXBY", 1)]
    plan = planned([merging(tag("A"), "X"), merging(tag("B"), "Y")], there)
    merges = [change for change in plan.changes if isinstance(change, Merge)]
    assert [(merge.id, merge.sources) for merge in merges] == [
        ("1", (("2", "X"),)),
        ("3", (("4", "Y"),)),
    ]
    plan = planned([merging(tag("New"), "A"), merging(tag("Newer"), "B")], there)
    assert {each: after["name"] for each, after in updates(plan).items()} == {
        "1": "New",
        "3": "Newer",
    }


def test_a_new_destination_is_none_of_several_that_a_name_fits() -> None:
    """A source that fits several objects is an error, and other merges are still matched."""
    there = [
        performer("Ada", id="1", disambiguation="Chef"),
        performer("Ada", id="2", disambiguation="Pilot"),
        performer("Bea", id="3"),
    ]
    context, pairs = pair_up(
        desired_state([merging(performer("New"), "Ada"), merging(performer("Newer"), "Bea")], "d"),
        observed_state(there),
        DEVELOP,
        locate=located,
    )
    assert [pair.observed.id if pair.observed else None for pair in pairs] == [None, "3"]
    assert removals(context, pairs, Policy()) == []
    assert [problem.message for problem in context.problems] == [
        'performer "New" merges "Ada", which may be any of "Ada (Chef)" (id 1), '
        '"Ada (Pilot)" (id 2)'
    ]


def test_only_what_another_object_wants_is_given_up_before_a_merge() -> None:
    """The destination gets the source's aliases by the merge itself."""
    there = [tag("A", id="1"), tag("B", id="2", aliases=["x"]), tag("C", id="3")]
    mine = merging(tag("A", aliases={"add": ["x"], "remove": []}), "B")
    assert "2" not in updates(planned([mine], there))
    theirs = tag("C", aliases={"add": ["x"], "remove": []})
    assert updates(planned([merging(tag("A"), "B"), theirs], there)) == {
        "2": {"aliases": []},
        "3": {"aliases": ["x"]},
    }


def test_an_alias_that_equals_a_merged_name_is_given_up_before_the_merge() -> None:
    """The merge turns the name into an alias, and the server keeps no alias twice.

    An alias in another case is another text.
    """
    there = [
        tag("A", id="1", aliases=[]),
        tag("B", id="2", aliases=["B", "x"]),
        tag("C", id="3", aliases=["c"]),
    ]
    plan = planned([merging(tag("A"), "B", "C")], there)
    assert updates(plan) == {"2": {"aliases": ["x"]}}
    assert [plan.changes[each.change].action for each in plan.operations] == ["update", "merge"]


def test_an_alias_with_white_space_is_given_up_for_a_name_with_it() -> None:
    """An old server keeps names untrimmed, and compares them like that."""
    there = [tag("A", id="1", aliases=[]), tag("B", id="2", aliases=[" n", "n"])]
    plan = planned([merging(tag("A"), "B"), tag(" n")], there)
    assert updates(plan) == {"2": {"aliases": ["n"]}}


def test_no_alias_is_kept_again_while_others_are_given_up() -> None:
    """Where two objects swap aliases, v0.31 would drop it, and it would look like an edit."""
    there = [
        tag("É", id="1", aliases=["é", "N", "Ä", "ä"]),
        tag("E", id="2", aliases=["E", "M", "Ö", "ö"]),
    ]
    wanted = [tag("É", aliases=["é", "M", "Ä", "ä"]), tag("E", aliases=["E", "N", "Ö", "ö"])]
    (given_up,) = [each.detour for each in planned(wanted, there).operations if each.detour]
    assert given_up in ({"aliases": ["Ä"]}, {"aliases": ["Ö"]})


def test_a_temporary_name_tells_what_it_stands_for() -> None:
    """The target name can be read from it, even if that name had to be encoded."""
    plain = temporary_name("3", "A_", lambda _: True)
    assert target_of("3", plain or "") == "A_"
    assert target_of("4", plain or "") is None
    coded = temporary_name("3", "A_", lambda name: "_" not in name)
    assert target_of("3", coded or "") == "A_"
    assert temporary_name("3", "A_", lambda _: False) is None


def test_where_no_order_helps_everything_behind_it_waits() -> None:
    """Two new tags are each a pattern for an alias of the other.

    The removal that waits for one of them is not reported.
    """
    there = [tag("P", id="1"), tag("U", id="2", parents=["1"])]
    wanted = [
        tag("y_", aliases=["xa"]),
        tag("x_", aliases=["ya"]),
        tag("U", parents=["y_"]),
        absent(tag("P")),
    ]
    found = problems(wanted, there)
    assert {"no order of operations" in item for item in found} == {True}
    assert len(found) == 3


def test_it_is_an_error_if_every_temporary_name_would_collide() -> None:
    """Here a tag is named `%`, a pattern that matches every name."""
    there = [tag("A", id="1"), tag("B", id="2")]
    wanted = [
        tag("B", id="1", file="m.yaml"),
        tag("A", id="2", file="m.yaml"),
        tag("%"),
    ]
    assert any("no temporary name" in problem for problem in problems(wanted, there))


def test_what_is_merged_gives_up_its_parents_before_the_circle_turns() -> None:
    """Middle, between Top and Bottom, is merged into Bottom, and Top moves below that."""
    server = [
        tag("Top", id="1"),
        tag("Middle", id="2", parents=["1"]),
        tag("Bottom", id="3", parents=["2"]),
    ]
    wanted = [tag("Top", parents=["Bottom"]), merging(tag("Bottom", parents=[]), "Middle")]
    plan = planned(wanted, server)
    order = [plan.changes[operation.change].label for operation in plan.operations]
    assert order.index("Middle") < order.index("Top")
    detached = next(item for item in plan.changes if isinstance(item, Update) and item.id == "2")
    assert detached.changes["parents"].after == []


def test_what_two_merged_objects_share_is_written_once() -> None:
    """A URL that both sources have is added once."""
    there = [performer("A", id="1"), performer("X", id="2", urls=["u"]),
             performer("Y", id="3", urls=["u"])]  # fmt: skip
    plan = planned([merging(performer("A"), "X", "Y")], there, DEVELOP)
    assert updates(plan)["1"]["urls"] == ["u"]


def test_what_is_added_to_a_list_comes_to_what_the_merge_brings() -> None:
    """Members from the manifest's `add` do not replace those of the sources."""
    there = [performer("A", id="1"), performer("X", id="2", urls=["u"], aliases=["Z"])]
    wanted = merging(performer("A", aliases={"add": ["Q"]}, urls={"add": ["v"]}), "X")
    assert updates(planned([wanted], there, DEVELOP)) == {
        "1": {"aliases": ["Q", "X", "Z"], "urls": ["u", "v"]}
    }


def test_merged_names_that_differ_in_case_become_one_alias() -> None:
    """An imported library can have names that differ only in case."""
    there = [
        tag("A", id="1"),
        tag("Zed", id="2"),
        tag("zed", id="3"),
    ]
    plan = planned([merging(tag("A", aliases=["Q"]), "zed")], there)
    assert updates(plan)["1"]["aliases"] == ["Q", "Zed"]


def test_aliases_may_be_taken_from_what_something_is_merged_into() -> None:
    """An alias in `remove` goes, while the merged name is added."""
    there = [tag("A", id="1", aliases=["Q"]), tag("X", id="2")]
    plan = planned([merging(tag("A", aliases={"remove": ["Q"]}), "X")], there)
    assert updates(plan) == {"1": {"aliases": ["X"]}}


def test_aliases_of_a_merged_performer_wait_for_the_new_name() -> None:
    """The old name may be among the aliases, and is the performer's own name until then."""
    there = [performer("A", id="1"), performer("X", id="2", aliases=["Z"], country="IS")]
    wanted = merging(performer("New", renamed_from="A", keep_old_name=True), "X")
    plan = planned([wanted], there, DEVELOP)
    first, *_, last = plan.operations
    assert first.fields == ("country",)
    assert set(last.fields) == {"name", "aliases"}


def test_both_claims_of_a_merged_object_are_shown() -> None:
    """The error has both places and the way out."""
    there = [tag("A", id="1"), tag("B", id="2"), tag("X", id="3")]
    first = merging(tag("A"), "X")
    with pytest.raises(PlanError) as caught:
        planned([first, merging(tag("B"), "X")], there)
    (problem,) = caught.value.problems
    assert problem.hint == "keep one"
    assert problem.related == ((first.mark, "also here"),)


def test_a_merge_of_what_is_declared_is_one_problem() -> None:
    """That this server cannot merge performers is not reported as well."""
    there = [performer("A", id="1"), performer("B", id="2")]
    assert problems([merging(performer("A"), "B"), performer("B")], there) == [
        'performer "A" merges "B", which is declared itself'
    ]


def test_references_that_no_manifest_mentions_are_left_to_the_deletion() -> None:
    """The server itself removes a deleted tag from all objects."""
    there = [tag("Kept", id="1"), tag("Old", id="3"), performer("P", id="9", tags=["1", "3"])]
    assert updates(planned([absent(tag("Old")), performer("P")], there)) == {}


def test_what_a_merge_brings_names_nothing_that_is_deleted() -> None:
    """The deletion may come first, so the reference is left out."""
    there = [
        tag("Kept", id="1"),
        tag("Old", id="3"),
        studio("S", id="1"),
        studio("T", id="2", tags=["1", "3"]),
    ]
    wanted = [absent(tag("Old")), merging(studio("S"), "T")]
    assert updates(planned(wanted, there))["1"]["tags"] == ["1"]


def test_what_a_wanted_alias_is_a_pattern_for_is_given_up_before_the_merge() -> None:
    """Only a server that compares by patterns needs this."""
    there = [tag("A", id="1"), tag("X", id="2", aliases=["Axb", "K"]), tag("C", id="3")]
    wanted = [merging(tag("A"), "X"), tag("C", aliases=["A_b"])]
    plan = planned(wanted, there)
    assert updates(plan)["2"] == {"aliases": ["K"]}
    assert sent_in_order(plan)[0] == "X"
    exact = structs.replace(DEVELOP, release=(0, 31, 1))
    assert "2" not in updates(planned(wanted, there, exact))


@pytest.mark.parametrize(("count", "rest"), [(3, "c"), (4, "c and 1 more")])
def test_three_markers_that_keep_a_tag_are_named(count: int, rest: str) -> None:
    """The error names at most three markers, and counts the others."""
    rules = Policy()
    context, pairs = pair_up(
        desired_state([absent(tag("T"))]), observed_state([tag("T", id="1")]), SERVER,
        policy=rules, locate=located,
    )  # fmt: skip
    (delete,) = removals(context, pairs, rules)
    held = structs.replace(delete, blockers=tuple("abcd"[:count]))
    with pytest.raises(PlanError) as caught:
        decide(context, pairs, rules, [held])
    (problem,) = caught.value.problems
    assert problem.message.endswith(f"it is the primary tag of a, b, {rest}")


def test_a_merged_name_stays_beside_aliases_that_are_written_whole() -> None:
    """Otherwise the next plan would remove that alias."""
    there = [performer("A", id="1"), performer("X", id="2")]
    plan = planned([merging(performer("A", aliases=["Q"]), "X")], there, DEVELOP)
    assert updates(plan) == {"1": {"aliases": ["Q", "X"]}}


def test_a_child_that_takes_the_name_of_its_deleted_parent_moves_away_first() -> None:
    """After the move the parent is deleted, which frees its name."""
    there = [tag("Child", id="1", parents=["2"]), tag("Old", id="2")]
    wanted = [
        tag("Old", id="1", parents=[], file="m.yaml"),
        absent(tag("Old", id="2", file="m.yaml")),
    ]
    plan = planned(wanted, there)
    assert [(plan.changes[item.change].id, item.fields) for item in plan.operations] == [
        ("1", ("parents",)),
        ("2", ()),
        ("1", ("name",)),
    ]


def test_a_merge_that_would_close_a_cycle_is_an_error() -> None:
    """The server joins the parents of both and checks them: docs/stash-behaviour.md#tag-merge."""
    server = [tag("A", id="1"), tag("B", id="2", parents=["1"]), tag("C", id="3", parents=["2"])]
    with pytest.raises(PlanError) as caught:
        planned([merging(tag("A"), "C"), tag("B", parents=["A"])], server)
    (problem,) = caught.value.problems
    assert 'would have a cycle: "A" → "B" → "A"' in problem.message
    assert "`parents: []` puts it at the top" in (problem.hint or "")
    assert planned([merging(tag("A", parents=[]), "C"), tag("B", parents=["A"])], server)


def test_a_cycle_on_the_server_bears_on_no_deletion_beside_it() -> None:
    """A plan without moves checks no edges."""
    server = [
        tag("A", id="1", parents=["2"]),
        tag("B", id="2", parents=["1"]),
        tag("C", id="3"),
    ]
    plan = planned([absent(tag("C"))], server)
    assert [change.label for change in plan.changes] == ["C"]


@pytest.mark.parametrize(
    ("parents", "merges", "gone", "after"),
    [
        ({"A": "", "B": "A", "C": "B"}, {"A": "C"}, "B", {}),
        ({"A": "", "B": "A"}, {"B": "A"}, "", {"B": None}),
        ({"T": "", "A": "T", "B": "A"}, {"B": "A"}, "", {"B": "1"}),
        ({"T": "", "S": "T", "D": "", "U": ""}, {"D": "S", "U": "T"}, "", {"D": "4"}),
    ],
)
def test_a_studio_inherits_no_parent_that_goes(
    parents: dict[str, str], merges: dict[str, str], gone: str, after: dict[str, str | None]
) -> None:
    """Neither one that is deleted or merged, nor the merged one that it was below."""
    ids = {name: str(number) for number, name in enumerate(parents, 1)}
    there = [
        studio(name, id=ids[name], parent=ids.get(above), aliases=[])
        for name, above in parents.items()
    ]
    wanted = [merging(studio(into), source) for into, source in merges.items()]
    plan = planned([*wanted, *([absent(studio(gone))] if gone else [])], there)
    moved = {
        change.label: change.changes["parent"].after
        for change in plan.changes
        if isinstance(change, Update) and "parent" in change.changes
    }
    assert moved == after


@pytest.mark.parametrize(("old", "keeps"), [("Film", False), ("Film", True), ("film_35", True)])
def test_a_name_that_is_a_pattern_goes_before_a_merge_but_not_without_the_old_name(
    old: str, *, keeps: bool
) -> None:
    """If the run ended between the two, the next plan would not know the old name any more.

    One that differs in letter case alone is not kept. Up to v0.30, Lens need not move first, as
    the merge takes it along.
    """
    there = [tag(old, id="1"), tag("Cine", id="2"), tag("Lens", id="3", parents=["2"])]
    renamed = merging(tag("Film_35", renamed_from=old, keep_old_name=keeps), "Cine")
    wanted = [renamed, tag("Film 35"), tag("Lens", parents=["Film 35"])]
    assert planned(wanted, there).operations[0].fields == ()
    if keeps and old == "Film":
        assert any("no order of operations" in each for each in problems(wanted, there, DEVELOP))
    else:
        assert planned(wanted, there, DEVELOP).operations[0].fields == ("name",)
