"""docs/how-it-flows.md names functions that exist, and the walk of a tag calls each of them."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from types import FrameType, FunctionType
from typing import Any

import pytest

from stashsync.applier.outcomes import Report
from stashsync.planner import saved
from stashsync.render.report import report_text
from stashsync.sandbox import Sandbox
from tests.support.projects import write_project
from tests.support.servers import assert_complete, carry_out, plan_for

PAGE = Path(__file__).parents[1] / "docs" / "how-it-flows.md"
TAG_WALK = "One tag from YAML to report"
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


def test_a_tag_goes_the_way_that_the_page_describes(tmp_path: Path) -> None:
    """Every function in the section about it is called."""
    called: set[tuple[str, str]] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.add((frame.f_globals.get("__name__", ""), frame.f_code.co_qualname))

    sys.setprofile(note)
    try:
        applied(tmp_path)
    finally:
        sys.setprofile(None)
    walk = [resolve(name) for name in names(TAG_WALK)]
    functions = [one.__init__ if isinstance(one, type) else one for one in walk]
    assert len(functions) > 15
    for function in functions:
        assert isinstance(function, FunctionType)
        assert (function.__module__, function.__qualname__) in called, function
