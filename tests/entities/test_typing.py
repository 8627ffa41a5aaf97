"""The library's types hold for those who use them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).with_name("sample_program.py")
MISTAKES = Path(__file__).with_name("sample_mistakes.py")


def complaints(program: Path) -> str:
    """Return what mypy says of a program, in its strict mode."""
    pytest.importorskip("mypy")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", str(program)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode in (0, 1), checked.stderr
    return checked.stdout


def test_a_sample_program_passes_mypy_strict() -> None:
    """Fields have their static types; `is_set`, `is UNSET` and `is None` narrow them."""
    assert complaints(SAMPLE).startswith("Success")


def test_mypy_sees_what_is_wrong() -> None:
    """Each line that is marked as a mistake, and no other: nothing has become Any on the way."""
    lines = MISTAKES.read_text("utf-8").splitlines()
    marked = {number for number, line in enumerate(lines, 1) if "# mistake:" in line}
    said = complaints(MISTAKES)
    found = {int(one) for one in re.findall(r"^[^\n]*\.py:(\d+): error", said, re.MULTILINE)}
    assert found == marked, said
