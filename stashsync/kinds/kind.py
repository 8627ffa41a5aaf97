"""A kind as a table, compiled from its annotated class.

    class Tag(Entity, plural="tags", …):               Kind("tag", …)
        description: Annotated[                          .fields["description"] = FieldSpec(
            str | None | UnsetType,          ──────>         meaning=Text(), output="description",
            Text(),                                          input="description", since=(0, 27, 2),
        ] = UNSET                                            output_type="String", …)

The GraphQL selection, the manifest's model and JSON Schema, comparison, mutation inputs, an
entity's tracking and loading and the sandbox's schema all read this table; none of them knows a
kind by name. `fields` is what manifests may set; `further` is for scripts alone: read-only values
and the other ends of relations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

from msgspec import Struct, field

from stashsync.fields import NameSet, ObjectFilter, Value, Wrong
from stashsync.fields.names import fold, trim
from stashsync.kinds.capabilities import Capabilities
from stashsync.kinds.field_spec import FieldSpec
from stashsync.kinds.mutations import NO_MUTATIONS, KindMutations, SavingMutation
from stashsync.kinds.wire_names import snake_case

Key = tuple[str, ...]
"""What makes an object itself: its folded name, for performers also the folded disambiguation."""
ObjectName: TypeAlias = str | tuple[str | None, ...]
"""How a manifest names an object: as text, or by the values of the first of its key fields."""


class Kind(Struct, frozen=True, eq=False, dict=True):
    """The table of a kind. Compared and hashed by identity.

    `shared_names`: names and aliases of all objects are one namespace. `free_names`: the server
    compares no names, so that several objects may have the same key; and it merges none.
    `exact_names`: names that differ in case alone are two.
    """

    name: str
    plural: str
    type_name: str
    declaration: type[Any]
    fields: Mapping[str, FieldSpec]
    key_fields: tuple[str, ...]
    shared_names: bool
    free_names: bool
    exact_names: bool
    check: Callable[[Mapping[str, Value]], Iterator[Wrong]]
    doc: str = ""
    further: Mapping[str, FieldSpec] = field(default_factory=dict)
    mutations: KindMutations = NO_MUTATIONS

    @property
    def has_id(self) -> bool:
        """Whether its objects have an id: parts of an answer have none."""
        return "id" in self.declaration.__plain_fields__

    @cached_property
    def all_fields(self) -> Mapping[str, FieldSpec]:
        """The fields of manifests, then the further ones."""
        return {**self.fields, **self.further}

    @cached_property
    def tracked(self) -> Mapping[str, FieldSpec]:
        """The fields whose edits can be saved: by the object's own mutations, or a bulk update."""
        return {
            name: spec
            for name, spec in self.all_fields.items()
            if spec.settable or spec.meaning.bulk
        }

    @cached_property
    def required(self) -> tuple[FieldSpec, ...]:
        """The fields that a create cannot do without."""
        return tuple(
            spec
            for spec in self.all_fields.values()
            if spec.creates and spec.create_type.endswith("!")
        )

    @cached_property
    def edited_in_place(self) -> frozenset[str]:
        """The tracked fields that can be edited without an assignment."""
        return frozenset(
            name for name, spec in self.tracked.items() if spec.form in ("plain", "memberships")
        )

    def everything(self, server: Any) -> str:
        """Return the selection of all fields of this server that hold no other objects."""
        return " ".join(
            [
                *(["id"] if self.has_id else []),
                *(
                    spec.selection(server)
                    for spec in self.all_fields.values()
                    if spec.reads
                    and not spec.meaning.references()
                    and server.has_output(self.type_name, spec.output)
                ),
            ]
        )

    # -- names on the wire (docs/stash-behaviour.md#mutations)

    @property
    def create_mutation(self) -> str:
        """The mutation that creates an object."""
        return self.mutations.create

    @property
    def update_mutation(self) -> str:
        """The mutation that updates one object."""
        return self.mutations.update

    @property
    def create_input(self) -> str:
        """The input type of the create."""
        return self.mutations.create_input

    @property
    def update_input(self) -> str:
        """The input type of the update."""
        return self.mutations.update_input

    @property
    def bulk_mutation(self) -> str:
        """The mutation that updates many objects alike."""
        return f"bulk{self.type_name}Update"

    @property
    def bulk_input(self) -> str:
        """The input type of the bulk update."""
        return f"Bulk{self.type_name}UpdateInput"

    @cached_property
    def creating(self) -> SavingMutation | None:
        """The mutation that creates its objects, or None."""
        return self._saving(self.create_mutation, self.create_input, new=True)

    @cached_property
    def updating(self) -> SavingMutation | None:
        """The mutation that changes its objects, or None."""
        return self._saving(self.update_mutation, self.update_input, new=False)

    def _saving(self, mutation: str, input_type: str, *, new: bool) -> SavingMutation | None:
        whole = self.create_mutation == self.update_mutation
        return (
            SavingMutation(new, mutation, input_type, f"{input_type}!", whole)
            if input_type
            else None
        )

    @cached_property
    def find_one(self) -> str:
        """The query for one object by id."""
        return f"find{self.type_name}"

    @cached_property
    def find_many(self) -> str:
        """The query for pages of objects."""
        return f"find{self.type_plural}"

    @cached_property
    def type_plural(self) -> str:
        """The plural of the type's name: `SceneMarkers`."""
        return "".join(word[0].upper() + word[1:] for word in self.plural.split("_"))

    @cached_property
    def snake_name(self) -> str:
        """The name in snake case: `scene_marker`."""
        return snake_case(self.name)

    @cached_property
    def filter_argument(self) -> str:
        """The argument of `find_many` that takes criteria."""
        return f"{self.snake_name}_filter"

    @cached_property
    def destroy_many(self) -> str:
        """The mutation that deletes several objects, or "" (docs/stash-behaviour.md#mutations)."""
        alone = self.mutations.destroy_argument == "ids" or not self.updating
        return (
            ""
            if alone or self.saved_whole
            else f"{self.type_plural[0].lower()}{self.type_plural[1:]}Destroy"
        )

    @cached_property
    def filter_type(self) -> str:
        """The input type of the criteria."""
        return f"{self.type_name}FilterType"

    # -- roles ----------------------------------------------------------------------------------

    @cached_property
    def hierarchy(self) -> FieldSpec | None:
        """The field that names an object's parents, where objects of this kind have any."""
        return self.edges if self.edges is not None and self.edges.form != "memberships" else None

    @cached_property
    def edges(self) -> FieldSpec | None:
        """The field with references among objects of this kind that may not run in a circle."""
        for spec in self.fields.values():
            if spec.inverse is not None and spec.meaning.references() == self.name:
                return spec
        return None

    @cached_property
    def aliases(self) -> FieldSpec | None:
        """The field that holds further names, each a text of its own."""
        return next(
            (spec for spec in self.fields.values() if isinstance(spec.meaning, NameSet)), None
        )

    @cached_property
    def images(self) -> tuple[FieldSpec, ...]:
        """The fields that hold pictures of the object."""
        return tuple(spec for spec in self.fields.values() if spec.meaning.shape == "image")

    @cached_property
    def references(self) -> Mapping[str, FieldSpec]:
        """The fields that refer to objects of this or of another kind."""
        return {name: spec for name, spec in self.fields.items() if spec.meaning.references()}

    @cached_property
    def inner(self) -> Mapping[str, ObjectFilter]:
        """The fields with references to several kinds inside, and what they mean."""
        return {
            name: spec.meaning
            for name, spec in self.fields.items()
            if isinstance(spec.meaning, ObjectFilter)
        }

    @cached_property
    def saved_whole(self) -> bool:
        """Whether each save takes all fields; then one query gives all objects, without pages."""
        return self.updating is not None and self.updating.whole

    # -- identity -------------------------------------------------------------------------------

    def key(self, values: Mapping[str, Value]) -> Key:
        """Return the key of an object with these values, trimmed: old servers keep white space."""
        fix = str if self.exact_names else fold
        texts = [values.get(name) for name in self.key_fields]
        return tuple([fix(trim(text)) if text else "" for text in texts])

    def keys_named(self, name: ObjectName) -> Sequence[Key]:
        """Return the keys that an object may have which a manifest names so.

        The text `Ada (Chef)` may be all of a name, or a name and what tells it from others.
        """
        if not isinstance(name, str):
            return [self.key(dict(zip(self.key_fields, name, strict=False)))]
        found = [self.key({"name": name})]
        if len(self.key_fields) > 1 and name.endswith(")"):
            for part in re.finditer(r" \(", name):
                further = name[part.end() : -1]
                found.append(self.key({"name": name[: part.start()], self.key_fields[1]: further}))
        return found

    def text_of(self, name: ObjectName) -> str:
        """Return how people write the name of an object."""
        if isinstance(name, str):
            return name
        return self.label(dict(zip(self.key_fields, name, strict=False)))

    def other_names(self, values: Mapping[str, Value]) -> Sequence[str]:
        """Return the aliases of an object with these canonical values."""
        return (values.get(self.aliases.name) or ()) if self.aliases else ()

    def label(self, values: Mapping[str, Value]) -> str:
        """Return the name of an object for people, with what tells it from others of that name."""
        name: str = values.get("name") or ""
        further = [part for field in self.key_fields[1:] if (part := values.get(field))]
        return " ".join([name, *(f"({part})" for part in further)]) if further else name

    # -- support --------------------------------------------------------------------------------

    def supports(self, spec: FieldSpec, server: Capabilities) -> bool:
        """Whether the server can both take and show the field, and has no newer one for it."""
        if spec.replaced_by and self.supports(self.all_fields[spec.replaced_by], server):
            return False
        return server.has_input(self.update_input, spec.input) and server.has_output(
            self.type_name, spec.output
        )
