"""What stands before the first mutation: refusals, and a copy of the server's database."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from stashsync.cli.output import talk
from stashsync.render.progress import working
from stashsync.render.safe import quoted

if TYPE_CHECKING:
    from stashsync.cli.session import Session


def back_up_first(session: Session) -> None:
    """Have the server copy its database, and say where the copy is.

    Raises:
        StashError: there is no copy, so nothing else is sent.
    """
    from stashsync.client.backup import back_up

    with working(f"Backing up {session.server} …", sys.stderr):
        backup = session.run(back_up(session.writer()))
    talk(
        f"Backup: the server has copied its database into {quoted(backup.folder)}, "
        f"as a file whose name begins with {quoted(backup.database + '.')}."
    )
