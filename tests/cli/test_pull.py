"""`pull`, `fmt` and `snapshot` as people run them."""

from __future__ import annotations

import json
import os
from typing import Any

import jsonschema
import pytest
from filelock import FileLock

from stashsync.cli import pulling
from stashsync.cli.writing import diff_text
from stashsync.render.documents import plan_schema, pull_schema
from stashsync.sandbox import Sandbox
from tests.cli.project import Project, Ran


@pytest.fixture
def applied(project: Project) -> Project:
    """Apply the project, so that it has a baseline."""
    assert project.run("apply", "--auto-approve").code == 0
    return project


def edit(project: Project, name: str, /, **fields: object) -> None:
    """Edit a tag as on the server's own pages."""
    with Sandbox(str(project.root / "library.db")) as server:
        rows = server.library.query("findTags", {"filter": {"per_page": -1}})["tags"]
        ids = {server.library.resolve(row, "name", {}): str(row["id"]) for row in rows}
        server.library.mutate("tagUpdate", {"input": {"id": ids[name], **fields}})


def test_the_first_pull_writes_what_plans_empty(applied: Project) -> None:
    """Into new files, with a baseline beside them that git does not see."""
    before = applied.read("manifests/tags.yaml")
    (applied.root / "manifests/tags.yaml").unlink()
    ran = applied.run("pull", "--auto-approve")
    assert ran.code == 0, ran.err
    assert "manifests/tags.yaml" in ran.out
    assert applied.read("manifests/tags.yaml") != before
    assert applied.run("plan", "--detailed-exitcode").code == 0
    assert applied.read(".stashsync/.gitignore") == "*\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# mine\n",
        "---\n",
        "{}\n",
        "tags: []\n",
        "tags:\n  # mine\nstudios: null\n",
        "null # mine\n",
    ],
)
def test_files_that_declare_nothing_are_filled(applied: Project, text: str) -> None:
    """Their comments stay, and what is written plans empty. Other commands take them for errors."""
    applied.write("manifests/tags.yaml", text)
    for _ in range(2):
        ran = applied.run("plan")
        assert ran.code == 1
        assert "declare nothing" in ran.err
        ran = applied.at_terminal("pull", answer="no\n")
        assert ran.code == 1
    assert applied.read("manifests/tags.yaml") == text
    ran = applied.run("pull", "--auto-approve")
    assert ran.code == 0, ran.err
    assert ("# mine" in applied.read("manifests/tags.yaml")) == ("# mine" in text)
    assert applied.run("plan", "--detailed-exitcode").code == 0


def test_files_that_cannot_get_everything_get_nothing(applied: Project) -> None:
    """Half of the library would be a small one to `prune`."""
    text = "tags: &none []\nstudios: *none\nperformers: *none\n"
    applied.write("manifests/tags.yaml", text)
    ran = applied.run("pull", "--auto-approve")
    assert ran.code == 1
    assert "nothing was written" in ran.err
    assert applied.read("manifests/tags.yaml") == text


def test_a_link_to_another_manifest_is_not_written_to(applied: Project) -> None:
    """It is not read as a manifest of its own, so nothing can be compared with what was read."""
    (applied.root / "manifests/tags.yaml").unlink()
    applied.write("manifests/more/all.yaml", "# mine\n")
    (applied.root / "manifests/tags.yaml").symlink_to("more/all.yaml")
    ran = applied.run("pull", "--auto-approve")
    assert ran.code == 1
    assert "manifests/tags.yaml is there already" in ran.err
    assert applied.read("manifests/more/all.yaml") == "# mine\n"


def test_a_manifest_that_is_new_meanwhile_is_read(applied: Project) -> None:
    """The pull begins anew, and what that file declares is not written twice."""
    applied.write("manifests/tags.yaml", "# mine\n")
    ran = applied.at_terminal(
        "pull",
        answer="yes\nyes\n",
        meanwhile=applied.appending("manifests/new.yaml", "tags: [Drone]"),
    )
    assert ran.code == 0, ran.err
    assert "Changed meanwhile: manifests/new.yaml" in ran.err
    assert applied.run("plan", "--detailed-exitcode").code == 0


def test_a_blank_manifest_may_have_a_name_that_is_no_utf_8(applied: Project) -> None:
    """It is shown escaped, and compared where it lies."""
    (applied.root / "manifests/tags.yaml").unlink()
    try:
        (applied.root / "manifests" / os.fsdecode(b"t\xff.yaml")).write_text("# mine\n")
    except OSError:
        pytest.skip("this file system has no such names")
    assert applied.run("pull", "--auto-approve").code == 0
    assert applied.run("plan", "--detailed-exitcode").code == 0


