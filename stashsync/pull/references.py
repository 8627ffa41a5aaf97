"""The names in reference fields, replaced or taken out in all files of a project.

The nodes that hold a name are changed where they are written: an anchor counts for every place
that uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from stashsync.errors import Mark
from stashsync.fields import ObjectFilter, Value
from stashsync.fields.names import fold, trim
from stashsync.fields.references import is_pair, reference_list
from stashsync.kinds import Key
from stashsync.manifest.nodes import Node
from stashsync.pull.excerpts import longest_word, may_name
from stashsync.pull.rewrite import ProjectTexts
from stashsync.pull.writing.edits import ManualStepError
from stashsync.pull.writing.outline import ItemNode
from stashsync.pull.writing.splice import Splicer

Replaced: TypeAlias = Mapping[tuple[str, str], str | None]
"""New names by kind and folded old name; None takes a reference out."""


def replace_references(
    texts: ProjectTexts, replaced: Replaced, only: Collection[tuple[str, Key]] | None = None
) -> None:
    """Replace names wherever an item refers to them; what cannot be is a manual step.

    `only` are the kinds and keys of the items that are changed, if not all of them are.
    """
    words = [longest_word(name) for _, name in replaced]
    for file in sorted(texts.files):
        if not may_name(texts.files[file], words):
            continue
        with texts.splicer_of(file) as splicer:
            for item in splicer.outline.items:
                if only is not None and (item.kind.name, item.key) not in only:
                    continue
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
    for name, meaning in item.kind.inner.items():
        _replace_inner(splicer, item, name, meaning, replaced)


def _replace_inner(
    splicer: Splicer, item: ItemNode, name: str, meaning: ObjectFilter, replaced: Replaced
) -> None:
    """Replace names in the criteria of a filter."""
    node = item.node.get(name)
    if node is None or node.type != "map":
        return
    for key, criterion in node.entries:
        value = criterion.get("value")
        places = [(node, key.value), (criterion, "value")]
        places += [(value, part) for part in ("items", "excluded")] if value is not None else []
        for around, part in places:
            target = meaning.kind_in(key.value, flat=around is criterion)
            if target is not None:
                _rewrite(splicer, around, part, target, replaced)


def _rewrite(
    splicer: Splicer,
    around: Node,
    name: str,
    target: str,
    replaced: Replaced,
    without: Collection[str] = (),
) -> set[str]:
    """Replace names in the list under a key; return the folded names that it then has.

    Raises:
        ManualStepError: members are written elsewhere.
    """
    node = around.get(name)
    if node is None or node.type != "list":
        return set()
    written = [splicer.named_by(member, target) for member in node.items]
    members = [trim(member.value) for member in written]
    if not without and not any((target, fold(text)) in replaced for text in members):
        return {fold(text) for text in members}
    renamed = _followed(members, target, replaced, without)
    wanted = list(renamed.values())
    if wanted != members:
        if any(member.type != "scalar" for member in written):
            raise ManualStepError(f"members of `{name}` are written elsewhere")
        splicer.set_members(around, name, wanted, renamed, part=target)
    return {fold(text) for text in wanted}


def _followed(
    members: Sequence[str], target: str, replaced: Replaced, without: Collection[str]
) -> dict[str, str]:
    """Return the new names of those members that stay; one that is there already is not added."""
    names = {text: replaced.get((target, fold(text)), text) for text in members}
    seen = {
        fold(text) for text, new in names.items() if new is not None and fold(new) == fold(text)
    }
    found: dict[str, str] = {}
    for text, new in names.items():
        if new is None or fold(new) in without:
            continue
        if fold(new) == fold(text) or fold(new) not in seen:
            found[text] = new
            seen.add(fold(new))
    return found


def _members_after(
    members: Sequence[Any], target: str, replaced: Replaced, without: Collection[str] = ()
) -> list[Any]:
    """Return the members with the names replaced; those with a value of their own in order."""
    if not any(map(is_pair, members)):
        return sorted(_followed(members, target, replaced, without).values())
    names = _followed([name for name, *_ in members], target, replaced, without)
    return [[names[name], *rest] for name, *rest in members if name in names]


def names_after(replaced: Replaced) -> Callable[[str, str], str | None]:
    """Return what becomes of a name, by kind and name."""
    return lambda kind, name: replaced.get((kind, fold(name)), name)


def followed(value: Value, target: str, replaced: Replaced) -> Value:
    """Return the value of a reference field with the names replaced."""
    if isinstance(value, dict):
        added = _members_after(value.get("add", ()), target, replaced)
        there = {fold(new) for new in reference_list(added)}
        removed = _members_after(value.get("remove", ()), target, replaced, there)
        return {"add": added, "remove": removed}
    if isinstance(value, list):
        return _members_after(value, target, replaced)
    return replaced.get((target, fold(value)), value) if value is not None else None
