"""The pages for script writers under type checkers: their examples pass, in strict mode."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.client.pages import PAGES, WITHOUT_EXAMPLES, modules

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the examples of all pages as modules into a folder."""
    folder = tmp_path_factory.mktemp("scripts")
    written = 0
    for page in PAGES:
        for name, text in modules(page):
            (folder / f"{name}.py").write_text(text, encoding="utf-8")
            written += 1
    assert written > len(PAGES) - len(WITHOUT_EXAMPLES)
    return folder


def test_mypy_strict_takes_every_example(scripts: Path) -> None:
    """Loaded relations need no question first; filters and inputs are typed dicts."""
    pytest.importorskip("mypy")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", str(scripts)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_pyright_strict_takes_every_example(scripts: Path) -> None:
    """`_received_fields` is public to scripts despite its underscore."""
    pytest.importorskip("basedpyright")
    settings = {"typeCheckingMode": "strict", "reportPrivateUsage": False,
                "pythonVersion": "3.11"}  # fmt: skip
    (scripts / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    checked = subprocess.run(
        [sys.executable, "-m", "basedpyright", "-p", str(scripts), "--pythonpath", sys.executable],
        cwd=scripts, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
