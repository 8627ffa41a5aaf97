"""Objects of a source into manifests: what is added, and what stays as people wrote it."""

from __future__ import annotations

import pytest

from stashsync.sources.found import FoundObject
from tests.sources.bench import INTO, Bench, left, tag

BOX = "https://box.example/graphql"


def test_new_objects_go_into_one_file_with_their_hierarchy(bench: Bench) -> None:
    """Nested where the source has parents; what is only referred to becomes an item."""
    merged = bench.merge(
        tag("Drone", parents=["Camera", "Travel"]),
        tag("Camera", description="How: it was filmed"),
        FoundObject("studio", "Northlight", {"parent": "Big", "tags": ["Drone"]}, "a.csv:4"),
    )
    assert left(merged) == []
    assert (merged.matched, merged.referred) == (0, 2)
    assert list(merged.files) == [INTO]
    assert bench.read("imported.yaml") == (
        "# yaml-language-server: $schema=../stashsync.schema.json\n"
        "tags:\n"
        "  - name: Camera\n"
        "    description: 'How: it was filmed'\n"
        "    children:\n"
        "      - name: Drone\n"
        "        parents: [Travel]\n"
        "  - Travel\n"
        "studios:\n"
        "  - name: Big\n"
        "    children:\n"
        "      - name: Northlight\n"
        "        tags: [Drone]\n"
    )


WRITTEN = """\
# My tags
tags:
  - name: Camera     # how
    description: Mine   # stays
    aliases: [Kamera]
    children:
      - name: Wide shot
        stash_ids:
          https://box.example/graphql: one
      - Drone
studios:
  - name: Northlight
    tags: [Camera]
    urls: [https://a.example]
"""


def test_what_is_written_stays_and_what_is_missing_is_added(bench: Bench) -> None:
    """Fields, members of lists and stash_ids are added; nothing else changes by a byte."""
    bench.write(WRITTEN)
    merged = bench.merge(
        tag("camera", description="Theirs", aliases=["Cam", "KAMERA"], sort_name="c"),
        tag("Wide shot", stash_ids={BOX: ["one", "two"], "https://b.example": ["x"]}),
        tag("Drone", parents=["Travel"], description="From above"),
        FoundObject(
            "studio",
            "Northlight",
            {"tags": ["Drone"], "urls": ["https://b.example", "https://a.example"]},
            "a.csv:5",
        ),
    )
    assert left(merged) == []
    assert (merged.matched, merged.referred) == (4, 1)
    assert bench.read() == (
        "# My tags\n"
        "tags:\n"
        "  - name: Camera     # how\n"
        "    description: Mine   # stays\n"
        "    aliases: [Kamera, Cam]\n"
        "    sort_name: c\n"
        "    children:\n"
        "      - name: Wide shot\n"
        "        stash_ids:\n"
        "          https://box.example/graphql: [one, two]\n"
        "          https://b.example: x\n"
        "      - name: Drone\n"
        "        description: From above\n"
        "        parents: [Travel]\n"
        "studios:\n"
        "  - name: Northlight\n"
        "    tags: [Camera, Drone]\n"
        "    urls: [https://a.example, https://b.example]\n"
    )


@pytest.mark.parametrize(
    "written",
    ["aliases: []", "aliases: {add: [Cam]}", "aliases: null", "aliases: {remove: [Old]}"],
)
def test_a_list_that_is_cleared_or_owned_in_part_is_left(bench: Bench, written: str) -> None:
    """A person chose the members: a source adds none."""
    bench.write(f"tags:\n  - name: Camera\n    {written}\n")
    merged = bench.merge(tag("Camera", aliases=["Kamera"]))
    assert not merged.files
    assert left(merged) == []


def test_cleared_fields_and_ids_stay_cleared(bench: Bench) -> None:
    """Null is a value that a person wrote."""
    text = f"tags:\n  - name: Camera\n    description: null\n    stash_ids: {{'{BOX}': null}}\n"
    bench.write(text)
    bench.merge(tag("Camera", description="Theirs", stash_ids={BOX: ["one"]}))
    assert bench.read() == text


def test_a_field_that_is_to_be_updated_takes_the_value_of_the_source(bench: Bench) -> None:
    """Of the fields that are named alone."""
    bench.write("tags:\n  - {name: Camera, description: Mine, sort_name: a}\n")
    bench.merge(tag("Camera", description="Theirs", sort_name="b"), update=["description"])
    assert bench.read() == "tags:\n  - {name: Camera, description: Theirs, sort_name: a}\n"


