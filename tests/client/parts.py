"""Scripts on a sandbox with some objects in it, and clients with scripted answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from stashsync.client import StashClient
from tests.support.scripts import Wire, made, play
from tests.wire.fakes import Script, ok, scripted


def on_sandbox(
    story: Callable[[StashClient, Wire], Awaitable[Any]], *inputs: tuple[str, dict[str, Any]]
) -> Any:
    """Return the result of a story on a sandbox with some objects: ("tag", {"name": …})."""

    async def whole(client: StashClient, wire: Wire) -> Any:
        await made(client, *inputs)
        wire.forget()
        return await story(client, wire)

    return play(whole)


def scripted_client(answers: Iterable[Any]) -> tuple[StashClient, Script]:
    """Return a client whose server gives these data in turn; an exception is raised."""
    entries = [answer if isinstance(answer, BaseException) else ok(answer) for answer in answers]
    transport, script = scripted(*entries)
    return StashClient(transport), script
