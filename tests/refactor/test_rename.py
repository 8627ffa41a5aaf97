"""`mv KIND:OLD NEW` changes the item and every reference, and notes the former name."""

from __future__ import annotations

from pathlib import Path

import pytest

from stashsync.errors import StashIntegrationError
from stashsync.refactor.writing import RefactoringError
from tests.refactor.desk import begin, refactoring, text, write

TAGS = """\
# The tags.
tags:
  - name: Camera      # how
    children:
      - Wide angle  # bare
      - name: Drone
        # about aliases
        aliases: ['Quad', UAV]
        children: [Racer]
  - name: Gear
    parents: [Drone, Camera]  # two
  - name: Travel
    children:
      # the same
      - Drone
"""
PEOPLE = """\
performers:
  - name: Ada Example
    disambiguation: Chef
    tags:
      - "Wide angle"  # quoted
      - Drone
  - {name: Bo, tags: {add: [drone], remove: [Travel]}}
studios:
  - name: Northlight
    tags: [Wide angle, Drone]
"""


def test_a_name_changes_wherever_it_stands(tmp_path: Path) -> None:
    """Items, bare names and lists in every file get the new name; comments stay."""
    begin(tmp_path, tags=TAGS, people=PEOPLE)
    command = refactoring(tmp_path)
    command.rename("tag", "drone", "Copter")
    write(tmp_path, command)
    assert text(tmp_path) == TAGS.replace("Drone", "Copter").replace(
        "UAV]\n", "UAV]\n        renamed_from: Drone\n"
    )
    assert text(tmp_path, "people") == PEOPLE.replace("Drone", "Copter").replace("drone", "Copter")


def test_a_bare_name_becomes_an_item_with_its_old_name(tmp_path: Path) -> None:
    """The mapping in braces stays on the line of the bare name, beside its comment."""
    begin(tmp_path, tags=TAGS, people=PEOPLE)
    command = refactoring(tmp_path)
    command.rename("tag", "Wide angle", "Wide shot")
    write(tmp_path, command)
    assert "      - {name: Wide shot, renamed_from: Wide angle}  # bare\n" in text(tmp_path)
    assert '      - "Wide shot"  # quoted\n' in text(tmp_path, "people")


@pytest.mark.parametrize("old", ["Camera", "Wide angle", "Drone", "Racer", "Gear"])
def test_a_rename_and_its_reverse_leave_the_same_bytes(tmp_path: Path, old: str) -> None:
    """The second rename removes the `renamed_from` that the first one wrote."""
    begin(tmp_path, tags=TAGS, people=PEOPLE.replace("[drone]", "[Drone]"))
    before = text(tmp_path), text(tmp_path, "people")
    there = refactoring(tmp_path)
    there.rename("tag", old, "Elsewhere")
    write(tmp_path, there)
    assert (text(tmp_path), text(tmp_path, "people")) != before
    back = refactoring(tmp_path)
    back.rename("tag", "Elsewhere", old)
    write(tmp_path, back)
    assert (text(tmp_path), text(tmp_path, "people")) == before
    assert back.notes


@pytest.mark.parametrize(
    "former", ["Z", "'Z'  # c", "[Z]", "[Y,  Z]  # c", "\n      - Y  # c\n      - Z"]
)
def test_further_former_names_stay_as_they_are(tmp_path: Path, former: str) -> None:
    """A rename adds its name to the former names, and the reverse removes only that one."""
    begin(tmp_path, tags=f"tags:\n  - name: A\n    renamed_from: {former}\n    favorite: true\n")
    before = text(tmp_path)
    command = refactoring(tmp_path)
    command.rename("tag", "A", "B", keep_old_name=True)
    write(tmp_path, command)
    (found,) = command.state.of("tag")
    assert {"A", "Z"} <= set(found.renamed_from)
    assert found.keep_old_name
    command = refactoring(tmp_path)
    command.rename("tag", "B", "A")
    (found,) = command.state.of("tag")
    assert "A" not in found.renamed_from
    write(tmp_path, command)
    assert text(tmp_path).replace("    keep_old_name: true\n", "") == before


def test_a_rename_that_was_applied_is_not_taken_back(tmp_path: Path) -> None:
    """The server has the name by now, so renaming back writes it as a former name."""
    begin(tmp_path, tags="tags:\n  - name: B\n    renamed_from: A\n")
    command = refactoring(tmp_path, {"1": "B"})
    command.rename("tag", "B", "A")
    write(tmp_path, command)
    assert text(tmp_path) == "tags:\n  - name: A\n    renamed_from: B\n"
    assert not command.notes


