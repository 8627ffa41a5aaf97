"""Temporary names: what an object is called while another takes the name it gives up.

The name contains the object's id and the name that it is to get, so that the next plan recognises
an interrupted run: `⟦stashsync 12⟧ Wide shot` on the object with id 12.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_FORM = re.compile(r"⟦stashsync (\d+)⟧ (?:hex:((?:[0-9a-f]{2})+)|(.*))\Z", re.DOTALL)


def temporary_name(identifier: str, target: str, is_free: Callable[[str], bool]) -> str | None:
    """Return a name for the object until it gets `target`; None where the server would refuse any.

    `is_free` is a test whether a name collides with nothing that is there or is to come.
    """
    head = f"⟦stashsync {identifier}⟧ "
    candidates = (head + target, head + "hex:" + target.encode("utf-8").hex())
    return next((name for name in candidates if is_free(name)), None)


def is_temporary(name: str) -> bool:
    """Whether a name looks like one of these; cheap, for very many names."""
    return name.startswith("⟦stashsync ")


def target_of(identifier: str, name: str) -> str | None:
    """Return what the object with this id is to be called, if `name` is its temporary name."""
    match = _FORM.match(name)
    if match is None or match[1] != identifier:
        return None
    if match[2] is None:
        return match[3]
    return bytes.fromhex(match[2]).decode("utf-8", "replace")
