"""What the manifests are to declare once a command is done: the same objects, with its changes.

A command is decided here, on values. What is then written into the texts must read as this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from stashsync.errors import Problem
from stashsync.fields import ObjectFilter, Value, is_members
from stashsync.fields.names import fold
from stashsync.fields.references import is_pair, reference_list
from stashsync.kinds import KINDS, FieldSpec, Key
from stashsync.pull.references import followed, names_after
from stashsync.state import Resource, State


class Goal:
    """The objects to be declared, by kind and key."""

    def __init__(self, state: State) -> None:
        self.objects: dict[tuple[str, Key], Resource] = {
            (resource.kind, resource.key): resource for resource in state
        }

    def of(self, kind: str) -> list[Resource]:
        """Return the objects of one kind."""
        return [resource for (name, _), resource in self.objects.items() if name == kind]

    def change(self, resource: Resource, **changes: Any) -> None:
        """Change fields of the resource itself, its values among them; its key follows them."""
        identity = (resource.kind, resource.key)
        changed = replace(self.objects.pop(identity), **changes)
        changed.key = KINDS[resource.kind].key(changed.values)
        self.objects[changed.kind, changed.key] = changed

    def set_values(self, resource: Resource, **values: Value) -> None:
        """Set values of fields."""
        now = self.objects[resource.kind, resource.key]
        self.change(resource, values={**now.values, **values})

    def drop(self, resource: Resource) -> None:
        """Declare an object no more."""
        del self.objects[resource.kind, resource.key]

    def replace_references(self, kind: str, old: str, new: str | None) -> None:
        """Let every reference to `old`, a folded name, name `new`, or take it out."""
        for resource in list(self.objects.values()):
            changed = {
                name: followed(resource.values[name], kind, {(kind, old): new})
                for name, spec in KINDS[resource.kind].references.items()
                if spec.meaning.references() == kind
                and any(fold(each) == old for each in names_in(resource.values.get(name)))
            }
            of = names_after({(kind, old): new})
            for name, meaning in KINDS[resource.kind].inner.items():
                value = meaning.rename(resource.values.get(name), of)
                if value != resource.values.get(name):
                    changed[name] = value
            if changed:
                self.set_values(resource, **changed)

    def mismatches(self, state: State) -> Iterator[Problem]:
        """Yield every object of a state that is not as it is to be."""
        left = dict(self.objects)
        for resource in state:
            wanted = left.pop((resource.kind, resource.key), None)
            if wanted is None or _content(wanted) != _content(resource):
                yield Problem(f"{resource.address} would not read as meant", resource.mark)
        for resource in left.values():
            yield Problem(f"{resource.address} would be lost", resource.mark)


def names_in(value: Value) -> Iterable[str]:
    """Return the names in the value of a reference field, those that it removes included."""
    parts = value.values() if is_members(value) else [value]
    return [name for part in parts for name in reference_list(part)]


def replaced(value: Value, lost: set[str], gained: Sequence[str]) -> Value:
    """Return what a reference field has without some names (folded), and with others."""
    if value is None or isinstance(value, str):
        return gained[0] if gained else None
    kept = {fold(name): name for name in value if fold(name) not in lost}
    return sorted({**{fold(name): name for name in gained}, **kept}.values())


def _content(resource: Resource) -> tuple[object, ...]:
    fields = KINDS[resource.kind].fields
    values = {name: _plain(fields[name], value) for name, value in resource.values.items()}
    others = (
        {fold(resource.text_of(name)) for name in names}
        for names in (resource.renamed_from, resource.merge)
    )
    return values, resource.id, *others, resource.keep_old_name, resource.absent


def _plain(spec: FieldSpec, value: Value) -> object:
    """Return a value that is equal for equal ones: references by folded name, sets in order."""
    if spec.meaning.references():
        return _each(value, _folded, fold)
    if isinstance(spec.meaning, ObjectFilter):
        return spec.meaning.written(spec.meaning.rename(value, lambda _, name: fold(name)))
    return _each(value, sorted, str) if spec.meaning.shape == "set" else value


def _folded(members: list[Any]) -> list[Any]:
    if any(map(is_pair, members)):
        return [[fold(name), *rest] for name, *rest in members]
    return sorted(map(fold, members))


def _each(
    value: Value, of_list: Callable[[Any], object], of_text: Callable[[str], object]
) -> object:
    if isinstance(value, Mapping):
        return {part: of_list(members) for part, members in value.items() if members}
    return of_list(value) if isinstance(value, list) else of_text(value) if value else value
