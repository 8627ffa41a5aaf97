"""Building 1,000 operations and reading their outcomes, against hand-joined text.

The floor does by hand what has to be done in any case, for the same documents of 250: join the
text, write the body with orjson, read the answer with orjson, and look at each alias. What is
measured is the public way: `BatchOperation`s made, cut, sent over a transport that answers from
memory (it writes and reads the same JSON), every outcome read.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson

from benchmarks.harness import Case
from stashsync.wire.batches import execute_batch
from stashsync.wire.exchange import Answer
from stashsync.wire.operations import BatchOperation
from stashsync.wire.retry import RetryPolicy
from stashsync.wire.url import Endpoint, parse_endpoint

BATCH, ROUNDS = 250, 30
ANSWER = orjson.dumps(
    {"data": {f"op{n}": {"id": str(n), "__typename": "Tag"} for n in range(BATCH)}}
)

CASES = (
    Case("operations and their outcomes", "ours", "floor", "joined by hand", (1_000,), goal=3.0),
)


def prepare(folder: Path, size: int) -> None:
    """Nothing is needed."""


class FromMemory:
    """A transport that writes the body and reads the answer, and does nothing between."""

    endpoint: Endpoint = parse_endpoint("localhost:9999")
    retry = RetryPolicy()

    async def send(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,  # noqa: ARG002  # the Protocol's signature
    ) -> Answer:
        """Return the same answer each time."""
        orjson.dumps({"query": text, "variables": variables})
        return Answer(orjson.loads(ANSWER)["data"])

    async def etag(self, path: str, known: str | None = None) -> str | None:  # noqa: ARG002
        """Nothing is there."""
        return None

    async def aclose(self) -> None:
        """Nothing is open."""


def floor(_: Path, size: int) -> float:
    """By hand."""
    given = _inputs(size)
    return _best(lambda: _by_hand(given), size)


def ours(_: Path, size: int) -> float:
    """Send through the public call."""
    given = _inputs(size)
    with asyncio.Runner() as runner:
        return _best(lambda: runner.run(_public(given)), size)


def _inputs(size: int) -> list[dict[str, Any]]:
    return [
        {"name": f"Lens {n}", "description": f"Made for bench number {n}", "aliases": [f"L{n}"]}
        for n in range(size)
    ]


def _by_hand(given: list[dict[str, Any]]) -> int:
    ids = []
    for start in range(0, len(given), BATCH):
        inputs = given[start : start + BATCH]
        head = ", ".join([f"$input{n}: TagCreateInput!" for n in range(len(inputs))])
        lines = "\n".join(
            [
                f"  op{n}: tagCreate(input: $input{n}) {{ id __typename }}"
                for n in range(len(inputs))
            ]
        )
        text = f"mutation Batch({head}) {{\n{lines}\n}}"
        variables = {f"input{n}": values for n, values in enumerate(inputs)}
        orjson.dumps({"query": text, "variables": variables})
        data = orjson.loads(ANSWER)["data"]
        ids += [data[f"op{n}"]["id"] for n in range(len(inputs))]
    return len(ids)


async def _public(given: list[dict[str, Any]]) -> int:
    operations = [
        BatchOperation("tagCreate", "TagCreateInput!", {"input": values}) for values in given
    ]
    result = await execute_batch(FromMemory(), operations, max_batch_size=BATCH)
    return len([outcome.result["id"] for outcome in result if outcome.result])


def _best(action: Callable[[], int], size: int) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        assert action() == size
        times.append(time.perf_counter() - start)
    return min(times)
