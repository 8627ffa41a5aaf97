"""Terraform for a Stash library: tags, studios and performers as YAML, with plan, apply and drift.

    from stashsync import StashClient, Transport, load, make_plan

Names are imported when they are first used, so that `import stashsync` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stashsync.applier import carry_out
    from stashsync.applier.listener import Interrupt, Listener
    from stashsync.applier.outcomes import Outcome, Report, Status
    from stashsync.client import StashClient
    from stashsync.errors import ExitCode, ManifestError, PlanError, StashError
    from stashsync.manifest import Desired, load
    from stashsync.planner.plan import Plan
    from stashsync.reconcile import check_fresh, make_plan
    from stashsync.types import KINDS, Performer, Studio, Tag
    from stashsync.unset import UNSET, UnsetType
    from stashsync.wire.settings import ApiKey, TimeLimits, Tls
    from stashsync.wire.transport import Transport

_HOMES = {
    "stashsync.applier": ("carry_out",),
    "stashsync.applier.listener": ("Interrupt", "Listener"),
    "stashsync.applier.outcomes": ("Outcome", "Report", "Status"),
    "stashsync.client": ("StashClient",),
    "stashsync.errors": ("ExitCode", "ManifestError", "PlanError", "StashError"),
    "stashsync.manifest": ("Desired", "load"),
    "stashsync.planner.plan": ("Plan",),
    "stashsync.reconcile": ("check_fresh", "make_plan"),
    "stashsync.types": ("KINDS", "Performer", "Studio", "Tag"),
    "stashsync.unset": ("UNSET", "UnsetType"),
    "stashsync.wire.settings": ("ApiKey", "TimeLimits", "Tls"),
    "stashsync.wire.transport": ("Transport",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "KINDS",
    "UNSET",
    "ApiKey",
    "Desired",
    "ExitCode",
    "Interrupt",
    "Listener",
    "ManifestError",
    "Outcome",
    "Performer",
    "Plan",
    "PlanError",
    "Report",
    "StashClient",
    "StashError",
    "Status",
    "Studio",
    "Tag",
    "TimeLimits",
    "Tls",
    "Transport",
    "UnsetType",
    "__version__",
    "carry_out",
    "check_fresh",
    "load",
    "make_plan",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("stashsync")
    elif name in _HOME_OF:
        from importlib import import_module

        value = getattr(import_module(_HOME_OF[name]), name)
    else:
        raise AttributeError(f"module 'stashsync' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
