"""Servers that cannot be read: the error, exit code 1, and no mutation."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

from stashsync.cli import main
from stashsync.sandbox import Sandbox, running
from stashsync.sandbox.faults import Fault, Faults
from tests.support.projects import write_project
from tests.support.served import Canned, Watched

ALWAYS = tuple(range(1, 1000))

HTML = "answered with HTML: this is the web page, not the API"
FAILURES = {
    "an HTML page": (Canned(b"<!doctype html><p>Stash", "text/html"), HTML),
    "an HTML page with status 404": (
        Canned(b"<p>Not found", "text/html", 404),
        "there is no GraphQL API at",
    ),
    "a login page of a proxy": (
        Canned(b"<p>Sign in", "text/html", 403),
        "lets nothing through (403)",
    ),
    "invalid JSON": (Canned(b'{"data": {"ver'), "is cut off or garbled"),
    "JSON of another program": (Canned(b'{"hello": 1}'), "JSON that is no GraphQL answer"),
    "an empty answer": (Canned(b""), "gave an empty answer"),
    "another GraphQL server": (
        Canned(b'{"data": {"version": null}}'),
        "speaks GraphQL but does not answer like a Stash server",
    ),
    "an internal error": (
        Canned(b"Internal Server Error", "text/plain", 500),
        "failed (500 Internal Server Error)",
    ),
    "a bad gateway": (Canned(b"<p>502", "text/html", 502), "is not available (502 Bad Gateway)"),
    "unavailable": (Canned(b"", "text/plain", 503), "is not available (503"),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Provide a project with one tag; no setting comes from the environment."""
    for name in ("STASH_URL", "STASH_API_KEY", "STASHSYNC_SERVER"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "stashsync.yaml").write_text("{}\n", "utf-8")
    return write_project(tmp_path, {"tags": [{"name": "Travel"}]})


def run(project: Path, url: str, *verb: str, options: Sequence[str] = ()) -> int:
    """Return the exit code of a command line."""
    return main(["--server", url, "--project", str(project), *options, *verb])


def error_text(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what was written to the standard error, on one line; nothing else may have been."""
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    return " ".join(captured.err.split())


@pytest.mark.parametrize("failure", FAILURES)
def test_each_kind_of_server_that_is_no_stash_has_its_own_error(
    failure: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An HTML page, a refused connection or another API is named as what it is."""
    server, words = FAILURES[failure]
    watched = Watched(server)
    with running(watched) as url:
        assert run(project, url, "plan") == 1
    assert words in error_text(capsys)
    assert watched.bodies
    assert watched.mutations == 0


@pytest.mark.parametrize("verb", [["apply", "--auto-approve"], ["drift"]])
def test_every_verb_reports_a_server_failure_alike(
    verb: list[str], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Apply sends nothing before it has planned; drift does not take an error for a difference."""
    watched = Watched(Canned(b"<!doctype html>", "text/html"))
    with running(watched) as url:
        assert run(project, url, *verb) == 1
    assert HTML in error_text(capsys)
    assert watched.mutations == 0


def test_a_server_that_is_not_running_is_an_error_with_advice(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The error has the address, and what to check."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    assert run(project, url, "plan") == 1
    words = error_text(capsys)
    assert f"cannot connect to {url}" in words
    assert "Is the server running, and is that its address and port?" in words


def test_a_wrong_key(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the source of the key and does not repeat the key."""
    monkeypatch.setenv("STASH_API_KEY", "wrong-key")
    with Sandbox(api_key="right-key") as server:
        watched = Watched(server.app)
        with running(watched) as url:
            assert run(project, url, "plan") == 1
    words = error_text(capsys)
    assert "refused the API key (from environment STASH_API_KEY)" in words
    assert "wrong-key" not in words
    assert watched.mutations == 0


def test_no_key(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The error of a server that wants a key tells the user where to get one."""
    with Sandbox(api_key="right-key") as server, running(server) as url:
        assert run(project, url, "plan") == 1
    assert "wants an API key" in error_text(capsys)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("SETUP", "has not been set up yet"),
        ("NEEDS_MIGRATION", "has to migrate its database first"),
    ],
)
def test_a_server_that_waits(
    status: str, words: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A server that waits for its set-up or for a migration: both are done on its own page."""
    with Sandbox(status=status) as server:
        watched = Watched(server.app)
        with running(watched) as url:
            assert run(project, url, "apply", "--auto-approve") == 1
    assert words in error_text(capsys)
    assert watched.mutations == 0


def test_a_server_that_hangs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No request waits without a time limit."""
    with Sandbox() as server:
        slow = Faults(server.app, [Fault("delay", ALWAYS, seconds=0.7)])
        watched = Watched(slow)
        with running(watched) as url:
            assert run(project, url, "plan", options=["--timeout", "0.2"]) == 1
    assert "did not answer in time" in error_text(capsys)
    assert watched.mutations == 0


def test_a_reading_that_fails_in_its_middle_is_no_empty_library(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A failed read is an error, never an empty library: that would create everything again."""
    with Sandbox() as server:
        server.library.mutate("tagCreate", {"input": {"name": "Travel"}})
        watched = Watched(Faults(server.app, [Fault("bad gateway", ALWAYS[1:])]))
        with running(watched) as url:
            assert run(project, url, "apply", "--auto-approve") == 1
    assert "is not available (502 Bad Gateway)" in error_text(capsys)
    assert watched.mutations == 0
