"""What `!env NAME default` and `!secret NAME` stand for.

    !env     a variable of the environment, else of `.env` beside stashsync.yaml, else the default
    !secret  a key of `secrets.yaml` beside it, which is not for git

Neither file's content is in any message.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from stashsync.errors import Problem, StashConfigurationError
from stashsync.fields.raw import RawMap, StandIn, is_null

SECRET: Final = "!secret"
DOTENV: Final = ".env"
SECRETS: Final = "secrets.yaml"
_LINE: Final = re.compile(
    r"""(?x) \s* (?: (?:export\s+)? (?P<name>[A-Za-z_]\w*) \s* = \s*
        (?P<value> '[^']*' | "[^"]*" | [^'"\s#] [^#]*? | ) )? \s* (?: (?<!\S)\#.* )?"""
)
"""A line of `.env`: a variable, a comment, or nothing."""


@dataclass
class Variables:
    """The variables of one project. `used` has what was asked for, with its values."""

    root: Path
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    used: dict[str, str] = field(default_factory=dict)

    def stand_in(self, tag: str, text: str) -> StandIn:
        """Return what a tagged scalar stands for; it may be missing."""
        name, _, rest = text.strip().partition(" ")
        is_default = False
        if tag == SECRET:
            source, value = f"the secret {name} of {SECRETS}", self.secrets.get(name)
        else:
            source, value = f"the variable {name}", self.environ.get(name, self.dotenv.get(name))
            if value is None and rest.strip():
                value, is_default = _unquoted(rest.strip()), True
        self.used[source] = value or ""
        return StandIn(value or "", source, missing=value is None, is_default=is_default)

    @cached_property
    def dotenv(self) -> Mapping[str, str]:
        """The variables in `.env`.

        Raises:
            StashConfigurationError: a line of it is none.
        """
        found: dict[str, str] = {}
        for number, line in enumerate(_read(self.root / DOTENV).splitlines(), 1):
            variable = _LINE.fullmatch(line)
            if variable is None:
                raise StashConfigurationError(
                    f"{DOTENV}, line {number}: this is no variable",
                    hint="Write NAME=value; put quotes around a value that has a `#`.",
                )
            if variable["name"]:
                found[variable["name"]] = _unquoted(variable["value"])
        return found

    @cached_property
    def secrets(self) -> Mapping[str, str]:
        """The texts in `secrets.yaml`.

        Raises:
            StashConfigurationError: it is no mapping of names to texts.
        """
        from stashsync.manifest.reader import read_values
        from stashsync.manifest.source import FileRefused, Source

        problems: list[Problem] = []
        try:
            documents = read_values(
                Source(SECRETS, _read(self.root / SECRETS).encode()), problems.append
            )
        except FileRefused as refused:
            problems.append(Source(SECRETS, b"").problem(refused.message, refused.place))
            documents = []
        for problem in problems:
            raise StashConfigurationError(f"{problem.mark}: {problem.message}")
        found = documents[0] if documents and not is_null(documents[0]) else RawMap()
        if not isinstance(found, RawMap) or not all(
            isinstance(each, str) for each in found.values()
        ):
            raise StashConfigurationError(
                f"{SECRETS} is a mapping of names to texts", hint="Write lines like `name: text`."
            )
        return {name: str(text) for name, text in found.items()}


def _read(path: Path) -> str:
    """Return the text of a file; nothing where there is none.

    Raises:
        StashConfigurationError: it cannot be read.
    """
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise StashConfigurationError(f"{path.name} cannot be read: {reason}") from error


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if quoted else text
