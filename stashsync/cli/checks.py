"""The checks of `doctor`: one function a question, each with its findings.

Level.GOOD   as it should be            Level.NOTE     worth knowing
Level.WARN   will get in the way        Level.BAD      nothing works before it is fixed
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from stashsync.applier.estimate import read_hooks
from stashsync.engine.observe import observe
from stashsync.fields.names import has_wildcards
from stashsync.kinds import KINDS, Capabilities, release_text
from stashsync.kinds.capabilities import OLDEST
from stashsync.planner.loops import ways_round
from stashsync.render.hierarchy import kinds_with_hierarchy
from stashsync.render.safe import inert, quoted

if TYPE_CHECKING:
    from stashsync.client.core import Core
    from stashsync.keys import Key

_FEW: Final = 5
"""How many names a finding has."""
_SLOW: Final = 0.5
"""Seconds from which reading a hundred rows is slow: a plan reads a thousand at a time."""
_HUNDRED: Final = 100
_COUNTS: Final = " ".join(
    f"{kind.name}: {kind.find_many} {{ id }}"
    if kind.saved_whole
    else f"{kind.name}: {kind.find_many}(filter: {{per_page: 0}}) {{ count }}"
    for kind in KINDS.values()
)

Names = Mapping[str, Sequence[str]]
"""The names in the manifests, by kind."""


class Level(StrEnum):
    """How much a finding matters."""

    GOOD = "good"
    NOTE = "note"
    WARN = "warning"
    BAD = "bad"


class Finding(NamedTuple):
    """What a check found, in a sentence, and what to do about it."""

    level: Level
    about: str
    text: str
    hint: str = ""


async def check_server(client: Core, key: Key | None, names: Names) -> list[Finding]:
    """Run every check; `names` are those of the manifests.

    Raises:
        StashError: the server cannot be reached.
    """
    server = await client.capabilities()
    return [
        Finding(Level.GOOD, "connection", f"the server answers; library {server.identity}"),
        check_key(key),
        check_release(server),
        *check_kinds(server),
        *check_texts(server),
        *check_wildcards(server, names),
        *await check_loops(client),
        *await check_plugins(client),
        await check_speed(client),
    ]


def check_key(key: Key | None) -> Finding:
    """Report which key was sent. The server refuses a wrong one even if it wants none."""
    if key is not None:
        return Finding(Level.GOOD, "API key", f"the one of {inert(key.source)} is accepted")
    return Finding(
        Level.NOTE,
        "API key",
        "none was sent, and the server wants none: whoever reaches it can change everything",
        "Set a user name and a password in Stash, then make a key.",
    )


def check_release(server: Capabilities) -> Finding:
    """Report the server's release, and whether it is supported."""
    if server.release is None:
        text = "unknown"
        if server.release_name:
            text = f"{quoted(server.release_name)} is no release"
        return Finding(Level.NOTE, "release", f"{text}: what it can do is known by introspection")
    name = release_text(server.release)
    if server.release < OLDEST:
        oldest = f"older than {release_text(OLDEST)}, the oldest that is supported"
        return Finding(Level.WARN, "release", f"{name} is {oldest}", "Update Stash.")
    return Finding(Level.GOOD, "release", f"{name}, database schema {server.app_schema}")


def check_kinds(server: Capabilities) -> Iterator[Finding]:
    """Report the fields of each kind that the server can take and show, and those it lacks."""
    for kind in KINDS.values():
        missing = [
            spec
            for spec in kind.fields.values()
            if not (spec.replaced_by or kind.supports(spec, server))
        ]
        if not server.has_mutation(kind.create_mutation):
            yield Finding(Level.WARN, kind.plural, "the server has none", "Update Stash.")
        elif not missing:
            yield Finding(Level.GOOD, kind.plural, f"all {len(kind.fields)} fields are supported")
        else:
            lacks = ", ".join(f"{spec.name} (since {release_text(spec.since)})" for spec in missing)
            known = len(kind.fields) - len(missing)
            yield Finding(
                Level.NOTE,
                kind.plural,
                f"{known} of {len(kind.fields)} fields are supported; it lacks {lacks}",
                "Leave these out of the manifests, update Stash, or use --lenient.",
            )


