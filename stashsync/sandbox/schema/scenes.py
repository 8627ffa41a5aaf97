"""Scenes and their markers: types, queries and mutations (docs/stash-behaviour.md#mutations)."""

from __future__ import annotations

from collections.abc import Mapping

from stashsync.sandbox.schema.tables import Field, Table, each

OBJECTS: Mapping[str, Table] = {
    "Scene": {
        "id": "ID!",
        **each("String", "title code details director date"),
        "url": Field("String", deprecated="Use urls"),
        "urls": "[String!]!",
        **each("Int", "rating100 o_counter interactive_speed play_count"),
        **each("Boolean!", "organized interactive"),
        "captions": "[VideoCaption!]",
        **each("Time!", "created_at updated_at"),
        "last_played_at": "Time",
        **each("Float", "resume_time play_duration"),
        **each("[Time!]!", "play_history o_history"),
        "files": "[VideoFile!]!",
        "paths": "ScenePathsType!",
        "scene_markers": "[SceneMarker!]!",
        "galleries": "[Gallery!]!",
        "studio": "Studio",
        "groups": "[SceneGroup!]!",
        "movies": Field("[SceneMovie!]!", deprecated="Use groups"),
        "tags": "[Tag!]!",
        "performers": "[Performer!]!",
        "stash_ids": "[StashID!]!",
        "sceneStreams": "[SceneStreamEndpoint!]!",
    },
    "SceneGroup": {
        "group": "Group!",
        "scene_index": "Int",
    },
    "SceneMovie": {
        "movie": "Movie!",
        "scene_index": "Int",
    },
    "ScenePathsType": {
        **each(
            "String",
            "screenshot preview stream webp vtt sprite funscript interactive_heatmap caption",
        ),
    },
    "SceneStreamEndpoint": {
        "url": "String!",
        **each("String", "mime_type label"),
    },
    "VideoCaption": {
        **each("String!", "language_code caption_type"),
    },
    "FindScenesResultType": {
        "count": "Int!",
        **each("Float!", "duration filesize"),
        "scenes": "[Scene!]!",
    },
    "HistoryMutationResult": {
        "count": "Int!",
        "history": "[Time!]!",
    },
    "SceneMarker": {
        "id": "ID!",
        "scene": "Scene!",
        **each("String!", "title stream preview screenshot"),
        "seconds": "Float!",
        "primary_tag": "Tag!",
        "tags": "[Tag!]!",
        **each("Time!", "created_at updated_at"),
        "end_seconds": Field("Float", since="0.28.0"),
    },
    "FindSceneMarkersResultType": {
        "count": "Int!",
        "scene_markers": "[SceneMarker!]!",
    },
}

INPUTS: Mapping[str, Table] = {
    "SceneCreateInput": {
        **each("String", "title code details director date cover_image"),
        "url": Field("String", deprecated="Use urls"),
        "urls": "[String!]",
        "rating100": "Int",
        "organized": "Boolean",
        "studio_id": "ID",
        **each("[ID!]", "gallery_ids performer_ids tag_ids file_ids"),
        "groups": "[SceneGroupInput!]",
        "movies": Field("[SceneMovieInput!]", deprecated="Use groups"),
        "stash_ids": "[StashIDInput!]",
    },
    "SceneUpdateInput": {
        **each("String", "clientMutationId title code details director date cover_image"),
        "id": "ID!",
        "url": Field("String", deprecated="Use urls"),
        "urls": "[String!]",
        "rating100": "Int",
        "o_counter": Field("Int", deprecated="Unsupported - Use sceneIncrementO/sceneDecrementO"),
        "organized": "Boolean",
        **each("ID", "studio_id primary_file_id"),
        **each("[ID!]", "gallery_ids performer_ids tag_ids"),
        "groups": "[SceneGroupInput!]",
        "movies": Field("[SceneMovieInput!]", deprecated="Use groups"),
        "stash_ids": "[StashIDInput!]",
        **each("Float", "resume_time play_duration"),
        "play_count": Field(
            "Int", deprecated="Unsupported - Use sceneIncrementPlayCount/sceneDecrementPlayCount"
        ),
    },
    "BulkSceneUpdateInput": {
        **each("String", "clientMutationId title code details director date"),
        "ids": "[ID!]",
        "url": Field("String", deprecated="Use urls"),
        "urls": "BulkUpdateStrings",
        "rating100": "Int",
        "organized": "Boolean",
        "studio_id": "ID",
        **each("BulkUpdateIds", "gallery_ids performer_ids tag_ids group_ids"),
        "movie_ids": Field("BulkUpdateIds", deprecated="Use group_ids"),
    },
    "SceneMergeInput": {
        "source": "[ID!]!",
        "destination": "ID!",
        "values": "SceneUpdateInput",
        **each("Boolean", "play_history o_history"),
    },
    "SceneDestroyInput": {
        "id": "ID!",
        **each("Boolean", "delete_file delete_generated"),
    },
    "ScenesDestroyInput": {
        "ids": "[ID!]!",
        **each("Boolean", "delete_file delete_generated"),
    },
    "SceneGroupInput": {
        "group_id": "ID!",
        "scene_index": "Int",
    },
    "SceneMovieInput": {
        "movie_id": "ID!",
        "scene_index": "Int",
    },
    "SceneHashInput": {
        **each("String", "checksum oshash"),
    },
    "SceneMarkerCreateInput": {
        "title": "String!",
        "seconds": "Float!",
        **each("ID!", "scene_id primary_tag_id"),
        "tag_ids": "[ID!]",
        "end_seconds": Field("Float", since="0.28.0"),
    },
    "SceneMarkerUpdateInput": {
        "id": "ID!",
        "title": "String",
        "seconds": "Float",
        **each("ID", "scene_id primary_tag_id"),
        "tag_ids": "[ID!]",
        "end_seconds": Field("Float", since="0.28.0"),
    },
    "BulkSceneMarkerUpdateInput": {
        "ids": Field("[ID!]", since="0.30.0"),
        "title": Field("String", since="0.30.0"),
        "primary_tag_id": Field("ID", since="0.30.0"),
        "tag_ids": Field("BulkUpdateIds", since="0.30.0"),
    },
}

