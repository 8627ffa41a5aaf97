"""The stories of `tests/cases` on a real server: they end there as in the sandbox.

    pytest tests/live --stash-url http://localhost:9999 --stash-api-key KEY

Both begin with the library of the story and get its manifests: plan or errors, what is refused,
and the library afterwards must be the same, to the letter. The sandbox imitates the release of the
server. On the server only what the story makes is seen, and it is destroyed afterwards.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from stashsync import applier
from stashsync.client import StashClient
from stashsync.engine import reconcile
from stashsync.errors import Problems, StashGraphQLError
from stashsync.kinds import KINDS
from stashsync.manifest import load
from stashsync.planner import Policy
from stashsync.render.problems import problems_text
from stashsync.render.text import plan_text
from stashsync.sandbox import Sandbox
from stashsync.wire.exchange import Answer, GraphQLTransport
from stashsync.wire.read_only import ReadOnlyTransport
from stashsync.wire.transport import Transport
from tests.support.libraries import content_of, making
from tests.support.own_ground import own_ground
from tests.support.real import Server, imitation_of
from tests.support.servers import Tap, transport_to

CASES = Path(__file__).parent.parent / "cases"
NOT_HERE = {"blank_around_an_old_name"}
"""White space at the end of a name is inside of it once `apart` has put its mark behind it."""
STORIES = sorted({path.parent.name for path in CASES.glob("*/library.yaml")} - NOT_HERE)
SCENES = """{ findScenes(filter: {per_page: -1, sort: "id"}) { scenes {
    id title tags { id } performers { id } studio { id }
    scene_markers { title seconds primary_tag { id } }
} } }"""


@dataclass(frozen=True)
class Ran:
    """What became of a story: the text of the plan, the outcomes, and the library afterwards."""

    shown: str
    outcomes: list[str]
    after: str
    again: str


@pytest.mark.parametrize("story", STORIES)
def test_a_story_goes_on_a_server_as_in_the_sandbox(story: str, server: Server) -> None:
    """Refusals, names that step aside, cycles and merges are as they were observed."""
    expected, happened = asyncio.run(compare(story, server.transport()))
    assert happened == expected


@pytest.mark.parametrize(
    "story", ["every_field", "many_alike", "merge_three", "swap_two_by_id", "wildcards_in_order"]
)
def test_a_story_goes_on_a_used_server_as_on_a_new_one(story: str) -> None:
    """So the view of its own that a story gets hides what was there, and changes nothing of it."""
    with Sandbox() as used:
        for name in ("Camera", "Lens", "Travel"):
            used.library.mutate("tagCreate", {"input": {"name": name}})
        before = content_of(used)
        expected, happened = asyncio.run(compare(story, transport_to(used)))
        assert happened == expected
        assert content_of(used) == before


class InTurn(Tap):
    """A transport with one document in flight: of two, either may come first, and have the id."""

    def __init__(self, inner: GraphQLTransport) -> None:
        super().__init__(inner)
        self._turn = asyncio.Lock()

    async def send(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
    ) -> Answer:
        """Send a document once those before it are answered."""
        async with self._turn:
            return await super().send(text, variables, operation_name=operation_name)


async def compare(story: str, server: Transport) -> tuple[Ran, Ran]:
    """How a story goes in a new sandbox, and on a server."""
    async with StashClient(server) as client:
        known = await client.capabilities()
        with Sandbox(release=imitation_of(known.release_name, known.mutations)) as sandbox:
            async with transport_to(sandbox) as imitated:
                expected = await tell(story, imitated)
        async with own_ground(server, client) as apart:
            return expected, await tell(story, apart)


async def tell(story: str, transport: GraphQLTransport) -> Ran:
    """Fill, plan, carry out, look, plan again."""
    root = CASES / story
    library = yaml.safe_load((root / "library.yaml").read_text("utf-8")) or {}
    policy = Policy(
        lenient=library.get("lenient", False), prune=frozenset(library.get("prune", ()))
    )
    transport = InTurn(transport)
    async with (
        StashClient(transport) as client,
        StashClient(ReadOnlyTransport(transport)) as reader,
    ):
        server = await client.capabilities()
        refused = await fill(client, library, root)
        if refused:
            return Ran("", [refused], await content(client), "")
        try:
            desired = load(root)
            plan = await reconcile.make_plan(desired, reader, policy=policy)
        except Problems as problems:
            shown = problems_text(problems).replace(server.name, "this release")
            return Ran(shown, [], await content(client), "")
        report = await applier.carry_out(plan, client, root=root)
        outcomes = [
            f"{outcome.status.value} {_words(outcome.message)}" for outcome in report.outcomes
        ]
        again = await reconcile.make_plan(desired, reader, policy=policy)
        return Ran(plan_text(plan), outcomes, await content(client), plan_text(again))


def _words(message: str | None) -> str:
    """Return a message without the system's reason why an address could not be fetched."""
    return (message or "").partition(': Get "')[0]


async def fill(client: StashClient, library: dict[str, Any], root: Path) -> str:
    """Make the story's objects, without fields that the server lacks; its refusal of one, or ""."""
    server = await client.capabilities()
    steps = making(library, root)
    made = None
    with suppress(StopIteration):
        while True:
            mutation, given = steps.send(made)
            type_name = f"{mutation[0].upper()}{mutation[1:]}Input"
            known = {
                name: value
                for name, value in given.items()
                if not server.lacks_input(type_name, name)
            }
            text = f"mutation ($v: {type_name}!) {{ made: {mutation}(input: $v) {{ id }} }}"
            try:
                row = await client.execute(text, {"v": known})
            except StashGraphQLError as error:
                return str(error)
            made = row["made"]["id"]
    return ""


async def content(client: StashClient) -> str:
    """Return all objects by id, without times; of an image only whether there is one."""
    found: dict[str, Any] = {"scenes": await client.execute(SCENES)}
    for kind in KINDS.values():
        rows = await client.find_all(kind, kind.fields)
        for row in rows:
            for spec in kind.images:
                if row.get(spec.output):
                    row[spec.output] = "default=true" not in row[spec.output]
            for stash_id in row.get("stash_ids", ()):
                stash_id.pop("updated_at", None)
            for name in row.keys() & {"aliases", "alias_list"}:
                row[name] = sorted(row[name])  # the mark of `apart` has an order of its own
        found[kind.plural] = rows
    return yaml.safe_dump(found, allow_unicode=True)
