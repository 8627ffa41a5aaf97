"""Runs of which nothing is left to be done, and those that another process carries out now."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest
from filelock import FileLock

from stashsync.sandbox import Sandbox, running
from stashsync.sandbox.library.refusals import Refusal
from tests.cli.project import Project
from tests.cli.test_runs import TAGS, cut_short, journal_of


@pytest.fixture
def served(project: Project) -> Iterator[tuple[str, Sandbox]]:
    """Serve a library that outlives the commands of a test."""
    project.write("manifests/tags.yaml", TAGS)
    with Sandbox() as server, running(server) as url:
        yield url, server


@contextmanager
def applying(project: Project) -> Generator[None]:
    """Hold the lock as another process does that applies something."""
    state = project.root / ".stashsync"
    (state / "apply.holder").write_text("process 4711, since noon\n", "utf-8")
    with FileLock(state / "apply.lock"):
        yield


@contextmanager
def refusing(server: Sandbox, **given: str) -> Generator[None]:
    """Refuse what has one of these values in its input."""
    inner = server.library.mutate

    def mutate(field: str, args: dict[str, dict[str, str]]) -> object:
        if given.items() & {name: args["input"].get(name) for name in given}.items():
            raise Refusal("no")
        return inner(field, args)

    server.library.mutate = mutate  # type: ignore[method-assign]
    try:
        yield
    finally:
        server.library.mutate = inner  # type: ignore[method-assign]


def test_a_run_that_goes_on_is_not_taken_for_one_that_was_cut_short(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """Nothing advises to resume or abandon what another process is about to do."""
    url, _ = served
    project.run("apply", "--auto-approve", server=url)
    run = cut_short(project, outcomes=2)
    written = journal_of(project).read_bytes()
    other = "another apply of this project is running (process 4711, since noon)"
    with applying(project):
        assert "going on or cut short, 2 of 3 applied" in project.run("runs").out
        for looking in (("plan",), ("show", run)):
            found = project.run(*looking, server=url)
            assert f"Warning: {other}; the run {run} may be that one." in found.err
            assert "resume" not in found.err
        for sending in ("apply", "resume", "undo"):
            refused = project.run(sending, "--auto-approve", server=url)
            assert refused.code == 1
            assert f"Error: {other}" in refused.err
            assert "cut short" not in refused.err
        project.run("apply", "--auto-approve", "--abandon", server=url)
        assert journal_of(project).read_bytes() == written
    assert "cut short, to be resumed" in project.run("runs").out
    assert project.run("resume", "--auto-approve", server=url).code == 0


def test_what_was_taken_back_is_not_resumed(project: Project, served: tuple[str, Sandbox]) -> None:
    """Without a name too: `resume` would do the rest of a run whose beginning is undone."""
    url, server = served
    project.run("apply", "--auto-approve", server=url)
    run = cut_short(project, outcomes=2)
    assert project.run("undo", "--auto-approve", server=url).code == 0
    assert "there is no run to resume" in project.run("resume", "--auto-approve", server=url).err
    refused = project.run("resume", run, "--auto-approve", server=url)
    assert refused.code == 1
    assert f"the run {run} was taken back" in refused.err
    assert server.library.query("findTags", {})["count"] == 0


def test_what_an_undo_has_begun_to_take_back_is_not_resumed(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """What the undo has done already would count as done by the run."""
    url, server = served
    project.run("apply", "--auto-approve", server=url)
    run = cut_short(project, outcomes=2)
    assert project.run("undo", "--auto-approve", server=url).code == 0
    journals = (project.root / ".stashsync" / "runs").glob("*.jsonl")
    (undoing,) = (each for each in journals if each.stem != run)
    *lines, _ = undoing.read_bytes().splitlines(keepends=True)
    undoing.write_bytes(b"".join(lines[:-1]))
    refused = project.run("resume", run, "--auto-approve", server=url)
    assert refused.code == 1
    assert f"{undoing.stem} has begun to take it back" in refused.err
    assert f"`stashsync resume {undoing.stem}` takes back the rest." in refused.err
    assert "being undone, 2 of 3 applied" in project.run("runs").out
    assert run not in project.run("plan", server=url).err
    refused = project.run("apply", "--auto-approve", server=url)
    assert f"the run {undoing.stem} was cut short" in refused.err
    assert project.run("resume", undoing.stem, "--auto-approve", server=url).code == 0
    assert server.library.query("findTags", {})["count"] == 0


def test_what_an_abandoned_undo_has_begun_is_undone_in_part(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """It is neither complete, as it was, nor going to be undone."""
    url, _ = served
    project.run("apply", "--auto-approve", server=url)
    run = journal_of(project)
    assert project.run("undo", "--auto-approve", server=url).code == 0
    (undoing,) = {*run.parent.glob("*.jsonl")} - {run}
    *lines, _ = undoing.read_bytes().splitlines(keepends=True)
    undoing.write_bytes(b"".join(lines[:-1]))
    project.run("apply", "--auto-approve", "--abandon", server=url)
    assert "undone in part, 3 of 3 applied" in project.run("runs").out


def test_of_a_complete_or_abandoned_run_nothing_is_resumed(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """The error is about the run, not about merges that it never had."""
    url, _ = served
    project.run("apply", "--auto-approve", server=url)
    run = journal_of(project).stem
    assert f"the run {run} is complete" in project.run("resume", run, "--auto-approve").err
    cut_short(project, outcomes=2)
    project.run("apply", "--auto-approve", "--abandon", server=url)
    assert f"the run {run} was abandoned" in project.run("resume", run, "--auto-approve").err


def test_a_run_in_which_something_failed_is_called_incomplete(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """It was not cut short, and has no merges. After an undo the last line is about the undo."""
    url, server = served
    with refusing(server, name="B", id="1"):
        project.run("apply", "--auto-approve", "--max-batch", "1", server=url)
        run = journal_of(project).stem
        resumed = project.run("resume", "--auto-approve", server=url)
        assert f"the run {run} is incomplete: of 3 operations, 2 were applied" in resumed.err
        undone = project.run("undo", "--auto-approve", "--max-batch", "1", server=url).out
        assert "Undo incomplete." in undone
        assert "`stashsync undo` takes back what is left." in undone
    assert "Undo complete!" in project.run("undo", "--auto-approve", server=url).out
    assert server.library.query("findTags", {})["count"] == 0


def test_a_run_that_another_one_followed_is_resumed_by_its_id_alone(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """The later manifests may not want any more what is left of it."""
    url, server = served
    with refusing(server, name="B"):
        assert project.run("apply", "--auto-approve", "--max-batch", "1", server=url).code == 5
    run = journal_of(project).stem
    project.write("manifests/tags.yaml", "tags: [A, C, D]\n")
    assert project.run("apply", "--auto-approve", server=url).code == 0
    refused = project.run("resume", "--auto-approve", server=url)
    assert refused.code == 1
    assert "there is no run to resume" in refused.err
    assert f"Of the run {run} something is left, but others came after it." in refused.err
    assert server.library.query("findTags", {})["count"] == 3
    assert project.run("resume", run, "--auto-approve", server=url).code == 0
    assert server.library.query("findTags", {})["count"] == 4
