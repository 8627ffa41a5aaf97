"""The page of capabilities is complete and up to date."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.support.docs_tools import tool

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "client-checklist.md"
ROWS = {"A": 9, "B": 10, "C": 25, "D": 26, "E": 10, "F": 5, "G": 3, "H": 3}
"""How many capabilities each part of the checklist has."""


def test_the_page_is_fresh() -> None:
    """`docs/make_checklist.py` would change nothing."""
    done = subprocess.run(
        [sys.executable, str(DOCS / "make_checklist.py"), "--check"],
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_capability_and_every_fault_has_a_test() -> None:
    """No row is without."""
    page = PAGE.read_text("utf-8")
    assert "| none |" not in page
    assert len(re.findall(r"^\| [A-H]\d+ \|", page, re.MULTILINE)) == sum(ROWS.values())
    faults = re.findall(r"^\| (\d+)(?: [a-z]\w+[\w ]*)? \|", page, re.MULTILINE)
    assert sorted(set(faults), key=int) == [str(n) for n in range(1, 14)]


def test_marks_name_rows_and_faults_that_there_are() -> None:
    """A mistyped mark would prove nothing."""
    checklist = tool("make_checklist")
    rows = {row for part in checklist.ROWS.values() for row in part}
    for place, its_rows, its_faults in checklist.tests():
        assert its_rows <= rows, place
        assert its_faults <= set(checklist.FAULTS), place


def test_the_rows_are_those_of_the_checklist() -> None:
    """No row is missing, and no row was added."""
    expected = [f"{part}{number + 1}" for part, count in ROWS.items() for number in range(count)]
    assert re.findall(r"^\| ([A-H]\d+) \|", PAGE.read_text("utf-8"), re.MULTILINE) == expected
