"""Settings: what `stashsync.yaml`, the environment and flags say, and which of them counts.

    Flags ───────────────────────────────────────┐
    environment ─────────────────────────────────┼─ settle ─> Settings
    stashsync.yaml: FileSettings and its profiles┘

A flag beats the environment, that beats `.env`, and that the file, setting by setting. Nothing is
read over the network, and no file but the one that holds the API key (see `keys`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias, TypeVar

from msgspec import Struct, field
from msgspec.structs import fields, replace

from stashsync.errors import ManifestError, Problem, StashConfigurationError
from stashsync.keys import Key, Sources, find_key

SETTINGS_FILE: Final = "stashsync.yaml"
MEMORY: Final = ".stashsync"
"""The folder of the local state, below the project: the baselines and the runs."""
DEFAULT_URL: Final = "http://localhost:9999"
THRESHOLDS: Final[Mapping[str, float]] = {"update": 0.3, "delete": 0.3}
"""The shares of a kind's objects (0–1) that one plan may change by default."""
EVENTS: Final = ("drift", "apply", "failure")
"""What notifications may be about."""
ATTACHED: Final = ("html", "markdown")
"""The formats in which a notification may have the report attached."""
MERGE: Final = "merge"
EXACT: Final = "exact"

URL_VARIABLES: Final = ("STASH_URL", "STASHAPP_URL", "STASH_GRAPHQL_URL")


class TlsSettings(Struct, frozen=True):
    """Certificates of both sides, as in `wire.settings.Tls`. None is not set."""

    verify: bool | None = None
    ca_bundle: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None


class Timeouts(Struct, frozen=True):
    """Time limits in seconds; None is not set."""

    connect: float | None = None
    read: float | None = None
    mutation: float | None = None


class NotifySettings(Struct, frozen=True):
    """Who is notified of what (docs/notifications.md). None is not set.

    An address is a secret. It is empty where the variable that has it is not set.
    """

    urls: tuple[Key, ...] | None = None
    events: frozenset[str] | None = None
    link: str | None = None
    attach: str | None = None


class BoxSettings(Struct, frozen=True):
    """A stash-box that the settings name. None is not set.

    `api_key` is as in `FileSettings`; `missing` has the problems of its other settings that name a
    variable which is not set.
    """

    endpoint: str | None = None
    api_key: str | Key | None = None
    requests_per_minute: float | None = None
    missing: tuple[Problem, ...] = ()


Patterns: TypeAlias = Mapping[str, tuple[str, ...]]
"""Glob patterns of names, by the name of a kind."""

_Part = TypeVar("_Part", TlsSettings, Timeouts, NotifySettings)


class FileSettings(Struct, frozen=True):
    """One source of settings: `stashsync.yaml` or a profile of it. None is not set.

    `api_key` is a reference (`env:NAME` or `file:PATH`), or a key that is kept elsewhere. `lists`
    has "merge" or "exact" by kind and field (`tags.aliases`). `prune`, `protect` and `ignore` go
    by the name of a kind, the latter two with glob patterns of names. `thresholds` are shares
    (0–1) by "update" and "delete". `missing` has problems by the names of settings that name a
    variable which is not set.
    """

    url: str | None = None
    api_key: str | Key | None = None
    manifests: str | None = None
    lenient: bool | None = None
    mark: bool | None = None
    memory: Path | None = None
    lists: Mapping[str, str] = field(default_factory=dict)
    prune: Mapping[str, bool] = field(default_factory=dict)
    protect: Patterns = field(default_factory=dict)
    ignore: Patterns = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    tls: TlsSettings = TlsSettings()
    timeouts: Timeouts = Timeouts()
    notify: NotifySettings = NotifySettings()
    stash_boxes: Mapping[str, BoxSettings] = field(default_factory=dict)
    profiles: Mapping[str, FileSettings] = field(default_factory=dict)
    missing: Mapping[str, Problem] = field(default_factory=dict)


class Flags(Struct, frozen=True):
    """Settings from the command line. None is not set.

    `api_key` is a reference, or the key itself where `api_key_variable` names the variable of the
    environment that it stood in; `without_key`, none is looked for.
    """

    url: str | None = None
    without_key: bool = False
    api_key: str | None = None
    api_key_variable: str | None = None
    lenient: bool | None = None
    prune: frozenset[str] = frozenset()
    tls: TlsSettings = TlsSettings()
    timeouts: Timeouts = Timeouts()
    profile: str | None = None


class Settings(Struct, frozen=True):
    """The settings in force. `root` is the project's folder, `manifests` a folder below it.

    `memory` is the folder of the local state: what was agreed on last, and what runs did.

    `url_from_project` is true where the address stands in the project's own file and nowhere else.
    """

    root: Path
    url: str
    api_key: Key | None
    manifests: str
    lenient: bool
    lists: Mapping[str, str]
    tls: TlsSettings
    timeouts: Timeouts
    prune: frozenset[str] = frozenset()
    protect: Patterns = field(default_factory=dict)
    ignore: Patterns = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    mark: bool = True
    memory: Path = Path(MEMORY)
    stash_boxes: Mapping[str, BoxSettings] = field(default_factory=dict)
    url_from_project: bool = False
    no_url: Problem | None = None
    notify: NotifySettings = NotifySettings()


