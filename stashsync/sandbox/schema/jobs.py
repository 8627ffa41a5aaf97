"""Jobs, the log and scans: queries, mutations and subscriptions.

Source: docs/stash-behaviour.md#jobs
"""

from __future__ import annotations

from collections.abc import Mapping

from stashsync.sandbox.schema.tables import Field, Table, each

ENUMS: dict[str, str] = {
    "JobStatus": "READY RUNNING FINISHED STOPPING CANCELLED FAILED",
    "JobStatusUpdateType": "ADD REMOVE UPDATE",
    "LogLevel": "Trace Debug Info Progress Warning Error",
    "PreviewPreset": "ultrafast veryfast fast medium slow slower veryslow",
}

OBJECTS: Mapping[str, Table] = {
    "Job": {
        "id": "ID!",
        "status": "JobStatus!",
        "subTasks": "[String!]",
        "description": "String!",
        "progress": "Float",
        **each("Time", "startTime endTime"),
        "addTime": "Time!",
        "error": "String",
    },
    "JobStatusUpdate": {
        "type": "JobStatusUpdateType!",
        "job": "Job!",
    },
    "LogEntry": {
        "time": "Time!",
        "level": "LogLevel!",
        "message": "String!",
    },
}

SCAN_FLAGS = (
    "rescan scanGenerateCovers scanGeneratePreviews scanGenerateImagePreviews "
    "scanGenerateSprites scanGeneratePhashes scanGenerateThumbnails scanGenerateClipPreviews"
)
GENERATE_FLAGS = (
    "covers sprites previews imagePreviews markers markerImagePreviews markerScreenshots "
    "transcodes phashes interactiveHeatmapsSpeeds imageThumbnails clipPreviews"
)
PREVIEW_OPTIONS: Table = {
    "previewSegments": "Int",
    "previewSegmentDuration": "Float",
    **each("String", "previewExcludeStart previewExcludeEnd"),
    "previewPreset": "PreviewPreset",
}

INPUTS: Mapping[str, Table] = {
    "FindJobInput": {
        "id": "ID!",
    },
    "ScanMetadataInput": {
        "paths": "[String!]",
        **each("Boolean", SCAN_FLAGS),
        "scanGenerateImagePhashes": Field("Boolean", since="0.31.0"),
        "filter": "ScanMetaDataFilterInput",
    },
    "ScanMetaDataFilterInput": {
        "minModTime": "Timestamp",
    },
    "GenerateMetadataInput": {
        **each("Boolean", f"{GENERATE_FLAGS} forceTranscodes overwrite"),
        "previewOptions": "GeneratePreviewOptionsInput",
        **each("[ID!]", "sceneIDs markerIDs"),
        **each(Field("[ID!]", since="0.31.0"), "imageIDs galleryIDs"),
        "imagePhashes": Field("Boolean", since="0.31.0"),
        "paths": Field("[String!]", since="0.31.0"),
    },
    "GeneratePreviewOptionsInput": PREVIEW_OPTIONS,
    "CleanMetadataInput": {
        "paths": "[String!]",
        "dryRun": "Boolean!",
        "ignoreZipFileContents": Field("Boolean", since="0.31.0"),
    },
    "CleanGeneratedInput": {
        **each(
            "Boolean",
            "blobFiles sprites screenshots transcodes markers imageThumbnails dryRun",
        ),
    },
    "AutoTagMetadataInput": {
        **each("[String!]", "paths performers studios tags"),
    },
}

QUERIES: Table = {
    "jobQueue": "[Job!]",
    "findJob": Field("Job", args={"input": "FindJobInput!"}),
}

MUTATIONS: Table = {
    "metadataScan": Field("ID!", args={"input": "ScanMetadataInput!"}),
    "metadataGenerate": Field("ID!", args={"input": "GenerateMetadataInput!"}),
    "metadataAutoTag": Field("ID!", args={"input": "AutoTagMetadataInput!"}),
    "metadataClean": Field("ID!", args={"input": "CleanMetadataInput!"}),
    "metadataCleanGenerated": Field("ID!", args={"input": "CleanGeneratedInput!"}),
    "optimiseDatabase": "ID!",
    "stopJob": Field("Boolean!", args={"job_id": "ID!"}),
    "stopAllJobs": "Boolean!",
}

SUBSCRIPTIONS: Table = {
    "jobsSubscribe": "JobStatusUpdate!",
    "loggingSubscribe": "[LogEntry!]!",
    "scanCompleteSubscribe": "Boolean!",
}
