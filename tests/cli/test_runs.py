"""Journals of a project on the command line: runs, show, resume, abandon; one apply at a time."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import check_call

import pytest
from filelock import FileLock

from stashsync.sandbox import Sandbox, running
from tests.cli.project import Project

TAGS = "tags: [A, B, C]\n"


@pytest.fixture
def served(project: Project) -> Iterator[tuple[str, Sandbox]]:
    """Serve a library that outlives the commands of a test."""
    project.write("manifests/tags.yaml", TAGS)
    with Sandbox() as server, running(server) as url:
        yield url, server


def journal_of(project: Project) -> Path:
    """Return the one journal of a project."""
    (path,) = (project.root / ".stashsync" / "runs").glob("*.jsonl")
    return path


def cut_short(project: Project, *, outcomes: int) -> str:
    """Cut the journal of a run after so many outcomes; return the run's id."""
    path = journal_of(project)
    kept, seen = [], 0
    for line in path.read_text("utf-8").splitlines(keepends=True):
        entry = json.loads(line)
        seen += "outcome" in entry
        if "finished" in entry or ("outcome" in entry and seen > outcomes):
            continue
        kept.append(line)
    path.write_text("".join(kept), "utf-8")
    return path.stem


def test_runs_are_listed_and_shown(project: Project, served: tuple[str, Sandbox]) -> None:
    """When, by which command, on which server, how it ended; the report in any format."""
    url, _ = served
    assert project.run("runs").out == ""
    project.run("apply", "--auto-approve", server=url)
    listed = project.run("runs").out
    run = journal_of(project).stem
    assert listed.startswith(run)
    assert "apply  complete, 3 of 3 applied" in listed
    assert url in listed
    assert "Apply complete! Resources: 3 added" in project.run("show", run[:13]).out
    shown = json.loads(project.run("show", run, "--format", "json").out)
    assert shown["format"] == "stashsync-report"


