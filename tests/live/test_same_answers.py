"""A sandbox and a real server are asked the same, drawn by lot, and answer the same.

    pytest tests/live/test_same_answers.py --stash-url http://localhost:9999

What is asked are mutations of all kinds, several in a document, and finds among what they made;
ids are translated, and times and numbers in messages left out of the comparison. What the sandbox
does not imitate of releases before 0.30 is not asked of them: the order of related tags, which had
no natural order, and studios by their one address or the number of their tags.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from random import Random
from typing import Any

import httpx
import pytest

from stashsync.sandbox import Sandbox
from tests.live.asking import KINDS, Asker, Made, Side, essence, is_old, unordered
from tests.support.real import Server, imitation_of

STEPS = 250
SEEDS = (1, 2, 3)


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
            for kind in KINDS:
                for id_ in side.named(kind):
                    given = {"ids": [id_]} if kind == "Gallery" else {"id": id_}
                    side.ask(
                        f"mutation($i: {kind}DestroyInput!) "
                        f"{{ {kind[0].lower()}{kind[1:]}Destroy(input: $i) }}",
                        {"i": given},
                    )


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sandbox_and_a_server_answer_the_same(real: Side, seed: int) -> None:
    """Data, nulls, paths and the words of refusals, whatever is asked."""
    release = release_of(real)
    prefix = f"stashsync {uuid.uuid4().hex[:6]} "
    asker = Asker(Random(seed), prefix, release)
    with Sandbox(release=release) as sandbox:
        real.unordered, real.prefix = is_old(release), prefix
        sides = (real, Side(sandbox, unordered=real.unordered))
        for _ in range(STEPS):
            if asker.draw.random() < 0.4:
                document, variables = asker.find()
                compare(sides, document, variables)
                continue
            drawn = [asker.mutation() for _ in range(asker.draw.choice((1, 1, 2)))]
            declared = ", ".join(f"$i{n}: {type_}" for n, (_, type_, *_) in enumerate(drawn))
            parts = (
                f"op{n}: {name}(input: $i{n})"
                + ("" if name.endswith("Destroy") else f" {{ {asker.selection(kind)} }}")
                for n, (name, _, _, kind) in enumerate(drawn)
            )
            variables = {f"i{n}": given for n, (_, _, given, _) in enumerate(drawn)}
            document = f"mutation({declared}) {{ {' '.join(parts)} }}"
            answers = [side.ask(document, variables) for side in sides]
            enter(asker, sides, drawn, [answer.get("data") or {} for _, answer in answers])
            assert_same(sides, answers, document, variables)


def enter(asker: Asker, sides: Any, drawn: Any, data: list[dict[str, Any]]) -> None:
    """Remember what both have made, and forget what they destroyed."""
    for n, (name, _, given, kind) in enumerate(drawn):
        results: list[Any] = [answered.get(f"op{n}") for answered in data]
        if name.endswith("Create") and all(results):
            made = Made(kind, len(sides[0].ids))
            asker.made[kind].append(made)
            for side, result in zip(sides, results, strict=True):
                side.ids[made] = result["id"]
        if name.endswith("Destroy"):
            gone = given["ids"][0] if kind == "Gallery" else given["id"]
            asker.made[kind] = [made for made in asker.made[kind] if made != gone]


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
