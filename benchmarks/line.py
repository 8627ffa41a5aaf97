"""A long line to a server: `python -m benchmarks.line HOST PORT SECONDS` relays to it, late.

Every byte is on its way for half of the seconds there, and half back. The line has no other limit.
It prints its port, and ends with its standard input.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

_CHUNK = 1 << 16


async def serve(host: str, port: int, seconds: float) -> None:
    """Relay every connection until the standard input ends."""

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(host, port)
        with suppress(asyncio.CancelledError):  # the line ends before the connection does
            await asyncio.gather(
                _one_way(reader, back, seconds / 2), _one_way(there, writer, seconds / 2)
            )

    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await asyncio.to_thread(sys.stdin.read)


async def _one_way(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float
) -> None:
    """Pass on what comes, each piece `seconds` after it came."""
    clock = asyncio.get_running_loop().time
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def arrive() -> None:
        while True:
            due, piece = await under_way.get()
            await asyncio.sleep(due - clock())
            if not piece:
                writer.close()
                return
            writer.write(piece)
            await writer.drain()

    arriving = asyncio.create_task(arrive())
    piece = b"begin"
    while piece:
        try:
            piece = await reader.read(_CHUNK)
        except ConnectionError:
            piece = b""
        under_way.put_nowait((clock() + seconds, piece))
    await arriving


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