def test_a_run_that_was_cut_short_blocks_others_until_it_is_resumed(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """Plan reports it, apply refuses, resume looks up what is unknown and does the rest."""
    url, server = served
    project.run("apply", "--auto-approve", server=url)
    run = cut_short(project, outcomes=1)
    (gone,) = server.library.query("findTags", {"filter": {"q": "C"}})["tags"]
    server.library.mutate("tagDestroy", {"input": {"id": str(gone["id"])}})

    for verb in (("plan",), ("drift",), ("pull", "--auto-approve")):
        ran = project.run(*verb, server=url)
        assert f"the run {run} was cut short" in ran.err
        assert "stashsync resume" in ran.err
    refused = project.run("apply", "--auto-approve", server=url)
    assert refused.code == 1
    assert "stashsync apply --abandon" in refused.err
    assert server.library.query("findTags", {})["count"] == 2

    resumed = project.run("resume", "--auto-approve", server=url)
    assert resumed.code == 0, resumed.err
    assert "1 were applied, 2 are unknown" in resumed.err
    assert server.library.query("findTags", {})["count"] == 3
    assert "complete, 3 of 3 applied" in project.run("runs").out
    assert "No changes." in project.run("apply", "--auto-approve", server=url).out


def test_a_run_that_ended_between_a_merge_and_its_aliases_blocks_others(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """The aliases of studios that are gone are in its plan alone: a new plan would be empty."""
    url, server = served
    project.write("manifests/tags.yaml", "studios: [{name: North, merge: [Nord]}]\n")
    for studio in ({"name": "North"}, {"name": "Nord", "aliases": ["Norte"]}):
        server.library.mutate("studioCreate", {"input": studio})
    project.run("apply", "--auto-approve", "--force", server=url)
    path = journal_of(project)
    *before, last, end = path.read_text("utf-8").splitlines(keepends=True)
    assert '"applied"' in last
    assert "finished" in end
    path.write_text("".join([*before, last.replace('"applied"', '"skipped"'), end]), "utf-8")
    server.library.mutate("studioUpdate", {"input": {"id": "1", "aliases": []}})

    assert "`stashsync resume` does the rest" in project.run("show", path.stem).out
    assert "incomplete, to be resumed" in project.run("runs").out
    assert "ended before its merges were complete" in project.run("plan", server=url).err
    refused = project.run("apply", "--auto-approve", server=url)
    assert refused.code == 1
    assert "stashsync apply --abandon" in refused.err

    assert project.run("resume", "--auto-approve", server=url).code == 0
    project.run("snapshot", "library.json", server=url)
    assert '"Norte"' in project.read("library.json")
    assert "No changes." in project.run("apply", "--auto-approve", server=url).out


def test_what_another_process_has_resumed_meanwhile_is_not_sent_again(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """It does so while this one waits for an answer."""
    url, server = served
    project.run("apply", "--auto-approve", server=url)
    run = cut_short(project, outcomes=1)

    def meanwhile() -> None:
        check_call([sys.executable, "-m", "stashsync", "-C", str(project.root), "--server", url,
              "resume", "--auto-approve"])  # fmt: skip
        server.library.mutate("tagUpdate", {"input": {"id": "1", "description": "theirs"}})

    refused = project.at_terminal("resume", answer="yes\n", server=url, meanwhile=meanwhile)
    assert refused.code == 1
    assert f"another process went on with the run {run} meanwhile" in refused.err
    (row,) = server.library.query("findTags", {"ids": ["1"]})["tags"]
    assert row["description"] == "theirs"


def test_what_is_resumed_is_remembered(project: Project, served: tuple[str, Sandbox]) -> None:
    """The baseline knows both halves of the run."""
    url, server = served
    project.run("apply", "--auto-approve", server=url)
    cut_short(project, outcomes=1)
    for path in (project.root / ".stashsync").glob("baseline-*"):
        path.unlink()
    project.run("resume", "--auto-approve", server=url)
    server.library.mutate("tagUpdate", {"input": {"id": "1", "name": "Z"}})
    assert "made on the server" in project.run("plan", server=url).out


def test_what_is_resumed_has_no_time_before_the_run(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """A part of it was created before, at a time that is not known."""
    url, _ = served
    project.run("apply", "--auto-approve", server=url)
    (baseline,) = (project.root / ".stashsync").glob("baseline-*")
    assert set(json.loads(baseline.read_text("utf-8"))["not_before"]["tag"]) == {"1", "2", "3"}
    baseline.unlink()
    cut_short(project, outcomes=2)
    assert project.run("resume", "--auto-approve", server=url).code == 0
    assert json.loads(baseline.read_text("utf-8"))["not_before"] == {}


def test_a_user_may_abandon_a_run(project: Project, served: tuple[str, Sandbox]) -> None:
    """The next plan finds what it can of the rest."""
    url, _ = served
    project.run("apply", "--auto-approve", server=url)
    run = cut_short(project, outcomes=1)
    ran = project.run("apply", "--auto-approve", "--abandon", server=url)
    assert ran.code == 0
    assert f"The run {run} is abandoned." in ran.err
    assert "abandoned, 1 of 3 applied" in project.run("runs").out
    assert project.run("apply", "--auto-approve", server=url).code == 0


def test_a_run_on_another_library_is_not_resumed(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """It does not block runs on that library either."""
    url, _ = served
    project.run("apply", "--auto-approve", server=url)
    cut_short(project, outcomes=1)
    with Sandbox() as other, running(other) as there:
        ran = project.run("resume", "--auto-approve", server=there)
        assert ran.code == 1
        assert "on another library" in ran.err
        assert other.library.query("findTags", {})["count"] == 0
        assert project.run("apply", "--auto-approve", server=there).code == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (None, "there is no run to resume"),
        ("2001", "no run begins with '2001'"),
        ("../2", "no run begins with '../2'"),
    ],
)
def test_a_run_that_is_not_there_is_an_error(
    project: Project, served: tuple[str, Sandbox], name: str | None, words: str
) -> None:
    """One that is complete has nothing to resume."""
    url, _ = served
    project.run("apply", "--auto-approve", server=url)
    ran = project.run("resume", *([name] if name else []), "--auto-approve", server=url)
    assert ran.code == 1
    assert words in ran.err


def test_another_server_at_the_address_of_a_run_is_called_so(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """A plan without a memory is explained, and the way out is not the address that was given."""
    url, server = served
    project.run("apply", "--auto-approve", server=url)
    assert "another library" not in project.run("plan", server=url).err
    server.library.configure_plugin("stashsync", {"library": "0" * 32})
    planned = project.run("plan", server=url).err
    assert f"at {url} is another library than at the run {journal_of(project).stem}" in " ".join(
        planned.split()
    )
    refused = project.run("undo", "--auto-approve", server=url).err
    assert "was on another library than the one at this address" in refused
    assert "Another server answers there now, or it has lost its configuration." in refused
    assert project.run("apply", "--auto-approve", server=url).code == 0
    assert "another library" not in project.run("plan", server=url).err


def test_a_journal_that_cannot_be_read_blocks_others(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """It may be of a run that was cut short; an empty one is of a run that sent nothing."""
    url, server = served
    project.run("apply", "--auto-approve", server=url)
    path = journal_of(project)
    path.write_text(path.read_text("utf-8").replace('{"sending"', '{"sending', 1), "utf-8")
    listed = project.run("runs").err
    assert "is damaged" in listed
    assert "Nothing has been applied" not in listed
    assert "is damaged" in project.run("plan", server=url).err
    project.write("manifests/tags.yaml", "tags: [A, B, C, D]\n")
    refused = project.run("apply", "--auto-approve", server=url)
    assert refused.code == 1
    assert "Move the file away" in refused.err
    assert server.library.query("findTags", {})["count"] == 3
    path.write_bytes(b"")
    assert project.run("apply", "--auto-approve", server=url).code == 0


def test_resume_needs_an_approval(project: Project, served: tuple[str, Sandbox]) -> None:
    """It is wrong usage without a terminal; the answer "no" sends nothing."""
    url, server = served
    project.run("apply", "--auto-approve", server=url)
    cut_short(project, outcomes=3)
    server.library.mutate("tagDestroy", {"input": {"id": "1"}})
    assert project.run("resume", server=url).code == 64
    ran = project.at_terminal("resume", answer="no\n", server=url)
    assert ran.code == 1
    assert "Resume cancelled." in ran.err


def test_one_apply_at_a_time(project: Project, served: tuple[str, Sandbox]) -> None:
    """A second apply of the same project sends nothing, and names who holds the lock."""
    url, server = served
    project.run("runs")
    state = project.root / ".stashsync"
    state.mkdir()
    (state / "apply.holder").write_text("process 4711, since noon\n", "utf-8")
    with FileLock(state / "apply.lock"):
        ran = project.run("apply", "--auto-approve", server=url)
    assert ran.code == 1
    assert "another apply of this project is running (process 4711, since noon)" in ran.err
    assert server.library.query("findTags", {})["count"] == 0
    assert project.run("apply", "--auto-approve", server=url).code == 0
    with FileLock(state / "apply.lock"):
        ran = project.run("undo", "--auto-approve", server=url)
    assert ran.code == 1
    assert "another apply of this project is running" in ran.err


def test_apply_reads_again_after_the_answer(project: Project, served: tuple[str, Sandbox]) -> None:
    """What another person changed meanwhile is shown in a new plan, with a new question."""
    url, server = served
    library = server.library
    project.write(
        "manifests/tags.yaml", "tags: [{name: A, description: mine, aliases: {add: [P2]}}]\n"
    )
    library.mutate("tagCreate", {"input": {"name": "A", "description": "old", "aliases": ["P1"]}})
    edits = iter([lambda: library.mutate(
        "tagUpdate", {"input": {"id": "1", "description": "theirs", "aliases": ["P1", "P9"]}}
    )])  # fmt: skip
    ran = project.at_terminal(
        "apply", answer="yes\nyes\n", server=url, meanwhile=lambda: next(edits, lambda: None)()
    )
    assert ran.code == 0, ran.err
    assert "changed meanwhile" in ran.err
    assert ran.err.count("Only 'yes' will be accepted") == 2
    assert '"theirs" -> "mine"' in ran.err
    (tag,) = library.query("findTags", {})["tags"]
    assert sorted(library.resolve(tag, "aliases", {})) == ["P1", "P2", "P9"]
