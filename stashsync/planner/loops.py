"""Loops that the hierarchy on a server has already, and how a plan takes them apart.

One mutation can make two tags each other's parents, and the server then refuses to change either
of their lists alone (docs/stash-behaviour.md#hierarchy). A loop is taken apart at an object that
the plan takes out of it, and that all ways round the loop lead through:

    before  A ⇄ B, A → C          after  A → B, A → C

    1  A gets its parents and, in the same mutation, only those children that are on no loop: C
    2  B, which has lost A by that, gets its own parents back

Source: docs/planning-rules.md#loops
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from stashsync.errors import Problem
from stashsync.graph import circles, find_cycle
from stashsync.kinds import Kind
from stashsync.planner.changes import Delete, Matched, Update, as_list
from stashsync.planner.context import PlanContext
from stashsync.planner.drafts import Draft, draft_of
from stashsync.planner.steps import Link, Step, Steps
from stashsync.state import Resource

Graph = Mapping[str, Sequence[str]]
"""Tokens with the tokens of their parents."""


class Loops:
    """The loops of one kind on the server, and what the plan does about them.

    `returning` are changes with nothing in them, of objects that get their parents back.
    """

    def __init__(self, context: PlanContext, kind: Kind, drafts: Sequence[Draft]) -> None:
        self.returning: list[Draft] = []
        self._drafts = drafts
        self._children: dict[Draft, tuple[str, ...]] = {}
        """By what is taken out of a loop, the children that it keeps."""
        self._context = context
        upwards = kind.hierarchy
        self._name = upwards.name if upwards is not None else ""
        if upwards is None or upwards.meaning.shape != "set":
            return
        self._stored: Graph = {
            item.id or "": item.values.get(upwards.name) or ()
            for item in context.observed.of(kind.name)
        }
        loops = circles(self._stored)
        removed = {draft.token for draft in drafts if isinstance(draft.change, Delete)}
        removed.update(source.id or "" for draft in drafts for source in draft.sources)
        for loop in loops:
            top = None if removed.intersection(loop) else self._top(loop)
            if top is not None:
                self._untie(top, loop)
            self._warn(kind, loop, opens=top is not None or not removed.isdisjoint(loop))

    def _top(self, loop: Sequence[str]) -> Draft | None:
        """Find what the plan puts above all others of a loop, if all ways round lead through it."""
        members = set(loop)
        for draft in self._drafts:
            after = draft.after.get(self._name)
            if after is None or draft.token not in members or not members.isdisjoint(after):
                continue
            rest = {each: [up for up in self._stored[each] if up != draft.token] for each in loop}
            if not circles({each: up for each, up in rest.items() if each != draft.token}):
                return draft
        return None

    def _untie(self, top: Draft, loop: Sequence[str]) -> None:
        below = [each for each, parents in self._stored.items() if top.token in parents]
        self._children[top] = tuple(sorted(each for each in below if each not in loop))
        moving = {draft.token for draft in self._drafts if self._name in draft.after}
        for identifier in sorted({*below}.intersection(loop) - moving):
            resource = self._context.indexes[top.change.kind].by_id[identifier]
            change = Update(
                kind=top.change.kind,
                id=identifier,
                label=resource.label,
                changes={},
                mark=top.desired.mark,
                matched=Matched.AROUND_LOOP,
            )
            self.returning.append(draft_of(self._context, change))

    def _warn(self, kind: Kind, loop: Sequence[str], *, opens: bool) -> None:
        by_id = self._context.indexes[kind.name].by_id
        (way,) = ways_round(kind, [by_id[identifier] for identifier in loop])
        self._context.warnings.append(
            Problem(
                f"the hierarchy of {kind.plural} on the server has a loop: {way}",
                hint="this plan takes it apart"
                if opens
                else f"give one of them its {self._name}, such as `{self._name}: []`",
            )
        )

    def link(self, steps: Steps) -> None:
        """Let every other move wait until the loops are taken apart."""
        for top, children in self._children.items():
            steps.children[top] = children
            untied = steps.add(top, Step.MOVE)
            for draft in self._drafts:
                if self._name in draft.after and draft not in self._children:
                    steps.link(untied, steps.add(draft, Step.MOVE), Link.WAIT)
            for draft in self.returning:
                steps.link(untied, steps.add(draft), Link.WAIT)
        steps.returning |= dict.fromkeys(self.returning, self._name)


def ways_round(kind: Kind, resources: Sequence[Resource]) -> Iterator[str]:
    """Yield a way round each loop of observed objects, upwards: `"A" → "B" → "A"`."""
    upwards = kind.hierarchy.name if kind.hierarchy is not None else ""
    labels = {item.id or "": item.label for item in resources}
    graph = {item.id or "": as_list(item.values.get(upwards)) for item in resources}
    for loop in circles(graph):
        cycle = find_cycle(
            {each: [up for up in graph[each] if up in loop] for each in sorted(loop)}
        )
        names = [labels[identifier] for identifier in cycle or loop]
        yield " → ".join(f'"{name}"' for name in [*names, names[0]])
