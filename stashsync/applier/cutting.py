"""Cutting documents: which operations are sent together, and as what.

    in order, until the document is full or the next has to wait
        │
        ├─ the same patch as an earlier one of the document ──> one bulk mutation for both
        ├─ deletes of one kind ──> one plural mutation, and no other in that document
        └─ anything else ──> a mutation of its own

What stands for several operations happens to all of them or to none. Where it was refused, the
operations in it are `alone` from then on, and each is sent by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import orjson

from stashsync.applier import pictures
from stashsync.applier.requests import (
    deletes,
    patch_for,
    request_for,
    request_for_deletes,
    request_for_patch,
)
from stashsync.applier.sizes import Sizes
from stashsync.errors import StashError
from stashsync.fields import Value
from stashsync.kinds import KINDS, Capabilities
from stashsync.outcomes import Outcome, Status
from stashsync.planner import Create, Merge, Plan
from stashsync.planner.changes import values_after
from stashsync.planner.expectation import Expectation
from stashsync.wire.operations import BatchOperation

Sent: TypeAlias = tuple[tuple[int, ...], BatchOperation]
"""A mutation, with the operations of the plan that it carries out."""

LARGEST_BYTES = 750_000
"""How large a document may be, images included: proxies take 1 MB. What is larger goes alone."""


@dataclass(frozen=True)
class UnderWay:
    """The operations under way since a moment: `sent` by now, and not `answered` by then."""

    sent: Container[object]
    answered: Container[object]

    def __contains__(self, index: object) -> bool:
        return index in self.sent and index not in self.answered


@dataclass
class Cutter:
    """Cut the operations of one run into documents, and keep what became of them.

    Args:
        image: makes what to send from the canonical value of an image.
        on_outcome: is called with every outcome as it is settled.
    """

    plan: Plan
    server: Capabilities
    root: Path
    image: Callable[[Value], Value]
    sizes: Sizes = field(default_factory=Sizes)
    on_outcome: Callable[[Outcome], None] = lambda _: None
    ids: dict[str, str] = field(default_factory=dict)
    """The server's ids of created objects, by their tokens."""
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    sent: set[int] = field(default_factory=set)
    """The operations that this run, or the one that it goes on with, has sent."""
    alone: set[int] = field(default_factory=set)
    waiting: list[int] = field(init=False)
    """Operations that still have to be sent, the next one last."""
    limit: int | None = None
    """The largest document in bytes, where the server's proxy refused a larger one."""
    merged: set[str] = field(init=False)
    """The kinds of objects that the plan merges."""

    def __post_init__(self) -> None:
        self.waiting = list(reversed(range(len(self.plan.operations))))
        self.merged = {change.kind for change in self.plan.changes if isinstance(change, Merge)}

    def next(self) -> list[Sent]:
        """Take the next document off what is waiting.

        Empty where the next operation has to wait for one that is in flight, or where none is left.
        """
        document = _Document(self)
        while self.waiting and document.count < self.sizes.next:
            index = self.waiting[-1]
            if not self._may_go(index, document):
                break
            outcome = self._failed_need(index)
            if outcome is None and deletes(self.plan, index):
                return document.sent or self._cut_deletes()
            if outcome is None:
                try:
                    request = self._request(index)
                except StashError as error:
                    outcome = Outcome(index, Status.FAILED, error.message)
                else:
                    if not document.add(index, request):
                        break
            self.waiting.pop()
            if outcome is not None:
                self.settle(outcome)
        return document.sent

    def apply(self, index: int, identifier: str) -> None:
        """Settle an operation as applied to the object with this id."""
        change = self.plan.changes[self.plan.operations[index].change]
        if isinstance(change, Create):
            self.ids[change.token] = identifier
        self.settle(Outcome(index, Status.APPLIED, id=identifier))

    def settle(self, outcome: Outcome) -> None:
        """Note how an operation ended."""
        self.outcomes[outcome.operation] = outcome
        self.on_outcome(outcome)

    def take_over(self, applied: Mapping[int, Outcome], unknown: Iterable[int]) -> None:
        """Go on where an earlier run stopped: neither of these operations waits to be sent."""
        for index, outcome in sorted(applied.items()):
            self.apply(index, outcome.id or "")
        done = {*applied, *unknown}
        self.sent |= done
        self.waiting = [index for index in self.waiting if index not in done]

    def skip_waiting(self, reason: str) -> None:
        """Settle everything that was not sent yet as skipped."""
        while self.waiting:
            self.settle(Outcome(self.waiting.pop(), Status.SKIPPED, reason))

    def send_again(self, indices: Iterable[int]) -> None:
        """Put operations back among those that wait."""
        self.waiting.extend(indices)
        self.waiting.sort(reverse=True)

    def reopen(self, found: Iterable[int]) -> bool:
        """Let what was skipped for one of these operations wait again; whether there is any."""
        causes = set(found)
        again = [index for index, end in self.outcomes.items() if end.because in causes]
        for index in again:
            del self.outcomes[index]
        self.send_again(again)
        return bool(again)

    @cached_property
    def expectation(self) -> Expectation:
        """What the objects of the plan look like by now."""
        return Expectation(self.plan, self._is_applied, self.ids, self.sent.__contains__)

    def under_way_from_now(self) -> UnderWay:
        """Return the operations that are under way at any time from this call on."""
        return UnderWay(self.sent, frozenset(self.outcomes))

    def _is_applied(self, index: int) -> bool:
        outcome = self.outcomes.get(index)
        return outcome is not None and outcome.status is Status.APPLIED

    def is_ready(self, index: int) -> bool:
        """Whether all that has to come before an operation is over."""
        operation = self.plan.operations[index]
        earlier = (*operation.needs, *operation.waits, *operation.after)
        return all(index in self.outcomes for index in earlier)

    def _may_go(self, index: int, document: _Document) -> bool:
        """Whether all that has to come before is over, or earlier in the same document."""
        operation = self.plan.operations[index]
        if any(need not in self.outcomes for need in operation.needs):
            return False
        earlier = (*operation.waits, *operation.after)
        return all(index in self.outcomes or document.holds(index) for index in earlier)

    def _failed_need(self, index: int) -> Outcome | None:
        operation = self.plan.operations[index]
        for needed in (*operation.needs, *operation.waits):
            outcome = self.outcomes.get(needed)
            if outcome is not None and outcome.status is not Status.APPLIED:
                first = outcome.because if outcome.because is not None else needed
                return Outcome(index, Status.SKIPPED, "", because=first)
        return None

    def _cut_deletes(self) -> list[Sent]:
        """Put deletes of one kind into one mutation; one that was refused so goes alone."""
        first = self.waiting.pop()
        indices = [first]
        kind = self._kind_of(first)
        while self.waiting and len(indices) < self.sizes.next and first not in self.alone:
            index = self.waiting[-1]
            if (
                not deletes(self.plan, index)
                or self._kind_of(index) != kind
                or index in self.alone
                or not self.is_ready(index)
                or self._failed_need(index) is not None
                or not KINDS[kind].destroy_many
            ):
                break
            indices.append(self.waiting.pop())
        if len(indices) > 1:
            return [(tuple(indices), request_for_deletes(self.plan, indices))]
        return [((first,), self._request(first))]

    def _request(self, index: int) -> BatchOperation:
        return request_for(self.plan, index, self.ids, self.server, self.image)

    def halve(self, document: Sequence[Sent]) -> bool:
        """Halve the limit, as a document was too large; False where it has a single operation."""
        if sum(len(indices) for indices, _ in document) == 1:
            return False
        for indices, _ in document:
            if len(indices) > 1:
                self.alone.update(indices)
        half = sum(_size(request) for _, request in document) // 2
        self.limit = half if self.limit is None else min(half, self.limit)
        return True

    def weight(self, index: int, request: BatchOperation) -> int:
        """Estimate the size of an operation in bytes; a dry run does not read its images."""
        return max(_size(request), self._weight_of_images(index))

    def _weight_of_images(self, index: int) -> int:
        operation = self.plan.operations[index]
        names = {spec.name for spec in KINDS[self._kind_of(index)].images} & {*operation.fields}
        if not names:
            return 0
        values = values_after(self.plan.changes[operation.change])
        return sum(pictures.weight(values[name], self.root) for name in names)

    def _kind_of(self, index: int) -> str:
        return self.plan.changes[self.plan.operations[index].change].kind


