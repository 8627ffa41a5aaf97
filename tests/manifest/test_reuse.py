"""A load takes over what the one before it parsed, where the text is the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stashsync.errors import ManifestError
from stashsync.manifest import Desired, load
from stashsync.manifest.reuse import Shortened
from stashsync.state import State

TEXT = """\
tags:
  - name: First
    children:
      - One
      - name: Two
        parents: [Other]
        children:
          - Within
      - Three
      - Four
  - Other
  - name: Last
    merge: [Old]
studios: [North]
"""
PEOPLE = "performers:\n  - {name: Ada, tags: [Two]}\n"
CHANGED = TEXT.replace("- One\n", "- One\n      - New\n").replace("First", "Begin")
SHORT = CHANGED.replace(
    "      - name: Two\n        parents: [Other]\n        children:\n          - Within\n"
    "      - Three\n",
    "      - '…'\n",
)
RUNS = {"…": range(4, 9)}
"""The lines of `TEXT` that the stub stands for."""


def content(state: State) -> Iterator[tuple[object, ...]]:
    """Yield everything that is known of each object."""
    for item in state:
        yield item.kind, item.key, item.values, item.file, item.line, item.column, item.merge


@pytest.fixture
def before(tmp_path: Path) -> Desired:
    """Load the project as it is."""
    folder = tmp_path / "manifests"
    folder.mkdir()
    (folder / "tags.yaml").write_text(TEXT)
    (folder / "people.yaml").write_text(PEOPLE)
    return load(tmp_path)


def again(root: Path, before: Desired, text: str, short: str = SHORT) -> Desired:
    """Load the project with another text of the tags, of which a shorter one is known too."""
    name = "manifests/tags.yaml"
    return load(
        root,
        instead={name: text.encode()},
        parsed=before.parsed,
        shortened={name: Shortened(short.encode(), RUNS)},
    )


def test_what_is_taken_over_reads_as_if_it_was_parsed(tmp_path: Path, before: Desired) -> None:
    """Nested items, those around them under their new names, and the places of all."""
    found = again(tmp_path, before, CHANGED).state
    (tmp_path / "manifests" / "tags.yaml").write_text(CHANGED)
    assert list(content(found)) == list(content(load(tmp_path).state))
    two = next(item for item in found.of("tag") if item.name == "Two")
    assert (two.values["parents"], two.line) == (["Begin", "Other"], 6)


def test_only_what_changed_is_parsed(tmp_path: Path, before: Desired) -> None:
    """What is left out is not looked at; nor is a file of which the digest is known."""
    found = again(tmp_path, before, CHANGED.replace("Within", "Never read")).state
    assert "Within" in [item.name for item in found.of("tag")]
    (tmp_path / "manifests" / "people.yaml").write_text(PEOPLE.replace("Ada", "Bo"))
    found = again(tmp_path, before, CHANGED).state
    assert [item.name for item in found.of("performer")] == ["Bo"]


def test_what_was_loaded_stays_as_it_was(tmp_path: Path, before: Desired) -> None:
    """Both states can be used, and the first may be taken over once more."""
    known = list(content(before.state))
    first = list(content(again(tmp_path, before, CHANGED).state))
    assert list(content(again(tmp_path, before, CHANGED).state)) == first
    assert list(content(before.state)) == known


@pytest.mark.parametrize(
    "short",
    [SHORT.replace("- '…'", "- One"), SHORT + "studios: [", SHORT + "unknown: []\n"],
)
def test_what_cannot_be_taken_over_is_parsed(tmp_path: Path, before: Desired, short: str) -> None:
    """Stubs that are not there, and texts with faults: these get their places from the whole."""
    found = again(tmp_path, before, CHANGED.replace("Within", "Read"), short).state
    assert "Read" in [item.name for item in found.of("tag")]


def test_faults_between_items_are_found(tmp_path: Path, before: Desired) -> None:
    """All that is declared is linked, whether it was taken over or not."""
    with pytest.raises(ManifestError) as caught:
        again(
            tmp_path,
            before,
            CHANGED.replace("merge: [Old]", "aliases: [Within]"),
            SHORT.replace("merge: [Old]", "aliases: [Within]"),
        )
    (problem,) = caught.value.problems
    assert problem.message == "the alias 'Within' is the name of another tag"