def test_a_file_in_place_of_the_folder_is_an_error(applied: Project) -> None:
    """Before anything is read or shown."""
    (applied.root / "manifests/tags.yaml").unlink()
    (applied.root / "manifests").rmdir()
    applied.write("manifests", "")
    ran = applied.run("pull", "--auto-approve")
    assert ran.code == 1
    assert "Error: the manifests folder is not a folder" in ran.err
    assert ran.out == ""


def test_a_pull_shows_and_writes_what_changed(applied: Project) -> None:
    """The difference on the standard output, the rest of the file as it was."""
    before = applied.read("manifests/tags.yaml")
    edit(applied, "Wide shot", name="Long shot")
    ran = applied.run("pull", "--auto-approve")
    assert ran.code == 0, ran.err
    assert "-      - name: Wide shot" in ran.out
    assert "+      - name: Long shot" in ran.out
    assert applied.read("manifests/tags.yaml") == before.replace("Wide shot", "Long shot")
    assert "No changes." in applied.run("pull", "--auto-approve").out


def test_what_a_merge_left_twice_is_pulled_once(applied: Project) -> None:
    """A stash_id that both tags had; the next pull has nothing to say."""
    (applied.root / "manifests/tags.yaml").unlink()
    box = {"endpoint": "https://box.example/graphql", "stash_id": "one"}
    with Sandbox(str(applied.root / "library.db")) as server:
        mutate = server.library.mutate
        into, merged = (
            str(mutate("tagCreate", {"input": {"name": name, "stash_ids": [box]}})["id"])
            for name in ("Tripod", "Tripods")
        )
        mutate("tagsMerge", {"input": {"source": [merged], "destination": into}})
    assert applied.run("pull", "--auto-approve").code == 0
    assert "box.example/graphql: one\n" in applied.read("manifests/tags.yaml")
    ran = applied.run("pull", "--auto-approve")
    assert ran.out == "No changes. Your manifests match the library.\n"
    assert "difference" not in ran.err


def test_a_pull_asks_and_needs_a_terminal(applied: Project) -> None:
    """Without a terminal and without --auto-approve nothing is even read."""
    ran = applied.run("pull")
    assert ran.code == 64
    assert "Give --auto-approve" in ran.err
    assert "plan --out" not in ran.err  # that is for `apply`
    assert applied.run("pull", "--ours", "--theirs", "--auto-approve").code == 64


def test_a_file_that_is_edited_while_pull_asks_keeps_the_edit(applied: Project) -> None:
    """The pull begins anew, shows what it is by now, and asks again."""
    edit(applied, "Wide shot", description="From afar")
    meanwhile = applied.appending("manifests/tags.yaml", "  - Mine  # not to be lost\n")
    ran = applied.at_terminal("pull", "--all-fields", answer="yes\nyes\n", meanwhile=meanwhile)
    assert ran.code == 0, ran.err
    assert "Changed meanwhile: manifests/tags.yaml. This is the pull by now:" in ran.err
    assert ran.err.count("Only 'yes' will be accepted") == 2
    text = applied.read("manifests/tags.yaml")
    assert "From afar" in text
    assert text.endswith("  - Mine  # not to be lost\n")


def test_a_file_that_appears_while_the_first_pull_asks_is_not_overwritten(
    applied: Project,
) -> None:
    """It has items by then, and is updated as any other."""
    path = applied.root / "manifests/tags.yaml"
    path.unlink()
    ran = applied.at_terminal(
        "pull", answer="yes\n", meanwhile=lambda: path.write_text("tags: [Mine]\n", "utf-8")
    )
    assert "Changed meanwhile: manifests/tags.yaml." in ran.err
    assert applied.read("manifests/tags.yaml") == "tags: [Mine]\n"


def test_drift_attributes_its_differences(applied: Project) -> None:
    """Where the last apply is known: in the text, on the standard output, before `apply` too."""
    edit(applied, "Wide shot", favorite=True, name="Long shot")
    applied.write("manifests/more.yaml", "tags: [Mine]\n")
    text = applied.read("manifests/tags.yaml").replace("        renamed_from: Wide angle\n", "")
    applied.write("manifests/tags.yaml", text)
    ran = applied.run("drift")
    assert ran.code == 2
    assert (
        "Since the last apply or pull: 1 difference was made on the server, 1 in the manifests."
        in ran.out
    )
    assert '  tag "Wide shot": name\n`stashsync pull` brings' in ran.out
    hidden = applied.run("drift", "--redact").out
    assert ": name\n" in hidden
    assert "Wide shot" not in hidden
    assert "1 difference was made on the server" in applied.run("apply", "--auto-approve").out


