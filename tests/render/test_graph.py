"""Hierarchies are drawn in five formats."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from stashsync.planner.changes import Create, Delete, FieldChange, Matched, Merge, Update
from stashsync.planner.plan import Plan
from stashsync.render.graph import FORMATS, Forest
from stashsync.render.graph.mermaid import EDGES, TEXT, fits
from stashsync.render.graph.model import (
    below,
    desired_forests,
    observed_forests,
    redacted,
    walk,
)
from stashsync.render.redact import Redactor
from stashsync.state import Resource, desired_state
from tests.render.plans import HOSTILE, mark


def tag(name: str, parents: list[str] | None = None, **more: object) -> Resource:
    """Return a tag for the manifests or the server."""
    values = {"name": name} if parents is None else {"name": name, "parents": parents}
    return Resource("tag", (name.lower(),), values, **more)  # type: ignore[arg-type]


DESIRED = desired_state(
    [
        tag("Camera", []),
        tag("Wide shot", ["camera"]),
        tag("Drone", ["Camera", "Travel"]),
        tag("Macro", ["Wide shot"]),
        tag("Gone", absent=True),
    ]
)
OBSERVED = desired_state(
    [
        tag("Camera", [], id="1"),
        tag("Wide angle", [], id="2"),
        tag("Old", ["1"], id="3"),
        tag("Bread", [], id="4"),
        tag("Breads", [], id="5"),
    ]
)
PLAN = Plan(
    changes=(
        Create("tag", "+1", "Macro", {"name": "Macro", "parents": ["2"]}, mark(1)),
        Update("tag", "2", "Wide angle", {"name": FieldChange("Wide angle", "Wide shot"),
               "parents": FieldChange([], ["1"])}, mark(2), Matched.RENAME),
        Delete("tag", "3", "Old"),
        Merge("tag", "4", "Bread", (("5", "Breads"),), mark(4)),
    )
)  # fmt: skip


def tree(forests: list[Forest]) -> list[str]:
    """Return forests drawn as lines of text."""
    return FORMATS["tree"](forests).splitlines()


def test_the_manifests_are_drawn_with_what_they_refer_to() -> None:
    """References match in any case; a tag with two parents is drawn below both."""
    assert tree(list(desired_forests(DESIRED))) == [
        "tags (5)",
        "├── Camera",
        "│   ├── Drone",
        "│   └── Wide shot",
        "│       └── Macro",
        "└── Travel",
        "    └── Drone",
    ]


def test_a_plan_marks_what_it_changes() -> None:
    """Manifests are drawn as they will be; the server as it is, with new objects in their place."""
    assert "│   └── ⤷ Wide shot (moved)" in tree(list(desired_forests(DESIRED, PLAN)))
    assert tree(list(observed_forests(OBSERVED, PLAN))) == [
        "tags (6)",
        "├── ~ Bread (changed)",
        "├── ⇒ Breads (merged)",
        "├── Camera",
        "│   └── - Old (destroyed)",
        "└── ⤷ Wide angle (moved)",
        "    └── + Macro (new)",
    ]


def test_what_is_below_an_object_is_drawn_once() -> None:
    """Drawing every path would take exponential time: here there are 2^40 paths."""
    forest = Forest("tag", {"0": "0"})
    for level in range(1, 41):
        for side in "ab":
            forest.names[f"{level}{side}"] = f"{level}{side}"
            above = ["0"] if level == 1 else [f"{level - 1}a", f"{level - 1}b"]
            forest.parents[f"{level}{side}"] = above
    rows = list(walk(forest))
    assert len(rows) == 1 + 2 + 39 * 4
    assert any(row.again for row in rows)


def test_a_deep_hierarchy_is_drawn() -> None:
    """Drawing does not recurse, so depth is not limited by the call stack."""
    forest = Forest("tag", {str(number): str(number) for number in range(3_000)})
    forest.parents = {str(number): [str(number - 1)] for number in range(1, 3_000)}
    assert max(row.depth for row in walk(forest)) == 2_999


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_draws_every_object(name: str) -> None:
    """Objects that are marked as removed or new are drawn, too."""
    text = FORMATS[name](list(observed_forests(OBSERVED, PLAN)))
    for word in ("Camera", "Wide angle", "Old", "Bread", "Breads", "Macro"):
        assert word in text


@pytest.mark.parametrize("name", FORMATS)
def test_foreign_text_is_a_label_and_nothing_else(name: str) -> None:
    """A name cannot end a string, an element or a line, nor start markup."""
    forest = Forest("tag", {"1": HOSTILE, "2": '"]; evil --> \\N {x}'}, {"2": ["1"]}, {"1": "+"})
    text = FORMATS[name]([forest])
    assert all(char.isprintable() or char == "\n" for char in text)
    assert "<img" not in text or name in ("tree", "dot")
    if name == "svg":
        labels = [
            element.text or ""
            for element in ET.fromstring(text).iter()
            if element.tag.endswith("}text")
        ]
        assert '"]; evil --> \\N {x}' in labels
    if name == "mermaid":
        for line in text.splitlines():
            assert not re.search(r'\["[^"]*[<>`"\\{}][^"]*"\]', line)
        assert "evil -->" not in text
    if name == "dot":
        assert '\\"]; evil --> \\\\N {x}"' in text


def test_pseudonyms_stand_in_for_names() -> None:
    """Redaction changes names, not the shape of the hierarchy."""
    (forest,) = observed_forests(OBSERVED)
    text = "\n".join(tree([redacted(forest, Redactor(b"key"))]))
    assert "Camera" not in text
    assert text.count("tag-") == 5


def test_an_empty_hierarchy_is_a_valid_file_in_every_format() -> None:
    """Only the text format is an empty file then."""
    assert FORMATS["tree"]([]) == ""
    assert ET.fromstring(FORMATS["svg"]([])).tag.endswith("svg")
    assert FORMATS["mermaid"]([]) == "flowchart LR\n"


def wide(count: int, branches: int) -> Forest:
    """Return a tree of one object with branches of equal size below it."""
    forest = Forest("tag", {str(number): f"Tag {number}" for number in range(count)})
    forest.parents = {
        str(number): [str(number % branches + 1) if number > branches else "0"]
        for number in range(1, count)
    }
    return forest


def test_a_large_picture_has_the_shape_of_a_page() -> None:
    """One long column cannot be printed; what is above the begin of a column is repeated."""
    text = FORMATS["svg"]([wide(2_000, 9)])
    drawn = ET.fromstring(text)
    assert 0.7 < float(drawn.attrib["width"]) / float(drawn.attrib["height"]) < 4
    assert text.count("continued") > 5
    texts = [element.text for element in drawn.iter() if element.tag.endswith("}text")]
    assert {f"Tag {number}" for number in range(2_000)} < {*texts}


def test_a_small_picture_has_one_column() -> None:
    """Nothing is repeated there."""
    assert "continued" not in FORMATS["svg"]([wide(31, 3)])


def test_mermaid_gets_no_chart_that_it_refuses() -> None:
    """Markdown has several charts then, which together have every edge, each once."""
    forest = wide(3_000, 11)
    assert not fits([forest])
    charts = FORMATS["mermaid"]([forest]).split("```mermaid\n")[1:]
    assert all(chart.count("-->") <= EDGES and len(chart) <= TEXT for chart in charts)
    assert sum(chart.count("-->") for chart in charts) == 2_999
    assert 6 <= len(charts) <= 8


def test_long_names_make_mermaid_s_charts_smaller() -> None:
    """A character that is no letter takes several in a label."""
    names = {str(number): "絵" * 100 for number in range(300)}
    forest = Forest("tag", names, {str(number): ["0"] for number in range(1, 300)})
    charts = FORMATS["mermaid"]([forest]).split("```mermaid\n")[1:]
    assert len(charts) > 1
    assert all(len(chart) <= TEXT for chart in charts)


def test_objects_alone_are_in_a_chart_too() -> None:
    """They have no edge to be drawn with."""
    forest = Forest("tag", {str(number): f"Tag {number}" for number in range(3_000)})
    text = FORMATS["mermaid"]([forest])
    assert all(f'"Tag {number}"' in text for number in range(3_000))


def test_a_subtree_is_drawn_alone() -> None:
    """Its top is found by name in any case; other parents of its objects are left out."""
    (forest,) = desired_forests(DESIRED)
    assert tree([below(forest, "CAMERA")]) == [
        "tags (4)",
        "└── Camera",
        "    ├── Drone",
        "    └── Wide shot",
        "        └── Macro",
    ]
    assert below(forest, "Nowhere").names == {}
