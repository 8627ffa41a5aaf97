"""One walk over a plan: what every format shows of its changes, without their looks.

    Plan ── view ──> View
                      sections     by kind: entries in the plan's order, like ones grouped
                      aside        objects that step aside for a moment and end as they were

Values are readable here: references are names, stash_ids a map of endpoints, members of sets and
maps one by one. Texts are as they are; each format makes them inert in its own way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from stashsync.errors import Mark
from stashsync.fields import ObjectFilter, Value
from stashsync.fields.difference import edits
from stashsync.kinds import ENTITIES, KINDS, FieldSpec
from stashsync.planner.changes import Change, Create, Delete, Merge, Update, token_of
from stashsync.planner.plan import Plan
from stashsync.render.labels import label_after
from stashsync.render.removals import orphans_of, users
from stashsync.render.safe import quoted
from stashsync.render.steps import ExtraStep, steps_of

_USUAL: Final = {plural for kind in KINDS.values() for plural in (kind.name, kind.plural)}
"""The fields by which objects usually refer to those that manifests have."""
GROUP_FROM: Final = 3
"""How many updates have to be alike before they are shown as one."""


class Member(NamedTuple):
    """One member of a set, a list or a map: added (`+`), removed (`-`) or changed (`~`).

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
    """One change. `label` is the name that the object will have, `previous` the one it has now.

    `previous` is empty where the name stays. `number` is the place of the change in the plan,
    `users` what uses the object, in words, `orphans` how many children a deletion leaves without
    this parent.
    """

    number: int
    change: Change
    label: str
    previous: str = ""
    attributes: Sequence[Attribute] = ()
    users: Sequence[str] = ()
    orphans: int = 0
    steps: Sequence[ExtraStep] = ()

    @property
    def action(self) -> str:
        """What the change does: create, update, merge or delete."""
        return self.change.action

    @property
    def kind(self) -> str:
        """The kind of the object."""
        return self.change.kind

    @property
    def mark(self) -> Mark | None:
        """The place in the manifests; None of what `prune` deletes."""
        return self.change.mark

    @property
    def address(self) -> str:
        """The kind and the name: `tag "Wide shot"`."""
        return f"{self.change.kind} {quoted(self.label)}"

    @property
    def sources(self) -> Sequence[str]:
        """The names of the objects that are merged into this one."""
        return [name for _, name in self.change.sources] if isinstance(self.change, Merge) else ()

    @property
    def unchanged(self) -> int:
        """The number of fields that hold already."""
        return self.change.unchanged if isinstance(self.change, Update) else 0

    @property
    def is_aside(self) -> bool:
        """Whether it only steps aside for a moment."""
        return isinstance(self.change, Update) and not self.attributes


class AlikeChanges(NamedTuple):
    """Changes of one kind that are alike.

    They are updates of the same fields in the same way, or deletes by `prune` of objects with the
    same number of users.
    """

    entries: Sequence[Entry]

    @property
    def first(self) -> Entry:
        """The entry that is shown for all of them."""
        return self.entries[0]


Item: TypeAlias = Entry | AlikeChanges


class KindSection(NamedTuple):
    """The changes of one kind."""

    kind: str
    plural: str
    items: Sequence[Item]


class View(NamedTuple):
    """The changes of a plan, as they are shown: by kind, and apart those that only step aside."""

    sections: Sequence[KindSection]
    aside: Sequence[Entry]


def view(plan: Plan, *, grouped: bool = True) -> View:
    """Return the changes as they are shown; `grouped` joins those that are alike."""
    by_kind: dict[str, list[Entry]] = {}
    aside: list[Entry] = []
    for entry in entries(plan):
        (aside if entry.is_aside else by_kind.setdefault(entry.kind, [])).append(entry)
    sections = [
        KindSection(kind, KINDS[kind].plural, _group(listed) if grouped else listed)
        for kind, listed in by_kind.items()
    ]
    return View(sections, aside)


def total(plan: Plan) -> Counter[str]:
    """Return the number of objects by action; see `totals`."""
    found: Counter[str] = Counter()
    for counts in totals(plan).values():
        found.update(counts)
    return found


def totals(plan: Plan, done: Callable[[int], bool] = lambda _: True) -> dict[str, Counter[str]]:
    """Return the number of objects by kind and action, for the kinds that have any.

    A merge counts the objects that are gone afterwards; what only steps aside is not counted.
    `done` chooses changes, by their place in the plan.
    """
    found: dict[str, Counter[str]] = {}
    for index, change in enumerate(plan.changes):
        aside = isinstance(change, Update) and not change.changes and not change.bearers
        if not aside and done(index):
            weight = len(change.sources) if isinstance(change, Merge) else 1
            found.setdefault(change.kind, Counter())[change.action] += weight
    return found


def actions(plan: Plan) -> set[str]:
    """Return what the plan does: create, update, delete, merge, and rename, an update too."""
    found = set(total(plan))
    if any(isinstance(change, Update) and change.renames for change in plan.changes):
        found.add("rename")
    return found


def entries(plan: Plan) -> Iterator[Entry]:
    """Yield the changes one by one, in the plan's order."""
    steps = steps_of(plan)
    orphaned = {(change.kind, change.id): left for change, left in orphans_of(plan)}
    for number, change in enumerate(plan.changes):
        label, previous, orphans = change.label, "", 0
        attributes: Sequence[Attribute] = ()
        used: Sequence[str] = ()
        match change:
            case Create():
                attributes = [*_new_attributes(plan, change), *_bearers(change)]
            case Update():
                attributes = [*_changed_attributes(plan, change), *_bearers(change)]
                label = label_after(change)
                previous = change.label if label != change.label else ""
            case Merge() | Delete():
                used = users(change.kind, change.impact)
        if isinstance(change, Delete):
            orphans = orphaned.get((change.kind, change.id), 0)
        yield Entry(
            number, change, label, previous, attributes, used, orphans, steps.get(number, ())
        )


