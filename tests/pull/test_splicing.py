"""A pull changes only the values that differ; every other byte of a manifest stays."""

from __future__ import annotations

import pytest

from stashsync.manifest import load
from stashsync.pull.export import PullScope
from stashsync.pull.formatting import format_project
from stashsync.state import ChangedBy
from tests.pull.desk import Desk
from tests.support.servers import assert_complete, carry_out, plan_for


def begin(desk: Desk, text: str) -> None:
    """Write a manifest, apply it, and make a baseline."""
    desk.write(text)
    assert_complete(carry_out(plan_for(desk.root, desk.server), desk.server, desk.root))
    desk.agree()


def pulled(desk: Desk, wanted: PullScope = PullScope()) -> str:  # noqa: B008  # frozen
    """Pull; check that no manual step and no change is left; return the file."""
    found = desk.pull(wanted)
    assert not found.manual_steps, found.manual_steps
    assert not desk.plan().changes
    assert not desk.pull(wanted).files
    return desk.read()


STYLES = """\
# The tags of this library.
tags:   # a section

  # cameras first
  - name: "Camera"      # how
    description: 'How it was filmed'   # quoted
    aliases: [ Kamera,  Cam ]  # in a row
    children:
        # far away
        - Wide shot   # bare
        - {name: Drone, description: from above}
        - name: Close-up
          aliases:
            - Tight shot   # first
            # between
            - Close shot

  - name: Travel
    description: |
      Two lines
      of text
"""


def test_a_quoted_text_stays_quoted(desk: Desk) -> None:
    """A new text keeps the quotes or the block form of the old one; comments stay."""
    begin(desk, STYLES)
    desk.edit("tag", "Camera", description="It's new")
    desk.edit("tag", "Travel", description="Other\nlines\n\nhere")
    desk.edit("tag", "Drone", description="from: below")
    assert pulled(desk) == STYLES.replace("'How it was filmed'", "'It''s new'").replace(
        "description: |\n      Two lines\n      of text\n",
        "description: |\n      Other\n      lines\n\n      here\n",
    ).replace("from above", "'from: below'")


def test_a_comment_on_a_block_stays(desk: Desk) -> None:
    """The comment behind the block's indicator stays, also if there is no text any more."""
    text = "tags:\n  - name: A\n    description: |-   # why\n      one\n      two\n"
    begin(desk, text)
    desk.edit("tag", "A", description="three\nfour")
    assert pulled(desk) == text.replace("one", "three").replace("two", "four")
    desk.edit("tag", "A", description="five")
    assert pulled(desk) == "tags:\n  - name: A\n    description: |-   # why\n      five\n"
    desk.edit("tag", "A", description="")
    assert pulled(desk) == "tags:\n  - name: A\n    description: null   # why\n"


def test_members_come_and_go_in_the_style_of_their_list(desk: Desk) -> None:
    """A removed member takes its comment along; the other members and comments stay."""
    begin(desk, STYLES)
    desk.edit("tag", "Camera", aliases=["Cam", "Lens"])
    desk.edit("tag", "Close-up", aliases=["Close shot", "Macro: near"])
    assert pulled(desk) == STYLES.replace("[ Kamera,  Cam ]", "[ Cam, Lens ]").replace(
        "            - Tight shot   # first\n", ""
    ).replace("            # between\n", "            # between\n").replace(
        "- Close shot\n", "- Close shot\n            - 'Macro: near'\n"
    )


def test_a_rename_is_followed_wherever_the_name_stands(desk: Desk) -> None:
    """A renamed tag is renamed in its item, in `children` and in references."""
    text = STYLES + 'studios:\n  - name: Studio\n    tags: [Drone, "Wide shot"]  # both\n'
    begin(desk, text)
    desk.edit("tag", "Wide shot", name="Long shot")
    assert pulled(desk) == text.replace("- Wide shot ", "- Long shot ").replace(
        '"Wide shot"', '"Long shot"'
    )


def test_an_item_moves_with_all_that_belongs_to_it(desk: Desk) -> None:
    """Comments, subtree and style move along, indented for the new place."""
    text = """\
tags:
  - name: A
    children:
      # about B
      - name: B   # b
        children:
          - C
          # the end of B
      - D
  - name: E
"""
    begin(desk, text)
    desk.edit("tag", "B", parent_ids=[desk.ids("tag")["E"]])
    assert (
        pulled(desk)
        == """\
tags:
  - name: A
    children:
      - D
  - name: E
    children:
      # about B
      - name: B   # b
        children:
          - C
          # the end of B
"""
    )


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (
            "tags:\n  - A\n  - B\n  - C\n  - name: D\n    aliases: [d]\n    parents: [A, B]\n",
            "tags:\n  - A\n  - B\n  - C\n"
            "  - name: D\n    aliases: [d, 'new a: b # c']\n    parents: [C]\n",
        ),
        (
            "tags:\n  - name: A\n    children:\n"
            "      - name: D   # d\n        aliases:\n          - d\n        parents: [B]\n"
            "  - B\n  - C\n",
            "tags:\n  - name: A\n  - B\n  - name: C\n    children:\n"
            "      - name: D   # d\n        aliases:\n          - d\n          - 'new a: b # c'\n",
        ),
    ],
    ids=["by its parents", "by its place"],
)
def test_an_item_that_moves_takes_its_new_members_along(desk: Desk, text: str, after: str) -> None:
    """A move and new list members are written by the same pull."""
    begin(desk, text)
    desk.edit("tag", "D", aliases=["d", "new a: b # c"], parent_ids=[desk.ids("tag")["C"]])
    assert pulled(desk) == after


