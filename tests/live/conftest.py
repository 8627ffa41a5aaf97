"""Servers on a network: always a sandbox on a port, and that of `--stash-url` if given."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import pytest

from stashsync.client import StashClient
from stashsync.kinds import KINDS
from stashsync.sandbox import Sandbox, running
from tests.support.real import Server

T = TypeVar("T")


@dataclass(frozen=True)
class Live:
    """A server, and a prefix that the names of all that a test makes begin with."""

    server: Server
    prefix: str

    def run(self, action: Callable[[StashClient], Awaitable[T]]) -> T:
        """Return the result of `action` with a client of its own."""

        async def whole() -> T:
            async with StashClient(self.server.transport()) as client:
                return await action(client)

        return asyncio.run(whole())

    def clean_up(self) -> None:
        """Destroy whatever bears the prefix."""

        async def destroy(client: StashClient) -> None:
            for kind in KINDS.values():
                rows = await client.find_all(kind, ["name"])
                mine = [row["id"] for row in rows if row["name"].startswith(self.prefix)]
                if mine:
                    field = f"{kind.plural}Destroy"
                    await client.execute(
                        f"mutation Clean($ids: [ID!]!) {{ {field}(ids: $ids) }}", {"ids": mine}
                    )

        self.run(destroy)


@pytest.fixture(params=["sandbox", "server"])
def live(request: pytest.FixtureRequest) -> Iterator[Live]:
    """Provide each of them in turn."""
    prefix = f"stashsync {uuid.uuid4().hex[:8]} "
    if request.param == "sandbox":
        with Sandbox() as sandbox, running(sandbox) as url:
            yield Live(Server(url, None), prefix)
        return
    real = Live(request.getfixturevalue("server"), prefix)
    try:
        yield real
    finally:
        real.clean_up()