def test_reports_attribute_their_differences(project: Project) -> None:
    """JSON of each field and object, Markdown and HTML for people; null where it is unknown."""
    text = "tags:\n  - {name: A, description: one}\n  - {name: B, description: two}\n  - C\n"
    project.write("manifests/tags.yaml", text)
    project.run("apply", "--auto-approve")
    edit(project, "A", description="theirs")
    mine = (
        text.replace("one", "mine")
        .replace("two", "mine")
        .replace("- C", "- {name: C, favorite: true}")
    )
    project.write("manifests/tags.yaml", mine)
    pairs = (("markdown", "out.md"), ("html", "out.html"))
    words = [word for form, file in pairs for word in ("--format", form, "--output", file)]
    found = json.loads(project.run("drift", "--format", "json", *words).out)
    jsonschema.validate(found, plan_schema())
    assert found["changed_by"] == {"server": 0, "manifest": 1, "both": 1, "unknown": 1}
    sides = {change["name"]: change["changed_by"] for change in found["changes"]}
    assert sides == {"A": "both", "B": "manifest", "C": None}
    assert found["changes"][0]["attributes"]["description"]["changed_by"] == "both"
    assert '- `tag "A": description (changed on both sides)`' in project.read("out.md")
    page = project.read("out.html")
    assert "changed on both sides: description" in page
    assert '"changed_by":"both"' in page
    (project.root / ".stashsync").rename(project.root / "elsewhere")
    found = json.loads(project.run("drift", "--format", "json").out)
    assert found["changed_by"] is None
    assert {change["changed_by"] for change in found["changes"]} == {None}


def test_where_both_sides_changed_a_script_has_to_decide(applied: Project) -> None:
    """An error names the place; --theirs and --ours decide."""
    applied.write("manifests/tags.yaml", "tags:\n  - name: Travel\n    description: a\n")
    assert applied.run("apply", "--auto-approve").code == 0
    applied.write("manifests/tags.yaml", "tags:\n  - name: Travel\n    description: ours\n")
    edit(applied, "Travel", description="theirs")
    ran = applied.run("pull", "--auto-approve")
    assert ran.code == 1
    assert "both sides changed" in ran.err
    assert applied.run("pull", "--auto-approve", "--theirs").code == 0
    assert "description: theirs" in applied.read("manifests/tags.yaml")


def test_a_snapshot_stands_for_the_server(applied: Project) -> None:
    """It gives the same plan, and nothing can be sent to it."""
    assert applied.run("snapshot", "library.json").code == 0
    edit(applied, "Travel", description="later")
    ran = applied.run("plan", server="snapshot:library.json")
    assert ran.out.startswith("No changes.")
    assert applied.run("apply", "--auto-approve", server="snapshot:library.json").code == 1
    assert applied.run("plan", "--out", "x.plan", server="snapshot:library.json").code == 64


def test_a_redacted_snapshot_holds_no_more_than_the_manifests(applied: Project) -> None:
    """Undeclared objects keep their number; the plan is the same."""
    with Sandbox(str(applied.root / "library.db")) as server:
        server.library.mutate("tagCreate", {"input": {"name": "Secret", "aliases": ["Hidden"]}})
    edit(applied, "Drone", description="private")
    assert applied.run("snapshot", "--redact", "--images", "library.json").code == 0
    text = applied.read("library.json")
    assert not any(word in text for word in ("Secret", "Hidden", "private"))
    assert applied.run("plan", server="snapshot:library.json").out.startswith("No changes.")


def test_what_is_no_snapshot_is_an_error(applied: Project) -> None:
    """The error explains how to take one."""
    applied.write("x.json", '{"format": "other"}')
    ran = applied.run("plan", server="snapshot:x.json")
    assert ran.code == 1
    assert "stashsync snapshot FILE" in ran.err


def test_fmt_settles_the_style(project: Project) -> None:
    """--check shows what would change and writes nothing."""
    project.write("manifests/tags.yaml", 'tags:\n- name:  "A"   # a\n- B\n')
    ran = project.run("fmt", "--check", server=None)
    assert ran.code == 2
    assert "+  - name: A   # a" in ran.out
    assert project.run("fmt", server=None).out == "manifests/tags.yaml\n"
    assert project.read("manifests/tags.yaml") == "tags:\n  - name: A   # a\n  - B\n"
    assert project.run("fmt", "--check", server=None).code == 0


