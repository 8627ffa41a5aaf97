"""What takes a run back: pairs for the planner, from its journal and what is there now. Pure.

    created    goes, if it is as the run made it and nothing else has come to refer to it
    updated    its fields get their former values back, if they still have the run's
    deleted    is made again, and what referred to it does so again
    merged     likewise; what the destination took over goes, if it is still there

Whatever another client has changed since stays, and is reported (docs/planning-rules.md#undo).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from functools import cached_property, partial

from stashsync.engine.baseline import same
from stashsync.engine.earlier import without
from stashsync.engine.history import Identity
from stashsync.engine.referring import References
from stashsync.engine.restored import SINCE, Restored
from stashsync.fields import Value
from stashsync.fields.references import exchanged, reference_list
from stashsync.kinds import ENTITIES, KINDS, FieldSpec, Kind
from stashsync.planner import Create, Delete, Matched, Merge, Pair, PlanContext, Update
from stashsync.planner.changes import targets_of
from stashsync.planner.uniting import identity_of, united_by_server
from stashsync.state import Resource


@dataclass
class Inverse(Restored):
    """The values that take a run back.

    Args:
        context: the planning that this is for.
        pictures: the folder of the run's pictures, below the project.
        left: objects that cannot be made again, or cannot go.
    """

    context: PlanContext
    pictures: str
    left: frozenset[Identity] = frozenset()

    def __post_init__(self) -> None:
        super().__post_init__()
        self.again = {
            me: self._values_again(me)
            for me in self.history.removed
            if me not in self.left | self.earlier.gone and "name" in self.history.kept(me)
        }
        self.former = {me: self._values_again(me) for me in self.earlier.remade}
        for me in self.former:
            for name, earlier in self.earlier.fields.get(me, {}).items():
                if earlier.unsent and self.is_open(me, name):
                    self.give(me, name, self.former[me].get(name))
        for me in self.history.written:
            if me in self.now:
                self._give_back(me)
        self._release(self.now.keys() - self.history.made.keys())
        for me, into in self.merged.items():
            if me in self.again or me in self.former:
                self._give_up((me[0], into), me)
            elif me in self.staying:
                self._keep((me[0], into), me)
        self._leave_filters()
        References(self, self.context).restore()
        self._report_losses()
        self.going = self._going()
        """What the run created and no other client uses or has changed."""
        self._release(self.history.made.keys() - self.going)

    # -- values ---------------------------------------------------------------------------------

    def _give_back(self, me: Identity) -> None:
        """Give an object the values back that the run replaced and that are still the run's."""
        kind, now, replaced = KINDS[me[0]], self.now[me], self.history.replaced.get(me, {})
        united = united_by_server(kind, self.context) if me in self._destinations else ()
        for name, values in self.history.written[me].items():
            spec = kind.fields[name]
            if (me, name) in self.stuck or name not in replaced:
                continue
            kept = self.history.kept(me).get(name)
            # Before a merge, the plan has the values of a destination as the merge leaves them.
            is_before = kept is not None and me in self.history.unmerged
            before = kept if name in united or is_before else replaced[name]
            if spec in kind.images and before is not None:
                if kept is None:
                    self.warn(f"{now.address} does not get its {name} back: there is no copy of it")
                    continue
                before = self._picture(kept)
            current, earlier = self.current(me, name), self.earlier.written(me, name)
            is_given_back = earlier.number is not None
            own = [*earlier.passing, *([] if is_given_back else values)]
            theirs = self._released_of_others(spec, me, [*values, before])
            if theirs is not None:
                self.give(me, name, *theirs)
                self.since.add((me, name))
                self.warn(f"{now.address} keeps its {name}: it was {SINCE}")
            elif any(self._is(spec, current, value) for value in own):
                self.give(me, name, before)
            elif is_given_back and self._is(spec, current, earlier.value):
                self.former.setdefault(me, {})[name] = before
            elif not is_given_back and (given_up := self.history.given_up.get(me, {}).get(name)):
                missing = [member for member in given_up if member not in (current or ())]
                self.give(me, name, [*(current or ()), *missing])
            elif name not in united or name in self.history.final.get(me, ()):
                self.since.add((me, name))
                # The plan has references as merges and deletes leave them: what looks like the
                # former value may lack those to what is made again.
                target = spec.meaning.references()
                members = reference_list(before) if target is not None else ()
                lacks = (me, name) in self._bearers or any(
                    (target, each) in self.again for each in members
                )
                if lacks or not self._is(spec, current, before):
                    self.warn(f"{now.address} keeps its {name}: it was {SINCE}")

    def _release(self, objects: Set[Identity]) -> None:
        """Give objects back what they gave up for a moment in an undo that was cut short."""
        for me, fields in self.earlier.fields.items():
            for name, earlier in fields.items() if me in objects else ():
                is_open = self.is_open(me, name) and name not in self.history.written.get(me, {})
                if earlier.released is not None and is_open and self._passes(me, name):
                    self.give(me, name, *earlier.released)

    def _released_of_others(
        self, spec: FieldSpec, me: Identity, ours: list[Value]
    ) -> tuple[Value] | None:
        """Return what a field gave up for a moment, if another client had written that."""
        earlier = self.earlier.written(me, spec.name)
        if earlier.released is None or not self._passes(me, spec.name):
            return None
        if earlier.number is not None:
            ours = [*ours, earlier.value]
        is_ours = any(self._is(spec, *earlier.released, value) for value in ours)
        return None if is_ours else earlier.released

    def _passes(self, me: Identity, name: str) -> bool:
        """Whether a field has what an earlier undo gave it for a moment."""
        spec, current = KINDS[me[0]].fields[name], self.value(me, name)
        return any(
            self._is(spec, current, value) for value in self.earlier.written(me, name).passing
        )

    def _is(self, spec: FieldSpec, current: Value, value: Value) -> bool:
        """Whether a field still has a value that the run gave it."""
        if spec.meaning.shape == "image":
            if not current or not value:
                return not current and not value
            return current.get("etag") in (value.get("md5"), value.get("etag"))
        value = self.history.as_now(spec, value)
        cleared = self.earlier.cleared
        return same(spec, current, value) or (
            bool(cleared) and same(spec, current, without(spec, value, cleared))
        )

    def _picture(self, kept: Mapping[str, str]) -> Value:
        return {"file": f"{self.pictures}/{kept['md5']}", "md5": kept["md5"]}

    def _values_again(self, me: Identity) -> dict[str, Value]:
        """Return the values of a removed object from before the run."""
        values = {**self.history.kept(me), **self.history.replaced.get(me, {})}
        for spec in KINDS[me[0]].images:
            if kept := self.history.kept(me).get(spec.name):
                values[spec.name] = self._picture(kept)
        return values

    # -- merges ------------------------------------------------------------------

    @cached_property
    def staying(self) -> Mapping[Identity, str]:
        """What stays merged, as it cannot be made again yet, with the destinations."""
        return {me: into for me, into in self.merged.items() if me in self.left}

    def _keep(self, me: Identity, source: Identity) -> None:
        """Let a destination keep what it has of a merged object that is not made again.

        Of what the server unites that are the members of the other, of the rest the whole field.
        """
        kind, theirs = KINDS[me[0]], self._values_again(source)
        for name, before in [*self.back.get(me, {}).items()]:
            spec, current = kind.fields[name], self.current(me, name)
            if name in united_by_server(kind, self.context):
                target = spec.meaning.references()
                had = [self._heir(target, member) for member in theirs.get(name) or ()]
                had += [theirs["name"]] * (spec is kind.aliases)
                known = {identity_of(member) for member in had}
                known -= {identity_of(member) for member in before or ()}
                kept = [member for member in current or () if identity_of(member) in known]
                self.give(me, name, [*(before or ()), *kept])
            elif theirs.get(name) and name not in kind.key_fields:
                del self.back[me][name]

    def _leave_filters(self) -> None:
        """Leave filters alone that are to name what stays merged: they name the destination."""
        for me, fields in self.back.items():
            for name, meaning in KINDS[me[0]].inner.items():
                if name in fields and not self.staying.keys().isdisjoint(
                    meaning.ids_in(fields[name])
                ):
                    del fields[name]

    @cached_property
    def _destinations(self) -> frozenset[Identity]:
        return frozenset((kind, into) for (kind, _), into in self.merged.items())

    @cached_property
    def _bearers(self) -> frozenset[tuple[Identity, str]]:
        """What referred to what is made again when that was removed, with the field."""
        found: set[tuple[Identity, str]] = set()
        for me in self.again:
            for where, ids in (self.history.run.before[me].bearers or {}).items():
                kind, _, name = where.partition(".")
                found.update(((kind, each), name) for each in ids)
        return frozenset(found)

    @cached_property
    def _heirs(self) -> Mapping[Identity, str]:
        """What was merged or removed, with what references to it became, if anything."""
        return {**self.history.removed, **self.merged}

    def _give_up(self, me: Identity, source: Identity) -> None:
        """Let a destination give up what it took over of a merged object and still has."""
        kind, former = KINDS[me[0]], self.history.kept(me)
        for name in united_by_server(kind, self.context):
            current = self.value(me, name)
            if name not in former or not isinstance(current, list) or (me, name) in self.stuck:
                continue
            if source in self.former and self.earlier.knows_of(me, name, source):
                continue  # the undo that made it again has seen to it
            is_final = name in self.history.final.get(me, ())
            written = self.history.written[me][name] if is_final else None
            # Where the run wrote the field afterwards, it may have taken over what the merge did
            # not bring.
            had = self._former(source) if written else self._as_merged(source)
            theirs = list(had.get(name) or ())
            if kind.fields[name] is kind.aliases:
                theirs.append(had["name"])
            heir = partial(self._heir, kind.fields[name].meaning.references())
            if written:
                given = self.history.as_now(kind.fields[name], written[-1]) or ()
                theirs = [member for member in theirs if heir(member) in given]
            own, taken = (
                {identity_of(each) for member in members for each in (member, heir(member))}
                for members in (former[name], theirs)
            )
            taken -= own | {each for each in taken if (me, name, each) in self.earlier.taken}
            after = [member for member in current if identity_of(member) not in taken]
            given_up = self.history.given_up.get(me, {}).get(name, ())
            after += [member for member in given_up if member not in current]
            if after != current:
                self.give(me, name, after)

    def _as_merged(self, source: Identity) -> Mapping[str, Value]:
        """Return the values of a merged object, with what the run had written by then."""
        ids, targets = self.history.ids, targets_of(source[0])
        written = {name: last for name, (*_, last) in self.history.written.get(source, {}).items()}
        for name in targets.keys() & written.keys():
            if written[name]:
                written[name] = exchanged(written[name], lambda token: ids.get(token, token))
        return {**self._former(source), **written}

    def _former(self, me: Identity) -> Mapping[str, Value]:
        return self.again[me] if me in self.again else self.former[me]

    def _heir(self, target: str | None, member: Value) -> Value:
        """Return what a reference was to after the run, which may have merged what it was to."""
        while target and (into := self._heirs.get((target, member))):
            member = into
        return member

    # -- what goes ------------------------------------------------------------------------------

    def _going(self) -> frozenset[Identity]:
        going = {
            me
            for me, change in self.history.made.items()
            if me not in self.left and self._is_untouched(me, change)
        }
        while used := self._still_used(going):
            for me, user in used.items():
                self.warn(f"{self.address(me)} stays: {user} refers to it")
            going -= used.keys()
        return frozenset(going)

    def _is_untouched(self, me: Identity, change: Create) -> bool:
        kind, now = KINDS[me[0]], self.now[me]
        changed = [
            name
            for name, spec in kind.fields.items()
            if name in now.values
            and not self._passes(me, name)
            and not self._is_as_made(kind, spec, self.current(me, name), change)
        ]
        if changed:
            self.warn(f"{now.address} stays: its {' and '.join(changed)} {SINCE}")
        own = {(each.kind, identifier) for each in change.bearers for identifier in each.ids}
        others = self.history.look.bearers.get(me, frozenset()) - own
        if others:
            self.warn(f"{now.address} stays: it has come to be referred to ({len(others):,} times)")
        return not changed and not others

    def _is_as_made(self, kind: Kind, spec: FieldSpec, current: Value, change: Create) -> bool:
        made, empty = change.values.get(spec.name, spec.meaning.empty), spec.meaning.empty
        if spec in kind.images and made and "url" in made:
            return True  # the server has fetched it
        unset = spec is kind.edges and self._is(spec, current, empty)  # it has a step of its own
        return unset or self._is(spec, current, made)

    def _still_used(self, going: set[Identity]) -> dict[Identity, str]:
        """Return what would go and is referred to by what stays, with that."""
        found: dict[Identity, str] = {}
        for other, resource in self.now.items() if going else ():
            if other in going:
                continue
            for name, target in targets_of(other[0]).items():
                for token in reference_list(self.value(other, name)):
                    if (target, token) in going:
                        found[target, token] = resource.address
            for name, meaning in KINDS[other[0]].inner.items():
                used = going.intersection(meaning.ids_in(self.value(other, name)))
                found.update(dict.fromkeys(used, resource.address))
        return found

    # -- what is lost ---------------------------------------------------------------------------

    def _report_losses(self) -> None:
        names = {
            (change.kind, identifier): label
            for change in self.history.run.plan.changes
            if isinstance(change, Merge | Delete)
            for identifier, label in (
                change.sources if isinstance(change, Merge) else [(change.id, change.label)]
            )
        }
        for me in self.history.removed:
            if me in self.again and self.history.run.before[me].bearers is None:
                self.warn(
                    f'what referred to the {me[0]} "{names[me]}" was not kept, as it was too much: '
                    "nothing refers to it again"
                )
            elif me in self.earlier.gone:
                self.warn(f'{me[0]} "{names[me]}" was deleted since the run')
            elif me not in self.again and me not in self.left:
                self.warn(f'{me[0]} "{names[me]}" is not made again: the journal has no copy of it')
        without = {me[0] for me in self.again if self.history.run.before[me].places is None}
        lost = {
            f"{bearer.plural} ({spec.name})"
            for bearer in ENTITIES.values()
            for spec in bearer.fields.values()
            if spec.form == "memberships" and spec.meaning.references() in without
        }
        if lost:
            self.warn(
                f"places that such a journal does not have are not given back: {sorted(lost)}"
            )
        self._report_gone()
        if self.again:
            self.warn(
                "what is made again gets a new id and new times; what Stash keeps beside the "
                "fields that manifests have is lost"
            )

    def _report_gone(self) -> None:
        """Report what the run wrote or created and that is not there, or another one by now."""
        labels = {(item.kind, item.label) for item in self.now.values()}
        touched: dict[Identity, tuple[str, bool]] = {}
        for _, change in self.history.changes():
            if isinstance(change, Create):
                touched[change.kind, self.history.ids.get(change.token, "")] = change.label, True
            elif isinstance(change, Update):
                touched[change.kind, change.id] = change.label, False
        for me, (label, created) in touched.items():
            if me in self.now or me in self.history.removed or me in self.earlier.deleted:
                continue
            other = self.history.look.others.get(me)
            if other is not None:
                self.warn(
                    f'{me[0]} "{label}" stays as it is: its id is that of another one by now, '
                    f'"{other.label}"'
                )
                continue
            if (me[0], label) in labels:
                self.warn(f'{me[0]} "{label}" stays as it is: it was made again since the run')
            elif not created:
                self.warn(f'{me[0]} "{label}" was deleted since the run')


