"""Laws of the store: scripts lose no edit, and send none that was not made.

One client is the script's, the other makes changes beside it; between the script and the server
the cable breaks at times. What the script has asked for is kept as wishes (`shelves`); whatever it
saved,
the server holds the wishes and has changed in nothing else.
"""

from __future__ import annotations

from tests.laws.script import Script, holds


def test_no_edit_is_lost_and_none_is_sent_that_was_not_made() -> None:
    """Whatever happens, in whatever order."""
    holds(Script)
