"""A kind as a table, compiled from its annotated class.

    class Tag(Entity, plural="tags", …):               Kind("tag", …)
        description: Annotated[                          .fields["description"] = FieldSpec(
            str | None | UnsetType,          ──────>         meaning=Text(), output="description",
            Text(),                                          input="description", since=(0, 27, 2),
        ] = UNSET                                            output_type="String", …)

The GraphQL selection, the manifest's model and JSON Schema, comparison, mutation inputs and the
sandbox's schema all read this table; none of them knows a kind by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from stashsync.fields import Meaning, Value, Wrong
from stashsync.fields.names import fold
from stashsync.types.capabilities import OLDEST, Capabilities, Release

if TYPE_CHECKING:
    from stashsync.types.entity import Entity

Key = tuple[str, ...]
"""What makes an object itself: its folded name, for performers also the folded disambiguation."""


def parse_release(text: str) -> Release:
    """`0.30.0` as a comparable value."""
    major, minor, patch = (int(part) for part in text.split("."))
    return major, minor, patch


@dataclass(frozen=True, slots=True)
class Wire:
    """How a field is called on the wire, where that differs from its own name, and since when."""

    output: str | None = None
    input: str | None = None
    since: str | None = None
    output_type: str | None = None


@dataclass(frozen=True, slots=True)
class Inverse:
    """The name of the same relation as seen from its other end (`parents`, `children`)."""

    name: str
    output: str | None = None


@dataclass(frozen=True)
class FieldSpec:
    """One field of a kind: its meaning, and its names and types on the wire."""

    name: str
    meaning: Meaning
    output: str
    input: str
    output_type: str
    create_type: str
    update_type: str
    since: Release
    inverse: Inverse | None = None
    doc: str = ""

    def selection(self, server: Any) -> str:
        """What to select to read this field."""
        return self.meaning.selection(self.output, server)


@dataclass(frozen=True, eq=False)
class Kind:
    """Everything the engine knows of a kind. Compared and hashed by identity."""

    name: str
    plural: str
    type_name: str
    model: type[Entity]
    fields: Mapping[str, FieldSpec]
    key_fields: tuple[str, ...]
    shared_names: bool
    check: Callable[[Mapping[str, Value]], Iterator[Wrong]]
    doc: str = ""

    # -- names on the wire (behaviour 1.1) ------------------------------------------------------

    @cached_property
    def create_mutation(self) -> str:
        return f"{self.name}Create"

    @cached_property
    def update_mutation(self) -> str:
        return f"{self.name}Update"

    @cached_property
    def create_input(self) -> str:
        return f"{self.type_name}CreateInput"

    @cached_property
    def update_input(self) -> str:
        return f"{self.type_name}UpdateInput"

    @cached_property
    def find_one(self) -> str:
        return f"find{self.type_name}"

    @cached_property
    def find_many(self) -> str:
        return f"find{self.plural[0].upper()}{self.plural[1:]}"

    @cached_property
    def filter_argument(self) -> str:
        return f"{self.name}_filter"

    @cached_property
    def filter_type(self) -> str:
        return f"{self.type_name}FilterType"

    # -- roles ----------------------------------------------------------------------------------

    @cached_property
    def hierarchy(self) -> FieldSpec | None:
        """The field that names an object's parents, where objects of this kind have any."""
        for spec in self.fields.values():
            if spec.inverse is not None and spec.meaning.references() == self.name:
                return spec
        return None

    @cached_property
    def aliases(self) -> FieldSpec | None:
        """The field that holds further names."""
        return self.fields.get("aliases")

    @cached_property
    def references(self) -> Mapping[str, FieldSpec]:
        """The fields that refer to objects, of this or of another kind."""
        return {name: spec for name, spec in self.fields.items() if spec.meaning.references()}

    # -- identity -------------------------------------------------------------------------------

    def key(self, values: Mapping[str, Value]) -> Key:
        """The key of an object with these canonical values."""
        return tuple([fold(values.get(name) or "") for name in self.key_fields])

    def label(self, values: Mapping[str, Value]) -> str:
        """How people call an object with these values: its name, and what tells it from others."""
        name: str = values.get("name") or ""
        further = [values.get(one) for one in self.key_fields[1:]]
        return " ".join([name, *(f"({one})" for one in further if one)])

    # -- support --------------------------------------------------------------------------------

    def supports(self, spec: FieldSpec, server: Capabilities) -> bool:
        """Whether the server can both take and show the field."""
        return server.has_input(self.update_input, spec.input) and server.has_output(
            self.type_name, spec.output
        )


def compile_kind(
    model: type[Entity],
    *,
    plural: str,
    key: tuple[str, ...] = ("name",),
    shared_names: bool = False,
) -> Kind:
    """The table of a class, from the `Annotated` metadata of its fields.

    Raises:
        TypeError: a field has no meaning, or more than one.
    """
    specs = {}
    for name, info in model.model_fields.items():
        if name in model.__plain_fields__:
            continue
        meanings = [one for one in info.metadata if isinstance(one, Meaning)]
        if len(meanings) != 1:
            raise TypeError(f"{model.__name__}.{name} needs exactly one meaning")
        wire = next((one for one in info.metadata if isinstance(one, Wire)), Wire())
        meaning = meanings[0]
        specs[name] = FieldSpec(
            name=name,
            meaning=meaning,
            output=wire.output or name,
            input=wire.input or wire.output or name,
            output_type=wire.output_type or meaning.output_type,
            create_type=meaning.create_type,
            update_type=meaning.update_type,
            since=parse_release(wire.since) if wire.since else OLDEST,
            inverse=next((one for one in info.metadata if isinstance(one, Inverse)), None),
            doc=info.description or "",
        )
    return Kind(
        name=model.__name__[0].lower() + model.__name__[1:],
        plural=plural,
        type_name=model.__name__,
        model=model,
        fields=specs,
        key_fields=key,
        shared_names=shared_names,
        check=model.check,
        doc=(model.__doc__ or "").strip().split("\n", 1)[0],
    )
