"""Performers: people, told apart by name and disambiguation."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from stashsync.fields import (
    Choice,
    CustomFields,
    Date,
    FarEnd,
    Flag,
    Integer,
    Name,
    NameSet,
    Number,
    Picture,
    Refs,
    Shown,
    StashIds,
    Text,
    TextList,
    Value,
    Wrong,
    is_members,
)
from stashsync.fields.dates import first_day
from stashsync.kinds.base import Entity
from stashsync.kinds.field_spec import Wire
from stashsync.kinds.helpers import add, remove
from stashsync.kinds.ids import IdsOf, NameOf
from stashsync.kinds.mutations import usual_mutations
from stashsync.unset import UNSET, UnsetType

if TYPE_CHECKING:
    from stashsync.kinds.gallery import Gallery
    from stashsync.kinds.group import Group
    from stashsync.kinds.image import Image
    from stashsync.kinds.scene import Scene
    from stashsync.kinds.tag import Tag
else:  # a relation's objects are checked by its meaning; their classes load when they are needed
    Gallery = Group = Image = Scene = Tag = Any

GENDERS = (
    "MALE",
    "FEMALE",
    "TRANSGENDER_MALE",
    "TRANSGENDER_FEMALE",
    "INTERSEX",
    "NON_BINARY",
)


class Performer(
    Entity,
    plural="performers",
    key=("name", "disambiguation"),
    mutations=usual_mutations(
        "performer",
        "Performer",
        merge="performerMerge",
        merge_input="PerformerMergeInput",
        merge_unites=frozenset({"tags"}),
        merge_since=(0, 31, 0),
    ),
):
    """A person who appears in scenes."""

    name: Annotated[str | UnsetType, Name()] = UNSET
    """Their name. Two of one name need different disambiguations."""
    disambiguation: Annotated[str | None | UnsetType, Text()] = UNSET
    """Text that tells them from others of the same name; part of the key."""
    aliases: Annotated[
        list[str] | UnsetType, NameSet(), Wire(output="alias_list", input="alias_list")
    ] = UNSET
    """Further names that find them."""
    gender: Annotated[str | None | UnsetType, Choice("GenderEnum", GENDERS)] = UNSET
    """Their gender."""
    birthdate: Annotated[str | None | UnsetType, Date()] = UNSET
    """When they were born: a day, a month or a year."""
    death_date: Annotated[str | None | UnsetType, Date()] = UNSET
    """When they died: a day, a month or a year."""
    ethnicity: Annotated[str | None | UnsetType, Text()] = UNSET
    """Their ethnicity, in free text."""
    country: Annotated[str | None | UnsetType, Text()] = UNSET
    """Their country; Stash's pages expect its two letters (ISO 3166)."""
    eye_color: Annotated[str | None | UnsetType, Text()] = UNSET
    """The colour of their eyes."""
    hair_color: Annotated[str | None | UnsetType, Text()] = UNSET
    """The colour of their hair."""
    height_cm: Annotated[int | None | UnsetType, Integer()] = UNSET
    """Their height in centimetres."""
    weight: Annotated[int | None | UnsetType, Integer()] = UNSET
    """Their weight in kilograms."""
    measurements: Annotated[str | None | UnsetType, Text()] = UNSET
    """Their measurements, in free text."""
    fake_tits: Annotated[str | None | UnsetType, Text()] = UNSET
    """As the server calls it; free text."""
    penis_length: Annotated[float | None | UnsetType, Number()] = UNSET
    """In centimetres."""
    circumcised: Annotated[str | None | UnsetType, Choice("CircumisedEnum", ("CUT", "UNCUT"))] = (
        UNSET
    )
    """Its name on the server."""
    career_length: Annotated[str | None | UnsetType, Text(), Wire(replaced_by="career_start")] = (
        UNSET
    )
    """The years of their career, in free text; since v0.31.0 `career_start` and `career_end`."""
    career_start: Annotated[str | None | UnsetType, Date(or_year=True), Wire(since="0.31.0")] = (
        UNSET
    )
    """When their career began: a day, a month or a year."""
    career_end: Annotated[str | None | UnsetType, Date(or_year=True), Wire(since="0.31.0")] = UNSET
    """When their career ended: a day, a month or a year."""
    tattoos: Annotated[str | None | UnsetType, Text()] = UNSET
    """Their tattoos, in free text."""
    piercings: Annotated[str | None | UnsetType, Text()] = UNSET
    """Their piercings, in free text."""
    urls: Annotated[list[str] | UnsetType, TextList(), Wire(output_type="[String!]")] = UNSET
    """Their web pages, in order."""
    details: Annotated[str | None | UnsetType, Text()] = UNSET
    """Their description, in free text."""
    rating100: Annotated[int | None | UnsetType, Integer(0, 100)] = UNSET
    """Their rating, 0 to 100."""
    favorite: Annotated[bool | UnsetType, Flag()] = UNSET
    """Whether they are a favourite."""
    ignore_auto_tag: Annotated[bool | UnsetType, Flag()] = UNSET
    """Whether automatic tagging leaves them alone."""
    image: Annotated[
        str | None | UnsetType, Picture(), Wire(output="image_path", input="image")
    ] = UNSET
    """Their picture: a URL that the server fetches; in manifests a path, in scripts base64, too."""
    stash_ids: Annotated[list[dict[str, str]] | UnsetType, StashIds()] = UNSET
    """Their ids at other databases, by endpoint."""
    tags: Annotated[list[Tag] | UnsetType, Refs("tag"), Wire(input="tag_ids")] = UNSET
    """Their tags."""
    custom_fields: Annotated[dict[str, Any] | UnsetType, CustomFields(), Wire(since="0.28.0")] = (
        UNSET
    )
    """Custom values by name."""
    scenes: Annotated[list[Scene] | UnsetType, FarEnd("scene", "performers")] = UNSET
    """The scenes that they appear in."""
    images: Annotated[list[Image] | UnsetType, FarEnd("image", "performers", "performers")] = UNSET
    """The images that they appear in."""
    galleries: Annotated[
        list[Gallery] | UnsetType, FarEnd("gallery", "performers", "performers")
    ] = UNSET
    """The galleries that they appear in."""
    groups: Annotated[list[Group] | UnsetType, FarEnd("group", "", bulk=False)] = UNSET
    """The groups of their scenes."""
    scene_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many scenes they appear in."""
    image_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many images they appear in."""
    gallery_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many galleries they appear in."""
    group_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many groups they appear in."""
    performer_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many others they appear with."""
    o_counter: Annotated[int | None | UnsetType, Shown("Int")] = UNSET
    """The sum of the o-counters of their scenes and images."""
    created_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was created on the server, as RFC 3339."""
    updated_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was last changed on the server, as RFC 3339."""

    tag_ids: IdsOf = IdsOf("tags")
    alias_list: NameOf[list[str]] = NameOf("aliases")
    image_path: NameOf[str | None] = NameOf("image")

    @classmethod
    def check(cls, values: Mapping[str, Value]) -> Iterator[Wrong]:
        """Yield what the server would refuse of a performer by itself.

        Source: docs/stash-behaviour.md#performers
        """
        birth, death = values.get("birthdate"), values.get("death_date")
        if birth and death and first_day(death) < first_day(birth):
            yield Wrong(
                f"the death date {death} is before the birth date {birth}",
                "exchange them, or leave one out",
                ("death_date",),
            )
        aliases: Value = values.get("aliases") or []
        path: tuple[str | int, ...] = ("aliases",)
        if is_members(aliases):
            aliases, path = aliases.get("add", []), ("aliases", "add")
        taken = {values["name"].lower(): "the name"} if values.get("name") else {}
        for alias in aliases:
            other = taken.setdefault(alias.lower(), f"the alias {alias!r}")
            if other != f"the alias {alias!r}":
                yield Wrong(
                    f"the alias {alias!r} is the same as {other}",
                    "a performer's name and aliases must differ by more than case; leave one out",
                    path,
                )

    def add_tag(self, tag: Tag) -> Awaitable[None]:
        """Add the tag to them. Saved by `save`."""
        return add(self, "tags", tag)

    def remove_tag(self, tag: Tag) -> Awaitable[None]:
        """Undo `add_tag`."""
        return remove(self, "tags", tag)

    def add_scene(self, scene: Scene) -> Awaitable[None]:
        """Add them to the scene. Saved by `save`."""
        return add(self, "scenes", scene)

    def remove_scene(self, scene: Scene) -> Awaitable[None]:
        """Undo `add_scene`."""
        return remove(self, "scenes", scene)

    def add_image(self, image: Image) -> Awaitable[None]:
        """Add them to the image. Saved by `save`."""
        return add(self, "images", image)

    def remove_image(self, image: Image) -> Awaitable[None]:
        """Undo `add_image`."""
        return remove(self, "images", image)

    def add_gallery(self, gallery: Gallery) -> Awaitable[None]:
        """Add them to the gallery. Saved by `save`."""
        return add(self, "galleries", gallery)

    def remove_gallery(self, gallery: Gallery) -> Awaitable[None]:
        """Undo `add_gallery`."""
        return remove(self, "galleries", gallery)
