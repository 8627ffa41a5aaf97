"""GraphQL over a websocket: `graphql-transport-ws`, and the older `graphql-ws`.

    client                              server
    connection_init ──▶                 connection_ack
    subscribe {id, query} ──▶           next {id, data} … complete {id}
    complete {id} ──▶                   (nothing more for that id)

The older protocol calls subscribe, next and complete start, data and stop; a client that asks
for no protocol gets that one. Queries and mutations may come this way too.

Source: docs/stash-behaviour.md#websocket
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any, cast

from graphql import OperationType
from msgspec import Struct
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from stashsync.sandbox.documents import DocumentRefused, Documents, Ready
from stashsync.sandbox.execute import Execution, Root
from stashsync.sandbox.jobs import Jobs
from stashsync.sandbox.jsontext import decode, encode
from stashsync.sandbox.tasks import shown_event, shown_line

LOOK_SECONDS = 0.02
"""How often a subscription looks for something new."""
KEEP_ALIVE_SECONDS = 10.0
INIT_SECONDS = 10.0
"""How long a client may take for its connection_init."""


class Dialect(Struct, frozen=True):
    """The names of messages in one protocol; "" for what it does not have."""

    name: str | None
    start: str
    data: str
    stop: str
    alive: str
    terminate: str = ""
    ping: str = ""


MODERN = Dialect("graphql-transport-ws", "subscribe", "next", "complete", "pong", ping="ping")
LEGACY = Dialect("graphql-ws", "start", "data", "stop", "ka", terminate="connection_terminate")


class _Closed(Exception):
    """The conversation ends, with a code of the protocol."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class _Happened:
    """A root whose every field is one event."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def query(self, _: str, __: dict[str, Any]) -> Any:
        return self._value

    mutate = query


class Conversation:
    """One websocket."""

    def __init__(
        self,
        socket: WebSocket,
        documents: Documents,
        root: Root,
        jobs: Jobs,
        execution: Callable[[Root], Execution],
    ) -> None:
        self._socket = socket
        self._documents = documents
        self._root = root
        self._jobs = jobs
        self._execution = execution
        self._dialect = LEGACY
        self._running: dict[str, asyncio.Task[None]] = {}
        self._acknowledged = False

    async def hold(self) -> None:
        """Exchange messages until one side closes."""
        offered = self._socket.scope.get("subprotocols") or []
        known = {dialect.name: dialect for dialect in (MODERN, LEGACY)}
        self._dialect = next((known[name] for name in offered if name in known), LEGACY)
        chosen = self._dialect.name if self._dialect.name in offered else None
        await self._socket.accept(subprotocol=chosen)
        alive = asyncio.create_task(self._keep_alive())
        try:
            await self._listen()
        except WebSocketDisconnect:
            pass
        except _Closed as closed:
            await self._close(closed)
        finally:
            for task in (alive, *self._running.values()):
                task.cancel()
            await asyncio.gather(alive, *self._running.values(), return_exceptions=True)

    async def _close(self, closed: _Closed) -> None:
        if self._socket.application_state is WebSocketState.CONNECTED:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await self._socket.close(closed.code, closed.reason)

    # -- messages -------------------------------------------------------------------------------

    async def _listen(self) -> None:
        while True:
            wait = None if self._acknowledged else INIT_SECONDS
            try:
                text = await asyncio.wait_for(self._socket.receive_text(), wait)
            except TimeoutError:
                raise _Closed(4408, "Connection initialisation timeout") from None
            except KeyError:
                raise _Closed(4400, "messages must be text") from None
            await self._handle(_message(text))

    async def _handle(self, message: dict[str, Any]) -> None:
        dialect, type_ = self._dialect, message["type"]
        if type_ == "connection_init":
            await self._welcome()
        elif type_ == dialect.start:
            await self._begin(message)
        elif type_ == dialect.stop:
            self._end(str(message.get("id")))
        elif dialect.ping and type_ == dialect.ping:
            await self._send("pong", payload=message.get("payload"))
        elif dialect.ping and type_ == "pong":
            pass
        elif dialect.terminate and type_ == dialect.terminate:
            raise _Closed(1000, "terminated")
        else:
            raise _Closed(4400, f"unexpected message {type_}")

    async def _welcome(self) -> None:
        if self._acknowledged:
            raise _Closed(4429, "Too many initialisation requests")
        self._acknowledged = True
        await self._send("connection_ack")
        if self._dialect is LEGACY:
            await self._send("ka")

    async def _begin(self, message: dict[str, Any]) -> None:
        id_, payload = message.get("id"), message.get("payload")
        if not self._acknowledged:
            raise _Closed(4401, "Unauthorized")
        if not isinstance(id_, str) or not isinstance(payload, dict):
            raise _Closed(4400, "id and payload are needed")
        if id_ in self._running:
            raise _Closed(4409, f"Subscriber for {id_} already exists")
        try:
            operation = self._documents.operation(
                str(payload.get("query") or ""), payload.get("operationName")
            )
            ready = operation.ready(payload.get("variables") or {})
        except DocumentRefused as refused:
            await self._send("error", id_, refused.errors)
            return
        # events count from here on, not from when the task first runs
        source = self._source(ready)
        self._running[id_] = asyncio.create_task(self._serve(id_, ready, source))

    def _end(self, id_: str) -> None:
        task = self._running.pop(id_, None)
        if task is not None:
            task.cancel()

    async def _send(self, type_: str, id_: str | None = None, payload: Any = None) -> None:
        message: dict[str, Any] = {"type": type_}
        if id_ is not None:
            message["id"] = id_
        if payload is not None:
            message["payload"] = payload
        await self._socket.send_text(encode(message).decode())

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(KEEP_ALIVE_SECONDS)
            if self._acknowledged:
                await self._send(self._dialect.alive)

    # -- operations -----------------------------------------------------------------------------

    async def _serve(self, id_: str, ready: Ready, source: AsyncIterator[Any] | None) -> None:
        if source is None:
            answer = await asyncio.to_thread(self._execution(self._root).run, ready)
            await self._send(self._dialect.data, id_, answer)
        else:
            async for value in source:
                answer = self._execution(cast("Root", _Happened(value))).run(ready)
                await self._send(self._dialect.data, id_, answer)
        self._running.pop(id_, None)
        await self._send("complete", id_)

    def _source(self, ready: Ready) -> AsyncIterator[Any] | None:
        """Return what a subscription reports from now on; None for queries and mutations."""
        if ready.type is not OperationType.SUBSCRIPTION:
            return None
        jobs = self._jobs
        jobs.advance()
        name = ready.steps[0].name
        if name == "jobsSubscribe":
            seen = len(jobs.events)
            return self._followed(lambda n: [shown_event(event) for event in jobs.events[n:]], seen)
        if name == "loggingSubscribe":
            seen = len(jobs.log)
            return self._lines(seen)
        seen = jobs.scans
        return self._followed(lambda n: [True] * (jobs.scans - n), seen)

    async def _followed(self, since: Callable[[int], list[Any]], seen: int) -> AsyncIterator[Any]:
        """Each thing that happens after the first `seen`."""
        while True:
            for value in since(seen):
                seen += 1
                yield value
            await asyncio.sleep(LOOK_SECONDS)
            self._jobs.advance()

    async def _lines(self, seen: int) -> AsyncIterator[Any]:
        """Yield the log's new lines, those of one moment together."""
        while True:
            lines = self._jobs.log[seen:]
            if lines:
                seen += len(lines)
                yield [shown_line(line) for line in lines]
            await asyncio.sleep(LOOK_SECONDS)
            self._jobs.advance()


def _message(text: str) -> dict[str, Any]:
    try:
        message = decode(text.encode())
    except ValueError:
        message = None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise _Closed(4400, "invalid message")
    return message
