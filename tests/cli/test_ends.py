"""The exit code of every way in which a command can end."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import pytest

from stashsync.errors import ExitCode
from stashsync.sandbox import Sandbox
from stashsync.wire.exchange import Answer
from tests.cli.project import Project, Terminal
from tests.support.http import http_answered_by
from tests.support.servers import Tap, transport_to


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> object:
    """Return a function that types at a terminal."""

    def type_in(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", Terminal(text))
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    return type_in


def test_only_yes_approves(project: Project, typed) -> None:  # type: ignore[no-untyped-def]
    """`y`, `Yes` and nothing at all are a no: exit 1, nothing sent."""
    for answer in ("y\n", "Yes\n", "\n", ""):
        typed(answer)
        ran = project.run("apply")
        assert ran.code == ExitCode.ERROR
        assert "Only 'yes' will be accepted to approve." in ran.err
        assert "Apply cancelled." in ran.err
    assert project.run("drift").code == 2
    typed("yes\n")
    ran = project.run("apply")
    assert ran.code == ExitCode.OK
    assert "Apply complete!" in ran.out


def test_nothing_to_do_is_not_asked_about(project: Project, typed) -> None:  # type: ignore[no-untyped-def]
    """There is nothing to approve."""
    project.run("apply", "--auto-approve")
    typed("")
    ran = project.run("apply")
    assert ran.code == ExitCode.OK
    assert "Enter a value" not in ran.err
    assert "No changes." in ran.err  # the plan is shown to the person at the terminal


def test_an_apply_without_a_terminal_is_wrong_usage(project: Project) -> None:
    """Exit 64, before anything is read."""
    ran = project.run("apply", server="http://127.0.0.1:1")
    assert ran.code == ExitCode.USAGE
    assert "--auto-approve" in ran.err


@pytest.mark.parametrize(
    "args",
    [
        ("plan", "--nonsense"),
        ("plam",),
        ("plan", "extra"),
        ("show",),
        ("plan", "--format", "pdf"),
        ("plan", "--format", "json", "--format", "text"),
        ("plan", "--output", "a", "--output", "b"),
        ("plan", "--concise", "--full"),
        ("apply", "kept.plan", "--concise"),
        ("apply", "--max-batch", "0"),
        ("drift", "--fail-on", "deletes"),
        ("--timeout", "0", "plan"),
        ("sandbox", "--release", "1.0"),
        ("sandbox", "--stash-box", "--db", "kept.db"),
    ],
)
def test_wrong_usage_is_64(project: Project, args: tuple[str, ...]) -> None:
    """A mistyped flag must not have the exit code of drift."""
    ran = project.run(*args)
    assert ran.code == ExitCode.USAGE
    assert ran.out == ""
    assert ran.err


def test_an_option_of_the_group_after_the_verb_gets_a_hint(project: Project) -> None:
    """The most natural mistake has an answer."""
    ran = project.run("plan", "--server", "x", server=None)
    assert ran.code == ExitCode.USAGE
    assert "stands before the command" in ran.err


def test_a_stale_plan_is_3_and_sends_nothing(project: Project) -> None:
    """Every change is listed."""
    project.run("plan", "--out", "kept.plan")
    project.run("apply", "--auto-approve")
    ran = project.run("apply", "kept.plan")
    assert ran.code == ExitCode.STALE
    assert "stale" in ran.err
    assert '"Camera"' in ran.err


def test_a_plan_for_another_library_is_refused(project: Project) -> None:
    """A plan is bound to the library, not to its address."""
    project.run("plan", "--out", "kept.plan")
    ran = project.run("apply", "kept.plan", server="sandbox:other.db")
    assert ran.code == ExitCode.ERROR
    assert "another library" in ran.err


@pytest.mark.parametrize(
    ("server", "words"),
    [
        ("http://127.0.0.1:1", "refused"),
        ("snapshot:x.json", "cannot read x.json"),
        ("sandbox:/nowhere/at/all.db", "sandbox"),
        ("ftp://host", "only http and https"),
    ],
)
def test_a_server_that_is_none_is_an_error(project: Project, server: str, words: str) -> None:
    """The message is on the standard error, and the exit code is 1."""
    ran = project.run("plan", server=server)
    assert (ran.code, ran.out) == (ExitCode.ERROR, "")
    assert words in ran.err
    assert "Traceback" not in ran.err


def test_a_library_of_a_newer_layout_is_refused_with_the_way_out(project: Project) -> None:
    """A file that a newer version made: exit 1, and what can be done."""
    with closing(sqlite3.connect(project.root / "later.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    ran = project.run("plan", server="sandbox:later.db")
    assert (ran.code, ran.out) == (ExitCode.ERROR, "")
    assert "later.db has layout 99" in ran.err
    assert "use a newer version, or name another file" in " ".join(ran.err.split())
    assert "Traceback" not in ran.err


SERVER = "http://stash.example:9999"


def answering(what: Callable[[], None]) -> AbstractContextManager[None]:
    """Make a server at any address that calls `what` for each request."""

    class Happening(Tap):
        async def send(self, text: str, variables: Any = None, **options: Any) -> Answer:
            what()
            return await super().send(text, variables, **options)

    return http_answered_by(Happening(transport_to(Sandbox())))


def test_what_should_not_happen_is_one_line_without_debug(project: Project) -> None:
    """`--debug` shows the traceback."""

    def broken() -> None:
        raise RuntimeError("boom \x1b[31m")

    with answering(broken):
        ran = project.run("plan", server=SERVER)
        assert ran.code == ExitCode.ERROR
        assert "boom \\x1b[31m" in ran.err or "boom \\\\x1b" in ran.err
        assert "Traceback" not in ran.err
        assert "Traceback" in project.run("--debug", "plan", server=SERVER).err


@pytest.mark.skipif(sys.platform == "win32", reason="signals are handled on POSIX")
def test_an_interrupt_before_anything_was_sent_is_130(project: Project) -> None:
    """Ctrl-C while the library is read."""
    with answering(lambda: os.kill(os.getpid(), signal.SIGINT)):
        assert project.run("plan", server=SERVER).code == ExitCode.INTERRUPTED


def test_a_missing_file_is_an_error(project: Project) -> None:
    """A missing plan, a missing report and a missing folder all give exit code 1."""
    assert project.run("show", "nothing.plan").code == ExitCode.ERROR
    assert project.run("apply", "nothing.plan").code == ExitCode.ERROR
    assert project.run("-C", "nowhere", "plan").code == ExitCode.ERROR
    ran = project.run("plan", "--out", "nowhere/x.plan")
    assert ran.code == ExitCode.ERROR
    assert "cannot write" in ran.err


def test_a_key_is_never_shown(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key on the command line is wrong usage, and no error shows one."""
    for command in (
        ("--api-key", "sesame-open", "plan"),
        ("import", "stash-box", "--endpoint", "https://box.example/graphql",
         "--key", "sesame-open", "--dry-run"),
    ):  # fmt: skip
        ran = project.run(*command)
        assert ran.code == ExitCode.USAGE
        assert "must not stand on the command line" in ran.err
        assert "sesame" not in ran.err
    monkeypatch.setenv("STASH_API_KEY", "sesame-open")
    assert "sesame" not in project.run("--debug", "plan", server="http://127.0.0.1:1").err


