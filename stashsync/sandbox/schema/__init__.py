"""The GraphQL schema of one release, as graphql-core's value."""

from __future__ import annotations

from functools import cache
from typing import cast

from graphql import GraphQLObjectType, GraphQLSchema

from stashsync.sandbox.releases import find_release
from stashsync.sandbox.schema import filters, kinds, system
from stashsync.sandbox.schema.tables import Field, Registry, Table

__all__ = ["LIBRARY_MUTATIONS", "LIBRARY_QUERIES", "schema_of"]

LIBRARY_QUERIES = frozenset(kinds.QUERIES)
"""The root fields that the library answers; the system answers the others."""
LIBRARY_MUTATIONS = frozenset(kinds.MUTATIONS)

_SUBSCRIPTIONS: Table = {"scanCompleteSubscribe": Field("Boolean!")}


@cache
def schema_of(release: str) -> GraphQLSchema:
    """The schema of a release, without the fields, arguments and types that it lacks.

    Raises:
        ValueError: the sandbox does not know this release.
    """
    registry = Registry(find_release(release))
    registry.scalars(system.SCALARS)
    registry.enums({**system.ENUMS, **filters.ENUMS, **kinds.ENUMS})
    registry.objects({**system.OBJECTS, **kinds.OBJECTS})
    registry.inputs({**system.INPUTS, **filters.INPUTS, **kinds.INPUTS})
    registry.objects(
        {
            "Query": {**kinds.QUERIES, **system.QUERIES},
            "Mutation": {**kinds.MUTATIONS, **system.MUTATIONS},
            "Subscription": _SUBSCRIPTIONS,
        }
    )

    def root(name: str) -> GraphQLObjectType:
        return cast(GraphQLObjectType, registry.types[name])

    return GraphQLSchema(root("Query"), root("Mutation"), root("Subscription"))
