"""The guide for script writers: every example runs, and prints what stands below it."""

from __future__ import annotations

import ast
import asyncio
import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from stashsync.client import StashClient
from stashsync.sandbox import MediaFile, Sandbox
from tests.client.test_names import CLIENT, ENTITY, KINDS, STORE
from tests.support.http import http_answered_by
from tests.support.servers import transport_to

FOLDER = Path(__file__).parents[2] / "docs" / "client"
GENERATED = {"reference.md", "fields.md"}
RUN_BY_STASH = {"plugins.md"}
"""tests/client/test_plugins.py starts what it has."""
PAGES = sorted(item for item in FOLDER.glob("*.md") if item.name not in GENERATED | RUN_BY_STASH)
WITHOUT_EXAMPLES = {"migrating.md"}

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CONNECTING = re.compile(r"StashContext\(.*\) as client:", re.MULTILINE)


class Example(NamedTuple):
    """A block of Python, the line where it stands, and what is written below it as its output."""

    code: str
    line: int
    output: str


def examples(page: Path) -> Iterator[Example]:
    """All of a page, in order."""
    text = page.read_text("utf-8")
    found = list(_FENCE.finditer(text))
    for item, following in zip_longest(found, found[1:]):
        if item[1] == "python":
            below = following[2] if following is not None and following[1] == "text" else ""
            yield Example(item[2], text.count("\n", 0, item.start()) + 2, below)


async def run(example: Example, page: Path, names: dict[str, Any]) -> str:
    """Return what it prints."""
    out: list[str] = []
    names["print"] = lambda *some: out.append(" ".join(map(str, some)))
    code = "\n" * (example.line - 1) + example.code  # so that tracebacks show the page's lines
    done = eval(compile(code, str(page), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), names)
    if done is not None:
        await done
    return "".join(f"{item}\n" for item in out)


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_every_example_of_a_page_runs_and_prints_what_it_shows(page: Path) -> None:
    """In its order, on one sandbox, which also answers the examples that connect."""
    sandbox = Sandbox()
    sandbox.media.append(MediaFile("/media/videos/harbour.mp4"))

    async def story() -> None:
        names: dict[str, Any] = {}
        transport = transport_to(sandbox)
        async with StashClient(transport) as client:
            with http_answered_by(transport):
                for example in examples(page):
                    if not _CONNECTING.search(example.code):
                        names = {"store": client.store, **names, "client": client}
                    assert await run(example, page, names) == example.output, f"line {example.line}"

    with sandbox:
        asyncio.run(story())


def test_the_pages_have_examples_and_show_what_they_print() -> None:
    """The test above is not empty, and no output stands below anything but an example."""
    for page in PAGES:
        shown = [name for name, _ in _FENCE.findall(page.read_text("utf-8"))]
        assert ("python" in shown) == (page.name not in WITHOUT_EXAMPLES), page
        for before, name in zip(["", *shown], shown, strict=False):
            assert name != "text" or before == "python", page


def test_every_call_is_shown_or_named() -> None:
    """The store's, the objects' and the client's: of those that kinds share, one kind does."""
    pages = [page for page in PAGES if page.name not in WITHOUT_EXAMPLES]
    text = "\n".join(page.read_text("utf-8") for page in pages)
    run = {
        node.attr
        for page in pages
        for example in examples(page)
        for node in ast.walk(ast.parse(example.code))
        if isinstance(node, ast.Attribute)
    }
    assert {name_of(item) for item in STORE} - run == set()
    calls = {name_of(item) for item in [*ENTITY, *CLIENT]}
    assert {call for call in calls if not re.search(pattern(call), text)} == set()


def name_of(call: str) -> str:
    """`find` of `find(entity_type, **filters)`."""
    return call.partition("(")[0]


def pattern(name: str) -> str:
    """`find_scenes` is spoken of where `find_tags` is, or `find_…s`."""
    kinds = {**KINDS, "saved_filter": "saved_filters"}
    for items in (list(kinds.values()), list(kinds)):
        for kind in sorted(items, key=len, reverse=True):
            start, found, end = name.partition(kind)
            if found:
                return rf"\b{start}(?:{'|'.join(items)}|…s?){end}"
    return rf"\b{name}\b"


def test_the_guide_leads_to_every_page() -> None:
    """guide.md names all of them."""
    guide = (FOLDER / "guide.md").read_text("utf-8")
    for page in FOLDER.glob("*.md"):
        assert page.name == "guide.md" or f"({page.name})" in guide
