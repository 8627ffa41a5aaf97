"""Aliases of one object that repeat its name or one another, letter case aside.

Servers since v0.31 leave them out of a list that they are sent, so a plan leaves them out as well:
it would find them missing each time.

Source: docs/stash-behaviour.md#aliases
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from stashsync.fields import Value
from stashsync.fields.names import without_repetitions
from stashsync.kinds import Kind
from stashsync.planner.context import PlanContext
from stashsync.planner.index import aliases_in, quoted
from stashsync.planner.match import Pair


def kept_aliases(name: str, aliases: Iterable[str], there: Iterable[str]) -> list[str]:
    """Return the aliases that a server keeps of these; of two spellings the one that is `there`."""
    known = set(there)
    ranked = sorted(aliases, key=lambda alias: (alias not in known, alias))
    return sorted(without_repetitions(ranked, [name]))


def as_kept(
    context: PlanContext, kind: Kind, pair: Pair, field: str, value: Value, there: Value
) -> Value:
    """Return what becomes of the value of a field that is sent where the object has another."""
    aliases = kind.aliases
    if aliases is None or field != aliases.name or not kind.shared_names:
        return value
    if not context.server.drops_repeated_aliases or value == there:
        return value
    return kept_aliases(pair.desired.name, value, there or ())


def warn_of_repetitions(
    context: PlanContext, kind: Kind, differing: Sequence[tuple[Pair, Mapping[str, Value]]]
) -> None:
    """Warn of aliases in the manifests that this server leaves out."""
    if kind.aliases is None:
        return
    field = kind.aliases.name
    found: list[tuple[Pair, str]] = []
    for pair, values in differing:
        if field in values:
            found += [(pair, alias) for alias in _left_out(context, kind, pair, values[field])]
    if not found:
        return
    pair, first = found[0]
    owner = pair.desired.address if len(found) == 1 else kind.plural
    context.warn(
        pair.desired,
        (field, first),
        f"{owner}: this server ({context.server.name}) keeps no alias that repeats the name or "
        f"another alias, letter case aside: {quoted(alias for _, alias in found)}",
        "take it out of the manifest" if len(found) == 1 else "take them out of the manifests",
    )


def _left_out(context: PlanContext, kind: Kind, pair: Pair, written: Value) -> Iterable[str]:
    """Yield what of the aliases in a manifest would not be kept."""
    assert kind.aliases is not None
    field, meaning = kind.aliases.name, kind.aliases.meaning
    before = aliases_in(kind, pair.observed.values) if pair.observed is not None else []
    after = meaning.settle(written, pair.inherited.get(field, before))
    kept = as_kept(context, kind, pair, field, after, before)
    mentioned = written.get("add", ()) if isinstance(written, Mapping) else written
    return (alias for alias in mentioned if alias not in kept)
