"""What the API of a stash-box answers with, and the queries for that."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import msgspec
from msgspec import Struct


class CategoryRow(msgspec.Struct, frozen=True):
    """A category of tags."""

    id: str
    name: str
    description: str | None = None


class TagRow(msgspec.Struct, frozen=True):
    """A tag; it is in one category at most."""

    id: str
    name: str
    aliases: list[str]
    description: str | None = None
    category: CategoryRow | None = None


class _Url(msgspec.Struct, frozen=True):
    url: str


class _Above(msgspec.Struct, frozen=True):
    id: str
    name: str
    deleted: bool


class StudioRow(msgspec.Struct, frozen=True):
    """A studio; one that was deleted may still be its parent."""

    id: str
    name: str
    aliases: list[str]
    urls: list[_Url]
    parent: _Above | None = None


class Modification(msgspec.Struct, frozen=True):
    """A tattoo or a piercing."""

    location: str
    description: str | None = None


class PerformerRow(msgspec.Struct, frozen=True):
    """A performer; dates may know no more than their year or month."""

    id: str
    name: str
    aliases: list[str]
    urls: list[_Url]
    disambiguation: str | None = None
    gender: str | None = None
    birth_date: str | None = None
    death_date: str | None = None
    ethnicity: str | None = None
    country: str | None = None
    eye_color: str | None = None
    hair_color: str | None = None
    height: int | None = None
    cup_size: str | None = None
    band_size: int | None = None
    waist_size: int | None = None
    hip_size: int | None = None
    breast_type: str | None = None
    tattoos: list[Modification] | None = None
    piercings: list[Modification] | None = None


BoxObject: TypeAlias = TagRow | StudioRow | PerformerRow


class BoxQuery(Struct, frozen=True):
    """The query for one page of a kind: the field, the list in its answer, what is selected."""

    kind: str
    field: str
    rows: str
    type: type[BoxObject]
    input: str
    selection: str

    @property
    def text(self) -> str:
        """The document; its one variable is `input`."""
        return (
            f"query {self.field[0].upper()}{self.field[1:]}($input: {self.input}!) "
            f"{{ {self.field}(input: $input) {{ count {self.rows} {{ {self.selection} }} }} }}"
        )


QUERIES: Final = {
    query.kind: query
    for query in (
        BoxQuery(
            "tag",
            "queryTags",
            "tags",
            TagRow,
            "TagQueryInput",
            "id name aliases description category { id name description }",
        ),
        BoxQuery(
            "studio",
            "queryStudios",
            "studios",
            StudioRow,
            "StudioQueryInput",
            "id name aliases urls { url } parent { id name deleted }",
        ),
        BoxQuery(
            "performer",
            "queryPerformers",
            "performers",
            PerformerRow,
            "PerformerQueryInput",
            "id name disambiguation aliases gender urls { url } birth_date death_date ethnicity "
            "country eye_color hair_color height cup_size band_size waist_size hip_size "
            "breast_type tattoos { location description } piercings { location description }",
        ),
    )
}
CATEGORIES: Final = (
    "query QueryTagCategories { queryTagCategories { tag_categories { id name description } } }"
)


class BoxPage(msgspec.Struct, frozen=True):
    """One page: how many objects there were in all when it was read, and those on it."""

    count: int
    rows: list[Any]
