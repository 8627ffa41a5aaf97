"""The names in reference fields, replaced or taken out in all files of a project.

The nodes that hold a name are changed where they are written: an anchor counts for every place
that uses it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import TypeAlias

from stashsync.errors import Mark
from stashsync.fields.names import fold, trim
from stashsync.manifest.nodes import Node
from stashsync.pull.rewrite import ProjectTexts, longest_word, may_name
from stashsync.pull.writing.outline import ItemNode
from stashsync.pull.writing.splice import ManualStepError, Splicer

Replaced: TypeAlias = Mapping[tuple[str, str], str | None]
"""New names by kind and folded old name; None takes a reference out."""


def replace_references(texts: ProjectTexts, replaced: Replaced) -> None:
    """Replace names wherever an item refers to them; what cannot be is a manual step."""
    words = [longest_word(name) for _, name in replaced]
    for file in sorted(texts.files):
        if not may_name(texts.files[file], words):
            continue
        with texts.splicer_of(file) as splicer:
            for item in splicer.outline.items:
                mark = Mark(file, item.node.line + 1, item.node.column + 1)
                what = f'the references of {item.kind.name} "{item.key[0]}"'
                edits = splicer.mark()
                with texts.manual_if_refused(mark, what, partial(splicer.undo, edits)):
                    _replace(splicer, item, replaced)


def _replace(splicer: Splicer, item: ItemNode, replaced: Replaced) -> None:
    for name, spec in item.kind.references.items():
        node, target = item.node.get(name), spec.meaning.references() or ""
        if node is None or node.type == "alias":
            continue
        if node.type == "scalar":
            old = (target, fold(trim(node.value)))
            if old in replaced:
                splicer.set_field(item, name, replaced[old])
            continue
        around, added = (item.node, name) if node.type == "list" else (node, "add")
        kept = _rewrite(splicer, around, added, target, replaced)
        if node.type == "map":  # what is added is removed no more
            _rewrite(splicer, node, "remove", target, replaced, kept)


def _rewrite(
    splicer: Splicer,
    around: Node,
    name: str,
    target: str,
    replaced: Replaced,
    without: Collection[str] = (),
) -> set[str]:
    """Replace names in the list under a key; return the folded names that it then has.

    A name that is there already is not added.

    Raises:
        ManualStepError: members are written elsewhere.
    """
    node = around.get(name)
    if node is None or node.type != "list":
        return set()
    members = [trim(member.value) for member in node.items]
    present = {fold(text) for text in members}
    wanted: list[str] = []
    renamed: dict[str, str] = {}
    for text in members:
        new = replaced.get((target, fold(text)), text)
        same = new is not None and fold(new) == fold(text)
        if new is None or fold(new) in without or (not same and fold(new) in present):
            continue
        present.add(fold(new))
        wanted.append(new)
        if new != text:
            renamed[text] = new
    if wanted != members:
        if any(member.type != "scalar" for member in node.items):
            raise ManualStepError(f"members of `{name}` are written elsewhere")
        splicer.set_members(around, name, wanted, renamed)
    return {fold(text) for text in wanted}
