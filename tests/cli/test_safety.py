"""Safety of deletions: refusals, the choice of objects, and backups."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stashsync.errors import ExitCode
from stashsync.sandbox import Sandbox
from stashsync.wire.exchange import Answer
from tests.cli.project import Project
from tests.support.http import http_answered_by
from tests.support.servers import Tap, transport_to

LETTERS = "ABCDEFGHIJKL"


def tags(names: str) -> str:
    return "tags: [" + ", ".join(names) + "]\n"


@pytest.fixture
def grown(project: Project) -> Project:
    """Make a library with twelve tags, of which the manifests name seven."""
    project.write("manifests/tags.yaml", tags(LETTERS))
    assert project.run("apply", "--auto-approve").code == 0
    project.write("manifests/tags.yaml", tags(LETTERS[:7]))
    return project


def test_what_no_manifest_names_stays(grown: Project) -> None:
    """Unless `prune` is set, in the settings or by option."""
    assert "No changes." in grown.run("plan").out
    assert "5 to destroy" in grown.run("plan", "--prune", "tags").out
    grown.write("stashsync.yaml", "prune: {tags: true}\n")
    assert "5 to destroy" in grown.run("plan").out


def test_a_plan_that_goes_too_far_is_shown_and_refused(grown: Project) -> None:
    """Exit 4 wherever it is met; the numbers, the flag and the setting are named."""
    ran = grown.run("plan", "--prune", "tag", "--out", "kept.plan", "--detailed-exitcode")
    assert ran.code == ExitCode.REFUSED
    assert "5 tags will be destroyed" in ran.out
    assert "Refused: 5 of 12 tags would be deleted, which is more than 30%" in ran.out
    assert "--force" in ran.out
    assert "thresholds: {delete: …}" in ran.out
    assert "stashsync apply kept.plan --force" in ran.err
    assert grown.run("drift", "--prune", "tag").code == ExitCode.REFUSED
    machine = json.loads(grown.run("plan", "--prune", "tag", "--format", "json").out)
    assert [refusal["message"] for refusal in machine["refusals"]]
    assert machine["estimate"]["requests"] == 1
    assert {change["cause"] for change in machine["changes"]} == {"prune"}


def test_apply_refuses_before_it_asks(grown: Project) -> None:
    """A refused plan, new or saved, sends nothing without `--force`."""
    grown.run("plan", "--prune", "tag", "--out", "kept.plan")
    for args in (("--auto-approve", "--prune", "tag"), ("kept.plan",)):
        ran = grown.run("apply", *args)
        assert ran.code == ExitCode.REFUSED
        assert "5 of 12 tags" in ran.err
        assert "Apply complete" not in ran.out
    assert "5 to destroy" in grown.run("plan", "--prune", "tag").out
    ran = grown.run("apply", "kept.plan", "--force")
    assert ran.code == 0
    assert "0 added, 0 changed, 5 destroyed." in ran.out
    assert "No changes." in grown.run("plan", "--prune", "tag").out


def test_thresholds_are_settings(grown: Project) -> None:
    """Half of the tags may be deleted where a threshold allows it."""
    grown.write("stashsync.yaml", "prune: {tags: true}\nthresholds: {delete: 50%}\n")
    assert grown.run("plan").code == 0


def test_what_is_protected_is_not_deleted(grown: Project) -> None:
    """Prune leaves it with a warning; a manifest that deletes it is refused."""
    grown.write(
        "stashsync.yaml", "prune: {tags: true}\nprotect: {tags: [h, I]}\nthresholds: {delete: 1}\n"
    )
    ran = grown.run("plan")
    assert ran.code == 0
    assert "3 to destroy" in ran.out
    assert 'Warning: tag "H" is named by no manifest and protected: it stays' in ran.out
    grown.write("manifests/more.yaml", "tags: [{name: I, state: absent}]\n")
    ran = grown.run("plan")
    assert ran.code == ExitCode.REFUSED
    assert 'Refused: tag "I" is protected and would be deleted' in ran.out
    assert "manifests/more.yaml:1:8" in ran.out


def test_ignored_objects_are_left_out(grown: Project) -> None:
    """Ignored objects are neither pruned nor planned, and declaring one is an error."""
    grown.write("stashsync.yaml", "prune: {tags: true}\nignore: {tags: '[H-L]'}\n")
    assert "No changes." in grown.run("plan").out
    grown.write("manifests/more.yaml", "tags: [{name: K, favorite: true}]\n")
    ran = grown.run("plan")
    assert ran.code == ExitCode.ERROR
    assert "ignored by the settings" in ran.err


def test_a_plan_is_about_what_its_scope_chooses(grown: Project) -> None:
    """`--target` and `--exclude` take kinds, names and patterns, in one case or the other."""
    prune = ("plan", "--prune", "tags")
    assert "2 to destroy" in grown.run(*prune, "--target", "tags:[hi]").out
    assert "3 to destroy" in grown.run(*prune, "--exclude", "tag:h", "--exclude", "tag:I").out
    assert "No changes." in grown.run(*prune, "--target", "performers").out
    assert "1 to destroy" in grown.run(*prune, "--target", "tag:[HI]", "--exclude", "tag:i").out


@pytest.mark.parametrize(
    "args",
    [
        ("plan", "--target", "scene:x"),
        ("plan", "--exclude", "tags:"),
        ("drift", "--prune", "everything"),
        ("apply", "kept.plan", "--target", "tags"),
        ("apply", "kept.plan", "--prune", "tags"),
        ("drift", "--fail-on", "moved"),
    ],
)
def test_an_option_without_effect_is_wrong_usage(project: Project, args: tuple[str, ...]) -> None:
    """Exit 64, so that it is never taken for drift."""
    assert project.run(*args).code == ExitCode.USAGE


def test_drift_fails_on_the_chosen_actions(grown: Project) -> None:
    """A rename can be chosen by itself, and is an update as well."""
    scope = ("--prune", "tag", "--target", "tag:L")
    assert grown.run("drift", "--fail-on", "create,update,merge", *scope).code == 0
    assert grown.run("drift", "--fail-on", "delete", *scope).code == ExitCode.CHANGES
    grown.write("manifests/tags.yaml", "tags: [{name: Z, renamed_from: A}]\n")
    assert grown.run("drift", "--fail-on", "rename").code == ExitCode.CHANGES
    assert grown.run("drift", "--fail-on", "update").code == ExitCode.CHANGES
    assert grown.run("drift", "--fail-on", "create,delete").code == 0
    grown.write("manifests/tags.yaml", "tags: [{name: A, merge: B}]\n")
    assert grown.run("drift", "--fail-on", "merge").code == ExitCode.CHANGES
    assert "1 merged." in grown.run("apply", "--auto-approve").out


def test_a_backup_comes_first_and_its_place_is_printed(grown: Project) -> None:
    """Only where there is something to do; the copy holds what the library held."""
    ran = grown.run("apply", "--auto-approve", "--backup")
    assert "Backup" not in ran.err
    ran = grown.run(
        "apply", "--auto-approve", "--backup", "--prune", "tag", "--target", "tag:L", "--force"
    )
    assert ran.code == 0
    assert '"library.db."' in ran.err
    (copy,) = grown.root.glob("library.db.75.*")
    assert copy.stat().st_size > 0
    found = grown.run("plan", "--prune", "tag", server=f"sandbox:{copy.name}")
    assert "5 to destroy" in found.out


class Full(Tap):
    """A server whose disk has no room for a copy."""

    async def send(self, text: str, variables: Any = None, **options: Any) -> Answer:
        if "backupDatabase" in text:
            return Answer(None, ({"message": "the disk is full"},))
        return await super().send(text, variables, **options)


def test_where_no_backup_can_be_made_nothing_is_sent(grown: Project) -> None:
    """A failed backup stops the run, since the user asked for one."""
    args = ("--prune", "tag", "--target", "tag:L")
    with (
        Sandbox(grown.root / "library.db") as sandbox,
        http_answered_by(Full(transport_to(sandbox))),
    ):
        ran = grown.run("apply", "--auto-approve", "--backup", *args, server="http://stash.example")
    assert ran.code == ExitCode.ERROR
    assert "the disk is full" in ran.err
    assert "1 to destroy" in grown.run("plan", *args).out
