"""`watch`: what it reports of many looks, its health file, and its end."""

from __future__ import annotations

import gc
import signal
import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import orjson
import pytest

from stashsync.cli.health import Health, HealthFile
from stashsync.cli.options import ACTIONS, Options, Scope
from stashsync.cli.output import Outputs
from stashsync.cli.reports import Reports
from stashsync.cli.watching import Watch, until_stopped
from stashsync.errors import StashConfigurationError
from stashsync.planner import Pair
from stashsync.state import Resource
from tests.cli.project import CODE, Project, ended, start
from tests.support.hooks import Webhook

DRIFT = "stashsync: the library differs from the manifests"
AGAIN = "stashsync: the library matches the manifests again"
FAILED, WORKS = "stashsync: watch failed", "stashsync: watch works again"
SANDBOX = "server: {url: 'sandbox:library.db'}\n"
NOWHERE = "server: {url: 'http://127.0.0.1:1'}\n"
NOTIFY = "notify: {urls: [!secret hook]}\n"


@pytest.fixture
def watched(project: Project, hook: Webhook) -> Project:
    """Make a project that notifies the webhook."""
    project.write("stashsync.yaml", SANDBOX + NOTIFY)
    project.write("secrets.yaml", f"hook: {hook.url()}\n")
    return project


def watch(*, every: float = 3600, jitter: float = 0, health: str | None = None) -> Watch:
    """Return a watch of the project in the current folder."""
    reports = Reports(Outputs((), ()), command="watch")
    file = HealthFile(health) if health else None
    return Watch(
        Options(), Scope(), reports, frozenset(ACTIONS), every=every, jitter=jitter, health=file
    )


def of_a_look() -> list[Resource | Pair]:
    """Return the objects of both sides that are in memory."""
    return [each for each in gc.get_objects() if isinstance(each, Resource | Pair)]


