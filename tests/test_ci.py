"""What CI uses, run as CI runs it: the Action's steps, the hooks, the container file."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from stashsync.cli.program import VERBS
from stashsync.errors import ExitCode

sys.path.insert(0, str(Path(__file__).parents[1]))
import dev  # a script at the root, found by the line above

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = ACTION["runs"]["steps"]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
TAGS = "tags:\n  - name: Camera\n    children: [Drone]\n"

pytestmark = pytest.mark.skipif(
    shutil.which("bash") is None or os.name == "nt", reason="the steps are for bash"
)

_GH = """\
#!/bin/sh
# Stands in for GitHub's own client: notes what is asked, knows the comment that KNOWN names.
printf '%s\\n' "$*" >> "$GH_LOG"
case "$*" in *--paginate*) printf '%s\\n' "$KNOWN" ;; esac
"""


class Workflow:
    """A job that uses the Action: a runner's folders, variables and expressions."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "repository"
        self.temp = folder / "temp"
        self.programs = folder / "bin"
        for path in (self.project / "manifests", self.temp, self.programs):
            path.mkdir(parents=True)
        (self.project / "stashsync.yaml").write_text("manifests: manifests\n")
        (self.project / "manifests" / "tags.yaml").write_text(TAGS)
        self.program(
            "stashsync", f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m stashsync "$@"\n'
        )
        self.program("gh", _GH)
        self.log = ""
        self.variables = {"KNOWN": "", "GH_LOG": str(folder / "gh.log")}

    def program(self, name: str, text: str) -> None:
        path = self.programs / name
        path.write_text(text)
        path.chmod(0o755)

    @property
    def asked(self) -> list[str]:
        """What GitHub was asked for."""
        log = Path(self.variables["GH_LOG"])
        return log.read_text().splitlines() if log.exists() else []

    @property
    def summary(self) -> str:
        return (self.temp / "summary").read_text()

    def run(self, number: int | None = None, **inputs: str) -> int:
        """Return the exit code of the job's step; `number` is that of the pull request, if any."""
        given = {name: spec.get("default", "") for name, spec in ACTION["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        self.known: dict[str, Any] = {
            **{f"inputs.{name}": value for name, value in given.items()},
            "runner.temp": str(self.temp),
            "github.action_path": str(ROOT),
            "github.event.pull_request.number": str(number or ""),
            "github.token": "token",
        }
        (self.temp / "summary").write_text("")
        for step in STEPS:
            if "run" in step and "pip install" not in step["run"] and self.wanted(step):
                code = self.step(step)
                if code:
                    return code
        return 0

    def wanted(self, step: dict[str, Any]) -> bool:
        if "if" not in step:
            return True
        parts = step["if"].removeprefix("${{").removesuffix("}}").split("&&")
        return all(self.holds(part.strip()) for part in parts)

    def holds(self, part: str) -> bool:
        name, _, value = part.partition(" == ")
        return self.known[name] == value.strip("'") if value else bool(self.known[name])

    def filled(self, text: str) -> str:
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: str(self.known[found[1]]), text)

    def step(self, step: dict[str, Any]) -> int:
        assert step["shell"] == "bash"
        script, output = self.temp / "script.sh", self.temp / "output"
        script.write_text(step["run"])
        output.write_text("")
        environ = {
            "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "HOME": str(self.temp),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self.temp / "summary"),
            "GITHUB_REPOSITORY": "someone/library",
            **self.variables,
            **{name: self.filled(value) for name, value in step.get("env", {}).items()},
        }
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        done = subprocess.run(
            command, cwd=self.project, env=environ, capture_output=True, text=True, timeout=120
        )
        self.log += done.stdout + done.stderr
        for line in output.read_text().splitlines():
            name, _, value = line.partition("=")
            self.known[f"steps.{step.get('id')}.outputs.{name}"] = value
        return done.returncode


@pytest.fixture
def workflow(tmp_path: Path) -> Workflow:
    return Workflow(tmp_path)


def test_no_input_is_pasted_into_a_script() -> None:
    """A branch or an input that looks like a command stays a word: it comes as a variable."""
    for step in STEPS:
        assert "${{" not in step.get("run", "")


def test_every_input_and_output_is_described_and_used() -> None:
    """Each input and output has an effect."""
    text = (ROOT / "action.yml").read_text("utf-8")
    for name, spec in {**ACTION["inputs"], **ACTION["outputs"]}.items():
        assert spec["description"]
        assert f"inputs.{name}" in text or f"steps.run.outputs.{name}" in text


def test_a_plan_annotates_and_summarises(workflow: Workflow) -> None:
    """Exit code 0, whatever there is to do; the reports are there."""
    assert workflow.run(server="sandbox:library.db") == 0
    assert "::notice file=manifests/tags.yaml,line=2,title=create::" in workflow.log
    assert workflow.summary.startswith("## Plan")
    reports = {path.name for path in (workflow.temp / "stashsync").iterdir()}
    assert reports == {"report.md", "report.json", "report.html", "report.xml"}
    assert workflow.asked == []


def test_drift_and_apply_end_with_their_exit_codes(workflow: Workflow) -> None:
    """2 while it differs, 0 once it is applied."""
    server = "sandbox:library.db"
    assert workflow.run(command="drift", server=server) == ExitCode.CHANGES
    assert workflow.run(command="apply", server=server) == 0
    assert "**Apply complete.**" in workflow.summary
    assert workflow.run(command="drift", server=server, args="--fail-on create") == 0


