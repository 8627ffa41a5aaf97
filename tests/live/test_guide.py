"""The guide for script writers, on a real server: its examples print there what they show.

    pytest tests/live --stash-url http://localhost:9999 --stash-api-key KEY

They see only what they make, and it is destroyed after each page.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from stashsync.client import StashClient
from tests.client.pages import Example, examples
from tests.client.test_guide import RUN, compiled, printing_to
from tests.support.http import http_answered_by
from tests.support.own_ground import own_ground
from tests.support.real import Server

CONNECTS = re.compile(r"StashContext\(.*\) as client:")
WHOLE_LIBRARY = re.compile(r"\ballTags\b|\bstats \{")
PART_OF_A_DATE = re.compile(r'"\d{4}-\d{2}"')


@pytest.mark.parametrize("page", RUN, ids=[page.stem for page in RUN])
def test_a_page_shows_what_a_server_answers(page: Path, server: Server) -> None:
    """Except custom documents about the whole library, and dates that it cannot have."""

    async def story() -> None:
        transport = server.transport()
        async with (
            StashClient(transport) as whole,
            own_ground(transport, whole) as apart,
            StashClient(apart) as client,
        ):
            led.enter_context(http_answered_by(apart))
            partial_dates = (await client.capabilities()).partial_dates
            names: dict[str, Any] = {}
            for example in examples(page):
                if PART_OF_A_DATE.search(example.code) and not partial_dates:
                    continue
                if not CONNECTS.search(example.code):
                    names = {"store": client.store, **names, "client": client}
                shown = await awaited(example, page, {} if example.is_script else names)
                if not WHOLE_LIBRARY.search(example.code):
                    assert shown == example.output, f"line {example.line}"

    with ExitStack() as led:
        asyncio.run(story())


async def awaited(example: Example, page: Path, names: dict[str, Any]) -> str:
    """Return what it prints; a script runs in this loop, to which the connections belong."""
    out = printing_to(names)
    one_loop = example._replace(code=example.code.replace("asyncio.run(main())", "await main()"))
    done = eval(compiled(one_loop, page), names)
    if done is not None:
        await done
    return "".join(out)
