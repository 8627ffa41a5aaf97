"""Which server may have the API key.

A key from the environment or a file opens everything. Whoever can edit a project's settings file
could have it sent elsewhere, so an address that only that file names gets the key after a person
at a terminal has answered yes, once for each user, project and address. The answers are kept in
the user's own folder, never in the project.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import orjson

from stashsync.cli.files import write_file
from stashsync.cli.output import talk
from stashsync.cli.prompt import ask, has_terminal
from stashsync.config import SETTINGS_FILE, Settings
from stashsync.errors import StashConfigurationError
from stashsync.keys import Key
from stashsync.render.safe import quoted

QUESTION: Final = """\
{file} names the {what} {address}.
  The API key ({source}) would be sent there. It allows everything on a server that knows it.
  Only 'yes' will be accepted, and is remembered for this project and address.

  Enter a value: """


def check_address(settings: Settings, address: str) -> None:
    """Ask whether the server at `address` may have the key, unless a person chose the address.

    Raises:
        StashConfigurationError: the answer is no, or there is no terminal.
    """
    if settings.api_key is not None and settings.url_from_project:
        instead = f"Set STASH_URL={address} beside the key, give --server"
        approve(settings.root, settings.api_key, address, what="server", instead=instead)


def approve(root: Path, key: Key, address: str, *, what: str, instead: str) -> None:
    """Ask whether `address`, which only the project at `root` names, may have the key.

    `what` is there, in a word; `instead` is a sentence without its end about another way.

    Raises:
        StashConfigurationError: the answer is no, or there is no terminal.
    """
    project, trusted = str(root.resolve()), _read()
    if address in trusted.get(project, ()):
        return
    file = quoted(str(root / SETTINGS_FILE))
    if not has_terminal():
        raise StashConfigurationError(
            f"the API key is not sent to {address}, which only {SETTINGS_FILE} names",
            hint=f"{instead}, or run a command at a terminal once and approve the address.",
        )
    asked = QUESTION.format(file=file, what=what, address=quoted(address), source=key.source)
    if not ask(asked):
        raise StashConfigurationError(
            f"the API key is not sent to {address}", hint="Nothing was sent."
        )
    trusted.setdefault(project, []).append(address)
    _write(trusted)


def _file() -> Path:
    named = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA") or ""
    base = Path(named) if os.path.isabs(named) else Path.home() / ".local" / "state"
    return base / "stashsync" / "trusted.json"


def _read() -> dict[str, list[str]]:
    """Return the approved addresses by project; none where the file cannot be read."""
    try:
        found = orjson.loads(_file().read_bytes())
    except (OSError, RuntimeError, orjson.JSONDecodeError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        project: [address for address in addresses if isinstance(address, str)]
        for project, addresses in found.items()
        if isinstance(addresses, list)
    }


def _write(trusted: dict[str, list[str]]) -> None:
    try:
        path = _file()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_file(path, orjson.dumps(trusted, option=orjson.OPT_INDENT_2), private=True)
    except (OSError, RuntimeError, StashConfigurationError) as error:
        talk(f"Warning: the answer cannot be remembered: {error}")
