"""The garbage collector at rest while many objects come that all stay."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager

PAUSE_FROM = 500
"""The number of objects from which switching it off is worth it."""


@contextmanager
def collector_paused(count: int) -> Generator[None]:
    """No garbage collection while many objects come that all stay: it would find nothing."""
    if count < PAUSE_FROM or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
