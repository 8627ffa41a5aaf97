"""Doing: a plan becomes documents, documents become outcomes, outcomes become an account."""

from stashsync.applier.listener import Interrupt, Listener
from stashsync.applier.outcomes import Outcome, Report, Status
from stashsync.applier.run import carry_out

__all__ = ["Interrupt", "Listener", "Outcome", "Report", "Status", "carry_out"]