def check_texts(server: Capabilities) -> Iterator[Finding]:
    """Report what the server does to texts and dates that it is sent."""
    yield (
        Finding(Level.GOOD, "white space", "names and texts are trimmed, as manifests are")
        if server.trims
        else Finding(
            Level.NOTE,
            "white space",
            "names and texts are kept untrimmed (before v0.30.0); stashsync trims what it sends",
        )
    )
    yield (
        Finding(Level.GOOD, "dates", "1990 and 1990-05 are dates")
        if server.partial_dates
        else Finding(Level.NOTE, "dates", "only whole dates are taken (partial since v0.30.0)")
    )


def check_wildcards(server: Capabilities, names: Names) -> Iterator[Finding]:
    """Report names whose `_` or `%` the server's duplicate check reads as a pattern.

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
            "A plan reports beforehand which of them clash.",
        )


async def check_loops(client: Core) -> list[Finding]:
    """Report objects that are above themselves: the server cannot edit what is below them.

    Source: docs/stash-behaviour.md#hierarchy
    """
    fields = {kind.name: frozenset({name}) for kind, name in kinds_with_hierarchy()}
    observed = await observe(fields, client)
    return [
        Finding(
            Level.WARN,
            "hierarchy",
            f"a loop of {KINDS[name].plural}: {way}",
            "Whatever is below it cannot be moved. A manifest takes it apart that gives one of "
            "them its place.",
        )
        for name in fields
        for way in ways_round(KINDS[name], observed.of(name))
    ] or [Finding(Level.GOOD, "hierarchy", "nothing is above itself")]


async def check_plugins(client: Core) -> list[Finding]:
    """Report the hooks that run when objects are created, changed or deleted.

    Source: docs/stash-behaviour.md#hooks
    """
    hooks = await read_hooks(client)
    if hooks is None:
        return [Finding(Level.NOTE, "hooks", "which plugins listen could not be read")]
    found = []
    for kind in KINDS.values():
        listening = "; ".join(
            f"{inert(event)}: {', '.join(quoted(plugin) for plugin in sorted(set(plugins)))}"
            for event, plugins in sorted(hooks.items())
            if event.startswith(f"{kind.type_name}.")
        )
        if listening:
            found.append(
                Finding(
                    Level.WARN,
                    "hooks",
                    f"every change of {kind.plural} calls plugins: {listening}",
                    "They may take over 0.1 s each, and may change the library themselves.",
                )
            )
    return found or [Finding(Level.GOOD, "hooks", "no plugin listens to what stashsync does")]


async def check_speed(client: Core) -> Finding:
    """Count the objects, and time the reading of a hundred of the largest kind."""
    answer = await client.execute(f"query Counts {{ {_COUNTS} }}")
    counts = {
        name: len(answer[name]) if kind.saved_whole else answer[name]["count"]
        for name, kind in KINDS.items()
    }
    paged = [name for name, kind in KINDS.items() if not kind.saved_whole]
    largest = KINDS[max(paged, key=lambda name: counts[name])]
    start = time.perf_counter()
    await client.find_page(largest, largest.key_fields[:1], per_page=_HUNDRED)
    seconds = time.perf_counter() - start
    sizes = ", ".join(f"{count:,} {KINDS[name].plural}" for name, count in counts.items())
    text = f"{sizes}; a page of {_HUNDRED} {largest.plural} takes {seconds * 1000:.0f} ms"
    if seconds >= _SLOW:
        return Finding(Level.WARN, "speed", text, "Raise --timeout if plans end in time-outs.")
    return Finding(Level.GOOD, "speed", text)