def readable(plan: Plan, spec: FieldSpec, value: Value) -> Value:
    """Return a canonical value with names in place of tokens, and stash_ids as a map."""
    kind = spec.meaning.references()
    if kind is not None:
        if spec.form == "memberships":
            labels = [(plan.label(kind, token), text) for token, text in value or ()]
            return [f"{label}: {text}" if text else label for label, text in labels]
        if isinstance(value, list):
            return sorted(plan.label(kind, token) for token in value)
        return None if value is None else plan.label(kind, value)
    if isinstance(spec.meaning, ObjectFilter):
        return spec.meaning.named(value, _names_of(plan))
    if spec.meaning.shape == "map" and isinstance(value, list):
        return _by_endpoint(value)
    return value


def _names_of(plan: Plan) -> Callable[[str, str], str | None]:
    return lambda kind, token: plan.labels.get(kind, {}).get(token)


def _new_attributes(plan: Plan, change: Create) -> list[Attribute]:
    attributes = []
    for name, value in sorted(change.values.items()):
        spec, empty = _field(change.kind, name)
        if name != "name" and value != empty:
            attributes.append(_attribute(plan, spec, empty, value, "+"))
    return attributes


@lru_cache(maxsize=1024)
def _field(kind: str, name: str) -> tuple[FieldSpec, Value]:
    """Return a field and its empty value."""
    spec = KINDS[kind].fields[name]
    return spec, spec.meaning.empty


def _changed_attributes(plan: Plan, change: Update) -> list[Attribute]:
    attributes = []
    for name, edit in sorted(change.changes.items(), key=lambda item: (item[0] != "name", item[0])):
        sign = "~"
        if name == "name":
            sign = "→"
        elif edit.before is None or edit.before in ([], {}):
            sign = "+"
        elif edit.after is None or edit.after in ([], {}):
            sign = "-"
        spec, _ = _field(change.kind, name)
        attributes.append(_attribute(plan, spec, edit.before, edit.after, sign))
    return attributes


def _bearers(change: Create | Update) -> list[Attribute]:
    """Return how many objects come to refer to this one, or refer to it no more."""
    token = token_of(change)
    found: Counter[tuple[str, str]] = Counter()
    for bearers in change.bearers:
        kind, spec = ENTITIES[bearers.kind], ENTITIES[bearers.kind].fields[bearers.field]
        name = kind.plural if spec.name in _USUAL else f"{kind.plural} ({spec.name})"
        found[name, "+" if bearers.after == token else "-"] += len(bearers.ids)
    return [
        Attribute(
            name, sign, "scalar", count if sign == "-" else None, None if sign == "-" else count
        )
        for (name, sign), count in found.items()
    ]


def _attribute(plan: Plan, spec: FieldSpec, old: Value, new: Value, sign: str) -> Attribute:
    shape = spec.meaning.shape
    if shape in ("scalar", "image"):
        if spec.meaning.references():
            old, new = readable(plan, spec, old), readable(plan, spec, new)
        return Attribute(spec.name, sign, shape, old, new)
    if isinstance(spec.meaning, ObjectFilter) and old and new:
        before, after = spec.meaning.alike(old, new, _names_of(plan))
    else:
        before, after = readable(plan, spec, old), readable(plan, spec, new)
    if not old and isinstance(after, list):
        come = sorted(after) if shape == "set" else after
        members = [Member("+", None, None, member) for member in come]
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
        *(Member("+", None, None, member) for member in come),
        *(Member("-", None, member, None) for member in gone),
    ]


def _key(path: Sequence[str | int]) -> str | None:
    """Return the keys on the way to a member of a map, or None for a member of a list."""
    return ".".join(step for step in path if isinstance(step, str)) or None


def _by_endpoint(pairs: Iterable[Mapping[str, str]]) -> dict[str, str | list[str]]:
    found: dict[str, list[str]] = {}
    for pair in pairs:
        found.setdefault(pair["endpoint"], []).append(pair["stash_id"])
    return {endpoint: ids[0] if len(ids) == 1 else ids for endpoint, ids in found.items()}


def _group(listed: Sequence[Entry]) -> list[Item]:
    """Return the entries, those that are alike joined at the place of the first."""
    alike: dict[str, list[Entry]] = {}
    keys = []
    for entry in listed:
        # No two renames are alike, and what is created is shown with all that it has.
        single = entry.action != "update" or bool(entry.previous or entry.steps)
        if entry.action == "delete" and entry.mark is None:
            single = bool(entry.steps)  # what `prune` deletes is alike by its users
        key = f"#{entry.number}" if single else _likeness(entry)
        keys.append(key)
        alike.setdefault(key, []).append(entry)
    items: list[Item] = []
    for entry, key in zip(listed, keys, strict=True):
        same = alike[key]
        if len(same) < GROUP_FROM:
            items.append(entry)
        elif same[0] is entry:
            items.append(AlikeChanges(same))
    return items


def _likeness(entry: Entry) -> str:
    if entry.action == "delete":
        return f"- {entry.users} {entry.orphans}"
    return repr(
        [
            (
                attribute.name,
                attribute.sign,
                attribute.members or (attribute.before, attribute.after),
            )
            for attribute in entry.attributes
        ]
    )
