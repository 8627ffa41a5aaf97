"""Which library a plan, a snapshot and the baseline are about.

Source: docs/stash-behaviour.md#identity-mark
"""

from __future__ import annotations

from stashsync.sandbox import Sandbox, running
from tests.cli.project import Project

TAG = "tags: [{name: A, description: one}]\n"


def mark_of(server: Sandbox) -> str:
    """Return the mark that the server keeps, "" where there is none."""
    settings = server.library.plugin_settings({"include": ["stashsync"]})
    return str(settings.get("stashsync", {}).get("library", ""))


def test_the_first_apply_marks_the_library(project: Project) -> None:
    """Once, and only where something is applied."""
    project.write("manifests/a.yaml", TAG)
    with Sandbox() as server, running(server) as url:
        project.run("plan", server=url)
        assert mark_of(server) == ""
        project.run("apply", "--auto-approve", server=url)
        mark = mark_of(server)
        assert len(mark) == 32
        project.write("manifests/a.yaml", TAG.replace("one", "two"))
        project.run("apply", "--auto-approve", server=url)
        assert mark_of(server) == mark


def test_other_settings_under_the_name_are_kept(project: Project) -> None:
    """A plugin of the same name may have some."""
    project.write("manifests/a.yaml", TAG)
    with Sandbox() as server, running(server) as url:
        server.library.configure_plugin("stashsync", {"python": "/usr/bin/python3"})
        project.run("apply", "--auto-approve", server=url)
        settings = server.library.plugin_settings({})["stashsync"]
        assert settings == {"python": "/usr/bin/python3", "library": mark_of(server)}


def test_a_library_is_not_marked_where_the_settings_forbid_it(project: Project) -> None:
    """Its paths and its address identify the library instead."""
    project.write("manifests/a.yaml", TAG)
    project.write("stashsync.yaml", "mark: false\n")
    with Sandbox() as server, running(server) as url:
        project.run("apply", "--auto-approve", server=url)
        assert mark_of(server) == ""
        server.library.mutate("tagUpdate", {"input": {"id": "1", "description": "mine"}})
        assert "made on the server" in project.run("plan", server=url).out


def test_without_a_mark_another_address_is_another_library(project: Project) -> None:
    """Two containers have the same paths, so only both together can stand for a library."""
    project.write("manifests/a.yaml", TAG)
    project.write("stashsync.yaml", "mark: false\n")
    with Sandbox() as server, Sandbox() as other:
        with running(server) as url:
            project.run("apply", "--auto-approve", server=url)
        other.library.mutate("tagCreate", {"input": {"name": "A", "description": "mine"}})
        with running(other) as there:
            assert there != url
            planned = project.run("plan", server=there).out
    assert '"mine" -> "one"' in planned
    assert "made on the server" not in planned


def test_a_marked_library_is_known_under_another_address(project: Project) -> None:
    """The baseline that was written at one address counts at the other."""
    project.write("manifests/a.yaml", TAG)
    with Sandbox() as server:
        with running(server) as url:
            project.run("apply", "--auto-approve", server=url)
        server.library.mutate("tagUpdate", {"input": {"id": "1", "description": "mine"}})
        with running(server) as other:
            assert other != url
            assert "made on the server" in project.run("plan", server=other).out


def test_a_plan_for_one_library_is_refused_by_another_of_equal_paths(project: Project) -> None:
    """Two containers have the same paths; nothing is sent to the wrong one."""
    project.write("manifests/a.yaml", TAG)
    with Sandbox() as first, Sandbox() as other:
        with running(first) as url:
            project.run("apply", "--auto-approve", server=url)
            project.write("manifests/a.yaml", TAG.replace("one", "two"))
            project.run("plan", "--out", "kept.plan", server=url)
        with running(other) as url:
            ran = project.run("apply", "kept.plan", server=url)
        assert ran.code == 1
        assert "made for another library" in ran.err
        assert other.library.query("findTags", {})["count"] == 0


def test_a_baseline_of_another_library_is_not_used(project: Project) -> None:
    """A baseline of one library is not used for another one with the same ids."""
    project.write("manifests/a.yaml", TAG)
    with Sandbox() as first, Sandbox() as other:
        with running(first) as url:
            project.run("apply", "--auto-approve", server=url)
        other.library.mutate("tagCreate", {"input": {"name": "B", "description": "other"}})
        with running(other) as url:
            ran = project.run("plan", server=url)
        assert '+ tag "A"' in ran.out
        assert "since the last apply" not in ran.out.lower()


def test_a_plan_that_was_made_before_the_mark_is_still_about_the_library(project: Project) -> None:
    """The address identifies it; the plan is checked for staleness as usual."""
    project.write("manifests/a.yaml", TAG)
    with Sandbox() as server, running(server) as url:
        project.run("plan", "--out", "kept.plan", server=url)
        server.library.configure_plugin("stashsync", {"library": "marked meanwhile"})
        assert project.run("apply", "kept.plan", server=url).code == 0


def test_a_snapshot_has_the_identity_of_its_library(project: Project) -> None:
    """The baseline of the library counts for it."""
    project.write("manifests/a.yaml", TAG)
    with Sandbox() as server, running(server) as url:
        project.run("apply", "--auto-approve", server=url)
        project.run("snapshot", "library.json", server=url)
    project.write("manifests/a.yaml", TAG.replace("one", "two"))
    assert "made in the manifests" in project.run("plan", server="snapshot:library.json").out
