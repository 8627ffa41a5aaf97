"""Mutation inputs: the one place where canonical values become what a server takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stashsync.fields import Value
from stashsync.fields.references import exchanged, is_pair
from stashsync.kinds import ENTITIES, Capabilities, Kind
from stashsync.wire.operations import BatchOperation

Ids = Mapping[str, str]
"""Placeholders of objects that have been made meanwhile, with their server ids."""


def create_operation(
    kind: Kind, values: Mapping[str, Value], ids: Ids, server: Capabilities
) -> BatchOperation:
    """Return the mutation that creates an object with these values."""
    made = {
        kind.fields[name].input: kind.fields[name].meaning.write_new(
            _exchanged(kind, name, value, ids), server
        )
        for name, value in values.items()
    }
    return BatchOperation(kind.create_mutation, f"{kind.create_input}!", {"input": made})


def update_operation(
    kind: Kind,
    identifier: str,
    changes: Iterable[tuple[str, Value, Value]],
    ids: Ids,
    server: Capabilities,
) -> BatchOperation:
    """Return the mutation that gives an object these values: (field, before, after)."""
    made: dict[str, Any] = {"id": identifier}
    for name, before, after in changes:
        spec = kind.fields[name]
        made[spec.input] = spec.meaning.write(_exchanged(kind, name, after, ids), before, server)
    return BatchOperation(kind.update_mutation, f"{kind.update_input}!", {"input": made})


def bulk_patch(
    kind: Kind,
    changes: Iterable[tuple[str, Value, Value]],
    ids: Ids,
    server: Capabilities,
) -> dict[str, Any] | None:
    """Return the input of a bulk update for these values, without the ids of its objects.

    Changes are (field, before, after); a list is written whole where None is known of it before.
    None where this server has no bulk update of the kind or it cannot say that. Names are left
    to updates of their own, and so are aliases where only one object can have each.
    """
    if not server.has_mutation(kind.bulk_mutation):
        return None
    made: dict[str, Any] = {}
    for name, before, after in changes:
        spec = kind.fields[name]
        single = name in kind.key_fields or (kind.shared_names and spec is kind.aliases)
        single = single or spec.form == "memberships"
        if single or not server.has_input(kind.bulk_input, spec.input):
            return None
        if isinstance(after, list):
            word = "ids" if name in kind.references else "values"
            mode, members = _edit(before, after, ordered=spec.meaning.shape != "set")
            made[spec.input] = {"mode": mode, word: _exchanged(kind, name, members, ids)}
        else:
            made[spec.input] = spec.meaning.write(
                _exchanged(kind, name, after, ids), before, server
            )
    return made


def _edit(before: list[str] | None, after: list[str], *, ordered: bool) -> tuple[str, list[str]]:
    """Return the mode and members of a bulk update that turns one list into another."""
    if before is None:
        return "SET", after
    added = [member for member in after if member not in before]
    removed = [member for member in before if member not in after]
    if ordered or (added and removed):
        return "SET", after
    return ("ADD", added) if added else ("REMOVE", removed)


def bulk_update_operation(
    kind: Kind, identifiers: Sequence[str], patch: Mapping[str, Any]
) -> BatchOperation:
    """Return the mutation that does the same to many objects, in one transaction."""
    return BatchOperation(
        kind.bulk_mutation,
        f"{kind.bulk_input}!",
        {"input": {"ids": list(identifiers), **patch}},
    )


def delete_operation(kind: Kind, identifier: str) -> BatchOperation:
    """Return the mutation that deletes an object."""
    mutations = kind.mutations
    return BatchOperation(
        mutations.destroy, f"{mutations.destroy_input}!", {"input": {"id": identifier}}
    )


def delete_all_operation(kind: Kind, identifiers: Sequence[str]) -> BatchOperation:
    """Return the mutation that deletes many objects in one transaction."""
    return BatchOperation(kind.destroy_many, "[ID!]!", {"ids": list(identifiers)})


def reassign_operation(
    content: str, identifiers: Sequence[str], kind: Kind, destination: str
) -> BatchOperation:
    """Return the mutation that gives objects of the kind `content` to another object of `kind`."""
    belongings = ENTITIES[content]
    return BatchOperation(
        belongings.bulk_mutation,
        f"{belongings.bulk_input}!",
        {"input": {"ids": list(identifiers), f"{kind.name}_id": destination}},
    )


def merge_operation(kind: Kind, destination: str, sources: Sequence[str]) -> BatchOperation:
    """Return the mutation that merges objects into another, where the server has one."""
    return BatchOperation(
        kind.mutations.merge,
        f"{kind.mutations.merge_input}!",
        {"input": {"source": list(sources), "destination": destination}},
    )


def _exchanged(kind: Kind, name: str, value: Value, ids: Ids) -> Value:
    """Return references with ids for placeholders; every other value as it is.

    Raises:
        KeyError: a placeholder has no id yet.
    """
    if name in kind.inner:
        return kind.inner[name].exchange(
            value, lambda _, token: ids[token] if token[0] == "+" else None
        )
    if name not in kind.references:
        return value
    if isinstance(value, list) and value and not is_pair(value[0]):
        return [ids[token] if token[0] == "+" else token for token in value]
    return exchanged(value, lambda token: ids[token] if token[0] == "+" else token)
