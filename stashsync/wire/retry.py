"""Decide what may be sent again, and when.

Reads may always be repeated; they are, after anything that may pass: also where they met an object
that was deleted while they ran (docs/stash-behaviour.md#reading-beside-deletions). A mutation is
repeated only where the request never left (docs/planning-rules.md#retries). What became of it
after sending is for the caller to find out: a proxy answers 429 and 5xx for servers that did the
work, too.
"""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from msgspec import Struct, field

from stashsync.errors import (
    StashConnectionError,
    StashError,
    StashGraphQLError,
    StashServerError,
)

T = TypeVar("T")
TOO_MANY_REQUESTS = 429
REQUEST_TIMEOUT = 408
SERVER_ERRORS = 500
_PASSED_ON = (REQUEST_TIMEOUT, TOO_MANY_REQUESTS, 499)


def _now() -> datetime:
    return datetime.now(UTC)


class RetryPolicy(Struct, frozen=True):
    """How often, and with which pauses (seconds).

    The pause before attempt n + 1 is drawn between half and all of `first_pause` · 2ⁿ⁻¹, at most
    `longest_pause`. A Retry-After replaces it, at most `longest_wait`; a server that asks for more
    than that gets no further attempt. `waiting` learns the seconds of each pause and its reason.
    With `presumes_server` unset, a server that no connection could be made to yet gets no further
    attempt either: its address may be wrong, and long pauses would only hide that.
    """

    attempts: int = 4
    first_pause: float = 0.25
    longest_pause: float = 8.0
    longest_wait: float = 60.0
    presumes_server: bool = True
    sleep: Callable[[float], Awaitable[None]] = field(default=asyncio.sleep)
    random: Callable[[], float] = field(default=random.random)
    now: Callable[[], datetime] = field(default=_now)
    waiting: Callable[[float, BaseException | None], None] | None = field(default=None)

    def pause(self, attempt: int, error: BaseException | None = None) -> float | None:
        """Return the seconds to wait after failed attempt `attempt` (from 1); None: give up."""
        if attempt >= self.attempts:
            return None
        asked = self.retry_after(getattr(error, "retry_after", None))
        if asked is not None:
            return asked if asked <= self.longest_wait else None
        full: float = min(self.longest_pause, self.first_pause * 2.0 ** min(attempt - 1, 30))
        return full * (0.5 + 0.5 * self.random())

    def retry_after(self, header: str | None) -> float | None:
        """Return the seconds that a Retry-After header asks for, as a number or by a date."""
        if not header:
            return None
        text = header.strip()
        if text.isascii() and text.isdecimal():
            return float(text)
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, IndexError, TypeError, OverflowError):
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - self.now()).total_seconds())


async def with_retries(
    policy: RetryPolicy, attempt: Callable[[], Awaitable[T]], *, mutation: bool, answered: bool
) -> T:
    """Return the result of `attempt`, repeated by tenacity as the rules of this module allow.

    `answered` is whether the server has answered anything before.
    """
    try:
        return await attempt()
    except StashError as error:
        absent = isinstance(error, StashConnectionError) and not error.sent and not answered
        if not may_repeat(error, mutation=mutation) or (absent and not policy.presumes_server):
            raise
        failed = [error]
    from tenacity import AsyncRetrying, RetryCallState, retry_if_exception  # paid for in trouble

    async def repeat() -> T:
        """Count the attempt that has failed already as the first one."""
        if failed:
            raise failed.pop()
        return await attempt()

    def repeatable(error: BaseException) -> bool:
        return isinstance(error, StashError) and may_repeat(error, mutation=mutation)

    def reason(state: RetryCallState) -> BaseException | None:
        return state.outcome.exception() if state.outcome else None

    def pause(state: RetryCallState) -> float:
        seconds = policy.pause(state.attempt_number, reason(state))
        return math.inf if seconds is None else seconds

    def report(state: RetryCallState) -> None:
        if policy.waiting:
            policy.waiting(state.upcoming_sleep, reason(state))

    return await AsyncRetrying(
        sleep=policy.sleep,
        before_sleep=report,
        retry=retry_if_exception(repeatable),
        wait=pause,
        stop=lambda state: state.upcoming_sleep == math.inf,
        reraise=True,
    )(repeat)


def may_repeat(error: StashError, *, mutation: bool) -> bool:
    """Return whether what ended in `error` may be sent again, and may then fare better."""
    if isinstance(error, StashServerError):
        status = error.status
        passing = status >= SERVER_ERRORS or status in (REQUEST_TIMEOUT, TOO_MANY_REQUESTS)
        return not mutation and passing
    if isinstance(error, StashConnectionError):
        if getattr(error, "permanent", False):
            return False
        return not mutation or not error.sent
    if isinstance(error, StashGraphQLError):
        return not mutation and met_a_deletion(error.errors)
    return False


def met_a_deletion(errors: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether a read found a reference to an object that was gone a moment later.

    What was asked for by its own id, and is not there, fails at the field of the query itself.
    """
    return any(
        str(error.get("message", "")).endswith((" not found", "must not be null"))
        and len(error.get("path") or ()) > 1
        for error in errors
    )


def provably_not_run(error: StashError) -> bool:
    """Return whether a request that ended in `error` certainly changed nothing on the server.

    Redirects are not followed and a 4xx refuses before the document is read, but for 408, 429 and
    499, which proxies send about requests that they have already passed on.
    """
    if isinstance(error, StashConnectionError):
        return not error.sent
    if isinstance(error, StashServerError):
        return 300 <= error.status < SERVER_ERRORS and error.status not in _PASSED_ON
    return False
