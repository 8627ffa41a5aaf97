"""Loading gives well-formed manifests their meaning."""

from __future__ import annotations

import gc
import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stashsync.errors import ManifestError, Mark
from stashsync.manifest import Desired, load
from tests.manifest.support import load_text, rendered, write_project


def values(desired: Desired, kind: str) -> dict[str, dict[str, Any]]:
    """Return the values of each resource of a kind, by name."""
    return {item.name: item.values for item in desired.state.of(kind)}


def test_the_example_of_the_manual_loads(tmp_path: Path) -> None:
    """The example uses names, nesting, second parents, references, partial dates and maps."""
    desired = load_text(
        tmp_path,
        """\
tags:
  - Travel
  - name: Camera
    description: How it was filmed
    ignore_auto_tag: true
    children:
      - name: Wide shot
        aliases: [Long shot, Establishing shot]
        renamed_from: Wide angle
        keep_old_name: true
      - name: Drone
        parents: [Travel]
studios:
  - name: Northlight Media
    urls: [https://northlight.example]
    tags: [Travel]
    children:
      - name: Northlight Kids
        aliases: {add: [NL Kids]}
performers:
  - name: Ada Example
    disambiguation: the elder
    birthdate: 1990-05
    gender: FEMALE
    tags: [Travel]
    stash_ids:
      https://stashdb.example/graphql: 3f1c2b1e-0000-4000-8000-000000000001
    custom_fields: {agency: North}
""",
    )
    tags = values(desired, "tag")
    assert list(tags) == ["Camera", "Drone", "Travel", "Wide shot"]
    assert tags["Camera"] == {
        "name": "Camera",
        "description": "How it was filmed",
        "ignore_auto_tag": True,
    }
    assert tags["Drone"]["parents"] == ["Camera", "Travel"]
    assert tags["Travel"] == {"name": "Travel"}
    wide = desired.state.of("tag")[3]
    assert (wide.renamed_from, wide.keep_old_name) == (("Wide angle",), True)
    assert values(desired, "studio")["Northlight Kids"]["parent"] == "Northlight Media"
    assert values(desired, "performer")["Ada Example"]["birthdate"] == "1990-05"
    assert desired.files == ("manifests/all.yaml",)
    assert desired.state.digest == desired.digest


def test_an_absent_object_has_no_other_fields(tmp_path: Path) -> None:
    """An item with `state: absent` keeps its identifying fields; `merge` takes a name or a list."""
    desired = load_text(
        tmp_path,
        """\
tags:
  - {name: Drone, merge: [Drones, ' Aerial '], aliases: [Drones]}
  - {name: Boat, merge: Boats}
  - {name: Old junk, state: absent}
  - {name: Kept, aliases: [Old junk]}
performers:
  - {name: Ada Example, disambiguation: the elder, state: absent, id: 12}
""",
    )
    boat, drone, _, junk = desired.state.of("tag")
    assert (drone.merge, boat.merge) == (("Drones", "Aerial"), ("Boats",))
    assert (junk.absent, junk.values) == (True, {"name": "Old junk"})
    (ada,) = desired.state.of("performer")
    assert (ada.absent, ada.id) == (True, "12")
    assert ada.values == {"name": "Ada Example", "disambiguation": "the elder"}


@pytest.mark.parametrize(
    "name",
    ["No", "off", "12:30", "007", "1e3", "2024-01-02", "~", "null", "1_000", "=", "True", "0x1F"],
)
def test_a_name_is_the_text_as_written(name: str, tmp_path: Path) -> None:
    """A name is never taken for a number, a date, a flag or null."""
    desired = load_text(
        tmp_path,
        f"tags:\n  - {name}\nstudios:\n  - name: {name}\n    aliases: [{name}x]\n"
        f"performers:\n  - name: Ada\n    tags: [{name}]\n",
    )
    assert desired.state.of("tag")[0].name == name
    assert desired.state.of("studio")[0].name == name
    assert desired.state.of("studio")[0].values["aliases"] == [f"{name}x"]
    assert desired.state.of("performer")[0].values["tags"] == [name]


def test_absent_null_and_values_are_three_things(tmp_path: Path) -> None:
    """A field that is not written is not managed, while null and [] clear it."""
    desired = load_text(
        tmp_path,
        "studios:\n  - {name: A}\n  - {name: B, urls: [], details: null, parent: ~}\n"
        "  - {name: C, urls: null, details: 'null', rating100: }\n",
    )
    studios = values(desired, "studio")
    assert studios["A"] == {"name": "A"}
    assert studios["B"] == {"name": "B", "urls": [], "details": None, "parent": None}
    assert studios["C"] == {"name": "C", "urls": [], "details": "null", "rating100": None}


