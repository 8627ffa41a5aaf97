"""Namespaces of names and aliases, as the server checks them (docs/stash-behaviour.md#names).

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
from functools import cached_property

from msgspec import Struct

from stashsync.errors import Mark
from stashsync.fields import Value
from stashsync.fields.names import fold, has_wildcards, like
from stashsync.kinds import Key, Kind
from stashsync.planner.changes import Create, Delete, Matched, Merge, Update
from stashsync.planner.context import Path, PlanContext
from stashsync.planner.drafts import Draft, draft_of
from stashsync.planner.index import aliases_in, texts_of
from stashsync.planner.match import Pair, stash_ids_decide
from stashsync.planner.patterns import PatternIndex
from stashsync.planner.steps import Link, Step, Steps
from stashsync.planner.uniting import native_merge
from stashsync.state import Resource


class Claim(Struct, frozen=True):
    """A text that a change wants for its object. `path` leads to it in the manifest."""

    draft: Draft
    text: Key
    shown: str
    path: Path

    @property
    def is_name(self) -> bool:
        """Whether the object is to have the text as its name, and not among its aliases."""
        return self.path == ("name",)


class Namespace:
    """One kind's names: who holds what, who claims what, and what follows from it.

    Args:
        drafts: all changes of objects of this kind.
        declared: the declared objects of this kind that are on the server, by id.
    """

    def __init__(
        self,
        context: PlanContext,
        kind: Kind,
        drafts: Sequence[Draft],
        declared: Mapping[str, Pair],
    ) -> None:
        self.context = context
        self.kind = kind
        self.drafts = list(drafts)
        self.declared = declared
        self.inherits = native_merge(kind, context) is not None
        """Whether a destination gets the names of what is merged into it by the merge itself."""
        self.patterns_count = context.server.wildcard_names(kind.name)
        self.draft_of: dict[str, Draft] = {}
        """The change of an object that is on the server, merges aside, by id."""
        self.merged: dict[str, Draft] = {}
        """The merge of each merged object, by id."""
        for draft in drafts:
            if isinstance(draft.change, Merge):
                self.merged.update({source.id or "": draft for source in draft.sources})
            elif not isinstance(draft.change, Create):
                self.draft_of[draft.token] = draft
        self.claims = [claim for draft in drafts for claim in self._claims_of(draft)]

    # -- what the kind's rule is ----------------------------------------------------------------

    def _claims_of(self, draft: Draft) -> Iterator[Claim]:
        after = draft.after
        if draft.token in self.merged:
            return  # it gives up what it has, and that only
        if any(name in after for name in self.kind.key_fields):
            yield self._name_claim(draft)
        if self.kind.shared_names:
            yield from self._alias_claims(draft, after)

    def _name_claim(self, draft: Draft) -> Claim:
        whole = draft.whole()
        if self.kind.shared_names:
            return Claim(draft, (fold(whole["name"]),), whole["name"], ("name",))
        return Claim(draft, self.kind.key(whole), self.kind.label(whole), ("name",))

    def _alias_claims(self, draft: Draft, values: Mapping[str, Value]) -> Iterator[Claim]:
        field = self.kind.aliases.name if self.kind.aliases is not None else ""
        for alias in aliases_in(self.kind, values):
            yield Claim(draft, (fold(alias),), alias, (field, alias))

    def _texts(self, resource: Resource) -> Iterator[Key]:
        """Yield what an object holds now."""
        if not self.kind.shared_names:
            yield resource.key
            return
        for text in texts_of(resource):
            yield (text,)

    def _keeps(self, draft: Draft, text: Key) -> bool:
        """Whether an object holds a text once its change is applied."""
        if isinstance(draft.change, Delete):
            return False
        whole = draft.whole()
        if not self.kind.shared_names:
            return text == self.kind.key(whole)
        return text[0] in (fold(whole["name"]), *map(fold, aliases_in(self.kind, whole)))

    # -- who is in whose way --------------------------------------------------------------------

    @cached_property
    def _holders(self) -> Mapping[Key, Sequence[Resource]]:
        found: dict[Key, list[Resource]] = {}
        for resource in self.context.observed.of(self.kind.name):
            for text in self._texts(resource):
                found.setdefault(text, []).append(resource)
        return found

    @cached_property
    def _held(self) -> PatternIndex[Key]:
        return PatternIndex((text[0], text) for text in sorted(self._holders))

    @cached_property
    def _wanted(self) -> Mapping[Key, Sequence[Claim]]:
        found: dict[Key, list[Claim]] = {}
        for claim in self.claims:
            found.setdefault(claim.text, []).append(claim)
        return found

    @cached_property
    def _claimed(self) -> PatternIndex[Key]:
        return PatternIndex((text[0], text) for text in sorted(self._wanted))

    def _is_pattern(self, text: Key) -> bool:
        return self.patterns_count and any(has_wildcards(part) for part in text)

    def _in_the_way(self, claim: Claim) -> Iterator[tuple[Key, Resource]]:
        """Yield what other objects hold now that the server would compare the claim with."""
        is_pattern = self._is_pattern(claim.text)
        for text in _matching(self._held, claim.text) if is_pattern else (claim.text,):
            for holder in self._holders.get(text, ()):
                if holder.id != claim.draft.token:
                    yield text, holder

    def step_aside(self) -> list[Draft]:
        """Find the declared objects that have to step aside for a pattern and come back after it.

        What comes back is claimed again, so a pattern among that may make others step aside in
        turn.

        Returns:
            A change with nothing in it for each of them that the plan does not change otherwise.
        """
        known = {(claim.draft, claim.text, claim.is_name) for claim in self.claims}
        count = len(self.drafts)
        for claim in self.claims:  # which grows meanwhile
            for text, holder in self._in_the_way(claim):
                draft = self._stepping_aside(holder, claim, text)
                for back in self._taken_back(draft, holder, text) if draft is not None else ():
                    key = (back.draft, back.text, back.is_name)
                    if key not in known:
                        known.add(key)
                        self.claims.append(back)
        return self.drafts[count:]

    def _stepping_aside(self, holder: Resource, claim: Claim, text: Key) -> Draft | None:
        """Return the change of an object that has to step aside, if it has to and can."""
        identifier = holder.id or ""
        if text == claim.text or identifier in self.merged or self._mutual(claim, text):
            return None
        draft = self.draft_of.get(identifier)
        if draft is not None:
            return draft if self._keeps(draft, text) else None
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
        draft = self.draft_of[identifier] = draft_of(self.context, change, pair)
        self.drafts.append(draft)
        return draft

    def _taken_back(self, draft: Draft, holder: Resource, text: Key) -> Iterator[Claim]:
        """Yield the patterns that an object claims when it comes back; the rest is free for it."""
        for step in self._releases(holder, text):
            if step is Step.RELEASE_ALIASES:
                claims = list(self._alias_claims(draft, draft.whole()))
            else:
                claims = [self._name_claim(draft)]
            yield from (claim for claim in claims if self._is_pattern(claim.text))

    def link(self, steps: Steps) -> None:
        """Add what has to happen before what, and report what cannot happen at all."""
        refused: set[Claim] = set()
        for claim in self.claims:
            for text, holder in self._in_the_way(claim):
                if not self._link_holder(steps, claim, text, holder):
                    refused.add(claim)
                    break
        self._link_rivals(steps, refused)

    def _link_holder(self, steps: Steps, claim: Claim, text: Key, holder: Resource) -> bool:
        """Put the holder of a text before its claim; False where that is no way out."""
        draft = self.draft_of.get(holder.id or "")
        if holder.id in self.merged and (draft is None or self._keeps(draft, text)):
            return self._link_merged(steps, claim, text, holder)
        if draft is None:
            return self._refuse(claim, text, holder)
        stays = self._keeps(draft, text)
        if stays and (text == claim.text or self._mutual(claim, text)):
            return self._refuse(claim, text, holder)
        if self.kind.free_names:
            return True  # the server would accept both meanwhile
        for step in self._releases(holder, text):
            steps.link(steps.add(draft, step), self._step_of(steps, claim), Link.WAIT)
            steps.released.setdefault(draft, set()).update(text[:1])
        if stays:
            before = self._step_of(steps, claim)
            steps.link(before, steps.add(draft), Link.AFTER)
            for back in self._wanted.get(text, ()):
                if back.draft is draft:
                    steps.link(before, self._step_of(steps, back), Link.AFTER)
        return True

    def _step_of(self, steps: Steps, claim: Claim) -> int:
        """Return the number of the step that claims a text; add it if it is not there yet.

        A new name that is a pattern may have to be there before something that its aliases wait
        for: before the merge of one that holds them, for instance.
        """
        draft = claim.draft
        apart = (
            claim.is_name
            and self.kind.shared_names
            and isinstance(draft.change, Update)
            and "name" in draft.after
            and self._is_pattern(claim.text)
            # The next plan would not know an old name that had not become an alias yet.
            and not (draft.pair is not None and draft.pair.keeps_old_name)
        )
        return steps.add(draft, Step.NAME if apart else Step.CLAIM)

    def _link_merged(self, steps: Steps, claim: Claim, text: Key, holder: Resource) -> bool:
        """Let a claim wait until what a merged object holds is its destination's, or gone."""
        merge = self.merged[holder.id or ""]
        steps.link(steps.add(merge), self._step_of(steps, claim), Link.WAIT)
        if claim.draft.token == merge.token or not self.inherits:
            return True
        return self._refuse(claim, text, holder)  # a merged name always stays with its destination

    def _mutual(self, claim: Claim, text: Key) -> bool:
        """Whether each of two texts is a pattern that matches the other: no order helps."""
        return self._is_pattern(text) and _matches(text, claim.text)

    def _is_name(self, holder: Resource, text: Key) -> bool:
        """Whether a text is the name of an object, with the white space that the server keeps."""
        return text == ((fold(holder.name),) if self.kind.shared_names else holder.key)

    def _releases(self, holder: Resource, text: Key) -> Iterator[Step]:
        """Yield the steps by which an object gives up a text."""
        if self._is_name(holder, text):
            yield Step.RELEASE_NAME
        if self.kind.shared_names and any(
            (fold(alias),) == text for alias in aliases_in(self.kind, holder.values)
        ):
            yield Step.RELEASE_ALIASES

    def _link_rivals(self, steps: Steps, refused: set[Claim]) -> None:
        """Compare the claims of the plan among themselves."""
        for first, *others in self._wanted.values():
            for claim in others:
                if claim.draft is not first.draft and not refused & {claim, first}:
                    self._both_want(claim, first)
        upwards = self.kind.edges
        for pattern in self.claims:
            for claim in self._rivals(pattern) if self._is_pattern(pattern.text) else ():
                if self._mutual(pattern, claim.text):
                    what = f'"{claim.shown}", which the same plan makes'
                    self._report_pattern(pattern, what, claim.draft.desired.mark)
                    continue
                if upwards is not None and upwards.name in pattern.draft.after:
                    # A new object goes first even where its parents are among what it matches.
                    steps.add(pattern.draft, Step.MOVE)
                steps.link(self._step_of(steps, pattern), self._step_of(steps, claim), Link.AFTER)

    def _rivals(self, pattern: Claim) -> Iterator[Claim]:
        """Yield claims of texts that their objects do not hold yet and that the pattern matches."""
        for text in _matching(self._claimed, pattern.text):
            held = {holder.id for holder in self._holders.get(text, ())}
            for claim in self._wanted[text]:
                if claim.draft.token not in (pattern.draft.token, *held) and text != pattern.text:
                    yield claim

    # -- problems -------------------------------------------------------------------------------

    def _refuse(self, claim: Claim, text: Key, holder: Resource) -> bool:
        """Report that what another object holds makes a claim impossible."""
        resource = claim.draft.desired
        if text != claim.text:
            what = f'"{" ".join(text)}" of the {self.kind.name} "{holder.label}" (id {holder.id})'
            self._report_pattern(claim, what)
            return False
        role = "the name" if self._is_name(holder, text) else "an alias"
        owner = f'the {self.kind.name} "{holder.label}" (id {holder.id})'
        message = f'{resource.address}: "{claim.shown}" is already {role} of {owner}'
        change = claim.draft.change
        if role == "the name" and isinstance(change, Update) and change.matched is Matched.STASH_ID:
            follows = stash_ids_decide(resource, claim.draft.present)
            message = f"{follows}; but the name belongs to {owner}"
            hint = f"write `id: {holder.id}` if the name is right; if not, rename that one"
        elif holder in self.context.indexes[self.kind.name].formerly(resource, ()):
            message += (
                f"; it is not renamed, because "
                f'"{claim.draft.present.label}" is on the server as well'
            )
            hint = f"to have both as one, write `merge: [{holder.label}]` in place of renamed_from"
        else:
            hint = self._way_out(claim, holder, role)
        self.context.problem(resource, claim.path, message, hint)
        return False

    def _way_out(self, claim: Claim, holder: Resource, role: str) -> str:
        """Return what to do where another object holds a text as its name or as an alias."""
        renamed = f"if it is the same {self.kind.name}, add `renamed_from: {holder.label}` here; "
        if not self.kind.shared_names:
            further = self.kind.key_fields[-1]
            return f"give it another {further}, or declare the other one as well"
        if claim.is_name and role == "the name":
            return "choose another name, or rename that one in the manifests too"
        key = (self.kind.name, claim.draft.desired.key)
        if claim.is_name and key in (self.context.remembered or ()):
            return (
                "if it was merged into that one on the server, `stashsync pull` takes that over; "
                f'if not, remove the alias "{claim.shown}" there'
            )
        if claim.is_name:
            return f'{renamed}if not, remove the alias "{claim.shown}" there'
        is_new = isinstance(claim.draft.change, Create) and not self.declared.get(holder.id or "")
        otherwise = "leave the alias out here, or take the name away there"
        return f"{renamed}if not, {otherwise}" if is_new else otherwise

    def _both_want(self, claim: Claim, other: Claim) -> None:
        resource, rival = claim.draft.desired, other.draft.desired
        self.context.problem(
            resource,
            claim.path,
            f'{resource.address} and {rival.address} both want "{claim.shown}"',
            "leave one out",
            ((rival.mark, "also wanted here"),),
        )

    def _report_pattern(self, claim: Claim, what: str, also: Mark | None = None) -> None:
        resource = claim.draft.desired
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
    return all(like(part).match(other) is not None if other else not part for part, other in parts)


def _matching(texts: PatternIndex[Key], pattern: Key) -> Iterator[Key]:
    """Yield the texts that a pattern matches in all its parts; a blank part matches a blank one."""
    return (text for _, text in texts.matching(pattern[0]) if _matches(pattern, text))
