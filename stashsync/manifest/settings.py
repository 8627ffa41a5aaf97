"""`stashsync.yaml`: the project's settings, with every problem at its place.

server: {url: …, api_key: env:NAME, tls: {…}, timeouts: {…}}
manifests: folder
lists: {tags.aliases: merge}
prune: {tags: true}
protect: {tags: [Travel, "fav:*"]}
ignore: {tags: ["tmp:*"]}
thresholds: {update: 30%, delete: 0.3}
lenient: true
memory: /var/lib/stashsync
notify: {urls: [!secret phone], events: [drift, failure], link: …, attach: html}
stash_boxes: {name: {endpoint: …, api_key: env:NAME, requests_per_minute: 60}}
profiles: {name: {the same, but for profiles}}
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from stashsync.config import (
    EXACT,
    MERGE,
    SETTINGS_FILE,
    THRESHOLDS,
    BoxSettings,
    FileSettings,
    NotifySettings,
    Timeouts,
    TlsSettings,
)
from stashsync.errors import ManifestError, Mark, Problem
from stashsync.fields import Flag, Number, Raw, RawList, RawMap, Wrong
from stashsync.fields.raw import StandIn, describe, is_null, pack
from stashsync.keys import Key, is_reference
from stashsync.kinds import KINDS
from stashsync.manifest.events import BOM
from stashsync.manifest.places import place_of
from stashsync.manifest.reader import read_values
from stashsync.manifest.setting_values import (
    parse_attached,
    parse_events,
    parse_patterns,
    parse_share,
    parse_text,
)
from stashsync.manifest.source import FileRefused, Source
from stashsync.manifest.variables import Variables
from stashsync.state import State

KNOWN: Final = (
    "server",
    "manifests",
    "lists",
    "prune",
    "protect",
    "ignore",
    "thresholds",
    "lenient",
    "mark",
    "memory",
    "notify",
    "stash_boxes",
)
HERE: Final = f" in {SETTINGS_FILE}"
_KINDS: Final = {kind.plural: kind.name for kind in KINDS.values()}
_SIZE_LIMIT: Final = 2**20
_KEY_IN_FILE: Final = "the API key itself must not stand in this file, which is made to be shared"
_KEY_HINT: Final = "write where it is: `env:STASH_API_KEY` or `file:/run/secrets/stash_key`"
_ADDRESS_IN_FILE: Final = (
    "the address of a notification must not stand in this file, which is made to be shared"
)
_ADDRESS_HINT: Final = (
    "write `!secret NAME` and put it into secrets.yaml, or `!env NAME` for a variable"
)
_ADDRESS: Final = re.compile(r"(?<!url: )[\w+-]+://|://[^/\s]*@")
"""An address in a line that is not the server's, or one that has a password in it."""
_REFERENCE: Final = re.compile(r"""api_?key["']?\s*:\s*["']?(?:env|file):""")


def read_settings(root: Path, variables: Variables | None = None) -> FileSettings:
    """Read the settings file of the project at `root`; without one, nothing is set.

    `variables` are what `!env` and `!secret` stand for, if not those of the project.

    Raises:
        ManifestError: with every problem of the file.
        StashConfigurationError: `.env` or `secrets.yaml` cannot be read.
    """
    try:
        with (root / SETTINGS_FILE).open("rb") as stream:
            data = stream.read(_SIZE_LIMIT + 1)
    except FileNotFoundError:
        return FileSettings()
    except OSError as error:
        problem = Problem(f"this file cannot be read: {error.strerror}", Mark(SETTINGS_FILE))
        raise ManifestError([problem], where=HERE) from error
    return parse_settings(data, variables or Variables(root))


