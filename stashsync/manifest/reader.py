"""Parser events to raw values with the place of every key and value, an item at a time.

A document is a mapping of sections, a section a list of items. Items are handed out one by one,
so that a large file never stands in memory as a whole.

Anchors, aliases and merge keys work. An alias does not copy: what it stands for is shared. What
can explode is a walk over the result, so the nodes that aliases and merge keys stand for are
counted, and refused where they are out of proportion to the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from stashsync.errors import Problem
from stashsync.fields.raw import Quoted, Raw, RawList, is_null, pack
from stashsync.manifest.events import DEPTH_LIMIT, check_text, open_events, refusal, too_deep
from stashsync.manifest.places import PlacedList, PlacedMap
from stashsync.manifest.source import FileRefused, Source

NODE_BUDGET: Final = 1_000_000
"""How many nodes the aliases and merge keys of a small file may stand for, all together."""
NODE_SHARE: Final = 10
"""How many more they may stand for, for each node that is written out above them."""

_TEXT_TAGS: Final = ("tag:yaml.org,2002:str", "!")
"""Tags that say what quotes say; the other core tags would say what the field knows better."""
_STAND_INS: Final = ("!env", "!secret")
_MERGE: Final = "<<"


class Section(NamedTuple):
    """A key of a document and its value.

    `items` gives each item of its list with its place, and must be exhausted before the next
    section is asked for. `value` is None for a list, else what stands where a list should.
    """

    name: str
    place: int
    value: Raw | None
    value_place: int
    items: Iterator[tuple[Raw, int]]


def read(
    source: Source, report: Callable[[Problem], object], *, pure: bool = False
) -> Iterator[Section]:
    """Yield the sections of all documents of `source`, in written order.

    Faults that leave the rest readable (a duplicate key, an unknown tag) go to `report`.

    Raises:
        Refused: the file cannot be read any further.
    """
    check_text(source.data)
    return _Reader(source, report, pure=pure).sections()


def read_values(
    source: Source, report: Callable[[Problem], object], *, pure: bool = False
) -> list[Raw]:
    """Read the documents of `source` whole: any YAML, not just a manifest.

    Raises:
        Refused: it cannot be read any further.
    """
    check_text(source.data)
    return _Reader(source, report, pure=pure).documents()


class _Reader:
    """The state of reading one file."""

    def __init__(
        self, source: Source, report: Callable[[Problem], object], *, pure: bool = False
    ) -> None:
        self._source = source
        self._report = report
        self._get = open_events(source.data, pure=pure)
        self._anchors: dict[str, tuple[Raw, int]] = {}
        """By name: the value, and how many nodes it stands for."""
        self._begun: set[str] = set()
        """Anchors of the collections that are still being read."""
        self._nodes = 0
        self._borrowed = 0

    def documents(self) -> list[Raw]:
        """Read every document as one raw value."""
        try:
            return [self._node(event, 0) for event in self._roots()]
        except yaml.YAMLError as error:
            raise refusal(error, self._source.data) from None

    def sections(self) -> Iterator[Section]:
        """Yield section by section, item by item."""
        try:
            for event in self._roots():
                if event.__class__ is MappingStartEvent:
                    yield from self._root(event)
                    continue
                value = self._node(event, 0)
                if not is_null(value):
                    raise FileRefused(
                        "a manifest is a mapping of sections",
                        _place(event),
                        "begin with a section and a colon, such as `tags:`, and its list below",
                    )
        except yaml.YAMLError as error:
            raise refusal(error, self._source.data) from None

    def _roots(self) -> Iterator[Event]:
        """Yield the first event of each document; anchors end with theirs."""
        while True:
            event = self._get()
            if event.__class__ is StreamEndEvent:
                return
            if event.__class__ is DocumentStartEvent:
                self._anchors.clear()
                self._begun.clear()
                event = self._get()
                yield event

    def _root(self, root: Any) -> Iterator[Section]:
        """Stream the mapping of a document; `<<` at this level is taken at its end."""
        self._collection(root, 0)
        if root.anchor is not None:
            self._begun.add(root.anchor)
        seen: dict[str, int] = {}
        merged: list[tuple[Raw, int]] = []
        while True:
            event: Any = self._get()
            if event.__class__ is MappingEndEvent:
                break
            key, merges = self._key(event), _merges(event)
            place = _place(event)
            event = self._get()
            if key in seen:
                self._duplicate(key, place, seen[key])
            if event.__class__ is SequenceStartEvent and event.anchor is None and not merges:
                self._collection(event, 1)
                yield Section(key, place, None, _place(event), self._stream())
            else:
                value = self._node(event, 1)
                if merges:
                    merged.append((value, _place(event)))
                else:
                    yield _whole(key, place, value, _place(event))
            seen.setdefault(key, place)
        for value, place in merged:
            found = PlacedMap()
            found.places = []
            self._merge(found, value, place)
            marks, value_marks = found.marks, found.value_marks
            for key, inner in found.items():
                if key not in seen:
                    yield _whole(key, marks[key], inner, value_marks[key])

    def _stream(self) -> Iterator[tuple[Raw, int]]:
        get, node = self._get, self._node
        try:
            while True:
                event = get()
                if event.__class__ is SequenceEndEvent:
                    return
                yield node(event, 2), _place(event)
        except yaml.YAMLError as error:
            raise refusal(error, self._source.data) from None

    def _node(self, event: Any, depth: int) -> Raw:
        """Read the value that begins with `event`; `depth` collections are around it."""
        kind = event.__class__
        if kind is AliasEvent:
            return self._alias(event)
        anchor = event.anchor
        before = self._nodes
        value: Raw
        if kind is ScalarEvent:
            self._nodes += 1
            value = self._scalar(event)
        else:
            self._collection(event, depth)
            if anchor is not None:
                self._begun.add(anchor)
            value = self._map(depth) if kind is MappingStartEvent else self._list(depth)
            self._begun.discard(anchor)
        if anchor is not None:
            self._anchors[anchor] = (value, self._nodes - before)
        return value

    def _collection(self, event: Any, depth: int) -> None:
        """Check the depth and the tag of a collection."""
        if depth >= DEPTH_LIMIT:
            raise too_deep(_place(event))
        if event.tag is not None and event.tag != "!":
            core = "map" if event.__class__ is MappingStartEvent else "seq"
            if event.tag != f"tag:yaml.org,2002:{core}":
                self._unknown_tag(event)

    def _map(self, depth: int) -> PlacedMap:
        # The hot loop of loading, hence local names.
        get, inner = self._get, depth + 1
        result = PlacedMap()
        places: list[Any] = []
        result.places = places
        add_place = places.append
        merged: tuple[Raw, Event, Event] | None = None
        while True:
            event: Any = get()
            if event.__class__ is ScalarEvent and event.anchor is None and event.tag is None:
                key = event.value
            elif event.__class__ is MappingEndEvent:
                break
            else:
                key = self._key(event)
            key_event = event
            event = get()
            value: Raw
            if event.__class__ is ScalarEvent and event.anchor is None and event.tag is None:
                value = Quoted(event.value) if event.style else event.value
            else:
                value = self._node(event, inner)
            if key == _MERGE and _merges(key_event):
                if merged is None:
                    merged = (value, key_event, event)
                else:
                    self._duplicate(key, _place(key_event), _place(merged[1]))
            elif key in result:
                self._duplicate(key, _place(key_event), result.marks[key])
            else:
                result[key] = value
                add_place(key_event.start_mark)
                add_place(event.start_mark)
        if merged is not None:
            self._merge(result, merged[0], _place(merged[2]))
        self._nodes += 2 * len(result)
        return result

    def _list(self, depth: int) -> PlacedList:
        get, inner = self._get, depth + 1
        result = PlacedList()
        places: list[Any] = []
        result.places = places
        while True:
            event: Any = get()
            if event.__class__ is ScalarEvent and event.anchor is None and event.tag is None:
                result.append(Quoted(event.value) if event.style else event.value)
            elif event.__class__ is SequenceEndEvent:
                break
            else:
                result.append(self._node(event, inner))
            places.append(event.start_mark)
        self._nodes += len(result)
        return result

    def _scalar(self, event: Any) -> str:
        tag = event.tag
        is_text = tag in _TEXT_TAGS
        if tag in _STAND_INS and self._source.variables is not None:
            return self._source.variables.stand_in(tag, event.value)
        if tag is not None and not is_text:
            self._unknown_tag(event)
        text: str = event.value
        return Quoted(text) if event.style or is_text else text

    def _key(self, event: Any) -> str:
        """Read the text of a key that is more than a scalar."""
        value = self._node(event, DEPTH_LIMIT - 2)
        if not isinstance(value, str):
            raise FileRefused("a key must be a text", _place(event), "write `key: value`")
        return str(value)

    def _alias(self, event: Any) -> Raw:
        name = event.anchor
        if name in self._begun:
            raise FileRefused(
                f"*{name} stands inside of &{name}: a value cannot contain itself", _place(event)
            )
        if name not in self._anchors:
            raise FileRefused(
                f"there is no anchor &{name} above this alias",
                _place(event),
                "quote a text that begins with '*'",
            )
        value, nodes = self._anchors[name]
        self._borrow(nodes, _place(event))
        return value

    def _borrow(self, nodes: int, place: int) -> None:
        self._nodes += nodes
        self._borrowed += nodes
        budget = NODE_BUDGET + NODE_SHARE * (self._nodes - self._borrowed)
        if self._borrowed > budget:
            raise FileRefused(
                f"the aliases of this file stand for more than {NODE_BUDGET:,} nodes",
                place,
                "write out what is meant; aliases of aliases multiply",
            )

    def _merge(self, result: PlacedMap, value: Raw, place: int) -> None:
        """Add what `<<: value` brings; keys that are there already win, earlier maps over later."""
        sources = value if isinstance(value, RawList) else [value]
        for source in sources:
            if not isinstance(source, PlacedMap):
                self._report(
                    self._source.problem(
                        "<< takes a mapping or a list of mappings",
                        place,
                        "write `<<: *name`, where &name marks a mapping",
                    )
                )
                continue
            self._borrow(len(source), place)
            for index, (key, inner) in enumerate(source.items()):
                if key not in result:
                    result[key] = inner
                    result.places += source.places[2 * index : 2 * index + 2]

    def _duplicate(self, key: str, place: int, first: int) -> None:
        self._report(
            self._source.problem(
                f"the key {key!r} is written twice",
                place,
                "keep one of them",
                ((self._source.mark(first), "first written here"),),
            )
        )

    def _unknown_tag(self, event: Any) -> None:
        name = str(event.tag).replace("tag:yaml.org,2002:", "!!")
        self._report(
            self._source.problem(
                f"the tag {name} means nothing here",
                _place(event),
                "leave the tag out; quote a text that begins with '!'",
            )
        )


def _place(event: Any) -> int:
    return pack(event.start_mark.line, event.start_mark.column)


def _merges(event: Any) -> bool:
    """Whether this key is the merge key, and not just a text that looks like it."""
    return (
        event.__class__ is ScalarEvent
        and event.value == _MERGE
        and not event.style
        and event.tag is None
    )


def _whole(name: str, place: int, value: Raw, value_place: int) -> Section:
    """Make a section whose value was read at once."""
    if isinstance(value, RawList):
        pairs = zip(value, value.marks, strict=True)
        return Section(name, place, None, value_place, iter(pairs))
    return Section(name, place, value, value_place, iter(()))
