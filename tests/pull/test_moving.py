"""Items that move at once: the order of it, the lists that they go to, and what else is in them."""

from __future__ import annotations

import pytest

from tests.pull.desk import Desk
from tests.pull.test_splicing import begin, pulled


def move(desk: Desk, name: str, *parents: str) -> None:
    """Give a tag other parents on the server."""
    ids = desk.ids("tag")
    desk.edit("tag", name, parent_ids=[ids[parent] for parent in parents])


def test_parent_and_child_change_places(desk: Desk) -> None:
    """The child leaves before the parent goes below it, with everything else in the parent."""
    inner = "        children:\n          # on B\n          - name: B\n          - C\n"
    begin(desk, f"tags:\n  - name: P\n    children:\n      - name: A  # a\n{inner}")
    move(desk, "B", "P")
    move(desk, "A", "B")
    assert pulled(desk) == (
        "tags:\n  - name: P\n    children:\n      # on B\n      - name: B\n        children:\n"
        "          - name: A  # a\n            children:\n              - C\n"
    )


def test_lists_that_exchange_items_keep_their_comments(desk: Desk) -> None:
    """A list takes the new item before its last one leaves."""
    text = (
        "tags:\n  - name: A\n    children:  # of A\n      - X\n  - name: B\n    children: [Y, Z]\n"
    )
    begin(desk, text)
    move(desk, "X", "B")
    move(desk, "Y", "A")
    assert pulled(desk) == text.replace("- X", "- Y").replace("[Y, Z]", "[Z, X]")


BRACKETS = """\
tags:
  - children: [  # of A
      # first
      {name: X},  # x
      # between the lines
    ]  # end
    name: A
  - name: B
    children:  # of B
      # above
      [Y]  # behind
  - name: P
    children:
      # what moves
      - M
      - N
"""
OF_A = """\
  -
    # end
    children:  # of A
      # first
      - {name: X}  # x
      # what moves
      - M
      # between the lines
    name: A
"""
OF_B = """\
  - name: B
    # behind
    children:  # of B
      - Y
      # what moves
      - M
      # above
"""


@pytest.mark.parametrize(("parent", "after"), [("A", OF_A), ("B", OF_B)])
def test_brackets_that_open_keep_their_comments(desk: Desk, parent: str, after: str) -> None:
    """Those at the brackets go to the key, those of the list stay in the list."""
    begin(desk, BRACKETS)
    move(desk, "M", parent)
    start, behind = BRACKETS.index("  - children"), BRACKETS.index("  - name: B")
    if parent == "B":
        start, behind = behind, BRACKETS.index("  - name: P")
    wanted = BRACKETS[:start] + after + BRACKETS[behind:]
    assert pulled(desk) == wanted.replace(
        "    children:\n      # what moves\n      - M\n      - N", "    children:\n      - N"
    )


def test_an_item_with_items_in_it_opens_brackets(desk: Desk) -> None:
    """So the lines of those stay as they are."""
    inner = ["- name: Y", "  aliases:", "    -  why"]
    text = "tags:\n  - name: A\n    children: [{name: B}]\n  - name: P\n    children:\n      - Q\n"
    begin(
        desk,
        text
        + "      - name: X\n        children:\n"
        + "".join(f"        {line}\n" for line in inner),
    )
    move(desk, "X", "B")
    found = pulled(desk)
    assert "".join(f"            {line}\n" for line in inner) in found
    assert "      - name: B\n" in found


def test_an_item_that_goes_into_what_it_merges_takes_the_values(desk: Desk) -> None:
    """An alias cannot stand in what it stands for."""
    text = "tags:\n  - &a\n    name: A\n    favorite: true\n"
    more = "  - {name: P, children: [{<<: *a, name: B}]}\n  - {<<: *a, name: C}\n"
    begin(desk, text + more)
    move(desk, "B", "A")
    assert pulled(desk) == (
        "tags:\n  -\n    name: A\n    favorite: true\n    children:\n"
        "      - {<<: &a {favorite: true}, name: B}\n  - {name: P}\n  - {<<: *a, name: C}\n"
    )


def test_an_item_that_moves_above_its_anchor_takes_the_value(desk: Desk) -> None:
    """An alias means what is above it."""
    first = "tags:\n  - name: A\n    children: [X]\n  - name: B\n    description: &b the same\n"
    begin(desk, first + "    children:\n      - name: C\n        description: *b\n      - D\n")
    move(desk, "C", "A")
    found = pulled(desk)
    assert "{name: C, description: the same}" in found
    assert "    description: &b the same\n    children:\n      - D\n" in found


def test_a_file_without_a_final_line_break_stays_so(desk: Desk) -> None:
    """Also if what comes to its end keeps the line breaks below it."""
    item = "      - name: A\n        description: |+\n          one\n\n      - D\n"
    begin(desk, f"tags:\n  - name: P\n    children:\n{item}  - name: B\n    children:\n      - C")
    move(desk, "A", "B")
    assert pulled(desk).endswith(
        "      - C\n      - name: A\n        description: |+\n          one"
    )


ENTRIES = """\
tags:
  - name: A
    children:
      # on B
      - name: B
      - C
  - {name: "P", description: 'It''s good',  # text
     aliases: [Eat,
        'Meal'  # meal
        ], # aliases
     favorite: true}   # behind
"""


def test_braces_that_open_keep_values_over_several_lines(desk: Desk) -> None:
    """Whatever stands beside each other: a comment belongs to what is ahead of it on its line."""
    begin(desk, ENTRIES)
    move(desk, "B", "P")
    assert (
        pulled(desk)
        == """\
tags:
  - name: A
    children:
      - C
  - name: "P"  # behind
    description: 'It''s good'  # text
    aliases: [Eat,
            'Meal'  # meal
            ]  # aliases
    favorite: true
    children:
      # on B
      - name: B
"""
    )