def test_new_objects_go_into_the_file_that_is_named(applied: Project) -> None:
    """--into makes the file, or adds to it; a file outside of the manifests is refused."""
    with Sandbox(str(applied.root / "library.db")) as server:
        server.library.mutate("tagCreate", {"input": {"name": "Fresh", "favorite": True}})
    assert applied.run("pull", "--auto-approve", "--into", "../x.yaml").code == 64
    assert applied.run("pull", "--auto-approve", "--into", "inbox.yaml").code == 0
    assert applied.read("manifests/inbox.yaml").endswith(
        "tags:\n  - name: Fresh\n    favorite: true\n"
    )
    assert applied.run("plan").out.startswith("No changes.")


def test_fields_that_are_not_managed_come_when_asked_for(applied: Project) -> None:
    """A bare name becomes an item with fields."""
    edit(applied, "Drone", description="from above")
    assert "No changes." in applied.run("pull", "--auto-approve").out
    assert applied.run("pull", "--auto-approve", "--all-fields").code == 0
    text = applied.read("manifests/tags.yaml")
    assert "      - name: Drone\n        description: from above\n" in text


def test_a_target_is_all_that_is_pulled(applied: Project) -> None:
    """Changes outside of it are pulled the next time."""
    applied.write(
        "manifests/tags.yaml",
        "tags:\n  - name: Camera\n    description: a\n  - name: Travel\n    description: b\n",
    )
    assert applied.run("apply", "--auto-approve").code == 0
    edit(applied, "Camera", description="c")
    edit(applied, "Travel", description="d")
    assert applied.run("pull", "--auto-approve", "--target", "tags:Cam*").code == 0
    assert "description: b" in applied.read("manifests/tags.yaml")
    assert applied.run("pull", "--auto-approve").code == 0
    assert "description: d" in applied.read("manifests/tags.yaml")


def test_an_item_whose_former_parent_is_deleted_causes_no_warning(applied: Project) -> None:
    """The same plan deletes what it was nested in: it stays below nothing."""
    applied.write(
        "manifests/tags.yaml",
        "tags:\n  - {name: Camera, state: absent}\n  - Wide shot\n  - Drone\n  - Travel\n",
    )
    ran = applied.run("plan")
    assert '- tag "Camera"' in ran.out
    assert "stays below" not in ran.out


def test_an_item_that_was_taken_out_of_its_place_causes_a_warning(applied: Project) -> None:
    """Pasted at the top, it stays where it is on the server: no manifest names its parents."""
    text = applied.read("manifests/tags.yaml")
    applied.write("manifests/tags.yaml", text.replace("      - Drone\n", "") + "  - Drone\n")
    ran = applied.run("plan")
    warning = 'Warning: tag "Drone" stays below "Camera" on the server'
    assert warning in ran.out
    assert "`parents: []` puts it at the top" in ran.out
    assert warning not in applied.run("plan", "--exclude", "tags:Drone").out
    moved = text.replace("      - Drone\n", "") + "  - name: Drone\n    parents: []\n"
    applied.write("manifests/tags.yaml", moved)
    ran = applied.run("plan")
    assert warning not in ran.out
    assert '"Drone" becomes a root' in ran.out


def test_an_empty_project_is_referred_to_the_ways_to_begin(project: Project) -> None:
    """By `init`, by errors of manifests that declare nothing, and a first pull mentions `init`."""
    project.run("apply", "--auto-approve")
    for name in ("manifests/tags.yaml", "stashsync.yaml"):
        (project.root / name).unlink()
    ways = project.run("plan").err
    for way in ("or let `stashsync pull` write", "`stashsync import`", "init --from genres`"):
        assert way in " ".join(ways.split())
    (project.root / "manifests").rmdir()
    assert "`stashsync pull` fills one" in project.run("plan").err
    assert "`stashsync init` adds the settings" in project.run("pull", "--auto-approve").err
    begun = project.run("init", server=None).out
    assert "stashsync pull " in begun
    assert "stashsync import " in begun


def account(ran: Ran) -> dict[str, Any]:
    """Read the JSON of a pull, which is all that is on the standard output."""
    found: dict[str, Any] = json.loads(ran.out)
    jsonschema.validate(found, pull_schema())
    return found


