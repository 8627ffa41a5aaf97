"""The third value, under the name that scripts look for first."""

from stashsync.unset import UNSET, UnsetType, is_set

__all__ = ["UNSET", "UnsetType", "is_set"]
