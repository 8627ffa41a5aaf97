"""What shells offer for kinds, names and profiles, from the manifests and settings of the project.

A shell asks by running the program with a variable set; click does the rest. Whatever is wrong with
the project, nothing is offered then: a half-typed command line is no place for errors.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    split_arg_string,
)

if TYPE_CHECKING:
    from stashsync.cli.session import Session
    from stashsync.config import FileSettings

MOST: Final = 2000
"""Names that are offered at most."""
_BASH: Final = """\
%(complete_func)s() {
    local IFS=$'\\n'
    COMPREPLY=($(env COMP_LINE="${COMP_LINE:0:COMP_POINT}" %(complete_var)s=bash_complete $1))
    [[ ${#COMPREPLY[@]} == 1 && $COMPREPLY == *: ]] && compopt -o nospace
    return 0
}
complete -o nosort -o default -F %(complete_func)s %(prog_name)s
"""
_UNSAFE: Final = re.compile(r"([^\w@%+=:,./-])")


class _Bash(BashComplete):
    """Completion for bash, which takes colons for ends of words and escapes nothing itself."""

    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        line = os.environ["COMP_LINE"]
        self._raw = last_word(line)
        words = split_arg_string(line[: len(line) - len(self._raw)])
        return words[1:], (split_arg_string(self._raw) or [""])[0]

    def format_completion(self, item: CompletionItem) -> str:
        value = str(item.value)
        if self._raw.startswith(('"', "'")):
            return value
        before, colon, _ = self._raw.rpartition(":")
        behind = len((split_arg_string(before) or [""])[0]) + 1 if colon else 0
        return _UNSAFE.sub(r"\\\1", value[behind:])


def register() -> None:
    """Let click complete with these classes."""
    add_completion_class(_Bash)


def last_word(line: str) -> str:
    """Return the word that a command line ends in, as it is typed; empty behind a space."""
    start, quote, escaped = 0, "", False
    for at, char in enumerate(line):
        if escaped:
            escaped = False
        elif char == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in " \t":
            start = at + 1
    return line[start:]


# -- what is offered ------------------------------------------------------------------------------


def profiles(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Offer the profiles of the settings."""
    with suppress(Exception):
        return _beginning(_settings(ctx).profiles, incomplete)
    return []


def stash_boxes(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Offer the stash-boxes of the settings, and the one to try with."""
    from stashsync.cli.connecting import SANDBOX

    with suppress(Exception):
        return _beginning((*_settings(ctx).stash_boxes, SANDBOX), incomplete)
    return []


def _settings(ctx: click.Context) -> FileSettings:
    from stashsync.manifest.settings import read_settings

    return read_settings(_session(ctx).root)


def _beginning(names: Iterable[str], incomplete: str) -> list[str]:
    return [name for name in sorted(names) if name.startswith(incomplete)]


def kinds(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Offer kinds."""
    from stashsync.kinds import KINDS

    return [kind.plural for kind in KINDS.values() if kind.plural.startswith(incomplete.lower())]


def objects(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Offer `KIND:NAME`: kinds until one is meant, then the names of its objects."""
    from stashsync.kinds import KINDS

    word, colon, name = incomplete.partition(":")
    chosen = [
        (kind, text)
        for kind in KINDS.values()
        for text in (kind.name, kind.plural)
        if (text == word.lower() if colon else text.startswith(word.lower()))
    ]
    found = [
        f"{word if colon else text}:{label}"
        for kind, text in chosen[:1]
        for label in _names(ctx, kind.name, name)
    ]
    if not colon and (len({kind.name for kind, _ in chosen}) != 1 or not found):
        return list(dict.fromkeys(f"{kind.name}:" for kind, _ in chosen))
    return found


def relatives(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Offer the names of the kind that an earlier `KIND:NAME` has."""
    from stashsync.kinds import KINDS

    for text in (ctx.params.get("target") or "", *ctx.args):
        word, colon, _name = text.partition(":")
        for kind in KINDS.values():
            if colon and word.lower() in (kind.name, kind.plural):
                return list(_names(ctx, kind.name, incomplete))
    return []


def _names(ctx: click.Context, kind: str, beginning: str) -> Iterator[str]:
    from itertools import islice

    from stashsync.fields.names import fold

    labels: Iterable[str] = ()
    with suppress(Exception):
        labels = [resource.label for resource in _session(ctx).load().state.of(kind)]
    fits = (label for label in labels if fold(label).startswith(fold(beginning)))
    return islice(fits, MOST)


def _session(ctx: click.Context) -> Session:
    from stashsync.cli.options import Options
    from stashsync.cli.session import Session

    own = {name: value for name, value in ctx.params.items() if value is not None}
    given: dict[str, Any] = {**ctx.find_root().params, **own}
    return Session(Options(project=given.get("project"), profile=given.get("profile")))