def test_a_studio_that_moves_stays_a_bare_name(desk: Desk) -> None:
    """Nesting gives the parent already, so no `parent` is written."""
    begin(desk, "studios:\n  - name: A\n    children:\n      - B\n      - C   # c\n  - D\n")
    desk.edit("studio", "C", parent_id=desk.ids("studio")["D"])
    assert pulled(desk) == (
        "studios:\n  - name: A\n    children:\n      - B\n"
        "  - name: D\n    children:\n      - C   # c\n"
    )


@pytest.mark.parametrize("written", ["wide SHOT", '"Wide\\x20shot"', "'Wide\n          shot'"])
def test_a_bare_name_is_renamed_however_it_is_written(desk: Desk, written: str) -> None:
    """The name is found in another file, in another case, folded, or with escapes."""
    begin(desk, "tags:\n  - name: Wide shot\n    description: x\n  - Other\n")
    desk.write(f"tags:\n  - name: Home\n    children:\n      - {written}\n", "more.yaml")
    assert_complete(carry_out(plan_for(desk.root, desk.server), desk.server, desk.root))
    desk.agree()
    desk.edit("tag", "Wide shot", name="Long shot")
    assert not desk.pull().manual_steps
    assert not desk.plan().changes
    assert "Long shot" in desk.read("more.yaml")
    assert "name: Long shot" in desk.read()


def test_what_is_gone_goes_with_its_comments(desk: Desk) -> None:
    """A deleted object's item goes with its comments; its children keep theirs elsewhere."""
    begin(desk, STYLES)
    desk.delete("tag", "Camera")
    desk.delete("tag", "Drone")
    text = pulled(desk)
    assert "Camera" not in text
    assert "Drone" not in text
    assert "- Wide shot   # bare" in text or "name: Wide shot" in text
    assert "# between" in text


def test_a_cleared_value_is_null(desk: Desk) -> None:
    """A cleared field stays managed: as null, `false`, or an empty list."""
    text = "tags:\n  - name: A\n    description: x\n    favorite: true\n    aliases: [b]\n"
    begin(desk, text)
    desk.edit("tag", "A", description="", favorite=False, aliases=[])
    assert pulled(desk) == (
        "tags:\n  - name: A\n    description: null\n    favorite: false\n    aliases: []\n"
    )


def test_windows_line_ends_and_a_byte_order_mark_stay(desk: Desk) -> None:
    """New lines end like the others of the file."""
    text = "\ufefftags:\r\n  - name: A\r\n    aliases:\r\n      - x\r\n  - name: B # c\r\n"
    begin(desk, text)
    desk.edit("tag", "A", aliases=["x", "z"])
    desk.pull()
    assert desk.read() == text.replace("- x\r\n", "- x\r\n      - z\r\n")


def test_a_value_behind_an_anchor_is_overridden_where_it_is_used(desk: Desk) -> None:
    """The new value is written beside a merge key, and in place of an alias."""
    text = """\
tags:
  - &base
    name: A
    description: &text shared
    ignore_auto_tag: true
  - <<: *base
    name: B
  - name: C
    description: *text
"""
    begin(desk, text)
    desk.edit("tag", "B", description="mine")
    desk.edit("tag", "C", description="its own")
    assert pulled(desk) == text.replace(
        "    name: B\n", "    name: B\n    description: mine\n"
    ).replace("*text", "its own")


def test_a_value_from_elsewhere_is_a_manual_step(desk: Desk) -> None:
    """Writing it would lose where it comes from; all other changes are written."""
    text = """\
tags:
  - name: A
    description: !env NOWHERE the default
  - name: C
    description: c
"""
    begin(desk, text)
    desk.edit("tag", "A", description="mine")
    desk.edit("tag", "C", description="d")
    found = desk.pull()
    assert [step.mark.line for step in found.manual_steps if step.mark] == [2]
    assert desk.read() == text.replace("description: c", "description: d")
    # The manual step for A is still open, so A stays the server's change; C was pulled.
    desk.write(desk.read().replace("description: d", "description: ours"))
    by_name = {
        difference.desired.name: difference.changed_by
        for difference in desk.pull(write=False).differences
    }
    assert by_name == {"A": ChangedBy.SERVER, "C": ChangedBy.MANIFEST}


