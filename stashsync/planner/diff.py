"""What differs between the two sides of each pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stashsync.fields import Value
from stashsync.fields.names import fold
from stashsync.planner.changes import Change, Create, FieldChange, Update
from stashsync.planner.context import Context
from stashsync.planner.match import Pair
from stashsync.planner.resolve import Resolver
from stashsync.types import KINDS


def diff(
    context: Context, pairs: Sequence[Pair], resolver: Resolver
) -> tuple[list[Change], dict[str, int], list[Pair]]:
    """The changes, how many objects of each kind already hold, and the pair of each change.

    Changes stand by kind, creates before updates, each in the order of the keys.
    """
    found: list[tuple[Change, Pair]] = []
    unchanged: dict[str, int] = {}
    order = {name: position for position, name in enumerate(KINDS)}
    for pair in pairs:
        kind = pair.desired.kind
        values = resolver.values(pair.desired)
        change: Change | None
        if pair.observed is None:
            change = _create(pair, resolver.tokens[kind][fold(pair.desired.name)], values)
        else:
            change = _update(context, pair, values)
        if change is None:
            unchanged[kind] = unchanged.get(kind, 0) + 1
        else:
            found.append((change, pair))
    found.sort(key=lambda one: (order[one[0].kind], one[0].action != "create"))
    return [change for change, _ in found], unchanged, [pair for _, pair in found]


def _create(pair: Pair, token: str, values: Mapping[str, Value]) -> Create:
    kind = KINDS[pair.desired.kind]
    afterwards = {}
    for name, value in values.items():
        meaning = kind.fields[name].meaning
        after = meaning.settle(value, meaning.empty)
        if after != meaning.empty:
            afterwards[name] = after
    return Create(kind.name, token, pair.desired.label, afterwards, pair.desired.mark)


def _update(context: Context, pair: Pair, values: Mapping[str, Value]) -> Update | None:
    desired, observed = pair.desired, pair.observed
    assert observed is not None
    have = observed.values
    changed: dict[str, FieldChange] = {}
    fields = KINDS[desired.kind].fields
    for name, value in values.items():
        before = have.get(name)
        if value == before:
            continue
        after = fields[name].meaning.settle(value, before)
        if after != before:
            changed[name] = FieldChange(before, after)
    if desired.keep_old_name:
        _keep_old_names(context, pair, changed)
    if not changed:
        return None
    return Update(
        kind=desired.kind,
        id=observed.id or "",
        label=observed.label,
        changes=changed,
        mark=desired.mark,
        matched=pair.matched,
        unchanged=len(values) - sum(name in values for name in changed),
    )


def _keep_old_names(context: Context, pair: Pair, changed: dict[str, FieldChange]) -> None:
    """Let former names stay or become aliases (`keep_old_name: true`).

    A former name is one that `renamed_from` lists; a list of aliases that is written whole does
    not remove it, or the next plan would take back what this one gives. Where the name changes now
    and `renamed_from` does not know the old one, that line has to be added for the same reason.
    """
    desired, observed = pair.desired, pair.observed
    assert observed is not None
    former = {fold(name) for name in desired.renamed_from}
    before: list[str] = observed.values.get("aliases") or []
    after: list[str] = changed["aliases"].after if "aliases" in changed else before
    kept = set(after) | {alias for alias in before if fold(alias) in former}
    if "name" in changed and fold(observed.name) != fold(desired.name):
        whole = isinstance(desired.values.get("aliases"), list)
        if whole and fold(observed.name) not in former:
            context.problem(
                desired,
                ("keep_old_name",),
                f'the old name "{observed.name}" would be an alias that the manifest does not know',
                f"add `renamed_from: {observed.name}`, or put it among the aliases",
            )
        if fold(observed.name) not in {fold(alias) for alias in kept}:
            kept.add(observed.name)
    kept.discard(desired.name)
    final = sorted(kept)
    if final == before:
        changed.pop("aliases", None)
    else:
        changed["aliases"] = FieldChange(before, final)
