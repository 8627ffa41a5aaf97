"""Whether a document may run, in the order and the words of the server's library (gqlparser).

graphql-core has its own validation, but other words, another order, and it stops looking below
an unknown type where the server goes on (behaviour 2.0, 3, appendix A). Every problem of the
document is reported.

    document ─▶ operations ─▶ variables, directives, selections (inner fields before outer)
             └▶ fragments  ─▶ the same, for what no operation has reached
"""

from __future__ import annotations

from graphql import DocumentNode, GraphQLSchema

from stashsync.sandbox.validation.problems import Problem
from stashsync.sandbox.validation.walk import Walk

__all__ = ["Problem", "validate"]


def validate(schema: GraphQLSchema, document: DocumentNode) -> list[Problem]:
    """Every problem of a parsed document, without repetitions; empty where it may run."""
    return list(dict.fromkeys(Walk(schema, document).problems()))