def test_parents_that_would_close_a_circle_are_left_out(bench: Bench) -> None:
    """The manifests' hierarchy counts, and among new objects the first edges."""
    bench.write("tags:\n  - name: Camera\n    children:\n      - Drone\n")
    merged = bench.merge(
        tag("Camera", parents=["Drone"]),
        tag("A", "a.csv:3", parents=["B"]),
        tag("B", "a.csv:4", parents=["A"]),
    )
    assert left(merged) == [
        'tag "Camera" (a.csv:2): parents: "Drone" would close a circle',
        'tag "B" (a.csv:4): parents: "A" would close a circle',
    ]
    assert "  - name: B\n    children:\n      - A\n" in bench.read("imported.yaml")


def test_references_to_objects_that_no_manifest_declares_stay(bench: Bench) -> None:
    """The server may have them: they are neither declared nor taken out."""
    bench.write("tags:\n  - name: Drone\n    parents: [Travel]\n")
    bench.merge(tag("Drone", parents=["Camera"]))
    assert bench.read() == "tags:\n  - name: Drone\n    parents: [Travel, Camera]\n"
    assert "Travel" not in bench.read("imported.yaml")


def test_values_that_no_field_can_have_are_left_out(bench: Bench) -> None:
    """Each with its reason; the rest of the object is taken."""
    merged = bench.merge(
        FoundObject(
            "performer",
            "Ada Example",
            {"birthdate": "1990-13", "death_date": "1980", "height_cm": "170", "gender": "?"},
            "box",
        ),
        FoundObject("performer", " ", {}, "box"),
        FoundObject("performer", "Bo", {"birthdate": "1990", "death_date": "1980"}, "box"),
    )
    assert [each.split(":")[0] + ":" + each.split(":")[1] for each in left(merged)] == [
        'performer "Ada Example" (box): birthdate',
        'performer "Ada Example" (box): gender',
        'performer "" (box): a name must not be blank',
        'performer "Bo" (box): death_date',
    ]
    assert "height_cm: 170" in bench.read("imported.yaml")


def test_one_object_at_several_places_of_a_source_is_one(bench: Bench) -> None:
    """Lists are united, and the first single value counts; another one is reported."""
    merged = bench.merge(
        tag("Drone", parents=["Camera"], description="One"),
        tag("drone", "a.csv:3", parents=["Travel"], description="Two", aliases=["Quad"]),
    )
    assert left(merged) == [
        'tag "drone" (a.csv:3): description: another place of the source has another value, '
        "which is taken (a.csv:2)"
    ]
    assert "      - name: Drone\n        description: One\n        aliases: [Quad]\n" in (
        bench.read("imported.yaml")
    )


def test_many_children_of_many_parents_are_written_at_once(bench: Bench) -> None:
    """A new child goes below each of two nested items that end on the same line."""
    bench.write(
        "tags:\n  - name: A\n    children:\n      - name: B\n        children:\n          - C\n"
    )
    bench.merge(*(tag(f"{name}1", parents=[name]) for name in "ABC"))
    assert bench.read() == (
        "tags:\n"
        "  - name: A\n"
        "    children:\n"
        "      - name: B\n"
        "        children:\n"
        "          - name: C\n"
        "            children:\n"
        "              - C1\n"
        "          - B1\n"
        "      - A1\n"
    )


def test_new_objects_go_into_a_file_that_declares_nothing_yet(bench: Bench) -> None:
    """A file with comments alone, as `init` writes it, keeps them."""
    bench.write("# Mine\n", "imported.yaml")
    bench.merge(tag("Camera"))
    assert bench.read("imported.yaml") == "# Mine\ntags:\n  - Camera\n"


def test_groups_get_members_in_their_order(bench: Bench) -> None:
    """Members that are there keep their place and description."""
    bench.write(
        "groups:\n  - name: Box\n    sub_groups: [{group: One, description: first}]\n  - One\n",
    )
    members = [{"group": "Two", "description": "second"}, "One"]
    bench.merge(FoundObject("group", "Box", {"sub_groups": members}, "a.json:1"))
    box = bench.load().state.of("group")[0]
    assert box.values["sub_groups"] == [["One", "first"], ["Two", "second"]]


def test_a_new_object_that_manifests_refer_to_closes_no_circle(bench: Bench) -> None:
    """What they refer to by a name is that object, once a source has it."""
    bench.write("tags:\n  - {name: Drone, parents: [Travel]}\n")
    merged = bench.merge(tag("Travel", parents=["Drone"]))
    assert left(merged) == ['tag "Travel" (a.csv:2): parents: "Drone" would close a circle']
    assert bench.read("imported.yaml").endswith("tags:\n  - Travel\n")
