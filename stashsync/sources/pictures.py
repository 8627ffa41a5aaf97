"""Pictures that come as bytes: they become files below the project, which manifests name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from stashsync.kinds import KINDS
from stashsync.sources.candidates import Candidate

FOLDER: Final = "images"
"""The folder below the project."""
_FORMS: Final[Mapping[str, re.Pattern[bytes]]] = {
    "jpg": re.compile(rb"\xff\xd8\xff"),
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "gif": re.compile(rb"GIF8[79]a"),
    "webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "avif": re.compile(rb"....ftypavi[fs]", re.DOTALL),
    "svg": re.compile(rb"(?:\xef\xbb\xbf)?\s*(?=<).{0,900}<svg", re.DOTALL),
}
"""How the content of each form of image begins, by extension."""
_LONGEST: Final = 60
"""Characters of a name in the name of a file."""


def file_of(candidate: Candidate, field: str, data: bytes) -> str | None:
    """Return the path of a picture below the project; None if it is no image.

    It depends on the object's name and the content alone: the same picture has the same file.
    """
    extension = next((ext for ext, begins in _FORMS.items() if begins.match(data)), None)
    if extension is None:
        return None
    slug = re.sub(r"[^a-z0-9]+", "-", candidate.label.lower()).strip("-")[:_LONGEST]
    part = "" if field == "image" else f"-{field.removesuffix('_image')}"
    digest = hashlib.sha256(data).hexdigest()[:8]
    return f"{FOLDER}/{KINDS[candidate.kind].plural}/{slug or 'image'}{part}-{digest}.{extension}"
