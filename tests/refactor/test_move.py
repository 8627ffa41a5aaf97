"""`mv KIND:NAME --under PARENT` moves an item with its subtree, or edits its list of parents."""

from __future__ import annotations

from pathlib import Path

import pytest

from stashsync.errors import StashIntegrationError
from stashsync.refactor.writing import RefactoringError
from tests.refactor.desk import begin, refactoring, text, write

TAGS = """\
tags:
  - name: Camera
    children:
      # flies
      - name: Drone  # how
        children:
          - Racer
      - Crane
  - name: Gear
    description: all of it
  - Travel
"""


def moved(root: Path, name: str, under: str | None, *leaving: str, kind: str = "tag") -> str:
    """Move an object; return the text of tags.yaml."""
    command = refactoring(root)
    command.move(kind, name, under, leaving)
    write(root, command)
    return text(root)


def test_an_item_moves_with_what_is_below_it(tmp_path: Path) -> None:
    """The comments of an item and its subtree move along."""
    begin(tmp_path, tags=TAGS)
    assert (
        moved(tmp_path, "drone", "gear")
        == """\
tags:
  - name: Camera
    children:
      - Crane
  - name: Gear
    description: all of it
    children:
      # flies
      - name: Drone  # how
        children:
          - Racer
  - Travel
"""
    )


def test_an_item_at_the_top_goes_below_another(tmp_path: Path) -> None:
    """A parent that was written as a bare name becomes a mapping with `children`."""
    begin(tmp_path, tags=TAGS)
    found = moved(tmp_path, "Gear", "Crane")
    assert found.endswith(
        "      - name: Crane\n        children:\n          - name: Gear\n"
        "            description: all of it\n  - Travel\n"
    )
    found = moved(tmp_path, "Gear", "Travel")
    assert found == TAGS.replace(
        "  - name: Gear\n    description: all of it\n  - Travel\n",
        "  - name: Travel\n    children:\n      - name: Gear\n        description: all of it\n",
    ).replace("- Crane", "- name: Crane")


def test_an_item_moves_to_the_top(tmp_path: Path) -> None:
    """`parents: []` is written, because an item without `parents` would keep those it has."""
    begin(tmp_path, tags=TAGS)
    found = moved(tmp_path, "Crane", None)
    assert found.endswith("  - Travel\n  - name: Crane\n    parents: []\n")


def test_parents_in_a_list_are_replaced_there(tmp_path: Path) -> None:
    """The item keeps its place and the list its comment; only the name in `parents` changes."""
    text_of = "tags:\n  - A\n  - B\n  - C\n  - name: X\n    parents: [{}]  # why\n"
    begin(tmp_path, tags=text_of.format("A"))
    assert moved(tmp_path, "X", "b") == text_of.format("B")
    assert moved(tmp_path, "X", None) == text_of.format("")


def test_one_of_several_parents_is_left(tmp_path: Path) -> None:
    """A move from one of several parents needs `--from`; the error names the choices."""
    start = (
        "tags:\n  - name: A\n    children:\n      - name: X\n        parents: [B]\n  - B\n  - C\n"
    )
    begin(tmp_path, tags=start)
    command = refactoring(tmp_path)
    with pytest.raises(StashIntegrationError, match="several parents") as caught:
        command.move("tag", "X", "C")
    assert '--from "A" --from "B"' in caught.value.hint
    assert moved(tmp_path, "X", "C", "B") == start.replace("[B]", "[C]")
    assert moved(tmp_path, "X", "B", "A") == (
        "tags:\n  - name: A\n  - name: B\n    children:\n      - name: X\n"
        "        parents: [C]\n  - C\n"
    )
    assert moved(tmp_path, "X", "A", "B", "C") == (
        "tags:\n  - name: A\n    children:\n      - name: X\n  - name: B\n  - C\n"
    )


def test_a_bare_name_moves_and_its_description_stays(tmp_path: Path) -> None:
    """The bare name moves; the item with the tag's fields stands elsewhere and stays there."""
    begin(
        tmp_path,
        tags="tags:\n  - name: A\n    children:\n      - X  # here\n  - B\n"
        "  - {name: X, favorite: true}\n",
    )
    assert moved(tmp_path, "X", "B") == (
        "tags:\n  - name: A\n  - name: B\n    children:\n      - X  # here\n"
        "  - {name: X, favorite: true}\n"
    )


def test_a_studio_moves(tmp_path: Path) -> None:
    """A studio has one parent, given by nesting or by `parent`; both ways are rewritten."""
    begin(
        tmp_path,
        tags="studios:\n  - name: A\n    children:\n      - X\n  - B\n  - {name: Y, parent: A}\n",
    )
    moved(tmp_path, "Y", "B", kind="studio")
    assert moved(tmp_path, "X", "B", kind="studio") == (
        "studios:\n  - name: A\n  - name: B\n    children:\n      - X\n  - {name: Y, parent: B}\n"
    )
    assert "    parent: null\n" in moved(tmp_path, "X", None, kind="studio")


def test_a_parent_in_another_file(tmp_path: Path) -> None:
    """The item moves to the file that declares its parent."""
    begin(tmp_path, tags="tags:\n  - X\n  - Y\n", more="tags:\n  - P\n")
    assert moved(tmp_path, "X", "P") == "tags:\n  - Y\n"
    assert text(tmp_path, "more") == "tags:\n  - name: P\n    children:\n      - X\n"


def test_a_parent_that_no_manifest_declares_is_named(tmp_path: Path) -> None:
    """The parent is written to `parents`, with a note that the server has to have it."""
    begin(tmp_path, tags=TAGS)
    command = refactoring(tmp_path)
    command.move("tag", "Crane", "Machines")
    write(tmp_path, command)
    assert text(tmp_path).endswith("  - name: Crane\n    parents: [Machines]\n")
    assert command.notes


def test_moves_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    """A move that changes nothing, has no such parent, or makes a loop writes no file."""
    begin(tmp_path, tags=TAGS, people="performers: [Ada]\n")
    command = refactoring(tmp_path)
    with pytest.raises(StashIntegrationError, match="is there already"):
        command.move("tag", "Drone", "Camera")
    with pytest.raises(StashIntegrationError, match="is there already"):
        command.move("tag", "Travel", None)
    with pytest.raises(StashIntegrationError, match="not below"):
        command.move("tag", "Drone", "Gear", ["Travel"])
    with pytest.raises(StashIntegrationError, match="has no parents"):
        command.move("performer", "Ada", "Camera")
    with pytest.raises(RefactoringError):
        command.move("tag", "Camera", "Racer")
    assert not command.files()
