"""Laws that hold for all manifests."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from stashsync.errors import ManifestError, Problem
from stashsync.manifest import Desired, load
from tests.manifest.support import write_project

NAMES = st.sampled_from(
    [
        "no",
        "~",
        "007",
        "12:30",
        "a: b",
        "- x",
        "[x]",
        "*x",
        "'",
        '"',
        "\\",
        "é",
        "é",
        "👩\u200d💻",
        "x\ny",
        "\x1b[31m",
        "200%",
        "q_r",
        "# x",
        "<<",
        "Camera",
        "Drone",
        "Lens",
        "Travel",
    ]
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "description": st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]))),
        "favorite": st.booleans(),
        "stash_ids": st.dictionaries(st.just("https://x.example"), st.sampled_from(["1", "b"])),
    },
)
ABSENT = st.just({"state": "absent"})
TAGS = st.dictionaries(NAMES, FIELDS | ABSENT, min_size=1).map(
    lambda tags: {
        name: {**fields, "merge": [f"former {name}"]} if fields.get("favorite") else fields
        for name, fields in tags.items()
    }
)


def content(desired: Desired) -> Any:
    """Return the fields of all resources, without their places in the files."""
    return [
        (
            item.kind,
            item.key,
            item.values,
            item.id,
            item.renamed_from,
            item.keep_old_name,
            item.merge,
            item.absent,
        )
        for item in desired.state
    ]


def written(items: list[dict[str, Any]]) -> bytes:
    """Return items as YAML.

    JSON is YAML, except for some characters that JSON leaves raw and YAML forbids.
    """
    text = orjson.dumps({"tags": items}).decode()
    return "".join(
        f"\\u{ord(char):04x}" if 0x7F <= ord(char) <= 0xA0 or char in "\u2028\u2029\ufffe\uffff"
        else char
        for char in text
    ).encode()  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(tags=TAGS, seed=st.integers(0, 2**32), pieces=st.integers(1, 4))
def test_order_of_files_documents_and_items_changes_nothing(
    tags: dict[str, dict[str, Any]], seed: int, pieces: int
) -> None:
    """Users may spread a library over files and documents as they like."""
    chance = random.Random(seed)
    items = [{"name": name, **fields} for name, fields in tags.items()]
    with tempfile.TemporaryDirectory() as folder:
        whole = load(write_project(Path(folder, "one"), {"a.yaml": written(items)}))
        chance.shuffle(items)
        heaps: list[list[dict[str, Any]]] = [[] for _ in range(pieces)]
        for item in items:
            pairs = list(item.items())
            chance.shuffle(pairs)
            chance.choice(heaps).append(dict(pairs))
        names = [f"{chance.randrange(100)}/{number}.yaml" for number in range(pieces)]
        files = {name: written(heap) for name, heap in zip(names, heaps, strict=True)}
        several = load(write_project(Path(folder, "several"), files))
        joined = b"\n---\n".join(written(heap) for heap in heaps)
        documents = load(write_project(Path(folder, "documents"), {"a.yaml": joined}))
        assert content(whole) == content(several) == content(documents)


@settings(max_examples=60, deadline=None)
@given(tags=TAGS)
def test_texts_in_quotes_arrive_as_they_are(tags: dict[str, dict[str, Any]]) -> None:
    """Quoted texts are never taken for other types, and only trimmed, as the server trims them."""
    items = [{"name": name, **fields} for name, fields in tags.items()]
    with tempfile.TemporaryDirectory() as folder:
        state = load(write_project(Path(folder), {"a.yaml": written(items)})).state
    assert {item.name for item in state} == set(tags)
    for item in state:
        if "description" in item.values:
            text = item.values["description"] or ""
            assert text in (tags[item.name]["description"] or "")


@settings(max_examples=300, deadline=None)
@given(
    data=st.one_of(
        st.binary(max_size=60),
        st.text(st.sampled_from("tags:- []{}&*!|>'\"%@`#,?\n\t ~a<\u2028"), max_size=60).map(
            lambda text: b"tags:\n  - " + text.encode()
        ),
    )
)
def test_no_text_whatever_makes_anything_but_a_state_or_problems(data: bytes) -> None:
    """For any bytes `load` returns a state or raises ManifestError with places."""
    with tempfile.TemporaryDirectory() as folder:
        root = write_project(Path(folder), {"a.yaml": data})
        problems: list[Problem] = []
        try:
            assert len(load(root).state)
        except ManifestError as error:
            problems += error.problems
    assert all(problem.mark is not None for problem in problems)
