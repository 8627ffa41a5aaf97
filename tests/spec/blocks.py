"""Code blocks of a text, made to run: found by their lines, executed on a sandbox or a server.

Nothing of a block is changed but the name of the package. What it takes for granted is supplied:
the objects with the ids that it names, functions that it calls, and an empty dict for every
`{...}`. Where a text has lost its line breaks or its indentation, `breaks` and `shape` say where
they were.
"""

from __future__ import annotations

import ast
import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import stashsync
import stashsync.entities
import stashsync.kinds
import stashsync.types
from stashsync.client import StashClient, StashContext
from stashsync.kinds import ENTITIES
from stashsync.unset import UNSET
from stashsync.wire.exchange import Answer
from stashsync.wire.transport import Transport
from tests import shared
from tests.spec.ground import ground
from tests.spec.lending import Media
from tests.support.http import http_answered_by
from tests.support.meaning import name_field
from tests.support.scripts import Wire, made

OTHER_NAME = "stash_graphql_client"
FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
REAL_SLEEP = asyncio.sleep


class Placeholders(Wire):
    """A wire that writes the real id for each id that a block only pretends."""

    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self.real: dict[str, str] = {}

    async def send(self, text: str, variables: Any = None, **options: Any) -> Answer:
        return await super().send(text, self._exchanged(dict(variables or {})), **options)

    def _exchanged(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._exchanged(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._exchanged(item) for item in value]
        return self.real.get(value, value) if isinstance(value, str) else value

    def subscribe(self, *args: Any, **options: Any) -> Any:
        return self.inner.subscribe(*args, **options)  # type: ignore[attr-defined]

    async def aclose(self) -> None:
        """Stays open: the block's context is not the only one that uses it."""


class EmptyDicts(ast.NodeTransformer):
    """`{...}` is whatever the reader has; here it is nothing."""

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        if node.arg == "conn" and isinstance(node.value, ast.Constant) and node.value.value is ...:
            node.value = ast.copy_location(ast.Dict([], []), node.value)
        self.generic_visit(node)
        return node

    def visit_Set(self, node: ast.Set) -> ast.AST:
        (element,) = node.elts if len(node.elts) == 1 else (None,)
        if isinstance(element, ast.Constant) and element.value is ...:
            return ast.copy_location(ast.Dict([], []), node)
        return node


@dataclass
class Run:
    """One block, about to run or done."""

    source: str
    client: StashClient
    wire: Placeholders
    media: Media
    out: list[str] = field(default_factory=list)

    async def place(self, kind: str, identifier: str, **values: Any) -> str:
        """Let there be an object with this id; its real id. A number is really its id."""
        name = name_field(kind)
        if identifier.isdecimal():
            find = getattr(self.client, f"find_{ENTITIES[kind].plural}")
            last = (await find(per_page=1, filter_={"sort": "id", "direction": "DESC"})).items
            there = max(int(last[0].id), 0) if last else 0
            fill = [(kind, {name: f"{kind} {n}"}) for n in range(there + 1, int(identifier))]
            await made(self.client, *fill)
        (real,) = await made(self.client, (kind, {name: f"{kind} {identifier}", **values}))
        if real != identifier:
            self.wire.real[identifier] = real
        self.client.store.invalidate_all()
        self.wire.forget()
        return real

    @asynccontextmanager
    async def context(self, conn: Mapping[str, Any]) -> AsyncIterator[StashClient]:
        """Provide a client on this wire, for a block whose own connection would be a WebSocket."""
        async with StashClient(self.wire) as client:
            yield client

    async def __call__(self, **supplied: Any) -> dict[str, Any]:
        """Execute the block; all names that there are then."""
        names: dict[str, Any] = {
            **{
                name: getattr(package, name)
                for package in (stashsync.kinds, stashsync.entities, stashsync.types)
                for name in package.__all__
            },
            "UNSET": UNSET,
            "StashContext": StashContext,
            "client": self.client,
            "store": self.client.store,
            "print": lambda *values: self.out.append(" ".join(map(str, values))),
            **supplied,
        }
        tree = EmptyDicts().visit(compile(self.source, "block", "exec", FLAGS | ast.PyCF_ONLY_AST))
        code = compile(ast.fix_missing_locations(tree), "block", "exec", FLAGS)
        done = eval(code, names)
        if done is not None:
            await done
        return names


Check = Callable[[Run], Awaitable[None]]


@dataclass(frozen=True)
class Block:
    """Where a block is, and what must be true of it."""

    text: str
    first: int
    last: int
    check: Check
    breaks: tuple[str, ...] = ()
    shape: str = ""

    def __str__(self) -> str:
        return f"{self.text}:{self.first}-{self.last} {self.check.__name__}"

    def source(self) -> str:
        """Return the block as Python."""
        lines = read(self.text)[self.first - 1 : self.last]
        lines = [re.sub(r"^>>> ", "", line) for line in lines]
        for item in self.breaks:
            mark = item.lstrip("\n ")
            lines = "\n".join(lines).replace(mark, f"\n{item}", 1).split("\n")
        if self.shape:
            lines = [line for line in lines if line.strip()]
            assert len(lines) == len(self.shape), (len(lines), len(self.shape))
            lines = ["    " * int(n) + line for n, line in zip(self.shape, lines, strict=True)]
        indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        text = "\n".join(line[indent:] for line in lines).replace(OTHER_NAME, "stashsync")
        return text.replace(", ...)", ")")  # "and the rest of its fields": none here

    def play(self, server: Transport | None = None) -> None:
        """Run it, with its checks, on a server, or else on a sandbox of its own."""
        source = self.source()

        async def run() -> None:
            async with ground(server) as (inner, media):
                wire = Placeholders(inner)
                with http_answered_by(wire):
                    async with StashClient(wire) as client:
                        await self.check(Run(source, client, wire, media))

        asyncio.run(run())


def read(text: str) -> list[str]:
    """Return the lines of a text; skips where it is not there."""
    lines = shared.text(text).splitlines()
    return [line.replace("\xa0", " ").replace("\u200b", "") for line in lines]


BLOCKS: list[Block] = []


def block(
    text: str, first: int, last: int, *, breaks: tuple[str, ...] = (), shape: str = ""
) -> Callable[[Check], Check]:
    """Register the check of the block in these lines (counted from 1)."""

    def register(check: Check) -> Check:
        BLOCKS.append(Block(text, first, last, check, breaks, shape))
        return check

    return register


LEFT_OUT: Mapping[tuple[str, int, int], str] = {
    ("batched-mutations", 45, 48): "GraphQL, not Python; the test of the block above it checks it",
    ("unset-and-uuid", 28, 28): "a heading",
    ("unset-and-uuid", 157, 162): "headings whose blocks the text has lost",
    ("unset-and-uuid", 186, 193): "a table; what it shows is run in the blocks above it",
    ("entity-store", 1, 18): "signature and prose; signatures are compared in a test of their own",
}
"""What looks like code and is not run, with the reason."""
