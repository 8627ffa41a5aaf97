"""Generated parts of pages.

They stand between two marks:

    <!-- plan: made by docs/make_picture.py -->
    …
    <!-- end of plan -->

People write everything outside of the marks.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent


def with_part(page: str, name: str, text: str) -> str:
    """Replace the part `name` of a page by `text`.

    Raises:
        ValueError: the page has no such part.
    """
    part = re.compile(rf"(<!-- {name}: .*? -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    if not part.search(page):
        raise ValueError(f"there is no part {name!r}")
    return part.sub(lambda found: f"{found[1]}{text.rstrip()}\n{found[2]}", page)


def finish(made: Mapping[Path, str], arguments: list[str]) -> int:
    """Write the pages, or with `--check` report the stale ones; return the exit code."""
    stale = [
        path
        for path, text in made.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        if "--check" not in arguments:
            path.write_text(text := made[path], encoding="utf-8", newline="\n")
            print(f"wrote {path.relative_to(ROOT)} ({len(text):,} characters)")
        else:
            print(f"{path.relative_to(ROOT)} is stale: run `python3 dev.py docs`")
    if not stale:
        print(f"fresh: {', '.join(str(path.relative_to(ROOT)) for path in made)}")
    return 1 if stale and "--check" in arguments else 0


def main(made: Mapping[Path, str]) -> None:
    """Run `finish` as a script and exit."""
    sys.exit(finish(made, sys.argv[1:]))
