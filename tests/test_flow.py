"""docs/how-it-flows.md names functions that exist, and the walk of a tag calls each of them."""

from __future__ import annotations

import asyncio
import importlib
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, FunctionType
from typing import Any

import pytest

from stashsync.applier.outcomes import Report
from stashsync.entities import Scene, Tag
from stashsync.planner import saved
from stashsync.render.report import report_text
from stashsync.sandbox import Sandbox
from tests.support.projects import write_project
from tests.support.servers import assert_complete, carry_out, client_of, plan_for

PAGE = Path(__file__).parents[1] / "docs" / "how-it-flows.md"
_NAME = re.compile(r"`((?:[a-z_]+\.)+[A-Za-z_]+(?:\.[a-z_]+)?)`")
_FILES = (".py", ".pyi", ".toml", ".yaml", ".json")


def names(section: str = "") -> list[str]:
    """Find the dotted names in a section of the page, or in all of it."""
    text = PAGE.read_text(encoding="utf-8")
    if section:
        text = text.partition(f"## {section}\n")[2].partition("\n## ")[0]
    found = [name for name in _NAME.findall(text) if not name.endswith(_FILES)]
    return list(dict.fromkeys(found))


def resolve(name: str) -> Any:
    """Import what a name stands for: its longest part that is a module, then attributes."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(["stashsync", *parts[:count]]))
        except ModuleNotFoundError:
            continue
        for part in parts[count:]:
            found = getattr(found, part)
        return found
    raise LookupError(name)


@pytest.mark.parametrize("name", names())
def test_what_the_page_names_exists(name: str) -> None:
    """A function that moves takes its name on the page along."""
    assert resolve(name) is not None


def applied(root: Path) -> Report:
    """Apply a manifest with one tag, from its text to its report."""
    write_project(root, {"tags": [{"name": "Wide shot", "description": "seen from afar"}]})
    with Sandbox() as server:
        plan = plan_for(root, server)
        report = carry_out(saved.load(saved.dump(plan)), server, root)
    assert_complete(report)
    assert "1 added" in report_text(report)
    return report


def edited() -> None:
    """Append a tag to a scene and save that."""

    async def edit() -> None:
        with Sandbox() as server:
            async with client_of(server) as client:
                tag = await client.create_tag(Tag(name="Wide shot"))
                scene = await client.create_scene(Scene(title="Harbour", tags=[]))
                scene.tags.append(tag)
                await scene.save(client)
                assert not scene.is_dirty()

    asyncio.run(edit())


@contextmanager
def calls() -> Iterator[set[tuple[str, str]]]:
    """Collect module and name of every function that is called inside."""
    called: set[tuple[str, str]] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.add((frame.f_globals.get("__name__", ""), frame.f_code.co_qualname))

    sys.setprofile(note)
    try:
        yield called
    finally:
        sys.setprofile(None)


@pytest.mark.parametrize(
    ("section", "walk"),
    [
        ("One tag from YAML to report", applied),
        ("One edit from `append` to saved", lambda _: edited()),
    ],
    ids=["tag", "edit"],
)
def test_a_walk_goes_the_way_that_the_page_describes(
    section: str, walk: Callable[[Path], object], tmp_path: Path
) -> None:
    """Every function in the section about it is called."""
    with calls() as called:
        walk(tmp_path)
    found = [resolve(name) for name in names(section)]
    functions = [value.__init__ if isinstance(value, type) else value for value in found]
    assert len(functions) > 8
    for function in functions:
        assert isinstance(function, FunctionType)
        assert (function.__module__, function.__qualname__) in called, function
