"""What blocks run on: a sandbox of their own, or a server that others use too."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from stashsync.client import StashClient
from stashsync.sandbox import Sandbox
from stashsync.wire.exchange import GraphQLTransport
from stashsync.wire.transport import Transport
from tests.spec.lending import Invented, Media, lending
from tests.support.own_ground import own_ground
from tests.support.servers import transport_to


@asynccontextmanager
async def ground(server: Transport | None) -> AsyncIterator[tuple[GraphQLTransport, Media]]:
    """Provide a transport to something that seems new, and where its media files come from."""
    if server is None:
        with Sandbox() as sandbox:
            async with transport_to(sandbox) as inner, StashClient(inner) as client:
                yield inner, Invented(sandbox, client)
        return
    async with (
        StashClient(server) as client,
        own_ground(server, client) as apart,
        lending(apart, client) as lent,
    ):
        yield apart, lent
