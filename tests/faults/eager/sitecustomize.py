"""Load heavy modules with the import of the package; see `tests/faults/wire.py`."""

from __future__ import annotations

import sys


class Eager:
    """Stands before all who look for modules."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Nothing; but for the package it first loads what the package may ever need."""
        if name == "stashsync" and self in sys.meta_path:
            sys.meta_path.remove(self)
            import gql  # noqa: F401
            import graphql  # noqa: F401
            import httpx  # noqa: F401


sys.meta_path.insert(0, Eager())
