"""What each verb writes, and where."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys

import httpx
import pytest

from stashsync.cli.program import VERBS, group
from stashsync.manifest.settings import parse_settings
from stashsync.planner import saved
from stashsync.sandbox import Sandbox, running
from tests.cli.project import Project


def test_validate_counts_what_it_found(project: Project) -> None:
    """The numbers are on the standard output, and no server is needed."""
    ran = project.run("validate", server=None)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "Success! The manifests are valid: 4 tags in 1 file.\n"


def test_validate_reports_every_problem_at_once(project: Project) -> None:
    """All files, each problem with its place; nothing on the standard output."""
    project.write("manifests/a.yaml", "tags:\n  - name: A\n    colour: red\n")
    project.write("manifests/b.yaml", "tags:\n  - name: B\n    parents: [Camrea]\n")
    ran = project.run("validate", server=None)
    assert (ran.code, ran.out) == (1, "")
    assert "manifests/a.yaml:3:5" in ran.err
    assert "colour" in ran.err
    assert "1 problem" in ran.err or "2 problems" in ran.err


def test_problems_of_the_settings_do_not_hide_those_of_the_manifests(project: Project) -> None:
    """Both are shown in one run."""
    project.write("stashsync.yaml", "servr: {}\n")
    project.write("manifests/a.yaml", "tags:\n  - name: A\n    colour: red\n")
    ran = project.run("validate", server=None)
    assert ran.code == 1
    assert "stashsync.yaml:1:1" in ran.err
    assert "manifests/a.yaml:3:5" in ran.err


def test_reading_a_project_writes_nothing_into_it(project: Project) -> None:
    """`git add .` after `validate` and `plan` finds nothing of ours: the cache is the user's."""
    assert project.run("plan").code == 0
    before = sorted(project.root.rglob("*"))
    for _ in range(2):
        assert project.run("validate").code == 0
        assert project.run("plan").code == 0
    assert sorted(project.root.rglob("*")) == before
    assert not (project.root / ".stashsync").exists()


def test_plan_shows_and_changes_nothing(project: Project) -> None:
    """The plan is the same a second time."""
    first, second = project.run("plan"), project.run("plan")
    assert first.code == 0
    assert "Plan: 4 to add, 0 to change, 0 to destroy." in first.out
    assert second.out == first.out


def test_plan_writes_several_formats_at_once(project: Project) -> None:
    """Each output belongs to the format at its place; one goes to the standard output."""
    ran = project.run("plan", "--format", "json", "--output", "plan.json", "--format", "text")
    assert "0 to destroy\n" in ran.out
    assert json.loads(project.read("plan.json"))["summary"]["create"] == 4
    pure = project.run("plan", "--format", "json")
    assert json.loads(pure.out)["summary"]["create"] == 4


def test_plan_keeps_a_plan_that_apply_carries_out(project: Project) -> None:
    """What was approved is what is done; the next plan is empty."""
    kept = project.run("plan", "--out", "kept.plan")
    assert "stashsync apply kept.plan" in kept.err
    assert len(saved.load((project.root / "kept.plan").read_bytes()).changes) == 4
    shown = project.run("show", "kept.plan", server=None)
    # What to expect was known when there was a server to ask.
    assert kept.out.startswith(shown.out)
    assert kept.out.removeprefix(shown.out).startswith("\nExpected: ")
    applied = project.run("apply", "kept.plan")
    assert applied.code == 0
    origin, account = applied.out.split("\n\n")
    assert origin.startswith("stashsync apply on sandbox:library.db, ")
    assert account == "Apply complete! Resources: 4 added, 0 changed, 0 destroyed.\n"
    assert project.run("plan").out == "No changes. Your library matches the manifests.\n"


def test_apply_warns_of_a_changed_manifest_and_executes_the_plan(project: Project) -> None:
    """The saved plan is executed; changed manifests cause a warning."""
    project.run("plan", "--out", "kept.plan")
    project.write("manifests/more.yaml", "tags: [Another]\n")
    ran = project.run("apply", "kept.plan")
    assert ran.code == 0
    assert "manifests have changed" in ran.err
    assert "Another" in project.run("plan").out


