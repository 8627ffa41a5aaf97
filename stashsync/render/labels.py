"""What objects are called after a plan is applied."""

from __future__ import annotations

from stashsync.kinds import KINDS
from stashsync.planner.changes import Change, Update


def label_after(change: Change) -> str:
    """Return what the object is called after the change."""
    if not isinstance(change, Update):
        return change.label
    kind = KINDS[change.kind]
    touched = [name for name in kind.key_fields if name in change.changes]
    if not touched:
        return change.label
    # An update carries only what changes: the rest of the key is read off the present label.
    rest, values = change.label, {}
    for name in reversed(kind.key_fields[1:]):
        if name in change.changes:
            before = change.changes[name].before
            values[name] = change.changes[name].after
            rest = rest.removesuffix(f" ({before})") if before else rest
    name = kind.key_fields[0]
    if name in change.changes:
        rest = change.changes[name].after + rest.removeprefix(change.changes[name].before or "")
    return kind.label({**values, name: rest})
