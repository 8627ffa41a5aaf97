"""`import` as people run it."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import jsonschema
import pytest

from stashsync.render.documents import import_schema
from tests.cli.project import Project, Terminal

TABLE = """\
name,aliases,parent,description
Wide shot,Long shot; Establishing shot,Camera,From far away
Drone,Wide shot,Travel,
Boat,,Sea,
"""


def test_a_table_is_imported_planned_and_applied(project: Project) -> None:
    """No server takes part in the import; a second one changes nothing."""
    project.write("tags.csv", TABLE)
    ran = project.run("import", "csv", "tags.csv", "--auto-approve", server=None)
    assert ran.code == 0, ran.err
    assert ran.err == (
        'Left out: tag "Drone" (tags.csv:3): aliases: "Wide shot" is the name of tag "Wide shot" '
        "(manifests/tags.yaml:4:9)\n"
        "\n2 tags to add; 2 were there, of which 2 get what they lack, 1 thing left out.\n"
        "Wrote 2 files.\n"
        "Nothing was sent: see `stashsync plan`.\n"
    )
    assert "+        aliases: [Establishing shot, Long shot]\n" in ran.out
    assert project.read("manifests/imported.yaml").endswith(
        "tags:\n  - name: Sea\n    children:\n      - Boat\n"
    )
    assert project.run("validate", server=None).code == 0
    assert project.run("apply", "--auto-approve").code == 0
    assert project.run("plan", "--detailed-exitcode").code == 0
    again = project.run("import", "csv", "tags.csv", "--auto-approve", server=None)
    assert again.code == 0
    everything = "No changes. Your manifests have everything of tags.csv that was not left out.\n"
    assert again.out == everything


def test_nothing_is_needed_to_begin(project: Project) -> None:
    """No settings, no manifests, no server: the folder is the project."""
    for name in ("stashsync.yaml", "manifests/tags.yaml"):
        (project.root / name).unlink()
    (project.root / "manifests").rmdir()
    project.write("genres.txt", "Rock\n  Hard rock\nJazz\n")
    ran = project.run("import", "txt", "genres.txt", "--auto-approve", server=None)
    assert ran.code == 0, ran.err
    assert project.run("validate", server=None).code == 0
    assert "Plan: 3 to add" in project.run("plan", server="sandbox:").out


def test_only_yes_writes(project: Project) -> None:
    """Without a terminal the approval is given beforehand, and a dry run needs none."""
    project.write("names.json", '{"tags": ["Boat"], "performers": [{"name": "Ada"}]}')
    args = ("import", "json", "names.json")
    assert project.run(*args).code == 64
    ran = project.run(*args, "--dry-run")
    assert ran.code == 0
    assert "+  - Boat\n" in ran.out
    assert "1 tag and 1 performer to add." in ran.err
    ran = project.at_terminal(*args, answer="y\n")
    assert ran.code == 1
    assert "Import cancelled." in ran.err
    assert not (project.root / "manifests/imported.yaml").exists()
    assert project.at_terminal(*args, answer="yes\n").code == 0
    assert "  - Boat\n" in project.read("manifests/imported.yaml")


def test_the_standard_input_is_a_source(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` reads it; new objects go to the file that is named, and kinds are those of a word."""
    stdin = io.TextIOWrapper(io.BytesIO(b"North\nBig > North Kids\n"))
    monkeypatch.setattr(sys, "stdin", stdin)
    ran = project.run(
        "import", "txt", "-", "--kind", "studio", "--into", "studios.yaml", "--auto-approve"
    )
    assert ran.code == 0, ran.err
    assert "studios:\n  - name: Big\n" in project.read("manifests/studios.yaml")


