"""Silences warnings that a test expects and does not check."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quietly() -> Iterator[None]:
    """Ignore the warnings of saves that cascade."""
    from stashsync.store import CascadeWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CascadeWarning)
        yield
