"""What `doctor` looks at: one function a question, each giving findings.

Level.GOOD   as it should be            Level.NOTE     worth knowing
Level.WARN   will get in the way        Level.BAD      nothing works before that is mended
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from stashsync.applier.estimate import PLUGINS, hooks_of
from stashsync.errors import StashError, StashGraphQLError
from stashsync.fields.names import has_wildcards
from stashsync.kinds import KINDS, Capabilities, release_text
from stashsync.kinds.capabilities import OLDEST
from stashsync.render.safe import inert, quoted

if TYPE_CHECKING:
    from stashsync.client import StashClient
    from stashsync.config import Key
    from stashsync.kinds import Kind

_FEW: Final = 5
"""How many names a finding has."""
_SLOW: Final = 0.5
"""Seconds from which a read of a hundred rows is slow: a library is read a thousand at a time."""
_HUNDRED: Final = 100


class Level(StrEnum):
    """How much a finding matters."""

    GOOD = "good"
    NOTE = "note"
    WARN = "warning"
    BAD = "bad"


class Finding(NamedTuple):
    """One answer: `about` what, in a sentence, and what to do about it."""

    level: Level
    about: str
    text: str
    hint: str = ""


async def look_over(client: StashClient, key: Key | None, names: Names) -> list[Finding]:
    """Every finding, in the order in which one would ask. `names` are those of the manifests.

    Raises:
        StashError: the server cannot be asked at all.
    """
    server = await client.capabilities()
    found = [
        Finding(Level.GOOD, "connection", f"the server answers; library {server.identity}"),
        check_key(key),
        check_release(server),
        *check_kinds(server),
        *check_texts(server),
        *check_wildcards(server, names),
    ]
    found += await check_plugins(client)
    found.append(await check_speed(client))
    return found


Names = Mapping[str, Sequence[str]]
"""The names in the manifests, by kind."""


def check_key(key: Key | None) -> Finding:
    """Which key was sent. A wrong one fails even on an open server, so this one is right."""
    if key is None:
        return Finding(
            Level.NOTE,
            "API key",
            "none was sent, and the server wants none: whoever reaches it can change everything",
            "Set a user name and a password in Stash, then make a key.",
        )
    return Finding(Level.GOOD, "API key", f"the one of {inert(key.source)} is accepted")


def check_release(server: Capabilities) -> Finding:
    """What runs there, and whether that is supported."""
    if server.release is None:
        text = f"{quoted(server.release_name)} is no release" if server.release_name else "not told"
        return Finding(Level.NOTE, "release", f"{text}: what it can do is known by introspection")
    name = release_text(server.release)
    if server.release < OLDEST:
        return Finding(
            Level.WARN,
            "release",
            f"{name} is older than {release_text(OLDEST)}, the oldest that is supported",
            "Update Stash.",
        )
    return Finding(Level.GOOD, "release", f"{name}, database schema {server.app_schema}")


def check_kinds(server: Capabilities) -> Iterator[Finding]:
    """By kind: which fields of manifests the server can take and show, and which it lacks."""
    for kind in KINDS.values():
        missing = [spec for spec in kind.fields.values() if not kind.supports(spec, server)]
        if not server.has_mutation(kind.create_mutation):
            yield Finding(Level.WARN, kind.plural, "the server has none", "Update Stash.")
        elif not missing:
            yield Finding(Level.GOOD, kind.plural, f"all {len(kind.fields)} fields are supported")
        else:
            told = ", ".join(f"{one.name} (since {release_text(one.since)})" for one in missing)
            known = len(kind.fields) - len(missing)
            yield Finding(
                Level.NOTE,
                kind.plural,
                f"{known} of {len(kind.fields)} fields are supported; it lacks {told}",
                "Leave these out of the manifests, update Stash, or use --lenient.",
            )


def check_texts(server: Capabilities) -> Iterator[Finding]:
    """What the server does to texts and dates on their way in."""
    if server.trims:
        yield Finding(Level.GOOD, "white space", "names and texts are trimmed, as manifests are")
    else:
        yield Finding(
            Level.NOTE,
            "white space",
            "names and texts are kept untrimmed (before v0.30.0); stashsync trims what it sends",
        )
    if server.partial_dates:
        yield Finding(Level.GOOD, "dates", "1990 and 1990-05 are dates")
    else:
        yield Finding(Level.NOTE, "dates", "only whole dates are taken (partial since v0.30.0)")


def check_wildcards(server: Capabilities, names: Names) -> Iterator[Finding]:
    """Names whose `_` or `%` the server's duplicate check reads as a pattern.

    Source: docs/stash-behaviour.md#wildcards
    """
    for kind in KINDS.values():
        trapped = [name for name in names.get(kind.name, ()) if has_wildcards(name)]
        if not trapped or not server.wildcard_names(kind.name):
            continue
        few = ", ".join(quoted(name) for name in trapped[:_FEW])
        more = f" and {len(trapped) - _FEW:,} more" if len(trapped) > _FEW else ""
        yield Finding(
            Level.NOTE,
            "wildcards",
            f"{kind.plural} with _ or % in their names may be refused for being like others: "
            f"{few}{more}",
            "A plan says beforehand which of them clash.",
        )


async def check_plugins(client: StashClient) -> list[Finding]:
    """The hooks that fire when objects are made, changed or deleted.

    Source: docs/stash-behaviour.md#hooks
    """
    try:
        hooks = hooks_of((await client.execute(PLUGINS))["plugins"] or ())
    except StashGraphQLError:
        return [Finding(Level.NOTE, "hooks", "which plugins listen could not be read")]
    found = []
    for kind in KINDS.values():
        mine = {event: some for event, some in hooks.items() if _concerns(event, kind)}
        if mine:
            told = "; ".join(
                f"{inert(event)}: {', '.join(quoted(one) for one in sorted(set(some)))}"
                for event, some in sorted(mine.items())
            )
            found.append(
                Finding(
                    Level.WARN,
                    "hooks",
                    f"every change of {kind.plural} calls plugins: {told}",
                    "They may take over 0.1 s each, and may change the library themselves.",
                )
            )
    return found or [Finding(Level.GOOD, "hooks", "no plugin listens to what stashsync does")]


def _concerns(event: str, kind: Kind) -> bool:
    return event.startswith(f"{kind.type_name}.")


async def check_speed(client: StashClient) -> Finding:
    """How long it takes to read a hundred objects of the largest kind, and how many there are."""
    counts = {name: await client.count(kind) for name, kind in KINDS.items()}
    largest = max(counts, key=lambda name: counts[name])
    start = time.perf_counter()
    await client.find_page(KINDS[largest], ["name"], per_page=_HUNDRED)
    seconds = time.perf_counter() - start
    sizes = ", ".join(f"{count:,} {KINDS[name].plural}" for name, count in counts.items())
    text = f"{sizes}; a page of {_HUNDRED} {KINDS[largest].plural} takes {seconds * 1000:.0f} ms"
    if seconds >= _SLOW:
        return Finding(Level.WARN, "speed", text, "Raise --timeout if plans end in time-outs.")
    return Finding(Level.GOOD, "speed", text)


def failed(error: StashError) -> Finding:
    """What keeps the server from being looked at."""
    return Finding(Level.BAD, "connection", error.message, error.hint)


def as_json(findings: Sequence[Finding]) -> dict[str, Any]:
    """The findings as data."""
    return {
        "format": "stashsync-doctor",
        "version": 1,
        "findings": [
            {
                "level": one.level.value,
                "about": one.about,
                "text": one.text,
                "hint": one.hint or None,
            }
            for one in findings
        ],
    }
