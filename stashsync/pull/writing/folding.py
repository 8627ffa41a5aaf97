"""The lines of folded blocks: a new text breaks where the old one did.

description: >        a line break between lines is a space,
how it was          a blank line is a line break
filmed

where
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from textwrap import wrap
from typing import Final

from stashsync.fields.names import trim

_NARROWEST: Final = 20
"""Columns that lines have at least when a text is wrapped anew."""

_FAR_TOO_WIDE: Final = 1.5
"""The part of the width from which on a changed paragraph is wrapped anew."""


def refolded(body: Sequence[str], old: str, new: str) -> list[str]:
    """Return the lines of a folded block with a new text; none if such a block cannot have it.

    `body` are the lines of the old text without their indentation. Paragraphs that stay keep their
    lines, and changed ones their breaks. Others are no wider than the old ones.
    """
    texts = new.split("\n")
    if any(text != " ".join(text.split()) for text in texts):
        return []
    before = _paragraphs(body)
    if "\n".join(" ".join(lines) for lines in before) != trim(old):
        before = []
    width = max(_NARROWEST, *(len(line) for line in [*body, ""]))
    found: list[str] = []
    for number, lines in enumerate(_matched(before, texts, width)):
        found += ["", *lines] if number else lines
    return found


def _paragraphs(body: Sequence[str]) -> list[list[str]]:
    """Return the lines of each line of text; a blank line ends one."""
    found: list[list[str]] = [[]]
    for line in body:
        if line:
            found[-1].append(line)
        else:
            found.append([])
    return found


def _matched(
    before: Sequence[list[str]], texts: Sequence[str], width: int
) -> Iterator[Sequence[str]]:
    matcher = SequenceMatcher(None, [" ".join(lines) for lines in before], texts, autojunk=False)
    for _, start, end, first, behind in matcher.get_opcodes():
        known = iter([lines for lines in before[start:end] if lines])
        for text in texts[first:behind]:
            former = next(known, None) if text else None
            lines = _broken_as(former, text) if former is not None else []
            if not lines or max(map(len, lines)) > _FAR_TOO_WIDE * width:
                lines = wrap(text, width, break_long_words=False, break_on_hyphens=False)
            yield lines


def _broken_as(lines: Sequence[str], text: str) -> list[str]:
    """Return the lines of a text that breaks where others did."""
    before = [(word, number) for number, line in enumerate(lines) for word in line.split(" ")]
    words = text.split(" ")
    found: list[list[str]] = [[] for _ in lines]
    matcher = SequenceMatcher(None, [word for word, _ in before], words, autojunk=False)
    for _, start, end, first, behind in matcher.get_opcodes():
        for offset, word in enumerate(words[first:behind]):
            at = max(min(start + offset, end - 1), 0)  # what is inserted follows the word before
            found[before[at][1]].append(word)
    return [" ".join(line) for line in found if line]