def test_programs_get_the_account_of_a_pull(applied: Project) -> None:
    """What was taken, what was left and why, what is new, and what no manifest names yet."""
    edit(applied, "Wide shot", name="Long shot")
    with Sandbox(str(applied.root / "library.db")) as server:
        server.library.mutate("tagCreate", {"input": {"name": "Found"}})
    text = applied.read("manifests/tags.yaml").replace(
        "- name: Travel", "- {name: Travel, favorite: true}"
    )
    applied.write("manifests/tags.yaml", text)
    edit(applied, "Travel", favorite=False)
    found = account(applied.run("pull", "--auto-approve", "--format", "json"))
    (name,) = [difference for difference in found["differences"] if difference["field"] == "name"]
    assert (name["manifest"], name["server"]) == ("Wide shot", "Long shot")
    assert (name["changed_by"], name["outcome"]) == ("server", "accepted")
    assert name["place"]["file"] == "manifests/tags.yaml"
    assert found["files"] == [{"file": "manifests/tags.yaml", "action": "update"}]
    assert found["written"] is True
    assert found["unnamed"] == {"tag": 1}
    text = applied.run("pull", "--auto-approve").err
    assert "No manifest names 1 tag of the server; --new adds them." in text
    found = account(applied.run("pull", "--new", "--auto-approve", "--format", "json"))
    assert found["added"] == [{"kind": "tag", "name": "Found"}]
    assert found["unnamed"] == {}


def test_the_account_of_a_first_pull_has_what_was_exported(applied: Project) -> None:
    """All of it is new."""
    (applied.root / "manifests/tags.yaml").unlink()
    found = account(applied.run("pull", "--auto-approve", "--format", "json"))
    assert found["files"] == [{"file": "manifests/tags.yaml", "action": "create"}]
    names = {row["name"] for row in found["added"]}
    assert names == {"Camera", "Drone", "Travel", "Wide shot"}
    assert found["written"] is True


def test_all_conflicts_are_reported_at_once(applied: Project) -> None:
    """Not the first alone; nothing is written, and the account has them undecided."""
    text = "tags:\n  - {name: Travel, description: a}\n  - {name: Drone, description: a}\n"
    applied.write("manifests/tags.yaml", text)
    applied.run("apply", "--auto-approve")
    ours = text.replace("a}", "ours}")
    applied.write("manifests/tags.yaml", ours)
    for name in ("Travel", "Drone"):
        edit(applied, name, description="theirs")
    ran = applied.run("pull", "--auto-approve", "--format", "json")
    assert ran.code == 1
    assert ran.err.count("Error: both sides changed") == 2
    assert "2 problems: both sides changed, and nothing was written. Give --theirs" in ran.err
    assert {difference["outcome"] for difference in account(ran)["differences"]} == {"undecided"}
    assert account(ran)["written"] is False
    assert applied.read("manifests/tags.yaml") == ours
    ran = applied.run("pull", "--auto-approve", "--ours", "--format", "json")
    assert ran.code == 0
    assert {difference["outcome"] for difference in account(ran)["differences"]} == {"left"}
    text = applied.run("pull", "--auto-approve").out
    assert text == "No changes. The server changed nothing that the manifests should accept.\n"


def test_a_target_that_nothing_matches_is_mentioned(project: Project) -> None:
    """A mistyped name must not look like success."""
    project.write("manifests/tags.yaml", "tags: [Lamp]\n")
    project.run("apply", "--auto-approve")
    ran = project.run("pull", "--target", "tag:Lmp", "--auto-approve")
    assert 'Warning: neither manifests nor library have a tag "Lmp"' in ran.err
    assert 'did you mean "Lamp"?' in ran.err
    assert "Warning" not in project.run("pull", "--target", "tag:Lamp", "--auto-approve").err


def test_pull_is_refused_while_an_apply_goes_on(applied: Project) -> None:
    """What the apply creates meanwhile would look deleted on the server."""
    edit(applied, "Travel", name="Trips")
    before = applied.read("manifests/tags.yaml")
    with FileLock(applied.root / ".stashsync/apply.lock"):
        ran = applied.run("pull", "--auto-approve")
    assert ran.code == 1
    assert "another apply of this project is running" in ran.err
    assert applied.read("manifests/tags.yaml") == before


def test_pull_begins_anew_where_another_command_applied_meanwhile(
    applied: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read before that, and is remembered after it, does not fit together."""
    edit(applied, "Travel", name="Trips")
    shown: list[str] = []

    def show(*args: Any) -> str:
        if not shown:
            (applied.root / ".stashsync/runs/other.jsonl").touch()
        shown.append(diff_text(*args))
        return shown[-1]

    monkeypatch.setattr(pulling, "diff_text", show)
    ran = applied.run("pull", "--auto-approve")
    assert ran.code == 0
    assert "Another command has applied or pulled something meanwhile." in ran.err
    assert len(shown) == 2
    assert "Trips" in applied.read("manifests/tags.yaml")
