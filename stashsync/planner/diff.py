"""Compare the two sides of each pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stashsync.fields import Value
from stashsync.fields.names import fold, trim, without_repetitions
from stashsync.kinds import KINDS, Kind
from stashsync.planner.changes import Create, FieldChange, Update
from stashsync.planner.context import PlanContext
from stashsync.planner.drafts import Draft, draft_of
from stashsync.planner.match import Pair, kinds_in_order
from stashsync.planner.repetitions import as_kept, warn_of_repetitions
from stashsync.planner.resolve import Resolver
from stashsync.state import Resource


def diff(
    context: PlanContext, pairs: Sequence[Pair], resolver: Resolver
) -> tuple[list[Draft], dict[str, int]]:
    """Compare the two sides of each pair.

    Returns:
        The changes by kind, creates before updates, each in the order of the keys, with their
        fields in the order of the kind; and the number of objects of each kind that already hold.
    """
    found: list[Draft] = []
    unchanged: dict[str, int] = {}
    for kind, mine in kinds_in_order(pairs).items():
        before = len(found)
        differing = _differing(KINDS[kind], mine, resolver)
        warn_of_repetitions(context, KINDS[kind], differing)
        for pair, values in differing:
            if pair.observed is None:
                found.append(draft_of(context, _create(context, pair, values), pair))
        for pair, values in differing:
            if pair.observed is not None:
                change = _update(context, pair, pair.observed, values)
                if change is not None:
                    found.append(draft_of(context, change, pair))
        if len(mine) > len(found) - before:
            unchanged[kind] = len(mine) - (len(found) - before)
    return found, unchanged


def _differing(
    kind: Kind, pairs: Sequence[Pair], resolver: Resolver
) -> list[tuple[Pair, dict[str, Value]]]:
    """Return the pairs that may differ, each with the desired values that are not there yet.

    Most objects of most plans are as they should be; this is all that is done for them.
    """
    references = {name: resolver.declared(kind, name) for name in kind.references}
    inner = kind.inner
    found = []
    for pair in pairs:
        if pair.refused:
            continue
        desired, observed = pair.desired, pair.observed
        values = desired.values
        for name, known in references.items():
            if name in values:
                if values is desired.values:
                    values = values.copy()
                values[name] = _with_tokens(desired, name, known, resolver)
        if not inner.keys().isdisjoint(values):
            resolved = {
                name: resolver.inner(desired, name, meaning)
                for name, meaning in inner.items()
                if name in values
            }
            values = {**values, **resolved}
        have: Mapping[str, Value] = {} if observed is None else observed.values
        closely = pair.inherited or pair.bearers or desired.keep_old_name or desired.merge
        # `true` is 1 to Python, and not in JSON.
        if values.items() <= have.items() and not (closely or kind.saved_whole):
            continue
        differing = {
            name: value
            for name, value in values.items()
            if name not in have or kind.saved_whole or value != have[name]
        }
        found.append((pair, differing))
    return found


def _with_tokens(
    resource: Resource, name: str, known: Mapping[str, str], resolver: Resolver
) -> Value:
    """Resolve a reference field, which nearly always is a list of names that are declared."""
    value = resource.values[name]
    if isinstance(value, list):
        try:
            return sorted({known[name] for name in value})
        except (KeyError, TypeError):  # not declared; or a member with a value of its own
            pass
    return resolver.value(resource, name)


def _create(context: PlanContext, pair: Pair, values: Mapping[str, Value]) -> Create:
    kind = KINDS[pair.desired.kind]
    afterwards = {}
    for name, spec in kind.fields.items():
        after = pair.inherited.get(name, spec.meaning.empty)
        if name in values:
            after = spec.meaning.settle(values[name], spec.meaning.empty)
            after = as_kept(context, kind, pair, name, after, spec.meaning.empty)
        if after != spec.meaning.empty:
            afterwards[name] = after
    return Create(
        kind.name,
        pair.token,
        pair.desired.label,
        afterwards,
        pair.desired.mark,
        pair.bearers,
        pair.former,
    )


def _update(
    context: PlanContext, pair: Pair, observed: Resource, values: Mapping[str, Value]
) -> Update | None:
    desired, have = pair.desired, observed.values
    kind = KINDS[desired.kind]
    changed: dict[str, FieldChange] = {}
    wanted = {name: pair.inherited[name] for name in pair.inherited if name not in desired.values}
    for name, value in values.items():
        inherited = pair.inherited.get(name, have.get(name))
        wanted[name] = kind.fields[name].meaning.settle(value, inherited)
    for name, value in wanted.items():
        before = have.get(name)
        after = as_kept(context, kind, pair, name, value, before)
        if not kind.fields[name].meaning.same(after, before):
            changed[name] = FieldChange(before, after)
    if kind.aliases is not None and (desired.keep_old_name or desired.merge):
        _keep_old_names(context, pair, observed, changed, kind.aliases.name)
    if not changed and not pair.bearers:
        return None
    _check_result(context, kind, desired, observed, changed)
    return Update(
        kind=kind.name,
        id=observed.id or "",
        label=observed.label,
        changes={name: changed[name] for name in kind.fields if name in changed},
        mark=desired.mark,
        matched=pair.matched,
        unchanged=len(desired.values) - sum(name in desired.values for name in changed),
        bearers=pair.bearers,
        kept=_kept(kind, have, changed),
    )


def _kept(
    kind: Kind, have: Mapping[str, Value], changed: Mapping[str, FieldChange]
) -> Mapping[str, Value]:
    """Return the other fields of an object that is always saved whole."""
    if not kind.saved_whole:
        return {}
    return {name: have[name] for name in kind.fields if name in have and name not in changed}


def _check_result(
    context: PlanContext,
    kind: Kind,
    desired: Resource,
    observed: Resource,
    changed: Mapping[str, FieldChange],
) -> None:
    """Report what the server would refuse of the object by itself, once it is changed.

    The manifest alone is fine; together with what the server has it may not be: a birth after a
    death, a new name that is an alias of the same performer.
    """
    known = {wrong.message for wrong in kind.check(observed.values)}
    after = {**observed.values, **{name: field.after for name, field in changed.items()}}
    for wrong in kind.check(after):
        if wrong.message not in known:
            message = f"{desired.address}: {wrong.message}"
            context.problem(desired, wrong.path, message, wrong.hint)


def _keep_old_names(
    context: PlanContext,
    pair: Pair,
    observed: Resource,
    changed: dict[str, FieldChange],
    aliases: str,
) -> None:
    """Let former names stay or become aliases (`keep_old_name: true`, `merge`).

    A former name is one that `renamed_from` or `merge` lists; a list of aliases that is written
    whole does not remove it, or the next plan would take back what this one gives. Where the name
    changes now and neither knows the old one, that line has to be added for the same reason.
    """
    desired = pair.desired
    former = desired.former_names
    before: list[str] = observed.values.get(aliases) or []
    after: list[str] = changed[aliases].after if aliases in changed else before
    names = [alias for alias in pair.inherited.get(aliases, before) if fold(alias) in former]
    if pair.keeps_old_name:
        whole = isinstance(desired.values.get(aliases), list)
        if whole and observed.key[0] not in former:
            context.problem(
                desired,
                ("keep_old_name",),
                f'the old name "{observed.name}" would be an alias that the manifest does not know',
                f"add `renamed_from: {observed.name}`, or put it among the aliases",
            )
        names.append(trim(observed.name))
    final = _with_names(desired, after, names, declared=aliases in desired.values)
    if final == before:
        changed.pop(aliases, None)
    else:
        changed[aliases] = FieldChange(before, final)


def _with_names(
    desired: Resource, aliases: Sequence[str], names: Sequence[str], *, declared: bool
) -> list[str]:
    """Add names to aliases, unless one that differs in case alone is there.

    One that differs in case alone is refused of a performer, and since v0.31 silently left out of
    other aliases (docs/stash-behaviour.md#performers), accented letters included.
    """
    found = {*aliases, *without_repetitions(names, (desired.name, *aliases))}
    kept = aliases if declared else ()
    return sorted(alias for alias in found if alias in kept or fold(alias) != desired.key[0])