def test_the_old_name_is_kept_as_an_alias(tmp_path: Path) -> None:
    """`keep_old_name` is written, and renaming back removes it."""
    begin(tmp_path, tags="tags: [A, B]\n")
    command = refactoring(tmp_path)
    command.rename("tag", "A", "C", keep_old_name=True)
    write(tmp_path, command)
    whole = "tags: [{name: C, renamed_from: A, keep_old_name: true}, B]\n"
    assert text(tmp_path) == whole
    command = refactoring(tmp_path)
    command.rename("tag", "C", "A")
    write(tmp_path, command)
    assert text(tmp_path) == "tags: [A, B]\n"


def test_a_name_that_is_an_alias_changes_places_with_it(tmp_path: Path) -> None:
    """The old name becomes an alias in its place, and renaming back restores the text."""
    begin(tmp_path, tags="tags:\n  - name: A\n    aliases: ['B', X]  # two\n")
    before = text(tmp_path)
    command = refactoring(tmp_path)
    command.rename("tag", "A", "B")
    write(tmp_path, command)
    assert "name: B\n    aliases: ['A', X]  # two\n    renamed_from: A\n" in text(tmp_path)
    command = refactoring(tmp_path)
    command.rename("tag", "B", "A")
    write(tmp_path, command)
    assert text(tmp_path) == before


def test_another_case_is_no_former_name(tmp_path: Path) -> None:
    """Names are compared as the server compares them: docs/stash-behaviour.md#names."""
    begin(tmp_path, tags="tags:\n  - name: pan\n  - {name: Tilt, parents: [PAN]}\n")
    command = refactoring(tmp_path)
    command.rename("tag", "Pan", "Pan")
    write(tmp_path, command)
    assert text(tmp_path) == "tags:\n  - name: Pan\n  - {name: Tilt, parents: [Pan]}\n"


def test_a_performer_is_identified_by_more_than_the_name(tmp_path: Path) -> None:
    """`Ada (Chef)` names one of two performers; a new name may have another disambiguation."""
    people = (
        "performers:\n  - {name: Ada, disambiguation: Chef}\n"
        "  - {name: Ada, disambiguation: Cook}\n"
    )
    begin(tmp_path, tags=people)
    command = refactoring(tmp_path)
    with pytest.raises(StashIntegrationError, match=r"could be .*Ada \(Chef\).*Ada \(Cook\)"):
        command.rename("performer", "Ada", "Bea")
    command.rename("performer", "Ada (Chef)", "Bea")
    command.rename("performer", "Ada", "Ada (Pilot)")
    write(tmp_path, command)
    first, second = command.state.of("performer")
    assert (second.label, first.label) == ("Bea (Chef)", "Ada (Pilot)")
    assert second.renamed_from
    assert first.renamed_from


def test_what_only_others_name_gets_an_item(tmp_path: Path) -> None:
    """An undeclared tag gets an item with `renamed_from`, by which the server's tag is found."""
    begin(tmp_path, tags="tags:\n  - A\n", people="performers:\n  - {name: Bo, tags: [Old]}\n")
    command = refactoring(tmp_path)
    command.rename("tag", "Old", "New")
    write(tmp_path, command)
    assert text(tmp_path) == "tags:\n  - A\n  - {name: New, renamed_from: Old}\n"
    assert text(tmp_path, "people") == "performers:\n  - {name: Bo, tags: [New]}\n"
    assert command.notes == ['No manifest declared "Old"; the server has to have it.']


def test_names_that_are_wrong_are_refused(tmp_path: Path) -> None:
    """The error for an unknown name suggests one, and for a taken name `stashsync merge`."""
    begin(tmp_path, tags="tags: [Camera, Drone, {name: Pan, aliases: [Sweep]}]\n")
    command = refactoring(tmp_path)
    with pytest.raises(StashIntegrationError) as caught:
        command.rename("tag", "Camra", "X")
    assert caught.value.hint == 'Did you mean "Camera"?'
    with pytest.raises(StashIntegrationError, match="has that name already"):
        command.rename("tag", "Pan", "Pan")
    with pytest.raises(StashIntegrationError) as caught:
        command.rename("tag", "Pan", "drone")
    assert 'stashsync merge "tag:Pan" "Drone"' in caught.value.hint
    with pytest.raises(RefactoringError) as problems:
        command.rename("tag", "Drone", "Sweep")
    assert "is the name of another tag" in problems.value.problems[0].message
    assert not command.files()