def test_a_bare_child_is_placed_here_and_described_there(tmp_path: Path) -> None:
    """A name in `children` that is written out elsewhere is one object with its description."""
    write_project(
        tmp_path,
        {
            "a.yaml": "tags:\n  - name: Camera\n    children: [drone, Lens]\n",
            "b.yaml": "tags:\n  - name: Gear\n    children: [Drone]\n"
            "  - {name: Drone, description: It flies}\n",
        },
    )
    tags = values(load(tmp_path), "tag")
    assert tags["Drone"] == {
        "name": "Drone",
        "description": "It flies",
        "parents": ["Camera", "Gear"],
    }
    assert tags["Lens"] == {"name": "Lens", "parents": ["Camera"]}


def test_a_nested_tag_has_its_nesting_and_its_own_parents(tmp_path: Path) -> None:
    """Nesting and a list of parents give all parents; with `{add}` there may be others."""
    tags = values(
        load_text(
            tmp_path,
            """\
tags:
  - name: Camera
    children:
      - Plain
      - {name: Listed, parents: [travel, CAMERA]}
      - {name: Added, parents: {add: [Travel], remove: [Gear]}}
  - {name: Root, parents: []}
  - {name: Free}
""",
        ),
        "tag",
    )
    assert tags["Plain"]["parents"] == ["Camera"]
    assert tags["Listed"]["parents"] == ["Camera", "travel"]
    assert tags["Added"]["parents"] == {"add": ["Camera", "Travel"], "remove": ["Gear"]}
    assert tags["Root"]["parents"] == []
    assert "parents" not in tags["Free"]


def test_a_parent_that_repeats_the_nesting_is_no_contradiction(tmp_path: Path) -> None:
    """A nested studio may also name its parent in `parent`."""
    desired = load_text(
        tmp_path, "studios:\n  - name: Big\n    children:\n      - {name: Small, parent: big}\n"
    )
    assert values(desired, "studio")["Small"]["parent"] == "Big"


def test_references_to_undeclared_objects_are_left_to_the_plan(tmp_path: Path) -> None:
    """The server may have objects that no manifest declares."""
    desired = load_text(tmp_path, "performers:\n  - {name: Ada, tags: [Nowhere]}\n")
    assert values(desired, "performer")["Ada"]["tags"] == ["Nowhere"]


def test_names_that_only_look_alike_are_different_objects(tmp_path: Path) -> None:
    """As on the server, only ASCII letters are compared without case; accents count."""
    names = ["Éclair", "éclair", "e\u0301clair", "İ", "ı", "ß", "SS", "\u0410", "A"]
    desired = load_text(tmp_path, "tags:\n" + "".join(f"  - {name}\n" for name in names))
    assert sorted(item.name for item in desired.state.of("tag")) == sorted(names)


def test_performers_of_one_name_differ_by_disambiguation(tmp_path: Path) -> None:
    """The key of a performer is the name and the disambiguation."""
    desired = load_text(
        tmp_path,
        "performers:\n  - Ada\n  - {name: Ada, disambiguation: elder}\n"
        "  - {name: ada, disambiguation: younger}\n",
    )
    assert [item.key for item in desired.state.of("performer")] == [
        ("ada", ""),
        ("ada", "elder"),
        ("ada", "younger"),
    ]


def test_other_performers_are_named_by_text_or_by_both_parts(tmp_path: Path) -> None:
    """They stay as written, since only the server's objects show which performer a text means."""
    desired = load_text(
        tmp_path,
        "performers:\n  - name: Ada\n    renamed_from: {name: Ada, disambiguation: Chef}\n"
        "    merge: [Eva (Cook), {name: Eva}, {disambiguation: null, name: ' Bo '}]\n",
    )
    (ada,) = desired.state.of("performer")
    assert ada.renamed_from == (("Ada", "Chef"),)
    assert ada.merge == ("Eva (Cook)", ("Eva",), ("Bo", None))
    assert [ada.text_of(name) for name in ada.merge] == ["Eva (Cook)", "Eva", "Bo"]


def test_an_old_name_that_is_declared_again_may_be_referred_to(tmp_path: Path) -> None:
    """A reference means the declared object rather than one that had this name before."""
    desired = load_text(
        tmp_path,
        "tags:\n  - {name: New, renamed_from: Old}\n  - Old\n  - {name: Sub, parents: [Old]}\n",
    )
    assert values(desired, "tag")["Sub"]["parents"] == ["Old"]


