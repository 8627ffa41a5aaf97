"""What is wrong with a document, and how it is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graphql import Node
from graphql.pyutils import suggestion_list


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason to refuse a document. Line and column count from 1."""

    message: str
    line: int
    column: int


def problem(message: str, node: Node) -> Problem:
    """A problem at the beginning of `node`."""
    assert node.loc is not None
    token = node.loc.start_token
    return Problem(message, token.line, token.column)


def suggest(word: str, known: Iterable[str], prefix: str = "Did you mean") -> str:
    """' Did you mean "a", "b", or "c"?' for the known words near `word`, or nothing."""
    near = [f'"{one}"' for one in suggestion_list(word, list(known))[:5]]
    if not near:
        return ""
    if len(near) == 1:
        listed = near[0]
    elif len(near) == 2:
        listed = " or ".join(near)
    else:
        listed = ", ".join(near[:-1]) + ", or " + near[-1]
    return f" {prefix} {listed}?"