SLOW = """
import sys, stashsync.sandbox as s
made = s.Sandbox
s.Sandbox = lambda path=None: made(path, latency=0.4)
from stashsync.cli import main
sys.exit(main(sys.argv[1:]))
"""


def interrupted(folder: Path, *, times: int) -> tuple[int, str, str]:
    """Run a slow apply of 30 tags, 2 a document, and press Ctrl-C while it sends."""
    (folder / "manifests").mkdir()
    (folder / "manifests" / "t.yaml").write_text(f"tags: {[f'T{n}' for n in range(30)]}\n")
    args = ["--server", "sandbox:l.db", "apply", "--auto-approve", "--max-batch", "2"]
    running = subprocess.Popen(
        [sys.executable, "-c", SLOW, *args, "--events", "e.jsonl"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={k: v for k, v in os.environ.items() if not k.startswith("STASH")},
    )  # fmt: skip
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if (folder / "e.jsonl").exists() and '"settled"' in (folder / "e.jsonl").read_text():
            break
        time.sleep(0.02)
    for _ in range(times):
        running.send_signal(signal.SIGINT)
        time.sleep(0.05)
    out, err = running.communicate(timeout=20)
    return running.returncode, out, err


@pytest.mark.skipif(sys.platform == "win32", reason="signals are handled on POSIX")
def test_the_first_interrupt_lets_the_document_in_flight_finish(tmp_path: Path) -> None:
    """The report is printed: what was applied, and that nothing else was sent."""
    code, out, err = interrupted(tmp_path, times=1)
    assert code == ExitCode.INTERRUPTED
    assert "Interrupt received." in err
    counts = re.search(r"Of 30 operations: (\d+) applied, (\d+) skipped", out)
    assert counts, out + err
    assert int(counts[1]) + int(counts[2]) == 30
    assert int(counts[1]) % 2 == 0
    assert "Traceback" not in err


@pytest.mark.skipif(sys.platform == "win32", reason="signals are handled on POSIX")
def test_the_second_interrupt_stops_at_once(tmp_path: Path) -> None:
    """The outcomes so far are still reported."""
    code, out, err = interrupted(tmp_path, times=2)
    assert code == ExitCode.INTERRUPTED
    assert "Two interrupts received." in err
    assert "interrupted twice" in out
    assert "Apply interrupted." in out
    assert "Traceback" not in err


def test_a_reader_that_went_away_changes_no_exit_code(project: Project) -> None:
    """`stashsync plan --detailed-exitcode | head -0` still exits with 2."""
    code = "import sys; from stashsync.cli import main; sys.exit(main(sys.argv[1:]))"
    args = ["--server", "sandbox:", "plan", "--detailed-exitcode"]
    running = subprocess.Popen(
        [sys.executable, "-c", code, *args],
        cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert running.stdout is not None
    running.stdout.close()
    assert running.stderr is not None
    err = running.stderr.read()
    assert running.wait(20) == ExitCode.CHANGES
    assert b"Traceback" not in err
    assert b"BrokenPipe" not in err


def on_posix(project: Project, redirection: str, *args: str) -> subprocess.CompletedProcess[str]:
    """Run a command whose streams a shell redirects."""
    code = "import sys; from stashsync.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirection}', "sh", sys.executable, "-c", code, *args],
        cwd=project.root, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell redirects")
def test_a_closed_stream_of_messages_changes_no_exit_code(project: Project) -> None:
    """Messages without a reader are dropped, and the exit code stays."""
    ended = on_posix(project, "2>&-", "--server", "sandbox:", "plan", "--detailed-exitcode")
    assert ended.returncode == ExitCode.CHANGES, ended.stderr
    assert ended.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell redirects")
@pytest.mark.parametrize("redirection", [">&-", ">&- 2>&-"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_closed_standard_output_is_an_error(
    project: Project, redirection: str, form: str
) -> None:
    """A plan that has no place to go to is no plan."""
    args = ("--server", "sandbox:", "plan", "--detailed-exitcode", "--format", form)
    ended = on_posix(project, redirection, *args)
    assert ended.returncode == ExitCode.ERROR
    message = "Error: there is no standard output\n  To drop what is written, use `> /dev/null`.\n"
    assert ended.stderr == ("" if "2>" in redirection else message)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_below_the_output_is_an_error_in_plain_words(project: Project) -> None:
    """Python prints no second error at its exit."""
    ended = on_posix(project, ">/dev/full", "--server", "sandbox:", "plan", "--detailed-exitcode")
    assert ended.returncode == ExitCode.ERROR
    assert ended.stderr == ("Error: cannot write to the standard output: No space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_events_that_cannot_be_written_do_not_end_the_run(project: Project) -> None:
    """The run is finished, and its account given."""
    args = ("--server", "sandbox:", "apply", "--auto-approve", "--events", "/dev/full")
    ended = on_posix(project, "", *args)
    assert ended.returncode == ExitCode.OK, ended.stderr
    assert "Apply complete!" in ended.stdout
    assert ended.stderr.count("no further events can be written") == 1
