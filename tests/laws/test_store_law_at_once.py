"""The law of the store where several tasks save at once, and one of them edits meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from itertools import cycle
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.laws.script import Script, holds
from tests.laws.shelves import KINDS

SAVINGS = ["all", "batch", "save", "direct"]


class Hurried(Script):
    """A script of tasks that do not wait for each other."""

    @rule(data=st.data(), tasks=st.lists(st.sampled_from(SAVINGS), min_size=2, max_size=4))
    def save_at_once(self, data: st.DataObject, tasks: list[str]) -> None:
        self._at_once(data, tasks)

    @rule(data=st.data(), tasks=st.lists(st.sampled_from(SAVINGS), min_size=1, max_size=3),
          edits=st.lists(st.sampled_from(["edit", "build"]), min_size=1, max_size=2))  # fmt: skip
    def edit_while_saving(self, data: st.DataObject, tasks: list[str], edits: list[str]) -> None:
        self._at_once(data, [*tasks, *edits])

    def _at_once(self, data: st.DataObject, tasks: list[str]) -> None:
        """Run tasks at once: nothing is created twice, and the server ends with the last edits."""
        before = self.facts()
        self.wire.forget()
        delays = cycle(
            data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=9), label="turns")
        )
        self.wire.waits = lambda: next(delays)
        self.busy = True
        try:
            self.saving(self._all_of([self._task(data, task) for task in tasks]))
        finally:
            self.busy = False
            self.wire.waits = lambda: 0
        self.nothing_else(before, twice=True)
        self.nothing_is_clean_in_vain()
        self.save_all()
        self.nothing_else(before, twice=True)
        self.all_is_there()

    async def _all_of(self, tasks: list[Callable[[], Coroutine[Any, Any, Any]]]) -> None:
        async def later(task: Callable[[], Coroutine[Any, Any, Any]]) -> None:
            for _ in range(self.wire.waits()):
                await asyncio.sleep(0)
            await task()

        running = [asyncio.ensure_future(later(task)) for task in tasks]
        try:
            await asyncio.gather(*running)
        finally:
            for item in running:
                item.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def _task(self, data: st.DataObject, task: str) -> Callable[[], Coroutine[Any, Any, Any]]:
        items = [self._busy_one(data) for _ in range(2)]
        match task:
            case "all":
                return self.store.save_all
            case "batch":
                return lambda: self.store.save_batch(items)
            case "save":
                return lambda: self.store.save(items[0])
            case "direct":
                return lambda: self.directly(items[0])
        return lambda: self._edits(data, build=task == "build")

    def _busy_one(self, data: st.DataObject) -> Any:
        """Return an object that is edited already, if there is one."""
        edited = [
            item for held in self.held.values() for item in held if item.is_new() or item.is_dirty()
        ]
        if edited:
            return data.draw(st.sampled_from(edited), label="edited")
        return self.pick(data, data.draw(st.sampled_from(KINDS)))

    async def _edits(self, data: st.DataObject, *, build: bool) -> None:
        for _ in range(3):
            for _ in range(self.wire.waits()):
                await asyncio.sleep(0)
            far = data.draw(st.booleans(), label="far")
            if build:
                self.build_at_an_end(data, 0, far)
            elif data.draw(st.booleans(), label="relation"):
                how, joins = data.draw(st.integers(0, 4)), data.draw(st.booleans(), label="joins")
                self.edit_a_relation(data, how, joins, far)
            else:
                self.give_a_value(data, self._busy_one(data), in_place=data.draw(st.booleans()))


def test_tasks_that_save_at_once_make_nothing_twice_and_lose_nothing() -> None:
    """Documents and answers overtake each other, and objects are edited in between."""
    holds(Hurried)
