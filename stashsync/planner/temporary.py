"""Temporary names: what an object is called while another takes the name it gives up.

The name tells whose it is and what the object is to be called, so that a run which broke off is
recognised by the next plan: `⟦stashsync 12⟧ Wide shot` on the object with id 12.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_FORM = re.compile(r"⟦stashsync (\d+)⟧ (?:hex:((?:[0-9a-f]{2})+)|(.*))\Z", re.DOTALL)


def temporary_name(identifier: str, target: str, is_free: Callable[[str], bool]) -> str | None:
    """A name for the object until it gets `target`; None where the server would refuse any.

    `is_free` says whether a name collides with nothing that is there or is to come.
    """
    head = f"⟦stashsync {identifier}⟧ "
    candidates = (head + target, head + "hex:" + target.encode("utf-8").hex())
    return next((one for one in candidates if is_free(one)), None)


def is_temporary(name: str) -> bool:
    """Whether a name looks like one of these; cheap, for very many names."""
    return name.startswith("⟦stashsync ")


def target_of(identifier: str, name: str) -> str | None:
    """What the object with this id is to be called, if `name` is its temporary name."""
    match = _FORM.match(name)
    if match is None or match[1] != identifier:
        return None
    if match[2] is None:
        return match[3]
    return bytes.fromhex(match[2]).decode("utf-8", "replace")
