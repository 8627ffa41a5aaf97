"""A pull writes a changed value beside the alias or merge key that it came from."""

from __future__ import annotations

import pytest

from stashsync.pull.export import PullScope
from tests.pull.desk import Desk
from tests.pull.test_splicing import begin, pulled

URLS = """\
studios:
  - name: North
    <<: &shared
      urls: [https://a.example, https://b.example]
      details: one
  - <<: *shared
    name: South
  - name: East
    urls: &urls [https://c.example]
  - name: West
    urls: *urls  # those of East
"""


def test_a_list_from_a_merge_key_is_written_in_the_item(desk: Desk) -> None:
    """The shared mapping stays as it is, since other items merge it."""
    begin(desk, URLS)
    desk.edit("studio", "South", urls=["https://b.example"])
    wanted = "    name: South\n    urls: [https://b.example]\n"
    assert pulled(desk) == URLS.replace("    name: South\n", wanted)


def test_a_list_from_an_alias_is_written_in_its_place(desk: Desk) -> None:
    """The new list replaces the alias, and the comment on the key stays."""
    begin(desk, URLS)
    desk.edit("studio", "West", urls=["https://c.example", "https://d.example"])
    wanted = "urls: [https://c.example, https://d.example]  # those"
    assert pulled(desk) == URLS.replace("urls: *urls  # those", wanted)


def test_owned_members_from_a_merge_key_stay_owned(desk: Desk) -> None:
    """The form `{add, remove}` stays; a member that the server dropped leaves `add`."""
    text = "studios:\n  - name: N\n    <<:\n      aliases: {add: [A, B], remove: [C]}\n"
    begin(desk, text)
    desk.edit("studio", "N", aliases=["B"])
    assert pulled(desk) == text + "    aliases: {add: [B], remove: [C]}\n"


def test_a_value_that_others_merge_changes_alone(desk: Desk) -> None:
    """The first of the others takes the anchor over, with the values as they were."""
    text = (
        "tags:\n  - &base  # all of them\n    name: A\n    description: x\n    favorite: true\n"
        "  - <<: *base\n    name: B\n  - {<<: *base, name: C}\n"
    )
    begin(desk, text)
    desk.edit("tag", "A", description="its own")
    wanted = text.replace("- &base  #", "- #").replace("description: x", "description: its own")
    taken_over = "<<: &base {description: x, favorite: true}\n"
    assert pulled(desk) == wanted.replace("<<: *base\n", taken_over)


def test_a_value_that_changes_wherever_it_is_used_stays_shared(desk: Desk) -> None:
    """Only where the others keep their value, the anchor leaves."""
    begin(
        desk,
        "tags:\n  - name: &it A\nstudios:\n  - {name: S, tags: [*it]}\n  - &base\n    name: B\n",
    )
    desk.edit("tag", "A", name="New")
    found = desk.pull()
    assert "  - name: &it New\n" in desk.read()
    assert "tags: [*it]" in desk.read()
    assert not found.manual_steps


@pytest.mark.parametrize("former", ["&name A", "A\n    details: &name A"])
def test_a_text_that_was_also_a_name_stays(desk: Desk, former: str) -> None:
    """What merely had the same text as a name does not follow it."""
    text = f"studios:\n  - name: {former}\n  - name: B\n    details: *name\n"
    begin(desk, text)
    desk.edit("studio", "A", name="New")
    desk.pull()
    assert desk.read().startswith("studios:\n  - name: New\n")
    assert "details: &name A\n" in desk.read()
    assert not desk.plan().changes


@pytest.mark.parametrize("other", ["*urls", "[https://a.example, https://c.example]"])
def test_a_list_that_others_share_changes_alone(desk: Desk, other: str) -> None:
    """Also if one of the others changes too: the next one takes the anchor over."""
    text = (
        "studios:\n  - name: A\n    urls: &urls\n      - https://a.example  # one\n"
        "      - https://b.example\n  - name: B\n    urls: *urls\n  - name: C\n    urls: *urls\n"
    )
    begin(desk, text)
    desk.edit("studio", "A", urls=["https://a.example"])
    if other != "*urls":
        desk.edit("studio", "B", urls=["https://a.example", "https://c.example"])
    whole = "&urls [https://a.example, https://b.example]"
    found = pulled(desk)
    assert "    urls:\n      - https://a.example  # one\n  - name: B\n" in found
    wanted = f"urls: {whole}\n  - name: C\n    urls: *urls\n"
    if other != "*urls":
        wanted = f"urls: {other}\n  - name: C\n    urls: {whole}\n"
    assert found.endswith(wanted)


def test_anchors_belong_to_their_document(desk: Desk) -> None:
    """An anchor of the same name in another document shares nothing."""
    text = (
        "tags:\n  - name: A\n    description: &x one\n---\n"
        "studios:\n  - name: S\n    details: &x two\n  - name: T\n    details: *x\n"
    )
    begin(desk, text)
    desk.edit("tag", "A", description="three")
    assert pulled(desk) == text.replace("&x one", "&x three")
    desk.delete("studio", "S")
    assert pulled(desk).endswith("studios:\n  - name: T\n    details: &x two\n")


