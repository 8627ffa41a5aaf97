"""What the project remembers between two runs: stories of the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from stashsync.sandbox import Sandbox, running
from tests.cli.project import Project, Ran

Mutate = Callable[..., Any]


@pytest.fixture
def mutate(project: Project) -> Mutate:
    """Return a function that changes the library as on the server's own pages."""

    def change(mutation: str, **fields: Any) -> Any:
        with Sandbox(str(project.root / "library.db")) as server:
            return server.library.mutate(mutation, {"input": fields})

    return change


def apply(project: Project, text: str) -> Ran:
    """Write the manifests and apply them."""
    project.write("manifests/tags.yaml", text)
    return project.run("apply", "--auto-approve")


def test_a_plugin_that_changes_what_was_written_is_noticed(project: Project) -> None:
    """It is the server's change: drift reports it, the third plan explains it, pull accepts it."""
    project.write("manifests/tags.yaml", "tags: [{name: A, description: d}]\n")

    with Sandbox() as server:
        inner = server.library.mutate

        def hooked(field: str, args: dict[str, Any]) -> Any:
            given = args.get("input", {})
            if given.get("description"):
                args = {"input": {**given, "description": given["description"] + " (x)"}}
            return inner(field, args)

        server.library.mutate = hooked  # type: ignore[method-assign]
        with running(server) as url:
            assert project.run("apply", "--auto-approve", server=url).code == 0
            ran = project.run("drift", server=url)
            assert "1 difference was made on the server" in ran.out
            assert "likely a plugin" not in ran.out
            assert project.run("apply", "--auto-approve", server=url).code == 0
            ran = project.run("plan", server=url)
            assert (
                'tag "A": its description was changed on the server after each of the last 2 '
                "applies; something there, likely a plugin, changes it" in " ".join(ran.out.split())
            )
            assert "no plugin listens to Tag.Update.Post" in ran.out
            assert project.run("pull", "--auto-approve", server=url).code == 0
            assert "description: d (x)" in project.read("manifests/tags.yaml")
            assert "No changes." in project.run("plan", server=url).out


def test_what_was_applied_beside_a_failure_is_remembered(project: Project, mutate: Mutate) -> None:
    """A is applied, B is refused; when A is set back on the server, the server changed it."""
    apply(project, "tags: [{name: A, description: one}]\n")
    project.root.joinpath("bad.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    project.write(
        "manifests/tags.yaml",
        "tags: [{name: A, description: two}, {name: B, image: bad.png}]\n",
    )
    with Sandbox(str(project.root / "library.db")) as server:
        inner = server.library.mutate

        def refusing(field: str, args: dict[str, Any]) -> Any:
            if "image" in args.get("input", {}):
                raise ValueError("this is no image")
            return inner(field, args)

        server.library.mutate = refusing  # type: ignore[method-assign]
        with running(server) as url:
            assert project.run("apply", "--auto-approve", server=url).code == 5
    mutate("tagUpdate", id="1", description="one")
    ran = project.run("drift")
    assert "1 difference was made on the server" in ran.out
    assert 'tag "A": description' in ran.out


def test_a_checkout_is_undone_by_a_pull_with_reset_alone(project: Project, mutate: Mutate) -> None:
    """A value was pulled and the file went back: that is the manifests' change, until `--reset`."""
    text = "tags:\n  - name: A\n    description: one\n  - name: B\n    description: one\n"
    apply(project, text)
    mutate("tagUpdate", id="1", description="two")
    mutate("tagUpdate", id="2", description="two")
    assert project.run("pull", "--auto-approve").code == 0
    pulled = project.read("manifests/tags.yaml")
    assert pulled == text.replace("one", "two")
    project.write("manifests/tags.yaml", text)
    ran = project.run("pull", "--auto-approve")
    assert "2 differences were made in the manifests and left alone" in ran.err
    assert project.read("manifests/tags.yaml") == text
    assert project.run("pull", "--reset", "--auto-approve", "tag:B").code == 0
    assert project.read("manifests/tags.yaml") == text.replace(
        "name: B\n    description: one", "name: B\n    description: two"
    )
    assert project.run("pull", "--reset", "--auto-approve").code == 0
    assert project.read("manifests/tags.yaml") == pulled
    assert project.run("pull", "--reset", "--ours", "--auto-approve").code == 64


