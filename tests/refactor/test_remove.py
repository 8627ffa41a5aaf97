"""`rm KIND:NAME` writes `state: absent`, drops references and moves children to the parents."""

from __future__ import annotations

from pathlib import Path

import pytest

from stashsync.errors import StashIntegrationError
from tests.refactor.desk import begin, refactoring, text, write

TAGS = """\
tags:
  # the top
  - name: Camera
    children:
      # flies
      - name: Drone  # how
        description: from above
        children:
          - Racer  # fast
          - name: Quad
            parents: [Travel]
      - Crane
  - Travel
"""
PEOPLE = """\
performers:
  - name: Ada
    tags: [Drone, Travel]  # two
  - name: Bo
    tags:
      - Travel
      # above
      - Drone  # beside
  - {name: Cy, tags: [Drone]}
  - {name: Di, tags: {add: [Drone, Travel], remove: [Crane]}}
  - {name: Ed, tags: {remove: [Drone]}}
  - {name: Fay, tags: ["drone"]}
studios:
  - {name: S, tags: [Drone]}
  - name: T
    tags:
      - Drone
"""


def test_a_tag_that_eight_items_refer_to_goes(tmp_path: Path) -> None:
    """One command drops every reference, and moves the tag's children to its parent."""
    begin(tmp_path, tags=TAGS, people=PEOPLE)
    command = refactoring(tmp_path)
    command.remove("tag", "Drone")
    write(tmp_path, command)
    assert (
        text(tmp_path)
        == """\
tags:
  # the top
  - name: Camera
    children:
      - Crane
      - Racer  # fast
      - name: Quad
        parents: [Travel]
  - Travel
  # flies
  - name: Drone  # how
    state: absent
"""
    )
    assert (
        text(tmp_path, "people")
        == """\
performers:
  - name: Ada
    tags: [Travel]  # two
  - name: Bo
    tags:
      - Travel
  - {name: Cy, tags: []}
  - {name: Di, tags: {add: [Travel], remove: [Crane]}}
  - {name: Ed, tags: {remove: []}}
  - {name: Fay, tags: []}
studios:
  - {name: S, tags: []}
  - name: T
    tags: []
"""
    )


def test_children_go_to_the_given_parent(tmp_path: Path) -> None:
    """Children are nested in the new parent; one that lists it too has it only once."""
    begin(tmp_path, tags=TAGS)
    command = refactoring(tmp_path)
    command.remove("tag", "Drone", children_to="Travel")
    write(tmp_path, command)
    assert text(tmp_path).endswith(
        "  - name: Travel\n    children:\n      - Racer  # fast\n"
        "      - name: Quad\n        parents: [Travel]\n"
        "  # flies\n  - name: Drone  # how\n    state: absent\n"
    )
    quad = next(tag for tag in command.state.of("tag") if tag.name == "Quad")
    assert quad.values["parents"] == ["Travel"]


def test_all_below_go_too(tmp_path: Path) -> None:
    """`--recursive` removes all descendants but those that have another parent."""
    begin(tmp_path, tags=TAGS)
    command = refactoring(tmp_path)
    command.remove("tag", "Drone", recursive=True)
    write(tmp_path, command)
    gone = [tag.name for tag in command.state.of("tag") if tag.absent]
    assert gone == ["Drone", "Racer"]
    quad = next(tag for tag in command.state.of("tag") if tag.name == "Quad")
    assert quad.values["parents"] == ["Travel"]


def test_an_item_at_the_top_stays_in_its_place(tmp_path: Path) -> None:
    """The fields that identify an object stay as they were written, with their comments."""
    begin(
        tmp_path,
        tags="tags:\n  # one\n  - description: |\n      long\n\n      text\n"
        "    # its name\n    name: 'A'  # what\n    aliases:\n      - x\n      # the end\n"
        "    id: 7  # as on the server\n    renamed_from: B\n  # next\n  - B2\n"
        "studios:\n  - S\n  - {name: T, favorite: true, children: [U]}\n",
    )
    command = refactoring(tmp_path)
    command.remove("tag", "A")
    command.remove("studio", "S")
    command.remove("studio", "T")
    write(tmp_path, command)
    assert text(tmp_path) == (
        "tags:\n  # one\n  # its name\n  - name: 'A'  # what\n    id: 7  # as on the server\n"
        "    state: absent\n  # next\n  - B2\n"
        "studios:\n  - name: S\n    state: absent\n  - {name: T, state: absent}\n"
        "  - name: U\n    parent: null\n"
    )
    assert command.notes


def test_a_performer_is_identified_by_the_disambiguation(tmp_path: Path) -> None:
    """An item with `state: absent` keeps the disambiguation, since it identifies the object."""
    people = "performers:\n  - {name: Ada, disambiguation: Chef, gender: FEMALE}\n  - Ada\n"
    begin(tmp_path, tags=people)
    command = refactoring(tmp_path)
    command.remove("performer", "Ada (Chef)")
    command.remove("performer", "Ada")
    write(tmp_path, command)
    assert text(tmp_path) == (
        "performers:\n  - {name: Ada, disambiguation: Chef, state: absent}\n"
        "  - name: Ada\n    state: absent\n"
    )


def test_the_name_that_the_server_has_is_deleted(tmp_path: Path) -> None:
    """After a rename that was never applied, `state: absent` is written for the former name."""
    begin(tmp_path, tags="tags:\n  - name: B\n    renamed_from: [Z, A]\n  - C\n")
    command = refactoring(tmp_path, {"1": "A"})
    command.remove("tag", "B")
    write(tmp_path, command)
    assert text(tmp_path) == "tags:\n  - name: A\n    state: absent\n  - C\n"


def test_what_no_manifest_declares_is_deleted_too(tmp_path: Path) -> None:
    """An undeclared tag gets an item with `state: absent`, and references to it are dropped."""
    begin(tmp_path, tags="tags:\n  - C\n", people="performers:\n  - {name: Bo, tags: [Old, C]}\n")
    command = refactoring(tmp_path)
    command.remove("tag", "Old")
    write(tmp_path, command)
    assert text(tmp_path) == "tags:\n  - C\n  - name: Old\n    state: absent\n"
    assert text(tmp_path, "people") == "performers:\n  - {name: Bo, tags: [C]}\n"
    with pytest.raises(StashIntegrationError, match="deleted already"):
        command.remove("tag", "old")


def test_a_group_goes_out_of_the_lists_of_others(tmp_path: Path) -> None:
    """The remaining groups of a list keep their order and their descriptions."""
    begin(
        tmp_path,
        tags="groups:\n  - name: A\n    sub_groups: [{group: C, description: x}, B (2020), D]\n"
        "  - {name: B, date: 2020}\n  - C\n  - D\n",
    )
    command = refactoring(tmp_path)
    command.remove("group", "B (2020)")
    command.remove("group", "C")
    write(tmp_path, command)
    assert "sub_groups: [D]" in text(tmp_path)