def test_apply_shows_its_plan_and_its_account(project: Project) -> None:
    """Both are results; a report can be kept and shown again, events followed."""
    ran = project.run(
        "apply", "--auto-approve", "--events", "events.jsonl", "--max-batch", "2",
        "--format", "json", "--output", "report.json", "--format", "text",
    )  # fmt: skip
    assert ran.code == 0
    assert '# tag "Wide shot" will be created' in ran.out
    assert ran.out.endswith("Apply complete! Resources: 4 added, 0 changed, 0 destroyed.\n")
    shown = project.run("show", "report.json", server=None)
    origin, account = shown.out.split("\n\n")
    assert origin.startswith("stashsync apply on sandbox:library.db, ")
    assert account == "Apply complete! Resources: 4 added, 0 changed, 0 destroyed.\n"
    events = [json.loads(line) for line in project.read("events.jsonl").splitlines()]
    assert (
        max(len(event.get("operations") or []) for event in events if event["event"] == "sending")
        <= 2
    )
    assert [event["status"] for event in events if event["event"] == "settled"] == ["applied"] * 4


def test_apply_in_json_keeps_the_standard_output_pure(project: Project) -> None:
    """The plan is shown on the standard error then."""
    ran = project.run("apply", "--auto-approve", "--format", "json")
    assert json.loads(ran.out)["summary"]["added"] == 4
    assert "Plan: 4 to add" in ran.err


def test_a_rename_is_an_update(project: Project) -> None:
    """`renamed_from` finds the object under its old name and gives it the new one."""
    manifest = project.read("manifests/tags.yaml")
    project.write("manifests/tags.yaml", "tags: [Wide angle]\n")
    project.run("apply", "--auto-approve")
    project.write("manifests/tags.yaml", manifest)
    ran = project.run("plan")
    assert '# tag "Wide shot" will be updated in-place' in ran.out
    assert '(renamed from "Wide angle")' in ran.out
    assert "→ rename" in ran.out


def test_lists_that_merge_leave_other_members_alone(project: Project) -> None:
    """`lists: {tags.aliases: merge}` owns the written members only."""
    project.write("manifests/tags.yaml", "tags: [{name: A, aliases: [x, y]}]\n")
    project.run("apply", "--auto-approve")
    project.write("manifests/tags.yaml", "tags: [{name: A, aliases: [z]}]\n")
    exact = project.run("plan").out
    assert '- "x"' in exact
    project.write("stashsync.yaml", "lists: {tags.aliases: merge}\n")
    merged = project.run("plan").out
    assert '+ "z"' in merged
    assert '- "x"' not in merged


def test_drift_is_an_exit_code(project: Project) -> None:
    """0 in step, 2 drifted, and only of the actions that count."""
    assert project.run("drift").code == 2
    assert project.run("drift", "--fail-on", "update").code == 0
    project.run("apply", "--auto-approve")
    ran = project.run("drift")
    assert ran.code == 0
    origin, text = ran.out.split("\n\n")
    assert origin.startswith("stashsync drift on sandbox:library.db, ")
    assert text == "No changes. Your library matches the manifests.\n"


def test_schema_is_json_and_nothing_else(project: Project) -> None:
    """Editors read it from the standard output."""
    ran = project.run("schema", server=None)
    assert json.loads(ran.out)["$schema"].startswith("http://json-schema.org/draft-07")
    assert ran.err == ""


def test_init_writes_settings_manifests_and_schema(project: Project) -> None:
    """Existing files are left alone, and no secret is written."""
    folder = project.root / "new"
    folder.mkdir()
    (folder / ".gitignore").write_text("*.pyc")
    ran = project.run("-C", str(folder), "init", server="http://u:p@nas:9999/graphql?apikey=k")
    assert ran.code == 0
    assert "http://nas:9999" in (folder / "stashsync.yaml").read_text()
    assert "apikey" not in (folder / "stashsync.yaml").read_text()
    assert (folder / ".gitignore").read_text() == "*.pyc\n.stashsync/\n.env\nsecrets.yaml\n"
    (folder / "manifests" / "library.yaml").write_text("tags: [Travel]\n")
    again = project.run("-C", str(folder), "init", server=None)
    assert "kept     stashsync.yaml" in again.out
    assert project.run("-C", str(folder), "validate", server=None).code == 0


def test_the_starter_manifest_is_valid_once_it_is_uncommented(project: Project) -> None:
    """What `init` shows as an example works."""
    from stashsync.cli.init import MANIFEST

    lines = [line.removeprefix("# ").removeprefix("#") for line in MANIFEST.splitlines()[4:]]
    project.write("manifests/tags.yaml", "\n".join(lines))
    ran = project.run("validate", server=None)
    assert ran.code == 0, ran.err


