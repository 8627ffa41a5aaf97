"""Compile the table of a kind from its annotated class."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from stashsync.fields import Meaning
from stashsync.kinds.capabilities import OLDEST, parse_release
from stashsync.kinds.field_spec import FieldSpec, InverseName, Wire
from stashsync.kinds.kind import Kind
from stashsync.kinds.mutations import KindMutations, usual_mutations

if TYPE_CHECKING:
    from stashsync.kinds.declaration import Record


def compile_kind(
    declaration: type[Record],
    *,
    plural: str,
    name: str = "",
    key: tuple[str, ...] = ("name",),
    shared_names: bool = False,
    free_names: bool = False,
    exact_names: bool = False,
    mutations: KindMutations | None = None,
) -> Kind:
    """Compile the table of a class from the `Annotated` metadata of its fields.

    Raises:
        TypeError: a field has no meaning, or more than one.
    """
    type_name = declaration.__name__
    name = name or type_name[0].lower() + type_name[1:]
    mutations = mutations or usual_mutations(name, type_name)
    fields: dict[str, FieldSpec] = {}
    further: dict[str, FieldSpec] = {}
    for field_name, metadata in declared_fields(declaration).items():
        wire = next((item for item in metadata if isinstance(item, Wire)), Wire())
        if not mutations.create:
            wire = replace(wire, creates=False)
        spec = compile_field(declaration, field_name, metadata, wire)
        if mutations.create and mutations.create_input == mutations.update_input:
            spec = replace(spec, update_type=spec.create_type)
        (fields if spec.settable and not wire.aside else further)[field_name] = spec
    return Kind(
        name=name,
        plural=plural,
        type_name=type_name,
        declaration=declaration,
        fields=fields,
        key_fields=key,
        shared_names=shared_names,
        free_names=free_names,
        exact_names=exact_names,
        check=declaration.check,
        doc=(declaration.__doc__ or "").strip().split("\n", 1)[0],
        further=further,
        mutations=mutations,
    )


def declared_fields(declaration: type[Record]) -> dict[str, Sequence[Any]]:
    """Return the `Annotated` metadata of each field, those of base classes first."""
    found: dict[str, Sequence[Any]] = {}
    for base in reversed(declaration.__mro__):
        if "__kind_options__" not in vars(base):
            continue
        names = vars(sys.modules[base.__module__])
        for name, hint in inspect.get_annotations(base).items():
            if not name.startswith("_") and name not in ("id", "model_config"):
                evaluated = eval(hint, names) if isinstance(hint, str) else hint
                found[name] = getattr(evaluated, "__metadata__", ())
    return found


def compile_field(
    declaration: type[Record], name: str, metadata: Sequence[Any], wire: Wire
) -> FieldSpec:
    """Compile one row of the table.

    Raises:
        TypeError: the field has no meaning, or more than one.
    """
    meanings = [item for item in metadata if isinstance(item, Meaning)]
    if len(meanings) != 1:
        raise TypeError(f"{declaration.__name__}.{name} needs exactly one meaning")
    meaning = meanings[0]
    return FieldSpec(
        name=name,
        meaning=meaning,
        output=wire.output or name,
        input=wire.input or wire.output or name,
        output_type=wire.output_type or meaning.output_type,
        create_type=wire.create_type or meaning.create_type,
        update_type=meaning.update_type,
        since=parse_release(wire.since) if wire.since else OLDEST,
        inverse=next((item for item in metadata if isinstance(item, InverseName)), None),
        declaration=declaration,
        reads=wire.reads and not meaning.criterion,
        creates=wire.creates and not meaning.read_only,
        updates=wire.updates and not meaning.read_only,
        replaced_by=wire.replaced_by,
    )
