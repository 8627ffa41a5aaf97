"""`merge KIND:FROM… INTO` moves references, children and list members to the destination."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stashsync.errors import StashIntegrationError
from stashsync.sandbox import Sandbox
from tests.refactor.desk import begin, refactoring, text, write
from tests.support.servers import assert_complete, carry_out, plan_for

TAGS = """\
tags:
  - name: Camera
    children:
      - name: Drones  # many
        aliases: [UAVs]
        children:
          - Racer
      - name: Drone
        aliases: [UAV]  # one
  - Aerial
  - name: Above
    parents: [Aerial]
"""
PEOPLE = """\
performers:
  - name: Ada
    tags: [Drones, Travel]
  - name: Bo
    tags:
      - Drone
      - Aerial  # goes
  - {name: Cy, tags: {add: [Aerial], remove: [drones]}}
"""


def test_several_become_one(tmp_path: Path) -> None:
    """An object that referred to a merged tag refers to the destination, and only once."""
    begin(tmp_path, tags=TAGS, people=PEOPLE)
    command = refactoring(tmp_path)
    command.merge("tag", ["Drones", "aerial"], "drone")
    write(tmp_path, command)
    assert (
        text(tmp_path)
        == """\
tags:
  - name: Camera
    children:
      - name: Drone
        aliases: [UAV, UAVs]  # one
        merge: [Drones, Aerial]
        children:
          - Racer
  - name: Above
    parents: [Drone]
"""
    )
    assert (
        text(tmp_path, "people")
        == """\
performers:
  - name: Ada
    tags: [Drone, Travel]
  - name: Bo
    tags:
      - Drone
  - {name: Cy, tags: {add: [Drone], remove: []}}
"""
    )


def test_a_parent_is_merged_into_its_child(tmp_path: Path) -> None:
    """The child takes the place of its parent, and gets the parent's other children."""
    begin(
        tmp_path,
        tags="tags:\n  - name: Top\n    children:\n      - name: Old\n        children:\n"
        "          - name: Mid\n            children: [New, Other]\n          - Side\n",
    )
    command = refactoring(tmp_path)
    command.merge("tag", ["Old"], "New")
    write(tmp_path, command)
    above = {tag.name: tag.values.get("parents") for tag in command.state.of("tag")}
    assert above == {
        "Top": None,
        "Mid": ["Top"],
        "New": ["Mid"],
        "Other": ["Mid"],
        "Side": ["New"],
    }


def test_performers_of_one_name_are_merged(tmp_path: Path) -> None:
    """Disambiguations say which performers are meant; the destination's lists gain members."""
    people = (
        "performers:\n  - name: Ada\n    urls: [https://a.example]\n    tags: [X]\n"
        "  - {name: Ada, disambiguation: Chef, urls: [https://b.example], tags: [x, W]}\n"
    )
    begin(tmp_path, tags=people)
    command = refactoring(tmp_path)
    command.merge("performer", ["Ada (Chef)"], "Ada")
    write(tmp_path, command)
    assert text(tmp_path) == (
        "performers:\n  - name: Ada\n    urls: [https://a.example, https://b.example]\n"
        "    tags: [X, W]\n    merge: [Ada (Chef)]\n"
    )


def test_what_no_manifest_declares_is_merged(tmp_path: Path) -> None:
    """The server has the undeclared tag.

    Tags that were merged into a source earlier are listed too.
    """
    begin(
        tmp_path, tags="tags:\n  - A\n  - name: B\n    merge: C\n  - name: D\n    merge: [E]  # e\n"
    )
    command = refactoring(tmp_path)
    command.merge("tag", ["Z"], "A")
    command.merge("tag", ["B", "W"], "D")
    write(tmp_path, command)
    assert text(tmp_path) == (
        "tags:\n  - name: A\n    merge: [Z]\n  - name: D\n    merge: [E, B, C, W]  # e\n"
    )
    assert len(command.notes) == 2
    with pytest.raises(StashIntegrationError, match="already"):
        command.merge("tag", ["z"], "A")
    with pytest.raises(StashIntegrationError, match="already"):
        command.merge("tag", ["A"], "A")


def test_parents_that_become_one_are_named_once(tmp_path: Path) -> None:
    """A tag nested in one parent and listing the other stays nested, without the list."""
    start = "tags:\n  - name: A\n    children:\n      - name: X\n        parents: [B]\n  - B\n"
    begin(tmp_path, tags=start)
    command = refactoring(tmp_path)
    command.merge("tag", ["B"], "A")
    write(tmp_path, command)
    assert text(tmp_path) == (
        "tags:\n  - name: A\n    merge: [B]\n    children:\n      - name: X\n"
    )


def test_comments_on_what_is_merged_go_with_it(tmp_path: Path) -> None:
    """The comments of a source's item are removed; those on references to it stay there."""
    begin(
        tmp_path,
        tags="tags:\n  # old\n  - name: A\n    # below\n    children:\n      # x\n      - X\n"
        "  # new\n  - B\n",
        people="performers:\n  - name: Ada\n    tags:\n      # why\n      - A  # a\n",
    )
    command = refactoring(tmp_path)
    command.merge("tag", ["A"], "B")
    write(tmp_path, command)
    assert text(tmp_path) == (
        "tags:\n  # new\n  - name: B\n    merge: [A]\n    children:\n      # x\n      - X\n"
    )
    assert text(tmp_path, "people").endswith("      # why\n      - B  # a\n")


@pytest.mark.parametrize(("section", "top"), [("tags", "parents: []"), ("studios", "parent: null")])
def test_what_is_below_is_merged_into_what_is_above(tmp_path: Path, section: str, top: str) -> None:
    """The destination stays at the top; with the parents of both it would be below itself."""
    begin(
        tmp_path,
        tags=f"{section}:\n  - name: A\n    children:\n      - name: B\n        children: [C]\n",
    )
    with Sandbox() as server:
        assert_complete(carry_out(plan_for(tmp_path, server), server, tmp_path))
        command = refactoring(tmp_path)
        command.merge(section[:-1], ["C"], "A")
        write(tmp_path, command)
        assert text(tmp_path) == (
            f"{section}:\n  - name: A\n    {top}\n    merge: [C]\n    children:\n      - name: B\n"
        )
        assert_complete(carry_out(plan_for(tmp_path, server), server, tmp_path))
        assert not plan_for(tmp_path, server).changes


GROUPS = "groups:\n  - {name: A, date: 2020-01-01}\n  - {name: B, date: 2020-01-01}\n"


@pytest.mark.parametrize(
    ("verb", "names", "options", "words"),
    [
        ("merge", (["A"], "B"), {}, "groups cannot be merged"),
        ("rename", ("A", "C"), {"keep_old_name": True}, "a group has no aliases"),
        ("remove", ("A",), {"children_to": "B"}, "a group has no parents and no children"),
        ("move", ("A", "B"), {}, "a group has no parents and no children"),
    ],
)
def test_what_a_kind_cannot_have_is_refused_in_the_words_of_the_command(
    tmp_path: Path, verb: str, names: tuple[Any, ...], options: dict[str, Any], words: str
) -> None:
    """The error names what the kind lacks, not a key in a line that the user has not written."""
    begin(tmp_path, groups=GROUPS)
    with pytest.raises(StashIntegrationError, match=words):
        getattr(refactoring(tmp_path), verb)("group", *names, **options)
    assert text(tmp_path, "groups") == GROUPS
