"""Options for the whole suite."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.support.real import Server

# The laws try the same cases each time, so that every machine gives the same result; others are
# tried with STASHSYNC_RANDOM=1, and by the laws' own variables (docs/laws.md).
# How quickly examples are made depends on the machine, not on the code.
settings.register_profile(
    "the same each time", derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
if not any(name == "STASHSYNC_RANDOM" or name.endswith("_EXAMPLES") for name in os.environ):
    settings.load_profile("the same each time")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the address and key of a disposable server, on which tests make and delete objects."""
    group = parser.getgroup("stash", "a real Stash server (tests/live and tests/spec)")
    group.addoption(
        "--stash-url", metavar="URL", help="its address; a disposable server, empty or in use"
    )
    group.addoption("--stash-api-key", metavar="KEY", help="its API key, if it wants one")


@pytest.fixture(scope="session", autouse=True)
def _cache_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what commands cache out of the developer's own folder."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a server, keep one case of each test that needs it, which skips with the reason."""
    if config.getoption("--stash-url"):
        return
    kept: dict[tuple[str, str], pytest.Item] = {}
    for item in items:
        live = item.path.parent.name in ("live", "spec") and "server" in _fixtures_of(item)
        name = getattr(item, "originalname", item.name) if live else item.nodeid
        kept.setdefault((str(item.path), name), item)
    left = list(kept.values())
    if len(left) < len(items):
        chosen = set(left)
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = left


def _fixtures_of(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Server:
    """Provide the server of `--stash-url`; skip where none is given."""
    from tests.support.real import server_of

    return server_of(request.config)
