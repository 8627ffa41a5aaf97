"""Cases of plans: each folder of `cases/` has a saved plan and its expected text."""

from __future__ import annotations

from pathlib import Path

import pytest

from stashsync.planner import saved
from stashsync.planner.plan import Plan
from stashsync.render.style import COLOUR
from stashsync.render.text import Detail, Purpose, plan_text

CASES = Path(__file__).parent / "cases"
DETAILS = {"expected.txt": Detail.NORMAL, "concise.txt": Detail.CONCISE, "full.txt": Detail.FULL}
STORIES = sorted(folder.name for folder in CASES.iterdir())


def load(story: str) -> Plan:
    """Return the saved plan of a case."""
    return saved.load((CASES / story / "plan.json").read_bytes())


@pytest.mark.parametrize("story", STORIES)
def test_a_plan_is_shown_as_expected(story: str) -> None:
    """The text of a plan is an interface, so it changes only together with a case."""
    plan = load(story)
    for name, detail in DETAILS.items():
        file = CASES / story / name
        if file.exists():
            assert plan_text(plan, detail=detail) == file.read_text("utf-8"), name


@pytest.mark.parametrize("story", STORIES)
def test_colour_adds_nothing_but_colour(story: str) -> None:
    """Without escape sequences coloured text equals the plain text; each line ends uncoloured."""
    plan = load(story)
    coloured = plan_text(plan, style=COLOUR)
    assert "\x1b[" in coloured
    stripped = coloured
    for sequence in COLOUR:
        stripped = stripped.replace(sequence, "")
    assert stripped == plan_text(plan)
    for line in coloured.splitlines():
        assert line.count("\x1b[0m") >= ("\x1b[" in line)


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("detail", list(Detail))
def test_nothing_foreign_touches_the_terminal(story: str, detail: Detail) -> None:
    """Plain text has only line ends, printable characters, and joiners inside of emoji."""
    text = plan_text(load(story), detail=detail)
    assert all(char.isprintable() or char in "\n\u200d" for char in text)
    assert not any(line.lstrip().startswith("::") for line in text.split("\n"))
    assert "##[" not in text


def test_drift_announces_no_actions() -> None:
    """`drift` shows differences; only `plan` and `apply` announce actions to be performed."""
    text = plan_text(load("create-update-rename"), purpose=Purpose.DRIFT)
    assert "will perform" not in text
    assert Purpose.DRIFT.value in text
