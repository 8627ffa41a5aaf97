"""The law of the store where several tasks save at once, and one of them edits meanwhile."""

from __future__ import annotations

import asyncio
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
        """Nothing is made twice, nothing is lost; in the end the server has the last edits."""
        before = self.facts()
        self.wire.forget()
        self.wire.waits = lambda: data.draw(st.integers(0, 3), label="turns")
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

    async def _all_of(self, tasks: list[Any]) -> None:
        await asyncio.gather(*tasks)

    def _task(self, data: st.DataObject, task: str) -> Any:
        some = [self.pick(data, data.draw(st.sampled_from(KINDS))) for _ in range(3)]
        if task == "all":
            return self.store.save_all()
        if task == "batch":
            return self.store.save_batch(some)
        if task == "save":
            return self.store.save(some[0])
        if task == "direct":
            return self._direct(some[0])
        return self._edits(data, build=task == "build")

    async def _direct(self, one: Any) -> None:
        try:
            await one.save(self.client)
        except ValueError as error:
            assert " first" in str(error), error

    async def _edits(self, data: st.DataObject, *, build: bool) -> None:
        for _ in range(3):
            for _ in range(data.draw(st.integers(0, 4), label="turns")):
                await asyncio.sleep(0)
            if build:
                far = data.draw(st.booleans(), label="far")
                self.build_at_an_end(data, 0, far)
            elif data.draw(st.booleans(), label="relation"):
                how, joins, far = (
                    data.draw(one) for one in (st.integers(0, 4), *[st.booleans()] * 2)
                )
                self.edit_a_relation(data, how, joins, far)
            else:
                kind = data.draw(st.sampled_from(KINDS))
                self.edit_a_value(data, kind, data.draw(st.booleans()))


def test_tasks_that_save_at_once_make_nothing_twice_and_lose_nothing() -> None:
    """Documents and answers cross on their way; edits fall in between."""
    holds(Hurried)
