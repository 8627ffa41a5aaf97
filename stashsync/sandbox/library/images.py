"""Images: read from data URLs or fetched, stored once per content, shown at an address.

Source: docs/stash-behaviour.md#images
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable

from msgspec import Struct

from stashsync.sandbox.library.database import Database
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.rows import Address
from stashsync.sandbox.library.values import quote, unix_time

_DATA_URL = re.compile(r"data:.+/(.+);base64,(.*)", re.DOTALL)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_QUANTUM = 4
_TIMEOUT_SECONDS = 60.0

DEFAULT_IMAGE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2">'
    b'<rect width="3" height="2" fill="#888"/></svg>'
)
"""Shown where an object has no image of its own."""


class NewImage(Struct, frozen=True):
    """The new bytes of an image, or none."""

    content: bytes | None


def new_image(text: str | None, fetch_image: Callable[[str], bytes], field: str) -> NewImage:
    """Return the new image that a field of an input gives; a blank text removes it."""
    if not text:
        return NewImage(None)
    try:
        return NewImage(_content(text, fetch_image))
    except Refusal as refusal:
        what = field.replace("_", " ")
        raise Refusal(f"processing {what}: {refusal.message}") from None


def _content(text: str, fetch_image: Callable[[str], bytes]) -> bytes:
    match = _DATA_URL.fullmatch(text)
    if match:
        return _decoded(match[2])
    found = _SCHEME.match(text)
    scheme = found[1].lower() if found else ""
    if scheme not in ("http", "https"):
        raise Refusal(f"Get {quote(text)}: unsupported protocol scheme {quote(scheme)}")
    return fetch_image(text)


def _decoded(data: str) -> bytes:
    """Decode standard base64; line breaks are ignored."""
    text = re.sub(r"[\r\n]", "", data)
    body = text.rstrip("=")
    padding = len(text) - len(body)
    at = next((index for index, char in enumerate(body) if char not in _ALPHABET), None)
    if at is None and len(text) % _QUANTUM:
        at = len(text) - len(text) % _QUANTUM
    if at is None and padding > 2:
        at = len(body)
    if at is not None:
        raise Refusal(f"illegal base64 data at input byte {at}")
    try:
        return base64.b64decode(text)
    except binascii.Error:
        raise Refusal(f"illegal base64 data at input byte {len(body)}") from None


def fetch(address: str) -> bytes:
    """Return the bytes at an address; like a real server, without checking certificates."""
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    request = urllib.request.Request(address, headers={"Referer": address})
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS, context=trusting) as answer:
            content: bytes = answer.read()
    except urllib.error.HTTPError as error:
        raise Refusal(f"http error {error.code}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        reason = "connect: connection refused" if _is_refused(reason) else reason
        raise Refusal(f"Get {quote(address)}: {reason}") from None
    return content


def _is_refused(reason: object) -> bool:
    return isinstance(reason, ConnectionRefusedError)


def set_image(db: Database, table: str, id_: int, image: NewImage, column: str) -> None:
    """Give an object its new image, or none, and forget the old one."""
    old = db.value(f"SELECT {column} FROM {table} WHERE id = ?", (id_,))
    checksum = None
    if image.content is not None:
        checksum = hashlib.md5(image.content, usedforsecurity=False).hexdigest()
        db.execute(
            "INSERT OR IGNORE INTO blobs (checksum, blob) VALUES (?, ?)", (checksum, image.content)
        )
    if checksum != old:
        db.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (checksum, id_))
        release_image(db, old)


def release_image(db: Database, checksum: str | None) -> None:
    """Forget stored bytes unless another object still shows them."""
    if checksum is not None:
        db.try_delete("blobs", "checksum", checksum)


def stored_image(db: Database, table: str, id_: int, column: str = "image_blob") -> bytes | None:
    """Return the image of one object; None without one."""
    content: bytes | None = db.value(
        f"SELECT blob FROM blobs JOIN {table} ON {column} = checksum WHERE id = ?", (id_,)
    )
    return content


def image_path(word: str, id_: int, updated_at: str, name: str, *, has_image: bool) -> Address:
    """Return the address of an image below the server's base, from a stored time."""
    default = "" if has_image else "&default=true"
    return Address(f"/{word}/{id_}/{name.replace('_', '')}?t={unix_time(updated_at)}{default}")
