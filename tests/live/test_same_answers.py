"""A sandbox and a real server give the same answers to random requests.

    pytest tests/live/test_same_answers.py --stash-url http://localhost:9999
    STASHSYNC_ASKED=20000 pytest tests/live/test_same_answers.py --stash-url http://localhost:9999

What is asked are mutations of all kinds, of one object and of many, several in a document, and
finds among what they made. Ids are translated, and times and numbers in messages left out of the
comparison. What the sandbox does not imitate of releases before 0.30 is not asked of them: the
order of related tags, which had no natural order, and studios by their one address or the number
of their tags. `STASHSYNC_ASKED` is how many mutations and finds are asked in all.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from random import Random
from typing import Any

import httpx
import pytest

from stashsync.sandbox import Sandbox
from tests.live.asking import Asked, Asker, Side, essence, is_old, table, unordered
from tests.live.inputs import KINDS, Made
from tests.support.real import Server, imitation_of

A_SEED = 400
"""How many a library is asked; it is a new one for each seed, since finds grow with it."""
SEEDS = range(1, 1 + max(1, int(os.environ.get("STASHSYNC_ASKED", "1200")) // A_SEED))


def release_of(server: Side) -> str:
    """Return the release of the sandbox that imitates the server."""
    _, answer = server.ask("{ version { version } }", {})
    return imitation_of(answer["data"]["version"]["version"] or "")


@pytest.fixture
def real(server: Server) -> Iterator[Side]:
    headers = {"ApiKey": server.api_key.value} if server.api_key else {}
    with httpx.Client(base_url=server.url, timeout=60, headers=headers) as client:
        side = Side(client)
        try:
            yield side
        finally:
            # Tags last: the primary tag of a marker does not go before the marker's scene.
            for kind in sorted(KINDS, key="Tag".__eq__):
                mutations = table(kind).mutations
                for id_ in side.named(kind) if kind != "SceneMarker" else ():
                    argument, type_, value = mutations.destroying([id_], {})
                    side.ask(
                        f"mutation($i: {type_}) {{ {mutations.destroy}({argument}: $i) }}",
                        {"i": value},
                    )


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sandbox_and_a_server_answer_the_same(real: Side, seed: int) -> None:
    """Equal data, nulls, paths and messages, for random requests."""
    release = release_of(real)
    prefix = f"stashsync {uuid.uuid4().hex[:6]} "
    asker = Asker(Random(seed), prefix, release)
    with Sandbox(release=release) as sandbox:
        real.unordered, real.prefix = is_old(release), prefix
        sides = (real, Side(sandbox, unordered=real.unordered))
        asked = 0
        while asked < A_SEED:
            chance = asker.draw.random()
            if chance < 0.3:
                compare(sides, *(asker.find() if chance < 0.15 else asker.reading()))
                asked += 1
                continue
            drawn = [asker.mutation() for _ in range(asker.draw.choice((1, 1, 2)))]
            document, variables = document_of(drawn, asker)
            answers = [side.ask(document, variables) for side in sides]
            enter(asker, sides, drawn, [answer.get("data") or {} for _, answer in answers])
            assert_same(sides, answers, document, variables)
            asked += len(drawn)


def document_of(drawn: list[Asked], asker: Asker) -> tuple[str, dict[str, Any]]:
    """Return a document of mutations, and its variables."""
    declared = ", ".join(f"$i{n}: {asked.type}" for n, asked in enumerate(drawn))
    parts = (
        f"op{n}: {asked.field}({asked.argument}: $i{n})"
        + (f" {{ {asker.selection(asked.kind, alone=len(drawn) == 1)} }}" if asked.answers else "")
        for n, asked in enumerate(drawn)
    )
    variables = {f"i{n}": asked.value for n, asked in enumerate(drawn)}
    return f"mutation({declared}) {{ {' '.join(parts)} }}", variables


def enter(asker: Asker, sides: Any, drawn: list[Asked], data: list[dict[str, Any]]) -> None:
    """Remember what both have made, and forget what they destroyed."""
    for n, asked in enumerate(drawn):
        results: list[Any] = [answer.get(f"op{n}") for answer in data]
        if not all(results):
            continue
        known = {id_ for made, id_ in sides[0].ids.items() if made.kind == asked.kind}
        if asked.creates and results[0]["id"] not in known:
            made = Made(asked.kind, len(sides[0].ids))
            asker.made[asked.kind].append(made)
            for side, result in zip(sides, results, strict=True):
                side.ids[made] = result["id"]
        asker.made[asked.kind] = [made for made in asker.made[asked.kind] if made not in asked.gone]


def compare(sides: Any, document: str, variables: dict[str, Any]) -> None:
    answers = [side.ask(document, variables) for side in sides]
    assert_same(sides, answers, document, variables)


def assert_same(sides: Any, answers: Any, document: str, variables: dict[str, Any]) -> None:
    """Fail unless both have given the same answer."""
    answered = []
    for side, (status, answer) in zip(sides, answers, strict=True):
        errors = [essence(error) for error in answer.get("errors", ())]
        data = side.translated(answer["data"])
        answered.append((status, errors, unordered(data) if side.unordered else data))
    assert answered[1] == answered[0], f"{document}\n{variables}"
