"""What a server is and has: one document of version, status and introspection."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from stashsync.errors import StashServerError, StashSystemNotReadyError
from stashsync.kinds.capabilities import Capabilities, Release
from stashsync.wire.exchange import GraphQLTransport

_RELEASE = re.compile(r"v?(\d+)\.(\d+)\.(\d+)(?!\d)")
_NOT_READY = {
    "SETUP": ("has not been set up yet", "Open its web page and finish the set-up there."),
    "NEEDS_MIGRATION": (
        "has to migrate its database first",
        "Open its web page and start the migration there (it offers a backup).",
    ),
}


def capabilities_document(inputs: Iterable[str], outputs: Iterable[str]) -> str:
    """The document that asks for everything about a server at once.

    `inputs` and `outputs` are the names of the input and output types to look into.
    """
    asked = [f'i{n}: __type(name: "{name}") {{ name inputFields {{ name }} }}'
             for n, name in enumerate(sorted(set(inputs)))]  # fmt: skip
    asked += [f'o{n}: __type(name: "{name}") {{ name fields(includeDeprecated: true) {{ name }} }}'
              for n, name in enumerate(sorted(set(outputs)))]  # fmt: skip
    return (
        "query Capabilities { version { version } "
        "systemStatus { status appSchema databasePath configPath } "
        "__schema { queryType { fields(includeDeprecated: true) { name } } "
        "mutationType { fields(includeDeprecated: true) { name } } } " + " ".join(asked) + " }"
    )


async def fetch_capabilities(
    transport: GraphQLTransport, *, inputs: Iterable[str], outputs: Iterable[str]
) -> Capabilities:
    """What the server behind `transport` is and has.

    Raises:
        StashSystemNotReadyError: it waits for set-up or for a migration.
        StashServerError: what it says of itself is not what a Stash server says.
        StashConnectionError: no answer came.
    """
    answer = await transport.send(capabilities_document(inputs, outputs))
    try:
        # First: a server that waits may well fail at the rest.
        if answer.data and answer.data.get("systemStatus"):
            check_ready(answer.data["systemStatus"], str(transport.endpoint))
        return read_capabilities(answer.data_or_raise())
    except (KeyError, TypeError, AttributeError) as error:
        raise StashServerError(
            f"{transport.endpoint} speaks GraphQL but does not answer like a Stash server",
            hint="Give the address of Stash itself.",
            status=200,
        ) from error


def check_ready(status: Mapping[str, Any], server: str) -> None:
    """Nothing, where `systemStatus` says that the server is at work.

    Raises:
        StashSystemNotReadyError: it waits for set-up or for a migration.
    """
    state = status["status"]
    if state != "OK":
        words, hint = _NOT_READY.get(state, (f"is not ready ({state})", "Look at its web page."))
        raise StashSystemNotReadyError(f"{server} {words}", hint=hint)


def read_capabilities(data: Mapping[str, Any]) -> Capabilities:
    """The capabilities in the answer to `capabilities_document`."""
    inputs, outputs = {}, {}
    for alias, found in data.items():
        if found and re.fullmatch(r"i\d+", alias):
            inputs[found["name"]] = _names(found["inputFields"])
        elif found and re.fullmatch(r"o\d+", alias):
            outputs[found["name"]] = _names(found["fields"])
    status, release = data["systemStatus"], data["version"]["version"] or ""
    return Capabilities(
        inputs=inputs,
        outputs=outputs,
        mutations=_names(data["__schema"]["mutationType"]["fields"]),
        queries=_names(data["__schema"]["queryType"]["fields"]),
        release=parse_release(release),
        release_name=release,
        app_schema=status["appSchema"],
        identity=identity(status),
    )


def parse_release(text: str) -> Release | None:
    """`v0.30.1-4-gabc` as (0, 30, 1); None for builds that do not say."""
    found = _RELEASE.match(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def identity(status: Mapping[str, Any]) -> str:
    """A digest of where the library lies on the server: the same under any address of it."""
    paths = f"{status.get('databasePath') or ''}\0{status.get('configPath') or ''}"
    return hashlib.sha256(paths.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _names(entries: Iterable[Mapping[str, Any]] | None) -> frozenset[str]:
    return frozenset(entry["name"] for entry in entries or ())
