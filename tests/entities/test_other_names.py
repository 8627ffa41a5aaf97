"""The server's names of fields, and what an unknown name may have meant."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from stashsync import Group, Performer, Scene, StashClient, StashIntegrationError, Studio, Tag
from stashsync.kinds import ENTITIES
from stashsync.kinds.ids import OtherName
from stashsync.kinds.likeness import SYNONYMS, nearest
from stashsync.kinds.registry import declaration_of
from tests.support.scripts import Wire, made, play


def test_every_name_of_the_server_is_an_attribute() -> None:
    """Of each field that has another name there, in answers or in inputs."""
    for name, kind in ENTITIES.items():
        declaration = declaration_of(name)
        for spec in kind.all_fields.values() if kind.mutations.update else ():
            for other in {spec.output, spec.input} - kind.all_fields.keys() - {"custom_fields"}:
                found = vars(declaration).get(other)
                assert isinstance(found, OtherName), f"{name}.{other}"
                assert found.field == spec.name


def test_the_names_of_the_server_read_and_write_the_field() -> None:
    """In constructors, as attributes and where fields are named."""
    above = Studio(name="Above")
    studio = Studio(name="North", parent_studio=above, image_path="data:image/png;base64,AA==")
    assert studio.parent is above
    assert above.child_studios is above.children
    assert studio.image == studio.image_path
    studio.parent_studio = None
    assert studio.parent is None
    performer = Performer(name="Ada", alias_list=["A."])
    performer.alias_list = ["B."]
    assert performer.aliases == ["B."]
    assert performer.get_changed_fields()["aliases"] == ["B."]
    group = Group.new(name="Lake", front_image_path="data:image/png;base64,AA==")
    assert group.front_image == "data:image/png;base64,AA=="
    studio.set_parent_studio(above)
    above.add_child_studio(Studio(name="South"))
    assert studio.parent is above


def test_they_can_be_populated_and_asked_for() -> None:
    """Other names of a field work wherever this library's own name does."""

    async def story(client: StashClient, wire: Wire) -> None:
        (first,) = await made(client, ("studio", {"name": "Above"}))
        await made(client, ("studio", {"name": "North", "parent_id": first}),
                   ("performer", {"name": "Ada", "alias_list": ["A."]}),
                   ("scene", {"title": "Harbour"}))  # fmt: skip
        studio = Studio.from_row({"id": "2"}, client.identity_map)
        assert not client.store.has_fields(studio, "parent_studio")
        await client.store.populate(studio, ["parent_studio__name"])
        assert client.store.has_fields(studio, "parent_studio", "parent")
        assert studio.parent_studio.name == "Above"
        found = await client.store.find(Studio, parent_studio=first)
        assert found == [studio]
        assert len(await client.store.find(Performer, alias_list__contains="A.")) == 1
        scene = await client.store.find_one(Scene)
        await client.store.populate(scene, ["sceneStreams"])
        assert scene.sceneStreams == scene.scene_streams == []
        with pytest.raises(StashIntegrationError, match="'website'; did you mean `urls`"):
            await client.store.populate(studio, ["website"])

    play(story)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("height", "height_cm"),
        ("website", "urls"),
        ("died", "death_date"),
        ("birthday", "birthdate"),
        ("favourite", "favorite"),
        ("wieght", "weight"),
        ("Gender", "gender"),
        ("careerlength", "career_length"),
        ("eight", "weight"),
        ("lenght", ""),
        ("zodiac", ""),
        ("idd", ""),
    ],
)
def test_an_unknown_name_is_answered_with_what_it_may_mean(name: str, meant: str) -> None:
    """A synonym or a typing error; no suggestion where neither is likely."""
    assert nearest(name, ENTITIES["performer"].all_fields) == meant


def test_every_synonym_is_for_a_field_of_some_kind() -> None:
    """No suggestion is a name that no object has."""
    fields = {field for kind in ENTITIES.values() for field in kind.all_fields}
    for word, meant in SYNONYMS.items():
        assert set(meant.split()) <= fields, word


def test_the_suggestion_is_part_of_every_error_about_a_name() -> None:
    """Of an attribute that is read or set, and of an argument."""
    performer = Performer(name="Ada")
    with pytest.raises(AttributeError, match="no attribute 'height'; did you mean `height_cm`"):
        performer.height  # noqa: B018
    with pytest.raises(AttributeError, match=r"no attribute 'zodiac'$"):
        performer.zodiac  # noqa: B018
    assert not hasattr(performer, "website")
    with pytest.raises(ValidationError) as set_error:
        performer.died = "2020"
    assert set_error.value.__notes__ == ["a Performer has no 'died'; did you mean `death_date`?"]
    with pytest.raises(ValidationError) as error:
        Tag(name="Fog", picture="x", zodiac=1)
    assert error.value.__notes__ == ["a Tag has no 'picture'; did you mean `image`?"]
