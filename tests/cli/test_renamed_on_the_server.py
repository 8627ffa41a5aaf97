"""An object that was renamed in Stash's own pages is still that of its item.

Source: docs/planning-rules.md#matching
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from stashsync.sandbox import Sandbox, running
from tests.cli.project import Project

MANIFEST = "tags: [A, {name: P, children: [C]}]\n"


@pytest.fixture
def applied(project: Project) -> Iterator[tuple[str, Sandbox]]:
    """Serve a library that matches the manifests, and was applied from them."""
    project.write("manifests/tags.yaml", MANIFEST)
    with Sandbox() as server, running(server) as url:
        assert project.run("apply", "--auto-approve", server=url).code == 0
        yield url, server


def ids(server: Sandbox) -> dict[str, str]:
    """Return the ids of tags by name."""
    rows = server.library.query("findTags", {"filter": {"per_page": -1}})["tags"]
    return {row["name"]: str(row["id"]) for row in rows}


def rename(server: Sandbox, old: str, new: str, **more: Any) -> None:
    """Rename a tag as a person does in Stash's own pages."""
    given = {"id": ids(server)[old], "name": new, **more}
    server.library.mutate("tagUpdate", {"input": given})


def parents(server: Sandbox, name: str) -> list[str]:
    """Return the names of a tag's parents."""
    rows = server.library.query("findTags", {"filter": {"per_page": -1}})["tags"]
    (row,) = (row for row in rows if row["name"] == name)
    return [parent["name"] for parent in server.library.resolve(row, "parents", {})]


def test_a_rename_on_the_server_makes_no_twin(
    project: Project, applied: tuple[str, Sandbox]
) -> None:
    """The plan shows it; apply renames it back, and what is below it stays there."""
    url, server = applied
    before = ids(server)["P"]
    rename(server, "P", "P2")
    planned = project.run("plan", server=url).out
    assert '"P2" → "P"' in planned
    reason = "renamed on the server since the last apply or pull; pull takes the server's name"
    assert reason in planned
    assert "0 to add, 1 to change, 0 to destroy" in planned
    assert project.run("apply", "--auto-approve", server=url).code == 0
    assert ids(server)["P"] == before
    assert "P2" not in ids(server)
    assert parents(server, "C") == ["P"]
    assert "No changes." in project.run("plan", server=url).out


def test_a_rename_on_both_sides_makes_no_twin(
    project: Project, applied: tuple[str, Sandbox]
) -> None:
    """The object of the former name is remembered: it gets the manifest's name."""
    url, server = applied
    before = ids(server)["P"]
    rename(server, "P", "P2")
    project.write("manifests/tags.yaml", MANIFEST.replace("name: P", "name: Q, renamed_from: P"))
    planned = project.run("plan", server=url).out
    assert '"P2" → "Q"' in planned
    assert "0 to add, 1 to change, 0 to destroy" in planned
    assert project.run("apply", "--auto-approve", server=url).code == 0
    assert ids(server)["Q"] == before
    assert ids(server).keys() == {"A", "C", "Q"}
    assert "No changes." in project.run("plan", server=url).out


def test_a_former_name_that_is_that_of_another_item_now_is_its(
    project: Project, applied: tuple[str, Sandbox]
) -> None:
    """The item of that name follows the rename, and the other one is new."""
    url, server = applied
    before = ids(server)["P"]
    rename(server, "P", "P2")
    both = "tags: [A, C, {name: P}, {name: Q, renamed_from: P}]\n"
    project.write("manifests/tags.yaml", both)
    assert project.run("apply", "--auto-approve", server=url).code == 0
    assert ids(server)["P"] == before
    assert ids(server).keys() == {"A", "C", "P", "Q"}


def test_pull_takes_the_name_of_the_server(project: Project, applied: tuple[str, Sandbox]) -> None:
    """Afterwards manifests and server are equal again."""
    url, server = applied
    rename(server, "P", "P2")
    assert project.run("pull", "--auto-approve", server=url).code == 0
    assert "P2" in project.read("manifests/tags.yaml")
    assert "No changes." in project.run("plan", server=url).out


def test_a_rename_beside_a_new_object_of_the_old_name_is_an_error(
    project: Project, applied: tuple[str, Sandbox]
) -> None:
    """It names both, and the two ways out."""
    url, server = applied
    rename(server, "P", "P2")
    server.library.mutate("tagCreate", {"input": {"name": "P"}})
    ran = project.run("plan", server=url)
    assert ran.code == 1
    was, now = ids(server)["P2"], ids(server)["P"]
    assert f'it was "P2" (id {was}) at the last apply or pull' in ran.err
    assert f'"P" (id {now})' in ran.err
    assert f"write `id: {was}` or `id: {now}`" in ran.err


def test_an_item_that_was_renamed_in_the_manifest_is_not_remembered(
    project: Project, applied: tuple[str, Sandbox]
) -> None:
    """Its new name is another item; `renamed_from` is how a manifest renames."""
    url, _ = applied
    project.write("manifests/tags.yaml", MANIFEST.replace("P,", "Q,"))
    planned = project.run("plan", server=url).out
    assert '+ tag "Q"' in planned
    assert "renamed on the server" not in planned


def test_an_item_to_delete_never_follows_a_rename(
    project: Project, applied: tuple[str, Sandbox]
) -> None:
    """The object that was renamed on the server is not the one that the manifest deletes."""
    url, server = applied
    rename(server, "A", "Kept")
    project.write("manifests/tags.yaml", MANIFEST.replace("A,", "{name: A, state: absent},"))
    assert "0 to destroy" in project.run("plan", server=url).out or "No changes." in (
        project.run("plan", server=url).out
    )
    project.run("apply", "--auto-approve", server=url)
    assert "Kept" in ids(server)


def test_a_baseline_with_other_ids_is_not_used(
    project: Project, applied: tuple[str, Sandbox]
) -> None:
    """After an import the ids are others: no name goes to another object."""
    _, server = applied
    for identifier in ids(server).values():
        server.library.mutate("tagDestroy", {"input": {"id": identifier}})
    with Sandbox() as other, running(other) as there:
        mark = server.library.plugin_settings({})["stashsync"]
        other.library.configure_plugin("stashsync", mark)
        for name in ("C", "A", "P"):
            other.library.mutate("tagCreate", {"input": {"name": name}})
        parent = {"id": ids(other)["C"], "parent_ids": [ids(other)["P"]]}
        other.library.mutate("tagUpdate", {"input": parent})
        ran = project.run("plan", server=there)
        assert "No changes." in ran.out
        assert "belong to other objects now" in ran.out + ran.err
