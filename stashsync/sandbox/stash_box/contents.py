"""What a stash-box holds: plain rows, in the order in which they were added."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

BoxRow: TypeAlias = dict[str, Any]
"""One object, with every field that the schema has of it."""
_FIRST: Final = datetime(2020, 1, 1, tzinfo=UTC)
_PERFORMER: Final[Mapping[str, Any]] = dict.fromkeys(
    (
        *("disambiguation", "gender", "birth_date", "death_date", "country", "ethnicity"),
        *("eye_color", "hair_color", "height", "cup_size", "band_size", "waist_size", "hip_size"),
        *("breast_type", "career_start_year", "career_end_year", "tattoos", "piercings"),
        "merged_into_id",
    )
)
"""What is not known of a performer unless it is given."""


class Contents:
    """Categories, tags, studios and performers of one stash-box.

    Tests add to it, and change its rows, as they like.

    Args:
        seed: makes the ids of this box other than those of another.
    """

    def __init__(self, seed: str = "box") -> None:
        self._seed = uuid.uuid5(uuid.NAMESPACE_URL, seed)
        self._count = 0
        self.categories: list[BoxRow] = []
        self.tags: list[BoxRow] = []
        self.studios: list[BoxRow] = []
        self.performers: list[BoxRow] = []

    def add_category(self, name: str, group: str = "SCENE", description: str = "") -> BoxRow:
        """Add a category of tags."""
        return self._add(
            self.categories, {"name": name, "group": group, "description": description or None}
        )

    def add_tag(
        self,
        name: str,
        *,
        category: BoxRow | None = None,
        aliases: Iterable[str] = (),
        description: str = "",
    ) -> BoxRow:
        """Add a tag."""
        return self._add(
            self.tags,
            {
                "name": name,
                "category": category,
                "aliases": sorted(aliases),
                "description": description or None,
            },
        )

    def add_studio(
        self,
        name: str,
        *,
        parent: BoxRow | None = None,
        aliases: Iterable[str] = (),
        urls: Iterable[str] = (),
    ) -> BoxRow:
        """Add a studio."""
        row = self._add(
            self.studios,
            {
                "name": name,
                "parent": parent,
                "aliases": sorted(aliases),
                "urls": [self._url(url) for url in urls],
                "images": [],
                "is_favorite": False,
            },
        )
        row["child_studios"] = lambda _: [each for each in self.studios if each["parent"] is row]
        return row

    def add_performer(
        self,
        name: str,
        *,
        aliases: Iterable[str] = (),
        urls: Iterable[str] = (),
        merged: Iterable[BoxRow] = (),
        **fields: Any,
    ) -> BoxRow:
        """Add a performer, into whom others may have been `merged`.

        Raises:
            TypeError: performers have no such field.
        """
        unknown = set(fields) - set(_PERFORMER)
        if unknown:
            raise TypeError(f"performers have no {', '.join(sorted(unknown))}")
        known = {**_PERFORMER, **fields}
        row = self._add(
            self.performers,
            {
                "name": name,
                **known,
                "aliases": sorted(aliases),
                "urls": [self._url(url) for url in urls],
                "measurements": {
                    "cup_size": known["cup_size"],
                    "band_size": known["band_size"],
                    "waist": known["waist_size"],
                    "hip": known["hip_size"],
                },
                "images": [],
                "scene_count": 0,
                "is_favorite": False,
            },
        )
        former = list(merged)
        row["merged_ids"] = [each["id"] for each in former]
        for each in former:
            each |= {"deleted": True, "merged_into_id": row["id"]}
        return row

    def _add(self, rows: list[BoxRow], fields: Mapping[str, Any]) -> BoxRow:
        """Add a row; ids and times follow from how many there were before."""
        self._count += 1
        added = (_FIRST + timedelta(minutes=self._count)).isoformat().replace("+00:00", "Z")
        row = {
            "id": str(uuid.uuid5(self._seed, str(self._count))),
            "deleted": False,
            "created": added,
            "updated": added,
            **fields,
        }
        rows.append(row)
        return row

    def _url(self, url: str) -> BoxRow:
        site = {
            "id": str(uuid.uuid5(self._seed, "home")),
            "name": "Home",
            "description": None,
            "url": None,
            "regex": None,
            "valid_types": ["PERFORMER", "STUDIO"],
            "icon": "",
            "created": _FIRST.isoformat(),
            "updated": _FIRST.isoformat(),
        }
        return {"url": url, "type": "HOME", "site": site}