def parse_settings(data: bytes, variables: Variables | None = None) -> FileSettings:
    """Read the bytes of a settings file.

    Raises:
        ManifestError: with every problem of the file.
    """
    source = Source(SETTINGS_FILE, data.removeprefix(BOM), variables=variables)
    if len(data) > _SIZE_LIMIT:
        problem = source.problem(f"more than {_SIZE_LIMIT:,} bytes are no settings", 0)
        raise ManifestError([_without_key(problem)], where=HERE)
    reading = _Reading(source)
    settings = FileSettings()
    try:
        documents = read_values(source, reading.problems.append)
        if len(documents) > 1:
            reading.problems.append(
                Problem("there is more than one document in this file", Mark(SETTINGS_FILE))
            )
        elif documents and not is_null(documents[0]):
            settings = reading.settings(documents[0], pack(0, 0))
    except FileRefused as refused:
        reading.problems.append(source.problem(refused.message, refused.place, refused.hint))
    if reading.problems:
        found = [_without_key(problem) for problem in reading.problems]
        raise ManifestError(sorted(found, key=lambda problem: problem.mark or Mark("")), where=HERE)
    return settings


def merge_lists(state: State, lists: Mapping[str, str]) -> None:
    """Let the lists that are to merge own only the members that they name.

    In place; a list written whole becomes what `{add: [...]}` means. `lists` is
    `Settings.lists`.
    """
    for path in lists:
        plural, _, name = path.partition(".")
        kind = next(kind for kind in KINDS.values() if kind.plural == plural)
        for resource in state.of(kind.name):
            value = resource.values.get(name)
            if isinstance(value, list):
                # A new dict: the values may be shared with others like it.
                resource.values = {**resource.values, name: {"add": value, "remove": []}}


