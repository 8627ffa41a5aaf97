"""The guide for script writers: every example runs, in its order, on one sandbox."""

from __future__ import annotations

import ast
import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from stashsync.client import StashClient, StashContext
from stashsync.sandbox import Sandbox
from tests.support.servers import transport_to

GUIDE = Path(__file__).parents[2] / "docs" / "client" / "guide.md"


def test_every_example_of_the_guide_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """And says what it is expected to say."""
    blocks = re.findall(
        r"^```python\n(.*?)^```", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    sandbox, out = Sandbox(), list[str]()
    monkeypatch.setattr(StashContext, "_transport", lambda self: transport_to(sandbox))

    async def run() -> None:
        names: dict[str, Any] = {"print": lambda *some: out.append(" ".join(map(str, some)))}
        async with StashClient(transport_to(sandbox)) as client:
            for number, text in enumerate(blocks):
                code = compile(text, f"example {number}", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
                if number:
                    names["client"] = client
                done = eval(code, names)
                if done is not None:
                    await done

    try:
        asyncio.run(run())
    finally:
        sandbox.close()
    refused = out.pop(4)
    failed = out.pop(6)
    assert refused.startswith("refused: ")
    assert failed.startswith("tagCreate ")
    assert "already exists" in failed
    assert out == [
        "0 tags",
        "dict_keys(['rating100', 'performers', 'tags'])",
        "Harbour at dusk ['Ada']",
        "1",
        "1 {'images'}",
        "3 True",
        "1 saved",
        "['1', '7']",
        "scanned",
    ]
