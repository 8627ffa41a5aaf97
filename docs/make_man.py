"""Makes docs/stashsync.1, the manual page, from the commands and their help."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
from generated import DOCS, main

from stashsync import __version__
from stashsync.cli.program import VERBS, group
from stashsync.errors import ExitCode

PAGE = DOCS / "stashsync.1"
EXITS = {
    ExitCode.OK: "Done, or nothing to do.",
    ExitCode.ERROR: "An error; nothing was sent.",
    ExitCode.CHANGES: "There are changes (plan --detailed-exitcode, drift, fmt --check).",
    ExitCode.STALE: "The saved plan no longer fits the library.",
    ExitCode.REFUSED: "Refused by a threshold or a protection.",
    ExitCode.INCOMPLETE: "Something failed, was skipped or is unknown after the first request.",
    ExitCode.USAGE: "Wrong usage, or no terminal to ask.",
    ExitCode.INTERRUPTED: "Interrupted.",
}


def made() -> Mapping[Path, str]:
    """Return the manual page, by its path."""
    return {PAGE: "\n".join(lines()) + "\n"}


def lines() -> Iterator[str]:
    """Yield the page in the form of man(7)."""
    context = click.Context(group, info_name="stashsync")
    yield '.\\" Made by docs/make_man.py'
    yield f'.TH STASHSYNC 1 "" "stashsync {__version__}" "User Commands"'
    yield ".SH NAME"
    yield "stashsync \\- Terraform for a Stash library"
    yield ".SH SYNOPSIS"
    yield ".B stashsync"
    yield "[OPTIONS] COMMAND [ARGS]..."
    yield ".SH DESCRIPTION"
    yield from paragraphs(group.help or "")
    yield ".SH OPTIONS"
    yield from options(context)
    yield ".SH COMMANDS"
    for name in VERBS:
        command = group.get_command(context, name)
        assert command is not None
        yield from section(click.Context(command, parent=context, info_name=name))
    yield ".SH EXIT STATUS"
    for code in ExitCode:
        yield from (".TP", f".B {code.value}", escaped(EXITS[code]))


def section(context: click.Context) -> Iterator[str]:
    """Yield the section of a command, and those of the commands below it."""
    command = context.command
    usage = escaped(" ".join(command.collect_usage_pieces(context)))
    yield f".SS {context.command_path} {usage}"
    yield from paragraphs(command.help or "")
    yield from options(context)
    below = command.commands if isinstance(command, click.Group) else {}
    for name, inner in below.items():
        yield from section(click.Context(inner, parent=context, info_name=name))


def options(context: click.Context) -> Iterator[str]:
    """Yield the options of a command, each with its help."""
    for param in context.command.get_params(context):
        record = param.get_help_record(context)
        if record is not None:
            spelling, words = record
            yield ".TP"
            yield f".B {escaped(spelling)}"
            yield escaped(words)


def paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a help text; what click is to leave alone stays in its lines."""
    for part in inspect.cleandoc(text).replace("\f", "").split("\n\n"):
        if part.startswith("\b\n"):
            yield from (".nf", *map(escaped, part.split("\n")[1:]), ".fi")
        else:
            yield ".PP"
            yield escaped(" ".join(part.split()))


def escaped(text: str) -> str:
    """Return a text as it is written for man(7)."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text


if __name__ == "__main__":
    main(made())
