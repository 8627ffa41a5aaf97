"""The static types of the library, as users' type checkers see them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).with_name("sample_program.py")
MISTAKES = Path(__file__).with_name("sample_mistakes.py")


def marked() -> set[tuple[str, int]]:
    """Return the lines of the sample that are marked as mistakes."""
    return {
        (MISTAKES.name, number)
        for number, line in enumerate(MISTAKES.read_text("utf-8").splitlines(), 1)
        if "# mistake:" in line
    }


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
    errors = re.findall(r"^(?:.*[/\\])?(\w+\.py):(\d+): error", checked.stdout, re.MULTILINE)
    assert {(file, int(line)) for file, line in errors} == marked(), checked.stdout


def test_pyright_strict_takes_the_one_and_finds_the_mistakes_of_the_other(tmp_path: Path) -> None:
    """As an editor checks it, with the package installed."""
    pytest.importorskip("basedpyright")
    for sample in (SAMPLE, MISTAKES):
        shutil.copy(sample, tmp_path)
    # what is wrong is of unknown type, and is reported once more for that
    settings = dict.fromkeys(("reportPrivateUsage", "reportUnusedExpression"), False)
    settings |= {f"reportUnknown{what}Type": False for what in ("Member", "Argument", "Variable")}
    (tmp_path / "pyrightconfig.json").write_text(
        json.dumps({"typeCheckingMode": "strict", "pythonVersion": "3.11", **settings})
    )
    checked = subprocess.run(
        [sys.executable, "-m", "basedpyright", "--outputjson", "--pythonpath", sys.executable],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = json.loads(checked.stdout)["generalDiagnostics"]
    errors = {(Path(error["file"]).name, error["range"]["start"]["line"] + 1) for error in found}
    assert errors == marked(), "\n".join(f"{error['file']} {error['message']}" for error in found)