def test_anchors_and_merge_keys_are_changed_where_they_are_written(tmp_path: Path) -> None:
    """A name behind an anchor changes once, for every item that uses it."""
    begin(
        tmp_path,
        tags="tags: [A, B]\n",
        people="performers:\n  - name: Ada\n    tags: &both [A, B]\n  - name: Bo\n    tags: *both\n"
        "  - &base\n    name: Cy\n    tags: [A]\n  - <<: *base\n    name: Di\n",
    )
    before = text(tmp_path, "people")
    command = refactoring(tmp_path)
    command.rename("tag", "A", "C")
    write(tmp_path, command)
    assert text(tmp_path, "people") == before.replace("[A", "[C")


EXCHANGED = [("A", "T"), ("B", "A"), ("T", "B")]


def test_names_that_change_places_get_ids(tmp_path: Path) -> None:
    """The server has the same names before and after; the ids are known from the last apply."""
    begin(
        tmp_path,
        tags="tags:\n  - name: A  # first\n    favorite: true\n  - B\n",
        people="performers:\n  - {name: Ada, tags: [A]}\n",
    )
    for old, new in EXCHANGED:
        command = refactoring(tmp_path, {"7": "A", "8": "B"})
        command.rename("tag", old, new)
        write(tmp_path, command)
    assert text(tmp_path) == (
        "tags:\n  - name: B  # first\n    favorite: true\n    id: 7\n  - {name: A, id: 8}\n"
    )
    assert text(tmp_path, "people") == "performers:\n  - {name: Ada, tags: [B]}\n"


@pytest.mark.parametrize("servers", [[], [{"7": "A", "8": "B"}, {"1": "A", "2": "B"}]])
def test_names_do_not_change_places_if_ids_are_not_known(
    tmp_path: Path, servers: list[dict[str, str]]
) -> None:
    """Or if they differ from server to server: each object would get the fields of the other."""
    begin(tmp_path, tags="tags: [{name: A, favorite: true}, B]\n")
    for old, new in EXCHANGED[:-1]:
        command = refactoring(tmp_path, *servers)
        command.rename("tag", old, new)
        write(tmp_path, command)
    before = text(tmp_path)
    command = refactoring(tmp_path, *servers)
    with pytest.raises(StashIntegrationError, match="tells which is which") as caught:
        command.rename("tag", "T", "B")
    assert "`id:`" in str(caught.value.hint)
    assert not command.files()
    assert text(tmp_path) == before


def test_a_name_that_another_object_had_is_given_back(tmp_path: Path) -> None:
    """That a server has the name as another object's is no sign that the rename was applied."""
    begin(tmp_path, tags="tags: [A, B]\n")
    for old, new in EXCHANGED[:-1]:
        command = refactoring(tmp_path, {"7": "A", "8": "B"})
        command.rename("tag", old, new)
        write(tmp_path, command)
    command = refactoring(tmp_path, {"7": "A", "8": "B"})
    command.rename("tag", "A", "B")
    write(tmp_path, command)
    assert text(tmp_path) == "tags: [{name: T, renamed_from: A}, B]\n"


@pytest.mark.parametrize("tags", [{"7": "T", "8": "A"}, {"7": "T", "8": "B"}])
def test_renames_that_were_applied_on_the_way_need_not_change_places(
    tmp_path: Path, tags: dict[str, str]
) -> None:
    """What the server has by now decides which names are still to be found there."""
    begin(tmp_path, tags="tags: [{name: T, renamed_from: A}, {name: A, renamed_from: B}]\n")
    command = refactoring(tmp_path, tags)
    before = command.servers[0].meant(command.state.of("tag"))
    command.rename("tag", "T", "B")
    write(tmp_path, command)
    after = command.servers[0].meant(command.state.of("tag"))
    assert (before["t",], before["a",]) == (after["b",], after["a",]) == ("7", "8")


