"""A pull edits explicit keys (`? key`), and lists that begin on the line of a colon."""

from __future__ import annotations

import pytest

from stashsync.manifest.nodes import compose, compose_again
from stashsync.pull.writing.outline import Composer
from stashsync.pull.writing.style import formatted
from tests.pull.desk import Desk
from tests.pull.test_splicing import begin, pulled

ASKED = """\
tags:
  - ? name  # on the name: x
    # between
    : Camera
    # above the aliases
    ? aliases
    : - Cam  # on Cam
      - Lens
    ? description
    : >-
      how it
      was filmed
    ? favorite
  - Drone
"""


@pytest.mark.parametrize("reader", [compose, compose_again])
def test_an_entry_begins_at_its_question_mark(reader: Composer) -> None:
    """An entry begins at `?`; a missing value is placed right behind the key."""
    (root,), lines = reader(ASKED)
    item = root.entries[0][1].items[0]
    keys = [key for key, _ in item.entries]
    assert {lines.column(key.begin) for key in keys} == {item.indent} == {4}
    assert all(ASKED[key.begin] == "?" for key in keys)
    assert item.entries[3][1].start == keys[3].end
    assert lines.colon(keys[3]) is None


def test_values_behind_explicit_keys_change_in_place(desk: Desk) -> None:
    """A colon in a comment on the key is not taken for the colon before the value."""
    begin(desk, ASKED)
    desk.edit("tag", "Camera", name="Cameras", description="how it is filmed", favorite=True)
    assert pulled(desk) == (
        ASKED.replace(": Camera", ": Cameras")
        .replace("was filmed", "is filmed")
        .replace("? favorite\n", "? favorite\n    : true\n")
    )


@pytest.mark.parametrize(
    ("aliases", "wanted"),
    [
        (["Lens"], "    : - Lens\n"),
        (["Cam"], "    : - Cam  # on Cam\n"),
        (["Cam", "Lens", "Far"], "    : - Cam  # on Cam\n      - Lens\n      - Far\n"),
        (["Far"], "    :\n      - Far\n"),
        ([], "    : []\n"),
    ],
)
def test_a_list_on_the_line_of_its_colon(desk: Desk, aliases: list[str], wanted: str) -> None:
    """The first member shares a line with the colon, which stays when that member goes."""
    begin(desk, ASKED)
    desk.edit("tag", "Camera", aliases=aliases)
    assert pulled(desk) == ASKED.replace("    : - Cam  # on Cam\n      - Lens\n", wanted)


def test_the_first_item_on_the_line_of_a_colon_moves(desk: Desk) -> None:
    """The item moves with its text and its comment; the colon stays on its line."""
    text = "tags:\n  - ? name\n    : P\n    ? children\n"
    text += "    : - name: A # a\n      # b\n      - B\n  - Q\n"
    begin(desk, text)
    desk.edit("tag", "A", parent_ids=[desk.ids("tag")["Q"]])
    assert pulled(desk) == (
        "tags:\n  - ? name\n    : P\n    ? children\n    :\n      # b\n      - B\n"
        "  - name: Q\n    children:\n      - name: A # a\n"
    )


def test_fmt_indents_what_explicit_keys_have() -> None:
    """`fmt` indents below explicit keys, and leaves one space behind `?`, `:` and `-`."""
    text = (
        "tags:\n -  ?   name # c\n    :   Camera\n    ? aliases\n    :  -  Cam\n       -  Lens\n"
        "    ?  custom\n    :   a: 1\n        b: 2\n"
    )
    wanted = (
        "tags:\n  - ? name # c\n    : Camera\n    ? aliases\n    : - Cam\n      - Lens\n"
        "    ? custom\n    : a: 1\n      b: 2\n"
    )
    assert formatted(text) == wanted
    assert formatted(wanted) == wanted
