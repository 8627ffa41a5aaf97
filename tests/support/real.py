"""The server of `--stash-url`: a real one, which may be thrown away, empty or in use."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from stashsync.sandbox import RELEASES
from stashsync.sandbox.releases import DEVELOP
from stashsync.wire.capabilities import parse_release
from stashsync.wire.settings import ApiKey
from stashsync.wire.transport import Transport


@dataclass(frozen=True)
class Server:
    """Where it is, and the key that it wants, if any."""

    url: str
    api_key: ApiKey | None

    def transport(self) -> Transport:
        """Return a way there; it belongs to one event loop."""
        return Transport(self.url, api_key=self.api_key)


def server_of(config: pytest.Config) -> Server:
    """Return the one that was named; skips where none was."""
    url = config.getoption("--stash-url")
    if not url:
        pytest.skip("needs a disposable server: --stash-url URL [--stash-api-key KEY]")
    key = config.getoption("--stash-api-key")
    return Server(url, ApiKey(key, "--stash-api-key") if key else None)


def imitation_of(version: str) -> str:
    """Return the release of the sandbox that is most like a server of this version.

    The newest that is not newer; a build from between releases, or without a version, is a build.
    """
    name = version.removeprefix("v")
    release = parse_release(version)
    if name in RELEASES:
        return name
    if release is None or "-" in name:
        return DEVELOP
    known = [(parse_release(item), item) for item in RELEASES if item != DEVELOP]
    return [item for number, item in known if number and number <= release][-1]