def test_a_saved_plan_is_carried_out(workflow: Workflow) -> None:
    """Made by one job, approved by people, applied by another."""
    server = "sandbox:library.db"
    assert workflow.run(server=server, args="--out saved.plan") == 0
    assert workflow.run(command="apply", server=server, plan_file="saved.plan") == 0
    assert workflow.run(command="drift", server=server) == 0
    assert workflow.run(command="apply", server=server, plan_file="saved.plan") == ExitCode.STALE


def test_broken_manifests_are_errors_at_their_lines(workflow: Workflow) -> None:
    """This holds for `validate` and for `plan`; the summary lists the errors."""
    (workflow.project / "manifests" / "tags.yaml").write_text("tags:\n  - nam: Camera\n")
    for command in ("validate", "plan"):
        workflow.log = ""
        assert workflow.run(command=command) == ExitCode.ERROR
        assert "::error file=manifests/tags.yaml,line=2," in workflow.log
        assert "Errors" in workflow.summary
    assert workflow.run(command="destroy") == ExitCode.USAGE


def test_a_pull_request_gets_one_comment(workflow: Workflow) -> None:
    """Written once, then kept up to date; nothing where it is no pull request."""
    server = "sandbox:library.db"
    assert workflow.run(server=server, comment="true") == 0
    assert workflow.asked == []
    assert workflow.run(7, server=server, comment="true") == 0
    assert workflow.asked[-1].startswith(
        "api --silent --method POST repos/someone/library/issues/7/comments --field body=@"
    )
    body = (workflow.temp / "stashsync" / "report.comment").read_text()
    assert body.startswith("<!-- stashsync plan . -->\n## Plan\n")
    workflow.variables["KNOWN"] = "99"
    assert workflow.run(7, server=server, comment="true") == 0
    assert "--method PATCH repos/someone/library/issues/comments/99 " in workflow.asked[-1]


def test_with_redact_no_report_has_a_name(workflow: Workflow) -> None:
    """Neither the log nor the summary nor a file has a name."""
    assert workflow.run(server="sandbox:library.db", redact="true", redact_key="secret") == 0
    files = [path.read_text() for path in (workflow.temp / "stashsync").iterdir()]
    for text in (workflow.log, workflow.summary, *files):
        assert "Camera" not in text
        assert "Drone" not in text


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_the_hooks_run_and_fail_when_they_should(hook: dict[str, Any], workflow: Workflow) -> None:
    """pre-commit runs the entry in the repository; without file names, as the project is one."""
    program, verb, *rest = shlex.split(hook["entry"])
    assert program == "stashsync"
    if verb not in VERBS:
        pytest.skip(f"there is no {verb} yet")
    assert hook["pass_filenames"] is False
    assert re.search(hook["files"], "manifests/tags.yaml")
    assert re.search(hook["files"], "stashsync.yaml")

    def run() -> int:
        command = [sys.executable, "-m", "stashsync", verb, *rest]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            command, cwd=workflow.project, env=environ, capture_output=True, timeout=60
        ).returncode

    assert run() == 0
    broken = "tags:\n  - nam: Camera\n"
    (workflow.project / "manifests" / "tags.yaml").write_text(broken)
    assert run() != 0


def test_the_container_has_what_the_package_needs() -> None:
    """The copied files exist and are not ignored, and the command runs without root."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    copied = [
        name
        for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE)
        for name in line.split()[:-1]
    ]
    for name in copied:
        assert (ROOT / name).exists()
        assert f"!{name}" in ignored
    needed = {"pyproject.toml", "README.md", "LICENSE", "manifests", "stashsync"}
    assert needed | {"release", "docs/stashsync.1"} == set(copied)
    assert 'ENTRYPOINT ["stashsync"]' in text
    assert re.search(r"^USER (?!root)", text, re.MULTILINE)


def test_processes_of_the_tests_need_not_compile_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that forbids bytecode would make each of them ten times as slow."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environment = dev.compiling_into(tmp_path / "pycache")
    (tmp_path / "module.py").write_text("")
    subprocess.run(
        [sys.executable, "-S", "-c", "import module"], cwd=tmp_path, env=environment, check=True
    )
    assert [*(tmp_path / "pycache").rglob("module*.pyc")]


def test_every_dependency_has_a_lowest_version() -> None:
    """`dev.py test --lowest` installs exactly what pyproject.toml promises to work with."""
    for pin in (*dev.lowest_versions("dev"), *dev.lowest_versions("http2")):
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9.]*", pin)


def test_the_recipe_for_the_memory_keeps_what_the_settings_name() -> None:
    """A cache of another folder would keep nothing, without any error."""
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    section = page.split("## What is remembered")[1].split("\n## ")[0]
    blocks = [yaml.safe_load(each) for each in re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)]
    (settings,) = (each for each in blocks if isinstance(each, dict))
    (steps,) = (each for each in blocks if isinstance(each, list))
    assert settings.keys() == {"memory"}
    (named,) = re.findall("the settings have `memory: (.*?)`", section)
    restore, apply, save = steps
    assert "cache/restore@" in restore["uses"]
    assert "cache/save@" in save["uses"]
    assert restore["with"]["path"] == save["with"]["path"] == named
    assert restore["with"]["key"].startswith(restore["with"]["restore-keys"])
    assert apply["with"]["command"] == "apply"
    assert save["if"] == "always()", "what was applied is remembered although something failed"
