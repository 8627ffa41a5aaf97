"""What a document of one's own answers, as a type that one names."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import TypeAdapter

from stashsync.entities import Entity

if TYPE_CHECKING:
    from stashsync.store.cache import EntityCache


def as_type(result_type: Any, data: Mapping[str, Any], identity_map: EntityCache) -> Any:
    """Return the value of the only field of `data` as `result_type`, with entities of the map.

    Raises:
        ValueError: it is not of the type (pydantic's ValidationError), or there are several fields.
    """
    if len(data) != 1:
        raise ValueError(f"a result type is for one field; the answer has {', '.join(data)}")
    (value,) = data.values()
    model, many, maybe = _entity_in(result_type)
    if model is None:
        return TypeAdapter(result_type).validate_python(value)
    if value is None and maybe:
        return None
    rows: Any = value if many else [value]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError(f"the answer is no {_name(result_type)}: {value!r}")
    found = identity_map.decode(model, rows)
    return found if many else found[0]


def _entity_in(wanted: Any) -> tuple[type[Entity] | None, bool, bool]:
    """For `list[Tag] | None`: Tag, whether there are many, whether there may be none."""
    parts = get_args(wanted)
    if NoneType in parts and len(parts) == 2:
        (other,) = (part for part in parts if part is not NoneType)
        model, many, _ = _entity_in(other)
        return model, many, True
    if get_origin(wanted) is list:
        (inner,) = parts
        return (inner, True, False) if _is_entity(inner) else (None, True, False)
    return (wanted, False, False) if _is_entity(wanted) else (None, False, False)


def _is_entity(wanted: Any) -> bool:
    return isinstance(wanted, type) and issubclass(wanted, Entity)


def _name(wanted: Any) -> str:
    return wanted.__name__ if isinstance(wanted, type) else str(wanted)
