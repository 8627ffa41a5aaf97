"""Terraform for a Stash library, and the client library that it stands on.

    from stashsync import StashClient, Transport, load, make_plan     manifests, plans
    from stashsync import StashContext, StashEntityStore              scripts: docs/client

Names are imported when they are first used, so that `import stashsync` costs nothing. What they
are is written for type checkers in `__init__.pyi`; the import rules see no imports here, which is
right: nothing below depends on what stands above.
"""

from __future__ import annotations

_HOMES = {
    "stashsync.applier": ("carry_out",),
    "stashsync.applier.listener": ("Interrupt", "Listener"),
    "stashsync.applier.outcomes": ("Report",),
    "stashsync.client": ("StashClient", "StashContext"),
    "stashsync.client.jobs": ("LogEntry",),
    "stashsync.errors": (
        "ExitCode",
        "ManifestError",
        "PlanError",
        "StalePlanError",
        "StashAuthenticationError",
        "StashBatchError",
        "StashCapabilityError",
        "StashConfigurationError",
        "StashConnectionError",
        "StashError",
        "StashFilterError",
        "StashGraphQLError",
        "StashIntegrationError",
        "StashRefusedError",
        "StashServerError",
        "StashSystemNotReadyError",
        "StashVersionError",
    ),
    "stashsync.manifest": ("Desired", "load"),
    "stashsync.outcomes": ("Outcome", "Status"),
    "stashsync.planner.plan": ("Plan",),
    "stashsync.engine.reconcile": ("check_fresh", "make_plan"),
    "stashsync.store": ("CacheStats", "CascadeWarning", "StashEntityStore"),
    "stashsync.entities": (
        "Gallery",
        "GalleryChapter",
        "Group",
        "GroupDescription",
        "Image",
        "Job",
        "JobStatusUpdate",
        "Performer",
        "SavedFilter",
        "Scene",
        "SceneGroup",
        "SceneMarker",
        "Studio",
        "Tag",
    ),
    "stashsync.kinds": ("KINDS", "JobStatus", "OnMultipleMatch"),
    "stashsync.unset": ("UNSET", "UnsetType", "is_set"),
    "stashsync.wire.operations": ("BatchOperation", "BatchResult"),
    "stashsync.wire.retry": ("RetryPolicy",),
    "stashsync.wire.settings": ("ApiKey", "TimeLimits", "Tls"),
    "stashsync.wire.subscriptions": ("Subscription",),
    "stashsync.wire.transport": ("Transport", "over_app"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = ["__version__", *sorted(_HOME_OF)]  # type checkers read __init__.pyi


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        value: object = version("stashsync")
    elif name in _HOME_OF:
        from importlib import import_module

        value = getattr(import_module(_HOME_OF[name]), name)
    else:
        raise AttributeError(f"module 'stashsync' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