def test_nothing_of_a_look_is_in_memory_until_the_next(
    watched: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library is large, and looks are hours apart; a command seldom collects garbage."""
    left: list[set[int]] = []

    def sleep(_: float) -> None:
        left.append({id(each) for each in of_a_look()} - before)
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", sleep)
    gc.collect()
    kept = of_a_look()  # by other tests
    before = {id(each) for each in kept}
    gc.disable()
    try:
        assert until_stopped(watch()) == 0
    finally:
        gc.enable()
    assert left == [set()]


def test_only_changes_of_the_drift_are_reported(
    watched: Project, hook: Webhook, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its beginning, another difference, and its end; not that the same lines moved."""
    found = watch()
    found.look()
    found.look()
    assert hook.titles == [DRIFT]
    assert capsys.readouterr().out.count("Plan: 4 to add") == 1
    watched.write("manifests/tags.yaml", f"# moved\n{watched.read('manifests/tags.yaml')}")
    found.look()
    assert hook.titles == [DRIFT]
    watched.write("manifests/more.yaml", "tags: [Pan]\n")
    found.look()
    assert hook.titles == [DRIFT, DRIFT]
    assert hook.last.startswith("Plan: 5 to add")
    assert watched.run("--no-notify", "apply", "--auto-approve", server=None).code == 0
    found.look()
    found.look()
    assert hook.titles == [DRIFT, DRIFT, AGAIN]


def test_a_library_in_step_from_the_start_is_no_news(watched: Project, hook: Webhook) -> None:
    """There is nothing to report before something differs."""
    watched.run("--no-notify", "apply", "--auto-approve", server=None)
    watch().look()
    assert hook.titles == []


def test_an_unreachable_server_is_reported_once_and_looked_at_sooner(
    watched: Project, hook: Webhook
) -> None:
    """The waits grow up to the usual one; its return is reported, and drift that came meanwhile."""
    found = watch(every=300)
    watched.write("stashsync.yaml", NOWHERE + NOTIFY)
    assert [found.look() for _ in range(4)] == [60, 120, 240, 300]
    assert hook.titles == [FAILED]
    watched.write("stashsync.yaml", SANDBOX + NOTIFY)
    assert found.look() == 300
    assert hook.titles == [FAILED, WORKS, DRIFT]
    assert "Plan: 4 to add" in hook.messages[1]["message"]


def test_manifests_and_settings_are_read_anew_and_errors_in_them_are_survived(
    watched: Project, hook: Webhook
) -> None:
    """Someone edits a manifest while it watches: a failure, once, and then the edit."""
    found = watch()
    found.look()
    watched.write("manifests/more.yaml", "tags: [Pan\n")
    found.look()
    found.look()
    watched.write("manifests/more.yaml", "tags: [Pan]\n")
    found.look()
    assert hook.titles == [DRIFT, FAILED, WORKS, DRIFT]
    assert "manifests/more.yaml" in hook.messages[1]["message"]


def test_another_kind_of_failure_is_reported_too(watched: Project, hook: Webhook) -> None:
    """The server is out of reach, and then the manifests have an error."""
    found = watch()
    watched.write("stashsync.yaml", NOWHERE + NOTIFY)
    found.look()
    watched.write("manifests/more.yaml", "tags: [Pan\n")
    found.look()
    found.look()
    assert hook.titles == [FAILED, FAILED]


def test_a_watch_that_starts_again_repeats_nothing(watched: Project, hook: Webhook) -> None:
    """A container restarts: the health file has what was notified."""
    watch(health="health.json").look()
    watch(health="health.json").look()
    assert hook.titles == [DRIFT]
    watched.write("stashsync.yaml", NOWHERE + NOTIFY)
    watch(health="health.json").look()
    watch(health="health.json").look()
    assert hook.titles == [DRIFT, FAILED]


def test_waits_vary_by_the_jitter() -> None:
    """Many watches of one server do not all look at the same moment."""
    found = watch(every=100, jitter=0.1)
    waits = {found.look() for _ in range(4)}
    assert len(waits) == 4
    assert all(54 <= wait <= 110 for wait in waits)


def test_the_health_file_has_the_last_look(watched: Project) -> None:
    """Time, result, exit code as of `drift`, and until when it holds."""
    found = watch(every=60, health="health.json")
    found.look()
    health = msgspec.json.decode(watched.read("health.json"), type=Health)
    assert (health.result, health.exit_code) == ("drift", 2)
    assert abs(datetime.now(UTC) - health.time) < timedelta(seconds=20)
    assert health.next == health.time + timedelta(seconds=60)
    assert health.valid_until > health.next
    healthy = watched.run("watch", "--check-health", "health.json")
    assert healthy.code == 0
    assert "\ndrift; the last look was at 20" in healthy.out
    watched.write("stashsync.yaml", NOWHERE)
    found.look()
    assert orjson.loads(watched.read("health.json"))["result"] == "failed"
    assert watched.run("watch", "--check-health", "health.json").code == 1


def test_a_watch_that_hangs_or_never_was_is_not_healthy(project: Project) -> None:
    """Overdue, damaged, or no file at all."""
    watch(health="health.json").look()
    health = msgspec.json.decode(project.read("health.json"), type=Health)
    health.result, health.valid_until = "in step", datetime.now(UTC) - timedelta(seconds=1)
    project.write("health.json", msgspec.json.encode(health).decode())
    late = project.run("watch", "--check-health", "health.json")
    assert late.code == 1
    assert "the watch has stopped or hangs" in late.err
    project.write("health.json", "{}")
    assert project.run("watch", "--check-health", "health.json").code == 1
    assert project.run("watch", "--check-health", "absent.json").code == 1


def test_a_health_file_that_cannot_be_written_is_a_warning(
    watched: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """The watch goes on."""
    watch(health="no/folder/health.json").look()
    assert "Warning: cannot write" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("health", "why"), [("no/health.json", "its folder does not exist"), ("manifests", "a folder")]
)
def test_a_health_file_that_never_could_be_written_ends_it_at_once(
    watched: Project, health: str, why: str
) -> None:
    """A mistyped path would be noticed by whoever waits for the file, much later."""
    ran = watched.run("watch", "--health", health)
    assert ran.code == 1
    assert why in ran.err
    assert ran.out == ""


def test_settings_that_cannot_be_used_end_it_at_once(watched: Project) -> None:
    """A mistake in them is found when the watch starts."""
    watched.write("stashsync.yaml", "notfy: {}\n")
    assert watched.run("watch", server=None).code == 1
    watched.write("stashsync.yaml", SANDBOX)
    with pytest.raises(StashConfigurationError, match="no profile"):
        Watch(
            Options(profile="none"), Scope(), Reports(Outputs((), ())), frozenset(ACTIONS),
            every=1, jitter=0, health=None,
        ).check()  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [
        ("--every", "0s"),
        ("--every", "10"),
        ("--jitter", "101%"),
        ("--jitter", "0.1"),
        ("--fail-on", "deletion"),
        ("--format", "json"),
        ("--target", "food:Bread"),
    ],
)
def test_wrong_usage_ends_it_at_once(project: Project, arguments: tuple[str, str]) -> None:
    """No watch begins with an option that cannot be meant."""
    assert project.run("watch", *arguments).code == 64


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_while_it_waits(project: Project, number: signal.Signals) -> None:
    """One process, exit code 0, the health file whole and nothing beside it."""
    process = start(project.root, "watch", "--health", "health.json", server="sandbox:library.db")
    _until(project.root / "health.json")
    process.send_signal(number)
    ran = ended(process)
    assert ran.code == 0
    assert "Traceback" not in ran.err
    assert ran.err.endswith("\nStopped.\n")
    assert orjson.loads(project.read("health.json"))["result"] == "drift"
    assert [path.name for path in project.root.glob("*health.json*")] == ["health.json"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_the_background(project: Project, number: signal.Signals) -> None:
    """A shell lets what it starts there ignore SIGINT."""
    code = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); {CODE}"
    process = start(
        project.root, "watch", "--health", "health.json", server="sandbox:library.db", code=code
    )
    _until(project.root / "health.json")
    process.send_signal(number)
    assert ended(process).code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_while_it_looks(project: Project, number: signal.Signals) -> None:
    """A server that never answers does not keep it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        process = start(project.root, "watch", server=address)
        connection, _ = server.accept()
        with connection:
            connection.recv(1)
            process.send_signal(number)
            ran = ended(process)
    assert ran.code == 0
    assert "Traceback" not in ran.err
    assert ran.err.endswith("\nStopped.\n")


def _until(path: Path) -> None:
    end = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.02)
    time.sleep(0.1)
