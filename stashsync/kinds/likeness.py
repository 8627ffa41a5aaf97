"""What an unknown name of a field may have meant: a synonym, or a slip of the fingers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

ALIKE: Final = 0.75
"""From which ratio on two names are alike; `height` and `weight` have 0.83 (see `_is_slip`)."""

SYNONYMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        word: fields
        for words, fields in (
            ("actor actors cast model models star stars", "performers"),
            ("aka alias alias_list nickname nicknames other_names synonyms", "aliases"),
            ("author", "director"),
            ("bio biography notes summary text", "details description synopsis"),
            ("birth birth_date birthday born date_of_birth dob", "birthdate"),
            ("child kids subtags", "children"),
            ("collection film films movie movies series", "groups"),
            ("cover photo picture poster thumbnail", "image front_image"),
            ("cup measurement sizes", "measurements"),
            ("date_of_death death deceased died", "death_date"),
            ("description", "details synopsis"),
            ("details", "description synopsis"),
            ("eyes", "eye_color"),
            ("fav favourite liked", "favorite"),
            ("folder_path", "folder"),
            ("hair", "hair_color"),
            ("height", "height_cm"),
            ("homepage instagram link links site twitter url website websites", "urls"),
            ("label producer publisher", "studio"),
            ("length runtime", "duration"),
            ("markers", "scene_markers"),
            ("name", "title"),
            ("nationality", "country"),
            ("o_count", "o_counter"),
            ("organised", "organized"),
            ("parent parent_tag parent_tags", "parents parent"),
            ("play_counter plays views", "play_count"),
            ("rating score", "rating100"),
            ("release_date released year", "date"),
            ("sex", "gender"),
            ("stashid stashids stash_id", "stash_ids"),
            ("tag", "tags"),
            ("title", "name"),
        )
        for word in words.split()
    }
)
"""Words that people use for fields, and the fields, of which a kind may have one."""


def nearest(name: str, known: Collection[str]) -> str:
    """Return the known name that `name` may have meant, or ""."""
    from difflib import SequenceMatcher  # only a wrong name needs it

    folded = name.lower().replace("-", "_")
    for field in SYNONYMS.get(folded, "").split():
        if field in known:
            return field
    ratios = {field: SequenceMatcher(None, folded, field).ratio() for field in sorted(known)}
    close = [field for field in ratios if ratios[field] >= ALIKE and _is_slip(folded, field)]
    return max(close, key=lambda field: ratios[field], default="")


def _is_slip(name: str, field: str) -> bool:
    """Whether one is the other with a slip: those seldom fall on the first letter."""
    return name[:1] == field[:1] or name in field or field in name


def question(name: str, known: Collection[str]) -> str:
    """Return "; did you mean `urls`?", or "" where nothing is near."""
    found = nearest(name, known)
    return f"; did you mean `{found}`?" if found else ""
