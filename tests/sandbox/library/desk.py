"""A library with short methods for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from stashsync.sandbox.library import Library, Refusal, Row

PNG = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD"
    "hgGAWjR9awAAAABJRU5ErkJggg=="
)
BOX = "https://box.example/graphql"


class Clock:
    """A clock that stands still until a test advances it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Desk:
    """A new library, or the one in a file, with short methods for tests."""

    def __init__(self, path: str | None = None, **options: Any) -> None:
        self.clock = Clock()
        self.library = Library(path, clock=self.clock, **options)

    def do(self, field: str, **given: Any) -> Any:
        """Return the answer to a mutation with these fields as its input."""
        return self.library.mutate(field, {"input": given})

    def refusal(self, field: str, **given: Any) -> str:
        """Return the message of a mutation that must be refused."""
        with pytest.raises(Refusal) as caught:
            self.do(field, **given)
        return caught.value.message

    def create(self, kind: str, *names: str, **given: Any) -> int:
        """Create objects with these names; return the id of the last one."""
        rows = [self.do(f"{kind}Create", name=name, **given) for name in names]
        return int(rows[-1]["id"])

    def tag(self, *names: str, **given: Any) -> int:
        return self.create("tag", *names, **given)

    def get(self, kind: str, id_: int) -> Row:
        row = self.library.query(f"find{kind.title()}", {"id": str(id_)})
        assert row is not None
        assert isinstance(row, Row)
        return row

    def of(self, row: Row, field: str, **args: Any) -> Any:
        return self.library.resolve(row, field, args)

    def value(self, kind: str, id_: int, field: str, **args: Any) -> Any:
        """Return an output field of a stored object, with names in place of related objects."""
        value = self.of(self.get(kind, id_), field, **args)
        if isinstance(value, list):
            return [item["name"] if isinstance(item, Row) else item for item in value]
        return value["name"] if isinstance(value, Row) else value

    def found(self, field: str, **args: Any) -> list[int]:
        """Return the ids of everything that a find gives, sorted by id unless a sort is named."""
        args["filter"] = {"per_page": -1, "sort": "id", **args.get("filter", {})}
        return [row["id"] for row in self.rows(field, **args)]

    def rows(self, field: str, **args: Any) -> list[Row]:
        answer = self.library.query(field, args)
        return next(value for key, value in answer.items() if key != "count")

    def refused_query(self, field: str, **args: Any) -> str:
        with pytest.raises(Refusal) as caught:
            self.library.query(field, args)
        return caught.value.message
