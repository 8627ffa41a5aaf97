"""Write the items of new objects into the texts, all that go below one place at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeAlias

from stashsync.errors import Mark
from stashsync.kinds import KINDS, Key
from stashsync.pull.indenting import insert_items, is_in_blocks
from stashsync.pull.rewrite import ProjectTexts
from stashsync.pull.writing.blocks import Content, item_lines, name_of, section_text
from stashsync.pull.writing.outline import ItemNode
from stashsync.render.phrases import few

Destination: TypeAlias = tuple[str, Key | None, str]
"""A kind, the key of the object that items go below if any, and the file that they go to else."""


def add_items(texts: ProjectTexts, contents: Mapping[Destination, Sequence[Content]]) -> None:
    """Put items of new objects below others, or to the end of their section in a file.

    Those that go below items in block style are written at once: composing is what takes its time.
    """
    nested: dict[str, list[tuple[ItemNode, list[str], str]]] = {}
    others: list[tuple[str, str, Key | None, list[str], str]] = []
    # New files come last: what is in them is not to be searched for the parents of others.
    for (kind, below, file), items in sorted(contents.items(), key=lambda each: each[0][1] is None):
        if below is None and file not in texts.files:
            texts.files[file] = section_text(KINDS[kind].plural, items, file)
            continue
        names = few([name_of(content) for content in items], lambda name: f'"{name}"')
        what = f"the new {kind} {names}"
        lines = [line for content in items for line in item_lines(content, 0)]
        place = texts.find(kind, below) if below is not None else None
        if place is not None and is_in_blocks(place[1]):
            nested.setdefault(place[0], []).append((place[1], lines, what))
        else:
            others.append((file, kind, below, lines, what))
    for file, found in nested.items():
        with texts.manual_if_refused(Mark(file), file), texts.splicer_of(file) as splicer:
            # What is nested deeper goes first: it may end on the same line.
            for item, lines, what in sorted(found, key=lambda each: -each[0].node.column):
                mark = splicer.mark()
                with texts.manual_if_refused(Mark(file), what, partial(splicer.undo, mark)):
                    insert_items(splicer, item, lines)
    for file, kind, below, lines, what in others:
        with texts.manual_if_refused(Mark(file), what):
            texts.paste(file, kind, below, lines)
