"""The guide for script writers: every example runs, and prints what stands below it."""

from __future__ import annotations

import ast
import asyncio
import re
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from stashsync.client import StashClient
from stashsync.sandbox import MediaFile, Sandbox
from tests.client.pages import (
    FENCE,
    FOLDER,
    PAGES,
    RUN_BY_STASH,
    WITHOUT_EXAMPLES,
    Example,
    examples,
)
from tests.client.test_names import CLIENT, ENTITY, KINDS, STORE
from tests.support.http import http_answered_by
from tests.support.servers import transport_to

RUN = [page for page in PAGES if page.name not in RUN_BY_STASH]
_CONNECTING = re.compile(r"StashContext\(.*\) as client:", re.MULTILINE)


def printing_to(names: dict[str, Any]) -> list[str]:
    """Replace `print` in `names`; return the list that it writes to."""
    out: list[str] = []
    names["print"] = lambda *values: out.append(" ".join(map(str, values)) + "\n")
    return out


def compiled(example: Example, page: Path) -> CodeType:
    """Return the code of an example; in a traceback it has the page's lines."""
    code = "\n" * (example.line - 1) + example.code
    return compile(code, str(page), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def run(example: Example, page: Path, names: dict[str, Any], runner: asyncio.Runner) -> str:
    """Return what it prints; scripts have an event loop and names of their own."""
    names = {} if example.is_script else names
    out = printing_to(names)
    done = eval(compiled(example, page), names)
    if done is not None:
        runner.run(done)
    return "".join(out)


@pytest.mark.parametrize("page", RUN, ids=[page.stem for page in RUN])
def test_every_example_of_a_page_runs_and_prints_what_it_shows(page: Path) -> None:
    """In its order, on one sandbox, which also answers the examples that connect."""
    sandbox = Sandbox()
    sandbox.media.append(MediaFile("/media/videos/harbour.mp4"))
    transport = transport_to(sandbox)
    client = StashClient(transport)
    names: dict[str, Any] = {}
    with sandbox, asyncio.Runner() as runner, http_answered_by(transport):
        for example in examples(page):
            if not _CONNECTING.search(example.code):
                names = {"store": client.store, **names, "client": client}
            assert run(example, page, names, runner) == example.output, f"line {example.line}"
        runner.run(transport.aclose())


def test_the_examples_of_the_guide_are_whole_scripts() -> None:
    """A user can copy one and run it."""
    assert all(example.is_script for example in examples(FOLDER / "guide.md"))


def test_the_pages_have_examples_and_show_what_they_print() -> None:
    """The test above is not empty, and no output stands below anything but an example."""
    for page in PAGES:
        shown = [name for name, _ in FENCE.findall(page.read_text("utf-8"))]
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
    """Return `name` with its kind left open: a page that has `find_tags` covers `find_scenes`."""
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
