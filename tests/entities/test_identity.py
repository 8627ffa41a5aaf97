"""Ids, the third value UNSET, and the tables of a class."""

from __future__ import annotations

import copy
import pickle

import pytest
from pydantic import ValidationError

from stashsync.entities import (
    Gallery,
    Group,
    Image,
    Performer,
    PlainIdentityMap,
    Scene,
    SceneMarker,
    Studio,
    Tag,
)
from stashsync.entities.models import model_of
from stashsync.kinds import ENTITIES
from stashsync.unset import UNSET, UnsetType, is_set
from stashsync.unset import UNSET as SAME


@pytest.mark.row("C1", "C2")
def test_unset_is_one_falsy_value_that_survives_copies() -> None:
    """A copied or unpickled UNSET is the same object, neither null nor equal to anything."""
    assert SAME is UNSET
    assert UnsetType() is UNSET
    assert copy.deepcopy({"a": UNSET})["a"] is UNSET
    assert pickle.loads(pickle.dumps(UNSET)) is UNSET
    assert repr(UNSET) == "UNSET"
    assert not UNSET
    assert {UNSET: 1}[UNSET] == 1
    assert UNSET != None and UNSET != ""  # noqa: E711, PT018  equality is what is tested
    assert not is_set(UNSET)
    assert is_set(None)
    assert is_set(0)


@pytest.mark.row("C3")
def test_a_new_object_has_an_id_of_its_own_and_a_given_id_is_kept() -> None:
    """Thirty-two hexadecimal digits, until a server gives another id."""
    first, other = Gallery(title="Lenses"), Gallery(title="Lenses")
    assert len(first.id) == 32
    assert set(first.id) <= set("0123456789abcdef")
    assert first.id != other.id
    assert Gallery(id="17").id == "17"
    assert Gallery(id="somebody-else's").id == "somebody-else's"


@pytest.mark.row("C4")
def test_an_object_is_new_until_a_server_knows_it() -> None:
    """New are temporary, empty and legacy ids, and whatever was declared to be."""
    assert Studio(name="Northlight").is_new()
    assert Studio(id="new", name="Northlight").is_new()
    empty = Studio(id="", name="Northlight")
    assert empty.is_new()
    assert len(empty.id) == 32
    assert Studio(id=None, name="Northlight").is_new()
    known = Studio(id="p1")
    assert not known.is_new()
    assert known._is_new is False
    known._is_new = True
    assert known.is_new()


@pytest.mark.row("C5")
def test_an_id_is_exchanged_in_the_object_and_where_it_is_kept() -> None:
    """Afterwards the identity map has the object under the server's id only."""
    home = PlainIdentityMap()
    tag = Tag(name="Macro")
    before = tag.id
    home.table(Tag)[before] = tag
    tag.identity_map = home
    tag.update_id("31")
    assert tag.id == "31"
    assert not tag.is_new()
    assert dict(home.table(Tag)) == {"31": tag}
    tag._is_new = True
    tag.update_id("32")
    assert not tag._is_new


@pytest.mark.row("C12", "H3")
@pytest.mark.parametrize(
    ("model", "values", "field"),
    [
        (Scene, {"rating100": 101}, "rating100"),
        (Scene, {"rating100": -1}, "rating100"),
        (Performer, {"name": "Ada", "gender": "F"}, "gender"),
        (Performer, {"name": "Ada", "birthdate": "1990-13"}, "birthdate"),
        (Tag, {"name": "  "}, "name"),
        (Image, {"organized": "perhaps"}, "organized"),
        (Scene, {"studio": Tag(name="x")}, "studio"),
        (Scene, {"tags": [Studio(name="x")]}, "tags"),
        (Group, {"titel": "Typo"}, "titel"),
    ],
)
def test_an_invalid_value_is_refused_with_the_name_of_its_field(
    model: type, values: dict[str, object], field: str
) -> None:
    """The constructor and assignment both validate; an unknown keyword is an error."""
    with pytest.raises(ValidationError) as caught:
        model(**values)
    problem = caught.value.errors()[0]
    assert problem["loc"][0] == field
    assert problem["msg"]
    entity = model(id="1")
    with pytest.raises(ValidationError):
        setattr(entity, field, values[field])


def test_partial_dates_and_enum_values_of_the_server_are_accepted() -> None:
    """Every value that the server accepts is accepted."""
    ada = Performer(name="Ada", gender="NON_BINARY", birthdate="1990-05", death_date=None)
    assert (ada.gender, ada.birthdate, ada.death_date) == ("NON_BINARY", "1990-05", None)


@pytest.mark.row("C23")
def test_new_makes_an_object_without_an_id_of_a_server() -> None:
    """An id that is given by mistake is not used."""
    tag = Tag.new(name="Macro", id="5")
    assert tag.is_new()
    assert tag.name == "Macro"


def test_an_entity_is_equal_to_itself_only() -> None:
    """Equality is identity, so that sets and lists of entities are cheap; copies are refused."""
    first, other = Tag(id="1", name="a"), Tag(id="1", name="a")
    assert first == first
    assert first != other
    assert len({first, other}) == 2
    for refused in (copy.copy, copy.deepcopy, Tag.model_copy):
        with pytest.raises(TypeError, match="makes another"):
            refused(first)


def test_a_repr_is_short_even_where_objects_refer_to_each_other() -> None:
    """It ends where relations go in circles."""
    parent = Tag(id="1", name="Light", children=[])
    child = Tag(id="2", name="Shade", parents=[parent])
    assert repr(parent) == "Tag(id='1', name='Light')"
    assert str([child]) == "[Tag(id='2', name='Shade')]"


@pytest.mark.row("C13")
def test_a_class_lists_its_tracked_fields_and_their_names() -> None:
    """All of them are derived from the one table of its kind."""
    assert Performer.__type_name__ == "Performer"
    assert {"favorite", "stash_ids", "image", "custom_fields"} <= Performer.__tracked_fields__
    assert Performer.__field_conversions__["aliases"] == "alias_list"
    assert Performer.__field_conversions__["tags"] == "tag_ids"
    assert Studio.__side_mutations__["images"] == "bulkImageUpdate"
    assert Scene.__create_input_type__ == "SceneCreateInput"
    assert Image.__create_input_type__ is None
    assert Image.__update_input_type__ == "ImageUpdateInput"
    assert Tag.__destroy_input_type__ == "TagDestroyInput"
    assert SceneMarker.__destroy_input_type__ is None
    assert model_of("videoFile").__destroy_input_type__ is None
    for name in ENTITIES:
        if (model := model_of(name)) and hasattr(model, "__tracked_fields__"):
            assert set(model.__field_conversions__) <= model.__tracked_fields__


@pytest.mark.row("C14")
def test_a_class_describes_its_relations() -> None:
    """Strategy, target and the field at the other end."""
    relations = Scene.__relationships__
    assert relations["studio"].target is Studio
    assert relations["studio"].inverse == "scenes"
    assert relations["studio"].strategy == "direct_field"
    assert relations["groups"].strategy == "complex_object"
    far = Tag.__relationships__["images"]
    assert (far.target, far.inverse) == (Image, "tags")
    assert (far.strategy, far.criterion) == ("filter_query", "tags")
    assert Scene.__relationships__["galleries"].inverse == "scenes"
    assert Gallery.__relationships__["scenes"].inverse == "galleries"
    for name in ENTITIES:
        for relation in getattr(model_of(name), "__relationships__", {}).values():
            if relation.inverse:
                back = relation.target.__relationships__[relation.inverse]
                assert back.target is model_of(name)
