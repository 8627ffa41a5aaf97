"""Drop what this server cannot hold: fields that its release lacks, values it does not know."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from stashsync.fields import Meaning
from stashsync.kinds import KINDS, FieldSpec, release_text
from stashsync.planner.context import PlanContext
from stashsync.state import Resource, State


def keep_supported(context: PlanContext, *, lenient: bool) -> State:
    """Return the desired state without what the server cannot hold.

    Each such thing is a problem, or with `lenient` a warning: the field is then left alone.
    """
    kept = {}
    for name, resources in context.desired.resources.items():
        kind = KINDS[name]
        fields = context.desired.fields(name)
        specs = [kind.fields[field] for field in sorted(fields)]
        missing = [spec for spec in specs if not kind.supports(spec, context.server)]
        checked = [
            spec for spec in specs if type(spec.meaning).unsupported is not Meaning.unsupported
        ]
        kept[name] = resources
        if missing or checked:
            kept[name] = [
                _supported(context, resource, missing, checked, lenient) for resource in resources
            ]
    return State(kept, context.desired.digest)


def _supported(
    context: PlanContext,
    resource: Resource,
    missing: Sequence[FieldSpec],
    checked: Sequence[FieldSpec],
    lenient: bool,
) -> Resource:
    kind, refused = KINDS[resource.kind], []
    for spec in missing:
        if spec.name in resource.values:
            needs = f"it needs Stash {release_text(spec.since)} or newer"
            instead = f"it has {spec.replaced_by} instead"
            reason = f"{kind.plural} have no {spec.name} on this server ({context.server.name})"
            refused.append((spec, reason, instead if spec.replaced_by else needs))
    for spec in checked:
        value = resource.values.get(spec.name)
        if value is not None and spec not in missing:
            reason = spec.meaning.unsupported(value, context.server) or ""
            if reason:
                refused.append((spec, reason, f"this server is {context.server.name}"))
    for spec, reason, hint in refused:
        if lenient:
            context.warn(resource, (spec.name,), reason, f"{hint}; left alone (lenient)")
        else:
            way_out = "leave it out, or set `lenient: true` to have such fields left alone"
            context.problem(resource, (spec.name,), reason, f"{hint}; {way_out}")
    dropped = {spec.name for spec, _, _ in refused}
    if not dropped:
        return resource
    values = {name: value for name, value in resource.values.items() if name not in dropped}
    return replace(resource, values=values)
