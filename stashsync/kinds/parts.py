"""Small values that come with scenes, images and galleries."""

from __future__ import annotations

from typing import Annotated

from stashsync.fields import Shown
from stashsync.kinds.base import Record
from stashsync.unset import UNSET, UnsetType


class ScenePathsType(Record):
    """URLs of what the server shows of a scene."""

    screenshot: Annotated[str | None | UnsetType, Shown("String")] = UNSET
    """Its cover."""
    preview: Annotated[str | None | UnsetType, Shown("String")] = UNSET
    """A short clip."""
    stream: Annotated[str | None | UnsetType, Shown("String")] = UNSET
    """The video."""
    webp: Annotated[str | None | UnsetType, Shown("String")] = UNSET
    """A moving picture."""
    vtt: Annotated[str | None | UnsetType, Shown("String")] = UNSET
    """The times of the sprite."""
    sprite: Annotated[str | None | UnsetType, Shown("String")] = UNSET
    """Many small pictures."""
    funscript: Annotated[str | None | UnsetType, Shown("String")] = UNSET
    """The script for devices."""
    interactive_heatmap: Annotated[str | None | UnsetType, Shown("String")] = UNSET
    """A picture of the script's heat map."""
    caption: Annotated[str | None | UnsetType, Shown("String")] = UNSET
    """Its captions."""


class ImagePathsType(Record):
    """URLs of what the server shows of an image."""

    thumbnail: Annotated[str | None | UnsetType, Shown("String")] = UNSET
    """Small."""
    preview: Annotated[str | None | UnsetType, Shown("String")] = UNSET
    """A short clip."""
    image: Annotated[str | None | UnsetType, Shown("String")] = UNSET
    """Whole."""


class GalleryPathsType(Record):
    """URLs of what the server shows of a gallery."""

    cover: Annotated[str | UnsetType, Shown("String!")] = UNSET
    """Its cover."""
    preview: Annotated[str | UnsetType, Shown("String!")] = UNSET
    """Its images, by their number."""


class VideoCaption(Record):
    """A file of captions."""

    language_code: Annotated[str | UnsetType, Shown("String!")] = UNSET
    """Its language (ISO 639-1)."""
    caption_type: Annotated[str | UnsetType, Shown("String!")] = UNSET
    """Its format."""


class SceneStreamEndpoint(Record):
    """A way to stream a scene."""

    url: Annotated[str | UnsetType, Shown("String!")] = UNSET
    """Its address."""
    mime_type: Annotated[str | None | UnsetType, Shown("String")] = UNSET
    """Its media type."""
    label: Annotated[str | None | UnsetType, Shown("String")] = UNSET
    """Its name."""
