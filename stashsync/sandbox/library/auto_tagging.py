"""Names that are read out of paths (docs/stash-behaviour.md#auto-tag).

A name matches where it stands in a path as whole words, without regard to case; its spaces match
any of space, dot, hyphen and underscore. Aliases count for tags and studios, names of one
character never do, and `ignore_auto_tag` is respected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.disk import is_wanted
from stashsync.sandbox.library.kinds import (
    GALLERIES,
    GALLERY_FILES,
    IMAGE_FILES,
    IMAGES,
    PERFORMERS,
    SCENE_FILES,
    SCENES,
    STUDIOS,
    TAGS,
)
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.values import atoi

_ALL = "*"
_KINDS = {"tag": TAGS, "studio": STUDIOS, "performer": PERFORMERS}
_ALIASES = {"tag": TAGS.lists["aliases"], "studio": STUDIOS.lists["aliases"]}
_MEDIA = (
    (SCENE_FILES, {"tag": SCENES["tags"], "performer": SCENES["performers"]}),
    (GALLERY_FILES, {"tag": GALLERIES["tags"], "performer": GALLERIES["performers"]}),
    (IMAGE_FILES, {"tag": IMAGES["tags"], "performer": IMAGES["performers"]}),
)


def auto_tag(ctx: Context, paths: Sequence[str], wanted: Mapping[str, Sequence[str]]) -> list[str]:
    """Assign tags, studios and performers whose names stand in paths.

    A studio is only assigned where there is none.

    Returns the paths in which something was found. No paths mean all; `wanted` has by kind ("tag")
    the ids to look for, or "*" for all of them.
    """
    found: dict[str, None] = {}
    with ctx.db.transaction():
        for word, ids in wanted.items():
            for id_, pattern in _patterns(ctx, word, ids).items():
                for files, links in _MEDIA:
                    for owner, path in _files(ctx, files, paths):
                        if pattern.search(path):
                            found[path] = None
                            _assign(ctx, id_, files, owner, links.get(word))
    return list(found)


def _patterns(ctx: Context, word: str, ids: Sequence[str]) -> dict[int, re.Pattern[str]]:
    kind = _KINDS[word]
    rows = kind.rows(ctx.db, "WHERE NOT ignore_auto_tag ORDER BY id")
    chosen = [
        row
        for row in rows
        if _ALL in ids or row["id"] in {atoi(text) for text in ids if text != _ALL}
    ]
    aliases = (
        _ALIASES[word].read_all(ctx.db, [row["id"] for row in chosen]) if word in _ALIASES else {}
    )
    patterns = {}
    for row in chosen:
        names = [name for name in (row["name"], *aliases.get(row["id"], ())) if len(name) > 1]
        if names:
            either = "|".join(re.escape(name).replace("\\ ", "[.\\-_ ]*") for name in names)
            patterns[row["id"]] = re.compile(
                rf"(?:^|[^\w]|_)(?:{either})(?:$|[^\w]|_)", re.IGNORECASE
            )
    return patterns


def _files(ctx: Context, files: Links, paths: Sequence[str]) -> list[tuple[int, str]]:
    pairs: list[tuple[int, str]] = ctx.db.all(
        f"SELECT {files.own}, path FROM {files.table} JOIN files ON id = file_id ORDER BY path"
    )
    return [(owner, path) for owner, path in pairs if is_wanted(path, paths)]


def _assign(ctx: Context, id_: int, files: Links, owner: int, links: Links | None) -> None:
    """Link a tag or performer; without links it is a studio."""
    if links is not None:
        ctx.db.link(links.table, {links.own: owner, links.other: id_})
        return
    ctx.db.execute(
        f"UPDATE {files.near} SET studio_id = ? WHERE id = ? AND studio_id IS NULL",
        (id_, owner),
    )
