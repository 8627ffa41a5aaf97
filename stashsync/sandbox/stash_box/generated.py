"""Neutral contents of any size, the same at every call.

They have what makes an import hard: aliases that are another tag's name, that two tags share, or
that repeat the tag's own name; studios below others; people of one name; dates that are not whole;
and objects that were deleted or merged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stashsync.sandbox.stash_box.contents import BoxRow, Contents

CATEGORIES: Final = (
    ("Camera work", "ACTION", "pan tilt zoom dolly crane orbit tracking handheld rack timelapse"),
    ("Light", "SCENE", "dawn dusk noon candle lantern moon neon shade backlight flash"),
    ("Place", "SCENE", "harbour market meadow station rooftop cellar bridge forest pier island"),
    ("Food", "SCENE", "bread soup salad noodles cheese cake curry stew pancake dumpling"),
    ("Weather", "SCENE", "fog rain snow storm wind frost hail heat drizzle haze"),
    ("Music", "SCENE", "waltz march ballad fugue samba blues polka tango reel anthem"),
    ("Craft", "ACTION", "weaving pottery carving baking printing forging knitting binding "
     "glazing sewing"),
    ("Clothing", "PEOPLE", "coat scarf apron hat gloves boots shawl jacket dress tunic"),
    ("Sport", "ACTION", "rowing climbing skating fencing running cycling diving sailing archery "
     "judo"),
    ("Vehicle", "SCENE", "tram ferry bicycle lorry balloon canoe train scooter glider barge"),
)  # fmt: skip
"""Name, group and nouns of each category; a tag is one of the nouns, qualified."""

_QUALIFIERS: Final = (
    "Slow Quick Early Late Quiet Loud Small Large Narrow Wide Bright Dark Warm Cold Dry Wet Old "
    "New Plain Ornate Red Blue Green Yellow White Black Round Square Heavy Thin Soft Hard High Low "
    "Near Far Northern Southern Eastern Western"
)
_GIVEN: Final = "Ada Bela Cleo Dara Enno Fritz Gina Hugo Ines Jona Kaya Lino Mira Nico Olga"
_FAMILY: Final = (
    "Abel Berger Castro Dorn Engel Fabri Groot Holm Iversen Jansen Kowal Lund Moreau Novak Orsini"
)

TAKEN_NAME, SHARED, OWN_NAME, TWICE = 50, 70, 90, 110
"""How often, in tags, an alias is another's name, shared, the tag's own, or there twice."""


def generated(
    tags: int = 4000, studios: int = 60, performers: int = 150, *, other: bool = False
) -> Contents:
    """Return contents of that size, and some objects beside it that were deleted.

    `other` makes a second box: other ids and aliases for mostly the same things. Of five tags, one
    has the name that is an alias in the first, and of eleven, one is not in the first at all.
    """
    contents = Contents("the other box" if other else "box")
    _add_tags(contents, tags, other=other)
    _add_studios(contents, studios)
    _add_performers(contents, performers)
    return contents


def _add_tags(contents: Contents, count: int, *, other: bool) -> None:
    categories = [
        contents.add_category(name, group, f"Everything about {name.lower()}.")
        for name, group, _ in CATEGORIES
    ]
    words = list(_words(count))
    for number, (at, first_name, alias) in enumerate(words):
        name, aliases = first_name, [alias]
        if other and number % 5 == 4:
            name, aliases = alias, []
        elif other and number % 11 == 10:
            name, aliases = f"{first_name} (again)", []
        if number % TAKEN_NAME == TAKEN_NAME - 1:
            aliases.append(words[number - 1][1])
        if number % SHARED in (SHARED - 2, SHARED - 1):
            aliases.append(f"Shared word {number // SHARED + 1}")
        if number % OWN_NAME == OWN_NAME - 1:
            aliases.append(name.upper())
        if number % TWICE == TWICE - 1:
            aliases.append(alias.upper())
        description = f"{name}, as in the catalogue." if number % 3 == 0 else ""
        contents.add_tag(name, category=categories[at], aliases=aliases, description=description)
    contents.add_tag("Withdrawn", aliases=["Retracted"])["deleted"] = True


def _words(count: int) -> Iterator[tuple[int, str, str]]:
    """Yield the number of the category, the name and the alias of each tag."""
    made, again = 0, 0
    while True:
        for qualifier in _QUALIFIERS.split():
            for at, (_, _, nouns) in enumerate(CATEGORIES):
                for noun in nouns.split():
                    if made == count:
                        return
                    made += 1
                    end = f" {again + 1}" if again else ""
                    alias = f"{noun.title()}, {qualifier.lower()}{end}"
                    yield at, f"{qualifier} {noun}{end}", alias
        again += 1


def _add_studios(contents: Contents, count: int) -> None:
    above: list[BoxRow] = []
    families = _FAMILY.split()
    for number in range(count):
        family = families[number % len(families)]
        name = f"{family} Pictures {number // len(families) + 1}"
        parent = above[number // 6 % len(above)] if number % 6 and above else None
        added = contents.add_studio(
            name,
            parent=parent,
            aliases=[f"{family} {number + 1}"],
            urls=[f"https://studio-{number + 1}.example/"],
        )
        if parent is None:
            above.append(added)
    gone = contents.add_studio("Closed Pictures")
    contents.add_studio("Orphan Pictures", parent=gone)
    gone["deleted"] = True


def _add_performers(contents: Contents, count: int) -> None:
    people = [(given, family) for family in _FAMILY.split() for given in _GIVEN.split()]
    for number in range(count):
        again, at = divmod(number, len(people))
        given, family = people[at]
        year = 1950 + number % 50
        contents.add_performer(
            f"{given} {family}",
            disambiguation=f"of {1900 + again}" if again else None,
            aliases=[f"{given[0]}. {family}", f"{given} {family}".upper()],
            gender=("FEMALE", "MALE", "NON_BINARY", None)[number % 4],
            birth_date=(f"{year}-05-17", f"{year}-05", f"{year}", None)[number % 4],
            country=("NO", "PT", "JP", None)[number % 4],
            eye_color=("BROWN", "GREEN", None)[number % 3],
            hair_color=("AUBURN", None)[number % 2],
            height=150 + number % 50 if number % 5 else None,
            career_start_year=year + 20 if number % 2 else None,
            career_end_year=year + 30 if number % 4 == 1 else None,
            tattoos=[{"location": "Left arm", "description": "a compass"}]
            if number % 9 == 0
            else [],
            urls=[f"https://people.example/{number + 1}"],
        )
    for what in ("the painter", "the baker"):
        contents.add_performer("Mira Lund-Abel", disambiguation=what)
    double = contents.add_performer("Twice Entered")
    contents.add_performer("Once Entered", merged=[double])
