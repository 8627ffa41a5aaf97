"""The releases of Stash that the sandbox imitates."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct

DEVELOP = "develop"
"""The development build between 0.30.1 and 0.31.0."""


def release_key(text: str) -> tuple[int, ...]:
    """Return a sortable key: "0.27" < "0.28.0" < "0.30.1" < "develop" < "0.31.0".

    Raises:
        ValueError: `text` is neither numbers with dots nor "develop".
    """
    if text == DEVELOP:
        return (0, 30, 1, 1)
    parts = tuple(int(part) for part in text.removeprefix("v").split("."))
    return parts + (0,) * (3 - len(parts))


class Release(Struct, frozen=True, dict=True):
    """One release.

    Attributes:
        name: "0.30.1", or "develop".
        version: the answer of the `version` query.
        schema: the number of the database schema (`systemStatus.appSchema`).
    """

    name: str
    version: str
    schema: int

    @cached_property
    def key(self) -> tuple[int, ...]:
        """The number of the release, to compare it with others."""
        return release_key(self.name)

    def has(self, since: str | None, until: str | None = None) -> bool:
        """Whether something that came with `since` and went with `until` is in this release."""
        return (since is None or self.key >= release_key(since)) and (
            until is None or self.key < release_key(until)
        )

    @property
    def negotiates(self) -> bool:
        """Whether answers follow the Accept header (since 0.29.0)."""
        return self.has("0.29.0")


RELEASES: dict[str, Release] = {
    release.name: release
    for release in (
        Release("0.27.2", "v0.27.2", 68),
        Release("0.28.1", "v0.28.1", 72),
        Release("0.29.3", "v0.29.3", 72),
        Release("0.30.1", "v0.30.1", 75),
        Release(DEVELOP, "v0.30.1-33-g5a4d80b0", 75),
        Release("0.31.0", "v0.31.0", 84),
        Release("0.31.1", "v0.31.1", 85),
    )
}
"""Every release that the sandbox can imitate, oldest first."""


def find_release(name: str) -> Release:
    """Return the release of that name.

    Raises:
        ValueError: the sandbox does not know it; the message lists those it knows.
    """
    try:
        return RELEASES[name.removeprefix("v")]
    except KeyError:
        known = ", ".join(RELEASES)
        raise ValueError(f"no such release: {name} (known: {known})") from None
