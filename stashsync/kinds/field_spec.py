"""A field of a kind: its meaning, and its names and types on the wire."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from msgspec import Struct

from stashsync.fields import Meaning
from stashsync.kinds.capabilities import Release


class Wire(Struct, frozen=True):
    """Names of a field on the wire, where they differ from its own, and its first release.

    `reads`, `creates` and `updates` say whether the output type and the two inputs have it;
    `aside` keeps it out of manifests: they express the same by another field, or cannot yet.
    `replaced_by` is the field that manifests have in its place on servers that have that one.
    """

    output: str | None = None
    input: str | None = None
    since: str | None = None
    output_type: str | None = None
    create_type: str | None = None
    reads: bool = True
    creates: bool = True
    updates: bool = True
    aside: bool = False
    replaced_by: str = ""


class InverseName(Struct, frozen=True):
    """The name of the same relation seen from its other end (`parents`, `children`)."""

    name: str
    output: str | None = None


class FieldSpec(Struct, frozen=True, dict=True):
    """One field of a kind: its meaning, and its names and types on the wire."""

    name: str
    meaning: Meaning
    output: str
    input: str
    output_type: str
    create_type: str
    update_type: str
    since: Release
    inverse: InverseName | None = None
    declaration: type[Any] = object
    reads: bool = True
    creates: bool = True
    updates: bool = True
    replaced_by: str = ""

    @cached_property
    def settable(self) -> bool:
        """Whether some input has it."""
        return self.creates or self.updates

    @property
    def doc(self) -> str:
        """The docstring of the field."""
        from stashsync.kinds.docs import field_doc  # only references and schemas ask

        return field_doc(self.declaration, self.name)

    @cached_property
    def form(self) -> str:
        """How objects hold it, see `Meaning.form`."""
        return self.meaning.form

    @cached_property
    def is_relation(self) -> bool:
        """Whether it refers to other objects."""
        return self.form in ("one", "many", "memberships")

    @property
    def bulk_input(self) -> str:
        """The name in bulk updates: those edit memberships by the ids of their members alone."""
        return f"{self.meaning.references()}_ids" if self.form == "memberships" else self.input

    def selection(self, server: Any) -> str:
        """Return what to select to read this field."""
        if self.form == "nested":
            from stashsync.kinds.registry import ENTITIES  # the registry knows all, kinds know none

            parts = {
                ENTITIES[kind].type_name: ENTITIES[kind].everything(server)
                for kind in self.meaning.parts
            }
            if len(parts) == 1:
                return f"{self.output} {{ {next(iter(parts.values()))} }}"
            union = " ".join(f"... on {name} {{ {fields} }}" for name, fields in parts.items())
            return f"{self.output} {{ __typename {union} }}"
        return self.meaning.selection(self.output, server)
