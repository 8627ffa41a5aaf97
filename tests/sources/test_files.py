"""Tables, JSON and lists of names: what is read, and every fault with its place."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from stashsync.sources.columns import Columns
from stashsync.sources.csv_files import CsvLayout, read_csv
from stashsync.sources.found import FoundObject
from stashsync.sources.json_files import read_json
from stashsync.sources.name_lists import read_names
from stashsync.sources.texts import SourceError, SourceText

Rows = list[tuple[str, dict[str, Any], str]]


def rows(found: Sequence[FoundObject]) -> Rows:
    """Return names, values and places."""
    return [(each.name, dict(each.values), each.place) for each in found]


def from_csv(
    text: str | bytes, names: Mapping[str, str] | None = None, kind: str = "tag", **layout: str
) -> Rows:
    """Read a table."""
    data = text if isinstance(text, bytes) else text.encode()
    columns = Columns(kind, names or {})
    return rows(read_csv(SourceText.of("a.csv", data), CsvLayout(columns, **layout)))


def from_json(text: str, name: str = "a.json", kind: str = "tag", **names: str) -> Rows:
    """Read JSON."""
    return rows(read_json(SourceText(name, text), kind, names))


def from_txt(text: str, kind: str = "tag") -> Rows:
    """Read names."""
    return rows(read_names(SourceText("a.txt", text), kind))


def faults(read: Callable[..., Rows], *args: Any, **named: Any) -> list[str]:
    """Return every fault of a source with its place."""
    with pytest.raises(SourceError) as caught:
        read(*args, **named)
    return [f"{each.mark}: {each.message}" for each in caught.value.problems]


# -- tables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_header_shows_what_is_between_cells(delimiter: str) -> None:
    """Columns are fields whatever their case; blank cells and rows are none."""
    header, row = ["Name", "Description", "Sort name"], ["Camera", '"two\nlines"', ""]
    text = "\n".join(map(delimiter.join, [header, row, ["", "", ""], ["Drone", "x", "d"]]))
    assert from_csv(text) == [
        ("Camera", {"description": "two\nlines"}, "a.csv:2"),
        ("Drone", {"description": "x", "sort_name": "d"}, "a.csv:5"),
    ]


def test_cells_have_paths_and_lists() -> None:
    """The fields of a row are those of the last object on its path."""
    text = "name,aliases,parent\nCamera > Shots > Wide shot,Long shot; Far,Travel\n"
    assert from_csv(text) == [
        ("Camera", {}, "a.csv:2"),
        ("Shots", {"parents": ["Camera"]}, "a.csv:2"),
        ("Wide shot", {"aliases": ["Long shot", "Far"], "parents": ["Shots", "Travel"]}, "a.csv:2"),
    ]
    assert from_csv("name,aliases\nA > B,c;d\n", separator="", lists="") == [
        ("A > B", {"aliases": ["c;d"]}, "a.csv:2")
    ]


def test_columns_are_mapped_to_fields_and_to_keys_of_maps() -> None:
    """Or left out; a map has a column for each key."""
    text = "Title,Box id,Agency,Note\nAda,1,North,?\n"
    names = {
        "title": "name",
        "Box id": "stash_ids.https://box.example/graphql",
        "Agency": "custom_fields.agency",
        "Note": "",
    }
    found = {
        "stash_ids": {"https://box.example/graphql": "1"},
        "custom_fields": {"agency": "North"},
    }
    assert from_csv(text, names, "performer") == [("Ada", found, "a.csv:2")]


@pytest.mark.parametrize("data", [
    codecs.BOM_UTF8 + "name\nCafé\n".encode(),
    "name\nCafé\n".encode("utf-16"),
    "name\r\nCafé\r\n".encode(),
])  # fmt: skip
def test_spreadsheets_write_marks_and_line_ends_of_their_own(data: bytes) -> None:
    """What Excel saves as UTF-8 or as Unicode text."""
    assert from_csv(data) == [("Café", {}, "a.csv:2")]


def test_every_fault_of_a_table_has_its_place() -> None:
    """All at once; a cell behind a quoted one that has lines of its own, too."""
    text = (
        "name,gender,birthdate,rating100\n"
        'Ada,female,"1990-\n13",5\n'
        ",MALE,,\n"
        "Bo,MALE,1990,500\n"
        "Cy,MALE,1990,5,6\n"
    )
    assert faults(from_csv, text, kind="performer") == [
        "a.csv:2:5: 'female' is not a value of this field",
        "a.csv:2:12: '1990-\\n13' is not a date",
        "a.csv:4:1: the name is blank",
        "a.csv:5:14: 500 is out of range",
        "a.csv:6:1: this row has 5 cells, and the header 4",
    ]


def test_a_cell_may_be_longer_than_the_limit_of_the_csv_module() -> None:
    """Which is 131,072 characters, and no fault of the table's."""
    text = "z" * 300_000
    source = SourceText("a.csv", f"name,description\nA,{text}\n")
    assert read_csv(source, CsvLayout(Columns("tag", {})))[0].values["description"] == text


