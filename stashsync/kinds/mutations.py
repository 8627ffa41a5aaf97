"""The mutations of a kind: their names, and the types and arguments of their inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from msgspec import Struct

from stashsync.kinds.capabilities import Release


class KindMutations(Struct, frozen=True):
    """The mutations of a kind and the types of their input; "" where there is none.

    `destroy_options` are what the inputs of the deletions take beside ids.
    `merge` merges objects into another; `merge_unites` are the fields of that one which it unites
    with those of the others, `merge_since` is the first release that has it.
    """

    create: str
    update: str
    destroy: str
    create_input: str
    update_input: str
    destroy_input: str
    destroy_argument: str = "input"
    destroy_options: tuple[str, ...] = ()
    merge: str = ""
    merge_input: str = ""
    merge_unites: frozenset[str] = frozenset()
    merge_since: Release = (0, 27, 0)

    def destroying(
        self, identifiers: Sequence[str], options: Mapping[str, Any]
    ) -> tuple[str, str, Any]:
        """Return the argument of `destroy` for these objects: its name, type and value.

        Of kinds whose `destroy_argument` is not "ids", the first object alone.

        Raises:
            ValueError: there are options, and the mutation has no place for any.
        """
        if self.destroy_argument == "id":
            if options:
                raise ValueError(f"{self.destroy} takes no options, not {', '.join(options)}")
            return "id", "ID!", identifiers[0]
        many = self.destroy_argument == "ids"
        which = {"ids": list(identifiers)} if many else {"id": identifiers[0]}
        return "input", f"{self.destroy_input}!", {**which, **options}


class SavingMutation(NamedTuple):
    """The mutation that creates or changes objects of a kind."""

    new: bool
    mutation: str
    input_type: str
    argument_type: str
    whole: bool
    """Whether it takes all fields each time, not the edited ones alone."""


def usual_mutations(name: str, type_name: str, **further: Any) -> KindMutations:
    """Return the mutations that nearly all kinds have (docs/stash-behaviour.md#mutations).

    `further` are the other fields of `KindMutations`.
    """
    return KindMutations(
        f"{name}Create",
        f"{name}Update",
        f"{name}Destroy",
        f"{type_name}CreateInput",
        f"{type_name}UpdateInput",
        f"{type_name}DestroyInput",
        **further,
    )


FILE_OPTIONS = ("delete_file", "delete_generated")
"""What the deletions of kinds with files take beside ids."""

NO_MUTATIONS = KindMutations("", "", "", "", "", "")
"""For objects that come and go with others: files, folders, jobs."""
