"""What all verbs share: one loop for all that waits."""

from __future__ import annotations

import signal

from stashsync.cli.options import Options
from stashsync.cli.session import Session


def test_no_text_is_made_of_the_result_of_a_run() -> None:
    """That of a plan of 100,000 objects takes longer than the plan, and as much memory.

    The loop's runner has a handler of SIGINT that refers to its task, and to look at the handler
    makes a text of it: `enum` does, for the message of an error that is dropped.
    """
    texts: list[str] = []

    class Large:
        """A result that notes when its text is made."""

        def __repr__(self) -> str:
            texts.append("made")
            return "large"

    async def found() -> Large:
        return Large()

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with Session(Options()) as session:
            assert isinstance(session.run(found()), Large)
    finally:
        signal.signal(signal.SIGINT, before)
    assert texts == []
