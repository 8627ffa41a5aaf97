"""Files and folders, as scenes, galleries and images show them.

Source: docs/stash-behaviour.md#mutations
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from stashsync.sandbox.schema.tables import Table, TypeField, each, since

_V29 = "0.29.0"
_PLACE: Table = {
    "id": "ID!",
    "path": "String!",
    **each("Time!", "mod_time created_at updated_at"),
    "zip_file_id": TypeField("ID", deprecated="Use zip_file instead", deprecated_since=_V29),
    "zip_file": TypeField("BasicFile", since=_V29),
}
"""What files and folders have."""

_PARENT = TypeField("ID!", deprecated="Use parent_folder instead", deprecated_since=_V29)
_FILE: Table = {
    **_PLACE,
    "basename": "String!",
    "parent_folder_id": _PARENT,
    "parent_folder": TypeField("Folder!", since=_V29),
    "size": "Int64!",
    "fingerprint": TypeField("String", args={"type": "String!"}),
    "fingerprints": "[Fingerprint!]!",
}

UNIONS: dict[str, tuple[str, ...]] = {"VisualFile": ("VideoFile", "ImageFile")}

INTERFACES: Mapping[str, Table] = {"BaseFile": _FILE}

FILES: Mapping[str, Table] = {
    "VideoFile": {
        **_FILE,
        **each("String!", "format video_codec audio_codec"),
        **each("Int!", "width height bit_rate"),
        **each("Float!", "duration frame_rate"),
    },
    "ImageFile": {
        **_FILE,
        **each("Int!", "width height"),
        "format": TypeField("String!", since=_V29),
    },
    "GalleryFile": _FILE,
    "BasicFile": since(_V29, _FILE),
}
"""The types that are files."""

OBJECTS: Mapping[str, Table] = {
    "Folder": {
        **_PLACE,
        "parent_folder_id": replace(_PARENT, type="ID"),
        "parent_folder": TypeField("Folder", since=_V29),
        "basename": TypeField("String!", since="0.31.0"),
        **each(TypeField("[Folder!]!", since="0.31.0"), "parent_folders sub_folders"),
    },
    "Fingerprint": each("String!", "type value"),
}
