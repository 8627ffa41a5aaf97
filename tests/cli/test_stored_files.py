"""Files of an earlier run that cannot be used: what is wrong, which file it is, what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from stashsync.applier.journal import VERSION
from tests.cli.project import Project
from tests.cli.test_memory import apply


def memory_of(project: Project) -> list[Path]:
    """Return the files of the baseline, the kept ones after the one in use."""
    return sorted((project.root / ".stashsync").glob("baseline-*"))


@pytest.mark.parametrize(
    ("command", "message", "hint"),
    [
        (("apply",), "old.json is a plan of format version 2, not 3", "Make it anew."),
        (("show",), "old.json is a plan of format version 2, not 3", "Make it anew."),
        (("graph",), "old.json is a plan of format version 2, not 3", "Make it anew."),
        (("--server", "snapshot:old.json", "plan"), "old.json is no snapshot", "Take one:"),
    ],
)
def test_a_file_of_another_version_is_named(
    project: Project, command: tuple[str, ...], message: str, hint: str
) -> None:
    """A log of a pipeline may have the message and not the command."""
    project.write("manifests/tags.yaml", "tags: [A]\n")
    project.write("old.json", '{"format": "stashsync-plan", "version": 2}')
    given = command if command[-1] == "plan" else (*command, "old.json")
    refused = project.run(*given)
    assert refused.code == 1
    assert message in refused.err
    assert hint in refused.err


def test_a_journal_of_another_version_comes_with_a_way_out(project: Project) -> None:
    """Its plan is not a saved one, and cannot be made anew."""
    apply(project, "tags: [A]\n")
    (path,) = (project.root / ".stashsync" / "runs").glob("*.jsonl")
    written = path.read_text("utf-8")
    assert f'"version":{VERSION}' in written
    path.write_text(written.replace('"version":3', '"version":2', 1), "utf-8")
    for command in (("plan",), ("apply", "--auto-approve")):
        text = project.run(*command).err
        assert f"{path.name} was written by another version of stashsync" in text
        assert "That version can resume the run, or undo it. Move the file away" in text
        assert "saved plan" not in text


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('"version":1', '"version":9', "is a baseline of version 9, not 1"),
        ('"version":1', '"version";1', "is damaged"),
    ],
)
def test_a_baseline_that_cannot_be_used_is_reported_and_kept(
    project: Project, before: str, after: str, message: str
) -> None:
    """It may be of a newer version, to which the user goes back."""
    apply(project, "tags: [A]\n")
    (path,) = memory_of(project)
    spoilt = path.read_text("utf-8").replace(before, after, 1)
    path.write_text(spoilt, "utf-8")
    planned = project.run("plan")
    assert planned.code == 0
    assert message in planned.err
    assert path.name in planned.err
    assert memory_of(project) == [path]
    for content in ("tags: [A, B]\n", "tags: [A, B, C]\n"):
        apply(project, content)
        now, kept = memory_of(project)
        assert now == path
        assert kept.read_text("utf-8") == spoilt
    path.write_text(spoilt, "utf-8")
    apply(project, "tags: [A, B, C, D]\n")
    assert len(memory_of(project)) == 3
    assert "baseline" not in project.run("plan").err


def test_a_baseline_that_may_not_be_read_stops_a_command(project: Project) -> None:
    """Without it a tag that was renamed on the server would get a twin."""
    apply(project, "tags: [A]\n")
    (path,) = memory_of(project)
    path.unlink()
    path.mkdir()
    project.write("manifests/tags.yaml", "tags: [A, B]\n")
    for command in ("plan", "apply", "pull"):
        approval = () if command == "plan" else ("--auto-approve",)
        refused = project.run(command, *approval)
        assert refused.code == 1
        assert f"cannot read {path}: Is a directory" in refused.err
        assert "Make it readable, or move it away" in refused.err
