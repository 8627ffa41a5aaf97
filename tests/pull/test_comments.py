"""A pull keeps each comment at its node, and keeps the layout of the lines around it."""

from __future__ import annotations

import re

import pytest

from tests.pull.desk import Desk
from tests.pull.test_splicing import begin, pulled

URLS = """\
studios:
  - name: S
    urls:
      - https://a.example  # a
      # above b
      - https://b.example  # b
      - https://c.example  # c
"""


def test_comments_stay_at_their_urls(desk: Desk) -> None:
    """A removed member takes only its own comment along; members that move take theirs."""
    begin(desk, URLS)
    desk.edit("studio", "S", urls=["https://x.example", "https://b.example", "https://c.example"])
    changed = URLS.replace("https://a.example  # a", "https://x.example")
    assert pulled(desk) == changed
    desk.edit("studio", "S", urls=["https://c.example", "https://b.example", "https://x.example"])
    first, last = "      - https://x.example\n", "      - https://c.example  # c\n"
    assert pulled(desk) == changed.replace(first, "!").replace(last, first).replace("!", last)


@pytest.mark.parametrize("flow", [False, True])
def test_a_url_that_is_there_twice_stays_so(desk: Desk, flow: bool) -> None:
    """A list with one URL twice keeps both, and other members keep quotes and comments."""
    text = "studios:\n  - name: S\n    urls:\n      - https://a.example # 1\n      - https://b.example\n"
    if flow:
        text = 'studios:\n  - name: S\n    urls: ["https://a.example",  https://b.example]\n'
    begin(desk, text)
    twice = ["https://b.example", "https://a.example", "https://b.example"]
    desk.edit("studio", "S", urls=twice)
    found = pulled(desk)
    assert found.count("https://b.example") == 2
    assert ('"https://a.example"' in found) == flow
    assert ("# 1" in found) != flow


def test_a_bare_name_behind_a_wide_dash_becomes_a_parent(desk: Desk) -> None:
    """The new mapping's keys begin in the column of the bare name."""
    begin(desk, "tags:\n  -   Q\n  -   name: P\n      children:\n      - A\n")
    desk.edit("tag", "A", parent_ids=[desk.ids("tag")["Q"]])
    assert pulled(desk) == ("tags:\n  -   name: Q\n      children:\n        - A\n  -   name: P\n")


def test_a_bare_name_behind_a_wide_dash_gets_fields(desk: Desk) -> None:
    """New fields are indented to the column of the bare name."""
    begin(desk, "performers:\n  -   Ada\n")
    desk.edit("performer", "Ada", details="x")
    desk.create("tag", name="T")
    from stashsync.pull.export import PullScope

    desk.pull(PullScope(all_fields=True))
    assert desk.read().startswith("performers:\n  -   name: Ada\n      details: x\n")


def test_a_list_that_is_cleared_keeps_the_comment_on_its_key(desk: Desk) -> None:
    """The comments of the removed members are removed with them."""
    begin(
        desk,
        "tags:\n  - name: A\n    aliases:   # why\n      - x # first\n      - y # second\n"
        "      # the end\n    favorite: true\n",
    )
    desk.edit("tag", "A", aliases=[])
    assert pulled(desk) == "tags:\n  - name: A\n    aliases: []  # why\n    favorite: true\n"


def test_a_key_that_goes_takes_the_comment_above_it(desk: Desk) -> None:
    """With the last child the key `children` goes, and with it the comments on the key."""
    begin(
        desk,
        "tags:\n  - name: A\n    # about d\n    description: d\n    # the children\n"
        "    children:\n      - B\n      # no more\n  - C\n",
    )
    desk.edit("tag", "B", parent_ids=[desk.ids("tag")["C"]])
    assert pulled(desk) == (
        "tags:\n  - name: A\n    # about d\n    description: d\n"
        "  - name: C\n    children:\n      - B\n"
    )


@pytest.mark.parametrize("sign", ["|", "|-", "|+", "|2-"])
def test_a_literal_block_keeps_its_indicator(desk: Desk, sign: str) -> None:
    """And the blank line at the end of the file stays."""
    text = f"tags:\n  - name: A\n    description: {sign}\n      one\n      two\n\n"
    begin(desk, text)
    desk.edit("tag", "A", description="one\nthree")
    assert pulled(desk) == text.replace("two", "three")
    desk.edit("tag", "A", description="three")
    assert pulled(desk) == text.replace("      one\n      two", "      three")


def test_a_folded_block_takes_another_text(desk: Desk) -> None:
    """Paragraphs that stay keep their lines; a text with other lines becomes a literal block."""
    head = "tags:\n  - name: A\n    description: >  # long\n"
    text = f"{head}      one two three\n      four five\n\n      six\n"
    begin(desk, text)
    desk.edit("tag", "A", description="one two three 4 five\nnew\n\nsix")
    assert pulled(desk) == text.replace("four", "4").replace("    six", "    new\n\n\n      six")
    desk.edit("tag", "A", description="one two three 4 five\n\n6")
    assert pulled(desk) == text.replace("four", "4").replace("      six", "\n      6")
    desk.edit("tag", "A", description="one two\nsix\nand much more of what is new")
    assert pulled(desk) == (
        f"{head}      one two\n\n      six\n\n      and much more of\n      what is new\n"
    )
    text = f"{head}      one two three four five\n\n      six\n"
    begin(desk, text)
    desk.edit("tag", "A", description="of one paragraph that is longer than before")
    new = "      of one paragraph that\n      is longer than before\n"
    assert pulled(desk) == head + new
    desk.edit("tag", "A", description="two\n\n  paragraphs")
    new = "|  # long\n      two\n\n        paragraphs\n"
    assert pulled(desk) == head.partition(">")[0] + new