def test_what_was_left_out_is_not_among_everything(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written, and what the manifests do not have is not passed over."""
    table = b"name,aliases\nBoat,Ship\nShip,\n"
    for end in ("", "No changes. Your manifests have everything of the standard input that was "):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(table)))
        ran = project.run("import", "csv", "-", "--auto-approve")
        assert (ran.code, 'Left out: tag "Boat"' in ran.err) == (0, True)
        assert ran.out.startswith(end)


def test_a_long_list_of_what_was_left_out_is_cut(project: Project) -> None:
    """The count is whole, and the document for programs has the rest."""
    rows = "".join(f"Boat {number},Ship\n" for number in range(300))
    project.write("tags.csv", f"name,aliases\nShip,\n{rows}")
    ran = project.run("import", "csv", "tags.csv", "--dry-run", server=None)
    assert ran.err.count("Left out: ") == 20
    assert "\n… and 280 more; `--dry-run --format json` has them all.\n" in ran.err
    assert "300 things left out" in ran.err
    whole = project.run("import", "csv", "tags.csv", "--dry-run", "--format", "json", server=None)
    assert len(json.loads(whole.out)["left_out"]) == 300


def test_the_document_for_programs_has_everything(project: Project) -> None:
    """It is valid against its schema, and nothing else is on the standard output."""
    project.write("tags.csv", TABLE)
    ran = project.run("import", "csv", "tags.csv", "--auto-approve", "--format", "json")
    found = json.loads(ran.out)
    jsonschema.validate(found, import_schema())
    assert found["written"]
    assert [each["file"] for each in found["files"]] == [
        "manifests/tags.yaml", "manifests/imported.yaml"
    ]  # fmt: skip
    assert found["added"] == [{"kind": "tag", "name": "Sea"}, {"kind": "tag", "name": "Boat"}]
    assert found["matched"] == 2
    first = next(each for each in found["changes"] if each["field"] == "aliases")
    assert (first["name"], first["before"], first["after"], first["outcome"]) == (
        "Wide shot", None, ["Establishing shot", "Long shot"], "accepted"
    )  # fmt: skip
    assert [(each["name"], each["place"], each["other"]) for each in found["left_out"]] == [
        ("Drone", "tags.csv:3", "manifests/tags.yaml:4:9")
    ]


def test_every_fault_of_a_source_is_reported_and_nothing_written(project: Project) -> None:
    """With its line and a caret."""
    project.write("tags.csv", "name,favorite\nBoat,maybe\n,true\n")
    ran = project.run("import", "csv", "tags.csv", "--auto-approve")
    assert ran.code == 1
    assert "tags.csv:2:6\n     2 | Boat,maybe\n       |      ^\n" in ran.err
    assert "tags.csv:3:1" in ran.err
    assert "2 problems in the source." in ran.err
    assert not (project.root / "manifests/imported.yaml").exists()
    missing = project.run("import", "csv", "none.csv", "--auto-approve")
    assert (missing.code, "cannot read none.csv" in missing.err) == (1, True)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--kind", "scenes"], "there is no kind 'scenes'"),
        (["--kind", "saved_filters"], "saved_filters cannot be imported"),
        (["--map", "x"], "write COLUMN=FIELD"),
        (["--update", "tags"], "lists get what they lack"),
        (["--into", "../x.yaml"], "--into names a .yaml file"),
        (["--into", ".x.yaml"], "without a leading dot"),
        (["--into", ".git/x.yaml"], "without a leading dot"),
        (["--into", "x" * 300 + ".yaml"], "File name too long"),
        (["--delimiter", "ab"], "--delimiter is one character"),
    ],
)
def test_wrong_usage_is_explained(project: Project, args: list[str], words: str) -> None:
    """Exit code 64."""
    project.write("tags.csv", TABLE)
    ran = project.run("import", "csv", "tags.csv", "--auto-approve", *args)
    assert ran.code == 64
    assert words in " ".join(ran.err.split())


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="a device of Unix")
def test_a_file_without_an_end_is_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more of it is read than what shows that it is too large."""
    monkeypatch.setattr("stashsync.sources.texts.SIZE_LIMIT", 1000)
    ran = project.run("import", "txt", "/dev/zero", "--auto-approve")
    assert ran.code == 1
    assert "this file has more than 1,000 bytes" in ran.err


def test_new_objects_do_not_go_to_what_no_manifest_is_read_from(project: Project) -> None:
    """A folder with the name of a file, and links in a ring: both end with their place."""
    project.write("tags.csv", TABLE)
    (project.root / "manifests/folder.yaml").mkdir()
    (project.root / "manifests/ring.yaml").symlink_to("ring.yaml")
    for name, words in [("folder", "is not read as a manifest"), ("ring", "lead in a ring")]:
        args = ["--auto-approve", "--into", f"{name}.yaml"]
        ran = project.run("import", "csv", "tags.csv", *args)
        assert ran.code == 64
        assert words in " ".join(ran.err.split())


def test_the_folder_of_manifests_may_be_a_link(project: Project, tmp_path: Path) -> None:
    """To a folder outside the project: files are named as the settings name the folder."""
    project.write("tags.csv", "name\nBoat\n")
    (project.root / "manifests").rename(tmp_path / "elsewhere")
    (project.root / "manifests").symlink_to(tmp_path / "elsewhere")
    ran = project.run("import", "csv", "tags.csv", "--auto-approve")
    assert ran.code == 0, ran.err
    assert "Boat" in (tmp_path / "elsewhere/imported.yaml").read_text()


def test_files_that_change_before_the_answer_are_merged_anew(project: Project) -> None:
    """The import begins again, shows what it is by now, and asks again."""
    project.write("tags.csv", "name\nBoat\n")
    text = project.read("manifests/tags.yaml")

    def meanwhile() -> None:
        project.write("manifests/tags.yaml", text + "  - Boat\n")

    ran = project.at_terminal("import", "csv", "tags.csv", answer="yes\n", meanwhile=meanwhile)
    assert ran.code == 0
    assert "Changed meanwhile: manifests/tags.yaml." in ran.err
    assert "No changes." in ran.out
    assert not (project.root / "manifests/imported.yaml").exists()


def test_the_group_lists_its_sources(project: Project) -> None:
    """`-C` may stand behind the source."""
    assert "csv" in project.run("import", "--help").out
    project.write("elsewhere/names.txt", "A\n")
    ran = project.run("import", "txt", "elsewhere/names.txt", "-C", "elsewhere", "--auto-approve")
    assert ran.code == 0, ran.err
    assert (project.root / "elsewhere/manifests/imported.yaml").is_file()


def test_a_terminal_is_asked_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the document on the standard output, the difference is shown on the other stream."""
    project.write("tags.csv", "name\nBoat\n")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", Terminal("yes\n"))
        patch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        ran = project.run("import", "csv", "tags.csv", "--format", "json")
    assert "+  - Boat" in ran.err
    assert json.loads(ran.out)["written"]


def test_an_export_of_stash_is_imported(project: Project) -> None:
    """With its images; they are listed, and a second import changes nothing."""
    recorded = Path(__file__).parents[1] / "data" / "export" / "objects.zip"
    ran = project.run("import", "export", str(recorded), "--auto-approve", server=None)
    assert ran.code == 0, ran.err
    assert "+++ images/tags/travel-3fd6e6be.png (new, 73 bytes)\n" in ran.out
    assert (project.root / "images/tags/travel-3fd6e6be.png").is_file()
    assert "Wrote 7 files.\n" in ran.err
    assert project.run("validate", server=None).code == 0
    again = project.run("import", "export", str(recorded), "--auto-approve", server=None)
    assert "No changes." in again.out
    assert project.run("apply", "--auto-approve").code == 0
    assert project.run("plan", "--detailed-exitcode").code == 0
