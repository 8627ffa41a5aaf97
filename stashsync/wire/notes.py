"""Log each document: its name, how long it took, and what went wrong.

    DEBUG    query FindPage: 12.3 ms
    WARNING  mutation Batch: 8.1 ms, 2 errors, first: tag with name 'Action' already exists
    WARNING  query FindPage: 10000.2 ms, cannot connect to http://localhost:9999

Texts and variables are never logged: they may be long, and they may be private.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

from stashsync.errors import StashError
from stashsync.wire.exchange import Answer

LOGGER: Final = logging.getLogger("stashsync")
"""For the documents of a transport that was given no other."""
LOGGER.addHandler(logging.NullHandler())  # silent until the program configures it

_HEADING = re.compile(r"\s*(query|mutation|subscription)?\s*(\w*)")


@contextmanager
def noted(logger: logging.Logger, text: str) -> Generator[Callable[[Answer], None]]:
    """Log one document, and its answer, which is handed to what this yields."""
    start = time.perf_counter()

    def tell(level: int, more: str = "") -> None:
        if logger.isEnabledFor(level):
            spent = (time.perf_counter() - start) * 1000
            logger.log(level, "%s: %.1f ms%s", heading(text), spent, more)

    def note(answer: Answer) -> None:
        if not answer.errors:
            tell(logging.DEBUG)
            return
        first = answer.errors[0].get("message", "")
        count = len(answer.errors)
        tell(logging.WARNING, f", {count} error{'' if count == 1 else 's'}, first: {first}")

    try:
        yield note
    except StashError as error:
        tell(logging.WARNING, f", {error}")
        raise


def heading(text: str) -> str:
    """Return `query FindOne` for the text of that document."""
    found = _HEADING.match(text)
    kind, name = found.groups() if found else (None, "")
    return f"{kind or 'query'} {name}".rstrip()
