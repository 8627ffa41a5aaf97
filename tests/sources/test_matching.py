"""Which object of the manifests an object of a source is, and what is not clear."""

from __future__ import annotations

from stashsync.sources.found import FoundObject
from tests.sources.bench import Bench, left, tag

BOX, OTHER = "https://box.example/graphql", "https://other.example/graphql"
TAGS = f"""\
tags:
  - name: Establishing shot
    aliases: [Long shot]
    stash_ids: {{'{BOX}': one}}
  - name: Drone
    renamed_from: Quad
    merge: [Aerial]
  - {{name: Old junk, state: absent}}
"""


def test_a_stash_id_decides_over_names(bench: Bench) -> None:
    """The object keeps its name, and the name in the source becomes an alias."""
    bench.write(TAGS)
    merged = bench.merge(tag("Wide shot", stash_ids={BOX: ["one"]}))
    assert (merged.matched, left(merged)) == (1, [])
    assert "aliases: [Long shot, Wide shot]" in bench.read()


def test_an_alias_or_an_old_name_finds_the_object(bench: Bench) -> None:
    """Names and aliases of tags are one namespace, so it can be no other object."""
    bench.write(TAGS)
    merged = bench.merge(
        tag("long shot", description="d"),
        tag("Aerial", "a.csv:3", description="e"),
    )
    assert (merged.matched, left(merged)) == (2, [])
    assert "description: d" in bench.read()
    assert "description: e" in bench.read()
    assert "Aerial, " not in bench.read()  # it is merged, and needs no alias


def test_an_own_alias_that_is_a_name_there_finds_the_object(bench: Bench) -> None:
    """Its own name becomes an alias."""
    bench.write("tags:\n  - Drone\n")
    merged = bench.merge(tag("Quadcopter", aliases=["drone", "Copter"]))
    assert (merged.matched, left(merged)) == (1, [])
    assert bench.read() == "tags:\n  - name: Drone\n    aliases: [Copter, Quadcopter]\n"


def test_what_has_the_names_of_several_objects_is_left_out(bench: Bench) -> None:
    """With the places of both."""
    bench.write("tags:\n  - Drone\n  - Copter\n")
    merged = bench.merge(tag("Quadcopter", aliases=["Drone", "Copter"]))
    assert left(merged) == [
        'tag "Quadcopter" (a.csv:2): it has as an alias the name of several objects: '
        'tag "Copter" (manifests/tags.yaml:3:5) and tag "Drone" (manifests/tags.yaml:2:5)'
    ]
    assert not merged.files


def test_several_that_are_one_object_there_are_left_out(bench: Bench) -> None:
    """Nothing is guessed: both are reported, unless one has stronger evidence."""
    bench.write(TAGS)
    merged = bench.merge(tag("Quad"), tag("Aerial", "a.csv:3"))
    assert left(merged) == [
        'tag "Quad" (a.csv:2): it has a name of tag "Drone", and so has a.csv:3 '
        "(manifests/tags.yaml:5:5)",
        'tag "Aerial" (a.csv:3): it has a name of tag "Drone", and so has a.csv:2 '
        "(manifests/tags.yaml:5:5)",
    ]
    merged = bench.merge(tag("Quad"), tag("Drone", "a.csv:3", description="d"))
    assert left(merged) == [
        'tag "Quad" (a.csv:2): it has a name of tag "Drone", which a.csv:3 is '
        "(manifests/tags.yaml:5:5)"
    ]
    assert "description: d" in bench.read()


def test_another_id_at_the_same_database_is_another_object(bench: Bench) -> None:
    """A name alone does not make two objects of one database one."""
    bench.write(TAGS)
    merged = bench.merge(tag("Establishing shot", stash_ids={BOX: ["two"]}))
    assert left(merged) == [
        'tag "Establishing shot" (a.csv:2): it has the name of tag "Establishing shot" with '
        "another id at that database (manifests/tags.yaml:2:5)"
    ]
    merged = bench.merge(tag("Establishing shot", stash_ids={OTHER: ["two"]}))
    assert left(merged) == []
    assert f"{OTHER}" in bench.read()


def test_what_the_manifests_delete_is_left_out(bench: Bench) -> None:
    """A source does not bring back what a person deletes, nor references to it."""
    bench.write(TAGS)
    merged = bench.merge(tag("old junk"), tag("New", "a.csv:3", parents=["Old junk"]))
    assert left(merged) == [
        'tag "old junk" (a.csv:2): the manifests delete tag "Old junk" (manifests/tags.yaml:8:5)',
        'tag "New" (a.csv:3): parents: "Old junk" is left out (a.csv:2)',
    ]


