"""How the library refuses an operation: with the message of the GraphQL error.

Whatever the library does may raise `Refusal`, so its docstrings do not repeat it.
"""

from __future__ import annotations

from typing import Final


class Refusal(Exception):
    """An operation was refused; nothing of it was kept.

    Args:
        message: that of the GraphQL error, exactly as a real server has it.
        path: path elements below the operation's own field, usually none.
    """

    def __init__(self, message: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


class LateRefusal(Refusal):
    """A fault that a real server only meets when the database reads the statement."""


NIL: Final = "runtime error: invalid memory address or nil pointer dereference"
"""The cause of a crash where a real server takes for granted that something is there."""


class Panic(Refusal):
    """A fault that a real server meets as a crash it catches.

    Args:
        cause: what stands inside the angle brackets of the message.
    """

    def __init__(self, cause: str) -> None:
        super().__init__(f"Internal system error. Error <{cause}>")
        self.cause = cause