class _Reading:
    """One file being read: its source, and what is wrong with it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._missing: dict[str, Problem] = {}
        self.problems: list[Problem] = []

    def settings(self, raw: Raw, place: int, *, profile: bool = False) -> FileSettings:
        """Read the settings of the file, or of one of its profiles."""
        known = KNOWN if profile else (*KNOWN, "profiles")
        top = self._mapping(raw, place, known, "settings")
        server = self._part(top, "server", ("url", "api_key", "tls", "timeouts"))
        tls = self._part(server, "tls", ("verify", "ca_bundle", "client_cert", "client_key"))
        limits = self._part(server, "timeouts", ("connect", "read", "mutation"))
        profiles = {} if profile else self._profiles(top)
        self._missing = {}
        return FileSettings(
            url=self._url(server, "url"),
            api_key=self._key(server),
            manifests=self._folder(top),
            lenient=self._flag(top, "lenient"),
            mark=self._flag(top, "mark"),
            memory=self._path(top, "memory"),
            lists=self._lists(top),
            prune=self._prune(top),
            protect=self._patterns(top, "protect"),
            ignore=self._patterns(top, "ignore"),
            thresholds=self._thresholds(top),
            tls=TlsSettings(
                verify=self._flag(tls, "verify"),
                ca_bundle=self._path(tls, "ca_bundle"),
                client_cert=self._path(tls, "client_cert"),
                client_key=self._path(tls, "client_key"),
            ),
            timeouts=Timeouts(
                connect=self._seconds(limits, "connect"),
                read=self._seconds(limits, "read"),
                mutation=self._seconds(limits, "mutation"),
            ),
            notify=self._notify(top),
            stash_boxes=self._boxes(top),
            profiles=profiles,
            missing=self._missing,
        )

    # -- parts ----------------------------------------------------------------------------------

    def _profiles(self, top: RawMap) -> dict[str, FileSettings]:
        raw = self._part(top, "profiles", None)
        return {
            name: self.settings(profile, raw.value_marks[name], profile=True)
            for name, profile in raw.items()
        }

    def _key(self, server: RawMap) -> str | Key | None:
        text = self._text(server, "api_key")
        raw = server.get("api_key")
        if text is not None and isinstance(raw, StandIn):
            return Key(text, f"{SETTINGS_FILE}: {raw.source}")
        if text is None or (is_reference(text) and text.partition(":")[2]):
            return text
        self._wrong(_KEY_IN_FILE, server.value_marks["api_key"], _KEY_HINT)
        return None

    def _url(self, server: RawMap, name: str) -> str | None:
        text = self._text(server, name)
        if text is not None and "apikey=" in text.lower():
            self._wrong(_KEY_IN_FILE, server.value_marks[name], _KEY_HINT)
        return text

    def _boxes(self, top: RawMap) -> dict[str, BoxSettings]:
        raw = self._part(top, "stash_boxes", None)
        return {name: self._box(raw, name) for name in raw}

    def _box(self, boxes: RawMap, name: str) -> BoxSettings:
        """Read one stash-box; a variable that is not set is a problem only where it is used."""
        known = ("endpoint", "api_key", "requests_per_minute")
        raw = self._mapping(boxes[name], boxes.value_marks[name], known, f"`{name}`")
        of_others, self._missing = self._missing, {}
        endpoint, key = self._url(raw, "endpoint"), self._key(raw)
        rate = self._more_than_0(raw, "requests_per_minute", "a number of requests")
        missing = [each for what, each in self._missing.items() if what != "api_key"]
        self._missing = of_others
        if "endpoint" not in raw or is_null(raw["endpoint"]):
            self._wrong(
                f"the stash-box {name!r} has no endpoint",
                boxes.marks[name],
                "write `endpoint: https://stash-box.example/graphql`",
            )
        return BoxSettings(endpoint, key, rate, tuple(missing))

    def _folder(self, top: RawMap) -> str | None:
        text = self._text(top, "manifests")
        if text is not None and (Path(text).is_absolute() or ".." in Path(text).parts):
            self._wrong(
                "the manifests must be in a folder below this file",
                top.value_marks["manifests"],
                "write a path below it, such as `manifests`",
            )
        return text

    def _lists(self, top: RawMap) -> dict[str, str]:
        raw = self._part(top, "lists", list_names())
        found = {}
        for path in raw:
            mode = self._text(raw, path)
            if mode not in (MERGE, EXACT):
                self._wrong(
                    f"{mode!r} is no way to treat a list", raw.value_marks[path], "exact or merge"
                )
            elif path in list_names():
                found[path] = mode
        return found

    def _prune(self, top: RawMap) -> dict[str, bool]:
        raw = self._part(top, "prune", list(_KINDS))
        flags = {_KINDS[name]: self._flag(raw, name) for name in raw if name in _KINDS}
        return {kind: flag for kind, flag in flags.items() if flag is not None}

    def _patterns(self, top: RawMap, setting: str) -> dict[str, tuple[str, ...]]:
        raw = self._part(top, setting, list(_KINDS))
        found = {}
        for name in raw:
            patterns = self._value(raw, name, parse_patterns)
            if patterns is not None and name in _KINDS:
                found[_KINDS[name]] = patterns
        return found

    def _thresholds(self, top: RawMap) -> dict[str, float]:
        raw = self._part(top, "thresholds", list(THRESHOLDS))
        shares = {name: self._value(raw, name, parse_share) for name in raw}
        return {name: share for name, share in shares.items() if share is not None}

    def _notify(self, top: RawMap) -> NotifySettings:
        raw = self._part(top, "notify", ("urls", "events", "link", "attach"))
        link = raw.get("link")
        known = not (isinstance(link, StandIn) and link.missing)  # it is for where it is known
        return NotifySettings(
            urls=self._addresses(raw),
            events=self._value(raw, "events", parse_events),
            link=self._text(raw, "link") if known else None,
            attach=self._value(raw, "attach", parse_attached),
        )

    def _addresses(self, raw: RawMap) -> tuple[Key, ...] | None:
        """Read the addresses, which are secrets: none may stand in the file itself."""
        if "urls" not in raw or is_null(raw["urls"]):
            return None
        listed = raw["urls"]
        given, places = [listed], [raw.value_marks["urls"]]
        if isinstance(listed, RawList):
            given, places = listed, listed.marks
        found = []
        for each, place in zip(given, places, strict=True):
            if isinstance(each, StandIn) and not each.is_default:
                found.append(Key(str(each).strip(), each.source))
            else:
                self._wrong(_ADDRESS_IN_FILE, place, _ADDRESS_HINT)
        return tuple(found)

    # -- values ---------------------------------------------------------------------------------

    def _part(self, raw: RawMap, name: str, known: Iterable[str] | None) -> RawMap:
        """Return the mapping under a key; an empty one where there is none."""
        if name not in raw or is_null(raw[name]):
            return _empty()
        return self._mapping(raw[name], raw.value_marks[name], known, f"`{name}`")

    def _mapping(
        self,
        raw: Raw,
        place: int,
        known: Iterable[str] | None,
        what: str,
    ) -> RawMap:
        if not isinstance(raw, RawMap):
            self._wrong(f"{what}: a mapping is wanted here, not {describe(raw)}", place)
            return _empty()
        for key in raw if known is not None else ():
            if known is not None and key not in known:
                from difflib import get_close_matches  # only a wrong name needs it

                near = get_close_matches(key, list(known), n=1)
                listed = ", ".join(known)
                hint = f"did you mean `{near[0]}`?" if near else f"there are: {listed}"
                self._wrong(f"unknown key {key!r} in {what}", raw.marks[key], hint)
        return raw

    def _value(self, raw: RawMap, name: str, parse: Callable[[Raw], Any]) -> Any:
        if name not in raw or is_null(raw[name]):
            return None
        if isinstance(raw[name], StandIn) and raw[name].missing:
            message = f"{raw[name].source} is not set"
            hint = "set it, or write a default: `!env NAME default`"
            self._missing[name] = self._source.problem(message, raw.value_marks[name], hint)
            return None
        try:
            return parse(raw[name])
        except Wrong as wrong:
            for fault in wrong.every:
                place = place_of(raw[name], raw.value_marks[name], fault.path)
                self._wrong(fault.message, place, fault.hint)
            return None

    def _text(self, raw: RawMap, name: str) -> str | None:
        found: str | None = self._value(raw, name, parse_text)
        return found

    def _path(self, raw: RawMap, name: str) -> Path | None:
        text = self._text(raw, name)
        return Path(text) if text else None

    def _flag(self, raw: RawMap, name: str) -> bool | None:
        found: bool | None = self._value(raw, name, Flag().parse)
        return found

    def _seconds(self, raw: RawMap, name: str) -> float | None:
        return self._more_than_0(raw, name, "a time limit", " seconds")

    def _more_than_0(self, raw: RawMap, name: str, what: str, unit: str = "") -> float | None:
        found: float | None = self._value(raw, name, Number().parse)
        if found is not None and found <= 0:
            self._wrong(f"{what} is more than 0{unit}", raw.value_marks[name])
            return None
        return found

    def _wrong(self, message: str, place: int, hint: str = "") -> None:
        self.problems.append(self._source.problem(message, place, hint))


def _without_key(problem: Problem) -> Problem:
    """Return the problem without its line, where that may hold a key or another secret."""
    line = (problem.excerpt or "").lower()
    if _ADDRESS.search(line) or (
        ("api_key" in line or "apikey" in line) and not _REFERENCE.search(line)
    ):
        return replace(problem, excerpt=None)
    return problem


def list_names() -> list[str]:
    """Return the lists of all kinds, as `tags.aliases`."""
    return [
        f"{kind.plural}.{name}"
        for kind in KINDS.values()
        for name, spec in kind.fields.items()
        if spec.meaning.shape in ("set", "list")
    ]


def _empty() -> RawMap:
    empty = RawMap()
    empty.marks, empty.value_marks = {}, {}
    return empty
