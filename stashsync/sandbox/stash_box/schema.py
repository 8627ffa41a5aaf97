"""The part of a stash-box's schema that clients read tags, studios and performers with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import cast

from graphql import GraphQLObjectType, GraphQLSchema

from stashsync.sandbox.releases import Release
from stashsync.sandbox.schema.tables import Table, TypeField, TypeRegistry, each

_SORTS = "NAME CREATED_AT UPDATED_AT"

ENUMS: Mapping[str, str] = {
    "TagGroupEnum": "PEOPLE SCENE ACTION",
    "SortDirectionEnum": "ASC DESC",
    "CriterionModifier": "EQUALS NOT_EQUALS GREATER_THAN LESS_THAN IS_NULL NOT_NULL INCLUDES_ALL "
    "INCLUDES EXCLUDES",
    "TagSortEnum": _SORTS,
    "StudioSortEnum": _SORTS,
    "PerformerSortEnum": f"{_SORTS} BIRTHDATE DEATHDATE CAREER_START_YEAR",
    "GenderEnum": "MALE FEMALE TRANSGENDER_MALE TRANSGENDER_FEMALE INTERSEX NON_BINARY",
    "EthnicityEnum": "CAUCASIAN BLACK ASIAN INDIAN LATIN MIDDLE_EASTERN MIXED OTHER",
    "EyeColorEnum": "BLUE BROWN GREY GREEN HAZEL RED",
    "HairColorEnum": "BLONDE BRUNETTE BLACK RED AUBURN GREY BALD VARIOUS WHITE OTHER",
    "BreastTypeEnum": "NATURAL FAKE NA",
    "RoleEnum": "READ VOTE EDIT MODIFY MODERATE ADMIN INVITE MANAGE_INVITES BOT READ_ONLY "
    "EDIT_TAGS",
    "ValidSiteTypeEnum": "PERFORMER SCENE STUDIO",
}

_MEASUREMENTS = "Use individual fields, cup/band/waist/hip_size"
_DATES: Table = {"created": "Time!", "updated": "Time!"}

OBJECTS: Mapping[str, Table] = {
    "TagCategory": {
        "id": "ID!",
        "name": "String!",
        "group": "TagGroupEnum!",
        "description": "String",
    },
    "Tag": {
        "id": "ID!",
        "name": "String!",
        "description": "String",
        "aliases": "[String!]!",
        "deleted": "Boolean!",
        "category": "TagCategory",
        **_DATES,
    },
    "Site": {
        "id": "ID!",
        "name": "String!",
        **each("String", "description url regex"),
        "valid_types": "[ValidSiteTypeEnum!]!",
        "icon": "String!",
        **_DATES,
    },
    "URL": {
        "url": "String!",
        "type": TypeField("String!", deprecated="Use the site field instead"),
        "site": "Site!",
    },
    "Image": {"id": "ID!", "url": "String!", "width": "Int!", "height": "Int!"},
    "Studio": {
        "id": "ID!",
        "name": "String!",
        "aliases": "[String!]!",
        "urls": "[URL!]!",
        "parent": "Studio",
        "child_studios": TypeField("[Studio!]!", deprecated="Use sub_studios instead"),
        "images": "[Image!]!",
        "deleted": "Boolean!",
        "is_favorite": "Boolean!",
        **_DATES,
    },
    "Measurements": {"cup_size": "String", **each("Int", "band_size waist hip")},
    "BodyModification": {"location": "String!", "description": "String"},
    "Performer": {
        "id": "ID!",
        "name": "String!",
        "disambiguation": "String",
        "aliases": "[String!]!",
        "gender": "GenderEnum",
        "urls": "[URL!]!",
        **each("String", "birth_date death_date country cup_size"),
        "ethnicity": "EthnicityEnum",
        "eye_color": "EyeColorEnum",
        "hair_color": "HairColorEnum",
        **each("Int", "height band_size waist_size hip_size career_start_year career_end_year"),
        "measurements": TypeField("Measurements!", deprecated=_MEASUREMENTS),
        "breast_type": "BreastTypeEnum",
        **each("[BodyModification!]", "tattoos piercings"),
        "images": "[Image!]!",
        "deleted": "Boolean!",
        "scene_count": "Int!",
        "merged_ids": "[ID!]!",
        "merged_into_id": "ID",
        "is_favorite": "Boolean!",
        **_DATES,
    },
    "User": {"id": "ID!", "name": "String!", "roles": "[RoleEnum!]", "api_calls": "Int!"},
    "Version": each("String!", "hash build_time build_type version"),
    "QueryTagsResultType": {"count": "Int!", "tags": "[Tag!]!"},
    "QueryTagCategoriesResultType": {"count": "Int!", "tag_categories": "[TagCategory!]!"},
    "QueryStudiosResultType": {"count": "Int!", "studios": "[Studio!]!"},
    "QueryPerformersResultType": {"count": "Int!", "performers": "[Performer!]!"},
}


def _pages(sort: str, first: str, direction: str) -> Table:
    """Return the fields that choose a page."""
    return {
        "page": TypeField("Int!", default=1),
        "per_page": TypeField("Int!", default=25),
        "direction": TypeField("SortDirectionEnum!", default=direction),
        "sort": TypeField(f"{sort}!", default=first),
    }


INPUTS: Mapping[str, Table] = {
    "IDCriterionInput": {"value": "[ID!]!", "modifier": "CriterionModifier!"},
    "TagQueryInput": {
        **each("String", "names name"),
        "category_id": "ID",
        **_pages("TagSortEnum", "NAME", "ASC"),
    },
    "StudioQueryInput": {
        **each("String", "name names url"),
        "parent": "IDCriterionInput",
        "has_parent": "Boolean",
        **_pages("StudioSortEnum", "NAME", "ASC"),
    },
    "PerformerQueryInput": {
        **each("String", "names name alias url"),
        **_pages("PerformerSortEnum", "CREATED_AT", "DESC"),
    },
}

_BY_ID: Table = {"id": "ID!"}
_BY_ID_OR_NAME: Table = {"id": "ID", "name": "String"}

QUERIES: Table = {
    "findTag": TypeField("Tag", args=_BY_ID_OR_NAME),
    "findTagOrAlias": TypeField("Tag", args={"name": "String!"}),
    "queryTags": TypeField("QueryTagsResultType!", args={"input": "TagQueryInput!"}),
    "findTagCategory": TypeField("TagCategory", args=_BY_ID),
    "queryTagCategories": "QueryTagCategoriesResultType!",
    "findStudio": TypeField("Studio", args=_BY_ID_OR_NAME),
    "queryStudios": TypeField("QueryStudiosResultType!", args={"input": "StudioQueryInput!"}),
    "findPerformer": TypeField("Performer", args=_BY_ID),
    "queryPerformers": TypeField(
        "QueryPerformersResultType!", args={"input": "PerformerQueryInput!"}
    ),
    "me": "User",
    "version": "Version!",
}


@cache
def schema() -> GraphQLSchema:
    """Return the schema, as graphql-core's value."""
    registry = TypeRegistry(Release("0", "", 0))
    registry.scalars(("Time",))
    registry.enums(ENUMS)
    registry.objects(OBJECTS)
    registry.inputs(INPUTS)
    registry.objects({"Query": QUERIES})
    # the tests validate it, as they do with the server's
    return GraphQLSchema(cast(GraphQLObjectType, registry.types["Query"]), assume_valid=True)
