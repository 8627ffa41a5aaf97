"""Remembering: what was read, by identity, and how to ask for more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stashsync.store.cached import CacheStats as CacheStats
    from stashsync.store.edits import CascadeWarning as CascadeWarning
    from stashsync.store.store import StashEntityStore as StashEntityStore

__all__ = ["CacheStats", "CascadeWarning", "StashEntityStore"]
_MODULES = {"CacheStats": "cached", "CascadeWarning": "edits", "StashEntityStore": "store"}


def __getattr__(name: str) -> Any:  # filters are used without the rest, and by themselves
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"stashsync.store.{_MODULES[name]}"), name)
