"""A library whose ids differ from the remembered ones: no name goes to another object.

The mark of a library is in the server's configuration. So it stays where a backup is restored, and
where everything is imported anew.

Source: docs/planning-rules.md#matching
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stashsync.sandbox import Sandbox, running
from tests.cli.project import Project
from tests.cli.test_renamed_on_the_server import ids

MANIFEST = "tags:\n  - {name: A, description: one}\n  - B\n  - {name: C, children: [D]}\n"


def later() -> datetime:
    """Return a time after every time stamp so far."""
    return datetime.now(UTC) + timedelta(hours=1)


@contextmanager
def served(path: Path, *, late: bool = False, like: Sandbox | None = None) -> Generator[Sandbox]:
    """Open a library that is kept in a file, with the mark of another."""
    with Sandbox(str(path), clock=later if late else None) as server:
        if like is not None:
            mark = like.library.plugin_settings({})["stashsync"]
            server.library.configure_plugin("stashsync", mark)
        yield server


def run(project: Project, server: Sandbox, *args: str) -> str:
    """Run a command that succeeds; return all that it prints."""
    with running(server) as url:
        ran = project.run(*args, server=url)
    assert ran.code == 0, ran.out + ran.err
    return ran.out + ran.err


def make(server: Sandbox, names: Iterable[str]) -> None:
    """Make tags of these names."""
    for name in names:
        server.library.mutate("tagCreate", {"input": {"name": name}})


@pytest.fixture
def first(project: Project, tmp_path: Path) -> Iterator[Sandbox]:
    """Apply the manifests to a library."""
    with served(tmp_path / "library") as server:
        project.write("manifests/tags.yaml", "tags: [{name: A, description: one}]\n")
        run(project, server, "apply", "--auto-approve")
        project.write("manifests/tags.yaml", MANIFEST)
        run(project, server, "apply", "--auto-approve")
        yield server


def test_after_a_full_import_no_name_goes_to_another_object(
    project: Project, first: Sandbox, tmp_path: Path
) -> None:
    """Pull leaves the files alone, plan has nothing to do, and the old memory is kept aside."""
    with served(tmp_path / "imported", like=first) as server:
        make(server, "DCBA")
        for name, fields in (
            ("A", {"description": "one"}),
            ("D", {"parent_ids": [ids(server)["C"]]}),
        ):
            given = {"id": ids(server)[name], **fields}
            server.library.mutate("tagUpdate", {"input": given})
        planned = run(project, server, "plan")
        assert "No changes." in planned
        assert "belong to other objects now" in planned
        pulled = run(project, server, "pull", "--auto-approve")
        assert "belong to other objects now" in pulled
        assert project.read("manifests/tags.yaml") == MANIFEST
        kept = sorted(path.name for path in (project.root / ".stashsync").glob("baseline-*"))
        assert len(kept) == 2
        assert re.fullmatch(r"baseline-\w+\.json\.\d{4}-\d\d-\d\d", kept[1])
        assert "belong to other objects now" not in run(project, server, "plan")


def test_after_a_full_import_an_older_object_is_not_taken_for_one_that_was_renamed(
    project: Project, first: Sandbox, tmp_path: Path
) -> None:
    """An import keeps the times: what has the id of `B`, which is gone, is not younger than it."""
    now = datetime.now(UTC)
    moments = dict.fromkeys("ACD", now) | {"Bz": now - timedelta(days=1)}
    moment = [now]
    with Sandbox(str(tmp_path / "imported"), clock=lambda: moment[0]) as server:
        mark = first.library.plugin_settings({})["stashsync"]
        server.library.configure_plugin("stashsync", mark)
        for name in ("A", "Bz", "C", "D"):
            moment[0] = moments[name]
            make(server, [name])
        for given in ({"id": "1", "description": "one"}, {"id": "4", "parent_ids": ["3"]}):
            server.library.mutate("tagUpdate", {"input": given})
        assert ids(server)["Bz"] == ids(first)["B"]
        planned = run(project, server, "plan")
        assert '+ tag "B"' in planned
        assert "renamed on the server" not in planned
        run(project, server, "pull", "--auto-approve")
        assert "Bz" not in project.read("manifests/tags.yaml")


def test_on_a_copy_of_the_server_an_older_object_is_not_taken_for_one_that_was_renamed(
    project: Project, first: Sandbox, tmp_path: Path
) -> None:
    """The copy has the mark, as it has the configuration. Then each goes its own way."""
    project.write("manifests/tags.yaml", MANIFEST + "  - New\n")
    run(project, first, "apply", "--auto-approve")
    moment = [datetime.now(UTC) - timedelta(days=2)]
    with Sandbox(str(tmp_path / "copy"), clock=lambda: moment[0]) as server:
        mark = first.library.plugin_settings({})["stashsync"]
        server.library.configure_plugin("stashsync", mark)
        make(server, "ABCD")
        moment[0] += timedelta(days=1)
        make(server, ["Of the copy"])
        for given in ({"id": "1", "description": "one"}, {"id": "4", "parent_ids": ["3"]}):
            server.library.mutate("tagUpdate", {"input": given})
        assert ids(server)["Of the copy"] == ids(first)["New"]
        planned = run(project, server, "plan")
        assert '+ tag "New"' in planned
        assert "renamed on the server" not in planned
    with running(first) as url:
        first.library.mutate("tagUpdate", {"input": {"id": ids(first)["New"], "name": "Newer"}})
        assert "renamed on the server" in project.run("plan", server=url).out


@pytest.mark.parametrize("undeclared", ["Z", "zero"])
def test_after_a_restored_backup_new_objects_are_not_taken_for_old_ones(
    project: Project, first: Sandbox, tmp_path: Path, undeclared: str
) -> None:
    """What was made since the backup is gone, and its ids go to what is made next."""
    assert ids(first)["B"] == "2"
    with served(tmp_path / "restored", late=True, like=first) as server:
        make(server, ["A", undeclared])
        server.library.mutate("tagUpdate", {"input": {"id": "1", "description": "one"}})
        assert ids(server)[undeclared] == "2"
        planned = run(project, server, "plan")
        assert '+ tag "B"' in planned
        assert "renamed on the server" not in planned
        run(project, server, "pull", "--auto-approve")
        assert undeclared not in project.read("manifests/tags.yaml")
        run(project, server, "apply", "--auto-approve")
        assert ids(server)[undeclared] == "2"
        assert "B" in ids(server)


def test_the_id_of_an_object_that_is_gone_may_be_that_of_another_item(
    project: Project, first: Sandbox, tmp_path: Path
) -> None:
    """After an import without `A`, its id is that of `B`, which is still `B`."""
    with served(tmp_path / "imported", like=first) as server:
        make(server, "BCD")
        server.library.mutate("tagUpdate", {"input": {"id": "3", "parent_ids": ["2"]}})
        planned = run(project, server, "plan")
        assert "renamed on the server" not in planned
        run(project, server, "apply", "--auto-approve")
        assert ids(server) == {"B": "1", "C": "2", "D": "3", "A": "4"}
        run(project, server, "pull", "--auto-approve")
        assert project.read("manifests/tags.yaml") == MANIFEST


def test_pull_takes_no_name_of_another_item(
    project: Project, first: Sandbox, tmp_path: Path
) -> None:
    """That `A` is gone is all that changed, though its id is that of `B`."""
    with served(tmp_path / "small", like=first) as server:
        project.write("manifests/tags.yaml", "tags: [A, B]\n")
        make(server, "AB")
        run(project, server, "pull", "--auto-approve")
    with served(tmp_path / "imported", like=first) as server:
        make(server, "B")
        run(project, server, "pull", "--auto-approve")
        assert project.read("manifests/tags.yaml") == "tags: [B]\n"


def test_a_memory_of_two_containers_with_equal_paths_is_kept_apart(
    project: Project, first: Sandbox, tmp_path: Path
) -> None:
    """Each has its own mark and baseline; ids of one mean nothing for the other."""
    with served(tmp_path / "other") as server:
        make(server, ["Z", "Y", "D", "C"])
        run(project, server, "apply", "--auto-approve")
        assert {name: ids(server)[name] for name in "ZY"} == {"Z": "1", "Y": "2"}
    assert len(list((project.root / ".stashsync").glob("baseline-*.json"))) == 2
    assert "No changes." in run(project, first, "plan")


FAVORITES = "tags: [{name: A, favorite: true}, {name: B, favorite: true}, C, D]\n"


def favorites(server: Sandbox) -> dict[str, bool]:
    """Return which tags are favorites, by name."""
    rows = server.library.query("findTags", {"filter": {"per_page": -1}})["tags"]
    return {row["name"]: bool(row["favorite"]) for row in rows}


def imported(server: Sandbox) -> None:
    """Make the tags of the manifests, all of them favorites, with ids in another order."""
    for name in "DCBA":
        server.library.mutate("tagCreate", {"input": {"name": name, "favorite": True}})


def test_after_a_full_import_no_earlier_run_is_taken_back(
    project: Project, first: Sandbox, tmp_path: Path
) -> None:
    """Its ids are those of other objects; a run after the import is taken back as ever."""
    project.write("manifests/tags.yaml", FAVORITES)
    run(project, first, "apply", "--auto-approve")
    with served(tmp_path / "imported", late=True, like=first) as server, running(server) as url:
        imported(server)
        refused = project.run("undo", "--auto-approve", server=url)
        assert refused.code == 1
        assert "the ids of this library are others than at the run" in refused.err
        assert all(favorites(server).values())

        project.write("manifests/tags.yaml", FAVORITES.replace("C", "{name: C, favorite: false}"))
        assert project.run("apply", "--auto-approve", server=url).code == 0
        assert project.run("undo", "--auto-approve", server=url).code == 0
        assert all(favorites(server).values())
        refused = project.run("undo", "--auto-approve", server=url)
        assert refused.code == 1
        assert "the ids of this library are others than at the run" in refused.err
        assert all(favorites(server).values())


def test_after_a_restored_backup_a_run_is_not_taken_back_on_a_later_object(
    project: Project, first: Sandbox, tmp_path: Path
) -> None:
    """The id of `B` was given to another one, which has by chance what the run wrote."""
    project.write("manifests/tags.yaml", FAVORITES)
    run(project, first, "apply", "--auto-approve")
    with served(tmp_path / "restored", late=True, like=first) as server:
        for name in "AZ":
            server.library.mutate("tagCreate", {"input": {"name": name, "favorite": True}})
        assert ids(server)["Z"] == ids(first)["B"]
        undone = run(project, server, "undo", "--auto-approve")
        assert 'tag "B" stays as it is: its id is that of another one by now, "Z"' in undone
        assert favorites(server) == {"A": False, "Z": True}


def test_a_run_is_taken_back_on_what_was_renamed_since(project: Project, first: Sandbox) -> None:
    """It is the same object: it was there before the run."""
    project.write("manifests/tags.yaml", FAVORITES)
    run(project, first, "apply", "--auto-approve")
    given = {"id": ids(first)["B"], "name": "Z"}
    first.library.mutate("tagUpdate", {"input": given})
    run(project, first, "undo", "--auto-approve")
    assert favorites(first) == {"A": False, "Z": False, "C": False, "D": False}
