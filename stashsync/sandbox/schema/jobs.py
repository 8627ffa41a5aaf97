"""Jobs, the log and scans: queries, mutations and subscriptions.

Source: docs/stash-behaviour.md#jobs
"""

from __future__ import annotations

from collections.abc import Mapping

from stashsync.sandbox.schema.tables import Table, TypeField, each

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
        "scanGenerateImagePhashes": TypeField("Boolean", since="0.31.0"),
        "filter": "ScanMetaDataFilterInput",
    },
    "ScanMetaDataFilterInput": {
        "minModTime": "Timestamp",
    },
    "GenerateMetadataInput": {
        **each("Boolean", f"{GENERATE_FLAGS} forceTranscodes overwrite"),
        "previewOptions": "GeneratePreviewOptionsInput",
        **each("[ID!]", "sceneIDs markerIDs"),
        **each(TypeField("[ID!]", since="0.31.0"), "imageIDs galleryIDs"),
        "imagePhashes": TypeField("Boolean", since="0.31.0"),
        "paths": TypeField("[String!]", since="0.31.0"),
    },
    "GeneratePreviewOptionsInput": PREVIEW_OPTIONS,
    "CleanMetadataInput": {
        "paths": "[String!]",
        "dryRun": "Boolean!",
        "ignoreZipFileContents": TypeField("Boolean", since="0.31.0"),
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
    "findJob": TypeField("Job", args={"input": "FindJobInput!"}),
}

MUTATIONS: Table = {
    "metadataScan": TypeField("ID!", args={"input": "ScanMetadataInput!"}),
    "metadataGenerate": TypeField("ID!", args={"input": "GenerateMetadataInput!"}),
    "metadataAutoTag": TypeField("ID!", args={"input": "AutoTagMetadataInput!"}),
    "metadataClean": TypeField("ID!", args={"input": "CleanMetadataInput!"}),
    "metadataCleanGenerated": TypeField("ID!", args={"input": "CleanGeneratedInput!"}),
    "optimiseDatabase": "ID!",
    "stopJob": TypeField("Boolean!", args={"job_id": "ID!"}),
    "stopAllJobs": "Boolean!",
}

SUBSCRIPTIONS: Table = {
    "jobsSubscribe": "JobStatusUpdate!",
    "loggingSubscribe": "[LogEntry!]!",
    "scanCompleteSubscribe": "Boolean!",
}
