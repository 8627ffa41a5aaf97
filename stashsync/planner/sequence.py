"""Steps in order become operations: what each sends, and what it waits for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from itertools import chain

from msgspec import structs

from stashsync.errors import Problem
from stashsync.fields import Value
from stashsync.fields.names import fold, has_wildcards, like, without_repetitions
from stashsync.graph import Arrangement
from stashsync.planner.changes import Delete, Merge, Update
from stashsync.planner.context import PlanContext
from stashsync.planner.drafts import Draft
from stashsync.planner.index import aliases_in, names_in
from stashsync.planner.plan import Operation
from stashsync.planner.steps import Link, Step, Steps
from stashsync.planner.temporary import temporary_name


class Writer:
    """Write the operations of an arrangement of steps."""

    def __init__(self, context: PlanContext, steps: Steps, arrangement: Arrangement) -> None:
        self.context = context
        self.steps = steps
        self.arrangement = arrangement
        self.pieces = Counter(steps.group_of[piece[0]] for piece in arrangement.steps)
        """How many pieces each change is sent in."""

    def operations(self) -> list[Operation]:
        """Return the operations in sending order."""
        waits = self._waits()
        found: list[Operation] = []
        ends: list[list[int]] = []
        """By piece, the operations that others wait for: its last one. A piece that sends nothing
        has those before it."""
        sent: dict[int, list[int]] = {}
        """By change, the last operations of its pieces so far."""
        for number, piece in enumerate(self.arrangement.steps):
            position = self.steps.group_of[piece[0]]
            draft = self.steps.drafts[position]
            roles = {self.steps.steps[step] for step in piece}
            whole = self.pieces[position] == 1
            fields, detour = (tuple(draft.after), {}) if whole else self._piece(draft, roles)
            if draft in self.steps.returning:
                fields = (self.steps.returning[draft],)
                detour = {fields[0]: draft.present.values[fields[0]]}
            keeps = self.steps.children.get(draft) if _upwards(draft) in fields else None
            links = {
                link: tuple(sorted({end for piece in pieces for end in ends[piece]}))
                for link, pieces in waits.get(number, {}).items()
            }
            if isinstance(draft.change, Update) and not fields:
                # What it had to do was done by other pieces, or is done by those for its bearers.
                ends.append(sorted({*chain.from_iterable(links.values()), *sent.get(position, ())}))
                continue
            operation = Operation(
                change=position,
                fields=fields,
                needs=links.get(Link.NEED, ()),
                waits=links.get(Link.WAIT, ()),
                after=links.get(Link.AFTER, ()),
                wave=self.arrangement.waves[number],
                detour=detour,
                undo={}
                if Step.CLAIM in roles
                else {name: draft.present.values[name] for name in detour},
                children=keeps,
            )
            # What belongs to merged objects is moved first, kind by kind.
            contents = draft.change.content if isinstance(draft.change, Merge) else ()
            moves = [structs.replace(operation, content=content) for content in contents]
            moved = range(len(found), len(found) + len(moves))
            found += [*moves, structs.replace(operation, waits=(*operation.waits, *moved))]
            ends.append([len(found) - 1])
            sent.setdefault(position, []).append(len(found) - 1)
        return found

    def _waits(self) -> dict[int, dict[Link, set[int]]]:
        """By piece, those that have to precede it."""
        piece_of = {
            step: number for number, piece in enumerate(self.arrangement.steps) for step in piece
        }
        found: dict[int, dict[Link, set[int]]] = {}
        for edge, link in zip(self.steps.edges, self.steps.links, strict=True):
            before, after = piece_of[edge.before], piece_of[edge.after]
            if before != after:
                found.setdefault(after, {}).setdefault(link, set()).add(before)
        return found

    def _piece(self, draft: Draft, roles: Set[Step]) -> tuple[tuple[str, ...], Mapping[str, Value]]:
        """Return the fields that a piece sends, and the values that are not the change's own."""
        if isinstance(draft.change, Delete) and Step.CLAIM in roles:
            return (), {}
        upwards = _upwards(draft)
        aliases = draft.kind.aliases.name if draft.kind.aliases is not None else ""
        kept = self.steps.kept.get(draft, ())
        fields: list[str] = []
        detour: dict[str, Value] = {}
        if Step.CLAIM in roles:
            further = {step for step in Step if self.steps.has(draft, step)}
            elsewhere = further - roles
            # A merge in between keeps what it would lose apart from the rest.
            apart = {*kept}
            if Step.MOVE in further:
                apart.add(upwards)
            if Step.NAME in elsewhere:
                apart.add("name")
            fields = [name for name in draft.after if name not in apart]
            # What stepped aside earlier and is not changed by the plan comes back with the rest.
            for step, name in ((Step.RELEASE_NAME, "name"), (Step.RELEASE_ALIASES, aliases)):
                if step in elsewhere and name not in {*fields, *apart}:
                    fields.append(name)
                    detour[name] = self._coming_back(draft, name)
        else:
            if Step.KEEP in roles:
                fields += kept
            if Step.NAME in roles:
                fields.append("name")
            elif Step.RELEASE_NAME in roles:
                fields.append("name")
                detour["name"] = self._temporary(draft)
            if Step.RELEASE_ALIASES in roles:
                fields.append(aliases)
                detour[aliases] = self._fewer_aliases(draft)
        if Step.MOVE in roles:
            fields.append(upwards)
        return tuple(fields), detour

    def _coming_back(self, draft: Draft, name: str) -> Value:
        """Return what a field is again after it stepped aside, with what a merge has added."""
        values = draft.whole() if draft in self.steps.united else draft.present.values
        return values[name]

    def _temporary(self, draft: Draft) -> str:
        """Return the name that an object bears until it gets the one that it is to have."""
        target: str = draft.after.get("name") or draft.present.name
        name = temporary_name(draft.token, target, self._is_free(draft.change.kind))
        if name is None:
            self.context.problems.append(
                Problem(
                    f'{draft.change.kind} "{draft.change.label}": the server would accept no '
                    "temporary name",
                    draft.change.mark,
                    "another name of this plan is a pattern for it that matches everything",
                )
            )
        return name or ""

    def _is_free(self, kind: str) -> Callable[[str], bool]:
        """Return a test whether a name collides with nothing that is there or is to come."""
        holders = self.context.indexes[kind].holders
        claimed = [
            text
            for draft in self.steps.drafts
            if draft.change.kind == kind
            for text in names_in(draft.kind, draft.after)
        ]
        patterns = [like(text) for text in claimed if has_wildcards(text)]
        exact = {fold(text) for text in claimed}

        def is_free(name: str) -> bool:
            text = fold(name)
            if has_wildcards(text):
                pattern = like(text)
                if any(pattern.match(other) for other in (*holders, *exact)):
                    return False
            return (
                text not in holders
                and text not in exact
                and not any(pattern.match(text) for pattern in patterns)
            )

        return is_free

    def _fewer_aliases(self, draft: Draft) -> Sequence[str]:
        """Return the aliases that stay, but for those that the server would refuse to see again.

        None of them is the name or another one again, letter case aside: v0.31 would drop it
        (docs/stash-behaviour.md#aliases-of-tags-and-studios).
        """
        if isinstance(draft.change, Delete):
            return []
        before = aliases_in(draft.kind, draft.present.values)
        kept = set(aliases_in(draft.kind, {**draft.present.values, **draft.after}))
        released = self.steps.released[draft]
        staying = (
            alias
            for alias in before
            if alias in kept and fold(alias) not in released and not has_wildcards(alias)
        )
        return without_repetitions(staying, [draft.present.name])


def _upwards(draft: Draft) -> str:
    return draft.kind.edges.name if draft.kind.edges is not None else ""
