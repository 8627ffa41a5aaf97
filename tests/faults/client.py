"""Saboteurs of the client: names, hierarchies, jobs, and what a connection takes."""

from __future__ import annotations

from typing import Any

import pytest

from stashsync.client import jobs, mapping, name_lookup
from stashsync.client.hierarchy import HierarchyMixin
from stashsync.client.name_lookup import look_up
from stashsync.errors import StashError
from stashsync.kinds.enums import JobStatus
from stashsync.wire import transport
from tests.faults.sabotage import saboteurs

SABOTEURS, brings_back = saboteurs()


@brings_back("5", "a job that could not be read is taken for an unknown one")
def _(patch: pytest.MonkeyPatch) -> None:
    find_job = jobs.JobsMixin.find_job

    async def swallow(self: Any, job_id: Any) -> Any:
        try:
            return await find_job(self, job_id)
        except StashError:
            return None

    patch.setattr(jobs.JobsMixin, "find_job", swallow)


@brings_back("5 map_ids", "names that could not be looked up are new ones")
def _(patch: pytest.MonkeyPatch) -> None:
    async def swallow(execute: Any, kind: Any, wanted: Any) -> list[list[Any]]:
        try:
            return await look_up(execute, kind, wanted)
        except StashError:
            return [[] for _ in wanted]

    patch.setattr(mapping, "look_up", swallow)


@brings_back("12 failed job", "it is polled like one that runs")
def _(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(jobs, "_FINAL", jobs._FINAL - {JobStatus.FAILED})


@brings_back("12 hierarchy", "what is above the parent is not asked for")
def _(patch: pytest.MonkeyPatch) -> None:
    find = HierarchyMixin.find_studio_hierarchy

    async def cut(self: Any, studio_id: str) -> list[Any]:
        return (await find(self, studio_id))[-2:]

    patch.setattr(HierarchyMixin, "find_studio_hierarchy", cut)


@brings_back("12 one by name", "each name has a request of its own")
def _(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(name_lookup, "NAMES_A_DOCUMENT", 1)


@brings_back("12 http2", "the option stands beside a transport that does not hear of it")
def _(patch: pytest.MonkeyPatch) -> None:
    opened = transport.Transport._open

    def deaf(self: Any, *args: Any, http2: bool) -> Any:
        return opened(self, *args, http2=False)

    patch.setattr(transport.Transport, "_open", deaf)
