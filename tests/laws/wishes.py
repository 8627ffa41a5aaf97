"""Manifests that turn one library into another: objects matched by name, id or stash_ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

from stashsync.fields import Value
from stashsync.fields.names import fold, has_wildcards, like, trim
from stashsync.fields.raw import as_raw
from stashsync.fields.references import exchanged
from stashsync.kinds import KINDS, Capabilities
from stashsync.planner import Pair
from stashsync.planner.index import texts_of
from stashsync.state import Resource, State, desired_state
from tests.laws.libraries import ENDPOINT

UNSPOKEN = (
    "description",
    "favorite",
    "organized",
    "rating100",
    "stash_ids",
    "custom_fields",
    "tags",
)
"""What a manifest may leave out without getting into the way of others."""


def wishes(before: State, after: State, rnd: Random) -> State:
    """Return `after` as manifests declare it; how its objects match those of `before` is random."""
    by_id = rnd.choice((0.0, 0.0, 0.3, 1.0))
    names = {
        (item.kind, item.id): item.name if KINDS[item.kind].shared_names else item.label
        for item in after
    }
    found: list[Resource] = []
    for kind in KINDS:
        ids = [item.id or "" for item in before.of(kind)]
        rnd.shuffle(ids)
        for item in after.of(kind):
            wish = Resource(kind, item.key, _as_written(item, names), file="all.yaml")
            wish.line = len(found) + 1
            wish.column = 3
            if ids and rnd.random() < by_id:
                wish.id = ids.pop()
            found.append(wish)
    return desired_state(found, "random")


def _as_written(resource: Resource, names: dict[tuple[str, str | None], str]) -> dict[str, Value]:
    values = dict(resource.values)
    for name, spec in KINDS[resource.kind].references.items():
        value = values.get(name)
        target = spec.meaning.references() or ""
        if value:
            values[name] = exchanged(value, lambda each, kind=target: names[kind, each])
    for name, meaning in KINDS[resource.kind].inner.items():
        if name in values:
            named = meaning.named(values[name], lambda *me: names.get(me))
            values[name] = meaning.parse(as_raw(named))
    ids: dict[str, list[str]] = {ENDPOINT: []}  # an endpoint without ids has none; none is no word
    for each in values.get("stash_ids", ()):
        ids.setdefault(each["endpoint"], []).append(each["stash_id"])
    if "stash_ids" in values:
        values["stash_ids"] = ids
    return values


def speak_less(wanted: State, rnd: Random) -> None:
    """Let the manifests leave some fields out, in which a merge must lose nothing."""
    for item in wanted:
        for part in UNSPOKEN:
            if part in item.values and rnd.random() < 0.3:
                del item.values[part]


def add_removals(
    wanted: State, before: State, pairs: Sequence[Pair], server: Capabilities, rnd: Random
) -> State:
    """Let a manifest merge, rename or delete some of the objects that it does not mention yet.

    Names that the manifests want for something else are left alone, and so are those that several
    objects bear: to speak of them again would be a contradiction.
    """
    new = {id(pair.desired) for pair in pairs if pair.observed is None}
    taken = {(pair.desired.kind, pair.observed.id) for pair in pairs if pair.observed is not None}
    found = list(wanted)
    for name, kind in KINDS.items():
        there = [item for item in found if item.kind == name]
        names = {text for item in there for text in texts_of(item)}
        patterns = [like(text) for text in sorted(names) if has_wildcards(text)]
        bearers = Counter(item.key[0] for item in before.of(name))
        free = [
            item
            for item in before.of(name)
            if (name, item.id) not in taken
            and fold(item.key[0]) not in names
            and item.name == trim(item.name)  # old releases keep white space, manifests do not
            and bearers[item.key[0]] == 1
            and not has_wildcards(item.name)
            and not any(pattern.match(item.key[0]) for pattern in patterns)
        ]
        can_merge = not (kind.free_names or kind.exact_names) and (
            name != "performer" or server.has_mutation("performerMerge")
        )
        for item in free:
            # A name alone may mean another object by now, which was made in the meantime.
            whole = (
                tuple(map(item.values.get, kind.key_fields)) if kind.key_fields[1:] else item.name
            )
            draw = rnd.random()
            if draw < 0.4 and there and can_merge:
                target = rnd.choice(there)
                target.merge = (*target.merge, whole)
            elif draw < 0.6 and any(id(wish) in new for wish in there):
                target = next(wish for wish in there if id(wish) in new)
                new.remove(id(target))
                target.renamed_from = (whole,)
                target.keep_old_name = rnd.random() < 0.5 and not kind.exact_names
            elif draw < 0.8:
                values = {part: item.values[part] for part in kind.key_fields}
                wish = Resource(name, item.key, values, absent=True, file="all.yaml")
                wish.line, wish.column = len(found) + 1, 3
                found.append(wish)
    return desired_state(found, wanted.digest)
