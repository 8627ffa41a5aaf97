"""`init --from`: each beginning is valid, applied without a refusal, and in step afterwards."""

from __future__ import annotations

import shutil

import pytest

from stashsync.cli.init import BEGINNINGS, GALLERY
from tests.cli.project import Project


def test_every_beginning_can_be_chosen() -> None:
    """A file of the gallery that no option names would never be seen."""
    assert {path.stem for path in GALLERY.iterdir()} == set(BEGINNINGS)


@pytest.mark.parametrize("beginnings", [*([name] for name in BEGINNINGS), BEGINNINGS])
def test_a_beginning_is_applied(project: Project, beginnings: list[str]) -> None:
    """Alone and with all the others; the next plan is empty."""
    shutil.rmtree(project.root / "manifests")
    chosen = [text for name in beginnings for text in ("--from", name)]
    assert project.run("init", *chosen, server=None).code == 0
    assert not (project.root / "manifests" / "library.yaml").exists()
    assert project.run("fmt", "--check", server=None).code == 0
    applied = project.run("apply", "--auto-approve")
    assert applied.code == 0, applied.err
    assert project.run("plan").out == "No changes. Your library matches the manifests.\n"


def test_a_beginning_leaves_a_file_of_its_name_alone(project: Project) -> None:
    """A second `init` changes nothing that a person wrote."""
    project.write("manifests/food.yaml", "tags: [Soup]\n")
    assert "kept     manifests/food.yaml" in project.run("init", "--from", "food", server=None).out
    assert project.read("manifests/food.yaml") == "tags: [Soup]\n"
