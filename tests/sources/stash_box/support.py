"""A reader of a small stash-box in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from starlette.types import ASGIApp

from stashsync import over_app
from stashsync.sources.stash_box.kept_pages import KeptPages
from stashsync.sources.stash_box.reading import BoxReader, Pace
from stashsync.sources.stash_box.rows import BoxObject
from stashsync.wire.retry import RetryPolicy
from stashsync.wire.settings import ApiKey
from stashsync.wire.transport import Transport
from tests.support.clock import Clock

ENDPOINT = "https://box.example/graphql"


def read(
    app: ASGIApp | Callable[[httpx.Request], httpx.Response],
    kind: str = "tag",
    *,
    key: str | None = None,
    folder: Path | None = None,
    clock: Clock | None = None,
    per_minute: float | None = None,
    attempts: int = 4,
    heard: Callable[[str, int, int], None] = lambda *_: None,
    category: str | None = None,
    mock: bool = False,
) -> list[BoxObject]:
    """Return all objects of a kind; with `mock`, `app` is a handler of `httpx.MockTransport`."""
    clock = clock or Clock()
    options: dict[str, Any] = {
        "retry": RetryPolicy(attempts=attempts, first_pause=1, longest_wait=300, sleep=clock.sleep),
        "api_key": ApiKey(key, "the test") if key else None,
    }

    async def run() -> list[BoxObject]:
        if mock:
            transport = Transport("http://box", inner=httpx.MockTransport(app), **options)  # type: ignore[arg-type]  # a handler
        else:
            transport = over_app(app, **options)
        async with transport:
            reader = BoxReader(
                transport,
                ENDPOINT,
                kept=KeptPages(folder, ENDPOINT, clock.time),
                pace=Pace(per_minute, sleep=clock.sleep, clock=clock.time),
                heard=heard,
            )
            chosen = (await reader.categories([category]))[0] if category else None
            return await reader.objects(kind, chosen)

    return asyncio.run(run())


def names(rows: list[BoxObject]) -> list[str]:
    """Return the names of objects, sorted."""
    return sorted(row.name for row in rows)
