"""The disk that scans read: invented files, as tests arrange them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from posixpath import basename, dirname, splitext
from typing import Literal, TypeAlias

from msgspec import Struct

FileType: TypeAlias = Literal["video", "image", "gallery"]

_TYPES: dict[str, FileType] = {
    **dict.fromkeys((".mp4", ".mkv", ".webm", ".mov", ".avi", ".m4v"), "video"),
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".gif", ".webp"), "image"),
    **dict.fromkeys((".zip", ".cbz"), "gallery"),
}
_MADE = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)


class MediaFile(Struct, frozen=True):
    """One file; by its extension a video, an image or a zip of images.

    An image inside a zip has the zip's path before its own ("/media/lake.zip/001.jpg") and
    becomes part of that zip's gallery.

    Attributes:
        path: absolute, with slashes.
        size: bytes.
        mod_time: when it was last changed.
        width, height: pixels, of videos and images.
        duration: seconds, of videos; `frame_rate` per second, `bit_rate` bits per second.
        fingerprints: checksums by type ("oshash", "md5", "phash"); left out, they are made up
            from path and size.

    Raises:
        ValueError: the path is relative, or no file that a server looks at.
    """

    path: str
    size: int = 1_000_000
    mod_time: datetime = _MADE
    width: int = 1920
    height: int = 1080
    duration: float = 60.0
    frame_rate: float = 25.0
    bit_rate: int = 4_000_000
    video_codec: str = "h264"
    audio_codec: str = "aac"
    fingerprints: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not self.path.startswith("/"):
            raise ValueError(f"not an absolute path: {self.path}")
        if splitext(self.path)[1].lower() not in _TYPES:
            raise ValueError(f"neither video, image nor zip: {self.path}")

    @property
    def type(self) -> FileType:
        """What the file becomes, by the ending of its name."""
        return _TYPES[splitext(self.path)[1].lower()]

    @property
    def format(self) -> str:
        """The container or the image's format, by the extension."""
        return splitext(self.path)[1].lower().lstrip(".")

    @property
    def name(self) -> str:
        """The last part of the path."""
        return basename(self.path)

    @property
    def folder(self) -> str:
        """The path without the name."""
        return dirname(self.path)


def is_wanted(path: str, paths: Sequence[str]) -> bool:
    """Tell whether a path is one of these or lies in one of these folders; no paths mean all."""
    return not paths or any(
        path == wanted or path.startswith(f"{wanted.rstrip('/')}/") for wanted in paths
    )