def test_new_objects_stay_out_unless_they_are_asked_for(desk: Desk) -> None:
    """Asked for, they are nested in their parents or added at the end of their section."""
    text = "tags:\n  - A   # a\n  - name: B\n    children: [C]\n"
    begin(desk, text)
    ids = desk.ids("tag")
    desk.create("tag", name="D", parent_ids=[ids["A"]], description="x")
    desk.create("tag", name="E: e", parent_ids=[ids["B"]])
    desk.create("tag", name="F")
    assert desk.pull().files == {}
    assert (
        pulled(desk, PullScope(new=True))
        == """\
tags:
  - name: A   # a
    children:
      - name: D
        description: x
  - name: B
    children: [C, 'E: e']
  - F
"""
    )


def test_each_side_keeps_its_own_changes(desk: Desk) -> None:
    """The manifest's changes stay in the plan; the server's are written to the file."""
    begin(
        desk,
        "tags:\n  - name: A\n    description: a\n    aliases: [x, v]\n"
        "  - name: B\n    description: b\n",
    )
    desk.write(
        "tags:\n  - name: A\n    description: a\n    aliases: [x, z]\n"
        "  - name: B\n    description: ours\n  - New\n"
    )
    desk.edit("tag", "A", description="theirs", aliases=["x", "v", "w"])
    found = desk.pull()
    assert desk.read() == (
        "tags:\n  - name: A\n    description: theirs\n    aliases: [x, z, w]\n"
        "  - name: B\n    description: ours\n  - New\n"
    )
    sides = {
        (difference.desired.name, difference.field): difference.changed_by
        for difference in found.differences
    }
    assert sides["B", "description"] is ChangedBy.MANIFEST
    assert sides["New", ""] is ChangedBy.MANIFEST
    assert sides["A", "description"] is ChangedBy.SERVER


@pytest.mark.parametrize("theirs", [False, True])
def test_a_change_on_both_sides_is_decided_once(desk: Desk, theirs: bool) -> None:
    """A conflict that the manifest won is the manifest's change in the next pull."""
    begin(desk, "tags:\n  - name: A\n    description: a\n")
    desk.write("tags:\n  - name: A\n    description: ours\n")
    desk.edit("tag", "A", description="theirs")
    asked = []

    def choose(difference: object) -> bool:
        asked.append(difference)
        return theirs

    desk.pull(choose=choose)
    assert len(asked) == 1
    assert desk.read() == f"tags:\n  - name: A\n    description: {'theirs' if theirs else 'ours'}\n"
    assert not desk.pull().files


def test_what_comes_from_a_variable_is_not_overwritten(desk: Desk) -> None:
    """Neither a pull nor `fmt` replaces `!secret`, so no secret gets into the file."""
    (desk.root / "secrets.yaml").write_text("words: hidden\n")
    text = (
        "tags:\n  - name: A\n    description:   !secret words  # c\n"
        "  - name: B\n    description: b\n"
    )
    begin(desk, text)
    desk.edit("tag", "A", description="other")
    desk.edit("tag", "B", description="other")
    found = desk.pull()
    assert ["`!env` or `!secret` stands here" in step.message for step in found.manual_steps] == [
        True
    ]
    assert desk.read() == text.replace("description: b", "description: other")
    formatted = format_project(desk.root, "manifests", load(desk.root))
    assert formatted.files["manifests/tags.yaml"].decode() == desk.read().replace(":   !", ": !")


def test_what_is_added_within_a_value_and_below_it_keeps_its_place(desk: Desk) -> None:
    """An item gets a key of its own and one in its last map, which end on the same line."""
    begin(
        desk,
        "tags:\n  - name: A\n    stash_ids:\n      https://one.example: x\n  - B\n",
    )
    desk.edit(
        "tag",
        "A",
        description="d: e",
        stash_ids=[
            {"endpoint": "https://one.example", "stash_id": "x"},
            {"endpoint": "https://two.example", "stash_id": "z"},
        ],
    )
    assert pulled(desk, PullScope(all_fields=True)) == (
        "tags:\n"
        "  - name: A\n"
        "    stash_ids:\n"
        "      https://one.example: x\n"
        "      https://two.example: z\n"
        "    description: 'd: e'\n"
        "  - B\n"
    )


def test_new_objects_join_a_file_of_comments(desk: Desk) -> None:
    """Its comments belonged to nothing yet; they stay."""
    begin(desk, "tags:\n  - A\n")
    desk.write("# Mine\n", "new.yaml")
    desk.create("tag", name="B")
    desk.pull(PullScope(new=True, into="manifests/new.yaml"))
    assert desk.read("new.yaml") == "# Mine\ntags:\n  - B\n"
