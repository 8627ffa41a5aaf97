"""Images of the project as the server takes them: data URLs of the very bytes the plan saw."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
from collections.abc import Mapping
from pathlib import Path

from stashsync.errors import StashError
from stashsync.fields import Value


def to_send(value: Value, root: Path) -> Value:
    """Make what to send of an image: a URL, a data URL, or None to remove it.

    Raises:
        StashError: the file is gone, or not the one that the plan was made from.
    """
    if not isinstance(value, Mapping):
        return None
    if "url" in value:
        return value["url"]
    path = root / value["file"]
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StashError(f"the image {value['file']} cannot be read: {error.strerror}") from error
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != value.get("md5"):
        raise StashError(f"the image {value['file']} is not the one the plan was made from")
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def weight(value: Value, root: Path) -> int:
    """Estimate the bytes that `to_send` makes of an image; 0 where it reads no file."""
    if not isinstance(value, Mapping) or "file" not in value:
        return 0
    path = root / value["file"]
    return path.stat().st_size * 4 // 3 if path.is_file() else 0
