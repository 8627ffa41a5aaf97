"""Docstrings of fields, read from the source of the declaration on demand.

Reading them at import would cost more than the import itself.
"""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise


@cache
def _of_module(name: str) -> dict[str, dict[str, str]]:
    source = inspect.getsource(sys.modules[name])
    return {
        node.name: dict(_of_class(node))
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef)
    }


def _of_class(node: ast.ClassDef) -> list[tuple[str, str]]:
    found = []
    for field, doc in pairwise(node.body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(doc, ast.Expr)
            and isinstance(doc.value, ast.Constant)
            and isinstance(doc.value.value, str)
        ):
            text, _, _ = inspect.cleandoc(doc.value.value).partition("\n\nSource:")
            found.append((field.target.id, text))
    return found


def field_doc(model: type, field: str) -> str:
    """Return the docstring of a field of a class or of its bases; "" for none."""
    for base in model.__mro__:
        if field in inspect.get_annotations(base):
            try:
                return _of_module(base.__module__).get(base.__name__, {}).get(field, "")
            except OSError:  # installed without its source
                return ""
    return ""
