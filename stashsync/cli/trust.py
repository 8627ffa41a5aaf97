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
from stashsync.render.safe import quoted

QUESTION: Final = """\
{file} names the server {address}.
  The API key ({source}) would be sent there. It allows everything on a server that knows it.
  Only 'yes' will be accepted, and is remembered for this project and address.

  Enter a value: """


def check_address(settings: Settings, address: str) -> None:
    """Ask whether the server at `address` may have the key, unless a person chose the address.

    Raises:
        StashConfigurationError: the answer is no, or there is no terminal.
    """
    key = settings.api_key
    if key is None or not settings.url_from_project:
        return
    project, trusted = str(settings.root.resolve()), _read()
    if address in trusted.get(project, ()):
        return
    file = quoted(str(settings.root / SETTINGS_FILE))
    if not has_terminal():
        raise StashConfigurationError(
            f"the API key is not sent to {address}, which only {SETTINGS_FILE} names",
            hint=f"Set STASH_URL={address} beside the key, give --server, or run a command at a "
            "terminal once and approve the address.",
        )
    if not ask(QUESTION.format(file=file, address=quoted(address), source=key.source)):
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
