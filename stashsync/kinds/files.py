"""Files and folders, as a scan found them."""

from __future__ import annotations

from typing import Annotated

from stashsync.fields import Nested, Shown
from stashsync.kinds.base import Entity, Record
from stashsync.kinds.field_spec import Wire
from stashsync.kinds.mutations import NO_MUTATIONS
from stashsync.unset import UNSET, UnsetType


class Fingerprint(Record):
    """A digest of a file: its type (oshash, md5, phash) and its value."""

    type: Annotated[str | UnsetType, Shown("String!")] = UNSET
    """Which digest."""
    value: Annotated[str | UnsetType, Shown("String!")] = UNSET
    """The digest in hexadecimal."""


class BasicFile(Entity, plural="files", key=("path",), mutations=NO_MUTATIONS):
    """What all files have."""

    path: Annotated[str | UnsetType, Shown("String!")] = UNSET
    """Its path."""
    basename: Annotated[str | UnsetType, Shown("String!")] = UNSET
    """Its name in its folder."""
    size: Annotated[int | UnsetType, Shown("Int64!")] = UNSET
    """Its length in bytes."""
    mod_time: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was last written, as RFC 3339."""
    fingerprints: Annotated[
        list[Fingerprint] | UnsetType, Nested("[Fingerprint!]!", ("fingerprint",))
    ] = UNSET
    """Its digests."""
    parent_folder_id: Annotated[str | UnsetType, Shown("ID!")] = UNSET
    """The id of its folder."""
    zip_file_id: Annotated[str | None | UnsetType, Shown("ID")] = UNSET
    """The id of the archive that contains it."""
    created_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was created on the server, as RFC 3339."""
    updated_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was last changed on the server, as RFC 3339."""


class GalleryFile(BasicFile, plural="files", key=("path",), mutations=NO_MUTATIONS):
    """An archive of images."""


class ImageFile(BasicFile, plural="files", key=("path",), mutations=NO_MUTATIONS):
    """A picture."""

    format: Annotated[str | UnsetType, Shown("String!"), Wire(since="0.29.0")] = UNSET
    """Its format."""
    width: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """In pixels."""
    height: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """In pixels."""


class VideoFile(BasicFile, plural="files", key=("path",), mutations=NO_MUTATIONS):
    """A video."""

    format: Annotated[str | UnsetType, Shown("String!")] = UNSET
    """Its container."""
    width: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """In pixels."""
    height: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """In pixels."""
    duration: Annotated[float | UnsetType, Shown("Float!")] = UNSET
    """In seconds."""
    video_codec: Annotated[str | UnsetType, Shown("String!")] = UNSET
    """Its video codec."""
    audio_codec: Annotated[str | UnsetType, Shown("String!")] = UNSET
    """Its audio codec."""
    frame_rate: Annotated[float | UnsetType, Shown("Float!")] = UNSET
    """In frames a second."""
    bit_rate: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """In bits a second."""


class Folder(Entity, plural="folders", key=("path",), mutations=NO_MUTATIONS):
    """A folder."""

    path: Annotated[str | UnsetType, Shown("String!")] = UNSET
    """Its path."""
    basename: Annotated[str | UnsetType, Shown("String!"), Wire(since="0.31.0")] = UNSET
    """Its name, the last part of the path."""
    parent_folder_id: Annotated[str | None | UnsetType, Shown("ID")] = UNSET
    """The id of the folder above."""
    zip_file_id: Annotated[str | None | UnsetType, Shown("ID")] = UNSET
    """The id of the archive that contains it."""
    mod_time: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was last written, as RFC 3339."""
    created_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was created on the server, as RFC 3339."""
    updated_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was last changed on the server, as RFC 3339."""
