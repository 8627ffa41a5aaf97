"""Files and folders, as scenes, galleries and images show them (behaviour 1.1)."""

from __future__ import annotations

from collections.abc import Mapping

from stashsync.sandbox.schema.tables import Field, Table, each

UNIONS: dict[str, tuple[str, ...]] = {
    "VisualFile": ("VideoFile", "ImageFile"),
}

OBJECTS: Mapping[str, Table] = {
    "VideoFile": {
        "id": "ID!",
        **each("String!", "path basename format video_codec audio_codec"),
        "parent_folder_id": Field(
            "ID!", deprecated="Use parent_folder instead", deprecated_since="0.29.0"
        ),
        "zip_file_id": Field("ID", deprecated="Use zip_file instead", deprecated_since="0.29.0"),
        **each("Time!", "mod_time created_at updated_at"),
        "size": "Int64!",
        "fingerprint": Field("String", args={"type": "String!"}),
        "fingerprints": "[Fingerprint!]!",
        **each("Int!", "width height bit_rate"),
        **each("Float!", "duration frame_rate"),
        "parent_folder": Field("Folder!", since="0.29.0"),
        "zip_file": Field("BasicFile", since="0.29.0"),
    },
    "ImageFile": {
        "id": "ID!",
        **each("String!", "path basename"),
        "parent_folder_id": Field(
            "ID!", deprecated="Use parent_folder instead", deprecated_since="0.29.0"
        ),
        "zip_file_id": Field("ID", deprecated="Use zip_file instead", deprecated_since="0.29.0"),
        **each("Time!", "mod_time created_at updated_at"),
        "size": "Int64!",
        "fingerprint": Field("String", args={"type": "String!"}),
        "fingerprints": "[Fingerprint!]!",
        **each("Int!", "width height"),
        "parent_folder": Field("Folder!", since="0.29.0"),
        "zip_file": Field("BasicFile", since="0.29.0"),
        "format": Field("String!", since="0.29.0"),
    },
    "GalleryFile": {
        "id": "ID!",
        **each("String!", "path basename"),
        "parent_folder_id": Field(
            "ID!", deprecated="Use parent_folder instead", deprecated_since="0.29.0"
        ),
        "zip_file_id": Field("ID", deprecated="Use zip_file instead", deprecated_since="0.29.0"),
        **each("Time!", "mod_time created_at updated_at"),
        "size": "Int64!",
        "fingerprint": Field("String", args={"type": "String!"}),
        "fingerprints": "[Fingerprint!]!",
        "parent_folder": Field("Folder!", since="0.29.0"),
        "zip_file": Field("BasicFile", since="0.29.0"),
    },
    "BasicFile": {
        "id": Field("ID!", since="0.29.0"),
        **each(Field("String!", since="0.29.0"), "path basename"),
        "parent_folder_id": Field("ID!", since="0.29.0", deprecated="Use parent_folder instead"),
        "zip_file_id": Field("ID", since="0.29.0", deprecated="Use zip_file instead"),
        "parent_folder": Field("Folder!", since="0.29.0"),
        "zip_file": Field("BasicFile", since="0.29.0"),
        **each(Field("Time!", since="0.29.0"), "mod_time created_at updated_at"),
        "size": Field("Int64!", since="0.29.0"),
        "fingerprint": Field("String", since="0.29.0", args={"type": "String!"}),
        "fingerprints": Field("[Fingerprint!]!", since="0.29.0"),
    },
    "Folder": {
        "id": "ID!",
        "path": "String!",
        "parent_folder_id": Field(
            "ID", deprecated="Use parent_folder instead", deprecated_since="0.29.0"
        ),
        "zip_file_id": Field("ID", deprecated="Use zip_file instead", deprecated_since="0.29.0"),
        **each("Time!", "mod_time created_at updated_at"),
        "parent_folder": Field("Folder", since="0.29.0"),
        "zip_file": Field("BasicFile", since="0.29.0"),
    },
    "Fingerprint": {
        **each("String!", "type value"),
    },
}
