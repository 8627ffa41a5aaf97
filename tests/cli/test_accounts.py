"""Every run ends with its report, whatever interrupts it and whatever cannot be written.

The commands run in processes of their own, on a sandbox behind a proxy in this one.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from stashsync.applier.journal import Run, read_runs
from stashsync.errors import ExitCode
from stashsync.sandbox import Sandbox, running
from tests.cli.project import CODE, Ran, ended, start
from tests.support.proxy import Proxy

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and a POSIX shell")
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
COUNT = 12


@dataclass
class Place:
    """A project, a library behind a proxy, and what happens before each document."""

    root: Path
    url: str
    server: Sandbox
    proxy: Proxy
    process: subprocess.Popen[str] | None = None
    signals: dict[int, list[signal.Signals]] = field(default_factory=dict)
    started: threading.Event = field(default_factory=threading.Event)

    def run(self, *args: str, redirection: str = "") -> Ran:
        """Run a command to its end."""
        self.started.clear()
        self.process = start(self.root, *args, server=self.url, redirection=redirection)
        self.started.set()
        return ended(self.process)

    def before(self, number: int) -> None:
        """Send the signals of this document, each once the one before was received."""
        self.started.wait(10)
        assert self.process is not None
        for signal_ in self.signals.get(number, ()):
            self.process.send_signal(signal_)
            threading.Event().wait(0.3)

    def count(self) -> int:
        """Count the tags that are there."""
        found: int = self.server.library.query("findTags", {})["count"]
        return found

    def only_run(self) -> Run:
        """Return the one run of the project."""
        (run,) = read_runs(self.root / ".stashsync" / "runs", pytest.fail)
        return run

    def baseline(self) -> list[str]:
        """Return the names that the baseline remembers."""
        (path,) = (self.root / ".stashsync").glob("baseline-*")
        return sorted(
            item["name"] for item in json.loads(path.read_bytes())["objects"]["tag"].values()
        )


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "stashsync.yaml").write_text("manifests: manifests\n")
    (tmp_path / "manifests").mkdir()
    tags = [f"T{number}" for number in range(COUNT)]
    (tmp_path / "manifests" / "t.yaml").write_text(f"tags: {tags}\n")
    with Sandbox() as server:
        proxy = Proxy(server.app)
        with running(proxy) as url:
            place = Place(tmp_path, url, server, proxy)
            proxy.before = place.before
            yield place


APPLY = ("apply", "--auto-approve", "--max-batch", "2")


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_one_signal_ends_the_run_with_its_account(place: Place, name: str) -> None:
    """The documents in flight are finished; what is known is in journal and baseline."""
    place.signals = {2: [signal.Signals[name]]}
    ran = place.run(*APPLY)
    assert ran.code == ExitCode.INTERRUPTED, ran.err
    assert "Apply interrupted." in ran.out
    assert "Traceback" not in ran.err
    run = place.only_run()
    assert run.ended
    assert len(run.applied) == place.count() == len(place.baseline()) < COUNT
    assert ran.out.splitlines()[-1].endswith("The next plan has what is still to be done.")
    assert place.run("apply", "--auto-approve").code == 0
    assert place.count() == COUNT


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_two_signals_end_the_run_at_once_and_with_its_account(place: Place, name: str) -> None:
    """Unknown documents and operations are counted, with the command that looks them up."""
    place.signals = {3: [signal.Signals[name]] * 2}
    ran = place.run(*APPLY)
    assert ran.code == ExitCode.INTERRUPTED, ran.err
    assert "Traceback" not in ran.err
    counted = re.search(r"interrupted twice; (1 document is|2 documents are) unknown", ran.out)
    assert counted, ran.out
    documents = int(counted[1][0])
    assert f"Unknown ({2 * documents}), sent, and no answer came:" in ran.out
    assert "Apply interrupted." in ran.out
    last = ran.out.splitlines()[-1]
    assert last.endswith("`stashsync resume` looks up what is unknown, and does the rest.")
    run = place.only_run()
    assert run.is_open
    assert len(run.unknown) == 2 * documents
    assert len(run.applied) == len(place.baseline())
    refused = place.run("apply", "--auto-approve")
    assert refused.code == 1
    assert "stashsync resume" in refused.err
    resumed = place.run("resume", "--auto-approve")
    assert resumed.code == 0, resumed.err
    assert "The next plan" not in resumed.err
    assert "`stashsync resume` looks up what is unknown" in resumed.err
    assert place.count() == len(place.baseline()) == COUNT


def test_a_run_that_was_killed_is_resumed(place: Place) -> None:
    """Nothing could be printed; the journal has what was sent."""
    place.signals = {3: [signal.SIGKILL]}
    assert place.run(*APPLY).code == -signal.SIGKILL
    assert "cut short, to be resumed" in place.run("runs").out
    assert place.run("resume", "--auto-approve").code == 0
    assert place.count() == COUNT


@pytest.mark.parametrize("option", ["--output", "--events"])
def test_a_file_in_a_folder_that_is_not_there_is_refused_before_anything_is_sent(
    place: Place, option: str
) -> None:
    """Otherwise the report of the run could not be written at its end."""
    ran = place.run(*APPLY, option, "nowhere/file")
    assert ran.code == ExitCode.ERROR
    assert "cannot write nowhere/file" in ran.err
    assert place.proxy.count == place.count() == 0


def test_a_plan_into_a_folder_that_is_not_there_is_refused_before_the_library_is_read(
    place: Place,
) -> None:
    """The plan could not be written."""
    ran = place.run("plan", "--format", "json", "--output", "nowhere/plan.json")
    assert ran.code == ExitCode.ERROR
    assert "nowhere/plan.json: its folder does not exist" in ran.err


@FULL
def test_an_account_that_cannot_be_written_goes_to_the_standard_error(place: Place) -> None:
    """If `--output` is on a full disk, the report is still shown and the run is remembered."""
    ran = place.run(*APPLY, "--format", "json", "--output", "/dev/full")
    assert ran.code == ExitCode.ERROR
    assert "No space left on device" in ran.err
    assert ran.err.splitlines()[-1] == (
        "Apply complete! Resources: 12 added, 0 changed, 0 destroyed."
    )
    assert len(place.baseline()) == place.count() == COUNT


@FULL
def test_a_full_standard_output_keeps_the_exit_code_of_an_incomplete_run(place: Place) -> None:
    """A script learns that something is left to do; a person reads it."""
    place.signals = {2: [signal.SIGINT]}
    ran = place.run(*APPLY, "--format", "json", redirection=">/dev/full")
    assert ran.code == ExitCode.INTERRUPTED
    assert "cannot write to the standard output: No space left on device" in ran.err
    assert "Apply interrupted." in ran.err
    assert len(place.baseline()) == place.count() < COUNT


@FULL
def test_a_plan_that_cannot_be_shown_is_not_applied(place: Place) -> None:
    """The standard output is full before the first document."""
    ran = place.run(*APPLY, redirection=">/dev/full")
    assert ran.code == ExitCode.ERROR
    assert place.proxy.count == 0


@pytest.mark.parametrize("redirection", [">&-", ">&- 2>&-"])
def test_nothing_is_sent_if_there_is_no_standard_output(place: Place, redirection: str) -> None:
    """Neither the plan nor the report could be shown."""
    assert place.run(*APPLY, redirection=redirection).code == ExitCode.ERROR
    assert place.proxy.count == 0


def test_nothing_is_sent_without_a_journal(place: Place) -> None:
    """The message does not claim that nothing *more* is sent."""
    (place.root / ".stashsync").mkdir()
    (place.root / ".stashsync" / "runs").write_text("in the way")
    ran = place.run(*APPLY)
    assert ran.code == ExitCode.ERROR
    assert "the journal" in ran.err
    assert "Nothing was sent." in ran.err
    assert "Nothing more" not in ran.err
    assert place.proxy.count == 0


def test_a_journal_that_fails_on_the_way_stops_the_run_with_its_account(place: Place) -> None:
    """The file size limit of the process stands for a full disk."""
    assert place.run(*APPLY).code == 0
    (journal,) = (place.root / ".stashsync" / "runs").iterdir()
    whole = journal.read_bytes()
    size = (len(whole) + len(whole.splitlines()[0])) // 2
    limited = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, -1)); {CODE}"
    )
    tags = [f"U{number}" for number in range(COUNT)]
    (place.root / "manifests" / "t.yaml").write_text(f"tags: {tags}\n")
    place.process = start(place.root, *APPLY, server=place.url, code=limited)
    ran = ended(place.process)
    assert ran.code == ExitCode.INCOMPLETE, ran.err + ran.out
    assert "the journal" in ran.out
    assert "File too large" in ran.out
    assert "The next apply asks to resume it." in ran.err
    assert COUNT < place.count() < 2 * COUNT
    assert place.run("resume", "--auto-approve").code == 0
    assert place.count() == 2 * COUNT


@FULL
def test_a_help_text_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    """There is no traceback, and Python prints no second error at its exit."""
    for args in (("--help",), ("plan", "--help"), ("--version",)):
        ran = ended(start(tmp_path, *args, redirection=">/dev/full"))
        assert ran.code == ExitCode.ERROR
        assert ran.err == "Error: cannot write to the standard output: No space left on device\n"
        assert ended(start(tmp_path, *args, redirection=">&-")).code == 0
