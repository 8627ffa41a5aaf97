"""The import contracts hold, and each of them would notice a violation."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

HOLES = {
    "A package knows only the packages below it": ("planner/order.py", "import stashsync.manifest"),
    "Wanting and deciding do not talk": ("state.py", "import stashsync.wire"),
    "The sandbox knows nothing of what it is there to test": (
        "sandbox/pages.py",
        "import stashsync.planner",
    ),
    "YAML has one door: manifest": ("cli/init.py", "import yaml"),
    "YAML is written in one package: pull": (
        "cli/fmt.py",
        "from stashsync.pull.writing.style import formatted",
    ),
    "DeepDiff has one door: fields": ("planner/diff.py", "from deepdiff import DeepDiff"),
    "HTTP has one door: wire": ("client/client.py", "import httpx"),
    "The GraphQL and web server have one door: sandbox": ("wire/read_only.py", "import graphql"),
    "The command line's library has one door: cli": ("render/text.py", "import click"),
    "Apprise has one door: sending": ("cli/notifying.py", "import apprise"),
    "Rich has one door: render": ("cli/output.py", "from rich.console import Console"),
}
"""For each rule a file and an import, hidden in a function, that breaks it."""

RUN = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint_imports(root: Path) -> dict[str, bool]:
    """Return whether the package below `root` keeps each rule."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, "--no-cache", "--config", str(ROOT / "pyproject.toml")],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    found = re.findall(r"^(.+?) (KEPT|BROKEN)(?: \(.*\))?$", done.stdout, re.MULTILINE)
    assert found, done.stdout + done.stderr
    kept = {name: word == "KEPT" for name, word in found}
    assert (done.returncode == 0) == all(kept.values())
    return kept


def test_every_package_imports_only_what_it_may() -> None:
    """The contracts in pyproject.toml; docs/how-it-flows.md shows them as a picture."""
    pytest.importorskip("importlinter")
    assert lint_imports(ROOT) == dict.fromkeys(HOLES, True)


def test_every_contract_notices_a_violation(tmp_path: Path) -> None:
    """An import inside of a function is enough to break the rule that forbids it."""
    pytest.importorskip("importlinter")
    shutil.copytree(
        ROOT / "stashsync", tmp_path / "stashsync", ignore=shutil.ignore_patterns("__pycache__")
    )
    for file, statement in HOLES.values():
        with (tmp_path / "stashsync" / file).open("a", encoding="utf-8") as stream:
            stream.write(f"\n\ndef _hole() -> None:\n    {statement}\n")
    assert lint_imports(tmp_path) == dict.fromkeys(HOLES, False)


def third_party(folder: Path) -> Iterator[str]:
    """Return the top-level packages that the modules of a folder import, also in functions."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            yield from (name.partition(".")[0] for name in names)


def canonical(name: str) -> str:
    """Return a distribution's name as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_is_imported_is_what_is_installed() -> None:
    """The dependencies in pyproject.toml are those that the package imports, no more, no less.

    What notifications need is an extra.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {
        canonical(re.split(r"[<>=!~ ;]", dependency)[0])
        for dependency in (*project["dependencies"], *project["optional-dependencies"]["notify"])
    }
    foreign = set(third_party(ROOT / "stashsync")) - {*sys.stdlib_module_names, "stashsync"}
    distributions = packages_distributions()
    brought_by_pydantic = {"pydantic_core", "typing_extensions"}  # the latter for its types alone
    used = {canonical(distributions[name][0]) for name in foreign - brought_by_pydantic}
    assert used == declared
