"""The keys of an item that say what becomes of its object, spliced into the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from stashsync.errors import Mark
from stashsync.fields.names import fold, trim
from stashsync.kinds import KINDS, Key
from stashsync.manifest.extras import ABSENT
from stashsync.manifest.nodes import Node, dash_line
from stashsync.pull.accepting import expand
from stashsync.pull.placing import Place
from stashsync.pull.rewrite import ProjectTexts
from stashsync.pull.writing.brackets import name_in_brackets
from stashsync.pull.writing.edits import REMOVED, ManualStepError
from stashsync.pull.writing.outline import ItemNode, Outline
from stashsync.pull.writing.scalars import inline
from stashsync.pull.writing.splice import Splicer

RENAMED_FROM = "renamed_from"
KEEP_OLD_NAME = "keep_old_name"


def write_former_names(
    texts: ProjectTexts, kind: str, key: Key, gone: str | None, come: str | None
) -> None:
    """Take a name out of `renamed_from`, and add one; a key that is left without any goes.

    Each is undone by the other, to the letter: a bare name becomes `{name: …, renamed_from: …}`
    and is a bare name again, a single former name becomes the last of a list.

    Raises:
        ManualStepError: they are written elsewhere.
    """
    file, item = texts.get(kind, key)
    node = item.node.get(RENAMED_FROM)
    if node is None or node.type == "alias":
        if node is not None or gone is not None:
            raise ManualStepError(f"`{RENAMED_FROM}` is written elsewhere")
        _add_former_name(texts, file, item, come or "")
        return
    written = node.items if node.type == "list" else [node]
    if any(each.type != "scalar" for each in written):
        raise ManualStepError(f"`{RENAMED_FROM}` has mappings")
    names = [trim(each.value) for each in written]
    left = [name for name in names if name and (gone is None or fold(name) != fold(gone))]
    wanted = [*left, come] if come is not None else left
    if not wanted:
        _remove_former_names(texts, kind, key)
        return
    with texts.splicer_of(file) as splicer:
        if node.type == "list":
            _write_list(splicer, item.node, node, gone, wanted)
        elif len(wanted) == 1:
            splicer.set_value(item.node, node, wanted[0])
        else:
            text = name_in_brackets(splicer.text, replace(node, start=node.content))
            whole = f"[{inline(come, flow=True)}, {text}]"
            splicer.replace(node.content, node.end, whole)


def _write_list(
    splicer: Splicer, around: Node, node: Node, gone: str | None, wanted: Sequence[str]
) -> None:
    """Write a list of former names; one that a single name had become is that name again."""
    first = trim(node.items[0].value) if node.items else ""
    if node.flow and len(wanted) == 1 and gone is not None and fold(first) == fold(gone):
        last = node.items[-1]
        splicer.replace(node.content, node.end, splicer.text[last.start : last.end])
    else:
        splicer.set_members(around, RENAMED_FROM, wanted, {})


def _add_former_name(texts: ProjectTexts, file: str, item: ItemNode, name: str) -> None:
    node = item.node
    with texts.splicer_of(file) as splicer:
        if node.type == "map":
            splicer.leave_if_shared(node)
            splicer.add_entry(node, RENAMED_FROM, name, before="children")
            return
        text = name_in_brackets(splicer.text, node)
        whole = f"{{name: {text}, {RENAMED_FROM}: {inline(name, flow=True)}}}"
        text = splicer.text[node.start : node.end]  # a block may keep line breaks behind it
        splicer.replace(node.start, node.start + len(text.rstrip(" \r\n")), whole)


def _remove_former_names(texts: ProjectTexts, kind: str, key: Key) -> None:
    """Remove the keys about former names; `{name: …}` that is left of a bare name is one again."""
    for name in (RENAMED_FROM, KEEP_OLD_NAME):
        file, item = texts.get(kind, key)
        left = [entry for entry, _ in item.node.entries if entry.value != name]
        if len(left) == len(item.node.entries):
            continue
        if not (item.node.flow and [entry.value for entry in left] == ["name"]):
            texts.set_values(kind, key, {name: REMOVED})
            continue
        with texts.splicer_of(file) as splicer:
            written = item.node.get("name")
            assert written is not None
            text = splicer.text[written.start : written.end]
            splicer.replace(item.node.content, item.node.end, text)


def write_id(texts: ProjectTexts, kind: str, key: Key, identifier: str) -> None:
    """Let an item name its object by id; what it was called before counts no more.

    Raises:
        ManualStepError: a place of the item is written elsewhere.
    """
    texts.set_values(kind, key, {"id": int(identifier)})
    _remove_former_names(texts, kind, key)


def write_absent(texts: ProjectTexts, kind: str, key: Key, content: dict[str, Any]) -> None:
    """Let an item say that its object is to be deleted; it stands outside of `children`.

    `content` is the whole item, `state` last. What the item has of it stays as it is written.

    Raises:
        ManualStepError: the item cannot be taken apart.
    """
    file, item = texts.get(kind, key)
    around = [other.parent.key for _, other in texts.places(kind, key) if other.parent is not None]
    mark = Mark(file, item.node.line + 1, item.node.column + 1)
    texts.move(Place(kind, key, around, None), mark)
    texts.pass_on_anchors(*texts.get(kind, key))
    file, item = texts.get(kind, key)
    if item.node.anchor is not None:
        with texts.splicer_of(file) as splicer:
            splicer.leave(item.node)
        file, item = texts.get(kind, key)
    node = item.node
    with texts.splicer_of(file) as splicer:
        if node.type == "scalar":
            expand(splicer, item, content)
        elif node.flow:
            kept = [
                splicer.text[name.begin : value.end]
                for name, value in node.entries
                if name.value in content
            ]
            whole = ", ".join([*kept, f"state: {ABSENT}"])
            splicer.replace(node.content, node.end, f"{{{whole}}}")
        else:
            first, behind = splicer.outline.extent(item.container, item.index)
            dash = dash_line(splicer.outline.lines, item.container, node)
            lines = splicer.outline.lines
            above = [lines.get(number) for number in range(first, dash)]
            new = [*above, *_absent_lines(splicer.outline, node, dash, content)]
            end = lines.starts[behind - 1] + len(lines.get(behind - 1))
            splicer.replace(lines.starts[first], end, splicer.newline.join(new))


def _absent_lines(outline: Outline, node: Node, dash: int, content: dict[str, Any]) -> list[str]:
    """Return the lines of a block item that keeps only the keys of `content`."""
    lines, column = outline.lines, node.indent
    kept = [
        lines.get(number)
        for position, (name, _) in enumerate(node.entries)
        if name.value in content
        for number in range(*outline.entry_extent(node, position))
    ]
    first = next(at for at, line in enumerate(kept) if not line.lstrip().startswith("#"))
    margin = lines.get(dash).partition("-")[0]
    above = [margin + comment.lstrip() for comment in kept[:first]]
    if dash == node.line:
        above.append(lines.get(dash)[:column] + kept[first][column:])
    else:  # the item begins below its dash
        above += [*(lines.get(number) for number in range(dash, node.line)), kept[first]]
    return [*above, *kept[first + 1 :], f"{' ' * column}state: {ABSENT}"]


def absent_content(kind: str, values: dict[str, Any], identifier: str | None) -> dict[str, Any]:
    """Return an item with `state: absent`, with what tells its object from others."""
    telling = {name: values[name] for name in KINDS[kind].key_fields if values.get(name)}
    number = {"id": int(identifier)} if identifier else {}
    return {**telling, **number, "state": ABSENT}
