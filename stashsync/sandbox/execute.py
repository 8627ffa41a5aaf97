"""Execution of one operation, level by level, with the server's null propagation.

    root field ──▶ value ──▶ objects of one level ──▶ each field of all of them at once ──▶ …

Root fields run one after the other, and a failed one does not stop those after it. A null where
none is allowed takes the object around it away, up to the whole `data`
(docs/stash-behaviour.md#documents).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Protocol, TypeAlias

from graphql import GraphQLSchema, OperationType

from stashsync.sandbox.arguments import ArgumentError
from stashsync.sandbox.documents import Ready
from stashsync.sandbox.library import Address, Library, Refusal, Row
from stashsync.sandbox.plan import FieldStep

log = logging.getLogger(__name__)

Path: TypeAlias = tuple[str | int, ...]
Where: TypeAlias = Callable[[int], Path]
"""Where the n-th object of a level stands in the answer; only asked when something is wrong."""


_ADDRESSES = frozenset(
    (
        "image_path",
        "front_image_path",
        "back_image_path",
        "stream",
        "preview",
        "screenshot",
        "webp",
        "vtt",
        "sprite",
        "funscript",
        "interactive_heatmap",
        "caption",
        "thumbnail",
        "image",
        "cover",
        "url",
    )
)
"""The fields that can be addresses below the server's base."""


class _Gone:
    """The mark of a value that null propagation removed."""


GONE = _Gone()


def _through(indexes: Sequence[int], where: Where) -> Where:
    """Where the n-th of some of the objects stands."""
    return lambda index: where(indexes[index])


class Root(Protocol):
    """The resolver of the fields of Query and Mutation."""

    def query(self, field: str, args: dict[str, Any]) -> Any:
        """Answer a field of Query."""
        ...

    def mutate(self, field: str, args: dict[str, Any]) -> Any:
        """Answer a field of Mutation."""
        ...


