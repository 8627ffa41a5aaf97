"""Rows of a stash-box as a manifest would have them."""

from __future__ import annotations

from typing import Any

from stashsync.sandbox.stash_box import Contents, StashBox
from stashsync.sources.found import FoundObject, LeftOut
from stashsync.sources.stash_box.objects import found_objects
from tests.sources.stash_box.support import ENDPOINT, read


def found(
    contents: Contents, kind: str = "tag", *, parents: bool = False
) -> tuple[list[FoundObject], list[str]]:
    """Return the objects of some contents, and what is left out of them."""
    left: list[LeftOut] = []
    rows = read(StashBox(contents).app, kind)
    objects = found_objects(rows, ENDPOINT, left.append, categories_as_parents=parents)
    return objects, [str(each) for each in left]


def values(contents: Contents, kind: str = "tag", *, parents: bool = False) -> dict[str, Any]:
    """Return the values by name, without ids."""
    return {
        each.name: {name: value for name, value in each.values.items() if name != "stash_ids"}
        for each in found(contents, kind, parents=parents)[0]
    }


def test_a_tag_has_its_id_by_the_endpoint_and_what_is_known_of_it() -> None:
    """What the box does not know is left out, so that nothing is cleared."""
    contents = Contents()
    row = contents.add_tag(" Candle ", aliases=["Taper"], description="Of wax.")
    contents.add_tag("Bare")
    (bare, candle), notes = found(contents)
    assert candle == FoundObject(
        "tag",
        "Candle",
        {"description": "Of wax.", "aliases": ["Taper"], "stash_ids": {ENDPOINT: [row["id"]]}},
        f"{ENDPOINT} {row['id']}",
    )
    assert list(bare.values) == ["stash_ids"]
    assert notes == []


def test_aliases_that_repeat_the_name_or_each_other_are_left_out() -> None:
    """A stash-box has such; a Stash refuses them."""
    contents = Contents()
    contents.add_tag("Candle", aliases=["CANDLE", "Taper", "taper ", " "])
    assert values(contents)["Candle"]["aliases"] == ["Taper"]


def test_categories_become_parents_when_that_is_wanted() -> None:
    """With their descriptions, and without an id: the box has none of theirs for tags."""
    contents = Contents()
    light = contents.add_category("Light", description="Lamps and suns.")
    contents.add_tag("Candle", category=light)
    contents.add_tag("Loose")
    assert values(contents) == {"Candle": {}, "Loose": {}}
    assert values(contents, parents=True) == {
        "Light": {"description": "Lamps and suns."},
        "Candle": {"parents": ["Light"]},
        "Loose": {},
    }
    assert found(contents, parents=True)[0][0].values == {"description": "Lamps and suns."}


def test_categories_with_the_names_of_tags_make_no_circle() -> None:
    """The tag is the parent then, and has none itself; the note has the one that it lost."""
    contents = Contents()
    light, colour = contents.add_category("Light"), contents.add_category("colour")
    contents.add_tag("Colour", category=light)
    contents.add_tag("Light", category=colour)
    contents.add_tag("Red", category=colour)
    assert values(contents, parents=True) == {
        "Colour": {}, "Light": {}, "Red": {"parents": ["colour"]},
    }  # fmt: skip
    notes = found(contents, parents=True)[1]
    assert len(notes) == 2
    assert 'does not go below its own, "Light"' in notes[0]


def test_a_studio_belongs_to_its_parent_unless_that_was_deleted() -> None:
    """What is gone there is no object that could be referred to."""
    contents = Contents()
    top = contents.add_studio("Top", urls=["https://top.example/", "https://top.example/"])
    gone = contents.add_studio("Gone")
    contents.add_studio("Below", parent=top, aliases=["Under"])
    orphan = contents.add_studio("Orphan", parent=gone)
    gone["deleted"] = True
    assert values(contents, "studio") == {
        "Top": {"urls": ["https://top.example/"]},
        "Below": {"aliases": ["Under"], "parent": "Top"},
        "Orphan": {},
    }
    assert found(contents, "studio")[1] == [
        f'studio "Orphan" ({ENDPOINT} {orphan["id"]}): parent: "Gone" was deleted at the stash-box'
    ]


def test_a_performer_is_written_as_stash_writes_what_it_reads_from_a_stash_box() -> None:
    """Words in place of the box's constants, measurements only where all are known."""
    contents = Contents()
    contents.add_performer(
        "Ada Abel",
        disambiguation="the baker",
        aliases=["A. Abel"],
        gender="NON_BINARY",
        birth_date="1970-05",
        ethnicity="MIDDLE_EASTERN",
        country="NO",
        eye_color="BROWN",
        height=172,
        cup_size="B",
        band_size=34,
        waist_size=26,
        hip_size=36,
        breast_type="NATURAL",
        tattoos=[
            {"location": "Left arm", "description": "a compass"},
            {"location": "Neck", "description": None},
        ],
        urls=["https://people.example/1"],
    )
    contents.add_performer("Bare", breast_type="NA", height=0, cup_size="B")
    assert values(contents, "performer") == {
        "Ada Abel": {
            "disambiguation": "the baker",
            "aliases": ["A. Abel"],
            "gender": "NON_BINARY",
            "birthdate": "1970-05",
            "ethnicity": "Middle Eastern",
            "country": "NO",
            "eye_color": "Brown",
            "height_cm": 172,
            "measurements": "34B-26-36",
            "fake_tits": "Natural",
            "tattoos": "Left arm, a compass; Neck",
            "urls": ["https://people.example/1"],
        },
        "Bare": {},
    }
