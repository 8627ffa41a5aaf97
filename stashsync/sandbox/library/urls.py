"""URLs and the deprecated fields that came before the list (docs/stash-behaviour.md#urls)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.kinds import PERFORMERS
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, Resolver
from stashsync.sandbox.library.rows import Row

_HANDLES: Final = {"twitter": "https://twitter.com", "instagram": "https://instagram.com"}
_SITES: Final = {
    site: re.compile(rf"https?://(?:www\.)?{site}\.com/") for site in ("twitter", "instagram")
}
LEGACY: Final = ("url", "twitter", "instagram")


def refuse_legacy_beside_urls(given: Args, *legacy: str) -> None:
    """Refuse an update with the list and a deprecated field, even if that is null."""
    for name in legacy:
        if name in given and "urls" in given:
            raise Refusal(f"{name} field must not be included if urls is included")


def created_urls(ctx: Context, given: Args) -> list[str]:
    """Return the list of a performer to be created: deprecated fields come first."""
    legacy = [_address(ctx, name, given[name]) for name in LEGACY if given.get(name) is not None]
    return legacy + [ctx.word(url) for url in given.get("urls") or ()]


def replaced_urls(ctx: Context, urls: Iterable[str], given: Args) -> list[str]:
    """Return a performer's list after an update with deprecated fields.

    Each takes the place of the first address of its site, or of no known site, or goes to the
    end; null leaves what an empty text would.
    """
    result = list(urls)
    for name in LEGACY:
        if name in given:
            address = _address(ctx, name, given[name] or "")
            at = next((place for place, url in enumerate(result) if _site(url) == name), None)
            if at is None:
                result.append(address)
            else:
                result[at] = address
    return result


def _address(ctx: Context, name: str, text: str) -> str:
    word = ctx.word(text)
    if name == "url" or re.match(r"https?://", word):
        return word
    return f"{_HANDLES[name]}/{word}"


def _site(url: str) -> str:
    """Which deprecated field shows this address."""
    return next((site for site, form in _SITES.items() if form.match(url)), "url")


def legacy_url(name: str) -> Resolver:
    """Return a deprecated output field of performers: the first address of its site.

    (observed on v0.30-dev)
    """

    def resolve(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
        found = PERFORMERS.lists["urls"].read_all(ctx.db, [row["id"] for row in rows])
        return [
            next((url for url in found.get(row["id"], ()) if name in ("url", _site(url))), None)
            for row in rows
        ]

    return resolve
