"""The tables of the kinds, compared with the introspection of five releases."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import ValidationError

from stashsync.entities import Entity, Performer, Studio, Tag
from stashsync.fields import Integer, Name, Text, Wrong
from stashsync.kinds import KINDS, FieldSpec, Kind, Wire
from stashsync.kinds.capabilities import Capabilities, release_text
from stashsync.kinds.compiling import compile_kind
from stashsync.unset import UNSET
from tests.planner.build import server_of
from tests.support import introspection
from tests.support.introspection import fields_of, types_of, written

RELEASES = tuple(introspection.RELEASES)
EXCLUDED = {
    "containing_groups",
    "sub_groups",
    "child_ids",
    "clientMutationId",
    "url",
    "twitter",
    "instagram",
    "id",
}
SPECS = [(kind, spec) for kind in KINDS.values() for spec in kind.fields.values()]


def has(release: str, spec: FieldSpec) -> bool:
    """Return whether a release should have the field."""
    return introspection.RELEASES[release] >= spec.since


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(("kind", "spec"), SPECS, ids=[f"{k.name}.{s.name}" for k, s in SPECS])
def test_a_field_is_there_since_its_release_with_its_types(
    kind: Kind, spec: FieldSpec, release: str
) -> None:
    """Output, create and update input, names, types and nullability."""
    found = (
        fields_of(release, kind.type_name).get(spec.output),
        fields_of(release, kind.create_input).get(spec.input),
        fields_of(release, kind.update_input).get(spec.input),
    )
    if not has(release, spec):
        assert found == (None, None, None)
        return
    types = (spec.output_type, spec.create_type, spec.update_type)
    assert found == tuple(introspection.called(release, type_) for type_ in types)


@pytest.mark.parametrize(("kind", "spec"), SPECS, ids=[f"{k.name}.{s.name}" for k, s in SPECS])
def test_since_is_the_first_release_that_has_it(kind: Kind, spec: FieldSpec) -> None:
    """As far as releases are recorded: no earlier one has it, and none in between is skipped."""
    first = next(
        release for release in RELEASES if spec.output in fields_of(release, kind.type_name)
    )
    position = RELEASES.index(first)
    assert introspection.RELEASES[first] >= spec.since
    if position:
        assert introspection.RELEASES[RELEASES[position - 1]] < spec.since


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
@pytest.mark.parametrize("release", RELEASES)
def test_every_settable_field_is_covered(kind: Kind, release: str) -> None:
    """Except for those that the page on manifests excludes."""
    covered = {spec.input for spec in kind.fields.values()}
    for name in (kind.create_input, kind.update_input):
        assert fields_of(release, name).keys() - EXCLUDED <= covered


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
@pytest.mark.parametrize("release", RELEASES)
def test_mutations_and_queries_have_their_names_and_arguments(kind: Kind, release: str) -> None:
    """The parts of which documents are made."""
    types = types_of(release)
    queries = {query["name"]: query for query in types["Query"]["fields"]}
    mutations = {mutation["name"]: mutation for mutation in types["Mutation"]["fields"]}
    for name, type_name in (
        (kind.create_mutation, kind.create_input), (kind.update_mutation, kind.update_input)
    ):  # fmt: skip
        arguments = {spec["name"]: written(spec["type"]) for spec in mutations[name]["args"]}
        assert arguments == {"input": f"{type_name}!"}
        assert written(mutations[name]["type"]).rstrip("!") == kind.type_name
    (argument,) = queries[kind.find_one]["args"]
    assert (argument["name"], written(argument["type"])) == ("id", "ID!")
    if kind.saved_whole:
        assert written(queries[kind.find_many]["type"]) == f"[{kind.type_name}!]!"
        return
    found = {spec["name"]: written(spec["type"]) for spec in queries[kind.find_many]["args"]}
    assert found[kind.filter_argument] == kind.filter_type
    assert found["filter"] == "FindFilterType"
    assert found["ids"] == "[ID!]"
    assert {"count", kind.plural} <= fields_of(
        release, written(queries[kind.find_many]["type"])[:-1]
    ).keys()


@pytest.mark.parametrize(("kind", "spec"), SPECS, ids=[f"{k.name}.{s.name}" for k, s in SPECS])
def test_enums_and_inverses_are_the_servers(kind: Kind, spec: FieldSpec) -> None:
    """The tables agree with the recorded schema of every release."""
    for release in RELEASES:
        values = getattr(spec.meaning, "values", None)
        if values:
            name = introspection.called(release, spec.output_type).rstrip("!")
            found = types_of(release)[name]["enumValues"]
            assert {value["name"] for value in found} == set(values)
        if spec.inverse is not None:
            name = spec.inverse.output or spec.inverse.name
            assert fields_of(release, kind.type_name)[name] in (
                f"[{kind.type_name}!]!",
                spec.output_type,
            )


@pytest.mark.parametrize("release", RELEASES)
def test_stash_ids_and_custom_fields_have_the_types_that_are_assumed(release: str) -> None:
    """Asked of the server at hand, field by field."""
    assert {"endpoint", "stash_id"} <= fields_of(release, "StashID").keys()
    assert {"endpoint", "stash_id"} <= fields_of(release, "StashIDInput").keys()
    if "CustomFieldsInput" in types_of(release):
        assert {"full", "partial"} <= fields_of(release, "CustomFieldsInput").keys()


# -- the tables themselves ------------------------------------------------------------------------


def test_the_registry_has_the_kinds_after_those_they_refer_to() -> None:
    """It is the only list of kinds."""
    seen: set[str | None] = set()
    for name, kind in KINDS.items():
        seen.add(name)
        assert {spec.meaning.references() for spec in kind.references.values()} <= seen
        assert {each for meaning in kind.inner.values() for each in meaning.inner_kinds} <= seen
        assert kind.doc
        assert all(spec.doc for spec in kind.fields.values())


def test_roles_follow_from_the_fields() -> None:
    """No code has to compare the name of a kind."""
    tag, studio, performer = (KINDS[name] for name in ("tag", "studio", "performer"))
    assert (tag.hierarchy, studio.hierarchy) == (tag.fields["parents"], studio.fields["parent"])
    assert performer.hierarchy is None
    assert list(studio.references) == ["tags", "parent"]
    assert tag.aliases is tag.fields["aliases"]
    assert tag.key({"name": "ÄB", "x": 1}) == ("Äb",)
    assert performer.key({"name": "Ada"}) == ("ada", "")
    assert performer.label({"name": "Ada", "disambiguation": "x"}) == "Ada (x)"
    assert performer.label({"name": "Ada", "disambiguation": None}) == "Ada"
    assert tag != studio
    assert len({tag, studio, tag}) == 2


def test_a_kind_needs_exactly_one_meaning_for_each_field() -> None:
    """A mistake is seen when the class is compiled."""

    class Nothing(Entity, plural="nothings"):
        name: str

    class Twice(Entity, plural="twices"):
        name: Annotated[str, Name(), Text()]

    for model in (Nothing, Twice):
        with pytest.raises(TypeError, match="exactly one meaning"):
            model.kind()


def test_names_on_the_wire_may_differ_and_default_to_the_own() -> None:
    """Input defaults to the output, output to the field."""

    class Thing(Entity, plural="things"):
        """A thing.

        With more to say.
        """

        name: Annotated[str, Name()]
        size: Annotated[int, Integer(), Wire("width", since="0.28.0", output_type="Int!")]
        far: Annotated[int, Integer(), Wire(input="distance")]

    kind = compile_kind(Thing, plural="things")
    assert kind.doc == "A thing."
    assert (kind.fields["size"].output, kind.fields["size"].input) == ("width", "width")
    assert (kind.fields["far"].output, kind.fields["far"].input) == ("far", "distance")
    assert kind.fields["size"].since == (0, 28, 0)
    assert kind.fields["size"].output_type == "Int!"
    assert Thing.kind() is Thing.kind()


def test_a_server_supports_a_field_that_it_can_take_and_show() -> None:
    """It needs both the input and the output."""
    tag = KINDS["tag"]
    spec = tag.fields["sort_name"]
    assert tag.supports(spec, server_of())
    assert not tag.supports(spec, server_of((0, 27, 2)))
    half = Capabilities({"TagUpdateInput": frozenset({"sort_name"})}, {}, frozenset())
    assert not tag.supports(spec, half)


def test_capabilities_know_what_comes_with_a_release() -> None:
    """Trimming, partial dates, wildcards; builds without a version by introspection alone."""
    new, old, fixed = server_of((0, 30, 0)), server_of((0, 29, 3)), server_of((0, 31, 1))
    unnamed = server_of(None)
    assert (new.trims, new.partial_dates) == (True, True)
    assert (old.trims, old.partial_dates) == (False, False)
    assert (unnamed.trims, unnamed.name) == (True, "an unnamed build")
    assert [server.wildcard_names("tag") for server in (new, fixed, unnamed)] == [True, False, True]
    assert fixed.wildcard_names("studio")
    assert (fixed.drops_repeated_aliases, new.drops_repeated_aliases) == (True, False)
    assert new.name == release_text((0, 30, 0)) == "v0.30.0"
    tagged = Capabilities({}, {}, frozenset({"tagCreate"}))
    assert tagged.has_mutation("tagCreate")
    assert not tagged.has_mutation("tagsMerge")
    assert not tagged.has_input("TagUpdateInput", "name")
    assert not tagged.has_output("Tag", "name")


# -- entities -------------------------------------------------------------------------------------


def test_entities_have_three_states() -> None:
    """A field that was neither given nor received is UNSET."""
    camera = Tag(name="Camera", description=None, parents=[Tag(name="Gear")])
    assert camera.aliases is UNSET
    assert camera.description is None
    assert camera.is_new()
    camera.favorite = True
    with pytest.raises(ValidationError):
        camera.favorite = "perhaps"  # type: ignore[assignment]  # what is tested
    with pytest.raises(ValidationError):
        Tag(name="Camera", colour="red")  # type: ignore[call-arg]  # what is tested
    assert Studio(name="S", parent=None, tags=[camera]).parent is None
    assert list(Tag.check({"name": "x"})) == []


@pytest.mark.parametrize(
    ("values", "messages"),
    [
        ({"name": "A", "birthdate": "1990-06", "death_date": "1990"}, ["before the birth date"]),
        ({"name": "A", "birthdate": "1990", "death_date": "1990"}, []),
        ({"name": "A", "birthdate": "1990", "death_date": None}, []),
        ({"name": "Äda", "aliases": ["äDA"]}, ["the same as the name"]),
        ({"name": "A", "aliases": ["B", "b", "C"]}, ["the same as the alias 'B'"]),
        ({"name": "A", "aliases": {"add": ["a"], "remove": ["B"]}}, ["the same as the name"]),
        ({"aliases": ["a"]}, []),
    ],
)
def test_performers_know_what_no_single_field_can_see(
    values: dict[str, Any], messages: list[str]
) -> None:
    """Checks of several fields, as the server makes them (docs/stash-behaviour.md#performers)."""
    found: list[Wrong] = list(Performer.check(values))
    assert len(found) == len(messages)
    for wrong, message in zip(found, messages, strict=True):
        assert message in wrong.message
        assert wrong.path[0] in values