def test_an_anchor_that_goes_is_passed_on(desk: Desk) -> None:
    """The next alias of a removed item takes over its values, but not its name."""
    begin(
        desk,
        "tags:\n"
        "  - &base\n"
        "    name: A\n"
        "    description: &text |-\n"
        "      two\n"
        "      lines\n"
        "    favorite: true  # for all\n"
        "  - <<: *base  # as A\n"
        "    name: B\n"
        "  - {<<: *base, name: C}\n"
        "  - name: D\n"
        "    description: *text\n",
    )
    desk.delete("tag", "A")
    assert pulled(desk) == (
        "tags:\n"
        '  - <<: &base {description: &text "two\\nlines", favorite: true}  # as A\n'
        "    name: B\n"
        "  - {<<: *base, name: C}\n"
        "  - name: D\n"
        "    description: *text\n"
    )


def test_an_item_that_moves_below_aliases_of_it_leaves_its_values(desk: Desk) -> None:
    """An alias needs its anchor above it, so the first alias is replaced by the value."""
    begin(
        desk,
        "tags:\n"
        "  - name: P\n"
        "    children:\n"
        "      - name: A\n"
        "        description: &text x\n"
        "      - name: B\n"
        "        description: *text\n"
        "  - C\n",
    )
    desk.edit("tag", "A", parent_ids=[desk.ids("tag")["C"]])
    assert pulled(desk) == (
        "tags:\n"
        "  - name: P\n"
        "    children:\n"
        "      - name: B\n"
        "        description: &text x\n"
        "  - name: C\n"
        "    children:\n"
        "      - name: A\n"
        "        description: &text x\n"
    )


BRACES = """\
tags:
  - {  # head
      # above A
      name: A,  # on A
      favorite: true  # on favorite
    }
  - name: B
    children: [{name: C, favorite: true}]
"""


def test_a_key_is_added_on_a_line_of_its_own(desk: Desk) -> None:
    """In braces with one entry per line a new entry gets its own line; comments stay."""
    begin(desk, BRACES)
    desk.create("tag", name="New", parent_ids=[desk.ids("tag")["A"]])
    assert pulled(desk, PullScope(new=True)) == BRACES.replace(
        "true  # on favorite\n", "true,  # on favorite\n      children: [New],\n"
    )


def test_a_commented_item_opens_the_brackets_that_it_goes_to(desk: Desk) -> None:
    """Braces and brackets at the new place become a block, and the item keeps its comments."""
    begin(desk, BRACES + "  - name: P\n    children:\n      # above D\n      - name: D  # on D\n")
    desk.edit("tag", "D", parent_ids=[desk.ids("tag")["C"], desk.ids("tag")["A"]])
    found = pulled(desk)
    assert "# above D" in found
    assert found.count("D  # on D") == 1


def test_braces_with_comments_become_a_block(desk: Desk) -> None:
    """The comment behind the opening brace then stands behind the dash."""
    begin(desk, BRACES + "  - name: P\n    children:\n      # above D\n      - name: D  # on D\n")
    desk.edit("tag", "D", parent_ids=[desk.ids("tag")["A"]])
    assert pulled(desk).startswith(
        "tags:\n"
        "  - # head\n"
        "    # above A\n"
        "    name: A  # on A\n"
        "    favorite: true  # on favorite\n"
        "    children:\n"
        "      # above D\n"
        "      - name: D  # on D\n"
    )


def test_new_children_of_an_item_that_others_merge_are_its_own(desk: Desk) -> None:
    """The others would have them too, so they take over what they merge."""
    begin(desk, "tags:\n  - A\n  - &b\n    name: B\n    favorite: true\n  - {<<: *b, name: C}\n")
    desk.create("tag", name="New", parent_ids=[desk.ids("tag")["B"]])
    assert pulled(desk, PullScope(new=True)) == (
        "tags:\n  - A\n  -\n    name: B\n    favorite: true\n    children:\n      - New\n"
        "  - {<<: &b {favorite: true}, name: C}\n"
    )


def test_new_items_alone_are_read_again(desk: Desk) -> None:
    """A new item that would not be valid becomes a manual step; other changes are written."""
    begin(desk, "tags:\n  - A\n  - name: B\n    aliases: []\n")
    desk.write(desk.read().replace("[]", "[New]"))
    desk.create("tag", name="New", parent_ids=[desk.ids("tag")["B"]])
    desk.create("tag", name="Other", parent_ids=[desk.ids("tag")["A"]])
    found = desk.pull(PullScope(new=True))
    (step,) = found.manual_steps
    assert step.message.startswith('the new tag "New": this is a manual step')
    assert "- name: A\n    children:\n      - Other\n" in desk.read()
    assert desk.read().count("New") == 1


ASKED = """\
tags:
  - &base \t# all of them
    name: A
    favorite: true
  - ? <<
    # as A
    : [*base]  # too
    name: B
"""


def test_comments_around_an_alias_stay(desk: Desk) -> None:
    """Also behind an anchor that goes, whatever white space is between."""
    begin(desk, ASKED)
    desk.edit("tag", "A", favorite=False)
    wanted = ASKED.replace("&base \t#", "#").replace("favorite: true", "favorite: false")
    assert pulled(desk) == wanted.replace("*base", "&base {favorite: true}")


def test_a_list_that_becomes_empty_twice_keeps_the_comment_at_its_bracket(desk: Desk) -> None:
    """The item leaves its named parent and the one that it is nested in."""
    text = (
        "tags:\n  - name: P\n    children:\n      - name: A\n        parents: [  # also\n"
        "          Q\n        ]\n      - C\n  - Q\n"
    )
    begin(desk, text)
    desk.edit("tag", "A", parent_ids=[])
    assert pulled(desk).endswith("  - name: A\n    parents: [  # also\n    ]\n")
