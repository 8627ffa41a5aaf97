"""A copy of the server's database, and where it is."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from stashsync.client.backup import Backup, back_up
from stashsync.errors import StashGraphQLError
from stashsync.sandbox import Sandbox
from tests.support.libraries import fill
from tests.support.servers import client_of

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_the_copy_lies_beside_the_library_and_holds_it(tmp_path: Path) -> None:
    """A file that can take the library's place."""
    file = tmp_path / "library.db"
    with Sandbox(str(file), clock=lambda: MOMENT) as server:
        fill(server, {"tags": [{"name": "Camera"}]}, tmp_path)

        async def run() -> Backup:
            async with client_of(server) as client:
                found = await back_up(client)
                with pytest.raises(StashGraphQLError, match="backing up database"):
                    await back_up(client)  # in the same second: the file is there
            return found

        assert asyncio.run(run()) == Backup(f"{tmp_path}/", "library.db")
    (copy,) = tmp_path.glob("library.db.*20260102_030405")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT name FROM tags").fetchall() == [("Camera",)]


class Server:
    """A server with these paths."""

    def __init__(self, database: str, folder: str = "") -> None:
        self._general = {"databasePath": database, "backupDirectoryPath": folder}
        self.asked: list[str] = []

    async def execute(self, query: str, variables: Any = None) -> dict[str, Any]:
        self.asked.append(query.split(maxsplit=1)[0])
        if query.startswith("query"):
            return {"configuration": {"general": self._general}}
        return {"backupDatabase": None}


@pytest.mark.parametrize(
    ("server", "backup"),
    [
        (Server("/data/stash-go.sqlite"), Backup("/data/", "stash-go.sqlite")),
        (Server("/data/stash-go.sqlite", "/backups"), Backup("/backups", "stash-go.sqlite")),
        (Server("C:\\stash\\stash-go.sqlite"), Backup("C:\\stash\\", "stash-go.sqlite")),
        (Server("stash-go.sqlite"), Backup(".", "stash-go.sqlite")),
    ],
)
def test_where_it_is_follows_from_the_servers_settings(server: Server, backup: Backup) -> None:
    """The server's answer does not name the path."""
    assert asyncio.run(back_up(server)) == backup
    assert server.asked == ["query", "mutation"]
