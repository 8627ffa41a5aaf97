"""Groups, also by their older name, and saved filters (docs/stash-behaviour.md#mutations)."""

from __future__ import annotations

from collections.abc import Mapping

from stashsync.sandbox.schema.tables import Field, Table, each

ENUMS: dict[str, tuple[str, ...]] = {
    "FilterMode": (
        "SCENES",
        "PERFORMERS",
        "STUDIOS",
        "GALLERIES",
        "SCENE_MARKERS",
        "MOVIES",
        "GROUPS",
        "TAGS",
        "IMAGES",
    ),
}

OBJECTS: Mapping[str, Table] = {
    "Group": {
        "id": "ID!",
        "name": "String!",
        **each("String", "aliases date director synopsis front_image_path back_image_path"),
        **each("Int", "duration rating100"),
        "studio": "Studio",
        "urls": "[String!]!",
        "tags": "[Tag!]!",
        **each("Time!", "created_at updated_at"),
        **each("[GroupDescription!]!", "containing_groups sub_groups"),
        **each(Field("Int!", args={"depth": "Int"}), "scene_count sub_group_count"),
        "scenes": "[Scene!]!",
        "performer_count": Field("Int!", since="0.29.0", args={"depth": "Int"}),
        "o_counter": Field("Int", since="0.30.0"),
    },
    "GroupDescription": {
        "group": "Group!",
        "description": "String",
    },
    "FindGroupsResultType": {
        "count": "Int!",
        "groups": "[Group!]!",
    },
    "Movie": {
        "id": "ID!",
        "name": "String!",
        **each("String", "aliases date director synopsis front_image_path back_image_path"),
        **each("Int", "duration rating100"),
        "studio": "Studio",
        "url": Field("String", deprecated="Use urls"),
        "urls": "[String!]!",
        "tags": "[Tag!]!",
        **each("Time!", "created_at updated_at"),
        "scene_count": Field("Int!", args={"depth": "Int"}),
        "scenes": "[Scene!]!",
    },
    "FindMoviesResultType": {
        "count": "Int!",
        "movies": "[Movie!]!",
    },
    "SavedFilter": {
        "id": "ID!",
        "mode": "FilterMode!",
        "name": "String!",
        "filter": Field("String!", deprecated="use find_filter and object_filter instead"),
        "find_filter": "SavedFindFilterType",
        **each("Map", "object_filter ui_options"),
    },
    "SavedFindFilterType": {
        **each("String", "q sort"),
        **each("Int", "page per_page"),
        "direction": "SortDirectionEnum",
    },
}

INPUTS: Mapping[str, Table] = {
    "GroupCreateInput": {
        "name": "String!",
        **each("String", "aliases date director synopsis front_image back_image"),
        **each("Int", "duration rating100"),
        "studio_id": "ID",
        "urls": "[String!]",
        "tag_ids": "[ID!]",
        **each("[GroupDescriptionInput!]", "containing_groups sub_groups"),
    },
    "GroupUpdateInput": {
        "id": "ID!",
        **each("String", "name aliases date director synopsis front_image back_image"),
        **each("Int", "duration rating100"),
        "studio_id": "ID",
        "urls": "[String!]",
        "tag_ids": "[ID!]",
        **each("[GroupDescriptionInput!]", "containing_groups sub_groups"),
    },
    "BulkGroupUpdateInput": {
        **each("String", "clientMutationId director"),
        "ids": "[ID!]",
        "rating100": "Int",
        "studio_id": "ID",
        "urls": "BulkUpdateStrings",
        "tag_ids": "BulkUpdateIds",
        **each("BulkUpdateGroupDescriptionsInput", "containing_groups sub_groups"),
    },
    "GroupDestroyInput": {
        "id": "ID!",
    },
    "GroupDescriptionInput": {
        "group_id": "ID!",
        "description": "String",
    },
    "BulkUpdateGroupDescriptionsInput": {
        "groups": "[GroupDescriptionInput!]!",
        "mode": "BulkUpdateIdMode!",
    },
    "GroupSubGroupAddInput": {
        "containing_group_id": "ID!",
        "sub_groups": "[GroupDescriptionInput!]!",
        "insert_index": "Int",
    },
    "GroupSubGroupRemoveInput": {
        "containing_group_id": "ID!",
        "sub_group_ids": "[ID!]!",
    },
    "ReorderSubGroupsInput": {
        **each("ID!", "group_id insert_at_id"),
        "sub_group_ids": "[ID!]!",
        "insert_after": "Boolean",
    },
    "MovieCreateInput": {
        "name": "String!",
        **each("String", "aliases date director synopsis front_image back_image"),
        **each("Int", "duration rating100"),
        "studio_id": "ID",
        "url": Field("String", deprecated="Use urls"),
        "urls": "[String!]",
        "tag_ids": "[ID!]",
    },
    "MovieUpdateInput": {
        "id": "ID!",
        **each("String", "name aliases date director synopsis front_image back_image"),
        **each("Int", "duration rating100"),
        "studio_id": "ID",
        "url": Field("String", deprecated="Use urls"),
        "urls": "[String!]",
        "tag_ids": "[ID!]",
    },
    "BulkMovieUpdateInput": {
        **each("String", "clientMutationId director"),
        "ids": "[ID!]",
        "rating100": "Int",
        "studio_id": "ID",
        "urls": "BulkUpdateStrings",
        "tag_ids": "BulkUpdateIds",
    },
    "MovieDestroyInput": {
        "id": "ID!",
    },
    "SaveFilterInput": {
        "id": "ID",
        "mode": "FilterMode!",
        "name": "String!",
        "find_filter": "FindFilterType",
        **each("Map", "object_filter ui_options"),
    },
    "DestroyFilterInput": {
        "id": "ID!",
    },
}

