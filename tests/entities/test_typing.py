"""The library's types hold for those who use them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).with_name("sample_program.py")
MISTAKES = Path(__file__).with_name("sample_mistakes.py")


def test_mypy_strict_takes_a_sample_program_and_finds_the_mistakes_of_another() -> None:
    """Fields have their static types, which `is_set`, `is UNSET` and `is None` narrow.

    Each line that is marked as a mistake is one, and no other: nothing has become Any on the way.
    """
    pytest.importorskip("mypy")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent",
         str(SAMPLE), str(MISTAKES)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode in (0, 1), checked.stderr
    marked = {
        (MISTAKES.name, number)
        for number, line in enumerate(MISTAKES.read_text("utf-8").splitlines(), 1)
        if "# mistake:" in line
    }
    errors = re.findall(r"^(?:.*[/\\])?(\w+\.py):(\d+): error", checked.stdout, re.MULTILINE)
    assert {(file, int(line)) for file, line in errors} == marked, checked.stdout
