"""Lists in brackets and items in braces, written as blocks: they get members with comments.

children: [  # two            children:  # two
  {name: Drone},  # one   ──▶    - {name: Drone}  # one
]
"""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.manifest.nodes import Node
from stashsync.pull.writing.blocks import STEP
from stashsync.pull.writing.edits import ManualStepError
from stashsync.pull.writing.outline import ItemNode
from stashsync.pull.writing.splice import Splicer


def unfold(splicer: Splicer, around: Node, items: Node, lines: Sequence[str]) -> None:
    """Write a list in brackets, a value of `around`, as a block list that ends in `lines`."""
    known = splicer.outline.lines
    pad = " " * (around.indent + STEP)
    body = [line for n in range(len(items.items)) for line in splicer.member_lines(items, n)]
    opening, inside = splicer.comments_in(items, items)
    last = known.of(items.end - 1)
    end = known.starts[last] + len(known.get(last))
    of_key = [text for text in (opening, splicer.text[items.end : end].strip()) if text]
    start = len(splicer.text[: items.content].rstrip(" "))
    key = around.key_of(items)
    head = items.start if items.content > items.start else known.colon(key) or key.end
    above = known.of(head) + 1
    first: list[str] = []
    if start in known.starts[above:]:
        between = (known.get(number).strip() for number in range(above, known.of(start)))
        inside = [*(text for text in between if text), *inside]
        start = known.starts[above]
    else:
        first = [f"  {of_key.pop(0)}" if of_key else ""]
    whole = [pad + line if line.strip() else line for line in [*body, *lines, *inside]]
    splicer.replace(start, end, splicer.newline.join([*first, *whole]))
    if of_key:
        _put_above(splicer, known.column(key.begin), key, of_key)


def _put_above(splicer: Splicer, column: int, key: Node, comments: Sequence[str]) -> None:
    """Put comments right above a key, below its dash if it begins behind one."""
    line = splicer.outline.lines.of(key.begin)
    new = [" " * column + comment for comment in comments]
    if splicer.outline.is_behind(line, column):
        start = len(splicer.text[: key.begin].rstrip(" "))
        splicer.replace(start, key.begin, splicer.newline.join(["", *new, " " * column]))
    else:
        splicer.insert_lines(line, new)


def can_unfold(item: ItemNode) -> bool:
    """Whether an item in braces would be the same as a block mapping."""
    node = item.node
    return not (item.container.flow or node.anchor or node.entries[0][0].value != "name")


def unfold_item(splicer: Splicer, item: ItemNode, lines: Sequence[str]) -> None:
    """Write an item in braces as a block mapping that ends in `lines`, indented by its column.

    Raises:
        ManualStepError: that would not be the same item.
    """
    node, known = item.node, splicer.outline.lines
    if not can_unfold(item):
        raise ManualStepError("its comments do not fit into the brackets that it goes to")
    pad = " " * node.column
    listed = splicer.outline.as_list(node)
    entries = [
        line
        for index in range(len(listed.items))
        for line in splicer.member_lines(listed, index, sign="")
    ]
    end = known.starts[known.of(node.end)] + len(known.get(known.of(node.end)))
    opening, inside = splicer.comments_in(node, listed)
    behind = splicer.text[node.end : end].strip()
    comments = [text for text in (opening, *inside, behind) if text]
    if len(comments) == 1 and not entries[0].startswith("#") and "#" not in entries[0]:
        entries[0] += f"  {comments.pop()}"
    if comments or entries[0].startswith("#"):  # the dash stands alone
        entries = [*comments, *entries]
        entries[0] = entries[0] if comments else f"{splicer.newline}{pad}{entries[0]}"
    below = [pad + line if line.strip() else line for line in [*entries[1:], *lines]]
    whole = [entries[0], *below]
    splicer.replace(node.start, end, splicer.newline.join(whole))
