"""A transport with a server in memory: it runs operations in order, and fails on request."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from stashsync.applier import Interrupt, Listener, Outcome, Report, carry_out
from stashsync.applier.patience import Patience
from stashsync.client import StashClient
from stashsync.errors import StashConnectionError
from stashsync.kinds import KINDS, Kind
from stashsync.planner import Plan
from stashsync.wire.exchange import Answer
from stashsync.wire.retry import RetryPolicy
from stashsync.wire.url import parse_endpoint
from tests.planner.build import SERVER
from tests.support.clock import patience

_OPERATION = re.compile(r"op(\d+): ([a-z]+)(Create|Update)\(")
_FIND = re.compile(r"(?:one|found|e0): find([A-Z][a-z]+?)s?\(")


async def _nap(_: float) -> None:
    await asyncio.sleep(0)


class FakeServer:
    """Objects as rows by kind and id.

    `refuse` are messages by object name. `breaks` holds, for one document of mutations after the
    other, None or what breaks it: how many of its operations run before the connection is lost,
    or "unsent". `reads` is the number of queries that are answered before they break too. `etags`
    are entity tags by image path.
    """

    def __init__(self, *rows: tuple[str, dict[str, Any]]) -> None:
        self.endpoint = parse_endpoint("http://stash.example:9999")
        self.retry = RetryPolicy(attempts=2, sleep=_nap)
        self.objects: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in KINDS}
        for kind, row in rows:
            self.objects[kind][row["id"]] = {**_empty(KINDS[kind]), **row}
        self.refuse: dict[str, str] = {}
        self.breaks: list[int | str | None] = []
        self.reads = 10**9
        self.etags: dict[str, str | None] = {}
        self.documents: list[list[str]] = []
        self.inputs: list[dict[str, Any]] = []
        self.flying = self.most_flying = 0
        self.arrives: Callable[[], Any] = lambda: None
        """Called when a document of mutations has arrived, before any of it runs."""
        self.before_answer: Callable[[], Any] = lambda: None
        self.naps = 1

    # -- the face -------------------------------------------------------------------------------

    async def send(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
    ) -> Answer:
        """Return the answer to a document."""
        if not text.startswith("mutation"):
            return self._look(text, dict(variables or {}))
        self.flying += 1
        self.most_flying = max(self.flying, self.most_flying)
        try:
            for _ in range(self.naps):
                await asyncio.sleep(0)
            return self._run(text, dict(variables or {}))
        finally:
            self.flying -= 1

    async def etag(self, path: str, known: str | None = None) -> str | None:
        """Return the entity tag of an image."""
        return self.etags.get(path)

    async def content(self, path: str) -> bytes | None:
        """Return the bytes of an image: there are none."""

    async def aclose(self) -> None:
        """Do nothing: there is no connection to close."""

    # -- what it does ---------------------------------------------------------------------------

    def _run(self, text: str, variables: dict[str, Any]) -> Answer:
        self.arrives()
        breaks = self.breaks.pop(0) if self.breaks else None
        if breaks == "unsent":
            raise StashConnectionError("connection refused", sent=False)
        data: dict[str, Any] = {}
        errors: list[dict[str, Any]] = []
        operations = _OPERATION.findall(text)
        self.documents.append(
            [self._name(kind, variables[f"input{n}"]) for n, kind, _ in operations]
        )
        for position, (number, kind, action) in enumerate(operations):
            if position == breaks:
                raise StashConnectionError("connection lost")
            made = variables[f"input{number}"]
            alias = f"op{number}"
            message = self.refuse.get(self._name(kind, made))
            if message is not None:
                data[alias] = None
                errors.append({"message": message, "path": [alias]})
            else:
                data[alias] = {"id": self._store(kind, action, made), "__typename": "X"}
            self.inputs.append(made)
        if breaks is not None:
            raise StashConnectionError("connection lost")
        self.before_answer()
        return Answer(data, tuple(errors))

    def _name(self, kind: str, made: dict[str, Any]) -> str:
        found: str = made.get("name") or self.objects[kind][made["id"]]["name"]
        return found

    def _store(self, kind: str, action: str, made: dict[str, Any]) -> str:
        objects = self.objects[kind]
        if action == "Create":
            number = str(1 + max(map(int, objects), default=0))
            objects[number] = {**_empty(KINDS[kind]), "id": number}
        else:
            number = made["id"]
        for spec in KINDS[kind].fields.values():
            if spec.input in made:
                value = made[spec.input]
                if spec.name == "image":
                    value = f"/{kind}/{number}/image" if value else "/image?default=true"
                elif spec.meaning.references():
                    value = [{"id": item} for item in value] if isinstance(value, list) else value
                objects[number][spec.output] = value
        return number

    def _look(self, text: str, variables: dict[str, Any]) -> Answer:
        self.reads -= 1
        if self.reads < 0:
            raise StashConnectionError("still no connection", sent=False)
        found = _FIND.search(text)
        assert found, text
        objects = self.objects[found[1].lower()]
        if "ids" in variables:
            found_rows = [objects.get(each) for each in variables["ids"]]
            if None in found_rows:
                return Answer(None, ({"message": "not found", "path": ["found"]},))
            return Answer({"found": {"count": len(found_rows), "rows": found_rows}})
        if "i0" in variables:
            ids = (variables[f"i{number}"] for number in range(len(variables)))
            return Answer({f"e{n}": objects.get(each) for n, each in enumerate(ids)})
        if "id" in variables:
            return Answer({"one": objects.get(variables["id"])})
        name = variables["where"]["name"]["value"]
        rows = [row for row in objects.values() if len(row["name"]) == len(name)]
        return Answer({"found": {"count": len(rows), "rows": rows}})


def _empty(kind: Kind) -> dict[str, Any]:
    return {
        spec.output: spec.meaning.empty if spec.name != "image" else "/image?default=true"
        for spec in kind.fields.values()
    }


class Recorder(Listener):
    """Keeps the events of a run."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.sent: list[list[int]] = []
        self.outcomes: list[Outcome] = []
        self.report: Report | None = None

    def started(self, plan: Plan) -> None:
        self.events.append("started")

    def sending(self, operations: Any) -> None:
        self.sent.append(list(operations))

    def settled(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    def finished(self, report: Report) -> None:
        self.events.append("finished")
        self.report = report


def client_of(server: FakeServer) -> StashClient:
    """Return a client that knows already what the server can do."""
    client = StashClient(server)
    client._capabilities = replace(
        SERVER, queries=frozenset(kind.find_one for kind in KINDS.values())
    )
    return client


def carried_out(
    plan: Plan,
    server: FakeServer,
    *,
    root: Path = Path(),
    interrupt: Interrupt | None = None,
    max_batch: int = 250,
    listener: Listener | None = None,
    waits: Patience | None = None,
) -> Report:
    """Return the report of a run, checked for what holds of every report."""
    recorder = Recorder()
    report = asyncio.run(
        carry_out(
            plan, client_of(server), root=root, interrupt=interrupt, max_batch=max_batch,
            listener=listener or recorder, patience=waits or patience(),
        )
    )  # fmt: skip
    assert [outcome.operation for outcome in report.outcomes] == list(range(len(plan.operations)))
    if listener is None:
        assert recorder.events == ["started", "finished"]
        assert recorder.report is report
        assert sorted(recorder.outcomes, key=lambda outcome: outcome.operation) == list(
            report.outcomes
        )
        assert len(recorder.sent) == report.requests
    return report
