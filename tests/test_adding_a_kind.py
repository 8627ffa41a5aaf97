"""docs/adding-a-kind.md, carried out step by step on copies of the package."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PAGE = (ROOT / "docs" / "adding-a-kind.md").read_text(encoding="utf-8")
KIND, FIELD = PAGE.split("\n## A field\n")


def blocks(text: str, language: str) -> list[str]:
    """Return the code blocks of a part of the page."""
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def replace_definition(path: Path, block: str) -> None:
    """Put a definition of the page in the place of the one of the same name."""
    name, text = block.split(":", maxsplit=1)[0].strip(), path.read_text("utf-8")
    (found,) = (
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name
    )
    lines = text.splitlines(keepends=True)
    lines[found.lineno - 1 : found.end_lineno] = [block]
    path.write_text("".join(lines), encoding="utf-8")


def copy_of(root: Path) -> Path:
    """Copy what the page changes, and the tests that it mentions."""
    for name in ("stashsync", "tests", "docs"):
        shutil.copytree(
            ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.db")
        )
    shutil.copy(ROOT / "pyproject.toml", root)
    (root / "project" / "manifests").mkdir(parents=True)
    return root


def run(root: Path, *command: str, folder: str = "project", code: int = 0) -> str:
    """Run Python with the copy; return what it prints."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=root / folder,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def stashsync(root: Path, *arguments: str, folder: str = "project", code: int = 0) -> str:
    """Run a command on the copy's sandbox."""
    place = ("-m", "stashsync", "--server", f"sandbox:{root / 'library.db'}")
    return run(root, *place, *arguments, folder=folder, code=code)


@pytest.fixture(scope="module")
def with_places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy with the steps for places done."""
    root = copy_of(tmp_path_factory.mktemp("kind"))
    declaration, module, registered = blocks(KIND, "python")
    kinds = root / "stashsync" / "kinds"
    assert not (kinds / "place.py").exists(), "the page adds a kind that is there: choose another"
    (kinds / "place.py").write_text(declaration, encoding="utf-8")
    registry = (kinds / "registry.py").read_text("utf-8")
    before = '    "scene": "scene",\n'
    (kinds / "registry.py").write_text(registry.replace(before, module + before), "utf-8")
    replace_definition(kinds / "__init__.py", registered)
    (manifest,) = blocks(KIND, "yaml")
    above = "tags: [Travel]\nstudios: [Northlight Media]\n"
    project = root / "project"
    (project / "manifests" / "library.yaml").write_text(above + manifest, encoding="utf-8")
    (project / "shore.png").write_bytes(PNG)
    return root


def test_a_new_kind_is_planned_applied_and_pulled(with_places: Path) -> None:
    """One declaration and two lines in the registry are enough."""
    stashsync(with_places, "validate")
    plan = stashsync(with_places, "plan")
    assert '+ place "North shore" {' in plan
    assert '+ aliases = "The shore, Lake side"' in plan
    applied = stashsync(with_places, "apply", "--auto-approve")
    assert "Apply complete! Resources: 4 added, 0 changed, 0 destroyed." in applied
    assert "No changes." in stashsync(with_places, "plan")

    (with_places / "pulled").mkdir()
    stashsync(with_places, "pull", "--auto-approve", folder="pulled")
    pulled = (with_places / "pulled" / "manifests" / "places.yaml").read_text("utf-8")
    assert "  - '007'\n" in pulled
    assert "    aliases: The shore, Lake side\n" in pulled
    assert "No changes." in stashsync(with_places, "plan", folder="pulled")


def test_an_edit_of_a_new_kind_is_an_update(with_places: Path) -> None:
    """A text and a picture that changed are sent, and nothing else is."""
    stashsync(with_places, "apply", "--auto-approve")
    manifest = with_places / "project" / "manifests" / "library.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("Lake side", "Lake end"), "utf-8")
    (with_places / "project" / "shore.png").write_bytes(PNG + b"\0")
    plan = stashsync(with_places, "plan")
    assert '~ aliases = "The shore, Lake side" -> "The shore, Lake end"' in plan
    assert "~ image" in plan
    assert "0 to add, 1 to change" in plan
    stashsync(with_places, "apply", "--auto-approve")
    assert "No changes." in stashsync(with_places, "plan")


def test_the_reference_page_follows(with_places: Path) -> None:
    """It takes a new kind up by itself."""
    run(with_places, "docs/make_reference.py", folder=".")
    assert "## places" in (with_places / "docs" / "manifest.md").read_text("utf-8").lower()


def test_a_new_field_is_one_line(tmp_path: Path) -> None:
    """The page's line is enough for manifests, the sandbox and the entity."""
    root = copy_of(tmp_path)
    (line,) = blocks(FIELD.split("\n## ")[0], "python")
    path = root / "stashsync" / "kinds" / "studio.py"
    text = path.read_text("utf-8")
    assert " closed: " not in text, "the page adds a field that is there: choose another one"
    place = text.index("    created_at: ")
    path.write_text(text[:place] + line + text[place:], encoding="utf-8")
    (root / "project" / "manifests" / "library.yaml").write_text(
        "studios: [{name: Northlight Media, closed: true}]\n", encoding="utf-8"
    )
    printed = run(root, "-c", FIELD_SCRIPT)
    assert printed.split() == ["created", "unchanged", "cleared", "refused", "True"]


FIELD_SCRIPT = """
import asyncio
from pathlib import Path

from stashsync import PlanError, StashClient, Transport, carry_out, load, make_plan, over_app
from stashsync.sandbox import Sandbox


async def main():
    root = Path()
    with Sandbox(release="0.31.1") as sandbox:
        async with StashClient(over_app(sandbox.app)) as client:
            plan = await make_plan(load(root), client)
            assert (await carry_out(plan, client, root=root)).complete
            print("created")
            plan = await make_plan(load(root), client)
            print("unchanged" if not plan.changes else plan.changes)
            manifest = root / "manifests" / "library.yaml"
            manifest.write_text(manifest.read_text().replace("true", "false"))
            plan = await make_plan(load(root), client)
            assert (await carry_out(plan, client, root=root)).complete
            found = (await client.find_studios()).items[0]
            print("cleared" if found.closed is False else found.closed)
    with Sandbox(release="0.30.1") as sandbox:
        async with StashClient(over_app(sandbox.app)) as client:
            try:
                await make_plan(load(root), client)
            except PlanError as error:
                (problem,) = error.problems
                print("refused", problem.mark.line == 1)


asyncio.run(main())
"""
