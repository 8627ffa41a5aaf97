"""Asking the server for a copy of its database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Protocol

_WHERE: Final = "query Paths { configuration { general { databasePath backupDirectoryPath } } }"
_BACK_UP: Final = "mutation BackUp { backupDatabase(input: {download: false}) }"


class Asked(Protocol):
    """What can be asked: a client."""

    async def execute(
        self, query: str, variables: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the `data` of the answer to a document."""
        ...


class Backup(NamedTuple):
    """Where the copy is, on the server's own disk.

    The server names the file by its database and the time, in a way that no answer shows.
    """

    folder: str
    database: str


async def back_up(client: Asked) -> Backup:
    """Have the server copy its database; done once it has answered.

    A server that keeps pictures as files copies none of them (docs/stash-behaviour.md#backup).

    Raises:
        StashError: there is no copy.
    """
    general = (await client.execute(_WHERE))["configuration"]["general"]
    await client.execute(_BACK_UP)
    path = general["databasePath"]
    name = re.split(r"[\\/]", path)[-1]  # the server may run on another system than this one
    return Backup(general["backupDirectoryPath"] or path.removesuffix(name) or ".", name)
