"""Which object a person means by a name, and how they write the name of another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from stashsync.errors import StashIntegrationError
from stashsync.fields import Value
from stashsync.fields.names import fold, trim
from stashsync.kinds import KINDS
from stashsync.manifest.layout import extras_of
from stashsync.planner.nearest import Names
from stashsync.refactor.goal import names_in
from stashsync.state import Resource, State


def subject(state: State, kind: str, name: str) -> Resource:
    """Return the declared object that a name means.

    Raises:
        StashIntegrationError: there is none, several, or it is to be deleted.
    """
    found = declared(state, kind, name)
    if found is None:
        near = Names(resource.label for resource in state.of(kind)).nearest(name)
        listed = " or ".join(f'"{each}"' for each in near)
        hint = f"Did you mean {listed}?" if near else "Write its name as the manifests have it."
        raise StashIntegrationError(f'no manifest declares a {kind} "{name}"', hint=hint)
    if found.absent:
        raise StashIntegrationError(
            f"{found.address} is to be deleted already ({found.mark})",
            hint="Take `state: absent` away to keep it.",
        )
    return found


def require(kind: str, key: str) -> None:
    """Raise StashIntegrationError unless items of this kind may have what a command writes."""
    of_kind = KINDS[kind]
    if key == "children" and of_kind.hierarchy is None:
        raise StashIntegrationError(f"a {kind} has no parents and no children")
    if key == "merge" and key not in extras_of(of_kind):
        raise StashIntegrationError(
            f"{of_kind.plural} cannot be merged",
            hint="Let others refer to one of them, and delete the other with `stashsync rm`.",
        )
    if key == "keep_old_name" and key not in extras_of(of_kind):
        raise StashIntegrationError(
            f"a {kind} has no aliases that could keep its old name",
            hint="Leave out `--keep-old-name`.",
        )


def declared(state: State, kind: str, name: str) -> Resource | None:
    """Return the declared object of this name, in full or without what tells it from others.

    Raises:
        StashIntegrationError: there are several.
    """
    text = fold(trim(name))
    found = [resource for resource in state.of(kind) if fold(resource.label) == text]
    if not found:
        found = [resource for resource in state.of(kind) if fold(resource.key[0]) == text]
    if len(found) > 1 and KINDS[kind].exact_names:
        exact = [each for each in found if trim(name) in (each.label, each.name)]
        found = exact or found
    if len(found) > 1:
        several = " and ".join(f'"{resource.label}" ({resource.mark})' for resource in found)
        raise StashIntegrationError(
            f'the {kind} "{name}" could be {several}', hint="Write one of these names in full."
        )
    return found[0] if found else None


def is_referred_to(state: State, kind: str, name: str) -> bool:
    """Whether any object refers to this name."""
    text = fold(trim(name))
    names = (
        each
        for resource, field in _references_to(state, kind)
        for each in names_in(resource.values.get(field))
    )
    inner = (
        each
        for resource in state
        for field, meaning in KINDS[resource.kind].inner.items()
        for _, target, each in meaning.names_in(resource.values.get(field))
        if target == kind
    )
    return any(fold(each) == text for each in chain(names, inner))


def _references_to(state: State, kind: str) -> Iterator[tuple[Resource, str]]:
    for resource in state:
        for field, spec in KINDS[resource.kind].references.items():
            if spec.meaning.references() == kind:
                yield resource, field


def values_of_name(resource: Resource, name: str) -> dict[str, Value]:
    """Return the fields that a new name sets: `Ada (Chef)` sets two where both are of the key."""
    text, further = trim(name), KINDS[resource.kind].key_fields[1:]
    if further and text.endswith(")") and " (" in text:
        text, _, further_text = text[:-1].rpartition(" (")
        return {"name": trim(text), further[0]: trim(further_text)}
    return {"name": text}
