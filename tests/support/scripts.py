"""Scripts run on a sandbox in this process, and their documents are recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from stashsync.client import StashClient
from stashsync.errors import StashConnectionError
from stashsync.sandbox import Sandbox
from stashsync.wire.exchange import Answer
from tests.support.servers import Tap, transport_to

T = TypeVar("T")


class Wire(Tap):
    """A tap that can fail: `breaks` decides for each document before it is sent."""

    breaks: Callable[[str], bool] = staticmethod(lambda text: False)

    async def send(self, text: str, variables: Any = None, **options: Any) -> Answer:
        if self.breaks(text):
            self.documents.append((text, dict(variables or {})))
            raise StashConnectionError("the cable was pulled")
        return await super().send(text, variables, **options)

    @property
    def mutations(self) -> list[str]:
        """Return the mutations that were sent."""
        return [text for text, _ in self.documents if text.startswith("mutation")]

    def forget(self) -> None:
        """Forget the documents so far."""
        self.documents.clear()


def play(story: Callable[[StashClient, Wire], Awaitable[T]], sandbox: Sandbox | None = None) -> T:
    """Return the result of a script, which gets a client of a sandbox and its wire."""
    served = sandbox or Sandbox()

    async def run() -> T:
        wire = Wire(transport_to(served))
        async with StashClient(wire) as client:
            await client.capabilities()
            wire.forget()
            return await story(client, wire)

    try:
        return asyncio.run(run())
    finally:
        if sandbox is None:
            served.close()


async def made(client: StashClient, *inputs: tuple[str, dict[str, Any]]) -> list[str]:
    """Create objects from inputs, such as ("tag", {"name": …}); return their ids."""
    from stashsync.kinds import ENTITIES
    from stashsync.wire.operations import BatchOperation

    operations = [
        BatchOperation(
            ENTITIES[kind].create_mutation,
            f"{ENTITIES[kind].create_input}!",
            {"input": values},
        )
        for kind, values in inputs
    ]
    result = await client.execute_batch(operations)
    return [item.result["id"] for item in result]
