"""Inside Stash: tasks over the connection that a server hands over, in its form of log lines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from stashsync.cli.inside import FIRST, ID, LAST, StashLog, run_task
from stashsync.cli.plugin import FOLDER
from stashsync.sandbox import Sandbox, running
from tests.cli.project import Project
from tests.sandbox.client import ask

CREDENTIALS = {"username": "ada", "password": "sesame"}


@dataclass
class Inside:
    """A server with a password, the session that it hands to a plugin, and a project."""

    sandbox: Sandbox
    url: str
    session: str
    project: Project
    capsys: pytest.CaptureFixture[str]

    def fragment(self, task: object, **connection: Any) -> bytes:
        """Return what Stash writes to the standard input of a plugin."""
        split = urlsplit(self.url)
        return json.dumps(
            {
                "server_connection": {
                    "Scheme": "http",
                    "Host": "0.0.0.0",
                    "Port": split.port,
                    "SessionCookie": {"Name": "session", "Value": self.session, "MaxAge": 0},
                    "Dir": str(self.project.root.parent),
                    "PluginDir": str(self.project.root),
                    **connection,
                },
                "args": {"task": task},
            }
        ).encode()

    def configure(self, **settings: str) -> None:
        """Set the plugin's settings."""
        self.sandbox.library.configure_plugin(ID, settings)

    def run(self, task: object, **connection: Any) -> tuple[dict[str, Any], list[str]]:
        """Run a task; return the answer, and the lines for Stash's log as `i text`."""
        answer = run_task(self.fragment(task, **connection))
        out, err = self.capsys.readouterr()
        assert out == ""
        assert self.session not in err + str(answer)
        return answer, [line.replace("\x01", "").replace("\x02", " ") for line in err.splitlines()]


@pytest.fixture
def inside(project: Project, capsys: pytest.CaptureFixture[str]) -> Iterator[Inside]:
    """Serve an empty library with a password; the plugin's project is set."""
    with Sandbox() as sandbox, running(sandbox) as url:
        document = "mutation($i: ConfigGeneralInput!) {configureGeneral(input: $i) {username}}"
        ask(sandbox, document, i=CREDENTIALS)
        login = httpx.post(f"{url}/login", data=CREDENTIALS, trust_env=False)
        found = Inside(sandbox, url, login.cookies["session"], project, capsys)
        found.configure(project=str(project.root))
        yield found


def test_the_tasks_do_what_their_verbs_do(inside: Inside) -> None:
    """What is shown goes to the log line by line; the last line is the result."""
    answer, lines = inside.run("plan")
    assert 'i   + tag "Camera"  (manifests/tags.yaml:2)' in lines
    assert "i Plan: 4 to add, 0 to change, 0 to destroy." in lines
    assert "output" in answer
    answer, lines = inside.run("apply")
    assert answer == {"output": "Apply complete! Resources: 4 added, 0 changed, 0 destroyed."}
    assert [line for line in lines if line.startswith("p ")][-1] == "p 1.0000"
    assert inside.run("drift")[0] == {"output": "No changes. Your library matches the manifests."}
    ask_as_owner(inside, 'mutation {tagUpdate(input: {id: "1", description: "New"}) {id}}')
    inside.project.write("manifests/tags.yaml", "tags:\n  - name: Camera\n    description: Old\n")
    answer, lines = inside.run("drift")
    assert "w Warning: this library and the manifests differ." in lines
    assert "output" in answer


def ask_as_owner(inside: Inside, document: str) -> None:
    """Send a document with the session."""
    cookies = {"session": inside.session}
    body = {"query": document}
    answer = httpx.post(f"{inside.url}/graphql", json=body, cookies=cookies, trust_env=False)
    assert "errors" not in answer.json()


def test_pull_writes_the_manifests(inside: Inside) -> None:
    """Without a question, which could not be answered."""
    inside.run("apply")
    inside.project.write("manifests/tags.yaml", "tags:\n  - name: Camera\n    description: Old\n")
    inside.run("apply")
    ask_as_owner(inside, 'mutation {tagUpdate(input: {id: "1", description: "New"}) {id}}')
    answer, _ = inside.run("pull")
    assert "error" not in answer
    assert "description: New" in inside.project.read("manifests/tags.yaml")


def test_errors_are_errors_of_the_log_and_of_the_plugin(inside: Inside) -> None:
    """Stash shows nothing else of a task that failed."""
    inside.project.write("manifests/tags.yaml", "tags:\n  - nmae: Camera\n")
    answer, lines = inside.run("plan")
    assert answer["error"] == "plan ended with exit code 1: this tag has no name"
    assert "e Error: this tag has no name" in lines
    assert any(line.startswith("e ") and "nmae" in line for line in lines)
    assert inside.run("resume")[0]["error"].endswith("there is no run to resume")


