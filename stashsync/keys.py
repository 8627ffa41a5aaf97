"""API keys: where they are looked for, and where each came from.

A key never leaves its `Key`: it has no `repr`, and messages name where it came from instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from stashsync.errors import KeyOnCommandLineError, StashConfigurationError

KEY_VARIABLES: Final = ("STASH_API_KEY", "STASH_APIKEY", "STASHAPP_API_KEY")
KEY_FILE_VARIABLE: Final = "STASH_API_KEY_FILE"
BOX_KEY_VARIABLE: Final = "STASH_BOX_API_KEY"
_KEY_FILE_LIMIT: Final = 65536
"""No key is as long as that, in bytes; the file is another one."""


@dataclass(frozen=True, slots=True)
class Key:
    """A secret and, in words, where it came from: `environment STASH_API_KEY`."""

    value: str = field(repr=False)
    source: str


@dataclass(frozen=True, slots=True)
class Sources:
    """Where keys are: a project at `root` with a file of settings, the environment, and `.env`."""

    root: Path
    file: str
    environ: Mapping[str, str]
    dotenv: Mapping[str, str] = field(default_factory=dict)

    @property
    def everywhere(self) -> Mapping[str, str]:
        """The variables of the environment, and those of `.env` that it has not."""
        return {**self.dotenv, **self.environ}

    def written(self, key: str | Key | None) -> Key | None:
        """Return what the settings have as a key: a reference to it, or one that is elsewhere.

        Raises:
            StashConfigurationError: a file that has it cannot be used.
        """
        if key is None or isinstance(key, Key):
            return key
        return _resolve(key, self.file, self.root, self.everywhere, needed=False)


def is_reference(text: str) -> bool:
    """Whether `text` refers to a key, rather than being one."""
    return text.startswith(("env:", "file:"))


def find_box_key(
    written: str | Key | None, sources: Sources, *, flag: str | None = None
) -> Key | None:
    """Find the key of a stash-box: its own, before that of the environment, which is for any.

    `written` is what the settings have for it, `flag` a reference from the command line.

    Raises:
        KeyOnCommandLineError: the flag is the key itself.
        StashConfigurationError: a key cannot be found.
    """
    if flag:
        if not is_reference(flag):
            raise KeyOnCommandLineError(
                f"Write --key env:NAME or --key file:PATH, or set {BOX_KEY_VARIABLE}."
            )
        return _resolve(flag, "flag --key", Path(), sources.everywhere)
    found = sources.written(written)
    for variables, where in ((sources.environ, "environment"), (sources.dotenv, ".env")):
        if found is None and variables.get(BOX_KEY_VARIABLE, "").strip():
            found = Key(variables[BOX_KEY_VARIABLE].strip(), f"{where} {BOX_KEY_VARIABLE}")
    return found


def find_key(
    written: str | Key | None,
    sources: Sources,
    *,
    flag: str | None = None,
    flag_variable: str | None = None,
    beats_dotenv: bool = False,
) -> Key | None:
    """Find the key of a server: the flag's, the environment's, that of `.env`, or the settings'.

    `written` is what the settings have, which may come before `.env`. `flag` is a reference, or
    the key itself where `flag_variable` names the variable that it stood in.

    Raises:
        KeyOnCommandLineError: the flag is the key itself.
        StashConfigurationError: a key cannot be found.
    """
    if flag:
        if is_reference(flag):
            return _resolve(flag, "flag --api-key", Path(), sources.everywhere)
        if flag_variable:
            return Key(flag, f"environment {flag_variable}")
        raise KeyOnCommandLineError(
            "Write --api-key env:NAME or --api-key file:PATH, or set STASH_API_KEY."
        )
    found = _key_in(sources.environ, "environment", Path())
    if found is None and not beats_dotenv:
        found = _key_in(sources.dotenv, ".env", sources.root)
    return found if found is not None else sources.written(written)


def _key_in(variables: Mapping[str, str], where: str, base: Path) -> Key | None:
    """Return the key that the usual variables have; a file is looked for below `base`."""
    for name in KEY_VARIABLES:
        if variables.get(name):
            return Key(variables[name].strip(), f"{where} {name}")
    path = variables.get(KEY_FILE_VARIABLE)
    if not path:
        return None
    return _resolve(f"file:{path}", f"{where} {KEY_FILE_VARIABLE}", base, variables)


def _resolve(
    reference: str, where: str, base: Path, environ: Mapping[str, str], *, needed: bool = True
) -> Key | None:
    """Resolve a reference to a key; an unset variable is no key unless it is `needed`.

    A project's file names where a key would be, and is shared with servers that have none.
    """
    scheme, _, rest = reference.partition(":")
    source = f"{where} {reference}"
    if scheme == "env":
        value = environ.get(rest, "").strip()
        if not value and needed:
            raise StashConfigurationError(
                f"the API key is to come from the variable {rest} ({where}), which is not set",
                hint=f"Set {rest}, or name another one.",
            )
        return Key(value, source) if value else None
    path = base / Path(rest).expanduser()
    try:
        with path.open("rb") as stream:
            content = stream.read(_KEY_FILE_LIMIT + 1)
        value = content.decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise StashConfigurationError(
            f"the file of the API key cannot be read: {path} ({where}): {reason}",
            hint="It is a file with nothing in it but the key.",
        ) from error
    if not value or len(content) > _KEY_FILE_LIMIT:
        raise StashConfigurationError(
            f"the file of the API key has no key in it: {path} ({where})",
            hint="It is a file with nothing in it but the key.",
        )
    return Key(value, source)
