"""Which objects a plan is about, and what it may do: from options and settings to a policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import click

from stashsync.cli.options import Options
from stashsync.config import Settings
from stashsync.kinds import KINDS
from stashsync.planner import Policy

_KINDS = {word: kind.name for kind in KINDS.values() for word in (kind.name, kind.plural)}


def scoped(
    options: Options, target: Sequence[str], exclude: Sequence[str], prune: Sequence[str]
) -> Options:
    """The options with those of the verb.

    Raises:
        click.UsageError: one names no kind.
    """
    return replace(
        options,
        target=tuple(_chosen(one, "--target") for one in target),
        exclude=tuple(_chosen(one, "--exclude") for one in exclude),
        prune=frozenset(_kind(one, "--prune") for one in prune),
    )


def policy_of(settings: Settings, options: Options) -> Policy:
    """What a plan may do."""
    return Policy(
        prune=settings.prune,
        protect=settings.protect,
        ignore=settings.ignore,
        thresholds=settings.thresholds,
        lenient=settings.lenient,
        only=options.target,
        without=options.exclude,
    )


def _chosen(text: str, option: str) -> tuple[str, str]:
    """`tag:Wide*` as a kind and a glob pattern; a kind alone means all of it."""
    word, colon, pattern = text.partition(":")
    if colon and not pattern.strip():
        raise click.UsageError(f"{option} {text}: there is no name behind the colon.")
    return _kind(word, option), pattern.strip() or "*"


def _kind(word: str, option: str) -> str:
    kind = _KINDS.get(word.strip().lower())
    if kind is None:
        known = ", ".join(one.plural for one in KINDS.values())
        raise click.UsageError(f"{option}: there is no kind {word!r}; there are {known}.")
    return kind
