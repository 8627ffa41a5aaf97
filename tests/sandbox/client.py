"""Requests to a sandbox in this process, as a client sends them over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from stashsync.sandbox import Sandbox

BASE = "http://sandbox.test"


def request(target: Any, method: str, path: str, **more: Any) -> httpx.Response:
    """Return the response to one HTTP request; `target` has an `app`."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(target.app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return await client.request(method, path, **more)

    return asyncio.run(send())


def post(
    target: Any, query: str, headers: dict[str, str] | None = None, **variables: Any
) -> httpx.Response:
    """Return the response to a document with variables."""
    headers = {"Accept": "application/json", **(headers or {})}
    body = {"query": query, "variables": variables}
    return request(target, "POST", "/graphql", json=body, headers=headers)


def ask(target: Any, query: str, **variables: Any) -> dict[str, Any]:
    """Return the answer to a document: `data` and, where there are any, `errors`."""
    answer: dict[str, Any] = post(target, query, **variables).json()
    return answer


def create(sandbox: Sandbox, *names: str) -> None:
    """Create tags of these names."""
    for name in names:
        answer = ask(
            sandbox, "mutation($i: TagCreateInput!) {tagCreate(input: $i) {id}}", i={"name": name}
        )
        assert "errors" not in answer


def tag_names(sandbox: Sandbox) -> list[str]:
    """Return the names of all tags, oldest first."""
    answer = ask(sandbox, '{findTags(filter: {per_page: -1, sort: "id"}) {tags {name}}}')
    return [tag["name"] for tag in answer["data"]["findTags"]["tags"]]
