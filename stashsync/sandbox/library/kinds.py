"""The kinds of object that are kept here."""

from __future__ import annotations

from typing import Final

from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.lists import TextList
from stashsync.sandbox.library.objects import Objects

TAGS: Final = Objects(
    "Tag",
    "tag",
    "tags",
    texts=("sort_name", "description"),
    name_order="COALESCE(tags.sort_name, tags.name)",
)
STUDIOS: Final = Objects(
    "Studio",
    "studio",
    "studios",
    texts=("details",),
    plain=("rating100",),
    name_order="studios.name",
)
PERFORMERS: Final = Objects(
    "Performer",
    "performer",
    "performers",
    texts=(
        "disambiguation",
        "ethnicity",
        "country",
        "eye_color",
        "hair_color",
        "measurements",
        "fake_tits",
        "career_length",
        "tattoos",
        "piercings",
        "details",
    ),
    plain=(
        "gender",
        "circumcised",
        "height_cm",
        "weight",
        "penis_length",
        "rating100",
    ),
    dates=("birthdate", "death_date"),
    name_order="performers.name",
)
KINDS: Final = {kind.word: kind for kind in (TAGS, STUDIOS, PERFORMERS)}
"""Every kind, by the word that addresses and messages have for it."""

TAG_ALIASES: Final = TextList("tag_aliases", "tag_id", "alias")
STUDIO_ALIASES: Final = TextList("studio_aliases", "studio_id", "alias")
PERFORMER_ALIASES: Final = TextList("performer_aliases", "performer_id", "alias")
STUDIO_URLS: Final = TextList("studio_urls", "studio_id", "url", ordered=True)
PERFORMER_URLS: Final = TextList("performer_urls", "performer_id", "url", ordered=True)

STUDIO_TAGS: Final = Links("studios_tags", "studio_id", "tag_id")
PERFORMER_TAGS: Final = Links("performers_tags", "performer_id", "tag_id")
TAG_STUDIOS: Final = Links("studios_tags", "tag_id", "studio_id")
TAG_PERFORMERS: Final = Links("performers_tags", "tag_id", "performer_id")