QUERIES: Table = {
    "findScene": Field("Scene", args={"id": "ID", "checksum": "String"}),
    "findSceneByHash": Field("Scene", args={"input": "SceneHashInput!"}),
    "findScenes": Field(
        "FindScenesResultType!",
        args={
            "scene_filter": "SceneFilterType",
            "scene_ids": "[Int!]",
            "ids": "[ID!]",
            "filter": "FindFilterType",
        },
    ),
    "findScenesByPathRegex": Field("FindScenesResultType!", args={"filter": "FindFilterType"}),
    "allScenes": Field("[Scene!]!", deprecated="Use findScenes instead"),
    "findSceneMarkers": Field(
        "FindSceneMarkersResultType!",
        args={
            "scene_marker_filter": "SceneMarkerFilterType",
            "filter": "FindFilterType",
            "ids": Field("[ID!]", since="0.28.0"),
        },
    ),
    "allSceneMarkers": Field("[SceneMarker!]!", deprecated="Use findSceneMarkers instead"),
}

MUTATIONS: Table = {
    "sceneCreate": Field("Scene", args={"input": "SceneCreateInput!"}),
    "sceneUpdate": Field("Scene", args={"input": "SceneUpdateInput!"}),
    "scenesUpdate": Field("[Scene]", args={"input": "[SceneUpdateInput!]!"}),
    "bulkSceneUpdate": Field("[Scene!]", args={"input": "BulkSceneUpdateInput!"}),
    "sceneMerge": Field("Scene", args={"input": "SceneMergeInput!"}),
    "sceneDestroy": Field("Boolean!", args={"input": "SceneDestroyInput!"}),
    "scenesDestroy": Field("Boolean!", args={"input": "ScenesDestroyInput!"}),
    "sceneAddO": Field("HistoryMutationResult!", args={"id": "ID!", "times": "[Timestamp!]"}),
    "sceneDeleteO": Field("HistoryMutationResult!", args={"id": "ID!", "times": "[Timestamp!]"}),
    "sceneResetO": Field("Int!", args={"id": "ID!"}),
    "sceneIncrementO": Field("Int!", args={"id": "ID!"}, deprecated="Use sceneAddO instead"),
    "sceneDecrementO": Field("Int!", args={"id": "ID!"}, deprecated="Use sceneRemoveO instead"),
    "sceneAddPlay": Field("HistoryMutationResult!", args={"id": "ID!", "times": "[Timestamp!]"}),
    "sceneDeletePlay": Field("HistoryMutationResult!", args={"id": "ID!", "times": "[Timestamp!]"}),
    "sceneResetPlayCount": Field("Int!", args={"id": "ID!"}),
    "sceneIncrementPlayCount": Field(
        "Int!", args={"id": "ID!"}, deprecated="Use sceneAddPlay instead"
    ),
    "sceneSaveActivity": Field(
        "Boolean!", args={"id": "ID!", "resume_time": "Float", "playDuration": "Float"}
    ),
    "sceneResetActivity": Field(
        "Boolean!", args={"id": "ID!", "reset_resume": "Boolean", "reset_duration": "Boolean"}
    ),
    "sceneMarkerCreate": Field("SceneMarker", args={"input": "SceneMarkerCreateInput!"}),
    "sceneMarkerUpdate": Field("SceneMarker", args={"input": "SceneMarkerUpdateInput!"}),
    "bulkSceneMarkerUpdate": Field(
        "[SceneMarker!]", since="0.30.0", args={"input": "BulkSceneMarkerUpdateInput!"}
    ),
    "sceneMarkerDestroy": Field("Boolean!", args={"id": "ID!"}),
    "sceneMarkersDestroy": Field("Boolean!", since="0.28.0", args={"ids": "[ID!]!"}),
}
