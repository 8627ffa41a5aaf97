"""In which order the changes are sent, and which of them are sent in pieces.

Creates before updates, updates before merges, merges before deletes, wherever nothing forces
another order (docs/planning-rules.md#order). These force one:

    reference    an id is known once its create has returned     create ══> whatever uses the id
    namespace    a text is free once its holder gave it up       release ─> claim
    pattern      a name with `_` or `%` collides with matches    pattern ─> what it matches
    hierarchy    an edge is checked against what is stored       parents ─> what is below them
    deletion     children would be left without a parent         move ────> delete

══> is a round trip: the two never share a document. Where these run in a circle, a change is cut:
it gives up first what the others wait for (an alias, or its name for a temporary one), and does
the rest later. `graph` does that without knowing any of this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import structs

from stashsync.errors import Problem
from stashsync.fields import Value
from stashsync.fields.names import fold, has_wildcards, like
from stashsync.graph import Arrangement, arrange
from stashsync.kinds import KINDS
from stashsync.planner.changes import Change, Create, Delete, Merge, values_after
from stashsync.planner.context import Context
from stashsync.planner.match import Pair
from stashsync.planner.parts import Link, Parts, Role
from stashsync.planner.plan import Operation
from stashsync.planner.temporary import temporary_name
from stashsync.state import Resource

PHASES = {"create": 0, "update": 1, "merge": 2, "delete": 3}


def link_references(changes: Sequence[Change], parts: Parts) -> None:
    """Whatever uses the id of a new object has to wait for it."""
    creator = {
        one.token: position for position, one in enumerate(changes) if isinstance(one, Create)
    }
    if not creator:
        return
    for position, change in enumerate(changes):
        upwards = KINDS[change.kind].hierarchy
        for name, token in tokens_of(change):
            if token in creator:
                role = Role.MOVE if upwards is not None and name == upwards.name else Role.REST
                parts.link(creator[token], parts.known(position, role), Link.NEED)


def tokens_of(change: Change) -> Iterator[tuple[str, str]]:
    """The fields of the change that refer to objects, with each token they will have to name."""
    after = values_after(change)
    for name in KINDS[change.kind].references:
        value = after.get(name)
        if isinstance(value, list):
            for token in value:
                yield name, token
        elif value:
            yield name, value


def put_in_sequence(
    context: Context, changes: Sequence[Change], pairs: Sequence[Pair | None], parts: Parts
) -> list[Operation]:
    """The operations in sending order. What no order satisfies is reported as a problem."""
    arrangement = arrange(
        parts.group_of, parts.edges, [PHASES[one.action] for one in changes], parts.costs()
    )
    for position in sorted({parts.group_of[part] for part in arrangement.stuck}):
        pair = pairs[position]
        if pair is not None:
            context.problem(
                pair.desired,
                (),
                f"{pair.desired.address}: no order of operations gets past this server's checks",
                "its name, or one that it waits for, is a pattern for the server (`_`, `%`) and "
                "matches another one; choose another spelling",
            )
    if arrangement.stuck:
        return []
    return _Writer(context, changes, pairs, parts, arrangement).operations()


class _Writer:
    """Turns steps of an arrangement into operations."""

    def __init__(
        self,
        context: Context,
        changes: Sequence[Change],
        pairs: Sequence[Pair | None],
        parts: Parts,
        arrangement: Arrangement,
    ) -> None:
        self.context = context
        self.changes = changes
        self.pairs = pairs
        self.parts = parts
        self.arrangement = arrangement
        self.step_of = {
            part: number for number, step in enumerate(arrangement.steps) for part in step
        }
        self.pieces: dict[int, int] = {}
        for step in arrangement.steps:
            position = parts.group_of[step[0]]
            self.pieces[position] = self.pieces.get(position, 0) + 1

    def operations(self) -> list[Operation]:
        waits = self._waits()
        found: list[Operation] = []
        last: list[int] = []
        """By step, its last operation: others wait for that one."""
        for number, step in enumerate(self.arrangement.steps):
            position = self.parts.group_of[step[0]]
            whole = self.pieces[position] == 1
            fields, detour = self._whole(position) if whole else self._piece(position, step)
            ends = Role.REST in {self.parts.roles[part] for part in step}
            links = {
                link: tuple(sorted(last[one] for one in some))
                for link, some in waits.get(number, {}).items()
            }
            operation = Operation(
                change=position,
                fields=fields,
                needs=links.get(Link.NEED, ()),
                waits=links.get(Link.WAIT, ()),
                after=links.get(Link.AFTER, ()),
                wave=self.arrangement.waves[number],
                detour=detour,
                undo={} if ends else self._undo(position, detour),
            )
            moved = []
            for content in self._contents(position):
                moved.append(len(found))
                found.append(structs.replace(operation, content=content))
            last.append(len(found))
            found.append(structs.replace(operation, waits=(*operation.waits, *moved)))
        return found

    def _contents(self, position: int) -> Sequence[str]:
        """What has to be moved by hand before a merge, kind by kind."""
        change = self.changes[position]
        return tuple(change.content) if isinstance(change, Merge) else ()

    def _waits(self) -> dict[int, dict[Link, set[int]]]:
        found: dict[int, dict[Link, set[int]]] = {}
        for edge, link in zip(self.parts.edges, self.parts.links, strict=True):
            before, after = self.step_of[edge.before], self.step_of[edge.after]
            if before != after:
                found.setdefault(after, {}).setdefault(link, set()).add(before)
        return found

    def _undo(self, position: int, detour: Mapping[str, Value]) -> Mapping[str, Value]:
        """What the object has now of all that steps aside."""
        return {name: self._observed(position).values[name] for name in detour}

    def _whole(self, position: int) -> tuple[tuple[str, ...], Mapping[str, Value]]:
        return tuple(values_after(self.changes[position])), {}

    def _piece(
        self, position: int, step: Sequence[int]
    ) -> tuple[tuple[str, ...], Mapping[str, Value]]:
        """The fields that a piece of a change sends, and those that differ from the change's."""
        change = self.changes[position]
        kind = KINDS[change.kind]
        if isinstance(change, Delete) and self.parts.of(position, Role.REST) in step:
            return (), {}
        after = values_after(change)
        upwards = kind.hierarchy.name if kind.hierarchy is not None else ""
        roles = {self.parts.roles[part] for part in step}
        alone = {upwards} if self.parts.known(position, Role.MOVE) != position else set()
        kept = self.parts.kept.get(position, ())
        fields: list[str] = []
        detour: dict[str, Value] = {}
        if Role.REST in roles:
            alone.update(kept)  # which a merge in between keeps apart
            fields = [name for name in after if name not in alone]
            self._take_back(position, step, fields, detour)
        elif Role.KEEP in roles:
            fields += kept
        if Role.FREE_NAME in roles and Role.REST not in roles:
            fields.append("name")
            detour["name"] = self._temporary(position)
        if Role.FREE_ALIASES in roles and Role.REST not in roles:
            fields.append("aliases")
            detour["aliases"] = self._fewer_aliases(position)
        if Role.MOVE in roles:
            fields.append(upwards)
        return tuple(fields), detour

    def _take_back(
        self, position: int, step: Sequence[int], fields: list[str], detour: dict[str, Value]
    ) -> None:
        """What stepped aside earlier and is not changed by the plan comes back with the rest."""
        for role, name in ((Role.FREE_NAME, "name"), (Role.FREE_ALIASES, "aliases")):
            part = self.parts.known(position, role)
            if part != position and part not in step and name not in fields:
                fields.append(name)
                detour[name] = self._observed(position).values[name]

    def _temporary(self, position: int) -> str:
        """The name that an object bears until it gets the one that it shall have."""
        change = self.changes[position]
        assert not isinstance(change, Create)  # what is not there yet has nothing to give up
        target: str = values_after(change).get("name") or self._observed(position).name
        name = temporary_name(change.id, target, self._is_free(change.kind))
        if name is None:
            self.context.problems.append(
                Problem(
                    f'{change.kind} "{change.label}": the server would accept no temporary name',
                    change.mark,
                    "another name of this plan is a pattern for it that matches everything",
                )
            )
        return name or ""

    def _observed(self, position: int) -> Resource:
        """What the server has of an object that is there."""
        change = self.changes[position]
        assert not isinstance(change, Create)
        return self.context.indexes[change.kind].by_id[change.id]

    def _is_free(self, kind: str) -> Callable[[str], bool]:
        holders = self.context.indexes[kind].holders
        claimed = [
            text
            for change in self.changes
            if change.kind == kind
            for text in _names(values_after(change))
        ]
        patterns = [like(text) for text in claimed if has_wildcards(text)]
        exact = {fold(text) for text in claimed}

        def is_free(name: str) -> bool:
            text = fold(name)
            if has_wildcards(text):
                pattern = like(text)
                if any(pattern.match(one) for one in (*holders, *exact)):
                    return False
            return (
                text not in holders
                and text not in exact
                and not any(pattern.match(text) for pattern in patterns)
            )

        return is_free

    def _fewer_aliases(self, position: int) -> list[str]:
        """The aliases that stay, but for those that the server would refuse to see again."""
        if isinstance(self.changes[position], Delete):
            return []
        before: list[str] = self._observed(position).values.get("aliases") or []
        after = values_after(self.changes[position]).get("aliases", before)
        freed = self.parts.freed[position]
        kept = set(after)
        return [
            one
            for one in before
            if one in kept and fold(one) not in freed and not has_wildcards(one)
        ]


def _names(after: Mapping[str, Value]) -> Iterator[str]:
    if "name" in after:
        yield after["name"]
    yield from after.get("aliases") or ()
