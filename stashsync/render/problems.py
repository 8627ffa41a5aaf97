"""Errors for people: what, where with the line and a caret, and what to do.

Error: there is no tag "Camrea"
  manifests/tags.yaml:12:16
       12 |     parents: [Camrea]
          |               ^
  did you mean "Camera"?
"""

from __future__ import annotations

from typing import Final

from stashsync.errors import Mark, Problem, Problems, StashError
from stashsync.render.safe import inert, lines
from stashsync.render.style import PLAIN, Style

_WINDOW: Final = 100
"""How many columns of a long line are shown around the place."""
_LEFT: Final = 40
_TAB: Final = 4


def problems_text(error: Problems, style: Style = PLAIN) -> str:
    """Return every problem, then their number, ending in a newline."""
    parts = [problem_text(problem, style=style) for problem in error.problems]
    end = f"{inert(error.message)}."
    if error.hint:
        end += f" {inert(error.hint[:1].upper() + error.hint[1:])}"
    return "\n\n".join([*parts, f"{style.bold}{end}{style.reset}"]) + "\n"


def error_text(error: StashError, style: Style = PLAIN) -> str:
    """Return any error of ours: what happened, and what to do. Ends in a newline."""
    if isinstance(error, Problems):
        return problems_text(error, style)
    found = f"{style.destroy}{style.bold}Error:{style.reset} {_sentences(error.message)}\n"
    return f"{found}  {_sentences(error.hint)}\n" if error.hint else found


def problem_text(
    problem: Problem, *, word: str = "Error", colour: str | None = None, style: Style = PLAIN
) -> str:
    """Return one problem, without a newline at the end."""
    colour = style.destroy if colour is None else colour
    found = [f"{colour}{style.bold}{word}:{style.reset} {_sentences(problem.message)}"]
    if problem.mark is not None:
        found.append(f"  {inert(str(problem.mark))}")
        if problem.excerpt is not None and problem.mark.line:
            found += excerpt(problem.excerpt, problem.mark, style)
    found += [f"  {inert(str(mark))}: {_sentences(words)}" for mark, words in problem.related]
    if problem.hint:
        found.append(f"  {_sentences(problem.hint)}")
    return "\n".join(found)


def excerpt(line: str, mark: Mark, style: Style = PLAIN) -> list[str]:
    """Return the source line and a caret under its column, whatever the width of characters."""
    column = max(mark.column, 1) - 1
    start = max(0, column - _LEFT) if len(line) > _WINDOW else 0
    shown = line[start : start + _WINDOW]
    before = shown[: column - start]
    lead = "…" if start else ""
    tail = "…" if start + _WINDOW < len(line) else ""
    number = f"{mark.line:>6}"
    gutter, dim, reset = " " * len(number), style.dim, style.reset
    caret = " " * _cells(lead + _visible(before))
    return [
        f"{dim}{number} |{reset} {lead}{_visible(shown)}{tail}".rstrip(),
        f"{dim}{gutter} |{reset} {caret}{style.destroy}^{reset}",
    ]


def _sentences(text: str) -> str:
    """Return a message, its lines indented; foreign text in it is inert."""
    return "\n  ".join(lines(text))


def _visible(text: str) -> str:
    """Return a piece of a source line, inert, with tabs as spaces."""
    if text.isascii() and text.isprintable():
        return text
    return inert(text.replace("\t", " " * _TAB))


def _cells(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    if text.isascii():
        return len(text)
    import unicodedata  # only rare lines need it

    cells = 0
    joined = False
    for char in text:
        if char == "\u200d":
            joined = True
            continue
        if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
            continue
        if joined:  # the next part of an emoji that is drawn as one
            joined = False
            continue
        cells += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return cells
