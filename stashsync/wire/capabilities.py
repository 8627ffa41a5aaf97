"""What a server is and has: one document of version, status and introspection."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from stashsync.errors import StashServerError, StashSystemNotReadyError
from stashsync.kinds.capabilities import Capabilities, Release
from stashsync.wire.exchange import GraphQLTransport

PLUGIN = "stashsync"
"""The plugin under whose name the server keeps the library's mark. No plugin may have that name.

Source: docs/stash-behaviour.md#identity-mark
"""
_RELEASE = re.compile(r"v?(\d+)\.(\d+)\.(\d+)(?!\d)")
_NOT_READY = {
    "SETUP": ("has not been set up yet", "Open its web page and finish the set-up there."),
    "NEEDS_MIGRATION": (
        "has to migrate its database first",
        "Open its web page and start the migration there (it offers a backup).",
    ),
}


def capabilities_document(inputs: Iterable[str], outputs: Iterable[str]) -> str:
    """Write the document that asks for everything about a server at once.

    `inputs` and `outputs` are the names of the input and output types to look into.
    """
    asked = [f'i{n}: __type(name: "{name}") {{ ...Input }}'
             for n, name in enumerate(sorted(set(inputs)))]  # fmt: skip
    asked += [f'o{n}: __type(name: "{name}") {{ ...Output }}'
              for n, name in enumerate(sorted(set(outputs)))]  # fmt: skip
    return (
        "query Capabilities { version { version } "
        "systemStatus { status appSchema databasePath configPath } "
        f'configuration {{ plugins(include: ["{PLUGIN}"]) }} '
        "__schema { queryType { ...Output } mutationType { ...Output } } " + " ".join(asked) + " } "
        "fragment Input on __Type { name inputFields { name type { name } } } "
        "fragment Output on __Type { name fields(includeDeprecated: true) { name } }"
    )


async def fetch_capabilities(
    transport: GraphQLTransport, *, inputs: Iterable[str], outputs: Iterable[str]
) -> Capabilities:
    """Ask what the server behind `transport` is and has.

    Raises:
        StashSystemNotReadyError: it waits for set-up or for a migration.
        StashServerError: the answer is not that of a Stash server.
        StashConnectionError: no answer came.
    """
    answer = await transport.send(capabilities_document(inputs, outputs))
    try:
        # First: a server that waits may well fail at the rest.
        if answer.data and answer.data.get("systemStatus"):
            check_ready(answer.data["systemStatus"], str(transport.endpoint))
        return read_capabilities(answer.data_or_raise(), str(transport.endpoint))
    except (KeyError, TypeError, AttributeError) as error:
        raise StashServerError(
            f"{transport.endpoint} speaks GraphQL but does not answer like a Stash server",
            hint="Give the address of Stash itself.",
            status=200,
        ) from error


def check_ready(status: Mapping[str, Any], server: str) -> None:
    """Raise where the server cannot work yet, by its `systemStatus`.

    Raises:
        StashSystemNotReadyError: it waits for set-up or for a migration.
    """
    state = status["status"]
    if state != "OK":
        reason, hint = _NOT_READY.get(state, (f"is not ready ({state})", "Look at its web page."))
        raise StashSystemNotReadyError(f"{server} {reason}", hint=hint)


def read_capabilities(data: Mapping[str, Any], address: str = "") -> Capabilities:
    """Read the capabilities in the answer to `capabilities_document`."""
    inputs, outputs = {}, {}
    integers: set[str] = set()
    for alias, found in data.items():
        if found and re.fullmatch(r"i\d+", alias):
            inputs[found["name"]] = _names(found["inputFields"])
            integers |= {
                f"{found['name']}.{item['name']}"
                for item in found["inputFields"]
                if item["type"]["name"] == "Int"
            }
        elif found and re.fullmatch(r"o\d+", alias):
            outputs[found["name"]] = _names(found["fields"])
    status, release = data["systemStatus"], data["version"]["version"] or ""
    plugins = (data.get("configuration") or {}).get("plugins") or {}
    return Capabilities(
        inputs=inputs,
        outputs=outputs,
        mutations=_names(data["__schema"]["mutationType"]["fields"]),
        queries=_names(data["__schema"]["queryType"]["fields"]),
        integers=frozenset(integers),
        release=parse_release(release),
        release_name=release,
        app_schema=status["appSchema"],
        settings={name: str(value) for name, value in plugins.get(PLUGIN, {}).items()},
        paths=paths_digest(status, address),
    )


def parse_release(text: str) -> Release | None:
    """Read `v0.30.1-4-gabc` as (0, 30, 1); None for builds that have no number."""
    found = _RELEASE.match(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def paths_digest(status: Mapping[str, Any], address: str) -> str:
    """Digest where the library lies: the paths on the server, and the server's address.

    Containers have equal paths, and one server may have several addresses, so this is the second
    best: see `Capabilities.mark`.
    """
    place = [str(status.get(name) or "") for name in ("databasePath", "configPath")]
    text = "\0".join([*place, address])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


async def write_settings(transport: GraphQLTransport, settings: Mapping[str, str]) -> None:
    """Let the server keep these settings for us, in place of those that it has.

    Raises:
        StashError: the server refused it, or gave no answer.
    """
    answer = await transport.send(
        "mutation Keep($id: ID!, $settings: Map!) "
        "{ configurePlugin(plugin_id: $id, input: $settings) }",
        {"id": PLUGIN, "settings": dict(settings)},
    )
    answer.data_or_raise()


def _names(entries: Iterable[Mapping[str, Any]] | None) -> frozenset[str]:
    return frozenset(entry["name"] for entry in entries or ())
