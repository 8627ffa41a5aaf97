"""The kinds and names that options and arguments choose."""

from __future__ import annotations

import click


def chosen(text: str, option: str) -> tuple[str, str]:
    """Split `tag:Wide*` into a kind and a glob pattern; a kind alone means all of it.

    Raises:
        click.UsageError: there is no such kind, or no pattern behind the colon.
    """
    word, colon, pattern = text.partition(":")
    if colon and not pattern.strip():
        raise click.UsageError(f"{option} {text}: there is no name behind the colon.")
    return kind_named(word, option), pattern.strip() or "*"


def kind_named(word: str, option: str) -> str:
    """Return the kind that a word names, in the singular or the plural.

    Raises:
        click.UsageError: there is no such kind.
    """
    from stashsync.kinds import KINDS

    for kind in KINDS.values():
        if word.strip().lower() in (kind.name, kind.plural):
            return kind.name
    known = ", ".join(kind.plural for kind in KINDS.values())
    raise click.UsageError(f"{option}: there is no kind {word!r}; there are {known}.")
