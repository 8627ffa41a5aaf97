"""The GraphQL schema of one release, as graphql-core's value."""

from __future__ import annotations

from functools import cache
from typing import cast

from graphql import GraphQLObjectType, GraphQLSchema

from stashsync.sandbox.releases import find_release
from stashsync.sandbox.schema import (
    files,
    filters,
    jobs,
    kinds,
    parts,
    system,
)
from stashsync.sandbox.schema.tables import TypeRegistry

__all__ = ["JOB_MUTATIONS", "JOB_QUERIES", "LIBRARY_MUTATIONS", "LIBRARY_QUERIES", "schema_of"]

_LIBRARY = (kinds, parts)

LIBRARY_QUERIES = frozenset(name for part in _LIBRARY for name in part.QUERIES)
"""The root fields that the library answers; the system answers most others."""
LIBRARY_MUTATIONS = frozenset(name for part in _LIBRARY for name in part.MUTATIONS)
JOB_QUERIES = frozenset(jobs.QUERIES)
"""The root fields about jobs."""
JOB_MUTATIONS = frozenset(jobs.MUTATIONS)


@cache
def schema_of(release: str) -> GraphQLSchema:
    """Return the schema of a release, without the fields, arguments and types that it lacks.

    Raises:
        ValueError: the sandbox does not know this release.
    """
    registry = TypeRegistry(find_release(release))
    registry.scalars(system.SCALARS)
    for enums in (system, filters, *_LIBRARY, jobs):
        registry.enums(enums.ENUMS)
    registry.interfaces(files.INTERFACES)
    registry.objects(files.FILES, files.INTERFACES)
    for objects in (system, files, *_LIBRARY, jobs):
        registry.objects(objects.OBJECTS)
    registry.unions(files.UNIONS)
    for inputs in (system, filters, *_LIBRARY, jobs):
        registry.inputs(inputs.INPUTS)
    roots = (*_LIBRARY, jobs, system)
    registry.objects(
        {
            "Query": {name: spec for part in roots for name, spec in part.QUERIES.items()},
            "Mutation": {name: spec for part in roots for name, spec in part.MUTATIONS.items()},
            "Subscription": jobs.SUBSCRIPTIONS,
        }
    )

    def root(name: str) -> GraphQLObjectType:
        return cast(GraphQLObjectType, registry.types[name])

    # the tests validate it: doing so here would take 30 ms of each start
    return GraphQLSchema(root("Query"), root("Mutation"), root("Subscription"), assume_valid=True)