def _size(request: BatchOperation) -> int:
    """Estimate the size of a mutation in bytes; text beyond ASCII counts too little."""
    return len(str(request.variables))


class _Document:
    """A document as it grows. `count` is the number of operations in it."""

    def __init__(self, cutter: Cutter) -> None:
        self._cutter = cutter
        self.sent: list[Sent] = []
        self.count = 0
        self._weight = 0
        self._closed = False
        self._place_of: dict[int, int] = {}
        self._relied_on: set[int] = set()
        self._by_patch: dict[bytes, int] = {}

    def holds(self, index: int) -> bool:
        """Whether an operation is in it by itself, so that another may follow on it.

        What is coalesced may have to be sent again, each by itself; what follows on one of those
        waits for the next document.
        """
        place = self._place_of.get(index)
        if place is None or len(self.sent[place][0]) > 1:
            return False
        self._relied_on.add(index)
        return True

    def add(self, index: int, request: BatchOperation) -> bool:
        """Take one more operation in; False where it has to go with the next document."""
        if self._closed:
            return False
        patch = self._patch(index)
        key = None
        if patch:
            key = orjson.dumps((request.mutation_name, patch), option=orjson.OPT_SORT_KEYS)
        place = self._by_patch.get(key) if key else None
        if patch and place is not None and self._may_join(index, place):
            together, bulk = self.sent[place]
            indices = (*together, index)
            if len(together) == 1:
                bulk = request_for_patch(self._cutter.plan, indices, patch)
            else:
                bulk.variables["input"]["ids"].append(request.variables["input"]["id"])
            self.sent[place] = indices, bulk
        else:
            weight = self._cutter.weight(index, request)
            limit = LARGEST_BYTES if self._cutter.limit is None else self._cutter.limit
            if self.sent and (self._weight + weight > limit or not request.shares):
                return False
            self._weight += weight
            self._closed = not request.shares
            place = len(self.sent)
            self.sent.append(((index,), request))
            if key:
                self._by_patch[key] = place
        self._place_of[index] = place
        self.count += 1
        return True

    def _patch(self, index: int) -> dict[str, object] | None:
        if index in self._cutter.alone:
            return None
        cutter = self._cutter
        return patch_for(cutter.plan, index, cutter.ids, cutter.server, cutter.merged)

    def _may_join(self, index: int, place: int) -> bool:
        """Whether nothing in this document keeps the operation from happening at that place."""
        together = self.sent[place][0]
        return self._cutter.is_ready(index) and not self._relied_on.intersection(together)
