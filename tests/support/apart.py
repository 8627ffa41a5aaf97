"""A server on which a test finds what it finds on a new one: what it made itself, ids from 1.

    test ── "1", Action ──> Apart ── "4711", Action ~3f9a ──> server
        <── "1", Action ──        <── "4711", Action ~3f9a ──
         all that there is         what was made since …

What was there before is neither seen nor touched:

- SQLite never gives an id a second time, so every kind counts on from some `base`. It is added to
  each id on the way there and taken off on the way back; whose id it is, an answer tells by
  `__typename`, variables tell by their keys and types.
- Every find also asks for objects made since a moment, or for those that the server has `lent`.
  Saved filters of others, for which there is no such question, are left out of the answer.
- Names that must not be twice bear a mark on the server.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from stashsync.fields import ObjectFilter
from stashsync.wire.exchange import Answer, GraphQLTransport
from tests.support.meaning import MADE, PLURALS, TYPES, Meaning, named, understood
from tests.support.servers import Tap

_OWN = (
    "id", "ids", "parent_id", "parent_ids", "child_ids", "parents", "children",
    "source", "destination",
)  # fmt: skip
_PARTS = ("value", "values", "excludes", "ids")
_MARKED = ("name", "aliases", "alias_list")
_UNIQUE = ("tag", "studio", "performer", "saved_filter")
_NUMBER = re.compile(r"-?\d+\Z")


class Apart(Tap):
    """A transport to a server on which only some objects are seen.

    Args:
        base: by kind, the highest id that was ever given.
        since: a moment as the server writes it; what is older is not seen.
        mark: the end of each name that must not be twice; nothing that means more in a pattern.
    """

    def __init__(
        self, inner: GraphQLTransport, base: Mapping[str, int], since: str, mark: str
    ) -> None:
        super().__init__(inner)
        self.base = base
        self.since = since
        self.mark = mark
        self.made: dict[str, set[int]] = {kind: set() for kind in (*MADE, "saved_filter")}
        self.lent: dict[str, list[int]] = {}
        self.folders: dict[str, str] = {}
        """What a test calls a folder ("/media"), and its path on the server."""

    async def send(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
    ) -> Answer:
        meant = understood(text)
        assert not meant.written, f"ids are shifted in variables only: {meant.written}"
        there = _There(self, meant.mutation)
        sent = {
            name: there.value(value, *meant.variables.get(name, (name, None)))
            for name, value in (variables or {}).items()
        }
        for name, kind in meant.filters.items():
            sent[name] = self._narrowed(kind, meant.filter_value(name, sent))
        answer = await self.inner.send(meant.text, sent, operation_name=operation_name)
        self._note(meant, answer)
        return replace(
            answer,
            data=self._back(answer.data, named="__typename" in text),
            errors=self._back(answer.errors, named=True),
        )

    def subscribe(self, *args: Any, **options: Any) -> Any:
        """As it is: jobs are not shifted."""
        return self.inner.subscribe(*args, **options)  # type: ignore[attr-defined]

    async def aclose(self) -> None:
        """Stays open, for what is made must be destroyed afterwards."""

    def _narrowed(self, kind: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Narrow a filter to what is lent or made since; a level holds one AND, OR or NOT."""
        own: dict[str, Any] = {"created_at": {"value": self.since, "modifier": "GREATER_THAN"}}
        for identifier in self.lent.get(kind, ()):
            own = {"id": {"value": identifier, "modifier": "EQUALS"}, "OR": own}
        if not asked:
            return own
        if "OR" not in own:
            return {**own, "AND": asked}
        assert not asked.keys() & {"AND", "OR", "NOT"}, "no room for what is lent in this filter"
        return {**asked, "AND": own}

    def _note(self, meant: Meaning, answer: Answer) -> None:
        for key, kind in meant.creates.items():
            if made := (answer.data or {}).get(key):
                self.made[kind].add(int(made["id"]))

    def _back(self, value: Any, *, named: bool) -> Any:
        if isinstance(value, (list, tuple)):
            return type(value)(
                self._back(item, named=named) for item in value if not self._hid(item)
            )
        if isinstance(value, str):
            return self._unmarked(value)
        if not isinstance(value, dict):
            return value
        kind = {**TYPES, "SavedFilter": "saved_filter"}.get(value.get("__typename", ""))
        found = {
            key: self._back(item, named=named)
            for key, item in value.items()
            if named or key != "__typename"
        }
        if kind and "id" in found:
            found["id"] = str(int(found["id"]) - self.base[kind])
        if "object_filter" in found:
            found["object_filter"] = self.shifted(found["object_filter"], -1)
        return found

    def shifted(self, criteria: Any, sign: int) -> Any:
        """Return the criteria of a saved filter with the ids of the other side."""

        def other(kind: str, identifier: str) -> str | None:
            return str(int(identifier) + sign * self.base[kind]) if identifier.isdigit() else None

        return ObjectFilter().exchange(criteria, other)

    def _hid(self, value: Any) -> bool:
        saved = isinstance(value, dict) and value.get("__typename") == "SavedFilter"
        return saved and int(value["id"]) not in self.made["saved_filter"]

    def _unmarked(self, words: str) -> str:
        """Return a name without the mark, a path as the test knows it."""
        for folder, real in self.folders.items():
            if words.startswith(real):
                words = f"{folder}{words.removeprefix(real)}"
        return words.replace(self.mark, "")


class _There:
    """The way of variables to the server."""

    def __init__(self, apart: Apart, mutation: bool) -> None:
        self.apart = apart
        self.mutation = mutation

    def value(self, value: Any, key: str, kind: str | None) -> Any:
        """Return a variable, or a part of one: what is below `key`, in the input of a `kind`."""
        if isinstance(value, dict):
            return self._object(value, key, kind)
        if isinstance(value, list):
            return [self.value(item, key, kind) for item in value]
        whose = kind if key in _OWN else named(key)
        if whose in self.apart.base and not isinstance(value, bool):
            return self._id(value, key, str(whose))
        if not isinstance(value, str):
            return value
        if key in _MARKED and kind in _UNIQUE and value:
            return value + self.apart.mark
        for folder, real in self.apart.folders.items():
            if value.startswith(folder):
                return real + value.removeprefix(folder)
        return value

    def _object(self, value: dict[str, Any], key: str, kind: str | None) -> dict[str, Any]:
        if key == "object_filter":
            criteria: dict[str, Any] = self.apart.shifted(value, 1)
            return criteria
        if key.endswith("_filter") or key in _OWN or key in PLURALS:
            kind = kind if key in _OWN else named(key)
        modifier = value.get("modifier", "EQUALS")
        if key in _MARKED and kind in _UNIQUE and str(value.get("value", "")).endswith("$"):
            return {**value, "value": f"{value['value'][:-1]}{self.apart.mark}$"}
        exact = modifier in ("EQUALS", "NOT_EQUALS")
        inner = "" if key in _MARKED and not exact else key  # a part of a name bears no mark
        return {
            item: self.value(part, inner if key and item in _PARTS else item, kind)
            for item, part in value.items()
        }

    def _id(self, value: Any, key: str, kind: str) -> Any:
        if not isinstance(value, int) and not (isinstance(value, str) and _NUMBER.match(value)):
            return value
        base = self.apart.base[kind]
        real = int(value) + base
        if self.mutation and key in ("id", "ids"):
            seen = real > base or real in self.apart.lent.get(kind, ())
            assert seen, f"a test would change the {kind} {real}, which was there before"
        return str(real) if isinstance(value, str) else real
