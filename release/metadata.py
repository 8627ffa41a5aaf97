"""The metadata of a published package: where it lives, and a README whose links lead there.

The address of the repository is in the environment variable STASHSYNC_REPOSITORY, which
`release/publish.py` sets. Without it, as for anyone who installs a clone, the README stays as it
is and there are no addresses: none is better than a wrong one.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

REPOSITORY = "STASHSYNC_REPOSITORY"
_LINK = re.compile(r"(!?)\[([^\]]*)\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)")


class StashsyncMetadata(MetadataHookInterface):
    """Fills in `readme` and `urls`, which pyproject.toml names as dynamic."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add both to the metadata of a build."""
        home = os.environ.get(REPOSITORY, "").rstrip("/")
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        if home:
            text = with_absolute_links(text, home, f"v{metadata['version']}")
            metadata["urls"] = addresses(home)
        metadata["readme"] = {"content-type": "text/markdown", "text": text}


def addresses(home: str) -> dict[str, str]:
    """Return the addresses of a package whose repository is at `home`."""
    return {
        "Homepage": home,
        "Documentation": f"{home}/tree/main/docs",
        "Changelog": f"{home}/blob/main/CHANGELOG.md",
        "Issues": f"{home}/issues",
        "Source": home,
    }


def with_absolute_links(page: str, home: str, version: str) -> str:
    """Return a Markdown page whose relative links lead to `version` of the repository."""

    def absolute(found: re.Match[str]) -> str:
        image, text, path, anchor = found.groups()
        view = "raw" if image else "tree" if path.endswith("/") else "blob"
        return f"{image}[{text}]({home}/{view}/{version}/{path.removeprefix('./')}{anchor or ''})"

    return _LINK.sub(absolute, page)
