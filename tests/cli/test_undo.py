"""`undo` on the command line: the library before the run, and what the next commands make of it.

Source: docs/planning-rules.md#undo
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import check_call

import pytest

from stashsync.sandbox import Sandbox, running
from tests.cli.project import Project
from tests.support.bearers import everything
from tests.support.libraries import content_of

TAGS = """\
tags:
  - {name: Wide, description: new}
  - {name: Low, state: absent}
  - New
"""


PICTURE = "data:image/png;base64," + base64.b64encode(b"\x89PNG old").decode()


@pytest.fixture
def served(project: Project) -> Iterator[tuple[str, Sandbox]]:
    """Serve a library with two tags and a scene that outlives the commands of a test."""
    project.write("manifests/tags.yaml", TAGS)
    with Sandbox() as server, running(server) as url:
        for tag in ({"name": "Wide", "description": "old"}, {"name": "Low"}):
            server.library.mutate("tagCreate", {"input": tag})
        server.library.mutate("sceneCreate", {"input": {"title": "Rain", "tag_ids": ["2"]}})
        yield url, server


def runs_of(project: Project) -> list[Path]:
    """Return the journals of a project, the oldest first."""
    return sorted((project.root / ".stashsync" / "runs").glob("*.jsonl"))


def cut_short(project: Project) -> None:
    """Take the last line of the latest journal away, as if the process had been killed."""
    journal = runs_of(project)[-1]
    lines = journal.read_text("utf-8").splitlines(keepends=True)
    journal.write_text("".join(line for line in lines if "finished" not in line), "utf-8")


def test_a_run_is_shown_and_taken_back(project: Project, served: tuple[str, Sandbox]) -> None:
    """The plan, the question, the account, the list of runs; then there is nothing to undo."""
    url, server = served
    before = content_of(server)
    assert project.run("apply", "--auto-approve", server=url).code == 0
    after = content_of(server)
    assert after["scenes"] == [{"title": "Rain"}]

    cancelled = project.at_terminal("--no-color", "undo", answer="no\n", server=url)
    assert cancelled.code == 1
    assert "Undo cancelled." in cancelled.err
    assert content_of(server) == after

    undone = project.at_terminal("--no-color", "undo", answer="yes\n", server=url)
    assert undone.code == 0, undone.err
    assert "stashsync will take the run back by the following actions:" in (undone.out + undone.err)
    assert "gets a new id and new times" in (undone.out + undone.err)
    assert "+ scenes = 1" in (undone.out + undone.err)
    assert "Resources: 1 added, 1 changed, 1 destroyed." in (undone.out + undone.err)
    assert content_of(server) == before

    listed = project.run("runs").out.splitlines()
    assert "apply  undone, 3 of 3 applied" in listed[0]
    assert "undo  complete" in listed[1]
    nothing = project.run("undo", "--auto-approve", server=url)
    assert nothing.code == 1
    assert "there is no run to undo" in nothing.err


def test_an_undo_that_is_resumed_ends_as_an_undo(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """The rest of it is no apply, after which another plan would make again what was taken back."""
    url, server = served
    before = content_of(server)
    project.run("apply", "--auto-approve", server=url)
    project.run("undo", "--auto-approve", server=url)
    _, undoing = runs_of(project)
    *lines, _ = undoing.read_bytes().splitlines(keepends=True)
    undoing.write_bytes(b"".join(lines))
    resumed = project.run("resume", "--auto-approve", server=url)
    assert resumed.code == 0, resumed.err
    assert f"stashsync undo on {url}, " in resumed.err
    assert "Undo complete!" in resumed.err
    assert "Undo complete!" in resumed.out
    assert content_of(server) == before


def test_what_another_process_has_undone_meanwhile_is_not_undone_again(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """It does so while this one waits for an answer."""
    url, server = served
    before = content_of(server)
    project.run("apply", "--auto-approve", server=url)

    def meanwhile() -> None:
        check_call([sys.executable, "-m", "stashsync", "-C", str(project.root), "--server", url,
              "undo", "--auto-approve"])  # fmt: skip

    refused = project.at_terminal("undo", answer="yes\n", server=url, meanwhile=meanwhile)
    assert refused.code == 1
    _, undoing = runs_of(project)
    assert f"another process began the run {undoing.stem} meanwhile" in refused.err
    assert content_of(server) == before


def test_a_pull_after_an_undo_counts_what_manifests_remove(project: Project) -> None:
    """They remove it again at the next apply, so the two sides are not equal."""
    project.write("manifests/tags.yaml", "tags: [Ape, Bee, Cat]\n")
    project.run("apply", "--auto-approve")
    removing = "tags: [{name: Ape, merge: [Bee]}, {name: Cat, state: absent}]\n"
    project.write("manifests/tags.yaml", removing)
    project.run("apply", "--auto-approve")
    project.run("undo", "--auto-approve")
    pulled = project.run("pull", "--auto-approve")
    assert pulled.out.startswith("No changes. The server changed nothing")
    assert "2 differences were made in the manifests" in pulled.err
    assert project.read("manifests/tags.yaml") == removing
    project.run("apply", "--auto-approve")
    assert "match the library" in project.run("pull", "--auto-approve").out


def test_an_undo_is_undone_by_its_id(project: Project, served: tuple[str, Sandbox]) -> None:
    """The run that it had undone is then in effect again, and can be undone."""
    url, server = served
    project.run("apply", "--auto-approve", server=url)
    after = content_of(server)
    project.run("undo", "--auto-approve", server=url)
    _, undoing = runs_of(project)
    assert project.run("undo", undoing.stem, "--auto-approve", server=url).code == 0
    assert content_of(server) == after
    assert "apply  complete" in project.run("runs").out
    before = project.run("undo", "--auto-approve", server=url)
    assert before.code == 0
    assert "made again since" not in before.out
    assert {tag["name"] for tag in content_of(server)["tags"]} == {"Low", "Wide"}


def test_after_an_undo_the_manifests_are_wanted_again(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """For the baseline an undo is a change on the server: plan shows it, pull takes it."""
    url, _ = served
    project.run("apply", "--auto-approve", server=url)
    project.run("undo", "--auto-approve", server=url)
    planned = project.run("plan", server=url)
    assert "Plan: 1 to add, 1 to change, 1 to destroy." in planned.out
    assert '~ description = "old" -> "new"' in planned.out
    project.run("pull", "--auto-approve", server=url)
    written = project.read("manifests/tags.yaml")
    assert "description: old" in written
    assert "New" not in written


def test_a_run_that_was_cut_short_is_taken_back(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """It blocks no other run any more, and what was sent of it is undone."""
    url, server = served
    before = content_of(server)
    project.run("apply", "--auto-approve", server=url)
    cut_short(project)
    assert "was cut short" in project.run("plan", server=url).err
    assert project.run("undo", "--auto-approve", server=url).code == 0
    assert content_of(server) == before
    assert "was cut short" not in project.run("plan", server=url).err


def test_nothing_left_to_undo_is_no_error(project: Project, served: tuple[str, Sandbox]) -> None:
    """Another client has put everything back; a run that was cut short is given up with that."""
    url, server = served
    project.write("manifests/tags.yaml", "tags: [{name: Wide, description: new}]\n")
    project.run("apply", "--auto-approve", server=url)
    cut_short(project)
    server.library.mutate("tagUpdate", {"input": {"id": "1", "description": "old"}})
    undone = project.run("undo", "--auto-approve", server=url)
    assert undone.code == 0
    assert "Nothing of the run can be taken back now." in undone.out
    assert "was cut short" not in project.run("plan", server=url).err


def test_a_run_that_is_blocked_as_a_whole_is_not_given_up(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """Another tag has the name by now; once that is free, the run is taken back."""
    url, server = served
    project.write("manifests/tags.yaml", "tags: [{name: Wide, state: absent}]\n")
    project.run("apply", "--auto-approve", "--force", server=url)
    cut_short(project)
    taken = server.library.mutate("tagCreate", {"input": {"name": "Far", "aliases": ["Wide"]}})
    blocked = project.run("undo", "--auto-approve", server=url)
    assert "takes it back once nothing is in its way" in blocked.out
    assert "Nothing of the run can be taken back now." in blocked.out
    assert "was cut short" in project.run("plan", server=url).err
    server.library.mutate("tagDestroy", {"input": {"id": taken["id"]}})
    assert "1 added" in project.run("undo", "--auto-approve", server=url).out


def test_a_run_of_which_all_was_changed_since_is_given_up(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """No later undo could take it back either, so it is in the way of no other run."""
    url, server = served
    project.write("manifests/tags.yaml", "tags: [{name: Wide, description: new}]\n")
    project.run("apply", "--auto-approve", server=url)
    cut_short(project)
    server.library.mutate("tagUpdate", {"input": {"id": "1", "description": "theirs"}})
    assert "changed since the run" in project.run("undo", "--auto-approve", server=url).out
    assert "was cut short" not in project.run("plan", server=url).err


def test_names_that_a_killed_run_gave_are_no_evidence_of_another_library(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """The baseline is from before it, and has each of the two names for the other tag."""
    url, server = served
    project.write("manifests/tags.yaml", "tags: [Wide, Low, New]\n")
    assert project.run("apply", "--auto-approve", server=url).code == 0
    before = content_of(server)
    (baseline,) = (project.root / ".stashsync").glob("*.json")
    remembered = baseline.read_bytes()
    project.write("manifests/tags.yaml", "tags: [{id: 1, name: Low}, {id: 2, name: Wide}]\n")
    assert project.run("apply", "--auto-approve", server=url).code == 0
    cut_short(project)
    baseline.write_bytes(remembered)

    assert "of another time" not in project.run("plan", server=url).out
    undone = project.run("undo", "--auto-approve", server=url)
    assert undone.code == 0, undone.err
    assert content_of(server) == before


def test_the_report_comes_in_any_format(project: Project, served: tuple[str, Sandbox]) -> None:
    """The report of `undo`, and of `show` for it, has the formats of the report of `apply`."""
    url, _ = served
    project.run("apply", "--auto-approve", server=url)
    ran = project.run("undo", "--auto-approve", "--format", "json", server=url)
    report = json.loads(ran.out)
    assert report["summary"]["added"] == 1
    assert any(each["fields"] == [] for each in report["operations"])
    _, undoing = runs_of(project)
    for form in ("json", "markdown", "html", "text"):
        assert project.run("show", undoing.stem, "--format", form).code == 0


def test_a_run_on_another_library_is_not_taken_back(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """Its ids would be those of other objects."""
    url, _ = served
    project.run("apply", "--auto-approve", server=url)
    with Sandbox() as other, running(other) as there:
        ran = project.run("undo", "--auto-approve", server=there)
        assert ran.code == 1
        assert "was on another library" in ran.err


def test_the_local_state_may_lie_elsewhere(project: Project, served: tuple[str, Sandbox]) -> None:
    """In a cache of CI, say: pictures are found there as well."""
    url, server = served
    server.library.mutate("tagUpdate", {"input": {"id": "1", "image": PICTURE}})
    project.write("stashsync.yaml", "memory: ../elsewhere\n")
    project.write("manifests/tags.yaml", "tags: [{name: Wide, image: null}]\n")
    before = content_of(server)
    project.run("apply", "--auto-approve", server=url)
    assert content_of(server) != before
    assert project.run("undo", "--auto-approve", server=url).code == 0
    assert content_of(server) == before


def test_protected_objects_stay(project: Project, served: tuple[str, Sandbox]) -> None:
    """Exit code 4, as for apply; `--force` takes the run back nevertheless."""
    url, server = served
    project.run("apply", "--auto-approve", server=url)
    settings = project.read("stashsync.yaml")
    project.write("stashsync.yaml", settings + "protect: {tags: [New]}\n")
    refused = project.run("undo", "--auto-approve", server=url)
    assert refused.code == 4
    assert "is protected" in refused.out + refused.err
    assert project.run("undo", "--auto-approve", "--force", server=url).code == 0
    assert len(content_of(server)["tags"]) == 2


def test_without_a_terminal_it_has_to_be_approved(project: Project) -> None:
    """Without a terminal the user cannot be asked."""
    assert project.run("undo", server="http://127.0.0.1:1").code == 64


def test_what_an_undo_had_to_leave_is_taken_back_by_the_next(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """`runs` tells an undo that left something from one that did not."""
    url, server = served
    before = content_of(server)
    project.run("apply", "--auto-approve", server=url)
    run, end = runs_of(project)[0].stem, "apply  {}, 3 of 3 applied"
    theirs = server.library.mutate("tagCreate", {"input": {"name": "Low"}})["id"]
    assert "it is left as it is" in project.run("undo", "--auto-approve", server=url).out
    assert end.format("undone in part") in project.run("runs").out
    server.library.mutate("tagDestroy", {"input": {"id": theirs}})
    assert "it is left as it is" not in project.run("undo", run, "--auto-approve", server=url).out
    assert content_of(server) == before
    assert end.format("undone") in project.run("runs").out


def test_a_group_of_a_scene_comes_back_with_its_number(
    project: Project, served: tuple[str, Sandbox]
) -> None:
    """The list of the scene is written whole; the estimate of the plan writes it, too."""
    url, server = served
    group = server.library.mutate("groupCreate", {"input": {"name": "Low"}})["id"]
    scene = {"id": "1", "groups": [{"group_id": group, "scene_index": 4}]}
    server.library.mutate("sceneUpdate", {"input": scene})
    before = everything(server)
    project.write("manifests/tags.yaml", "groups: [{name: Low, state: absent}]\n")
    assert project.run("apply", "--auto-approve", server=url).code == 0
    undone = project.run("undo", "--auto-approve", server=url)
    assert undone.code == 0, undone.err
    assert everything(server) == before
