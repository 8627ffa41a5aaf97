"""Settings: what `stashsync.yaml`, the environment and flags say, and which of them counts.

    Flags ───────────────────────────────────────┐
    environment ─────────────────────────────────┼─ settle ─> Settings
    stashsync.yaml: FileSettings and its profiles┘

A flag beats the environment, that beats `.env`, and that the file, setting by setting. Nothing is
read over the network, and no file but the one that holds the API key. The key never leaves its
`Key`: it has no `repr`, and messages name where it came from instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias, TypeVar

from stashsync.errors import ManifestError, Problem, StashConfigurationError

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
KEY_VARIABLES: Final = ("STASH_API_KEY", "STASH_APIKEY", "STASHAPP_API_KEY")
KEY_FILE_VARIABLE: Final = "STASH_API_KEY_FILE"
BOX_KEY_VARIABLE: Final = "STASH_BOX_API_KEY"
KEY_ON_COMMAND_LINE: Final = (
    "the API key itself must not stand on the command line, where others can read it"
)
_KEY_FILE_LIMIT: Final = 65536
"""No key is as long as that, in bytes; the file is another one."""


@dataclass(frozen=True, slots=True)
class Key:
    """A secret and, in words, where it came from: `environment STASH_API_KEY`."""

    value: str = field(repr=False)
    source: str


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """Certificates of both sides, as in `wire.settings.Tls`. None is not set."""

    verify: bool | None = None
    ca_bundle: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Time limits in seconds; None is not set."""

    connect: float | None = None
    read: float | None = None
    mutation: float | None = None


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """Who is notified of what (docs/notifications.md). None is not set.

    An address is a secret. It is empty where the variable that has it is not set.
    """

    urls: tuple[Key, ...] | None = None
    events: frozenset[str] | None = None
    link: str | None = None
    attach: str | None = None


@dataclass(frozen=True, slots=True)
class BoxSettings:
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


@dataclass(frozen=True, slots=True)
class FileSettings:
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


@dataclass(frozen=True, slots=True)
class Flags:
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


@dataclass(frozen=True, slots=True)
class Settings:
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
        else _find_key(root, merged, flags, environ, dotenv, of_profile=bool(profile.api_key)),
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


def is_reference(text: str) -> bool:
    """Whether `text` refers to a key, rather than being one."""
    return text.startswith(("env:", "file:"))


def find_box_key(
    root: Path,
    flag: str | None,
    box: BoxSettings,
    environ: Mapping[str, str],
    dotenv: Mapping[str, str],
) -> Key | None:
    """Find the key of a stash-box: its own, before that of the environment, which is for any.

    `flag` is a reference from the command line.

    Raises:
        StashConfigurationError: the flag is the key itself, or a key cannot be found.
    """
    everywhere = {**dotenv, **environ}
    if flag:
        if not is_reference(flag):
            raise StashConfigurationError(
                KEY_ON_COMMAND_LINE,
                hint=f"Write --key env:NAME or --key file:PATH, or set {BOX_KEY_VARIABLE}.",
            )
        return _resolve(flag, "flag --key", Path(), everywhere)
    if isinstance(box.api_key, Key):
        return box.api_key
    found = None
    if box.api_key:
        found = _resolve(box.api_key, SETTINGS_FILE, root, everywhere, needed=False)
    for variables, where in ((environ, "environment"), (dotenv, ".env")):
        if found is None and variables.get(BOX_KEY_VARIABLE, "").strip():
            found = Key(variables[BOX_KEY_VARIABLE].strip(), f"{where} {BOX_KEY_VARIABLE}")
    return found


def _find_key(
    root: Path,
    merged: FileSettings,
    flags: Flags,
    environ: Mapping[str, str],
    dotenv: Mapping[str, str],
    *,
    of_profile: bool,
) -> Key | None:
    everywhere = {**dotenv, **environ}
    if flags.api_key:
        if is_reference(flags.api_key):
            return _resolve(flags.api_key, "flag --api-key", Path(), everywhere)
        if flags.api_key_variable:
            return Key(flags.api_key, f"environment {flags.api_key_variable}")
        raise StashConfigurationError(
            KEY_ON_COMMAND_LINE,
            hint="Write --api-key env:NAME or --api-key file:PATH, or set STASH_API_KEY.",
        )
    found = _key_in(environ, "environment", Path())
    if found is None and not of_profile:  # the profile that was asked for beats `.env`
        found = _key_in(dotenv, ".env", root)
    if found is not None:
        return found
    if isinstance(merged.api_key, Key):
        return merged.api_key
    if merged.api_key:
        return _resolve(merged.api_key, SETTINGS_FILE, root, everywhere, needed=False)
    return None


def _key_in(variables: Mapping[str, str], where: str, base: Path) -> Key | None:
    """Return the key that the usual variables have; a file is looked for below `base`."""
    for name in KEY_VARIABLES:
        if variables.get(name):
            return Key(variables[name].strip(), f"{where} {name}")
    path = variables.get(KEY_FILE_VARIABLE)
    if not path:
        return None
    return _resolve(f"file:{path}", f"{where} {KEY_FILE_VARIABLE}", base, variables)


def _resolve(
    reference: str, where: str, base: Path, environ: Mapping[str, str], *, needed: bool = True
) -> Key | None:
    """Resolve a reference to a key; an unset variable is no key unless it is `needed`.

    A project's file names where a key would be, and is shared with servers that have none.
    """
    scheme, _, rest = reference.partition(":")
    source = f"{where} {reference}"
    if scheme == "env":
        value = environ.get(rest, "").strip()
        if not value and needed:
            raise StashConfigurationError(
                f"the API key is to come from the variable {rest} ({where}), which is not set",
                hint=f"Set {rest}, or name another one.",
            )
        return Key(value, source) if value else None
    path = base / Path(rest).expanduser()
    try:
        with path.open("rb") as stream:
            content = stream.read(_KEY_FILE_LIMIT + 1)
        value = content.decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise StashConfigurationError(
            f"the file of the API key cannot be read: {path} ({where}): {reason}",
            hint="It is a file with nothing in it but the key.",
        ) from error
    if not value or len(content) > _KEY_FILE_LIMIT:
        raise StashConfigurationError(
            f"the file of the API key has no key in it: {path} ({where})",
            hint="It is a file with nothing in it but the key.",
        )
    return Key(value, source)


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
