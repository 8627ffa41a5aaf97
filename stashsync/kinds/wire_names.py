"""Names of the API in snake case, as Python and manifests have them."""

from __future__ import annotations

import re

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z](?!s(?![a-z]))[a-z])")


def snake_case(name: str) -> str:
    """Return a name of the API in snake case: `api_key` of `APIKey`, `scene_ids` of `sceneIDs`."""
    return _WORDS.sub("_", name).lower()
