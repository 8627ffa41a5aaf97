"""Building 1,000 operations and reading their outcomes, against hand-joined text.

The floor does by hand what has to be done in any case, for the same four documents of 250: join
the text, write the body with orjson, read the answer with orjson, and look at each alias. What is
measured is the public way: 1,000 `BatchOperation`s made, cut, sent over a transport that answers
from memory (it writes and reads the same JSON), every outcome read.

    python -m benchmarks.bench_operations        goal: at most 3 times the floor
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from stashsync.wire.batches import execute_batch
from stashsync.wire.exchange import Answer
from stashsync.wire.operations import BatchOperation
from stashsync.wire.retry import RetryPolicy
from stashsync.wire.url import Endpoint, parse_endpoint

COUNT, SIZE, ROUNDS = 1_000, 250, 30
GOAL = 3.0
INPUTS = [
    {"name": f"Lens {n}", "description": f"Made for bench number {n}", "aliases": [f"L{n}"]}
    for n in range(COUNT)
]
ANSWER = orjson.dumps(
    {"data": {f"op{n}": {"id": str(n), "__typename": "Tag"} for n in range(SIZE)}}
)


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
        """The same answer each time."""
        orjson.dumps({"query": text, "variables": variables})
        return Answer(orjson.loads(ANSWER)["data"])

    async def etag(self, path: str, known: str | None = None) -> str | None:  # noqa: ARG002
        """Nothing is there."""
        return None

    async def aclose(self) -> None:
        """Nothing is open."""


def floor() -> int:
    """By hand; gives the number of ids that were read."""
    ids = []
    for start in range(0, COUNT, SIZE):
        inputs = INPUTS[start : start + SIZE]
        numbers = range(len(inputs))
        head = ", ".join([f"$input{n}: TagCreateInput!" for n in numbers])
        lines = "\n".join(
            [f"  op{n}: tagCreate(input: $input{n}) {{ id __typename }}" for n in numbers]
        )
        text = f"mutation Batch({head}) {{\n{lines}\n}}"
        variables = {f"input{n}": one for n, one in enumerate(inputs)}
        orjson.dumps({"query": text, "variables": variables})
        data = orjson.loads(ANSWER)["data"]
        ids += [data[f"op{n}"]["id"] for n in numbers]
    return len(ids)


async def ours() -> int:
    """The public way; gives the number of ids that were read."""
    operations = [
        BatchOperation("tagCreate", "TagCreateInput!", {"input": values}) for values in INPUTS
    ]
    result = await execute_batch(FromMemory(), operations, max_batch_size=SIZE)
    return len([one.result["id"] for one in result])


def best(action: Callable[[], int]) -> float:
    """The shortest of many runs, in seconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        assert action() == COUNT
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the floor, ours and the ratio."""
    runner = asyncio.Runner()
    low = best(floor)
    high = best(lambda: runner.run(ours()))
    runner.close()
    print(f"hand-joined text with orjson both ways   {low * 1e3:7.2f} ms")
    print(f"operations, batches and outcomes         {high * 1e3:7.2f} ms")
    print(f"ratio {high / low:.2f} (goal: at most {GOAL:g})")


if __name__ == "__main__":
    main()