def pair_of(inverse: Inverse, me: Identity, file: str, number: int) -> Pair:
    """Make the pair of an object that changes or is made again, without its values."""
    kind, now = KINDS[me[0]], inverse.now.get(me)
    values = dict(now.values) if now is not None else {}
    values |= inverse.again.get(me) or inverse.back.get(me) or {}
    values = {name: values[name] for name in kind.key_fields if name in values}
    desired = Resource(kind.name, kind.key(values), values, me[1] if now else None, file)
    desired.column = number
    return Pair(desired, now, Matched.RUN, former="" if now else me[1])


def with_tokens(
    inverse: Inverse, me: Identity, values: Mapping[str, Value], pairs: Mapping[Identity, Pair]
) -> dict[str, Value]:
    """Return values of an object whose references are tokens: without what is not there any more.

    What another client lets it refer to stays, whatever the run knew by that id.
    """
    found, kind = dict(values), KINDS[me[0]]
    now = inverse.now[me].values if me in inverse.now else {}
    for name, target in targets_of(me[0]).items():
        if not found.get(name):
            continue
        held = {(target, each) for each in reference_list(now.get(name))}
        value = exchanged(found[name], partial(_merged_still, inverse, target))
        found[name] = exchanged(value, partial(_token_of, inverse, pairs, held, target))
    for name, meaning in kind.inner.items():
        if name in found:
            held = {*meaning.ids_in(now.get(name))}
            found[name] = meaning.exchange(found[name], partial(_token_of, inverse, pairs, held))
    return found


def _merged_still(inverse: Inverse, target: str, each: str) -> str:
    """Return what a reference is to as long as what it was to cannot be made again."""
    return inverse.staying.get((target, each), each)


def _token_of(
    inverse: Inverse,
    pairs: Mapping[Identity, Pair],
    held: Collection[Identity],
    target: str,
    each: str,
) -> str | None:
    """Return what an object is referred to by; None where it is not there any more."""
    me = target, each
    if me in inverse.again:
        return pairs[me].token
    is_other = me in held and me in inverse.history.look.others
    return each if (me in inverse.now and me not in inverse.going) or is_other else None