def test_the_project_is_found_and_its_own_server_and_key_do_not_count(inside: Inside) -> None:
    """A relative path counts from the folder of Stash's configuration."""
    inside.configure(project=inside.project.root.name)
    inside.project.write(
        "stashsync.yaml", "server: {url: http://elsewhere:1, api_key: file:/no/such/key}\n"
    )
    assert "output" in inside.run("plan")[0]
    inside.configure(project="/no/such/folder")
    assert "there is no folder /no/such/folder" in inside.run("plan")[0]["error"]
    inside.configure()
    error = inside.run("plan")[0]["error"]
    assert error == "no project is set. Settings, Plugins, stashsync, Project."


def test_what_is_no_call_of_stash_is_called_so(inside: Inside) -> None:
    """A person may start it, and Stash may be gone."""
    assert "is started by Stash" in run_task(b"")["error"]
    assert "is started by Stash" in run_task(b"[]")["error"]
    for task in ("destroy", None, ["plan"]):
        assert "there is no task" in inside.run(task)[0]["error"]
    assert "cannot connect" in inside.run("plan", Port=1)[0]["error"]
    broken = {"Name": "session", "Value": "another"}
    assert "refused" in inside.run("plan", SessionCookie=broken)[0]["error"]


def test_a_long_text_is_cut_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    """Its beginning and its end stay; warnings and what follows begin anew."""
    shown = StashLog(sys.stderr)
    messages = StashLog(sys.stderr, behind=shown)
    shown.write("".join(f"line {number}\n" for number in range(1000)))
    messages.write("Warning: mind this\n  and this\nthen that\n")
    shown.close()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == FIRST + 1 + LAST + 3
    assert lines[FIRST] == f"\x01i\x02… {1000 - FIRST - LAST:,} lines are left out here."
    assert lines[FIRST + LAST :] == [
        "\x01i\x02line 999",
        "\x01w\x02Warning: mind this",
        "\x01w\x02  and this",
        "\x01i\x02then that",
    ]


def test_the_progress_of_a_run_follows_that_of_the_reading(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And not every step is a line."""
    log = StashLog(sys.stderr, 0.1)
    for share in (0.5, 0.501, 1.0):
        log.progress(share, reads=True)
    log.progress(0.5, reads=False)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"\x01p\x02{done}" for done in ("0.0500", "0.1000", "0.5500")]


# -- the script that Stash starts -----------------------------------------------------------------


def started(inside: Inside, task: str = "plan") -> dict[str, Any]:
    """Return the answer of the script, started as Stash starts it."""
    ran = subprocess.run(
        [sys.executable, str(FOLDER / "start.py")],
        input=inside.fragment(task), capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_the_script_runs_the_python_of_the_settings(inside: Inside) -> None:
    """Or the one that it runs with itself."""
    for python in ("", sys.executable):
        inside.configure(project=str(inside.project.root), python=python)
        assert "output" in started(inside)
    inside.configure(project=str(inside.project.root), python="/no/such/python")
    assert "cannot start /no/such/python" in started(inside)["error"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no exec")
def test_the_script_becomes_what_it_starts(inside: Inside, tmp_path: Path) -> None:
    """Stash stops a task by killing the process that it started, and no other."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "{\\"output\\": \\"$$ $(cat | wc -c) $*\\"}"\n')
    python.chmod(0o755)
    inside.configure(python=str(python))
    fragment = inside.fragment("plan")
    with subprocess.Popen(
        [sys.executable, str(FOLDER / "start.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        out, _ = process.communicate(fragment, timeout=60)
    pid, size, *args = json.loads(out)["output"].split()
    assert int(pid) == process.pid
    assert int(size) == len(fragment)
    assert args == ["-m", "stashsync", "plugin", "run"]


def test_a_server_that_does_not_answer_is_an_error_of_the_script(inside: Inside) -> None:
    """Not a traceback, in which the session could stand."""
    ran = subprocess.run(
        [sys.executable, str(FOLDER / "start.py")],
        input=inside.fragment("plan", Port=1), capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert "does not answer" in json.loads(ran.stdout)["error"]
    assert ran.stderr == b""


@pytest.mark.skipif(os.name == "nt", reason="locales are those of POSIX")
def test_names_of_every_script_reach_the_log_in_any_locale(inside: Inside) -> None:
    """Stash reads UTF-8, and containers often have the locale C."""
    inside.project.write("manifests/tags.yaml", "tags: [灯台]\n")
    ran = subprocess.run(
        [sys.executable, "-m", "stashsync", "plugin", "run"],
        input=inside.fragment("plan"), capture_output=True, check=False, timeout=60,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    )  # fmt: skip
    assert "灯台" in ran.stderr.decode()
    assert "output" in json.loads(ran.stdout)
