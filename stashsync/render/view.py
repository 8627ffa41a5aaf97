"""One walk over a plan: what every format shows of it, with nothing decided about its looks.

    Plan ── view ──> View
                      sections     per kind: entries in the plan's order, like ones grouped
                      externals    objects that manifests refer to and none declares
                      warnings     problems that stop nothing
                      refusals     what thresholds and protection say against it
                      aside        objects that step aside for a moment and end as they were
                      totals       by kind and action

Values are readable here: references are names, stash_ids a map of endpoints, members of sets and
maps one by one. Texts are as they are; each format makes them inert in its own way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from stashsync.errors import Mark, Problem
from stashsync.fields import Value
from stashsync.fields.difference import edits
from stashsync.kinds import KINDS, FieldSpec
from stashsync.planner.changes import Create, Delete, Matched, Merge, Update
from stashsync.planner.plan import External, Plan
from stashsync.render.labels import label_after
from stashsync.render.removals import moving_away, users
from stashsync.render.steps import Step, steps_of

GROUP_FROM: Final = 3
"""How many updates have to be alike before they are shown as one."""


class Member(NamedTuple):
    """One member of a set, a list or a map that came (`+`), went (`-`) or changed (`~`).

    `key` is the key in a map, else None.
    """

    sign: str
    key: str | None
    before: Value
    after: Value


class Attribute(NamedTuple):
    """One field that changes.

    `sign` is `+` where it was empty, `-` where it is cleared, `→` for the name, else `~`. `shape`
    is the meaning's; sets, lists and maps have `members`, scalars and images have none.
    """

    name: str
    sign: str
    shape: str
    before: Value
    after: Value
    members: Sequence[Member] = ()


class Entry(NamedTuple):
    """One change. `label` is the name that the object will have, `previous` the one it
    has now if that differs, `number` the place of the change in the plan."""

    action: str
    kind: str
    label: str
    previous: str
    id: str | None
    mark: Mark | None
    matched: Matched | None
    attributes: Sequence[Attribute]
    unchanged: int
    number: int
    sources: Sequence[str] = ()
    """The names of the objects that a merge folds into this one."""
    native: bool = True
    """Whether the server has a mutation for the merge."""
    impact: Mapping[str, int] = MappingProxyType({})
    """What bears an object that goes, or belongs to it: counts by the server's words."""
    users: Sequence[str] = ()
    """The same in words, without the counts that say something else."""
    orphans: int = 0
    """How many children a deletion leaves without this parent."""
    steps: Sequence[Step] = ()

    @property
    def is_aside(self) -> bool:
        """Whether it only steps aside for a moment."""
        return self.action == "update" and not self.attributes


class Group(NamedTuple):
    """Changes of one kind that are alike: updates of the same fields in the same way, or deletes
    by `prune` of objects that the same number of others bear."""

    entries: Sequence[Entry]

    @property
    def first(self) -> Entry:
        """The one that stands for all."""
        return self.entries[0]


Item: TypeAlias = Entry | Group


class Section(NamedTuple):
    """The changes of one kind."""

    kind: str
    plural: str
    items: Sequence[Item]


class View(NamedTuple):
    """What there is to show of a plan."""

    sections: Sequence[Section]
    externals: Sequence[External]
    warnings: Sequence[Problem]
    totals: Mapping[str, Counter[str]]
    unchanged: Mapping[str, int]
    refusals: Sequence[Problem] = ()
    aside: Sequence[Entry] = ()


def view(plan: Plan, *, grouped: bool = True) -> View:
    """Everything there is to show; `grouped` joins updates that are alike."""
    by_kind: dict[str, list[Entry]] = {}
    aside: list[Entry] = []
    for entry in entries(plan):
        if entry.is_aside:
            aside.append(entry)
        else:
            by_kind.setdefault(entry.kind, []).append(entry)
    sections = [
        Section(kind, KINDS[kind].plural, _group(some) if grouped else some)
        for kind, some in by_kind.items()
    ]
    return View(
        sections,
        plan.externals,
        plan.warnings,
        totals(plan),
        plan.unchanged,
        plan.refusals,
        aside,
    )


def totals(plan: Plan, done: Callable[[int], bool] = lambda _: True) -> dict[str, Counter[str]]:
    """The number of objects by kind and action, for the kinds that have any.

    A merge counts the objects that are gone afterwards; what only steps aside is not counted.
    `done` chooses changes, by their place in the plan.
    """
    found: dict[str, Counter[str]] = {}
    for index, change in enumerate(plan.changes):
        aside = isinstance(change, Update) and not change.changes
        if not aside and done(index):
            weight = len(change.sources) if isinstance(change, Merge) else 1
            found.setdefault(change.kind, Counter())[change.action] += weight
    return found


def actions(plan: Plan) -> set[str]:
    """What the plan does: create, update, delete, merge, and rename, which is an update too."""
    found = {action for counts in totals(plan).values() for action in counts}
    if any(isinstance(one, Update) and one.renames for one in plan.changes):
        found.add("rename")
    return found


def entries(plan: Plan) -> Iterator[Entry]:
    """The changes one by one, in the plan's order."""
    steps = steps_of(plan)
    away = moving_away(plan)
    for index, change in enumerate(plan.changes):
        match change:
            case Create():
                entry = _create(plan, change, index)
            case Update():
                entry = _update(plan, change, index)
            case Merge():
                entry = _leaving(change, index)._replace(
                    sources=[name for _, name in change.sources], native=change.native
                )
            case Delete():
                left = change.impact.get("child", 0) - away.get((change.kind, change.id), 0)
                entry = _leaving(change, index)._replace(orphans=max(0, left))
        yield entry._replace(steps=steps[index]) if index in steps else entry