def settle(
    root: Path,
    file: FileSettings,
    flags: Flags,
    environ: Mapping[str, str],
    dotenv: Mapping[str, str] = MappingProxyType({}),
) -> Settings:
    """Merge flags, environment, the variables of `.env` and file into the settings in force.

    Raises:
        StashConfigurationError: there is no such profile, the key cannot be found, or the profile
            that was asked for and the environment name different servers.
        ManifestError: a setting names a variable that is not set.
    """
    merged = with_profile(file, flags.profile)
    beside = _first(dotenv, URL_VARIABLES)
    chosen = flags.url or _first(environ, URL_VARIABLES)
    profile = file.profiles[flags.profile] if flags.profile else FileSettings()
    profiled = profile.url
    if profiled and chosen and not flags.url and chosen.rstrip("/") != profiled.rstrip("/"):
        raise StashConfigurationError(
            f"the profile {flags.profile} names the server {profiled}, the environment {chosen}",
            hint="Unset the variable, or say which one is meant: --server URL.",
        )
    missing = {name: each for name, each in merged.missing.items() if name != "api_key"}
    no_url = missing.pop("url", None)
    if missing:
        raise ManifestError(missing.values(), where=f" in {SETTINGS_FILE}")
    return Settings(
        root=root,
        url=chosen or profiled or beside or merged.url or DEFAULT_URL,
        api_key=None
        if flags.without_key
        else find_key(
            merged.api_key,
            Sources(root, SETTINGS_FILE, environ, dotenv),
            flag=flags.api_key,
            flag_variable=flags.api_key_variable,
            beats_dotenv=bool(profile.api_key),  # the profile that was asked for
        ),
        manifests=merged.manifests or "manifests",
        lenient=_or(flags.lenient, merged.lenient, otherwise=False),
        lists={name: mode for name, mode in merged.lists.items() if mode == MERGE},
        tls=_over(flags.tls, _below(root, merged.tls)),
        timeouts=_over(flags.timeouts, merged.timeouts),
        prune=frozenset(kind for kind, wanted in merged.prune.items() if wanted) | flags.prune,
        protect=merged.protect,
        ignore=merged.ignore,
        thresholds={**THRESHOLDS, **merged.thresholds},
        mark=_or(merged.mark, otherwise=True),
        memory=root / (merged.memory or Path(MEMORY)).expanduser(),
        stash_boxes=merged.stash_boxes,
        url_from_project=not chosen and bool(beside or merged.url),
        no_url=None if chosen or beside else no_url,
        notify=merged.notify,
    )


def with_profile(file: FileSettings, name: str | None) -> FileSettings:
    """Lay the profile `name` over `file`.

    Raises:
        StashConfigurationError: it has no such profile.
    """
    if name is None:
        return file
    if name not in file.profiles:
        known = ", ".join(sorted(file.profiles))
        raise StashConfigurationError(
            f'there is no profile "{name}" in {SETTINGS_FILE}',
            hint=f"It has these: {known}." if known else "It has none.",
        )
    profile = file.profiles[name]
    return FileSettings(
        url=profile.url or file.url,
        api_key=profile.api_key or file.api_key,
        manifests=profile.manifests or file.manifests,
        lenient=file.lenient if profile.lenient is None else profile.lenient,
        mark=file.mark if profile.mark is None else profile.mark,
        memory=profile.memory or file.memory,
        lists={**file.lists, **profile.lists},
        prune={**file.prune, **profile.prune},
        protect=_joined(file.protect, profile.protect),
        ignore={**file.ignore, **profile.ignore},
        thresholds={**file.thresholds, **profile.thresholds},
        tls=_over(profile.tls, file.tls),
        timeouts=_over(profile.timeouts, file.timeouts),
        notify=_over(profile.notify, file.notify),
        stash_boxes={**file.stash_boxes, **profile.stash_boxes},
        missing={
            **{
                name: each
                for name, each in file.missing.items()
                if not getattr(profile, name, None)
            },
            **profile.missing,
        },
    )


def _joined(lower: Patterns, upper: Patterns) -> Patterns:
    """Both: a profile protects more, and never less."""
    return {
        kind: tuple(dict.fromkeys((*lower.get(kind, ()), *upper.get(kind, ()))))
        for kind in {**lower, **upper}
    }


def _first(environ: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((environ[name] for name in names if environ.get(name)), None)


def _or(*values: bool | None, otherwise: bool) -> bool:
    return next((value for value in values if value is not None), otherwise)


def _below(root: Path, tls: TlsSettings) -> TlsSettings:
    """Resolve paths of the settings file against the project's folder."""
    files = {
        name: root / path.expanduser()
        for name in ("ca_bundle", "client_cert", "client_key")
        if (path := getattr(tls, name)) is not None
    }
    return replace(tls, **files)


def _over(upper: _Part, lower: _Part) -> _Part:
    values = {item.name: getattr(upper, item.name) for item in fields(upper)}
    return replace(lower, **{name: value for name, value in values.items() if value is not None})
