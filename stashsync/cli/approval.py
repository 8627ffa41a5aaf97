"""Asking whether a plan is to be carried out. Only `yes` will do."""

from __future__ import annotations

import sys

from stashsync.cli.output import talk
from stashsync.errors import NoApprovalError, StashError
from stashsync.render.style import is_terminal

QUESTION = """\
Do you want to perform these actions?
  stashsync will perform the actions described above.
  Only 'yes' will be accepted to approve.

  Enter a value: """


SAVED = "Give --auto-approve, or a plan file: plan --out FILE, then apply FILE."


def must_be_possible(hint: str = SAVED) -> None:
    """Nothing, where there is somebody to ask; `hint` is what to do where nobody is.

    Raises:
        NoApprovalError: there is no terminal.
    """
    if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
        raise NoApprovalError(
            "there is no terminal to ask for approval",
            hint=hint,
        )


def approve() -> bool:
    """Ask, and give whether the answer is `yes`. The end of the input is a no."""
    sys.stderr.write(QUESTION)
    sys.stderr.flush()
    answer = sys.stdin.readline()
    talk("" if answer.endswith("\n") else "\n")
    return answer.strip() == "yes"


def cancelled() -> StashError:
    """What a no ends in."""
    return StashError("Apply cancelled.", hint="Nothing was sent.")
