"""Images: a file of the project or a URL that the server fetches.

Desired: None (no image), `{"url": …}`, or `{"file": path below the project, "md5": hex digest}`.
Observed: `{"etag": hex digest}` or None where the object has no image. The server's ETag of an
image is the MD5 of its bytes (docs/stash-behaviour.md#images), so a file can be compared and a URL
cannot.
"""

from __future__ import annotations

from typing import Any, ClassVar

from stashsync.fields.base import Meaning, Value
from stashsync.fields.names import trim
from stashsync.fields.raw import Raw, Wrong, is_null
from stashsync.fields.scalars import text_of


class Picture(Meaning):
    """A picture of the object. A plan never holds its bytes: the applier reads them to send."""

    shape: ClassVar[str] = "image"

    def parse(self, raw: Raw) -> Value:
        text = trim(text_of(raw, "a path or a URL"))
        if is_null(raw) or not text:
            return None
        scheme = text[:8].lower()
        if scheme.startswith("data:"):
            raise Wrong("an image is a path below the project or a URL", "put the data into a file")
        return {"url": text} if scheme.startswith(("http://", "https://")) else {"file": text}

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "null"]}

    def written(self, observed: Value) -> Value:
        """Return the path or the URL; None of a server's image, which has neither."""
        return (observed or {}).get("file") or (observed or {}).get("url")

    def settle(self, desired: Value, observed: Value) -> Value:
        if desired is None:
            return None
        if "url" in desired:
            return observed or desired
        if observed and observed.get("etag") == desired.get("md5"):
            return observed
        return desired
