"""The server of `--stash-url`: a real one, empty or in use, which tests may change."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

import pytest

from stashsync.sandbox import RELEASES
from stashsync.sandbox.releases import DEVELOP
from stashsync.wire.capabilities import parse_release
from stashsync.wire.settings import ApiKey
from stashsync.wire.transport import Transport


@dataclass(frozen=True)
class Server:
    """The address of a server, and its API key if it needs one."""

    url: str
    api_key: ApiKey | None

    def transport(self) -> Transport:
        """Return a new transport to the server, which belongs to one event loop."""
        return Transport(self.url, api_key=self.api_key)


def server_of(config: pytest.Config) -> Server:
    """Return the server named on the command line; skip the test if there is none."""
    url = config.getoption("--stash-url")
    if not url:
        pytest.skip("needs a disposable server: --stash-url URL [--stash-api-key KEY]")
    key = config.getoption("--stash-api-key")
    return Server(url, ApiKey(key, "--stash-api-key") if key else None)


def imitation_of(version: str, mutations: Container[str] = ()) -> str:
    """Return the sandbox's release that is most like a server of this version.

    That is the newest one that is not newer. For a build between releases, or one without a
    version, it is the develop build; so it is for one that merges performers, as no release up to
    v0.30.1 does: builds made by hand may have the version of the release before them.
    """
    name = version.removeprefix("v")
    release = parse_release(version)
    is_later = "performerMerge" in mutations and release is not None and release < (0, 31, 0)
    if release is None or "-" in name or is_later:
        return DEVELOP
    if name in RELEASES:
        return name
    known = [(parse_release(item), item) for item in RELEASES if item != DEVELOP]
    return [item for number, item in known if number and number <= release][-1]