def test_a_reference_is_not_mistaken_for_an_old_name(tmp_path: Path) -> None:
    """A reference to an undeclared object is valid beside a rename of another object."""
    text = "tags: [{name: Wider, renamed_from: Wide}, {name: Low, parents: [Top]}]"
    assert values(load_text(tmp_path, text), "tag")["Low"]["parents"] == ["Top"]


def test_a_name_alone_makes_no_circle_with_a_dated_group(tmp_path: Path) -> None:
    """It means the group that has no date, where others of its name have one."""
    text = (
        "- name: Walk\n  sub_groups: [Run]\n- Run\n- {name: Run, date: 2021, sub_groups: [Walk]}\n"
    )
    assert len(load_text(tmp_path, f"groups:\n{text}").state.of("group")) == 3
    with pytest.raises(ManifestError):
        load_text(tmp_path, f"groups:\n{text}".replace("[Run]", "[Run (2021)]"))


def test_anchors_and_merge_keys_work(tmp_path: Path) -> None:
    """Fields of the item win over merged ones, and earlier merged mappings over later ones."""
    desired = load_text(
        tmp_path,
        """\
studios:
  - &base
    name: Base
    rating100: 10
    favorite: true
    tags: &tags [One, Two]
  - {<<: *base, name: Second, rating100: 20}
  - {name: Third, tags: *tags, <<: [{details: first}, {details: second, favorite: false}]}
""",
    )
    studios = values(desired, "studio")
    assert studios["Second"] == {
        "name": "Second",
        "rating100": 20,
        "favorite": True,
        "tags": ["One", "Two"],
    }
    assert studios["Third"]["details"] == "first"
    assert studios["Third"]["favorite"] is False


def test_sections_of_a_root_merge_key_count(tmp_path: Path) -> None:
    """A merge key works in the mapping of a whole document, too."""
    desired = load_text(
        tmp_path, "<<: {tags: [A], studios: [S]}\nstudios: &s\n  - T\n---\ntags: [B]\n"
    )
    assert [item.name for item in desired.state] == ["A", "B", "T"]


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    """A file from a Windows editor has the same values and places."""
    text = "tags:\n  - name: Camera\n    description: |\n      one\n      two\n"
    unix = load_text(tmp_path / "a", text)
    other = load(
        write_project(
            tmp_path / "b",
            {"all.yaml": b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()},
        )
    )
    assert values(unix, "tag") == values(other, "tag")
    assert unix.state.of("tag")[0].mark == other.state.of("tag")[0].mark


def test_ids_match_objects_of_the_server(tmp_path: Path) -> None:
    """An id may be written as a number or as text."""
    desired = load_text(tmp_path, "tags:\n  - {name: A, id: 12}\n  - {name: B, id: '13'}\n")
    assert [item.id for item in desired.state] == ["12", "13"]


def test_every_field_and_member_can_be_located(tmp_path: Path) -> None:
    """The marks of fields, map keys, and list members by index or text are found on demand."""
    desired = load_text(
        tmp_path,
        """\
tags:
  - name: Camera
    aliases: {add: [Kamera, ' Cam ']}
    children:
      - name: Drone
        parents: [Travel, Gear]
        stash_ids: {https://a.example: [x, y]}
      - &bare Lens
""",
    )
    camera, drone, lens = desired.state.of("tag")
    file = "manifests/all.yaml"
    assert desired.locate(camera) == camera.mark == Mark(file, 2, 5)
    assert desired.locate(camera, ("aliases", "Cam")) == Mark(file, 3, 29)
    assert desired.locate(drone, ("parents", 1)) == Mark(file, 6, 27)
    assert desired.locate(drone, ("parents", "Camera")) == Mark(file, 6, 18)
    assert desired.locate(drone, ("stash_ids", "https://a.example", 1)) == Mark(file, 7, 44)
    assert desired.locate(drone, ("description",)) == drone.mark
    assert desired.locate(lens, ("parents",)) == Mark(file, 8, 9)


def test_a_file_that_changed_since_gives_the_place_of_the_item(tmp_path: Path) -> None:
    """Places in a file that changed after loading would be wrong, so the item's mark is given."""
    desired = load_text(tmp_path, "tags:\n  - {name: Camera, favorite: true}\n")
    write_project(tmp_path, {"all.yaml": "# new\n\ntags: [Other]\n"})
    camera = desired.state.of("tag")[0]
    assert desired.locate(camera, ("favorite",)) == camera.mark