def _leaving(change: Merge | Delete, index: int) -> Entry:
    """What goes, or what others go into."""
    told = users(change.kind, change.impact)
    entry = Entry(
        change.action, change.kind, change.label, "", change.id, change.mark, None, (), 0, index
    )
    return entry._replace(users=told, impact=change.impact)


def readable(plan: Plan, spec: FieldSpec, value: Value) -> Value:
    """A canonical value with names in place of tokens, and stash_ids as a map."""
    kind = spec.meaning.references()
    if kind is not None:
        if isinstance(value, list):
            return sorted(plan.label(kind, token) for token in value)
        return None if value is None else plan.label(kind, value)
    if spec.meaning.shape == "map" and isinstance(value, list):
        return _by_endpoint(value)
    return value


def _create(plan: Plan, change: Create, index: int) -> Entry:
    attributes = []
    for name, value in sorted(change.values.items()):
        spec, empty = _field(change.kind, name)
        if name != "name" and value != empty:
            attributes.append(_attribute(plan, spec, empty, value, "+"))
    return Entry(
        "create", change.kind, change.label, "", None, change.mark, None, attributes, 0, index
    )


@lru_cache(maxsize=1024)
def _field(kind: str, name: str) -> tuple[FieldSpec, Value]:
    """A field and its empty value."""
    spec = KINDS[kind].fields[name]
    return spec, spec.meaning.empty


def _update(plan: Plan, change: Update, index: int) -> Entry:
    specs = KINDS[change.kind].fields
    attributes = []
    for name, one in sorted(change.changes.items(), key=lambda item: (item[0] != "name", item[0])):
        spec, sign = specs[name], "~"
        if name == "name":
            sign = "→"
        elif one.before is None or one.before in ([], {}):
            sign = "+"
        elif one.after is None or one.after in ([], {}):
            sign = "-"
        attributes.append(_attribute(plan, spec, one.before, one.after, sign))
    after = label_after(change)
    return Entry(
        "update",
        change.kind,
        after,
        change.label if after != change.label else "",
        change.id,
        change.mark,
        change.matched,
        attributes,
        change.unchanged,
        index,
    )


def _attribute(plan: Plan, spec: FieldSpec, old: Value, new: Value, sign: str) -> Attribute:
    shape = spec.meaning.shape
    if shape in ("scalar", "image"):
        if spec.meaning.references():
            old, new = readable(plan, spec, old), readable(plan, spec, new)
        return Attribute(spec.name, sign, shape, old, new)
    before, after = readable(plan, spec, old), readable(plan, spec, new)
    if not old and isinstance(after, list):
        come = sorted(after) if shape == "set" else after
        members = [Member("+", None, None, one) for one in come]
    elif shape == "set":
        members = _set_members(plan, spec, old or (), new or ())
    else:
        empty: Value = {} if shape == "map" else []
        members = [
            Member(edit.sign, _key(edit.path), edit.before, edit.after)
            for edit in edits(before or empty, after or empty)
        ]
    return Attribute(spec.name, sign, shape, before, after, members)


def _set_members(
    plan: Plan, spec: FieldSpec, old: Iterable[str], new: Iterable[str]
) -> list[Member]:
    # By token: two objects may bear one name.
    before, after = set(old), set(new)
    kind = spec.meaning.references()
    gone, come = sorted(before - after), sorted(after - before)
    if kind is not None:
        gone = sorted(plan.label(kind, token) for token in gone)
        come = sorted(plan.label(kind, token) for token in come)
    return [
        *(Member("+", None, None, one) for one in come),
        *(Member("-", None, one, None) for one in gone),
    ]


def _key(path: Sequence[str | int]) -> str | None:
    return path[0] if isinstance(path[0], str) else None


def _by_endpoint(pairs: Iterable[Mapping[str, str]]) -> dict[str, str | list[str]]:
    found: dict[str, list[str]] = {}
    for pair in pairs:
        found.setdefault(pair["endpoint"], []).append(pair["stash_id"])
    return {endpoint: ids[0] if len(ids) == 1 else ids for endpoint, ids in found.items()}


def _group(some: Sequence[Entry]) -> list[Item]:
    """The entries, those that are alike joined at the place of the first."""
    alike: dict[str, list[Entry]] = {}
    keys = []
    for entry in some:
        # A rename is nobody else's, and a create is told by what it has.
        single = entry.action != "update" or bool(entry.previous or entry.steps)
        if entry.action == "delete" and entry.mark is None:
            single = bool(entry.steps)  # what `prune` takes is told by what bears it
        key = f"#{entry.number}" if single else _likeness(entry)
        keys.append(key)
        alike.setdefault(key, []).append(entry)
    items: list[Item] = []
    for entry, key in zip(some, keys, strict=True):
        same = alike[key]
        if len(same) < GROUP_FROM:
            items.append(entry)
        elif same[0] is entry:
            items.append(Group(same))
    return items


def _likeness(entry: Entry) -> str:
    if entry.action == "delete":
        return f"- {entry.users} {entry.orphans}"
    return repr(
        [(one.name, one.sign, one.members or (one.before, one.after)) for one in entry.attributes]
    )
