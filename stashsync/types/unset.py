"""The third value, under the name that writers of scripts look for first."""

from __future__ import annotations

from stashsync.unset import UNSET, UnsetType, is_set

__all__ = ["UNSET", "UnsetType", "is_set"]
