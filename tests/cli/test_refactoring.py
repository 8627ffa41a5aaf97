"""`mv`, `rm` and `merge` as people run them."""

from __future__ import annotations

import pytest

from tests.cli.project import Project

TAGS = """\
tags:
  - name: Camera
    children:
      - Drone
      - Drones
"""
PEOPLE = """\
performers:
  - {name: Ada, tags: [Drone]}
  - {name: Bo, tags: [Drones]}
"""


@pytest.fixture
def begun(project: Project) -> Project:
    """Give a project whose library is in step."""
    project.write("manifests/tags.yaml", TAGS)
    project.write("manifests/people.yaml", PEOPLE)
    assert project.run("apply", "--auto-approve").code == 0
    return project


def test_an_object_is_renamed_with_a_question(begun: Project) -> None:
    """The difference is on the standard output; only `yes` writes it."""
    refused = begun.at_terminal("mv", "tag:Drone", "Quad", answer="y\n")
    assert refused.code == 1
    assert "Nothing was written." in refused.err
    assert begun.read("manifests/tags.yaml") == TAGS
    ran = begun.at_terminal("mv", "tag:Drone", "Quad", answer="yes\n")
    assert ran.code == 0, ran.err
    assert "-      - Drone\n+      - {name: Quad, renamed_from: Drone}\n" in ran.out
    assert "Wrote 2 files.\nNothing was sent: see `stashsync plan`." in ran.err
    assert begun.run("validate").code == 0
    plan = begun.run("plan").out
    assert "Plan: 0 to add, 1 to change, 0 to destroy." in plan


def test_a_file_that_is_edited_while_a_command_asks_keeps_the_edit(begun: Project) -> None:
    """The command begins anew, shows what it does by now, and asks again."""
    edit = "  - {name: Mine, parents: [Drone]}  # not to be lost\n"
    meanwhile = begun.appending("manifests/tags.yaml", edit)
    ran = begun.at_terminal("mv", "tag:Drone", "Quad", answer="yes\nyes\n", meanwhile=meanwhile)
    assert ran.code == 0, ran.err
    assert (
        "Changed meanwhile: manifests/tags.yaml. This is what the command does by now:" in ran.err
    )
    assert ran.err.count("Only 'yes' will be accepted") == 2
    text = begun.read("manifests/tags.yaml")
    assert text.endswith("  - {name: Mine, parents: [Quad]}  # not to be lost\n")


def test_a_dry_run_asks_nothing_and_writes_nothing(begun: Project) -> None:
    """Also without a terminal, where approval is needed otherwise."""
    ran = begun.run("rm", "tag:Drone", "performer:Bo", "--dry-run")
    assert ran.code == 0
    assert "+    state: absent" in ran.out
    assert begun.read("manifests/tags.yaml") == TAGS
    ran = begun.run("rm", "tag:Drone")
    assert ran.code == 64
    assert "Give --auto-approve" in ran.err


def test_a_rename_that_was_applied_is_a_rename_back(begun: Project) -> None:
    """The baseline knows that the server has the name by now."""
    assert begun.run("mv", "tag:Drone", "Quad", "--auto-approve").code == 0
    ran = begun.run("mv", "tag:Quad", "Drone", "--dry-run")
    assert 'Note: The rename to "Quad" is taken back' in ran.err
    assert begun.run("apply", "--auto-approve").code == 0
    ran = begun.run("mv", "tag:Quad", "Drone", "--auto-approve")
    assert ran.code == 0
    assert "Note" not in ran.err
    assert "{name: Drone, renamed_from: Quad}" in begun.read("manifests/tags.yaml")


def test_an_object_moves_and_is_renamed_at_once(begun: Project) -> None:
    """One command renames an object and moves it below another, or to the top."""
    assert begun.run("mv", "tag:Drone", "Quad", "--under", "Drones", "--auto-approve").code == 0
    tags = begun.read("manifests/tags.yaml")
    assert "      - name: Drones\n        children:\n          - {name: Quad" in tags
    assert begun.run("mv", "tags:Drones", "--top", "--auto-approve").code == 0
    assert "  - name: Drones\n    parents: []\n    children:" in begun.read("manifests/tags.yaml")


def test_objects_are_merged(begun: Project) -> None:
    """The plan is one merge; applied, it is empty."""
    ran = begun.run("merge", "tag:Drones", "tag:Drone", "--auto-approve")
    assert ran.code == 0, ran.err
    assert "  - {name: Bo, tags: [Drone]}" in begun.read("manifests/people.yaml")
    assert begun.run("apply", "--auto-approve").code == 0
    assert begun.run("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("mv", "tag:Drone"), "Give a new name, or --under or --top."),
        (("mv", "tag:Drone", "--under", "A", "--top"), "--top contradicts --under."),
        (("mv", "tag:Drone", "X", "--from", "Camera"), "--from needs --under or --top."),
        (("mv", "tag:Drone", "--top", "--keep-old-name"), "--keep-old-name needs a new name."),
        (("mv", "tag", "X"), "'tag' has no name; write tag:NAME."),
        (("mv", "scene:A", "X"), "there is no kind 'scene'"),
        (("rm", "tag:A", "-r", "--children-to", "B"), "--recursive contradicts --children-to."),
    ],
)
def test_wrong_usage_is_named(begun: Project, arguments: tuple[str, ...], message: str) -> None:
    """Before anything is read."""
    ran = begun.run(*arguments, "--auto-approve")
    assert ran.code == 64
    assert message in ran.err


def test_an_unknown_name_is_an_error(begun: Project) -> None:
    """The error suggests a similar name."""
    ran = begun.run("mv", "tag:Dron", "X", "--auto-approve")
    assert ran.code == 1
    assert 'Did you mean "Drone" or "Drones"?' in ran.err