@pytest.mark.parametrize(
    ("text", "names", "fault"),
    [
        ("", {}, "a.csv:1:1: there is no header"),
        ("title\nA\n", {"title": ""}, "a.csv:1:1: no column has the names"),
        ("name,nme\nA,b\n", {}, "a.csv:1:6: 'nme' is no field of a tag"),
        ("name,Name\nA,b\n", {}, "a.csv:1:6: the field `name` has two columns"),
        ("name\nA\n", {"x": "name"}, "a.csv:1:1: --map: there is no column 'x'"),
        ("name\n", {}, "a.csv:1:1: there is no row below the header"),
        ('name\n"A\n', {}, "a.csv:2:1: this is no CSV: unexpected end of data"),
        ("name\nA > > B\n", {}, "a.csv:2:1: a name in the path 'A > > B' is blank"),
        ("name,stash_ids\nA,b\n", {}, "a.csv:2:3: `stash_ids` has several values, by key"),
        ("name,aliases\nA,b\n", {"aliases": "aliases.x"}, "a.csv:1:6: `aliases` has no keys"),
    ],
)
def test_a_table_that_is_none_is_an_error(text: str, names: dict[str, str], fault: str) -> None:
    """With what is wrong, and where."""
    assert faults(from_csv, text, names) == [fault]


@pytest.mark.parametrize(
    ("column", "message", "hint"),
    [
        ("Alias list", "", "--map 'Alias list=aliases'"),
        ("StashID", "", "--map StashID=stash_ids.KEY"),
        ("x", "; there are name, sort_name, description,", "--map x=FIELD"),
    ],
)
def test_a_column_that_is_no_field_gets_a_suggestion(column: str, message: str, hint: str) -> None:
    """As it is to be typed in a shell."""
    with pytest.raises(SourceError) as caught:
        from_csv(f"name,{column}\nA,b\n")
    (problem,) = caught.value.problems
    assert f"{column!r} is no field of a tag{message}" in problem.message
    assert hint in (problem.hint or "")


def test_a_cell_with_another_separator_is_mentioned() -> None:
    """It may be one member; nothing is guessed."""
    source = SourceText("a.csv", 'name,aliases\nA,"b, c"\nB,"d, e"\n')
    read_csv(source, CsvLayout(Columns("tag", {})))
    assert source.notes == [
        'a.csv:2: "b, c" is one member of a list; `--list-separator ,` splits it.'
    ]
    source = SourceText("a.csv", 'name,aliases\nA,"b, c; d"\n')
    read_csv(source, CsvLayout(Columns("tag", {})))
    assert source.notes == []


def test_a_file_in_another_encoding_is_an_error() -> None:
    """With the place of the first byte that is none of UTF-8."""
    assert faults(from_csv, "name\nCaf\xe9\n".encode("latin-1")) == [
        "a.csv:2:4: this is no text in UTF-8"
    ]


# -- JSON -----------------------------------------------------------------------------------------


def test_json_has_names_and_objects_with_children() -> None:
    """Null and unset fields are left out; a single text is a list of one."""
    text = """[
      "Travel > Sea",
      {"name": "Camera", "aliases": "Cam", "description": null, "children": [
        "Drone",
        {"name": "Wide shot", "parents": ["Travel"], "ignore_auto_tag": true}
      ]}
    ]"""
    assert from_json(text) == [
        ("Travel", {}, "a.json:2"),
        ("Sea", {"parents": ["Travel"]}, "a.json:2"),
        ("Camera", {"aliases": ["Cam"]}, "a.json:3"),
        ("Drone", {"parents": ["Camera"]}, "a.json:4"),
        ("Wide shot", {"parents": ["Camera", "Travel"], "ignore_auto_tag": True}, "a.json:5"),
    ]


def test_json_lines_and_sections_are_read() -> None:
    """A line has an object; sections say what kind theirs are."""
    assert from_json('{"name": "A"}\n\n"B"\n', "a.jsonl") == [
        ("A", {}, "a.jsonl:1"),
        ("B", {}, "a.jsonl:3"),
    ]
    found = read_json(SourceText("a", '{"tags": ["A"], "studios": [{"name": "B"}]}'), "tag", {})
    assert [(each.kind, each.name) for each in found] == [("tag", "A"), ("studio", "B")]


