"""`fmt` gives manifests one style without changing what they mean, and keeps every comment."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stashsync.manifest import load
from stashsync.manifest.events import BOM
from stashsync.pull.formatting import format_project
from stashsync.pull.writing.style import formatted

CASES = Path(__file__).parent.parent / "cases"
PROJECTS = sorted(path.parent for path in CASES.glob("*/manifests"))

UGLY = """\
# top
tags:   
# at zero
- name:   "Wide shot"   # c
  aliases: [ Long,Far , "x, z" ]
  # own
  description: |
     two
      # not a comment
     three
  children:
      # deep
      -   name: 'It''s'
          favorite:   true
          # tail
      - {name: "A b",  description: "1" }
  # tail of wide
- "B"


studios:
    - name: &x X
      stash_ids:
            "https://a/b":   "123"
      urls:
      - "https://x"
      - plain"""  # noqa: W291

CANONICAL = """\
# top
tags:
  # at zero
  - name: Wide shot   # c
    aliases: [Long, Far, 'x, z']
    # own
    description: |
       two
        # not a comment
       three
    children:
      # deep
      - name: It's
        favorite: true
        # tail
      - {name: A b, description: '1'}
    # tail of wide
  - B


studios:
  - name: &x X
    stash_ids:
      https://a/b: '123'
    urls:
      - https://x
      - plain
"""


def test_the_style_is_canonical() -> None:
    """Indentation, quotes and spaces are set; comments, order and blank lines stay."""
    assert formatted(UGLY) == CANONICAL
    assert formatted(CANONICAL) == CANONICAL


def test_line_ends_stay() -> None:
    """A file with Windows line ends keeps them."""
    assert formatted(UGLY.replace("\n", "\r\n")) == CANONICAL.replace("\n", "\r\n")


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_every_story_means_the_same_in_canonical_style(project: Path) -> None:
    """`fmt` keeps the comments of every case, and formatting twice changes nothing more."""
    for path in (project / "manifests").rglob("*.y*ml"):
        text = path.read_bytes().removeprefix(BOM).decode()
        new = formatted(text)
        assert formatted(new) == new
        assert re.findall(r"#.*\S", new) == re.findall(r"#.*\S", text)


def test_a_project_is_formatted_file_by_file(tmp_path: Path) -> None:
    """Only the files that change are returned, and the desired state stays the same."""
    folder = tmp_path / "manifests"
    folder.mkdir()
    (folder / "a.yaml").write_bytes(BOM + UGLY.encode())
    (folder / "b.yaml").write_text("performers:\n  - Ada\n")
    desired = load(tmp_path)
    found = format_project(tmp_path, "manifests", desired)
    assert found.files == {"manifests/a.yaml": BOM + CANONICAL.encode()}
    assert found.left == []
    after = load(tmp_path, instead=found.files)
    assert [(item.key, item.values) for item in after.state] == [
        (item.key, item.values) for item in desired.state
    ]


@pytest.mark.parametrize("text", ["? tags\n: - x\n  -   y\n", "tags: !!seq\n  -   x\n"])
def test_what_cannot_be_formatted_is_left(text: str, tmp_path: Path) -> None:
    """A file that cannot be formatted is listed as left, and the others are formatted."""
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "odd.yaml").write_text(text)
    (tmp_path / "manifests" / "plain.yaml").write_text("tags:\n-   z\n")
    found = format_project(tmp_path, "manifests", load(tmp_path))
    assert found.files.keys() | {*found.left} >= {"manifests/plain.yaml"}
    assert found.files["manifests/plain.yaml"] == b"tags:\n  - z\n"
    assert load(tmp_path, instead=found.files)


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("{studios:   , tags:  [ Base ]}", "{studios: , tags: [Base]}"),
        ("{tags:  [Base],  studios}", "{tags: [Base], studios}"),
        ("{? tags : [Base],  ? studios  }", "{? tags : [Base], ? studios : }"),
    ],
)
def test_what_has_no_value_in_braces_stays_so(text: str, new: str) -> None:
    """A colon without a value keeps a space: without one it would be a part of the key."""
    assert formatted(text) == formatted(new) == f"{new}\n"
