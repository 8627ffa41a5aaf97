"""What declarations derive from, with two faces.

Type checkers see the classes that scripts use, with their constructors, edits and `save`. At run
time a declaration is light: see `stashsync.kinds.declaration`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stashsync.entities.entity import Entity as Entity
    from stashsync.entities.record import Record as Record
else:
    from stashsync.kinds.declaration import Entity, Record

__all__ = ["Entity", "Record"]
