"""A server on loopback that speaks HTTP/2 and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived, StreamEnded


@dataclass
class Heard:
    """What reached the server."""

    port: int = 0
    requests: list[dict[str, str]] = field(default_factory=list)
    """The headers of each request, pseudo-headers (`:method`) included."""


@contextlib.asynccontextmanager
async def speaking_http2(tls: ssl.SSLContext, body: bytes) -> AsyncIterator[Heard]:
    """Run a server that answers every request with this JSON."""
    heard = Heard()
    tls.set_alpn_protocols(["h2"])

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        speech = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        speech.initiate_connection()
        writer.write(speech.data_to_send())
        while data := await reader.read(65_536):
            for event in speech.receive_data(data):
                if isinstance(event, RequestReceived):
                    heard.requests.append({str(name): str(value) for name, value in event.headers})
                elif isinstance(event, StreamEnded):
                    headers = [(":status", "200"), ("content-type", "application/json")]
                    speech.send_headers(event.stream_id, headers)
                    speech.send_data(event.stream_id, body, end_stream=True)
            writer.write(speech.data_to_send())
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    heard.port = server.sockets[0].getsockname()[1]
    try:
        yield heard
    finally:
        server.close()