def test_aliases_that_collide_are_left_out_with_both_places(bench: Bench) -> None:
    """With a name or an alias of the manifests, a name of the source, or another alias in it."""
    bench.write(TAGS)
    merged = bench.merge(
        tag("A", aliases=["long SHOT", "B", "Same", "Good", "A", "good"]),
        tag("B", "a.csv:3", aliases=["same"]),
        tag("Drone", "a.csv:4", aliases=["Establishing shot"]),
    )
    assert left(merged) == [
        'tag "A" (a.csv:2): aliases: "B" is the name of tag "B" (a.csv:3)',
        'tag "A" (a.csv:2): aliases: "long SHOT" is an alias of tag "Establishing shot" '
        "(manifests/tags.yaml:2:5)",
        'tag "Drone" (a.csv:4): aliases: "Establishing shot" is the name of '
        'tag "Establishing shot" (manifests/tags.yaml:2:5)',
        'tag "A" (a.csv:2): aliases: "Same" is an alias of tag "B" (a.csv:3)',
        'tag "B" (a.csv:3): aliases: "same" is an alias of tag "A" (a.csv:2)',
    ]
    assert "  - name: A\n    aliases: [Good]\n  - B\n" in bench.read("imported.yaml")


def test_performers_of_one_name_differ_in_disambiguation(bench: Bench) -> None:
    """Their aliases are free, and find no one."""
    bench.write("performers:\n  - {name: Ada, disambiguation: chef, aliases: [Bo]}\n")
    merged = bench.merge(
        FoundObject("performer", "ADA", {"disambiguation": "Chef", "country": "GB"}, "a"),
        FoundObject("performer", "Ada", {"aliases": ["Bo"]}, "b"),
        FoundObject("performer", "Bo", {}, "c"),
    )
    assert (merged.matched, left(merged)) == (1, [])
    assert "country: GB" in bench.read()
    assert "  - name: Ada\n    aliases: [Bo]\n  - Bo\n" in bench.read("imported.yaml")


def test_references_follow_the_object_that_a_name_means(bench: Bench) -> None:
    """By an alias in the manifests, or in the source; what is unclear is left out."""
    bench.write(TAGS)
    merged = bench.merge(
        tag("A", parents=["Long shot"]),
        tag("B", "a.csv:3", parents=["Q", "B"], aliases=["P"]),
        tag("C", "a.csv:4", aliases=["P", "Q"]),
        tag("D", "a.csv:5", parents=["P"]),
    )
    assert left(merged) == [
        'tag "B" (a.csv:3): parents: "B" is the object itself (a.csv:3)',
        'tag "D" (a.csv:5): parents: "P" may be several objects (a.csv:3, a.csv:4)',
        'tag "B" (a.csv:3): aliases: "P" is an alias of tag "C" (a.csv:4)',
        'tag "C" (a.csv:4): aliases: "P" is an alias of tag "B" (a.csv:3)',
    ]
    parents = {each.name: each.values.get("parents") for each in bench.load().state.of("tag")}
    assert parents["A"] == ["Establishing shot"]
    assert parents["B"] == ["C"]


def test_two_objects_of_one_name_in_a_database_are_left_out(bench: Bench) -> None:
    """A manifest cannot have both, and neither is the right one."""
    merged = bench.merge(
        FoundObject("performer", "Ada", {"stash_ids": {BOX: ["1"]}}, "a"),
        FoundObject("performer", "Ada", {"stash_ids": {BOX: ["2"]}}, "b"),
    )
    assert left(merged) == [
        'performer "Ada" (a): several objects of the source have this name (b)',
        'performer "Ada" (b): several objects of the source have this name (a)',
    ]
    assert not merged.files


def test_objects_with_one_stash_id_are_left_out(bench: Bench) -> None:
    """A database has an id once: one of the two has a wrong one."""
    merged = bench.merge(
        tag("A", stash_ids={BOX: ["1", "2"]}),
        tag("B", "a.csv:3", stash_ids={BOX: ["2"]}),
        tag("C", "a.csv:4", stash_ids={OTHER: ["2"]}),
    )
    assert left(merged) == [
        'tag "A" (a.csv:2): another object of the source has its stash_id (a.csv:3)',
        'tag "B" (a.csv:3): another object of the source has its stash_id (a.csv:2)',
    ]


def test_the_name_of_an_object_that_is_left_out_becomes_no_alias(bench: Bench) -> None:
    """Else the next import would take that object for the one with the alias."""
    bench.write("tags:\n  - Drone\n  - Copter\n")
    merged = bench.merge(
        tag("Quadcopter", aliases=["Drone", "Copter"]),
        tag("Flying", "a.csv:3", aliases=["Quadcopter"]),
    )
    assert left(merged)[1:] == [
        'tag "Flying" (a.csv:3): aliases: "Quadcopter" is the name of tag "Quadcopter" (a.csv:2)'
    ]


def test_an_alias_that_manifests_refer_to_as_a_name_is_left_out(bench: Bench) -> None:
    """The server may have an object of that name; the reference would become an error."""
    bench.write("tags:\n  - Camera\nstudios:\n  - {name: North, tags: [Travel]}\n")
    merged = bench.merge(tag("Camera", aliases=["travel"]))
    assert left(merged) == [
        'tag "Camera" (a.csv:2): aliases: "travel" is a name that studio "North" refers to '
        "(manifests/tags.yaml:4:5)"
    ]
