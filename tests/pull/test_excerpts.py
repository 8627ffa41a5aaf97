"""A long file is parsed as an excerpt of the items in question; the rest is put back unchanged."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from stashsync.kinds import Key
from stashsync.manifest import load
from stashsync.pull.excerpts import LONG, Excerpt, Topic
from stashsync.pull.writing.outline import ItemNode, Outline
from stashsync.state import State


def _state(root: Path, text: str) -> State:
    (root / "manifests").mkdir(exist_ok=True)
    (root / "manifests" / "tags.yaml").write_bytes(text.encode())
    return load(root).state


def _text(newline: str = "\n") -> str:
    lines = ["# head", "tags:"]
    for number in range(LONG):
        lines += [f"  # above {number}", f"  - name: Tag {number:04}  # on {number}"]
        lines += ["    description: |-", "      - name: no item", "", f"      {number}"]
    lines += ["  # the end of the list", "performers:", "  - Ada", "  - Ben", "  - Cleo", ""]
    return newline.join(lines)


FILE = "manifests/tags.yaml"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_is_left_out_is_put_back(tmp_path: Path, newline: str) -> None:
    """An item in question is at its line of the excerpt; edits end up in the whole text."""
    text = _text(newline)
    state = _state(tmp_path, text)
    wanted = next(item for item in state.of("tag") if item.name == "Tag 0077")
    excerpt = Excerpt(text, Topic({FILE: [wanted.line - 1]}), FILE, state)
    assert len(excerpt.text) < len(text) / 20
    item = Outline(excerpt.text).at[excerpt.line(wanted.line - 1), wanted.column - 1]
    assert item.name == "Tag 0077"
    assert "# above 77" in excerpt.text
    assert excerpt.restored(excerpt.text) == text
    changed = excerpt.text.replace("Tag 0077", "Tag 0077 new")
    assert excerpt.restored(changed) == text.replace("Tag 0077", "Tag 0077 new")


def test_names_are_found_wherever_they_are(tmp_path: Path) -> None:
    """An excerpt has the items that a name occurs in.

    A name without a letter or digit of ASCII could be anywhere, so the excerpt is then the whole
    text.
    """
    text = _text()
    state = _state(tmp_path, text)
    assert "name: Tag 0007 " in Excerpt(text, Topic(names=["tag 0007"]), FILE, state).text
    assert "name: Tag 0007 " not in Excerpt(text, Topic(names=["tag 0008"]), FILE, state).text
    assert Excerpt(text, Topic(names=["é"]), FILE, state).text == text


def test_an_excerpt_that_lost_a_stub_is_refused(tmp_path: Path) -> None:
    """The items that the stub stands for would be lost from the file."""
    text = _text()
    excerpt = Excerpt(text, Topic(), FILE, _state(tmp_path, text))
    with pytest.raises(ValueError, match=r".*"):
        excerpt.restored(excerpt.text.replace("…0", "x"))


ODD = [
    '  - name: Quoted {0}\n    description: "a\n  - name: b\n\n  # c\n  low"\n',
    "  - name: Braces {0}\n    aliases: [\n  a {0},\n  # c\n  b {0}]\n",
    "  - &a{0}\n    name: Anchor {0}\n    description: x\n",
    "  -\n    name: A {0}\n    children:\n      - In {0} a\n      - In {0} b\n      - In {0} c\n",
    "  # above\n\n  - name: Plain {0}\n    # within\n\n    # below\n",
    "  - name: P {0}\n    children:\n    - C {0} a\n    - name: C {0} b\n    - C {0} c\n",
    "  - ? name\n    : Asked {0}\n    ? aliases\n    : - Asked alias {0}\n",
    "  - Bare {0}\n",
    "---\ntags:\n  - Next {0}\n",
    "---\nstudios:\n    - Studio {0}\n    - name: Other {0}\n---\ntags:\n  - Back {0}\n",
]


@pytest.mark.parametrize("seed", range(20))
def test_what_stays_reads_as_in_the_whole_text(tmp_path: Path, seed: int) -> None:
    """Each item in an excerpt has the same text, key and parents as in the whole file.

    Unusual layouts around it make no difference.
    """
    random = Random(seed)
    parts = [random.choice(ODD).format(number) for number in range(LONG)]
    text = "tags:\n" + "".join(parts) + "  - Z\n"
    state = _state(tmp_path, text)
    items = list(state)
    chosen = random.sample(items, 5)
    topic = Topic(trees={FILE: [item.line - 1 for item in chosen]})
    excerpt = Excerpt(text, topic, FILE, state)
    assert excerpt.restored(excerpt.text) == text
    whole, short = Outline(text), Outline(excerpt.text)
    for item in chosen:
        there = whole.at[item.line - 1, item.column - 1]
        here = short.at[excerpt.line(item.line - 1), item.column - 1]
        assert here.key == there.key
        assert (
            text[there.node.start : there.node.end]
            == (excerpt.text[here.node.start : here.node.end])
        )
        assert _around(here) == _around(there)


def _around(item: ItemNode) -> list[Key]:
    return [] if item.parent is None else [item.parent.key, *_around(item.parent)]