QUERIES: Table = {
    "findGroup": Field("Group", args={"id": "ID!"}),
    "findGroups": Field(
        "FindGroupsResultType!",
        args={"group_filter": "GroupFilterType", "filter": "FindFilterType", "ids": "[ID!]"},
    ),
    "findMovie": Field("Movie", args={"id": "ID!"}, deprecated="Use findGroup instead"),
    "findMovies": Field(
        "FindMoviesResultType!",
        args={"movie_filter": "MovieFilterType", "filter": "FindFilterType", "ids": "[ID!]"},
        deprecated="Use findGroups instead",
    ),
    "allMovies": Field("[Movie!]!", deprecated="Use findGroups instead"),
    "findSavedFilter": Field("SavedFilter", args={"id": "ID!"}),
    "findSavedFilters": Field("[SavedFilter!]!", args={"mode": "FilterMode"}),
}

MUTATIONS: Table = {
    "groupCreate": Field("Group", args={"input": "GroupCreateInput!"}),
    "groupUpdate": Field("Group", args={"input": "GroupUpdateInput!"}),
    "bulkGroupUpdate": Field("[Group!]", args={"input": "BulkGroupUpdateInput!"}),
    "groupDestroy": Field("Boolean!", args={"input": "GroupDestroyInput!"}),
    "groupsDestroy": Field("Boolean!", args={"ids": "[ID!]!"}),
    "addGroupSubGroups": Field("Boolean!", args={"input": "GroupSubGroupAddInput!"}),
    "removeGroupSubGroups": Field("Boolean!", args={"input": "GroupSubGroupRemoveInput!"}),
    "reorderSubGroups": Field("Boolean!", args={"input": "ReorderSubGroupsInput!"}),
    "movieCreate": Field(
        "Movie", args={"input": "MovieCreateInput!"}, deprecated="Use groupCreate instead"
    ),
    "movieUpdate": Field(
        "Movie", args={"input": "MovieUpdateInput!"}, deprecated="Use groupUpdate instead"
    ),
    "bulkMovieUpdate": Field(
        "[Movie!]",
        args={"input": "BulkMovieUpdateInput!"},
        deprecated="Use bulkGroupUpdate instead",
    ),
    "movieDestroy": Field(
        "Boolean!", args={"input": "MovieDestroyInput!"}, deprecated="Use groupDestroy instead"
    ),
    "moviesDestroy": Field(
        "Boolean!", args={"ids": "[ID!]!"}, deprecated="Use groupsDestroy instead"
    ),
    "saveFilter": Field("SavedFilter!", args={"input": "SaveFilterInput!"}),
    "destroySavedFilter": Field("Boolean!", args={"input": "DestroyFilterInput!"}),
}
