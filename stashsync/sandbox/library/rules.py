"""The rules that differ between releases (docs/stash-behaviour.md#versions)."""

from __future__ import annotations

from msgspec import Struct

from stashsync.sandbox.releases import release_key


class Rules(Struct, frozen=True):
    """The behaviour of the library in one release.

    Attributes:
        trims: names, texts, aliases and URLs lose surrounding white space (since 0.30.0).
        partial_dates: "1990" and "1990-05" are dates (since 0.30.0).
        refuses_blank_studio_aliases: since 0.30.0.
        creates_organized_galleries: galleryCreate heeds `organized` (since 0.30.0).
        studios_have_one_url: `url` is a text of its own, "" where there is none (until 0.30.0).
        names_duplicate_ids: a repeated id in `ids` is called a duplicate (since 0.30.0) rather
            than not found.
        drops_duplicate_aliases: repeated aliases are left out silently (since 0.31.0, second-hand:
            creates and single updates, without regard to letter case, the own name included).
        merges_tag_hierarchy: tagsMerge unites parents and children (until 0.31.0).
        literal_tag_names: `_` and `%` in a new tag name stand for themselves (since 0.31.1).
    """

    trims: bool
    partial_dates: bool
    refuses_blank_studio_aliases: bool
    creates_organized_galleries: bool
    studios_have_one_url: bool
    names_duplicate_ids: bool
    drops_duplicate_aliases: bool
    merges_tag_hierarchy: bool
    literal_tag_names: bool

    @classmethod
    def of(cls, release: str) -> Rules:
        """Return the rules of a release.

        Raises:
            ValueError: `release` is no release number.
        """
        key = release_key(release)
        v30, v31, v311 = (release_key(text) for text in ("0.30.0", "0.31.0", "0.31.1"))
        return cls(
            trims=key >= v30,
            partial_dates=key >= v30,
            refuses_blank_studio_aliases=key >= v30,
            creates_organized_galleries=key >= v30,
            studios_have_one_url=key < v30,
            names_duplicate_ids=key >= v30,
            drops_duplicate_aliases=key >= v31,
            merges_tag_hierarchy=key < v31,
            literal_tag_names=key >= v311,
        )
