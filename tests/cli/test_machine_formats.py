"""What programs and continuous integration get: documents of what failed, in UTF-8, with paths."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from stashsync.cli import main
from stashsync.render.documents import problems_schema
from tests.cli.project import Project

WRONG = "tags:\n  - {name: ü, colour: 1}\n"


def document(text: str) -> dict[str, Any]:
    """Return the document of problems."""
    found: dict[str, Any] = json.loads(text)
    jsonschema.validate(found, problems_schema())
    return found


def test_validate_writes_json(project: Project) -> None:
    """Of manifests that are valid, and of those that are not."""
    assert document(project.run("validate", "--format", "json", server=None).out)["problems"] == []
    project.write("manifests/tags.yaml", WRONG)
    ran = project.run("validate", "--format", "json", server=None)
    assert ran.code == 1
    (problem,) = document(ran.out)["problems"]
    assert problem["place"] == {"file": "manifests/tags.yaml", "line": 2, "column": 15}


@pytest.mark.parametrize("server", ["sandbox:library.db", "http://127.0.0.1:9"])
def test_a_plan_that_fails_writes_json(project: Project, server: str) -> None:
    """With its problems, whether they are the manifests' or the server's."""
    if server.startswith("sandbox"):
        project.write("manifests/tags.yaml", WRONG)
    ran = project.run("plan", "--format", "json", server=server)
    assert ran.code == 1
    assert document(ran.out)["problems"][0]["message"] in ran.err


@pytest.mark.parametrize("wrong", ["settings", "folder"])
@pytest.mark.parametrize(
    "words",
    [
        ("validate",),
        ("plan",),
        ("apply", "--auto-approve"),
        ("drift",),
        ("resume", "--auto-approve"),
        ("undo", "--auto-approve"),
        ("pull", "--auto-approve"),
        ("import", "txt", "tags.txt", "--dry-run"),
        ("doctor",),
    ],
)
def test_commands_that_fail_write_json(
    project: Project, words: tuple[str, ...], wrong: str
) -> None:
    """One document of problems, in place of their own."""
    project.write("stashsync.yaml", "server: [1]\n")
    where = ("-C", "nowhere") if wrong == "folder" else ()
    ran = project.run(*where, *words, "--format", "json", server=None)
    assert ran.code == 1
    assert document(ran.out)["problems"][0]["message"] in ran.err


def test_json_is_utf_8_whatever_the_terminal_has(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Text for people has what the terminal can show."""
    project.write("manifests/tags.yaml", "tags:\n  - {name: ü€}\n")
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    monkeypatch.setattr(sys, "stdout", terminal)
    assert main(["--server", "sandbox:library.db", "plan", "--format", "json"]) == 0
    assert "ü€" in terminal.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]


@pytest.mark.parametrize("after", [False, True])
def test_annotations_have_paths_of_the_repository(
    project: Project, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    """Several projects can be in one; `-C` stands before the command or after it."""
    project.write("libs/x/manifests/tags.yaml", WRONG)
    project.write(".git/HEAD", "")
    chosen = ("-C", "libs/x")
    verb = ("validate", "--format", "github")
    ran = project.run(*((*verb, *chosen) if after else (*chosen, *verb)), server=None)
    assert ran.out.startswith("::error file=libs/x/manifests/tags.yaml,line=2,")


def test_a_mistyped_command_gets_a_suggestion(project: Project) -> None:
    """The nearest one, if there is any."""
    assert "Did you mean 'validate'?" in project.run("validat", server=None).err
    ran = project.run("xyzzy", server=None)
    assert ran.code == 64
    assert "Did you mean" not in ran.err


def test_a_snapshot_goes_to_the_standard_output(project: Project) -> None:
    """Nothing else is printed there."""
    assert project.run("apply", "--auto-approve").code == 0
    ran = project.run("snapshot", "-")
    project.write("library.json", ran.out)
    assert project.run("plan", server="snapshot:library.json").out.startswith("No changes.")


def test_into_is_below_the_project_as_typed(project: Project) -> None:
    """The path is relative to the project, whatever the current folder is."""
    assert project.run("apply", "--auto-approve").code == 0
    project.write("other/readme.txt", "")
    project.write("manifests/tags.yaml", "tags:\n  - Travel\n")
    root = project.root
    ran = project.run("-C", str(root), "pull", "--auto-approve", "--into", "manifests/in.yaml")
    assert ran.code == 0, ran.err
    assert "Camera" in project.read("manifests/in.yaml")


def test_nothing_is_exported_beside_a_dead_link(project: Project) -> None:
    """The linked file may come back, so an export would declare its objects twice."""
    assert project.run("apply", "--auto-approve").code == 0
    (project.root / "manifests/tags.yaml").unlink()
    Path(project.root / "manifests/tags.yaml").symlink_to("elsewhere.yaml")
    ran = project.run("pull", "--auto-approve")
    assert ran.code == 1
    assert "this link leads nowhere" in ran.err
