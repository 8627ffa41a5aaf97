"""What a person can choose of how a plan is shown."""

from __future__ import annotations

from enum import Enum


class Detail(Enum):
    """How much is shown: one line a change; blocks that hide what repeats; everything."""

    CONCISE = "concise"
    NORMAL = "normal"
    FULL = "full"


class Purpose(Enum):
    """What the text introduces: changes to be made, taken back, or a difference that was found."""

    PLAN = "stashsync will perform the following actions:"
    UNDO = "stashsync will take the run back by the following actions:"
    DRIFT = "The library differs from the manifests. These actions would bring it in step:"
