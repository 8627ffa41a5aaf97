"""The tables of all entities, compared with the introspection of five releases."""

from __future__ import annotations

import subprocess
import sys

import pytest

from stashsync.entities import Scene
from stashsync.entities.models import model_of
from stashsync.fields import FarEnd, Memberships, Nested
from stashsync.kinds import ENTITIES, KINDS, Kind
from stashsync.kinds.registry import MODULES, declaration_of
from tests.support.introspection import RELEASES, called, fields_of, types_of

NAMES = [name for name in MODULES if name != "basicFile"]
SAVED = [name for name in MODULES if ENTITIES[name].mutations.update]
NOT_SETTABLE = {"id", "clientMutationId"}


def every(names: list[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("release", "name"), [(release, name) for release in RELEASES for name in names]
    )


def there(kind: Kind, release: str) -> set[str]:
    return {name for name, spec in kind.all_fields.items() if spec.since <= RELEASES[release]}


@pytest.mark.row("C13")
@every(SAVED)
def test_every_field_that_a_release_takes_can_be_set(release: str, name: str) -> None:
    """An entity has every input field of the server that is not deprecated."""
    kind = ENTITIES[name]
    specs = [kind.all_fields[item] for item in there(kind, release)]
    for type_name, takes in (
        (kind.create_input, {spec.input for spec in specs if spec.creates}),
        (kind.update_input, {spec.input for spec in specs if spec.updates}),
    ):
        recorded = fields_of(release, type_name, current=True)
        assert set(recorded) - NOT_SETTABLE <= takes, type_name
        assert takes <= set(fields_of(release, type_name)), type_name


@pytest.mark.row("C13")
@every(SAVED)
def test_inputs_have_the_types_of_the_table(release: str, name: str) -> None:
    """Nullability and type of each input are those of the release."""
    kind = ENTITIES[name]
    creates, updates = fields_of(release, kind.create_input), fields_of(release, kind.update_input)
    for field in there(kind, release):
        spec = kind.all_fields[field]
        if spec.creates and kind.create_input:
            assert creates[spec.input] == called(release, spec.create_type), field
        if spec.updates and kind.create_input != kind.update_input:
            assert updates[spec.input] == called(release, spec.update_type), field


@pytest.mark.row("C13")
@every(NAMES)
def test_outputs_have_the_types_of_the_table(release: str, name: str) -> None:
    """Each output exists, with its type, on each release from the one that the table names."""
    kind = ENTITIES[name]
    recorded = fields_of(release, kind.type_name)
    for field in kind.all_fields:
        spec = kind.all_fields[field]
        if not spec.reads:
            continue
        if spec.since <= RELEASES[release]:
            assert recorded[spec.output] == called(release, spec.output_type), field
        else:
            assert spec.output not in recorded, field


@pytest.mark.row("C13")
@every(NAMES)
def test_what_can_be_read_without_arguments_is_read(release: str, name: str) -> None:
    """An entity has every output field that is not deprecated."""
    kind = ENTITIES[name]
    known = {spec.output for spec in kind.all_fields.values()} | {"id"}
    needs_arguments = {"fingerprint", "image", "depth"}
    later = {
        "parent_folder",
        "parent_folders",
        "sub_folders",
        "zip_file",
        "movie_count",
        "movies",
        "movie",
    }
    left_out = {"cover"} if name == "gallery" else set()
    recorded = set(fields_of(release, kind.type_name, current=True))
    assert recorded - known - needs_arguments - later - left_out == set()


@pytest.mark.row("C14")
@pytest.mark.parametrize("release", RELEASES)
def test_far_ends_are_found_by_filters_and_saved_by_bulk_updates_that_exist(release: str) -> None:
    """Every release supports the strategy of each relation."""
    for name in MODULES:
        kind = ENTITIES[name]
        for spec in kind.all_fields.values():
            meaning = spec.meaning
            if not isinstance(meaning, FarEnd):
                continue
            near = ENTITIES[meaning.kind]
            if meaning.criterion:
                assert meaning.criterion in fields_of(release, near.filter_type), (name, spec.name)
            if meaning.bulk:
                bulk = fields_of(release, f"Bulk{near.type_name}UpdateInput")
                field = near.all_fields[meaning.field]
                given = f"{name}_ids" if isinstance(field.meaning, Memberships) else field.input
                wanted = "ID" if field.form == "one" else "BulkUpdateIds"
                assert bulk[given] == wanted, (name, spec.name)


@pytest.mark.parametrize("release", RELEASES)
def test_mutations_of_the_tables_exist(release: str) -> None:
    """The mutations that save and delete entities exist in all releases, with these arguments."""
    mutations = {
        item["name"]: {arg["name"] for arg in item["args"]}
        for item in types_of(release)["Mutation"]["fields"]
    }
    for name in MODULES:
        names = ENTITIES[name].mutations
        for mutation in filter(None, (names.create, names.update)):
            assert mutations[mutation] == {"input"}
        if names.destroy:
            by_id = names.destroy_argument == "id"
            assert mutations[names.destroy] == ({"id"} if by_id else {"input"})


def test_the_kinds_of_manifests_are_tables_of_the_registry() -> None:
    """There is one list of them, in the order in which they refer to each other."""
    assert list(KINDS) == ["tag", "studio", "performer", "group", "saved_filter"]
    assert all(KINDS[name] is ENTITIES[name] for name in KINDS)


def test_every_name_of_the_registry_is_a_class_with_a_doc_under_each_field() -> None:
    """Editors show it for each field."""
    for name in ENTITIES:
        kind = ENTITIES[name]
        assert model_of(name).kind() is kind
        assert kind.name == name
        assert kind.doc
        for spec in kind.all_fields.values():
            assert spec.doc, (name, spec.name)


def test_nested_objects_are_selected_with_their_own_fields() -> None:
    """A selection of files asks for what files have, as far as the server has it."""

    class Old:
        def has_output(self, type_name: str, field: str) -> bool:
            return (type_name, field) != ("ImageFile", "format")

    image = ENTITIES["image"].all_fields
    text = image["visual_files"].selection(Old())
    assert text.startswith("visual_files { __typename ... on ImageFile { id path")
    assert " ... on VideoFile { id " in text
    assert "format" not in image["files"].selection(Old())
    assert isinstance(image["files"].meaning, Nested)
    assert "{ group { id } scene_index }" in Scene.kind().fields["groups"].selection(Old())


def test_tables_load_no_object_mapper() -> None:
    """The command line and the sandbox do not import what only scripts need."""
    code = "import sys, stashsync.kinds; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "stashsync.kinds.tag" in loaded
    assert "stashsync.kinds.scene" not in loaded
    assert not [name for name in loaded if name.split(".")[0] == "pydantic"]
    assert not [name for name in loaded if name.startswith("stashsync.entities")]


def test_a_declaration_makes_no_objects() -> None:
    """It has fields and helpers; the class of the same name in stashsync.entities has objects."""
    declaration = declaration_of("tag")
    with pytest.raises(TypeError, match="import Tag from stashsync"):
        declaration(name="Travel")
    assert issubclass(model_of("tag"), declaration)
    assert model_of("tag").kind() is declaration.kind() is ENTITIES["tag"]


def test_a_class_that_extends_another_declaration_extends_its_model() -> None:
    """For scripts, too, a video is a file."""
    assert issubclass(model_of("videoFile"), model_of("basicFile"))
