"""One type for both sides of the comparison: what is desired and what is observed.

A `Resource` speaks only of the fields in its `values`. On the desired side that is what the
manifest has (docs/planning-rules.md#two-sides: absent is not managed), references by name; on the
observed side it is what was asked of the server, references by id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

from msgspec import Struct, field

from stashsync.errors import Mark
from stashsync.fields import Value
from stashsync.kinds import KINDS, Key, ObjectName


class ChangedBy(Enum):
    """Which side changed a value since both last held the same."""

    SERVER = "server"
    MANIFEST = "manifest"
    BOTH = "both"


class Resource(Struct, eq=False):
    """One object, as one side speaks of it.

    `values` are canonical (see `fields`), and always have the name. `id` is the server's id: of an
    observed object its own, of a desired one the `id:` that its manifest gives, if any. `file`,
    `line` and `column` (from 1) tell where a desired object is written. `renamed_from` has former
    names of a desired object, `merge` names objects that are to be merged into it; `absent` marks
    it for deletion.
    """

    kind: str
    key: Key
    values: dict[str, Value]
    id: str | None = None
    file: str = ""
    line: int = 0
    column: int = 0
    renamed_from: tuple[ObjectName, ...] = ()
    keep_old_name: bool = False
    merge: tuple[ObjectName, ...] = ()
    absent: bool = False

    @property
    def mark(self) -> Mark:
        """Where it is written."""
        return Mark(self.file, self.line, self.column)

    @property
    def name(self) -> str:
        """Its name as written, trimmed."""
        name: str = self.values["name"]
        return name

    @property
    def label(self) -> str:
        """Its name for people."""
        return KINDS[self.kind].label(self.values)

    def text_of(self, name: ObjectName) -> str:
        """Return how people write the name of another object of this kind."""
        return KINDS[self.kind].text_of(name)

    def names_meant(self, names: Iterable[ObjectName]) -> set[str]:
        """Return the folded names that the objects so named may have."""
        kind = KINDS[self.kind]
        return {key[0] for name in names for key in kind.keys_named(name)}

    @property
    def former_names(self) -> set[str]:
        """The folded names that `merge` and `keep_old_name` make aliases of."""
        return self.names_meant((*self.merge, *(self.renamed_from if self.keep_old_name else ())))

    @property
    def address(self) -> str:
        """Kind and name, as a plan prints it: `tag "Wide shot"`."""
        return f'{self.kind} "{self.label}"'


class State(Struct, eq=False):
    """Resources by kind. The lists of a desired state are sorted by key, of an observed one by id.

    `digest` names the source: of a desired state the digest of its files.
    """

    resources: Mapping[str, list[Resource]]
    digest: str = ""
    _fields: dict[str, frozenset[str]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Resource]:
        for kind in KINDS:
            yield from self.resources.get(kind, ())

    def __len__(self) -> int:
        return sum(len(items) for items in self.resources.values())

    def of(self, kind: str) -> list[Resource]:
        """Return the resources of one kind."""
        return self.resources.get(kind, [])

    def fields(self, kind: str) -> frozenset[str]:
        """Return the fields that any resource of the kind has."""
        known = self._fields.get(kind)
        if known is None:
            mentioned: set[str] = set()
            for resource in self.of(kind):
                mentioned.update(resource.values)
            known = self._fields[kind] = frozenset(mentioned)
        return known


def desired_state(resources: Iterable[Resource], digest: str = "") -> State:
    """Make the state of these resources, in an order that depends on them alone."""
    by_kind: dict[str, list[Resource]] = {}
    for resource in resources:
        by_kind.setdefault(resource.kind, []).append(resource)
    for items in by_kind.values():
        items.sort(key=lambda item: (item.key, item.id or ""))
    return State({kind: by_kind[kind] for kind in KINDS if kind in by_kind}, digest)
