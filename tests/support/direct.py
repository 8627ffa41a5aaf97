"""A sandbox that is asked without HTTP and without threads: what happens has one order."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from stashsync.sandbox import Sandbox
from stashsync.sandbox.documents import DocumentRefused, documents_of
from stashsync.sandbox.execute import Execution
from stashsync.sandbox.schema import schema_of
from stashsync.wire.answers import answer_in
from stashsync.wire.exchange import Answer
from stashsync.wire.retry import RetryPolicy
from stashsync.wire.url import Endpoint, parse_endpoint
from tests.support.servers import NO_PAUSES

_ENDPOINT: Final = parse_endpoint("http://sandbox")
_ABOUT_THE_SERVER: Final = "query Capabilities"
_known: dict[tuple[str, str], bytes] = {}
"""Answers about a server itself, by release and document: they are the same each time."""


@dataclass(frozen=True)
class Direct:
    """A transport to a sandbox in this process, for tests that make thousands of runs.

    Documents, variables and answers are the same as over HTTP, JSON included. Between the root
    fields of a document others have a turn, as they have with a server's threads.
    """

    sandbox: Sandbox
    release: str

    @property
    def endpoint(self) -> Endpoint:
        return _ENDPOINT

    @property
    def retry(self) -> RetryPolicy:
        return NO_PAUSES

    async def send(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
    ) -> Answer:
        """Send a document and return the answer."""
        key = self.release, text
        if key not in _known:
            content = orjson.dumps(await self._answer(text, variables, operation_name))
            if not text.startswith(_ABOUT_THE_SERVER):
                return _read(content)
            _known[key] = content
        return _read(_known[key])

    async def _answer(
        self, text: str, variables: Mapping[str, Any] | None, name: str | None
    ) -> dict[str, Any]:
        schema = schema_of(self.release)
        sent = orjson.loads(orjson.dumps(variables or {}))
        try:
            ready = documents_of(schema).operation(text, name).ready(sent)
        except DocumentRefused as error:
            return {"errors": error.errors, "data": None}
        execution = Execution(schema, self.sandbox.system, self.sandbox.library, "")
        for _ in execution.field_by_field(ready):
            await asyncio.sleep(0)
        return execution.answer

    async def etag(self, path: str, known: str | None = None) -> str | None:
        """Refuse: there are no images."""
        raise NotImplementedError

    async def content(self, path: str) -> bytes | None:
        """Refuse: there are no images."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Do nothing: there is no connection."""


def _read(content: bytes) -> Answer:
    answer = answer_in(orjson.loads(content), 200)
    assert answer is not None
    return answer
