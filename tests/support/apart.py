"""A view of a server in use on which a test finds what it finds on a new server.

    test ── "1", Action ──> Apart ── "4711", Action ~3f9a ──> server
        <── "1", Action ──        <── "4711", Action ~3f9a ──
         the whole library         only what was made since …

The test sees only objects that it made, with ids from 1. Objects of others are neither seen nor
changed:

- SQLite never reuses an id, so the ids of each kind continue from some `base`. It is added to each
  id in variables and subtracted in answers. `__typename` gives the kind of an id in an answer; keys
  and types give that of an id in variables.
- Every find also asks for objects made after a moment, or for those that the server has `lent`.
  Saved filters cannot be found like that, so those of others are left out of the answer.
- Names that have to be unique carry a mark on the server.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

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
    """A transport to a server that shows only some of its objects.

    Args:
        base: the highest id that was ever given, by kind.
        since: a moment as the server writes it; older objects are not shown.
        mark: appended to each name that has to be unique; has no special meaning in a pattern.
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
        """Paths of folders on the server by the names that tests use, such as "/media"."""

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
        """Subscribe without any change, since the ids of jobs are not shifted."""
        return self.inner.subscribe(*args, **options)  # type: ignore[attr-defined]

    async def aclose(self) -> None:
        """Do nothing: the connection is needed to destroy the objects afterwards."""

    def _narrowed(self, kind: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Return a filter that also requires an object to be lent or new.

        One level of a filter holds only one of AND, OR and NOT.
        """
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
        """Return the criteria of a saved filter with `sign` times the base added to each id."""

        def other(kind: str, identifier: str) -> str | None:
            return str(int(identifier) + sign * self.base[kind]) if identifier.isdigit() else None

        return ObjectFilter().exchange(criteria, other)

    def _hid(self, value: Any) -> bool:
        saved = isinstance(value, dict) and value.get("__typename") == "SavedFilter"
        return saved and int(value["id"]) not in self.made["saved_filter"]

    def _unmarked(self, words: str) -> str:
        """Return a text without the mark, and a path with the test's own folder names."""
        for folder, real in self.folders.items():
            if words.startswith(real):
                words = f"{folder}{words.removeprefix(real)}"
        return words.replace(self.mark, "")


class _There:
    """Translates variables on the way to the server."""

    def __init__(self, apart: Apart, mutation: bool) -> None:
        self.apart = apart
        self.mutation = mutation

    def value(self, value: Any, key: str, kind: str | None) -> Any:
        """Return a variable, or a part of it, as the server knows it.

        The part stands below `key`, in an input of the given kind.
        """
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
        inner = "" if key in _MARKED and not exact else key  # a part of a name has no mark
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
