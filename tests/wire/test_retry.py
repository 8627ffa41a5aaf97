"""What is sent again, and when."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from stashsync.errors import StashConnectionError, StashError, StashServerError
from stashsync.wire.retry import RetryPolicy, may_repeat, met_a_deletion, provably_not_run
from tests.wire.fakes import Naps, ok, refused, scripted

READ, WRITE = "{ version { version } }", "mutation M($i: X!) { a(input: $i) { id } }"
ALWAYS = [
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.PoolTimeout("busy"),
    httpx.ProxyError("no"),
]
READS_ONLY = [
    httpx.Response(429),
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.ReadTimeout("silent"),
    httpx.WriteTimeout("stuck"),
    httpx.RemoteProtocolError("Server disconnected without sending a response."),
    httpx.DecodingError("garbled"),
    httpx.Response(200, content=b'{"data": {"version'),
    httpx.Response(408),
    httpx.Response(500),
    httpx.Response(502),
    httpx.Response(503),
    httpx.Response(504),
]
NEVER = [
    httpx.UnsupportedProtocol("ftp"),
    httpx.LocalProtocolError("bad header"),
    httpx.InvalidURL("bad"),
    httpx.Response(400),
    httpx.Response(401),
    httpx.Response(403),
    httpx.Response(404),
    httpx.Response(301),
    httpx.Response(200, html="<html>"),
]


def _name(case: Any) -> str:
    return str(case.status_code) if isinstance(case, httpx.Response) else type(case).__name__


@pytest.mark.row("A7")
@pytest.mark.fault("12 retries")
@pytest.mark.parametrize("case", ALWAYS + READS_ONLY, ids=_name)
def test_a_read_is_sent_again_after_whatever_may_pass(case: Any) -> None:
    """Connection errors, time-outs, 429 and 5xx."""
    transport, script = scripted(case, ok({"version": 1}))
    assert asyncio.run(transport.send(READ)).data == {"version": 1}
    assert len(script.requests) == 2


@pytest.mark.row("A7")
@pytest.mark.fault("12 retries")
@pytest.mark.parametrize("case", ALWAYS, ids=_name)
def test_a_mutation_is_sent_again_where_it_provably_did_not_run(case: Any) -> None:
    """The server never got the request, so nothing can run twice."""
    transport, script = scripted(case, ok({"a": 1}))
    assert asyncio.run(transport.send(WRITE)).data == {"a": 1}
    assert len(script.requests) == 2


@pytest.mark.row("A7")
@pytest.mark.parametrize("case", READS_ONLY, ids=_name)
def test_a_mutation_is_never_sent_again_after_it_may_have_run(case: Any) -> None:
    """A reset, a time-out or a 5xx leaves a committed prefix of unknown length.

    A proxy may answer 429, too, after it has passed the request on.
    """
    transport, script = scripted(case, ok({"a": 1}))
    with pytest.raises((StashConnectionError, StashServerError)) as caught:
        asyncio.run(transport.send(WRITE))
    assert len(script.requests) == 1
    assert getattr(caught.value, "sent", True)


@pytest.mark.parametrize("case", NEVER, ids=_name)
@pytest.mark.parametrize("text", [READ, WRITE])
def test_what_cannot_get_better_is_not_tried_again(case: Any, text: str) -> None:
    """Refusals and mistakes of ours come out at once."""
    transport, script = scripted(case, ok({}))
    with pytest.raises(StashError):
        asyncio.run(transport.send(text))
    assert len(script.requests) == 1


def test_errors_of_the_api_are_answers_and_not_tried_again() -> None:
    """The API would give the same answer again."""
    transport, script = scripted(refused({"message": "unknown field"}), ok({}))
    answer = asyncio.run(transport.send(READ))
    assert not answer.executed
    assert len(script.requests) == 1


GONE = {"message": "tag with id 15 not found", "path": ["findTags", "tags", 3, "parents"]}


EMPTY = {"message": "must not be null", "path": ["findSceneMarkers", "scene_markers", 0, "tag"]}


def test_a_reference_that_is_empty_for_a_moment_met_a_deletion() -> None:
    """Of a field that is never null: the object was there when the row was read."""
    assert met_a_deletion([EMPTY])
    assert not met_a_deletion([{**EMPTY, "path": ["findTag"]}])


def test_a_read_that_met_a_deletion_is_sent_again() -> None:
    """Another client deleted a tag between the query for the objects and that for their tags."""
    naps = Naps()
    transport, script = scripted(ok(None, [GONE]), ok(None, [GONE]), ok({"a": 1}), naps=naps)
    assert asyncio.run(transport.send(READ)).data == {"a": 1}
    assert naps.taken == [0.25, 0.5]
    assert len(script.requests) == 3


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        (READ, [{**GONE, "path": ["findTags"]}]),
        (READ, [{**GONE, "message": "tag is odd"}]),
        (READ, [{"message": "not found"}]),
        (WRITE, [GONE]),
    ],
    ids=["asked for by its id", "something else", "without a place", "a mutation"],
)
def test_what_is_gone_itself_is_not_asked_for_again(text: str, errors: list[Any]) -> None:
    """It is an answer; and a mutation is never repeated for what it shows of its result."""
    transport, script = scripted(ok(None, errors), ok({}))
    assert asyncio.run(transport.send(text)).errors
    assert len(script.requests) == 1


def test_a_read_that_meets_nothing_but_deletions_ends_with_the_last_answer() -> None:
    """As many requests as attempts; the caller gets the error, which may be repeated later."""
    transport, script = scripted(*[ok(None, [GONE])] * 9)
    answer = asyncio.run(transport.send(READ))
    assert may_repeat(answer.as_error(), mutation=False)
    assert not may_repeat(answer.as_error(), mutation=True)
    assert len(script.requests) == 4


@pytest.mark.fault("12 retries")
def test_pauses_double_up_to_a_limit_and_then_the_last_error_comes_out() -> None:
    """Exponential backoff with a cap; as many requests as attempts, each wait with its reason."""
    naps = Naps()
    reasons: list[tuple[float, str]] = []
    retry = RetryPolicy(
        attempts=6,
        first_pause=1.0,
        longest_pause=5.0,
        sleep=naps.sleep,
        random=lambda: 1.0,
        waiting=lambda seconds, error: reasons.append((seconds, str(error))),
    )
    transport, script = scripted(*[httpx.ConnectError(str(n)) for n in range(9)], retry=retry)
    with pytest.raises(httpx.ConnectError, match="5"):
        asyncio.run(transport.send(READ))
    assert naps.taken == [1.0, 2.0, 4.0, 5.0, 5.0]
    assert [seconds for seconds, _ in reasons] == naps.taken
    assert all("cannot connect" in reason for _, reason in reasons)
    assert len(script.requests) == 6


def test_a_server_that_was_never_there_is_not_waited_for_unless_it_is_presumed() -> None:
    """Its address may be wrong. Once it has answered, it is: long pauses are for that."""
    naps = Naps()
    retry = RetryPolicy(sleep=naps.sleep, random=lambda: 1.0, presumes_server=False)
    gone = httpx.ConnectError("no such host")
    transport, script = scripted(gone, retry=retry)
    with pytest.raises(httpx.ConnectError):
        asyncio.run(transport.send(READ))
    assert (len(script.requests), naps.taken) == (1, [])

    busy = httpx.Response(503)
    transport, script = scripted(busy, gone, ok({"a": 1}), gone, ok({"a": 2}), retry=retry)
    assert asyncio.run(transport.send(READ)).data == {"a": 1}
    assert asyncio.run(transport.send(READ)).data == {"a": 2}
    assert len(script.requests) == 5


def test_jitter_keeps_a_pause_between_half_and_all_of_it() -> None:
    """Many clients that failed together do not come back together."""
    low, high = RetryPolicy(random=lambda: 0.0), RetryPolicy(random=lambda: 1.0)
    assert (low.pause(2), high.pause(2)) == (0.25, 0.5)
    assert RetryPolicy(attempts=10**6, longest_pause=8.0).pause(9999) is not None


NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("Fri, 20 Nov 2026 12:00:30 GMT", 30.0),
        ("Fri, 20 Nov 2026 12:00:30 -0000", 30.0),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0.0),
        ("-3", None),
        ("soon", None),
        ("٣", None),
        ("Fri, 99 Nov 2026 99:00:00 GMT", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(
    header: str | None, seconds: float | None
) -> None:
    """Both forms of the header; nonsense counts as absent."""
    assert RetryPolicy(now=lambda: NOW).retry_after(header) == seconds


def test_retry_after_replaces_the_pause() -> None:
    """The server knows best when to come back."""
    naps = Naps()
    transport, _ = scripted(
        httpx.Response(429, headers={"Retry-After": "7"}), ok({"a": 1}), naps=naps
    )
    asyncio.run(transport.send(READ))
    assert naps.taken == [7.0]


def test_no_wait_is_longer_than_the_longest_wait() -> None:
    """A server that asks for an hour gets an error shown to a person instead."""
    naps = Naps()
    transport, script = scripted(
        httpx.Response(429, headers={"Retry-After": "3600"}), ok({}), naps=naps
    )
    with pytest.raises(StashServerError, match="fewer requests"):
        asyncio.run(transport.send(READ))
    assert (naps.taken, len(script.requests)) == ([], 1)


@pytest.mark.parametrize(
    ("error", "not_run"),
    [
        (StashConnectionError("", sent=False), True),
        (StashConnectionError("", sent=True), False),
        (StashServerError("", status=302), True),
        (StashServerError("", status=401), True),
        (StashServerError("", status=413), True),
        (StashServerError("", status=429), False),
        (StashServerError("", status=408), False),
        (StashServerError("", status=499), False),
        (StashServerError("", status=500), False),
        (StashServerError("", status=200), False),
        (StashError(""), False),
    ],
)
def test_only_a_refusal_proves_that_nothing_ran(error: StashError, *, not_run: bool) -> None:
    """A web page with status 200 proves nothing, nor does a proxy's time-out or rate limit."""
    assert provably_not_run(error) is not_run


def test_an_answer_that_ends_early_is_noticed() -> None:
    """A packed answer that is cut off unpacks without a complaint; it is no wrong address."""
    transport, _ = scripted(*[httpx.Response(200, content=b'{"data": {"a')] * 4)
    with pytest.raises(StashConnectionError, match="cut off or garbled") as caught:
        asyncio.run(transport.send(READ))
    assert "proxy" in caught.value.hint