def test_an_image_file_is_known_by_the_md5_of_its_bytes(tmp_path: Path) -> None:
    """The MD5 is compared with the server's ETag; a changed image file changes the digest."""
    picture = tmp_path / "images" / "a.png"
    picture.parent.mkdir()
    picture.write_bytes(b"\x89PNG picture")
    text = (
        "tags:\n  - {name: A, image: images/a.png}\n  - {name: B, image: https://x.example/b.png}\n"
        "  - {name: C, image: null}\n"
    )
    desired = load_text(tmp_path, text)
    tags = values(desired, "tag")
    md5 = hashlib.md5(b"\x89PNG picture", usedforsecurity=False).hexdigest()
    assert tags["A"]["image"] == {"file": "images/a.png", "md5": md5}
    assert tags["B"]["image"] == {"url": "https://x.example/b.png"}
    assert tags["C"]["image"] is None
    picture.write_bytes(b"\x89PNG another")
    assert load(tmp_path).digest != desired.digest


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"what to buy: \xc3\xbc" + b"x" * 2000, "is a text, not an image"),
        (b"x" * 1023 + "ü".encode(), "is a text, not an image"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull"),
    ],
)
def test_a_text_is_no_image(content: bytes, reason: str, tmp_path: Path) -> None:
    """Text files are refused as images, and so are Git LFS pointers, with the way out."""
    (tmp_path / "notes.txt").write_bytes(content)
    with pytest.raises(ManifestError) as caught:
        load_text(tmp_path, "tags:\n  - {name: A, image: notes.txt}\n")
    assert reason in rendered(caught.value.problems)


def test_a_vector_image_is_no_text(tmp_path: Path) -> None:
    """An SVG file is accepted as an image, although it is text."""
    (tmp_path / "a.svg").write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    assert load_text(tmp_path, "tags:\n  - {name: A, image: a.svg}\n").state


def test_an_image_must_not_be_a_link_out_of_the_project(tmp_path: Path) -> None:
    """No file outside of the project is ever uploaded."""
    outside = tmp_path / "outside.png"
    outside.write_bytes(b"secret")
    project = write_project(tmp_path / "p", {"a.yaml": "tags:\n  - {name: A, image: link.png}\n"})
    (project / "link.png").symlink_to(outside)
    with pytest.raises(ManifestError) as caught:
        load(project)
    assert "'link.png' leaves the project" in rendered(caught.value.problems)


def test_loading_leaves_the_garbage_collector_as_it_was(tmp_path: Path) -> None:
    """The collector is paused while loading, and enabled again even after an error."""
    assert gc.isenabled()
    load_text(tmp_path, "tags: [A]\n")
    assert gc.isenabled()
    with pytest.raises(ManifestError):
        load_text(tmp_path, "tags: [\n")
    assert gc.isenabled()


def test_a_long_line_is_refused_only_where_its_places_cannot_be_packed(tmp_path: Path) -> None:
    """A line may have up to about a million characters, as JSON often has."""
    names = [f"Tag {number}" for number in range(60_000)]
    desired = load_text(tmp_path, "tags: [" + ", ".join(names) + "]\n")
    assert len(desired.state) == len(names)
    with pytest.raises(ManifestError) as caught:
        load_text(tmp_path, "tags:\n  - A\n  - {name: B, description: " + "x" * 1_100_000 + "}\n")
    assert "manifests/all.yaml:3:1: this line is longer than" in rendered(caught.value.problems)


WITHOUT_C = """
import sys
from pathlib import Path
sys.modules["yaml._yaml"] = None  # as if PyYAML had been built without libyaml
from stashsync.errors import ManifestError
from stashsync.manifest import load
try:
    print([one.values for one in load(Path(sys.argv[1])).state])
except ManifestError as error:
    print([one.message for one in error.problems])
"""


def test_a_parser_without_c_loads_the_same(tmp_path: Path) -> None:
    """If PyYAML was built without libyaml, its own parser gives the same values and problems."""

    def without_c() -> str:
        return subprocess.run(
            [sys.executable, "-c", WITHOUT_C, str(tmp_path)],
            capture_output=True, text=True, check=True, timeout=60,
        ).stdout  # fmt: skip

    text = "tags:\n  - &a {name: A, aliases: [x, 'y']}\n  - {<<: *a, name: B, aliases: }\n"
    with_c = load_text(tmp_path, text)
    assert without_c() == f"{[item.values for item in with_c.state]}\n"
    with pytest.raises(ManifestError):
        load_text(tmp_path, "tags:\n  - 'x\n")
    assert "this quote is never closed" in without_c()
