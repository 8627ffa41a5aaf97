"""What a load of changed texts takes over from the load before: what is written the same.

    known file            changed file, short           the same, whole
    0  - Camera           0  - Camera                   0  - Camera
    1  - Drone     ──┐    1  - {name: Lens, …}          1  - {name: Lens, …}
    2  - Lens        │    2  - '…0'            ──▶      2  - Wide shot     taken over, one line up
    3  - Wide shot ──┴──▶      a stub for 3 to 4        3  - Zoom

Parsing is most of what a load takes its time for. What is linked is always the whole project.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from itertools import accumulate, pairwise
from typing import NamedTuple

from stashsync.fields import Value
from stashsync.manifest.items import Declared
from stashsync.state import Resource


class Parsed(NamedTuple):
    """What a file with this digest declares; `values` are those of its items before linking."""

    digest: bytes
    declared: Declared
    values: list[dict[str, Value]]

    @classmethod
    def of(cls, digest: bytes, declared: Declared) -> Parsed:
        """Keep what was parsed; linking replaces values and never changes them."""
        return cls(digest, declared, [resource.values for resource in declared.resources])

    def again(self) -> Declared:
        """Return the same, not yet linked."""
        declared = self.declared
        resources = self._copies(0, len(self.values), 0)
        return Declared(declared.file, resources, dict(declared.above), set(declared.bare))

    def _copies(self, start: int, stop: int, shift: int) -> list[Resource]:
        """Return items of these indices, that many lines further down."""
        return [
            Resource(
                item.kind, item.key, values, item.id, item.file, item.line + shift, item.column,
                item.renamed_from, item.keep_old_name, item.merge, item.absent,
            )
            for item, values in zip(
                self.declared.resources[start:stop], self.values[start:stop], strict=True
            )
        ]  # fmt: skip

    def woven(self, short: Declared, runs: Mapping[str, range]) -> Declared | None:
        """Return what a changed text declares of which `short` was read.

        `runs` are the lines of this file (from 0) that the items with these names stand for. None
        where it is not plain which items these are.
        """
        lines = [resource.line - 1 for resource in self.declared.resources]
        stubs = [resource for resource in short.resources if resource.name in runs]
        if len(stubs) != len(runs) or any(line > below for line, below in pairwise(lines)):
            return None
        places_of_stubs = [stub.line for stub in stubs]
        shifts = [0, *accumulate(len(runs[stub.name]) - 1 for stub in stubs)]
        whole, places = Declared(short.file), list[int]()
        for index, resource in enumerate(short.resources):
            place = len(whole.resources)
            places.append(place)
            around = short.above.get(index)
            above = None if around is None else places[around]
            resource.line += shifts[bisect_left(places_of_stubs, resource.line)]
            run = runs.get(resource.name)
            if run is None:
                whole.resources.append(resource)
                _nest(whole, place, above, bare=index in short.bare)
                continue
            start, stop = bisect_left(lines, run.start), bisect_left(lines, run.stop)
            whole.resources += self._copies(start, stop, resource.line - 1 - run.start)
            for at in range(start, stop):
                outer = self.declared.above.get(at, -1)
                inner = outer - start + place if outer >= start else above
                _nest(whole, at - start + place, inner, bare=at in self.declared.bare)
        return whole


def _nest(declared: Declared, index: int, above: int | None, *, bare: bool) -> None:
    if above is not None:
        declared.above[index] = above
    if bare:
        declared.bare.add(index)


class Shortened(NamedTuple):
    """A changed file without items that did not change, and the lines that their stubs stand for.

    `runs` are lines (from 0) of the file as it was, by the name of the stub.
    """

    data: bytes
    runs: Mapping[str, range]