class Execution:
    """One request's run.

    Args:
        library: what resolves the fields that a `Row` does not have itself; None where there are
            no rows, but objects with all their fields.
        base: what addresses in answers begin with, such as "http://127.0.0.1:9999".
        cancelled: whether the client has gone; operations not yet begun are then left out.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        root: Root,
        library: Library | None,
        base: str,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._info = SimpleNamespace(schema=schema)
        self._root = root
        self._library = library
        self._base = base
        self._cancelled = cancelled
        self._variables: Any = {}
        self._related: dict[tuple[str, int], Row] = {}
        self.errors: list[dict[str, Any]] = []
        self.answer: dict[str, Any] = {}

    def run(self, ready: Ready) -> dict[str, Any]:
        """Return the answer: `errors` (where there are any) before `data`."""
        for _ in self.field_by_field(ready):
            pass
        return self.answer

    def field_by_field(self, ready: Ready) -> Iterator[None]:
        """Yield before each root field is run; then `answer` has the whole."""
        self._variables = ready.variables
        mutates = ready.type is OperationType.MUTATION
        ask = self._root.mutate if mutates else self._root.query
        type_name = ready.type.value.capitalize()
        data: dict[str, Any] | None = {}
        for step in ready.steps:
            yield
            if self._cancelled():
                break
            value = self._root_field(step, ask, type_name)
            if value is GONE:
                data = None
            elif data is not None:
                data[step.key] = value
        self.answer = {"errors": self.errors, "data": data} if self.errors else {"data": data}

    def _root_field(
        self, step: FieldStep, ask: Callable[[str, dict[str, Any]], Any], type_name: str
    ) -> Any:
        if step.constant is not None:
            return type_name
        try:
            args = self._arguments(step)
            if step.resolve is not None:
                value = step.resolve(None, self._info, **args)
            else:
                value = ask(step.name, args)
        except Exception as error:
            self._fail(error, (step.key,))
            return GONE if step.required else None
        return self._complete(step, [value], lambda _: (step.key,))[0]

    # -- one level ------------------------------------------------------------------------------

    def _objects(self, steps: Sequence[FieldStep], objects: list[Any], where: Where) -> list[Any]:
        """Return the answers for the objects of one level; `GONE` if a required field is lost."""
        outs: list[Any] = [{} for _ in objects]
        gone: set[int] = set()
        for step in steps:
            key = step.key
            values = self._field(step, objects, where)
            for index, value in enumerate(values):
                if value is GONE:
                    gone.add(index)
                else:
                    outs[index][key] = value
        for index in gone:
            outs[index] = GONE
        return outs

    def _field(self, step: FieldStep, objects: list[Any], where: Where) -> list[Any]:
        if step.constant is not None:
            return [step.constant] * len(objects)

        def path(index: int) -> Path:
            return (*where(index), step.key)

        try:
            values = self._values(step, objects)
        except Exception as error:
            for index in range(len(objects)):
                self._fail(error, path(index))
            return [GONE if step.required else None] * len(objects)
        return self._complete(step, values, path)

    def _values(self, step: FieldStep, objects: list[Any]) -> list[Any]:
        if not objects:
            return []
        if step.resolve is not None:
            args = self._arguments(step)
            found = [step.resolve(row, self._info, **args) for row in objects]
            # graphql-core gives views, whose items are new at every look
            return [list(v) if step.is_list and v is not None else v for v in found]
        name, first = step.name, objects[0]
        if not isinstance(first, Row) or name in first:
            values = [row[name] for row in objects]
            if callable(values[0]):
                args = self._arguments(step)
                values = [value(args) for value in values]
            return [self._whole(row) for row in values] if name in _ADDRESSES else values
        args = self._arguments(step)
        library = self._library
        assert library is not None
        library.prefetch(objects, name, args)
        values = [library.resolve(row, name, args) for row in objects]
        if step.convert is None and name in _ADDRESSES:
            return [self._whole(row) for row in values]
        return [self._first_read(value) for value in values] if step.steps else values

    def _whole(self, value: Any) -> Any:
        """Put the server's base before a value that is an address."""
        return self._base + value if isinstance(value, Address) else value

    def _first_read(self, value: Any) -> Any:
        """Related objects are as first read in the document, even if it changed them since."""
        if isinstance(value, Row):
            return self._related.setdefault((value.type, value["id"]), value)
        if isinstance(value, list):
            return [self._first_read(item) for item in value]
        return value

    # -- values ---------------------------------------------------------------------------------

    def _complete(self, step: FieldStep, values: list[Any], where: Where) -> list[Any]:
        if step.steps is not None or step.variants is not None:
            return self._complete_objects(step, values, where)
        convert = step.convert
        if convert is not None:
            if step.is_list:
                values = [v if v is None else [convert(item) for item in v] for v in values]
            else:
                values = [v if v is None else convert(v) for v in values]
        if step.required and None in values:
            values = [self._null(where(i)) if v is None else v for i, v in enumerate(values)]
        return values

    def _complete_objects(self, step: FieldStep, values: list[Any], where: Where) -> list[Any]:
        flat: list[Any] = []
        index_of: dict[int, int] = {}
        places: list[tuple[int, int | None]] = []

        def place(item: Any, outer: int, inner: int | None) -> None:
            if id(item) not in index_of:
                index_of[id(item)] = len(flat)
                flat.append(item)
                places.append((outer, inner))

        for outer, value in enumerate(values):
            if value is None:
                continue
            if step.is_list:
                for inner, item in enumerate(value):
                    place(item, outer, inner)
            else:
                place(value, outer, None)

        def inside(index: int) -> Path:
            outer, inner = places[index]
            return where(outer) if inner is None else (*where(outer), inner)

        if step.steps is not None:
            done = self._objects(step.steps, flat, inside)
        else:
            done = self._varied(step.variants or {}, flat, inside)
        answers = []
        for index, value in enumerate(values):
            if value is None:
                answers.append(self._null(where(index)) if step.required else None)
            elif step.is_list:
                answers.append(self._listed(step, [done[index_of[id(item)]] for item in value]))
            else:
                item = done[index_of[id(value)]]
                answers.append(None if item is GONE and not step.required else item)
        return answers

    def _varied(
        self, variants: Mapping[str, tuple[FieldStep, ...]], objects: list[Row], where: Where
    ) -> list[Any]:
        """Return the answers for objects of several types, each type at once."""
        outs: list[Any] = [None] * len(objects)
        places: dict[str, list[int]] = {}
        for index, row in enumerate(objects):
            places.setdefault(row.type, []).append(index)
        for type_name, indexes in places.items():
            same = [objects[index] for index in indexes]
            done = self._objects(variants[type_name], same, _through(indexes, where))
            for index, out in zip(indexes, done, strict=True):
                outs[index] = out
        return outs

    @staticmethod
    def _listed(step: FieldStep, items: list[Any]) -> Any:
        if GONE not in items:
            return items
        if step.items_required:
            return GONE if step.required else None
        return [None if item is GONE else item for item in items]

    # -- errors ---------------------------------------------------------------------------------

    def _arguments(self, step: FieldStep) -> dict[str, Any]:
        variables = self._variables
        return {
            arg.name: arg.check(arg.source(variables), (arg.name,))
            for arg in step.arguments
            if arg.variable is None or arg.variable in variables
        }

    def _null(self, path: Path) -> Any:
        self.errors.append({"message": "must not be null", "path": list(path)})
        return GONE

    def _fail(self, error: Exception, path: Path) -> None:
        if isinstance(error, ArgumentError | Refusal):
            message, path = error.message, (*path, *error.path)
        else:
            log.error("a resolver failed at %s", path, exc_info=error)
            message = f"Internal system error. Error <{error}>"
        self.errors.append({"message": message, "path": list(path)})
