"""What any Stash reports of itself: version, status, configuration, plugins."""

from __future__ import annotations

from collections.abc import Mapping

from stashsync.sandbox.schema.jobs import GENERATE_FLAGS, PREVIEW_OPTIONS, SCAN_FLAGS
from stashsync.sandbox.schema.tables import Table, TypeField, each

SCALARS = ("Time", "Map", "Any", "Timestamp", "Int64", "PluginConfigMap")

ENUMS: dict[str, str] = {
    "SystemStatusEnum": "SETUP NEEDS_MIGRATION OK",
    "BlobsStorageType": "DATABASE FILESYSTEM",
    "PluginSettingTypeEnum": "STRING NUMBER BOOLEAN",
}

_NEW_PATHS = TypeField("String!", since="0.30.0")

OBJECTS: Mapping[str, Table] = {
    "Version": {"version": "String", "hash": "String!", "build_time": "String!"},
    "SystemStatus": {
        "databaseSchema": "Int",
        "databasePath": "String",
        "configPath": "String",
        "appSchema": "Int!",
        "status": "SystemStatusEnum!",
        "os": "String!",
        "workingDir": "String!",
        "homeDir": "String!",
        "ffmpegPath": "String",
        "ffprobePath": "String",
    },
    "StashConfig": {"path": "String!", "excludeVideo": "Boolean!", "excludeImage": "Boolean!"},
    "StashBox": {
        "endpoint": "String!",
        "api_key": "String!",
        "name": "String!",
        "max_requests_per_minute": TypeField("Int!", since="0.29.0"),
    },
    "ConfigGeneralResult": {
        "stashes": "[StashConfig!]!",
        **each(
            "String!",
            "databasePath backupDirectoryPath generatedPath metadataPath configFilePath "
            "scrapersPath pluginsPath cachePath blobsPath",
        ),
        "deleteTrashPath": _NEW_PATHS,
        "blobsStorage": "BlobsStorageType!",
        "parallelTasks": "Int!",
        "apiKey": "String!",
        "username": "String!",
        "password": "String!",
        "maxSessionAge": "Int!",
        "logFile": "String",
        "logOut": "Boolean!",
        "logLevel": "String!",
        "logAccess": "Boolean!",
        "stashBoxes": "[StashBox!]!",
    },
    "ConfigInterfaceResult": {
        "sfwContentMode": TypeField("Boolean!", since="0.30.0"),
        "language": "String",
    },
    "ScanMetadataOptions": {
        **each("Boolean!", SCAN_FLAGS),
        "scanGenerateImagePhashes": TypeField("Boolean", since="0.31.0"),
    },
    "AutoTagMetadataOptions": each("[String!]", "performers studios tags"),
    "GenerateMetadataOptions": {
        **each("Boolean", GENERATE_FLAGS),
        "previewOptions": "GeneratePreviewOptions",
    },
    "GeneratePreviewOptions": PREVIEW_OPTIONS,
    "ConfigDefaultSettingsResult": {
        "scan": "ScanMetadataOptions",
        "autoTag": "AutoTagMetadataOptions",
        "generate": "GenerateMetadataOptions",
        **each("Boolean", "deleteFile deleteGenerated"),
    },
    "ConfigResult": {
        "general": "ConfigGeneralResult!",
        "interface": "ConfigInterfaceResult!",
        "defaults": "ConfigDefaultSettingsResult!",
        "ui": "Map!",
        "plugins": TypeField("PluginConfigMap!", args={"include": "[ID!]"}),
    },
    "PluginTask": {"name": "String!", "description": "String", "plugin": "Plugin!"},
    "PluginHook": {
        "name": "String!",
        "description": "String",
        "hooks": "[String!]",
        "plugin": "Plugin!",
    },
    "PluginSetting": {
        "name": "String!",
        "display_name": "String",
        "description": "String",
        "type": "PluginSettingTypeEnum!",
    },
    "PluginPaths": {"javascript": "[String!]", "css": "[String!]"},
    "Plugin": {
        "id": "ID!",
        "name": "String!",
        "description": "String",
        "url": "String",
        "version": "String",
        "enabled": "Boolean!",
        "tasks": "[PluginTask!]",
        "hooks": "[PluginHook!]",
        "settings": "[PluginSetting!]",
        "requires": "[ID!]",
        "paths": "PluginPaths!",
    },
    "StatsResultType": {
        **each(
            "Int!",
            "scene_count image_count gallery_count performer_count studio_count group_count "
            "tag_count total_o_count total_play_count scenes_played",
        ),
        "movie_count": TypeField("Int!", deprecated="use group_count instead"),
        **each("Float!", "scenes_size scenes_duration images_size total_play_duration"),
    },
}

INPUTS: Mapping[str, Table] = {
    "StashConfigInput": {
        "path": "String!",
        "excludeVideo": "Boolean!",
        "excludeImage": "Boolean!",
    },
    "StashBoxInput": {
        "endpoint": "String!",
        "api_key": "String!",
        "name": "String!",
        "max_requests_per_minute": TypeField("Int", since="0.29.0"),
    },
    "ConfigGeneralInput": {
        "stashes": "[StashConfigInput!]",
        "username": "String",
        "password": "String",
        "maxSessionAge": "Int",
        "stashBoxes": "[StashBoxInput!]",
    },
    "ConfigDefaultSettingsInput": {
        "scan": "ScanMetadataInput",
        "autoTag": "AutoTagMetadataInput",
        "generate": "GenerateMetadataInput",
        **each("Boolean", "deleteFile deleteGenerated"),
    },
    "GenerateAPIKeyInput": {"clear": "Boolean"},
    "SetupInput": {
        "configLocation": "String!",
        "stashes": "[StashConfigInput!]!",
        "sfwContentMode": TypeField("Boolean", since="0.30.0"),
        "databaseFile": "String!",
        "generatedLocation": "String!",
        "cacheLocation": "String!",
        "storeBlobsInDatabase": "Boolean!",
        "blobsLocation": "String!",
    },
    "MigrateInput": {"backupPath": "String!"},
    "BackupDatabaseInput": {
        "download": "Boolean",
        "includeBlobs": TypeField("Boolean", since="0.31.0"),
    },
}

QUERIES: Table = {
    "stats": "StatsResultType!",
    "plugins": "[Plugin!]",
    "configuration": "ConfigResult!",
    "systemStatus": "SystemStatus!",
    "version": "Version!",
}

MUTATIONS: Table = {
    "setup": TypeField("Boolean!", args={"input": "SetupInput!"}),
    "migrate": TypeField("ID!", args={"input": "MigrateInput!"}),
    "backupDatabase": TypeField("String", args={"input": "BackupDatabaseInput!"}),
    "configureGeneral": TypeField("ConfigGeneralResult!", args={"input": "ConfigGeneralInput!"}),
    "configureDefaults": TypeField(
        "ConfigDefaultSettingsResult!", args={"input": "ConfigDefaultSettingsInput!"}
    ),
    "generateAPIKey": TypeField("String!", args={"input": "GenerateAPIKeyInput!"}),
    "configurePlugin": TypeField("Map!", args={"plugin_id": "ID!", "input": "Map!"}),
    "reloadPlugins": "Boolean!",
}
