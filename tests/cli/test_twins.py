"""Objects whose names the server takes for equal, left by an old release or by an import.

Source: docs/stash-behaviour.md#names
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import Any

from stashsync.sandbox import Sandbox
from tests.cli.project import Project


def make(project: Project, objects: list[tuple[str, dict[str, Any]]], **renamed: str) -> None:
    """Make the objects of the project's library, rename some past all checks; no manifests."""
    shutil.rmtree(project.root / "manifests")
    path = project.root / "library.db"
    with Sandbox(str(path)) as server:
        for mutation, given in objects:
            server.library.mutate(mutation, {"input": given})
    with closing(sqlite3.connect(path)) as connection:
        for old, new in renamed.items():
            for table in ("tags", "studios", "performers"):
                connection.execute(f"UPDATE {table} SET name = ? WHERE name = ?", (new, old))
        connection.commit()


TAGS: list[tuple[str, dict[str, Any]]] = [
    ("tagCreate", {"name": "Pan"}),
    ("tagCreate", {"name": "two", "description": "the other"}),
    ("tagCreate", {"name": "three"}),
    ("tagCreate", {"name": "four"}),
    ("tagCreate", {"name": "Below", "parent_ids": ["2"]}),
    ("tagCreate", {"name": "Below both", "parent_ids": ["1", "2"]}),
    ("tagCreate", {"name": "Below a twin", "parent_ids": ["4"]}),
    ("studioCreate", {"name": "North", "tag_ids": ["1"]}),
    ("studioCreate", {"name": "South", "tag_ids": ["2"]}),
    ("studioCreate", {"name": "West", "tag_ids": ["3"]}),
    ("performerCreate", {"name": "Ada"}),
    ("performerCreate", {"name": "five"}),
]
RENAMED = {"two": "PAN", "three": "Pot", "four": "Pot", "South": "NORTH", "five": "ADA"}


def test_what_is_pulled_of_twins_plans_empty(project: Project) -> None:
    """Both are written, each with its id, and each is referred to by its own spelling."""
    make(project, TAGS, **RENAMED)
    pulled = project.run("pull", "--auto-approve")
    assert pulled.code == 0
    planned = project.run("plan", "--detailed-exitcode")
    assert planned.code == 0, planned.out
    tags = project.read("manifests/tags.yaml")
    for name, identifier in (("Pan", 1), ("PAN", 2), ("Pot", 3), ("Pot", 4)):
        assert f"- name: {name}\n    id: {identifier}\n" in tags
    assert "tags: [PAN]" in project.read("manifests/studios.yaml")
    assert "no name means just one of them" in pulled.err  # of West, whose tag has a very twin
    assert "- name: ADA\n    id: 2\n" in project.read("manifests/performers.yaml")
    assert project.run("fmt", "--check").code == 0


def test_what_changes_of_twins_is_pulled_and_applied(project: Project) -> None:
    """Each is the object of its id."""
    make(project, TAGS[:5], two="PAN")
    project.run("pull", "--auto-approve")
    text = project.read("manifests/tags.yaml")
    project.write("manifests/tags.yaml", text.replace("the other", "another"))
    assert project.run("apply", "--auto-approve").code == 0
    assert project.run("pull", "--auto-approve").code == 0
    assert project.read("manifests/tags.yaml") == text.replace("the other", "another")
    project.write("manifests/tags.yaml", text)
    pulled = project.run("pull", "--auto-approve", "--reset")
    assert pulled.code == 0
    assert project.read("manifests/tags.yaml") == text.replace("the other", "another")


def test_a_twin_without_an_id_is_declared_twice(project: Project) -> None:
    """Only ids tell them apart."""
    project.write("manifests/tags.yaml", "tags: [{name: Pan, id: 1}, PAN]\n")
    ran = project.run("validate")
    assert ran.code == 1
    assert "'PAN' is declared twice" in ran.err + ran.out
    project.write("manifests/tags.yaml", "tags: [{name: Pan, id: 1}, {name: PAN, id: 2}]\n")
    assert project.run("validate").code == 0


def test_a_reference_that_fits_twins_has_to_be_written_exactly(project: Project) -> None:
    """In another case the reference could mean either of the two objects."""
    twins = "tags: [{name: Pan, id: 1}, {name: PAN, id: 2}, {name: Under, parents: [PAN]}]\n"
    project.write("manifests/tags.yaml", twins)
    assert project.run("validate").code == 0
    project.write("manifests/tags.yaml", twins.replace("[PAN]", "[pan]"))
    ran = project.run("validate")
    assert ran.code == 1
    assert "'pan' could be any of PAN, Pan" in ran.err + ran.out


def test_an_undeclared_twin_is_an_external_reference(project: Project) -> None:
    """The declared one is another object, which only its case tells from it."""
    make(project, TAGS[:2], two="PAN")
    manifest = "tags: [Pan, {name: Under, parents: [PAN]}]\n"
    project.write("manifests/tags.yaml", manifest)
    assert project.run("apply", "--auto-approve").code == 0
    assert "No changes." in project.run("plan").out
    assert project.run("pull", "--auto-approve").code == 0
    assert project.read("manifests/tags.yaml") == manifest
    project.write("manifests/tags.yaml", manifest.replace("[PAN]", "[Pan]"))
    assert "1 to change" in project.run("plan").out
