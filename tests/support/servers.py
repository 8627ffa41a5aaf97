"""A sandbox in this process, a client of it, and plans and runs on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from starlette.types import ASGIApp

from stashsync import applier
from stashsync.applier.outcomes import Report
from stashsync.client import StashClient
from stashsync.engine import reconcile
from stashsync.manifest import Desired, load
from stashsync.planner import Plan, Policy
from stashsync.wire.exchange import Answer, GraphQLTransport
from stashsync.wire.read_only import ReadOnlyTransport
from stashsync.wire.retry import RetryPolicy
from stashsync.wire.transport import Transport, over_app
from stashsync.wire.url import Endpoint
from tests.support.clock import patience

NO_PAUSES = RetryPolicy(first_pause=0.0, longest_pause=0.0)


class Served(Protocol):
    """Anything with an ASGI application: a sandbox, or a proxy in front of one."""

    @property
    def app(self) -> ASGIApp: ...


def transport_to(served: Served | Transport) -> Transport:
    """Return a transport to an application in this process; return a transport as it is."""
    if isinstance(served, Transport):
        return served
    return over_app(served.app, retry=NO_PAUSES)


@asynccontextmanager
async def client_of(served: Served | Transport) -> AsyncIterator[StashClient]:
    """Yield a client that may read and write."""
    async with StashClient(transport_to(served)) as client:
        yield client


@asynccontextmanager
async def reader_of(served: Served | Transport) -> AsyncIterator[StashClient]:
    """Yield a client that can only read, such as `plan` and `drift` use."""
    async with (
        transport_to(served) as transport,
        StashClient(ReadOnlyTransport(transport)) as client,
    ):
        yield client


def plan_for(
    desired: Desired | Path,
    served: Served | Transport,
    *,
    lenient: bool = False,
    prune: Iterable[str] = (),
) -> Plan:
    """Return the plan, made with a transport that sends no mutation; `prune` has kinds."""
    policy = Policy(lenient=lenient, prune=frozenset(prune))
    wanted = load(desired) if isinstance(desired, Path) else desired

    async def run() -> Plan:
        async with reader_of(served) as client:
            return await reconcile.make_plan(wanted, client, policy=policy)

    return asyncio.run(run())


def carry_out(plan: Plan, served: Served | Transport, root: Path, **options: Any) -> Report:
    """Apply a plan without real pauses; return its report."""
    options.setdefault("patience", patience())

    async def run() -> Report:
        async with client_of(served) as client:
            return await applier.carry_out(plan, client, root=root, **options)

    return asyncio.run(run())


def assert_complete(report: Report) -> None:
    """Fail unless every operation was applied; list the others."""
    refused = [
        (
            outcome.status.value,
            outcome.message,
            report.plan.changes[report.plan.operations[i].change].label,
        )
        for i, outcome in enumerate(report.outcomes)
        if outcome.status.value != "applied"
    ]
    assert refused == []


@dataclass
class Tap:
    """A transport that records the documents sent through it."""

    inner: GraphQLTransport
    documents: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    @property
    def endpoint(self) -> Endpoint:
        return self.inner.endpoint

    @property
    def retry(self) -> RetryPolicy:
        return self.inner.retry

    async def send(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
    ) -> Answer:
        self.documents.append((text, dict(variables or {})))
        return await self.inner.send(text, variables, operation_name=operation_name)

    async def etag(self, path: str, known: str | None = None) -> str | None:
        return await self.inner.etag(path, known)

    async def content(self, path: str) -> bytes | None:
        return await self.inner.content(path)

    async def aclose(self) -> None:
        await self.inner.aclose()

    def inputs(self) -> Iterator[Mapping[str, Any]]:
        """Yield the input of every mutation that was sent."""
        for text, variables in self.documents:
            if text.lstrip().startswith("mutation"):
                yield from variables.values()
