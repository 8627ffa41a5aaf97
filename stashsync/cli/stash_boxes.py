"""Which stash-box is meant, with which key, and the connection to it.

    --endpoint URL        that one
    --endpoint NAME       the one of that name in stashsync.yaml, or on the server
    --from-server         one that is configured in Stash, with its key
    neither               the only one in stashsync.yaml

The key is sent to an address that only stashsync.yaml names after a person has approved it, as
with servers (see `trust`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from stashsync.cli.connecting import SANDBOX, limits_of
from stashsync.cli.session import Session
from stashsync.cli.trust import approve
from stashsync.config import SETTINGS_FILE
from stashsync.errors import ManifestError, StashConfigurationError
from stashsync.keys import Key, Sources, find_box_key

if TYPE_CHECKING:
    from stashsync.wire.transport import Transport

PER_MINUTE: Final = 60.0
"""Requests in a minute, unless a setting has another number: a quarter of what Stash sends."""
SANDBOX_ENDPOINT: Final = "https://stash-box.example/graphql"
_PATIENCE: Final = 5.0
"""Seconds from which a pause is reported."""


class ChosenBox(Struct, frozen=True):
    """A stash-box; `endpoint` is its address as Stash and the manifests have it.

    `url` is where it is asked; it may have a user and a password for a proxy. It is None for the
    one in this process, which has no limit of requests either.
    """

    endpoint: str
    url: str | None
    key: Key | None = None
    per_minute: float | None = PER_MINUTE

    def connect(self, session: Session) -> Transport:
        """Connect to it; the session closes the connection."""
        from stashsync.wire.retry import RetryPolicy
        from stashsync.wire.settings import ApiKey
        from stashsync.wire.transport import Transport, over_app

        if self.url is None:
            from stashsync.sandbox.stash_box import StashBox, generated

            return session.closing(over_app(StashBox(generated()).app))
        transport = Transport(
            self.url,
            api_key=ApiKey(self.key.value, self.key.source) if self.key else None,
            limits=limits_of(session.settings),
            retry=RetryPolicy(
                attempts=7,
                first_pause=2,
                longest_pause=60,
                longest_wait=300,
                presumes_server=False,
                waiting=_waiting,
            ),
            connections=1,
        )
        return session.closing(transport)


def choose_box(
    session: Session, endpoint: str | None, key: str | None, *, from_server: bool
) -> ChosenBox:
    """Find out which stash-box is meant, and its key.

    Raises:
        StashConfigurationError: it is not clear which, or its key cannot be used or sent.
        StashError: the server could not be asked.
    """
    if endpoint == SANDBOX:
        return ChosenBox(SANDBOX_ENDPOINT, None, per_minute=None)
    if from_server:
        return _of_server(session, endpoint, key)
    boxes = session.settings.stash_boxes
    if endpoint is None:
        endpoint = _only(boxes, f"{SETTINGS_FILE} names", "or --from-server")
    if endpoint in boxes:
        return _of_settings(session, endpoint, key)
    if "/" not in endpoint and "." not in endpoint and ":" not in endpoint:
        raise StashConfigurationError(
            f'{SETTINGS_FILE} names no stash-box "{endpoint}"', hint=_listed(boxes)
        )
    return ChosenBox(_address(endpoint), endpoint, _key(session, key))


def _of_settings(session: Session, name: str, key: str | None) -> ChosenBox:
    box = session.settings.stash_boxes[name]
    if box.missing or box.endpoint is None:
        raise ManifestError(box.missing, where=f" in {SETTINGS_FILE}")
    address, found = _address(box.endpoint), _key(session, key, box.api_key)
    if found is not None:
        instead = f"Give --endpoint {address}"
        approve(session.root, found, address, what="stash-box", instead=instead)
    return ChosenBox(address, box.endpoint, found, box.requests_per_minute or PER_MINUTE)


def _of_server(session: Session, wanted: str | None, key: str | None) -> ChosenBox:
    boxes = session.run(_configured(session))
    named = {box["name"] or box["endpoint"]: box for box in boxes}
    if wanted is None:
        wanted = _only(named, f"{session.server} has", "")
    fits = [box for box in boxes if wanted in (box["name"], box["endpoint"])]
    if not fits:
        raise StashConfigurationError(
            f'{session.server} has no stash-box "{wanted}"', hint=_listed(named)
        )
    box = fits[0]
    own = Key(box["api_key"], f"the settings of {session.server}") if box["api_key"] else None
    found = _key(session, key) if key or own is None else own
    rate = box.get("max_requests_per_minute") or PER_MINUTE
    return ChosenBox(box["endpoint"], box["endpoint"], found, rate)


async def _configured(session: Session) -> list[dict[str, Any]]:
    """Return the stash-boxes that Stash has."""
    server = await session.client.capabilities()
    rate = server.has_output("StashBox", "max_requests_per_minute")
    fields = "name endpoint api_key" + (" max_requests_per_minute" if rate else "")
    text = f"query StashBoxes {{ configuration {{ general {{ stashBoxes {{ {fields} }} }} }} }}"
    data = (await session.client.transport.send(text)).data_or_raise()
    found: list[dict[str, Any]] = data["configuration"]["general"]["stashBoxes"]
    return found


def _only(names: Iterable[str], which: str, further: str) -> str:
    """Return the only one of some names."""
    found = list(names)
    if len(found) == 1:
        return found[0]
    ways = f"Give --endpoint URL{f', {further}' if further else ''}."
    raise StashConfigurationError(
        f"which stash-box is meant? {which} {len(found) or 'none'}",
        hint=f"{_listed(found)} Give --endpoint NAME." if found else ways,
    )


def _listed(names: Iterable[str]) -> str:
    found = ", ".join(sorted(names))
    return f"There are: {found}." if found else "There is none."


def _address(text: str) -> str:
    """Return an address as it stands in stash_ids, without what is secret in it.

    Raises:
        StashConfigurationError: it is none.
    """
    from stashsync.wire.url import parse_endpoint

    return parse_endpoint(text).graphql


def _key(session: Session, flag: str | None, written: str | Key | None = None) -> Key | None:
    from stashsync.manifest.variables import Variables

    dotenv = Variables(session.root).dotenv
    return find_box_key(
        written, Sources(session.root, SETTINGS_FILE, os.environ, dotenv), flag=flag
    )


def _waiting(seconds: float, error: BaseException | None) -> None:
    """Report what takes long, with its reason: an address may be mistyped."""
    from stashsync.cli.output import talk
    from stashsync.render.safe import inert

    if seconds >= _PATIENCE:
        talk(f"{inert(str(error))}. The stash-box is asked again in {seconds:.0f} s.")