def test_the_starter_settings_are_valid_once_they_are_uncommented() -> None:
    """Each setting that `init` shows is one."""
    from stashsync.cli.init import SETTINGS

    text = re.sub(r"^# (?=\w+: )", "", SETTINGS.format(url="http://nas:9999"), flags=re.MULTILINE)
    found = parse_settings(text.encode())
    assert found.lists and found.prune and found.protect and found.profiles  # noqa: PT018


def test_the_sandbox_serves_what_it_was_seeded_with(project: Project) -> None:
    """A server to try things on, in another process, over a real port."""
    serving = subprocess.Popen(
        [sys.executable, "-m", "stashsync", "sandbox", "--port", "0", "--seed", "manifests"],
        cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert serving.stdout is not None
        url = serving.stdout.readline().removeprefix("Serving at ").strip()
        ran = project.run("plan", server=url)
        assert ran.out == "No changes. Your library matches the manifests.\n"
    finally:
        serving.send_signal(signal.SIGINT)
        _, err = serving.communicate(timeout=20)
    assert "Seeded from manifests: 4 objects." in err
    assert "Traceback" not in err


def test_the_sandbox_serves_a_stash_box_in_its_place(project: Project) -> None:
    """With invented contents and no key, so that an import can be tried."""
    serving = subprocess.Popen(
        [sys.executable, "-m", "stashsync", "sandbox", "--port", "0", "--stash-box"],
        cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert serving.stdout is not None
        url = serving.stdout.readline().removeprefix("Serving at ").strip()
        body = {"query": "{queryTags(input: {}) {count}}"}
        answer = httpx.post(f"{url}/graphql", json=body, trust_env=False)
        assert answer.json() == {"data": {"queryTags": {"count": 4000}}}
    finally:
        serving.send_signal(signal.SIGINT)
        serving.communicate(timeout=20)


def test_a_wrong_key_names_its_source(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of the many places the key came from, and never the key."""
    with Sandbox(api_key="right") as sandbox, running(sandbox) as url:
        monkeypatch.setenv("STASH_API_KEY", "sesame")
        ran = project.run("plan", server=url)
        assert ran.code == 1
        assert "environment STASH_API_KEY" in ran.err
        assert "sesame" not in ran.err
        monkeypatch.setenv("STASHSYNC_API_KEY", "right")
        assert project.run("plan", server=url).code == 0


def test_the_demo_shows_every_step(project: Project) -> None:
    """Validate, a plan with creates, updates and a rename, the account, and nothing left to do."""
    ran = project.run("demo", server=None)
    assert ran.code == 0
    for words in (
        "Success! The manifests are valid",
        "will be created",
        "will be updated in-place",
        '(renamed from "Wide angle")',
        "Refused: ",
        "$ stashsync apply --force\nApply complete! Resources:",
    ):
        assert words in ran.out
    assert ran.out.endswith("No changes. Your library matches the manifests.\n\n")


def test_settings_come_from_every_level(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flag before environment before file, and every flag has a variable of its own."""
    project.write("stashsync.yaml", "server: {url: 'http://127.0.0.1:1'}\n")
    assert "127.0.0.1:1" in project.run("plan", server=None).err
    monkeypatch.setenv("STASH_URL", "http://127.0.0.1:2")
    assert "127.0.0.1:2" in project.run("plan", server=None).err
    monkeypatch.setenv("STASHSYNC_SERVER", "http://127.0.0.1:3")
    assert "127.0.0.1:3" in project.run("plan", server=None).err
    assert project.run("plan").code == 0
    monkeypatch.setenv("STASHSYNC_PLAN_DETAILED_EXITCODE", "1")
    assert project.run("plan").code == 2


def test_a_project_is_found_from_below(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with git, it is the nearest folder upwards that has the settings."""
    monkeypatch.chdir(project.root / "manifests")
    assert project.run("validate", server=None).code == 0


def test_colour_follows_the_flag(project: Project) -> None:
    """Output that is no terminal is plain, unless it is asked for."""
    assert "\x1b[" not in project.run("plan").out
    assert "\x1b[32m" in project.run("--color", "plan").out


def test_the_list_of_verbs_has_the_first_line_of_each() -> None:
    """The group has a copy of these lines, so that it need not import the verbs."""
    import click

    for name, words in VERBS.items():
        command = group.get_command(click.Context(group), name)
        assert command is not None
        assert (command.help or "").split("\n")[0].startswith(words[:-1])


def test_help_imports_nothing_large() -> None:
    """`--help` and `import stashsync` cost what Python and click cost."""
    code = (
        "import sys, stashsync; before = set(sys.modules)\n"
        "assert not {'click', 'pydantic', 'httpx'} & before, before\n"
        "from stashsync.cli import main; main(['--help'])\n"
        "heavy = {'pydantic', 'httpx', 'gql', 'graphql', 'yaml', 'ruamel', 'deepdiff', 'rich',\n"
        "         'starlette', 'orjson', 'asyncio', 'msgspec', 'dataclasses'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_is_collected_when_a_command_ends() -> None:
    """The process ends with all it has; looking for garbage in it took a sixth of a plan."""
    code = (
        "import atexit, gc\n"
        "atexit.register(lambda: print(gc.get_count()[0] < 10_000 < gc.get_freeze_count()))\n"
        "from stashsync.cli import main; main(['--help'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("\nTrue\n")


@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        (
            ["validate"],
            {"asyncio", "httpx", "orjson", "rich", "pydantic", "ruamel", "graphql"}
            | {"difflib", "secrets", "sqlite3", "stashsync.client", "stashsync.planner"},
        ),
        (
            ["plan"],
            {"pydantic", "ruamel", "deepdiff", "gql", "uvicorn", "websockets", "difflib", "xml"}
            | {"stashsync.client.kinds", "stashsync.applier.run", "stashsync.render.html"},
        ),
    ],
)
def test_a_verb_imports_only_what_it_needs(
    project: Project, arguments: list[str], unneeded: set[str]
) -> None:
    """Entities, and thus pydantic, are for scripts; the event loop is for verbs with a server."""
    code = (
        "import sys; from stashsync.cli import main; code = main(sys.argv[1:]);\n"
        "print(*sys.modules); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--server", "sandbox:", *arguments],
        cwd=project.root,  # click imports difflib where it reads `-C`
        capture_output=True,
        text=True,
        check=True,
    )
    assert unneeded & set(done.stdout.splitlines()[-1].split()) == set()


def test_the_stub_has_every_public_name() -> None:
    """The names of the stub are those of the package."""
    from pathlib import Path

    import stashsync

    stub = Path(stashsync.__file__).with_suffix(".pyi").read_text("utf-8")
    stub_names = {line.rsplit(" as ", 1)[1] for line in stub.splitlines() if " as " in line}
    assert stub_names | {"__version__"} == set(stashsync.__all__)
    for name in stashsync.__all__:
        assert getattr(stashsync, name) is not None


def test_the_version_is_the_package_s(project: Project) -> None:
    """A bug report begins with the version, so it has to be right."""
    from importlib.metadata import version

    ran = project.run("--version", server=None)
    assert (ran.code, ran.out) == (0, f"stashsync {version('stashsync')}\n")


def test_a_target_that_chooses_nothing_causes_a_warning(project: Project) -> None:
    """Otherwise it would look as if nothing differed; objects that only `prune` finds count too."""
    ran = project.run("plan", "--target", "tags:Dronne", "--target", "tags:Cam*")
    assert 'Warning: no manifest declares a tag "Dronne": --target chooses nothing' in ran.out
    assert 'did you mean "Drone"?' in ran.out
    assert "Cam*" not in ran.out
    assert '"level":"warning"' in project.run("plan", "--target", "tags:x", "--format", "html").out
    project.write("manifests/more.yaml", "tags: [Extra]\n")
    project.run("apply", "--auto-approve")
    (project.root / "manifests/more.yaml").unlink()
    ran = project.run("plan", "--target", "tags:Ext*", "--prune", "tags")
    assert 'tag "Extra" will be destroyed' in ran.out
    assert "Warning" not in ran.out


def test_validate_knows_what_the_settings_ignore(project: Project) -> None:
    """To declare such an object is an error, which needs no server to be seen."""
    assert project.run("validate", server=None).code == 0
    project.write("stashsync.yaml", "ignore: {tags: ['Dro*']}\n")
    ran = project.run("validate", server=None)
    assert ran.code == 1
    assert 'tag "Drone" is declared here and ignored by the settings' in ran.err
    assert "manifests/tags.yaml:6:9" in ran.err
    project.write("stashsync.yaml", "ignore: {tags: ['tmp:*']}\n")
    assert project.run("validate", server=None).code == 0


def test_problems_are_counted_where_they_are(project: Project) -> None:
    """Those of the settings are not in the manifests; those of both are in both."""
    project.write("stashsync.yaml", "nonsense: 1\n")
    for verb in ("plan", "validate"):
        assert "1 problem in stashsync.yaml." in project.run(verb).err
    project.write("manifests/tags.yaml", "tags: [{name: A, nonsense: 1}]\n")
    assert "2 problems in stashsync.yaml and the manifests." in project.run("validate").err
