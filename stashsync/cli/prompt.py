"""Ask at the terminal. Only `yes` approves."""

from __future__ import annotations

import sys

from stashsync.cli.output import talk
from stashsync.errors import NoApprovalError
from stashsync.render.style import is_terminal


def has_terminal() -> bool:
    """Whether a person can be asked."""
    return is_terminal(sys.stdin) and is_terminal(sys.stderr)


def require_terminal(hint: str) -> None:
    """Raise `NoApprovalError` if no person can be asked; `hint` is what to do then."""
    if not has_terminal():
        raise NoApprovalError("there is no terminal to ask for approval", hint=hint)


def ask(question: str) -> bool:
    """Ask, and return whether the answer is `yes`. The end of the input is a no."""
    sys.stderr.write(question)
    sys.stderr.flush()
    answer = sys.stdin.readline()
    talk("" if answer.endswith("\n") else "\n")
    return answer.strip() == "yes"