def test_the_end_of_a_block_in_a_map_counts(desk: Desk) -> None:
    """A custom field is not trimmed, so the new text ends without a line break as on the server."""
    text = "performers:\n  - name: A\n    custom_fields:\n      note: |\n        one\n        two\n"
    begin(desk, text)
    desk.edit("performer", "A", custom_fields={"partial": {"note": "one\nthree"}})
    assert pulled(desk) == text.replace("|", "|-").replace("two", "three")
    for end in ("\nfour\n", "\n5\n"):
        desk.edit("performer", "A", custom_fields={"partial": {"note": f"one{end}"}})
        assert pulled(desk) == text.replace("two", end.strip())


def test_one_word_of_a_folded_block_is_one_line(desk: Desk) -> None:
    """A folded block keeps its indicator, its indentation and the lines that did not change."""
    text = (
        "tags:\n  - name: A\n    description: >-   # long\n        one two three\n"
        "        four five six\n        seven eight\n        nine ten\n"
    )
    begin(desk, text)
    words = "one two three four five {} seven eight nine ten"
    desk.edit("tag", "A", description=words.format("6"))
    assert pulled(desk) == text.replace("six", "6")
    desk.edit("tag", "A", description=words.format("6 and more"))
    assert pulled(desk) == text.replace("six", "6 and more")
    desk.edit("tag", "A", description="ten")
    assert pulled(desk) == "tags:\n  - name: A\n    description: >-   # long\n        ten\n"
    desk.edit("tag", "A", description="")
    assert pulled(desk) == "tags:\n  - name: A\n    description: null   # long\n"


def test_the_last_list_of_a_file_without_a_final_line_break_changes(desk: Desk) -> None:
    """All of its members go, and others come; the file stays without one."""
    text = "tags:\n  - name: A\n    description: one\n    aliases:\n      - x\n      - y"
    begin(desk, text)
    desk.edit("tag", "A", aliases=["z"], description="two")
    assert pulled(desk) == text.replace("one", "two").replace("x\n      - y", "z")
    desk.edit("tag", "A", aliases=["z", "a"])
    assert pulled(desk).endswith("      - z\n      - a")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("list_", "now", "wanted"),
    [
        ("[A,   # a\n    B]", "A", "[A,   # a\n              ]"),
        ("[A,   # a\n    B]", "B", "[B]"),
        ("[A, # a\n    B, C]", "AD", "[A, # a\n              D\n              ]"),
        ("[A, # a\n    B, C]", "AC", "[A, # a\n              C]"),
        ("[A, # a, b\n    B]", "AC", "[A, # a, b\n              C\n              ]"),
        ("[A, B # b\n    ]", "BC", "[B, # b\n              C\n    ]"),
        ("[A # a\n    , B # b\n    , C]", "AC", "[A # a\n    , C]"),
        ("[A # a\n    , B # b\n    , C]", "AB", "[A # a\n    , B # b\n              ]"),
        (
            "[ # of it\n    # a\n    A, B, # b\n    # c\n    C, # c\n    # end\n    ]",
            "C",
            "[ # of it\n    # c\n    C, # c\n    # end\n    ]",
        ),
        ("[\n    A, B,\n    C]", "B", "[\n    B]"),
        ("[A, B, C, ]", "AC", "[A, C, ]"),
    ],
)
def test_comments_in_brackets_stay_with_what_is_on_their_line(
    desk: Desk, list_: str, now: str, wanted: str, newline: str
) -> None:
    """Members of a list over several lines go and come; the other ones keep their comments."""
    before = f"tags:\n  - name: T\n    aliases: {list_} # end\n".replace("\n", newline)
    begin(desk, before)
    desk.edit("tag", "T", aliases=list(now))
    old, new = list_.replace("\n", newline), wanted.replace("\n", newline)
    assert pulled(desk) == before.replace(old, new)


ORDERS = {
    "[<a>, # on a\n       <b>, <c> # on c\n    ]": (
        "[<c>,  # on c\n           <a>,  # on a\n          ]"
    ),
    "[ # all\n      # on a\n      <a>, <b>, # on b\n      # alone\n\n      <c>]": (
        "[  # all\n      <c>,\n      # on a\n      <a>,\n      # alone\n     ]"
    ),
    "[<a>, <b>,\n      <c>]": "[<c>, <a>]",
}


@pytest.mark.parametrize(("before", "after"), ORDERS.items())
def test_members_in_brackets_change_places_with_their_comments(
    desk: Desk, before: str, after: str
) -> None:
    """Where there are comments, each member gets a line."""
    text = "studios:\n  - name: A\n    urls: {}  # urls\n    details: x\n"
    begin(desk, re.sub("<(.)>", r"https://\1.example", text.format(before)))
    desk.edit("studio", "A", urls=["https://c.example", "https://a.example"])
    assert pulled(desk) == re.sub("<(.)>", r"https://\1.example", text.format(after))
