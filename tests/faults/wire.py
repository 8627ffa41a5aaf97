"""Saboteurs of the wire: retries, TLS, what is sent, what is loaded."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import parse, print_ast

from stashsync.wire import retry, transport
from tests.faults.sabotage import saboteurs

SABOTEURS, brings_back = saboteurs()


@brings_back("12 retries", "a POST is not tried again")
def _(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(retry, "may_repeat", lambda error, *, mutation: False)


@brings_back("12 tls", "options stand beside a transport that does not hear of them")
def _(patch: pytest.MonkeyPatch) -> None:
    client = httpx.AsyncClient

    def beside(**options: Any) -> httpx.AsyncClient:
        return client(**{"transport": httpx.AsyncHTTPTransport(), **options})

    patch.setattr(httpx, "AsyncClient", beside)


@brings_back("13 printing", "every document is parsed, and printed as graphql-core writes it")
def _(patch: pytest.MonkeyPatch) -> None:
    send = transport.Transport.send

    async def print_first(self: Any, text: str, *args: Any, **options: Any) -> Any:
        return await send(self, print_ast(parse(text)), *args, **options)

    patch.setattr(transport.Transport, "send", print_first)


@brings_back("13 imports", "importing the package loads everything that it may ever need")
def _(patch: pytest.MonkeyPatch) -> None:
    folder = Path(__file__).with_name("eager")
    patch.setenv("PYTHONPATH", os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]))