def test_a_name_that_was_free_meanwhile_is_no_former_name(tmp_path: Path) -> None:
    """On the server it is that of the object that left it, and never was this one's."""
    begin(tmp_path, tags="tags: [B, C]\n")
    server = {"1": "B", "2": "C"}
    for old, new in [("B", "U"), ("C", "B"), ("B", "T")]:
        command = refactoring(tmp_path, server)
        command.rename("tag", old, new)
        write(tmp_path, command)
    assert text(tmp_path) == "tags: [{name: U, renamed_from: B}, {name: T, renamed_from: C}]\n"
    begin(tmp_path, tags="tags: [{name: U, renamed_from: B}, {name: B, renamed_from: C}]\n")
    command = refactoring(tmp_path)
    with pytest.raises(StashIntegrationError, match="tells which is which"):
        command.rename("tag", "B", "T")


GROUPS = """\
groups:
  - name: Around the lake
    date: 2019-07-01
    sub_groups:  # in order
      - Walk
      - {group: Swim (2020), description: a day out}
      - group: Swim (2021)  # once more
        description: the last
  - {name: Swim, date: 2020}
  - {name: Swim, date: 2021}
  - Walk
"""


@pytest.mark.parametrize(
    ("old", "new", "written"),
    [
        ("Swim (2020)", "Bath", "{group: Bath (2020), description"),
        ("Swim (2020)", "Swim (2022)", "{group: Swim (2022), description"),
        ("Swim (2021)", "Walk (2021)", "- group: Walk (2021)  # once more"),
        ("Walk", "Hike", "      - Hike\n"),
        ("Around the lake (2019-07-01)", "Lake", "- Walk\n      - {group: Swim (2020), "),
    ],
)
def test_a_group_changes_in_the_lists_of_others(
    tmp_path: Path, old: str, new: str, written: str
) -> None:
    """Members keep their order and description, with a date where a name alone is ambiguous."""
    begin(tmp_path, tags=GROUPS)
    command = refactoring(tmp_path)
    command.rename("group", old, new)
    write(tmp_path, command)
    assert written in text(tmp_path)


def test_other_kinds_change_beside_groups_with_members(tmp_path: Path) -> None:
    begin(tmp_path, tags=GROUPS + "tags: [Drone]\n")
    command = refactoring(tmp_path)
    command.rename("tag", "Drone", "Copter")
    write(tmp_path, command)
    assert "Copter" in text(tmp_path)


SHARED = """\
tags:
  - &d
    name: Drone  # d
    favorite: true
    aliases: &a [x]
  - {<<: *d, name: Copter, aliases: []}
  - <<: *d
    name: Kite
    aliases: [k]
  - name: Travel
studios: [{name: S, aliases: *a, tags: [Drone]}]
"""
PASSED = "{<<: &d {favorite: true, aliases: &a [x]}, name: Copter, aliases: []}"


def test_an_item_that_others_share_is_renamed_alone(tmp_path: Path) -> None:
    """Its former name is none of theirs: the first of them takes over what they share."""
    begin(tmp_path, tags=SHARED)
    command = refactoring(tmp_path)
    command.rename("tag", "Drone", "Plane")
    write(tmp_path, command)
    alone = SHARED.replace("  - &d\n", "  -\n").replace("Drone", "Plane")
    assert text(tmp_path) == alone.replace(
        "&a [x]\n", "&a [x]\n    renamed_from: Drone\n", 1
    ).replace("{<<: *d, name: Copter, aliases: []}", PASSED)


@pytest.mark.parametrize("verb", ["rm", "merge"])
def test_an_item_that_others_share_goes_alone(tmp_path: Path, verb: str) -> None:
    """What they share stays, in the first of them."""
    begin(tmp_path, tags=SHARED)
    command = refactoring(tmp_path)
    if verb == "rm":
        command.remove("tag", "Drone")
    else:
        command.merge("tag", ["Drone"], "Travel")
    write(tmp_path, command)
    _, _, others = SHARED.partition("&a [x]\n")
    others = others.replace("{<<: *d, name: Copter, aliases: []}", PASSED)
    if verb == "rm":
        gone = "tags:\n  -\n    name: Drone  # d\n    state: absent\n"
        assert text(tmp_path) == gone + others.replace("[Drone]", "[]")
    else:
        merged = others.replace("Travel\n", "Travel\n    merge: [Drone]\n")
        assert text(tmp_path) == "tags:\n" + merged.replace("tags: [Drone]", "tags: [Travel]")