def test_stash_ids_are_read_as_stash_and_as_manifests_have_them() -> None:
    """A list of pairs, or a map; and keys can be mapped."""
    pairs = '[{"title": "A", "stash_ids": [{"endpoint": "e", "stash_id": "1"}]}]'
    assert from_json(pairs, title="name") == [("A", {"stash_ids": {"e": ["1"]}}, "a.json:1")]
    plain = '[{"name": "A", "stash_ids": {"e": "1"}}]'
    assert from_json(plain) == [("A", {"stash_ids": {"e": "1"}}, "a.json:1")]


def test_every_fault_of_json_has_its_place() -> None:
    """All at once; within lists, too."""
    text = """[
  {"name": "A", "aliases": ["b", {"c": 1}], "nme": 1},
  7,
  {"children": []},
  {"name": "B", "children": ["x", null]},
  {"name": " "}
]"""
    assert faults(from_json, text) == [
        "a.json:2:34: a name is wanted here, not a mapping",
        "a.json:2:45: 'nme' is no field of a tag",
        "a.json:3:3: a tag is a name or an object",
        "a.json:5:35: a tag is a name or an object",
        "a.json:6:12: a name must not be blank",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "a.json:1:1: there is no object in this file"),
        ("[", "a.json:1:2: this is no JSON: a value is wanted here"),
        ('["a" "b"]', "a.json:1:6: this is no JSON: , or ] is wanted here, not '\"'"),
        ('[\n{"a": 1,}]', "a.json:2:9: this is no JSON: \" of a key is wanted here, not '}'"),
        ('{"a": 1, "a": 2}', "a.json:1:10: this is no JSON: the key 'a' is written twice"),
        ("[NaN]", "a.json:1:2: this is no JSON: NaN is no number in JSON"),
        ("[" * 200, "a.json:1:102: this is no JSON: more than 100 lists and objects are inside "
                    "each other"),
        ('{"name": "\\ud800"}', "a.json:1:10: '\\ud800' is no text: it has half of a character"),
        ('{"tags": "A"}', "a.json:1:10: a list of tags is wanted here"),
        ('{"description": "x"}', "a.json:1:1: this tag has no name"),
        ('["A"]', "a.json:1:1: --map: there is no key 'x'"),
    ],
)  # fmt: skip
def test_what_is_no_json_is_an_error(text: str, fault: str) -> None:
    """With what is wrong, and where."""
    names = {"x": "name"} if "--map" in fault else {}
    assert faults(from_json, text, **names) == [fault]


def test_each_line_of_json_lines_has_its_fault() -> None:
    """A broken line hides no other."""
    assert faults(from_json, '{"name" 1}\n"A"\n[', "a.ndjson") == [
        "a.ndjson:1:9: this is no JSON: : is wanted here, not '1'",
        "a.ndjson:3:2: this is no JSON: a value is wanted here",
    ]


def test_a_kind_without_parents_has_no_children() -> None:
    """And a studio has one parent."""
    assert faults(from_json, '[{"name": "Ada", "children": []}]', kind="performer") == [
        "a.json:1:30: a performer has no children"
    ]
    text = '[{"name": "A", "children": [{"name": "B", "parent": "C"}]}]'
    assert faults(from_json, text, kind="studio") == ["a.json:1:29: it is below 'A' and below 'C'"]


# -- names ----------------------------------------------------------------------------------------


def test_names_are_nested_by_indentation_and_paths() -> None:
    """With spaces or with tabs; blank lines are none."""
    assert from_txt("Camera\n  Shots\n\n    Wide shot\n  Drone\nTravel > Sea\n\tBeach\r\n") == [
        ("Camera", {}, "a.txt:1"),
        ("Shots", {"parents": ["Camera"]}, "a.txt:2"),
        ("Wide shot", {"parents": ["Shots"]}, "a.txt:4"),
        ("Drone", {"parents": ["Camera"]}, "a.txt:5"),
        ("Travel", {}, "a.txt:6"),
        ("Sea", {"parents": ["Travel"]}, "a.txt:6"),
        ("Beach", {"parents": ["Sea"]}, "a.txt:7"),
    ]
    assert from_txt("Ada > Bo\nCy\n", "performer") == [
        ("Ada > Bo", {}, "a.txt:1"),
        ("Cy", {}, "a.txt:2"),
    ]


def test_indentation_that_is_not_clear_is_an_error() -> None:
    """Every such line is reported."""
    assert faults(from_txt, "A\n    B\n  C\n    \tD\n   E\n\tF\n\t  G\n  \tH\n") == [
        "a.txt:3:3: no line above begins at this column",
        "a.txt:5:4: no line above begins at this column",
        "a.txt:8:4: tabs and spaces are mixed here",
    ]
    assert faults(from_txt, "\n") == ["a.txt:1:1: there is no name in this file"]
    assert faults(from_txt, "Ada\n  Bo\n", "performer") == ["a.txt:2:3: a performer has no parents"]
