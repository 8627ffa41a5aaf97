"""The sandbox on a real port, its latency, and failures on request."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from stashsync.sandbox import Fault, Faults, Sandbox, running, serve
from stashsync.sandbox.faults import ConnectionDropped
from tests.sandbox.client import ask, request, tag_names

CREATE = {"query": 'mutation {tagCreate(input: {name: "x"}) {id}}'}
COUNT = {"query": "{findTags {count}}"}


def test_a_sandbox_answers_on_a_port_of_its_own(sandbox: Sandbox) -> None:
    """The addresses of images have the port, too."""
    with running(sandbox) as url:
        assert httpx.post(f"{url}/graphql", json=CREATE).json() == {
            "data": {"tagCreate": {"id": "1"}}
        }
        query = {"query": "{findTag(id: 1) {image_path}}"}
        path = httpx.post(f"{url}/graphql", json=query).json()["data"]["findTag"]["image_path"]
        assert httpx.get(path).status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.post(f"{url}/graphql", json=COUNT)


def test_small_answers_do_not_wait_for_more(sandbox: Sandbox) -> None:
    """No TCP delay of 40 ms comes between the head and the body of an answer."""
    with running(sandbox) as url, httpx.Client() as client:
        client.post(f"{url}/graphql", json=COUNT)
        fastest = 1.0
        for _ in range(10):
            start = time.perf_counter()
            client.post(f"{url}/graphql", json=COUNT)
            fastest = min(fastest, time.perf_counter() - start)
        assert fastest < 0.04


def test_only_the_loopback_is_served(sandbox: Sandbox) -> None:
    """A client needs no key to change the library, so no other machine may reach it."""
    with pytest.raises(ValueError, match="the loopback only"):
        serve(sandbox, 0, host="0.0.0.0")


def test_a_file_keeps_the_library(tmp_path: Path) -> None:
    """Another sandbox on the same file continues where the first one was closed."""
    path = str(tmp_path / "library.db")
    with Sandbox(path) as first:
        ask(first, CREATE["query"])
    with Sandbox(path) as second:
        assert tag_names(second) == ["x"]


def test_latency_comes_before_each_answer() -> None:
    """The latency is given in seconds."""
    with Sandbox(latency=0.05) as sandbox:
        start = time.perf_counter()
        ask(sandbox, COUNT["query"])
        assert time.perf_counter() - start >= 0.05


def test_a_client_that_goes_away_cuts_its_document_short() -> None:
    """What was done stays done; operations that have not begun are left out.

    Source: docs/stash-behaviour.md#lost-answers
    """

    def slow_clock() -> datetime:
        time.sleep(0.01)
        return datetime.now(UTC)

    operations = " ".join(f'a{n}: tagCreate(input: {{name: "{n}"}}) {{id}}' for n in range(300))
    body = json.dumps({"query": f"mutation {{{operations}}}"}).encode()
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: sandbox\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with Sandbox(clock=slow_clock) as sandbox, running(sandbox) as url:
        address = httpx.URL(url)
        with socket.create_connection((address.host, address.port or 80)) as connection:
            connection.sendall(head.encode() + body)
            time.sleep(0.5)
        time.sleep(0.2)
        first = len(tag_names(sandbox))
        time.sleep(0.2)
        assert 0 < first < 300
        assert len(tag_names(sandbox)) == first


def test_declared_requests_fail_and_others_do_not(sandbox: Sandbox) -> None:
    """Requests are counted from 1, and only GraphQL requests count."""
    faults = Faults(sandbox.app, [Fault("bad gateway", (1,)), Fault("too many", (2, 3), seconds=2)])
    with running(faults) as url:
        assert httpx.get(f"{url}/healthz").text == "."
        first = httpx.post(f"{url}/graphql", json=COUNT)
        assert (first.status_code, first.headers["Content-Type"][:9]) == (502, "text/html")
        for _ in range(2):
            busy = httpx.post(f"{url}/graphql", json=COUNT)
            assert (busy.status_code, busy.headers["Retry-After"]) == (429, "2")
        assert httpx.post(f"{url}/graphql", json=COUNT).status_code == 200
    assert faults.count == 4


@pytest.mark.parametrize(("action", "kept"), [("drop before", []), ("drop after", ["x"])])
def test_a_connection_breaks_before_or_after_the_work(
    sandbox: Sandbox, action: str, kept: list[str]
) -> None:
    """The socket is closed without a byte; what was done before stays done."""
    fault = Fault(action, (1,))  # type: ignore[arg-type]  # one of the parameters above
    with running(Faults(sandbox.app, [fault])) as url:
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            httpx.post(f"{url}/graphql", json=CREATE)
        assert tag_names(sandbox) == kept
        assert httpx.post(f"{url}/graphql", json=COUNT).status_code == 200


def test_in_process_a_break_is_an_exception(sandbox: Sandbox) -> None:
    """In this process there is no socket that could be closed."""
    with pytest.raises(ConnectionDropped):
        ask(Faults(sandbox.app, [Fault("drop before", (1,))]), COUNT["query"])


def test_an_answer_can_be_late(sandbox: Sandbox) -> None:
    """A fault of kind `delay` adds its seconds to the answer's time."""
    start = time.perf_counter()
    ask(Faults(sandbox.app, [Fault("delay", (1,), seconds=0.05)]), COUNT["query"])
    assert time.perf_counter() - start >= 0.05


def test_the_module_serves_from_the_command_line(tmp_path: Path) -> None:
    """It prints its address when it is ready, and ends on an interrupt."""
    command = [sys.executable, "-m", "stashsync.sandbox", "--port", "0", "--api-key", "k"]
    command += ["--db", str(tmp_path / "library.db"), "--release", "0.28.1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        try:
            query = {"query": "{version {version}}"}
            answer = httpx.post(f"{url}/graphql", json=query, headers={"ApiKey": "k"})
            assert answer.json() == {"data": {"version": {"version": "v0.28.1"}}}
            assert httpx.post(f"{url}/graphql", json=query).status_code == 401
        finally:
            process.send_signal(2)
            assert process.wait(10) == 0


@pytest.mark.parametrize(
    ("action", "status", "body", "kept"),
    [
        ("server error", 500, "Internal Server Error\n", []),
        ("garbled", 200, '{"data":{"', ["x"]),
    ],
)
def test_an_answer_can_be_useless(
    sandbox: Sandbox, action: str, status: int, body: str, kept: list[str]
) -> None:
    """The fault is a server error without the work, or half an answer after it."""
    fault = Fault(action, (1,))  # type: ignore[arg-type]  # one of the parameters above
    response = request(Faults(sandbox.app, [fault]), "POST", "/graphql", json=CREATE)
    assert (response.status_code, response.text) == (status, body)
    assert tag_names(sandbox) == kept


def test_no_object_mapper_is_loaded() -> None:
    """The sandbox reads only the kinds' tables; entities and pydantic would slow its start."""
    script = (
        "import sys; from stashsync.sandbox import Sandbox; Sandbox().close(); "
        "print([m for m in sys.modules if m.startswith(('pydantic', 'stashsync.entities'))])"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
