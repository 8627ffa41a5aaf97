"""Load heavy modules with the import of the package; see `tests/faults/wire.py`."""

from __future__ import annotations

import sys


class Eager:
    """A finder of modules that comes before all others."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Find no module, but import all heavy modules when the package is imported."""
        if name == "stashsync" and self in sys.meta_path:
            sys.meta_path.remove(self)
            import gql  # noqa: F401
            import graphql  # noqa: F401
            import httpx  # noqa: F401


sys.meta_path.insert(0, Eager())