def test_a_reset_takes_the_name_of_the_server_too(project: Project, mutate: Mutate) -> None:
    """The object is known by its id; the file went back to the name before the rename."""
    mutate("tagCreate", name="A")
    before = "tags:\n  - {id: 1, name: A}\n"
    apply(project, before)
    mutate("tagUpdate", id="1", name="A2")
    assert project.run("pull", "--auto-approve").code == 0
    assert "name: A2" in project.read("manifests/tags.yaml")
    project.write("manifests/tags.yaml", before)
    assert project.run("pull", "--auto-approve").code == 0
    assert project.read("manifests/tags.yaml") == before
    assert project.run("pull", "--reset", "--auto-approve").code == 0
    assert "name: A2" in project.read("manifests/tags.yaml")


def test_a_reset_asks_nothing_where_both_sides_changed(project: Project, mutate: Mutate) -> None:
    """A tag is gone on the server and was edited in the file, which is a conflict otherwise."""
    text = "tags:\n  - name: A\n  - name: B\n    description: one\n"
    apply(project, text)
    mutate("tagDestroy", id="2")
    edited = text.replace("one", "two")
    project.write("manifests/tags.yaml", edited)
    refused = project.run("pull", "--auto-approve")
    assert refused.code == 1
    assert project.read("manifests/tags.yaml") == edited
    assert project.run("pull", "--reset", "--auto-approve").code == 0
    assert project.read("manifests/tags.yaml") == "tags:\n  - name: A\n"


def test_a_reset_keeps_what_is_new_in_the_manifests(project: Project, mutate: Mutate) -> None:
    """Values come from the server; an object that it never had stays to be created."""
    apply(project, "tags:\n  - name: A\n    aliases: [x]\n  - name: B\n")
    mutate("tagUpdate", id="1", aliases=["u"])
    mutate("tagDestroy", id="2")
    text = "tags:\n  - name: A\n    aliases: [x, z]\n  - name: B\n    favorite: true\n  - New\n"
    project.write("manifests/tags.yaml", text)
    assert project.run("pull", "--reset", "--auto-approve").code == 0
    assert project.read("manifests/tags.yaml") == "tags:\n  - name: A\n    aliases: [u]\n  - New\n"
    assert "Plan: 1 to add, 0 to change" in project.run("plan").out


def test_a_tag_that_was_deleted_on_the_server_is_its_change(
    project: Project, mutate: Mutate
) -> None:
    """So is the reference to it, in a file that did not change; a pull removes both."""
    apply(
        project,
        "tags:\n  - A\n  - B\nperformers:\n  - name: Ada\n    tags: [A, B]\n",
    )
    mutate("tagDestroy", id="1")
    ran = project.run("drift")
    assert "2 differences were made on the server" in " ".join(ran.out.split())
    assert "on both sides" not in ran.out
    assert project.run("pull", "--auto-approve").code == 0
    assert project.read("manifests/tags.yaml") == (
        "tags:\n  - B\nperformers:\n  - name: Ada\n    tags: [B]\n"
    )


def test_an_undeclared_tag_that_was_renamed_is_followed(project: Project, mutate: Mutate) -> None:
    """The reference meant the object, which the baseline has by its former name."""
    mutate("tagCreate", name="Elsewhere")
    apply(project, "performers:\n  - name: Ada\n    tags: [Elsewhere]\n")
    mutate("tagUpdate", id="1", name="Nowhere")
    assert project.run("pull", "--auto-approve").code == 0
    assert project.read("manifests/tags.yaml") == (
        "performers:\n  - name: Ada\n    tags: [Nowhere]\n"
    )


def test_a_saved_plan_leaves_a_baseline_of_everything(project: Project, mutate: Mutate) -> None:
    """Objects that the plan does not touch were found equal; a pull knows who changed them."""
    apply(project, "tags: [{name: A, description: one}]\n")
    (state,) = project.root.glob(".stashsync/baseline-*.json")
    state.unlink()
    project.write("manifests/tags.yaml", "tags: [{name: A, description: one}, B]\n")
    project.run("plan", "--out", "kept.plan")
    assert project.run("apply", "kept.plan").code == 0
    mutate("tagUpdate", id="1", description="theirs")
    assert "1 difference was made on the server" in project.run("drift").out
