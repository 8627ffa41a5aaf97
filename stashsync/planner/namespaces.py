"""The namespaces of names and aliases, as the server checks them (docs/stash-behaviour.md#names).

Every text that an operation *claims* (a new name, and each alias of a list that is sent) must not
be held by another object at that moment; a claim with `_` or `%` must not even match what another
object holds. So, for a claim of one change and a holder that is another object:

    the holder's change frees the text,    the holder first, then the claim
    or the holder is deleted
    a pattern merely matches, and the      the holder steps aside for a moment: it frees the text,
    holder is one of the manifests'        the claim follows, the holder takes it back
    anything else                          the server would refuse it: a problem of the plan

and a pattern precedes every claim of another change that it matches.

A text is a tuple: of one part for kinds whose names and aliases share a namespace, of the parts of
the key for the others (performers: name and disambiguation; their aliases are free).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from stashsync.errors import Mark
from stashsync.fields import Value
from stashsync.fields.names import fold, has_wildcards, like
from stashsync.kinds import Key, Kind
from stashsync.planner.changes import (
    Change,
    Create,
    Delete,
    Merge,
    Update,
    token_of,
    values_after,
)
from stashsync.planner.context import Context, Path
from stashsync.planner.index import texts_of
from stashsync.planner.match import Pair
from stashsync.planner.merges import native_merge
from stashsync.planner.parts import Link, Parts, Role
from stashsync.planner.patterns import Texts
from stashsync.state import Resource


@dataclass(frozen=True, slots=True)
class Claim:
    """A text that a change wants for its object. `path` leads to it in the manifest."""

    change: int
    token: str
    text: Key
    shown: str
    path: Path


class Namespace:
    """One kind's names: who holds what, who claims what, and what follows from it.

    `changes` are all changes of the plan, `pairs[i]` the pair of change `i` (None for a delete),
    `declared` the declared objects of this kind by their id.
    """

    def __init__(
        self,
        context: Context,
        kind: Kind,
        changes: list[Change],
        pairs: list[Pair | None],
        declared: Mapping[str, Pair],
    ) -> None:
        self.context = context
        self.kind = kind
        self.changes = changes
        self.pairs = pairs
        self.declared = declared
        self.inherits = native_merge(kind, context) is not None
        """Whether a destination gets the names of what is merged into it by the merge itself."""
        self.patterns_count = context.server.wildcard_names(kind.name)
        self.change_of: dict[str, int] = {}
        """By id, the change of an object that is there; of one that is merged, the merge."""
        self.merged: dict[str, int] = {}
        for position, one in enumerate(changes):
            if one.kind != kind.name or isinstance(one, Create):
                continue
            if isinstance(one, Merge):
                self.merged.update(dict.fromkeys((source for source, _ in one.sources), position))
            else:
                self.change_of[one.id] = position
        self.claims = [
            claim
            for position, one in enumerate(changes)
            if one.kind == kind.name
            for claim in self._claims_of(position)
        ]

    # -- what the kind's rule is ----------------------------------------------------------------

    def _claims_of(self, position: int) -> Iterator[Claim]:
        change = self.changes[position]
        after = values_after(change)
        token = token_of(change)
        if token in self.merged and not isinstance(change, Merge):
            return  # it gives up what it has, and that only
        if not self.kind.shared_names:
            if any(name in after for name in self.kind.key_fields):
                whole = self._whole_after(position)
                text, shown = self.kind.key(whole), self.kind.label(whole)
                yield Claim(position, token, text, shown, ("name",))
            return
        if "name" in after:
            yield Claim(position, token, (fold(after["name"]),), after["name"], ("name",))
        for alias in after.get("aliases") or ():
            yield Claim(position, token, (fold(alias),), alias, ("aliases", alias))

    def _whole_after(self, position: int) -> dict[str, Value]:
        change, pair = self.changes[position], self.pairs[position]
        if pair is None:
            observed = self.context.indexes[self.kind.name].by_id.get(token_of(change))
        else:
            observed = pair.observed
        return {**(observed.values if observed else {}), **values_after(change)}

    def _texts(self, resource: Resource) -> Iterator[Key]:
        """What an object holds now."""
        if not self.kind.shared_names:
            yield resource.key
            return
        for text in texts_of(resource):
            yield (text,)

    def _texts_after(self, position: int) -> set[Key]:
        """What an object holds once its change is carried out."""
        whole = self._whole_after(position)
        if not self.kind.shared_names:
            return {self.kind.key(whole)}
        return {(fold(whole["name"]),), *((fold(one),) for one in whole.get("aliases") or ())}

    # -- who is in whose way --------------------------------------------------------------------

    @cached_property
    def _holders(self) -> Mapping[Key, Sequence[Resource]]:
        found: dict[Key, list[Resource]] = {}
        for resource in self.context.observed.of(self.kind.name):
            for text in self._texts(resource):
                found.setdefault(text, []).append(resource)
        return found

    @cached_property
    def _held(self) -> Texts[Key]:
        return Texts((text[0], text) for text in sorted(self._holders))

    @cached_property
    def _wanted(self) -> Mapping[Key, Sequence[Claim]]:
        found: dict[Key, list[Claim]] = {}
        for claim in self.claims:
            found.setdefault(claim.text, []).append(claim)
        return found

    @cached_property
    def _claimed(self) -> Texts[Key]:
        return Texts((text[0], text) for text in sorted(self._wanted))

    def _is_pattern(self, text: Key) -> bool:
        return self.patterns_count and any(has_wildcards(part) for part in text)

    def _in_the_way(self, claim: Claim) -> Iterator[tuple[Key, Resource]]:
        """What other objects hold now that the server would compare the claim with."""
        is_pattern = self._is_pattern(claim.text)
        for text in _matching(self._held, claim.text) if is_pattern else (claim.text,):
            for holder in self._holders.get(text, ()):
                if holder.id != claim.token:
                    yield text, holder

    def step_aside(self) -> None:
        """Find the declared objects that have to step aside for a pattern and come back after it.

        Those that the plan does not change get a change that has nothing in it. What comes back is
        claimed again, so a pattern among that may make others step aside in turn.
        """
        known = {(claim.token, claim.text) for claim in self.claims}
        waiting = list(self.claims)
        for claim in waiting:
            for text, holder in self._in_the_way(claim):
                position = self._change_aside(holder, claim, text)
                if position is None:
                    continue
                for one in self._taken_back(position, holder, text):
                    if (one.token, one.text) not in known:
                        known.add((one.token, one.text))
                        waiting.append(one)
        self.claims = waiting

    def _change_aside(self, holder: Resource, claim: Claim, text: Key) -> int | None:
        """The change of an object that has to step aside; None where it need not, or cannot."""
        identifier = holder.id or ""
        if text == claim.text or identifier in self.merged or self._mutual(claim, text):
            return None
        position = self.change_of.get(identifier)
        if position is not None:
            gone = isinstance(self.changes[position], Delete)
            return None if gone or text not in self._texts_after(position) else position
        pair = self.declared.get(identifier)
        if pair is None:
            return None
        change = Update(
            kind=self.kind.name,
            id=identifier,
            label=holder.label,
            changes={},
            mark=pair.desired.mark,
            matched=pair.matched,
            unchanged=len(pair.desired.values),
        )
        self.changes.append(change)
        self.pairs.append(pair)
        self.change_of[identifier] = len(self.changes) - 1
        return len(self.changes) - 1

    def _taken_back(self, position: int, holder: Resource, text: Key) -> Iterator[Claim]:
        """The patterns that an object claims again when it comes back; others are free for it."""
        whole = self._whole_after(position)
        token = holder.id or ""
        for role in self._roles(holder, text):
            found: list[tuple[Key, str, Path]]
            if role is Role.FREE_ALIASES:
                aliases = whole.get("aliases") or ()
                found = [((fold(one),), one, ("aliases", one)) for one in aliases]
            elif self.kind.shared_names:
                found = [((fold(whole["name"]),), whole["name"], ("name",))]
            else:
                found = [(self.kind.key(whole), self.kind.label(whole), ("name",))]
            for back, shown, path in found:
                if self._is_pattern(back):
                    yield Claim(position, token, back, shown, path)

    def link(self, parts: Parts) -> None:
        """Add what has to happen before what, and report what cannot happen at all."""
        refused: set[Claim] = set()
        for claim in self.claims:
            for text, holder in self._in_the_way(claim):
                if not self._link_holder(parts, claim, text, holder):
                    refused.add(claim)
                    break
        self._link_rivals(parts, refused)

    def _link_holder(self, parts: Parts, claim: Claim, text: Key, holder: Resource) -> bool:
        """Put the holder of a text before its claim; False where that is no way out."""
        position = self.change_of.get(holder.id or "")
        if holder.id in self.merged and (position is None or text in self._texts_after(position)):
            return self._link_merged(parts, claim, text, holder)
        if position is None:
            return self._refuse(claim, text, holder)
        gone = isinstance(self.changes[position], Delete)
        frees = gone or text not in self._texts_after(position)
        if not frees and (text == claim.text or self._mutual(claim, text)):
            return self._refuse(claim, text, holder)
        for role in self._roles(holder, text):
            parts.link(parts.of(position, role), claim.change, Link.WAIT)
            parts.freed.setdefault(position, set()).update(text[:1])
        if not frees:
            parts.link(claim.change, position, Link.AFTER)
        return True

    def _link_merged(self, parts: Parts, claim: Claim, text: Key, holder: Resource) -> bool:
        """What a merged object holds goes to its destination, or goes away with it."""
        position = self.merged[holder.id or ""]
        merge = self.changes[position]
        assert isinstance(merge, Merge)
        parts.link(position, claim.change, Link.WAIT)
        if claim.token == merge.id or not self.inherits:
            return True
        return self._refuse(claim, text, holder)  # a merged name always stays with its destination

    def _mutual(self, claim: Claim, text: Key) -> bool:
        """Whether each of two texts is a pattern that matches the other: no order helps."""
        return self._is_pattern(text) and _matches(text, claim.text)

    def _roles(self, holder: Resource, text: Key) -> Iterator[Role]:
        """By which parts of its change an object gives up a text."""
        if holder.key == text:
            yield Role.FREE_NAME
        if self.kind.shared_names and any(
            (fold(alias),) == text for alias in holder.values.get("aliases") or ()
        ):
            yield Role.FREE_ALIASES

    def _link_rivals(self, parts: Parts, refused: set[Claim]) -> None:
        """Claims of the plan among themselves."""
        for same in self._wanted.values():
            for claim in same[1:]:
                if claim.token != same[0].token and not refused & {claim, same[0]}:
                    self._both_want(claim, same[0])
        for pattern in self.claims:
            if self._is_pattern(pattern.text):
                for claim in self._rivals(pattern):
                    if self._mutual(pattern, claim.text):
                        what = f'"{claim.shown}", which the same plan makes'
                        self._report_pattern(pattern, what, self._resource(claim).mark)
                    else:
                        self._separate_move(parts, pattern.change)
                        parts.link(pattern.change, claim.change, Link.AFTER)

    def _separate_move(self, parts: Parts, position: int) -> None:
        """Let a new object go first even where its parents are among what its name matches."""
        upwards = self.kind.hierarchy
        if upwards is not None and upwards.name in values_after(self.changes[position]):
            parts.of(position, Role.MOVE)

    def _rivals(self, pattern: Claim) -> Iterator[Claim]:
        """Claims of texts that their objects do not hold yet and that the pattern matches."""
        for text in _matching(self._claimed, pattern.text):
            held = {holder.id for holder in self._holders.get(text, ())}
            for claim in self._wanted[text]:
                if claim.token not in (pattern.token, *held) and text != pattern.text:
                    yield claim

    # -- words ----------------------------------------------------------------------------------

    def _resource(self, claim: Claim) -> Resource:
        pair = self.pairs[claim.change]
        assert pair is not None  # a delete claims nothing
        return pair.desired

    def _refuse(self, claim: Claim, text: Key, holder: Resource) -> bool:
        """Report that what another object holds makes a claim impossible."""
        resource = self._resource(claim)
        if text != claim.text:
            what = f'"{" ".join(text)}" of the {self.kind.name} "{holder.label}" (id {holder.id})'
            self._report_pattern(claim, what)
            return False
        as_name = holder.key == text
        role = "the name" if as_name else "an alias"
        message = (
            f'{resource.address}: "{claim.shown}" is already {role} '
            f'of the {self.kind.name} "{holder.label}" (id {holder.id})'
        )
        if not self.kind.shared_names:
            hint = "give it another disambiguation, or declare the other one as well"
        elif claim.path == ("name",) and not as_name:
            hint = (
                f"if it is the same {self.kind.name}, add `renamed_from: {holder.name}` here; "
                f'if not, remove the alias "{claim.shown}" there'
            )
        elif claim.path == ("name",):
            hint = "choose another name, or rename that one in the manifests too"
        else:
            hint = "leave the alias out here, or take the name away there"
        self.context.problem(resource, claim.path, message, hint)
        return False

    def _both_want(self, claim: Claim, other: Claim) -> None:
        resource, rival = self._resource(claim), self._resource(other)
        self.context.problem(
            resource,
            claim.path,
            f'{resource.address} and {rival.address} both want "{claim.shown}"',
            "leave one out",
            ((rival.mark, "also wanted here"),),
        )

    def _report_pattern(self, claim: Claim, what: str, also: Mark | None = None) -> None:
        resource = self._resource(claim)
        self.context.problem(
            resource,
            claim.path,
            f'{resource.address}: this server ({self.context.server.name}) takes "{claim.shown}" '
            f"for a pattern, and it matches {what}",
            "`_` and `%` match other characters there; choose another spelling",
            ((also, "made here"),) if also else (),
        )


def _matches(pattern: Key, text: Key) -> bool:
    # A blank part is no text for the server but none at all, which no pattern matches.
    parts = zip(pattern, text, strict=True)
    return all(like(one).match(other) is not None if other else not one for one, other in parts)


def _matching(texts: Texts[Key], pattern: Key) -> Iterator[Key]:
    """The texts that a pattern matches in all its parts; a blank part matches a blank one."""
    return (text for _, text in texts.matching(pattern[0]) if _matches(pattern, text))
