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
def with_groups(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy with the steps for groups done."""
    root = copy_of(tmp_path_factory.mktemp("kind"))
    containing, contained, registered = blocks(KIND, "python")
    for block in (containing, contained):
        replace_definition(root / "stashsync" / "kinds" / "group.py", block)
    replace_definition(root / "stashsync" / "kinds" / "__init__.py", registered)
    (manifest,) = blocks(KIND, "yaml")
    above = "tags: [Travel]\nstudios: [Northlight Media]\n"
    project = root / "project"
    (project / "manifests" / "library.yaml").write_text(above + manifest, encoding="utf-8")
    (project / "front.png").write_bytes(PNG)
    return root


def test_a_new_kind_is_planned_applied_and_pulled(with_groups: Path) -> None:
    """Two fields set aside and one line in the registry are enough."""
    stashsync(with_groups, "validate")
    plan = stashsync(with_groups, "plan")
    assert '+ group "Around the lake" {' in plan
    assert '+ aliases     = "The lake, Lake tour"' in plan
    applied = stashsync(with_groups, "apply", "--auto-approve")
    assert "Apply complete! Resources: 4 added, 0 changed, 0 destroyed." in applied
    assert "No changes." in stashsync(with_groups, "plan")

    (with_groups / "pulled").mkdir()
    stashsync(with_groups, "pull", "--auto-approve", folder="pulled")
    pulled = (with_groups / "pulled" / "manifests" / "groups.yaml").read_text("utf-8")
    assert "  - '007'\n" in pulled
    assert "    aliases: The lake, Lake tour\n" in pulled
    assert "No changes." in stashsync(with_groups, "plan", folder="pulled")


def test_an_edit_of_a_new_kind_is_an_update(with_groups: Path) -> None:
    """A text and a picture that changed are sent, and nothing else is."""
    stashsync(with_groups, "apply", "--auto-approve")
    manifest = with_groups / "project" / "manifests" / "library.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("Lake tour", "Lake walk"), "utf-8")
    (with_groups / "project" / "front.png").write_bytes(PNG + b"\0")
    plan = stashsync(with_groups, "plan")
    assert '~ aliases     = "The lake, Lake tour" -> "The lake, Lake walk"' in plan
    assert "~ front_image" in plan
    assert "0 to add, 1 to change" in plan
    stashsync(with_groups, "apply", "--auto-approve")
    assert "No changes." in stashsync(with_groups, "plan")


def test_the_reference_page_and_the_tests_of_documents_follow(with_groups: Path) -> None:
    """Both take a new kind up by themselves."""
    run(with_groups, "docs/make_reference.py", folder=".")
    assert "## groups" in (with_groups / "docs" / "manifest.md").read_text("utf-8").lower()
    command = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "group", "-o", "addopts=")
    passed = re.findall(
        r"(\d+) passed", run(with_groups, *command, "tests/wire/test_documents.py", folder=".")
    )
    assert int(passed[0]) >= 10


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
