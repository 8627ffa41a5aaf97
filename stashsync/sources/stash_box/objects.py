"""Rows of a stash-box as a manifest would have them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeAlias

from stashsync.fields.names import fold, trim
from stashsync.sources.found import FoundObject, Leave, LeftOut
from stashsync.sources.stash_box.rows import (
    BoxObject,
    CategoryRow,
    Modification,
    PerformerRow,
    StudioRow,
    TagRow,
)

_UNKNOWN_TYPE: Final = "NA"
_Report: TypeAlias = Callable[..., LeftOut]


def found_objects(
    rows: Iterable[BoxObject], endpoint: str, leave: Leave, *, categories_as_parents: bool = False
) -> list[FoundObject]:
    """Return what the rows are in manifests; `leave` receives what is not taken over.

    Tags are parents of tags only as their categories, which `categories_as_parents` makes tags of.
    """
    ordered = sorted(rows, key=lambda row: (_key(row.name), row.name, row.id))
    tags = [row for row in ordered if isinstance(row, TagRow)]
    above = _Categories(tags) if categories_as_parents else None
    found = [] if above is None else above.found(endpoint)
    for row in ordered:
        report = partial(LeftOut, _kind(row), trim(row.name), place=f"{endpoint} {row.id}")
        match row:
            case TagRow():
                values = _tag(row, above, leave, report)
            case StudioRow():
                values = _studio(row, leave, report)
            case PerformerRow():
                values = _performer(row)
        values["stash_ids"] = {endpoint: [row.id]}
        found.append(FoundObject(_kind(row), trim(row.name), values, f"{endpoint} {row.id}"))
    return found


def _kind(row: BoxObject) -> str:
    return {TagRow: "tag", StudioRow: "studio", PerformerRow: "performer"}[type(row)]


class _Categories:
    """Categories as tags: one that has the name of a tag is that tag.

    Such a tag gets no parent itself, so that two tags in the categories of each other's names are
    no circle.
    """

    def __init__(self, tags: Sequence[TagRow]) -> None:
        self._tags = {_key(row.name) for row in tags}
        self._known: dict[str, CategoryRow] = {}
        for row in tags:
            if row.category is not None and trim(row.category.name):
                self._known.setdefault(_key(row.category.name), row.category)

    def found(self, endpoint: str) -> list[FoundObject]:
        """Return those that are no tags already."""
        return [
            FoundObject(
                "tag",
                trim(category.name),
                _known(description=_text(category.description)),
                f"{endpoint}, category {category.id}",
            )
            for name, category in sorted(self._known.items())
            if name not in self._tags
        ]

    def parent_of(self, row: TagRow, leave: Leave, report: _Report) -> str | None:
        """Return the name of the category of a tag that is none itself."""
        category = row.category
        if category is None or not trim(category.name):
            return None
        if _key(row.name) in self._known:
            reason = (
                f'it has the name of a category, and does not go below its own, "{category.name}"'
            )
            leave(report(reason, field="parents"))
            return None
        return trim(category.name)


def _tag(row: TagRow, above: _Categories | None, leave: Leave, report: _Report) -> dict[str, Any]:
    parent = above.parent_of(row, leave, report) if above is not None else None
    return _known(
        description=_text(row.description),
        aliases=_aliases(row.aliases, row.name),
        parents=[parent] if parent else None,
    )


def _studio(row: StudioRow, leave: Leave, report: _Report) -> dict[str, Any]:
    parent = None
    if row.parent is not None and row.parent.deleted:
        leave(report(f'"{row.parent.name}" was deleted at the stash-box', field="parent"))
    elif row.parent is not None:
        parent = trim(row.parent.name)
    return _known(
        aliases=_aliases(row.aliases, row.name),
        urls=_unique(url.url for url in row.urls),
        parent=parent,
    )


def _performer(row: PerformerRow) -> dict[str, Any]:
    fake = row.breast_type if row.breast_type != _UNKNOWN_TYPE else None
    return _known(
        disambiguation=_text(row.disambiguation),
        aliases=_aliases(row.aliases, row.name),
        gender=row.gender,
        birthdate=_text(row.birth_date),
        death_date=_text(row.death_date),
        ethnicity=_words(row.ethnicity),
        country=_text(row.country),
        eye_color=_words(row.eye_color),
        hair_color=_words(row.hair_color),
        height_cm=row.height or None,
        measurements=_measurements(row),
        fake_tits=_words(fake),
        tattoos=_modifications(row.tattoos),
        piercings=_modifications(row.piercings),
        urls=_unique(url.url for url in row.urls),
    )


# -- values ---------------------------------------------------------------------------------------


def _known(**values: Any) -> dict[str, Any]:
    """Return the values that the source knows; neither nothing nor an empty list is knowledge."""
    found: Mapping[str, Any] = values
    return {name: value for name, value in found.items() if value}


def _key(text: str) -> str:
    return fold(trim(text))


def _text(text: str | None) -> str | None:
    return trim(text) if text else None


def _words(value: str | None) -> str | None:
    """Return `MIDDLE_EASTERN` as Stash writes it when it reads a stash-box: Middle Eastern."""
    return value.replace("_", " ").title() if value else None


def _aliases(aliases: Iterable[str], name: str) -> list[str]:
    """Return the aliases without repetitions; some only repeat the name."""
    found = {_key(name): "", "": ""}
    for alias in aliases:
        found.setdefault(_key(alias), trim(alias))
    return [alias for alias in found.values() if alias]


def _unique(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(map(trim, texts)) if text]


def _measurements(row: PerformerRow) -> str | None:
    """Return the measurements as Stash writes them, where all four are known."""
    if not (row.band_size and row.cup_size and row.waist_size and row.hip_size):
        return None
    return f"{row.band_size}{row.cup_size}-{row.waist_size}-{row.hip_size}"


def _modifications(found: Sequence[Modification] | None) -> str:
    """Return tattoos or piercings as Stash writes them."""
    return "; ".join(
        f"{each.location}, {each.description}" if each.description else each.location
        for each in found or ()
    )
