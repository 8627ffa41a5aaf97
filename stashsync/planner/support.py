"""What this server cannot hold: fields that its release lacks, values it does not know."""

from __future__ import annotations

from dataclasses import replace

from stashsync.fields import Meaning
from stashsync.kinds import KINDS, FieldSpec, Kind, release_text
from stashsync.planner.context import Context
from stashsync.state import Resource, State


def keep_supported(context: Context, *, lenient: bool) -> State:
    """The desired state without what the server cannot hold.

    Each such thing is a problem, or with `lenient` a warning: the field is then left alone.
    """
    kept = {}
    for name, resources in context.desired.resources.items():
        kind = KINDS[name]
        fields = context.desired.fields(name)
        missing = [
            kind.fields[one]
            for one in sorted(fields)
            if not kind.supports(kind.fields[one], context.server)
        ]
        picky = [
            kind.fields[one]
            for one in sorted(fields)
            if type(kind.fields[one].meaning).unsupported is not Meaning.unsupported
        ]
        if missing or picky:
            resources = [
                _supported(context, kind, one, missing, picky, lenient) for one in resources
            ]
        kept[name] = resources
    return State(kept, context.desired.digest)


def _supported(
    context: Context,
    kind: Kind,
    resource: Resource,
    missing: list[FieldSpec],
    picky: list[FieldSpec],
    lenient: bool,
) -> Resource:
    refused = []
    for spec in missing:
        if spec.name in resource.values:
            needs = release_text(spec.since)
            reason = f"{kind.plural} have no {spec.name} on this server ({context.server.name})"
            refused.append((spec, reason, f"it needs Stash {needs} or newer"))
    for spec in picky:
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
    gone = {spec.name for spec, _, _ in refused}
    if not gone:
        return resource
    return replace(
        resource, values={name: one for name, one in resource.values.items() if name not in gone}
    )
