"""Applying a plan: it becomes documents, documents become outcomes, outcomes a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stashsync.applier.listener import Interrupt, Listener
from stashsync.applier.outcomes import Report
from stashsync.outcomes import Outcome, Status

if TYPE_CHECKING:
    from stashsync.applier.run import carry_out

__all__ = ["Interrupt", "Listener", "Outcome", "Report", "Status", "carry_out"]


def __getattr__(name: str) -> Any:
    """Import `carry_out` when it is needed: it alone loads the client."""
    if name != "carry_out":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from stashsync.applier.run import carry_out

    return carry_out
